#include "reports/book/chart.h"

#include "reports/book/internal.h"
#include "reports/words/safe.h"

enum {
  INK = 0x262626,
  MUTED = 0x7F7F7F,
  GRID = 0xE6E6E6,
  SKY = 0x56B4E9,
  BLUE = 0x0072B2,
  VERMILION = 0xD55E00,
  ORANGE = 0xB87800,
  PURPLE = 0x8E4585
};
/* The library's chart before scaling. */
static const double STANDARD_WIDTH = 480.0, STANDARD_HEIGHT = 288.0;
enum { LONGEST_DESCRIPTION = 1000, MOST_LEFT_OUT = 32 };

struct look {
  uint8_t marker, marker_size; /* size 0: no marker */
  bool hollow;
  int colour;
  float line; /* width in points; 0: no line */
  uint8_t dash;
};

static const struct look looks[EH_LOOKS] = {
    [EH_LOOK_NOT_FLAGGED] = {LXW_CHART_MARKER_CIRCLE, 5, true, MUTED, 0, 0},
    [EH_LOOK_NOTABLE] = {LXW_CHART_MARKER_CIRCLE, 7, false, SKY, 0, 0},
    [EH_LOOK_STRONG] = {LXW_CHART_MARKER_DIAMOND, 9, false, BLUE, 0, 0},
    [EH_LOOK_EXCEPTIONAL] = {LXW_CHART_MARKER_TRIANGLE, 10, false, VERMILION, 0, 0},
    [EH_LOOK_RATE] = {LXW_CHART_MARKER_CIRCLE, 6, false, BLUE, 1.75F, LXW_CHART_LINE_DASH_SOLID},
    [EH_LOOK_OTHERS] = {0, 0, false, ORANGE, 1.75F, LXW_CHART_LINE_DASH_DASH},
    [EH_LOOK_INTERVAL] = {0, 0, false, MUTED, 1.25F, LXW_CHART_LINE_DASH_SOLID},
    [EH_LOOK_CHANCE] = {0, 0, false, INK, 1.25F, LXW_CHART_LINE_DASH_SOLID},
    [EH_LOOK_SPREAD] = {0, 0, false, ORANGE, 1.5F, LXW_CHART_LINE_DASH_DASH},
    [EH_LOOK_GUIDE] = {0, 0, false, MUTED, 1.0F, LXW_CHART_LINE_DASH_SOLID},
    [EH_LOOK_EDGE] = {0, 0, false, MUTED, 1.0F, LXW_CHART_LINE_DASH_DASH},
    [EH_LOOK_DATE] = {0, 0, false, PURPLE, 1.25F, LXW_CHART_LINE_DASH_SQUARE_DOT},
    [EH_LOOK_NAMES] = {0, 0, false, INK, 0, 0},
};

static const uint8_t sides[] = {[EH_LABELS_RIGHT] = LXW_CHART_LABEL_POSITION_RIGHT,
                                [EH_LABELS_LEFT] = LXW_CHART_LABEL_POSITION_LEFT,
                                [EH_LABELS_ABOVE] = LXW_CHART_LABEL_POSITION_ABOVE,
                                [EH_LABELS_BELOW] = LXW_CHART_LABEL_POSITION_BELOW};

static void draw_marker(lxw_chart_series *series, const struct look *look) {
  if (look->marker_size == 0) {
    chart_series_set_marker_type(series, LXW_CHART_MARKER_NONE);
    return;
  }
  lxw_chart_line edge = {.color = (lxw_color_t)(look->hollow ? look->colour : 0xFFFFFF),
                         .width = look->hollow ? 1.0F : 0.5F};
  lxw_chart_fill fill = {.color = (lxw_color_t)look->colour, .none = look->hollow};
  chart_series_set_marker_type(series, look->marker);
  chart_series_set_marker_size(series, look->marker_size);
  chart_series_set_marker_line(series, &edge);
  chart_series_set_marker_fill(series, &fill);
}

/* As a chart can hold it: the library takes a name that begins with = for a formula. */
static const char *chart_text(struct eh_book *book, const char *text) {
  const char *safe = eh_safe_cell(book->arena, text);
  return safe[0] == '=' ? eh_arena_printf(book->arena, "\xC2\xA0%s", safe) : safe;
}

/* Beside a point a no-break space keeps the name off its mark, where programs leave too little. A
 * name that begins with = would be taken for a formula. */
static char *label_text(struct eh_arena *arena, const char *text, enum eh_label_side side) {
  return eh_arena_printf(arena, "%s%s%s",
                         side == EH_LABELS_RIGHT || text[0] == '=' ? "\xC2\xA0" : "", text,
                         side == EH_LABELS_LEFT ? "\xC2\xA0" : "");
}

static void draw_labels(struct eh_sheet *sheet, lxw_chart_series *series,
                        const struct eh_plot *plot) {
  struct eh_arena *arena = sheet->book->arena;
  size_t count = plot->last_row - plot->first_row + 1;
  lxw_chart_data_label *labels = eh_arena_alloc(arena, count, sizeof *labels);
  lxw_chart_data_label **list = eh_arena_alloc(arena, count + 1, sizeof *list);
  lxw_chart_font font = {.name = "Arial", .size = 8, .color = INK};
  for (size_t i = 0; i < count; i++) {
    const char *text = plot->labels[i] ? eh_safe_cell(arena, plot->labels[i]) : NULL;
    if (text)
      labels[i].value = label_text(arena, text, plot->side);
    else
      labels[i].hide = LXW_TRUE;
    labels[i].font = &font; /* a label with text of its own does not take the series' font */
    list[i] = &labels[i];
  }
  chart_series_set_labels(series);
  chart_series_set_labels_font(series, &font);
  chart_series_set_labels_position(series, sides[plot->side]);
  eh_sheet_check(sheet, chart_series_set_labels_custom(series, list));
}

static void draw_plot(struct eh_sheet *sheet, lxw_chart *chart, const struct eh_plot *plot) {
  const struct look *look = &looks[plot->look];
  lxw_chart_series *series = chart_add_series(chart, NULL, NULL);
  if (!series) eh_out_of_memory();
  chart_series_set_categories(series, plot->sheet->name, plot->first_row, (lxw_col_t)plot->x,
                              plot->last_row, (lxw_col_t)plot->x);
  chart_series_set_values(series, plot->sheet->name, plot->first_row, (lxw_col_t)plot->y,
                          plot->last_row, (lxw_col_t)plot->y);
  if (plot->name) chart_series_set_name(series, chart_text(sheet->book, plot->name));
  lxw_chart_line line = {.color = (lxw_color_t)look->colour,
                         .none = look->line <= 0,
                         .width = look->line,
                         .dash_type = look->dash};
  chart_series_set_line(series, &line);
  draw_marker(series, look);
  if (plot->labels) draw_labels(sheet, series, plot);
}

static void draw_axis(struct eh_book *book, lxw_chart_axis *axis, const struct eh_axis *plan) {
  lxw_chart_font small = {.name = "Arial", .size = 9, .color = INK};
  lxw_chart_font title = {.name = "Arial", .size = 9, .color = INK};
  lxw_chart_line grid = {.color = GRID, .width = 0.5F}, line = {.color = MUTED, .width = 0.75F};
  double times = plan->times > 0 ? plan->times : 1.0;
  if (plan->name) chart_axis_set_name(axis, chart_text(book, plan->name));
  chart_axis_set_name_font(axis, &title);
  chart_axis_set_num_font(axis, &small);
  chart_axis_set_line(axis, &line);
  if (plan->format) chart_axis_set_num_format(axis, plan->format);
  if (plan->low < plan->high) {
    chart_axis_set_min(axis, plan->low * times);
    chart_axis_set_max(axis, plan->high * times);
  }
  if (plan->step > 0) chart_axis_set_major_unit(axis, plan->step * times);
  if (plan->logarithmic) chart_axis_set_log_base(axis, 10);
  chart_axis_set_label_position(
      axis, plan->bare ? LXW_CHART_AXIS_LABEL_POSITION_NONE : LXW_CHART_AXIS_LABEL_POSITION_LOW);
  if (plan->bare) chart_axis_set_major_tick_mark(axis, LXW_CHART_AXIS_TICK_MARK_NONE);
  chart_axis_major_gridlines_set_visible(axis, !plan->bare);
  if (!plan->bare) chart_axis_major_gridlines_set_line(axis, &grid);
}

static bool has_rows(const struct eh_plot *plot) { return plot->last_row >= plot->first_row; }

/* The library numbers the series as they were added. */
static void draw_plots(struct eh_sheet *sheet, lxw_chart *chart, const struct eh_chart *plan) {
  int16_t unnamed[MOST_LEFT_OUT + 1];
  int16_t series = 0;
  size_t count = 0;
  for (size_t i = 0; i < plan->plot_count; i++) {
    if (!has_rows(&plan->plots[i])) continue;
    draw_plot(sheet, chart, &plan->plots[i]);
    if (!plan->plots[i].name && count < MOST_LEFT_OUT) unnamed[count++] = series;
    series++;
  }
  unnamed[count] = -1;
  if (count == (size_t)series) {
    chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
    return;
  }
  lxw_chart_font font = {.name = "Arial", .size = 9, .color = INK};
  chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
  chart_legend_set_font(chart, &font);
  if (count) eh_sheet_check(sheet, chart_legend_delete_series(chart, unnamed));
}

void eh_sheet_chart(struct eh_sheet *sheet, uint32_t row, unsigned column,
                    const struct eh_chart *plan) {
  struct eh_book *book = sheet->book;
  if (eh_book_is_broken(book)) return;
  lxw_chart *chart = workbook_add_chart(book->workbook, LXW_CHART_SCATTER_STRAIGHT_WITH_MARKERS);
  if (!chart) eh_out_of_memory();
  lxw_chart_font title = {.name = "Arial", .size = 11, .bold = LXW_TRUE, .color = EH_NAVY};
  chart_title_set_name(chart, chart_text(book, plan->title));
  chart_title_set_name_font(chart, &title);
  draw_plots(sheet, chart, plan);
  draw_axis(book, chart->x_axis, &plan->x);
  draw_axis(book, chart->y_axis, &plan->y);
  lxw_chart_line frame = {.color = EH_RULE, .width = 0.75F};
  chart_chartarea_set_line(chart, &frame);
  const char *description = eh_safe_cell(book->arena, plan->description);
  lxw_chart_options options = {
      .x_scale = plan->width / STANDARD_WIDTH,
      .y_scale = plan->height / STANDARD_HEIGHT,
      .object_position = LXW_OBJECT_MOVE_DONT_SIZE,
      .description =
          eh_arena_copy(book->arena, description, eh_safe_fit(description, LONGEST_DESCRIPTION))};
  eh_sheet_check(
      sheet, worksheet_insert_chart_opt(sheet->worksheet, row, (lxw_col_t)column, chart, &options));
}
