#include "engine/audit/definitions/again.h"

#include "engine/audit/definitions/finer.h"
#include "engine/audit/kinds/kinds.h"

struct eh_again eh_again_in(struct eh_arena *arena, const struct eh_rules *rules,
                            const struct eh_cells *cells) {
  const struct eh_comparison *comparison = &rules->comparisons[cells->comparison];
  struct eh_again again = {.cells = cells, .measure = &rules->measures[cells->measure]};
  again.strata = eh_strata_of(arena, comparison, cells, 1);
  again.balancing = eh_balancing_of(arena, comparison, cells, &again.strata, 1);
  return again;
}

bool eh_again_measure(struct eh_arena *scratch, const struct eh_again *again, const char *unit,
                      struct eh_result *result) {
  size_t index = eh_unit_named(again->cells, unit);
  if (index == SIZE_MAX) return false;
  *result = (struct eh_result){.unit_index = index, .kind = again->measure->kind};
  struct eh_unit_task task = {.cells = again->cells,
                              .strata = again->strata.items,
                              .measure = again->measure,
                              .result = result,
                              .only_summary = true,
                              .balancing = again->balancing};
  eh_unit_measure(scratch, &task);
  return true;
}
