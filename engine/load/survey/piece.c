/* One piece of an input, parsed by one thread. */
#include <stdlib.h>
#include <string.h>

#include "engine/load/survey/internal.h"
#include "engine/load/text/encoding.h"

enum { BAD_PLACES = 5 };

void eh_survey_piece_new(const struct eh_survey_run *run, struct eh_survey_piece *piece) {
  const struct eh_survey *s = run->survey;
  piece->codes = eh_alloc_zeroed(s->column_count, sizeof *piece->codes);
  piece->joined = eh_alloc_zeroed(s->column_count, sizeof *piece->joined);
  piece->found = eh_alloc_zeroed(s->column_count, sizeof *piece->found);
  piece->loose = eh_alloc_zeroed(s->column_count, sizeof *piece->loose);
  if (!s->rules) return;
  piece->measures = eh_alloc_zeroed(s->rules->measure_count, sizeof *piece->measures);
  piece->expects = eh_alloc_zeroed(s->rules->expect_count, sizeof *piece->expects);
}

void eh_survey_piece_clear(const struct eh_survey_run *run, struct eh_survey_piece *piece) {
  const struct eh_rules *rules = run->survey->rules;
  for (size_t c = 0; piece->found && c < run->survey->column_count; c++)
    eh_survey_table_empty(&piece->found[c]);
  if (!piece->arena) piece->arena = eh_arena_new();
  eh_arena_reset(piece->arena, (struct eh_arena_mark){0});
  piece->rows = piece->empty_rows = 0;
  piece->used = 0;
  piece->runs_on = false;
  piece->line_count = piece->windows_records = 0;
  piece->bad_place_count = 0;
  memset(piece->bad, 0, sizeof piece->bad);
  if (!rules) return;
  memset(piece->measures, 0, rules->measure_count * sizeof *piece->measures);
  for (size_t i = 0; i < rules->expect_count; i++) {
    free(piece->expects[i].places);
    piece->expects[i] = (struct eh_survey_test){0};
  }
}

void eh_survey_piece_free(const struct eh_survey_run *run, struct eh_survey_piece *piece) {
  const struct eh_rules *rules = run->survey->rules;
  for (size_t c = 0; piece->found && c < run->survey->column_count; c++) {
    eh_survey_table_free(&piece->found[c]);
    free(piece->codes[c]);
    free(piece->joined[c]);
    free(piece->loose[c]);
  }
  for (size_t i = 0; piece->expects && rules && i < rules->expect_count; i++)
    free(piece->expects[i].places);
  free(piece->text);
  free(piece->found);
  free((void *)piece->codes);
  free((void *)piece->joined);
  free((void *)piece->loose);
  free(piece->lines);
  free(piece->row_prints);
  free(piece->outcomes);
  free(piece->kept);
  free(piece->measures);
  free(piece->expects);
  eh_arena_free(piece->arena);
}

/* Room for some rows more. */
static void make_room(const struct eh_survey_run *run, struct eh_survey_piece *piece) {
  size_t capacity = piece->row_capacity;
  if (piece->rows + EH_SURVEY_ROWS > capacity) {
    capacity = capacity ? 2 * capacity : 4096;
    for (size_t c = 0; c < run->survey->column_count; c++) {
      piece->codes[c] = eh_resize(piece->codes[c], capacity, sizeof *piece->codes[c]);
      if (piece->loose[c])
        piece->loose[c] = eh_resize(piece->loose[c], capacity, sizeof *piece->loose[c]);
    }
    piece->lines = eh_resize(piece->lines, capacity, sizeof *piece->lines);
    piece->row_prints = eh_resize(piece->row_prints, capacity, sizeof *piece->row_prints);
    piece->outcomes = eh_resize(piece->outcomes, capacity, run->question_count + 1);
    piece->kept = eh_resize(piece->kept, capacity, 1);
    piece->row_capacity = capacity;
  }
  for (size_t c = 0; c < run->survey->column_count; c++)
    if (run->survey->columns[c].is_closed && !piece->loose[c])
      piece->loose[c] = eh_alloc(capacity, sizeof *piece->loose[c]);
}

uint32_t eh_survey_missing_code(const struct eh_survey_run *run, const char *text, size_t length) {
  if (!eh_missing_may_be(&run->missing, text, length)) return UINT32_MAX;
  const struct eh_survey *s = run->survey; /* its first code is that of no column */
  size_t item = eh_missing_find(s->missing + 1, s->missing_count - 1, text, length);
  return item == SIZE_MAX ? UINT32_MAX : (uint32_t)item + 1;
}

/* The code of a value, which is one of the piece's own when the survey does not know it yet. */
static uint32_t code_of(const struct eh_survey_run *run, struct eh_survey_piece *piece, size_t c,
                        size_t row, const struct eh_text_key *key, const char *text,
                        size_t length) {
  const struct eh_survey_work *work = &run->work[c];
  uint32_t code = eh_survey_table_find(&work->table, key, text, length);
  if (code != UINT32_MAX) return code;
  struct eh_survey_table *found = &piece->found[c];
  code = eh_survey_table_find(found, key, text, length);
  if (code == UINT32_MAX) {
    code = eh_survey_missing_code(run, text, length);
    if (code != UINT32_MAX) return code;
    code = eh_survey_table_add(found, key, eh_arena_copy(piece->arena, text, length), length, true);
    found->items[code].first.line = row;
  }
  found->items[code].records++;
  return code | EH_SURVEY_FOUND;
}

/* Of a closed column only texts for "not recorded" are looked up. */
static uint32_t code_of_closed(const struct eh_survey_run *run, struct eh_survey_piece *piece,
                               size_t c, size_t row, const struct eh_text_key *key,
                               const char *text, size_t length) {
  uint32_t code = eh_survey_missing_code(run, text, length);
  if (code != UINT32_MAX) return code;
  struct eh_survey_value *value = &piece->loose[c][row];
  *value = (struct eh_survey_value){
      .text = text, .length = (uint32_t)length, .hash = eh_survey_hash(key), .records = 1};
  eh_survey_classify_value(run, c, value);
  return EH_SURVEY_OTHER;
}
static void note_bad(struct eh_survey_piece *piece, enum eh_csv_problem problem, uint64_t line) {
  piece->bad[problem]++;
  if (piece->bad_place_count == BAD_PLACES) return;
  piece->bad_lines[piece->bad_place_count] = line;
  piece->bad_problems[piece->bad_place_count++] = problem;
}

static void take_column(const struct eh_survey_run *run, struct eh_survey_piece *piece,
                        const struct eh_survey_worker *w, size_t c) {
  uint32_t *codes = piece->codes[c] + piece->rows;
  uint64_t *prints = piece->row_prints + piece->rows;
  const char *const *texts = w->texts + run->slots[c] * EH_SURVEY_ROWS;
  const uint32_t *lengths = w->lengths + run->slots[c] * EH_SURVEY_ROWS;
  bool is_closed = run->survey->columns[c].is_closed;
  if (!eh_survey_input_has(run, c)) {
    memset(codes, 0, w->count * sizeof *codes);
    return;
  }
  for (size_t r = 0; r < w->count; r++) {
    struct eh_text_key key = eh_text_key_of(texts[r], lengths[r]);
    codes[r] = (is_closed ? code_of_closed : code_of)(run, piece, c, piece->rows + r, &key,
                                                      texts[r], lengths[r]);
    uint64_t print = (prints[r] ^ eh_survey_hash(&key)) * 0x9E3779B97F4A7C15ULL + c;
    prints[r] = print ^ print >> 29;
  }
}

/* The values are the evaluator's own: those of one label are mostly one. */
static void take_derived(const struct eh_survey_run *run, struct eh_survey_piece *piece,
                         const struct eh_survey_worker *w, size_t c) {
  const struct eh_survey *s = run->survey;
  uint32_t *codes = piece->codes[c] + piece->rows;
  const struct eh_value *const *values = w->values + s->columns[c].rules_column;
  for (size_t r = 0; r < w->count; r++) {
    const struct eh_value *value = values[r * s->rules->column_count];
    codes[r] = 0;
    if (!value || value->missing || value->malformed) continue;
    struct eh_text_key key = eh_text_key_of(value->text, value->length);
    codes[r] = (run->survey->columns[c].is_closed ? code_of_closed : code_of)(
        run, piece, c, piece->rows + r, &key, value->text, value->length);
  }
}

static void take_rows(const struct eh_survey_run *run, struct eh_survey_piece *piece,
                      struct eh_survey_worker *w) {
  const struct eh_survey *s = run->survey;
  if (w->count == 0) return;
  make_room(run, piece);
  memcpy(piece->lines + piece->rows, w->lines, w->count * sizeof *w->lines);
  memcpy(piece->row_prints + piece->rows, w->other_prints, w->count * sizeof *w->other_prints);
  size_t stride = s->rules ? s->rules->column_count : 0;
  for (size_t c = 0; c < stride; c++)
    if (run->sources[c] >= 0)
      eh_evaluator_look_up(
          w->evaluator, (int)c, w->texts + (size_t)run->sources[c] * EH_SURVEY_ROWS,
          w->lengths + (size_t)run->sources[c] * EH_SURVEY_ROWS, w->count, w->values + c, stride);
  for (size_t r = 0; r < w->count && s->rules; r++)
    eh_survey_ask(run, piece, piece->rows + r, w->evaluator, w->values + r * stride);
  for (size_t c = 0; c < s->column_count; c++)
    (s->columns[c].is_derived ? take_derived : take_column)(run, piece, w, c);
  piece->rows += w->count;
  w->count = 0;
}

static bool is_empty(const struct eh_field *fields, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (fields[i].length) return false;
  return true;
}

static void take_record(const struct eh_survey_run *run, struct eh_survey_piece *piece,
                        struct eh_survey_worker *w, const struct eh_field *fields, uint64_t line) {
  if (is_empty(fields, run->inputs[run->input].header.count)) {
    if (piece->empty_rows++ == 0) piece->first_empty = piece->rows + w->count;
  }
  eh_survey_take_fields(run, piece, w, fields);
  w->lines[w->count++] = (uint32_t)line;
  if (w->count == EH_SURVEY_ROWS) take_rows(run, piece, w);
}

/* Every field as UTF-8. One in neither encoding stays as it is where no rule asks for it; NULL: one
   does. */
static const struct eh_field *converted(const struct eh_survey_input *input, struct eh_arena *arena,
                                        const struct eh_csv_record *record) {
  struct eh_field *fields = eh_arena_alloc(arena, record->field_count, sizeof *fields);
  for (size_t i = 0; i < record->field_count; i++) {
    fields[i] = record->fields[i];
    if (!eh_text_take_field(arena, &fields[i]) && input->is_asked[i]) return NULL;
  }
  return fields;
}

void eh_survey_piece_parse(const struct eh_survey_run *run, struct eh_survey_piece *piece,
                           struct eh_survey_worker *worker) {
  const struct eh_survey_input *input = &run->inputs[run->input];
  eh_survey_piece_clear(run, piece);
  if (run->survey->rules) eh_survey_take_layout(run, worker);
  bool all_utf8 = eh_text_is_utf8(piece->text, piece->length);
  struct eh_csv *csv = eh_csv_new(input->header.delimiter, input->header.count);
  if (run->options.use_libcsv) eh_csv_use_libcsv(csv);
  const char *next = piece->text, *end = next + piece->length;
  for (;;) {
    struct eh_csv_record record;
    enum eh_csv_outcome outcome = eh_csv_next(csv, &next, end, piece->is_last, &record);
    uint64_t line = piece->line_count + record.blank_lines;
    piece->line_count += record.blank_lines;
    if (outcome == EH_CSV_INCOMPLETE || outcome == EH_CSV_END) break;
    piece->line_count += record.lines;
    const struct eh_field *fields = record.fields;
    bool is_utf8 = all_utf8 || outcome == EH_CSV_BAD ||
                   eh_text_is_utf8(record.start, (size_t)(next - record.start));
    if (!is_utf8 && outcome == EH_CSV_RECORD) fields = converted(input, piece->arena, &record);
    if (outcome == EH_CSV_BAD) {
      piece->runs_on = record.runs_on;
      note_bad(piece, record.problem, line);
    } else if (!fields) {
      note_bad(piece, EH_CSV_NOT_TEXT, line);
    } else {
      piece->windows_records += !is_utf8;
      take_record(run, piece, worker, fields, line);
    }
  }
  take_rows(run, piece, worker);
  eh_csv_free(csv);
  piece->used = (size_t)(next - piece->text);
}
