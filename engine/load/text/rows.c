#include "engine/load/text/rows.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/memory.h"
#include "engine/load/text/asides.h"
#include "engine/load/text/encoding.h"

struct eh_rows {
  const struct eh_rows_plan *plan;
  struct eh_csv *csv;
  struct eh_arena *scratch; /* texts of the batch that are not in the text read */
  struct eh_arena_mark scratch_start;
  const char *text, *next, *end;
  bool is_last, has_ended;
  struct eh_csv *whole; /* reads all fields of a row that may be no record; NULL: all are */
  size_t *looked_at;    /* numbers of fields: the first one's, then the wanted ones' */
  const char **texts;   /* of these; the batch's begin behind the first one's */
  uint32_t *lengths;
  struct eh_batch batch;
  uint32_t lines[EH_ROWS];
  struct eh_rows_gain gain;
};

struct eh_rows *eh_rows_new(const struct eh_rows_plan *plan) {
  struct eh_rows *rows = eh_alloc_zeroed(1, sizeof *rows);
  size_t count = plan->wanted_count + 1;
  rows->plan = plan;
  rows->csv = eh_csv_new(plan->delimiter, plan->field_count);
  eh_csv_be_lenient(rows->csv, plan->fewest ? plan->fewest : plan->field_count);
  if (plan->use_libcsv) eh_csv_use_libcsv(rows->csv);
  eh_csv_hold(rows->csv);
  rows->looked_at = eh_alloc_zeroed(count, sizeof *rows->looked_at);
  if (count > 1)
    memcpy(rows->looked_at + 1, plan->wanted, plan->wanted_count * sizeof *rows->looked_at);
  eh_csv_want(rows->csv, rows->looked_at, count);
  if (plan->names) {
    rows->whole = eh_csv_new(plan->delimiter, 0);
    eh_csv_be_lenient(rows->whole, 0);
  }
  rows->scratch = eh_arena_new();
  eh_arena_alloc(rows->scratch, 1, 1); /* so that the first block stays */
  rows->scratch_start = eh_arena_mark(rows->scratch);
  rows->texts = eh_alloc_zeroed(count * EH_ROWS, sizeof *rows->texts);
  rows->lengths = eh_alloc_zeroed(count * EH_ROWS, sizeof *rows->lengths);
  rows->batch.texts = rows->texts + EH_ROWS;
  rows->batch.lengths = rows->lengths + EH_ROWS;
  rows->batch.lines = rows->lines;
  return rows;
}

void eh_rows_free(struct eh_rows *rows) {
  if (!rows) return;
  eh_csv_free(rows->csv);
  eh_arena_free(rows->scratch);
  eh_csv_free(rows->whole);
  free(rows->looked_at);
  free((void *)rows->texts);
  free(rows->lengths);
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

/* What a row is by its shape, and by what is said of totals. */
static enum eh_csv_problem shape_of(const struct eh_rows_plan *plan, const struct eh_field *fields,
                                    size_t count, const char *const *names) {
  enum eh_csv_problem aside = eh_aside_of(fields, count, plan->field_count, names);
  return aside == EH_CSV_TOTAL && plan->keeps_totals ? EH_CSV_PROBLEMS : aside;
}

/* The row's fields, all of them, read again. */
static enum eh_csv_problem aside_of(struct eh_rows *rows, const char *start, const char *end) {
  struct eh_csv_record record;
  eh_csv_restart(rows->whole);
  if (eh_csv_next(rows->whole, &start, end, true, &record) != EH_CSV_RECORD) return EH_CSV_PROBLEMS;
  return shape_of(rows->plan, record.fields, record.field_count, rows->plan->names);
}

/* May the row, whose looked-at fields are in this place, be no record? */
static bool may_be_aside(const struct eh_rows *rows, size_t row) {
  size_t filled = 0, count = rows->plan->wanted_count;
  const uint32_t *lengths = rows->batch.lengths + row;
  struct eh_field first = {rows->texts[row], rows->lengths[row]};
  for (size_t i = 0; i < count && (filled < 2 || first.length == 0); i++)
    filled += lengths[i * EH_ROWS] > 0;
  return eh_aside_may_be(first, filled, count, rows->plan->names[0]);
}

static void move_row(struct eh_rows *rows, size_t from, size_t to) {
  for (size_t i = 0; i <= rows->plan->wanted_count; i++) {
    rows->texts[i * EH_ROWS + to] = rows->texts[i * EH_ROWS + from];
    rows->lengths[i * EH_ROWS + to] = rows->lengths[i * EH_ROWS + from];
  }
  rows->lines[to] = rows->lines[from];
}

/* Of plain rows, one line each, that came last: leave out what are no records. */
static void drop_asides(struct eh_rows *rows, size_t first) {
  struct eh_batch *b = &rows->batch;
  size_t kept = first;
  for (size_t r = first; rows->whole && r < b->count; r++) {
    enum eh_csv_problem problem = EH_CSV_PROBLEMS;
    if (may_be_aside(rows, r)) {
      const char *text = rows->texts[r];
      const char *lf = memrchr(rows->text, '\n', (size_t)(text - rows->text));
      const char *start = lf ? lf + 1 : rows->text;
      problem = aside_of(rows, start, eh_csv_line_end(start, rows->end));
    }
    if (problem != EH_CSV_PROBLEMS) {
      note_bad(&rows->gain.bad, problem, rows->lines[r]);
      continue;
    }
    if (kept != r) move_row(rows, r, kept);
    kept++;
  }
  if (rows->whole) b->count = kept;
}

/* As many plain records as come next; false when none does. */
static bool take_plain(struct eh_rows *rows) {
  struct eh_batch *b = &rows->batch;
  size_t first = b->count;
  struct eh_csv_columns columns = {rows->texts + first, rows->lengths + first, EH_ROWS};
  size_t records = eh_csv_plain(rows->csv, &rows->next, rows->end, &columns, EH_ROWS - b->count);
  uint32_t *lines = rows->lines + b->count, line = (uint32_t)rows->gain.lines;
  for (size_t r = 0; r < records; r++) lines[r] = line + (uint32_t)r;
  b->count += records;
  rows->gain.lines += records;
  drop_asides(rows, first);
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
  rows->texts[b->count] = record->fields[0].text;
  rows->lengths[b->count] = (uint32_t)record->fields[0].length;
  if (rows->whole && may_be_aside(rows, b->count)) {
    enum eh_csv_problem problem = aside_of(rows, record->start, rows->next);
    if (problem != EH_CSV_PROBLEMS) {
      note_bad(&rows->gain.bad, problem, line);
      return;
    }
  }
  if (leniences & 1u << EH_LENIENT_FORMULA) leniences &= ~(1u << EH_LENIENT_QUOTES);
  rows->gain.windows_records += !is_utf8;
  note_leniences(&rows->gain.leniences, leniences);
  rows->lines[b->count++] = (uint32_t)line;
}

/* Why a line is left out. What has too few fields is mostly a note, or a total. */
static enum eh_csv_problem reason_of(const struct eh_rows *rows,
                                     const struct eh_csv_record *record) {
  if (!rows->whole || record->problem != EH_CSV_FEW_FIELDS) return record->problem;
  enum eh_csv_problem aside = shape_of(rows->plan, record->fields, record->found_count, NULL);
  return aside == EH_CSV_PROBLEMS ? record->problem : aside;
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
  note_bad(&rows->gain.bad, reason_of(rows, &record), line);
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
