/* The steps of eh_effects_fit. Internal to engine/stats/effects*.c. */
#ifndef EVENHAND_STATS_EFFECTS_INTERNAL_H
#define EVENHAND_STATS_EFFECTS_INTERNAL_H

#include "engine/stats/effects.h"

enum {
  EH_DENSE_UNITS = 400 /* the largest block whose matrices are written out */
};
static const double EH_DENSE_PAIRS = 5e7; /* and the most pairs of cells within strata */

/* The cells, by stratum and by unit. */
struct eh_fit_data {
  struct eh_arena *arena;   /* what is kept */
  struct eh_arena *scratch; /* what is not */
  const struct eh_association_cell *cells;
  size_t count;
  size_t *first; /* stratum k has the cells from first[k] up to first[k + 1] */
  struct eh_effects *effects;
  bool *in;       /* by unit: in the fit */
  size_t *place;  /* by unit: within its block */
  double *weight; /* by cell: n/(n - 1) n_uk p (1 - p) at the fit; 0 of one that does not count */
  double *total;  /* by unit: sum of these */
  size_t *start,
      *list; /* block b has the fitted strata list[start[b]], ..., list[start[b + 1] - 1] */
};

static inline bool eh_in_fit(const struct eh_fit_data *d, size_t cell) {
  return d->in[d->cells[cell].unit] && d->cells[cell].n > 0;
}

/* theta of a block's units: fills unit[].theta, or why_not. */
void eh_effects_solve(struct eh_fit_data *data, size_t block);
/* lambda of the strata, floating variances; then each block's covariance. */
void eh_effects_weigh(struct eh_fit_data *data);
void eh_effects_covary(struct eh_fit_data *data, size_t block);
/* Is the block small enough to write out its matrices? */
bool eh_effects_dense(const struct eh_fit_data *data, size_t block);

/* The most cells that a fitted stratum of the block has. */
size_t eh_effects_most_cells(const struct eh_fit_data *data, size_t block);

#endif
