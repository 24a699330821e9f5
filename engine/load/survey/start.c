/* Before the records are read: which columns there are, and what the rules say of them. */
#include <stdlib.h>
#include <string.h>

#include "engine/load/survey/internal.h"

static const char no_column[] = "(column not in the file)";

/* The columns of all inputs, then those that the rules derive. */
static void list_columns(struct eh_survey_run *run, size_t input_count) {
  struct eh_survey *s = run->survey;
  size_t most = s->rules ? 2 * s->rules->column_count : 0;
  for (size_t i = 0; i < input_count; i++) most += run->layouts[i].field_count;
  s->columns = eh_arena_alloc(run->arena, most, sizeof *s->columns);
  for (size_t i = 0; i < input_count; i++) eh_survey_list_fields(run, &run->layouts[i]);
  for (size_t c = 0; s->rules && c < s->rules->column_count; c++)
    if (s->rules->columns[c].kind != EH_GIVEN && s->rules->columns[c].is_evaluated &&
        !s->rules->columns[c].is_period)
      eh_survey_add_column(s, s->rules->columns[c].name, (int)c, true);
  for (size_t i = 0; i < input_count; i++) eh_survey_place_fields(run, i);
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

void eh_survey_start_columns(struct eh_survey_run *run, size_t input_count) {
  struct eh_survey *s = run->survey;
  run->inputs = eh_arena_alloc(run->arena, input_count, sizeof *run->inputs);
  s->input_rows = eh_arena_alloc(run->arena, input_count + 1, sizeof *s->input_rows);
  list_missing(run);
  list_columns(run, input_count);
  s->roles = (struct eh_survey_roles){.case_column = -1, .person_column = -1, .date_column = -1};
  run->work = eh_arena_alloc(run->arena, s->column_count, sizeof *run->work);
  for (size_t c = 0; c < s->column_count; c++) start_column(run, c);
  s->month_records = eh_arena_alloc(run->arena, EH_SURVEY_MONTHS + 1, sizeof *s->month_records);
  if (!s->rules) return;
  take_roles(s);
  run->question_count = s->rules->measure_count + s->rules->total_count;
  s->measures = eh_arena_alloc(run->arena, s->rules->measure_count, sizeof *s->measures);
  s->expects = eh_arena_alloc(run->arena, s->rules->expect_count, sizeof *s->expects);
}
