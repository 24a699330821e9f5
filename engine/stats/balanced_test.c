#include "engine/stats/balanced_test.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "engine/stats/balanced_internal.h"
#include "engine/stats/chi_square.h"
#include "engine/stats/newton.h"

static const double CERTAIN = 1e-12; /* a mean this near to 0 or 1 has no variance */
enum { FEW = 10 };

/* --- variances --- */

static double variance_of_peers(const struct eh_balanced *b) {
  const struct eh_caseload *c = b->caseload;
  double sum = 0.0;
  for (size_t i = 0; i < c->count; i++)
    if (b->balance->kept[i])
      sum += b->balance->weight[i] * b->balance->weight[i] * (double)c->tables[i].n2 * b->p0[i] *
             (1.0 - b->p0[i]);
  return sum / b->records / b->records;
}

/* The unit's records with their odds times exp(shift): their mean, and the variance of that. */
struct shifted {
  double mean, variance;
};
static struct shifted shifted(const struct eh_balanced *b, double shift) {
  struct shifted s = {0};
  double factor = exp(shift);
  for (size_t i = 0; i < b->own_count; i++) {
    double odds = b->own[i].odds * factor, p = odds / (1.0 + odds);
    s.mean += b->own[i].records * p / b->records;
    s.variance += b->own[i].records * p / (1.0 + odds) / b->records / b->records;
  }
  return s;
}

static struct eh_balanced begin(const struct eh_caseload *caseload,
                                const struct eh_balance *balance, const double *p0) {
  struct eh_balanced b = {caseload, balance, p0, (double)balance->comparable, NULL, 0};
  b.own = eh_alloc(caseload->count, sizeof *b.own);
  for (size_t i = 0; i < caseload->count; i++)
    if (balance->kept[i] && caseload->tables[i].n1)
      b.own[b.own_count++] =
          (struct eh_own_records){(double)caseload->tables[i].n1, p0[i] / (1.0 - p0[i])};
  return b;
}

/* With this mean. */
static double variance_of_unit(const struct eh_balanced *b, double mean) {
  enum { MOST_STEPS = 100 };
  if (mean <= CERTAIN || mean >= 1.0 - CERTAIN) return 0.0;
  struct eh_search search = {-60.0, 60.0, 0.0};
  struct shifted s = shifted(b, 0.0);
  for (int i = 0; i < MOST_STEPS; i++) {
    double step = eh_step_to(&search, s.mean - mean, s.variance * b->records);
    s = shifted(b, search.at);
    if (step <= 1e-15 * fmax(1.0, fabs(search.at))) break;
  }
  return s.variance;
}

/* --- interval --- */

struct inversion {
  const struct eh_balanced *balanced;
  double difference, mean, reach, peers;
};

static double excess(void *context, double x) {
  const struct inversion *v = context;
  double variance = v->peers + variance_of_unit(v->balanced, v->mean + x);
  return (v->difference - x) * (v->difference - x) - v->reach * v->reach * variance;
}

/* sign -1: the lower limit. */
static double limit(struct inversion *v, double sign) {
  double end = sign < 0.0 ? -v->mean : 1.0 - v->mean;
  if (excess(v, end) <= 0.0) {
    double further = v->difference + sign * v->reach * sqrt(v->peers);
    return sign < 0.0 ? fmax(-1.0, fmin(end, further)) : fmin(1.0, fmax(end, further));
  }
  if (sign * (v->difference - end) >= 0.0) return v->difference;
  return sign < 0.0 ? eh_root_between(excess, v, end, v->difference)
                    : eh_root_between(excess, v, v->difference, end);
}

/* What the unit's mean would be without a difference. */
static double usual_mean(const struct eh_balanced *b) {
  double mean = b->balance->expected / b->records;
  return mean <= CERTAIN || mean >= 1.0 - CERTAIN ? shifted(b, 0.0).mean : mean;
}

struct eh_balanced_test eh_balanced_test(const struct eh_caseload *caseload,
                                         const struct eh_balance *balance, const double *p0,
                                         double confidence) {
  struct eh_balanced b = begin(caseload, balance, p0);
  struct eh_balanced_test test = {0};
  double events = (double)balance->events, expected = balance->expected;
  double difference = (events - expected) / b.records;
  test.peers_variance = variance_of_peers(&b);
  struct inversion v = {&b, difference, usual_mean(&b), eh_normal_reach(confidence),
                        test.peers_variance};
  test.unit_variance = variance_of_unit(&b, v.mean);
  double both = test.peers_variance + test.unit_variance;
  test.normal = both > 0.0 ? difference / sqrt(both) : 0.0;
  test.difference = (struct eh_interval){eh_figure(difference), eh_figure(limit(&v, -1.0)),
                                         eh_figure(limit(&v, 1.0))};
  test.few = fmin(fmin(events, b.records - events), fmin(expected, b.records - expected)) < FEW;
  eh_balanced_saddlepoint(&b, difference, &test);
  free(b.own);
  return test;
}

/* --- power --- */

struct reaching {
  const struct eh_balanced *balanced;
  double sign, mean, peers, critical, wanted;
};

/* By how much the power's probit is short at a true difference. */
static double surplus(void *context, double x) {
  const struct reaching *r = context;
  double variance = r->peers + variance_of_unit(r->balanced, r->mean + r->sign * x);
  return x - r->critical - r->wanted * sqrt(variance);
}

static struct eh_figure reach(struct reaching *r) {
  double end = r->sign > 0.0 ? 1.0 - r->mean : r->mean;
  if (!(end > r->critical) || surplus(r, end) < 0.0)
    return eh_no_figure("even the largest difference possible would not be found");
  return eh_figure(eh_root_between(surplus, r, 0.0, end));
}

struct eh_power_reach eh_balanced_power(const struct eh_caseload *caseload,
                                        const struct eh_balance *balance, const double *p0,
                                        double peers_variance, const struct eh_power_plan *plan,
                                        double probability) {
  struct eh_balanced b = begin(caseload, balance, p0);
  struct reaching r = {.balanced = &b, .sign = 1.0, .mean = usual_mean(&b)};
  r.peers = peers_variance;
  double error = sqrt(r.peers + variance_of_unit(&b, r.mean));
  r.critical = fmax(plan->smallest_difference, eh_normal_reach(1.0 - plan->alpha) * error);
  r.wanted = gsl_cdf_ugaussian_Pinv(probability);
  struct eh_power_reach power = {.higher = reach(&r)};
  r.sign = -1.0;
  power.lower = reach(&r);
  bool lower =
      power.higher.why_not || (!power.lower.why_not && power.lower.value < power.higher.value);
  power.smallest = lower ? power.lower : power.higher;
  free(b.own);
  return power;
}
