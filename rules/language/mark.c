/* Which columns a question stands on. */
#include "rules/rules.h"

void eh_rules_mark_condition(const struct eh_rules *rules, const struct eh_expression *condition,
                             bool *marked) {
  if (!condition) return;
  eh_rules_mark_column(rules, condition->column, marked);
  eh_rules_mark_column(rules, condition->other, marked);
  for (size_t i = 0; i < condition->child_count; i++)
    eh_rules_mark_condition(rules, condition->children[i], marked);
}

void eh_rules_mark_column(const struct eh_rules *rules, int column, bool *marked) {
  if (column < 0 || marked[column]) return;
  marked[column] = true;
  const struct eh_column *c = &rules->columns[column];
  if (c->kind == EH_GIVEN) return;
  eh_rules_mark_column(rules, c->of[0], marked);
  eh_rules_mark_column(rules, c->of[1], marked);
  for (size_t i = 0; i < c->choice_count; i++)
    eh_rules_mark_condition(rules, c->choices[i].condition, marked);
}
