/* An office's charts: where it stands among the offices in each comparison, and each measure by
 * quarter beside all other offices'. Their figures stand on a sheet of their own. */
#include <math.h>
#include <stdlib.h>

#include "engine/audit/kinds/kinds.h"
#include "engine/base/words.h"
#include "reports/scorecards/scorecard.h"
#include "reports/workbook/chart_time.h"
#include "reports/workbook/scale.h"
#include "rules/language/question.h"

/* Two charts side by side; a page of letter paper holds three rows of them. */
enum {
  WIDTH = 608,
  HEIGHT = 264,
  CHART_ROWS = HEIGHT / EH_CHART_ROW + 1,
  SECOND_COLUMN = (WIDTH + EH_CHART_GAP) / EH_CHART_COLUMN + 1,
  COLUMNS = 2 * SECOND_COLUMN,
  PAGE_ROWS = 3 * CHART_ROWS + 6,
  FIRST_ROW = 3, /* below the sheet's title */
  MOST_CHARTS = 12,
  MOST_INTERVALS = 60, /* of more offices, only this one's is drawn */
  MOST_PAGES = 2 * MOST_CHARTS,
  PRINT_SCALE = 72 /* percent */
};
static const double TITLE_HEIGHT = 22.0; /* points */

struct page {
  struct eh_scorecard *card;
  struct eh_drawing drawing;
  uint32_t row; /* of the sheet: the next free one */
  uint32_t page_row, pages[MOST_PAGES];
  size_t page_count;
};

/* --- where it stands --- */

/* An office in a comparison: as a point, with its interval. */
struct standing {
  const struct eh_office_result *own;
  const struct eh_result **order; /* the testable ones and its own, from the lowest */
  size_t count, place;            /* of its own */
};

static int lowest_first(const void *x, const void *y) {
  const struct eh_result *a = *(const struct eh_result *const *)x,
                         *b = *(const struct eh_result *const *)y;
  double p = eh_result_headline(a)->estimate.value, q = eh_result_headline(b)->estimate.value;
  if (p != q) return p < q ? -1 : 1;
  return a < b ? -1 : a > b;
}

static struct standing stand(struct eh_arena *arena, const struct eh_office_result *own) {
  const struct eh_comparison_result *c = own->comparison;
  struct standing s = {.own = own};
  s.order = eh_arena_alloc(arena, c->result_count, sizeof *s.order);
  for (size_t i = 0; i < c->result_count; i++) {
    const struct eh_result *r = &c->results[i];
    if (eh_result_headline(r)->estimate.why_not || !r->recorded) continue;
    if (r->testable || r == own->result) s.order[s.count++] = r;
  }
  if (s.count) qsort(s.order, s.count, sizeof *s.order, lowest_first);
  while (s.place < s.count && s.order[s.place] != own->result) s.place++;
  return s;
}

static enum eh_style style_of(const struct standing *s) {
  return eh_scale_of(s->own->comparison->measure).difference;
}

enum { UNIT, PLACE, POINT, OWN_POINT, POINT_COLUMNS };

static uint32_t put_points(struct eh_drawing *d, const struct standing *s) {
  static const char *const headings[POINT_COLUMNS] = {"Unit", "Place, from the lowest",
                                                      "Difference", "This office's"};
  uint32_t first =
      eh_drawing_block(d, eh_arena_printf(d->arena, "Differences: %s", s->own->comparison->title),
                       headings, POINT_COLUMNS);
  for (size_t i = 0; i < s->count; i++, d->next++) {
    eh_sheet_text(d->data, d->next, UNIT, s->order[i]->unit, EH_STYLE_TEXT);
    eh_sheet_number(d->data, d->next, PLACE, (double)(i + 1), EH_STYLE_COUNT);
    eh_sheet_number(d->data, d->next, i == s->place ? OWN_POINT : POINT,
                    eh_result_headline(s->order[i])->estimate.value, style_of(s));
  }
  return first;
}

/* Three rows each: low, high, and one without figure that parts it from the next. */
static struct eh_plot plot_intervals(struct eh_drawing *d, const struct standing *s) {
  static const char *const headings[] = {"Place", "Limit of the interval"};
  uint32_t first = eh_drawing_block(
      d, eh_arena_printf(d->arena, "Intervals: %s", s->own->comparison->title), headings, 2);
  for (size_t i = 0; i < s->count; i++) {
    const struct eh_interval *shown = eh_result_headline(s->order[i]);
    if (shown->low.why_not || shown->high.why_not) continue;
    if (s->count > MOST_INTERVALS && i != s->place) continue;
    const double ends[] = {shown->low.value, shown->high.value};
    for (int e = 0; e < 2; e++) {
      eh_sheet_number(d->data, d->next, 0, (double)(i + 1), EH_STYLE_COUNT);
      eh_sheet_number(d->data, d->next++, 1, ends[e], style_of(s));
    }
    eh_sheet_number(d->data, d->next++, 0, (double)(i + 1), EH_STYLE_COUNT);
  }
  return (struct eh_plot){
      .name = eh_arena_printf(d->arena, "%.6g%% interval",
                              100.0 * s->own->comparison->measure->flag.confidence),
      .look = EH_LOOK_INTERVAL,
      .sheet = d->data,
      .first_row = first,
      .last_row = d->next - 1,
      .x = 0,
      .y = 1};
}

static struct eh_plot plot_zero(struct eh_drawing *d, const struct standing *s) {
  static const char *const headings[] = {"Place", "No difference"};
  uint32_t first = eh_drawing_block(
      d, eh_arena_printf(d->arena, "Line of no difference: %s", s->own->comparison->title),
      headings, 2);
  for (int end = 0; end < 2; end++) {
    eh_sheet_number(d->data, d->next, 0, end ? (double)s->count + 1.0 : 0.0, EH_STYLE_COUNT);
    eh_sheet_number(d->data, d->next++, 1, 0.0, style_of(s));
  }
  return (struct eh_plot){.look = EH_LOOK_GUIDE,
                          .sheet = d->data,
                          .first_row = first,
                          .last_row = first + 1,
                          .x = 0,
                          .y = 1};
}

/* As wide as the points and this office's interval need; others' intervals may be cut. */
static struct eh_axis axis_of(struct eh_arena *arena, const struct standing *s) {
  struct eh_scale scale = eh_scale_of(s->own->comparison->measure);
  double low = 0, high = 0;
  for (size_t i = 0; i < s->count; i++) {
    const struct eh_interval *d = eh_result_headline(s->order[i]);
    low = fmin(low, d->estimate.value);
    high = fmax(high, d->estimate.value);
    if (d->low.why_not || d->high.why_not) continue;
    if (s->count > MOST_INTERVALS && i != s->place) continue;
    low = fmin(low, d->low.value);
    high = fmax(high, d->high.value);
  }
  if (scale.is_amount)
    return (struct eh_axis){
        .name = eh_arena_printf(arena, "Difference from peers%s%s", scale.in, scale.axis_unit),
        .format = scale.axis};
  eh_axis_round(&low, &high);
  return (struct eh_axis){.name = "Difference from peers, in points",
                          .format = scale.axis,
                          .times = scale.factor,
                          .low = fmax(low, -1.0),
                          .high = fmin(high, 1.0)};
}

static const char *describe(struct eh_arena *arena, const struct standing *s, const char *office) {
  const struct eh_interval *own = eh_result_headline(s->own->result);
  const char *interval = "";
  struct eh_scale scale = eh_scale_of(s->own->comparison->measure);
  if (!own->low.why_not && !own->high.why_not)
    interval = eh_arena_printf(arena, ", interval %+.1f to %+.1f", scale.factor * own->low.value,
                               scale.factor * own->high.value);
  return eh_arena_printf(
      arena,
      "%s: the difference from peers of %s, with intervals, from the lowest to the "
      "highest; %s is at place %zu, %+.1f %s%s.",
      s->own->comparison->title, eh_words_of(arena, s->count, "unit", "units"), office,
      s->place + 1, scale.factor * own->estimate.value, scale.unit, interval);
}

static void draw_standing(struct page *page, const struct eh_office_result *own, unsigned column) {
  struct eh_drawing *d = &page->drawing;
  struct standing s = stand(d->arena, own);
  const char *office = eh_words_name(page->drawing.arena, page->card->office->name);
  uint32_t first = put_points(d, &s);
  struct eh_plot points = {.name = "Other offices",
                           .look = EH_LOOK_NOT_FLAGGED,
                           .sheet = d->data,
                           .first_row = first,
                           .last_row = d->next - 1,
                           .x = PLACE,
                           .y = POINT};
  struct eh_plot plots[] = {plot_zero(d, &s), plot_intervals(d, &s), points, points};
  struct eh_plot *shown = &plots[3];
  shown->name = office;
  shown->look = eh_result_differs(own->result) ? EH_LOOK_EXCEPTIONAL : EH_LOOK_STRONG;
  shown->y = OWN_POINT;
  struct eh_chart chart = {
      .title = own->comparison->title,
      .description = describe(d->arena, &s, office),
      .x = {.low = 0, .high = (double)s.count + 1.0, .bare = true},
      .y = axis_of(d->arena, &s),
      .plots = plots,
      .plot_count = s.count > 1 ? 4 : 3,
      .width = WIDTH,
      .height = HEIGHT,
  };
  if (s.count == 1) plots[2] = *shown;
  eh_sheet_chart(d->sheet, page->row, column, &chart);
}

/* --- by quarter --- */

static void draw_trend(struct page *page, size_t measure, unsigned column) {
  const struct eh_scorecard *card = page->card;
  const struct eh_over_time *times = card->times;
  size_t first = measure * times->count;
  const struct eh_count *own = &times->units[card->office->place].counts[first],
                               *all = &card->all_quarters[first];
  struct eh_count *counts =
      eh_arena_alloc(page->drawing.arena, times->count, sizeof *counts);
  struct eh_count *others =
      eh_arena_alloc(page->drawing.arena, times->count, sizeof *others);
  for (size_t q = 0; q < times->count; q++) {
    counts[q] = (struct eh_count){own[q].records, own[q].events};
    others[q] = (struct eh_count){all[q].records - own[q].records, all[q].events - own[q].events};
  }
  struct eh_drawn_time what = {.measure = &card->audit->rules->measures[measure],
                              .period = times->period,
                              .first = times->first,
                              .count = times->count,
                              .counts = counts,
                              .others = others,
                              .of = eh_words_name(card->arena, card->office->name),
                              .others_are = "Other offices",
                              .width = WIDTH,
                              .height = HEIGHT};
  eh_draw_time(&page->drawing, &what, page->row, column);
}

static bool has_trend(const struct eh_scorecard *card, size_t measure) {
  const struct eh_over_time *times = card->times;
  const struct eh_count *own =
      &times->units[card->office->place].counts[measure * times->count];
  uint64_t records = 0;
  for (size_t q = 0; q < times->count; q++) records += own[q].records;
  return !eh_has_outcome(&card->audit->rules->measures[measure]) && records > 0;
}

/* --- the sheet --- */

/* Go on at a new page unless so many rows are left on this one. */
static void make_room(struct page *page, uint32_t rows) {
  if (page->row + rows <= page->page_row + PAGE_ROWS) return;
  page->page_row = page->row;
  page->pages[page->page_count++] = page->row;
}

static void put_section(struct page *page, const char *title, const char *below) {
  make_room(page, CHART_ROWS + 2);
  eh_sheet_text(page->drawing.sheet, page->row, 0, title, EH_STYLE_TABLE_TITLE);
  eh_sheet_height(page->drawing.sheet, page->row++, TITLE_HEIGHT);
  eh_sheet_text(page->drawing.sheet, page->row++, 0, below, EH_STYLE_SUBTITLE);
}

/* The column for the next chart of a section, beside the one before or below it. */
static unsigned next_place(struct page *page, size_t shown) {
  if (shown % 2) return SECOND_COLUMN;
  if (shown) page->row += CHART_ROWS;
  make_room(page, CHART_ROWS);
  return 0;
}

static void put_standings(struct page *page) {
  const struct eh_office *office = page->card->office;
  size_t shown = 0, left_out = 0;
  put_section(page, "Among the offices, on like cases",
              office->own_count
                  ? "The difference from peers of each testable office, from the lowest to the "
                    "highest, with intervals; this one is marked."
                  : "None: the rules do not compare offices with each other.");
  for (size_t i = 0; i < office->own_count; i++) {
    const struct eh_result *own = office->own[i].result;
    /* the offices' differences in a category are each in an outcome of its own */
    if (!eh_kind_of(own->kind)->is_ranked || eh_result_headline(own)->estimate.why_not ||
        shown == MOST_CHARTS) {
      left_out++;
      continue;
    }
    draw_standing(page, &office->own[i], next_place(page, shown));
    shown++;
  }
  page->row += shown ? CHART_ROWS : 0;
  if (left_out)
    eh_sheet_text(
        page->drawing.sheet, page->row++, 0,
        eh_arena_printf(
            page->drawing.arena,
            "Not drawn: %s of a category, without a difference, or beyond the first %d.",
            eh_words_of(page->drawing.arena, left_out, "comparison", "comparisons"), MOST_CHARTS),
        EH_STYLE_SUBTITLE);
  page->row++;
}

static const char *why_no_trend(const struct eh_over_time *times) {
  if (times->spans_too_long) return "None: the dates span over 50 years; some must be wrong.";
  if (times->count == 0) return "None: the records have no dates.";
  if (times->count == 1) return "None: the records are of one quarter.";
  return "All records of the measure, whatever the kind of case. Measures of a category or a "
         "value, "
         "and those without records here, are not drawn.";
}

static void put_trends(struct page *page) {
  const struct eh_scorecard *card = page->card;
  size_t shown = 0;
  put_section(page, "By quarter", why_no_trend(card->times));
  for (size_t m = 0; m < card->audit->rules->measure_count && shown < MOST_CHARTS; m++) {
    if (card->times->count < 2 || !has_trend(card, m)) continue;
    draw_trend(page, m, next_place(page, shown));
    shown++;
  }
  page->row += shown ? CHART_ROWS : 0;
}

static void put_data_frame(struct page *page) {
  struct eh_sheet *data = page->drawing.data;
  eh_sheet_width(data, 0, 0, 34);
  eh_sheet_width(data, 1, 7, 16);
  eh_sheet_text(data, 0, 0, "Chart data", EH_STYLE_TABLE_TITLE);
  eh_sheet_text(data, 1, 0,
                "What the charts are drawn from. An empty cell parts a line from the next. Not "
                "printed.",
                EH_STYLE_SUBTITLE);
  eh_sheet_link(data, 2, 0, "\xE2\x86\x90 Charts", eh_sheet_target(page->drawing.sheet, 0, 0),
                EH_STYLE_PLAIN_LINK);
  eh_sheet_freeze(data, 3, 0);
  eh_sheet_page(data, true, 0);
  eh_sheet_print_area(data, 2, 7);
}

void eh_scorecard_write_charts(struct eh_scorecard *card) {
  struct page page = {
      .card = card,
      .drawing = {card->audit->rules, card->arena, card->charts, card->chart_data, 3},
      .row = FIRST_ROW};
  eh_sheet_text(card->charts, 0, 0, eh_arena_printf(card->arena, "%s: charts", card->office->name),
                EH_STYLE_TABLE_TITLE);
  eh_sheet_height(card->charts, 0, TITLE_HEIGHT);
  eh_sheet_link(card->charts, 1, 0, "\xE2\x86\x90 Summary", card->back, EH_STYLE_PLAIN_LINK);
  put_standings(&page);
  put_trends(&page);
  put_data_frame(&page);
  eh_sheet_pages(card->charts, PRINT_SCALE, page.pages, page.page_count);
  eh_sheet_print_area(card->charts, page.row, COLUMNS - 1);
}
