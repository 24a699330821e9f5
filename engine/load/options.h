/* How records are read and kept: what the command line says of it. */
#ifndef EVENHAND_LOAD_OPTIONS_H
#define EVENHAND_LOAD_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/pseudonym.h"

struct eh_load_options {
  char delimiter;      /* 0: found out from the file */
  uint64_t skip_lines; /* before the header */
  const char *sheet;   /* of workbooks; NULL: the only one with records */
  size_t threads;      /* at least 1 */
  bool hash;           /* compute SHA-256 of the inputs */
  bool can_find;       /* keep what eh_records_source needs: 8 bytes a record */
  bool only_cells;     /* the records are asked for their cells and account only: eh_records_cells
                          gives up what it no longer needs of each */
  int32_t as_of;   /* a year of two digits is one of the hundred that end here; 0: 1969 to 2068 */
  bool use_libcsv; /* for every record, not only those that the scanner leaves: the reference */
  const struct eh_pseudonyms *pseudonyms; /* put in place of what names individuals; NULL: none */
  uint64_t memory; /* bytes of the process beyond which loading stops; 0: no limit */
  void (*progress)(void *context, uint64_t bytes, uint64_t total,
                   uint64_t records); /* may be NULL; called by one thread at a time */
  void *progress_context;
};

#endif
