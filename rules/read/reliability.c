/* `totals` and `expect`: what the records are held against when their reliability is assessed. */
#include "engine/base/number.h"
#include "rules/read/internal.h"

static void read_total(struct eh_reader *reader, const struct eh_node *item,
                       struct eh_total *total) {
  static const char *const keys[] = {"name", "where", "expected"};
  static const char *const needed[] = {"`name: ` and where the figure comes from",
                                       "`where: ` and the condition of the records it counts",
                                       "`expected: ` and the figure"};
  total->place = item->place;
  if (!eh_read_map(reader, item, "a control total", keys, 3)) return;
  for (int i = 0; i < 3; i++) {
    if (!eh_read_get(item, keys[i]))
      eh_read_problem(reader, item->place, "a control total needs %s", needed[i]);
  }
  const struct eh_node *name = eh_read_get(item, "name"), *where = eh_read_get(item, "where");
  const struct eh_node *expected = eh_read_get(item, "expected");
  uint64_t count = 0;
  if (name) total->name = eh_read_text(reader, name, "`name`");
  if (where) total->where = eh_read_condition(reader, where, "`where`");
  if (expected && eh_read_count(reader, expected, "`expected`", 0, 1000000000000000, &count))
    total->expected = (double)count;
}

void eh_read_totals(struct eh_reader *reader, const struct eh_node *node) {
  struct eh_rules *rules = reader->rules;
  if (!node) return;
  if (node->kind != EH_NODE_LIST) {
    eh_read_expected(reader, node, "`totals`",
                     "a list of control totals, each with `name`, `where` and `expected`");
    return;
  }
  rules->totals = eh_arena_alloc(reader->arena, node->item_count, sizeof *rules->totals);
  rules->total_count = node->item_count;
  for (size_t i = 0; i < node->item_count; i++)
    read_total(reader, &node->items[i], &rules->totals[i]);
}

static struct eh_expression *new_test(struct eh_reader *reader, enum eh_expression_kind kind,
                                      int column, struct eh_place place) {
  struct eh_expression *test = eh_arena_alloc(reader->arena, 1, sizeof *test);
  *test = (struct eh_expression){.kind = kind,
                                 .column = column,
                                 .other = -1,
                                 .line = place.line,
                                 .position = place.column,
                                 .test = -1};
  return test;
}

/* never: missing */
static struct eh_expression *read_never(struct eh_reader *reader, const struct eh_node *node,
                                        int column) {
  static const char *const words[] = {"missing"};
  if (eh_read_word(reader, node, "`never`", words, 1) < 0 || column < 0) return NULL;
  struct eh_expression *recorded = new_test(reader, EH_NOT, -1, node->place);
  recorded->children = eh_arena_alloc(reader->arena, 1, sizeof(struct eh_expression *));
  recorded->children[0] = new_test(reader, EH_IS_MISSING, column, node->place);
  recorded->child_count = 1;
  return recorded;
}

/* A number or a date of between; false when it is neither. */
static bool read_limit(const struct eh_node *node, struct eh_literal *limit) {
  *limit = (struct eh_literal){.text = node->text, .length = node->length};
  if (eh_read_is_day(node, &limit->day))
    limit->reading = EH_AS_DATE;
  else if (node->kind == EH_NODE_TEXT && eh_number_parse(node->text, node->length, &limit->number))
    limit->reading = EH_AS_NUMBER;
  return limit->reading != EH_AS_TEXT;
}

/* between: [low, high] */
static struct eh_expression *read_between(struct eh_reader *reader, const struct eh_node *node,
                                          int column) {
  struct eh_literal *limits = eh_arena_alloc(reader->arena, 2, sizeof *limits);
  bool is_pair = node->kind == EH_NODE_LIST && node->item_count == 2 &&
                 read_limit(&node->items[0], &limits[0]) &&
                 read_limit(&node->items[1], &limits[1]) && limits[0].reading == limits[1].reading;
  if (!is_pair) {
    eh_read_expected(reader, node, "`between`", "two numbers or two dates, such as [0, 110]");
    return NULL;
  }
  bool is_reversed = limits[0].reading == EH_AS_DATE ? limits[0].day > limits[1].day
                                                     : limits[0].number > limits[1].number;
  if (is_reversed) {
    eh_read_problem(reader, node->place, "nothing lies between %s and %s; write the smaller first",
                    limits[0].text, limits[1].text);
  }
  if (is_reversed || column < 0) return NULL;
  struct eh_expression *between = new_test(reader, EH_BETWEEN, column, node->place);
  between->reading = limits[0].reading;
  between->literals = limits;
  between->literal_count = 2;
  return between;
}

/* one_of: [texts] */
static struct eh_expression *read_one_of(struct eh_reader *reader, const struct eh_node *node,
                                         int column) {
  static const char wanted[] = "a list of texts, such as [released, detained]";
  size_t count;
  const struct eh_node *items = eh_read_items(reader, node, "`one_of`", wanted, &count);
  if (node->kind == EH_NODE_LIST && count == 0) eh_read_expected(reader, node, "`one_of`", wanted);
  struct eh_literal *texts = eh_arena_alloc(reader->arena, count, sizeof *texts);
  for (size_t i = 0; i < count; i++) {
    if (!eh_read_text(reader, &items[i], "`one_of`")) return NULL;
    texts[i] = (struct eh_literal){
        .reading = EH_AS_TEXT, .text = items[i].text, .length = items[i].length};
  }
  if (count == 0 || column < 0) return NULL;
  struct eh_expression *in = new_test(reader, EH_IN, column, node->place);
  in->literals = texts;
  in->literal_count = count;
  return in;
}

static const struct expectation {
  const char *key;
  enum eh_expect_kind kind;
  struct eh_expression *(*read)(struct eh_reader *reader, const struct eh_node *node, int column);
} expectations[] = {{"never", EH_EXPECT_NEVER_MISSING, read_never},
                    {"between", EH_EXPECT_BETWEEN, read_between},
                    {"one_of", EH_EXPECT_ONE_OF, read_one_of}};
enum { EXPECTATION_COUNT = 3 };

/* {column: ..., never or between or one_of: ...} */
static void read_column_expect(struct eh_reader *reader, const struct eh_node *item,
                               struct eh_expect *expect) {
  const struct eh_node *column = eh_read_get(item, "column");
  if (column)
    expect->column = eh_read_column_of(reader, column, "`column`");
  else
    eh_read_problem(
        reader, item->place,
        "an expectation needs `column: ` and what is expected of it, or `rule: ` and a condition");
  const struct expectation *first = NULL;
  for (int i = 0; i < EXPECTATION_COUNT; i++) {
    const struct expectation *expectation = &expectations[i];
    const struct eh_node *node = eh_read_get(item, expectation->key);
    if (!node) continue;
    struct eh_expression *condition = expectation->read(reader, node, expect->column);
    if (first)
      eh_read_problem(reader, node->key_place,
                      "`%s` stands beside `%s`; give each an item of its own", expectation->key,
                      first->key);
    first = expectation;
    expect->kind = expectation->kind;
    expect->condition = condition;
    if (condition) eh_read_keep_condition(reader, condition);
  }
  if (column && !first)
    eh_read_problem(
        reader, item->place,
        "say what is expected of `%s`: `never: missing`, `between: [0, 110]` or `one_of: [a, b]`",
        eh_read_shown(reader, column->text ? column->text : ""));
}

static void read_expect(struct eh_reader *reader, const struct eh_node *item,
                        struct eh_expect *expect) {
  static const char *const keys[] = {"column", "never", "between", "one_of", "rule", "name"};
  *expect = (struct eh_expect){.column = -1, .place = item->place};
  if (!eh_read_map(reader, item, "an expectation", keys, 6)) return;
  const struct eh_node *rule = eh_read_get(item, "rule"), *name = eh_read_get(item, "name");
  if (name) expect->name = eh_read_text(reader, name, "`name`");
  if (!rule) {
    read_column_expect(reader, item, expect);
    return;
  }
  expect->kind = EH_EXPECT_RULE;
  expect->condition = eh_read_condition(reader, rule, "`rule`");
  for (int i = 0; i < 4; i++) {
    const struct eh_node *other = eh_read_get(item, keys[i]);
    if (other)
      eh_read_problem(reader, other->key_place,
                      "`%s` stands beside `rule`; give each an item of its own", keys[i]);
  }
}

void eh_read_expects(struct eh_reader *reader, const struct eh_node *node) {
  struct eh_rules *rules = reader->rules;
  if (!node) return;
  if (node->kind != EH_NODE_LIST) {
    eh_read_expected(reader, node, "`expect`",
                     "a list, such as `- {column: age, between: [0, 110]}`");
    return;
  }
  rules->expects = eh_arena_alloc(reader->arena, node->item_count, sizeof *rules->expects);
  rules->expect_count = node->item_count;
  for (size_t i = 0; i < node->item_count; i++)
    read_expect(reader, &node->items[i], &rules->expects[i]);
}

void eh_read_mark_totals(struct eh_reader *reader) {
  for (size_t i = 0; i < reader->rules->total_count; i++)
    eh_read_mark_condition(reader, reader->rules->totals[i].where);
}

void eh_read_mark_expects(struct eh_reader *reader) {
  for (size_t i = 0; i < reader->rules->expect_count; i++)
    eh_read_mark_condition(reader, reader->rules->expects[i].condition);
}

void eh_read_renumber_expects(struct eh_reader *reader) {
  for (size_t i = 0; i < reader->rules->expect_count; i++)
    eh_read_renumber(reader, &reader->rules->expects[i].column);
}

void eh_read_name_expects(struct eh_reader *reader) {
  struct eh_rules *rules = reader->rules;
  for (size_t i = 0; i < rules->expect_count; i++) {
    struct eh_expect *expect = &rules->expects[i];
    if (!expect->name) expect->name = eh_rules_say(reader->arena, rules, expect->condition);
  }
}
