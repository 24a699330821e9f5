/* A measure over time, beside that of all others where there are others. */
#ifndef EVENHAND_REPORTS_CHART_TIME_H
#define EVENHAND_REPORTS_CHART_TIME_H

#include "engine/load/cells/over_time.h"
#include "reports/workbook/drawing.h"

struct eh_drawn_time {
  const struct eh_measure *measure;
  enum eh_period period;
  int32_t first;                          /* number of the first period */
  size_t count;                           /* periods */
  const struct eh_count *counts, *others; /* by period; others may be NULL */
  const char *of, *others_are;            /* "Chicago", "Other offices"; NULL: all units */
  unsigned width, height;                 /* pixels */
};
void eh_draw_time(struct eh_drawing *drawing, const struct eh_drawn_time *what, uint32_t row,
                  unsigned column);

#endif
