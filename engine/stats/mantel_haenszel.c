#include "engine/stats/mantel_haenszel.h"

#include <math.h>

#include "engine/stats/chi_square.h"

static const char not_informative[] = "no stratum has peers and both outcomes";

/* A table in double: counts are 64-bit, and products of two would pass what integers hold. */
struct margins {
  double a, b, c, d, n1, n2, m, n;
};

static struct margins margins_of(const struct eh_table *t) {
  struct margins g = {.a = (double)t->a,
                      .b = (double)(t->n1 - t->a),
                      .c = (double)t->c,
                      .d = (double)(t->n2 - t->c),
                      .n1 = (double)t->n1,
                      .n2 = (double)t->n2};
  g.m = g.a + g.c;
  g.n = g.n1 + g.n2;
  return g;
}

struct eh_cmh eh_cmh(const struct eh_table *tables, size_t count) {
  struct eh_cmh cmh = {0};
  for (size_t i = 0; i < count; i++) {
    if (!eh_table_is_informative(&tables[i])) continue;
    struct margins g = margins_of(&tables[i]);
    cmh.deviation += g.a * (g.n2 / g.n) - g.c * (g.n1 / g.n); /* = a - n1 m/n */
    cmh.variance += (g.n1 / g.n) * (g.n2 / g.n) * g.m * ((g.b + g.d) / (g.n - 1.0));
  }
  cmh.test = cmh.variance > 0.0
                 ? eh_chi_square_test(cmh.deviation * cmh.deviation / cmh.variance, 1.0)
                 : eh_no_test(not_informative);
  return cmh;
}

struct eh_odds_ratio eh_odds_ratio(const struct eh_table *tables, size_t count, double confidence) {
  double R = 0.0, S = 0.0, PR = 0.0, PS_QR = 0.0, QS = 0.0;
  bool informative = false;
  for (size_t i = 0; i < count; i++) {
    if (!eh_table_is_informative(&tables[i])) continue;
    informative = true;
    struct margins g = margins_of(&tables[i]);
    double r = g.a * (g.d / g.n), s = g.b * (g.c / g.n);
    double p = (g.a + g.d) / g.n, q = (g.b + g.c) / g.n;
    R += r;
    S += s;
    PR += p * r;
    PS_QR += p * s + q * r;
    QS += q * s;
  }
  if (R <= 0.0 || S <= 0.0) {
    const char *why_not = informative ? "one of its two sums is 0" : not_informative;
    return (struct eh_odds_ratio){eh_no_interval(why_not), eh_no_figure(why_not)};
  }
  double variance = PR / (2.0 * R * R) + PS_QR / (2.0 * R * S) + QS / (2.0 * S * S);
  double reach = eh_normal_reach(confidence) * sqrt(variance), log_ratio = log(R / S);
  return (struct eh_odds_ratio){
      {eh_figure(R / S), eh_figure(exp(log_ratio - reach)), eh_figure(exp(log_ratio + reach))},
      eh_figure(variance)};
}

struct eh_risk_difference eh_risk_difference(const struct eh_table *tables, size_t count,
                                             double confidence) {
  double weights = 0.0, weighted = 0.0, P = 0.0, Q = 0.0;
  for (size_t i = 0; i < count; i++) {
    if (!eh_table_is_comparable(&tables[i])) continue;
    struct margins g = margins_of(&tables[i]);
    double f1 = g.n1 / g.n, f2 = g.n2 / g.n;
    weights += g.n1 * f2;
    weighted += g.a * f2 - g.c * f1; /* = w (a/n1 - c/n2) */
    P += f1 * f1 * g.c - f2 * f2 * g.a + f1 * f2 * (g.n2 - g.n1) / 2.0;
    Q += (g.a * (g.d / g.n) + g.c * (g.b / g.n)) / 2.0;
  }
  if (weights <= 0.0) {
    static const char why_not[] = "no stratum has peers";
    return (struct eh_risk_difference){eh_no_interval(why_not), eh_no_figure(why_not)};
  }
  double estimate = weighted / weights;
  double sum = estimate * P + Q;
  if (sum <= 1e-14 * Q)
    sum = 0.0; /* what rounding leaves where all records of each side went the same way */
  double error =
      sqrt(sum) /
      weights; /* the limits are neither clipped to [-1, 1] nor widened from 0, as in R */
  double reach = eh_normal_reach(confidence) * error;
  return (struct eh_risk_difference){
      {eh_figure(estimate), eh_figure(estimate - reach), eh_figure(estimate + reach)},
      eh_figure(error)};
}

/* The unit's expected events when the table's margins stand and its odds ratio is psi: the root of
   A (n2 - m + A) = psi (n1 - A)(m - A), in the form that does not cancel. */
static double expected_at(const struct margins *g, double psi) {
  double linear = g->n2 - g->m + psi * (g->n1 + g->m);
  double product = psi * g->n1 * g->m;
  double root = sqrt(fmax(0.0, linear * linear + 4.0 * (1.0 - psi) * product));
  double A = linear >= 0.0 ? 2.0 * product / (linear + root)
                           : (root - linear) / (2.0 * (1.0 - psi)); /* linear < 0 only if psi < 1 */
  return fmin(fmax(A, fmax(0.0, g->m - g->n2)), fmin(g->n1, g->m));
}

struct eh_homogeneity eh_homogeneity(const struct eh_table *tables, size_t count, double odds_ratio,
                                     double *contributions) {
  double statistic = 0.0, deviations = 0.0, variances = 0.0;
  size_t informative = 0;
  const char *why_not = NULL;
  if (!(odds_ratio > 0.0) || isinf(odds_ratio)) why_not = "no common odds ratio";
  for (size_t i = 0; i < count; i++) {
    if (contributions) contributions[i] = 0.0;
    if (why_not || !eh_table_is_informative(&tables[i])) continue;
    informative++;
    struct margins g = margins_of(&tables[i]);
    double A = expected_at(&g, odds_ratio);
    /* Only when the odds ratio is beyond what a double resolves. */
    if (A <= 0.0 || g.n1 - A <= 0.0 || g.m - A <= 0.0 || g.n2 - g.m + A <= 0.0) {
      why_not = "an expected count is too small to compute";
      continue;
    }
    double V = 1.0 / (1.0 / A + 1.0 / (g.n1 - A) + 1.0 / (g.m - A) + 1.0 / (g.n2 - g.m + A));
    double share = (g.a - A) * (g.a - A) / V;
    if (contributions) contributions[i] = share;
    statistic += share;
    deviations += g.a - A;
    variances += V;
  }
  if (!why_not && informative < 2) why_not = "fewer than two strata have peers and both outcomes";
  if (why_not) return (struct eh_homogeneity){eh_no_test(why_not), eh_no_test(why_not)};
  double df = (double)(informative - 1);
  double corrected = fmax(0.0, statistic - deviations * deviations / variances);
  return (struct eh_homogeneity){eh_chi_square_test(statistic, df),
                                 eh_chi_square_test(corrected, df)};
}
