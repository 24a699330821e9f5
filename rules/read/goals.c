/* `goals`: what is to be reached, and by when. Each asks for a table by month of its measure. */
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/number.h"
#include "rules/language/question.h"
#include "rules/read/internal.h"

enum { MOST_GOALS = 200 };
static const int32_t UNSAID = INT32_MIN;

/* --- what it is about --- */

static const struct {
  const char *key, *quoted;
} subjects[] = {{"measure", "`measure`"},
                {"spread_of", "`spread_of`"},
                {"difference_of", "`difference_of`"},
                {"recorded", "`recorded`"}};
enum { MEASURE, SPREAD_OF, DIFFERENCE_OF, RECORDED, SUBJECTS };

/* Which of several keys stands there; -1 after adding a problem where none or several do. */
static int only_one(struct eh_reader *reader, const struct eh_node *item, const char *const *keys,
                    int count, const char *wanted) {
  int found = -1;
  bool several = false;
  for (int i = 0; i < count; i++) {
    if (!eh_read_get(item, keys[i])) continue;
    several |= found >= 0;
    found = i;
  }
  if (found < 0 || several)
    eh_read_problem(reader, item->place, "a goal needs %s %s", several ? "only one of" : "one of",
                    wanted);
  return several ? -1 : found;
}

static const struct eh_comparison *comparison_across(const struct eh_reader *reader, int column,
                                                     size_t measure) {
  const struct eh_rules *rules = reader->rules;
  for (size_t i = 0; i < rules->comparison_count; i++)
    for (size_t k = 0; k < rules->comparisons[i].measure_count; k++)
      if (rules->comparisons[i].measures[k] == measure && rules->comparisons[i].each < 0 &&
          (column < 0 || rules->comparisons[i].across == column))
        return &rules->comparisons[i];
  return NULL;
}

/* The units that a goal is about: of `across` or `each`, or those of the first comparison. */
static void read_units(struct eh_reader *reader, const struct eh_node *item, struct eh_goal *goal) {
  bool of_units = goal->kind == EH_GOAL_SPREAD || goal->kind == EH_GOAL_DIFFERENCE;
  const struct eh_node *across = eh_read_get(item, "across"), *each = eh_read_get(item, "each");
  if (across && !of_units)
    eh_read_problem(reader, across->key_place,
                    "`across` belongs to `spread_of` and `difference_of`; for a verdict on each "
                    "unit write `each`");
  if (each && of_units)
    eh_read_problem(reader, each->key_place, "`spread_of` and `difference_of` take `across` here");
  const struct eh_node *named = of_units ? across : each;
  goal->each = !of_units && each;
  if (named) goal->across = eh_read_column_of(reader, named, of_units ? "`across`" : "`each`");
  if (named || goal->kind == EH_GOAL_RECORDED) return;
  const struct eh_comparison *first = comparison_across(reader, -1, goal->measure);
  if (first)
    goal->across = first->across;
  else
    eh_read_problem(reader, item->place, "no comparison has this measure; say %s",
                    of_units ? "`across: ` and the units" : "`each: ` and the units");
}

static size_t first_event(const struct eh_rules *rules) {
  size_t m = 0;
  while (m < rules->measure_count && rules->measures[m].kind != EH_MEASURE_EVENT) m++;
  return m;
}

static void check_kind(struct eh_reader *reader, const struct eh_node *node, struct eh_goal *goal) {
  enum eh_measure_kind kind = reader->rules->measures[goal->measure].kind;
  if (kind == EH_MEASURE_CATEGORY)
    eh_read_problem(reader, node->place,
                    "a goal is for a yes/no measure or for the mean of a value; make the outcome "
                    "that counts an `event`");
  else if (kind == EH_MEASURE_VALUE && goal->kind != EH_GOAL_SHARE)
    eh_read_problem(reader, node->place, "`%s` takes a yes/no measure", node->key);
  else if (kind == EH_MEASURE_VALUE)
    goal->kind = EH_GOAL_MEAN;
}

static bool read_subject(struct eh_reader *reader, const struct eh_node *item,
                         struct eh_goal *goal) {
  static const enum eh_goal_kind kinds[] = {EH_GOAL_SHARE, EH_GOAL_SPREAD, EH_GOAL_DIFFERENCE,
                                            EH_GOAL_RECORDED};
  const char *keys[SUBJECTS];
  for (int i = 0; i < SUBJECTS; i++) keys[i] = subjects[i].key;
  int found = only_one(reader, item, keys, SUBJECTS,
                       "`measure`, `spread_of`, `difference_of` and `recorded`");
  if (found < 0) return false;
  const struct eh_node *node = eh_read_get(item, keys[found]);
  goal->kind = kinds[found];
  if (found == RECORDED) {
    goal->measure = first_event(reader->rules);
    goal->across = eh_read_column_of(reader, node, "`recorded`");
    if (goal->measure == reader->rules->measure_count) goal->measure = 0;
    return goal->across >= 0 && reader->rules->measure_count > 0;
  }
  int measure = eh_read_measure_name(reader, node, subjects[found].quoted);
  if (measure < 0) return false;
  goal->measure = (size_t)measure;
  check_kind(reader, node, goal);
  return true;
}

/* --- how much --- */

/* "30 days" of a measure in days, or 30. */
static bool read_amount(const struct eh_reader *reader, const struct eh_node *node,
                        const struct eh_goal *goal, double *number) {
  const char *unit = reader->rules->measures[goal->measure].unit;
  if (node->kind != EH_NODE_TEXT) return false;
  size_t digits = strcspn(node->text, " ");
  const char *rest = node->text + digits + strspn(node->text + digits, " ");
  return eh_number_parse(node->text, digits, number) &&
         (!*rest || strcmp(rest, unit) == 0 || !*unit);
}

static bool read_size(struct eh_reader *reader, const struct eh_node *node, const char *what,
                      const struct eh_goal *goal, double *size) {
  switch (goal->kind) {
    case EH_GOAL_MEAN:
      if (read_amount(reader, node, goal, size)) return true;
      eh_read_expected(reader, node, what, "a number in the measure's units, such as 30 days");
      return false;
    case EH_GOAL_SPREAD:
      if (node->kind == EH_NODE_TEXT && eh_number_parse(node->text, node->length, size) &&
          *size > 0 && *size <= 5)
        return true;
      eh_read_expected(reader, node, what, "a spread in log odds above 0 and up to 5, such as 0.3");
      return false;
    case EH_GOAL_DIFFERENCE:
      if (eh_read_share(node, true, size) && *size > 0 && *size < 1) return true;
      eh_read_expected(reader, node, what, "percentage points, such as 10 points");
      return false;
    default:
      if (eh_read_share(node, false, size) && *size >= 0 && *size <= 1) return true;
      eh_read_expected(reader, node, what, "a share from 0% to 100%, such as 95%");
      return false;
  }
}

static void read_target(struct eh_reader *reader, const struct eh_node *item,
                        struct eh_goal *goal) {
  static const char *const keys[] = {"at_least", "at_most"};
  int found = only_one(reader, item, keys, 2, "`at_least` and `at_most`");
  if (found < 0) return;
  const struct eh_node *node = eh_read_get(item, keys[found]),
                       *baseline = eh_read_get(item, "baseline");
  goal->at_least = found == 0;
  if (goal->at_least && (goal->kind == EH_GOAL_SPREAD || goal->kind == EH_GOAL_DIFFERENCE))
    eh_read_problem(reader, node->key_place,
                    "that units differ is no goal; a spread and a difference take `at_most`");
  bool has_target =
      read_size(reader, node, found == 0 ? "`at_least`" : "`at_most`", goal, &goal->target);
  if (!baseline || !read_size(reader, baseline, "`baseline`", goal, &goal->baseline)) return;
  goal->has_baseline = true;
  if (has_target && (goal->at_least ? goal->baseline >= goal->target
                                    : goal->baseline <= goal->target))
    eh_read_problem(reader, baseline->place,
                    "the baseline already meets it; set a goal that is further off, or leave the "
                    "baseline out");
}

/* --- when --- */

static void read_day(struct eh_reader *reader, const struct eh_node *node, const char *what,
                     bool ends_month, int32_t *day) {
  if (!node) return;
  if (!eh_read_is_day(node, day)) {
    eh_read_expected(reader, node, what, "a day of the calendar, such as 2016-09-30");
    *day = UNSAID;
    return;
  }
  struct eh_civil first = eh_date_to_civil(ends_month ? *day + 1 : *day);
  if (first.day != 1)
    eh_read_problem(reader, node->place,
                    "goals are judged by whole months; %s takes the %s day of one", what,
                    ends_month ? "last" : "first");
}

/* The four quarters that end with a day. */
static int32_t year_before(int32_t by) {
  struct eh_civil end = eh_date_to_civil(by + 1);
  return eh_date_from_civil(end.year - 1, end.month, 1);
}

static void read_when(struct eh_reader *reader, const struct eh_node *item, struct eh_goal *goal) {
  static const char *const keys[] = {"by", "every"};
  int found = only_one(reader, item, keys, 2, "`by` and `every`");
  const struct eh_node *from = eh_read_get(item, "from"), *baseline = eh_read_get(item, "baseline");
  read_day(reader, from, "`from`", false, &goal->from);
  if (found == 1) {
    eh_read_every(reader, eh_read_get(item, "every"), "`every`", &goal->every);
    if (baseline)
      eh_read_problem(reader, baseline->key_place,
                      "`baseline` begins a course to a day; it goes with `by`");
    return;
  }
  if (found < 0) return;
  const struct eh_node *by = eh_read_get(item, "by");
  read_day(reader, by, "`by`", true, &goal->by);
  if (goal->by == UNSAID) return;
  if (goal->from == UNSAID)
    goal->from = year_before(goal->by);
  else if (goal->from > goal->by)
    eh_read_problem(reader, by->place, "`by` comes before `from`");
}

/* --- a goal --- */

static void ask_table(struct eh_reader *reader, const struct eh_goal *goal) {
  bool of_units = goal->kind == EH_GOAL_SPREAD || goal->kind == EH_GOAL_DIFFERENCE;
  const struct eh_comparison *like =
      of_units ? comparison_across(reader, goal->across, goal->measure) : NULL;
  struct eh_table_asked asked = {.every = EH_EVERY_MONTH,
                                 .across = goal->across,
                                 .within = like ? like->within : NULL,
                                 .within_count = like ? like->within_count : 0,
                                 .measure = goal->measure,
                                 .place = goal->place};
  eh_read_ask_table(reader, &asked);
}

static void read_goal(struct eh_reader *reader, const struct eh_node *item) {
  static const char *const keys[] = {"name",     "measure",  "spread_of", "difference_of",
                                     "recorded", "across",   "each",      "at_least",
                                     "at_most",  "by",       "every",     "baseline",
                                     "from",     "owner"};
  struct eh_rules *rules = reader->rules;
  struct eh_goal goal = {
      .owner = "", .across = -1, .from = UNSAID, .by = UNSAID, .place = item->place};
  if (!eh_read_map(reader, item, "a goal", keys, sizeof keys / sizeof *keys)) return;
  const struct eh_node *name = eh_read_get(item, "name"), *owner = eh_read_get(item, "owner");
  if (!name)
    eh_read_problem(reader, item->place, "a goal needs `name: ` and what it is called");
  else
    goal.name = eh_read_text(reader, name, "`name`");
  if (owner) goal.owner = eh_read_text(reader, owner, "`owner`");
  if (!read_subject(reader, item, &goal)) return;
  read_units(reader, item, &goal);
  read_target(reader, item, &goal);
  read_when(reader, item, &goal);
  if (!goal.name || !goal.owner || goal.across < 0) return;
  ask_table(reader, &goal);
  rules->goals[rules->goal_count++] = goal;
}

void eh_read_goals(struct eh_reader *reader, const struct eh_node *node) {
  if (!node) return;
  if (node->kind != EH_NODE_LIST || node->item_count == 0 || node->item_count > MOST_GOALS) {
    eh_read_expected(reader, node, "`goals`",
                     "a list of 1 to 200 goals, such as `- {name: ..., measure: ..., at_least: 95%, "
                     "by: 2016-09-30}`");
    return;
  }
  reader->rules->goals =
      eh_arena_alloc(reader->arena, node->item_count, sizeof *reader->rules->goals);
  for (size_t i = 0; i < node->item_count; i++) read_goal(reader, &node->items[i]);
}

void eh_read_renumber_goals(struct eh_reader *reader) {
  for (size_t i = 0; i < reader->rules->goal_count; i++)
    eh_read_renumber(reader, &reader->rules->goals[i].across);
}
