#include "engine/load/ingest.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "engine/load/text.h"

/* Whole numbers that grow at their end. */
struct numbers {
  uint32_t *items;
  size_t count, capacity;
};

struct eh_ingest {
  struct eh_records *records;
  struct eh_evaluator *evaluator;
  struct eh_field *fields;        /* of the record at hand, by column */
  const struct eh_value **values; /* the same, interned */
  struct eh_arena *scratch;       /* converted texts of the record at hand */
  struct numbers *codes;          /* by dimension */
  struct numbers days;
  struct eh_buffer outcomes, status, case_prints, person_prints;
};

static uint32_t label_code(void *context, int column, const char *label, size_t length) {
  struct eh_records *records = context;
  return eh_dictionary_code(records->dictionaries[eh_records_dimension(records, column)], label,
                            length);
}

struct eh_ingest *eh_ingest_new(struct eh_records *records) {
  struct eh_ingest *g = eh_alloc_zeroed(1, sizeof *g);
  g->records = records;
  g->evaluator = eh_evaluator_new(records->rules, label_code, records);
  g->values = eh_alloc_zeroed(records->rules->column_count, sizeof *g->values);
  g->fields = eh_alloc_zeroed(records->rules->column_count, sizeof *g->fields);
  g->codes = eh_alloc_zeroed(records->dimension_count, sizeof *g->codes);
  g->scratch = eh_arena_new();
  return g;
}

void eh_ingest_free(struct eh_ingest *g) {
  if (!g) return;
  for (size_t d = 0; d < g->records->dimension_count; d++) free(g->codes[d].items);
  eh_evaluator_free(g->evaluator);
  free(g->fields);
  free((void *)g->values);
  free(g->codes);
  free(g->days.items);
  eh_arena_free(g->scratch);
  eh_buffer_free(&g->outcomes);
  eh_buffer_free(&g->status);
  eh_buffer_free(&g->case_prints);
  eh_buffer_free(&g->person_prints);
  free(g);
}

void eh_harvest_free(struct eh_harvest *harvest, size_t dimensions) {
  eh_chunk_free(&harvest->chunk, dimensions);
  free(harvest->malformed);
  harvest->malformed = NULL;
}

static void append(struct numbers *numbers, uint32_t number) {
  if (numbers->count == numbers->capacity) {
    numbers->capacity = numbers->capacity ? 2 * numbers->capacity : 1024;
    numbers->items = eh_resize(numbers->items, numbers->capacity, sizeof *numbers->items);
  }
  numbers->items[numbers->count++] = number;
}

/* 64 bits that stand for an id; 0 for one that is not recorded. */
static uint64_t fingerprint(const struct eh_rules *rules, const struct eh_field *field) {
  if (eh_rules_is_missing(rules, field->text, field->length)) return 0;
  uint64_t hash = XXH3_64bits(field->text, field->length);
  return hash ? hash : 1;
}

static void add_fingerprint(struct eh_buffer *buffer, uint64_t print) {
  eh_buffer_add(buffer, (const char *)&print, sizeof print);
}

static void look_up_values(struct eh_ingest *g) {
  const struct eh_rules *rules = g->records->rules;
  for (size_t c = 0; c < rules->column_count; c++)
    if (rules->columns[c].kind == EH_GIVEN && rules->columns[c].is_evaluated)
      g->values[c] =
          eh_evaluator_value(g->evaluator, (int)c, g->fields[c].text, g->fields[c].length);
}

static enum eh_fate keep_record(struct eh_ingest *g) {
  const struct eh_rules *rules = g->records->rules;
  if (!rules->keep) return EH_AUDITED;
  switch (eh_evaluate(g->evaluator, rules->keep, g->values)) {
    case EH_TRUE:
      return EH_AUDITED;
    case EH_FALSE:
      return EH_NOT_KEPT;
    default:
      return EH_KEEP_UNKNOWN;
  }
}

static enum eh_outcome outcome_of(struct eh_ingest *g, const struct eh_measure *measure) {
  enum eh_truth applies =
      measure->among ? eh_evaluate(g->evaluator, measure->among, g->values) : EH_TRUE;
  if (applies == EH_FALSE) return EH_DOES_NOT_APPLY;
  if (applies == EH_UNKNOWN) return EH_APPLIES_UNKNOWN;
  enum eh_truth event = eh_evaluate(g->evaluator, measure->event, g->values);
  if (event == EH_UNKNOWN) return EH_EVENT_UNKNOWN;
  return event == EH_TRUE ? EH_EVENT : EH_NO_EVENT;
}

static void store_record(struct eh_ingest *g) {
  const struct eh_records *records = g->records;
  const struct eh_rules *rules = records->rules;
  char fate = (char)keep_record(g);
  eh_buffer_add(&g->status, &fate, 1);
  for (size_t m = 0; m < rules->measure_count; m++) {
    char outcome = (char)outcome_of(g, &rules->measures[m]);
    eh_buffer_add(&g->outcomes, &outcome, 1);
  }
  for (size_t d = 0; d < records->dimension_count; d++)
    append(&g->codes[d], g->values[records->dimensions[d]]->code);
  if (rules->date_column >= 0) {
    const struct eh_value *date = g->values[rules->date_column];
    append(&g->days,
           date->is_date && !date->missing ? (uint32_t)(date->day + EH_DAY_ZERO) : EH_NO_DAY);
  }
  add_fingerprint(&g->case_prints, fingerprint(rules, &g->fields[rules->case_column]));
  int person = eh_records_person(records);
  if (person >= 0) add_fingerprint(&g->person_prints, fingerprint(rules, &g->fields[person]));
}

static void count_malformed(struct eh_ingest *g, struct eh_harvest *harvest) {
  const struct eh_rules *rules = g->records->rules;
  for (size_t c = 0; c < rules->column_count; c++)
    if (rules->columns[c].kind == EH_GIVEN && g->values[c] && g->values[c]->malformed)
      harvest->malformed[c]++;
}

static void note_bad(struct eh_harvest *harvest, enum eh_csv_problem problem, uint64_t line) {
  harvest->bad[problem]++;
  if (harvest->bad_place_count == EH_BAD_PLACES) return;
  harvest->bad_lines[harvest->bad_place_count] = line;
  harvest->bad_problems[harvest->bad_place_count++] = problem;
}

static void *copy_of(const struct eh_buffer *buffer) {
  void *copy = eh_alloc(buffer->length, 1);
  if (buffer->length) memcpy(copy, buffer->text, buffer->length);
  return copy;
}

/* Move what was gathered into a chunk of its own, as narrow as it can be. */
static void pack(struct eh_ingest *g, struct eh_chunk *chunk) {
  const struct eh_records *records = g->records;
  chunk->rows = g->status.length;
  chunk->codes = eh_alloc_zeroed(records->dimension_count, sizeof *chunk->codes);
  for (size_t d = 0; d < records->dimension_count; d++) {
    chunk->codes[d] = eh_packed_new(g->codes[d].items, chunk->rows);
    g->codes[d].count = 0;
  }
  if (records->rules->date_column >= 0) chunk->days = eh_packed_new(g->days.items, chunk->rows);
  g->days.count = 0;
  chunk->outcomes = copy_of(&g->outcomes);
  chunk->status = copy_of(&g->status);
  chunk->case_prints = copy_of(&g->case_prints);
  if (eh_records_person(records) >= 0) chunk->person_prints = copy_of(&g->person_prints);
  g->outcomes.length = g->status.length = g->case_prints.length = g->person_prints.length = 0;
}

/* One record that libcsv could read. */
static void take_record(struct eh_ingest *g, const struct eh_layout *layout,
                        const struct eh_csv_record *record, bool is_utf8,
                        struct eh_harvest *harvest) {
  struct eh_arena_mark mark = eh_arena_mark(g->scratch);
  if (!eh_text_take_fields(g->scratch, g->records->rules, layout, record->fields, is_utf8,
                           g->fields)) {
    note_bad(harvest, EH_CSV_NOT_TEXT, harvest->lines + record->blank_lines);
  } else {
    harvest->windows_records += !is_utf8;
    look_up_values(g);
    count_malformed(g, harvest);
    eh_evaluator_derive(g->evaluator, g->values);
    store_record(g);
  }
  eh_arena_reset(g->scratch, mark);
}

void eh_ingest_text(struct eh_ingest *g, const struct eh_layout *layout, const char *text,
                    size_t length, bool is_last, struct eh_harvest *harvest) {
  *harvest = (struct eh_harvest){0};
  harvest->malformed = eh_alloc_zeroed(g->records->rules->column_count, sizeof *harvest->malformed);
  bool all_utf8 = eh_text_is_utf8(text, length);
  struct eh_csv *csv = eh_csv_new(layout->delimiter, layout->field_count);
  const char *next = text, *end = text + length;
  for (;;) {
    struct eh_csv_record record;
    enum eh_csv_outcome outcome = eh_csv_next(csv, &next, end, is_last, &record);
    if (outcome == EH_CSV_RECORD)
      take_record(g, layout, &record,
                  all_utf8 || eh_text_is_utf8(record.start, (size_t)(next - record.start)),
                  harvest);
    else if (outcome == EH_CSV_BAD)
      note_bad(harvest, record.problem, harvest->lines + record.blank_lines);
    harvest->lines +=
        record.blank_lines + (outcome == EH_CSV_RECORD || outcome == EH_CSV_BAD ? record.lines : 0);
    if (outcome == EH_CSV_INCOMPLETE || outcome == EH_CSV_END) break;
  }
  eh_csv_free(csv);
  harvest->used = (size_t)(next - text);
  harvest->chunk.length = harvest->used;
  pack(g, &harvest->chunk);
}
