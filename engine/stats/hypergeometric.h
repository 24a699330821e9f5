/* One stratum's share of the exact distribution: the unit's events among its n1 records, when m of
 * the n1 + n2 records have the event, at an odds ratio psi (1: the hypergeometric distribution;
 * else Fisher's noncentral one). Exact to the last digits from one record to 1e9 per margin, in log
 * scale where a double would underflow.
 */
#ifndef EVENHAND_STATS_HYPERGEOMETRIC_H
#define EVENHAND_STATS_HYPERGEOMETRIC_H

#include <stddef.h>
#include <stdint.h>

/* Mass that may be left out at an end of a distribution. A sum over 1e6 strata then lacks at most
 * 1e-16. */
#define EH_NEGLIGIBLE 1e-22

struct eh_hypergeometric {
  uint64_t n1, n2, m;
  uint64_t low, high;  /* the ends of the support */
  long double margins; /* the part of log P that does not depend on the value, once prepared */
};
struct eh_hypergeometric eh_hypergeometric(uint64_t n1, uint64_t n2, uint64_t m);
/* Logarithms are slow, and narrow tables need none: eh_hypergeometric_log and _tilted want this
 * first. */
void eh_hypergeometric_prepare(struct eh_hypergeometric *h);

/* An odds ratio and its logarithm. The double psi is what every product uses, so the logarithm is
   taken of it again, to more digits: with 1e6 events, an error of 1e-16 in it would be one of 1e-10
   in the result. */
struct eh_tilt {
  double psi;
  long double log;
};
#define EH_LARGEST_TILT 600.0 /* |log psi| beyond it is cut off there */
struct eh_tilt eh_tilt(double log_odds_ratio);

/* log P(X = x) at psi = 1, low <= x <= high. */
long double eh_hypergeometric_log(const struct eh_hypergeometric *h, uint64_t x);

/* The likeliest value at psi. */
uint64_t eh_hypergeometric_mode(const struct eh_hypergeometric *h, double psi);

/* log sum_x P(x) psi^(x - low), and the mean (less low) and the variance at psi. */
struct eh_tilted {
  long double log_sum;
  double mean, variance;
};
struct eh_tilted eh_hypergeometric_tilted(const struct eh_hypergeometric *h, struct eh_tilt tilt);

/* The probabilities at psi around the mode, without negligible ends: room for
   eh_hypergeometric_room values in pmf; *first is the first value's distance from low. Returns how
   many. They add up to 1. */
size_t eh_hypergeometric_room(const struct eh_hypergeometric *h, double psi);
size_t eh_hypergeometric_pmf(const struct eh_hypergeometric *h, double psi, double *pmf,
                             uint64_t *first);

/* P(low), ..., P(high) at psi = 1, for narrow supports: all high - low + 1 of them. */
void eh_hypergeometric_all(const struct eh_hypergeometric *h, double *pmf);

#endif
