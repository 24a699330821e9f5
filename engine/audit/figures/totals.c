/* The portions of all units of a comparison together: a unit's own taken off leaves its peers'. */
#include "engine/audit/figures/totals.h"

#include <stdlib.h>

static int by_outcome(const void *left, const void *right) {
  const struct eh_portion *a = left, *b = right;
  return (a->outcome > b->outcome) - (a->outcome < b->outcome);
}

static size_t portions_of(const struct eh_cells *cells, size_t cell) {
  return cells->first_portion[cell + 1] - cells->first_portion[cell];
}

/* All cells' portions by stratum, those of one outcome still apart. */
static void gather(const struct eh_cells *cells, struct eh_totals *totals) {
  for (size_t i = 0; i < cells->cell_count; i++)
    totals->first[cells->cells[i].stratum + 1] += portions_of(cells, i);
  for (size_t s = 0; s < cells->stratum_count; s++) totals->first[s + 1] += totals->first[s];
  size_t *next = eh_alloc(cells->stratum_count, sizeof *next);
  for (size_t s = 0; s < cells->stratum_count; s++) next[s] = totals->first[s];
  for (size_t i = 0; i < cells->cell_count; i++)
    for (size_t t = cells->first_portion[i]; t < cells->first_portion[i + 1]; t++) {
      totals->portions[next[cells->cells[i].stratum]++] = cells->portions[t];
      totals->records[cells->portions[t].outcome] += cells->portions[t].records;
    }
  free(next);
}

const struct eh_totals *eh_totals_of(struct eh_arena *arena, const struct eh_cells *cells) {
  if (!cells->portions) return NULL;
  struct eh_totals *totals = eh_arena_alloc(arena, 1, sizeof *totals);
  totals->portions =
      eh_arena_alloc(arena, cells->first_portion[cells->cell_count], sizeof *totals->portions);
  totals->first = eh_arena_alloc(arena, cells->stratum_count + 1, sizeof *totals->first);
  totals->records = eh_arena_alloc(arena, cells->outcome_count, sizeof *totals->records);
  gather(cells, totals);
  size_t kept = 0;
  for (size_t s = 0; s < cells->stratum_count; s++) {
    size_t first = totals->first[s], end = totals->first[s + 1];
    qsort(totals->portions + first, end - first, sizeof *totals->portions, by_outcome);
    totals->first[s] = kept;
    for (size_t t = first; t < end; t++) {
      if (kept > totals->first[s] &&
          totals->portions[kept - 1].outcome == totals->portions[t].outcome)
        totals->portions[kept - 1].records += totals->portions[t].records;
      else
        totals->portions[kept++] = totals->portions[t];
    }
  }
  totals->first[cells->stratum_count] = kept;
  return totals;
}
