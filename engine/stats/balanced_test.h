/* Inference on a difference from weighted peers.
 *
 * The difference (O - E)/N, E = sum w c, is a sum of independent yes/no decisions with known
 * coefficients, so only their variances p(1 - p) need an estimate: p0, what the peers would have
 * done with each kind of case (caseload_model.h). It enters the interval and the p, never the
 * difference.
 */
#ifndef EVENHAND_STATS_BALANCED_TEST_H
#define EVENHAND_STATS_BALANCED_TEST_H

#include "engine/stats/balance.h"
#include "engine/stats/power.h"

struct eh_balanced_test {
  struct eh_interval difference; /* fractions, within [-1, 1] */
  double peers_variance;         /* sum w^2 p0 (1 - p0)/N^2 */
  double unit_variance;          /* at a difference of 0 */
  double normal;                 /* difference / sqrt of both: not what decides */
  bool few;                      /* fewer than 10 events or others, had or expected: approximate */
  double at, z;      /* of the saddlepoint; 0 where the difference is as large as can be */
  double p, log10_p; /* two-sided; p 0 where it underflows */
  bool at_the_end;   /* p from the chance of the whole end */
};

/* Interval: the roots x of (D - x)^2 = z^2 (Vp + Vu(x)) on each side of D within [-m, 1 - m], m =
   E/N (the mean of p0 where that is 0 or 1); Vu(x) that of the unit's records with odds p0/(1 - p0)
   times one factor for all, so that their mean is m + x. Where an end of the range is not excluded
   the limit is that end, or D -/+ z sqrt(Vp) where that lies further out.

   p: Lugannani and Rice 1980, for T = sum of the unit's events - sum of the peers' weighted events,
   all decided with p0, at its mean + N D. Where even a tilt of 50 does not make that its mean, the
   least exp(K(s) - s t), which is the chance of the end itself where T is at it. Doubled.

   p0: by pattern, above 0 and below 1. */
struct eh_balanced_test eh_balanced_test(const struct eh_caseload *caseload,
                                         const struct eh_balance *balance, const double *p0,
                                         double confidence);

/* The true differences, above and below, that would be found with this probability at a two-sided
   level, and of at least a size: by the normal distribution, with the variances above. Of the
   caseload only the unit's records are looked at, of the balance what it kept of them and what was
   expected. */
struct eh_power_reach eh_balanced_power(const struct eh_caseload *caseload,
                                        const struct eh_balance *balance, const double *p0,
                                        double peers_variance, const struct eh_power_plan *plan,
                                        double probability);

#endif
