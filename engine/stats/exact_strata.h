/* All informative strata of a unit, prepared for the exact distribution of S, the unit's events in
 * them. Values are counted from the lowest possible one: S less low. Only engine/stats/exact.c uses
 * this.
 */
#ifndef EVENHAND_STATS_EXACT_STRATA_H
#define EVENHAND_STATS_EXACT_STRATA_H

#include "engine/base/memory.h"
#include "engine/stats/convolution.h"
#include "engine/stats/hypergeometric.h"
#include "engine/stats/tables.h"

enum { EH_STORED_WIDTH = 32 }; /* supports up to this wide are stored as lists of probabilities */

struct eh_strata {
  uint64_t low, high, observed;
  double *stored; /* the narrow ones' P at psi = 1, those of 2 values first, then those of 3, ... */
  size_t of_width[EH_STORED_WIDTH + 1];
  struct eh_hypergeometric *wide; /* from small to large variance */
  size_t wide_count, wide_capacity;
};

struct eh_strata eh_strata_new(struct eh_arena *arena, const struct eh_table *tables, size_t count);

/* log E(psi^S) (0 at psi = 1), and the mean and variance of S at psi. */
struct eh_tilted eh_strata_tilted(const struct eh_strata *strata, struct eh_tilt tilt);

/* The distribution of S at psi, as the convolution gives it. */
struct eh_distribution eh_strata_distribution(const struct eh_strata *strata,
                                              struct eh_convolution *convolution, double psi);

/* log P(S = low) or log P(S = high) at psi = 1. */
long double eh_strata_log_end(const struct eh_strata *strata, bool high);

#endif
