/* The portions of all units of a comparison together: a unit's own taken off leaves its peers'. */
#include <stdlib.h>

#include "engine/audit/audit_internal.h"
#include "engine/stats/categories.h"

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

void eh_unit_leave_out(struct eh_result *r) {
  static const char only_yes_no[] = "only a measure of an event has it";
  struct eh_figure none = eh_no_figure(only_yes_no);
  r->odds_ratio = r->risk_difference = r->versus_typical = r->rank = eh_no_interval(only_yes_no);
  r->cmh.test.why_not = r->exact.why_not = only_yes_no;
  r->homogeneity.breslow_day.why_not = r->homogeneity.tarone.why_not = only_yes_no;
  r->gamma = r->e_value = r->outlier_z = r->outlier_q = r->shrunken_difference = none;
  r->power_80 = r->caseload_needed = none;
  r->versus_typical_p = r->versus_typical_log10_p = none;
}

/* Do units differ at all? Cells in order of stratum, those of units that are not recorded too. */
static struct eh_test test_categories(struct eh_arena *scratch, const struct eh_cells *cells) {
  if (cells->outcome_count > EH_MOST_CATEGORIES)
    return (struct eh_test){.why_not = "there are too many different outcomes"};
  struct eh_arena_mark mark = eh_arena_mark(scratch);
  size_t *next = eh_arena_alloc(scratch, cells->stratum_count + 1, sizeof *next);
  size_t count = cells->first_portion[cells->cell_count];
  struct eh_category_cell *sorted = eh_arena_alloc(scratch, count, sizeof *sorted);
  for (size_t i = 0; i < cells->cell_count; i++)
    next[cells->cells[i].stratum + 1] += portions_of(cells, i);
  for (size_t s = 0; s < cells->stratum_count; s++) next[s + 1] += next[s];
  for (size_t i = 0; i < cells->cell_count; i++) {
    const struct eh_cell *cell = &cells->cells[i];
    for (size_t t = cells->first_portion[i]; t < cells->first_portion[i + 1]; t++)
      sorted[next[cell->stratum]++] =
          (struct eh_category_cell){.stratum = cell->stratum,
                                    .unit = cell->unit,
                                    .category = cells->portions[t].outcome,
                                    .n = cells->portions[t].records};
  }
  struct eh_test test = eh_categories_association(sorted, count);
  eh_arena_reset(scratch, mark);
  return test;
}

void eh_whole_measure_outcomes(struct eh_comparison_result *c, struct eh_arena *scratch) {
  static const char only_yes_no[] = "only a measure of an event has it";
  c->overall = c->measure->kind == EH_MEASURE_CATEGORY
                   ? test_categories(scratch, c->cells)
                   : (struct eh_test){.why_not = "a measure of a value is tested unit by unit"};
  c->heterogeneity.why_not = only_yes_no;
  c->tau = c->typical_low = c->typical_high = eh_no_figure(only_yes_no);
}
