/* One unit against its peers. */
#ifndef EVENHAND_AUDIT_FIGURES_UNIT_H
#define EVENHAND_AUDIT_FIGURES_UNIT_H

#include "engine/audit/figures/strata.h"
#include "engine/audit/figures/totals.h"

struct eh_unit_task {
  const struct eh_cells *cells;
  const struct eh_stratum *strata;
  const struct eh_measure *measure;
  struct eh_result *result; /* unit_index set; the rest is filled in */
  const struct eh_totals *totals;
  bool only_summary;
};
#define EH_ONLY_SUMMARY "not computed: only the summary was asked for"
/* Every figure of one unit that needs no other unit's result. Scratch is given back. */
void eh_unit_measure(struct eh_arena *scratch, const struct eh_unit_task *task);

/* Of a measure of a category, of a value. */
void eh_unit_measure_category(struct eh_arena *scratch, const struct eh_unit_task *task);
void eh_unit_measure_value(struct eh_arena *scratch, const struct eh_unit_task *task);
/* Give each of the unit's figures that only a yes or no has the reason why it is missing. */
void eh_unit_leave_out(struct eh_result *result);
/* More categories than can be compared with a sense. */
enum { EH_MOST_CATEGORIES = 100 };

/* The unit's tables, one per cell of its, in their order. tables has room for cell_count. */
void eh_unit_tables(const struct eh_unit_task *task, struct eh_table *tables);

/* What could have been found of a unit: its smallest detectable difference at the level that
   decided, or, where it is not testable, the caseload it would need. */
void eh_unit_power(struct eh_arena *scratch, const struct eh_unit_task *task);

/* What it would take to remove a unit's finding: unrecorded decisions, an unrecorded fact. */
void eh_unit_doubt(struct eh_arena *scratch, const struct eh_unit_task *task);

#endif
