/* What is said of a comparison and of each of its units. */
#ifndef EVENHAND_AUDIT_FINDINGS_DESCRIBE_H
#define EVENHAND_AUDIT_FINDINGS_DESCRIBE_H

#include "engine/audit/figures/strata.h"

/* "favourable discretion, across field_office": unique in the audit. */
const char *eh_comparison_title(struct eh_arena *arena, const struct eh_rules *rules,
                                const struct eh_comparison_result *comparison);

/* The groups, reasons, caveats and statement of one result; the statement alone. */
void eh_result_describe(struct eh_arena *arena, const struct eh_rules *rules,
                        const struct eh_strata_list *strata,
                        const struct eh_comparison_result *comparison, struct eh_result *result);
void eh_result_state(struct eh_arena *arena, const struct eh_rules *rules,
                     const struct eh_comparison_result *comparison, struct eh_result *result);

#endif
