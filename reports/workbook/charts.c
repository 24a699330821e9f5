/* The charts: a page for each comparison, then the measures over time; and the sheet with their
 * figures. */
#include <stdlib.h>
#include <string.h>

#include "engine/base/words.h"
#include "reports/workbook/chart_ladder.h"
#include "reports/workbook/chart_time.h"
#include "reports/workbook/chart_units.h"
#include "reports/workbook/workbook.h"
#include "rules/language/question.h"

enum {
  MOST_COMPARISONS = 24,
  FEWEST_UNITS = 3, /* two mirror each other: the table says it all */
  TITLE_ROWS = 4,
  PAGE_ROWS = TITLE_ROWS + EH_CHART_TALL / EH_CHART_ROW + 2,
  TIMES_A_PAGE = 4,
  FIRST_PAGE = 3, /* below the sheet's own title */
  COLUMNS =
      (EH_CHART_WIDE + EH_CHART_NARROW + 2 * EH_CHART_GAP + EH_CHART_COLUMN) / EH_CHART_COLUMN,
  PRINT_SCALE = 66 /* percent: a page's height and width on letter paper */
};

static const double PAGE_WIDTH = 8.0 * COLUMNS /* digits */, TITLE_HEIGHT = 22.0 /* points */;

static const char how_to_read[] =
    "Left above: units between the solid lines differ by no more than chance may explain; those "
    "beyond the dashed lines stand out even from the usual spread of units. Left below: on the "
    "diagonal a unit decides as its peers do. The tests decide who is flagged, not the picture.";

static const char how_to_read_values[] =
    "Each unit's mean less what its peers' means of the same kinds of case give, with its "
    "interval. Rates, and so the other pictures, are there for measures of an event only. The "
    "tests decide who is flagged, not the picture.";

/* The comparisons that say most: with more findings, then more records. */
static int compare_interest(const void *x, const void *y) {
  const struct eh_comparison_result *a = *(const struct eh_comparison_result *const *)x,
                                    *b = *(const struct eh_comparison_result *const *)y;
  if (a->levels.flagged != b->levels.flagged) return a->levels.flagged > b->levels.flagged ? -1 : 1;
  if (a->records != b->records) return a->records > b->records ? -1 : 1;
  return a < b ? -1 : a > b;
}

/* Of a category each unit may differ most in another outcome: no one picture shows that. */
static bool has_picture(const struct eh_comparison_result *c) {
  size_t shown = 0;
  if (!eh_kind_of(c->measure->kind)->is_ranked) return false;
  for (size_t i = 0; i < c->result_count; i++)
    shown += c->results[i].testable && !eh_result_headline(&c->results[i])->estimate.why_not;
  return shown >= FEWEST_UNITS;
}

/* Only events are counted over time. */
static size_t count_events(const struct eh_rules *rules) {
  size_t count = 0;
  for (size_t m = 0; m < rules->measure_count; m++) count += !eh_has_outcome(&rules->measures[m]);
  return count;
}

static bool has_categories(const struct eh_rules *rules) {
  for (size_t m = 0; m < rules->measure_count; m++)
    if (!eh_kind_of(rules->measures[m].kind)->is_ranked) return true;
  return false;
}

static bool has_times(const struct eh_workbook *w) {
  return w->audit->over_time && w->audit->over_time->count > 0 &&
         count_events(w->audit->rules) > 0;
}

/* Which comparisons are drawn, and on which row each begins (0: none). */
static size_t choose_pages(struct eh_workbook *w) {
  const struct eh_audit *audit = w->audit;
  const struct eh_comparison_result **chosen =
      eh_arena_alloc(w->arena, audit->comparison_count, sizeof *chosen);
  w->chart_row = eh_arena_alloc(w->arena, audit->comparison_count, sizeof *w->chart_row);
  size_t count = 0, pages = 0;
  for (size_t i = 0; i < audit->comparison_count; i++)
    if (has_picture(&audit->comparisons[i])) chosen[count++] = &audit->comparisons[i];
  if (count) qsort(chosen, count, sizeof *chosen, compare_interest);
  if (count > MOST_COMPARISONS) count = MOST_COMPARISONS;
  for (size_t i = 0; i < audit->comparison_count; i++)
    for (size_t k = 0; k < count; k++)
      if (chosen[k] == &audit->comparisons[i])
        w->chart_row[i] = (uint32_t)(FIRST_PAGE + PAGE_ROWS * pages++);
  return pages;
}

void eh_workbook_plan_charts(struct eh_workbook *w) {
  w->charted = choose_pages(w);
  if (w->charted == 0 && !has_times(w)) return;
  w->charts = eh_book_add_sheet(w->book, "Charts");
}

void eh_workbook_plan_chart_data(struct eh_workbook *w) {
  if (w->charts) w->chart_data = eh_book_add_sheet(w->book, "Chart data");
}

const char *eh_workbook_chart_target(const struct eh_workbook *w,
                                     const struct eh_comparison_result *comparison) {
  size_t index = (size_t)(comparison - w->audit->comparisons);
  return w->chart_row[index] ? eh_sheet_target(w->charts, w->chart_row[index], 0) : NULL;
}

static void put_comparisons(const struct eh_workbook *w, struct eh_drawing *d, uint32_t *pages,
                            size_t *page_count) {
  size_t group = 0;
  for (size_t i = 0; i < w->audit->comparison_count; i++) {
    const struct eh_comparison_result *c = &w->audit->comparisons[i];
    while (c >= w->findings->groups[group].first + w->findings->groups[group].count) group++;
    uint32_t row = w->chart_row[i];
    if (!row) continue;
    pages[(*page_count)++] = row;
    struct eh_shown_units units = eh_shown_units(d->arena, c);
    eh_sheet_text(d->sheet, row, 0, c->title, EH_STYLE_TABLE_TITLE);
    eh_sheet_height(d->sheet, row, TITLE_HEIGHT);
    eh_sheet_link(
        d->sheet, row + 1, 0,
        eh_arena_printf(d->arena, "%s and every figure in the table",
                        eh_words_of(d->arena, units.count, "testable unit", "testable units")),
        eh_listing_target(&w->groups[group].table, 0), EH_STYLE_PLAIN_LINK);
    bool has_rates = eh_kind_has(c->measure->kind, EH_PART_EVENT);
    eh_sheet_paragraph(d->sheet, row + 2, 0, COLUMNS - 1, PAGE_WIDTH,
                       has_rates ? how_to_read : how_to_read_values, EH_STYLE_PARAGRAPH);
    if (has_rates)
      eh_draw_units(d, &units, row + TITLE_ROWS);
    else
      eh_draw_ladder(d, &units, row + TITLE_ROWS, 0);
  }
}

static void put_times(const struct eh_workbook *w, struct eh_drawing *d, uint32_t *pages,
                      size_t *page_count) {
  const struct eh_over_time *times = w->audit->over_time;
  for (size_t m = 0, n = 0; has_times(w) && m < times->measure_count; m++) {
    if (eh_has_outcome(&w->audit->rules->measures[m])) continue;
    size_t place = n % TIMES_A_PAGE;
    uint32_t row = (uint32_t)(FIRST_PAGE + PAGE_ROWS * (w->charted + n++ / TIMES_A_PAGE));
    if (place == 0) {
      pages[(*page_count)++] = row;
      eh_sheet_text(d->sheet, row, 0,
                    eh_arena_printf(d->arena, "Over time, by %s", eh_period_name(times->period)),
                    EH_STYLE_TABLE_TITLE);
      eh_sheet_height(d->sheet, row, TITLE_HEIGHT);
      eh_sheet_text(d->sheet, row + 1, 0,
                    "All units together, kinds of case not held alike: a change may come from the "
                    "cases as well as from the decisions.",
                    EH_STYLE_SUBTITLE);
    }
    uint32_t down = place / 2 ? (EH_CHART_LOW + EH_CHART_ROW) / EH_CHART_ROW : 0;
    struct eh_drawn_time what = {.measure = &w->audit->rules->measures[m],
                                .period = times->period,
                                .first = times->first,
                                .count = times->count,
                                .counts = times->units[0].counts + m * times->count,
                                .width = EH_CHART_WIDE - EH_CHART_COLUMN * 2,
                                .height = EH_CHART_LOW};
    eh_draw_time(d, &what, row + TITLE_ROWS + down, place % 2 ? (COLUMNS + 1) / 2 : 0);
  }
}

static const char *what_is_drawn(const struct eh_workbook *w) {
  size_t all = w->audit->comparison_count;
  size_t measures = w->audit->rules->measure_count;
  bool only_events = count_events(w->audit->rules) == measures;
  if (w->charted == all)
    return only_events ? "Every comparison, and every measure over time."
                       : "Every comparison, and every measure of an event over time.";
  return eh_arena_printf(w->arena,
                         "%zu of %s, and every measure%s over time. Comparisons of fewer than %d "
                         "testable units%s are not drawn, and of the others at most %d, those with "
                         "the most findings.",
                         w->charted, eh_words_of(w->arena, all, "comparison", "comparisons"),
                         only_events ? "" : " of an event", FEWEST_UNITS,
                         has_categories(w->audit->rules) ? ", or of a category," : "",
                         MOST_COMPARISONS);
}

static void put_data_frame(const struct eh_workbook *w) {
  eh_sheet_width(w->chart_data, 0, 0, 34);
  eh_sheet_width(w->chart_data, 1, 7, 16);
  eh_sheet_text(w->chart_data, 0, 0, "Chart data", EH_STYLE_TABLE_TITLE);
  eh_sheet_text(w->chart_data, 1, 0,
                "What the charts are drawn from; nothing here that the other sheets do not say "
                "better. An empty cell parts a line from the next. Not printed.",
                EH_STYLE_SUBTITLE);
  eh_sheet_link(w->chart_data, 2, 0, "\xE2\x86\x90 Charts", eh_sheet_target(w->charts, 0, 0),
                EH_STYLE_PLAIN_LINK);
  eh_sheet_freeze(w->chart_data, 3, 0);
  eh_sheet_page(w->chart_data, true, 0);
  eh_sheet_print_area(w->chart_data, 2, 7);
}

void eh_workbook_write_charts(const struct eh_workbook *w) {
  if (!w->charts) return;
  struct eh_drawing drawing = {w->audit->rules, w->arena, w->charts, w->chart_data, 3};
  size_t most_pages = w->charted + w->audit->rules->measure_count + 1, pages = 0;
  uint32_t *page_rows = eh_arena_alloc(w->arena, most_pages, sizeof *page_rows);
  eh_sheet_text(w->charts, 0, 0, "Charts", EH_STYLE_TABLE_TITLE);
  eh_sheet_height(w->charts, 0, TITLE_HEIGHT);
  eh_sheet_text(w->charts, 1, 0, what_is_drawn(w), EH_STYLE_SUBTITLE);
  eh_sheet_link(w->charts, 2, 0, "\xE2\x86\x90 Summary", w->back, EH_STYLE_PLAIN_LINK);
  put_comparisons(w, &drawing, page_rows, &pages);
  put_times(w, &drawing, page_rows, &pages);
  put_data_frame(w);
  /* the sheet's title stands above the first page */
  eh_sheet_pages(w->charts, PRINT_SCALE, page_rows + 1, pages ? pages - 1 : 0);
  eh_sheet_print_area(w->charts, (uint32_t)(FIRST_PAGE + PAGE_ROWS * pages - 1), COLUMNS - 1);
}
