#include "engine/load/text/rows.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/memory.h"
#include "engine/load/text/encoding.h"

struct eh_rows {
  const struct eh_rows_plan *plan;
  struct eh_csv *csv;
  struct eh_arena *scratch; /* texts of the batch that are not in the text read */
  struct eh_arena_mark scratch_start;
  const char *text, *next, *end;
  bool is_last, has_ended;
  struct eh_batch batch;
  uint32_t lines[EH_ROWS];
  struct eh_rows_gain gain;
};

struct eh_rows *eh_rows_new(const struct eh_rows_plan *plan) {
  struct eh_rows *rows = eh_alloc_zeroed(1, sizeof *rows);
  size_t places = plan->wanted_count * EH_ROWS;
  rows->plan = plan;
  rows->csv = eh_csv_new(plan->delimiter, plan->field_count);
  eh_csv_be_lenient(rows->csv, plan->fewest ? plan->fewest : plan->field_count);
  if (plan->use_libcsv) eh_csv_use_libcsv(rows->csv);
  eh_csv_hold(rows->csv);
  eh_csv_want(rows->csv, plan->wanted, plan->wanted_count);
  rows->scratch = eh_arena_new();
  eh_arena_alloc(rows->scratch, 1, 1); /* so that the first block stays */
  rows->scratch_start = eh_arena_mark(rows->scratch);
  rows->batch.texts = eh_alloc_zeroed(places, sizeof *rows->batch.texts);
  rows->batch.lengths = eh_alloc_zeroed(places, sizeof *rows->batch.lengths);
  rows->batch.lines = rows->lines;
  return rows;
}

void eh_rows_free(struct eh_rows *rows) {
  if (!rows) return;
  eh_csv_free(rows->csv);
  eh_arena_free(rows->scratch);
  free((void *)rows->batch.texts);
  free(rows->batch.lengths);
  free(rows);
}

void eh_rows_begin(struct eh_rows *rows, const char *text, size_t length, bool is_last) {
  eh_csv_restart(rows->csv);
  rows->text = rows->next = text;
  rows->end = text + length;
  rows->is_last = is_last;
  rows->has_ended = false;
  rows->gain = (struct eh_rows_gain){0};
}

static void note_bad(struct eh_bad_lines *bad, enum eh_csv_problem problem, uint64_t line) {
  bad->counts[problem]++;
  if (bad->place_count == EH_BAD_PLACES) return;
  bad->lines[bad->place_count] = line;
  bad->problems[bad->place_count++] = problem;
}

/* As many plain records as come next; false when none does. */
static bool take_plain(struct eh_rows *rows) {
  struct eh_batch *b = &rows->batch;
  struct eh_csv_columns columns = {b->texts + b->count, b->lengths + b->count, EH_ROWS};
  size_t records = eh_csv_plain(rows->csv, &rows->next, rows->end, &columns, EH_ROWS - b->count);
  uint32_t *lines = rows->lines + b->count, line = (uint32_t)rows->gain.lines;
  for (size_t r = 0; r < records; r++) lines[r] = line + (uint32_t)r;
  b->count += records;
  rows->gain.lines += records;
  return records > 0;
}

/* Is the text gone with the next record? */
static bool is_passing(const struct eh_rows *rows, const struct eh_csv_record *record,
                       const char *text) {
  uintptr_t offset = (uintptr_t)text - (uintptr_t)rows->text;
  return !record->is_held && offset >= (uintptr_t)(rows->end - rows->text);
}

static void note_leniences(struct eh_leniences *leniences, unsigned bits) {
  for (int l = 0; l < EH_LENIENCES; l++) leniences->counts[l] += bits >> l & 1;
  leniences->records += bits != 0;
}

/* ="0100001" is the text within: spreadsheets keep the zeros of a number so. */
static bool unwrap_formula(struct eh_field *field) {
  if (field->length < 3 || memcmp(field->text, "=\"", 2) != 0 ||
      field->text[field->length - 1] != '"')
    return false;
  field->text += 2;
  field->length -= 3;
  return true;
}

/* One record, into the batch. */
static void take_record(struct eh_rows *rows, const struct eh_csv_record *record, uint64_t line) {
  const struct eh_rows_plan *plan = rows->plan;
  struct eh_batch *b = &rows->batch;
  unsigned leniences = record->leniences;
  bool is_utf8 =
      record->is_ascii || eh_text_is_utf8(record->start, (size_t)(rows->next - record->start));
  for (size_t i = 0; i < plan->wanted_count; i++) {
    struct eh_field field = record->fields[plan->wanted[i]];
    if (!is_utf8 && !eh_text_take_field(rows->scratch, plan->encoding, &field) &&
        (!plan->asked || plan->asked[i])) {
      note_bad(&rows->gain.bad, EH_CSV_NOT_TEXT, line);
      return;
    }
    if (field.text == record->fields[plan->wanted[i]].text && is_passing(rows, record, field.text))
      field.text = eh_arena_copy(rows->scratch, field.text, field.length);
    if (unwrap_formula(&field)) leniences |= 1u << EH_LENIENT_FORMULA;
    b->texts[i * EH_ROWS + b->count] = field.text;
    b->lengths[i * EH_ROWS + b->count] = (uint32_t)field.length;
  }
  if (leniences & 1u << EH_LENIENT_FORMULA) leniences &= ~(1u << EH_LENIENT_QUOTES);
  rows->gain.windows_records += !is_utf8;
  note_leniences(&rows->gain.leniences, leniences);
  rows->lines[b->count++] = (uint32_t)line;
}

static void take_next(struct eh_rows *rows) {
  struct eh_csv_record record;
  enum eh_csv_outcome outcome =
      eh_csv_next(rows->csv, &rows->next, rows->end, rows->is_last, &record);
  uint64_t line = rows->gain.lines + record.blank_lines;
  rows->gain.lines = line;
  rows->gain.leniences.blank_lines += record.blank_lines;
  if (outcome == EH_CSV_INCOMPLETE || outcome == EH_CSV_END) {
    rows->has_ended = true;
    rows->gain.used = (size_t)(rows->next - rows->text);
    return;
  }
  rows->gain.lines += record.lines;
  if (outcome == EH_CSV_RECORD) {
    take_record(rows, &record, line);
    return;
  }
  rows->gain.runs_on = record.runs_on;
  note_bad(&rows->gain.bad, record.problem, line);
}

const struct eh_batch *eh_rows_next(struct eh_rows *rows) {
  rows->batch.count = 0;
  eh_arena_reset(rows->scratch, rows->scratch_start);
  eh_csv_release(rows->csv);
  while (rows->batch.count < EH_ROWS && !rows->has_ended)
    if (!take_plain(rows)) take_next(rows);
  rows->gain.records += rows->batch.count;
  return rows->batch.count ? &rows->batch : NULL;
}

const struct eh_rows_gain *eh_rows_gain(const struct eh_rows *rows) { return &rows->gain; }
