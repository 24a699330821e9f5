/* What strata, or parts of them, make of one record. */
#include "engine/stats/dependence_internal.h"

void eh_cluster_stratum_settle(struct eh_cluster_stratum *strata, size_t count) {
  for (size_t h = 0; h < count; h++) {
    struct eh_cluster_stratum *s = &strata[h];
    if (s->n > 0.0) s->rate = s->m / s->n;
    if (s->n > 1.0) s->v = s->m / s->n * ((s->n - s->m) / (s->n - 1.0));
  }
}
