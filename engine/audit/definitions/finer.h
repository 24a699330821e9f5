/* Cells with one column more among the strata: what a unit has in these, and over the same records
 * within the strata without it. */
#ifndef EVENHAND_AUDIT_DEFINITIONS_FINER_H
#define EVENHAND_AUDIT_DEFINITIONS_FINER_H

#include "engine/audit/figures/strata.h"

struct eh_finer {
  const struct eh_cells *cells;
  size_t column;                   /* the one more, among the strata columns */
  const struct eh_stratum *strata; /* of the cells */
  uint32_t *of;                    /* by stratum: its number without the column */
  size_t coarse_count;
  struct eh_stratum *coarse; /* by that number */
  /* What a unit has by such a number; all 0 between units, since most of many are none of theirs.
   */
  struct eh_stratum *own;
  uint32_t *place; /* among its tables, and 1 */
};
/* Everything is in the arena. */
struct eh_finer eh_finer_of(struct eh_arena *scratch, const struct eh_cells *cells, size_t column);

/* A unit's tables within the finer strata, those that are comparable; and the same records within
   the others, against all peers there. */
struct eh_finer_tables {
  struct eh_table *fine, *same;
  size_t fine_count, same_count;
  uint64_t comparable;
};
struct eh_finer_tables eh_finer_tables(struct eh_arena *scratch, struct eh_finer *finer,
                                       size_t unit);

/* The unit of this name in cells; SIZE_MAX: none, or only records that do not say whose they are.
 */
size_t eh_unit_named(const struct eh_cells *cells, const char *name);

#endif
