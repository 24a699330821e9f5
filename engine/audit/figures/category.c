/* One unit against its peers in which of several outcomes its records had. */
#include <math.h>
#include <string.h>

#include "engine/audit/figures/unit.h"
#include "engine/stats/categories.h"

static const double LEAST_EXPECTED = 2.0; /* of a category with a place of its own in the test */

/* The unit's and its peers' records by stratum and category. */
static struct eh_category_tables make_tables(struct eh_arena *scratch,
                                             const struct eh_unit_task *task) {
  const struct eh_cells *cells = task->cells;
  const struct eh_unit *unit = &cells->units[task->result->unit_index];
  size_t J = cells->outcome_count;
  uint64_t *own = eh_arena_alloc(scratch, unit->cell_count * J, sizeof *own);
  uint64_t *peers = eh_arena_alloc(scratch, unit->cell_count * J, sizeof *peers);
  for (size_t h = 0; h < unit->cell_count; h++) {
    size_t cell = unit->first_cell + h;
    for (size_t t = cells->first_portion[cell]; t < cells->first_portion[cell + 1]; t++)
      own[h * J + cells->portions[t].outcome] = cells->portions[t].records;
    uint32_t stratum = cells->cells[cell].stratum;
    for (size_t t = task->totals->first[stratum]; t < task->totals->first[stratum + 1]; t++) {
      const struct eh_portion *total = &task->totals->portions[t];
      peers[h * J + total->outcome] = total->records - own[h * J + total->outcome];
    }
  }
  return (struct eh_category_tables){unit->cell_count, J, own, peers};
}

static void take_categories(const struct eh_difference *differences, struct eh_result *r) {
  r->category.largest = 0;
  for (size_t j = 0; j < r->category.count; j++) {
    const struct eh_difference *d = &differences[j];
    struct eh_category_result *c = &r->category.items[j];
    c->records = d->events;
    c->difference = d->interval;
    c->few = d->few;
    c->rate = c->expected_rate = eh_no_figure("no comparable records");
    if (d->comparable) {
      c->rate = eh_figure((double)d->events / (double)d->comparable);
      c->expected_rate = eh_figure(d->expected / (double)d->comparable);
    }
    if (fabs(d->interval.estimate.value) >
        fabs(differences[r->category.largest].interval.estimate.value) * (1.0 + 1e-12))
      r->category.largest = j; /* of equals, the first: of two, each mirrors the other */
  }
}

/* The figures of an event, for the category that differs most. */
static void take_largest(const struct eh_unit_task *task, const struct eh_category_tables *tables,
                         const struct eh_difference *differences) {
  struct eh_result *r = task->result;
  const struct eh_difference *d = &differences[r->category.largest];
  const struct eh_category_result *c = &r->category.items[r->category.largest];
  r->comparable = d->comparable;
  r->share.events = d->events;
  r->share.rate = c->rate;
  r->share.expected_rate = c->expected_rate;
  r->share.expected =
      d->comparable ? eh_figure(d->expected) : eh_no_figure("no comparable records");
  r->share.difference = d->interval;
  r->share.few = d->few;
  r->higher = d->interval.estimate.value > 0;
  for (size_t h = 0; h < tables->strata; h++)
    r->share.all_events += tables->unit[h * tables->categories + r->category.largest];
  r->share.crude_difference =
      eh_crude_difference(r->share.all_events, r->records,
                          task->totals->records[r->category.largest] - r->share.all_events,
                          task->cells->records - r->records);
}

static void leave_out_all(struct eh_result *r, const char *why_not) {
  struct eh_figure none = eh_no_figure(why_not);
  r->share.rate = r->share.expected = r->share.expected_rate = r->share.crude_difference = none;
  r->share.difference = eh_no_interval(why_not);
  r->test = (struct eh_test){.why_not = why_not};
}

static void count_comparable(const struct eh_unit_task *task) {
  const struct eh_unit *unit = &task->cells->units[task->result->unit_index];
  for (size_t h = 0; h < unit->cell_count; h++) {
    const struct eh_cell *cell = &task->cells->cells[unit->first_cell + h];
    if (task->strata[cell->stratum].records > cell->records)
      task->result->comparable += cell->records;
  }
}

void eh_unit_measure_category(struct eh_arena *scratch, const struct eh_unit_task *task) {
  static const char no_value[] = "not a measure of a value";
  struct eh_result *r = task->result;
  const struct eh_unit *unit = &task->cells->units[r->unit_index];
  for (size_t h = 0; h < unit->cell_count; h++)
    r->records += task->cells->cells[unit->first_cell + h].records;
  eh_unit_leave_out(r);
  r->value.mean = r->value.expected_mean = r->value.superiority = r->value.crude_difference =
      r->value.effective = eh_no_figure(no_value);
  r->value.difference = r->value.shift = eh_no_interval(no_value);
  if (task->cells->outcome_count > EH_MOST_CATEGORIES) {
    count_comparable(task);
    leave_out_all(r, "there are more than 100 different outcomes; put them in groups");
  } else {
    struct eh_category_tables tables = make_tables(scratch, task);
    struct eh_difference *differences =
        eh_arena_alloc(scratch, tables.categories, sizeof *differences);
    eh_categories_differences(&tables, task->measure->flag.confidence, differences);
    take_categories(differences, r);
    take_largest(task, &tables, differences);
    r->test = eh_categories_pooled_test(&tables, LEAST_EXPECTED, &r->category.pooled);
  }
  r->p_from = "generalised cmh";
  r->p = r->test.why_not ? eh_no_figure(r->test.why_not) : eh_figure(r->test.p);
  r->log10_p = r->test.why_not ? eh_no_figure(r->test.why_not) : eh_figure(r->test.log10_p);
}
