/* One condition in plain English. */
#include <string.h>

#include "rules/rules.h"

struct saying {
  const struct eh_rules *rules;
  struct eh_buffer out;
};

static const char *name_of(const struct saying *saying, int column) {
  return saying->rules->columns[column].name;
}

static void say(struct saying *saying, const struct eh_expression *node, bool is_negated);

static void say_literal(struct saying *saying, const struct eh_literal *literal) {
  const char *quote = literal->reading == EH_AS_TEXT ? "'" : "";
  eh_buffer_puts(&saying->out, quote);
  eh_buffer_add(&saying->out, literal->text, literal->length);
  eh_buffer_puts(&saying->out, quote);
}

/* "'a', 'b' or 'c'" */
static void say_literals(struct saying *saying, const struct eh_expression *node,
                         const char *last) {
  for (size_t i = 0; i < node->literal_count; i++) {
    if (i > 0) eh_buffer_puts(&saying->out, i + 1 < node->literal_count ? ", " : last);
    say_literal(saying, &node->literals[i]);
  }
}

static enum eh_operator negation(enum eh_operator op) {
  static const enum eh_operator negations[] = {[EH_EQ] = EH_NE, [EH_NE] = EH_EQ, [EH_LT] = EH_GE,
                                               [EH_LE] = EH_GT, [EH_GT] = EH_LE, [EH_GE] = EH_LT};
  return negations[op];
}

/* What stands between the two sides of a comparison. */
static const char *relation(enum eh_reading reading, enum eh_operator op, bool of_columns) {
  static const char *const words[][6] = {
      [EH_AS_TEXT] = {[EH_EQ] = "is",
                      [EH_NE] = "is not",
                      [EH_LT] = "sorts before",
                      [EH_LE] = "sorts before or is",
                      [EH_GT] = "sorts after",
                      [EH_GE] = "sorts after or is"},
      [EH_AS_NUMBER] = {[EH_EQ] = "is",
                        [EH_NE] = "is not",
                        [EH_LT] = "is below",
                        [EH_LE] = "is at most",
                        [EH_GT] = "is above",
                        [EH_GE] = "is at least"},
      [EH_AS_DATE] = {[EH_EQ] = "is",
                      [EH_NE] = "is not",
                      [EH_LT] = "is before",
                      [EH_LE] = "is on or before",
                      [EH_GT] = "is after",
                      [EH_GE] = "is on or after"},
  };
  if (of_columns && op == EH_EQ) return "is the same as";
  if (of_columns && op == EH_NE) return "differs from";
  return words[reading][op];
}

static void say_compare(struct saying *saying, const struct eh_expression *node, bool is_negated) {
  enum eh_operator op = is_negated ? negation(node->op) : node->op;
  eh_buffer_printf(&saying->out, "%s %s ", name_of(saying, node->column),
                   relation(node->reading, op, node->other >= 0));
  if (node->other >= 0)
    eh_buffer_puts(&saying->out, name_of(saying, node->other));
  else
    say_literal(saying, &node->literals[0]);
}

static void say_in(struct saying *saying, const struct eh_expression *node, bool is_negated) {
  const char *name = name_of(saying, node->column);
  const char *none = node->literal_count > 1 ? "is neither" : "is not";
  eh_buffer_printf(&saying->out, "%s %s ", name, is_negated ? none : "is");
  say_literals(saying, node, is_negated ? " nor " : " or ");
}

static void say_between(struct saying *saying, const struct eh_expression *node, bool is_negated) {
  eh_buffer_printf(&saying->out, "%s is %sfrom ", name_of(saying, node->column),
                   is_negated ? "not " : "");
  say_literal(saying, &node->literals[0]);
  eh_buffer_puts(&saying->out, " to ");
  say_literal(saying, &node->literals[1]);
}

static bool is_joined(const struct eh_expression *node) {
  return node->kind == EH_AND || node->kind == EH_OR;
}

/* Does the condition hold an `or` of its own in its list of texts? A comma then sets it apart. */
static bool is_list(const struct eh_expression *node) {
  if (node->kind == EH_NOT) return is_list(node->children[0]);
  return node->kind == EH_IN && node->literal_count > 1;
}

/* and, or. Parts that are joined themselves stand in parentheses. */
static void say_joined(struct saying *saying, const struct eh_expression *node) {
  const char *comma = "";
  for (size_t i = 0; i < node->child_count; i++) {
    if (is_list(node->children[i])) comma = ",";
  }
  for (size_t i = 0; i < node->child_count; i++) {
    bool is_grouped = is_joined(node->children[i]);
    if (i > 0) eh_buffer_printf(&saying->out, "%s %s ", comma, node->kind == EH_AND ? "and" : "or");
    if (is_grouped) eh_buffer_puts(&saying->out, "(");
    say(saying, node->children[i], false);
    if (is_grouped) eh_buffer_puts(&saying->out, ")");
  }
}

static void say(struct saying *saying, const struct eh_expression *node, bool is_negated) {
  switch (node->kind) {
    case EH_AND:
    case EH_OR:
      if (is_negated) eh_buffer_puts(&saying->out, "it is not so that (");
      say_joined(saying, node);
      if (is_negated) eh_buffer_puts(&saying->out, ")");
      break;
    case EH_NOT:
      say(saying, node->children[0], !is_negated);
      break;
    case EH_COMPARE:
      say_compare(saying, node, is_negated);
      break;
    case EH_IN:
      say_in(saying, node, is_negated);
      break;
    case EH_BETWEEN:
      say_between(saying, node, is_negated);
      break;
    case EH_IS_MISSING:
      eh_buffer_printf(&saying->out, "%s is %srecorded", name_of(saying, node->column),
                       is_negated ? "" : "not ");
      break;
    case EH_STARTS_WITH:
      eh_buffer_printf(&saying->out, "%s %s ", name_of(saying, node->column),
                       is_negated ? "does not start with" : "starts with");
      say_literal(saying, &node->literals[0]);
      break;
    case EH_OTHERWISE:
      eh_buffer_puts(&saying->out, "in all other cases");
      break;
  }
}

const char *eh_rules_say(struct eh_arena *arena, const struct eh_rules *rules,
                         const struct eh_expression *condition) {
  struct saying saying = {.rules = rules};
  say(&saying, condition, false);
  const char *said = eh_arena_copy(arena, saying.out.text, saying.out.length);
  eh_buffer_free(&saying.out);
  return said;
}
