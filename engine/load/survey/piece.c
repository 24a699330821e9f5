/* One piece of an input, parsed by one thread. */
#include <stdlib.h>
#include <string.h>

#include "engine/base/tidy.h"
#include "engine/load/survey/internal.h"
#include "engine/load/text/encoding.h"

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
  free(piece->found);
  free((void *)piece->codes);
  free((void *)piece->joined);
  free((void *)piece->loose);
  free(piece->lines);
  free(piece->row_prints);
  free(piece->case_prints);
  free(piece->person_prints);
  for (size_t d = 0; d < EH_SURVEY_DATES; d++) free(piece->days[d]);
  free(piece->months);
  free(piece->outcomes);
  free(piece->kept);
  free(piece->measures);
  free(piece->expects);
  eh_arena_free(piece->arena);
}

/* Room for some rows more. */
static void make_room(const struct eh_survey_run *run, struct eh_survey_piece *piece) {
  size_t capacity = piece->row_capacity;
  if (piece->rows + EH_ROWS > capacity) {
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
  if (eh_survey_is_malformed(&run->survey->columns[c], value)) /* it will be shown */
    value->text = eh_arena_copy(piece->arena, text, length);
  return EH_SURVEY_OTHER;
}

/* A value is surveyed as it is compared: tidy. */
static void take_column(const struct eh_survey_run *run, struct eh_survey_piece *piece,
                        const struct eh_survey_worker *w, const struct eh_batch *batch, size_t c) {
  uint32_t *codes = piece->codes[c] + piece->rows;
  uint64_t *prints = piece->row_prints + piece->rows;
  bool is_closed = run->survey->columns[c].is_closed;
  if (!eh_survey_input_has(run, c)) {
    memset(codes, 0, batch->count * sizeof *codes);
    return;
  }
  int of_rules = run->survey->columns[c].rules_column;
  const struct eh_column *column = of_rules >= 0 ? &run->survey->rules->columns[of_rules] : NULL;
  const uint32_t *lengths;
  const char *const *texts = eh_survey_texts(run, w, batch, c, &lengths);
  for (size_t r = 0; r < batch->count; r++) {
    const char *text = texts[r];
    size_t length = lengths[r];
    if (!eh_tidy_is_plain(text, length)) text = eh_tidy_text(piece->arena, text, &length);
    if (column) text = eh_rules_id(piece->arena, column, text, &length);
    struct eh_text_key key = eh_text_key_of(text, length);
    codes[r] =
        (is_closed ? code_of_closed : code_of)(run, piece, c, piece->rows + r, &key, text, length);
    uint64_t print = (prints[r] ^ eh_survey_hash(&key)) * 0x9E3779B97F4A7C15ULL + c;
    prints[r] = print ^ print >> 29;
  }
}

/* The values are the evaluator's own: those of one label are mostly one. */
static void take_derived(const struct eh_survey_run *run, struct eh_survey_piece *piece,
                         const struct eh_survey_worker *w, size_t c) {
  const struct eh_survey *s = run->survey;
  uint32_t *codes = piece->codes[c] + piece->rows;
  const struct eh_value *const *values = w->evaluation->values + s->columns[c].rules_column;
  for (size_t r = 0; r < w->evaluation->count; r++) {
    const struct eh_value *value = values[r * s->rules->column_count];
    codes[r] = 0;
    if (!value || value->missing) continue;
    struct eh_text_key key = eh_text_key_of(value->text, value->length);
    codes[r] = (run->survey->columns[c].is_closed ? code_of_closed : code_of)(
        run, piece, c, piece->rows + r, &key, value->text, value->length);
  }
}

/* Records of which no field holds anything. */
static void count_empty(const struct eh_survey_run *run, struct eh_survey_piece *piece,
                        const struct eh_batch *batch) {
  uint32_t together[EH_ROWS] = {0};
  for (size_t f = 0; f < run->layouts[run->input].field_count; f++) {
    const uint32_t *lengths = batch->lengths + f * EH_ROWS;
    for (size_t r = 0; r < batch->count; r++) together[r] |= lengths[r];
  }
  for (size_t r = 0; r < batch->count; r++) {
    if (together[r]) continue;
    if (piece->empty_rows++ == 0) piece->first_empty = piece->rows + r;
  }
}

void eh_survey_piece_take(const struct eh_survey_run *run, struct eh_survey_piece *piece,
                          struct eh_survey_worker *w, const struct eh_batch *batch) {
  const struct eh_survey *s = run->survey;
  make_room(run, piece);
  memcpy(piece->lines + piece->rows, batch->lines, batch->count * sizeof *batch->lines);
  eh_survey_other_prints(run, batch, piece->row_prints + piece->rows);
  count_empty(run, piece, batch);
  if (s->rules) eh_survey_ask(run, piece, w->evaluation);
  for (size_t c = 0; c < s->column_count; c++)
    if (s->columns[c].is_derived)
      take_derived(run, piece, w, c);
    else
      take_column(run, piece, w, batch, c);
  piece->rows += batch->count;
}
