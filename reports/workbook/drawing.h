/* Drawing: charts write their figures to the sheet of chart data, and draw from there. */
#ifndef EVENHAND_REPORTS_DRAWING_H
#define EVENHAND_REPORTS_DRAWING_H

#include "engine/audit/kinds/kinds.h"
#include "reports/book/chart.h"
#include "reports/words/findings.h"

/* Pixels of a row and a column of the sheet of charts, and of the charts. */
enum {
  EH_CHART_ROW = 20,
  EH_CHART_COLUMN = 64,
  EH_CHART_WIDE = 800,
  EH_CHART_LOW = 410,
  EH_CHART_NARROW = 530,
  EH_CHART_TALL = 2 * EH_CHART_LOW + EH_CHART_ROW,
  EH_CHART_GAP = 16 /* at least, between charts side by side */
};

/* Where charts stand, and where the next figures go. */
struct eh_drawing {
  const struct eh_rules *rules;
  struct eh_arena *arena;
  struct eh_sheet *sheet; /* of charts */
  struct eh_sheet *data;
  uint32_t next; /* row of data */
};

/* A block of chart data: a title, headings, then rows from the one returned. */
uint32_t eh_drawing_block(struct eh_drawing *drawing, const char *title,
                          const char *const *headings, size_t count);

/* The testable units of a comparison, by how they are shown and then by difference. */
struct eh_shown_units {
  const struct eh_comparison_result *comparison;
  const struct eh_result **items;
  size_t count;
  size_t first[EH_EXCEPTIONAL + 2]; /* by level: its first; the last is count */
};
struct eh_shown_units eh_shown_units(struct eh_arena *arena,
                                     const struct eh_comparison_result *comparison);
enum eh_look eh_look_of_level(enum eh_level level);
/* "not flagged", "notable", ... */
const char *eh_shown_as(enum eh_level level);

/* For axes of fractions: outward to the next tenth (or twentieth, where the range is small). */
void eh_axis_round(double *low, double *high);

#endif
