/* The indicators of a balance and its dual problem. Internal to engine/stats/balance*.c. */
#ifndef EVENHAND_STATS_BALANCE_INTERNAL_H
#define EVENHAND_STATS_BALANCE_INTERNAL_H

#include "engine/stats/balance.h"

/* Half of the columns: patterns that agree in all of them share a combination. What a pattern
   weighs is a product of one number for each of its two combinations, so that sums over patterns
   become sums over combinations. */
struct eh_half {
  size_t first, end;         /* columns */
  uint32_t *of;              /* by pattern: its combination */
  size_t count;              /* of combinations */
  size_t *sample;            /* by combination: a pattern that has it */
  double *exponent, *factor; /* by combination: its part of the exponent; exp of that */
  double *sum;               /* by combination: mass of its patterns */
};

/* The patterns that enter and have peers' records, and which indicators each has. */
struct eh_dual {
  size_t count, strata, width, size; /* patterns; strata; columns; indicators */
  const double *records;             /* by pattern: the peers' */
  const size_t *first;               /* by stratum, and the end: its patterns */
  const double *own;                 /* by stratum: the unit's records */
  const uint32_t
      *index; /* by pattern, then column: an indicator, ascending; EH_NO_LEVEL for none */
  const size_t *first_of; /* by column, and the end: its first indicator */
  const double *target;   /* by indicator: the unit's records */
  double ridge, all;      /* rho q; the unit's records in all */
  double *mass;           /* by pattern, to be filled in: the weight of its records together */
  struct eh_half left, right;
  double *across; /* by combination of the left half, then indicator of the right: mass; NULL
                     where these would be more than the patterns are worth */
};

/* Find the combinations. */
void eh_dual_halve(struct eh_arena *scratch, struct eh_dual *dual);
/* Fills mass; false where the minimum is not found. joint: as below, at the minimum. */
bool eh_dual_solve(struct eh_arena *scratch, struct eh_dual *dual, int *steps, double *joint);
/* Masses with these multipliers, and the function. */
double eh_dual_weigh(struct eh_dual *dual, const double *at);
/* The mass of all patterns that have two indicators, by the higher of them, then the lower. */
void eh_dual_joint(struct eh_dual *dual, double *joint);

#endif
