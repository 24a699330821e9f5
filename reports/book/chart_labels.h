/* Which points of a chart bear a name, and on which side, so that names do not lie on each other.
 */
#ifndef EVENHAND_REPORTS_CHART_LABELS_H
#define EVENHAND_REPORTS_CHART_LABELS_H

#include "reports/book/chart.h"

enum { EH_LABEL_SIDES = 4 };

/* A point to be named, in order of importance; x and y from 0 (left, bottom) to 1. */
struct eh_named_point {
  const char *name;
  double x, y;
};

/* side[i]: an eh_label_side, or -1 where there is no room. width, height: of the plot in pixels. */
void eh_chart_place_labels(struct eh_arena *arena, const struct eh_named_point *points,
                           size_t count, double width, double height, int *side);

/* A name cut to what a chart has room for. */
const char *eh_chart_short_name(struct eh_arena *arena, const char *name, size_t units);

#endif
