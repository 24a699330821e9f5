/* The charts of monitoring: of each unit that is or was watched, its difference from its peers period
 * by period with the levels before and after, and the evidence. */
#include <math.h>

#include "engine/base/words.h"
#include "reports/words/safe.h"
#include "reports/workbook/drawing.h"
#include "reports/workbook/workbook.h"

enum { FIRST_ROW = 4, TITLE_ROWS = 3, PAGE_ROWS = 24, HIGH = 380, WIDE = 640, COLUMNS = 20, SCALE = 62 };
static const double PAGE_WIDTH = 180.0;

uint32_t eh_workbook_monitoring_chart_row(size_t index) {
  return (uint32_t)(FIRST_ROW + PAGE_ROWS * index);
}

bool eh_workbook_has_monitoring_charts(const struct eh_workbook *w) {
  const struct eh_monitoring *all = w->audit->monitoring;
  for (size_t i = 0; all && i < all->count; i++)
    for (size_t u = 0; u < all->items[i].unit_count; u++)
      if (all->items[i].units[u].watch) return true;
  return false;
}

void eh_workbook_plan_monitoring_charts(struct eh_workbook *w) {
  w->monitoring.charts = eh_book_add_sheet(w->book, "Monitoring charts");
}

void eh_workbook_plan_monitoring_data(struct eh_workbook *w) {
  w->monitoring.data = eh_book_add_sheet(w->book, "Monitoring data");
}

struct drawn {
  struct eh_drawing *drawing;
  const struct eh_monitored *m;
  const struct eh_monitored_unit *u;
};

/* Years with a fraction: the middle of the period. */
static double place_of(const struct drawn *d, double period) {
  double number = d->m->view->first + (double)d->m->first + period + 0.5;
  if (d->m->view->every == EH_EVERY_MONTH) return number / 12.0;
  return d->m->view->every == EH_EVERY_QUARTER ? number / 4.0 : number - 0.25;
}

static struct eh_plot plot_of(const struct drawn *d, const char *name, enum eh_look look,
                              uint32_t first, unsigned y) {
  return (struct eh_plot){.name = name,
                          .look = look,
                          .sheet = d->drawing->data,
                          .first_row = first,
                          .last_row = d->drawing->next - 1,
                          .x = 1,
                          .y = y};
}

static const char *about(const struct drawn *d, const char *what) {
  return eh_arena_printf(d->drawing->arena, "%s: %s, %s", what,
                         eh_words_name(d->drawing->arena, d->u->unit), d->m->title);
}

/* Each period's difference. */
static struct eh_plot plot_differences(const struct drawn *d, double *low, double *high) {
  static const char *const headings[] = {"Period", "Its middle (years)", "Records", "Difference"};
  struct eh_drawing *w = d->drawing;
  uint32_t first = eh_drawing_block(w, about(d, "Difference"), headings, 4);
  for (uint32_t t = 0; t < d->m->periods; t++, w->next++) {
    const struct eh_period_difference *p = &d->u->path[t];
    eh_sheet_text(w->data, w->next, 0, eh_monitored_period(w->arena, d->m, t), EH_STYLE_TEXT);
    eh_sheet_number(w->data, w->next, 1, place_of(d, t), EH_STYLE_RATIO);
    eh_sheet_number(w->data, w->next, 2, (double)p->records, EH_STYLE_COUNT);
    if (p->difference.estimate.why_not) continue;
    eh_sheet_number(w->data, w->next, 3, p->difference.estimate.value, EH_STYLE_DIFFERENCE);
    *low = fmin(*low, p->difference.estimate.value);
    *high = fmax(*high, p->difference.estimate.value);
  }
  return plot_of(d, "difference from its peers", EH_LOOK_RATE, first, 3);
}

static void put_point(const struct drawn *d, double x, double y) {
  eh_sheet_number(d->drawing->data, d->drawing->next, 1, x, EH_STYLE_RATIO);
  eh_sheet_number(d->drawing->data, d->drawing->next++, 2, y, EH_STYLE_AMOUNT);
}

static void put_gap(const struct drawn *d, double x) {
  eh_sheet_number(d->drawing->data, d->drawing->next++, 1, x, EH_STYLE_RATIO);
}

static const char *const line_headings[] = {"", "When (years)", "Line"};

static struct eh_plot plot_intervals(const struct drawn *d, double *low, double *high) {
  uint32_t first = eh_drawing_block(d->drawing, about(d, "Intervals"), line_headings, 3);
  for (uint32_t t = 0; t < d->m->periods; t++) {
    const struct eh_interval *i = &d->u->path[t].difference;
    if (i->low.why_not) continue;
    double x = place_of(d, t);
    put_point(d, x, i->low.value);
    put_point(d, x, i->high.value);
    put_gap(d, x);
    *low = fmin(*low, i->low.value);
    *high = fmax(*high, i->high.value);
  }
  return plot_of(d, "95% interval", EH_LOOK_INTERVAL, first, 2);
}

/* The levels before and after, as two steps. */
static struct eh_plot plot_levels(const struct drawn *d) {
  uint32_t first = eh_drawing_block(d->drawing, about(d, "Before and after"), line_headings, 3);
  double cut = place_of(d, d->u->change - 0.5);
  if (!d->u->before.estimate.why_not) {
    put_point(d, place_of(d, d->u->begin - 0.5), d->u->before.estimate.value);
    put_point(d, cut, d->u->before.estimate.value);
  }
  put_gap(d, cut);
  if (!d->u->after.estimate.why_not) {
    put_point(d, cut, d->u->after.estimate.value);
    put_point(d, place_of(d, d->m->periods - 0.5), d->u->after.estimate.value);
  }
  return plot_of(d, "before, and after", EH_LOOK_SPREAD, first, 2);
}

/* Upright lines where the 95% of periods begin and end. */
static struct eh_plot plot_when(const struct drawn *d, double low, double high) {
  uint32_t first = eh_drawing_block(d->drawing, about(d, "When it changed"), line_headings, 3);
  const double at[] = {d->u->change_first - 0.5, d->u->change_last + 0.5};
  for (int i = 0; i < 2; i++) {
    put_point(d, place_of(d, at[i]), low);
    put_point(d, place_of(d, at[i]), high);
    put_gap(d, place_of(d, at[i]));
  }
  return plot_of(d, "95%: began between", EH_LOOK_EDGE, first, 2);
}

static struct eh_axis years(const struct drawn *d) {
  struct eh_axis x = {.format = "0",
                      .low = floor(place_of(d, -0.5)),
                      .high = ceil(place_of(d, d->m->periods - 0.5)),
                      .step = 1.0};
  return x;
}

static void draw_differences(const struct drawn *d, uint32_t row) {
  double low = 0.0, high = 0.0;
  struct eh_plot plots[4];
  plots[0] = plot_intervals(d, &low, &high);
  low = fmax(low, -0.6);
  high = fmin(high, 0.6);
  plots[2] = plot_differences(d, &low, &high);
  eh_axis_round(&low, &high);
  plots[1] = plot_when(d, low, high);
  plots[3] = plot_levels(d);
  struct eh_chart chart = {
      .title = "Difference from its peers",
      .description = eh_arena_printf(
          d->drawing->arena, "Difference of %s from its peers in each period, with intervals, and "
                             "its level before and after the change.",
          eh_words_name(d->drawing->arena, d->u->unit)),
      .x = years(d),
      .y = {.name = "Difference", .format = "+0%;-0%;0%", .low = low, .high = high},
      .plots = plots,
      .plot_count = 4,
      .width = WIDE,
      .height = HIGH};
  eh_sheet_chart(d->drawing->sheet, row, 0, &chart);
}

/* --- evidence --- */

static struct eh_plot plot_evidence(const struct drawn *d, double *high) {
  static const char *const headings[] = {"Look after", "(years)", "Evidence to 1"};
  struct eh_drawing *w = d->drawing;
  uint32_t first = eh_drawing_block(w, about(d, "Evidence"), headings, 3);
  for (uint32_t t = 0; t < d->m->periods; t++, w->next++) {
    double e = exp(fmin(fmax(d->u->ln_e[t], -2.3), 20.0));
    eh_sheet_text(w->data, w->next, 0, eh_monitored_period(w->arena, d->m, t), EH_STYLE_TEXT);
    eh_sheet_number(w->data, w->next, 1, place_of(d, t), EH_STYLE_RATIO);
    eh_sheet_number(w->data, w->next, 2, e, EH_STYLE_RATIO);
    *high = fmax(*high, e);
  }
  return plot_of(d, "evidence", EH_LOOK_RATE, first, 2);
}

static struct eh_plot plot_line(const struct drawn *d, const char *name, double y,
                                enum eh_look look) {
  uint32_t first = eh_drawing_block(d->drawing, about(d, name), line_headings, 3);
  put_point(d, years(d).low, y);
  put_point(d, years(d).high, y);
  return plot_of(d, name, look, first, 2);
}

static void draw_evidence(const struct drawn *d, const struct eh_monitor *rules, uint32_t row) {
  struct eh_arena *arena = d->drawing->arena;
  double watched = 1.0 / rules->false_alarms, high = 10.0 * watched,
         signal = (double)d->m->judged / d->m->measure->flag.false_discovery_rate;
  struct eh_plot plots[3];
  plots[2] = plot_evidence(d, &high);
  plots[0] = plot_line(d, eh_arena_printf(arena, "watched: %.0f to 1", watched), watched,
                       EH_LOOK_GUIDE);
  plots[1] = plot_line(d, eh_arena_printf(arena, "signal by itself: %.0f to 1", signal), signal,
                       EH_LOOK_EDGE);
  struct eh_chart chart = {
      .title = "Evidence of a change, to 1",
      .description = eh_arena_printf(arena, "Evidence that %s has changed, at each look.",
                                     eh_words_name(arena, d->u->unit)),
      .x = years(d),
      .y = {.format = "#,##0.0##",
            .low = 0.1,
            .high = pow(10.0, ceil(log10(fmax(high, signal)))),
            .logarithmic = true},
      .plots = plots,
      .plot_count = 3,
      .width = WIDE,
      .height = HIGH};
  eh_sheet_chart(d->drawing->sheet, row, COLUMNS / 2, &chart);
}

static void draw_unit(struct eh_drawing *drawing, const struct eh_workbook *w, size_t index) {
  const struct eh_monitoring_row *source = &w->monitoring.rows[index];
  struct drawn d = {drawing, source->monitored, source->unit};
  uint32_t row = eh_workbook_monitoring_chart_row(index);
  eh_sheet_text(drawing->sheet, row, 0,
                eh_arena_printf(drawing->arena, "%s: %s",
                                eh_words_name(drawing->arena, d.u->unit), d.m->title),
                EH_STYLE_TABLE_TITLE);
  eh_sheet_paragraph(drawing->sheet, row + 1, 0, COLUMNS - 1, PAGE_WIDTH, d.u->statement,
                     EH_STYLE_PARAGRAPH);
  draw_differences(&d, row + TITLE_ROWS);
  draw_evidence(&d, w->audit->monitoring->rules, row + TITLE_ROWS);
}

static void put_data_frame(const struct eh_workbook *w) {
  eh_sheet_width(w->monitoring.data, 0, 0, 34);
  eh_sheet_width(w->monitoring.data, 1, 3, 16);
  eh_sheet_text(w->monitoring.data, 0, 0, "Monitoring data", EH_STYLE_TABLE_TITLE);
  eh_sheet_text(w->monitoring.data, 1, 0,
                "What the charts of monitoring are drawn from. An empty cell parts a line from the "
                "next. Not printed.",
                EH_STYLE_SUBTITLE);
  eh_sheet_page(w->monitoring.data, true, 0);
  eh_sheet_print_area(w->monitoring.data, 1, 3);
}

void eh_workbook_write_monitoring_charts(const struct eh_workbook *w) {
  struct eh_drawing drawing = {w->audit->rules, w->arena, w->monitoring.charts, w->monitoring.data,
                               3};
  uint32_t *pages = eh_arena_alloc(w->arena, w->monitoring.drawn, sizeof *pages);
  size_t page_count = 0;
  eh_sheet_text(w->monitoring.charts, 0, 0, "Monitoring charts", EH_STYLE_TABLE_TITLE);
  eh_sheet_text(w->monitoring.charts, 1, 0,
                "Units that are or were watched; at most 24. Kinds of case are held alike, and "
                "whatever moved all units alike is not in it.",
                EH_STYLE_SUBTITLE);
  eh_sheet_link(w->monitoring.charts, 2, 0, "\xE2\x86\x90 Monitoring",
                eh_listing_target(&w->monitoring.table, 0), EH_STYLE_PLAIN_LINK);
  for (size_t i = 0; i < w->monitoring.drawn; i++) {
    draw_unit(&drawing, w, i);
    if (i && i % 2 == 0) pages[page_count++] = eh_workbook_monitoring_chart_row(i);
  }
  put_data_frame(w);
  eh_sheet_pages(w->monitoring.charts, SCALE, pages, page_count);
  eh_sheet_print_area(w->monitoring.charts,
                      eh_workbook_monitoring_chart_row(w->monitoring.drawn) - 1, COLUMNS - 1);
}
