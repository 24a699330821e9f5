/* Progress: what was to be reached, and how far it is. */
#include "engine/audit/progress/goals.h"
#include "engine/base/date.h"
#include "reports/workbook/workbook.h"

struct progress_row {
  const char *goal, *owner, *wanted, *when, *unit, *period, *figure, *low, *high, *verdict, *why,
      *course, *wanted_now;
  uint64_t records;
};

#define TEXT(member) \
  .style = EH_STYLE_WRAPPED, .kind = EH_VALUE_TEXT, .at = offsetof(struct progress_row, member)

static const struct eh_listing_column columns[] = {
    {"Goal", "Its name in the rules.", 28, TEXT(goal)},
    {"Owner", "Who is to see to it.", 18, TEXT(owner)},
    {"Target", "What is wanted.", 16, TEXT(wanted)},
    {"By", "When it is due, or how often it is judged.", 13, TEXT(when)},
    {"Unit", "Of which unit; blank: of all together.", 16, TEXT(unit)},
    {"Period", "Over which decisions; of a goal that is not due, the latest whole quarter.", 18,
     TEXT(period)},
    {"Records", "So many decisions.", 10, .style = EH_STYLE_COUNT, .kind = EH_VALUE_COUNT,
     .at = offsetof(struct progress_row, records)},
    {"Figure",
     "A share with the exact interval of Clopper and Pearson, a mean with Student's; the "
     "difference from peers on the same caseload; the spread of the units' log odds once chance "
     "is taken away.",
     12, TEXT(figure)},
    {"From", "Its lower limit.", 12, TEXT(low)},
    {"To", "Its upper limit.", 12, TEXT(high)},
    {"Verdict",
     "Met: the whole interval is on the good side of the target. Missed: it is wholly on the "
     "other. Not decided: else, or the records are not sufficient for the measure.",
     12, TEXT(verdict)},
    {"Course",
     "Of a goal that is not due: whether the latest quarter's interval is wholly on the good side "
     "of what is wanted by then (on course), wholly short of it (behind), or neither.",
     15, TEXT(course)},
    {"Wanted by then", "On the straight way from the baseline to the target.", 12,
     TEXT(wanted_now)},
    {"Why not decided", "What keeps it from being decided.", 34, TEXT(why)},
};

bool eh_workbook_has_progress(const struct eh_workbook *w) { return w->audit->goals != NULL; }

static size_t count_rows(const struct eh_goals *goals) {
  size_t count = 0;
  for (size_t i = 0; i < goals->count; i++)
    count += goals->items[i].count ? goals->items[i].count : 1;
  return count;
}

void eh_workbook_plan_progress(struct eh_workbook *w) {
  w->progress_table = (struct eh_listing){
      .title = "Progress",
      .subtitle = "Each goal of the rules. A goal is judged once, at the end of what it covers; "
                  "before, only its course is told.",
      .identifier = "Progress",
      .columns = columns,
      .column_count = sizeof columns / sizeof *columns,
      .frozen = 1,
      .count = count_rows(w->audit->goals),
      .rows_per_sheet = w->sizes.rows_per_sheet,
      .empty = "none",
      .back = w->back};
  eh_listing_plan(w->book, &w->progress_table, "Progress");
}

struct rows {
  const struct eh_workbook *workbook;
  size_t goal, at; /* the next row is this result of this goal */
  struct progress_row row;
};

static const char *size_of(const struct rows *rows, const struct eh_goal *goal,
                           struct eh_figure figure) {
  const struct eh_workbook *w = rows->workbook;
  return figure.why_not ? "" : eh_goal_size(w->arena, w->audit->rules, goal, figure.value);
}

static const char *when_of(const struct eh_workbook *w, const struct eh_goal *goal) {
  char day[11];
  if (goal->every != EH_EVERY_NONE)
    return eh_arena_printf(w->arena, "every %s", eh_every_name(goal->every));
  eh_date_format(goal->by, day);
  return eh_arena_string(w->arena, day);
}

static void fill_result(struct rows *rows, const struct eh_goal *goal,
                        const struct eh_goal_result *r) {
  struct progress_row *row = &rows->row;
  row->unit = r->unit;
  row->period = r->period;
  row->records = r->records;
  row->figure = size_of(rows, goal, r->figure.estimate);
  row->low = size_of(rows, goal, r->figure.low);
  row->high = size_of(rows, goal, r->figure.high);
  row->verdict = eh_goal_verdict_name(r->verdict);
  row->why = r->because;
  row->course = eh_goal_course_name(r->course);
  row->wanted_now = size_of(rows, goal, r->wanted_now);
}

static const void *progress_row(void *context, size_t index) {
  struct rows *rows = context;
  const struct eh_workbook *w = rows->workbook;
  const struct eh_goal_outcome *o = &w->audit->goals->items[rows->goal];
  (void)index;
  rows->row = (struct progress_row){
      .goal = o->goal->name,
      .owner = o->goal->owner,
      .wanted = eh_arena_printf(w->arena, "at %s %s", o->goal->at_least ? "least" : "most",
                                eh_goal_size(w->arena, w->audit->rules, o->goal, o->goal->target)),
      .when = when_of(w, o->goal)};
  if (o->count)
    fill_result(rows, o->goal, &o->results[rows->at]);
  else
    rows->row.verdict = o->goal->every == EH_EVERY_NONE ? "not decided" : "not due";
  if (++rows->at >= o->count) rows->goal++, rows->at = 0;
  return &rows->row;
}

void eh_workbook_write_progress(const struct eh_workbook *w) {
  struct rows rows = {.workbook = w};
  eh_listing_write(&w->progress_table, progress_row, &rows);
}
