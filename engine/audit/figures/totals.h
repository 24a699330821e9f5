/* The portions of all units together: a unit's own taken off leaves its peers'. */
#ifndef EVENHAND_AUDIT_FIGURES_TOTALS_H
#define EVENHAND_AUDIT_FIGURES_TOTALS_H

#include "engine/base/memory.h"
#include "engine/load/cells.h"

/* Of a measure of a category or value. */
struct eh_totals {
  struct eh_portion *portions; /* by stratum, then outcome */
  size_t *first;               /* stratum s has those from first[s] up to first[s + 1] */
  uint64_t *records;           /* by outcome */
};
/* NULL for a measure of an event. */
const struct eh_totals *eh_totals_of(struct eh_arena *arena, const struct eh_cells *cells);

#endif
