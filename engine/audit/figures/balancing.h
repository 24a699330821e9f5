/* Comparisons in which peers are weighted (`adjust_for`): what all units of one share. */
#ifndef EVENHAND_AUDIT_FIGURES_BALANCING_H
#define EVENHAND_AUDIT_FIGURES_BALANCING_H

#include "engine/audit/figures/unit.h"
#include "engine/stats/balance.h"

/* Of cells whose columns say in which of them peers are weighted; NULL where there are none. The
   strata that it tells apart are those of the other columns, the patterns those of the cells. Which
   pairs of factors matter jointly is found once, over all units. */
struct eh_balancing;
const struct eh_balancing *eh_balancing_of(struct eh_arena *arena,
                                           const struct eh_comparison *comparison,
                                           const struct eh_cells *cells,
                                           const struct eh_strata_list *strata, size_t threads);

/* A pair that is balanced: indices of strata columns, and the p of its residuals. */
struct eh_balanced_pair {
  size_t column, other;
  double p;
};
const struct eh_balanced_pair *eh_balancing_pairs(const struct eh_balancing *balancing,
                                                  size_t *count);

/* A unit's caseload beside its peers', which are all in task->strata but the unit. */
struct eh_balancing_case {
  struct eh_caseload caseload;
  const uint32_t *pattern; /* by pattern of the caseload: the stratum of the cells */
  const double *p0;        /* by pattern: what its peers would do */
};
struct eh_balancing_case eh_balancing_case(struct eh_arena *scratch,
                                           const struct eh_unit_task *task);
/* The unit's records alone, as they stand in its cells. */
struct eh_balancing_case eh_balancing_own(struct eh_arena *scratch,
                                          const struct eh_unit_task *task);
/* The strata column of a factor of the caseload. */
size_t eh_balancing_column(const struct eh_balancing *balancing, size_t factor);
/* The label of a level of a strata column. */
const char *eh_balancing_label(const struct eh_balancing *balancing, size_t column, uint32_t level);

/* How many records have peers: where they must agree in every column, and where peers are weighted
   in those that say so. Nothing of how they were decided is looked at. */
struct eh_agreement {
  uint64_t records, alike, weighted;
};
struct eh_agreement eh_balancing_agreement(const struct eh_comparison *comparison,
                                           const struct eh_cells *cells);

/* The exact stratum of a stratum of the cells, numbered from 0. */
uint32_t eh_balancing_stratum(const struct eh_balancing *balancing, uint32_t stratum);

#endif
