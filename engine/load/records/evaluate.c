#include "engine/load/records/evaluate.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "engine/base/tidy.h"
#include "engine/load/text/encoding.h"
#include "rules/language/missing.h"

/* Records are evaluated some at a time, column by column: what is known of one column's values then
 * stays near the processor, and the look-ups of different records overlap. */
enum { BATCH = 128 };

struct eh_ingest {
  struct eh_records *records;
  struct eh_evaluator *evaluator;
  struct eh_csv *csv;
  const struct eh_layout *layout;   /* of the input that csv reads */
  struct eh_translator *translator; /* of its layout; NULL: fields stay as they are */
  struct eh_missing_filter missing; /* what may stand for "not recorded" */
  struct eh_arena *kept;            /* what the chunks hold */
  struct eh_arena *scratch;         /* texts of the batch that are not in the piece's */
  struct eh_arena_mark scratch_start;
  const char *piece;
  size_t piece_length;

  /* The batch: by named field, then record. */
  const char **texts;
  uint32_t *lengths;
  size_t batched;
  const struct eh_value **values; /* by record, then column */

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

struct eh_ingest *eh_ingest_new(struct eh_records *records) {
  const struct eh_rules *rules = records->rules;
  struct eh_ingest *g = eh_alloc_zeroed(1, sizeof *g);
  g->records = records;
  g->evaluator = eh_evaluator_new(rules, label_code, records);
  g->kept = eh_arena_new_bulk();
  g->scratch = eh_arena_new();
  eh_arena_alloc(g->scratch, 1, 1); /* so that the first block stays */
  g->scratch_start = eh_arena_mark(g->scratch);
  g->texts = eh_alloc_zeroed(rules->column_count * BATCH, sizeof *g->texts);
  g->lengths = eh_alloc_zeroed(rules->column_count * BATCH, sizeof *g->lengths);
  g->values = eh_alloc_zeroed(rules->column_count * BATCH, sizeof *g->values);
  g->codes = eh_alloc_zeroed(records->dimension_count, sizeof *g->codes);
  eh_missing_filter_make(&g->missing, rules->missing, rules->missing_count);
  return g;
}

void eh_ingest_free(struct eh_ingest *g) {
  if (!g) return;
  for (size_t d = 0; d < g->records->dimension_count; d++) free(g->codes[d]);
  eh_evaluator_free(g->evaluator);
  eh_csv_free(g->csv);
  eh_translator_free(g->translator);
  eh_arena_free(g->kept);
  eh_arena_free(g->scratch);
  free((void *)g->texts);
  free(g->lengths);
  free((void *)g->values);
  free((void *)g->codes);
  free(g->days);
  free(g->outcomes);
  free(g->status);
  free(g->case_prints);
  free(g->person_prints);
  free(g);
}

struct eh_arena *eh_ingest_take_kept(struct eh_ingest *g) {
  struct eh_arena *kept = g->kept;
  g->kept = NULL;
  return kept;
}

void eh_harvest_free(struct eh_harvest *harvest) {
  free(harvest->chunk.case_prints);
  harvest->chunk = (struct eh_chunk){0};
  free(harvest->malformed);
  harvest->malformed = NULL;
  eh_unmapped_list_free(&harvest->unmapped);
}

static inline uint64_t hash_of(const char *text, size_t length) {
  uint64_t hash = XXH3_64bits(text, length);
  return hash ? hash : 1;
}

uint64_t eh_records_print(const struct eh_rules *rules, const char *text, size_t length) {
  struct eh_arena *scratch = eh_tidy_is_plain(text, length) ? NULL : eh_arena_new();
  if (scratch) text = eh_tidy_text(scratch, text, &length);
  uint64_t print = eh_rules_is_missing(rules, text, length) ? 0 : hash_of(text, length);
  eh_arena_free(scratch);
  return print;
}

/* The same, sooner for texts that need no tidying and cannot stand for "not recorded". */
static inline uint64_t fingerprint(const struct eh_ingest *g, const char *text, size_t length) {
  if (!eh_tidy_is_plain(text, length) || eh_missing_may_be(&g->missing, text, length))
    return eh_records_print(g->records->rules, text, length);
  return hash_of(text, length);
}

/* Room for one batch more. */
static void reserve(struct eh_ingest *g) {
  const struct eh_records *records = g->records;
  if (g->rows + BATCH <= g->capacity) return;
  size_t n = g->capacity = g->capacity ? 2 * g->capacity : 8 * BATCH;
  for (size_t d = 0; d < records->dimension_count; d++)
    g->codes[d] = eh_resize(g->codes[d], n, sizeof *g->codes[d]);
  g->days = eh_resize(g->days, n, sizeof *g->days);
  g->outcomes = eh_resize(g->outcomes, n * records->rules->measure_count, sizeof *g->outcomes);
  g->status = eh_resize(g->status, n, sizeof *g->status);
  g->case_prints = eh_resize(g->case_prints, n, sizeof *g->case_prints);
  g->person_prints = eh_resize(g->person_prints, n, sizeof *g->person_prints);
}

/* --- a batch --- */

/* Bring the batch's fields to the standard layout. */
static void translate(struct eh_ingest *g) {
  for (size_t i = 0; i < g->layout->named_count; i++) {
    size_t c = g->layout->columns[i];
    if (!eh_translator_wants(g->translator, c)) continue;
    const char **texts = g->texts + i * BATCH;
    uint32_t *lengths = g->lengths + i * BATCH;
    for (size_t r = 0; r < g->batched; r++) {
      struct eh_field field =
          eh_translate(g->translator, c, (struct eh_field){texts[r], lengths[r]}, g->scratch);
      texts[r] = field.text;
      lengths[r] = (uint32_t)field.length;
    }
  }
}

static void look_up_values(struct eh_ingest *g, struct eh_harvest *harvest) {
  const struct eh_rules *rules = g->records->rules;
  for (size_t i = 0; i < g->layout->named_count; i++) {
    size_t c = g->layout->columns[i];
    if (!rules->columns[c].is_evaluated) continue;
    eh_evaluator_look_up_roomy(g->evaluator, (int)c, g->texts + i * BATCH, g->lengths + i * BATCH,
                               g->batched, g->values + c, rules->column_count);
    if (!eh_evaluator_has_malformed(g->evaluator, (int)c)) continue;
    for (size_t r = 0; r < g->batched; r++)
      harvest->malformed[c] += g->values[r * rules->column_count + c]->malformed;
  }
}

/* Which of the batch's records the rules keep. */
static void judge_keep(struct eh_ingest *g, uint8_t *status) {
  static const uint8_t fates[] = {
      [EH_TRUE] = EH_AUDITED, [EH_FALSE] = EH_NOT_KEPT, [EH_UNKNOWN] = EH_KEEP_UNKNOWN};
  const struct eh_rules *rules = g->records->rules;
  uint8_t truths[BATCH];
  memset(status, EH_AUDITED, g->batched);
  if (!rules->keep) return;
  eh_evaluate_all(g->evaluator, rules->keep, g->values, g->batched, rules->column_count, truths);
  for (size_t r = 0; r < g->batched; r++) status[r] = fates[truths[r]];
}

/* What a measure says of them where it applies: an enum eh_outcome each. */
static void judge_event(struct eh_ingest *g, const struct eh_measure *measure, uint8_t *found) {
  static const uint8_t outcomes[] = {
      [EH_TRUE] = EH_EVENT, [EH_FALSE] = EH_NO_EVENT, [EH_UNKNOWN] = EH_EVENT_UNKNOWN};
  size_t stride = g->records->rules->column_count;
  if (measure->kind == EH_MEASURE_EVENT) {
    eh_evaluate_all(g->evaluator, measure->event, g->values, g->batched, stride, found);
    for (size_t r = 0; r < g->batched; r++) found[r] = outcomes[found[r]];
    return;
  }
  for (size_t r = 0; r < g->batched; r++) { /* which it was is in the codes of its column */
    const struct eh_value *value = g->values[r * stride + (size_t)measure->outcome];
    found[r] = value->missing || value->malformed ? EH_EVENT_UNKNOWN : EH_NO_EVENT;
  }
}

static void judge_records(struct eh_ingest *g) {
  const struct eh_rules *rules = g->records->rules;
  size_t measures = rules->measure_count;
  uint8_t *outcomes = g->outcomes + g->rows * measures, found[BATCH], applies[BATCH];
  eh_evaluator_derive_all(g->evaluator, g->values, g->batched, rules->column_count);
  judge_keep(g, g->status + g->rows);
  for (size_t m = 0; m < measures; m++) {
    const struct eh_measure *measure = &rules->measures[m];
    judge_event(g, measure, found);
    if (measure->among) {
      eh_evaluate_all(g->evaluator, measure->among, g->values, g->batched, rules->column_count,
                      applies);
      for (size_t r = 0; r < g->batched; r++)
        if (applies[r] != EH_TRUE)
          found[r] = applies[r] == EH_FALSE ? EH_DOES_NOT_APPLY : EH_APPLIES_UNKNOWN;
    }
    for (size_t r = 0; r < g->batched; r++) outcomes[r * measures + m] = found[r];
  }
}

static void store_codes(struct eh_ingest *g) {
  const struct eh_records *records = g->records;
  size_t stride = records->rules->column_count;
  for (size_t d = 0; d < records->dimension_count; d++) {
    const struct eh_value **values = g->values + records->dimensions[d];
    uint32_t *codes = g->codes[d] + g->rows;
#pragma GCC unroll 4
    for (size_t r = 0; r < g->batched; r++) codes[r] = values[r * stride]->code;
  }
  if (records->rules->date_column < 0) return;
  const struct eh_value **dates = g->values + records->rules->date_column;
  uint32_t *days = g->days + g->rows;
  for (size_t r = 0; r < g->batched; r++) {
    const struct eh_value *date = dates[r * stride];
    days[r] = date->is_date && !date->missing ? (uint32_t)(date->day + EH_DAY_ZERO) : EH_NO_DAY;
  }
}

static void store_prints(struct eh_ingest *g, int column, uint64_t *prints) {
  size_t i = 0;
  while (i < g->layout->named_count && g->layout->columns[i] != (size_t)column) i++;
  if (i == g->layout->named_count) { /* an input that does not say it */
    memset(prints, 0, g->batched * sizeof *prints);
    return;
  }
  const char *const *texts = g->texts + i * BATCH;
  const uint32_t *lengths = g->lengths + i * BATCH;
  for (size_t r = 0; r < g->batched; r++) prints[r] = fingerprint(g, texts[r], lengths[r]);
}

static void take_batch(struct eh_ingest *g, struct eh_harvest *harvest) {
  if (g->batched == 0) return;
  reserve(g);
  if (g->translator) translate(g);
  look_up_values(g, harvest);
  judge_records(g);
  store_codes(g);
  store_prints(g, g->records->rules->case_column, g->case_prints + g->rows);
  int person = eh_records_person(g->records);
  if (person >= 0) store_prints(g, person, g->person_prints + g->rows);
  g->rows += g->batched;
  g->batched = 0;
  eh_arena_reset(g->scratch, g->scratch_start);
  eh_csv_release(g->csv);
}

/* --- a piece --- */

static void note_bad(struct eh_harvest *harvest, enum eh_csv_problem problem, uint64_t line) {
  harvest->bad[problem]++;
  if (harvest->bad_place_count == EH_BAD_PLACES) return;
  harvest->bad_lines[harvest->bad_place_count] = line;
  harvest->bad_problems[harvest->bad_place_count++] = problem;
}

static inline void batch_field(struct eh_ingest *g, size_t i, struct eh_field field, bool is_held) {
  size_t slot = i * BATCH + g->batched;
  g->texts[slot] = field.text;
  if (!is_held && (uintptr_t)field.text - (uintptr_t)g->piece >=
                      g->piece_length) /* gone with the next record */
    g->texts[slot] = eh_arena_copy(g->scratch, field.text, field.length);
  g->lengths[slot] = (uint32_t)field.length;
}

/* One record, into the batch. */
static void take_record(struct eh_ingest *g, const struct eh_csv_record *record, const char *next,
                        struct eh_harvest *harvest) {
  const struct eh_layout *layout = g->layout;
  bool is_utf8 = record->is_ascii || eh_text_is_utf8(record->start, (size_t)(next - record->start));
  for (size_t i = 0; i < layout->named_count; i++) {
    struct eh_field field = record->fields[layout->fields[i]];
    const char *text = field.text;
    if (!is_utf8 && !eh_text_take_field(g->scratch, &field)) {
      note_bad(harvest, EH_CSV_NOT_TEXT, harvest->lines + record->blank_lines);
      return;
    }
    batch_field(g, i, field, record->is_held || field.text != text);
  }
  harvest->windows_records += !is_utf8;
  if (++g->batched == BATCH) take_batch(g, harvest);
}

static void *copy_of(struct eh_arena *arena, const void *items, size_t count, size_t size) {
  void *copy = eh_arena_alloc(arena, count, size);
  if (count) memcpy(copy, items, count * size);
  return copy;
}

/* Move what was gathered into a chunk of its own, as narrow as it can be. */
static void pack(struct eh_ingest *g, struct eh_chunk *chunk) {
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

/* What all records of a layout have alike stays in place from batch to batch. */
static void set_fixed(struct eh_ingest *g) {
  const struct eh_rules *rules = g->records->rules;
  for (size_t c = 0; c < rules->column_count; c++) {
    const char *text = g->layout->fixed[c];
    if (!text || !rules->columns[c].is_evaluated) continue;
    const struct eh_value *value = eh_evaluator_value(g->evaluator, (int)c, text, strlen(text));
    for (size_t r = 0; r < BATCH; r++) g->values[r * rules->column_count + c] = value;
  }
}

/* Be ready for a text of an input laid out like this. */
static void set_layout(struct eh_ingest *g, const struct eh_layout *layout) {
  if (g->layout == layout) {
    eh_csv_restart(g->csv);
    return;
  }
  eh_csv_free(g->csv);
  g->csv = eh_csv_new(layout->delimiter, layout->field_count);
  if (g->records->options.use_libcsv) eh_csv_use_libcsv(g->csv);
  eh_csv_hold(g->csv);
  eh_csv_want(g->csv, layout->fields, layout->named_count);
  g->layout = layout;
  eh_translator_free(g->translator);
  g->translator = eh_translator_new(g->records->rules, layout->input);
  if (layout->fixed) set_fixed(g);
}

/* As many plain records as come next, into the batch; false when none does. */
static bool take_plain(struct eh_ingest *g, const char **next, const char *end,
                       struct eh_harvest *harvest) {
  struct eh_csv_columns columns = {g->texts + g->batched, g->lengths + g->batched, BATCH};
  size_t records = eh_csv_plain(g->csv, next, end, &columns, BATCH - g->batched);
  g->batched += records;
  harvest->lines += records;
  if (g->batched == BATCH) take_batch(g, harvest);
  return records > 0;
}

void eh_ingest_text(struct eh_ingest *g, const struct eh_layout *layout, const char *text,
                    size_t length, bool is_last, struct eh_harvest *harvest) {
  *harvest = (struct eh_harvest){0};
  harvest->malformed = eh_alloc_zeroed(g->records->rules->column_count, sizeof *harvest->malformed);
  set_layout(g, layout);
  g->piece = text;
  g->piece_length = length;
  const char *next = text, *end = text + length;
  for (;;) {
    if (take_plain(g, &next, end, harvest)) continue;
    struct eh_csv_record record;
    enum eh_csv_outcome outcome = eh_csv_next(g->csv, &next, end, is_last, &record);
    if (outcome == EH_CSV_RECORD)
      take_record(g, &record, next, harvest);
    else if (outcome == EH_CSV_BAD)
      note_bad(harvest, record.problem, harvest->lines + record.blank_lines);
    if (outcome == EH_CSV_BAD) harvest->runs_on = record.runs_on;
    harvest->lines +=
        record.blank_lines + (outcome == EH_CSV_RECORD || outcome == EH_CSV_BAD ? record.lines : 0);
    if (outcome == EH_CSV_INCOMPLETE || outcome == EH_CSV_END) break;
  }
  take_batch(g, harvest);
  eh_csv_release(g->csv);
  eh_translator_take_unmapped(g->translator, &harvest->unmapped);
  harvest->used = (size_t)(next - text);
  harvest->chunk.length = harvest->used;
  pack(g, &harvest->chunk);
}
