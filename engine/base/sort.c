#include "engine/base/sort.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/memory.h"
#include "engine/base/parallel.h"

/* Parts are independent, so the threads share them. A part is sorted by the bits in which its keys
   differ, a digit at a time, least significant first; where keys are few, so are a digit's values.
 */
enum { SMALL = 32, FEW = 2048, SHORT_DIGIT = 8, DIGIT = 11, DIGITS = 1 << DIGIT };

struct sorting {
  uint64_t *keys;
  const size_t *start; /* of each part */
};

static void insertion_sort(uint64_t *keys, size_t count) {
  for (size_t i = 1; i < count; i++) {
    uint64_t key = keys[i];
    size_t j = i;
    for (; j > 0 && keys[j - 1] > key; j--) keys[j] = keys[j - 1];
    keys[j] = key;
  }
}

/* By the bits of mask, from shift up. */
static void scatter(const uint64_t *from, uint64_t *to, size_t count, uint64_t base, unsigned shift,
                    uint64_t mask) {
  uint32_t next[DIGITS], sum = 0;
  memset(next, 0, (mask + 1) * sizeof *next);
  for (size_t i = 0; i < count; i++) next[(from[i] - base) >> shift & mask]++;
  for (size_t d = 0; d <= mask; d++) {
    uint32_t n = next[d];
    next[d] = sum;
    sum += n;
  }
  for (size_t i = 0; i < count; i++) to[next[(from[i] - base) >> shift & mask]++] = from[i];
}

void eh_sort_run(uint64_t *keys, size_t count, unsigned from, uint64_t *scratch) {
  if (count < 2) return;
  if (count > UINT32_MAX) eh_out_of_memory(); /* a part of more than 32 GiB */
  uint64_t low = keys[0], high = keys[0];
  for (size_t i = 1; i < count; i++) {
    low = keys[i] < low ? keys[i] : low;
    high = keys[i] > high ? keys[i] : high;
  }
  low = low >> from << from;
  uint64_t *source = keys, *to = scratch;
  unsigned digit = count < FEW ? SHORT_DIGIT : DIGIT;
  for (unsigned shift = from; shift < 64 && (high - low) >> shift; shift += digit) {
    scatter(source, to, count, low, shift, ((uint64_t)1 << digit) - 1);
    uint64_t *swap = source;
    source = to;
    to = swap;
  }
  if (source != keys) memcpy(keys, source, count * sizeof *keys);
}

/* A whole number in the order of the values: positive ones count up from the sign bit, negative
   ones down to it. */
static const uint64_t SIGN = (uint64_t)1 << 63;

void eh_sort_values(double *values, size_t count, uint64_t *scratch) {
  uint64_t *keys = scratch;
  for (size_t i = 0; i < count; i++) {
    uint64_t bits;
    memcpy(&bits, &values[i], sizeof bits);
    keys[i] = bits & SIGN ? ~bits : bits | SIGN;
  }
  eh_sort_run(keys, count, 0, scratch + count);
  for (size_t i = 0; i < count; i++) {
    uint64_t bits = keys[i] & SIGN ? keys[i] ^ SIGN : ~keys[i];
    memcpy(&values[i], &bits, sizeof bits);
  }
}

static void sort_part(void *context, size_t part, size_t worker) {
  (void)worker;
  const struct sorting *s = context;
  uint64_t *keys = s->keys + s->start[part];
  size_t count = s->start[part + 1] - s->start[part];
  if (count <= SMALL) {
    insertion_sort(keys, count);
    return;
  }
  uint64_t *scratch = eh_alloc(count, sizeof *keys);
  eh_sort_run(keys, count, 0, scratch);
  free(scratch);
}

void eh_sort_parts(uint64_t *keys, const size_t start[EH_SORT_PARTS + 1], size_t threads) {
  struct sorting s = {keys, start};
  eh_parallel(EH_SORT_PARTS, threads, sort_part, &s);
}

void eh_sort_keys(uint64_t *keys, size_t count, unsigned bits, size_t threads) {
  enum { TOP = 8 }; /* bits that part the keys: EH_SORT_PARTS values */
  unsigned shift = bits > TOP ? bits - TOP : 0;
  size_t start[EH_SORT_PARTS + 1] = {0}, next[EH_SORT_PARTS];
  uint64_t *parted = eh_alloc(count, sizeof *keys);
  for (size_t i = 0; i < count; i++) start[(keys[i] >> shift & (EH_SORT_PARTS - 1)) + 1]++;
  for (int b = 0; b < EH_SORT_PARTS; b++) start[b + 1] += start[b];
  memcpy(next, start, sizeof next);
  for (size_t i = 0; i < count; i++)
    parted[next[keys[i] >> shift & (EH_SORT_PARTS - 1)]++] = keys[i];
  if (count) memcpy(keys, parted, count * sizeof *keys);
  free(parted);
  eh_sort_parts(keys, start, threads);
}

size_t eh_unique_keys(uint64_t *keys, size_t count) {
  size_t kept = 0;
  for (size_t i = 0; i < count; i++)
    if (i == 0 || keys[i] != keys[kept - 1]) keys[kept++] = keys[i];
  return kept;
}

size_t eh_place_key(const uint64_t *sorted, size_t count, uint64_t key) {
  size_t low = 0, high = count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (sorted[middle] < key)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}
