#include "engine/load/records/harvest.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "engine/base/tidy.h"
#include "engine/load/records/joined.h"
#include "rules/language/missing.h"

struct eh_gathering {
  const struct eh_records *records;
  struct eh_evaluation *evaluation;
  struct eh_missing_filter missing; /* what may stand for "not recorded" */
  struct eh_arena *kept;            /* what the chunks hold */

  /* The piece so far, by row. */
  size_t rows, capacity;
  uint32_t **codes; /* by dimension */
  uint32_t *days;
  uint8_t *outcomes, *status;
  uint64_t *case_prints, *person_prints;
};

static uint32_t label_code(void *context, int column, const char *label, size_t length) {
  struct eh_records *records = context;
  return eh_dictionary_code(records->dictionaries[eh_records_dimension(records, column)], label,
                            length);
}

struct eh_gathering *eh_gathering_new(struct eh_records *records) {
  const struct eh_rules *rules = records->rules;
  struct eh_gathering *g = eh_alloc_zeroed(1, sizeof *g);
  g->records = records;
  g->evaluation = eh_evaluation_new(&records->inputs, label_code, records);
  g->kept = eh_arena_new_bulk();
  g->codes = eh_alloc_zeroed(records->dimension_count, sizeof *g->codes);
  eh_missing_filter_make(&g->missing, rules->missing, rules->missing_count);
  return g;
}

void eh_gathering_free(struct eh_gathering *g) {
  if (!g) return;
  for (size_t d = 0; d < g->records->dimension_count; d++) free(g->codes[d]);
  eh_evaluation_free(g->evaluation);
  eh_arena_free(g->kept);
  free((void *)g->codes);
  free(g->days);
  free(g->outcomes);
  free(g->status);
  free(g->case_prints);
  free(g->person_prints);
  free(g);
}

const struct eh_evaluation *eh_gathering_evaluation(const struct eh_gathering *g) {
  return g->evaluation;
}

struct eh_arena *eh_gathering_take_kept(struct eh_gathering *g) {
  struct eh_arena *kept = g->kept;
  g->kept = NULL;
  return kept;
}

void eh_harvest_free(struct eh_harvest *harvest) {
  free(harvest->chunk.case_prints);
  free(harvest->malformed);
  free(harvest->shapes);
  eh_unmapped_list_free(&harvest->unmapped);
  for (size_t j = 0; j < harvest->gain_count; j++) eh_join_gain_clear(&harvest->gains[j]);
  free(harvest->gains);
  *harvest = (struct eh_harvest){0};
}

static inline uint64_t hash_of(const char *text, size_t length) {
  uint64_t hash = XXH3_64bits(text, length);
  return hash ? hash : 1;
}

uint64_t eh_records_print(const struct eh_rules *rules, int column, const char *text,
                          size_t length) {
  struct eh_arena *scratch = eh_arena_new();
  text = eh_tidy_text(scratch, text, &length);
  text = eh_rules_id(scratch, &rules->columns[column], text, &length);
  uint64_t print = eh_rules_is_missing(rules, text, length) ? 0 : hash_of(text, length);
  eh_arena_free(scratch);
  return print;
}

/* The same, sooner for texts that need no work and cannot stand for "not recorded". */
static inline uint64_t fingerprint(const struct eh_gathering *g, int column, const char *text,
                                   size_t length) {
  const struct eh_rules *rules = g->records->rules;
  if (!eh_tidy_is_plain(text, length) || length < rules->columns[column].id_digits ||
      rules->columns[column].split ||
      eh_missing_may_be(&g->missing, text, length))
    return eh_records_print(rules, column, text, length);
  return hash_of(text, length);
}

/* Room for one batch more. */
static void reserve(struct eh_gathering *g) {
  const struct eh_records *records = g->records;
  if (g->rows + EH_ROWS <= g->capacity) return;
  size_t n = g->capacity = g->capacity ? 2 * g->capacity : 8 * EH_ROWS;
  for (size_t d = 0; d < records->dimension_count; d++)
    g->codes[d] = eh_resize(g->codes[d], n, sizeof *g->codes[d]);
  g->days = eh_resize(g->days, n, sizeof *g->days);
  g->outcomes = eh_resize(g->outcomes, n * records->rules->measure_count, sizeof *g->outcomes);
  g->status = eh_resize(g->status, n, sizeof *g->status);
  g->case_prints = eh_resize(g->case_prints, n, sizeof *g->case_prints);
  g->person_prints = eh_resize(g->person_prints, n, sizeof *g->person_prints);
}

/* --- a batch --- */

/* Does the column stand in a field of the input, and is not the same in all its records? */
static bool is_field(const struct eh_gathering *g, size_t column) {
  const struct eh_layout *layout = g->records->inputs.layout;
  if (g->evaluation->rules->columns[column].join) return true;
  return g->evaluation->texts[column] && !(layout->fixed && layout->fixed[column]);
}

static void count_column(const struct eh_gathering *g, struct eh_harvest *harvest, size_t c) {
  const struct eh_evaluation *e = g->evaluation;
  if (!eh_evaluator_has_malformed(e->evaluator, (int)c)) return;
  for (size_t r = 0; r < e->count; r++)
    harvest->malformed[c] += e->values[r * e->rules->column_count + c]->malformed;
}

/* Those of fields, and years between dates of which the first is the later. */
static void count_malformed(const struct eh_gathering *g, struct eh_harvest *harvest) {
  const struct eh_rules *rules = g->evaluation->rules;
  const struct eh_layout *layout = g->records->inputs.layout;
  for (size_t i = 0; i < layout->named_count; i++) count_column(g, harvest, layout->columns[i]);
  for (size_t c = 0; c < rules->column_count; c++)
    if (rules->columns[c].join && rules->columns[c].is_evaluated) count_column(g, harvest, c);
  for (size_t c = 0; c < rules->column_count; c++)
    if (rules->columns[c].kind == EH_YEARS_BETWEEN && rules->columns[c].is_evaluated)
      count_column(g, harvest, c);
}

/* A loop of choices, not of look-ups, becomes vector instructions. */
static inline uint8_t fate_of(uint8_t kept) {
  return kept == EH_TRUE ? EH_AUDITED : kept == EH_FALSE ? EH_NOT_KEPT : EH_KEEP_UNKNOWN;
}

static void store_answers(struct eh_gathering *g) {
  const struct eh_evaluation *e = g->evaluation;
  size_t measures = e->rules->measure_count, count = e->count;
  uint8_t *outcomes = g->outcomes + g->rows * measures, *status = g->status + g->rows;
  for (size_t r = 0; r < count; r++) status[r] = fate_of(e->kept[r]);
  for (size_t m = 0; m < measures; m++) {
    const uint8_t *found = e->outcomes + m * EH_ROWS;
    for (size_t r = 0; r < count; r++) outcomes[r * measures + m] = found[r];
  }
}

static void store_codes(struct eh_gathering *g) {
  const struct eh_records *records = g->records;
  const struct eh_evaluation *e = g->evaluation;
  size_t stride = records->rules->column_count, count = e->count;
  for (size_t d = 0; d < records->dimension_count; d++) {
    const struct eh_value **values = e->values + records->dimensions[d];
    uint32_t *codes = g->codes[d] + g->rows;
#pragma GCC unroll 4
    for (size_t r = 0; r < count; r++) codes[r] = values[r * stride]->code;
  }
  if (records->rules->date_column < 0) return;
  const struct eh_value **dates = e->values + records->rules->date_column;
  uint32_t *days = g->days + g->rows;
  for (size_t r = 0; r < count; r++) {
    const struct eh_value *date = dates[r * stride];
    days[r] = date->is_date && !date->missing ? (uint32_t)(date->day + EH_DAY_ZERO) : EH_NO_DAY;
  }
}

static void store_prints(struct eh_gathering *g, size_t column, uint64_t *prints) {
  const char *const *texts = g->evaluation->texts[column];
  const uint32_t *lengths = g->evaluation->lengths[column];
  size_t count = g->evaluation->count;
  if (!is_field(g, column)) { /* an input that does not say it */
    memset(prints, 0, count * sizeof *prints);
    return;
  }
  for (size_t r = 0; r < count; r++) prints[r] = fingerprint(g, (int)column, texts[r], lengths[r]);
}

void eh_harvest_begin(struct eh_gathering *g, struct eh_harvest *harvest) {
  eh_harvest_free(harvest); /* what its chunk held stays where it is, of no more use */
  size_t count = g->records->rules->column_count;
  harvest->malformed = eh_alloc_zeroed(count, sizeof *harvest->malformed);
  harvest->shapes = eh_alloc_zeroed(count, sizeof *harvest->shapes);
  harvest->gain_count = g->records->rules->join_count;
  harvest->gains = eh_alloc_zeroed(harvest->gain_count, sizeof *harvest->gains);
  for (size_t j = 0; j < harvest->gain_count; j++) eh_join_gain_clear(&g->evaluation->gains[j]);
}

void eh_harvest_batch(struct eh_gathering *g, struct eh_harvest *harvest,
                      const struct eh_batch *batch) {
  reserve(g);
  eh_evaluate_batch(g->evaluation, batch);
  count_malformed(g, harvest);
  store_answers(g);
  store_codes(g);
  store_prints(g, (size_t)g->records->rules->case_column, g->case_prints + g->rows);
  int person = eh_records_person(g->records);
  if (person >= 0) store_prints(g, (size_t)person, g->person_prints + g->rows);
  g->rows += batch->count;
}

/* --- a piece --- */

static void *copy_of(struct eh_arena *arena, const void *items, size_t count, size_t size) {
  void *copy = eh_arena_alloc(arena, count, size);
  if (count) memcpy(copy, items, count * size);
  return copy;
}

/* Move what was gathered into a chunk of its own, as narrow as it can be. */
static void pack(struct eh_gathering *g, struct eh_chunk *chunk) {
  const struct eh_records *records = g->records;
  chunk->rows = g->rows;
  chunk->codes = eh_arena_alloc(g->kept, records->dimension_count, sizeof *chunk->codes);
  for (size_t d = 0; d < records->dimension_count; d++)
    chunk->codes[d] = eh_packed_new(g->kept, g->codes[d], g->rows);
  if (records->rules->date_column >= 0) chunk->days = eh_packed_new(g->kept, g->days, g->rows);
  chunk->outcomes =
      copy_of(g->kept, g->outcomes, g->rows * records->rules->measure_count, sizeof *g->outcomes);
  chunk->status = copy_of(g->kept, g->status, g->rows, sizeof *g->status);
  chunk->case_prints = eh_alloc(g->rows, sizeof *g->case_prints);
  if (g->rows) memcpy(chunk->case_prints, g->case_prints, g->rows * sizeof *g->case_prints);
  if (eh_records_person(records) >= 0)
    chunk->person_prints = copy_of(g->kept, g->person_prints, g->rows, sizeof *g->person_prints);
  g->rows = 0;
}

void eh_harvest_finish(struct eh_gathering *g, struct eh_harvest *harvest) {
  for (size_t c = 0; c < g->records->rules->column_count; c++)
    harvest->shapes[c] = eh_evaluator_shapes(g->evaluation->evaluator, (int)c);
  eh_translator_take_unmapped(g->evaluation->translator, &harvest->unmapped);
  for (size_t j = 0; j < harvest->gain_count; j++) {
    harvest->gains[j] = g->evaluation->gains[j];
    g->evaluation->gains[j] = (struct eh_join_gain){0};
  }
  pack(g, &harvest->chunk);
}
