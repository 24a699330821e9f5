/* Does a finding stand if "similarly situated" had meant something else, and in parts of the
 * records?
 *
 * Every flagged unit is measured again under each definition (list.h), with the test that decided,
 * at the level at which it decided. No definition adds a finding. The largest p of a unit over all
 * definitions in which it is testable is a valid p for "differs under every one of them", for each
 * of the tests must pass (Berger 1982); its Benjamini-Hochberg q needs no allowance for their
 * number. Units that are not flagged count there with p 1, which makes q larger, never smaller.
 */
#ifndef EVENHAND_AUDIT_DEFINITIONS_DEFINITIONS_H
#define EVENHAND_AUDIT_DEFINITIONS_DEFINITIONS_H

#include "engine/audit/figures/balancing.h"
#include "engine/audit/figures/strata.h"
#include "engine/audit/figures/totals.h"

/* Fill in the comparison's definitions, and its flagged units' robustness. Kept in the arena. */
void eh_definitions_try(struct eh_arena *arena, const struct eh_rules *rules,
                        const struct eh_strata_list *strata, const struct eh_totals *totals,
                        const struct eh_balancing *balancing, size_t threads,
                        struct eh_comparison_result *comparison);

#endif
