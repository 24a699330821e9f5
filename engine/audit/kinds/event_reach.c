/* A measure of an event: what could have been found of a unit, and what it would take to remove a
 * finding. */
#include <math.h>

#include "engine/audit/figures/dependence.h"
#include "engine/audit/kinds/event.h"
#include "engine/stats/power.h"
#include "engine/stats/rounding.h"

static const double FOUND_AT = 0.8;

/* The smallest detectable difference at the level that decided, or, where the unit is not testable,
   the caseload it would need. */
static void measure_power(struct eh_arena *scratch, const struct eh_unit_task *task) {
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

/* At the level that decided an unrecorded fact explains nothing away that did not pass. */
static struct eh_figure gamma_of(struct eh_arena *scratch, const struct eh_unit_task *task,
                                 const struct eh_table *tables, size_t count) {
  const struct eh_result *r = task->result;
  if (task->measure->flag.test == EH_TEST_CMH) return eh_no_figure(EH_NOT_ASKED);
  if (r->decided_at.why_not) return r->decided_at;
  if (!eh_passes(r->p.value, r->decided_at.value)) return eh_figure(1.0);
  struct eh_exact *exact = eh_exact_new(scratch, tables, count);
  return eh_gamma_at_level(exact, r->higher, eh_unit_level(r));
}

/* Unrecorded decisions, an unrecorded fact. */
static void measure_doubt(struct eh_arena *scratch, const struct eh_unit_task *task) {
  struct eh_result *r = task->result;
  struct eh_arena_mark mark = eh_arena_mark(scratch);
  size_t count = task->cells->units[r->unit_index].cell_count;
  struct eh_table *tables = eh_arena_alloc(scratch, count, sizeof *tables);
  eh_unit_tables(task, tables);
  struct eh_standard standard = {.smallest_difference = task->measure->flag.smallest_difference,
                                 .level = r->flagged ? eh_unit_level(r) : 0.0,
                                 .by_cmh = task->measure->flag.test == EH_TEST_CMH};
  r->event.unrecorded =
      r->flagged ? eh_unrecorded(tables, count, &standard) : eh_no_unrecorded("not flagged");
  r->event.gamma = gamma_of(scratch, task, tables, count);
  eh_arena_reset(scratch, mark);
}

static void leave_out_power(struct eh_event_part *event, const char *why_not) {
  event->power_80 = eh_no_power(why_not);
  event->caseload_needed = eh_no_figure(why_not);
}

/* With test: cmh, a quick look, power is computed for the median unit only. */
void eh_event_foresee(struct eh_arena *scratch, const struct eh_unit_task *task, bool is_median) {
  struct eh_event_part *event = &task->result->event;
  if (task->balancing) {
    eh_event_foresee_balanced(scratch, task);
    return;
  }
  if (task->only_summary) {
    leave_out_power(event, EH_ONLY_SUMMARY);
    event->unrecorded = eh_no_unrecorded(EH_ONLY_SUMMARY);
    event->gamma = eh_no_figure(EH_ONLY_SUMMARY);
    return;
  }
  measure_doubt(scratch, task);
  if (task->measure->flag.test == EH_TEST_CMH && !is_median)
    leave_out_power(event, EH_NOT_ASKED);
  else
    measure_power(scratch, task);
}
