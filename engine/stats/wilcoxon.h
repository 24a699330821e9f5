/* Numeric outcomes: days in detention, the amount of a bond.
 *
 * A few huge values must not decide, so the test goes by ranks within the stratum; the size of the
 * difference is then told twice: as a mean (what the unit's own caseload would have had from its
 * peers: sums of days and money add up) and as a shift (the typical difference between a unit's and
 * a peer's record, which no single value can move far).
 */
#ifndef EVENHAND_STATS_WILCOXON_H
#define EVENHAND_STATS_WILCOXON_H

#include "engine/stats/rank_test.h"

/* Records alike in stratum, side and value. Values must be finite. */
struct eh_amount {
  size_t stratum;
  bool unit; /* the unit's own; else a peer's */
  double value;
  uint64_t records; /* at least 1 */
};

/* Van Elteren's (1960) stratified Wilcoxon test. In stratum h with n = n1 + n2 records the unit's
   rank sum W deviates from n1 (n+1)/2; the deviations are weighted by 1/(n+1), the weights of best
   power against one shift in all strata. Variance with ties: n1 n2/12 (n + 1 - sum(t^3 -
   t)/(n(n-1))). Statistic (sum w dev)^2 / sum w^2 var, chi-square 1 df, no continuity correction.
   (coin::wilcox_test(y ~ g | block) ranks the records of all strata together instead.) Strata
   without peers count nothing, nor in the test do those where all values are equal. */
struct eh_wilcoxon {
  uint64_t comparable; /* the unit's records in strata with peers */
  double deviation;    /* above 0: the unit's values are larger */
  double variance;
  struct eh_test test;
  /* The same statistic against all ways that the values could have fallen: what decides. */
  struct eh_rank_test ranks;
  /* The chance that a unit's record exceeds a peer's of its stratum, ties by half; strata weighted
     as in the test. */
  struct eh_figure superiority;
  /* Mean over the unit's comparable records less what its peers' stratum means give:
     sum n1 (mean1 - mean2)/sum n1. Variance sum n1^2 (s1^2/n1 + s2^2/n2)/(sum n1)^2; a side with
     one record in a stratum takes its side's pooled variance, over the strata with more and over
     the single records' distances from the other side's means (without these, where nearly all
     strata are thin, a few pairs decided, and 95% limits covered 77% to 90%). t limits with
     Satterthwaite's df: Welch's interval if there is one stratum. Where no value is below 0 the
     limits are those of mean_interval.c instead, which cover where most values are 0 or a few are
     large. */
  struct eh_interval mean_difference;
  struct eh_figure effective_values; /* so many of the unit's values these limits rest on */
  bool mean_approximate;             /* fewer than 10 */
  /* Hodges and Lehmann's (1963) estimate for the stratified test: the shift which, taken from the
     unit's values, leaves no deviation: the median of all within-stratum differences of a unit's
     and a peer's value, each weighted by 1/(n+1); and the shifts that the test does not reject (its
     variance as at shift 0). Exact: the n1 n2 differences are counted by two fingers over sorted
     values, each as often as it occurs, 64 times over, and never listed. */
  struct eh_interval shift;
};
/* Reorders amounts. One value of a stratum and side may stand in several amounts. */
struct eh_wilcoxon eh_wilcoxon(struct eh_amount *amounts, size_t count, double confidence);

#endif
