/* Cells of measures that ask for a category or a value.
 *
 * Whatever groups records, in memory or in a database, takes the category or value for one more
 * column of the strata, the last, and counts as it always does. Folding then makes one cell of the
 * cells that differ in that column alone, with a portion of what was in it.
 */
#ifndef EVENHAND_LOAD_PORTIONS_H
#define EVENHAND_LOAD_PORTIONS_H

#include "engine/base/memory.h"
#include "engine/load/cells.h"

/* Fold the last column of the strata away; nothing for a measure of an event. Strata that differ in
   that column alone must stand together, and no cell may have it not recorded. The labels of a
   value are decimal numbers; two that are written differently and are the same number become one
   value. */
void eh_portions_fold(struct eh_arena *arena, const struct eh_measure *measure,
                      struct eh_cells *cells);

#endif
