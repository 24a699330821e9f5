/* Sorting many 64-bit keys: a radix sort, on several threads. */
#ifndef EVENHAND_BASE_SORT_H
#define EVENHAND_BASE_SORT_H

#include <stddef.h>
#include <stdint.h>

/* Sort keys ascending; all keys are below 2^bits. */
void eh_sort_keys(uint64_t *keys, size_t count, unsigned bits, size_t threads);

/* Sort a few thousand keys on one thread, by their bits from `from` up: of those that agree there,
   none is put before another that stood before it. scratch: room for count keys. */
void eh_sort_run(uint64_t *keys, size_t count, unsigned from, uint64_t *scratch);

/* The same of numbers, none of which is NaN. scratch: room for twice as many keys. */
void eh_sort_values(double *values, size_t count, uint64_t *scratch);

/* Sort each part of keys, start[part] to start[part + 1], by itself. Parts of some 10,000s of keys
   are quick: they fit a processor's own cache. */
enum { EH_SORT_PARTS = 256 };
void eh_sort_parts(uint64_t *keys, const size_t start[EH_SORT_PARTS + 1], size_t threads);

/* Leave each of the sorted keys once; returns how many are left. */
size_t eh_unique_keys(uint64_t *keys, size_t count);
/* The place of the first key that is not below this one; count: there is none. */
size_t eh_place_key(const uint64_t *sorted, size_t count, uint64_t key);

#endif
