/* The funnel plot and the rates against those expected, beside the units in order. */
#ifndef EVENHAND_REPORTS_CHART_UNITS_H
#define EVENHAND_REPORTS_CHART_UNITS_H

#include "reports/workbook/drawing.h"

/* Funnel, rate against expected rate, and the units in order; from this row of the sheet on. */
void eh_draw_units(struct eh_drawing *drawing, const struct eh_shown_units *units, uint32_t row);

#endif
