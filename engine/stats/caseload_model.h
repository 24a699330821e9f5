/* What would usually be done with each kind of case: one logistic fit of a comparison.
 *
 * A balanced comparison (balance.h) takes nothing from it but variances (balanced_test.h), and
 * which pairs of factors matter jointly, so that they have to be balanced together. It decides
 * nothing by itself: where caseloads differ by much, a model extrapolates in silence.
 *
 *     logit of a record's p = mu + its unit's level + its levels of the factors
 *
 * with every unit's level and every factor's slopes held by N(0, 5^2), so that none runs off where
 * all or none had the event, and no level is a reference. Newton's method, the units' levels
 * eliminated.
 */
#ifndef EVENHAND_STATS_CASELOAD_MODEL_H
#define EVENHAND_STATS_CASELOAD_MODEL_H

#include "engine/base/memory.h"
#include "engine/stats/tables.h"

struct eh_model_cell {
  uint32_t pattern, unit;
  uint64_t records, events;
};
struct eh_model_data {
  const struct eh_model_cell *cells; /* those of one unit stand together */
  size_t cell_count, unit_count, pattern_count;
  size_t factors;
  const uint32_t *levels; /* by pattern, then factor */
  const uint32_t *level_count;
};

struct eh_caseload_model {
  const double *offset; /* by pattern: its levels' slopes */
  const double *unit;   /* by unit: mu and its level */
  bool converged;       /* the last step was below 1e-10 */
  int steps;
};
struct eh_caseload_model eh_caseload_model_fit(struct eh_arena *arena,
                                               const struct eh_model_data *data);

/* Do the levels of two factors matter jointly, beyond what each does? chi-square = sum over joint
   levels with sum v > 1 of (sum (y - p))^2/sum v, v = n p (1 - p), with (a - 1)(b - 1) degrees of
   freedom, a and b being the levels that occur. Not applicable where there are none. */
struct eh_test eh_caseload_pair(const struct eh_model_data *data,
                                const struct eh_caseload_model *model, size_t factor, size_t other);

#endif
