/* One unit against its peers. */
#ifndef EVENHAND_AUDIT_FIGURES_UNIT_H
#define EVENHAND_AUDIT_FIGURES_UNIT_H

#include "engine/audit/figures/strata.h"
#include "engine/audit/figures/totals.h"

struct eh_balancing; /* balancing.h */

struct eh_unit_task {
  const struct eh_cells *cells;
  const struct eh_stratum *strata;
  const struct eh_measure *measure;
  struct eh_result *result; /* unit_index set; the rest is filled in */
  const struct eh_totals *totals;
  bool only_summary;
  const struct eh_balancing *balancing; /* where peers are weighted; else NULL */
};
#define EH_ONLY_SUMMARY "not computed: only the summary was asked for"

/* The unit's tables, one per cell of its, in their order. tables has room for cell_count. */
void eh_unit_tables(const struct eh_unit_task *task, struct eh_table *tables);

/* How many records it has, in all and in strata that have peers: what the cells say, for kinds
   whose test does not. */
void eh_unit_count(const struct eh_unit_task *task);
/* The test that decides is the result's own. */
void eh_unit_decide_by_test(struct eh_result *result, const char *name);

/* How many records would have had to be decided otherwise to leave no difference in its share. */
double eh_share_affected(const struct eh_result *result);

#endif
