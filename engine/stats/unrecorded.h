/* How many decisions that nobody recorded would remove a finding?
 *
 * Suppose the unit made k more decisions than it recorded, all with the outcome that speaks against
 * the finding (non-events where it has more events than its peers), spread over the kinds of case
 * as its comparable records are. The smallest k at which the finding no longer stands bounds what
 * missing records could hide: it stands while the difference is at least the smallest that matters
 * and its Cochran-Mantel-Haenszel p at most the level. Found by bisection: both fall as k grows.
 */
#ifndef EVENHAND_STATS_UNRECORDED_H
#define EVENHAND_STATS_UNRECORDED_H

#include "engine/stats/tables.h"

struct eh_unrecorded {
  struct eh_figure decisions;    /* k, at least 1 */
  struct eh_figure completeness; /* comparable records / (those + k): a fraction */
};
/* smallest_difference: a fraction; level: of the test, 0.05. */
struct eh_unrecorded eh_unrecorded(const struct eh_table *tables, size_t count,
                                   double smallest_difference, double level);

#endif
