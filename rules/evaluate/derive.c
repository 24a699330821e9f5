#include <string.h>

#include "rules/evaluate/internal.h"
#include "rules/evaluate/labels.h"

/* The only column that all conditions of first_of concern; as eh_expression_only_column. */
static int only_column_of_choices(const struct eh_column *column) {
  int only = EH_NO_COLUMN;
  for (size_t i = 0; i < column->choice_count; i++) {
    int concerned = eh_expression_only_column(column->choices[i].condition);
    if (concerned == EH_NO_COLUMN || concerned == only) continue;
    if (only != EH_NO_COLUMN || concerned == EH_SEVERAL_COLUMNS) return EH_SEVERAL_COLUMNS;
    only = concerned;
  }
  return only;
}

int eh_derive_source(const struct eh_column *column) {
  switch (column->kind) {
    case EH_BANDS:
    case EH_MONTH:
    case EH_QUARTER:
    case EH_YEAR:
    case EH_FISCAL_YEAR:
    case EH_RECODE:
    case EH_POLICY:
      return column->of[0];
    case EH_FIRST_OF: {
      int only = only_column_of_choices(column);
      return only >= 0 ? only : -1;
    }
    case EH_GIVEN:
    case EH_YEARS_BETWEEN:
    case EH_DAYS_BETWEEN:
    case EH_SOURCE:
      break;
  }
  return -1;
}

static const struct eh_value *label_value(struct eh_evaluator *evaluator, int column,
                                          const char *label) {
  if (!label) return evaluator->columns[column].missing;
  return eh_evaluator_value(evaluator, column, label, strlen(label));
}

static void make_bands(struct eh_evaluator *evaluator, int index) {
  struct eh_column_values *values = &evaluator->columns[index];
  const struct eh_column *column = values->column;
  size_t count = column->bound_count + 1;
  values->labels = eh_arena_alloc(evaluator->arena, count, sizeof *values->labels);
  for (size_t i = 0; i < count; i++)
    values->labels[i] = label_value(evaluator, index, eh_label_band(evaluator->arena, column, i));
}

static void make_choices(struct eh_evaluator *evaluator, int index) {
  struct eh_column_values *values = &evaluator->columns[index];
  const struct eh_column *column = values->column;
  size_t count = column->choice_count;
  values->labels = eh_arena_alloc(evaluator->arena, count + 1, sizeof *values->labels);
  for (size_t i = 0; i < count; i++)
    values->labels[i] = label_value(evaluator, index, column->choices[i].label);
  values->labels[count] = label_value(evaluator, index, column->otherwise);
}

void eh_derive_labels(struct eh_evaluator *evaluator, int column) {
  switch (evaluator->columns[column].column->kind) {
    case EH_BANDS:
      make_bands(evaluator, column);
      break;
    case EH_FIRST_OF:
    case EH_RECODE:
    case EH_SOURCE:
      make_choices(evaluator, column);
      break;
    default:
      break;
  }
}

static const struct eh_value *derive_band(const struct eh_column_values *values,
                                          const struct eh_value *of) {
  if (!eh_value_is_known(of) || !of->is_number) return values->missing;
  const struct eh_column *column = values->column;
  size_t band = 0;
  while (band < column->bound_count && of->number >= column->bounds[band]) band++;
  return values->labels[band];
}

static const struct eh_value *derive_period(struct eh_evaluator *evaluator,
                                            const struct eh_column_values *values,
                                            const struct eh_value *of) {
  if (!eh_value_is_known(of) || !of->is_date) return values->missing;
  char label[16];
  eh_label_period(values->column->kind, of->day, label);
  return label_value(evaluator, values->index, label);
}

static bool is_among(const struct eh_choice *choice, const struct eh_value *value) {
  for (size_t i = 0; i < choice->text_count; i++)
    if (choice->texts[i].length == value->length &&
        memcmp(choice->texts[i].text, value->text, value->length) == 0)
      return true;
  return false;
}

static const struct eh_value *derive_recode(const struct eh_column_values *values,
                                            const struct eh_value *of) {
  if (!eh_value_is_known(of)) return values->missing;
  const struct eh_column *column = values->column;
  size_t i = 0;
  while (i < column->choice_count && !is_among(&column->choices[i], of)) i++;
  return values->labels[i]; /* the last is that of otherwise */
}

static const struct eh_value *derive_policy(struct eh_evaluator *evaluator,
                                            const struct eh_column_values *values,
                                            const struct eh_value *date) {
  if (!eh_value_is_known(date) || !date->is_date) return values->missing;
  struct eh_buffer names = {0};
  const struct eh_rules *rules = evaluator->rules;
  for (size_t i = 0; i < rules->policy_count; i++) {
    const struct eh_policy *policy = &rules->policies[i];
    if (date->day < policy->from || date->day > policy->until) continue;
    if (names.length) eh_buffer_puts(&names, " + ");
    eh_buffer_puts(&names, policy->name);
  }
  if (!names.length) eh_buffer_puts(&names, "(none)");
  const struct eh_value *value = label_value(evaluator, values->index, names.text);
  eh_buffer_free(&names);
  return value;
}

/* A condition that cannot be known might have held: the labels after it are not known either. */
static const struct eh_value *derive_first_of(struct eh_evaluator *evaluator,
                                              const struct eh_column_values *values,
                                              const struct eh_value *const *record) {
  const struct eh_column *column = values->column;
  for (size_t i = 0; i < column->choice_count; i++) {
    enum eh_truth truth = eh_evaluate(evaluator, column->choices[i].condition, record);
    if (truth == EH_TRUE) return values->labels[i];
    if (truth == EH_UNKNOWN) break;
  }
  return values->missing;
}

enum { A_CENTURY = 100 * 10000 };

/* Whole years from one day to another, as eh_date_years_between counts them: a birthday has passed
   when the later month and day are not before the earlier, and 02-29 passes on 03-01. */
static int32_t years_between(const struct eh_value *from, const struct eh_value *to) {
  int32_t first = ((const struct eh_interned *)from)->ordinal;
  int32_t difference =
      (((const struct eh_interned *)to)->ordinal & ~EH_SHORT_YEAR) - (first & ~EH_SHORT_YEAR);
  if (difference < 0 && first & EH_SHORT_YEAR) difference += A_CENTURY;
  return difference >= 0 ? difference / 10000 : -((9999 - difference) / 10000);
}

static const struct eh_value *derive_between(struct eh_evaluator *evaluator,
                                             const struct eh_column_values *values,
                                             const struct eh_value *from,
                                             const struct eh_value *to) {
  if (!from->is_date || from->malformed || !to->is_date || to->malformed) return values->missing;
  int32_t number =
      values->column->kind == EH_DAYS_BETWEEN ? to->day - from->day : years_between(from, to);
  const struct eh_value *value = eh_numbers_find(&values->numbers, number);
  return value ? value : eh_evaluator_intern_number(evaluator, values->index, number);
}

const struct eh_value *eh_derive(struct eh_evaluator *evaluator, int column,
                                 const struct eh_value *const *record) {
  const struct eh_column_values *values = &evaluator->columns[column];
  const int *of = values->column->of;
  switch (values->column->kind) {
    case EH_YEARS_BETWEEN:
    case EH_DAYS_BETWEEN:
      return derive_between(evaluator, values, record[of[0]], record[of[1]]);
    case EH_FIRST_OF:
      return derive_first_of(evaluator, values, record);
    case EH_BANDS:
      return derive_band(values, record[of[0]]);
    case EH_RECODE:
      return derive_recode(values, record[of[0]]);
    case EH_POLICY:
      return derive_policy(evaluator, values, record[of[0]]);
    case EH_MONTH:
    case EH_QUARTER:
    case EH_YEAR:
    case EH_FISCAL_YEAR:
      return derive_period(evaluator, values, record[of[0]]);
    case EH_GIVEN:
    case EH_SOURCE:
      break;
  }
  return record[column];
}
