/* The distributions of a unit's events, and the search for a root. */
#include <math.h>

#include "engine/stats/power_internal.h"

struct eh_power_sums eh_power_sums(const struct eh_power_side *side, double theta) {
  double psi = exp(theta);
  struct eh_power_sums sums = {0};
  for (const struct eh_power_stratum *s = side->strata; s < side->strata + side->count; s++) {
    double odds = psi * s->odds, p = odds / (1.0 + odds), mean = s->n1 * p, w = s->weight;
    double variance = mean / (1.0 + odds), third = variance * (1.0 - 2.0 * p);
    sums.mean += mean;
    sums.variance += variance;
    sums.third += third;
    sums.l_mean += w * mean;
    sums.l_variance += w * w * variance;
    sums.l_third += w * w * w * third;
    sums.covariance += w * variance;
  }
  return sums;
}

double eh_skewed(double z, double skewness) {
  if (fabs(skewness) < 1e-3) return z + skewness / 6.0 * (z * z - 1.0);
  double root = fmax(1.0 + skewness * z / 6.0 - skewness * skewness / 36.0, 0.0);
  return 2.0 / skewness * (root * root * root - 1.0);
}

double eh_unskewed(double z, double skewness) {
  if (fabs(skewness) < 1e-3) return z - skewness / 6.0 * (z * z - 1.0);
  double cube = fmax(1.0 + skewness * z / 2.0, 0.0);
  return 6.0 / skewness * (cbrt(cube) - 1.0) + skewness / 6.0;
}

double eh_skewness(double variance, double third) {
  return variance > 0.0 ? third / (variance * sqrt(variance)) : 0.0;
}

struct eh_power_null eh_power_null(const struct eh_power_side *side, double theta) {
  double psi = exp(theta);
  struct eh_power_null sums = {0};
  for (const struct eh_power_stratum *s = side->strata; s < side->strata + side->count; s++) {
    double odds = psi * s->odds, p = odds / (1.0 + odds), events = s->n1 * p;
    double variance = events / (1.0 + odds), third = variance * (1.0 - 2.0 * p);
    double n = s->n1 + s->n2, m = s->c + events, product = m * (n - m), skew = n - 2.0 * m;
    sums.deviation += s->share * events - (1.0 - s->share) * s->c;
    sums.slope += s->share * variance;
    sums.variance += s->variance * (product - variance);
    sums.variance_slope += s->variance * skew * variance;
    sums.third += s->variance * s->third * (product * skew - 3.0 * variance * skew + 2.0 * third);
  }
  return sums;
}

double eh_power_theta(const struct eh_power_side *side, double s, double from) {
  struct eh_search search = {-2.0 * EH_LARGEST_LOG_PSI, 2.0 * EH_LARGEST_LOG_PSI, from};
  double wanted = log(s / (side->records - s));
  for (int i = 0; i < EH_MOST_STEPS; i++) {
    struct eh_power_sums sums = eh_power_sums(side, search.at);
    double rest = side->records - sums.mean;
    if (!(sums.mean > 0.0 && rest > 0.0)) {
      (void)eh_step_to(&search, sums.mean - s, 0.0);
      continue;
    }
    double slope = sums.variance * side->records / (sums.mean * rest);
    if (eh_step_to(&search, log(sums.mean / rest) - wanted, slope) < 1e-9) break;
  }
  return search.at;
}
