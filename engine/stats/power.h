/* How large would a unit's difference have to be, to be found? What an audit that finds nothing can
 * rule out.
 *
 * The unit's strata and caseload are kept, and so is what its peers decided. In stratum k the
 * peers' underlying rate is taken to be p_k = (c + r)/(n2 + 1), with r the peers' rate over the
 * unit's whole caseload (one imagined record of the usual kind, so that no stratum is certain). A
 * true difference x is one common odds ratio psi away from these:
 *
 *     unit's rate in k:  psi p_k/(1 - p_k + psi p_k)
 *     psi such that      sum n1 (rate_k - c/n2) = x sum n1
 *
 * and the unit's events are independent draws at these rates. The unit is flagged when
 *
 *     its caseload is large enough,   mid-p <= alpha,   and   |difference| >= smallest_difference.
 *
 * (D, the deviation that the test weighs, and the difference agree in sign wherever both conditions
 * hold on one side.) Where the unit's records can be decided in 256 ways at most, each is tried,
 * and the probability of that is a sum. Else it is approximated:
 *  - The critical point is where the table expected at psi has mid-p alpha, S under no difference
 * being given a shifted gamma distribution with the first three cumulants of the exact one,
 * averaged over the unit's events. Close to it the test is a linear function L of the unit's
 * events, since the variance V depends on them too.
 *  - Where an event counts about the same in every stratum, what decides is how many whole events
 * it takes. If V is small, that number, or else the critical L, comes from the exact mid-p of
 * tables in whole numbers: their events are spread over the strata as expected, in eight ways, for
 * the same number of events may be significant in one way and not in another.
 *  - L and S, which decides about the difference, get their first three cumulants under psi in the
 * same way (by the cube root of Wilson and Hilferty 1931) and their exact correlation in a
 * bivariate normal distribution. In simulations, from pairs to many peers and from rare events to
 * even odds, power is met to within 2 points. Of up to 8 records in each of up to six strata
 * against up to 12 peers, in more than 256 ways, every outcome was summed: where the power lies
 * between 5% and 95%, 95% of the figures are met to within 5 points, 99% to within 8, the worst of
 * 37,000 to within 20. A unit with the difference that is found in 80% is found in 75% to 85% of 19
 * cases in 20, and the worst of 13,000 was off by 21 points; that difference is met to within 1.1
 * points in 19 cases of 20, to within 3.2 in the worst.
 */
#ifndef EVENHAND_STATS_POWER_H
#define EVENHAND_STATS_POWER_H

#include "engine/base/memory.h"
#include "engine/stats/tables.h"

/* What it takes to be flagged. alpha: rate x max(1, rejections)/testable, the level at which
   Benjamini and Hochberg's procedure tested in the end. */
struct eh_power_plan {
  double alpha;
  double smallest_difference; /* a fraction */
  uint64_t smallest_caseload; /* comparable records */
};
double eh_power_alpha(double rate, size_t rejections, size_t testable);

struct eh_power; /* lives in the arena */
struct eh_power *eh_power_new(struct eh_arena *arena, const struct eh_table *tables, size_t count,
                              const struct eh_power_plan *plan);

/* The probability that a unit whose true difference is x is flagged, and in the direction of x (0:
   as higher). x is a fraction; not applicable where no rates give it: the unit cannot do more than
   all, or less than nothing. */
struct eh_figure eh_power_at(const struct eh_power *power, double x);

/* The smallest true difference that is flagged with the given probability (0.8), in each direction
   as a positive fraction, and the smaller of the two. Not applicable where even the largest
   possible one would not be flagged. */
struct eh_power_reach {
  struct eh_figure higher, lower, smallest;
};
struct eh_power_reach eh_power_reach(const struct eh_power *power, double probability);
struct eh_power_reach eh_power_80(const struct eh_power *power);
struct eh_power_reach eh_no_power(const char *why_not);

/* P(X > h and Y > k) of two standard normal values with correlation rho, 0 to 1. */
double eh_normal_both_above(double h, double k, double rho);

/* For a unit that is not testable, because even its most extreme outcome would have a mid-p above
   alpha: by how much its caseload would have to be multiplied (same mix, same rates, same peers)
   for that mid-p to pass; 1 if it passes now. The probabilities are interpolated between whole
   numbers of records by the gamma function. Not applicable where no multiple up to a million helps,
   because the peers are too few. */
struct eh_figure eh_caseload_needed(const struct eh_table *tables, size_t count, double alpha);

#endif
