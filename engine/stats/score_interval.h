/* The interval of a difference where events, or others, are few.
 *
 * A variance estimated from no events is 0, and an interval from it says what two samples without
 * events cannot show. Miettinen and Nurminen (1985) ask instead at each possible difference x how
 * well it fits: with the rates that fit best among those that are x apart. Stratified, with weights
 * n1/N, for the difference of difference.h:
 *
 *     (d - x)^2 = reach^2 sum (n1/N)^2 [p1 (1 - p1)/n1 + p2 (1 - p2)/n2] n/(n - 1)
 *
 * p1 and p2 = p1 - x the restricted maximum likelihood of each stratum, the root of a cubic
 * equation (Farrington and Manning 1990). The limits are the roots on each side of d.
 */
#ifndef EVENHAND_STATS_SCORE_INTERVAL_H
#define EVENHAND_STATS_SCORE_INTERVAL_H

#include "engine/stats/tables.h"

/* Over comparable strata; the estimate is d. reach: in standard errors, 1.96 for 95%. Not
   applicable without comparable strata. Limits lie within [-1, 1]. */
struct eh_interval eh_score_interval(const struct eh_table *tables, size_t count, double reach);

/* The rates of the unit and its peers in one stratum that fit best among those x apart. */
struct eh_rates_apart {
  double unit, peers;
};
struct eh_rates_apart eh_rates_apart(const struct eh_table *table, double x);

#endif
