#include "rules/expression.h"

#include "rules/language/parse.h"

void eh_expression_each_column(const struct eh_expression *condition,
                               void (*visit)(void *context, int column, enum eh_reading reading),
                               void *context) {
  if (condition->column >= 0) visit(context, condition->column, condition->reading);
  if (condition->other >= 0) visit(context, condition->other, condition->reading);
  for (size_t i = 0; i < condition->child_count; i++)
    eh_expression_each_column(condition->children[i], visit, context);
}

static void note_column(void *context, int column, enum eh_reading reading) {
  int *only = context;
  (void)reading;
  *only = *only == EH_NO_COLUMN || *only == column ? column : EH_SEVERAL_COLUMNS;
}

int eh_expression_only_column(const struct eh_expression *condition) {
  int only = EH_NO_COLUMN;
  eh_expression_each_column(condition, note_column, &only);
  return only;
}

void eh_expression_number_tests(struct eh_parse *parse, struct eh_expression *condition) {
  if (eh_expression_only_column(condition) >= 0) {
    condition->test = (int)parse->test_count++;
    return;
  }
  condition->test = -1;
  for (size_t i = 0; i < condition->child_count; i++)
    eh_expression_number_tests(parse, condition->children[i]);
}
