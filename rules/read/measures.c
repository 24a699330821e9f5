/* `similarly_situated` and `measures`: who is compared with whom, and what is asked. */
#include <string.h>

#include "rules/language/question.h"
#include "rules/read/internal.h"

/* A factor that tells every record from every other leaves nobody to compare with. */
void eh_read_check_factors(struct eh_reader *reader, const struct eh_node *node, const int *factors,
                           size_t count) {
  const struct eh_rules *rules = reader->rules;
  for (size_t i = 0; i < count; i++) {
    bool is_alone = factors[i] == rules->case_column;
    if (!is_alone && (rules->one_per < 0 || factors[i] != rules->one_per)) continue;
    eh_read_problem(
        reader, node->place,
        "`%s` differs in every %s, so nobody would be similarly situated; remove it from this list",
        eh_read_shown(reader, reader->columns[factors[i]].column.name),
        is_alone ? "record" : "audited record");
  }
}

static const int *read_factors(struct eh_reader *reader, const struct eh_node *node,
                               size_t *count) {
  const int *factors = eh_read_columns_of(reader, node, "`similarly_situated`", count);
  eh_read_check_factors(reader, node, factors, *count);
  return factors;
}

static bool read_on_missing(struct eh_reader *reader, const struct eh_node *node) {
  static const char *const words[] = {"compare", "exclude"};
  return eh_read_word(reader, node, "`on_missing`", words, 2) == 1;
}

void eh_read_situated(struct eh_reader *reader, const struct eh_node *node) {
  if (node) reader->file_factors = read_factors(reader, node, &reader->file_factor_count);
}

void eh_read_on_missing(struct eh_reader *reader, const struct eh_node *node) {
  if (node) reader->file_excludes_missing = read_on_missing(reader, node);
}

static const char *const other_keys[] = {"among",      "similarly_situated", "adjust_for",
                                         "on_missing", "flag",               "main"};
enum { OTHER_KEYS = sizeof other_keys / sizeof other_keys[0] };

/* What it can ask, and what else it can say; returns how many. */
static size_t list_keys(const char **keys) {
  size_t count = 0;
  while (count < EH_MEASURE_KINDS) {
    keys[count] = eh_question_of((enum eh_measure_kind)count)->key;
    count++;
  }
  for (size_t i = 0; i < OTHER_KEYS; i++) keys[count++] = other_keys[i];
  return count;
}

static void read_measure(struct eh_reader *reader, const struct eh_node *item,
                         struct eh_measure *measure) {
  const char *keys[EH_MEASURE_KINDS + OTHER_KEYS];
  size_t key_count = list_keys(keys);
  const char *what =
      eh_arena_printf(reader->arena, "the measure `%s`", eh_read_shown(reader, item->key));
  *measure = (struct eh_measure){.name = item->key,
                                 .outcome = -1,
                                 .unit = "",
                                 .factors = reader->file_factors,
                                 .factor_count = reader->file_factor_count,
                                 .exclude_missing = reader->file_excludes_missing,
                                 .flag = reader->rules->flag,
                                 .place = item->key_place};
  if (*item->key == '\0')
    eh_read_problem(reader, item->key_place,
                    "the measure has no name; write what it asks about, such as `released:`");
  if (!eh_read_map(reader, item, what, keys, key_count)) return;
  const struct eh_node *among = eh_read_get(item, "among");
  const struct eh_node *factors = eh_read_get(item, "similarly_situated");
  const struct eh_node *on_missing = eh_read_get(item, "on_missing");
  if (among) measure->among = eh_read_condition(reader, among, "`among`");
  eh_read_question(reader, item, what, measure);
  if (factors) measure->factors = read_factors(reader, factors, &measure->factor_count);
  eh_read_adjust_of(reader, eh_read_get(item, "adjust_for"), measure);
  if (on_missing) measure->exclude_missing = read_on_missing(reader, on_missing);
  const struct eh_node *flag = eh_read_get(item, "flag"), *is_main = eh_read_get(item, "main");
  if (is_main) measure->is_main = eh_read_main(reader, is_main);
  eh_read_own_flag(reader, flag, measure);
  if (eh_is_amount(measure) && !(flag && eh_read_get(flag, "smallest_difference")))
    eh_read_problem(reader, item->key_place,
                    "%s compares a value but does not say how large a difference matters; add "
                    "`flag: {smallest_difference: ...}` to it, in the value's units, such as 5 "
                    "days or 500 dollars",
                    what);
}

void eh_read_measures(struct eh_reader *reader, const struct eh_node *node) {
  struct eh_rules *rules = reader->rules;
  if (!node) {
    eh_read_problem(reader, reader->root->place,
                    "there are no `measures`; say what is to be compared, such as `released: "
                    "{event: outcome = 'released'}`");
    return;
  }
  if (node->kind != EH_NODE_MAP || node->item_count == 0 || node->item_count > EH_MAX_MEASURES) {
    eh_read_expected(reader, node, "`measures`",
                     "names of 1 to 200 measures, each with an `event`, a `category` or a `value`");
    return;
  }
  rules->measures = eh_arena_alloc(reader->arena, node->item_count, sizeof *rules->measures);
  rules->measure_count = node->item_count;
  for (size_t i = 0; i < node->item_count; i++)
    read_measure(reader, &node->items[i], &rules->measures[i]);
}

void eh_read_mark_measures(struct eh_reader *reader) {
  for (size_t i = 0; i < reader->rules->measure_count; i++) {
    const struct eh_measure *measure = &reader->rules->measures[i];
    eh_read_mark_condition(reader, measure->among);
    eh_read_mark_condition(reader, measure->event);
    eh_read_mark_dimension(reader, measure->outcome);
    for (size_t k = 0; k < measure->factor_count; k++)
      eh_read_mark_column(reader, measure->factors[k]);
    for (size_t k = 0; k < measure->adjust_count; k++)
      eh_read_mark_column(reader, measure->adjust[k]);
  }
}

void eh_read_renumber_measures(struct eh_reader *reader) {
  for (size_t i = 0; i < reader->rules->measure_count; i++) {
    struct eh_measure *measure = &reader->rules->measures[i];
    measure->factors = eh_read_renumbered(reader, measure->factors, measure->factor_count);
    measure->adjust = eh_read_renumbered(reader, measure->adjust, measure->adjust_count);
    eh_read_renumber(reader, &measure->outcome);
  }
}
