/* How much do the units differ, once chance is taken away, and what may be shown of it?
 *
 * Each unit's effect theta (effects.h) is known up to a variance q. Part of what effects differ by
 * is chance; the rest is tau, the standard deviation of the true effects. Units enter that can
 * carry it, with at least 5 events and 5 others expected. With w = 1/(q + tau^2) and mu the
 * weighted mean of theta within a unit's block, W its sum of weights, tau solves: the mean square
 * of
 *
 *     z = (theta - mu)/sqrt((q + tau^2) (1 - w/W))
 *
 * winsorised at its 10% and 90% quantiles, so that a few wild units cannot hide in it, is 0.678655,
 * as of standard normal values (after Spiegelhalter 2005, where the constant is missing). The
 * factor 1 - w/W makes few units, pairs, and a unit with most of the records come out right. The
 * interval: that mean square has about the distribution of chi-square with d = 0.71 (units -
 * blocks) degrees of freedom over d (simulated).
 */
#ifndef EVENHAND_STATS_TAU_H
#define EVENHAND_STATS_TAU_H

#include "engine/stats/effects.h"

struct eh_tau_unit {
  double theta, variance; /* above 0 */
  size_t block;           /* small numbers: arrays of that length are made */
};

struct eh_tau {
  struct eh_figure tau, low, high; /* log odds; none with fewer than 5 units */
  size_t units, blocks;            /* that count: a unit alone in its block does not */
};
struct eh_tau eh_tau_estimate(const struct eh_tau_unit *units, size_t count, double confidence);

/* Does a unit's caseload carry it: min(E, N - E) >= 5? */
bool eh_tau_carries(const struct eh_unit_fit *unit);

/* mu of each block below blocks, given tau; not applicable where no unit is in it. */
void eh_tau_centres(const struct eh_tau_unit *units, size_t count, double tau,
                    struct eh_figure *centres, size_t blocks);

/* What is left of an effect after chance: B = tau^2/(tau^2 + q), from 0 (all chance) to 1. */
double eh_tau_shrinkage(double tau, double variance);

/* Where a unit stands among all, given tau. Every part says by itself whether it applies. */
struct eh_standing {
  struct eh_figure z;       /* (theta - mu)/sqrt(q + tau^2): far out even among units that differ */
  struct eh_figure log10_p; /* of z, two-sided */
  struct eh_figure shrinkage;
  struct eh_figure mean, variance; /* posterior of theta - mu: (theta - mu) B, q B */
};
struct eh_standing eh_tau_standing(struct eh_figure tau, double deviation, double variance);
struct eh_standing eh_tau_no_standing(const char *why_not);

/* What may be shown: the rates that the units would have on one caseload, with chance taken away as
   far as each is known: expit(mu0 + B (theta - mu)), mu0 such that their mean, weighted by
   caseload, is the overall rate. */
struct eh_shown_unit {
  double shrunken; /* B (theta - mu) */
  double records;
};
struct eh_shown {
  double low, high;       /* up to 19 units: of the lowest and the highest; from 20 on those of the
                             5th and 95th of every hundred: expit(mu0 -/+ 1.645 tau), never beyond
                             what a unit did */
  size_t lowest, highest; /* units, */
  double lowest_rate, highest_rate;
  bool by_hundred;     /* the latter */
  double centre;       /* mu0 */
  const char *why_not; /* nothing can be shown */
};
/* rates: of each unit; may be NULL. */
struct eh_shown eh_tau_shown(const struct eh_shown_unit *units, size_t count, double overall_rate,
                             double tau, double *rates);

#endif
