/* Unit against peers, over strata: one test, and two ways to put the difference into one number.
 *
 * Within a stratum people are alike, so under no difference the events fall on the unit's and its
 * peers' records by lot, and the unit expects n1 m/n of them. The Cochran-Mantel-Haenszel test asks
 * whether the sum over strata of what it had above that is more than lot would give. The odds ratio
 * and the risk difference say how much, each supposing that it is the same in every stratum;
 * eh_homogeneity asks whether that holds. The headline of a report does not suppose it:
 * difference.h.
 */
#ifndef EVENHAND_STATS_MANTEL_HAENSZEL_H
#define EVENHAND_STATS_MANTEL_HAENSZEL_H

#include "engine/stats/tables.h"

/* Sums over informative strata: D = sum(a - n1 m/n), V = sum n1 n2 m (n-m) / (n^2 (n-1)). */
struct eh_cmh {
  double deviation;    /* D: above 0, more events than under no difference */
  double variance;     /* V */
  struct eh_test test; /* D^2/V, 1 df, no continuity correction; not applicable when V is 0 */
};
/* Mantel and Haenszel 1959; R: mantelhaen.test(correct = FALSE). */
struct eh_cmh eh_cmh(const struct eh_table *tables, size_t count);

/* The common odds ratio with the Robins-Breslow-Greenland (1986) interval at the given confidence
   (0.95). Not applicable when either of its two sums is 0: then use eh_exact_odds_ratio. */
struct eh_odds_ratio {
  struct eh_interval interval;
  struct eh_figure log_variance; /* of the log odds ratio */
};
struct eh_odds_ratio eh_odds_ratio(const struct eh_table *tables, size_t count, double confidence);

/* The Mantel-Haenszel risk difference with Sato's (1989) variance; metafor: rma.mh(measure = "RD").
   As there, the limits may pass -1 or 1, and where all strata went entirely one way the variance is
   0, which is no certainty. */
struct eh_risk_difference {
  struct eh_interval interval;
  struct eh_figure standard_error;
};
struct eh_risk_difference eh_risk_difference(const struct eh_table *tables, size_t count,
                                             double confidence);

/* Is the odds ratio the same in every stratum? Breslow and Day 1980, with Tarone's (1985)
   correction; df = informative strata - 1. odds_ratio is the Mantel-Haenszel one. contributions, if
   not NULL, takes count values: each stratum's (a-A)^2/V. */
struct eh_homogeneity {
  struct eh_test breslow_day, tarone;
};
struct eh_homogeneity eh_homogeneity(const struct eh_table *tables, size_t count, double odds_ratio,
                                     double *contributions);

#endif
