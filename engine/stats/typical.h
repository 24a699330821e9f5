/* Each unit against the typical one of its block.
 *
 * The typical unit is the caseload-weighted median of the effects (effects.h): half of the block's
 * records lie with units at or below it. It does not move when two of six units are extreme, as
 * "all others together" does. How sure a unit's distance from it is, is found by drawing the
 * effects many times as they might have come out, and taking the distance each time.
 */
#ifndef EVENHAND_STATS_TYPICAL_H
#define EVENHAND_STATS_TYPICAL_H

#include "engine/stats/effects.h"

struct eh_typical_options {
  const bool *listed;      /* by unit: it may be the typical one, and is compared with it */
  const double *inflation; /* by unit: the factor of dependence on its variance; NULL: 1 */
  double confidence;
  uint64_t seed;
  size_t draws, threads; /* at least 1; draw k, which serves twice, uses stream k of the seed */
};

struct eh_versus_typical {
  struct eh_interval excess; /* log odds ratio */
  struct eh_figure error; /* its standard error; 0: it is itself the typical unit in every draw */
  struct eh_figure log10_p;
  struct eh_figure theta;    /* its effect, on the scale of its block */
  struct eh_figure variance; /* of that, inflated */
  size_t block;
  size_t block_units; /* listed units of its block with an effect */
};

/* By unit of the effects; those that are not listed are left as they are. It takes three listed
   units with an effect; a unit that was left out of the fit gets one step of Newton's from the
   typical unit: (a - sum n p)/sum n p (1 - p), p = expit(lambda_k + theta of the typical unit), in
   strata that the fit covers. cells: those of the fit. */
void eh_typical(const struct eh_effects *effects, const struct eh_association_cell *cells,
                size_t count, const struct eh_typical_options *options,
                struct eh_versus_typical *units);
struct eh_versus_typical eh_no_versus_typical(const char *why_not);

#endif
