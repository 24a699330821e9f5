#include "reports/book/book.h"

#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>

#include "engine/base/words.h"
#include "reports/book/internal.h"
#include "reports/book/package_check.h"
#include "reports/words/safe.h"
#include "reports/words/text_width.h"

enum { MOST_LINKS = 65000 /* Excel takes 65,530 a sheet */, MOST_FOOTER = 55 };
static const double DATE_SECONDS = 86400.0;

struct style {
  const char *number;     /* the number format; NULL: general */
  double size;            /* 0: the standard 10 */
  int colour, background; /* -1: none */
  uint8_t align;
  bool bold, wrap, rule, underline, code, indent;
};

static const struct style styles[EH_STYLES] = {
    [EH_STYLE_TITLE] = {NULL, 18, EH_NAVY, -1, LXW_ALIGN_LEFT, .bold = true, .wrap = true},
    [EH_STYLE_TABLE_TITLE] = {NULL, 14, EH_NAVY, -1, LXW_ALIGN_LEFT, .bold = true},
    [EH_STYLE_SUBTITLE] = {NULL, 0, EH_GREY_TEXT, -1, LXW_ALIGN_LEFT},
    [EH_STYLE_SUBTITLE_LINES] = {NULL, 0, EH_GREY_TEXT, -1, LXW_ALIGN_LEFT, .wrap = true},
    [EH_STYLE_HEADING] = {NULL, 12, EH_NAVY, -1, LXW_ALIGN_LEFT, .bold = true, .rule = true},
    [EH_STYLE_BLOCK_TITLE] = {NULL, 0, EH_NAVY, -1, LXW_ALIGN_LEFT, .bold = true},
    [EH_STYLE_PARAGRAPH] = {NULL, 0, -1, -1, LXW_ALIGN_LEFT, .wrap = true},
    [EH_STYLE_LABEL] = {NULL, 0, -1, -1, LXW_ALIGN_LEFT, .bold = true, .wrap = true},
    [EH_STYLE_CODE] = {NULL, 9, -1, -1, LXW_ALIGN_LEFT, .code = true},
    [EH_STYLE_PLAIN_LINK] = {NULL, 0, EH_LINK_BLUE, -1, LXW_ALIGN_LEFT, .underline = true},
    [EH_STYLE_TILE_FIGURE] = {NULL, 24, EH_NAVY, EH_PALE, LXW_ALIGN_CENTER, .bold = true},
    [EH_STYLE_TILE_LABEL] = {NULL, 0, EH_NAVY, EH_PALE, LXW_ALIGN_CENTER, .bold = true},
    [EH_STYLE_TILE_NOTE] = {NULL, 9, EH_GREY_TEXT, EH_PALE, LXW_ALIGN_CENTER, .wrap = true},
    [EH_STYLE_COLUMN_HEADING] = {NULL, 0, 0xFFFFFF, EH_NAVY, LXW_ALIGN_LEFT, .bold = true,
                                 .wrap = true, .indent = true},
    [EH_STYLE_NUMBER_HEADING] = {NULL, 0, 0xFFFFFF, EH_NAVY, LXW_ALIGN_RIGHT, .bold = true,
                                 .wrap = true},
    [EH_STYLE_TEXT] = {NULL, 0, -1, -1, LXW_ALIGN_LEFT, .rule = true, .indent = true},
    [EH_STYLE_WRAPPED] = {NULL, 0, -1, -1, LXW_ALIGN_LEFT, .wrap = true, .rule = true,
                          .indent = true},
    [EH_STYLE_COUNT] = {"#,##0", 0, -1, -1, LXW_ALIGN_RIGHT, .rule = true},
    [EH_STYLE_DECIMAL] = {"#,##0.0", 0, -1, -1, LXW_ALIGN_RIGHT, .rule = true},
    [EH_STYLE_PERCENT] = {"0.0%", 0, -1, -1, LXW_ALIGN_RIGHT, .rule = true},
    [EH_STYLE_RELATIVE] = {"+0.0%;-0.0%;0.0%", 0, -1, -1, LXW_ALIGN_RIGHT, .rule = true},
    [EH_STYLE_POINTS] = {"0.0\" pts\"", 0, -1, -1, LXW_ALIGN_RIGHT, .rule = true},
    [EH_STYLE_DIFFERENCE] = {"+0.0\" pts\";-0.0\" pts\";0.0\" pts\"", 0, -1, -1, LXW_ALIGN_RIGHT,
                             .rule = true},
    [EH_STYLE_RATIO] = {"[<0.1]0.0000;[<100]0.00;#,##0", 0, -1, -1, LXW_ALIGN_RIGHT, .rule = true},
    [EH_STYLE_AMOUNT] = {"#,##0.00", 0, -1, -1, LXW_ALIGN_RIGHT, .rule = true},
    [EH_STYLE_P] = {"[<0.001]\"<0.001\";0.000", 0, -1, -1, LXW_ALIGN_RIGHT, .rule = true},
    [EH_STYLE_NONE] = {NULL, 0, EH_GREY_TEXT, -1, LXW_ALIGN_RIGHT, .rule = true},
    [EH_STYLE_LINK] = {NULL, 0, EH_LINK_BLUE, -1, LXW_ALIGN_LEFT, .rule = true, .underline = true,
                       .indent = true},
    [EH_STYLE_TABLE_LINK] = {NULL, 0, EH_LINK_BLUE, -1, LXW_ALIGN_LEFT, .wrap = true, .rule = true,
                             .underline = true, .indent = true},
    [EH_STYLE_MARKED] = {NULL, 0, -1, EH_MARKED, LXW_ALIGN_LEFT, .bold = true, .wrap = true,
                         .rule = true, .indent = true},
    [EH_STYLE_INPUT] = {NULL, 0, -1, EH_FILL_IN, LXW_ALIGN_LEFT, .wrap = true, .rule = true,
                        .indent = true},
};

bool eh_book_is_broken(const struct eh_book *book) { return book->failure != LXW_NO_ERROR; }

void eh_sheet_check(struct eh_sheet *sheet, lxw_error answer) {
  if (answer == LXW_NO_ERROR || eh_book_is_broken(sheet->book)) return;
  sheet->book->failure = answer;
  sheet->book->failed_sheet = sheet->name;
}

static lxw_format *new_format(struct eh_book *book) {
  lxw_format *format = workbook_add_format(book->workbook);
  if (!format) eh_alloc(SIZE_MAX, SIZE_MAX); /* memory has run out */
  return format;
}

static lxw_format *make_style(struct eh_book *book, const struct style *style) {
  lxw_format *format = new_format(book);
  format_set_font_name(format, style->code ? "Courier New" : "Arial");
  format_set_font_size(format, style->size > 0 ? style->size : 10.0);
  format_set_align(format, style->align);
  format_set_align(
      format, style->background == EH_PALE ? LXW_ALIGN_VERTICAL_CENTER : LXW_ALIGN_VERTICAL_TOP);
  if (style->number) format_set_num_format(format, style->number);
  if (style->colour >= 0) format_set_font_color(format, (lxw_color_t)style->colour);
  if (style->background >= 0) format_set_bg_color(format, (lxw_color_t)style->background);
  if (style->bold) format_set_bold(format);
  if (style->indent) format_set_indent(format, 1);
  if (style->wrap) format_set_text_wrap(format);
  if (style->underline) format_set_underline(format, LXW_UNDERLINE_SINGLE);
  if (style->rule) {
    format_set_bottom(format, LXW_BORDER_THIN);
    format_set_bottom_color(format, EH_RULE);
  }
  return format;
}

static void make_styles(struct eh_book *book) {
  /* The workbook's own first format sets the standard font, and so what a column's width is
   * measured in. */
  lxw_format *standard = STAILQ_FIRST(book->workbook->formats);
  format_set_font_name(standard, "Arial");
  format_set_font_size(standard, 10);
  for (int i = 0; i < EH_STYLES; i++) book->styles[i] = make_style(book, &styles[i]);
  book->band = new_format(book);
  format_set_bg_color(book->band, EH_PALE);
  static const int fills[3] = {EH_NOTABLE_FILL, EH_STRONG_FILL, EH_EXCEPTIONAL_FILL};
  for (int i = 0; i < 3; i++) {
    book->levels[i] = new_format(book);
    format_set_bg_color(book->levels[i], (lxw_color_t)fills[i]);
    format_set_font_color(book->levels[i], fills[i] == EH_EXCEPTIONAL_FILL ? 0xFFFFFF : 0x000000);
  }
}

/* "&" begins a code in headers and footers. */
static const char *footer_text(struct eh_arena *arena, const char *title) {
  struct eh_buffer buffer = {0};
  const char *line = eh_safe_line(arena, title);
  size_t kept = eh_safe_fit(line, MOST_FOOTER);
  for (const char *c = line; c < line + kept; c++) {
    eh_buffer_add(&buffer, c, 1);
    if (*c == '&') eh_buffer_add(&buffer, c, 1);
  }
  if (line[kept]) eh_buffer_puts(&buffer, "\xE2\x80\xA6");
  const char *text =
      eh_arena_printf(arena, "&L&9%s&C&9&A&R&9Page &P of &N", buffer.text ? buffer.text : "");
  eh_buffer_free(&buffer);
  return text;
}

/* Excel's limit on a property is 255 characters. */
static char *property(struct eh_arena *arena, const char *text) {
  const char *line = eh_safe_line(arena, text);
  return eh_arena_copy(arena, line, eh_safe_fit(line, 200));
}

struct eh_book *eh_book_open(struct eh_arena *arena, const char *path,
                             const struct eh_book_about *about, struct eh_error *error) {
  struct eh_book *book = eh_arena_alloc(arena, 1, sizeof *book);
  book->arena = arena;
  book->path = path;
  book->footer = footer_text(arena, about->title);
  lxw_workbook_options options = {.constant_memory = LXW_FALSE, .use_zip64 = LXW_FALSE};
  book->workbook = workbook_new_opt(path, &options);
  if (!book->workbook) {
    (void)eh_fail(error, EH_MACHINE, "cannot begin the workbook: no memory");
    return NULL;
  }
  make_styles(book);
  lxw_doc_properties properties = {
      .title = property(arena, about->title),
      .subject = property(arena, about->subject),
      .comments = property(arena, about->comments),
      .created = (time_t)(DATE_SECONDS * about->created),
  };
  book->failure = workbook_set_properties(book->workbook, &properties);
  return book;
}

/* libxlsxwriter says on standard error what failed, too, in words of its own. One line is enough.
 */
static int mute(void) {
  int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere < 0) return -1;
  fflush(stderr);
  int kept = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
  if (kept >= 0) dup2(nowhere, STDERR_FILENO);
  close(nowhere);
  return kept;
}

static void unmute(int kept) {
  if (kept < 0) return;
  fflush(stderr);
  dup2(kept, STDERR_FILENO);
  close(kept);
}

enum eh_status eh_book_close(struct eh_book *book, struct eh_error *error) {
  lxw_error failure = book->failure;
  int kept = mute();
  if (failure == LXW_NO_ERROR) {
    failure = workbook_close(book->workbook); /* releases it even where it fails */
  } else {
    lxw_workbook_free(book->workbook);
  }
  unmute(kept);
  if (failure == LXW_NO_ERROR) return eh_package_check(book->path, error);
  if (book->failed_sheet) {
    return eh_fail_at(error, EH_MACHINE, book->path, 0, 0,
                      "cannot write the workbook's sheet \"%s\": %s", book->failed_sheet,
                      lxw_strerror(failure));
  }
  return eh_fail_at(
      error, EH_MACHINE, book->path, 0, 0,
      "cannot write the workbook: %s Is the disk (or the folder for temporary files) full?",
      lxw_strerror(failure));
}

struct eh_arena *eh_book_arena(struct eh_book *book) {
  return book->arena;
}

struct eh_sheet *eh_book_add_sheet(struct eh_book *book, const char *wanted_name) {
  struct eh_sheet *sheet = eh_arena_alloc(book->arena, 1, sizeof *sheet);
  sheet->book = book;
  sheet->name = eh_sheet_name(book->arena, &book->names, wanted_name);
  sheet->worksheet = workbook_add_worksheet(book->workbook, sheet->name);
  if (!sheet->worksheet) {
    eh_sheet_check(sheet, LXW_ERROR_PARAMETER_VALIDATION);
    return sheet;
  }
  worksheet_gridlines(sheet->worksheet, LXW_HIDE_ALL_GRIDLINES);
  return sheet;
}

const char *eh_sheet_title(const struct eh_sheet *sheet) { return sheet->name; }

struct eh_book *eh_sheet_book(struct eh_sheet *sheet) {
  return sheet->book;
}

/* Of a name that would run over the whole sheet a cell shows the beginning; its note has all of it
 * that a note holds. Text that is wrapped has the room. */
static const char *shown_of(struct eh_sheet *sheet, uint32_t row, unsigned column, const char *text,
                            enum eh_style style) {
  struct eh_arena *arena = sheet->book->arena;
  enum { LONGEST = 1000 /* UTF-16 units */, MOST_NOTES = 200 /* each has a copy of the text */ };
  bool is_name = style == EH_STYLE_TEXT || style == EH_STYLE_LINK || style == EH_STYLE_MARKED;
  if (!is_name || strlen(text) <= LONGEST || eh_safe_units(text) <= LONGEST) return text;
  if (sheet->notes++ < MOST_NOTES)
    eh_sheet_check(sheet, worksheet_write_comment(sheet->worksheet, row, (lxw_col_t)column,
                                                  eh_safe_cell(arena, text)));
  return eh_words_name(arena, text);
}

void eh_sheet_text(struct eh_sheet *sheet, uint32_t row, unsigned column, const char *text,
                   enum eh_style style) {
  struct eh_book *book = sheet->book;
  if (eh_book_is_broken(book)) return;
  text = shown_of(sheet, row, column, text, style);
  eh_sheet_check(sheet,
                 worksheet_write_string(sheet->worksheet, row, (lxw_col_t)column,
                                        eh_safe_cell(book->arena, text), book->styles[style]));
}

void eh_sheet_number(struct eh_sheet *sheet, uint32_t row, unsigned column, double number,
                     enum eh_style style) {
  struct eh_book *book = sheet->book;
  if (eh_book_is_broken(book)) return;
  if (!isfinite(number)) { /* the library would write it, and spreadsheets refuse the file */
    eh_sheet_text(sheet, row, column, "not a number", EH_STYLE_NONE);
    return;
  }
  /* no number format turns a fraction into points */
  if (style == EH_STYLE_DIFFERENCE || style == EH_STYLE_POINTS) number *= 100.0;
  eh_sheet_check(sheet, worksheet_write_number(sheet->worksheet, row, (lxw_col_t)column, number,
                                               book->styles[style]));
}

void eh_sheet_formula(struct eh_sheet *sheet, uint32_t row, unsigned column, const char *formula,
                      double number, const char *shown, enum eh_style style) {
  struct eh_book *book = sheet->book;
  if (eh_book_is_broken(book)) return;
  if (shown) {
    eh_sheet_check(sheet, worksheet_write_formula_str(sheet->worksheet, row, (lxw_col_t)column,
                                                      formula, book->styles[style], shown));
  } else {
    eh_sheet_check(sheet, worksheet_write_formula_num(sheet->worksheet, row, (lxw_col_t)column,
                                                      formula, book->styles[style], number));
  }
}

void eh_sheet_choices(struct eh_sheet *sheet, const struct eh_area *area,
                      const char *const *choices, const char *advice) {
  if (eh_book_is_broken(sheet->book)) return;
  lxw_data_validation validation = {.validate = LXW_VALIDATION_TYPE_LIST,
                                    .value_list = (char **)choices,
                                    .error_title = "Not one of the choices",
                                    .error_message = (char *)advice};
  eh_sheet_check(sheet, worksheet_data_validation_range(
                            sheet->worksheet, area->first_row, (lxw_col_t)area->first_column,
                            area->last_row, (lxw_col_t)area->last_column, &validation));
}

void eh_sheet_link(struct eh_sheet *sheet, uint32_t row, unsigned column, const char *text,
                   const char *target, enum eh_style style) {
  struct eh_book *book = sheet->book;
  if (eh_book_is_broken(book)) return;
  if (++sheet->links > MOST_LINKS) {
    eh_sheet_text(sheet, row, column, text, EH_STYLE_TEXT);
    return;
  }
  text = shown_of(sheet, row, column, text, style);
  eh_sheet_check(
      sheet, worksheet_write_url_opt(sheet->worksheet, row, (lxw_col_t)column, target,
                                     book->styles[style], eh_safe_cell(book->arena, text), NULL));
}

/* 'It''s a name' */
static const char *quoted_name(const struct eh_sheet *sheet) {
  struct eh_buffer quoted = {0};
  for (const char *c = sheet->name; *c; c++) {
    eh_buffer_add(&quoted, c, 1);
    if (*c == '\'') eh_buffer_add(&quoted, c, 1);
  }
  const char *name = eh_arena_printf(sheet->book->arena, "'%s'", quoted.text);
  eh_buffer_free(&quoted);
  return name;
}

const char *eh_sheet_target(const struct eh_sheet *sheet, uint32_t row, unsigned column) {
  char cell[LXW_MAX_CELL_NAME_LENGTH];
  lxw_rowcol_to_cell(cell, row, (lxw_col_t)column);
  return eh_arena_printf(sheet->book->arena, "internal:%s!%s", quoted_name(sheet), cell);
}

const char *eh_sheet_range(const struct eh_sheet *sheet, uint32_t first_row, uint32_t last_row,
                           unsigned column) {
  char range[LXW_MAX_CELL_RANGE_LENGTH];
  lxw_rowcol_to_range_abs(range, first_row, (lxw_col_t)column, last_row, (lxw_col_t)column);
  return eh_arena_printf(sheet->book->arena, "%s!%s", quoted_name(sheet), range);
}

void eh_sheet_across(struct eh_sheet *sheet, uint32_t row, unsigned first, unsigned last,
                     const char *text, const char *target, enum eh_style style) {
  struct eh_book *book = sheet->book;
  if (eh_book_is_broken(book)) return;
  if (last > first) {
    eh_sheet_check(sheet, worksheet_merge_range(sheet->worksheet, row, (lxw_col_t)first, row,
                                                (lxw_col_t)last, "", book->styles[style]));
  }
  if (target) {
    eh_sheet_link(sheet, row, first, text, target, style);
  } else {
    eh_sheet_text(sheet, row, first, text, style);
  }
}

double eh_text_height(const char *text, double width, enum eh_style style) {
  double size = styles[style].size > 0 ? styles[style].size : 10.0;
  double room = (width - (styles[style].indent ? 1.5 : 0.0)) * 10.0 / size;
  return eh_text_lines(text, room > 1.0 ? room : 1.0, styles[style].bold) * size * 1.3 + 2.0;
}

void eh_sheet_paragraph(struct eh_sheet *sheet, uint32_t row, unsigned first, unsigned last,
                        double width, const char *text, enum eh_style style) {
  eh_sheet_across(sheet, row, first, last, text, NULL, style);
  eh_sheet_height(sheet, row, eh_text_height(text, width, style));
}

void eh_sheet_width(struct eh_sheet *sheet, unsigned first, unsigned last, double width) {
  if (eh_book_is_broken(sheet->book)) return;
  eh_sheet_check(sheet, worksheet_set_column(sheet->worksheet, (lxw_col_t)first, (lxw_col_t)last,
                                             width, NULL));
}

void eh_sheet_height(struct eh_sheet *sheet, uint32_t row, double height) {
  if (eh_book_is_broken(sheet->book)) return;
  eh_sheet_check(sheet,
                 worksheet_set_row(sheet->worksheet, row, height > 409.0 ? 409.0 : height, NULL));
}

void eh_sheet_freeze(struct eh_sheet *sheet, uint32_t row, unsigned column) {
  if (eh_book_is_broken(sheet->book)) return;
  worksheet_freeze_panes(sheet->worksheet, row, (lxw_col_t)column);
}

static void set_paper(struct eh_sheet *sheet, bool landscape) {
  enum { LETTER = 1 };
  worksheet_set_paper(sheet->worksheet, LETTER);
  if (landscape) worksheet_set_landscape(sheet->worksheet);
  worksheet_set_margins(sheet->worksheet, 0.5, 0.5, 0.5, 0.6);
  eh_sheet_check(sheet, worksheet_set_footer(sheet->worksheet, sheet->book->footer));
}

void eh_sheet_page(struct eh_sheet *sheet, bool landscape, unsigned pages_high) {
  if (eh_book_is_broken(sheet->book)) return;
  set_paper(sheet, landscape);
  worksheet_fit_to_pages(sheet->worksheet, 1, (uint16_t)pages_high);
  if (pages_high) worksheet_center_horizontally(sheet->worksheet); /* it may become narrower */
}

void eh_sheet_pages(struct eh_sheet *sheet, unsigned scale, const uint32_t *first_rows,
                    size_t count) {
  if (eh_book_is_broken(sheet->book)) return;
  lxw_row_t *breaks = eh_arena_alloc(sheet->book->arena, count + 1, sizeof *breaks);
  if (count) memcpy(breaks, first_rows, count * sizeof *breaks);
  set_paper(sheet, true);
  worksheet_set_print_scale(sheet->worksheet, (uint16_t)scale);
  if (count) eh_sheet_check(sheet, worksheet_set_h_pagebreaks(sheet->worksheet, breaks));
}

void eh_sheet_print_title(struct eh_sheet *sheet, uint32_t row) {
  if (eh_book_is_broken(sheet->book)) return;
  eh_sheet_check(sheet, worksheet_repeat_rows(sheet->worksheet, row, row));
}

void eh_sheet_print_area(struct eh_sheet *sheet, uint32_t last_row, unsigned last_column) {
  if (eh_book_is_broken(sheet->book)) return;
  eh_sheet_check(sheet,
                 worksheet_print_area(sheet->worksheet, 0, 0, last_row, (lxw_col_t)last_column));
}

void eh_sheet_table(struct eh_sheet *sheet, const char *identifier, const struct eh_area *area,
                    const struct eh_heading *headings) {
  struct eh_book *book = sheet->book;
  if (eh_book_is_broken(book)) return;
  size_t count = area->last_column - area->first_column + 1;
  lxw_table_column *columns = eh_arena_alloc(book->arena, count, sizeof *columns);
  lxw_table_column **list = eh_arena_alloc(book->arena, count + 1, sizeof *list);
  for (size_t i = 0; i < count; i++) {
    columns[i].header = eh_arena_string(book->arena, eh_safe_cell(book->arena, headings[i].text));
    columns[i].header_format =
        book->styles[headings[i].over_numbers ? EH_STYLE_NUMBER_HEADING : EH_STYLE_COLUMN_HEADING];
    list[i] = &columns[i];
  }
  lxw_table_options options = {.name = eh_arena_string(book->arena, identifier),
                               .columns = list,
                               .style_type = LXW_TABLE_STYLE_TYPE_LIGHT,
                               .style_type_number = 1};
  eh_sheet_check(
      sheet, worksheet_add_table(sheet->worksheet, area->first_row, (lxw_col_t)area->first_column,
                                 area->last_row, (lxw_col_t)area->last_column, &options));
}

static void condition(struct eh_sheet *sheet, const struct eh_area *area,
                      lxw_conditional_format *format) {
  if (eh_book_is_broken(sheet->book)) return;
  eh_sheet_check(sheet, worksheet_conditional_format_range(
                            sheet->worksheet, area->first_row, (lxw_col_t)area->first_column,
                            area->last_row, (lxw_col_t)area->last_column, format));
}

void eh_sheet_bars(struct eh_sheet *sheet, const struct eh_area *area) {
  lxw_conditional_format bars = {.type = LXW_CONDITIONAL_DATA_BAR,
                                 .data_bar_2010 = LXW_TRUE,
                                 .bar_solid = LXW_TRUE,
                                 .bar_color = EH_ABOVE,
                                 .bar_negative_color = EH_BELOW,
                                 .bar_no_border = LXW_TRUE,
                                 .bar_axis_position = LXW_CONDITIONAL_BAR_AXIS_MIDPOINT};
  condition(sheet, area, &bars);
}

void eh_sheet_band(struct eh_sheet *sheet, const struct eh_area *area, const char *formula) {
  lxw_conditional_format band = {.type = LXW_CONDITIONAL_TYPE_FORMULA,
                                 .value_string = (char *)formula,
                                 .format = sheet->book->band};
  condition(sheet, area, &band);
}

void eh_sheet_heat(struct eh_sheet *sheet, const struct eh_area *area) {
  lxw_conditional_format heat = {.type = LXW_CONDITIONAL_2_COLOR_SCALE,
                                 .min_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER,
                                 .max_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER,
                                 .min_value = 0,
                                 .max_value = 1,
                                 .min_color = 0xFFFFFF,
                                 .max_color = EH_BELOW};
  condition(sheet, area, &heat);
}

void eh_sheet_level_colours(struct eh_sheet *sheet, const struct eh_area *area) {
  static const char *const names[3] = {"notable", "strong", "exceptional"};
  for (int i = 0; i < 3; i++) {
    char value[24];
    snprintf(value, sizeof value, "\"%s\"", names[i]);
    lxw_conditional_format level = {.type = LXW_CONDITIONAL_TYPE_CELL,
                                    .criteria = LXW_CONDITIONAL_CRITERIA_EQUAL_TO,
                                    .value_string = value,
                                    .format = sheet->book->levels[i]};
    condition(sheet, area, &level);
  }
}
