#include "engine/stats/spread_change.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/memory.h"
#include "engine/stats/chi_square.h"
#include "engine/stats/mantel_haenszel.h"

static const double TARGET = 0.678655, TAIL = 0.1;
enum { FEWEST = 8, HALVINGS = 200 };

static int ascending(const void *x, const void *y) {
  double a = *(const double *)x, b = *(const double *)y;
  return (a > b) - (a < b);
}

/* z into order of size in sorted; clipped at the tails in place. */
static void winsorise(double *z, double *sorted, size_t count) {
  memcpy(sorted, z, count * sizeof *z);
  qsort(sorted, count, sizeof *sorted, ascending);
  double low = eh_quantile_sorted(sorted, count, TAIL),
         high = eh_quantile_sorted(sorted, count, 1.0 - TAIL);
  for (size_t i = 0; i < count; i++) z[i] = fmin(fmax(z[i], low), high);
}

static void standardise(const struct eh_at_time *units, size_t count, double tau, double *z,
                        double *sorted) {
  for (size_t i = 0; i < count; i++)
    z[i] = units[i].effect / sqrt(units[i].variance + tau * tau);
  winsorise(z, sorted, count);
}

static double mean_square(const struct eh_at_time *units, size_t count, double tau, double *room) {
  double sum = 0.0;
  standardise(units, count, tau, room, room + count);
  for (size_t i = 0; i < count; i++) sum += room[i] * room[i];
  return sum / (double)count;
}

/* The tau at which the mean square is the target; 0 where it is smaller at 0 already. */
static double solve(const struct eh_at_time *units, size_t count, double target, double *room) {
  double low = 0.0, high = 1.0;
  if (mean_square(units, count, 0.0, room) <= target) return 0.0;
  while (mean_square(units, count, high, room) > target) high *= 2.0;
  for (int i = 0; i < HALVINGS && high - low > 1e-15 * high; i++) {
    double middle = (low + high) / 2.0;
    if (mean_square(units, count, middle, room) > target)
      low = middle;
    else
      high = middle;
  }
  return (low + high) / 2.0;
}

double eh_spread_about_zero(const struct eh_at_time *units, size_t count) {
  double *room = eh_alloc(2 * count, sizeof *room);
  double tau = solve(units, count, TARGET, room);
  free(room);
  return tau;
}

struct eh_interval eh_spread_interval(const struct eh_at_time *units, size_t count,
                                      double confidence) {
  double n = (double)count, df = 0.72 * n + 0.4, a = (1.0 - confidence) / 2.0;
  double scale = TARGET * (1.0 + 0.7 / n) / df, *room = eh_alloc(2 * count, sizeof *room);
  struct eh_interval spread = {
      eh_figure(solve(units, count, TARGET, room)),
      eh_figure(solve(units, count, scale * gsl_cdf_chisq_Qinv(a, df), room)),
      eh_figure(solve(units, count, scale * gsl_cdf_chisq_Pinv(a, df), room))};
  free(room);
  return spread;
}

struct eh_interval eh_interval_difference(const struct eh_interval *a, const struct eh_interval *b,
                                          double r) {
  double d = a->estimate.value - b->estimate.value;
  double below = a->estimate.value - a->low.value, above = a->high.value - a->estimate.value,
         other_below = b->estimate.value - b->low.value,
         other_above = b->high.value - b->estimate.value;
  double down = below * below + other_above * other_above - 2.0 * r * below * other_above,
         up = above * above + other_below * other_below - 2.0 * r * above * other_below;
  return (struct eh_interval){eh_figure(d), eh_figure(d - sqrt(fmax(0.0, down))),
                              eh_figure(d + sqrt(fmax(0.0, up)))};
}

/* 0.7 rho^2 of the winsorised z. */
static double correlation(const struct eh_at_time *before, const struct eh_at_time *after,
                          size_t count, const struct eh_spread_change *c) {
  double *x = eh_alloc(3 * count, sizeof *x), *y = x + count, xy = 0.0, xx = 0.0, yy = 0.0;
  standardise(before, count, c->before.estimate.value, x, y + count);
  standardise(after, count, c->after.estimate.value, y, y + count);
  for (size_t i = 0; i < count; i++) xy += x[i] * y[i], xx += x[i] * x[i], yy += y[i] * y[i];
  free(x);
  return xx > 0.0 && yy > 0.0 ? 0.7 * xy * xy / (xx * yy) : 0.0;
}

struct eh_spread_change eh_spread_change(const struct eh_at_time *before,
                                         const struct eh_at_time *after, size_t count,
                                         double confidence) {
  static const char few[] = "fewer than 8 units decided enough at both times";
  struct eh_spread_change c = {eh_no_interval(few), eh_no_interval(few), eh_no_interval(few),
                               eh_no_figure(few), count};
  if (count < FEWEST) return c;
  c.before = eh_spread_interval(before, count, confidence);
  c.after = eh_spread_interval(after, count, confidence);
  c.correlation = eh_figure(correlation(before, after, count, &c));
  c.change = eh_interval_difference(&c.after, &c.before, c.correlation.value);
  return c;
}

/* Of the unit, in informative strata. */
static void expect(const struct eh_table *t, size_t count, double *expected, double *records) {
  *expected = *records = 0.0;
  for (size_t i = 0; i < count; i++) {
    if (!eh_table_is_informative(&t[i])) continue;
    double n1 = (double)t[i].n1;
    *expected += n1 * (double)(t[i].a + t[i].c) / (n1 + (double)t[i].n2);
    *records += n1;
  }
}

bool eh_log_odds_ratio(const struct eh_table *tables, size_t count, struct eh_at_time *effect) {
  struct eh_cmh cmh = eh_cmh(tables, count);
  double expected, records;
  if (!(cmh.variance > 0.0)) return false;
  expect(tables, count, &expected, &records);
  struct eh_odds_ratio ratio = eh_odds_ratio(tables, count, 0.95);
  bool enough = fmin(expected, records - expected) >= 5.0 && !ratio.log_variance.why_not &&
                !ratio.interval.estimate.why_not && ratio.interval.estimate.value > 0.0;
  *effect = enough ? (struct eh_at_time){log(ratio.interval.estimate.value),
                                         ratio.log_variance.value}
                   : (struct eh_at_time){cmh.deviation / cmh.variance, 1.0 / cmh.variance};
  return true;
}
