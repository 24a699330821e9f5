/* What conditions may ask of columns, once the whole file is known. */
#include <string.h>

#include "rules/evaluate/evaluate.h"
#include "rules/evaluate/labels.h"
#include "rules/language/lex.h"
#include "rules/language/parse.h"

struct settling {
  struct eh_parse *parse;
  struct eh_rules *rules;
  bool changed;
};

static void walk(struct settling *settling, struct eh_expression *node,
                 void (*visit)(struct settling *settling, struct eh_expression *node)) {
  visit(settling, node);
  for (size_t i = 0; i < node->child_count; i++) walk(settling, node->children[i], visit);
}

static struct eh_column *column_of(const struct settling *settling, int index) {
  return &settling->rules->columns[index];
}

static bool is_a_number(const struct eh_column *column) {
  return column->kind == EH_YEARS_BETWEEN || column->kind == EH_DAYS_BETWEEN;
}

static void mark(struct eh_column *column, enum eh_reading reading) {
  if (reading == EH_AS_NUMBER) column->read_as_number = true;
  if (reading == EH_AS_DATE) column->read_as_date = true;
}

static void mark_constants(struct settling *settling, struct eh_expression *node) {
  if (node->literal_count) mark(column_of(settling, node->column), node->reading);
}

static enum eh_reading reading_elsewhere(const struct eh_column *column) {
  if (column->read_as_date) return EH_AS_DATE;
  return column->read_as_number || is_a_number(column) ? EH_AS_NUMBER : EH_AS_TEXT;
}

/* One round: what is known of one column settles the comparison, and so the other column. A date
   against a number is left a text here, and refused by check_pair. */
static void settle_pair(struct settling *settling, struct eh_expression *node) {
  if (node->other < 0) return;
  struct eh_column *left = column_of(settling, node->column);
  struct eh_column *right = column_of(settling, node->other);
  enum eh_reading a = reading_elsewhere(left), b = reading_elsewhere(right);
  enum eh_reading reading = a == b || b == EH_AS_TEXT ? a : a == EH_AS_TEXT ? b : EH_AS_TEXT;
  if (reading == node->reading) return;
  node->reading = reading;
  mark(left, reading);
  mark(right, reading);
  settling->changed = true;
}

static void refuse(const struct settling *settling, const struct eh_expression *node,
                   const struct eh_column *column, const char *objection) {
  eh_problems_add(settling->parse->problems, settling->parse->file,
                  (struct eh_place){node->line, node->position}, "%s %s",
                  eh_excerpt_of(column->name, strlen(column->name)).text, objection);
}

/* Why the column cannot be read as a number or a date; NULL when it can. */
static const char *objection_to(const struct settling *settling, const struct eh_column *column,
                                enum eh_reading reading) {
  if (is_a_number(column)) return reading == EH_AS_DATE ? "is a number, not a date" : NULL;
  if (column->kind == EH_GIVEN) {
    if (reading == EH_AS_DATE || !column->read_as_date) return NULL;
    return "is read as a date elsewhere in these rules: compare it with a date, like 2011-06-17";
  }
  if (reading == EH_AS_NUMBER && eh_label_all_numbers(column)) return NULL;
  if (column->kind == EH_POLICY)
    return "holds the names of policies: compare it with one of them, in quotes";
  struct eh_arena *arena = settling->parse->arena;
  return eh_arena_printf(arena, "holds labels like '%s': compare it with one of them, in quotes",
                         eh_label_sample(arena, column));
}

/* Why the column cannot be compared with a text; NULL when it can. */
static const char *objection_to_text(const struct eh_column *column) {
  if (is_a_number(column)) return "is a number: compare it with one, without quotes";
  if (column->kind != EH_GIVEN) return NULL;
  if (column->read_as_date)
    return "is read as a date elsewhere in these rules: compare it with a date, like 2011-06-17, "
           "without quotes";
  if (column->read_as_number)
    return "is read as a number elsewhere in these rules: compare it with a number, without quotes";
  return NULL;
}

/* Is the node a test of being equal to a constant? */
static bool asks_equality(const struct eh_expression *node) {
  return node->kind == EH_IN ||
         (node->kind == EH_COMPARE && (node->op == EH_EQ || node->op == EH_NE));
}

static void refuse_text(const struct settling *settling, const struct eh_expression *node,
                        const struct eh_literal *literal) {
  const struct eh_column *column = column_of(settling, node->column);
  struct eh_arena *arena = settling->parse->arena;
  struct eh_excerpt text = eh_excerpt_of(literal->text, literal->length);
  const char *known[64];
  size_t count = 0;
  if (column->kind == EH_GIVEN) {
    refuse(settling, node, column,
           eh_arena_printf(arena,
                           "is never '%s': that stands for a value that is not recorded (see "
                           "missing); write `is missing` or `is not missing`",
                           text.text));
    return;
  }
  for (size_t i = 0; i < column->choice_count && count < 64; i++)
    known[count++] = column->choices[i].label;
  for (size_t i = 0; column->kind == EH_BANDS && i <= column->bound_count && count < 64; i++)
    known[count++] = eh_label_band(arena, column, i);
  const char *near = eh_rules_nearest(text.text, known, count);
  if (!near) near = eh_label_sample(arena, column);
  refuse(settling, node, column,
         eh_arena_printf(arena, "is never '%s': it holds labels like '%s'", text.text, near));
}

static void check_text(const struct settling *settling, const struct eh_expression *node) {
  const struct eh_column *column = column_of(settling, node->column);
  const char *objection = objection_to_text(column);
  if (objection && (node->kind != EH_STARTS_WITH || is_a_number(column))) {
    refuse(settling, node, column, objection);
    return;
  }
  if (!asks_equality(node)) return;
  for (size_t i = 0; i < node->literal_count; i++) {
    const struct eh_literal *literal = &node->literals[i];
    bool possible = column->kind == EH_GIVEN
                        ? !eh_rules_is_missing(settling->rules, literal->text, literal->length)
                        : eh_label_possible(column, literal->text, literal->length);
    if (possible) continue;
    refuse_text(settling, node, literal);
    return;
  }
}

static void check_pair(const struct settling *settling, const struct eh_expression *node) {
  const struct eh_column *left = column_of(settling, node->column);
  const struct eh_column *right = column_of(settling, node->other);
  enum eh_reading a = reading_elsewhere(left), b = reading_elsewhere(right);
  if (a != b && a != EH_AS_TEXT && b != EH_AS_TEXT) {
    refuse(settling, node, left,
           eh_arena_printf(settling->parse->arena, "is %s, but %s is %s: they cannot be compared",
                           a == EH_AS_DATE ? "a date" : "a number", right->name,
                           b == EH_AS_DATE ? "a date" : "a number"));
    return;
  }
  if (node->reading == EH_AS_TEXT) return;
  const char *objection = objection_to(settling, left, node->reading);
  if (objection) refuse(settling, node, left, objection);
  objection = objection_to(settling, right, node->reading);
  if (objection) refuse(settling, node, right, objection);
}

static void check(struct settling *settling, struct eh_expression *node) {
  if (node->other >= 0) {
    check_pair(settling, node);
  } else if (node->literal_count && node->reading == EH_AS_TEXT) {
    check_text(settling, node);
  } else if (node->literal_count) {
    const struct eh_column *column = column_of(settling, node->column);
    const char *objection = objection_to(settling, column, node->reading);
    if (objection) refuse(settling, node, column, objection);
  }
}

static void walk_all(struct settling *settling, struct eh_expression *const *conditions,
                     size_t count,
                     void (*visit)(struct settling *settling, struct eh_expression *node)) {
  for (size_t i = 0; i < count; i++) walk(settling, conditions[i], visit);
}

void eh_expressions_settle(struct eh_parse *parse, struct eh_rules *rules,
                           struct eh_expression *const *conditions, size_t count) {
  struct settling settling = {.parse = parse, .rules = rules};
  walk_all(&settling, conditions, count, mark_constants);
  do { /* flags are only ever set, so this ends */
    settling.changed = false;
    walk_all(&settling, conditions, count, settle_pair);
  } while (settling.changed);
  walk_all(&settling, conditions, count, check);
}
