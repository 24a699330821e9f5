/* Conditions as predicates that are never null: "known true" and "known false". */
#include <string.h>

#include "engine/base/number.h"
#include "rules/sql/internal.h"

static const struct eh_column *column_at(const struct eh_sql *sql, int column) {
  return &sql->rules->columns[column];
}

/* A value that cannot be read as the rules read its column is not known. */
static const char *known_text(struct eh_sql *sql, int index) {
  const struct eh_column *column = column_at(sql, index);
  const char *text = eh_sql_raw_text(sql, (size_t)index);
  if (!eh_sql_is_read(column)) return text;
  return eh_arena_printf(
      sql->arena, "CASE WHEN %s IS NOT NULL THEN %s END",
      column->read_as_date ? eh_sql_date_of(sql, index) : eh_sql_number_of(sql, index), text);
}

static const char *value_known(struct eh_sql *sql, int column) {
  return column_at(sql, column)->kind == EH_GIVEN ? known_text(sql, column) : sql->names[column];
}

const char *eh_sql_text_of(struct eh_sql *sql, int column) {
  const char *value = value_known(sql, column);
  if (!eh_sql_is_number_kind(column_at(sql, column))) return value;
  return eh_sql_expand(sql->arena, sql->dialect->as_text, value, "", "");
}

/* The label as the number that it is written as. */
static const char *number_of_labels(struct eh_sql *sql, int index) {
  const struct eh_column *column = column_at(sql, index);
  struct eh_buffer out = {0};
  eh_buffer_printf(&out, "CASE %s", sql->names[index]);
  for (size_t i = 0; i <= column->choice_count; i++) {
    const char *label = i < column->choice_count ? column->choices[i].label : column->otherwise;
    double number;
    if (!label || !eh_number_parse(label, strlen(label), &number)) continue;
    eh_buffer_printf(&out, " WHEN %s THEN %s", eh_sql_quote_text(sql, label, strlen(label)),
                     eh_sql_real(sql, number));
  }
  eh_buffer_puts(&out, " END");
  const char *text = eh_arena_copy(sql->arena, out.text, out.length);
  eh_buffer_free(&out);
  return text;
}

const char *eh_sql_number_of(struct eh_sql *sql, int index) {
  const struct eh_column *column = column_at(sql, index);
  if (column->kind == EH_GIVEN) return eh_arena_printf(sql->arena, "%s_number", sql->names[index]);
  if (column->kind == EH_YEAR)
    return eh_sql_expand(sql->arena, sql->dialect->integer, sql->names[index], "", "");
  if (column->kind == EH_FIRST_OF || column->kind == EH_RECODE) return number_of_labels(sql, index);
  return sql->names[index];
}

const char *eh_sql_date_of(struct eh_sql *sql, int column) {
  return eh_arena_printf(sql->arena, "%s_date", sql->names[column]);
}

static const char *value_of(struct eh_sql *sql, int column, enum eh_reading reading) {
  if (reading == EH_AS_NUMBER) return eh_sql_number_of(sql, column);
  if (reading == EH_AS_DATE) return eh_sql_date_of(sql, column);
  return eh_sql_text_of(sql, column);
}

static const char *const operators[2][6] = {
    [true] = {[EH_EQ] = "=",
              [EH_NE] = "<>",
              [EH_LT] = "<",
              [EH_LE] = "<=",
              [EH_GT] = ">",
              [EH_GE] = ">="},
    [false] = {[EH_EQ] = "<>",
               [EH_NE] = "=",
               [EH_LT] = ">=",
               [EH_LE] = ">",
               [EH_GT] = "<=",
               [EH_GE] = "<"},
};

static const char *list_of(struct eh_sql *sql, const struct eh_expression *test) {
  struct eh_buffer out = {0};
  for (size_t i = 0; i < test->literal_count; i++)
    eh_buffer_printf(&out, "%s%s", i ? ", " : "", eh_sql_constant(sql, &test->literals[i]));
  const char *text = eh_arena_copy(sql->arena, out.text, out.length);
  eh_buffer_free(&out);
  return text;
}

/* Characters, of UTF-8. */
static size_t characters(const struct eh_literal *literal) {
  size_t count = 0;
  for (size_t i = 0; i < literal->length; i++)
    count += ((unsigned char)literal->text[i] & 0xC0) != 0x80;
  return count;
}

/* Does the value of the test's column, which is known, pass (or, with wanted false, fail) it? */
static const char *outcome_of(struct eh_sql *sql, const struct eh_expression *test,
                              const char *value, bool wanted) {
  struct eh_arena *arena = sql->arena;
  const char *not = wanted ? "" : "NOT ";
  switch (test->kind) {
    case EH_IN:
      return eh_arena_printf(arena, "%s %sIN (%s)", value, not, list_of(sql, test));
    case EH_BETWEEN:
      return eh_arena_printf(arena, "%s %sBETWEEN %s AND %s", value, not,
                             eh_sql_constant(sql, &test->literals[0]),
                             eh_sql_constant(sql, &test->literals[1]));
    case EH_STARTS_WITH: {
      const char *count = eh_arena_printf(arena, "%zu", characters(test->literals));
      return eh_arena_printf(arena, "%s %s %s",
                             eh_sql_expand(arena, sql->dialect->part, value, "1", count),
                             wanted ? "=" : "<>", eh_sql_constant(sql, test->literals));
    }
    default:
      return eh_arena_printf(arena, "%s %s %s", value, operators[wanted][test->op],
                             test->other >= 0 ? value_of(sql, test->other, test->reading)
                                              : eh_sql_constant(sql, test->literals));
  }
}

static const char *test_of(struct eh_sql *sql, const struct eh_expression *test, bool wanted) {
  struct eh_arena *arena = sql->arena;
  if (test->kind == EH_IS_MISSING)
    return eh_arena_printf(arena, "%s IS %sNULL", value_known(sql, test->column),
                           wanted ? "" : "NOT ");
  const char *value = value_of(sql, test->column, test->reading);
  const char *known = eh_arena_printf(arena, "%s IS NOT NULL", value);
  if (test->other >= 0)
    known = eh_arena_printf(arena, "%s AND %s IS NOT NULL", known,
                            value_of(sql, test->other, test->reading));
  if (test->kind == EH_STARTS_WITH && test->literals[0].length == 0) /* every known text does */
    return wanted ? eh_arena_printf(arena, "(%s)", known) : "1 = 0";
  return eh_arena_printf(arena, "(%s AND %s)", known, outcome_of(sql, test, value, wanted));
}

static const char *predicate(struct eh_sql *sql, const struct eh_expression *condition,
                             bool wanted) {
  switch (condition->kind) {
    case EH_NOT:
      return predicate(sql, condition->children[0], !wanted);
    case EH_OTHERWISE:
      return wanted ? "1 = 1" : "1 = 0";
    case EH_AND:
    case EH_OR:
      break;
    default:
      return test_of(sql, condition, wanted);
  }
  /* `and` is known true when every part is, known false when one part is; `or` the other way about.
   */
  const char *joint = (condition->kind == EH_AND) == wanted ? " AND " : " OR ";
  struct eh_buffer out = {0};
  for (size_t i = 0; i < condition->child_count; i++)
    eh_buffer_printf(&out, "%s%s", i ? joint : "(", predicate(sql, condition->children[i], wanted));
  eh_buffer_puts(&out, ")");
  const char *text = eh_arena_copy(sql->arena, out.text, out.length);
  eh_buffer_free(&out);
  return text;
}

const char *eh_sql_known_true(struct eh_sql *sql, const struct eh_expression *condition) {
  return predicate(sql, condition, true);
}
const char *eh_sql_known_false(struct eh_sql *sql, const struct eh_expression *condition) {
  return predicate(sql, condition, false);
}
