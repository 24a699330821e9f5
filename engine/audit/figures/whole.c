/* All units of a comparison together: do they differ, and what could have been found. */
#include "engine/audit/figures/whole.h"

#include <math.h>
#include <stdlib.h>

#include "engine/audit/figures/unit.h"
#include "engine/audit/figures/dependence.h"
#include "engine/stats/association.h"
#include "engine/stats/chi_square.h"
#include "engine/stats/power.h"

static const double FOUND_AT = 0.8;

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
void eh_whole_associate(struct eh_arena *scratch, const struct eh_stratum *strata,
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

void eh_unit_power(struct eh_arena *scratch, const struct eh_unit_task *task) {
  struct eh_result *r = task->result;
  const struct eh_flag *flag = &task->measure->flag;
  struct eh_arena_mark mark = eh_arena_mark(scratch);
  size_t count = task->cells->units[r->unit_index].cell_count;
  struct eh_table *tables = eh_arena_alloc(scratch, count, sizeof *tables);
  eh_unit_tables(task, tables);
  if (r->testable) {
    struct eh_power_plan plan = {eh_unit_level(r), flag->smallest_difference,
                                 flag->smallest_caseload};
    r->event.power_80 = eh_power_reach(eh_power_new(scratch, tables, count, &plan), FOUND_AT);
    r->event.caseload_needed = eh_no_figure("it is testable");
  } else {
    r->event.power_80 = eh_no_power("not testable");
    struct eh_figure times = r->log10_p.why_not
                                 ? eh_no_figure("no stratum has peers and both outcomes")
                                 : eh_caseload_needed(tables, count, flag->false_discovery_rate);
    double records = ceil(times.value * (double)r->comparable - 1e-9);
    if (records < (double)flag->smallest_caseload) records = (double)flag->smallest_caseload;
    r->event.caseload_needed = times.why_not ? times : eh_figure(records);
  }
  eh_arena_reset(scratch, mark);
}

/* The rarer of event and non-event, as expected. */
static double rarer(const struct eh_result *r) {
  return fmin(r->share.expected.value, (double)r->comparable - r->share.expected.value);
}

/* By caseload; of equals by how many events, or non-events, were expected, and by how far off they
   were: neither names nor what is called the event may matter. */
static int by_caseload(const void *left, const void *right) {
  const struct eh_result *a = *(struct eh_result *const *)left,
                         *b = *(struct eh_result *const *)right;
  if (a->comparable != b->comparable) return a->comparable < b->comparable ? -1 : 1;
  if (rarer(a) != rarer(b)) return rarer(a) < rarer(b) ? -1 : 1;
  double off = fabs((double)a->share.events - a->share.expected.value);
  double other = fabs((double)b->share.events - b->share.expected.value);
  if (off != other) return off < other ? -1 : 1;
  return (a->unit_index > b->unit_index) - (a->unit_index < b->unit_index);
}

/* Of two in the middle, the smaller. */
struct eh_result *eh_whole_median_unit(const struct eh_comparison_result *c) {
  struct eh_result **units = eh_alloc(c->result_count, sizeof *units);
  size_t count = 0;
  for (size_t i = 0; i < c->result_count; i++)
    if (c->results[i].testable) units[count++] = &c->results[i];
  if (count) qsort(units, count, sizeof *units, by_caseload);
  struct eh_result *median = count ? units[(count - 1) / 2] : NULL;
  free(units);
  return median;
}
