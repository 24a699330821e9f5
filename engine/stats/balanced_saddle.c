/* The p of a balanced comparison, by saddlepoint. */
#include <math.h>

#include "engine/stats/balanced_internal.h"
#include "engine/stats/chi_square.h"
#include "engine/stats/newton.h"

/* The cumulant generating function of T and its derivatives at s, the mean of T taken off. */
struct cumulants {
  double k, first, second;
};

/* ln(1 - p + p e^x) - p x, without loss where x is small or large. */
static double k_of(double p, double x) {
  return (x > 1.0 ? x + log(p + (1.0 - p) * exp(-x)) : log1p(p * expm1(x))) - p * x;
}

/* p tilted by x; the odds are p's times e^x. */
static double tilted(double p, double x) {
  return x > 0.0 ? p / (p + (1.0 - p) * exp(-x)) : p * exp(x) / (1.0 + p * expm1(x));
}

static void add(struct cumulants *sum, double records, double weight, double p, double s) {
  double a = tilted(p, weight * s);
  sum->first += records * weight * (a - p);
  sum->second += records * weight * weight * a * (1.0 - a);
}

/* with_k: else k is left 0. */
static struct cumulants at(const struct eh_balanced *b, double s, bool with_k) {
  struct cumulants sum = {0};
  const struct eh_caseload *c = b->caseload;
  for (size_t i = 0; i < c->count; i++) {
    if (!b->balance->kept[i]) continue;
    double own = (double)c->tables[i].n1, peers = (double)c->tables[i].n2, p = b->p0[i];
    double w = b->balance->weight[i];
    if (own > 0.0) add(&sum, own, 1.0, p, s);
    if (peers > 0.0 && w > 0.0) add(&sum, peers, -w, p, s);
    if (!with_k) continue;
    if (own > 0.0) sum.k += own * k_of(p, s);
    if (peers > 0.0 && w > 0.0) sum.k += peers * k_of(p, -w * s);
  }
  return sum;
}

static void set_p(struct eh_balanced_test *test, double z) {
  struct eh_test normal = eh_normal_test(z);
  test->z = z;
  test->p = normal.p;
  test->log10_p = normal.log10_p;
}

/* exp(K(s) - s t) bounds the chance of t or more for every s; at the end of what T can be its least
   is the chance of the end. */
static void take_end(const struct eh_balanced *b, double t, double sign,
                     struct eh_balanced_test *test) {
  static const double FURTHEST = 1e6;
  double least = 0.0;
  for (double s = 50.0; s <= FURTHEST; s *= 2.0) {
    double bound = at(b, sign * s, true).k - sign * s * t;
    if (!(bound < least)) break;
    least = bound;
    test->at = sign * s;
  }
  test->at_the_end = true;
  test->log10_p = fmin(0.0, (M_LN2 + least) / M_LN10);
  test->p = pow(10.0, test->log10_p);
  test->z = 0.0;
}

void eh_balanced_saddlepoint(const struct eh_balanced *b, double difference,
                             struct eh_balanced_test *test) {
  enum { MOST_STEPS = 200 };
  static const double MOST_TILT = 50.0, SERIES_BELOW = 1e-4, NEAR = 1e-9;
  /* T less its mean, at which it was observed; the mean of the weighted model is no matter. */
  double t = b->records * difference, sign = difference < 0.0 ? -1.0 : 1.0;
  struct eh_search search = {fmin(0.0, sign * MOST_TILT), fmax(0.0, sign * MOST_TILT), 0.0};
  struct cumulants here = at(b, 0.0, false);
  double variance = here.second;
  for (int i = 0; i < MOST_STEPS; i++) {
    double step = eh_step_to(&search, here.first - t, here.second);
    if (step <= NEAR * fabs(search.at)) break; /* the next one would be its square */
    here = at(b, search.at, false);
  }
  double s = search.at;
  if (fabs(s) > MOST_TILT * (1.0 - 1e-6)) {
    take_end(b, t, sign, test);
    return;
  }
  test->at = s;
  if (fabs(s) < SERIES_BELOW) {
    set_p(test, variance > 0.0 ? t / sqrt(variance) : 0.0);
    return;
  }
  here = at(b, s, true);
  double r = sign * sqrt(fmax(0.0, 2.0 * (s * t - here.k))), v = s * sqrt(here.second);
  set_p(test, r + log(v / r) / r);
}
