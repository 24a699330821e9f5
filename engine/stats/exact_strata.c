#include "engine/stats/exact_strata.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A stored probability below this could be lost among powers of psi; then the stratum is not
 * stored. */
static const double SMALLEST_STORED = 1e-150;

static struct eh_hypergeometric margins_of(const struct eh_table *t) {
  return eh_hypergeometric(t->n1, t->n2, t->a + t->c);
}

static void add_wide(struct eh_arena *arena, struct eh_strata *strata, struct eh_hypergeometric h) {
  if (strata->wide_count == strata->wide_capacity) {
    size_t larger = strata->wide_capacity ? 2 * strata->wide_capacity : 16;
    struct eh_hypergeometric *moved = eh_arena_alloc(arena, larger, sizeof *moved);
    if (strata->wide_count > 0) memcpy(moved, strata->wide, strata->wide_count * sizeof *moved);
    strata->wide = moved;
    strata->wide_capacity = larger;
  }
  eh_hypergeometric_prepare(&h);
  strata->wide[strata->wide_count++] = h;
}

static double variance(const struct eh_hypergeometric *h) {
  double n1 = (double)h->n1, n2 = (double)h->n2, m = (double)h->m, n = n1 + n2;
  return n1 / n * (n2 / n) * (m / n) * (n - m);
}

/* A total order, so that the order of the tables cannot show in the last digits. */
static int by_variance(const void *left, const void *right) {
  const struct eh_hypergeometric *a = left, *b = right;
  double va = variance(a), vb = variance(b);
  if (va != vb) return va < vb ? -1 : 1;
  if (a->n1 != b->n1) return a->n1 < b->n1 ? -1 : 1;
  if (a->n2 != b->n2) return a->n2 < b->n2 ? -1 : 1;
  return a->m == b->m ? 0 : a->m < b->m ? -1 : 1;
}

struct eh_strata eh_strata_new(struct eh_arena *arena, const struct eh_table *tables,
                               size_t count) {
  struct eh_strata strata = {0};
  size_t candidates[EH_STORED_WIDTH + 1] = {0}, room = 0;
  double *next[EH_STORED_WIDTH + 1];
  for (size_t i = 0; i < count; i++) {
    if (!eh_table_is_informative(&tables[i])) continue;
    struct eh_hypergeometric h = margins_of(&tables[i]);
    strata.low += h.low;
    strata.high += h.high;
    strata.observed += tables[i].a;
    if (h.high - h.low < EH_STORED_WIDTH) candidates[h.high - h.low + 1]++;
  }
  for (size_t w = 2; w <= EH_STORED_WIDTH; w++) room += w * candidates[w];
  strata.stored = eh_arena_alloc(arena, room, sizeof *strata.stored);
  next[2] = strata.stored;
  for (size_t w = 2; w < EH_STORED_WIDTH; w++) next[w + 1] = next[w] + w * candidates[w];
  for (size_t i = 0; i < count; i++) {
    if (!eh_table_is_informative(&tables[i])) continue;
    struct eh_hypergeometric h = margins_of(&tables[i]);
    size_t w = (size_t)(h.high - h.low) + 1;
    if (h.high - h.low < EH_STORED_WIDTH) {
      eh_hypergeometric_all(&h, next[w]);
      if (fmin(next[w][0], next[w][w - 1]) >= SMALLEST_STORED) {
        strata.of_width[w]++;
        next[w] += w;
        continue;
      }
    }
    add_wide(arena, &strata, h);
  }
  /* Where a candidate was not stored, the wider ones move up. */
  double *end = strata.stored, *from = strata.stored;
  for (size_t w = 2; w <= EH_STORED_WIDTH; w++) {
    if (end != from) memmove(end, from, w * strata.of_width[w] * sizeof *end);
    end += w * strata.of_width[w];
    from += w * candidates[w];
  }
  if (strata.wide_count > 1)
    qsort(strata.wide, strata.wide_count, sizeof *strata.wide, by_variance);
  return strata;
}

/* Sums over the stored strata: the product of their sums of P psi^x, as a logarithm, and mean and
   variance. For psi > 1 everything counts down from the highest value in powers of 1/psi, so that
   nothing overflows. */
struct stored_sums {
  long double log;
  double product, mean, variance;
};

static inline void take_product(struct stored_sums *sums, double factor) {
  sums->product *= factor;
  if (sums->product < SMALLEST_STORED) {
    sums->log += logl((long double)sums->product);
    sums->product = 1.0;
  }
}

static void add_pairs(const double *pmf, size_t count, bool down, double psi,
                      struct stored_sums *sums) {
  for (size_t i = 0; i < count; i++) {
    double constant = pmf[2 * i + (down ? 1 : 0)], linear = pmf[2 * i + (down ? 0 : 1)] * psi;
    double total = constant + linear, p = linear / total;
    sums->mean += p;
    sums->variance += p * (1.0 - p);
    take_product(sums, total);
  }
}

/* Horner's rule for the polynomial and its first two derivatives. */
static void add_stored(const double *pmf, size_t width, bool down, double psi,
                       struct stored_sums *sums) {
  double value = 0.0, first = 0.0, second = 0.0;
  for (size_t i = 0; i < width; i++) {
    second = second * psi + first;
    first = first * psi + value;
    value = value * psi + pmf[down ? i : width - 1 - i];
  }
  double mean = psi * first / value;
  sums->mean += mean;
  sums->variance += fmax(2.0 * psi * psi * second / value + mean - mean * mean, 0.0);
  take_product(sums, value);
}

struct eh_tilted eh_strata_tilted(const struct eh_strata *strata, struct eh_tilt tilt) {
  struct eh_tilted all = {0};
  for (size_t i = 0; i < strata->wide_count; i++) {
    struct eh_tilted one = eh_hypergeometric_tilted(&strata->wide[i], tilt);
    all.log_sum += one.log_sum;
    all.mean += one.mean;
    all.variance += one.variance;
  }
  bool down = tilt.psi > 1.0;
  double psi = down ? 1.0 / tilt.psi : tilt.psi;
  struct stored_sums sums = {.product = 1.0};
  uint64_t range = 0;
  const double *pmf = strata->stored;
  for (size_t w = 2; w <= EH_STORED_WIDTH; w++) {
    size_t count = strata->of_width[w];
    range += (w - 1) * count;
    if (w == 2)
      add_pairs(pmf, count, down, psi, &sums);
    else
      for (size_t i = 0; i < count; i++) add_stored(pmf + w * i, w, down, psi, &sums);
    pmf += w * count;
  }
  all.mean += down ? (double)range - sums.mean : sums.mean;
  all.variance += sums.variance;
  if (tilt.log == 0.0L) return all;
  all.log_sum += sums.log + logl((long double)sums.product);
  if (down) {
    /* 1/psi was rounded; the first-order effect of that is taken back. */
    long double rounding = logl((long double)psi) + tilt.log;
    all.log_sum += tilt.log * (long double)range - rounding * sums.mean;
  }
  return all;
}

/* A stored stratum's probabilities at psi. */
static void tilt_stored(const double *pmf, size_t width, double psi, double *tilted) {
  bool down = psi > 1.0;
  double step = down ? 1.0 / psi : psi, power = 1.0, sum = 0.0;
  for (size_t i = 0; i < width; i++, power *= step) {
    size_t x = down ? width - 1 - i : i;
    tilted[x] = pmf[x] * power;
    sum += tilted[x];
  }
  for (size_t x = 0; x < width; x++) tilted[x] /= sum;
}

struct eh_distribution eh_strata_distribution(const struct eh_strata *strata,
                                              struct eh_convolution *convolution, double psi) {
  eh_convolution_start(convolution);
  const double *pmf = strata->stored;
  for (size_t w = 2; w <= EH_STORED_WIDTH; w++) {
    for (size_t i = 0; i < strata->of_width[w]; i++, pmf += w) {
      double narrow[EH_NARROW];
      double *tilted = w <= EH_NARROW ? narrow : eh_convolution_reserve(convolution, w);
      tilt_stored(pmf, w, psi, tilted);
      if (w <= EH_NARROW)
        eh_convolution_fold(convolution, tilted, w);
      else
        eh_convolution_push(convolution, w, 0);
    }
  }
  for (size_t i = 0; i < strata->wide_count; i++) {
    const struct eh_hypergeometric *h = &strata->wide[i];
    double *tilted = eh_convolution_reserve(convolution, eh_hypergeometric_room(h, psi));
    uint64_t first;
    size_t width = eh_hypergeometric_pmf(h, psi, tilted, &first);
    eh_convolution_push(convolution, width, first);
  }
  return eh_convolution_finish(convolution);
}

long double eh_strata_log_end(const struct eh_strata *strata, bool high) {
  struct stored_sums sums = {.product = 1.0};
  const double *pmf = strata->stored;
  for (size_t w = 2; w <= EH_STORED_WIDTH; w++)
    for (size_t i = 0; i < strata->of_width[w]; i++, pmf += w)
      take_product(&sums, pmf[high ? w - 1 : 0]);
  long double log = sums.log + logl((long double)sums.product);
  for (size_t i = 0; i < strata->wide_count; i++) {
    const struct eh_hypergeometric *h = &strata->wide[i];
    log += eh_hypergeometric_log(h, high ? h->high : h->low);
  }
  return log;
}
