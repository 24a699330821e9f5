/* The funnel plot and the rates against those expected: one point for each testable unit. */
#include "reports/workbook/chart_units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/words.h"
#include "engine/stats/limits.h"
#include "reports/book/chart_labels.h"
#include "reports/workbook/chart_ladder.h"

enum { LIMIT_POINTS = 60, MOST_NAMED = 24, LONGEST_NAME = 28, LEVELS = EH_EXCEPTIONAL + 1 };
/* What axes, title and legend leave of a chart. */
static const double FRAME_WIDTH = 90.0, FRAME_HEIGHT = 140.0;
static const double WIDE_CASELOADS =
    12.0; /* largest by smallest, from which the axis is logarithmic */

enum look_column {
  UNIT,
  SHOWN_AS,
  COMPARABLE,
  DIFFERENCE,
  LOW,
  HIGH,
  RATE,
  EXPECTED,
  UNIT_COLUMNS
};
static const char *const unit_headings[UNIT_COLUMNS] = {
    "Unit", "Shown as", "Comparable records", "Difference", "Low", "High", "Rate", "Expected rate"};

struct units_page {
  struct eh_drawing *drawing;
  const struct eh_shown_units *units;
  uint32_t first_row; /* of the units' data */
};

static void put_figure(struct eh_sheet *sheet, uint32_t row, unsigned column,
                       const struct eh_figure *figure, enum eh_style style) {
  if (!figure->why_not) eh_sheet_number(sheet, row, column, figure->value, style);
}

static void put_units(struct units_page *page) {
  struct eh_drawing *d = page->drawing;
  const struct eh_shown_units *units = page->units;
  page->first_row =
      eh_drawing_block(d, eh_arena_printf(d->arena, "Units: %s", units->comparison->title),
                       unit_headings, UNIT_COLUMNS);
  for (size_t i = 0; i < units->count; i++) {
    const struct eh_result *r = units->items[i];
    uint32_t row = d->next++;
    eh_sheet_text(d->data, row, UNIT, r->unit, EH_STYLE_TEXT);
    eh_sheet_text(d->data, row, SHOWN_AS, eh_shown_as(r->level), EH_STYLE_TEXT);
    eh_sheet_number(d->data, row, COMPARABLE, (double)r->comparable, EH_STYLE_COUNT);
    put_figure(d->data, row, DIFFERENCE, &r->share.difference.estimate, EH_STYLE_DIFFERENCE);
    put_figure(d->data, row, LOW, &r->share.difference.low, EH_STYLE_DIFFERENCE);
    put_figure(d->data, row, HIGH, &r->share.difference.high, EH_STYLE_DIFFERENCE);
    put_figure(d->data, row, RATE, &r->share.rate, EH_STYLE_PERCENT);
    put_figure(d->data, row, EXPECTED, &r->share.expected_rate, EH_STYLE_PERCENT);
  }
}

/* One plot for each level that occurs. */
static size_t plot_levels(const struct units_page *page, unsigned x, unsigned y,
                          struct eh_plot *plots) {
  static const char *const names[LEVELS] = {"Not flagged", "Notable", "Strong", "Exceptional"};
  size_t count = 0;
  for (int level = 0; level < LEVELS; level++) {
    size_t first = page->units->first[level], end = page->units->first[level + 1];
    if (first == end) continue;
    plots[count++] = (struct eh_plot){.name = names[level],
                                      .look = eh_look_of_level((enum eh_level)level),
                                      .sheet = page->drawing->data,
                                      .first_row = page->first_row + (uint32_t)first,
                                      .last_row = page->first_row + (uint32_t)end - 1,
                                      .x = x,
                                      .y = y};
  }
  return count;
}

static double place_on(const struct eh_axis *axis, double value) {
  if (axis->logarithmic)
    return (log10(value) - log10(axis->low)) / (log10(axis->high) - log10(axis->low));
  return (value - axis->low) / (axis->high - axis->low);
}

static double value_in(const struct eh_result *r, unsigned column) {
  switch (column) {
    case COMPARABLE:
      return (double)r->comparable;
    case DIFFERENCE:
      return r->share.difference.estimate.value;
    case RATE:
      return r->share.rate.value;
    default:
      return r->share.expected_rate.value;
  }
}

static int compare_importance(const void *x, const void *y) {
  const struct eh_result *a = *(const struct eh_result *const *)x,
                         *b = *(const struct eh_result *const *)y;
  if (a->level != b->level) return a->level > b->level ? -1 : 1;
  double p = eh_records_affected(a), q = eh_records_affected(b);
  if (p != q) return p > q ? -1 : 1;
  return a < b ? -1 : a > b;
}

/* Names of the flagged units, the gravest first while there is room: a plot for each side. */
static size_t plot_names(const struct units_page *page, const struct eh_chart *chart, unsigned x,
                         unsigned y, struct eh_plot *plots) {
  struct eh_arena *arena = page->drawing->arena;
  const struct eh_shown_units *units = page->units;
  size_t first = units->first[EH_NOTABLE], flagged = units->count - first;
  size_t named = flagged > MOST_NAMED ? MOST_NAMED : flagged, count = 0;
  if (flagged == 0) return 0;
  const struct eh_result **order = eh_arena_alloc(arena, flagged, sizeof *order);
  memcpy(order, units->items + first, flagged * sizeof *order);
  qsort(order, flagged, sizeof *order, compare_importance);
  struct eh_named_point *points = eh_arena_alloc(arena, named, sizeof *points);
  int *side = eh_arena_alloc(arena, named, sizeof *side);
  for (size_t i = 0; i < named; i++)
    points[i] = (struct eh_named_point){eh_chart_short_name(arena, order[i]->unit, LONGEST_NAME),
                                        place_on(&chart->x, value_in(order[i], x)),
                                        place_on(&chart->y, value_in(order[i], y))};
  eh_chart_place_labels(arena, points, named, chart->width - FRAME_WIDTH,
                        chart->height - FRAME_HEIGHT, side);
  for (int s = 0; s < EH_LABEL_SIDES; s++) {
    const char **labels = eh_arena_alloc(arena, flagged, sizeof *labels);
    bool any = false;
    for (size_t i = 0; i < named; i++) {
      if (side[i] != s) continue;
      size_t at = 0;
      while (units->items[first + at] != order[i]) at++;
      labels[at] = points[i].name;
      any = true;
    }
    if (!any) continue;
    plots[count++] = (struct eh_plot){.look = EH_LOOK_NAMES,
                                      .sheet = page->drawing->data,
                                      .first_row = page->first_row + (uint32_t)first,
                                      .last_row = page->first_row + (uint32_t)units->count - 1,
                                      .x = x,
                                      .y = y,
                                      .labels = labels,
                                      .side = (enum eh_label_side)s};
  }
  return count;
}

static double step_for(double low, double high) {
  double span = high - low;
  return span > 0.85 ? 0.2 : span > 0.35 ? 0.1 : 0.05;
}

static struct eh_axis caseload_axis(const struct eh_shown_units *units) {
  double least = INFINITY, most = 0;
  for (size_t i = 0; i < units->count; i++) {
    least = fmin(least, (double)units->items[i]->comparable);
    most = fmax(most, (double)units->items[i]->comparable);
  }
  struct eh_axis axis = {.name = "Comparable records", .format = "#,##0"};
  axis.logarithmic = most > WIDE_CASELOADS * least;
  if (axis.logarithmic) {
    axis.low = pow(10, floor(log10(least) + 1e-9));
    axis.high = pow(10, ceil(log10(most) + 1e-9));
    return axis;
  }
  double unit = pow(10, floor(log10(most)));
  axis.low = 0;
  axis.high = ceil(most * 1.02 / unit) * unit;
  if (axis.high > 2.5 * most) axis.high = ceil(most * 1.02 / (unit / 2)) * unit / 2;
  return axis;
}

/* Room for every unit, for what chance does to the smallest and the usual spread to the largest. */
static struct eh_axis difference_axis(const struct eh_shown_units *units, double rate) {
  struct eh_axis axis = {
      .name = "Difference from peers, in points", .format = "+0;-0;0", .times = 100};
  const struct eh_comparison_result *c = units->comparison;
  double confidence = c->measure->flag.confidence, least = INFINITY, most = 0;
  for (size_t i = 0; i < units->count; i++) {
    double records = (double)units->items[i]->comparable;
    least = fmin(least, records);
    most = fmax(most, records);
    axis.low = fmin(axis.low, units->items[i]->share.difference.estimate.value);
    axis.high = fmax(axis.high, units->items[i]->share.difference.estimate.value);
  }
  for (int spread = 0; spread < 2; spread++) {
    double records = spread ? most : least, tau = spread ? c->event.spread.tau.tau.value : 0.0;
    struct eh_figure low = eh_funnel_limit(rate, records, tau, confidence, false),
                     high = eh_funnel_limit(rate, records, tau, confidence, true);
    if (!low.why_not) axis.low = fmin(axis.low, low.value);
    if (!high.why_not) axis.high = fmax(axis.high, high.value);
  }
  eh_axis_round(&axis.low, &axis.high);
  axis.step = step_for(axis.low, axis.high);
  return axis;
}

enum { AT_RECORDS, CHANCE_LOW, CHANCE_HIGH, SPREAD_LOW, SPREAD_HIGH, LIMIT_COLUMNS };

/* Both pairs of limits along the axis; returns how many plots. */
static size_t plot_limits(const struct units_page *page, const struct eh_chart *chart, double rate,
                          struct eh_plot *plots) {
  static const char *const headings[LIMIT_COLUMNS] = {"Comparable records", "Chance, low",
                                                      "Chance, high", "Chance and spread, low",
                                                      "Chance and spread, high"};
  struct eh_drawing *d = page->drawing;
  const struct eh_comparison_result *c = page->units->comparison;
  double confidence = c->measure->flag.confidence;
  bool has_spread = !c->event.spread.tau.tau.why_not && c->event.spread.tau.tau.value > 0;
  const double tau[] = {0.0, c->event.spread.tau.tau.value};
  uint32_t first = eh_drawing_block(d, eh_arena_printf(d->arena, "Limits: %s", c->title), headings,
                                    LIMIT_COLUMNS);
  double from = chart->x.low > 0 ? chart->x.low : chart->x.high / LIMIT_POINTS;
  for (int i = 0; i < LIMIT_POINTS; i++) {
    double share = (double)i / (LIMIT_POINTS - 1);
    double records = chart->x.logarithmic ? from * pow(chart->x.high / from, share)
                                          : from + (chart->x.high - from) * share;
    eh_sheet_number(d->data, d->next, AT_RECORDS, records, EH_STYLE_DECIMAL);
    for (unsigned k = 0; k < (has_spread ? 4 : 2); k++) {
      struct eh_figure limit = eh_funnel_limit(rate, records, tau[k / 2], confidence, k % 2);
      if (limit.why_not || limit.value < chart->y.low || limit.value > chart->y.high) continue;
      eh_sheet_number(d->data, d->next, CHANCE_LOW + k, limit.value, EH_STYLE_DIFFERENCE);
    }
    d->next++;
  }
  const char *const names[] = {
      eh_arena_printf(d->arena, "Chance alone (%.6g%%)", 100.0 * confidence), NULL,
      "Chance and the usual spread", NULL};
  size_t count = has_spread ? 4 : 2;
  for (unsigned k = 0; k < count; k++)
    plots[k] = (struct eh_plot){.name = names[k],
                                .look = k < 2 ? EH_LOOK_CHANCE : EH_LOOK_SPREAD,
                                .sheet = d->data,
                                .first_row = first,
                                .last_row = d->next - 1,
                                .x = AT_RECORDS,
                                .y = CHANCE_LOW + k};
  return count;
}

static const char *flagged_in_words(const struct units_page *page) {
  const struct eh_comparison_result *c = page->units->comparison;
  struct eh_arena *arena = page->drawing->arena;
  if (c->levels.flagged == 0) return "none is flagged";
  return eh_arena_printf(
      arena, "%s flagged (%s)", eh_words_count(arena, c->levels.flagged),
      eh_levels_in_words(arena, c->levels.exceptional, c->levels.strong, c->levels.notable));
}

static void draw_funnel(const struct units_page *page, uint32_t row) {
  struct eh_drawing *d = page->drawing;
  const struct eh_comparison_result *c = page->units->comparison;
  double rate = (double)c->event.events / (double)c->records;
  struct eh_plot plots[4 + LEVELS + EH_LABEL_SIDES];
  struct eh_chart chart = {
      .title = "Difference from peers by caseload (funnel plot)",
      .x = caseload_axis(page->units),
      .y = difference_axis(page->units, rate),
      .plots = plots,
      .width = EH_CHART_WIDE,
      .height = EH_CHART_LOW,
  };
  chart.description = eh_arena_printf(
      d->arena,
      "Funnel plot, %s: the difference from peers of %s against the number of comparable records, "
      "with limits for chance alone and for chance and the usual spread of units; %s.",
      c->title, eh_words_of(d->arena, page->units->count, "testable unit", "testable units"),
      flagged_in_words(page));
  chart.plot_count = plot_limits(page, &chart, rate, plots);
  chart.plot_count += plot_levels(page, COMPARABLE, DIFFERENCE, plots + chart.plot_count);
  chart.plot_count += plot_names(page, &chart, COMPARABLE, DIFFERENCE, plots + chart.plot_count);
  eh_sheet_chart(d->sheet, row, 0, &chart);
}

/* Lines of equality, and of the smallest difference worth flagging, within the axes. */
static size_t plot_guides(const struct units_page *page, const struct eh_axis *axis,
                          struct eh_plot *plots) {
  static const char *const headings[] = {"Expected rate", "Rate"};
  struct eh_drawing *d = page->drawing;
  const struct eh_comparison_result *c = page->units->comparison;
  double off = c->measure->flag.smallest_difference;
  const double shifts[] = {0.0, off, -off};
  const char *const names[] = {
      "As its peers", eh_arena_printf(d->arena, "%.6g points from its peers", 100.0 * off), NULL};
  size_t count = off > 0 ? 3 : 1;
  uint32_t first = eh_drawing_block(
      d, eh_arena_printf(d->arena, "Lines of equal rates: %s", c->title), headings, 2);
  for (size_t i = 0; i < count; i++) {
    double ends[] = {fmax(axis->low, axis->low - shifts[i]),
                     fmin(axis->high, axis->high - shifts[i])};
    for (int e = 0; e < 2; e++) {
      eh_sheet_number(d->data, d->next, 0, ends[e], EH_STYLE_PERCENT);
      eh_sheet_number(d->data, d->next++, 1, ends[e] + shifts[i], EH_STYLE_PERCENT);
    }
    plots[i] = (struct eh_plot){.name = names[i],
                                .look = i ? EH_LOOK_EDGE : EH_LOOK_GUIDE,
                                .sheet = d->data,
                                .first_row = first + 2 * (uint32_t)i,
                                .last_row = first + 2 * (uint32_t)i + 1,
                                .x = 0,
                                .y = 1};
  }
  return count;
}

static void draw_rates(const struct units_page *page, uint32_t row) {
  struct eh_drawing *d = page->drawing;
  const struct eh_shown_units *units = page->units;
  struct eh_plot plots[3 + LEVELS + EH_LABEL_SIDES];
  double low = 1.0, high = 0.0;
  for (size_t i = 0; i < units->count; i++) {
    const struct eh_result *r = units->items[i];
    low = fmin(low, fmin(r->share.rate.value, r->share.expected_rate.value));
    high = fmax(high, fmax(r->share.rate.value, r->share.expected_rate.value));
  }
  eh_axis_round(&low, &high);
  struct eh_chart chart = {
      .title = "Rate against the rate expected from peers",
      .x = {"Expected rate", "0%", low, high, step_for(low, high), 0, false, false},
      .y = {"Rate", "0%", low, high, step_for(low, high), 0, false, false},
      .plots = plots,
      .width = EH_CHART_WIDE,
      .height = EH_CHART_LOW,
  };
  chart.description = eh_arena_printf(
      d->arena,
      "Rate against expected rate, %s: %s; on the diagonal a unit's rate is that of its peers for "
      "the same kinds of case; %s.",
      units->comparison->title,
      eh_words_of(d->arena, units->count, "testable unit", "testable units"),
      flagged_in_words(page));
  chart.plot_count = plot_guides(page, &chart.x, plots);
  chart.plot_count += plot_levels(page, EXPECTED, RATE, plots + chart.plot_count);
  chart.plot_count += plot_names(page, &chart, EXPECTED, RATE, plots + chart.plot_count);
  eh_sheet_chart(d->sheet, row, 0, &chart);
}

void eh_draw_units(struct eh_drawing *drawing, const struct eh_shown_units *units, uint32_t row) {
  struct units_page page = {drawing, units, 0};
  put_units(&page);
  draw_funnel(&page, row);
  draw_rates(&page, row + (EH_CHART_LOW + EH_CHART_ROW) / EH_CHART_ROW);
  eh_draw_ladder(drawing, units, row,
                 (EH_CHART_WIDE + EH_CHART_GAP + EH_CHART_COLUMN - 1) / EH_CHART_COLUMN);
}
