/* The strata of a comparison: what the cells of each come to, over all units. */
#ifndef EVENHAND_AUDIT_FIGURES_STRATA_H
#define EVENHAND_AUDIT_FIGURES_STRATA_H

#include "engine/audit/result.h"

/* A stratum, over all units. */
struct eh_stratum {
  uint64_t records, events;
};
/* All of a comparison, and what the cells of each have in common. */
struct eh_strata_list {
  struct eh_stratum *items;
  uint32_t *group;    /* by stratum: number of its within columns' labels, taken together */
  bool *lacks_factor; /* by stratum: a factor is not recorded */
  size_t groups;      /* numbers of groups are below this */
  struct eh_presence *presence; /* by stratum; NULL where nothing was found */
};

/* Which units have records in a stratum. */
struct eh_presence {
  uint32_t count;
  uint32_t xored; /* their indices, exclusive or: of two it tells one from the other */
};

/* The strata of a comparison, summed and described, in the arena. */
struct eh_strata_list eh_strata_of(struct eh_arena *arena, const struct eh_comparison *comparison,
                                   const struct eh_cells *cells, size_t threads);

struct eh_presence *eh_presence_of(struct eh_arena *arena, const struct eh_cells *cells);

/* Where a column of the rules stands among the strata columns. */
size_t eh_column_place(const struct eh_cells *cells, int column);

#endif
