/* How sure units' distances from the typical one are. Internal to engine/stats/typical*.c. */
#ifndef EVENHAND_STATS_TYPICAL_INTERNAL_H
#define EVENHAND_STATS_TYPICAL_INTERNAL_H

#include "engine/stats/typical.h"

/* What the draws of all blocks share: each draw has a stream of its own, from which every block
   takes as many values as it has units. */
struct eh_typical_draws {
  const struct eh_effects *effects;
  const struct eh_typical_options *options;
  const double *normal; /* by draw, the first width values of its stream */
  size_t width;         /* blocks of more units draw their own */
};
struct eh_typical_draws eh_typical_draws_start(struct eh_arena *arena,
                                               const struct eh_effects *effects,
                                               const struct eh_typical_options *options);

/* The typical theta of a block, some unit of which is listed, and by member the standard deviation
   of its distance from it. */
double eh_typical_errors(struct eh_arena *scratch, const struct eh_typical_draws *draws,
                         size_t block, size_t threads, double *errors);

#endif
