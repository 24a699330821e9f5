/* The exact conditional distribution of S = sum a, all margins fixed, at any common odds ratio psi.
 *
 * The strata's hypergeometric distributions are convolved directly (an FFT destroys the tails),
 * exponentially tilted so that the mass lies around the observed s, and windowed there; results are
 * in log scale.
 */
#ifndef EVENHAND_STATS_EXACT_H
#define EVENHAND_STATS_EXACT_H

#include "engine/base/memory.h"
#include "engine/stats/tables.h"

/* The reason given where an odds ratio or its limit is infinite. */
#define EH_INFINITE "infinite"

/* A unit's informative strata, prepared. It lives in the arena it was made in, and takes scratch
   memory there that it uses again: repeated calls do not make it grow beyond the widest
   distribution asked for. */
struct eh_exact;

struct eh_exact *eh_exact_new(struct eh_arena *arena, const struct eh_table *tables, size_t count);

/* The ends of the support of S, and the observed value. Sums over informative strata only. */
struct eh_exact_support {
  uint64_t low, high, observed;
};
struct eh_exact_support eh_exact_support(const struct eh_exact *exact);

/* Natural logs of P(S <= s), P(S = s), P(S >= s) at the common odds ratio exp(log_odds_ratio);
   -INFINITY for what cannot be. A log odds ratio beyond +-600 counts as that. Not for two threads
   at once on the same eh_exact: it keeps what it computed. */
struct eh_exact_tail {
  double log_below, log_at, log_above;
};
struct eh_exact_tail eh_exact_tail(struct eh_exact *exact, uint64_t s, double log_odds_ratio);

/* Two-sided tests of no difference at the observed value. */
struct eh_exact_p {
  double p, log10_p; /* sum of the probabilities not larger than the observed one's (relative tie
                        factor 1 + 1e-7), as R */
  double mid_p, log10_mid_p; /* twice the smaller tail that counts half of P(S = s), at most 1: the
                                p that decides */
  double log10_below, log10_above; /* one-sided P(S <= s), P(S >= s) */
  const char *why_not;             /* no informative strata: p and mid_p are 1 */
};
struct eh_exact_p eh_exact_p(struct eh_exact *exact);

/* The mid-p and the one-sided p alone, for when that is all that is asked (half the work); p and
 * log10_p are left 0. */
struct eh_exact_p eh_exact_mid_p(struct eh_exact *exact);

/* The common odds ratio: conditional maximum likelihood estimate and exact limits, each tail (1 -
   confidence)/2. At an end of the support the estimate and a limit are 0 (a value) or infinite (no
   value: why_not says "infinite"). */
struct eh_interval eh_exact_odds_ratio(struct eh_exact *exact, double confidence);
/* One limit: the odds ratio at which P(S >= s) (lower) or P(S <= s) (upper) equals alpha. */
struct eh_figure eh_exact_lower_limit(struct eh_exact *exact, double alpha);
struct eh_figure eh_exact_upper_limit(struct eh_exact *exact, double alpha);

/* The smallest mid-p that these margins allow, whatever was decided (log10): the smaller of the two
 * ends of the support. */
double eh_exact_smallest_log10_mid_p(struct eh_exact *exact);

/* How much an unrecorded fact would have to multiply the odds of the event, for this unit's cases
   alone, to explain the finding at a two-sided level of its mid-p (the level that decided): the
   odds ratio at which the tail beyond the observed value and half of that value's own probability
   make up level/2. 1 where the mid-p is above the level, so above 1 exactly where the test passed.
   Equals Rosenbaum's (2002) bound for 2 x 2 x K tables. higher: the unit's rate is above its
   peers'; for one below, the inverse odds ratio. */
struct eh_figure eh_gamma_at_level(struct eh_exact *exact, bool higher, double level);
/* The same from the exact one-sided limit of the odds ratio at alpha, 0.05: 1 where the limit does
   not pass 1. */
struct eh_figure eh_gamma(struct eh_exact *exact, bool higher, double alpha);

/* E-value (VanderWeele and Ding 2017) of an odds ratio's limit nearest to 1, the risk ratio taken
 * as its square root; 1 if the interval holds 1. */
double eh_e_value(double risk_ratio);
struct eh_figure eh_e_value_of_interval(const struct eh_interval *odds_ratio);

#endif
