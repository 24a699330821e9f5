/* `dependent_within`: which decisions depend on each other. */
#include <string.h>

#include "rules/read/internal.h"

static const char wanted[] =
    "`auto`, `none`, a list of columns such as [officer_id, date] whose records with the same "
    "values depend on each other, or a list of such lists";

static void check_clusters(struct eh_reader *reader, const struct eh_node *node,
                           const struct eh_cluster_columns *set) {
  for (size_t i = 0; i < set->count; i++)
    if (set->columns[i] == reader->rules->case_column && set->columns[i] >= 0)
      eh_read_problem(reader, node->place,
                      "every record is a case of its own, so `dependent_within` cannot name it; "
                      "name what several decisions share, such as officer_id and date");
}

static struct eh_cluster_columns read_set(struct eh_reader *reader, const struct eh_node *node) {
  struct eh_cluster_columns set = {0};
  set.columns = eh_read_columns_of(reader, node, "`dependent_within`", &set.count);
  if (node->kind == EH_NODE_LIST && node->item_count == 0)
    eh_read_expected(reader, node, "`dependent_within`", wanted);
  check_clusters(reader, node, &set);
  return set;
}

static bool holds_lists(const struct eh_node *node) {
  return node->kind == EH_NODE_LIST && node->item_count > 0 && node->items[0].kind == EH_NODE_LIST;
}

static void read_sets(struct eh_reader *reader, const struct eh_node *node,
                      struct eh_dependent *dependent) {
  enum { MOST_SETS = 8 };
  size_t count = holds_lists(node) ? node->item_count : 1;
  if (count > MOST_SETS) {
    eh_read_problem(reader, node->place, "`dependent_within` names more than %d clusterings",
                    MOST_SETS);
    return;
  }
  struct eh_cluster_columns *sets = eh_arena_alloc(reader->arena, count, sizeof *sets);
  dependent->sets = sets;
  for (size_t i = 0; i < count; i++) {
    const struct eh_node *item = holds_lists(node) ? &node->items[i] : node;
    if (item->kind == EH_NODE_MAP || (holds_lists(node) && item->kind != EH_NODE_LIST))
      eh_read_expected(reader, item, "`dependent_within`", wanted);
    else
      sets[dependent->count++] = read_set(reader, item);
  }
}

void eh_read_dependent(struct eh_reader *reader, const struct eh_node *node,
                       struct eh_dependent *dependent) {
  *dependent = (struct eh_dependent){.choice = EH_DEPENDENT_AUTO, .place = node->place};
  if (node->kind == EH_NODE_TEXT && strcmp(node->text, "auto") == 0) return;
  if (node->kind == EH_NODE_TEXT && strcmp(node->text, "none") == 0) {
    dependent->choice = EH_DEPENDENT_NONE;
    return;
  }
  dependent->choice = EH_DEPENDENT_NAMED;
  if (node->kind == EH_NODE_MAP || (node->kind == EH_NODE_TEXT && !*node->text))
    eh_read_expected(reader, node, "`dependent_within`", wanted);
  else
    read_sets(reader, node, dependent);
}

void eh_read_dependent_of_file(struct eh_reader *reader, const struct eh_node *node) {
  if (node) eh_read_dependent(reader, node, &reader->rules->dependent);
}

/* The role date and persons are kept anyway, by day and by fingerprint. */
void eh_read_mark_dependent(struct eh_reader *reader, const struct eh_dependent *dependent) {
  const struct eh_rules *rules = reader->rules;
  for (size_t i = 0; i < dependent->count; i++)
    for (size_t k = 0; k < dependent->sets[i].count; k++) {
      int column = dependent->sets[i].columns[k];
      if (column == rules->date_column || eh_rules_is_person(rules, column)) continue;
      eh_read_mark_column(reader, column);
      rules->columns[column].is_cluster = true;
    }
}

/* Comparisons without their own share the file's, so each gets a copy. */
void eh_read_renumber_dependent(struct eh_reader *reader, struct eh_dependent *dependent) {
  struct eh_cluster_columns *sets = eh_arena_alloc(reader->arena, dependent->count, sizeof *sets);
  for (size_t i = 0; i < dependent->count; i++)
    sets[i] = (struct eh_cluster_columns){
        eh_read_renumbered(reader, dependent->sets[i].columns, dependent->sets[i].count),
        dependent->sets[i].count};
  dependent->sets = sets;
}
