/* The distinct values of a column, in the order in which they were met, and an estimate of how many
 * there are when they are too many to keep. */
#ifndef EVENHAND_LOAD_SURVEY_VALUES_H
#define EVENHAND_LOAD_SURVEY_VALUES_H

#include "engine/load/survey/survey.h"
#include "rules/evaluate/intern.h"

/* Holds the key, so that most look-ups touch nothing else. */
struct eh_survey_slot {
  uint64_t a, b; /* struct eh_text_key's */
  uint32_t length;
  uint32_t code; /* index + 1; 0: free */
};

struct eh_survey_table {
  struct eh_survey_value *items;
  size_t count, capacity;
  struct eh_survey_slot *slots;
  size_t slot_count;
};

static inline uint64_t eh_survey_hash(const struct eh_text_key *key) {
  return key->hash ? key->hash : 1;
}

/* The index of a text, or UINT32_MAX. */
static inline uint32_t eh_survey_table_find(const struct eh_survey_table *table,
                                            const struct eh_text_key *key, const char *text,
                                            size_t length) {
  if (table->slot_count == 0) return UINT32_MAX;
  size_t mask = table->slot_count - 1;
  for (size_t s = key->hash & mask; table->slots[s].code; s = (s + 1) & mask) {
    const struct eh_survey_slot *slot = &table->slots[s];
    if (slot->a != key->a || slot->length != length) continue;
    if (length <= EH_INLINE_TEXT ? slot->b == key->b
                                 : memcmp(table->items[slot->code - 1].text, text, length) == 0)
      return slot->code - 1;
  }
  return UINT32_MAX;
}
/* Add a text that is not in the table; it is borrowed. findable: false for an entry that no text
   matches. */
uint32_t eh_survey_table_add(struct eh_survey_table *table, const struct eh_text_key *key,
                             const char *text, size_t length, bool findable);
void eh_survey_table_empty(struct eh_survey_table *table);
void eh_survey_table_free(struct eh_survey_table *table);

/* HyperLogLog (Flajolet et al. 2007) with 2^14 registers: standard error 0.8%. */
enum { EH_SKETCH_SIZE = 1 << 14 };
void eh_sketch_add(uint8_t *sketch, uint64_t hash);
double eh_sketch_count(const uint8_t *sketch);

/* Which reading fits most of the values, weighted by their records (missing ones left out)? Sets
   the column's kind and forms; its name says whether numbers may count days. form_of_numbers: NULL
   where nobody says it; then 1.200 alone makes no numbers. */
void eh_survey_decide(const struct eh_survey_value *values, size_t count,
                      const struct eh_number_form *form_of_numbers,
                      struct eh_survey_column *column);
/* Read a value as the column's kind asks. numbers: how they are written; NULL: plainly. */
void eh_survey_classify(struct eh_survey_value *value, enum eh_survey_kind kind,
                        const struct eh_number_form *numbers, const char *const *forms,
                        size_t form_count, int32_t as_of);

#endif
