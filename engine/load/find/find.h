/* From findings back to records: a random sample of a unit's files, and pairs of like records that
 * were decided differently.
 *
 * Whatever holds the records offers a struct eh_find_source; a source that cannot give single
 * records back (a file of cells) offers none. All requests go in one call, so that they can be
 * answered in one pass over the records.
 */
#ifndef EVENHAND_LOAD_FIND_H
#define EVENHAND_LOAD_FIND_H

#include "engine/load/records/load.h"

enum { EH_MOST_PAIRS = 5 };

/* A stratum in which pairs are sought, and how many records may be either half of one. */
struct eh_find_stratum {
  uint32_t stratum;
  uint64_t unit_records; /* the unit's with the decision asked for */
  uint64_t peer_records; /* its peers' with the other decision */
};

struct eh_find_request {
  const struct eh_cells *cells;
  size_t unit;     /* index into cells->units */
  bool event;      /* what the unit decided in a pair; its peers decided otherwise */
  uint64_t sample; /* how many of its records to draw */
  const struct eh_find_stratum *strata; /* in order of preference */
  size_t stratum_count;
};

struct eh_found_record {
  const char *case_id;
  const char *unit; /* who decided */
  bool event;
  bool has_day;
  int32_t day;
  const char *const *values; /* by column of the rules: labels of dimensions, texts of other given
                                columns; NULL for other derived ones */
};

struct eh_found_pair {
  struct eh_found_record unit, peer;
  uint32_t stratum;
};

/* The answer to one request. Records whose case id is not recorded cannot be cited and are left
 * out. */
struct eh_found {
  uint64_t files;                 /* the unit's records in the measure that have a case id */
  struct eh_found_record *sample; /* in the order drawn */
  size_t sample_count;
  struct eh_found_pair *pairs; /* closest in date first */
  size_t pair_count;
};

typedef enum eh_status eh_find_function(void *context, struct eh_arena *arena,
                                        const struct eh_find_request *requests, size_t count,
                                        struct eh_found *found, struct eh_error *error);
struct eh_find_source {
  eh_find_function *find;
  void *context;
};

/* Records that were read from files, with eh_load_options.can_find. The draw: each case id gets a
   random number from the rules' seed and the id alone, and the smallest numbers are drawn; so
   neither the order of the input nor the number of threads changes it, and a file drawn for one
   finding is drawn before others for every other finding, which saves pulling files. Where more
   than a few hundred records of a stratum may be half of a pair, pairs are sought among a random
   part of them. */
struct eh_find_source eh_records_source(struct eh_records *records);

#endif
