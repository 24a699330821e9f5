#include <stdlib.h>
#include <string.h>

#include "engine/load/records/joined.h"
#include "engine/load/records/unmapped.h"
#include "rules/language/question.h"

const enum eh_fate eh_fates_left_out[EH_FATES - 1] = {
    EH_REPEATED_CASE, EH_DIFFERING_CASE, EH_UNORDERED, EH_NOT_KEPT, EH_KEEP_UNKNOWN, EH_SAME_PERSON,
};

const char *eh_fate_reason(enum eh_fate fate) {
  static const char *const reasons[EH_FATES] = {
      [EH_REPEATED_CASE] = "repeated case id",
      [EH_DIFFERING_CASE] = "repeated case id, unlike the record that stays",
      [EH_UNORDERED] = "one of several records of which nothing says which was first",
      [EH_NOT_KEPT] = "not kept by the rules",
      [EH_KEEP_UNKNOWN] = "whether the rules keep it is not known",
      [EH_SAME_PERSON] = "another record of the same person",
  };
  return reasons[fate];
}

const char *eh_outcome_reason(enum eh_outcome outcome, enum eh_measure_kind kind) {
  static const char *const reasons[EH_OUTCOMES] = {
      [EH_DOES_NOT_APPLY] = "the measure does not apply to it",
      [EH_APPLIES_UNKNOWN] = "whether the measure applies is not known",
      [EH_FACTOR_MISSING] = "a factor is not recorded",
  };
  return outcome == EH_EVENT_UNKNOWN ? eh_question_of(kind)->unknown : reasons[outcome];
}

struct eh_chunk *eh_records_chunk(const struct eh_records *r, size_t row) {
  size_t low = 0, high = r->chunk_count;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (r->chunks[middle].first_row <= row)
      low = middle;
    else
      high = middle;
  }
  return &r->chunks[low];
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
  for (size_t j = 0; j < r->rules->join_count; j++) eh_join_gain_clear(&r->gains[j]);
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
