/* Charts on a sheet: points, lines and names at (x, y), drawn from cells of the book, so that a
 * reader can edit them as any chart of the spreadsheet program.
 *
 * Everything is a scatter chart: the one kind that shows intervals, limits and names alike in every
 * program. An interval is a line between two points; a row whose y is empty parts it from the next
 * (a gap: what spreadsheet programs do with empty cells unless told otherwise).
 * Shapes and lightness, not only colours, tell the looks apart.
 */
#ifndef EVENHAND_REPORTS_CHART_H
#define EVENHAND_REPORTS_CHART_H

#include "reports/book/book.h"

enum eh_look {
  EH_LOOK_NOT_FLAGGED,
  EH_LOOK_NOTABLE,
  EH_LOOK_STRONG,
  EH_LOOK_EXCEPTIONAL,
  EH_LOOK_RATE,     /* points joined by a line */
  EH_LOOK_OTHERS,   /* a line to compare it with */
  EH_LOOK_INTERVAL, /* thin lines behind the points */
  EH_LOOK_CHANCE,   /* limits of chance alone */
  EH_LOOK_SPREAD,   /* limits of the usual spread */
  EH_LOOK_GUIDE,    /* a grey line to measure by */
  EH_LOOK_EDGE,     /* the same, dashed */
  EH_LOOK_DATE,     /* an upright line where something began */
  EH_LOOK_NAMES,    /* labels only */
  EH_LOOKS
};

enum eh_label_side { EH_LABELS_RIGHT, EH_LABELS_LEFT, EH_LABELS_ABOVE, EH_LABELS_BELOW };

struct eh_plot {
  const char *name; /* in the legend; NULL: not there */
  enum eh_look look;
  const struct eh_sheet *sheet; /* where the cells are, first_row to last_row */
  uint32_t first_row, last_row;
  unsigned x, y;             /* columns */
  const char *const *labels; /* one for each row, NULL where there is none; NULL: none at all */
  enum eh_label_side side;
};

struct eh_axis {
  const char *name, *format;
  double low, high; /* the ends; equal: the program chooses them */
  double step;      /* between numbers; 0: the program chooses */
  double times;     /* what the cells hold is so many times the numbers here; 0: once */
  bool logarithmic; /* to base 10 */
  bool bare;        /* without numbers */
};

struct eh_chart {
  const char *title;
  const char *description; /* for readers who cannot see it */
  struct eh_axis x, y;
  const struct eh_plot *plots; /* later ones lie above; those without rows are left out */
  size_t plot_count;
  unsigned width, height; /* pixels */
};

void eh_sheet_chart(struct eh_sheet *sheet, uint32_t row, unsigned column,
                    const struct eh_chart *chart);

#endif
