#include "engine/stats/pilots.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/memory.h"
#include "engine/base/random.h"
#include "engine/stats/chi_square.h"

enum { FEWEST = 5, MOST_GROUPS = 10000 };

struct offices {
  const struct eh_at_time *changes;
  size_t count;
  struct eh_at_time *centred; /* room */
  double *sorted;
};

struct answer {
  double difference, error, error_of_records, sigma;
  size_t others;
};

static int ascending(const void *x, const void *y) {
  double a = *(const double *)x, b = *(const double *)y;
  return (a > b) - (a < b);
}

/* How much the others change of their own accord. */
static double sigma_of(struct offices *o, const bool *is_pilot, size_t *others) {
  size_t n = 0;
  for (size_t i = 0; i < o->count; i++)
    if (!is_pilot[i]) o->sorted[n] = o->changes[i].effect, o->centred[n++] = o->changes[i];
  *others = n;
  if (n < FEWEST) return 0.0;
  qsort(o->sorted, n, sizeof *o->sorted, ascending);
  double median = eh_quantile_sorted(o->sorted, n, 0.5);
  for (size_t i = 0; i < n; i++) o->centred[i].effect -= median;
  return eh_spread_about_zero(o->centred, n);
}

static struct answer answer_of(struct offices *o, const bool *is_pilot) {
  struct answer a = {0};
  double sum[2] = {0}, weight[2] = {0}, plain[2] = {0};
  a.sigma = sigma_of(o, is_pilot, &a.others);
  for (size_t i = 0; i < o->count; i++) {
    double w = 1.0 / (o->changes[i].variance + a.sigma * a.sigma);
    sum[is_pilot[i]] += w * o->changes[i].effect;
    weight[is_pilot[i]] += w;
    plain[is_pilot[i]] += 1.0 / o->changes[i].variance;
  }
  a.difference = sum[1] / weight[1] - sum[0] / weight[0];
  a.error = sqrt(1.0 / weight[1] + 1.0 / weight[0]);
  a.error_of_records = sqrt(1.0 / plain[1] + 1.0 / plain[0]);
  return a;
}

/* --- placebo groups, of those offices that were no pilots, against all the rest --- */

struct placebo {
  struct offices *offices;
  size_t *other; /* offices that were no pilots */
  size_t others;
  bool *chosen; /* by office */
  size_t size;  /* of a group */
  double least; /* |t| that counts */
  uint64_t groups, as_large;
};

static void try_group(struct placebo *p) {
  struct answer a = answer_of(p->offices, p->chosen);
  p->groups++;
  p->as_large += fabs(a.difference / a.error) >= p->least;
}

static void try_all(struct placebo *p, size_t from, size_t left) {
  if (left == 0) {
    try_group(p);
    return;
  }
  for (size_t i = from; i + left <= p->others; i++) {
    p->chosen[p->other[i]] = true;
    try_all(p, i + 1, left - 1);
    p->chosen[p->other[i]] = false;
  }
}

/* Floyd's draw of a subset. */
static void try_drawn(struct placebo *p, struct eh_random *random) {
  memset(p->chosen, 0, p->offices->count * sizeof *p->chosen);
  for (size_t i = p->others - p->size; i < p->others; i++) {
    size_t at = p->other[eh_random_below(random, i + 1)];
    p->chosen[p->chosen[at] ? p->other[i] : at] = true;
  }
  try_group(p);
}

static double groups_of(size_t count, size_t size) {
  double groups = 1.0;
  for (size_t i = 0; i < size; i++) groups *= (double)(count - i) / (double)(i + 1);
  return groups;
}

static void try_placebos(struct placebo *p, uint64_t seed) {
  if (groups_of(p->others, p->size) <= MOST_GROUPS + 0.5) {
    try_all(p, 0, p->size);
    return;
  }
  struct eh_random random = eh_random_seeded(seed, 0);
  for (int i = 0; i < MOST_GROUPS; i++) try_drawn(p, &random);
}

static void add_placebos(struct eh_pilots *pilots, struct offices *o, const bool *is_pilot,
                         double t, uint64_t seed) {
  if (pilots->pilots >= pilots->others) {
    pilots->placebo_p = eh_no_figure("no more others than pilots");
    return;
  }
  struct placebo p = {.offices = o,
                      .other = eh_alloc(o->count, sizeof *p.other),
                      .chosen = eh_alloc_zeroed(o->count, sizeof *p.chosen),
                      .size = pilots->pilots,
                      .least = fabs(t) * (1.0 - 1e-9)};
  for (size_t i = 0; i < o->count; i++)
    if (!is_pilot[i]) p.other[p.others++] = i;
  try_placebos(&p, seed);
  pilots->groups = p.groups;
  pilots->placebo_p = eh_figure((1.0 + (double)p.as_large) / (1.0 + (double)p.groups));
  free(p.chosen);
  free(p.other);
}

static struct eh_pilots no_pilots(size_t pilots, size_t others, const char *why_not) {
  struct eh_figure none = eh_no_figure(why_not);
  return (struct eh_pilots){pilots, others, eh_no_interval(why_not), none, none, none, none, 0,
                            none};
}

struct eh_pilots eh_pilots(const struct eh_at_time *changes, const bool *is_pilot, size_t count,
                           const struct eh_pilots_options *options) {
  size_t pilots = 0;
  for (size_t i = 0; i < count; i++) pilots += is_pilot[i];
  if (pilots == 0) return no_pilots(0, count, "no pilot decided like cases before and after");
  if (count - pilots < FEWEST) return no_pilots(pilots, count - pilots, "too few offices to tell");
  struct offices o = {changes, count, eh_alloc(count, sizeof *o.centred),
                      eh_alloc(count, sizeof *o.sorted)};
  struct answer a = answer_of(&o, is_pilot);
  double df = (double)(a.others - 1), t = a.difference / a.error,
         reach = gsl_cdf_tdist_Qinv((1.0 - options->confidence) / 2.0, df) * a.error;
  struct eh_pilots answer = {.pilots = pilots,
                             .others = a.others,
                             .difference = {eh_figure(a.difference), eh_figure(a.difference - reach),
                                            eh_figure(a.difference + reach)},
                             .error = eh_figure(a.error),
                             .error_of_records = eh_figure(a.error_of_records),
                             .sigma = eh_figure(a.sigma),
                             .p = eh_figure(2.0 * gsl_cdf_tdist_Q(fabs(t), df))};
  add_placebos(&answer, &o, is_pilot, t, options->seed);
  free(o.centred);
  free(o.sorted);
  return answer;
}
