/* The caterpillar plot: testable units from the highest difference to the lowest, with intervals;
 * where they are many, the two ends. */
#include "reports/workbook/chart_ladder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/words.h"
#include "reports/book/chart_labels.h"
#include "reports/workbook/scale.h"

enum { END = 25, LEVELS = EH_EXCEPTIONAL + 1, LONGEST_NAME = 26 };
static const double NAMES_SHARE = 0.34; /* of the width: for the names */

enum { UNIT, DIFFERENCE, POSITION, LADDER_COLUMNS = POSITION + LEVELS };
static const char *const headings[LADDER_COLUMNS] = {"Unit",
                                                     "Difference",
                                                     "Position, not flagged",
                                                     "Position, notable",
                                                     "Position, strong",
                                                     "Position, exceptional"};

/* A rung: a unit, or the place of those left out (no unit). */
struct ladder {
  struct eh_drawing *drawing;
  const struct eh_comparison_result *comparison;
  const struct eh_result **rungs; /* from the highest */
  size_t count;
  size_t left_out;
  struct eh_axis x;
};

static int compare_difference(const void *x, const void *y) {
  const struct eh_result *a = *(const struct eh_result *const *)x,
                         *b = *(const struct eh_result *const *)y;
  double p = eh_result_headline(a)->estimate.value, q = eh_result_headline(b)->estimate.value;
  if (p != q) return p > q ? -1 : 1;
  return a < b ? -1 : a > b;
}

static void choose_rungs(struct ladder *ladder, const struct eh_shown_units *units) {
  struct eh_arena *arena = ladder->drawing->arena;
  ladder->rungs = eh_arena_alloc(arena, units->count, sizeof *ladder->rungs);
  ladder->count = units->count;
  memcpy(ladder->rungs, units->items, units->count * sizeof *ladder->rungs);
  qsort(ladder->rungs, ladder->count, sizeof *ladder->rungs, compare_difference);
  if (ladder->count <= 2 * END + 1) return;
  ladder->left_out = ladder->count - 2 * END;
  memmove(ladder->rungs + END + 1, ladder->rungs + ladder->count - END,
          END * sizeof *ladder->rungs);
  ladder->rungs[END] = NULL;
  ladder->count = 2 * END + 1;
}

/* Outward to whole steps; the step. */
static double round_shares(double *low, double *high) {
  eh_axis_round(low, high);
  double span = *high - *low;
  double step = span > 0.6 ? 0.2 : span > 0.35 ? 0.1 : 0.05;
  *low = floor(*low / step + 1e-9) * step; /* so that 0 is one of the numbers */
  *high = ceil(*high / step - 1e-9) * step;
  return step;
}

/* The same for numbers of any size: some five steps of 1, 2 or 5 times a power of ten. */
static double round_values(double *low, double *high) {
  double span = *high > *low ? *high - *low : 1.0;
  double step = pow(10.0, floor(log10(span / 5.0)));
  if (span / step > 25.0)
    step *= 5.0;
  else if (span / step > 10.0)
    step *= 2.0;
  *low = floor(*low / step) * step;
  *high = ceil(*high / step) * step;
  if (*high <= *low) *high = *low + step;
  return step;
}

/* Names stand in the left part, beside the intervals. */
static void choose_axis(struct ladder *ladder) {
  double low = 0, high = 0;
  for (size_t i = 0; i < ladder->count; i++) {
    if (!ladder->rungs[i]) continue;
    const struct eh_interval *d = eh_result_headline(ladder->rungs[i]);
    low = fmin(low, d->low.why_not ? d->estimate.value : d->low.value);
    high = fmax(high, d->high.why_not ? d->estimate.value : d->high.value);
  }
  struct eh_scale scale = eh_scale_of(ladder->comparison->measure);
  double step = scale.is_amount ? round_values(&low, &high) : round_shares(&low, &high);
  low -= ceil((high - low) * NAMES_SHARE / (1 - NAMES_SHARE) / step) * step;
  ladder->x =
      (struct eh_axis){.name = eh_arena_printf(ladder->drawing->arena,
                                               "Difference from peers%s%s, with its interval",
                                               scale.in, scale.axis_unit),
                       .format = scale.axis,
                       .times = scale.factor,
                       .low = low,
                       .high = high,
                       .step = step};
}

static double position_of(const struct ladder *ladder, size_t rung) {
  return (double)(ladder->count - rung);
}

static enum eh_style style_of(const struct ladder *ladder) {
  return eh_scale_of(ladder->comparison->measure).difference;
}

static uint32_t put_rungs(struct ladder *ladder) {
  struct eh_drawing *d = ladder->drawing;
  uint32_t first = eh_drawing_block(
      d, eh_arena_printf(d->arena, "Units in order: %s", ladder->comparison->title), headings,
      LADDER_COLUMNS);
  for (size_t i = 0; i < ladder->count; i++, d->next++) {
    const struct eh_result *r = ladder->rungs[i];
    if (!r) continue;
    eh_sheet_text(d->data, d->next, UNIT, r->unit, EH_STYLE_TEXT);
    eh_sheet_number(d->data, d->next, DIFFERENCE, eh_result_headline(r)->estimate.value,
                    style_of(ladder));
    eh_sheet_number(d->data, d->next, POSITION + r->level, position_of(ladder, i), EH_STYLE_COUNT);
  }
  return first;
}

/* Three rows each: low, high, and one without position that parts it from the next. */
static struct eh_plot plot_intervals(struct ladder *ladder) {
  static const char *const interval_headings[] = {"Limit of the interval", "Position"};
  struct eh_drawing *d = ladder->drawing;
  uint32_t first =
      eh_drawing_block(d, eh_arena_printf(d->arena, "Intervals: %s", ladder->comparison->title),
                       interval_headings, 2);
  for (size_t i = 0; i < ladder->count; i++) {
    const struct eh_result *r = ladder->rungs[i];
    const struct eh_interval *shown = r ? eh_result_headline(r) : NULL;
    if (!shown || shown->low.why_not || shown->high.why_not) continue;
    const double ends[] = {shown->low.value, shown->high.value};
    for (int e = 0; e < 2; e++) {
      eh_sheet_number(d->data, d->next, 0, ends[e], style_of(ladder));
      eh_sheet_number(d->data, d->next++, 1, position_of(ladder, i), EH_STYLE_COUNT);
    }
    eh_sheet_number(d->data, d->next++, 0, ends[1], style_of(ladder));
  }
  return (struct eh_plot){
      .name = eh_arena_printf(d->arena, "%.6g%% interval",
                              100.0 * ladder->comparison->measure->flag.confidence),
      .look = EH_LOOK_INTERVAL,
      .sheet = d->data,
      .first_row = first,
      .last_row = d->next - 1,
      .x = 0,
      .y = 1};
}

static struct eh_plot plot_names(struct ladder *ladder) {
  static const char *const name_headings[] = {"Name's place", "Position"};
  struct eh_drawing *d = ladder->drawing;
  uint32_t first = eh_drawing_block(
      d, eh_arena_printf(d->arena, "Names: %s", ladder->comparison->title), name_headings, 2);
  const char **labels = eh_arena_alloc(d->arena, ladder->count, sizeof *labels);
  for (size_t i = 0; i < ladder->count; i++) {
    const struct eh_result *r = ladder->rungs[i];
    eh_sheet_number(d->data, d->next, 0, ladder->x.low, style_of(ladder));
    eh_sheet_number(d->data, d->next++, 1, position_of(ladder, i), EH_STYLE_COUNT);
    labels[i] =
        r ? eh_chart_short_name(d->arena, r->unit, LONGEST_NAME)
          : eh_arena_printf(d->arena, "(%s between)", eh_words_count(d->arena, ladder->left_out));
  }
  return (struct eh_plot){.look = EH_LOOK_NAMES,
                          .sheet = d->data,
                          .first_row = first,
                          .last_row = d->next - 1,
                          .x = 0,
                          .y = 1,
                          .labels = labels,
                          .side = EH_LABELS_RIGHT};
}

static struct eh_plot plot_zero(struct ladder *ladder) {
  static const char *const zero_headings[] = {"No difference", "Position"};
  struct eh_drawing *d = ladder->drawing;
  uint32_t first = eh_drawing_block(
      d, eh_arena_printf(d->arena, "Line of no difference: %s", ladder->comparison->title),
      zero_headings, 2);
  for (int end = 0; end < 2; end++) {
    eh_sheet_number(d->data, d->next, 0, 0.0, style_of(ladder));
    eh_sheet_number(d->data, d->next++, 1, end ? (double)ladder->count + 1.0 : 0.0, EH_STYLE_COUNT);
  }
  return (struct eh_plot){.look = EH_LOOK_GUIDE,
                          .sheet = d->data,
                          .first_row = first,
                          .last_row = first + 1,
                          .x = 0,
                          .y = 1};
}

static size_t plot_rungs(struct ladder *ladder, struct eh_plot *plots) {
  static const char *const names[LEVELS] = {"Not flagged", "Notable", "Strong", "Exceptional"};
  uint32_t first = put_rungs(ladder);
  size_t count = 0;
  for (unsigned level = 0; level < LEVELS; level++) {
    bool occurs = false;
    for (size_t i = 0; i < ladder->count; i++)
      occurs |= ladder->rungs[i] && ladder->rungs[i]->level == level;
    if (!occurs) continue;
    plots[count++] = (struct eh_plot){.name = names[level],
                                      .look = eh_look_of_level((enum eh_level)level),
                                      .sheet = ladder->drawing->data,
                                      .first_row = first,
                                      .last_row = first + (uint32_t)ladder->count - 1,
                                      .x = DIFFERENCE,
                                      .y = POSITION + level};
  }
  return count;
}

static const char *describe(const struct ladder *ladder) {
  struct eh_scale scale = eh_scale_of(ladder->comparison->measure);
  const struct eh_result *first = ladder->rungs[0], *last = ladder->rungs[ladder->count - 1];
  return eh_arena_printf(
      ladder->drawing->arena,
      "Caterpillar plot, %s: units in order of their difference from peers, each with its "
      "interval, from %s (%+.1f %s) to %s (%+.1f %s).",
      ladder->comparison->title, first->unit,
      scale.factor * eh_result_headline(first)->estimate.value, scale.unit, last->unit,
      scale.factor * eh_result_headline(last)->estimate.value, scale.unit);
}

void eh_draw_ladder(struct eh_drawing *drawing, const struct eh_shown_units *units, uint32_t row,
                    unsigned column) {
  struct ladder ladder = {.drawing = drawing, .comparison = units->comparison};
  struct eh_arena *arena = drawing->arena;
  choose_rungs(&ladder, units);
  choose_axis(&ladder);
  struct eh_plot plots[3 + LEVELS];
  struct eh_chart chart = {
      .title = ladder.left_out
                   ? eh_arena_printf(arena, "The %d highest and the %d lowest units", END, END)
                   : "Units from the highest to the lowest",
      .x = ladder.x,
      .y = {.high = (double)ladder.count + 1.0, .bare = true},
      .plots = plots,
      .width = EH_CHART_NARROW,
      .height = EH_CHART_TALL,
  };
  chart.description = describe(&ladder);
  plots[0] = plot_zero(&ladder);
  plots[1] = plot_intervals(&ladder);
  chart.plot_count = 2 + plot_rungs(&ladder, plots + 2);
  plots[chart.plot_count++] = plot_names(&ladder);
  eh_sheet_chart(drawing->sheet, row, column, &chart);
}
