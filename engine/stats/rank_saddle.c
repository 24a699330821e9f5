/* The double saddlepoint approximation of engine/stats/rank_test.h. */
#include <math.h>

#include "engine/stats/newton.h"
#include "engine/stats/rank_internal.h"

enum { MOST_STEPS = 200 };
static const double NEAR_CENTRE = 1e-3; /* |w| below it: the normal score of T */

/* Sums over a stratum's classes at one tilt: expected records of the unit, expected T, and the
   moments of the score under the weights records * pi (1 - pi). */
struct moments {
  double taken, sum, m0, m1, m2;
};

static struct moments moments_at(const struct eh_scored_stratum *s, double alpha, double t) {
  struct moments m = {0};
  for (size_t j = 0; j < s->count; j++) {
    const struct eh_scored *class = &s->classes[j];
    double e = alpha + t * class->score, small = exp(-fabs(e)), pi = 1.0 / (1.0 + small);
    double weight = class->records * small * pi * pi;
    if (e < 0.0) pi *= small;
    m.taken += class->records * pi;
    m.sum += class->records * pi * class->score;
    m.m0 += weight;
    m.m1 += weight * class->score;
    m.m2 += weight * class->score * class->score;
  }
  return m;
}

/* The alpha at which the unit is expected to have as many records as it has; from s->alpha on. */
static struct moments balance(struct eh_scored_stratum *s, double t) {
  struct eh_search search = {-INFINITY, INFINITY, s->alpha};
  struct moments m = {0};
  for (int i = 0; i < MOST_STEPS; i++) {
    m = moments_at(s, search.at, t);
    s->alpha = search.at;
    double excess = m.taken - s->n1;
    if (fabs(excess) <= 1e-13 * s->n1) break;
    if (eh_step_to(&search, excess, m.m0) <= 1e-15 * fabs(search.at)) break;
  }
  return m;
}

/* Over all strata: the expected T, its variance, and the log of the ratio of sums of weights. */
struct state {
  double sum, variance, log_ratio;
};

static struct state state_at(struct eh_ranks *ranks, double t) {
  struct state state = {0};
  for (size_t h = 0; h < ranks->count; h++) {
    struct eh_scored_stratum *s = &ranks->strata[h];
    struct moments m = balance(s, t);
    state.sum += m.sum;
    if (!(m.m0 > 0.0)) continue;
    state.variance += m.m2 - m.m1 * m.m1 / m.m0;
    state.log_ratio += log(m.m0) - log(s->n1 * ((s->n - s->n1) / s->n));
  }
  return state;
}

static bool solve(struct eh_ranks *ranks, double *t, struct state *state) {
  double deviation = sqrt(ranks->variance);
  struct eh_search search = {-INFINITY, INFINITY, ranks->statistic / ranks->variance};
  for (int i = 0; i < MOST_STEPS; i++) {
    *state = state_at(ranks, search.at);
    *t = search.at;
    double excess = state->sum - ranks->statistic;
    if (fabs(excess) <= 1e-12 * deviation) return state->variance > 0.0;
    if (!(fabs(search.at) < 1e9)) return false;
    if (eh_step_to(&search, excess, state->variance) <= 1e-15 * fabs(search.at)) break;
  }
  return state->variance > 0.0;
}

/* ln(1 - f + f exp(e)), whatever e. */
static double log_mean(double f, double e) {
  return e > 0.0 ? e + log(f + (1.0 - f) * exp(-e)) : log1p(f * expm1(e));
}

bool eh_rank_saddlepoint(struct eh_ranks *ranks, struct eh_rank_tilt *tilt) {
  struct state state;
  for (size_t h = 0; h < ranks->count; h++) {
    struct eh_scored_stratum *s = &ranks->strata[h];
    s->alpha = log(s->n1 / (s->n - s->n1));
  }
  if (!solve(ranks, &tilt->t, &state)) return false;
  double cumulant = 0.0;
  for (size_t h = 0; h < ranks->count; h++) {
    const struct eh_scored_stratum *s = &ranks->strata[h];
    double f = s->n1 / s->n, u = s->alpha - log(s->n1 / (s->n - s->n1));
    for (size_t j = 0; j < s->count; j++)
      cumulant += s->classes[j].records * log_mean(f, tilt->t * s->classes[j].score + u);
    cumulant -= u * s->n1;
  }
  double w = copysign(sqrt(fmax(0.0, 2.0 * (tilt->t * ranks->statistic - cumulant))), tilt->t);
  if (fabs(w) < NEAR_CENTRE) return true;
  double v = tilt->t * sqrt(state.variance * exp(state.log_ratio));
  double r = w + log(v / w) / w;
  if (!isfinite(r)) return false;
  tilt->r = r;
  return true;
}
