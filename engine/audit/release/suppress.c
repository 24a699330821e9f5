#include "engine/audit/release/suppress.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/digest.h"

struct candidate {
  size_t unit;
  char digest[65];
};

static int by_digest(const void *left, const void *right) {
  const struct candidate *a = left, *b = right;
  return strcmp(a->digest, b->digest);
}

static bool is_small_in(const struct eh_public_table *t, size_t unit, size_t measure) {
  const struct eh_public_count *c = &t->counts[unit * t->measure_count + measure];
  return c->events < t->threshold || c->records - c->events < t->threshold;
}

static bool is_small(const struct eh_public_table *t, size_t unit) {
  for (size_t m = 0; m < t->measure_count; m++)
    if (is_small_in(t, unit, m)) return true;
  return false;
}

size_t eh_public_measures(const struct eh_public_table *t, size_t *kept) {
  bool *small = eh_alloc_zeroed(t->unit_count, sizeof *small);
  size_t count = 0;
  for (size_t m = 0; m < t->measure_count; m++) {
    size_t with = 0;
    for (size_t u = 0; u < t->unit_count; u++) with += small[u] || is_small_in(t, u, m);
    if (m > 0 && 2 * with > t->unit_count) continue;
    kept[count++] = m;
    for (size_t u = 0; u < t->unit_count; u++) small[u] |= is_small_in(t, u, m);
  }
  free(small);
  return count;
}

static void add(const struct eh_public_table *t, size_t unit, struct eh_public_count *sums) {
  for (size_t m = 0; m < t->measure_count; m++) {
    const struct eh_public_count *c = &t->counts[unit * t->measure_count + m];
    sums[m].records += c->records;
    sums[m].events += c->events;
  }
}

static bool is_covered(const struct eh_public_table *t, const struct eh_public_count *sums,
                       size_t covers) {
  uint64_t least = (covers + 1) * t->threshold;
  if (covers == 0) return false;
  for (size_t m = 0; m < t->measure_count; m++)
    if (sums[m].events < least || sums[m].records - sums[m].events < least) return false;
  return true;
}

struct eh_suppression eh_suppress(struct eh_arena *arena, const struct eh_public_table *t) {
  enum eh_public_kind *kinds = eh_arena_alloc(arena, t->unit_count, sizeof *kinds);
  struct eh_public_count *sums = eh_arena_alloc(arena, t->measure_count, sizeof *sums);
  struct candidate *others = eh_arena_alloc(arena, t->unit_count, sizeof *others);
  struct eh_suppression s = {.kinds = kinds};
  size_t other_count = 0;
  for (size_t u = 0; u < t->unit_count; u++) {
    if (is_small(t, u)) {
      kinds[u] = EH_PUBLIC_SMALL;
      s.small++;
      add(t, u, sums);
      continue;
    }
    kinds[u] = EH_PUBLIC_SHOWN;
    struct candidate *other = &others[other_count++];
    other->unit = u;
    eh_digest_of(t->units[u], strlen(t->units[u]), other->digest);
  }
  if (other_count) qsort(others, other_count, sizeof *others, by_digest);
  while (s.small && s.covers < other_count && !is_covered(t, sums, s.covers)) {
    size_t unit = others[s.covers++].unit;
    kinds[unit] = EH_PUBLIC_COVER;
    add(t, unit, sums);
  }
  s.shown = other_count - s.covers;
  s.is_withheld = s.small && !is_covered(t, sums, s.covers);
  return s;
}

uint64_t eh_public_step(uint64_t threshold) {
  static const uint64_t mantissas[] = {1, 2, 5};
  for (uint64_t power = 1;; power *= 10)
    for (int i = 0; i < 3; i++)
      if (mantissas[i] * power + 1 >= threshold) return mantissas[i] * power;
}

uint64_t eh_public_round(uint64_t count, uint64_t step) {
  return (count / step + (2 * (count % step) >= step)) * step;
}

unsigned eh_public_percent_step(uint64_t records, uint64_t step) {
  static const unsigned steps[] = {1, 2, 5, 10, 20};
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
    if ((double)steps[i] * (double)records >= 100.0 * (double)step) return steps[i];
  return 0;
}
