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

/* Of two, neither of them NaN; of a NaN and another, the other, if it comes second. */
static inline double larger(double x, double y) { return x > y ? x : y; }
static inline double smaller(double x, double y) { return x < y ? x : y; }

/* The unit's expected events when the table's margins stand and its odds ratio is psi: the root of
   A (n2 - m + A) = psi (n1 - A)(m - A), in the form that does not cancel. */
static inline double expected_at(double n1, double n2, double m, double psi) {
  double linear = n2 - m + psi * (n1 + m);
  double product = psi * n1 * m;
  double root = sqrt(larger(linear * linear + 4.0 * (1.0 - psi) * product, 0.0));
  double above = 2.0 * product / (linear + root);
  double below = (root - linear) / (2.0 * (1.0 - psi)); /* linear < 0 only if psi < 1 */
  double A = linear >= 0.0 ? above : below;
  return smaller(larger(A, larger(m - n2, 0.0)), smaller(n1, m));
}

/* Some strata's shares of the statistic. A root and five divisions a stratum are the dearest of all
   that is asked of it; column by column, the compiler has several strata's done at once. */
enum { BATCH = 128 };
struct shares {
  size_t count;
  double a[BATCH], m[BATCH], n1[BATCH], n2[BATCH];
  double deviation[BATCH], variance[BATCH], share[BATCH]; /* a - A, V, (a-A)^2/V */
  double least[BATCH];                                    /* of the four expected counts */
};

/* The next informative tables, as many as fit, from the next-th on; where the one after them is. */
static size_t take(struct shares *s, const struct eh_table *tables, size_t count, size_t next) {
  s->count = 0;
  for (; next < count && s->count < BATCH; next++) {
    if (!eh_table_is_informative(&tables[next])) continue;
    struct margins g = margins_of(&tables[next]);
    size_t k = s->count++;
    s->a[k] = g.a;
    s->m[k] = g.m;
    s->n1[k] = g.n1;
    s->n2[k] = g.n2;
  }
  return next;
}

static void share_out(struct shares *s, double odds_ratio) {
  for (size_t k = 0; k < s->count; k++) {
    double n1 = s->n1[k], n2 = s->n2[k], m = s->m[k];
    double A = expected_at(n1, n2, m, odds_ratio);
    double V = 1.0 / (1.0 / A + 1.0 / (n1 - A) + 1.0 / (m - A) + 1.0 / (n2 - m + A));
    s->deviation[k] = s->a[k] - A;
    s->variance[k] = V;
    s->share[k] = (s->a[k] - A) * (s->a[k] - A) / V;
    s->least[k] = smaller(smaller(A, n1 - A), smaller(m - A, n2 - m + A));
  }
}

struct eh_homogeneity eh_homogeneity(const struct eh_table *tables, size_t count, double odds_ratio,
                                     double *contributions) {
  double statistic = 0.0, deviations = 0.0, variances = 0.0;
  size_t informative = 0, table = 0;
  const char *why_not = NULL;
  if (!(odds_ratio > 0.0) || isinf(odds_ratio)) why_not = "no common odds ratio";
  for (size_t i = 0; contributions && i < count; i++) contributions[i] = 0.0;
  struct shares s;
  for (size_t next = 0; next < count && !why_not;) {
    next = take(&s, tables, count, next);
    share_out(&s, odds_ratio);
    for (size_t k = 0; k < s.count; k++) {
      /* Only when the odds ratio is beyond what a double resolves. */
      if (s.least[k] <= 0.0) why_not = "an expected count is too small to compute";
      if (why_not) break;
      statistic += s.share[k];
      deviations += s.deviation[k];
      variances += s.variance[k];
      informative++;
      if (!contributions) continue;
      while (!eh_table_is_informative(&tables[table])) table++;
      contributions[table++] = s.share[k];
    }
  }
  if (!why_not && informative < 2) why_not = "fewer than two strata have peers and both outcomes";
  if (why_not) return (struct eh_homogeneity){eh_no_test(why_not), eh_no_test(why_not)};
  double df = (double)(informative - 1);
  double corrected = fmax(0.0, statistic - deviations * deviations / variances);
  return (struct eh_homogeneity){eh_chi_square_test(statistic, df),
                                 eh_chi_square_test(corrected, df)};
}
