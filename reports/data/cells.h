/* The layout of the cells file (--cells), for what tells people how to read it. */
#ifndef EVENHAND_REPORTS_CELLS_H
#define EVENHAND_REPORTS_CELLS_H

#include "reports/report.h"

/* Does the file have the column `outcome`, before those of the strata? */
bool eh_cells_have_outcomes(const struct eh_audit *audit);

#endif
