/* Which units are flagged. */
#ifndef EVENHAND_AUDIT_FINDINGS_FLAG_H
#define EVENHAND_AUDIT_FINDINGS_FLAG_H

#include "engine/audit/result.h"

/* q-values, flags and levels of one family: the comparisons of one measure in one comparison of the
 * rules. */
void eh_family_flag(struct eh_comparison_result *comparisons, size_t count);

#endif
