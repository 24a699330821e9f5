/* `workload`: what deciding as others do would come to, in decisions and in what they cost. */
#include <string.h>

#include "engine/base/number.h"
#include "rules/language/question.h"
#include "rules/read/internal.h"

enum { MOST_WORKLOADS = 50 };
static const char UNFLAGGED[] = "unflagged";

/* "4500 dollars", "3.5 hours". */
static bool read_cost(const struct eh_node *node, struct eh_reader *reader,
                      struct eh_workload *workload) {
  size_t digits = node->kind == EH_NODE_TEXT ? strcspn(node->text, " ") : 0;
  const char *unit = digits ? node->text + digits + strspn(node->text + digits, " ") : "";
  if (!digits || !*unit || !eh_number_parse(node->text, digits, &workload->unit_cost) ||
      workload->unit_cost <= 0.0 || workload->unit_cost > 1e12)
    return false;
  workload->cost_unit = eh_arena_string(reader->arena, unit);
  return true;
}

static const struct eh_comparison *comparison_of(const struct eh_rules *rules, size_t measure,
                                                 int across) {
  for (size_t i = 0; i < rules->comparison_count; i++) {
    const struct eh_comparison *c = &rules->comparisons[i];
    bool fits =
        c->each < 0 && (across < 0 || c->across == across) && c->across != rules->policy_column;
    for (size_t k = 0; fits && k < c->measure_count; k++)
      if (c->measures[k] == measure) return c;
  }
  return NULL;
}

/* Of which units: those of a comparison that the rules make. */
static bool read_units(struct eh_reader *reader, const struct eh_node *item,
                       struct eh_workload *workload) {
  const struct eh_rules *rules = reader->rules;
  const struct eh_node *across = eh_read_get(item, "across");
  int column = across ? eh_read_column_of(reader, across, "`across`") : -1;
  if (across && column < 0) return false;
  const struct eh_comparison *c = comparison_of(rules, workload->measure, column);
  if (c) {
    workload->comparison = (size_t)(c - rules->comparisons);
    return true;
  }
  eh_read_problem(reader, across ? across->place : item->place,
                  "no comparison has this measure%s; add one under `comparisons`, since what is "
                  "found there is what this is about",
                  across ? " across these units, all together" : ", all together");
  return false;
}

/* Present practice by quarter, where the records have dates. */
static void ask_table(struct eh_reader *reader, const struct eh_workload *workload) {
  const struct eh_comparison *c = &reader->rules->comparisons[workload->comparison];
  struct eh_table_asked asked = {.every = EH_EVERY_QUARTER,
                                 .across = c->across,
                                 .within = c->within,
                                 .within_count = c->within_count,
                                 .measure = workload->measure,
                                 .place = workload->place};
  if (reader->rules->date_column >= 0) eh_read_ask_table(reader, &asked);
}

static void read_workload(struct eh_reader *reader, const struct eh_node *item) {
  static const char *const keys[] = {"name", "measure", "across", "unit_cost", "as"};
  struct eh_rules *rules = reader->rules;
  struct eh_workload workload = {.place = item->place};
  if (!eh_read_map(reader, item, "a workload", keys, sizeof keys / sizeof *keys)) return;
  const struct eh_node *name = eh_read_get(item, "name"), *measure = eh_read_get(item, "measure"),
                       *cost = eh_read_get(item, "unit_cost"), *as = eh_read_get(item, "as");
  if (!name || !measure || !cost) {
    eh_read_problem(
        reader, item->place,
        "a workload needs `name: `, `measure: ` and `unit_cost: ` such as 4500 dollars");
    return;
  }
  workload.name = eh_read_text(reader, name, "`name`");
  int index = eh_read_measure_name(reader, measure, "`measure`");
  if (index < 0 || !workload.name) return;
  workload.measure = (size_t)index;
  if (rules->measures[index].kind == EH_MEASURE_CATEGORY)
    eh_read_problem(reader, measure->place,
                    "a workload is of a yes/no measure or of a value; make the outcome that costs "
                    "an `event`");
  if (rules->measures[index].adjust_count)
    eh_read_problem(reader, measure->place,
                    "a workload is reckoned among people who agree in every factor, and `%s` has an "
                    "`adjust_for`: name a measure without one",
                    eh_read_shown(reader, rules->measures[index].name));
  if (!read_cost(cost, reader, &workload))
    eh_read_expected(
        reader, cost, "`unit_cost`",
        "a number above 0 and what it is counted in, such as 4500 dollars or 3.5 hours");
  const char *standard = as ? eh_read_text(reader, as, "`as`") : NULL;
  if (standard && strcmp(standard, UNFLAGGED) != 0) {
    workload.as = eh_read_tidy(reader, standard);
    workload.as_place = as->place;
  }
  if (!read_units(reader, item, &workload)) return;
  ask_table(reader, &workload);
  rules->workloads[rules->workload_count++] = workload;
}

void eh_read_workloads(struct eh_reader *reader, const struct eh_node *node) {
  if (!node) return;
  if (node->kind != EH_NODE_LIST || node->item_count == 0 || node->item_count > MOST_WORKLOADS) {
    eh_read_expected(reader, node, "`workload`",
                     "a list of 1 to 50, such as `- {name: detention stays, measure: detained, "
                     "unit_cost: 4500 dollars}`");
    return;
  }
  reader->rules->workloads =
      eh_arena_alloc(reader->arena, node->item_count, sizeof *reader->rules->workloads);
  for (size_t i = 0; i < node->item_count; i++) read_workload(reader, &node->items[i]);
}
