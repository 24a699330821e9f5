/* `comparisons`: which units are compared, in which measures. */
#include <string.h>

#include "rules/read/internal.h"

int eh_read_measure_name(struct eh_reader *reader, const struct eh_node *node, const char *what) {
  const struct eh_rules *rules = reader->rules;
  const char *name = eh_read_text(reader, node, what);
  if (!name) return -1;
  const char **known = eh_arena_alloc(reader->arena, rules->measure_count, sizeof *known);
  for (size_t i = 0; i < rules->measure_count; i++) {
    if (strcmp(rules->measures[i].name, name) == 0) return (int)i;
    known[i] = rules->measures[i].name;
  }
  const char *hint = eh_read_suggestion(reader, name, known, rules->measure_count);
  eh_read_problem(reader, node->place, "there is no measure `%s`%s", eh_read_shown(reader, name),
                  *hint ? hint : "; name one that stands under `measures`");
  return -1;
}

/* The measures a comparison names; all of them when it names none. */
static void read_measure_names(struct eh_reader *reader, const struct eh_node *node,
                               struct eh_comparison *comparison) {
  size_t count = reader->rules->measure_count;
  const struct eh_node *items = NULL;
  if (node)
    items = eh_read_items(reader, node, "`measure`", "the name of a measure, or a list of names",
                          &count);
  if (node && node->kind == EH_NODE_LIST && count == 0)
    eh_read_expected(reader, node, "`measure`",
                     "at least one measure; leave it out to compare all");
  size_t *measures = eh_arena_alloc(reader->arena, count, sizeof *measures);
  comparison->measures = measures;
  for (size_t i = 0; i < count; i++) {
    int measure = items ? eh_read_measure_name(reader, &items[i], "`measure`") : (int)i;
    bool is_new = measure >= 0;
    for (size_t k = 0; k < comparison->measure_count && items && is_new; k++)
      is_new = measures[k] != (size_t)measure;
    if (is_new)
      measures[comparison->measure_count++] = (size_t)measure;
    else if (measure >= 0)
      eh_read_problem(reader, items[i].place, "`%s` is named twice; once is enough",
                      eh_read_shown(reader, items[i].text));
  }
}

/* A unit column by which nothing can be compared. */
static void check_case(struct eh_reader *reader, const struct eh_node *node, const char *what,
                       int column) {
  if (column < 0 || column != reader->rules->case_column) return;
  eh_read_problem(reader, node->place,
                  "every record is a case of its own, so %s cannot name it; name a column that "
                  "many records share, such as the office",
                  what);
}

static void check_comparison(struct eh_reader *reader, const struct eh_node *item,
                             const struct eh_comparison *comparison) {
  const struct eh_node *across = eh_read_get(item, "across"), *each = eh_read_get(item, "each");
  const struct eh_node *within = eh_read_get(item, "within");
  if (across) check_case(reader, across, "`across`", comparison->across);
  if (each) check_case(reader, each, "`each`", comparison->each);
  for (size_t i = 0; i < comparison->within_count; i++) {
    check_case(reader, within, "`within`", comparison->within[i]);
    if (comparison->within[i] == comparison->across)
      eh_read_problem(reader, within->place,
                      "`within` names the column of `across`, so each unit would be compared with "
                      "itself; remove it here");
  }
  if (each && comparison->each >= 0 && comparison->each == comparison->across)
    eh_read_problem(reader, each->place,
                    "`each` names the column of `across`, so each unit would be compared with "
                    "itself; name another column");
}

static void read_comparison(struct eh_reader *reader, const struct eh_node *item,
                            struct eh_comparison *comparison) {
  static const char *const keys[] = {"across", "within", "each", "measure", "dependent_within"};
  *comparison = (struct eh_comparison){
      .across = -1, .each = -1, .dependent = reader->rules->dependent, .place = item->place};
  if (!eh_read_map(reader, item, "a comparison", keys, sizeof keys / sizeof keys[0])) return;
  const struct eh_node *across = eh_read_get(item, "across"), *each = eh_read_get(item, "each");
  if (across)
    comparison->across = eh_read_column_of(reader, across, "`across`");
  else
    eh_read_problem(reader, item->place,
                    "a comparison needs `across: ` and the column whose units are compared, such "
                    "as officer_id");
  comparison->within = eh_read_columns_of(reader, eh_read_get(item, "within"), "`within`",
                                          &comparison->within_count);
  if (each) comparison->each = eh_read_column_of(reader, each, "`each`");
  const struct eh_node *dependent = eh_read_get(item, "dependent_within");
  if (dependent) eh_read_dependent(reader, dependent, &comparison->dependent);
  read_measure_names(reader, eh_read_get(item, "measure"), comparison);
  check_comparison(reader, item, comparison);
}

/* Are the same units compared in the same groups? The order of within does not matter. */
static bool is_same(const struct eh_comparison *a, const struct eh_comparison *b) {
  if (a->across < 0 || a->across != b->across || a->each != b->each ||
      a->within_count != b->within_count)
    return false;
  for (size_t i = 0; i < a->within_count; i++) {
    bool is_found = false;
    for (size_t k = 0; k < b->within_count && !is_found; k++)
      is_found = a->within[i] == b->within[k];
    if (!is_found) return false;
  }
  return true;
}

/* A comparison made twice would be tested twice, and reported twice. */
static void check_repeated(struct eh_reader *reader, size_t last) {
  const struct eh_rules *rules = reader->rules;
  const struct eh_comparison *comparison = &rules->comparisons[last];
  for (size_t i = 0; i < last; i++) {
    const struct eh_comparison *other = &rules->comparisons[i];
    if (!is_same(comparison, other)) continue;
    for (size_t k = 0; k < comparison->measure_count * other->measure_count; k++) {
      size_t measure = comparison->measures[k / other->measure_count];
      if (measure != other->measures[k % other->measure_count]) continue;
      eh_read_problem(reader, comparison->place,
                      "this comparison of `%s` stands on line %llu already; keep one",
                      eh_read_shown(reader, rules->measures[measure].name),
                      (unsigned long long)other->place.line);
      return;
    }
  }
}

void eh_read_comparisons(struct eh_reader *reader, const struct eh_node *node) {
  struct eh_rules *rules = reader->rules;
  if (!node) {
    eh_read_problem(reader, reader->root->place,
                    "there are no `comparisons`; say which units are compared, such as `- {across: "
                    "field_office}`");
    return;
  }
  if (node->kind != EH_NODE_LIST || node->item_count == 0 ||
      node->item_count > EH_MAX_COMPARISONS) {
    eh_read_expected(reader, node, "`comparisons`",
                     "a list of 1 to 200 comparisons, such as `- {across: field_office}`");
    return;
  }
  rules->comparisons = eh_arena_alloc(reader->arena, node->item_count, sizeof *rules->comparisons);
  for (size_t i = 0; i < node->item_count; i++) {
    read_comparison(reader, &node->items[i], &rules->comparisons[i]);
    rules->comparison_count++;
    check_repeated(reader, i);
    eh_read_check_adjusted(reader, &rules->comparisons[i]);
  }
}

static void mark_comparison(struct eh_reader *reader, const struct eh_comparison *comparison) {
  const struct eh_rules *rules = reader->rules;
  eh_read_mark_dimension(reader, comparison->across);
  eh_read_mark_dimension(reader, comparison->each);
  eh_read_mark_dependent(reader, &comparison->dependent);
  for (size_t i = 0; i < comparison->measure_count; i++) {
    const struct eh_measure *measure = &rules->measures[comparison->measures[i]];
    size_t most = eh_rules_most_strata(comparison, measure);
    struct eh_arena_mark mark = eh_arena_mark(reader->arena);
    int *strata = eh_arena_alloc(reader->arena, most, sizeof *strata);
    size_t count = eh_rules_strata(rules, comparison, measure, strata);
    for (size_t k = 0; k < count; k++) eh_read_mark_dimension(reader, strata[k]);
    eh_arena_reset(reader->arena, mark);
  }
}

void eh_read_mark_comparisons(struct eh_reader *reader) {
  eh_read_place_tables(reader);
  for (size_t i = 0; i < reader->rules->comparison_count + reader->rules->table_count; i++)
    mark_comparison(reader, &reader->rules->comparisons[i]);
}

void eh_read_renumber_comparisons(struct eh_reader *reader) {
  for (size_t i = 0; i < EH_EVERIES; i++)
    eh_read_renumber(reader, &reader->rules->period_columns[i]);
  for (size_t i = 0; i < reader->rules->comparison_count + reader->rules->table_count; i++) {
    struct eh_comparison *comparison = &reader->rules->comparisons[i];
    eh_read_renumber(reader, &comparison->across);
    eh_read_renumber(reader, &comparison->each);
    comparison->within = eh_read_renumbered(reader, comparison->within, comparison->within_count);
    eh_read_renumber_dependent(reader, &comparison->dependent);
  }
}
