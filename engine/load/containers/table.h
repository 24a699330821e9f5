/* The table of a sheet: where its header is, what its columns are called, which rows are records.
 *
 * A sheet is read twice: once to plan (merged cells and the last columns come to light at its end),
 * once for the records. What is held meanwhile are its first rows, some numbers by column, and its
 * merged cells.
 */
#ifndef EVENHAND_LOAD_TABLE_H
#define EVENHAND_LOAD_TABLE_H

#include "engine/load/containers/sheet.h"
#include "engine/load/containers/wish.h"

enum eh_table_state { EH_TABLE_BLANK, EH_TABLE_ONE_COLUMN, EH_TABLE_NO_RECORDS, EH_TABLE_SOUND };

struct eh_table_column {
  uint32_t column;  /* of the sheet, from 0 */
  const char *name; /* its header; "(column J)" without one */
  uint32_t cells, errors, long_numbers, no_values, formulas, zero_formulas;
  uint32_t first_no_value, first_zero; /* rows, from 1 */
  const char *error_word;              /* the first one */
};

/* Rows count from 1. */
struct eh_table_plan {
  const struct eh_worksheet *sheet;
  enum eh_table_state state;
  bool in_range; /* only the sheet's table object is read */
  struct eh_sheet_range range;
  uint32_t skipped;          /* rows that were to be passed over */
  bool keeps_totals;         /* rows of totals are records */
  uint32_t header, last;     /* rows of the header and of the last record */
  uint32_t most_of_totals;   /* filled cells of a row of totals */
  struct eh_table_column *columns;
  size_t column_count;
  struct eh_sheet_range *merges; /* of more than one row, below the header; by their first row */
  size_t merge_count;
  uint32_t records, above, blank, hidden, hidden_columns;
  uint32_t totals, first_total, notes, first_note; /* counts, rows */
};

/* Read a sheet for the first time. The plan and all it holds is in the arena. */
enum eh_status eh_table_plan(struct eh_arena *arena, const struct eh_workbook_format *format,
                             struct eh_workbook *workbook, struct eh_zip *zip, size_t sheet,
                             const struct eh_wish *wish, struct eh_table_plan *plan,
                             struct eh_error *error) EH_MUST_USE;

/* Is this a row of totals: labelled as one in its first filled cell (total.h), with few others
   filled? */
bool eh_table_is_total(const struct eh_sheet_cell *cells, size_t count, uint32_t most);
/* Leave only cells with text within the plan's range; returns how many. to may be cells. */
size_t eh_table_cells_in(const struct eh_table_plan *plan, uint32_t row,
                         const struct eh_sheet_cell *cells, size_t count,
                         struct eh_sheet_cell *to);

/* --- the second reading --- */

/* Records as CSV, and which line is which row. */
struct eh_table_text;
struct eh_table_text *eh_table_text_new(const struct eh_table_plan *plan,
                                        const struct eh_workbook_format *format,
                                        struct eh_workbook *workbook, size_t sheet);
void eh_table_text_free(struct eh_table_text *text);
/* Begin, or begin again, with the header. */
enum eh_status eh_table_text_begin(struct eh_table_text *text, struct eh_error *error) EH_MUST_USE;
enum eh_status eh_table_text_read(struct eh_table_text *text, char *buffer, size_t wanted,
                                  size_t *got, struct eh_error *error) EH_MUST_USE;
/* The row of a line that was read, both from 1. */
uint64_t eh_table_text_row(const struct eh_table_text *text, uint64_t line);

#endif
