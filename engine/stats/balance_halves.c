/* Sums over the patterns of a balance by combinations of half of their columns each. */
#include <math.h>
#include <string.h>

#include "engine/stats/balance_internal.h"

enum { MANY_TIMES = 4 }; /* so much as patterns the sums by combination may be */

/* --- combinations --- */

/* Open addressing, at most half full. */
struct numbering {
  const struct eh_dual *dual;
  struct eh_half *half;
  uint32_t *slots; /* 1 more than a combination; 0: free */
  size_t mask;
};

static uint64_t hash_of(const uint32_t *index, size_t first, size_t end) {
  uint64_t hash = 0;
  for (size_t k = first; k < end; k++) {
    hash = (hash ^ index[k]) * 0x9e3779b97f4a7c15ULL;
    hash ^= hash >> 29;
  }
  return hash;
}

static uint32_t number(struct numbering *n, size_t pattern) {
  const struct eh_dual *d = n->dual;
  struct eh_half *h = n->half;
  const uint32_t *own = d->index + pattern * d->width;
  size_t bytes = (h->end - h->first) * sizeof *own;
  for (size_t i = hash_of(own, h->first, h->end) & n->mask;; i = (i + 1) & n->mask) {
    if (!n->slots[i]) {
      h->sample[h->count++] = pattern;
      n->slots[i] = (uint32_t)h->count;
      return n->slots[i] - 1;
    }
    const uint32_t *other = d->index + h->sample[n->slots[i] - 1] * d->width;
    if (memcmp(own + h->first, other + h->first, bytes) == 0) return n->slots[i] - 1;
  }
}

static void find_half(struct eh_arena *scratch, const struct eh_dual *d, struct eh_half *h) {
  size_t capacity = 64;
  while (capacity < 2 * d->count) capacity *= 2;
  struct numbering n = {d, h, NULL, capacity - 1};
  n.slots = eh_arena_alloc(scratch, capacity, sizeof *n.slots);
  h->of = eh_arena_alloc(scratch, d->count, sizeof *h->of);
  h->sample = eh_arena_alloc(scratch, d->count, sizeof *h->sample);
  for (size_t p = 0; p < d->count; p++) h->of[p] = number(&n, p);
  h->exponent = eh_arena_alloc(scratch, h->count, sizeof *h->exponent);
  h->factor = eh_arena_alloc(scratch, h->count, sizeof *h->factor);
  h->sum = eh_arena_alloc(scratch, h->count, sizeof *h->sum);
}

void eh_dual_halve(struct eh_arena *scratch, struct eh_dual *d) {
  d->left = (struct eh_half){.first = 0, .end = d->width / 2};
  d->right = (struct eh_half){.first = d->width / 2, .end = d->width};
  find_half(scratch, d, &d->left);
  find_half(scratch, d, &d->right);
  size_t right_size = d->size - d->first_of[d->right.first];
  bool is_worth_it = d->left.count * right_size <= MANY_TIMES * d->count;
  d->across =
      is_worth_it ? eh_arena_alloc(scratch, d->left.count * right_size, sizeof *d->across) : NULL;
}

/* --- masses --- */

/* Each combination's exponent, the largest being 0, and its factor; returns that largest. */
static double exponents(const struct eh_dual *d, struct eh_half *h, const double *at) {
  double largest = -INFINITY;
  for (size_t c = 0; c < h->count; c++) {
    const uint32_t *index = d->index + h->sample[c] * d->width;
    double sum = 0.0;
    for (size_t k = h->first; k < h->end; k++)
      if (index[k] != EH_NO_LEVEL) sum += at[index[k]];
    h->exponent[c] = sum;
    if (sum > largest) largest = sum;
  }
  for (size_t c = 0; c < h->count; c++) {
    h->exponent[c] -= largest;
    h->factor[c] = exp(h->exponent[c]);
  }
  return h->count ? largest : 0.0;
}

/* Masses of a stratum's patterns, but for a factor; returns their sum. */
static double by_factors(struct eh_dual *d, size_t stratum) {
  double sum = 0.0;
  for (size_t p = d->first[stratum]; p < d->first[stratum + 1]; p++) {
    d->mass[p] = d->records[p] * d->left.factor[d->left.of[p]] * d->right.factor[d->right.of[p]];
    sum += d->mass[p];
  }
  return sum;
}

static double exponent_of(const struct eh_dual *d, size_t pattern) {
  return d->left.exponent[d->left.of[pattern]] + d->right.exponent[d->right.of[pattern]];
}

/* The same where no pattern comes near the largest of both halves; scale: the largest exponent. */
static double by_exponents(struct eh_dual *d, size_t stratum, double *scale) {
  double sum = 0.0;
  *scale = -INFINITY;
  for (size_t p = d->first[stratum]; p < d->first[stratum + 1]; p++)
    *scale = fmax(*scale, exponent_of(d, p));
  for (size_t p = d->first[stratum]; p < d->first[stratum + 1]; p++) {
    d->mass[p] = d->records[p] * exp(exponent_of(d, p) - *scale);
    sum += d->mass[p];
  }
  return sum;
}

double eh_dual_weigh(struct eh_dual *d, const double *at) {
  static const double TOO_SMALL = 1e-150;
  double largest = exponents(d, &d->left, at) + exponents(d, &d->right, at);
  double value = 0.0, squares = 0.0;
  for (size_t h = 0; h < d->strata; h++) {
    double scale = 0.0, sum = by_factors(d, h);
    if (!(sum > TOO_SMALL)) sum = by_exponents(d, h, &scale);
    double each = d->own[h] / sum;
    for (size_t p = d->first[h]; p < d->first[h + 1]; p++) d->mass[p] *= each;
    value += d->own[h] * (largest + scale + log(sum));
  }
  for (size_t k = 0; k < d->size; k++) {
    value -= at[k] * d->target[k];
    squares += at[k] * at[k];
  }
  return value + 0.5 * d->ridge * squares;
}

/* --- joint masses --- */

/* One pattern's part of the joint masses of its left and right indicators. */
static void add_across(const struct eh_dual *d, const uint32_t *index, double mass, double *joint) {
  for (size_t k = d->right.first; k < d->width; k++)
    for (size_t j = 0; j < d->left.end; j++)
      if (index[k] != EH_NO_LEVEL && index[j] != EH_NO_LEVEL)
        joint[(size_t)index[k] * d->size + index[j]] += mass;
}

static void sum_patterns(struct eh_dual *d, double *joint) {
  size_t from = d->first_of[d->right.first], right_size = d->size - from;
  memset(d->left.sum, 0, d->left.count * sizeof *d->left.sum);
  memset(d->right.sum, 0, d->right.count * sizeof *d->right.sum);
  if (d->across) memset(d->across, 0, d->left.count * right_size * sizeof *d->across);
  for (size_t p = 0; p < d->count; p++) {
    const uint32_t *index = d->index + p * d->width;
    double mass = d->mass[p];
    d->left.sum[d->left.of[p]] += mass;
    d->right.sum[d->right.of[p]] += mass;
    if (!d->across) {
      add_across(d, index, mass, joint);
      continue;
    }
    double *across = d->across + d->left.of[p] * right_size;
    for (size_t k = d->right.first; k < d->width; k++)
      if (index[k] != EH_NO_LEVEL) across[index[k] - from] += mass;
  }
}

static void add_half(const struct eh_dual *d, const struct eh_half *h, double *joint) {
  for (size_t c = 0; c < h->count; c++) {
    const uint32_t *index = d->index + h->sample[c] * d->width;
    for (size_t k = h->first; k < h->end; k++) {
      if (index[k] == EH_NO_LEVEL) continue;
      double *row = joint + (size_t)index[k] * d->size;
      for (size_t j = h->first; j <= k; j++)
        if (index[j] != EH_NO_LEVEL) row[index[j]] += h->sum[c];
    }
  }
}

void eh_dual_joint(struct eh_dual *d, double *joint) {
  size_t from = d->first_of[d->right.first], right_size = d->size - from;
  memset(joint, 0, d->size * d->size * sizeof *joint);
  sum_patterns(d, joint);
  add_half(d, &d->left, joint);
  add_half(d, &d->right, joint);
  for (size_t c = 0; d->across && c < d->left.count; c++) {
    const uint32_t *index = d->index + d->left.sample[c] * d->width;
    const double *across = d->across + c * right_size;
    for (size_t j = 0; j < d->left.end; j++)
      for (size_t r = 0; r < right_size && index[j] != EH_NO_LEVEL; r++)
        joint[(from + r) * d->size + index[j]] += across[r];
  }
}
