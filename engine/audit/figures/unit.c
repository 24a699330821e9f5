#include "engine/audit/figures/unit.h"

#include <math.h>

void eh_unit_tables(const struct eh_unit_task *task, struct eh_table *tables) {
  const struct eh_unit *unit = &task->cells->units[task->result->unit_index];
  for (size_t i = 0; i < unit->cell_count; i++) {
    const struct eh_cell *cell = &task->cells->cells[unit->first_cell + i];
    const struct eh_stratum *stratum = &task->strata[cell->stratum];
    tables[i] = (struct eh_table){cell->events, cell->records, stratum->events - cell->events,
                                  stratum->records - cell->records};
  }
}

void eh_unit_count(const struct eh_unit_task *task) {
  const struct eh_unit *unit = &task->cells->units[task->result->unit_index];
  for (size_t i = 0; i < unit->cell_count; i++) {
    const struct eh_cell *cell = &task->cells->cells[unit->first_cell + i];
    task->result->records += cell->records;
    if (task->strata[cell->stratum].records > cell->records)
      task->result->comparable += cell->records;
  }
}

void eh_unit_decide_by_test(struct eh_result *r, const char *name) {
  r->p_from = name;
  r->p = r->test.why_not ? eh_no_figure(r->test.why_not) : eh_figure(r->test.p);
  r->log10_p = r->test.why_not ? eh_no_figure(r->test.why_not) : eh_figure(r->test.log10_p);
}

double eh_share_affected(const struct eh_result *r) {
  const struct eh_figure *difference = &r->share.difference.estimate;
  return difference->why_not ? 0.0 : fabs(difference->value) * (double)r->comparable;
}
