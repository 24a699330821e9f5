/* Draws of a block's effects, several at once: what one draw adds up waits for each sum before, but
   those of others need not. */
#include <math.h>
#include <stdbool.h>

#include "engine/stats/effects.h"

enum { TOGETHER = EH_DRAWN_TOGETHER, FOUR = 4 };
typedef double four __attribute__((vector_size(FOUR * sizeof(double)), aligned(8), may_alias));
_Static_assert(TOGETHER == 4 * FOUR, "as many as multiply adds up at once");

static inline __attribute__((always_inline)) four *at(double *values, size_t unit) {
  return (four *)(values + unit * TOGETHER);
}
static inline __attribute__((always_inline)) const four *from(const double *values, size_t unit) {
  return (const four *)(values + unit * TOGETHER);
}

/* error = own normal + sum over later units of share error, for each unit from the last on. */
static inline __attribute__((always_inline)) void multiply(const double *shares, size_t size,
                                                           const double *normal, double *error) {
  for (size_t k = size; k-- > 0;) {
    const double *row = shares + k * size;
    const four *own = from(normal, k);
    four a = row[k] * own[0], b = row[k] * own[1], c = row[k] * own[2], d = row[k] * own[3];
    for (size_t i = k + 1; i < size; i++) {
      const four *other = from(error, i);
      a += row[i] * other[0];
      b += row[i] * other[1];
      c += row[i] * other[2];
      d += row[i] * other[3];
    }
    four *to = at(error, k);
    to[0] = a, to[1] = b, to[2] = c, to[3] = d;
  }
}

static void multiply_anywhere(const double *shares, size_t size, const double *normal,
                              double *error) {
  multiply(shares, size, normal, error);
}

/* The same products and sums, to the last bit, four at a time. */
#if defined __x86_64__ && defined __GNUC__
__attribute__((target("avx2"))) static void multiply_avx2(const double *shares, size_t size,
                                                          const double *normal, double *error) {
  multiply(shares, size, normal, error);
}
static bool has_avx2(void) { return __builtin_cpu_supports("avx2"); }
#else
#define multiply_avx2 multiply_anywhere
static bool has_avx2(void) { return false; }
#endif

/* The errors of a small block less their mean, weighted by how well each unit is known. */
static void correlated_errors(const struct eh_effects *e, const struct eh_block_fit *b,
                              const double *normal, double *error) {
  double all = 0.0, mean[TOGETHER] = {0.0};
  (has_avx2() ? multiply_avx2 : multiply_anywhere)(b->shares, b->units, normal, error);
  for (size_t k = b->units; k-- > 0;) {
    double weight = 1.0 / e->unit[e->member[b->first + k]].variance;
    all += weight;
    for (size_t l = 0; l < TOGETHER; l++) mean[l] += weight * error[k * TOGETHER + l];
  }
  for (size_t l = 0; l < TOGETHER; l++) mean[l] /= all;
  for (size_t k = 0; k < b->units; k++)
    for (size_t l = 0; l < TOGETHER; l++) error[k * TOGETHER + l] -= mean[l];
}

void eh_effects_draw(const struct eh_effects *e, size_t block, const double *inflation,
                     const double *normal, double *errors) {
  const struct eh_block_fit *b = &e->block[block];
  if (b->shares) correlated_errors(e, b, normal, errors);
  for (size_t k = 0; k < b->units; k++) {
    size_t u = e->member[b->first + k];
    double *error = errors + k * TOGETHER, deviation = sqrt(e->unit[u].variance);
    double wider = inflation ? sqrt(inflation[u]) : 1.0;
    for (size_t l = 0; l < TOGETHER; l++) {
      if (!b->shares) error[l] = deviation * normal[k * TOGETHER + l];
      error[l] *= wider;
    }
  }
}
