/* A sheet, row by row, whatever the format it is kept in: what the readers of workbooks hand to
 * those who make a table of it. */
#ifndef EVENHAND_LOAD_SHEET_H
#define EVENHAND_LOAD_SHEET_H

#include "engine/load/containers/zip.h"

enum { EH_MOST_ROWS = 1048576, EH_MOST_COLUMNS = 16384, EH_LONGEST_CELL = 32767 };

/* What a cell has beside its text. */
enum eh_cell_trait {
  EH_CELL_ERROR = 1,        /* #N/A: not recorded */
  EH_CELL_LONG_NUMBER = 2,  /* of more than 15 digits, which spreadsheets cut */
  EH_CELL_NO_VALUE = 4,     /* a formula without a saved value */
  EH_CELL_FORMULA = 8,      /* with one */
  EH_CELL_ZERO_FORMULA = 16 /* whose saved value is 0 */
};

struct eh_sheet_cell {
  uint32_t column; /* from 0 */
  uint32_t traits;
  size_t length;
  const char *text; /* trimmed, UTF-8; not terminated; empty only with traits */
};

/* A row with at least one cell; its cells are in rising order of columns. */
struct eh_sheet_row {
  uint32_t number; /* from 1 */
  uint32_t repeats; /* how many rows of this and the next numbers have these cells */
  bool is_hidden;
  size_t count;
  const struct eh_sheet_cell *cells;
};

/* Rows and columns from 0, both ends included. */
struct eh_sheet_range {
  uint32_t top, left, bottom, right;
};

enum eh_visibility { EH_VISIBLE, EH_HIDDEN };

struct eh_worksheet {
  const char *name;
  enum eh_visibility visibility;
  bool is_chart;
  bool has_table; /* a table object; its range, less its rows of totals */
  struct eh_sheet_range table;
};

/* What is told of a sheet while it is read. A row lasts for the call; merged cells and hidden
   columns may come behind the rows. A status that is not EH_OK ends the reading. */
struct eh_sheet_calls {
  enum eh_status (*row)(void *context, const struct eh_sheet_row *row, struct eh_error *error);
  enum eh_status (*merge)(void *context, const struct eh_sheet_range *range,
                          struct eh_error *error);
  void (*hidden_columns)(void *context, uint32_t count);
};

/* A workbook of one format. */
struct eh_workbook;
struct eh_workbook_format {
  const char *name;
  enum eh_status (*open)(struct eh_workbook **workbook, struct eh_zip *zip,
                         struct eh_error *error);
  void (*free)(struct eh_workbook *workbook);
  size_t (*sheet_count)(const struct eh_workbook *workbook);
  const struct eh_worksheet *(*sheet)(const struct eh_workbook *workbook, size_t sheet);
  bool (*calculates_on_load)(const struct eh_workbook *workbook);
  /* Read a sheet from its beginning; step until *at_end. pause: from the calls, end the step. */
  enum eh_status (*begin)(struct eh_workbook *workbook, size_t sheet,
                          const struct eh_sheet_calls *calls, void *context,
                          struct eh_error *error);
  enum eh_status (*step)(struct eh_workbook *workbook, bool *at_end, struct eh_error *error);
  void (*pause)(struct eh_workbook *workbook);
};
extern const struct eh_workbook_format eh_xlsx_format, eh_ods_format;

/* "A" for 0, "XFD" for 16383. */
void eh_sheet_column_name(uint32_t column, char name[4]);
/* "C9"; false: it is no cell of a sheet. */
bool eh_sheet_cell_of(const char *reference, size_t length, uint32_t *row, uint32_t *column);
/* "B2:C9", or one cell. */
bool eh_sheet_range_of(const char *reference, struct eh_sheet_range *range);

#endif
