/* Decisions that may depend on each other: what the files behind eh_measure_clusters share.
 *
 * One way to put records together at a time, for one measure of a grouping. Every record that the
 * measure counts becomes one 64-bit key,
 *
 *     each | first | second | quarter | stratum | event
 *
 * and sorted keys are clusters that follow each other. By unit and date, first is the unit and
 * second the day, so that the months and quarters of a unit are clusters of the same keys. By
 * columns of the rules, first is the cluster's number and second the unit, so that clusters are cut
 * at units by the same keys. 0 stands for what is not recorded: such records stand alone.
 */
#ifndef EVENHAND_LOAD_CLUSTERS_INTERNAL_H
#define EVENHAND_LOAD_CLUSTERS_INTERNAL_H

#include "engine/load/cells/grouping.h"
#include "engine/load/cells/over_time.h"

enum { EH_MOST_LEVELS = 3 };

/* One way to put records together. */
struct eh_cluster_way {
  bool of_days;       /* by unit and date; else by the columns */
  const int *columns; /* of the rules */
  size_t column_count;
  size_t levels; /* of days: day, month, quarter; else the cluster, and it cut at units if that is
                    something else */
  struct eh_clustered said[EH_MOST_LEVELS]; /* without dependence */
};

/* The ways of a comparison; none where the rules say that nothing depends. */
enum { EH_MOST_WAYS = 10 };
struct eh_cluster_ways {
  struct eh_cluster_way items[EH_MOST_WAYS];
  size_t count;
};
struct eh_cluster_ways eh_cluster_ways(struct eh_arena *arena, const struct eh_records *records,
                                       const struct eh_comparison *comparison);

/* Of many records a part is looked at first: some units, or some quarters of units, whole. */
struct eh_cluster_sample {
  uint64_t one_in;  /* 0 and 1: all */
  bool of_quarters; /* of each unit some quarters; else some units */
};

struct eh_cluster_job {
  struct eh_arena *arena;
  const struct eh_grouping *g;
  const struct eh_made_cells *made;
  const struct eh_cluster_way *way;
  struct eh_cluster_sample sample;
  struct eh_clustered **to; /* by value of each: where the levels go */
};

/* Where the fields of a key are. */
struct eh_cluster_field {
  unsigned shift, bits;
};
static inline uint64_t eh_cluster_field(uint64_t key, struct eh_cluster_field field) {
  return field.bits == 0 ? 0 : key >> field.shift & (((uint64_t)1 << field.bits) - 1);
}

/* A job's sorted keys. The stratum is numbered over all values of each. */
struct eh_cluster_keys {
  uint64_t *keys;
  size_t count;
  struct eh_cluster_field each, first, second, quarter, stratum; /* the event is the last bit */
};
/* False: a key would need more than 64 bits. free(keys) after it. */
bool eh_cluster_keys(const struct eh_cluster_job *job, struct eh_cluster_keys *keys);

/* Fills the levels of a job; where its keys would need more than 64 bits, with the reason. */
void eh_cluster_measure(const struct eh_cluster_job *job);

/* Days as keys have them: 0 not recorded, 1 the account's first; this is the last. */
uint32_t eh_cluster_days(const struct eh_records *records);
/* By day: its period, from 1 up; 0 for 0. free it. */
uint32_t *eh_cluster_periods(const struct eh_records *records, enum eh_period period);

#endif
