/* The second reading of a sheet: its records as CSV. */
#include <stdlib.h>
#include <string.h>

#include "engine/load/containers/made_text.h"
#include "engine/load/containers/table.h"

enum { ENOUGH = 1 << 18 }; /* bytes of text that are made ahead */

/* What a merged cell holds for the rows below its first. */
struct carried {
  char *text;
  size_t length;
  uint32_t bottom; /* row from 1; 0: none */
};

struct eh_table_text {
  const struct eh_table_plan *plan;
  const struct eh_workbook_format *format;
  struct eh_workbook *workbook;
  size_t sheet;
  struct eh_buffer text;
  size_t taken; /* of the text */
  bool at_end;
  uint64_t line; /* the next one */
  struct eh_row_map rows;
  struct eh_sheet_cell *within;
  struct eh_sheet_row row; /* one that stands there several times */
  uint32_t done;           /* of those times */
  size_t next_merge;
  struct carried *carried; /* by column of the plan */
};

static void put_field(struct eh_table_text *t, const char *text, size_t length) {
  t->line += eh_made_field(&t->text, text, length);
}

static void put_header(struct eh_table_text *t) {
  eh_row_map_note(&t->rows, t->line, t->plan->header);
  for (size_t c = 0; c < t->plan->column_count; c++) {
    const char *name = t->plan->columns[c].name;
    if (c) eh_buffer_add(&t->text, ",", 1);
    put_field(t, name, strlen(name));
  }
  eh_buffer_add(&t->text, "\n", 1);
  t->line++;
}

static size_t place_of(const struct eh_table_plan *plan, uint32_t column) {
  size_t low = 0, high = plan->column_count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (plan->columns[middle].column < column)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* What begins in this row, of merged cells. */
static void carry(struct eh_table_text *t, uint32_t row, const struct eh_sheet_cell *cells,
                  size_t count) {
  const struct eh_table_plan *plan = t->plan;
  for (; t->next_merge < plan->merge_count && plan->merges[t->next_merge].top <= row - 1;
       t->next_merge++) {
    const struct eh_sheet_range *merge = &plan->merges[t->next_merge];
    size_t place = place_of(plan, merge->left);
    if (place == plan->column_count || plan->columns[place].column != merge->left) continue;
    struct carried *carried = &t->carried[place];
    carried->bottom = 0;
    for (size_t i = 0; i < count && merge->top == row - 1; i++) {
      if (cells[i].column != merge->left || cells[i].traits & EH_CELL_ERROR) continue;
      carried->text = eh_resize(carried->text, cells[i].length + 1, 1);
      memcpy(carried->text, cells[i].text, cells[i].length);
      carried->length = cells[i].length;
      carried->bottom = merge->bottom + 1;
    }
  }
}

static void put_record(struct eh_table_text *t, uint32_t row, const struct eh_sheet_cell *cells,
                       size_t count) {
  const struct eh_table_plan *plan = t->plan;
  eh_row_map_note(&t->rows, t->line, row);
  carry(t, row, cells, count);
  size_t next = 0, before = t->text.length;
  for (size_t c = 0; c < plan->column_count; c++) {
    if (c) eh_buffer_add(&t->text, ",", 1);
    while (next < count && cells[next].column < plan->columns[c].column) next++;
    const struct eh_sheet_cell *cell =
        next < count && cells[next].column == plan->columns[c].column ? &cells[next] : NULL;
    if (cell && cell->traits & EH_CELL_ERROR) continue; /* not recorded */
    if (cell)
      put_field(t, cell->text, cell->length);
    else if (t->carried[c].bottom >= row)
      put_field(t, t->carried[c].text, t->carried[c].length);
  }
  /* A list of one column may have a row that holds an error: no blank line, which is no record. */
  if (t->text.length == before) eh_buffer_add(&t->text, "\"\"", 2);
  eh_buffer_add(&t->text, "\n", 1);
  t->line++;
}

/* As many of the row's repeats as are enough for now. */
static void put_repeats(struct eh_table_text *t) {
  const struct eh_table_plan *plan = t->plan;
  for (; t->done < t->row.repeats && t->text.length <= ENOUGH; t->done++) {
    uint32_t number = t->row.number + t->done;
    if (number <= plan->header || number > plan->last) continue;
    size_t count = eh_table_cells_in(plan, number, t->row.cells, t->row.count, t->within);
    if (count && !eh_table_is_total(t->within, count, plan->most_of_totals))
      put_record(t, number, t->within, count);
  }
}

/* The row's cells stay as they are while the reader pauses. */
static enum eh_status take_row(void *context, const struct eh_sheet_row *row,
                               struct eh_error *error) {
  (void)error;
  struct eh_table_text *t = context;
  t->row = *row;
  t->done = 0;
  put_repeats(t);
  if (t->text.length > ENOUGH) t->format->pause(t->workbook);
  return EH_OK;
}

struct eh_table_text *eh_table_text_new(const struct eh_table_plan *plan,
                                        const struct eh_workbook_format *format,
                                        struct eh_workbook *workbook, size_t sheet) {
  struct eh_table_text *t = eh_alloc_zeroed(1, sizeof *t);
  t->plan = plan;
  t->format = format;
  t->workbook = workbook;
  t->sheet = sheet;
  t->within = eh_alloc(EH_MOST_COLUMNS, sizeof *t->within);
  t->carried = eh_alloc_zeroed(plan->column_count + 1, sizeof *t->carried);
  return t;
}

void eh_table_text_free(struct eh_table_text *t) {
  if (!t) return;
  for (size_t c = 0; c < t->plan->column_count; c++) free(t->carried[c].text);
  free(t->carried);
  free(t->within);
  eh_row_map_free(&t->rows);
  eh_buffer_free(&t->text);
  free(t);
}

enum eh_status eh_table_text_begin(struct eh_table_text *t, struct eh_error *error) {
  static const struct eh_sheet_calls calls = {.row = take_row};
  t->text.length = t->taken = 0;
  t->line = 1;
  t->at_end = false;
  t->done = t->row.repeats = 0;
  t->next_merge = 0;
  if (!t->rows.is_whole) t->rows.count = 0;
  for (size_t c = 0; c < t->plan->column_count; c++) t->carried[c].bottom = 0;
  put_header(t);
  return t->format->begin(t->workbook, t->sheet, &calls, t, error);
}

static enum eh_status make_more(struct eh_table_text *t, struct eh_error *error) {
  t->text.length = t->taken = 0;
  put_repeats(t);
  while (t->text.length == 0 && !t->at_end) EH_TRY(t->format->step(t->workbook, &t->at_end, error));
  t->rows.is_whole |= t->at_end;
  return EH_OK;
}

enum eh_status eh_table_text_read(struct eh_table_text *t, char *buffer, size_t wanted, size_t *got,
                                  struct eh_error *error) {
  *got = 0;
  if (t->taken == t->text.length) EH_TRY(make_more(t, error));
  size_t left = t->text.length - t->taken;
  *got = left < wanted ? left : wanted;
  if (*got) memcpy(buffer, t->text.text + t->taken, *got);
  t->taken += *got;
  return EH_OK;
}

uint64_t eh_table_text_row(const struct eh_table_text *t, uint64_t line) {
  return eh_row_map_row(&t->rows, line);
}
