#include "engine/stats/standing.h"

#include <math.h>

#include "engine/stats/hypergeometric.h"
#include "engine/stats/newton.h"

/* NARROW: values of a, beyond which it pays to begin at the likeliest. */
enum { NARROW = 24, MOST_STEPS = 200 };
static const double FARTHEST = 40.0, NEAR = 1e-8, NEGLIGIBLE = 1e-18;

struct support {
  double low, high; /* values of a */
};

static struct support support_of(const struct eh_table *t) {
  double n1 = (double)t->n1, n2 = (double)t->n2, m = (double)(t->a + t->c);
  return (struct support){fmax(0.0, m - n2), fmin(n1, m)};
}

/* P(x + 1)/P(x) at psi. */
static double ratio(const struct eh_table *t, double psi, double x) {
  double n1 = (double)t->n1, n2 = (double)t->n2, m = (double)(t->a + t->c);
  return psi * (n1 - x) * (m - x) / ((x + 1.0) * (n2 - m + x + 1.0));
}

/* Sums of P, and of P times the distance from where it began, and its square. */
struct sums {
  double weight, first, second;
};

static void add(struct sums *s, double weight, double distance) {
  s->weight += weight;
  s->first += weight * distance;
  s->second += weight * distance * distance;
}

static double likeliest(const struct eh_table *t, double psi) {
  struct eh_hypergeometric h = eh_hypergeometric(t->n1, t->n2, t->a + t->c);
  return (double)eh_hypergeometric_mode(&h, psi);
}

/* From the likeliest value outwards, until nothing more counts. */
struct eh_moments eh_noncentral_moments(const struct eh_table *t, double psi) {
  struct support s = support_of(t);
  double begin = s.high - s.low <= NARROW ? s.low : likeliest(t, psi), weight = 1.0;
  struct sums sums = {1.0, 0.0, 0.0};
  for (double x = begin; x < s.high; x++) {
    weight *= ratio(t, psi, x);
    add(&sums, weight, x + 1.0 - begin);
    if (begin > s.low && weight < NEGLIGIBLE * sums.weight) break;
  }
  weight = 1.0;
  for (double x = begin; x > s.low; x--) {
    weight /= ratio(t, psi, x - 1.0);
    add(&sums, weight, x - 1.0 - begin);
    if (weight < NEGLIGIBLE * sums.weight) break;
  }
  double mean = sums.first / sums.weight;
  return (struct eh_moments){begin + mean, fmax(0.0, sums.second / sums.weight - mean * mean)};
}

/* Some tables of one situation. */
struct group {
  const struct eh_period_table *tables;
  size_t count;
};

static bool is_at_end(const struct group *g) {
  double events = 0.0, low = 0.0, high = 0.0;
  for (size_t i = 0; i < g->count; i++) {
    struct support s = support_of(&g->tables[i].table);
    events += (double)g->tables[i].table.a;
    low += s.low;
    high += s.high;
  }
  return events <= low || events >= high;
}

static double psi_at(const struct eh_period_table *t, double theta, double psi) {
  return t->shift == 0.0 ? psi : exp(theta + t->shift);
}

/* The root of the sum of a - mu, from a place near it. */
static double estimate(const struct group *g, double from) {
  struct eh_search search = {-FARTHEST, FARTHEST, from};
  for (int i = 0; i < MOST_STEPS; i++) {
    double over = 0.0, slope = 0.0, psi = exp(search.at);
    for (size_t k = 0; k < g->count; k++) {
      const struct eh_period_table *t = &g->tables[k];
      struct eh_moments m = eh_noncentral_moments(&t->table, psi_at(t, search.at, psi));
      over += m.mean - (double)t->table.a;
      slope += m.variance;
    }
    if (eh_step_to(&search, over, slope) < NEAR) break;
  }
  return search.at;
}

struct eh_figure eh_standing_estimate(const struct eh_period_table *tables, size_t count) {
  struct group g = {tables, count};
  if (count == 0 || is_at_end(&g)) return eh_no_figure("its events are at the end of what can be");
  return eh_figure(estimate(&g, 0.0));
}

static size_t score(const struct group *g, double theta, struct eh_score *scores) {
  size_t count = 0;
  double psi = exp(theta);
  for (size_t i = 0; i < g->count; i++) {
    const struct eh_period_table *t = &g->tables[i];
    struct eh_moments m = eh_noncentral_moments(&t->table, psi_at(t, theta, psi));
    if (i == 0 || t->period != g->tables[i - 1].period)
      scores[count++] = (struct eh_score){t->situation, t->period, 0.0, 0.0};
    scores[count - 1].u += (double)t->table.a - m.mean;
    scores[count - 1].v += m.variance;
  }
  return count;
}

size_t eh_standing_scores(const struct eh_period_table *tables, size_t count, uint32_t looks,
                          double *theta, struct eh_score *scores) {
  size_t made = 0;
  for (size_t first = 0, end; first < count; first = end) {
    struct group g = {tables + first, 0};
    for (end = first; end < count && tables[end].situation == tables[first].situation; end++)
      g.count += tables[end].period < looks;
    if (g.count == 0 || is_at_end(&g)) continue;
    theta[first] = estimate(&g, theta[first]);
    made += score(&g, theta[first], scores + made);
  }
  return made;
}
