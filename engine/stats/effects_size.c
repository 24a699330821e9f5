/* How large a block of units is. */
#include "engine/stats/effects_internal.h"

bool eh_effects_dense(const struct eh_fit_data *d, size_t block) {
  if (d->effects->block[block].units > EH_DENSE_UNITS) return false;
  double pairs = 0.0;
  for (size_t j = d->start[block]; j < d->start[block + 1]; j++) {
    double cells = (double)(d->first[d->list[j] + 1] - d->first[d->list[j]]);
    pairs += cells * cells;
  }
  return pairs <= EH_DENSE_PAIRS;
}

size_t eh_effects_most_cells(const struct eh_fit_data *d, size_t block) {
  size_t most = 0;
  for (size_t j = d->start[block]; j < d->start[block + 1]; j++) {
    size_t cells = d->first[d->list[j] + 1] - d->first[d->list[j]];
    if (cells > most) most = cells;
  }
  return most;
}
