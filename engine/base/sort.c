#include "engine/base/sort.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/memory.h"
#include "engine/base/parallel.h"

/* The top byte parts the keys into 256 runs; each run, small enough for the cache where keys are
   many, is then sorted by its remaining bytes, least significant first. Runs are independent, so
   the threads share them. */
enum { RUNS = 256, SMALL = 32 };

struct sorting {
  uint64_t *keys;    /* parted into runs */
  uint64_t *scratch; /* as long */
  size_t start[RUNS + 1];
  unsigned bits; /* of a key below its run's */
};

static void insertion_sort(uint64_t *keys, size_t count) {
  for (size_t i = 1; i < count; i++) {
    uint64_t key = keys[i];
    size_t j = i;
    for (; j > 0 && keys[j - 1] > key; j--) keys[j] = keys[j - 1];
    keys[j] = key;
  }
}

static void scatter(const uint64_t *from, uint64_t *to, size_t count, unsigned shift) {
  size_t next[256] = {0};
  for (size_t i = 0; i < count; i++) next[(from[i] >> shift) & 255]++;
  size_t sum = 0;
  for (int b = 0; b < 256; b++) {
    size_t n = next[b];
    next[b] = sum;
    sum += n;
  }
  for (size_t i = 0; i < count; i++) to[next[(from[i] >> shift) & 255]++] = from[i];
}

static void sort_run(void *context, size_t run, size_t worker) {
  (void)worker;
  struct sorting *s = context;
  uint64_t *keys = s->keys + s->start[run], *scratch = s->scratch + s->start[run];
  size_t count = s->start[run + 1] - s->start[run];
  if (count <= SMALL) {
    insertion_sort(keys, count);
    return;
  }
  uint64_t *from = keys, *to = scratch;
  for (unsigned shift = 0; shift < s->bits; shift += 8) {
    scatter(from, to, count, shift);
    uint64_t *swap = from;
    from = to;
    to = swap;
  }
  if (from != keys) memcpy(keys, from, count * sizeof *keys);
}

void eh_sort_keys(uint64_t *keys, size_t count, unsigned bits, size_t threads) {
  if (count <= SMALL) {
    insertion_sort(keys, count);
    return;
  }
  struct sorting s = {.keys = keys, .scratch = eh_alloc(count, sizeof *keys)};
  s.bits = bits > 8 ? bits - 8 : 0;
  for (size_t i = 0; i < count; i++) s.start[(keys[i] >> s.bits & 255) + 1]++;
  for (int b = 0; b < RUNS; b++) s.start[b + 1] += s.start[b];
  size_t next[RUNS];
  memcpy(next, s.start, sizeof next);
  for (size_t i = 0; i < count; i++) s.scratch[next[keys[i] >> s.bits & 255]++] = keys[i];
  memcpy(keys, s.scratch, count * sizeof *keys);
  eh_parallel(RUNS, threads, sort_run, &s);
  free(s.scratch);
}
