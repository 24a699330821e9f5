#include "engine/stats/student.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <math.h>

#include "engine/stats/chi_square.h"

static const double NORMAL_FROM = 1e7; /* degrees of freedom */
enum { MOST_STEPS = 500 };

/* ln B(a, 1/2), the gammas' difference by its series where they are large. */
static double log_beta_half(double a) {
  static const double HALF_LOG_PI = 0.57236494292470008707;
  if (a < 30.0) {
    int sign;
    return lgamma_r(a, &sign) + HALF_LOG_PI - lgamma_r(a + 0.5, &sign);
  }
  double b = 1.0 / (a * a);
  double series = (-1.0 / 8.0 + b * (1.0 / 192.0 + b * (-1.0 / 640.0 + b * 17.0 / 14336.0))) / a;
  return HALF_LOG_PI - 0.5 * log(a) - series;
}

/* The continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8), by the
   modified Lentz method; quick where x < (a + 1)/(a + b + 2). */
static double beta_fraction(double a, double b, double x) {
  double c = 1.0, d = 1.0 / (1.0 - (a + b) * x / (a + 1.0)), fraction = d, change = 0.0;
  for (double m = 1.0; fabs(change - 1.0) > 3e-16 && m < 1e6; m += 1.0) {
    double even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
    d = 1.0 / (1.0 + even * d);
    c = 1.0 + even / c;
    fraction *= c * d;
    double odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
    d = 1.0 / (1.0 + odd * d);
    c = 1.0 + odd / c;
    change = c * d;
    fraction *= change;
  }
  return fraction;
}

/* ln of x = df/(df + t^2); t^2 may be too large for a double. */
static double log_share(double t, double df) {
  double square = t * t / df;
  return isinf(square) ? log(df) - 2.0 * log(t) : -log1p(square);
}

/* The tail is I_x(df/2, 1/2) with x = df/(df + t^2) (Abramowitz and Stegun 26.7.1). */
double eh_student_log_two_sided(double t, double df) {
  assert(df > 0.0);
  if (t == 0.0) return 0.0;
  if (df > NORMAL_FROM) return eh_normal_test(t).log10_p * M_LN10;
  double a = df / 2.0, log_x = log_share(t, df);
  double x = exp(log_x), rest = -expm1(log_x);
  double log_terms = a * log_x + 0.5 * log(rest) - log_beta_half(a);
  if (x < (a + 1.0) / (a + 2.5)) return log_terms - log(a) + log(beta_fraction(a, 0.5, x));
  return log1p(-fmin(1.0, 2.0 * exp(log_terms) * beta_fraction(0.5, a, rest)));
}

double eh_normal_score(double log_tail) {
  if (log_tail >= -M_LN2) return 0.0;
  double z = log_tail > -700.0 ? gsl_cdf_ugaussian_Qinv(exp(log_tail)) : sqrt(-2.0 * log_tail);
  for (int i = 0; i < MOST_STEPS; i++) {
    double at = eh_normal_test(z).log10_p * M_LN10 - M_LN2;
    double slope = exp(-0.5 * z * z - 0.5 * log(2.0 * M_PI) - at); /* of -ln Q */
    double step = (at - log_tail) / slope;
    z += step;
    if (fabs(step) <= 1e-14 * z) break;
  }
  return z;
}

/* Newton's method from the left: beyond the shoulders the log of the tails is convex. */
double eh_student_quantile(double log_two_sided, double df) {
  double t = eh_normal_score(log_two_sided - M_LN2);
  if (df > NORMAL_FROM || t == 0.0) return t;
  for (int i = 0; i < MOST_STEPS; i++) {
    double at = eh_student_log_two_sided(t, df);
    double log_density =
        (df + 1.0) / 2.0 * log_share(t, df) - 0.5 * log(df) - log_beta_half(df / 2.0);
    double step = (at - log_two_sided) / (2.0 * exp(log_density - at));
    t += step;
    if (fabs(step) <= 1e-13 * t) break;
  }
  return t;
}
