/* What changed from one time to another: how like cases were decided, or which cases there were?
 *
 * A stratum is a situation: the table's unit is what was decided in it after (a of n1), its peers
 * what was decided before (c of n2). A change of the plain rate has three parts that add up to it:
 *
 *     decided differently   sum n1 (a/n1 - c/n2)/N1, over situations that occur at both times
 *     other cases           sum n1 c/n2 / N1 - sum c/N2, over the same
 *     without counterpart   the rest: situations of one time alone
 *
 * The first has the interval of difference.h.
 */
#ifndef EVENHAND_STATS_CHANGE_H
#define EVENHAND_STATS_CHANGE_H

#include "engine/stats/tables.h"

struct eh_change {
  uint64_t before_records, after_records, comparable; /* the last: after, with a counterpart */
  struct eh_figure before, after, crude;              /* plain rates, and their difference */
  struct eh_interval differently;
  struct eh_figure other_cases, without_counterpart;
};
struct eh_change eh_change(const struct eh_table *situations, size_t count, double confidence);

/* Was the rate on its way already? Mantel's (1963) extension test within situations, over scores
 * t: T = sum t a_t - (m/n) sum t n_t, V = m(n-m)/(n^2 (n-1)) (n sum t^2 n_t - (sum t n_t)^2), both
 * summed over situations; the slope T/V is a log odds for each step (one step of Newton's). */
struct eh_trend_cell {
  uint32_t situation; /* those of one situation stand together */
  double time;        /* 0, 1, 2, ... */
  uint64_t records, events;
};
struct eh_trend {
  double deviation, variance; /* T, V */
  struct eh_test test;        /* T^2/V, 1 df; not applicable where V is 0 */
  struct eh_figure slope, slope_error;
};
struct eh_trend eh_trend(const struct eh_trend_cell *cells, size_t count);

#endif
