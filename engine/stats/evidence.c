#include "engine/stats/evidence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/memory.h"

static const double SPREAD = 0.25; /* s^2 */
static const double HELD = 0.95;
static const double REACHED_BY_80 = 0.8416212335729143; /* the 80% point of the normal */
enum { EVEN = 37 };                                     /* the last j of even weight */

/* j from 1 on here: that of the text. */
static double weight(uint32_t j) {
  return (j <= EVEN ? 1.0 / 72.0 : 0.0) + 0.5 / ((double)j * ((double)j - 1.0));
}

/* By period. */
struct over_time {
  uint32_t looks;
  double *factor; /* 1/(1 + sigma^2 V) */
  double *u, *v;  /* by j - 1: u_j and v_j */
  double *ln_m;
};

static void factors(const struct eh_score *scores, size_t count, double sigma,
                    struct over_time *o) {
  for (size_t i = 0; i < count; i++) o->factor[scores[i].period] += scores[i].v;
  for (uint32_t t = 0; t < o->looks; t++) o->factor[t] = 1.0 / (1.0 + sigma * sigma * o->factor[t]);
}

/* A situation's part of every u_j and v_j. */
static double add_situation(const struct eh_score *scores, size_t count, struct over_time *o) {
  double u = 0.0, v = 0.0;
  for (size_t i = 0; i < count; i++) {
    u += o->factor[scores[i].period] * scores[i].u;
    v += o->factor[scores[i].period] * scores[i].v;
  }
  if (!(v > 0.0)) return 0.0;
  double centre = u / v, before_u = 0.0, before = 0.0;
  for (size_t i = 0; i < count; i++) {
    double factor = o->factor[scores[i].period];
    before_u += factor * (scores[i].u - centre * scores[i].v);
    before += factor * scores[i].v;
    uint32_t end = i + 1 < count ? scores[i + 1].period : o->looks;
    for (uint32_t j = scores[i].period + 1; j <= end && j < o->looks; j++) {
      o->u[j] -= before_u;
      o->v[j] += before * fmax(0.0, v - before) / v;
    }
  }
  return v;
}

static double log_of_change(double u, double v) {
  return -0.5 * log1p(SPREAD * v) + 0.5 * u * u * SPREAD / (1.0 + SPREAD * v);
}

/* ln E: the terms are added below the largest. */
static double mix(const struct over_time *o) {
  double left = 1.0, top = -INFINITY, sum = 0.0;
  for (uint32_t j = 1; j < o->looks; j++) {
    left -= weight(j + 1);
    top = fmax(top, log(weight(j + 1)) + o->ln_m[j]);
  }
  top = fmax(top, log(left));
  for (uint32_t j = 1; j < o->looks; j++) sum += exp(log(weight(j + 1)) + o->ln_m[j] - top);
  return top + log(sum + exp(log(left) - top));
}

struct likely {
  uint32_t period;
  double weight;
};

static int by_weight(const void *left, const void *right) {
  const struct likely *a = left, *b = right;
  if (a->weight != b->weight) return a->weight > b->weight ? -1 : 1;
  return a->period < b->period ? -1 : 1;
}

static void place_change(const struct over_time *o, struct eh_evidence *e) {
  struct likely *periods = eh_alloc(o->looks, sizeof *periods);
  double top = -INFINITY, sum = 0.0, held = 0.0;
  uint32_t count = o->looks - 1;
  for (uint32_t j = 1; j < o->looks; j++) top = fmax(top, o->ln_m[j]);
  for (uint32_t j = 1; j < o->looks; j++) {
    periods[j - 1] = (struct likely){j, exp(o->ln_m[j] - top)};
    sum += periods[j - 1].weight;
  }
  qsort(periods, count, sizeof *periods, by_weight);
  e->change = e->change_first = e->change_last = periods[0].period;
  for (uint32_t i = 0; i < count && held < HELD; i++) {
    held += periods[i].weight / sum;
    if (periods[i].period < e->change_first) e->change_first = periods[i].period;
    if (periods[i].period > e->change_last) e->change_last = periods[i].period;
  }
  e->has_change = true;
  e->score = o->u[e->change];
  e->score_information = o->v[e->change];
  free(periods);
}

static struct eh_evidence weigh(const struct eh_score *scores, size_t count, struct over_time *o) {
  struct eh_evidence e = {.phi = 1.0};
  double plain = 0.0;
  bool *has = eh_alloc_zeroed(o->looks, sizeof *has);
  for (size_t i = 0; i < count; i++) {
    plain += scores[i].v;
    has[scores[i].period] |= scores[i].v > 0.0;
  }
  for (uint32_t t = 0; t < o->looks; t++) e.periods += has[t];
  for (size_t first = 0, end; first < count; first = end) {
    for (end = first; end < count && scores[end].situation == scores[first].situation;) end++;
    e.information += add_situation(scores + first, end - first, o);
  }
  if (e.information > 0.0) e.phi = plain / e.information;
  for (uint32_t j = 1; j < o->looks; j++) o->ln_m[j] = log_of_change(o->u[j], o->v[j]);
  if (o->looks > 1) e.ln_e = mix(o);
  if (o->looks > 1 && e.information > 0.0) place_change(o, &e);
  free(has);
  return e;
}

static struct over_time room(uint32_t looks) {
  double *room = eh_alloc_zeroed(4 * ((size_t)looks + 1), sizeof *room);
  size_t step = (size_t)looks + 1;
  return (struct over_time){looks, room, room + step, room + 2 * step, room + 3 * step};
}

struct eh_evidence eh_evidence(const struct eh_score *scores, size_t count, uint32_t looks,
                               double sigma) {
  struct over_time o = room(looks);
  factors(scores, count, sigma, &o);
  struct eh_evidence e = weigh(scores, count, &o);
  free(o.factor);
  return e;
}

struct eh_evidence eh_evidence_plain(const struct eh_score *scores, size_t count, uint32_t looks,
                                     double sigma) {
  struct over_time o = room(looks);
  double v = 0.0, periods = 0.0;
  for (size_t i = 0; i < count; i++) o.factor[scores[i].period] += scores[i].v;
  for (uint32_t t = 0; t < looks; t++) {
    v += o.factor[t];
    periods += o.factor[t] > 0.0;
  }
  for (uint32_t t = 0; t < looks; t++) o.factor[t] = 1.0 / (1.0 + sigma * sigma * v / fmax(1, periods));
  struct eh_evidence e = weigh(scores, count, &o);
  free(o.factor);
  return e;
}

struct eh_figure eh_evidence_noticeable(double information, uint32_t periods, uint32_t more,
                                        double alpha) {
  if (!(information > 0.0) || periods == 0) return eh_no_figure("too few decisions to monitor");
  double after = information * more / periods, v = information * after / (information + after);
  double c = sqrt(2.0 * (1.0 + SPREAD * v) / SPREAD *
                  (log(1.0 / (alpha * weight(periods + 1))) + 0.5 * log1p(SPREAD * v)));
  return eh_figure((c + REACHED_BY_80 * sqrt(v)) / v);
}

static int by_size(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a < b) - (a > b);
}

void eh_e_values_select(const double *ln_e, size_t count, double rate, bool *selected) {
  double *order = eh_alloc(count, sizeof *order), least = INFINITY;
  if (count) memcpy(order, ln_e, count * sizeof *order);
  qsort(order, count, sizeof *order, by_size);
  for (size_t r = 1; r <= count; r++)
    if (order[r - 1] >= log((double)count / (rate * (double)r)) - 1e-12) least = order[r - 1];
  for (size_t i = 0; i < count; i++) selected[i] = ln_e[i] >= least;
  free(order);
}
