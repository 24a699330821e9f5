/* The parts of a result that its kind of measure does not have say why. */
#ifndef EVENHAND_AUDIT_FIGURES_PARTS_H
#define EVENHAND_AUDIT_FIGURES_PARTS_H

#include "engine/audit/result.h"

/* Fill in every part that has a reason in why_not, by enum eh_part, with that reason. */
void eh_result_leave_out(struct eh_result *result, const char *const *why_not);
/* The same of the comparison. */
void eh_whole_leave_out(struct eh_comparison_result *comparison, const char *const *why_not);

#endif
