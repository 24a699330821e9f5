/* Recursive descent over the grammar
 *
 *   condition := "otherwise" | any
 *   any       := all { "or" all }
 *   all       := one { "and" one }
 *   one       := "not" one | "(" any ")" | test
 *   test      := name operator (constant | name) | constant operator name
 *              | name ["not"] ( "in" "(" constant { "," constant } ")"
 *                             | "between" constant "and" constant
 *                             | "starts" "with" text )
 *              | name "is" ["not"] "missing"
 */
#include "rules/language/parse.h"

#include <string.h>

#include "engine/base/tidy.h"
#include "rules/language/lex.h"

enum { DEEPEST = 100 };

struct reader {
  struct eh_parse *parse;
  struct eh_lexer lexer;
  struct eh_token token; /* the next one */
  bool failed;           /* a problem was added */
  int depth;
};

/* The arguments of a problem at the next token's place. */
#define HERE(r) (r)->parse->problems, (r)->parse->file, (r)->token.place
#define EXCERPT(token) eh_excerpt_of((token).text, (token).length).text

static void advance(struct reader *r) {
  r->token = eh_lexer_next(&r->lexer);
  if (r->token.kind == EH_TOKEN_BAD) r->failed = true;
}

static bool at_word(const struct reader *r, const char *word) {
  return eh_token_is_word(&r->token, word);
}

/* Step over the word when it is next. */
static bool take_word(struct reader *r, const char *word) {
  if (!at_word(r, word)) return false;
  advance(r);
  return true;
}

/* Add the problem that something else was expected here. Always returns NULL. */
static void *expected(struct reader *r, const char *what) {
  r->failed = true;
  if (r->token.kind == EH_TOKEN_BAD) return NULL; /* has been told */
  if (r->token.kind == EH_TOKEN_END)
    eh_problems_add(HERE(r), "the condition ends too early: expected %s", what);
  else
    eh_problems_add(HERE(r), "expected %s, found %s", what, EXCERPT(r->token));
  return NULL;
}

static struct eh_expression *new_node(struct reader *r, enum eh_expression_kind kind,
                                      struct eh_place place) {
  struct eh_expression *node = eh_arena_alloc(r->parse->arena, 1, sizeof *node);
  *node = (struct eh_expression){.kind = kind,
                                 .column = -1,
                                 .other = -1,
                                 .line = place.line,
                                 .position = place.column,
                                 .test = -1};
  return node;
}

/* Room for one more in an arena array that doubles whenever its count is a power of two. */
static void *grown(struct eh_arena *arena, void *items, size_t count, size_t size) {
  if (count & (count - 1)) return items;
  void *more = eh_arena_alloc(arena, count ? 2 * count : 1, size);
  if (count) memcpy(more, items, count * size);
  return more;
}

static void add_child(struct reader *r, struct eh_expression *node, struct eh_expression *child) {
  node->children =
      grown(r->parse->arena, node->children, node->child_count, sizeof(struct eh_expression *));
  node->children[node->child_count++] = child;
}

static void add_literal(struct reader *r, struct eh_expression *node, struct eh_literal literal) {
  node->literals = grown(r->parse->arena, node->literals, node->literal_count, sizeof literal);
  node->literals[node->literal_count++] = literal;
}

static struct eh_expression *negated(struct reader *r, bool is_negated,
                                     struct eh_expression *node) {
  if (!node || !is_negated) return node;
  struct eh_expression *negation =
      new_node(r, EH_NOT, (struct eh_place){node->line, node->position});
  add_child(r, negation, node);
  return negation;
}

/* The text between the quotes of a token, with each doubled quote made one; tidy, as the values are
   with which it is compared. */
static void unquote(struct reader *r, struct eh_literal *literal) {
  const char *from = r->token.text + 1, *end = r->token.text + r->token.length - 1;
  char *copy = eh_arena_alloc(r->parse->arena, r->token.length, 1), *to = copy;
  while (from < end) {
    if (*from == '\'') from++;
    *to++ = *from++;
  }
  literal->length = (size_t)(to - copy);
  const char *tidy = eh_tidy_text(r->parse->arena, copy, &literal->length);
  literal->text = eh_arena_copy(r->parse->arena, tidy, literal->length);
}

static bool at_constant(const struct reader *r) {
  return r->token.kind == EH_TOKEN_TEXT || r->token.kind == EH_TOKEN_NUMBER ||
         r->token.kind == EH_TOKEN_DATE;
}

static bool read_constant(struct reader *r, struct eh_literal *literal) {
  *literal = (struct eh_literal){.reading = EH_AS_TEXT};
  if (!at_constant(r)) {
    expected(r, r->token.kind == EH_TOKEN_NAME ? "a constant (a text in quotes, a number, a date)"
                                               : "a text in quotes, a number or a date");
    return false;
  }
  if (r->token.kind == EH_TOKEN_TEXT) {
    unquote(r, literal);
  } else {
    literal->reading = r->token.kind == EH_TOKEN_DATE ? EH_AS_DATE : EH_AS_NUMBER;
    literal->number = r->token.number;
    literal->day = r->token.day;
    literal->text = eh_arena_copy(r->parse->arena, r->token.text, r->token.length);
    literal->length = r->token.length;
  }
  advance(r);
  return true;
}

/* The words that cannot be a column's name. */
static bool at_reserved(const struct reader *r) {
  static const char *const words[] = {"and", "or", "not", "in", "between", "is", "otherwise"};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (at_word(r, words[i])) return true;
  return false;
}

static int read_column(struct reader *r) {
  int column = r->parse->resolve(r->parse->context, r->token.text, r->token.length, r->token.place);
  if (column < 0) r->failed = true;
  advance(r);
  return column;
}

/* What people write on the right of an operator that is no column: a remedy, or NULL. */
static const char *remedy_on_the_right(const struct reader *r) {
  if (at_word(r, "missing") || at_word(r, "null"))
    return "ask for a value that is not recorded with `is missing` or `is not missing`";
  if (at_word(r, "true") || at_word(r, "false"))
    return "put the text that stands in the records in quotes, like 'true' or 'Y'";
  return NULL;
}

static bool read_right_column(struct reader *r, struct eh_expression *node) {
  const char *remedy = remedy_on_the_right(r);
  if (remedy) {
    r->failed = true;
    eh_problems_add(HERE(r), "%s is no value to compare with: %s", EXCERPT(r->token), remedy);
    advance(r);
    return true;
  }
  struct eh_token right = r->token;
  node->other = read_column(r);
  if (node->other >= 0 && node->other == node->column) {
    r->failed = true;
    eh_problems_add(r->parse->problems, r->parse->file, right.place,
                    "%s is compared with itself: name another column, or put a text in quotes",
                    EXCERPT(right));
  }
  return true;
}

static struct eh_expression *read_compare(struct reader *r, struct eh_expression *node) {
  node->kind = EH_COMPARE;
  node->op = r->token.op;
  advance(r);
  if (r->token.kind == EH_TOKEN_NAME && !at_reserved(r))
    return read_right_column(r, node) ? node : NULL;
  struct eh_literal literal;
  if (!at_constant(r)) return expected(r, "a text in quotes, a number, a date or a column");
  if (!read_constant(r, &literal)) return NULL;
  node->reading = literal.reading;
  add_literal(r, node, literal);
  return node;
}

/* The operator that says the same with its sides exchanged. */
static enum eh_operator mirrored(enum eh_operator op) {
  switch (op) {
    case EH_LT:
      return EH_GT;
    case EH_LE:
      return EH_GE;
    case EH_GT:
      return EH_LT;
    case EH_GE:
      return EH_LE;
    case EH_EQ:
    case EH_NE:
      break;
  }
  return op;
}

/* constant operator name: read as name operator constant. */
static struct eh_expression *read_mirrored(struct reader *r) {
  struct eh_expression *node = new_node(r, EH_COMPARE, r->token.place);
  struct eh_literal literal;
  if (!read_constant(r, &literal)) return NULL;
  if (r->token.kind != EH_TOKEN_OPERATOR)
    return expected(r, "= != < <= > or >= after a constant; begin the test with a column");
  node->op = mirrored(r->token.op);
  node->reading = literal.reading;
  add_literal(r, node, literal);
  advance(r);
  if (r->token.kind != EH_TOKEN_NAME || at_reserved(r))
    return expected(r, "the name of a column to compare the constant with");
  node->column = read_column(r);
  return node;
}

static const char *reading_name(enum eh_reading reading) {
  switch (reading) {
    case EH_AS_NUMBER:
      return "a number";
    case EH_AS_DATE:
      return "a date";
    case EH_AS_TEXT:
      break;
  }
  return "a text";
}

/* All constants of one test must be read alike; tells of the first that is not. */
static void check_alike(struct reader *r, const struct eh_expression *node,
                        const struct eh_literal *literal, struct eh_place place) {
  if (node->literal_count == 0 || node->literals[0].reading == literal->reading) return;
  if (r->failed) return; /* once is enough */
  r->failed = true;
  const struct eh_literal *first = &node->literals[0];
  eh_problems_add(
      r->parse->problems, r->parse->file, place, "%s is %s, but %s is %s: write both alike",
      eh_excerpt_of(literal->text, literal->length).text, reading_name(literal->reading),
      eh_excerpt_of(first->text, first->length).text, reading_name(first->reading));
}

static struct eh_expression *read_in(struct reader *r, struct eh_expression *node) {
  node->kind = EH_IN;
  if (r->token.kind != EH_TOKEN_OPEN)
    return expected(r, "( after in, as in: outcome in ('released', 'detained')");
  do {
    advance(r);
    struct eh_place place = r->token.place;
    struct eh_literal literal;
    if (r->token.kind == EH_TOKEN_CLOSE)
      return expected(r, "a constant: the list is empty or ends with a comma");
    if (!read_constant(r, &literal)) return NULL;
    check_alike(r, node, &literal, place);
    add_literal(r, node, literal);
  } while (r->token.kind == EH_TOKEN_COMMA);
  node->reading = node->literals[0].reading;
  if (r->token.kind != EH_TOKEN_CLOSE) return expected(r, ", or ) in the list");
  advance(r);
  return node;
}

static bool is_greater(const struct eh_literal *a, const struct eh_literal *b) {
  if (a->reading == EH_AS_NUMBER) return a->number > b->number;
  if (a->reading == EH_AS_DATE) return a->day > b->day;
  size_t shorter = a->length < b->length ? a->length : b->length;
  int order = memcmp(a->text, b->text, shorter);
  return order ? order > 0 : a->length > b->length;
}

static struct eh_expression *read_between(struct reader *r, struct eh_expression *node) {
  node->kind = EH_BETWEEN;
  struct eh_place place = r->token.place;
  for (int i = 0; i < 2; i++) {
    if (i == 1 && !take_word(r, "and")) return expected(r, "and, as in: between 16 and 20");
    struct eh_place here = r->token.place;
    struct eh_literal literal;
    if (r->token.kind == EH_TOKEN_NAME)
      return expected(r, "a constant (for columns, write x >= low and x <= high)");
    if (!read_constant(r, &literal)) return NULL;
    check_alike(r, node, &literal, here);
    add_literal(r, node, literal);
  }
  const struct eh_literal *low = &node->literals[0], *high = &node->literals[1];
  node->reading = low->reading;
  if (low->reading == high->reading && is_greater(low, high)) {
    r->failed = true;
    eh_problems_add(r->parse->problems, r->parse->file, place,
                    "between %s and %s can never hold: write the smaller first",
                    eh_excerpt_of(low->text, low->length).text,
                    eh_excerpt_of(high->text, high->length).text);
  }
  return node;
}

static struct eh_expression *read_starts_with(struct reader *r, struct eh_expression *node) {
  node->kind = EH_STARTS_WITH;
  if (!take_word(r, "with")) return expected(r, "with, as in: code starts with '13'");
  if (r->token.kind != EH_TOKEN_TEXT)
    return expected(r, "a text in quotes (only a text can start with something)");
  struct eh_place place = r->token.place;
  bool ends_in_blank = r->token.length > 2 && r->token.text[r->token.length - 2] == ' ';
  struct eh_literal literal;
  if (!read_constant(r, &literal)) return NULL;
  if (ends_in_blank && literal.length > 0) { /* 'North ' is no beginning of Northern */
    literal.text = eh_arena_printf(r->parse->arena, "%.*s ", (int)literal.length, literal.text);
    literal.length++;
  }
  if (literal.length == 0) {
    r->failed = true;
    eh_problems_add(r->parse->problems, r->parse->file, place,
                    "every text starts with '': write the beginning, or `is not missing`");
  }
  add_literal(r, node, literal);
  return node;
}

static struct eh_expression *read_is(struct reader *r, struct eh_expression *node) {
  node->kind = EH_IS_MISSING;
  bool is_negated = take_word(r, "not");
  if (at_word(r, "null")) return expected(r, "missing (the rules' word for null)");
  if (!take_word(r, "missing"))
    return expected(r, "missing or not missing after is (compare a value with = or !=)");
  return negated(r, is_negated, node);
}

/* A test that begins with a column. */
static struct eh_expression *read_test(struct reader *r) {
  if (at_word(r, "otherwise"))
    return expected(r, "a test; otherwise stands alone, as the last choice of first_of");
  if (at_reserved(r)) return expected(r, "the name of a column");
  struct eh_expression *node = new_node(r, EH_COMPARE, r->token.place);
  struct eh_token name = r->token;
  node->column = read_column(r);
  if (r->token.kind == EH_TOKEN_OPERATOR) return read_compare(r, node);
  if (take_word(r, "is")) return read_is(r, node);
  bool is_negated = take_word(r, "not");
  if (take_word(r, "in")) return negated(r, is_negated, read_in(r, node));
  if (take_word(r, "between")) return negated(r, is_negated, read_between(r, node));
  if (take_word(r, "starts")) return negated(r, is_negated, read_starts_with(r, node));
  if (is_negated) return expected(r, "in, between or starts with after not");
  if (at_word(r, "like")) return expected(r, "starts with 'x' (there is no like)");
  if (r->token.kind == EH_TOKEN_NAME && !at_reserved(r))
    return expected(r, "= != < <= > >= in, between, is or starts with after the column");
  if (r->token.kind == EH_TOKEN_BAD) return expected(r, "");
  r->failed = true;
  eh_problems_add(r->parse->problems, r->parse->file, name.place,
                  "a column alone is no condition: say what %s is, as in %s = 'Y'", EXCERPT(name),
                  EXCERPT(name));
  return NULL;
}

static struct eh_expression *read_any(struct reader *r);

static struct eh_expression *read_group(struct reader *r) {
  struct eh_place place = r->token.place;
  advance(r);
  struct eh_expression *node = read_any(r);
  if (!node) return NULL;
  if (r->token.kind != EH_TOKEN_CLOSE) {
    if (r->token.kind != EH_TOKEN_END) return expected(r, "and, or, or )");
    r->failed = true;
    eh_problems_add(r->parse->problems, r->parse->file, place, "this ( is never closed: add )");
    return NULL;
  }
  advance(r);
  return node;
}

/* `not`, a group or a test; the place where nesting is bounded. */
static struct eh_expression *read_one(struct reader *r) {
  if (r->depth == DEEPEST) {
    r->failed = true;
    eh_problems_add(HERE(r), "the condition is nested more than %d levels deep: simplify it",
                    DEEPEST);
    return NULL;
  }
  r->depth++;
  struct eh_place place = r->token.place;
  struct eh_expression *node = NULL;
  if (take_word(r, "not")) {
    struct eh_expression *child = read_one(r);
    if (child) {
      node = new_node(r, EH_NOT, place);
      add_child(r, node, child);
    }
  } else if (r->token.kind == EH_TOKEN_OPEN) {
    node = read_group(r);
  } else if (at_constant(r)) {
    node = read_mirrored(r);
  } else if (r->token.kind == EH_TOKEN_NAME) {
    node = read_test(r);
  } else {
    expected(r, "a column, not or (");
  }
  r->depth--;
  return node;
}

/* One or several operands joined by a word: one node with as many children. */
static struct eh_expression *read_joined(struct reader *r, enum eh_expression_kind kind,
                                         const char *word,
                                         struct eh_expression *(*read_operand)(struct reader *)) {
  struct eh_place place = r->token.place;
  struct eh_expression *operand = read_operand(r);
  if (!operand || !at_word(r, word)) return operand;
  struct eh_expression *node = new_node(r, kind, place);
  add_child(r, node, operand);
  while (take_word(r, word)) {
    operand = read_operand(r);
    if (!operand) return NULL;
    add_child(r, node, operand);
  }
  return node;
}

static struct eh_expression *read_all(struct reader *r) {
  return read_joined(r, EH_AND, "and", read_one);
}

static struct eh_expression *read_any(struct reader *r) {
  return read_joined(r, EH_OR, "or", read_all);
}

static struct eh_expression *read_otherwise(struct reader *r) {
  struct eh_expression *node = new_node(r, EH_OTHERWISE, r->token.place);
  advance(r);
  if (r->token.kind != EH_TOKEN_END) return expected(r, "nothing more: otherwise stands alone");
  return node;
}

static struct eh_expression *read_condition(struct reader *r) {
  if (at_word(r, "otherwise")) return read_otherwise(r);
  if (r->token.kind == EH_TOKEN_END) {
    r->failed = true;
    eh_problems_add(HERE(r), "the condition is empty: write one, as in outcome = 'released'");
    return NULL;
  }
  struct eh_expression *node = read_any(r);
  if (!node) return NULL;
  if (r->token.kind == EH_TOKEN_OPERATOR)
    return expected(r, "and, or, or the end (for a range, write x between 16 and 20)");
  if (r->token.kind == EH_TOKEN_COMMA)
    return expected(r, "and, or, or the end (numbers are written without commas)");
  if (r->token.kind == EH_TOKEN_CLOSE) return expected(r, "and, or, or the end: no ( is open");
  if (r->token.kind != EH_TOKEN_END) return expected(r, "and, or, or the end");
  return node;
}

struct eh_expression *eh_expression_parse(struct eh_parse *parse, const char *text, size_t length,
                                          struct eh_place place) {
  struct reader r = {.parse = parse,
                     .lexer = {.parse = parse, .next = text, .end = text + length, .place = place}};
  advance(&r);
  struct eh_expression *condition = read_condition(&r);
  if (!condition || r.failed) return NULL;
  eh_expression_number_tests(parse, condition);
  return condition;
}
