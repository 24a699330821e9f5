#include <stdlib.h>
#include <string.h>

#include "engine/load/records/unmapped.h"

const char *eh_fate_reason(enum eh_fate fate) {
  static const char *const reasons[EH_FATES] = {
      [EH_REPEATED_CASE] = "repeated case id",
      [EH_NOT_KEPT] = "not kept by the rules",
      [EH_KEEP_UNKNOWN] = "whether the rules keep it is not known",
      [EH_SAME_PERSON] = "another record of the same person",
  };
  return reasons[fate];
}

const char *eh_outcome_reason(enum eh_outcome outcome, enum eh_measure_kind kind) {
  static const char *const unknown[] = {
      [EH_MEASURE_EVENT] = "whether the event occurred is not known",
      [EH_MEASURE_CATEGORY] = "its category is not recorded",
      [EH_MEASURE_VALUE] = "its value is not recorded or is no number",
  };
  static const char *const reasons[EH_OUTCOMES] = {
      [EH_DOES_NOT_APPLY] = "the measure does not apply to it",
      [EH_APPLIES_UNKNOWN] = "whether the measure applies is not known",
      [EH_FACTOR_MISSING] = "a factor is not recorded",
  };
  return outcome == EH_EVENT_UNKNOWN ? unknown[kind] : reasons[outcome];
}

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

void eh_records_drop_rows(struct eh_records *r) {
  for (size_t i = 0; i < r->chunk_count; i++) free(r->chunks[i].case_prints);
  r->chunk_count = 0;
  eh_arena_free(r->row_arena);
  r->row_arena = NULL;
}

void eh_records_free(struct eh_records *r) {
  if (!r) return;
  eh_records_drop_rows(r);
  free(r->chunks);
  eh_unmapped_free(r->unmapped);
  eh_map_free(r->row_memory, r->row_memory_bytes);
  eh_inputs_close(&r->inputs);
  for (size_t d = 0; d < r->dimension_count; d++) eh_dictionary_free(r->dictionaries[d]);
  free(r->account.bad_places);
  eh_arena_free(r->arena);
  free(r);
}

size_t eh_records_dimension(const struct eh_records *r, int column) {
  for (size_t d = 0; d < r->dimension_count; d++)
    if (r->dimensions[d] == (size_t)column) return d;
  abort(); /* the rules' reader marks every dimension */
}

int eh_records_person(const struct eh_records *r) {
  return r->rules->one_per >= 0 ? r->rules->one_per : r->rules->person_column;
}

const struct eh_account *eh_records_account(const struct eh_records *r) { return &r->account; }
