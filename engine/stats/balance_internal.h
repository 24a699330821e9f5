/* The indicators of a balance and its dual problem. Internal to engine/stats/balance*.c. */
#ifndef EVENHAND_STATS_BALANCE_INTERNAL_H
#define EVENHAND_STATS_BALANCE_INTERNAL_H

#include "engine/stats/balance.h"

/* The patterns that enter and have peers' records, and which indicators each has. */
struct eh_dual {
  size_t count, strata, width, size; /* patterns; strata; indicators of a pattern; of all */
  const double *records;             /* by pattern: the peers' */
  const size_t *first;               /* by stratum, and the end: its patterns */
  const double *own;                 /* by stratum: the unit's records */
  const uint32_t *index;             /* by pattern, width each: indicators; EH_NO_LEVEL for none */
  const double *target;              /* by indicator: the unit's records */
  double ridge, all;                 /* rho q; the unit's records in all */
  double *mass; /* by pattern, to be filled in: the weight of its records together */
};
/* Fills mass; false where the minimum is not found. */
bool eh_dual_solve(struct eh_arena *scratch, struct eh_dual *dual, int *steps);

#endif
