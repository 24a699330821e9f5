/* Who differs: the unit, or its peers? (engine/stats/who.h) */
#ifndef EVENHAND_AUDIT_FINDINGS_WHO_H
#define EVENHAND_AUDIT_FINDINGS_WHO_H

#include "engine/audit/figures/balancing.h"
#include "engine/audit/figures/strata.h"
#include "engine/audit/figures/totals.h"

/* Once all units are flagged: fills who of each, and facts. strata, totals: of all units; totals
   NULL for a measure of an event. balancing: NULL where peers are not weighted. Names go into kept.
 */
void eh_whole_tell_who(struct eh_arena *scratch, struct eh_arena *kept,
                       const struct eh_stratum *strata, const struct eh_totals *totals,
                       const struct eh_balancing *balancing,
                       struct eh_comparison_result *comparison);

#endif
