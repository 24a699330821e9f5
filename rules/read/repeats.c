/* `repeated`, `order_by` and `worst` of `records`: which of the records with one case number stays.
 */
#include "rules/language/question.h"
#include "rules/read/internal.h"

/* A column of the records, for texts are compared as they stand there; -1 after a problem. */
static int given_column(struct eh_reader *reader, const char *name, const struct eh_node *node,
                        const char *what) {
  int column = eh_read_column(reader, name, node->place);
  if (column < 0 || reader->columns[column].column.kind == EH_GIVEN) return column;
  eh_read_problem(reader, node->place,
                  "%s takes a column of the records, and `%s` is derived; name another", what,
                  eh_read_shown(reader, name));
  return -1;
}

static void read_order(struct eh_reader *reader, const struct eh_node *node) {
  const char *name = eh_read_text(reader, node, "`order_by`");
  if (!name) return;
  int column = given_column(reader, name, node, "`order_by`");
  if (column >= 0 && column == reader->rules->case_column)
    eh_read_problem(reader, node->place,
                    "records of one case have the same case number, so it orders nothing; name "
                    "the column that tells which came first");
  else
    reader->rules->repeats.order_by = column;
}

/* {COLUMN: [value, ...]} */
static void read_worst(struct eh_reader *reader, const struct eh_node *node) {
  struct eh_case_repeats *repeats = &reader->rules->repeats;
  if (node->kind != EH_NODE_MAP || node->item_count != 1) {
    eh_read_expected(reader, node, "`worst`",
                     "a column and its values, the worst first, such as {outcome: [removed, "
                     "detained, released]}");
    return;
  }
  const struct eh_node *values = &node->items[0];
  size_t count;
  const struct eh_node *items =
      eh_read_items(reader, values, "`worst`", "a list of values, the worst first", &count);
  const char **texts = eh_arena_alloc(reader->arena, count, sizeof *texts);
  repeats->worst = given_column(reader, values->key, values, "`worst`");
  for (size_t i = 0; i < count; i++) {
    const char *text = eh_read_text(reader, &items[i], "`worst`");
    if (text) texts[repeats->value_count++] = eh_read_tidy(reader, text);
  }
  repeats->values = texts;
}

/* A category or a value of several records is not one of any of them. */
static void check_any(struct eh_reader *reader, const struct eh_node *node) {
  const struct eh_node *measures = eh_read_get(reader->root, "measures");
  for (size_t i = 0; measures && measures->kind == EH_NODE_MAP && i < measures->item_count; i++) {
    const struct eh_node *measure = &measures->items[i];
    if (measure->kind != EH_NODE_MAP ||
        (!eh_read_get(measure, "category") && !eh_read_get(measure, "value")))
      continue;
    eh_read_problem(reader, node->place,
                    "`any` joins the events of a case, and `%s` asks for no event; take `first`, "
                    "`last` or `worst`",
                    eh_read_shown(reader, measure->key));
    return;
  }
}

void eh_read_repeats(struct eh_reader *reader, const struct eh_node *records) {
  static const char *const words[] = {"first", "last", "any", "worst", "refuse", "trust"};
  struct eh_case_repeats *repeats = &reader->rules->repeats;
  const struct eh_node *repeated = eh_read_get(records, "repeated");
  const struct eh_node *order = eh_read_get(records, "order_by");
  const struct eh_node *worst = eh_read_get(records, "worst");
  int word = repeated ? eh_read_word(reader, repeated, "`repeated`", words, 6) : 0;
  if (word > 0) repeats->choice = (enum eh_repeats_choice)word;
  if (order) read_order(reader, order);
  if (worst) read_worst(reader, worst);
  if (repeats->choice == EH_REPEATS_ANY) check_any(reader, repeated);
  if (repeats->choice == EH_REPEATS_WORST && !worst)
    eh_read_problem(reader, repeated->place,
                    "`worst` needs to know what is worse; add `worst: ` with a column and its "
                    "values, the worst first, such as {outcome: [removed, detained, released]}");
  if (worst && word >= 0 && repeats->choice != EH_REPEATS_WORST)
    eh_read_problem(reader, worst->key_place,
                    "nothing asks which is the worst; write `repeated: worst`, or remove `worst`");
}
