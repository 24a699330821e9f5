/* Listings, the tables of a workbook: columns described once, as data; the sheets' writers and the
 * method sheet read the same descriptions.
 *
 * A row is any struct; a column says where in it its value lies (offsetof). A table that has more
 * rows than a sheet goes on, with its headings, on another sheet. Plan every table before writing
 * the first, so that sheets can link to each other's rows.
 */
#ifndef EVENHAND_REPORTS_LISTING_H
#define EVENHAND_REPORTS_LISTING_H

#include <stddef.h>

#include "reports/book/book.h"

enum eh_value_kind {
  EH_VALUE_TEXT,   /* const char *; NULL or "": an empty cell */
  EH_VALUE_COUNT,  /* uint64_t */
  EH_VALUE_FIGURE, /* double, with a const char * that is set where there is no figure */
  EH_VALUE_LINK,   /* struct eh_link */
  EH_VALUE_MARKED, /* struct eh_marked */
  EH_VALUE_FORMULA /* struct eh_formula */
};

struct eh_link {
  const char *text;   /* NULL: an empty cell */
  const char *target; /* NULL: plain text */
};

struct eh_marked {
  const char *text; /* NULL: an empty cell */
  bool is_marked;   /* it differs from its like */
};

/* What a reader fills in makes these change. */
struct eh_formula {
  const char *text;  /* "=..." */
  const char *shown; /* what it comes to while nothing is filled in; NULL: 0 */
};

enum eh_emphasis { EH_NO_EMPHASIS, EH_BARS, EH_LEVEL_COLOURS, EH_HEAT };

struct eh_listing_column {
  const char *heading; /* unique in the table */
  const char *meaning; /* for the method sheet: what it is and where it comes from; NULL: named
                          after the rules' own column */
  double width;        /* at least, where widest is given */
  enum eh_style style;
  enum eh_value_kind kind;
  size_t at;        /* offset of the value in the row */
  size_t reason_at; /* EH_VALUE_FIGURE: offset of the reason why there is none */
  enum eh_emphasis emphasis;
  bool banded;       /* shaded in every other group of rows: see band */
  bool on_screen;    /* not printed: it stands to the right of the printed columns */
  unsigned only_for; /* bits of the kinds of row that have it, as the table's writer numbers them;
                        0: all have */
  double widest;     /* of text: as wide as its contents, up to this; 0: width stands */
};

struct eh_listing {
  /* Given before planning. */
  const char *title, *subtitle; /* above the table; subtitle NULL: none */
  const char *identifier;       /* of the Excel table: letters, digits, _; unique in the book */
  const struct eh_listing_column *columns;
  size_t column_count;
  size_t frozen;         /* columns that stay when the reader moves to the right */
  const char *band;      /* a formula on the table's first row, $A5 and so on, that is true in every
                            other group of rows; NULL: no bands */
  size_t count;          /* rows */
  size_t rows_per_sheet; /* the most rows of a sheet, headings and all */
  size_t printed_rows;   /* the most of a sheet that are printed: its subtitle says so; 0: all */
  const char *empty;     /* what stands there instead of rows, when there are none */
  const char *back;      /* the target of a link back */

  struct eh_sheet *const *sheets; /* planned */
  size_t sheet_count;
};

/* The rows of a sheet of every program in use. */
enum { EH_SHEET_ROWS = 1048576 };

void eh_listing_plan(struct eh_book *book, struct eh_listing *table, const char *sheet_name);
/* Rows are asked for once each, in order; a row is valid until the next. */
typedef const void *eh_row_function(void *context, size_t index);
void eh_listing_write(const struct eh_listing *table, eh_row_function *row, void *context);
/* A link's target: a row of the table, or with index 0 of an empty one the place where it would be.
 */
const char *eh_listing_target(const struct eh_listing *table, size_t index);

/* Where the cells of a column stand on one of the table's sheets, and one cell of the first sheet,
 * for formulas: 'Files'!$A$5:$A$20 and A5. */
const char *eh_listing_range(const struct eh_listing *table, size_t sheet, size_t column);
const char *eh_listing_cell(const struct eh_listing *table, size_t index, size_t column);
/* Offer choices in a column, on every sheet. */
void eh_listing_choices(const struct eh_listing *table, size_t column, const char *const *choices,
                        const char *advice);

/* A heading of a column named by the user, unlike those before it: Excel repairs a table that has
   two headings alike, whatever their case, or one of over 255 characters. */
const char *eh_listing_heading(struct eh_arena *arena, const char *name,
                               const struct eh_listing_column *columns, size_t count);

struct eh_listing_columns {
  const struct eh_listing_column *items;
  size_t count;
};
/* The distinct reasons for figures that a row lacks, for a column of their own; "" when none. kind:
   the row's bit; columns that such a row does not have say nothing. */
const char *eh_listing_reasons(struct eh_arena *arena, struct eh_listing_columns columns,
                               unsigned kind, const void *row);

#endif
