/* `individuals`: the columns whose values name persons. Reports can put pseudonyms in their place,
 * and a release leaves them out. */
#include "rules/language/inputs.h"
#include "rules/read/internal.h"

void eh_read_individuals(struct eh_reader *reader, const struct eh_node *node) {
  struct eh_rules *rules = reader->rules;
  if (rules->person_column >= 0) reader->columns[rules->person_column].column.is_individual = true;
  if (!node) return;
  rules->individuals_given = true;
  size_t count;
  const int *columns = eh_read_columns_of(reader, node, "`individuals`", &count);
  for (size_t i = 0; i < count; i++) {
    struct eh_column *column = &reader->columns[columns[i]].column;
    column->is_individual = true;
    if (column->kind != EH_GIVEN)
      eh_read_problem(reader, node->place,
                      "`individuals` takes columns of the records, and `%s` is derived; name the "
                      "column that it comes from",
                      eh_read_shown(reader, column->name));
  }
}

const char *eh_rules_individual(const struct eh_rules *rules, int column) {
  if (column == rules->person_column) return "person";
  return column == rules->case_column ? "case" : "officer";
}

struct search {
  const struct eh_rules *rules;
  bool with_cases;
  const char *what;
  struct eh_problems *problems;
};

static bool is_secret(const struct search *s, int column) {
  if (column < 0) return false;
  return s->rules->columns[column].is_individual ||
         (s->with_cases && column == s->rules->case_column);
}

static void object(const struct search *s, int column, struct eh_place place) {
  eh_problems_add(s->problems, s->rules->file, place,
                  "the rules quote values of `%s`, which are not to be shown, and reports print "
                  "the rules; leave those out, or audit without %s",
                  s->rules->columns[column].name, s->what);
}

static void search_condition(const struct search *s, const struct eh_expression *e) {
  if (!e) return;
  if (is_secret(s, e->column) && e->literal_count > 0)
    object(s, e->column, (struct eh_place){e->line, e->position});
  for (size_t i = 0; i < e->child_count; i++) search_condition(s, e->children[i]);
}

static void search_column(const struct search *s, const struct eh_column *column) {
  for (size_t i = 0; i < column->choice_count; i++)
    search_condition(s, column->choices[i].condition);
  for (int k = 0; k < 2; k++)
    if (column->kind != EH_POLICY && is_secret(s, column->of[k])) {
      object(s, column->of[k], column->place);
      return;
    }
}

/* Codes of a source; with its recodes go the values that these do not name, which reports list. */
static void search_input(const struct search *s, const struct eh_rules_input *input) {
  for (size_t c = 0; c < s->rules->column_count; c++) {
    const struct eh_input_column *column = &input->columns[c];
    bool is_quoted = column->provision == EH_CONSTANT || column->recode_count > 0;
    if (is_quoted && is_secret(s, (int)c)) object(s, (int)c, column->place);
  }
}

enum eh_status eh_rules_quote_nobody(const struct eh_rules *rules, bool with_cases,
                                     const char *what, struct eh_problems *problems) {
  struct search s = {rules, with_cases, what, problems};
  size_t before = problems->count;
  search_condition(&s, rules->keep);
  for (size_t i = 0; i < rules->column_count; i++) search_column(&s, &rules->columns[i]);
  for (size_t i = 0; i < rules->measure_count; i++) {
    search_condition(&s, rules->measures[i].among);
    search_condition(&s, rules->measures[i].event);
  }
  for (size_t i = 0; i < rules->total_count; i++) search_condition(&s, rules->totals[i].where);
  for (size_t i = 0; i < rules->expect_count; i++)
    search_condition(&s, rules->expects[i].condition);
  for (size_t i = 0; i < rules->input_count; i++) search_input(&s, &rules->inputs[i]);
  eh_problems_sort(problems, before);
  return problems->count > before ? EH_BAD_RULES : EH_OK;
}
