/* `robustness`: under which other definitions of "similarly situated" findings are tried. */
#include <string.h>

#include "rules/read/internal.h"

static const char wanted[] =
    "`none`, or `definitions:` and a list such as [{name: as the union defines it, "
    "similarly_situated: [priority]}]";

/* Factors that some measure has: to take one in that none has is another measure. */
static void check_factors(struct eh_reader *reader, const struct eh_node *node,
                          const struct eh_other_definition *definition) {
  const struct eh_rules *rules = reader->rules;
  for (size_t i = 0; i < definition->factor_count; i++) {
    bool found = false;
    for (size_t m = 0; m < rules->measure_count && !found; m++)
      found = eh_measure_has_factor(&rules->measures[m], definition->factors[i]);
    if (found || definition->factors[i] < 0) continue;
    eh_read_problem(reader, node->place,
                    "`%s` is among no measure's similarly_situated: a definition leaves factors "
                    "out; columns that nobody names are tried by themselves",
                    eh_read_shown(reader, reader->columns[definition->factors[i]].column.name));
  }
}

static void read_definition(struct eh_reader *reader, const struct eh_node *item,
                            struct eh_other_definition *definition) {
  static const char *const keys[] = {"name", "similarly_situated", "within"};
  if (!eh_read_map(reader, item, "a definition", keys, 3)) return;
  const struct eh_node *name = eh_read_get(item, "name");
  const struct eh_node *factors = eh_read_get(item, "similarly_situated");
  const struct eh_node *within = eh_read_get(item, "within");
  definition->name = name ? eh_read_text(reader, name, "`name`") : NULL;
  if (!name) eh_read_problem(reader, item->place, "a definition needs a `name` for the reports");
  definition->has_factors = factors != NULL;
  definition->factors =
      eh_read_columns_of(reader, factors, "`similarly_situated`", &definition->factor_count);
  if (factors) check_factors(reader, factors, definition);
  definition->any_within = within && within->kind == EH_NODE_LIST && within->item_count == 0;
  if (within && !definition->any_within)
    eh_read_expected(reader, within, "`within` of a definition",
                     "`[]`: across all places; without it, within as in the comparison");
  if (!factors && !within)
    eh_read_problem(reader, item->place,
                    "this definition says nothing else than the rules: give it a "
                    "`similarly_situated` of fewer factors, or `within: []`");
}

static void check_names(struct eh_reader *reader, const struct eh_node *list,
                        const struct eh_robustness *robustness) {
  for (size_t i = 0; i < robustness->definition_count; i++)
    for (size_t k = 0; k < i; k++) {
      const char *a = robustness->definitions[i].name, *b = robustness->definitions[k].name;
      if (a && b && strcmp(a, b) == 0)
        eh_read_problem(reader, list->items[i].place, "there is a definition `%s` already",
                        eh_read_shown(reader, a));
    }
}

static void read_definitions(struct eh_reader *reader, const struct eh_node *list,
                             struct eh_robustness *robustness) {
  enum { MOST = 200 };
  if (list->kind != EH_NODE_LIST || list->item_count == 0 || list->item_count > MOST) {
    eh_read_expected(reader, list, "`definitions`",
                     "a list of 1 to 200 definitions, each with a `name`");
    return;
  }
  struct eh_other_definition *items =
      eh_arena_alloc(reader->arena, list->item_count, sizeof *items);
  for (size_t i = 0; i < list->item_count; i++) read_definition(reader, &list->items[i], &items[i]);
  robustness->definitions = items;
  robustness->definition_count = list->item_count;
  check_names(reader, list, robustness);
}

void eh_read_robustness(struct eh_reader *reader, const struct eh_node *node) {
  static const char *const keys[] = {"definitions"};
  struct eh_robustness *robustness = &reader->rules->robustness;
  if (!node) return;
  if (node->kind == EH_NODE_TEXT && strcmp(node->text, "none") == 0) {
    robustness->is_off = true;
    return;
  }
  if (node->kind != EH_NODE_MAP) {
    eh_read_expected(reader, node, "`robustness`", wanted);
    return;
  }
  if (!eh_read_map(reader, node, "`robustness`", keys, 1)) return;
  const struct eh_node *definitions = eh_read_get(node, "definitions");
  if (definitions)
    read_definitions(reader, definitions, robustness);
  else
    eh_read_expected(reader, node, "`robustness`", wanted);
}

void eh_read_renumber_robustness(struct eh_reader *reader) {
  struct eh_robustness *robustness = &reader->rules->robustness;
  for (size_t i = 0; i < robustness->definition_count; i++) {
    struct eh_other_definition *definition = &robustness->definitions[i];
    definition->factors = eh_read_renumbered(reader, definition->factors, definition->factor_count);
  }
}
