/* What a comparison of a measure means, as one text for its digest: a line for each thing said,
 * conditions as trees in prefix form, so that wording elsewhere never changes it. */
#include <string.h>

#include "rules/explain/internal.h"
#include "rules/language/inputs.h"
#include "rules/rules.h"

struct definition {
  const struct eh_rules *rules;
  struct eh_buffer out;
  bool *marked; /* columns that it stands on */
};

static const char *name_of(const struct definition *d, int column) {
  return d->rules->columns[column].name;
}

static void put_condition(struct definition *d, const struct eh_expression *node) {
  static const char *const kinds[] = {[EH_AND] = "and",
                                      [EH_OR] = "or",
                                      [EH_NOT] = "not",
                                      [EH_COMPARE] = "compare",
                                      [EH_IN] = "in",
                                      [EH_BETWEEN] = "between",
                                      [EH_IS_MISSING] = "missing",
                                      [EH_STARTS_WITH] = "starts",
                                      [EH_OTHERWISE] = "otherwise"};
  static const char *const operators[] = {
      [EH_EQ] = "=", [EH_NE] = "!=", [EH_LT] = "<", [EH_LE] = "<=", [EH_GT] = ">", [EH_GE] = ">="};
  eh_buffer_printf(&d->out, "(%s", kinds[node->kind]);
  if (node->kind == EH_COMPARE) eh_buffer_printf(&d->out, " %s", operators[node->op]);
  if (node->column >= 0)
    eh_buffer_printf(&d->out, " %d %s", node->reading, name_of(d, node->column));
  if (node->other >= 0) eh_buffer_printf(&d->out, " %s", name_of(d, node->other));
  for (size_t i = 0; i < node->literal_count; i++) {
    eh_buffer_printf(&d->out, " %zu:", node->literals[i].length);
    eh_buffer_add(&d->out, node->literals[i].text, node->literals[i].length);
  }
  for (size_t i = 0; i < node->child_count; i++) put_condition(d, node->children[i]);
  eh_buffer_puts(&d->out, ")");
}

static void ask(struct definition *d, const char *what, const struct eh_expression *condition) {
  if (!condition) return;
  eh_buffer_printf(&d->out, "%s ", what);
  put_condition(d, condition);
  eh_buffer_puts(&d->out, "\n");
  eh_rules_mark_condition(d->rules, condition, d->marked);
}

/* Does a condition ask for the date of the decision alone, or what comes from it? */
static bool is_of_period(const struct definition *d, const struct eh_expression *node) {
  if (node->other >= 0 || (node->column >= 0 && !eh_rules_is_of_date(d->rules, node->column)))
    return false;
  for (size_t i = 0; i < node->child_count; i++)
    if (!is_of_period(d, node->children[i])) return false;
  return node->column >= 0 || node->child_count > 0;
}

static void keep(struct definition *d, const struct eh_expression *condition) {
  if (!condition || is_of_period(d, condition)) return;
  if (condition->kind != EH_AND) {
    ask(d, "keep", condition);
    return;
  }
  for (size_t i = 0; i < condition->child_count; i++) keep(d, condition->children[i]);
}

static void put_columns(struct definition *d, const char *what, const int *columns, size_t count) {
  eh_buffer_puts(&d->out, what);
  for (size_t i = 0; i < count; i++) {
    eh_buffer_printf(&d->out, " %s", name_of(d, columns[i]));
    eh_rules_mark_column(d->rules, columns[i], d->marked);
  }
  eh_buffer_puts(&d->out, "\n");
}

static void put_text(struct definition *d, const char *text) {
  eh_buffer_printf(&d->out, " %zu:%s", strlen(text), text);
}

static void put_choices(struct definition *d, const struct eh_choice *choices, size_t count) {
  for (size_t i = 0; i < count; i++) {
    eh_buffer_puts(&d->out, " ");
    put_text(d, choices[i].label);
    if (choices[i].condition) put_condition(d, choices[i].condition);
    for (size_t k = 0; k < choices[i].text_count; k++) put_text(d, choices[i].texts[k].text);
    eh_buffer_puts(&d->out, ";");
  }
}

/* By what a joined column is looked up; not where the table lies. */
static void put_join(struct definition *d, const struct eh_column *column) {
  if (!column->join) return;
  const struct eh_join *join = &d->rules->joins[column->join - 1];
  put_text(d, column->header);
  for (size_t k = 0; k < join->key_count; k++)
    eh_buffer_printf(&d->out, " by %s", name_of(d, join->keys[k]));
  if (join->from) eh_buffer_printf(&d->out, " at %s", name_of(d, join->at));
}

/* How a column comes about. Where a given one stands in the records says nothing of its meaning;
 * what an input makes of its texts does. */
static void put_column(struct definition *d, size_t index) {
  const struct eh_column *column = &d->rules->columns[index];
  eh_buffer_printf(&d->out, "column %s %d", column->name, column->kind);
  for (size_t i = 0; i < 2 && column->kind != EH_GIVEN; i++)
    if (column->of[i] >= 0) eh_buffer_printf(&d->out, " of %s", name_of(d, column->of[i]));
  for (size_t i = 0; i < column->bound_count; i++)
    eh_buffer_printf(&d->out, " %.17g", column->bounds[i]);
  if (column->kind != EH_SOURCE) put_choices(d, column->choices, column->choice_count);
  if (column->otherwise) put_text(d, column->otherwise);
  for (size_t i = 0; i < d->rules->input_count && column->kind == EH_GIVEN; i++) {
    const struct eh_input_column *input = &d->rules->inputs[i].columns[index];
    put_choices(d, input->recodes, input->recode_count);
  }
  put_join(d, column);
  if (column->split) {
    eh_buffer_printf(&d->out, " split %d", column->split->take);
    put_text(d, column->split->by);
    put_text(d, column->split->of ? column->split->of : "");
  }
  eh_buffer_puts(&d->out, "\n");
}

static void put_measure(struct definition *d, const struct eh_measure *measure) {
  eh_buffer_printf(&d->out, "kind %d\n", measure->kind);
  ask(d, "event", measure->event);
  ask(d, "among", measure->among);
  if (measure->outcome >= 0) put_columns(d, "outcome", &measure->outcome, 1);
  put_columns(d, "alike", measure->factors, measure->factor_count);
  if (measure->adjust_count) put_columns(d, "adjusted", measure->adjust, measure->adjust_count);
  eh_buffer_printf(&d->out, "missing %s\n", measure->exclude_missing ? "exclude" : "compare");
}

static void put_dependent(struct definition *d, const struct eh_dependent *dependent) {
  eh_buffer_printf(&d->out, "dependent %d\n", dependent->choice);
  for (size_t i = 0; i < dependent->count; i++)
    put_columns(d, "together", dependent->sets[i].columns, dependent->sets[i].count);
}

/* Which texts mean that nothing is recorded. */
static void put_missing(struct definition *d) {
  eh_buffer_puts(&d->out, d->rules->missing_built_in ? "not recorded: built in" : "not recorded:");
  for (size_t i = 0; i < d->rules->missing_count && !d->rules->missing_built_in; i++)
    put_text(d, d->rules->missing[i]);
  eh_buffer_puts(&d->out, "\n");
}

const char *eh_rules_definition(struct eh_arena *arena, const struct eh_rules *rules,
                                const struct eh_comparison *comparison,
                                const struct eh_measure *measure) {
  struct definition d = {.rules = rules,
                         .marked = eh_arena_alloc(arena, rules->column_count, sizeof(bool))};
  put_measure(&d, measure);
  put_columns(&d, "across", &comparison->across, 1);
  put_columns(&d, "within", comparison->within, comparison->within_count);
  put_columns(&d, "each", &comparison->each, comparison->each >= 0);
  put_dependent(&d, &comparison->dependent);
  keep(&d, rules->keep);
  if (rules->one_per >= 0)
    eh_buffer_printf(&d.out, "one per %s, the %s\n", name_of(&d, rules->one_per),
                     rules->choose_last ? "last" : "first");
  if (rules->repeats.choice != EH_REPEATS_FIRST || rules->repeats.order_by >= 0)
    eh_buffer_printf(&d.out, "%s\n", eh_explain_repeats(arena, rules));
  put_missing(&d);
  for (size_t i = 0; i < rules->column_count; i++)
    if (d.marked[i]) put_column(&d, i);
  const char *text = eh_arena_copy(arena, d.out.text, d.out.length);
  eh_buffer_free(&d.out);
  return text;
}
