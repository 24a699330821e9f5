/* Loading: from files of records to cells.
 *
 *   eh_load_files(rules, names, count, &options, &records, &problems, &error)
 *   eh_records_cells(arena, records, &cells, &count, &error)
 *   account = eh_records_account(records)
 *
 * Records are never dropped silently: account.read = account.audited + the sum of account.excluded.
 */
#ifndef EVENHAND_LOAD_LOAD_H
#define EVENHAND_LOAD_LOAD_H

#include "engine/base/pseudonym.h"
#include "engine/load/account.h"

struct eh_load_options {
  char delimiter;      /* 0: found out from the file */
  uint64_t skip_lines; /* before the header */
  const char *sheet;   /* of workbooks; NULL: the only one with records */
  size_t threads;      /* at least 1 */
  bool hash;           /* compute SHA-256 of the inputs */
  bool can_find;       /* keep what eh_records_source needs: 8 bytes a record */
  bool only_cells;     /* the records are asked for their cells and account only: eh_records_cells
                          gives up what it no longer needs of each */
  bool use_libcsv;     /* for every record, not only those that the scanner leaves: the reference */
  const struct eh_pseudonyms *pseudonyms; /* put in place of what names individuals; NULL: none */
  uint64_t memory; /* bytes of the process beyond which loading stops; 0: no limit */
  void (*progress)(void *context, uint64_t bytes, uint64_t total,
                   uint64_t records); /* may be NULL; called by one thread at a time */
  void *progress_context;
};

struct eh_records;

/* Read files ("-" is standard input). EH_BAD_RULES with problems when a file lacks a column of the
 * rules. */
enum eh_status eh_load_files(const struct eh_rules *rules, const char *const *names, size_t count,
                             const struct eh_load_options *options, struct eh_records **records,
                             struct eh_problems *problems, struct eh_error *error) EH_MUST_USE;
void eh_records_free(struct eh_records *records);

const struct eh_account *eh_records_account(const struct eh_records *records);

/* The cells of every comparison of every measure and value of each, in the rules' order, in the
   arena. They refer to labels that live as long as the records. EH_MACHINE where they would pass
   options.memory. */
enum eh_status eh_records_cells(struct eh_arena *arena, struct eh_records *records,
                                struct eh_cells **cells, size_t *count,
                                struct eh_error *error) EH_MUST_USE;

/* Only the header: do the rules fit the file? */
enum eh_status eh_load_check_header(const struct eh_rules *rules, const char *name,
                                    const struct eh_load_options *options,
                                    struct eh_problems *problems,
                                    struct eh_error *error) EH_MUST_USE;

#endif
