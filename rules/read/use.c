/* What each column is used for. Columns that nothing uses are dropped, so that the records need not
 * have them; the others are numbered anew, and every index in the rules with them. */
#include "rules/language/question.h"
#include "rules/read/sections.h"

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
  for (size_t j = 0; j < rules->join_count; j++)
    if (rules->joins[j].at >= 0) rules->columns[rules->joins[j].at].read_as_date = true;
  for (size_t i = 0; i < rules->measure_count; i++) {
    const struct eh_measure *measure = &rules->measures[i];
    if (eh_is_amount(measure) && measure->outcome >= 0)
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

void eh_read_mark_column(struct eh_reader *reader, int column) {
  if (column >= 0) reader->rules->columns[column].is_evaluated = true;
}

static void mark_evaluated(void *context, int column, enum eh_reading reading) {
  (void)reading;
  eh_read_mark_column(context, column);
}

void eh_read_mark_condition(struct eh_reader *reader, const struct eh_expression *condition) {
  if (condition) eh_expression_each_column(condition, mark_evaluated, reader);
}

void eh_read_mark_dimension(struct eh_reader *reader, int column) {
  if (column < 0) return;
  reader->rules->columns[column].is_dimension = true;
  reader->rules->columns[column].is_evaluated = true;
}

void eh_read_mark_roles(struct eh_reader *reader) {
  eh_read_mark_column(reader, reader->rules->date_column);
  eh_read_mark_column(reader, reader->rules->policy_column);
}

/* What a derived column in use comes from is in use; sources stand before it. */
static void mark_sources(struct eh_reader *reader) {
  const struct eh_rules *rules = reader->rules;
  for (size_t i = rules->column_count; i-- > 0;) {
    const struct eh_column *column = &rules->columns[i];
    if (!column->is_evaluated) continue;
    eh_read_mark_column(reader, column->of[0]);
    eh_read_mark_column(reader, column->of[1]);
    for (size_t k = 0; k < column->choice_count; k++)
      eh_read_mark_condition(reader, column->choices[k].condition);
  }
}

bool eh_read_is_in_use(const struct eh_rules *rules, size_t index) {
  int column = (int)index;
  return rules->columns[index].is_evaluated || column == rules->case_column ||
         column == rules->person_column || column == rules->one_per ||
         column == rules->repeats.order_by || column == rules->repeats.worst ||
         rules->columns[index].is_individual || rules->columns[index].is_key;
}

void eh_read_renumber(const struct eh_reader *reader, int *column) {
  if (*column >= 0) *column = reader->columns[*column].final;
}

static void renumber_condition(const struct eh_reader *reader, struct eh_expression *condition) {
  eh_read_renumber(reader, &condition->column);
  eh_read_renumber(reader, &condition->other);
  for (size_t i = 0; i < condition->child_count; i++)
    renumber_condition(reader, condition->children[i]);
}

const int *eh_read_renumbered(const struct eh_reader *reader, const int *columns, size_t count) {
  int *final = eh_arena_alloc(reader->arena, count, sizeof *final);
  for (size_t i = 0; i < count; i++) final[i] = reader->columns[columns[i]].final;
  return final;
}

/* Move the columns in use together. */
static void drop_unused(struct eh_reader *reader) {
  struct eh_rules *rules = reader->rules;
  size_t kept = 0;
  for (size_t i = 0; i < reader->column_count; i++) {
    if (!eh_read_is_in_use(rules, i)) continue;
    reader->columns[i].final = (int)kept;
    rules->columns[kept] = rules->columns[i];
    eh_read_renumber(reader, &rules->columns[kept].of[0]);
    eh_read_renumber(reader, &rules->columns[kept].of[1]);
    kept++;
  }
  rules->column_count = kept;
}

void eh_read_renumber_roles(struct eh_reader *reader) {
  struct eh_rules *rules = reader->rules;
  int *roles[] = {&rules->case_column,      &rules->person_column, &rules->date_column,
                  &rules->policy_column,    &rules->source_column, &rules->one_per,
                  &rules->repeats.order_by, &rules->repeats.worst};
  for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) eh_read_renumber(reader, roles[i]);
}

void eh_read_use(struct eh_reader *reader) {
  struct eh_rules *rules = reader->rules;
  move_to_rules(reader);
  mark_readings(rules);
  eh_expressions_settle(&reader->parse, rules, reader->conditions, reader->condition_count);
  rules->test_count = reader->parse.test_count;
  eh_read_check_outcomes(reader);
  if (reader->problems->count > 0) return;
  size_t count;
  const struct eh_section *sections = eh_sections(&count);
  for (size_t i = 0; i < count; i++)
    if (sections[i].mark) sections[i].mark(reader);
  mark_sources(reader);
  eh_read_mark_keys(reader);
  drop_unused(reader);
  for (size_t i = 0; i < reader->condition_count; i++)
    renumber_condition(reader, reader->conditions[i]);
  for (size_t i = 0; i < count; i++)
    if (sections[i].renumber) sections[i].renumber(reader);
}
