/* Grouping records into cells: what its files share. Internal to engine/load.
 *
 * For one comparison and the measures that share its strata columns, every record becomes one
 * 64-bit key,
 *
 *     each | strata columns | unit | an outcome of three bits for each measure
 *
 * the columns as ranks in bytewise order of their labels. Sorted keys that agree down to the unit
 * are one cell. Where the columns need more bits than there are, the leading ones are first
 * replaced by their combination's rank among those that occur.
 *
 * The category or value that the measures ask for, if they do, counts as the last strata column; it
 * is folded into portions once the cells are there.
 */
#ifndef EVENHAND_LOAD_GROUP_H
#define EVENHAND_LOAD_GROUP_H

#include "engine/load/records/records.h"

enum { EH_OUTCOME_BITS = 3, EH_KEY_BITS = 64 };

struct eh_part { /* a column's place in a key */
  size_t dimension;
  unsigned bits;
  bool can_exclude; /* a factor, whose missing value takes a record out where the rules say so */
  uint32_t missing; /* its missing value's rank; UINT32_MAX: none occurs */
};

/* Stands for the leading parts of keys that would be too long: the combinations that occur. */
struct eh_fold {
  uint64_t *keys; /* distinct, ascending */
  size_t count;
  uint32_t *rows;        /* by row: place in keys */
  size_t parts;          /* how many parts it stands for, all from the first */
  struct eh_fold *inner; /* what the leading bits of keys stand for; NULL: parts only */
  size_t inner_parts;
};

/* One comparison of measures that are grouped together. */
struct eh_grouping {
  const struct eh_records *records;
  const struct eh_comparison *comparison;
  size_t comparison_index;
  const struct eh_measure *first; /* of the measures */
  size_t *measures;
  size_t measure_count;
  struct eh_part *parts; /* each first if there is one, the strata columns, the category or value if
                            there is one, the unit last */
  size_t part_count;
  bool is_wide;         /* its parts need more bits than a key has */
  struct eh_fold *fold; /* of the first parts, while it is being made; NULL when all fits */
  unsigned bits;        /* of a key */
};

static inline unsigned eh_outcome_bits(const struct eh_grouping *g) {
  return EH_OUTCOME_BITS * (unsigned)g->measure_count;
}
static inline const struct eh_part *eh_unit_part(const struct eh_grouping *g) {
  return &g->parts[g->part_count - 1];
}
/* What of a key is its stratum. */
static inline uint64_t eh_stratum_of(const struct eh_grouping *g, uint64_t key) {
  unsigned shift = eh_outcome_bits(g) + eh_unit_part(g)->bits;
  return shift < EH_KEY_BITS ? key >> shift : 0;
}
unsigned eh_bits_for(size_t count);
/* The ranks of all parts of a key from which the outcomes were shifted out. */
void eh_unpack(const struct eh_grouping *g, uint64_t key, uint32_t *ranks);

/* --- keys.c --- */

/* Ascending. */
struct eh_keys {
  uint64_t *keys;
  uint64_t *weights; /* how many records each stands for; NULL: one, and keys repeat */
  size_t count;
  bool is_borrowed; /* the keys are in the records' row memory */
};
void eh_keys_free(struct eh_keys *keys);

/* The audited records' keys. Only one such can be had at a time: they may lie in the records' row
   memory. */
struct eh_keys eh_keys_of_records(const struct eh_grouping *g);
/* Of a coarser grouping, all whose columns are strata columns of the finer one: out of that one's
   keys. Neither has a fold. */
struct eh_keys eh_keys_of_finer(const struct eh_grouping *coarse, const struct eh_grouping *fine,
                                const struct eh_keys *keys);
/* By row of a chunk: the key of parts first to last - 1, below the fold's number if with_fold. */
void eh_keys_of_chunk(const struct eh_grouping *g, const struct eh_chunk *chunk, size_t first,
                      size_t last, uint64_t *keys);
/* Is a factor missing that the measures need? */
bool eh_lacks_factor(const struct eh_grouping *g, const struct eh_chunk *chunk, size_t row);

/* --- build.c --- */

/* Some keys, and one of the grouping's measures. */
struct eh_key_range {
  size_t first, last; /* keys first to last - 1, which have one value of each */
  size_t measure;     /* its place in the grouping */
};
/* The measure's cells out of these keys. */
enum eh_status eh_cells_build(struct eh_arena *arena, const struct eh_grouping *g,
                              const struct eh_keys *keys, const struct eh_key_range *range,
                              struct eh_cells *cells, struct eh_error *error) EH_MUST_USE;

/* What came of one measure of a grouping: cells for each value of each. */
struct eh_made_cells {
  size_t measure; /* of the rules */
  struct eh_cells *cells;
  size_t count;
};

/* --- persons.c --- */

/* Count the records of persons who have several among one unit's. made: by grouping, then measure.
 */
void eh_count_repeats(const struct eh_records *records, const struct eh_grouping *groupings,
                      struct eh_made_cells *const *made, size_t count);

/* --- clusters.c --- */

/* Measure how far records depend on each other: the clusters that the rules name, and those that are
   screened. It needs the rows. */
bool eh_needs_clusters(const struct eh_records *records);
void eh_measure_clusters(struct eh_arena *arena, const struct eh_records *records,
                         const struct eh_grouping *groupings, struct eh_made_cells *const *made,
                         size_t count);

#endif
