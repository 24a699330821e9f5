/* Rows of counts that say the same twice. */
#define XXH_INLINE_ALL
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "engine/load/counts/internal.h"

struct print {
  uint64_t hash;
  size_t row;
};

static int by_hash(const void *left, const void *right) {
  const struct print *a = left, *b = right;
  if (a->hash != b->hash) return a->hash < b->hash ? -1 : 1;
  return (a->row > b->row) - (a->row < b->row);
}

/* What a row counts: its labels, and of rows its outcomes, of cells what they belong to. */
static uint64_t hash_of(const struct eh_counts *t, size_t row) {
  uint64_t seed = XXH3_64bits(t->codes + row * t->dimension_count,
                              t->dimension_count * sizeof *t->codes);
  if (t->tags) return XXH3_64bits_withSeed(&t->tags[row], sizeof *t->tags, seed);
  size_t measures = t->rules->measure_count;
  return XXH3_64bits_withSeed(t->outcomes + row * measures, measures, seed);
}

static bool counts_same(const struct eh_counts *t, size_t a, size_t b) {
  size_t width = t->dimension_count, measures = t->rules->measure_count;
  if (memcmp(t->codes + a * width, t->codes + b * width, width * sizeof *t->codes) != 0)
    return false;
  if (t->tags) return memcmp(&t->tags[a], &t->tags[b], sizeof *t->tags) == 0;
  return memcmp(t->outcomes + a * measures, t->outcomes + b * measures, measures) == 0;
}

/* A cell's events and its other records are two rows of one line. */
static bool is_one_cell(const struct eh_counts *t, size_t a, size_t b) {
  return t->lines && t->lines[a] == t->lines[b];
}

bool eh_counts_find_repeated(const struct eh_counts *t, size_t *first, size_t *second) {
  struct print *prints = eh_alloc(t->count + 1, sizeof *prints);
  for (size_t i = 0; i < t->count; i++) prints[i] = (struct print){hash_of(t, i), i};
  qsort(prints, t->count, sizeof *prints, by_hash);
  *second = SIZE_MAX; /* the first place where something is said again */
  for (size_t i = 0, end; i < t->count; i = end)
    for (end = i + 1; end < t->count && prints[end].hash == prints[i].hash; end++) {
      size_t one = prints[i].row, other = prints[end].row;
      if (other >= *second || is_one_cell(t, one, other) || !counts_same(t, one, other)) continue;
      *first = one;
      *second = other;
    }
  free(prints);
  return *second != SIZE_MAX;
}
