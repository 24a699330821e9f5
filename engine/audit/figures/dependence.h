/* What it means for a unit that its decisions, or its peers', depend on each other. */
#ifndef EVENHAND_AUDIT_FIGURES_DEPENDENCE_H
#define EVENHAND_AUDIT_FIGURES_DEPENDENCE_H

#include "engine/audit/figures/unit.h"

/* What of the cells' clusterings counts for a unit whose p, all decisions being independent, is
   this. */
struct eh_dependence_part eh_unit_dependence(const struct eh_cells *cells, size_t unit,
                                             struct eh_figure log10_p);
/* Make the unit's p, odds ratio and smallest p, known as if decisions were independent, what they
   are if they are not. */
void eh_unit_allow_for_dependence(struct eh_arena *scratch, const struct eh_unit_task *task,
                                  const struct eh_table *tables, size_t count);
/* The level that decided, for a p that takes decisions to be independent. */
double eh_unit_level(const struct eh_result *result);

#endif
