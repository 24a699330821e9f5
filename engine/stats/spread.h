/* How much do the units differ, who stands out, and what is left of a difference after chance?
 *
 * Each unit's effect theta is a log odds ratio against its peers, known up to a variance v. Part of
 * what units differ by is chance (v); the rest is the spread tau, the standard deviation of the
 * true effects. A few wild units must not inflate tau and hide behind it, so it is estimated from
 * the middle of the distribution. With tau known,
 *   - an outlier lies far out even among units that differ that much: z = theta / sqrt(v + tau^2);
 *   - shrinkage B = tau^2/(tau^2 + v) says how much of an effect to believe: a unit with few
 *     records (v large) is pulled to its peers' level, one with many keeps what it shows.
 */
#ifndef EVENHAND_STATS_SPREAD_H
#define EVENHAND_STATS_SPREAD_H

#include "engine/stats/difference.h"
#include "engine/stats/mantel_haenszel.h"
#include "engine/stats/tables.h"

enum eh_effect_method {
  EH_EFFECT_NONE,
  EH_EFFECT_ODDS_RATIO, /* ln OR_MH with the Robins-Breslow-Greenland variance */
  EH_EFFECT_ONE_STEP    /* D/V with variance 1/V, for few events; pulls large effects towards 0 */
};

/* A unit's effect against its peers. */
struct eh_effect {
  double theta, variance; /* log odds ratio; 0 without a method */
  enum eh_effect_method method;
  const char *why_not;
};
/* The log odds ratio where both its sums are positive and min(E, N - E) >= 5 (E of eh_difference),
   else the one-step estimate (Yusuf et al. 1985), else none: no informative stratum. */
struct eh_effect eh_effect(const struct eh_table *tables, size_t count);
/* The same from what was computed of these tables already; the confidence does not matter. */
struct eh_effect eh_effect_from(const struct eh_cmh *cmh, const struct eh_odds_ratio *ratio,
                                const struct eh_difference *difference);

/* The spread of the units of one comparison. Effects without a method are left out everywhere. */
struct eh_spread {
  size_t units;         /* effects that count */
  struct eh_figure tau; /* not applicable with fewer than 5 units */
  /* Is it all chance? Cochran's Q = sum (theta - mean)^2/v, the mean weighted by 1/v, as chi-square
     with units - 1 df. */
  struct eh_test test;
  struct eh_figure low, high; /* the typical range, see eh_typical_range */
};
/* tau solves mean z_w^2 = 0.678655 for z = theta/sqrt(v + tau^2) winsorised at its 10% and 90%
   quantiles (after Spiegelhalter 2005; the constant is what standard normal values give, and is
   left out there). 0 if already below at tau = 0. event_rate: of all records of the comparison. */
struct eh_spread eh_spread(const struct eh_effect *effects, size_t count, double event_rate);

/* What the 5th and the 95th percentile unit would do with the same case, whose event rate
   overall is p: expit(logit p -/+ 1.645 tau). Not applicable for p = 0 or 1. */
struct eh_figure eh_typical_range(double event_rate, double tau, bool high);

/* Where a unit stands among all, given the spread. Every part says by itself whether it applies. */
struct eh_standing {
  struct eh_figure z;         /* theta / sqrt(v + tau^2): beyond the usual spread? */
  struct eh_figure log10_p;   /* of z, two-sided */
  struct eh_figure q;         /* Benjamini-Hochberg over the comparison's units that have a z */
  struct eh_figure shrinkage; /* B, from 0 (all chance) to 1 */
  struct eh_figure mean, variance;   /* posterior of the true effect: theta B, v B */
  struct eh_interval versus_typical; /* theta less the median theta; log odds ratio */
  struct eh_figure versus_typical_log10_p;
};
/* standings takes count values. caseload[i]: the unit's comparable records, which weight the median
   theta: the typical unit. Where two of six units are extreme, "all others" makes the other four
   look extreme too; the median does not move. It takes three units. versus_typical's standard error
   is the unit's own sqrt(v), tau left out. */
void eh_standings(const struct eh_effect *effects, const uint64_t *caseload, size_t count,
                  const struct eh_spread *spread, double confidence, struct eh_standing *standings);

/* difference x B. Not applicable where either is not. */
struct eh_figure eh_shrunken_difference(const struct eh_standing *standing,
                                        struct eh_figure difference);

#endif
