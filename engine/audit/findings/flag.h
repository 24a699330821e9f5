/* Which units are flagged. */
#ifndef EVENHAND_AUDIT_FINDINGS_FLAG_H
#define EVENHAND_AUDIT_FINDINGS_FLAG_H

#include "engine/audit/result.h"

/* q-values, flags and levels of all comparisons. A family is one comparison of one measure of the
   rules, all its `each` values together; the rules say over what false findings are counted.
   Returns how many families were tested. */
struct eh_family_counts eh_report_flag(const struct eh_rules *rules,
                                       struct eh_comparison_result *comparisons, size_t count);
/* The end of the family that begins with a comparison. */
size_t eh_family_end(const struct eh_comparison_result *comparisons, size_t count, size_t first);

#endif
