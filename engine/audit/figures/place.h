/* Where a unit worked. */
#ifndef EVENHAND_AUDIT_FIGURES_PLACE_H
#define EVENHAND_AUDIT_FIGURES_PLACE_H

#include "engine/audit/figures/strata.h"

/* The unit's within group: the labels, and a text that tells groups apart ("" without within
 * columns). */
void eh_unit_place(struct eh_arena *arena, const struct eh_strata_list *strata,
                   const struct eh_comparison_result *comparison, struct eh_result *result);

#endif
