/* Cells as they would be if similarly situated meant something else: columns of the strata left out
 * or their labels taken together, and cells that then fall together added up. */
#ifndef EVENHAND_AUDIT_DEFINITIONS_REGROUP_H
#define EVENHAND_AUDIT_DEFINITIONS_REGROUP_H

#include "engine/load/cells.h"

/* What becomes of each column of the strata, in their order. */
struct eh_regroup {
  const bool *dropped;
  const uint32_t *const *merged; /* new code by old code, below the column's label_count; NULL: its
                                    labels stay as they are */
};

/* The same units, in their order; their cells in the order in which they are met. What was found of
   dependence stays. In the arena. False: a cell would hold more records than can be counted. */
bool eh_cells_regroup(struct eh_arena *arena, const struct eh_cells *cells,
                      const struct eh_regroup *regroup, struct eh_cells *regrouped);

/* One unit's cells in these strata, all other units being without any. Their strata are the same.
 */
struct eh_cells eh_cells_of_unit(struct eh_arena *arena, const struct eh_cells *cells, size_t unit,
                                 const bool *strata);

#endif
