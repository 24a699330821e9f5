#include "reports/workbook/finding_rows.h"

#include "reports/workbook/workbook.h"

const char *eh_finding_rows_target(const struct eh_finding_rows *rows,
                                   const struct eh_finding *finding) {
  if (!rows->first || rows->first[finding->number] == rows->first[finding->number - 1]) return NULL;
  return eh_listing_target(&rows->table, rows->first[finding->number - 1]);
}

size_t eh_finding_rows_find(const struct eh_finding_rows *rows, size_t findings, size_t row) {
  size_t low = 0, high = findings; /* the last finding whose rows begin at or before this one */
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (rows->first[middle] <= row)
      low = middle;
    else
      high = middle;
  }
  return low;
}

/* A sheet cannot hold a link for each of many rows: only a finding's first one has it. */
struct eh_link eh_finding_rows_link(const struct eh_workbook *w, const struct eh_finding_rows *rows,
                                    size_t finding, size_t row) {
  struct eh_link link = {eh_arena_printf(w->arena, "F%zu", finding + 1), NULL};
  if (row == rows->first[finding]) link.target = eh_listing_target(&w->findings_table, finding);
  return link;
}

void eh_finding_rows_columns(const struct eh_workbook *w, const struct eh_listing_column *all,
                             size_t count, struct eh_listing *table) {
  struct eh_listing_column *columns = eh_arena_alloc(w->arena, count, sizeof *columns);
  unsigned parts = eh_finding_parts(w->findings);
  for (size_t i = 0; i < count; i++)
    if (!all[i].only_for || all[i].only_for & parts) columns[table->column_count++] = all[i];
  table->columns = columns;
}
