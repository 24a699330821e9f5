/* What each column is used for. Columns that nothing uses are dropped, so that the records need not
 * have them; the others are numbered anew, and every index in the rules with them. */
#include "rules/read/internal.h"

/* The columns while they are all in the rules: in the order of their making, so that each stands
   after those it is derived from. */
static void move_to_rules(struct eh_reader *reader) {
  struct eh_rules *rules = reader->rules;
  rules->columns = eh_arena_alloc(reader->arena, reader->column_count, sizeof *rules->columns);
  rules->column_count = reader->column_count;
  for (size_t i = 0; i < reader->column_count; i++) rules->columns[i] = reader->columns[i].column;
}

/* Set read_as_date and read_as_number for roles, values and derivations; settling does so for
 * conditions. */
static void mark_readings(struct eh_rules *rules) {
  if (rules->date_column >= 0) rules->columns[rules->date_column].read_as_date = true;
  for (size_t i = 0; i < rules->measure_count; i++) {
    const struct eh_measure *measure = &rules->measures[i];
    if (measure->kind == EH_MEASURE_VALUE && measure->outcome >= 0)
      rules->columns[measure->outcome].read_as_number = true;
  }
  for (size_t i = 0; i < rules->column_count; i++) {
    const struct eh_column *column = &rules->columns[i];
    bool of_text = column->kind == EH_RECODE || column->kind == EH_FIRST_OF;
    for (int k = 0; k < 2 && !of_text; k++) {
      if (column->of[k] < 0) continue;
      struct eh_column *source = &rules->columns[column->of[k]];
      if (column->kind == EH_BANDS)
        source->read_as_number = true;
      else
        source->read_as_date = true;
    }
  }
}

static void mark_evaluated(void *context, int column, enum eh_reading reading) {
  struct eh_rules *rules = context;
  (void)reading;
  if (column >= 0) rules->columns[column].is_evaluated = true;
}

static void mark_condition(struct eh_rules *rules, const struct eh_expression *condition) {
  if (condition) eh_expression_each_column(condition, mark_evaluated, rules);
}

static void mark_dimension(struct eh_rules *rules, int column) {
  if (column < 0) return;
  rules->columns[column].is_dimension = true;
  rules->columns[column].is_evaluated = true;
}

static void mark_comparison(struct eh_reader *reader, const struct eh_comparison *comparison) {
  struct eh_rules *rules = reader->rules;
  mark_dimension(rules, comparison->across);
  mark_dimension(rules, comparison->each);
  for (size_t i = 0; i < comparison->measure_count; i++) {
    const struct eh_measure *measure = &rules->measures[comparison->measures[i]];
    size_t most = measure->factor_count + comparison->within_count + 2;
    struct eh_arena_mark mark = eh_arena_mark(reader->arena);
    int *strata = eh_arena_alloc(reader->arena, most, sizeof *strata);
    size_t count = eh_rules_strata(rules, comparison, measure, strata);
    for (size_t k = 0; k < count; k++) mark_dimension(rules, strata[k]);
    eh_arena_reset(reader->arena, mark);
  }
}

/* The columns that the sections of the file ask for. */
static void mark_asked(struct eh_reader *reader) {
  struct eh_rules *rules = reader->rules;
  mark_condition(rules, rules->keep);
  for (size_t i = 0; i < rules->measure_count; i++) {
    const struct eh_measure *measure = &rules->measures[i];
    mark_condition(rules, measure->among);
    mark_condition(rules, measure->event);
    mark_dimension(rules, measure->outcome);
    for (size_t k = 0; k < measure->factor_count; k++)
      mark_evaluated(rules, measure->factors[k], EH_AS_TEXT);
  }
  for (size_t i = 0; i < rules->comparison_count; i++)
    mark_comparison(reader, &rules->comparisons[i]);
  for (size_t i = 0; i < rules->total_count; i++) mark_condition(rules, rules->totals[i].where);
  for (size_t i = 0; i < rules->expect_count; i++)
    mark_condition(rules, rules->expects[i].condition);
  mark_evaluated(rules, rules->date_column, EH_AS_DATE);
  mark_evaluated(rules, rules->policy_column, EH_AS_TEXT);
}

/* What a derived column in use comes from is in use; sources stand before it. */
static void mark_sources(struct eh_rules *rules) {
  for (size_t i = rules->column_count; i-- > 0;) {
    const struct eh_column *column = &rules->columns[i];
    if (!column->is_evaluated) continue;
    mark_evaluated(rules, column->of[0], EH_AS_TEXT);
    mark_evaluated(rules, column->of[1], EH_AS_TEXT);
    for (size_t k = 0; k < column->choice_count; k++)
      mark_condition(rules, column->choices[k].condition);
  }
}

static bool is_in_use(const struct eh_rules *rules, size_t index) {
  int column = (int)index;
  return rules->columns[index].is_evaluated || column == rules->case_column ||
         column == rules->person_column || column == rules->one_per ||
         rules->columns[index].is_individual;
}

static void renumber(const struct eh_reader *reader, int *column) {
  if (*column >= 0) *column = reader->columns[*column].final;
}

static void renumber_condition(const struct eh_reader *reader, struct eh_expression *condition) {
  renumber(reader, &condition->column);
  renumber(reader, &condition->other);
  for (size_t i = 0; i < condition->child_count; i++)
    renumber_condition(reader, condition->children[i]);
}

static const int *renumbered(const struct eh_reader *reader, const int *columns, size_t count) {
  int *final = eh_arena_alloc(reader->arena, count, sizeof *final);
  for (size_t i = 0; i < count; i++) final[i] = reader->columns[columns[i]].final;
  return final;
}

/* Move the columns in use together. */
static void drop_unused(struct eh_reader *reader) {
  struct eh_rules *rules = reader->rules;
  size_t kept = 0;
  for (size_t i = 0; i < reader->column_count; i++) {
    if (!is_in_use(rules, i)) continue;
    reader->columns[i].final = (int)kept;
    rules->columns[kept] = rules->columns[i];
    renumber(reader, &rules->columns[kept].of[0]);
    renumber(reader, &rules->columns[kept].of[1]);
    kept++;
  }
  rules->column_count = kept;
}

static void renumber_rules(struct eh_reader *reader) {
  struct eh_rules *rules = reader->rules;
  int *roles[] = {&rules->case_column,   &rules->person_column, &rules->date_column,
                  &rules->policy_column, &rules->source_column, &rules->one_per};
  for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) renumber(reader, roles[i]);
  for (size_t i = 0; i < reader->condition_count; i++)
    renumber_condition(reader, reader->conditions[i]);
  for (size_t i = 0; i < rules->measure_count; i++) {
    struct eh_measure *measure = &rules->measures[i];
    measure->factors = renumbered(reader, measure->factors, measure->factor_count);
    renumber(reader, &measure->outcome);
  }
  for (size_t i = 0; i < rules->comparison_count; i++) {
    struct eh_comparison *comparison = &rules->comparisons[i];
    renumber(reader, &comparison->across);
    renumber(reader, &comparison->each);
    comparison->within = renumbered(reader, comparison->within, comparison->within_count);
  }
  for (size_t i = 0; i < rules->expect_count; i++) renumber(reader, &rules->expects[i].column);
}

void eh_read_use(struct eh_reader *reader) {
  struct eh_rules *rules = reader->rules;
  move_to_rules(reader);
  mark_readings(rules);
  eh_expressions_settle(&reader->parse, rules, reader->conditions, reader->condition_count);
  rules->test_count = reader->parse.test_count;
  eh_read_check_outcomes(reader);
  if (reader->problems->count > 0) return;
  mark_asked(reader);
  mark_sources(rules);
  drop_unused(reader);
  renumber_rules(reader);
}
