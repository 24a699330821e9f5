/* A measure's rate over time, with the dates on which policies began. */
#include "reports/workbook/chart_time.h"

#include <math.h>

#include "engine/base/date.h"
#include "engine/base/words.h"
#include "engine/stats/limits.h"
#include "reports/book/chart_labels.h"

enum { PERIOD, MIDDLE, RECORDS, EVENTS, RATE, LOW, HIGH, TIME_COLUMNS };
enum { LONGEST_POLICY = 44, FEWEST_RECORDS = 10, MOST_TICKS = 12, LABEL_LEVELS = 5 };
static const double SPREADSHEET_DAY_ZERO = 25569.0; /* 1970-01-01 */

struct over_time {
  struct eh_drawing *drawing;
  const struct eh_drawn_time *what;
  const struct eh_measure *measure;
  const struct eh_count *counts;
  double confidence;
  struct eh_axis x, y;
  const char *every; /* "quarter" */
  const char *name;  /* of what is drawn, in the titles of its data */
};

/* Years with a fraction, so that ticks are years; for short times days, as spreadsheets count. */
static double place_of_day(const struct over_time *t, double day) {
  if (t->what->period < EH_PERIOD_QUARTER) return day + SPREADSHEET_DAY_ZERO;
  int year = eh_date_to_civil((int32_t)floor(day)).year;
  double first = eh_date_from_civil(year, 1, 1), next = eh_date_from_civil(year + 1, 1, 1);
  return year + (day - first) / (next - first);
}

static double middle_of(const struct over_time *t, size_t k) {
  int32_t number = t->what->first + (int32_t)k;
  double first = eh_period_first_day(t->what->period, number),
         next = eh_period_first_day(t->what->period, number + 1);
  return place_of_day(t, (first + next) / 2.0);
}

static const char *label_of(const struct over_time *t, size_t k) {
  char text[11];
  struct eh_arena *arena = t->drawing->arena;
  int32_t day = eh_period_first_day(t->what->period, t->what->first + (int32_t)k);
  struct eh_civil date = eh_date_to_civil(day);
  eh_date_format(day, text);
  switch (t->what->period) {
    case EH_PERIOD_QUARTER:
      return eh_arena_printf(arena, "%dQ%d", date.year, (date.month + 2) / 3);
    case EH_PERIOD_YEAR:
      return eh_arena_printf(arena, "%d", date.year);
    case EH_PERIOD_MONTH:
      return eh_arena_printf(arena, "%.7s", text);
    default:
      return eh_arena_printf(arena, "week of %s", text);
  }
}

static double rate_of(const struct eh_count *c) {
  return c->records ? (double)c->events / (double)c->records : 0.0;
}

static void choose_axes(struct over_time *t) {
  const struct eh_drawn_time *s = t->what;
  bool in_years = s->period >= EH_PERIOD_QUARTER;
  double from = eh_period_first_day(s->period, s->first),
         until = eh_period_first_day(s->period, s->first + (int32_t)s->count);
  t->x = (struct eh_axis){.format = in_years ? "0" : "d mmm yyyy",
                          .low = place_of_day(t, from),
                          .high = place_of_day(t, until)};
  if (in_years) {
    t->x.low = floor(t->x.low);
    t->x.high = ceil(t->x.high);
    t->x.step = ceil((t->x.high - t->x.low) / MOST_TICKS);
  } else {
    t->x.step = 7.0 * ceil((t->x.high - t->x.low) / 7.0 / 6.0);
  }
  /* Every rate is to be seen; of few records the interval would take the whole height. */
  double high = 0.0, low = 0.0;
  for (size_t k = 0; k < s->count; k++) {
    const struct eh_count *c = &t->counts[k];
    high = fmax(high, rate_of(c));
    if (s->others) high = fmax(high, rate_of(&s->others[k]));
    if (c->records >= FEWEST_RECORDS)
      high = fmax(high, eh_rate_interval(c->events, c->records, t->confidence).high.value);
  }
  if (high <= 0.0) high = 1.0;
  eh_axis_round(&low, &high);
  t->y = (struct eh_axis){.name = "Rate", .format = "0%", .low = low, .high = fmin(high, 1.0)};
}

static struct eh_plot plot_rate(const struct over_time *t) {
  struct eh_drawing *d = t->drawing;
  const char *const headings[TIME_COLUMNS] = {
      "Period", "Its middle (years or days)", "Records", "Events", "Rate", "Low", "High"};
  uint32_t first = eh_drawing_block(d, eh_arena_printf(d->arena, "By %s: %s", t->every, t->name),
                                    headings, TIME_COLUMNS);
  for (size_t k = 0; k < t->what->count; k++, d->next++) {
    const struct eh_count *c = &t->counts[k];
    eh_sheet_text(d->data, d->next, PERIOD, label_of(t, k), EH_STYLE_TEXT);
    eh_sheet_number(d->data, d->next, MIDDLE, middle_of(t, k), EH_STYLE_RATIO);
    eh_sheet_number(d->data, d->next, RECORDS, (double)c->records, EH_STYLE_COUNT);
    eh_sheet_number(d->data, d->next, EVENTS, (double)c->events, EH_STYLE_COUNT);
    if (c->records == 0) continue;
    struct eh_interval rate = eh_rate_interval(c->events, c->records, t->confidence);
    eh_sheet_number(d->data, d->next, RATE, rate.estimate.value, EH_STYLE_PERCENT);
    eh_sheet_number(d->data, d->next, LOW, rate.low.value, EH_STYLE_PERCENT);
    eh_sheet_number(d->data, d->next, HIGH, rate.high.value, EH_STYLE_PERCENT);
  }
  return (struct eh_plot){
      .name = t->what->of ? t->what->of : eh_arena_printf(d->arena, "Rate by %s", t->every),
      .look = EH_LOOK_RATE,
      .sheet = d->data,
      .first_row = first,
      .last_row = d->next - 1,
      .x = MIDDLE,
      .y = RATE};
}

static struct eh_plot plot_others(const struct over_time *t) {
  static const char *const headings[] = {"Its middle", "Records", "Events", "Rate"};
  struct eh_drawing *d = t->drawing;
  uint32_t first = eh_drawing_block(
      d, eh_arena_printf(d->arena, "%s: %s", t->what->others_are, t->measure->name), headings, 4);
  for (size_t k = 0; k < t->what->count; k++, d->next++) {
    const struct eh_count *c = &t->what->others[k];
    eh_sheet_number(d->data, d->next, 0, middle_of(t, k), EH_STYLE_RATIO);
    eh_sheet_number(d->data, d->next, 1, (double)c->records, EH_STYLE_COUNT);
    eh_sheet_number(d->data, d->next, 2, (double)c->events, EH_STYLE_COUNT);
    if (c->records)
      eh_sheet_number(d->data, d->next, 3, (double)c->events / (double)c->records,
                      EH_STYLE_PERCENT);
  }
  return (struct eh_plot){.name = t->what->others_are,
                          .look = EH_LOOK_OTHERS,
                          .sheet = d->data,
                          .first_row = first,
                          .last_row = d->next - 1,
                          .x = 0,
                          .y = 3};
}

static struct eh_plot plot_intervals(const struct over_time *t) {
  static const char *const headings[] = {"Its middle", "Limit of the interval"};
  struct eh_drawing *d = t->drawing;
  uint32_t first = eh_drawing_block(
      d, eh_arena_printf(d->arena, "Intervals by %s: %s", t->every, t->name), headings, 2);
  for (size_t k = 0; k < t->what->count; k++) {
    if (t->counts[k].records == 0) continue;
    struct eh_interval rate =
        eh_rate_interval(t->counts[k].events, t->counts[k].records, t->confidence);
    const double ends[] = {rate.low.value, rate.high.value};
    for (int e = 0; e < 2; e++) {
      eh_sheet_number(d->data, d->next, 0, middle_of(t, k), EH_STYLE_RATIO);
      eh_sheet_number(d->data, d->next++, 1, ends[e], EH_STYLE_PERCENT);
    }
    eh_sheet_number(d->data, d->next++, 0, middle_of(t, k), EH_STYLE_RATIO);
  }
  return (struct eh_plot){
      .name = eh_arena_printf(d->arena, "%.6g%% interval", 100.0 * t->confidence),
      .look = EH_LOOK_INTERVAL,
      .sheet = d->data,
      .first_row = first,
      .last_row = d->next - 1,
      .x = 0,
      .y = 1};
}

/* Names stand where the rates do not. */
static bool rates_are_high(const struct over_time *t) {
  uint64_t records = 0, events = 0;
  for (size_t k = 0; k < t->what->count; k++) {
    records += t->counts[k].records;
    events += t->counts[k].events;
  }
  return records > 0 && (double)events / (double)records > (t->y.low + t->y.high) / 2.0;
}

/* An upright line for each policy that began in this time, named near an end. */
static size_t plot_policies(const struct over_time *t, struct eh_plot *plots) {
  static const char *const line_headings[] = {"When", "Line"};
  const struct eh_rules *rules = t->drawing->rules;
  struct eh_drawing *d = t->drawing;
  size_t capacity = 4 * rules->policy_count, rows = 0, policies = 0;
  const char **right = eh_arena_alloc(d->arena, capacity, sizeof *right);
  const char **left = eh_arena_alloc(d->arena, capacity, sizeof *left);
  uint32_t first = 0;
  for (size_t i = 0; i < rules->policy_count; i++) {
    double x = place_of_day(t, rules->policies[i].from);
    if (x <= t->x.low || x >= t->x.high) continue;
    if (policies == 0)
      first =
          eh_drawing_block(d, eh_arena_printf(d->arena, "Policies: %s", t->name), line_headings, 2);
    /* names step down, so that those of near dates do not lie on each other */
    double step = (double)(policies++ % LABEL_LEVELS) * 0.07 + 0.04;
    double name_at = rates_are_high(t) ? step + 0.04 : 1.0 - step;
    const double ys[] = {t->y.low, t->y.low + name_at * (t->y.high - t->y.low), t->y.high};
    bool is_left = x > (t->x.low + t->x.high) / 2.0;
    (is_left ? left : right)[rows + 1] =
        eh_chart_short_name(d->arena, rules->policies[i].name, LONGEST_POLICY);
    for (int k = 0; k < 3; k++) {
      eh_sheet_number(d->data, d->next, 0, x, EH_STYLE_RATIO);
      eh_sheet_number(d->data, d->next++, 1, ys[k], EH_STYLE_PERCENT);
    }
    eh_sheet_number(d->data, d->next++, 0, x, EH_STYLE_RATIO);
    rows += 4;
  }
  if (policies == 0) return 0;
  struct eh_plot line = {.name = "Policy begins",
                         .look = EH_LOOK_DATE,
                         .sheet = d->data,
                         .first_row = first,
                         .last_row = d->next - 1,
                         .x = 0,
                         .y = 1};
  plots[0] = plots[1] = plots[2] = line;
  plots[1].name = plots[2].name = NULL;
  plots[1].look = plots[2].look = EH_LOOK_NAMES;
  plots[1].labels = right;
  plots[1].side = EH_LABELS_RIGHT;
  plots[2].labels = left;
  plots[2].side = EH_LABELS_LEFT;
  return 3;
}

static const char *describe(const struct over_time *t) {
  const struct eh_drawn_time *what = t->what;
  struct eh_arena *arena = t->drawing->arena;
  const char *others =
      what->others ? eh_arena_printf(arena, ", beside that of %s", what->others_are) : "";
  return eh_arena_printf(
      arena,
      "Rate of %s by %s from %s to %s, %s%s, with intervals; upright lines mark the dates on which "
      "policies began.",
      t->measure->name, t->every, label_of(t, 0), label_of(t, what->count - 1),
      what->of ? what->of : "all units together", others);
}

void eh_draw_time(struct eh_drawing *drawing, const struct eh_drawn_time *what, uint32_t row,
                  unsigned column) {
  struct over_time t = {
      .drawing = drawing,
      .what = what,
      .measure = what->measure,
      .counts = what->counts,
      .confidence = what->measure->flag.confidence,
      .every = eh_period_name(what->period),
      .name = what->measure->name,
  };
  choose_axes(&t);
  struct eh_plot plots[6];
  size_t count = 0;
  plots[count++] = plot_intervals(&t);
  count += plot_policies(&t, plots + count);
  if (what->others) plots[count++] = plot_others(&t);
  plots[count++] = plot_rate(&t);
  struct eh_chart chart = {
      .title = eh_arena_printf(drawing->arena, "%s, by %s", t.measure->name, t.every),
      .description = describe(&t),
      .x = t.x,
      .y = t.y,
      .plots = plots,
      .plot_count = count,
      .width = what->width,
      .height = what->height,
  };
  eh_sheet_chart(drawing->sheet, row, column, &chart);
}
