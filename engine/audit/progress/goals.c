#include "engine/audit/progress/goals.h"

#include <math.h>
#include <string.h>

#include "engine/audit/progress/internal.h"
#include "engine/audit/reliability/reliability.h"
#include "engine/base/date.h"
#include "engine/base/words.h"
#include "engine/stats/rounding.h"

enum { MONTHS_IN_QUARTER = 3 };

const char *eh_goal_verdict_name(enum eh_goal_verdict verdict) {
  static const char *const names[] = {"not due", "met", "missed", "not decided"};
  return names[verdict];
}

const char *eh_goal_course_name(enum eh_goal_course course) {
  static const char *const names[] = {"", "on course", "near its course", "behind"};
  return names[course];
}

struct judging {
  struct eh_arena *arena;
  const struct eh_rules *rules;
  const struct eh_by_period *table; /* of the goal at hand; NULL: none */
  const char *insufficient;         /* why its records decide nothing; NULL: they may */
  struct eh_goal_outcome *outcome;
  size_t room;
  int32_t as_of;
  bool has_days;
  int32_t last_day; /* of the records */
};

static int32_t month_of(int32_t day) { return eh_period_of(EH_PERIOD_MONTH, day); }

/* --- one figure against the target --- */

/* Is a limit on the good side? A difference and its target are compared without sign. */
static void weigh(const struct eh_goal *goal, double target, const struct eh_interval *figure,
                  bool *good, bool *bad) {
  double low = figure->low.value, high = figure->high.value;
  if (goal->kind == EH_GOAL_DIFFERENCE) {
    *good = low >= -target - 1e-12 && high <= target + 1e-12;
    *bad = low > target || high < -target;
  } else if (goal->at_least) {
    *good = low >= eh_with_rounding(target);
    *bad = high < eh_with_rounding(target);
  } else {
    *good = high <= target + 1e-12 * fmax(1.0, fabs(target));
    *bad = low > target;
  }
}

static bool reaches(const struct eh_goal *goal, double target, double figure) {
  if (goal->kind == EH_GOAL_DIFFERENCE) figure = fabs(figure);
  return goal->at_least ? figure >= eh_with_rounding(target) : figure <= target + 1e-12;
}

static const char *why_undecided(const struct judging *j, const struct eh_goal *goal,
                                 const struct eh_goal_result *r) {
  uint64_t least = j->rules->measures[goal->measure].flag.smallest_caseload;
  if (j->insufficient) return j->insufficient;
  if (r->unit && r->records < least) return "too few records";
  if (r->figure.estimate.why_not) return r->figure.estimate.why_not;
  if (r->figure.low.why_not) return r->figure.low.why_not;
  return NULL;
}

static void decide(const struct judging *j, const struct eh_goal *goal, struct eh_goal_result *r) {
  bool good = false, bad = false;
  r->because = why_undecided(j, goal, r);
  r->reaches = !r->figure.estimate.why_not && reaches(goal, goal->target, r->figure.estimate.value);
  if (!r->because) weigh(goal, goal->target, &r->figure, &good, &bad);
  r->verdict = good ? EH_GOAL_MET : bad ? EH_GOAL_MISSED : EH_GOAL_UNDECIDED;
  if (r->verdict == EH_GOAL_UNDECIDED && !r->because)
    r->because = r->reaches ? "the figure reaches it, its interval does not wholly"
                            : "the figure falls short, its interval does not wholly";
}

/* How far it should be, on the straight way from the baseline. */
static void tell_course(const struct judging *j, const struct eh_goal *goal, int32_t day,
                        struct eh_goal_result *r) {
  bool good = false, bad = false;
  r->verdict = EH_GOAL_NOT_DUE;
  r->reaches = !r->figure.estimate.why_not && reaches(goal, goal->target, r->figure.estimate.value);
  r->wanted_now = eh_no_figure("the goal has no baseline");
  if (!goal->has_baseline) return;
  double gone = (double)(day - goal->from) / (double)(goal->by - goal->from);
  double wanted =
      goal->baseline + (goal->target - goal->baseline) * fmin(1.0, fmax(0.0, gone));
  r->wanted_now = eh_figure(wanted);
  if (why_undecided(j, goal, r)) return;
  weigh(goal, wanted, &r->figure, &good, &bad);
  r->course = good ? EH_ON_COURSE : bad ? EH_BEHIND : EH_NEAR_COURSE;
}

/* --- all subjects over some months --- */

static struct eh_goal_result *new_result(struct judging *j) {
  struct eh_goal_outcome *o = j->outcome;
  if (o->count == j->room) {
    struct eh_goal_result *old = o->results;
    j->room = 2 * j->room + 16;
    o->results = eh_arena_alloc(j->arena, j->room, sizeof *old);
    if (o->count) memcpy(o->results, old, o->count * sizeof *old);
  }
  o->results[o->count] = (struct eh_goal_result){.wanted_now = eh_no_figure("it is judged")};
  return &o->results[o->count++];
}

static void count_verdict(struct eh_goal_outcome *o, enum eh_goal_verdict verdict) {
  o->met += verdict == EH_GOAL_MET;
  o->missed += verdict == EH_GOAL_MISSED;
  o->undecided += verdict == EH_GOAL_UNDECIDED;
  o->not_due += verdict == EH_GOAL_NOT_DUE;
}

/* course_day: INT32_MIN: it is judged; else the day on which its course is told. */
static void take_months(struct judging *j, struct eh_months months, const char *period,
                        int32_t course_day) {
  const struct eh_goal *goal = j->outcome->goal;
  struct eh_goal_figure *figures =
      eh_goal_measure(j->arena, j->rules, goal, j->table, months);
  size_t subjects = eh_goal_subjects(goal, j->table);
  bool of_units = goal->each || goal->kind == EH_GOAL_DIFFERENCE;
  for (size_t s = 0; s < subjects; s++) {
    if (of_units && (!j->table->cells->units[s].recorded || figures[s].records == 0)) continue;
    struct eh_goal_result *r = new_result(j);
    r->unit = of_units ? j->table->cells->units[s].label : NULL;
    r->period = period;
    r->records = figures[s].records;
    r->events = figures[s].events;
    r->figure = figures[s].figure;
    if (course_day == INT32_MIN)
      decide(j, goal, r);
    else
      tell_course(j, goal, course_day, r);
    count_verdict(j->outcome, r->verdict);
  }
}

/* "2015-10 to 2016-09" */
static const char *months_label(struct eh_arena *arena, struct eh_months months) {
  return eh_arena_printf(arena, "%s to %s", eh_period_label(arena, EH_EVERY_MONTH, months.first),
                         eh_period_label(arena, EH_EVERY_MONTH, months.last));
}

/* The records, and the calendar, have passed this day. */
static bool is_over(const struct judging *j, int32_t last_day_of_it) {
  return j->has_days && month_of(j->last_day) >= month_of(last_day_of_it) &&
         j->as_of > last_day_of_it;
}

/* The latest quarter that the records cover to its end. */
static void take_course(struct judging *j) {
  int32_t quarter = eh_period_of(EH_PERIOD_QUARTER, j->last_day);
  int32_t end = eh_period_first_day(EH_PERIOD_QUARTER, quarter + 1) - 1;
  if (!is_over(j, end) || j->last_day < end - 7) quarter--; /* it may end on a day off */
  int32_t first = eh_period_first_day(EH_PERIOD_QUARTER, quarter);
  end = eh_period_first_day(EH_PERIOD_QUARTER, quarter + 1) - 1;
  take_months(j, (struct eh_months){month_of(first), month_of(end)},
              eh_period_label(j->arena, EH_EVERY_QUARTER, quarter), end);
}

static void judge_once(struct judging *j) {
  const struct eh_goal *goal = j->outcome->goal;
  struct eh_months months = {month_of(goal->from), month_of(goal->by)};
  if (is_over(j, goal->by))
    take_months(j, months, months_label(j->arena, months), INT32_MIN);
  else if (j->has_days)
    take_course(j);
}

static void judge_each_period(struct judging *j) {
  const struct eh_goal *goal = j->outcome->goal;
  enum eh_period kind = eh_period_of_every(goal->every);
  int32_t first_day = eh_period_first_day(EH_PERIOD_MONTH, j->table->first);
  if (goal->from > first_day) first_day = goal->from;
  int32_t number = eh_period_of(kind, first_day);
  if (eh_period_first_day(kind, number) < first_day) number++; /* it is not whole */
  for (;; number++) {
    int32_t end = eh_period_first_day(kind, number + 1) - 1;
    if (!is_over(j, end)) break;
    take_months(j,
                (struct eh_months){month_of(eh_period_first_day(kind, number)), month_of(end)},
                eh_period_label(j->arena, goal->every, number), INT32_MIN);
  }
}

/* --- words --- */

const char *eh_goal_size(struct eh_arena *arena, const struct eh_rules *rules,
                         const struct eh_goal *goal, double size) {
  const char *unit = rules->measures[goal->measure].unit;
  if (goal->kind == EH_GOAL_MEAN)
    return eh_arena_printf(arena, "%.4g%s%s", size, *unit ? " " : "", unit);
  if (goal->kind == EH_GOAL_SPREAD) return eh_arena_printf(arena, "%.2f", size);
  if (goal->kind == EH_GOAL_DIFFERENCE) return eh_arena_printf(arena, "%.1f points", 100.0 * size);
  return eh_arena_printf(arena, "%.6g%%", round(1000.0 * size) / 10.0);
}

static const char *figure_words(const struct judging *j, const struct eh_goal_result *r) {
  const struct eh_goal *goal = j->outcome->goal;
  if (r->figure.estimate.why_not) return r->figure.estimate.why_not;
  const char *text = eh_goal_size(j->arena, j->rules, goal, r->figure.estimate.value);
  if (r->figure.low.why_not || r->figure.high.why_not) return text;
  return eh_arena_printf(j->arena, "%s (%s to %s)", text,
                         eh_goal_size(j->arena, j->rules, goal, r->figure.low.value),
                         eh_goal_size(j->arena, j->rules, goal, r->figure.high.value));
}

static const char *one_words(const struct judging *j, const struct eh_goal_result *r) {
  const char *text = eh_arena_printf(j->arena, "%s: %s", r->period, figure_words(j, r));
  text = eh_arena_printf(j->arena, "%s: %s", text, eh_goal_verdict_name(r->verdict));
  if (r->because) return eh_arena_printf(j->arena, "%s (%s)", text, r->because);
  if (r->course == EH_COURSE_NONE) return text;
  return eh_arena_printf(
      j->arena, "%s; %s (by then %s is wanted)", text, eh_goal_course_name(r->course),
      eh_goal_size(j->arena, j->rules, j->outcome->goal, r->wanted_now.value));
}

static const char *count_words(const struct judging *j) {
  const struct eh_goal_outcome *o = j->outcome;
  const char *parts[4];
  size_t count = 0;
  const struct {
    size_t how_many;
    const char *what;
  } counts[] = {{o->met, "met"},
                {o->missed, "missed"},
                {o->undecided, "not decided"},
                {o->not_due, "not due"}};
  for (size_t i = 0; i < 4; i++)
    if (counts[i].how_many)
      parts[count++] = eh_arena_printf(j->arena, "%s in %s", counts[i].what,
                                       eh_words_count(j->arena, counts[i].how_many));
  const char *of = o->goal->each || o->goal->kind == EH_GOAL_DIFFERENCE
                       ? o->goal->every ? "results, of units and periods" : "units"
                       : "periods";
  return eh_arena_printf(j->arena, "%s, of %s %s", eh_words_list(j->arena, parts, count, "and"),
                         eh_words_count(j->arena, o->count), of);
}

static void say(struct judging *j) {
  struct eh_goal_outcome *o = j->outcome;
  const struct eh_goal *goal = o->goal;
  double confidence = j->rules->measures[goal->measure].flag.confidence;
  const char *head =
      eh_arena_printf(j->arena, "%s (at %s %s)", goal->name, goal->at_least ? "least" : "most",
                      eh_goal_size(j->arena, j->rules, goal, goal->target));
  if (o->count == 0)
    o->statement =
        eh_arena_printf(j->arena, "%s: %s.", head,
                        j->table ? "no whole period is over yet"
                                 : "not decided: these cells were made without months");
  else if (o->count == 1)
    o->statement = eh_arena_printf(j->arena, "%s: %s.", head, one_words(j, &o->results[0]));
  else
    o->statement = eh_arena_printf(j->arena, "%s: %s.", head, count_words(j));
  double missed_by_chance = (double)(o->met + o->missed + o->undecided) * (1.0 - confidence) / 2.0;
  if (o->missed && o->count > 1 && missed_by_chance >= 0.5)
    o->statement = eh_arena_printf(
        j->arena, "%s Of %zu that were exactly on the target, about %.0f would be called missed.",
        o->statement, o->met + o->missed + o->undecided, missed_by_chance);
}

/* --- all --- */

static const char *insufficient(const struct eh_reliability *reliability, const char *measure) {
  for (size_t i = 0; reliability && i < reliability->verdict_count; i++)
    if (strcmp(reliability->verdicts[i].measure, measure) == 0 &&
        reliability->verdicts[i].grade == EH_NOT_SUFFICIENT)
      return "the records are not sufficient";
  return NULL;
}

static const struct eh_by_period *table_of(struct judging *j, const struct eh_goal *goal,
                                           const struct eh_cells *tables, size_t count) {
  struct eh_by_period_asked asked = {.every = EH_EVERY_MONTH,
                                     .across = goal->across,
                                     .measure = goal->measure,
                                     .last_day = j->as_of};
  const struct eh_comparison *all = j->rules->comparisons;
  for (size_t t = 0; t < j->rules->table_count; t++) {
    const struct eh_comparison *table = &all[j->rules->comparison_count + t];
    bool of_units = goal->kind == EH_GOAL_SPREAD || goal->kind == EH_GOAL_DIFFERENCE;
    if (table->every != EH_EVERY_MONTH || table->across != goal->across ||
        (!of_units && table->within_count))
      continue;
    asked.within = table->within;
    asked.within_count = table->within_count;
    const struct eh_by_period *found = eh_by_period_of(j->arena, j->rules, tables, count, &asked);
    if (found) return found;
  }
  return NULL;
}

const struct eh_goals *eh_goals_judge(struct eh_arena *arena, const struct eh_rules *rules,
                                      const struct eh_account *account,
                                      const struct eh_cells *tables, size_t table_count,
                                      const struct eh_reliability *reliability, int32_t as_of) {
  if (rules->goal_count == 0) return NULL;
  struct eh_goals *goals = eh_arena_alloc(arena, 1, sizeof *goals);
  goals->items = eh_arena_alloc(arena, rules->goal_count, sizeof *goals->items);
  goals->count = rules->goal_count;
  for (size_t i = 0; i < goals->count; i++) {
    struct judging j = {.arena = arena,
                        .rules = rules,
                        .outcome = &goals->items[i],
                        .as_of = as_of,
                        .has_days = account->has_dates,
                        .last_day = account->last_day};
    const struct eh_goal *goal = j.outcome->goal = &rules->goals[i];
    j.insufficient = insufficient(reliability, rules->measures[goal->measure].name);
    j.table = table_of(&j, goal, tables, table_count);
    if (j.table && goal->every == EH_EVERY_NONE) judge_once(&j);
    if (j.table && goal->every != EH_EVERY_NONE) judge_each_period(&j);
    say(&j);
    goals->missed += j.outcome->missed > 0;
  }
  return goals;
}
