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

bool eh_rules_is_of_date(const struct eh_rules *rules, int column) {
  if (column < 0 || rules->date_column < 0) return false;
  const struct eh_column *c = &rules->columns[column];
  return column == rules->date_column ||
         (c->kind != EH_GIVEN && c->kind != EH_FIRST_OF &&
          (eh_rules_is_of_date(rules, c->of[0]) || eh_rules_is_of_date(rules, c->of[1])));
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
