/* What the files of engine/stats/dependence.h share. */
#ifndef EVENHAND_STATS_DEPENDENCE_INTERNAL_H
#define EVENHAND_STATS_DEPENDENCE_INTERNAL_H

#include "engine/stats/dependence.h"

/* The cells of cluster c. */
static inline size_t eh_cluster_first(const struct eh_clustering *c, size_t cluster) {
  return cluster == 0 ? 0 : c->ends[cluster - 1];
}
/* Behind the cells from `first` that are of the same unit, within the cluster that ends there. */
static inline size_t eh_cluster_unit_end(const struct eh_clustering *c, size_t first, size_t end) {
  uint32_t unit = c->bases[c->cells[first].base].unit;
  while (first < end && c->bases[c->cells[first].base].unit == unit) first++;
  return first;
}

/* The records and events of strata, or parts of them, and what these make of one record. */
struct eh_cluster_stratum {
  double n, m, rate, v; /* v: m(n-m)/(n(n-1)), 0 if n < 2 */
};
void eh_cluster_stratum_settle(struct eh_cluster_stratum *strata, size_t count);

/* Sets the clusters, effective clusters and both g of the units for which it decides; true: the
 * peers' part was bounded. */
bool eh_dependence_designs(struct eh_arena *scratch, const struct eh_clustering *clustering,
                           struct eh_unit_dependence *units);

#endif
