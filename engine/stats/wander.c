#include "engine/stats/wander.h"

#include <math.h>
#include <stdlib.h>

#include "engine/base/memory.h"
#include "engine/stats/chi_square.h"
#include "engine/stats/newton.h"

static const double WINSORISED_SQUARE = 0.678655, TAIL_SHARE = 0.1;
enum { LEAST_SINGLE = 20, LEAST_LONG = 5 };

struct pairs {
  double *d, *w, *z;
  size_t count;
};

/* A unit's successive blocks, the last of which ends with the last period. */
static void add_unit(struct pairs *p, const double *u, const double *v, uint32_t looks,
                     uint32_t length) {
  double last_u = 0.0, last_v = 0.0;
  for (uint32_t t = looks % length; t < looks; t += length) {
    double sum_u = 0.0, sum_v = 0.0;
    for (uint32_t i = t; i < t + length; i++) {
      sum_u += u[i];
      sum_v += v[i];
    }
    if (sum_v >= 1.0 && last_v >= 1.0) {
      p->d[p->count] = sum_u / sum_v - last_u / last_v;
      p->w[p->count++] = 1.0 / sum_v + 1.0 / last_v;
    }
    last_u = sum_u;
    last_v = sum_v;
  }
}

static int by_value(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

static double excess(void *context, double sigma) {
  struct pairs *p = context;
  for (size_t i = 0; i < p->count; i++) p->z[i] = p->d[i] / sqrt(p->w[i] + 2.0 * sigma * sigma);
  qsort(p->z, p->count, sizeof *p->z, by_value);
  double low = eh_quantile_sorted(p->z, p->count, TAIL_SHARE),
         high = eh_quantile_sorted(p->z, p->count, 1.0 - TAIL_SHARE), sum = 0.0;
  for (size_t i = 0; i < p->count; i++) {
    double z = fmin(fmax(p->z[i], low), high);
    sum += z * z;
  }
  return sum / (double)p->count - WINSORISED_SQUARE;
}

double eh_wander_of(const double *u, const double *v, size_t units, size_t stride, uint32_t looks,
                    uint32_t length, size_t least, size_t *pairs) {
  size_t most = units * (looks / length) + 1;
  double *room = eh_alloc(3 * most, sizeof *room), sigma = 0.0;
  struct pairs p = {room, room + most, room + 2 * most, 0};
  for (size_t i = 0; i < units; i++) add_unit(&p, u + i * stride, v + i * stride, looks, length);
  *pairs = p.count;
  if (p.count >= least && p.count > 0 && excess(&p, 0.0) > 0.0) {
    double high = 1.0;
    while (excess(&p, high) > 0.0 && high < 1e6) high *= 2.0;
    sigma = eh_root_between(excess, &p, high > 1.0 ? high / 2.0 : 0.0, high);
  }
  free(room);
  return sigma;
}

struct eh_wander eh_wander(const double *u, const double *v, size_t units, size_t stride,
                           uint32_t looks) {
  static const uint32_t lengths[] = {1, 3, 6, 12};
  struct eh_wander result = {.length = 1};
  for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
    uint32_t length = lengths[i];
    size_t pairs;
    if (looks < 3 || looks / length < 2) break;
    double sigma = sqrt(length) * eh_wander_of(u, v, units, stride, looks, length,
                                               length == 1 ? LEAST_SINGLE : LEAST_LONG, &pairs);
    if (length == 1) result.pairs = pairs;
    if (sigma > result.sigma) result = (struct eh_wander){sigma, pairs, length};
  }
  return result;
}
