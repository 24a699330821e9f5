/* Sorting many 64-bit keys: a radix sort, on several threads. */
#ifndef EVENHAND_BASE_SORT_H
#define EVENHAND_BASE_SORT_H

#include <stddef.h>
#include <stdint.h>

/* Sort keys ascending; all keys are below 2^bits. */
void eh_sort_keys(uint64_t *keys, size_t count, unsigned bits, size_t threads);

#endif
