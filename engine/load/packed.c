#include "engine/load/packed.h"

#include <stdlib.h>

static uint8_t bits_of(uint32_t range) {
  uint8_t bits = 1;
  if (range == 0) return 0;
  while (bits < 32 && range >> bits) bits *= 2;
  return bits;
}

/* Several to a byte; bits is known when this is compiled. */
static inline __attribute__((always_inline)) void pack_bits(uint8_t *bytes, const uint32_t *items,
                                                            size_t count, uint32_t base,
                                                            unsigned bits) {
  size_t together = 8 / bits, whole = count / together * together;
  for (size_t i = 0; i < whole; i += together) {
    unsigned byte = 0;
    for (unsigned k = 0; k < together; k++) byte |= (items[i + k] - base) << k * bits;
    *bytes++ = (uint8_t)byte;
  }
  unsigned byte = 0;
  for (size_t i = whole; i < count; i++) byte |= (items[i] - base) << (i - whole) * bits;
  if (whole < count) *bytes = (uint8_t)byte;
}

/* Loops over whole columns are worth being made of vector instructions. */
__attribute__((optimize("O3"))) struct eh_packed eh_packed_new(struct eh_arena *arena,
                                                               const uint32_t *restrict items,
                                                               size_t count) {
  uint32_t low = count ? items[0] : 0, high = low;
  for (size_t i = 1; i < count; i++) {
    low = items[i] < low ? items[i] : low;
    high = items[i] > high ? items[i] : high;
  }
  struct eh_packed packed = {.bits = bits_of(high - low), .base = low};
  packed.items = eh_arena_alloc(arena, (count * packed.bits + 7) / 8, 1);
  uint8_t *restrict bytes = packed.items;
  uint16_t *restrict words = packed.items;
  uint32_t *restrict longs = packed.items;
  switch (packed.bits) {
    case 0:
      break;
    case 1:
      pack_bits(bytes, items, count, low, 1);
      break;
    case 2:
      pack_bits(bytes, items, count, low, 2);
      break;
    case 4:
      pack_bits(bytes, items, count, low, 4);
      break;
    case 8:
      for (size_t i = 0; i < count; i++) bytes[i] = (uint8_t)(items[i] - low);
      break;
    case 16:
      for (size_t i = 0; i < count; i++) words[i] = (uint16_t)(items[i] - low);
      break;
    default:
      for (size_t i = 0; i < count; i++) longs[i] = items[i] - low;
  }
  return packed;
}

static void close_block(struct eh_packed_list *list, struct eh_arena *arena) {
  size_t blocks = list->count >> EH_PACKED_BLOCK_BITS;
  if (blocks > list->capacity) {
    list->capacity = list->capacity ? 2 * list->capacity : 16;
    list->blocks = eh_resize(list->blocks, list->capacity, sizeof *list->blocks);
  }
  list->blocks[blocks - 1] = eh_packed_new(arena, list->open, EH_PACKED_BLOCK);
}

void eh_packed_list_add(struct eh_packed_list *list, struct eh_arena *arena, uint32_t item) {
  if (!list->open) list->open = eh_alloc(EH_PACKED_BLOCK, sizeof *list->open);
  list->open[list->count++ & (EH_PACKED_BLOCK - 1)] = item;
  if ((list->count & (EH_PACKED_BLOCK - 1)) == 0) close_block(list, arena);
}

void eh_packed_list_fill(struct eh_packed_list *list, struct eh_arena *arena, uint32_t item,
                         size_t count) {
  for (size_t i = 0; i < count; i++) eh_packed_list_add(list, arena, item);
}

void eh_packed_list_cut(struct eh_packed_list *list, size_t count) {
  size_t first = count & ~(size_t)(EH_PACKED_BLOCK - 1);
  for (size_t i = first; i < count; i++) list->open[i - first] = eh_packed_list_get(list, i);
  list->count = count;
}

void eh_packed_list_free(struct eh_packed_list *list) {
  free(list->blocks);
  free(list->open);
  *list = (struct eh_packed_list){0};
}
