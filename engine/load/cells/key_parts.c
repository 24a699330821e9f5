/* The parts of a key: how many bits they take, and what they hold. */
#include "engine/load/cells/grouping.h"

unsigned eh_bits_for(size_t count) {
  unsigned bits = 0;
  while (bits < 63 && ((size_t)1 << bits) < count) bits++;
  return bits;
}

void eh_unpack(const struct eh_grouping *g, uint64_t key, uint32_t *ranks) {
  const struct eh_fold *fold = g->fold;
  size_t last = g->part_count, first = fold ? fold->parts : 0;
  for (;;) {
    for (size_t p = last; p-- > first;) {
      ranks[p] = (uint32_t)(key & (((uint64_t)1 << g->parts[p].bits) - 1));
      key >>= g->parts[p].bits;
    }
    if (!fold) return;
    key = fold->keys[key];
    last = fold->parts;
    first = fold->inner_parts;
    fold = fold->inner;
  }
}
