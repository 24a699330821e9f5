/* What the rules say of columns beyond their headers: how many digits ids have, and what is known
 * only after the decision. */
#include <stdlib.h>
#include <string.h>

#include "engine/base/number.h"
#include "rules/read/internal.h"

enum { MOST_DIGITS = 30 };

/* "digits 5"; 0: it is not that. */
static unsigned digits_of(const struct eh_node *node) {
  static const char word[] = "digits ";
  double number;
  size_t length = sizeof word - 1;
  if (node->kind != EH_NODE_TEXT || strncmp(node->text, word, length) != 0) return 0;
  if (!eh_number_parse(node->text + length, strlen(node->text + length), &number)) return 0;
  bool is_whole = number >= 1 && number <= MOST_DIGITS && number == (unsigned)number;
  return is_whole ? (unsigned)number : 0;
}

static void read_id(struct eh_reader *reader, const struct eh_node *item) {
  unsigned digits = digits_of(item);
  const char *what = eh_arena_printf(reader->arena, "`%s`", eh_read_shown(reader, item->key));
  if (!digits)
    eh_read_expected(reader, item, what,
                     "how many digits the ids have, as in `digits 5` (1 to 30)");
  int index = eh_read_column(reader, item->key, item->key_place);
  if (index < 0) return;
  struct eh_column *column = &reader->columns[index].column;
  column->id_digits = digits;
  if (column->kind != EH_GIVEN)
    eh_read_problem(
        reader, item->key_place,
        "`ids` takes columns of the records, and %s is derived; name the column that it "
        "comes from",
        what);
}

void eh_read_ids(struct eh_reader *reader, const struct eh_node *node) {
  if (!node) return;
  if (node->kind != EH_NODE_MAP)
    eh_read_expected(reader, node, "`ids`", "columns and their digits, as in {officer: digits 5}");
  for (size_t i = 0; node->kind == EH_NODE_MAP && i < node->item_count; i++)
    read_id(reader, &node->items[i]);
}

/* --- split --- */

static void read_split_of(struct eh_reader *reader, const struct eh_node *item) {
  static const char *const keys[] = {"by", "take", "of"};
  static const char *const takes[] = {"first", "last", "any", "all", "count"};
  const char *what = eh_arena_printf(reader->arena, "`%s`", eh_read_shown(reader, item->key));
  if (item->kind != EH_NODE_MAP) {
    eh_read_expected(reader, item, what,
                     "what stands between the values and which of them counts, as in {by: \"|\", "
                     "take: first}, or {by: \"|\", take: any, of: \"Yes\"}");
    return;
  }
  if (!eh_read_map(reader, item, what, keys, 3)) return;
  const struct eh_node *by = eh_read_get(item, "by"), *take = eh_read_get(item, "take"),
                       *of = eh_read_get(item, "of");
  int index = eh_read_column(reader, item->key, item->key_place);
  struct eh_split *split = eh_arena_alloc(reader->arena, 1, sizeof *split);
  if (!by || !take) {
    eh_read_problem(reader, item->place,
                    "%s needs `by: ` (what stands between the values) and `take: ` "
                    "(first, last, any, all or count)",
                    what);
    return;
  }
  split->by = eh_read_text(reader, by, "`by`");
  int chosen = eh_read_word(reader, take, "`take`", takes, 5);
  if (index < 0 || !split->by || chosen < 0) return;
  split->take = (enum eh_split_take)chosen;
  bool needs_of = split->take == EH_TAKE_ANY || split->take == EH_TAKE_ALL;
  if (needs_of != (of != NULL))
    eh_read_problem(reader, of ? of->key_place : take->place,
                    needs_of ? "`take: %s` needs `of: ` and the value that is looked for"
                             : "`take: %s` looks for no value; leave out `of`",
                    takes[chosen]);
  else if (of)
    split->of = eh_read_tidy(reader, of->text);
  struct eh_column *column = &reader->columns[index].column;
  const struct eh_rules *rules = reader->rules;
  if (column->kind != EH_GIVEN)
    eh_read_problem(
        reader, item->key_place,
        "`split` takes columns of the records, and %s is derived; name the column that it "
        "comes from",
        what);
  if (index == rules->case_column || index == rules->person_column)
    eh_read_problem(
        reader, item->key_place,
        "%s tells records apart; a record that is of several must be parted before it is "
        "audited",
        what);
  column->split = split;
  column->split_place = item->key_place;
}

void eh_read_split(struct eh_reader *reader, const struct eh_node *node) {
  if (!node) return;
  if (node->kind != EH_NODE_MAP)
    eh_read_expected(reader, node, "`split`",
                     "columns and how their cells are parted, as in {arrested: {by: \"|\", take: "
                     "any, of: \"Yes\"}}");
  for (size_t i = 0; node->kind == EH_NODE_MAP && i < node->item_count; i++)
    read_split_of(reader, &node->items[i]);
}

void eh_read_check_ids(struct eh_reader *reader) {
  const struct eh_rules *rules = reader->rules;
  for (size_t c = 0; c < rules->column_count; c++) {
    const struct eh_column *column = &rules->columns[c];
    if (column->id_digits && (column->read_as_number || column->read_as_date))
      eh_read_problem(
          reader, column->place, "`%s` is read as a %s, and `ids` are texts; take it out of `ids`",
          eh_read_shown(reader, column->name), column->read_as_date ? "date" : "number");
  }
}

/* --- after_decision --- */

void eh_read_after_decision(struct eh_reader *reader, const struct eh_node *node) {
  if (!node) return;
  size_t count;
  const int *columns = eh_read_columns_of(reader, node, "`after_decision`", &count);
  const char **names = eh_arena_alloc(reader->arena, count, sizeof *names);
  for (size_t i = 0; i < count; i++) {
    struct eh_column *column = &reader->columns[columns[i]].column;
    column->is_after_decision = true;
    column->after_place = node->place;
    names[i] = column->name;
  }
  reader->rules->after_decision = names;
  reader->rules->after_decision_count = count;
}

/* The column itself, or one that it comes from. */
static const struct eh_column *after_decision_in(const struct eh_rules *rules, int column) {
  bool *marked = eh_alloc_zeroed(rules->column_count, sizeof *marked);
  const struct eh_column *found = NULL;
  eh_rules_mark_column(rules, column, marked);
  for (size_t c = 0; c < rules->column_count && !found; c++)
    if (marked[c] && rules->columns[c].is_after_decision) found = &rules->columns[c];
  free(marked);
  return found;
}

void eh_read_check_after_decision(struct eh_reader *reader) {
  const struct eh_rules *rules = reader->rules;
  for (size_t m = 0; m < rules->measure_count; m++) {
    const struct eh_measure *measure = &rules->measures[m];
    for (size_t f = 0; f < measure->factor_count + measure->adjust_count; f++) {
      int factor = f < measure->factor_count ? measure->factors[f]
                                             : measure->adjust[f - measure->factor_count];
      const struct eh_column *late = after_decision_in(rules, factor);
      if (!late) continue;
      eh_read_problem(
          reader, late->after_place,
          "`%s` is known only after the decision, and `%s` compares people who are alike "
          "in `%s`: leave it out here, or there",
          eh_read_shown(reader, late->name), eh_read_shown(reader, measure->name),
          eh_read_shown(reader, rules->columns[factor].name));
      return;
    }
  }
}
