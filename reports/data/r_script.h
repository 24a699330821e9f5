/* The R script that redoes one unit's figures from the cells file (--cells), for the method sheet.
 */
#ifndef EVENHAND_REPORTS_R_SCRIPT_H
#define EVENHAND_REPORTS_R_SCRIPT_H

#include "engine/audit/result.h"

/* Lines ended by \n; in the arena. */
const char *eh_r_script(struct eh_arena *arena, const struct eh_audit *audit,
                        const struct eh_comparison_result *comparison,
                        const struct eh_result *result);

#endif
