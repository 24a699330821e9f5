/* Which records may depend on each other: the ways that the rules name, and those that are looked
   at where they name none. */
#include "engine/load/cells/clusters_internal.h"
#include "rules/language/question.h"

static const char *name_of(const struct eh_records *r, int column) {
  return r->rules->columns[column].name;
}

/* "officer_id, panel and date" */
static const char *names_of(struct eh_arena *arena, const struct eh_records *r, const int *columns,
                            size_t count) {
  const char *text = name_of(r, columns[0]);
  for (size_t k = 1; k < count; k++)
    text = eh_arena_printf(arena, "%s%s%s", text, k + 1 < count ? ", " : " and ",
                           name_of(r, columns[k]));
  return text;
}

static bool holds(const struct eh_cluster_columns *set, int column) {
  for (size_t k = 0; k < set->count; k++)
    if (set->columns[k] == column) return true;
  return false;
}

static enum eh_cluster_kind kind_of(const struct eh_rules *rules,
                                    const struct eh_cluster_columns *set) {
  for (size_t k = 0; k < set->count; k++)
    if (eh_rules_is_of_date(rules, set->columns[k])) return EH_CLUSTERS_OF_DATE;
  return rules->person_column >= 0 && holds(set, rules->person_column) ? EH_CLUSTERS_OF_PERSON
                                                                       : EH_CLUSTERS_OF_OTHER;
}

static bool is_unit_and_date(const struct eh_rules *rules, const struct eh_comparison *comparison,
                             const struct eh_cluster_columns *set) {
  return set->count == 2 && rules->date_column >= 0 && holds(set, comparison->across) &&
         holds(set, rules->date_column) && comparison->across != rules->date_column;
}

/* A named set of columns, also cut at the units: what two offices share on a day may be what each
   of their officers does. */
static struct eh_cluster_way way_of_columns(struct eh_arena *arena, const struct eh_records *r,
                                            const struct eh_comparison *comparison,
                                            const struct eh_cluster_columns *set, size_t number,
                                            bool named) {
  struct eh_cluster_way way = {.columns = set->columns, .column_count = set->count};
  struct eh_clustered said = {.within = names_of(arena, r, set->columns, set->count),
                              .kind = kind_of(r->rules, set),
                              .set = number,
                              .named = named};
  way.said[way.levels++] = said;
  if (!named || holds(set, comparison->across)) return way;
  said.within = eh_arena_printf(arena, "%s of one %s", said.within, name_of(r, comparison->across));
  way.said[way.levels++] = said;
  return way;
}

static struct eh_cluster_way way_of_days(struct eh_arena *arena, const struct eh_records *r,
                                         const struct eh_comparison *comparison, bool named,
                                         size_t set) {
  static const char *const periods[] = {"", "month of ", "quarter of "};
  struct eh_cluster_way way = {.of_days = true, .levels = EH_MOST_LEVELS};
  for (size_t k = 0; k < way.levels; k++)
    way.said[k] = (struct eh_clustered){
        .within = eh_arena_printf(arena, "%s and %s%s", name_of(r, comparison->across), periods[k],
                                  name_of(r, r->rules->date_column)),
        .kind = EH_CLUSTERS_OF_DATE,
        .set = set,
        .named = named && k == 0};
  return way;
}

struct eh_cluster_ways eh_cluster_ways(struct eh_arena *arena, const struct eh_records *r,
                                       const struct eh_comparison *comparison) {
  const struct eh_rules *rules = r->rules;
  const struct eh_dependent *dependent = &comparison->dependent;
  struct eh_cluster_ways ways = {.count = 0};
  bool days_named = false, person_named = false;
  size_t set_of_days = 0;
  if (dependent->choice == EH_DEPENDENT_NONE) return ways;
  for (size_t i = 0; i < dependent->count; i++) {
    const struct eh_cluster_columns *set = &dependent->sets[i];
    if (is_unit_and_date(rules, comparison, set)) {
      days_named = true;
      set_of_days = i;
      continue;
    }
    person_named = person_named || (set->count == 1 && set->columns[0] == rules->person_column);
    ways.items[ways.count++] = way_of_columns(arena, r, comparison, set, i, true);
  }
  if (eh_cluster_days(r) && comparison->across != rules->date_column)
    ways.items[ways.count++] = way_of_days(arena, r, comparison, days_named, set_of_days);
  if (!person_named && eh_rules_is_person(rules, rules->person_column)) {
    int *column = eh_arena_alloc(arena, 1, sizeof *column);
    *column = rules->person_column;
    struct eh_cluster_columns set = {column, 1};
    ways.items[ways.count++] = way_of_columns(arena, r, comparison, &set, 0, false);
  }
  return ways;
}
