/* What the files of power (engine/stats/power.h) share: power.c asks for it, power_critical.c finds
 * where a unit becomes significant, power_sums.c has the distributions of its events.
 */
#ifndef EVENHAND_STATS_POWER_INTERNAL_H
#define EVENHAND_STATS_POWER_INTERNAL_H

#include "engine/stats/newton.h"
#include "engine/stats/power.h"

#define EH_LARGEST_LOG_PSI 40.0
#define EH_NO_SIGNIFICANT_OUTCOME "no outcome would be significant"
enum { EH_MOST_STEPS = 100 }; /* of a search */

/* A comparable stratum as one direction sees it: "lower" is "higher" with event and non-event
 * exchanged. */
struct eh_power_stratum {
  double n1, n2, c;
  double odds;            /* the peers' */
  double share;           /* n2/n: how far an event more moves D */
  double weight;          /* how far an event more moves the critical sum L */
  double mean, rest;      /* of its events where L is taken; their variance, S given */
  double bend;            /* how far their square moves the test */
  double variance, third; /* factors of the hypergeometric cumulants */
};

struct eh_power_side {
  struct eh_power_stratum *strata;
  size_t count;
  double records, expected; /* N and E */
  double material;          /* the fewest events that make the difference large enough, less 1/2 */
  double critical;          /* the L that makes the mid-p small enough */
  double start;             /* log psi at which the expected table is significant */
  size_t outcomes;          /* 0: more than are tried */
  bool *flagged;            /* each outcome: see next_outcome */
  const char *why_not;
};

/* --- power_sums.c --- */

/* The unit's events at log psi = theta: cumulants of S, and of L = sum weight a (l_). */
struct eh_power_sums {
  double mean, variance, third;
  double l_mean, l_variance, l_third, covariance;
};
struct eh_power_sums eh_power_sums(const struct eh_power_side *side, double theta);

/* Under no difference, given m = c + a in each stratum, S has this variance V and third cumulant;
   expected over the unit's events a at theta, for they are polynomials in m. deviation: expected D.
 */
struct eh_power_null {
  double deviation, variance, third;
  double slope, variance_slope; /* of D and of V */
};
struct eh_power_null eh_power_null(const struct eh_power_side *side, double theta);

/* Standardised values of a skewed distribution from those of a normal one with the same tail, and
   back: the gamma distribution's cube root is nearly normal. */
double eh_skewed(double z, double skewness);
double eh_unskewed(double z, double skewness);
double eh_skewness(double variance, double third);

/* log psi at which s events are expected, 0 < s < N. */
double eh_power_theta(const struct eh_power_side *side, double s, double from);

/* --- power_critical.c --- */

/* Find where the unit becomes significant, and with it the critical sums. */
void eh_power_find_critical(struct eh_arena *arena, struct eh_power_side *side, double alpha);

/* Try each outcome, where they are few. */
void eh_power_try_outcomes(struct eh_arena *arena, struct eh_power_side *side, double alpha);
/* The probability at log psi = theta that the outcome is one of the flagged ones. */
double eh_power_sum_outcomes(const struct eh_power_side *side, double theta);

#endif
