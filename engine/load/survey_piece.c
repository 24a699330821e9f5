/* One piece of an input, parsed by one thread. */
#include <stdlib.h>
#include <string.h>

#include "engine/load/survey_internal.h"
#include "engine/load/text.h"

enum { BAD_PLACES = 5 };

void eh_survey_piece_clear(const struct eh_survey_run *run, struct eh_survey_piece *piece) {
  const struct eh_rules *rules = run->survey->rules;
  for (size_t c = 0; piece->found && c < run->survey->column_count; c++)
    eh_survey_table_empty(&piece->found[c]);
  if (!piece->arena) piece->arena = eh_arena_new();
  eh_arena_reset(piece->arena, (struct eh_arena_mark){0});
  piece->rows = 0;
  piece->used = 0;
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
  }
  for (size_t i = 0; piece->expects && rules && i < rules->expect_count; i++)
    free(piece->expects[i].places);
  free(piece->text);
  free(piece->found);
  free((void *)piece->codes);
  free((void *)piece->joined);
  free(piece->lines);
  free(piece->row_prints);
  free(piece->outcomes);
  free(piece->kept);
  free(piece->measures);
  free(piece->expects);
  eh_arena_free(piece->arena);
}

static void make_room(const struct eh_survey_run *run, struct eh_survey_piece *piece) {
  if (piece->rows < piece->row_capacity) return;
  size_t capacity = piece->row_capacity ? 2 * piece->row_capacity : 4096;
  for (size_t c = 0; c < run->survey->column_count; c++)
    piece->codes[c] = eh_resize(piece->codes[c], capacity, sizeof *piece->codes[c]);
  piece->lines = eh_resize(piece->lines, capacity, sizeof *piece->lines);
  piece->row_prints = eh_resize(piece->row_prints, capacity, sizeof *piece->row_prints);
  piece->outcomes = eh_resize(piece->outcomes, capacity, run->question_count + 1);
  piece->kept = eh_resize(piece->kept, capacity, 1);
  piece->row_capacity = capacity;
}

/* The code of a value, which is one of the piece's own when the survey does not know it yet. */
static uint32_t code_of(const struct eh_survey_run *run, struct eh_survey_piece *piece, size_t c,
                        const struct eh_field *field, uint64_t hash) {
  uint32_t code = eh_survey_table_find(&run->work[c].table, hash, field->text, field->length);
  if (code != UINT32_MAX) return code;
  struct eh_survey_table *found = &piece->found[c];
  code = eh_survey_table_find(found, hash, field->text, field->length);
  if (code == UINT32_MAX) {
    const char *text = eh_arena_copy(piece->arena, field->text, field->length);
    code = eh_survey_table_add(found, hash, text, field->length, true);
    found->items[code].first.line = piece->rows;
  }
  found->items[code].records++;
  return code | EH_SURVEY_FOUND;
}

static uint8_t outcome_of(enum eh_truth truth) {
  return truth == EH_TRUE ? EH_SURVEY_YES : truth == EH_FALSE ? EH_SURVEY_NO : EH_SURVEY_UNKNOWN;
}

/* Of a category or a value, "yes" is that it is recorded. */
static uint8_t outcome_asked(const struct eh_survey_evaluator *e,
                             const struct eh_measure *measure) {
  if (measure->kind == EH_MEASURE_EVENT)
    return outcome_of(eh_evaluate(e->evaluator, measure->event, e->values));
  const struct eh_value *value = e->values[measure->outcome];
  return value->missing || value->malformed ? EH_SURVEY_UNKNOWN : EH_SURVEY_YES;
}

static uint8_t ask_measure(struct eh_survey_evaluator *e, const struct eh_measure *measure,
                           struct eh_survey_measure *count) {
  enum eh_truth applies =
      measure->among ? eh_evaluate(e->evaluator, measure->among, e->values) : EH_TRUE;
  if (applies == EH_UNKNOWN) count->applies_unknown++;
  if (applies != EH_TRUE) return applies == EH_UNKNOWN ? EH_SURVEY_UNKNOWN : EH_SURVEY_NOT_ASKED;
  count->applies++;
  bool missing = false;
  for (size_t f = 0; f < measure->factor_count; f++)
    missing |= e->values[measure->factors[f]]->missing || e->values[measure->factors[f]]->malformed;
  count->factor_missing += missing;
  uint8_t outcome = outcome_asked(e, measure);
  count->event_unknown += outcome == EH_SURVEY_UNKNOWN;
  count->events += outcome == EH_SURVEY_YES;
  return outcome;
}

static void ask_expect(struct eh_survey_evaluator *e, const struct eh_expect *expect,
                       struct eh_survey_test *test, size_t row) {
  enum eh_truth truth = eh_evaluate(e->evaluator, expect->condition, e->values);
  test->yes += truth == EH_TRUE;
  test->no += truth == EH_FALSE;
  test->unknown += truth == EH_UNKNOWN;
  if (truth != EH_FALSE || test->place_count == EH_SURVEY_PLACES) return;
  if ((test->place_count & (test->place_count - 1)) == 0)
    test->places = eh_resize(test->places, test->place_count ? 2 * test->place_count : 1,
                             sizeof *test->places);
  test->places[test->place_count++].line = row;
}

/* What the rules say of the record whose values stand in e->fields. */
static void ask(const struct eh_survey_run *run, struct eh_survey_piece *piece,
                struct eh_survey_evaluator *e) {
  const struct eh_rules *rules = run->survey->rules;
  for (size_t c = 0; c < rules->column_count; c++)
    if (rules->columns[c].kind == EH_GIVEN && rules->columns[c].is_evaluated)
      e->values[c] =
          eh_evaluator_value(e->evaluator, (int)c, e->fields[c].text, e->fields[c].length);
  eh_evaluator_derive(e->evaluator, e->values);
  enum eh_truth kept = rules->keep ? eh_evaluate(e->evaluator, rules->keep, e->values) : EH_TRUE;
  piece->kept[piece->rows] = (uint8_t)kept;
  uint8_t *outcomes = piece->outcomes + piece->rows * run->question_count;
  memset(outcomes, EH_SURVEY_NOT_ASKED, run->question_count);
  if (kept == EH_FALSE) return;
  for (size_t i = 0; i < rules->expect_count; i++)
    ask_expect(e, &rules->expects[i], &piece->expects[i], piece->rows);
  if (kept != EH_TRUE) return;
  for (size_t m = 0; m < rules->measure_count; m++)
    outcomes[m] = ask_measure(e, &rules->measures[m], &piece->measures[m]);
  for (size_t t = 0; t < rules->total_count; t++)
    outcomes[rules->measure_count + t] =
        outcome_of(eh_evaluate(e->evaluator, rules->totals[t].where, e->values));
}

static void note_bad(struct eh_survey_piece *piece, enum eh_csv_problem problem, uint64_t line) {
  piece->bad[problem]++;
  if (piece->bad_place_count == BAD_PLACES) return;
  piece->bad_lines[piece->bad_place_count] = line;
  piece->bad_problems[piece->bad_place_count++] = problem;
}

/* A derived value as a text; false: it is not known. */
static bool derived_text(const struct eh_survey_evaluator *e, int column, struct eh_field *field) {
  const struct eh_value *value = e->values[column];
  if (!value || value->missing || value->malformed) return false;
  *field = (struct eh_field){value->text, value->length};
  return true;
}

/* A field in the standard layout. */
static struct eh_field standard(struct eh_survey_piece *piece, struct eh_survey_evaluator *e,
                                size_t rules_column, struct eh_field field) {
  if (!e->translator || !eh_translator_wants(e->translator, rules_column)) return field;
  return eh_translate(e->translator, rules_column, field, piece->arena);
}

/* What stands in a column of the survey in the record at hand; false: nothing can. */
static bool find_text(const struct eh_survey *s, const struct eh_survey_input *input,
                      const struct eh_survey_evaluator *e, const struct eh_field *fields,
                      size_t column, struct eh_field *field) {
  int rules_column = s->columns[column].rules_column;
  if (s->columns[column].is_derived) return derived_text(e, rules_column, field);
  bool is_fixed = input->fixed && rules_column >= 0 && input->fixed[rules_column];
  if (is_fixed && !*input->fixed[rules_column]) return false;
  if (!is_fixed && input->fields[column] == SIZE_MAX) return false;
  *field = rules_column >= 0 ? e->fields[rules_column] : fields[input->fields[column]];
  return true;
}

static void take_record(const struct eh_survey_run *run, struct eh_survey_piece *piece,
                        struct eh_survey_evaluator *e, const struct eh_field *fields,
                        uint64_t line) {
  const struct eh_survey *s = run->survey;
  const struct eh_survey_input *input = &run->inputs[run->input];
  uint64_t print = 0;
  make_room(run, piece);
  for (size_t c = 0; s->rules && c < s->rules->column_count; c++)
    if (input->of_columns[c] != SIZE_MAX)
      e->fields[c] = standard(piece, e, c, fields[input->of_columns[c]]);
  if (s->rules) ask(run, piece, e);
  for (size_t c = 0; c < s->column_count; c++) {
    struct eh_field field = {"", 0};
    uint32_t *code = &piece->codes[c][piece->rows];
    if (!find_text(s, input, e, fields, c, &field)) {
      *code = 0;
      continue;
    }
    uint64_t hash = eh_survey_hash(field.text, field.length);
    *code = code_of(run, piece, c, &field, hash);
    if (!s->columns[c].is_derived) print = (print ^ hash) * 0x9E3779B97F4A7C15ULL + c;
    print ^= print >> 29;
  }
  for (size_t i = 0; i < input->other_count; i++) {
    const struct eh_field *other = &fields[input->others[i]];
    print = (print ^ eh_survey_hash(other->text, other->length)) * 0x9E3779B97F4A7C15ULL + i;
  }
  piece->row_prints[piece->rows] = print;
  piece->lines[piece->rows++] = (uint32_t)line;
}

/* Every field as UTF-8; NULL: one is in neither encoding. */
static const struct eh_field *converted(struct eh_arena *arena,
                                        const struct eh_csv_record *record) {
  struct eh_field *fields = eh_arena_alloc(arena, record->field_count, sizeof *fields);
  for (size_t i = 0; i < record->field_count; i++) {
    fields[i] = record->fields[i];
    if (eh_text_is_utf8(fields[i].text, fields[i].length)) continue;
    fields[i].text =
        eh_text_from_windows(arena, fields[i].text, fields[i].length, &fields[i].length);
    if (!fields[i].text) return NULL;
  }
  return fields;
}

void eh_survey_piece_parse(const struct eh_survey_run *run, struct eh_survey_piece *piece,
                           struct eh_survey_evaluator *evaluator) {
  const struct eh_survey_input *input = &run->inputs[run->input];
  eh_survey_piece_clear(run, piece);
  if (evaluator) eh_survey_take_layout(run, evaluator);
  bool all_utf8 = eh_text_is_utf8(piece->text, piece->length);
  struct eh_csv *csv = eh_csv_new(input->header.delimiter, input->header.count);
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
    if (!is_utf8) fields = converted(piece->arena, &record);
    if (outcome == EH_CSV_BAD) {
      note_bad(piece, record.problem, line);
    } else if (!fields) {
      note_bad(piece, EH_CSV_NOT_TEXT, line);
    } else {
      piece->windows_records += !is_utf8;
      take_record(run, piece, evaluator, fields, line);
    }
  }
  eh_csv_free(csv);
  piece->used = (size_t)(next - piece->text);
}
