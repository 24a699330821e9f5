/* A measure of an event: do the units of a comparison differ at all? */
#include "engine/audit/kinds/event.h"
#include "engine/stats/association.h"

/* Are there so many units in a block that they cannot be tested together? Asked before the cells
   are put in order, which takes their memory once more. */
static bool is_too_large(struct eh_arena *scratch, const struct eh_cells *cells,
                         const struct eh_stratum *strata) {
  if (cells->unit_count <= EH_ASSOCIATION_LARGEST_BLOCK) return false;
  size_t *parent = eh_arena_alloc(scratch, cells->unit_count, sizeof *parent);
  size_t *size = eh_arena_alloc(scratch, cells->unit_count, sizeof *size);
  uint32_t *met = eh_arena_alloc(scratch, cells->stratum_count, sizeof *met); /* a unit and 1 */
  for (size_t u = 0; u < cells->unit_count; u++) {
    parent[u] = u;
    size[u] = 1;
  }
  for (size_t i = 0; i < cells->cell_count; i++) {
    const struct eh_cell *cell = &cells->cells[i];
    const struct eh_stratum *stratum = &strata[cell->stratum];
    if (stratum->events == 0 || stratum->events == stratum->records) continue;
    uint32_t other = met[cell->stratum];
    met[cell->stratum] = cell->unit + 1;
    if (!other) continue;
    size_t one = eh_block_find(parent, other - 1), two = eh_block_find(parent, cell->unit);
    if (one == two) continue;
    size_t both = size[one] + size[two];
    if (both > EH_ASSOCIATION_LARGEST_BLOCK) return true;
    eh_block_link(parent, one, two);
    size[eh_block_find(parent, one)] = both;
  }
  return false;
}

/* The cells in order of stratum, those of units that are not recorded included: they are among the
 * peers. */
void eh_event_associate(struct eh_arena *scratch, const struct eh_stratum *strata,
                        struct eh_comparison_result *c) {
  const struct eh_cells *cells = c->cells;
  struct eh_arena_mark mark = eh_arena_mark(scratch);
  c->overall_diagonal = is_too_large(scratch, cells, strata);
  size_t *next = eh_arena_alloc(scratch, cells->stratum_count + 1, sizeof *next);
  struct eh_association_cell *sorted = eh_arena_alloc(scratch, cells->cell_count, sizeof *sorted);
  for (size_t i = 0; i < cells->cell_count; i++) next[cells->cells[i].stratum + 1]++;
  for (size_t s = 0; s < cells->stratum_count; s++) next[s + 1] += next[s];
  for (size_t i = 0; i < cells->cell_count; i++) {
    const struct eh_cell *cell = &cells->cells[i];
    sorted[next[cell->stratum]++] = (struct eh_association_cell){
        .stratum = cell->stratum, .unit = cell->unit, .n = cell->records, .events = cell->events};
  }
  c->overall = c->overall_diagonal ? eh_association_diagonal(sorted, cells->cell_count)
                                   : eh_association(sorted, cells->cell_count).test;
  eh_arena_reset(scratch, mark);
}
