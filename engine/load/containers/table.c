/* The first reading of a sheet. */
#include "engine/load/containers/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/load/containers/total.h"

enum { FIRST_ROWS = 100, MOST_MERGES = 1 << 20 };

struct kept_row {
  uint32_t number, repeats;
  bool is_hidden;
  size_t count;
  struct eh_sheet_cell *cells;
};

/* A row below the last record that fills one cell. */
struct lone_cell {
  uint32_t row, column;
};

struct look {
  struct eh_arena *arena;
  struct eh_zip *zip;
  struct eh_table_plan *plan;
  struct kept_row first[FIRST_ROWS];
  size_t first_count, fullest;
  struct eh_table_column *columns; /* EH_MOST_COLUMNS of them */
  struct eh_sheet_cell *within;    /* the row's cells that count */
  uint32_t rows, last_full;        /* rows seen below the first ones; the last with two cells */
  struct lone_cell *lone;          /* behind it */
  size_t lone_count, lone_capacity;
  struct eh_sheet_range *merges;
  size_t merge_count, merge_capacity;
};

bool eh_table_is_total(const struct eh_sheet_cell *cells, size_t count, uint32_t most) {
  if (count == 0 || count > most) return false;
  return eh_total_is_label(cells[0].text, cells[0].length);
}

size_t eh_table_cells_in(const struct eh_table_plan *plan, uint32_t row,
                         const struct eh_sheet_cell *cells, size_t count,
                         struct eh_sheet_cell *to) {
  size_t kept = 0;
  if (row <= plan->skipped) return 0;
  if (plan->in_range && (row - 1 < plan->range.top || row - 1 > plan->range.bottom)) return 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t column = cells[i].column;
    if (plan->in_range && (column < plan->range.left || column > plan->range.right)) continue;
    to[kept++] = cells[i];
  }
  return kept;
}

/* --- rows --- */

static void keep_row(struct look *l, const struct eh_sheet_row *row, size_t count) {
  struct kept_row *kept = &l->first[l->first_count++];
  *kept = (struct kept_row){row->number, row->repeats, row->is_hidden, count,
                            eh_arena_alloc(l->arena, count, sizeof *kept->cells)};
  for (size_t i = 0; i < count; i++) {
    kept->cells[i] = l->within[i];
    kept->cells[i].text = eh_arena_copy(l->arena, l->within[i].text, l->within[i].length);
  }
  if (count > l->fullest) l->fullest = count;
}

static void count_cell(struct look *l, uint32_t row, uint32_t repeats,
                       const struct eh_sheet_cell *cell) {
  struct eh_table_column *c = &l->columns[cell->column];
  if (cell->traits & EH_CELL_NO_VALUE) {
    if (c->no_values == 0) c->first_no_value = row;
    c->no_values += repeats;
  } else {
    c->cells += repeats;
  }
  if (cell->traits & EH_CELL_ERROR) {
    if (c->errors == 0) c->error_word = eh_arena_copy(l->arena, cell->text, cell->length);
    c->errors += repeats;
  }
  if (cell->traits & EH_CELL_LONG_NUMBER) c->long_numbers += repeats;
  if (cell->traits & EH_CELL_FORMULA) c->formulas += repeats;
  if (cell->traits & EH_CELL_ZERO_FORMULA) {
    if (c->zero_formulas == 0) c->first_zero = row;
    c->zero_formulas += repeats;
  }
}

/* A row below the header. */
static void count_row(struct look *l, uint32_t number, uint32_t repeats, bool is_hidden,
                      const struct eh_sheet_cell *cells, size_t count) {
  struct eh_table_plan *plan = l->plan;
  l->rows += repeats;
  if (eh_table_is_total(cells, count, plan->most_of_totals)) {
    if (plan->totals == 0) plan->first_total = number;
    plan->totals += repeats;
    return;
  }
  if (is_hidden) plan->hidden += repeats;
  for (size_t i = 0; i < count; i++) count_cell(l, number, repeats, &cells[i]);
  if (count >= 2) {
    l->last_full = number + repeats - 1;
    l->lone_count = 0;
    return;
  }
  for (uint32_t k = 0; k < repeats; k++) {
    if (l->lone_count == l->lone_capacity) {
      l->lone_capacity = l->lone_capacity ? 2 * l->lone_capacity : 64;
      l->lone = eh_resize(l->lone, l->lone_capacity, sizeof *l->lone);
    }
    l->lone[l->lone_count++] = (struct lone_cell){number + k, cells[0].column};
  }
}

/* The first row with two or more filled cells, and at least half as many as the fullest. */
static size_t find_header(const struct look *l) {
  for (size_t i = 0; i < l->first_count; i++)
    if (l->first[i].count >= 2 && 2 * l->first[i].count >= l->fullest) return i;
  return 0;
}

static enum eh_status take_row(void *context, const struct eh_sheet_row *row,
                               struct eh_error *error) {
  (void)error;
  struct look *l = context;
  size_t count = eh_table_cells_in(l->plan, row->number, row->cells, row->count, l->within);
  if (count == 0) return EH_OK;
  if (l->first_count < FIRST_ROWS) {
    keep_row(l, row, count);
    l->plan->most_of_totals = l->plan->keeps_totals ? 0 : (uint32_t)l->fullest / 2;
  } else {
    count_row(l, row->number, row->repeats, row->is_hidden, l->within, count);
  }
  return EH_OK;
}

static enum eh_status take_merge(void *context, const struct eh_sheet_range *range,
                                 struct eh_error *error) {
  struct look *l = context;
  if (l->merge_count == MOST_MERGES)
    return eh_zip_damaged(l->zip, error, "sheet \"%.100s\" has over %d merged cells",
                          l->plan->sheet->name, MOST_MERGES);
  if (l->merge_count == l->merge_capacity) {
    l->merge_capacity = l->merge_capacity ? 2 * l->merge_capacity : 64;
    l->merges = eh_resize(l->merges, l->merge_capacity, sizeof *l->merges);
  }
  l->merges[l->merge_count++] = *range;
  return EH_OK;
}

static void take_hidden_columns(void *context, uint32_t count) {
  ((struct look *)context)->plan->hidden_columns = count;
}

/* --- the header --- */

/* Does a cell of this row reach over the columns beside it? */
static bool has_groups(const struct look *l, uint32_t row) {
  for (size_t i = 0; i < l->merge_count; i++)
    if (l->merges[i].top == row - 1 && l->merges[i].right > l->merges[i].left) return true;
  return false;
}

static const struct eh_sheet_cell *cell_at(const struct kept_row *row, uint32_t column) {
  for (size_t i = 0; i < row->count; i++)
    if (row->cells[i].column == column) return &row->cells[i];
  return NULL;
}

/* The name of a column: runs of blanks and line breaks are one blank. */
static const char *tidy(struct eh_arena *arena, const char *text, size_t length) {
  char *name = eh_arena_alloc(arena, length + 1, 1);
  size_t to = 0;
  for (size_t i = 0; i < length; i++) {
    bool is_hard = i + 1 < length && (unsigned char)text[i] == 0xc2 &&
                   (unsigned char)text[i + 1] == 0xa0;
    if (is_hard || strchr(" \t\n\r", text[i])) {
      i += is_hard;
      if (to && name[to - 1] != ' ') name[to++] = ' ';
    } else {
      name[to++] = text[i];
    }
  }
  return name;
}

/* A cell of the header, or one above that is merged down to it. */
static const struct eh_sheet_cell *header_cell(const struct look *l, size_t header,
                                               uint32_t column) {
  const struct eh_sheet_cell *cell = cell_at(&l->first[header], column);
  uint32_t row = l->first[header].number - 1;
  for (size_t i = 0; i < l->merge_count && !cell; i++) {
    const struct eh_sheet_range *m = &l->merges[i];
    if (m->left != column || m->top >= row || m->bottom < row) continue;
    for (size_t k = 0; k < header; k++)
      if (l->first[k].number - 1 == m->top) cell = cell_at(&l->first[k], column);
  }
  return cell;
}

static const char *name_of(const struct look *l, size_t header, uint32_t column) {
  const struct eh_sheet_cell *cell = header_cell(l, header, column);
  if (cell && cell->length) return tidy(l->arena, cell->text, cell->length);
  char letters[4];
  eh_sheet_column_name(column, letters);
  return eh_arena_printf(l->arena, "(column %s)", letters);
}

static void name_columns(struct look *l, size_t header) {
  struct eh_table_plan *plan = l->plan;
  size_t count = 0;
  bool *is_used = eh_arena_alloc(l->arena, EH_MOST_COLUMNS, sizeof *is_used);
  for (size_t i = 0; i < l->first[header].count; i++)
    is_used[l->first[header].cells[i].column] = true;
  for (uint32_t c = 0; c < EH_MOST_COLUMNS; c++) {
    is_used[c] |= l->columns[c].cells || l->columns[c].no_values;
    count += is_used[c];
  }
  plan->columns = eh_arena_alloc(l->arena, count, sizeof *plan->columns);
  for (uint32_t c = 0; c < EH_MOST_COLUMNS; c++) {
    if (!is_used[c]) continue;
    struct eh_table_column *column = &plan->columns[plan->column_count++];
    *column = l->columns[c];
    column->column = c;
    column->name = name_of(l, header, c);
  }
}

/* --- the end --- */

static int compare_merges(const void *left, const void *right) {
  const struct eh_sheet_range *a = left, *b = right;
  if (a->top != b->top) return a->top < b->top ? -1 : 1;
  return (a->left > b->left) - (a->left < b->left);
}

static void keep_merges(struct look *l) {
  struct eh_table_plan *plan = l->plan;
  plan->merges = eh_arena_alloc(l->arena, l->merge_count, sizeof *plan->merges);
  for (size_t i = 0; i < l->merge_count; i++)
    if (l->merges[i].top >= plan->header && l->merges[i].bottom > l->merges[i].top)
      plan->merges[plan->merge_count++] = l->merges[i];
  if (plan->merge_count)
    qsort(plan->merges, plan->merge_count, sizeof *plan->merges, compare_merges);
}

/* Does a merged cell of another column reach down to this row? */
static bool is_covered(const struct look *l, const struct lone_cell *lone) {
  for (size_t i = 0; i < l->plan->merge_count; i++) {
    const struct eh_sheet_range *m = &l->plan->merges[i];
    if (m->top < lone->row - 1 && m->bottom >= lone->row - 1 && m->left != lone->column)
      return true;
  }
  return false;
}

/* Rows that fill one cell, behind the last record, are notes. */
static void find_last(struct look *l) {
  struct eh_table_plan *plan = l->plan;
  size_t notes = l->lone_count, look_at = notes;
  bool is_list = plan->column_count < 2;
  if (is_list) notes = 0;
  for (size_t looked = 0; !is_list && look_at > 0 && looked < 1000; look_at--, looked++)
    if (is_covered(l, &l->lone[look_at - 1])) {
      notes = l->lone_count - look_at;
      break;
    }
  size_t records = l->lone_count - notes;
  plan->last = records ? l->lone[records - 1].row : l->last_full;
  plan->notes = (uint32_t)notes;
  if (notes) plan->first_note = l->lone[records].row;
  plan->records = l->rows - plan->totals - plan->notes;
  if (plan->last > plan->header) {
    uint32_t height = plan->last - plan->header, within = l->rows - plan->notes;
    plan->blank = height > within ? height - within : 0;
  }
}

static enum eh_table_state judge(const struct eh_table_plan *plan) {
  if (plan->column_count == 0) return EH_TABLE_BLANK;
  if (plan->column_count == 1) return EH_TABLE_ONE_COLUMN;
  return plan->records ? EH_TABLE_SOUND : EH_TABLE_NO_RECORDS;
}

static void close_look(struct look *l) {
  struct eh_table_plan *plan = l->plan;
  if (l->first_count == 0) return;
  size_t header = find_header(l);
  plan->above = (uint32_t)header;
  while (header + 1 < l->first_count && has_groups(l, l->first[header].number)) header++;
  plan->header = l->first[header].number;
  /* The first rows are counted last: what comes behind them must not be forgotten. */
  struct lone_cell *lone = l->lone;
  size_t lone_count = l->lone_count;
  uint32_t last_full = l->last_full;
  l->lone = NULL;
  l->lone_count = l->lone_capacity = 0;
  if (l->first[header].repeats > 1)
    count_row(l, plan->header + 1, l->first[header].repeats - 1, false, l->first[header].cells,
              l->first[header].count);
  for (size_t i = header + 1; i < l->first_count; i++)
    count_row(l, l->first[i].number, l->first[i].repeats, l->first[i].is_hidden,
              l->first[i].cells, l->first[i].count);
  if (last_full) {
    l->last_full = last_full;
    l->lone_count = 0;
  }
  l->lone = eh_resize(l->lone, l->lone_count + lone_count + 1, sizeof *lone);
  if (lone_count) memcpy(l->lone + l->lone_count, lone, lone_count * sizeof *lone);
  l->lone_count += lone_count;
  free(lone);
  name_columns(l, header);
  keep_merges(l);
  find_last(l);
  plan->state = judge(plan);
}

enum eh_status eh_table_plan(struct eh_arena *arena, const struct eh_workbook_format *format,
                             struct eh_workbook *workbook, struct eh_zip *zip, size_t sheet,
                             const struct eh_wish *wish, struct eh_table_plan *plan,
                             struct eh_error *error) {
  static const struct eh_sheet_calls calls = {take_row, take_merge, take_hidden_columns};
  *plan = (struct eh_table_plan){.sheet = format->sheet(workbook, sheet),
                                 .skipped = wish->skipped,
                                 .keeps_totals = wish->keeps_totals};
  plan->in_range = plan->sheet->has_table && wish->skipped == 0;
  plan->range = plan->sheet->table;
  struct look l = {.arena = arena, .zip = zip, .plan = plan};
  l.columns = eh_alloc_zeroed(EH_MOST_COLUMNS, sizeof *l.columns);
  l.within = eh_alloc(EH_MOST_COLUMNS, sizeof *l.within);
  enum eh_status status = format->begin(workbook, sheet, &calls, &l, error);
  for (bool at_end = false; status == EH_OK && !at_end;)
    status = format->step(workbook, &at_end, error);
  if (status == EH_OK) close_look(&l);
  free(l.columns);
  free(l.within);
  free(l.lone);
  free(l.merges);
  return status;
}
