/* The p of a balanced comparison, by saddlepoint. */
#include <math.h>

#include "engine/stats/balanced_internal.h"
#include "engine/stats/chi_square.h"
#include "engine/stats/newton.h"

/* The cumulant generating function of T and its derivatives at s, the mean of T taken off. */
struct cumulants {
  double k, first, second;
};

/* ln(1 - p + p e^x) - p x, and its derivatives; without loss where x is small or large. */
static struct cumulants of_decision(double p, double x) {
  double a = x > 0.0 ? p / (p + (1.0 - p) * exp(-x)) : p * exp(x) / (1.0 + p * expm1(x));
  double k = x > 1.0 ? x + log(p + (1.0 - p) * exp(-x)) : log1p(p * expm1(x));
  return (struct cumulants){k - p * x, a - p, a * (1.0 - a)};
}

static struct cumulants at(const struct eh_balanced *b, double s) {
  struct cumulants sum = {0};
  const struct eh_caseload *c = b->caseload;
  for (size_t i = 0; i < c->count; i++) {
    if (!b->balance->kept[i]) continue;
    double own = (double)c->tables[i].n1, peers = (double)c->tables[i].n2;
    if (own > 0.0) {
      struct cumulants d = of_decision(b->p0[i], s);
      sum.k += own * d.k;
      sum.first += own * d.first;
      sum.second += own * d.second;
    }
    double w = b->balance->weight[i];
    if (peers > 0.0 && w > 0.0) {
      struct cumulants d = of_decision(b->p0[i], -w * s);
      sum.k += peers * d.k;
      sum.first -= peers * w * d.first;
      sum.second += peers * w * w * d.second;
    }
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
    double bound = at(b, sign * s).k - sign * s * t;
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
  static const double MOST_TILT = 50.0, SERIES_BELOW = 1e-4;
  /* T less its mean, at which it was observed; the mean of the weighted model is no matter. */
  double t = b->records * difference, sign = difference < 0.0 ? -1.0 : 1.0;
  if (sign * (at(b, sign * MOST_TILT).first - t) < 0.0) {
    take_end(b, t, sign, test);
    return;
  }
  struct eh_search search = {fmin(0.0, sign * MOST_TILT), fmax(0.0, sign * MOST_TILT), 0.0};
  struct cumulants here = at(b, 0.0);
  double variance = here.second;
  for (int i = 0; i < MOST_STEPS; i++) {
    double step = eh_step_to(&search, here.first - t, here.second);
    here = at(b, search.at);
    if (step <= 1e-15 * fabs(search.at)) break;
  }
  double s = search.at;
  test->at = s;
  if (fabs(s) < SERIES_BELOW) {
    set_p(test, variance > 0.0 ? t / sqrt(variance) : 0.0);
    return;
  }
  double r = sign * sqrt(fmax(0.0, 2.0 * (s * t - here.k))), v = s * sqrt(here.second);
  set_p(test, r + log(v / r) / r);
}
