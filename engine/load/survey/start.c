/* Before the records are read: which columns there are, and what the rules say of them. */
#include <stdlib.h>
#include <string.h>

#include "engine/load/records/records.h"
#include "engine/load/survey/internal.h"

static const char no_column[] = "(column not in the file)";

static enum eh_status misfit(struct eh_survey_opening *o) {
  *o->error = o->problems->items[0];
  return EH_BAD_RULES;
}

enum eh_status eh_survey_read_start(struct eh_survey_opening *o, struct eh_survey_input *input) {
  struct eh_survey_run *run = o->run;
  struct eh_buffer *text = &input->start;
  text->text = eh_alloc(EH_SURVEY_PIECE + 1, 1);
  text->capacity = EH_SURVEY_PIECE + 1;
  EH_TRY(eh_source_read(input->source, text->text, EH_SURVEY_PIECE, &text->length, o->error));
  text->capacity = text->length + 1; /* all inputs' are held at once, and most may be small */
  text->text = eh_resize(text->text, text->capacity, 1);
  text->text[text->length] = '\0';
  const struct eh_rules *rules = run->survey->rules;
  struct eh_start start = {eh_source_name(input->source), text->text, text->length,
                           text->length < EH_SURVEY_PIECE - 7, NULL,
                           eh_source_is_table(input->source)};
  if (rules && eh_rules_match(rules, input->name, &start.input, o->problems) != EH_OK)
    return misfit(o);
  input->of_rules = start.input;
  if (start.input) input->fixed = eh_translate_fixed(run->arena, rules, start.input);
  if (text->length == 0)
    return eh_fail_at(o->error, EH_BAD_INPUT, start.name, 0, 0,
                      "is empty; it needs a header line and records");
  enum eh_status status =
      eh_header_list(run->arena, rules, &run->options, &start, &input->header, o->error);
  if (status != EH_OK) {
    eh_source_place_error(input->source, o->error);
    return status;
  }
  if (!rules || eh_rules_fit_input(rules, start.input, input->header.names, input->header.count,
                                   start.name, o->problems) == EH_OK)
    return EH_OK;
  return misfit(o);
}

/* The columns of all inputs, then those that the rules derive. */
static void list_columns(struct eh_survey_run *run, size_t input_count) {
  struct eh_survey *s = run->survey;
  size_t most = s->rules ? 2 * s->rules->column_count : 0;
  for (size_t i = 0; i < input_count; i++) most += run->inputs[i].header.count;
  s->columns = eh_arena_alloc(run->arena, most, sizeof *s->columns);
  for (size_t i = 0; i < input_count; i++) eh_survey_list_fields(run, &run->inputs[i]);
  for (size_t c = 0; s->rules && c < s->rules->column_count; c++)
    if (s->rules->columns[c].kind != EH_GIVEN && s->rules->columns[c].is_evaluated)
      eh_survey_add_column(s, s->rules->columns[c].name, (int)c, true);
  for (size_t i = 0; i < input_count; i++) eh_survey_place_fields(run, &run->inputs[i]);
  for (size_t c = 0; c < s->column_count && !s->rules; c++)
    for (size_t i = 0; i < input_count; i++)
      if (run->inputs[i].fields[c] == SIZE_MAX) s->columns[c].lacked_by = (int)i;
}

static void list_missing(struct eh_survey_run *run) {
  struct eh_survey *s = run->survey;
  size_t count = s->rules ? s->rules->missing_count : eh_missing_built_in_count;
  const char *const *texts = s->rules ? s->rules->missing : eh_missing_built_in;
  eh_missing_filter_make(&run->missing, texts, count);
  const char **missing = eh_arena_alloc(run->arena, count + 1, sizeof *missing);
  missing[0] = no_column;
  for (size_t i = 0; i < count; i++) missing[i + 1] = texts[i];
  s->missing = missing;
  s->missing_count = count + 1;
}

static int survey_column_of(const struct eh_survey *s, int rules_column) {
  for (size_t c = 0; c < s->column_count && rules_column >= 0; c++)
    if (s->columns[c].rules_column == rules_column) return (int)c;
  return -1;
}

static void add_unit(struct eh_survey *s, int rules_column, bool is_individual) {
  struct eh_survey_roles *roles = &s->roles;
  enum eh_column_kind kind = s->rules->columns[rules_column].kind;
  int column = survey_column_of(s, rules_column);
  if (column < 0 || kind == EH_POLICY || (kind >= EH_MONTH && kind <= EH_FISCAL_YEAR)) return;
  for (size_t u = 0; u < roles->unit_count; u++)
    if (roles->units[u] == column) {
      roles->is_individual[u] |= is_individual;
      return;
    }
  if (roles->unit_count == EH_SURVEY_UNITS) return;
  roles->is_individual[roles->unit_count] = is_individual;
  roles->units[roles->unit_count++] = column;
}

static void add_date(struct eh_survey *s, int column) {
  struct eh_survey_roles *roles = &s->roles;
  if (column < 0 || roles->date_count == EH_SURVEY_DATES) return;
  for (size_t d = 0; d < roles->date_count; d++)
    if (roles->dates[d] == column) return;
  roles->dates[roles->date_count++] = column;
}

/* The roles that the rules give. */
static void take_roles(struct eh_survey *s) {
  const struct eh_rules *rules = s->rules;
  s->roles.case_column = survey_column_of(s, rules->case_column);
  s->roles.person_column =
      survey_column_of(s, rules->person_column >= 0 ? rules->person_column : rules->one_per);
  s->roles.date_column = survey_column_of(s, rules->date_column);
  for (size_t i = 0; i < rules->comparison_count; i++) {
    const struct eh_comparison *comparison = &rules->comparisons[i];
    for (size_t w = 0; w < comparison->within_count; w++) add_unit(s, comparison->within[w], false);
    add_unit(s, comparison->across, comparison->within_count > 0);
  }
  add_date(s, s->roles.date_column);
  for (size_t c = 0; c < rules->column_count; c++)
    if (rules->columns[c].kind == EH_GIVEN && rules->columns[c].read_as_date)
      add_date(s, survey_column_of(s, (int)c));
}

static void start_column(struct eh_survey_run *run, size_t c) {
  struct eh_survey *s = run->survey;
  struct eh_survey_column *column = &s->columns[c];
  struct eh_survey_work *work = &run->work[c];
  work->arena = eh_arena_new();
  for (size_t i = 0; i < s->missing_count; i++) {
    const char *text = s->missing[i];
    size_t length = strlen(text);
    struct eh_text_key key = eh_text_key_of(text, length);
    eh_survey_table_add(&work->table, &key, text, length, i > 0);
  }
  column->values = work->table.items;
  column->value_count = work->table.count;
  if (column->rules_column < 0) return;
  const struct eh_column *rule = &s->rules->columns[column->rules_column];
  work->is_decided = column->is_derived || rule->read_as_date || rule->read_as_number;
  column->kind = column->is_derived     ? EH_SURVEY_TEXT
                 : rule->read_as_date   ? EH_SURVEY_DATE
                 : rule->read_as_number ? EH_SURVEY_NUMBER
                                        : EH_SURVEY_EMPTY;
  if (rule->read_as_date && s->rules->date_form_count) column->form = s->rules->date_forms[0];
}

static void start_workers(struct eh_survey_run *run) {
  struct eh_survey *s = run->survey;
  size_t slots = s->column_count + (s->rules ? s->rules->column_count : 0);
  size_t cells = slots * EH_SURVEY_ROWS;
  run->workers = eh_arena_alloc(run->arena, run->options.threads, sizeof *run->workers);
  for (size_t t = 0; t < run->options.threads; t++) {
    struct eh_survey_worker *w = &run->workers[t];
    w->texts = eh_arena_alloc(run->arena, cells, sizeof *w->texts);
    w->lengths = eh_arena_alloc(run->arena, cells, sizeof *w->lengths);
    if (!s->rules) continue;
    w->evaluator = eh_evaluator_new(s->rules, NULL, NULL);
    w->values =
        eh_arena_alloc(run->arena, s->rules->column_count * EH_SURVEY_ROWS, sizeof *w->values);
  }
}

/* Where the texts of each column stand. */
static void assign_slots(struct eh_survey_run *run) {
  const struct eh_survey *s = run->survey;
  const struct eh_rules *rules = s->rules;
  bool is_translated = rules && rules->input_count;
  run->slots = eh_arena_alloc(run->arena, s->column_count, sizeof *run->slots);
  for (size_t c = 0; c < s->column_count; c++) {
    int of = s->columns[c].rules_column;
    run->slots[c] = is_translated && of >= 0 ? s->column_count + (size_t)of : c;
  }
  if (!rules) return;
  run->sources = eh_arena_alloc(run->arena, rules->column_count, sizeof *run->sources);
  for (size_t c = 0; c < rules->column_count; c++) {
    const struct eh_column *column = &rules->columns[c];
    bool is_read = (column->kind == EH_GIVEN || column->kind == EH_SOURCE) && column->is_evaluated;
    run->sources[c] = !is_read        ? -1
                      : is_translated ? (int)(s->column_count + c)
                                      : eh_survey_find(s, column->header);
  }
}

void eh_survey_start_columns(struct eh_survey_run *run, size_t input_count) {
  struct eh_survey *s = run->survey;
  list_missing(run);
  list_columns(run, input_count);
  s->roles = (struct eh_survey_roles){.case_column = -1, .person_column = -1, .date_column = -1};
  run->work = eh_arena_alloc(run->arena, s->column_count, sizeof *run->work);
  for (size_t c = 0; c < s->column_count; c++) start_column(run, c);
  s->month_records = eh_arena_alloc(run->arena, EH_SURVEY_MONTHS + 1, sizeof *s->month_records);
  assign_slots(run);
  start_workers(run);
  run->pieces = eh_alloc_zeroed(EH_SURVEY_BATCH, sizeof *run->pieces);
  for (size_t p = 0; p < EH_SURVEY_BATCH; p++) eh_survey_piece_new(run, &run->pieces[p]);
  if (!s->rules) return;
  take_roles(s);
  run->question_count = s->rules->measure_count + s->rules->total_count;
  s->measures = eh_arena_alloc(run->arena, s->rules->measure_count, sizeof *s->measures);
  s->expects = eh_arena_alloc(run->arena, s->rules->expect_count, sizeof *s->expects);
}
