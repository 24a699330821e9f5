/* The units of a comparison in order, with their intervals. */
#ifndef EVENHAND_REPORTS_CHART_LADDER_H
#define EVENHAND_REPORTS_CHART_LADDER_H

#include "reports/workbook/drawing.h"

void eh_draw_ladder(struct eh_drawing *drawing, const struct eh_shown_units *units, uint32_t row,
                    unsigned column);

#endif
