/* The outcomes of a measure of a category on the sheet of its comparison: a few columns for each,
 * beside those of every unit. */
#ifndef EVENHAND_REPORTS_CATEGORY_COLUMNS_H
#define EVENHAND_REPORTS_CATEGORY_COLUMNS_H

#include "reports/workbook/result_columns.h"

struct eh_category_figures {
  struct eh_figure rate, expected_rate, difference, low, high;
};

/* A row of such a sheet: the unit's, and the figures of each outcome in order of labels. */
struct eh_category_row {
  struct eh_result_row unit; /* first: the unit's columns find their values here */
  struct eh_category_figures figures[];
};

struct eh_category_labels eh_category_labels(struct eh_arena *arena, const struct eh_group *group);

/* The unit's columns and behind them those of the outcomes. */
struct eh_columns eh_category_columns(struct eh_arena *arena, const struct eh_columns *unit_columns,
                                      const struct eh_category_labels *labels);

struct eh_category_row *eh_category_row_new(struct eh_arena *arena,
                                            const struct eh_category_labels *labels);
void eh_category_row_fill(const struct eh_result *result, const struct eh_category_labels *labels,
                          struct eh_category_row *row);

#endif
