/* A workbook under construction, as the sheets' writers see it: cells, links, widths, pages, in the
 * house's styles.
 *
 * The library behind it (libxlsxwriter) stays in book.c and the workbook's other .c files. Every
 * write's answer is checked: the first failure is kept and eh_book_close reports it; writes after
 * it do nothing. Text passes eh_safe_cell, numbers must be finite. Rows and columns count from 0.
 */
#ifndef EVENHAND_REPORTS_BOOK_H
#define EVENHAND_REPORTS_BOOK_H

#include <stdbool.h>

#include "reports/book/sheet_name.h"

enum eh_style {
  EH_STYLE_TITLE,
  EH_STYLE_TABLE_TITLE,
  EH_STYLE_SUBTITLE,
  EH_STYLE_SUBTITLE_LINES, /* wrapped */
  EH_STYLE_HEADING,
  EH_STYLE_BLOCK_TITLE, /* of one of several blocks of a sheet */
  EH_STYLE_PARAGRAPH,   /* wrapped, no border */
  EH_STYLE_LABEL,       /* bold, no border */
  EH_STYLE_CODE,
  EH_STYLE_PLAIN_LINK,
  EH_STYLE_TILE_FIGURE,
  EH_STYLE_TILE_LABEL,
  EH_STYLE_TILE_NOTE,
  /* of tables */
  EH_STYLE_COLUMN_HEADING,
  EH_STYLE_NUMBER_HEADING, /* right-aligned, as numbers are */
  EH_STYLE_TEXT,
  EH_STYLE_WRAPPED,
  EH_STYLE_COUNT,      /* 1,234 */
  EH_STYLE_DECIMAL,    /* 12.3 */
  EH_STYLE_PERCENT,    /* 12.3% of a fraction */
  EH_STYLE_RELATIVE,   /* +12.3% of a fraction: more, or less, than something */
  EH_STYLE_POINTS,     /* 12.3 pts of a fraction; the cell holds 12.3 */
  EH_STYLE_DIFFERENCE, /* +12.3 pts, likewise */
  EH_STYLE_RATIO,      /* 1.23; from 0 */
  EH_STYLE_AMOUNT,     /* -1.23 */
  EH_STYLE_P,          /* 0.012, <0.001 */
  EH_STYLE_NONE,       /* where there is no figure */
  EH_STYLE_LINK,
  EH_STYLE_TABLE_LINK, /* wrapped */
  EH_STYLE_MARKED,     /* text that differs where the rest is alike */
  EH_STYLE_INPUT,      /* for the reader to fill in */
  EH_STYLES
};

struct eh_book;
struct eh_sheet;

struct eh_area {
  uint32_t first_row, last_row;
  unsigned first_column, last_column;
};

struct eh_book_about {
  const char *title, *subject, *comments;
  int32_t created; /* the day; the file's bytes depend on nothing else */
};

/* The book is written to path when it is closed. NULL when it cannot be begun (error is filled). */
struct eh_book *eh_book_open(struct eh_arena *arena, const char *path,
                             const struct eh_book_about *about, struct eh_error *error);
/* Write the file and release the book; the first failure of all is the one reported. */
enum eh_status eh_book_close(struct eh_book *book, struct eh_error *error) EH_MUST_USE;
struct eh_arena *eh_book_arena(struct eh_book *book);

/* Sheets stand in the order in which they are added. The name is made legal and unique. */
struct eh_sheet *eh_book_add_sheet(struct eh_book *book, const char *wanted_name);
const char *eh_sheet_title(const struct eh_sheet *sheet);
struct eh_book *eh_sheet_book(struct eh_sheet *sheet);

void eh_sheet_text(struct eh_sheet *sheet, uint32_t row, unsigned column, const char *text,
                   enum eh_style style);
void eh_sheet_number(struct eh_sheet *sheet, uint32_t row, unsigned column, double number,
                     enum eh_style style);
/* A link to a cell of this book; as plain text where the sheet already has as many links as it can
 * hold. */
void eh_sheet_link(struct eh_sheet *sheet, uint32_t row, unsigned column, const char *text,
                   const char *target, enum eh_style style);
/* What eh_sheet_link takes. */
const char *eh_sheet_target(const struct eh_sheet *sheet, uint32_t row, unsigned column);
/* Text over the columns first to last of one row; target is NULL or makes it a link. */
void eh_sheet_across(struct eh_sheet *sheet, uint32_t row, unsigned first, unsigned last,
                     const char *text, const char *target, enum eh_style style);
/* The same, wrapped, the row made high enough (merged cells do not grow by themselves). width: of
 * the columns together. */
void eh_sheet_paragraph(struct eh_sheet *sheet, uint32_t row, unsigned first, unsigned last,
                        double width, const char *text, enum eh_style style);

/* A formula, and what it comes to as long as nobody fills in anything: a number, or shown where
 * that is not NULL. */
void eh_sheet_formula(struct eh_sheet *sheet, uint32_t row, unsigned column, const char *formula,
                      double number, const char *shown, enum eh_style style);
/* The cells of one column, as a formula on any sheet names them: 'Files'!$A$5:$A$20. */
const char *eh_sheet_range(const struct eh_sheet *sheet, uint32_t first_row, uint32_t last_row,
                           unsigned column);
/* Cells that take one of these texts (NULL after the last), offered as a list. */
void eh_sheet_choices(struct eh_sheet *sheet, const struct eh_area *area,
                      const char *const *choices, const char *advice);

/* Widths in digits of the standard font, heights in points. */
void eh_sheet_width(struct eh_sheet *sheet, unsigned first, unsigned last, double width);
void eh_sheet_height(struct eh_sheet *sheet, uint32_t row, double height);
/* How high a row must be for wrapped text in a column of this width. */
double eh_text_height(const char *text, double width, enum eh_style style);
void eh_sheet_freeze(struct eh_sheet *sheet, uint32_t row, unsigned column);

/* Letter paper, one page wide, with a footer. pages_high 0: as many as needed. */
void eh_sheet_page(struct eh_sheet *sheet, bool landscape, unsigned pages_high);
/* Letter paper across, at a scale in percent; a new page begins at each of these rows. */
void eh_sheet_pages(struct eh_sheet *sheet, unsigned scale, const uint32_t *first_rows,
                    size_t count);
void eh_sheet_print_title(struct eh_sheet *sheet, uint32_t row);
void eh_sheet_print_area(struct eh_sheet *sheet, uint32_t last_row, unsigned last_column);

/* An Excel table with filters over cells already written. headings: unique, one for each column;
   the area's first row holds them. */
struct eh_heading {
  const char *text;
  bool over_numbers;
};
void eh_sheet_table(struct eh_sheet *sheet, const char *identifier, const struct eh_area *area,
                    const struct eh_heading *headings);
/* Bars to both sides of 0, blue above and orange below. */
void eh_sheet_bars(struct eh_sheet *sheet, const struct eh_area *area);
/* A pale ground where a formula, written for the area's first row, holds. */
void eh_sheet_band(struct eh_sheet *sheet, const struct eh_area *area, const char *formula);
/* Deeper orange for larger fractions, from none at 0 to the deepest at 1. */
void eh_sheet_heat(struct eh_sheet *sheet, const struct eh_area *area);
/* Deeper blue for graver levels. */
void eh_sheet_level_colours(struct eh_sheet *sheet, const struct eh_area *area);

#endif
