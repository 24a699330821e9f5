/* A unit's standing against its peers, and how it decides around it from period to period.
 *
 * In each situation k the unit has one log odds ratio theta_k against its peers: the conditional
 * maximum likelihood estimate over all of its tables there. In a table of some period, its events a
 * are noncentral hypergeometric given the margins, with mean mu and variance v at theta_k + shift;
 * the score of a period and situation is
 *
 *     U = sum (a - mu),  V = sum v
 *
 * so that the U of a situation sum to 0: what is left is when the unit decided otherwise than it
 * does on the whole. Each period has its own rates, so whatever moves the unit and its peers alike
 * leaves no trace. shift allows for peers who were not the same ones throughout (peer_mix.h).
 */
#ifndef EVENHAND_STATS_STANDING_H
#define EVENHAND_STATS_STANDING_H

#include "engine/stats/tables.h"

/* One table of a unit: decisions alike in everything, of one period. */
struct eh_period_table {
  uint32_t situation, period;
  struct eh_table table;
  double shift; /* log odds ratio added to the standing; 0: none */
};

/* Mean and variance of the unit's events given the margins, at odds ratio psi. */
struct eh_moments {
  double mean, variance;
};
struct eh_moments eh_noncentral_moments(const struct eh_table *table, double psi);

/* A period of a situation. */
struct eh_score {
  uint32_t situation, period;
  double u, v;
};

/* Scores of the periods before `looks`, by situation and period; tables in that order. A situation
   whose events are as few or as many as the margins allow says nothing and is left out. scores:
   room for `count`. theta: by table, where to begin and what was found, at the first table of each
   situation; 0 at first. Returns how many scores. */
size_t eh_standing_scores(const struct eh_period_table *tables, size_t count, uint32_t looks,
                          double *theta, struct eh_score *scores);

/* The conditional maximum likelihood estimate over all tables; no figure at an end. */
struct eh_figure eh_standing_estimate(const struct eh_period_table *tables, size_t count);

#endif
