/* What the files of engine/stats/wilcoxon.h share: values by stratum and side. */
#ifndef EVENHAND_STATS_WILCOXON_INTERNAL_H
#define EVENHAND_STATS_WILCOXON_INTERNAL_H

#include "engine/base/memory.h"
#include "engine/stats/wilcoxon.h"

/* One side of a stratum: its values in order, each with the records that have it. */
struct eh_value_count {
  double value, n;
};
struct eh_values {
  const struct eh_value_count *items;
  size_t count;
  double n; /* records */
};

/* One comparable stratum. */
struct eh_value_stratum {
  struct eh_values unit, peers;
  double weight; /* 1/(n + 1) */
};

struct eh_value_strata {
  struct eh_value_stratum *items;
  size_t count;
  struct eh_value_count *values;
};
/* Reorders amounts; only strata with both sides. */
struct eh_value_strata eh_value_strata(struct eh_arena *arena, struct eh_amount *amounts,
                                       size_t count);

/* By Welch, whatever the values. */
struct eh_interval eh_mean_welch(const struct eh_value_strata *strata, uint64_t comparable,
                                 double confidence);

/* Where all values are at least 0. */
struct eh_mean_interval {
  struct eh_interval interval;
  struct eh_figure effective; /* so many values of its own the estimate rests on */
  bool approximate;           /* fewer than 10 */
};
struct eh_mean_interval eh_mean_interval(const struct eh_value_strata *strata, double confidence,
                                         double worth);
/* worth: as how many of the unit's own values the peers' shape counts. A variance of few values
   tells the less the longer the tails are: the kurtosis of the peers' values that are not 0, each
   over its stratum's mean, less 1; between 2 and 30, and 30 where they are fewer than 4 or equal.
   (With 30 throughout, intervals of marks from 0 to 10 covered 80% to 92%.) */
double eh_shape_worth(const struct eh_value_strata *strata);

#endif
