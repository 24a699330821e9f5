#include "engine/stats/chi_square.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_log.h>
#include <math.h>

/* GSL's own tail underflows with p and fails from some 1e6 degrees of freedom on, which a test of
   homogeneity over millions of strata reaches. So the incomplete gamma function is taken here in
   the log scale, by its series below the mean and its continued fraction above (Abramowitz and
   Stegun 6.5.29, 6.5.31). */

/* ln of x^a e^-x / Gamma(a + 1), without the cancellation of its large terms (Loader 2000). */
static double log_density(double a, double x) {
  int sign; /* lgamma alone would set a global variable */
  if (x < 0.1 * a) return a * log(x) - x - lgamma_r(a + 1.0, &sign);
  return a * gsl_sf_log_1plusx_mx((x - a) / a) - log(gsl_sf_gammastar(a)) -
         0.5 * log(2.0 * M_PI * a);
}

/* P(a, x) over its density: 1 + x/(a+1) + x^2/((a+1)(a+2)) + ... */
static double lower_series(double a, double x) {
  double sum = 1.0, term = 1.0;
  for (double i = 1.0; term > 1e-17 * sum; i += 1.0) {
    term *= x / (a + i);
    sum += term;
  }
  return sum;
}

/* Q(a, x) Gamma(a) / (x^a e^-x), by the modified Lentz method. */
static double upper_fraction(double a, double x) {
  double b = x + 1.0 - a;
  double c = 1e300, d = 1.0 / b, fraction = d, change = 0.0;
  for (double i = 1.0; fabs(change - 1.0) > 3e-16 && i < 1e7; i += 1.0) {
    double term = i * (a - i);
    b += 2.0;
    d = 1.0 / (b + term * d);
    c = b + term / c;
    change = c * d;
    fraction *= change;
  }
  return fraction;
}

/* ln Q(a, x). */
static double log_upper_gamma(double a, double x) {
  double density = log_density(a, x);
  if (x < a + 1.0) return log1p(-exp(density) * lower_series(a, x));
  return density + log(a * upper_fraction(a, x));
}

struct eh_test eh_no_test(const char *why_not) {
  return (struct eh_test){.why_not = why_not};
}

struct eh_test eh_chi_square_test(double statistic, double df) {
  if (!(df >= 1.0)) return eh_no_test("no degrees of freedom");
  if (!(statistic >= 0.0) || isinf(statistic))
    return eh_no_test("the statistic cannot be computed");
  struct eh_test test = {.statistic = statistic, .df = df, .p = 1.0};
  if (statistic == 0.0) return test;
  double log_p = log_upper_gamma(df / 2.0, statistic / 2.0);
  test.p = exp(log_p);
  test.log10_p = log_p / M_LN10;
  return test;
}

struct eh_test eh_normal_test(double z) {
  return eh_chi_square_test(z * z, 1.0);
}

double eh_normal_reach(double confidence) {
  assert(confidence > 0.0 && confidence < 1.0);
  return gsl_cdf_ugaussian_Qinv((1.0 - confidence) / 2.0);
}

double eh_quantile_sorted(const double *sorted, size_t count, double q) {
  assert(count >= 1 && q >= 0.0 && q <= 1.0);
  double position = q * (double)(count - 1);
  size_t below = (size_t)position;
  if (below + 1 >= count) return sorted[count - 1];
  double share = position - (double)below;
  return sorted[below] + share * (sorted[below + 1] - sorted[below]);
}
