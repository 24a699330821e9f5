#include "reports/book/listing.h"

#include <string.h>
#include <strings.h>

#include "engine/base/words.h"
#include "reports/words/safe.h"
#include "reports/words/text_width.h"

enum {
  TITLE_ROW = 0,
  SUBTITLE_ROW = 1,
  BACK_ROW = 2,
  HEADING_ROW = 3,
  FIRST_ROW = 4,
  MOST_REASONS = 8
};
static const double FILTER_BUTTON = 14.0;       /* its height, under the heading */
static const char no_figure[] = "\xE2\x80\x93"; /* an en dash */

static size_t rows_of_sheet(const struct eh_listing *table) {
  return table->rows_per_sheet - FIRST_ROW;
}

void eh_listing_plan(struct eh_book *book, struct eh_listing *table, const char *sheet_name) {
  struct eh_arena *arena = eh_book_arena(book);
  size_t room = rows_of_sheet(table);
  table->sheet_count = table->count ? (table->count + room - 1) / room : 1;
  struct eh_sheet **sheets = eh_arena_alloc(arena, table->sheet_count, sizeof *sheets);
  for (size_t i = 0; i < table->sheet_count; i++) sheets[i] = eh_book_add_sheet(book, sheet_name);
  table->sheets = sheets;
}

const char *eh_listing_target(const struct eh_listing *table, size_t index) {
  size_t room = rows_of_sheet(table);
  return eh_sheet_target(table->sheets[index / room], (uint32_t)(FIRST_ROW + index % room), 0);
}

/* The rows that stand on one of the table's sheets; one, of nothing, where the table is empty. */
static size_t rows_on(const struct eh_listing *table, size_t sheet) {
  size_t room = rows_of_sheet(table), first = sheet * room;
  if (table->count == 0) return 1;
  return table->count - first < room ? table->count - first : room;
}

const char *eh_listing_range(const struct eh_listing *table, size_t sheet, size_t column) {
  uint32_t last = (uint32_t)(FIRST_ROW + rows_on(table, sheet) - 1);
  return eh_sheet_range(table->sheets[sheet], FIRST_ROW, last, (unsigned)column);
}

const char *eh_listing_cell(const struct eh_listing *table, size_t index, size_t column) {
  struct eh_arena *arena = eh_book_arena(eh_sheet_book(table->sheets[0]));
  size_t row = FIRST_ROW + index % rows_of_sheet(table) + 1;
  return column < 26 ? eh_arena_printf(arena, "%c%zu", (char)('A' + column), row)
                     : eh_arena_printf(arena, "%c%c%zu", (char)('A' + column / 26 - 1),
                                       (char)('A' + column % 26), row);
}

void eh_listing_choices(const struct eh_listing *table, size_t column, const char *const *choices,
                        const char *advice) {
  for (size_t i = 0; i < table->sheet_count && table->count; i++) {
    struct eh_area area = {FIRST_ROW, (uint32_t)(FIRST_ROW + rows_on(table, i) - 1),
                           (unsigned)column, (unsigned)column};
    eh_sheet_choices(table->sheets[i], &area, choices, advice);
  }
}

const char *eh_listing_heading(struct eh_arena *arena, const char *name,
                               const struct eh_listing_column *columns, size_t count) {
  enum { LONGEST_HEADING = 200 };
  const char *heading = eh_arena_copy(arena, name, eh_safe_fit(name, LONGEST_HEADING));
  for (size_t i = 0; i < count; i++) {
    if (strcasecmp(columns[i].heading, heading) != 0) continue;
    heading = eh_arena_printf(arena, "%s (column)", heading);
    i = (size_t)-1; /* from the start again */
  }
  return heading;
}

static void put_link(struct eh_sheet *sheet, uint32_t row, unsigned column,
                     const struct eh_link *link) {
  if (link->text && link->target) {
    eh_sheet_link(sheet, row, column, link->text, link->target, EH_STYLE_LINK);
  } else {
    eh_sheet_text(sheet, row, column, link->text ? link->text : "", EH_STYLE_TEXT);
  }
}

static const char *reason_of(const struct eh_listing_column *column, const char *row) {
  return column->kind == EH_VALUE_FIGURE ? *(const char *const *)(row + column->reason_at) : NULL;
}

static void put_value(struct eh_sheet *sheet, uint32_t at, unsigned position,
                      const struct eh_listing_column *column, const char *row) {
  const char *value = row + column->at, *reason = reason_of(column, row);
  switch (column->kind) {
    case EH_VALUE_TEXT: {
      const char *text = *(const char *const *)value;
      eh_sheet_text(sheet, at, position, text ? text : "", column->style);
      break;
    }
    case EH_VALUE_COUNT:
      eh_sheet_number(sheet, at, position, (double)*(const uint64_t *)value, column->style);
      break;
    case EH_VALUE_FIGURE:
      if (reason) { /* an infinite limit says so; other reasons are collected in a column of their
                       own */
        bool is_short = strcmp(reason, "infinite") == 0;
        eh_sheet_text(sheet, at, position, is_short ? reason : no_figure, EH_STYLE_NONE);
      } else {
        eh_sheet_number(sheet, at, position, *(const double *)value, column->style);
      }
      break;
    case EH_VALUE_LINK:
      put_link(sheet, at, position, (const struct eh_link *)value);
      break;
    case EH_VALUE_MARKED: {
      const struct eh_marked *marked = (const struct eh_marked *)value;
      eh_sheet_text(sheet, at, position, marked->text ? marked->text : "",
                    marked->is_marked ? EH_STYLE_MARKED : column->style);
      break;
    }
    case EH_VALUE_FORMULA: {
      const struct eh_formula *formula = (const struct eh_formula *)value;
      eh_sheet_formula(sheet, at, position, formula->text, 0.0, formula->shown, column->style);
      break;
    }
  }
}

static void put_above(const struct eh_listing *table, struct eh_sheet *sheet, size_t part) {
  struct eh_arena *arena = eh_book_arena(eh_sheet_book(sheet));
  const char *title = eh_words_name(arena, table->title);
  if (table->sheet_count > 1) {
    title = eh_arena_printf(arena, "%s (part %zu of %zu)", title, part + 1, table->sheet_count);
  }
  eh_sheet_text(sheet, TITLE_ROW, 0, title, EH_STYLE_TABLE_TITLE);
  eh_sheet_height(sheet, TITLE_ROW, 24.0);
  if (table->back)
    eh_sheet_link(sheet, BACK_ROW, 0, "\xE2\x86\x90 Summary", table->back, EH_STYLE_PLAIN_LINK);
}

static void emphasise(const struct eh_listing *table, struct eh_sheet *sheet, uint32_t last_row) {
  for (size_t i = 0; i < table->column_count; i++) {
    struct eh_area area = {FIRST_ROW, last_row, (unsigned)i, (unsigned)i};
    if (table->columns[i].emphasis == EH_BARS) eh_sheet_bars(sheet, &area);
    if (table->band && table->columns[i].banded) eh_sheet_band(sheet, &area, table->band);
    if (table->columns[i].emphasis == EH_HEAT) eh_sheet_heat(sheet, &area);
    if (table->columns[i].emphasis == EH_LEVEL_COLOURS) eh_sheet_level_colours(sheet, &area);
  }
}

/* The last column to be printed: beside a narrow table some empty ones, so that the title is not
   cut off. */
static unsigned last_printed(const struct eh_listing *table, size_t printed) {
  enum { EMPTY_WIDTH = 8, MOST_EMPTY = 24 };
  static const double title_size = 1.6; /* of its letters, to those of the rows */
  double width = 0.0;
  unsigned last = (unsigned)printed - 1;
  for (size_t k = 0; k < printed; k++) width += table->columns[k].width;
  if (printed < table->column_count) return last; /* what stands there is not for paper */
  double wanted = title_size * eh_text_width(table->title, strlen(table->title), true);
  while (width < wanted && last < printed + MOST_EMPTY) {
    width += EMPTY_WIDTH;
    last++;
  }
  return last;
}

/* Everything of a sheet but its rows. */
static void put_frame(const struct eh_listing *table, size_t part, size_t rows) {
  struct eh_sheet *sheet = table->sheets[part];
  struct eh_arena *arena = eh_book_arena(eh_sheet_book(sheet));
  uint32_t last_row = (uint32_t)(FIRST_ROW + (rows ? rows : 1) - 1);
  struct eh_heading *headings = eh_arena_alloc(arena, table->column_count, sizeof *headings);
  double highest = 0.0;
  size_t printed = 0;
  for (size_t i = 0; i < table->column_count; i++) {
    const struct eh_listing_column *column = &table->columns[i];
    headings[i].text = column->heading;
    headings[i].over_numbers = column->kind == EH_VALUE_COUNT || column->kind == EH_VALUE_FIGURE ||
                               (column->kind == EH_VALUE_FORMULA && column->style != EH_STYLE_TEXT);
    eh_sheet_width(sheet, (unsigned)i, (unsigned)i, column->width);
    double height =
        eh_text_height(column->heading, column->width, EH_STYLE_COLUMN_HEADING) + FILTER_BUTTON;
    if (height > highest) highest = height;
    if (!column->on_screen) printed = i + 1;
  }
  put_above(table, sheet, part);
  const char *identifier =
      part ? eh_arena_printf(arena, "%s_part_%zu", table->identifier, part + 1) : table->identifier;
  struct eh_area area = {HEADING_ROW, last_row, 0, (unsigned)table->column_count - 1};
  eh_sheet_height(sheet, HEADING_ROW, highest);
  eh_sheet_table(sheet, identifier, &area, headings);
  if (rows == 0) eh_sheet_text(sheet, FIRST_ROW, 0, table->empty, EH_STYLE_TEXT);
  emphasise(table, sheet, last_row);
  eh_sheet_freeze(sheet, FIRST_ROW, (unsigned)table->frozen);
  eh_sheet_page(sheet, true, 0);
  eh_sheet_print_title(sheet, HEADING_ROW);
  bool is_cut = table->printed_rows && rows > table->printed_rows;
  eh_sheet_print_area(sheet, is_cut ? FIRST_ROW + (uint32_t)table->printed_rows - 1 : last_row,
                      last_printed(table, printed));
}

/* Rows do not grow by themselves in every program: make room for the longest wrapped text. */
static void fit_height(struct eh_sheet *sheet, uint32_t at, const struct eh_listing *table,
                       const char *row) {
  double one_line = eh_text_height("", 1.0, EH_STYLE_WRAPPED), highest = one_line;
  for (size_t k = 0; k < table->column_count; k++) {
    const struct eh_listing_column *column = &table->columns[k];
    bool is_text = column->kind == EH_VALUE_TEXT || column->kind == EH_VALUE_MARKED;
    if (!is_text || column->style != EH_STYLE_WRAPPED) continue;
    const char *text = *(const char *const *)(row + column->at); /* a mark's text comes first */
    double height = text ? eh_text_height(text, column->width, column->style) : 0.0;
    if (height > highest) highest = height;
  }
  if (highest > one_line) eh_sheet_height(sheet, at, highest);
}

/* Of the columns as wide as their contents: the width that this row needs. */
static void widen(const struct eh_listing *table, const char *row, double *widths) {
  enum { ROOM = 2 /* at the sides */ };
  for (size_t k = 0; k < table->column_count; k++) {
    const struct eh_listing_column *column = &table->columns[k];
    if (column->widest <= widths[k]) continue;
    const char *text = *(const char *const *)(row + column->at); /* a link's text comes first */
    if (!text) continue;
    double width = eh_text_width(text, strlen(text), false) + ROOM;
    widths[k] = width < widths[k] ? widths[k] : width > column->widest ? column->widest : width;
  }
}

/* With how much of it is printed, where that is not all. */
static const char *subtitle_of(const struct eh_listing *table) {
  struct eh_arena *arena = eh_book_arena(eh_sheet_book(table->sheets[0]));
  if (!table->printed_rows || table->count <= table->printed_rows) return table->subtitle;
  return eh_arena_printf(arena, "%s On paper: the first %s of %s rows.", table->subtitle,
                         eh_words_count(arena, table->printed_rows),
                         eh_words_count(arena, table->count));
}

/* Over the printed columns, on several lines where it is wider than they are: beyond them it would
 * not be printed. */
static void put_subtitles(const struct eh_listing *table, const double *widths) {
  if (!table->subtitle) return;
  const char *subtitle = subtitle_of(table);
  double printed = 0.0;
  unsigned last = 0;
  for (size_t k = 0; k < table->column_count; k++) {
    if (table->columns[k].on_screen) continue;
    printed += widths[k];
    last = (unsigned)k;
  }
  bool fits = eh_text_width(subtitle, strlen(subtitle), false) <= printed;
  for (size_t part = 0; part < table->sheet_count; part++) {
    if (fits)
      eh_sheet_text(table->sheets[part], SUBTITLE_ROW, 0, subtitle, EH_STYLE_SUBTITLE);
    else
      eh_sheet_paragraph(table->sheets[part], SUBTITLE_ROW, 0, last, printed, subtitle,
                         EH_STYLE_SUBTITLE_LINES);
  }
}

static void set_widths(const struct eh_listing *table, const double *widths) {
  for (size_t k = 0; k < table->column_count; k++)
    for (size_t part = 0; table->columns[k].widest > 0 && part < table->sheet_count; part++)
      eh_sheet_width(table->sheets[part], (unsigned)k, (unsigned)k, widths[k]);
}

void eh_listing_write(const struct eh_listing *table, eh_row_function *row, void *context) {
  struct eh_arena *arena = eh_book_arena(eh_sheet_book(table->sheets[0]));
  double *widths = eh_arena_alloc(arena, table->column_count, sizeof *widths);
  for (size_t k = 0; k < table->column_count; k++) widths[k] = table->columns[k].width;
  size_t room = rows_of_sheet(table);
  for (size_t part = 0; part < table->sheet_count; part++) {
    size_t first = part * room, rows = table->count - first < room ? table->count - first : room;
    put_frame(table, part, rows);
    for (size_t i = 0; i < rows; i++) {
      const char *values = row(context, first + i);
      for (size_t k = 0; k < table->column_count; k++) {
        put_value(table->sheets[part], (uint32_t)(FIRST_ROW + i), (unsigned)k, &table->columns[k],
                  values);
      }
      fit_height(table->sheets[part], (uint32_t)(FIRST_ROW + i), table, values);
      widen(table, values, widths);
    }
  }
  set_widths(table, widths);
  put_subtitles(table, widths);
}

const char *eh_listing_reasons(struct eh_arena *arena, struct eh_listing_columns columns,
                               unsigned kind, const void *row) {
  const char *reasons[MOST_REASONS];
  size_t found = 0;
  for (size_t i = 0; i < columns.count && found < MOST_REASONS; i++) {
    const struct eh_listing_column *column = &columns.items[i];
    if (column->only_for && !(column->only_for & kind)) continue;
    const char *reason = reason_of(column, row);
    if (!reason || strcmp(reason, "infinite") == 0) continue;
    size_t j = 0;
    while (j < found && strcmp(reasons[j], reason) != 0) j++;
    if (j == found) reasons[found++] = reason;
  }
  return eh_words_join(arena, reasons, found, "; ");
}
