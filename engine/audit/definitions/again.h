/* Findings looked at again in other cells of the same records, where peers are weighted: the
 * weights are found anew. */
#ifndef EVENHAND_AUDIT_DEFINITIONS_AGAIN_H
#define EVENHAND_AUDIT_DEFINITIONS_AGAIN_H

#include "engine/audit/figures/balancing.h"

struct eh_again {
  const struct eh_cells *cells;
  const struct eh_measure *measure;
  struct eh_strata_list strata;
  const struct eh_balancing *balancing;
};
/* rules: those that the cells were made by. Lives in the arena. */
struct eh_again eh_again_in(struct eh_arena *arena, const struct eh_rules *rules,
                            const struct eh_cells *cells);
/* A unit's figures there, by its name. False: it has no records. */
bool eh_again_measure(struct eh_arena *scratch, const struct eh_again *again, const char *unit,
                      struct eh_result *result);

#endif
