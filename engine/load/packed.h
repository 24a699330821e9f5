/* Whole numbers of many records, in as few bits as they need. */
#ifndef EVENHAND_LOAD_PACKED_H
#define EVENHAND_LOAD_PACKED_H

#include "engine/base/memory.h"

/* Whole numbers, each less base in so many bits: 0 (all are base), 1, 2, 4, 8, 16 or 32. Of those
   that share a byte the first takes the lowest bits. */
struct eh_packed {
  uint8_t bits;
  uint32_t base;
  void *items;
};
struct eh_packed eh_packed_new(struct eh_arena *arena, const uint32_t *items, size_t count);
static inline uint32_t eh_packed_get(const struct eh_packed *p, size_t i) {
  unsigned bits = p->bits;
  if (bits < 8) {
    if (bits == 0) return p->base;
    unsigned byte = ((const uint8_t *)p->items)[i * bits / 8];
    return p->base + (byte >> i * bits % 8 & ((1U << bits) - 1));
  }
  if (bits == 8) return p->base + ((const uint8_t *)p->items)[i];
  if (bits == 16) return p->base + ((const uint16_t *)p->items)[i];
  return p->base + ((const uint32_t *)p->items)[i];
}

/* The same for records that come one after the other: in blocks, each packed once it is full. Start
   it as {0}. */
enum { EH_PACKED_BLOCK_BITS = 12, EH_PACKED_BLOCK = 1 << EH_PACKED_BLOCK_BITS };
struct eh_packed_list {
  size_t count, capacity; /* of numbers; of blocks */
  struct eh_packed *blocks;
  uint32_t *open; /* the numbers of the block that is not full */
};
/* What is packed is in the arena. */
void eh_packed_list_add(struct eh_packed_list *list, struct eh_arena *arena, uint32_t item);
/* So many of one number. */
void eh_packed_list_fill(struct eh_packed_list *list, struct eh_arena *arena, uint32_t item,
                         size_t count);
/* Forget all numbers behind the first so many. */
void eh_packed_list_cut(struct eh_packed_list *list, size_t count);
void eh_packed_list_free(struct eh_packed_list *list);
static inline uint32_t eh_packed_list_get(const struct eh_packed_list *list, size_t i) {
  size_t block = i >> EH_PACKED_BLOCK_BITS, place = i & (EH_PACKED_BLOCK - 1);
  return block == list->count >> EH_PACKED_BLOCK_BITS ? list->open[place]
                                                      : eh_packed_get(&list->blocks[block], place);
}

#endif
