/* One unit against its peers. */
#include "engine/audit/figures/unit.h"

#include <math.h>

#include "engine/audit/figures/dependence.h"
#include "engine/stats/chi_square.h"
#include "engine/stats/rounding.h"

static const char no_value[] = "not a measure of a value",
                  not_asked[] = "not computed: the rules say test: cmh";
static const double EXPLAINED_AT = 0.05; /* the level at which gamma explains a finding away */

void eh_unit_tables(const struct eh_unit_task *task, struct eh_table *tables) {
  const struct eh_unit *unit = &task->cells->units[task->result->unit_index];
  for (size_t i = 0; i < unit->cell_count; i++) {
    const struct eh_cell *cell = &task->cells->cells[unit->first_cell + i];
    const struct eh_stratum *stratum = &task->strata[cell->stratum];
    tables[i] = (struct eh_table){cell->events, cell->records, stratum->events - cell->events,
                                  stratum->records - cell->records};
  }
}

static void sum_records(const struct eh_unit_task *task, const struct eh_table *tables,
                        size_t count) {
  struct eh_result *r = task->result;
  for (size_t i = 0; i < count; i++) {
    r->records += tables[i].n1;
    r->share.all_events += tables[i].a;
  }
}

static void measure_difference(const struct eh_unit_task *task, const struct eh_table *tables,
                               size_t count) {
  struct eh_result *r = task->result;
  struct eh_difference d = eh_difference_by_design(tables, count, task->measure->flag.confidence,
                                                   r->dependence.difference);
  r->comparable = d.comparable;
  r->share.events = d.events;
  r->share.difference = d.interval;
  r->share.few = d.few;
  if (d.comparable) {
    r->share.rate = eh_figure((double)d.events / (double)d.comparable);
    r->share.expected = eh_figure(d.expected);
    r->share.expected_rate = eh_figure(d.expected / (double)d.comparable);
  } else {
    r->share.rate = r->share.expected = r->share.expected_rate =
        eh_no_figure("no comparable records");
  }
  r->share.crude_difference = eh_crude_difference(r->share.all_events, r->records,
                                                  task->cells->events - r->share.all_events,
                                                  task->cells->records - r->records);
}

/* Could the unit's margins alone let it pass? A few strata mostly tell: each further one only makes
   the smallest p smaller, so what they allow bounds what all do. */
static void bound_smallest_p(struct eh_arena *scratch, const struct eh_unit_task *task,
                             const struct eh_table *tables, size_t count) {
  enum { FEW = 32, STEP = 4 };
  double wanted = log10(task->measure->flag.false_discovery_rate);
  size_t taken = FEW;
  do {
    if (taken > count) taken = count;
    struct eh_arena_mark mark = eh_arena_mark(scratch);
    struct eh_exact *exact = eh_exact_new(scratch, tables, taken);
    task->result->event.smallest_log10_p = eh_exact_smallest_log10_mid_p(exact);
    eh_arena_reset(scratch, mark);
    taken *= STEP;
  } while (taken < STEP * count && !(task->result->event.smallest_log10_p < wanted));
}

/* Exact inference, as far as the rules' choice of test asks for it. */
static void measure_exactly(struct eh_arena *scratch, const struct eh_unit_task *task,
                            const struct eh_table *tables, size_t count) {
  struct eh_result *r = task->result;
  if (task->measure->flag.test == EH_TEST_CMH && r->event.odds_ratio_method) {
    r->event.exact.why_not = r->event.gamma_at_05.why_not = not_asked;
    bound_smallest_p(scratch, task, tables, count);
    return;
  }
  struct eh_exact *exact = eh_exact_new(scratch, tables, count);
  bool decides = task->measure->flag.test == EH_TEST_EXACT;
  r->event.exact = decides ? eh_exact_p(exact) : (struct eh_exact_p){.why_not = not_asked};
  if (!r->event.odds_ratio_method) {
    r->event.odds_ratio = eh_exact_odds_ratio(exact, task->measure->flag.confidence);
    r->event.odds_ratio_method = "exact";
  }
  r->event.gamma_at_05 =
      decides ? eh_gamma(exact, r->higher, EXPLAINED_AT) : eh_no_figure(not_asked);
  r->event.smallest_log10_p = eh_exact_smallest_log10_mid_p(exact);
}

static void choose_p(const struct eh_unit_task *task) {
  struct eh_result *r = task->result;
  bool by_exact = task->measure->flag.test == EH_TEST_EXACT;
  const char *why_not = by_exact ? r->event.exact.why_not : r->event.cmh.test.why_not;
  r->p_from = by_exact ? "exact mid-p" : "cmh";
  r->p = why_not ? eh_no_figure(why_not)
                 : eh_figure(by_exact ? r->event.exact.mid_p : r->event.cmh.test.p);
  r->log10_p = why_not
                   ? eh_no_figure(why_not)
                   : eh_figure(by_exact ? r->event.exact.log10_mid_p : r->event.cmh.test.log10_p);
}

static void measure_event(struct eh_arena *scratch, const struct eh_unit_task *task) {
  struct eh_result *r = task->result;
  const struct eh_measure *measure = task->measure;
  size_t count = task->cells->units[r->unit_index].cell_count;
  struct eh_table *tables = eh_arena_alloc(scratch, count, sizeof *tables);
  eh_unit_tables(task, tables);
  sum_records(task, tables, count);
  r->event.risk_difference =
      task->only_summary ? eh_no_interval(EH_ONLY_SUMMARY)
                         : eh_risk_difference(tables, count, measure->flag.confidence).interval;
  r->event.cmh = eh_cmh(tables, count);
  struct eh_odds_ratio odds_ratio = eh_odds_ratio(tables, count, measure->flag.confidence);
  r->higher = r->event.cmh.deviation > 0;
  if (!odds_ratio.interval.estimate.why_not && !odds_ratio.interval.low.why_not) {
    r->event.odds_ratio = odds_ratio.interval;
    r->event.odds_ratio_method = "mantel-haenszel";
    r->event.homogeneity =
        task->only_summary
            ? (struct eh_homogeneity){eh_no_test(EH_ONLY_SUMMARY), eh_no_test(EH_ONLY_SUMMARY)}
            : eh_homogeneity(tables, count, odds_ratio.interval.estimate.value, NULL);
  } else {
    r->event.homogeneity.breslow_day.why_not = r->event.homogeneity.tarone.why_not =
        "the Mantel-Haenszel odds ratio is 0, infinite or not defined";
  }
  measure_exactly(scratch, task, tables, count);
  choose_p(task);
  eh_unit_allow_for_dependence(scratch, task, tables, count);
  measure_difference(task, tables, count);
  r->event.e_value = eh_e_value_of_interval(&r->event.odds_ratio);
  r->value.mean = r->value.expected_mean = r->value.superiority = r->value.crude_difference =
      r->value.effective = eh_no_figure(no_value);
  r->value.difference = r->value.shift = eh_no_interval(no_value);
  r->among.typical_difference = eh_no_figure("see versus_typical");
  r->test.why_not = "not a measure of a category or a value";
}

void eh_unit_leave_out(struct eh_result *r) {
  static const char only_yes_no[] = "only a measure of an event has it";
  struct eh_figure none = eh_no_figure(only_yes_no);
  r->event.odds_ratio = r->event.risk_difference = r->among.rank = eh_no_interval(only_yes_no);
  r->event.cmh.test.why_not = r->event.exact.why_not = only_yes_no;
  r->event.homogeneity.breslow_day.why_not = r->event.homogeneity.tarone.why_not = only_yes_no;
  r->event.gamma = r->event.gamma_at_05 = r->event.e_value = none;
  r->among.outlier_z = r->among.outlier_q = r->among.shrunken_difference = none;
  r->event.power_80 = eh_no_power(only_yes_no);
  r->event.caseload_needed = r->among.versus_typical_p = none;
  r->among.versus_typical = eh_no_versus_typical(only_yes_no);
  r->event.unrecorded = eh_no_unrecorded("computed for yes/no measures only");
}

void eh_unit_measure(struct eh_arena *scratch, const struct eh_unit_task *task) {
  struct eh_result *r = task->result;
  const struct eh_flag *flag = &task->measure->flag;
  struct eh_arena_mark mark = eh_arena_mark(scratch);
  bool can_pass = true;
  switch (r->kind) {
    case EH_MEASURE_EVENT:
      measure_event(scratch, task);
      can_pass = eh_passes(pow(10, r->event.smallest_log10_p), flag->false_discovery_rate);
      break;
    case EH_MEASURE_CATEGORY:
      eh_unit_measure_category(scratch, task);
      break;
    case EH_MEASURE_VALUE:
      eh_unit_measure_value(scratch, task);
      break;
  }
  bool has_caseload = r->comparable >= flag->smallest_caseload;
  r->recorded = task->cells->units[r->unit_index].recorded;
  r->testable = r->recorded && has_caseload && !r->log10_p.why_not && can_pass &&
                !r->dependence.few && !r->dependence.unknown;
  eh_arena_reset(scratch, mark);
}

/* At the level that decided an unrecorded fact explains nothing away that did not pass. */
static struct eh_figure gamma_of(struct eh_arena *scratch, const struct eh_unit_task *task,
                                 const struct eh_table *tables, size_t count) {
  const struct eh_result *r = task->result;
  if (task->measure->flag.test == EH_TEST_CMH) return eh_no_figure(not_asked);
  if (r->decided_at.why_not) return r->decided_at;
  if (!eh_passes(r->p.value, r->decided_at.value)) return eh_figure(1.0);
  struct eh_exact *exact = eh_exact_new(scratch, tables, count);
  return eh_gamma_at_level(exact, r->higher, eh_unit_level(r));
}

void eh_unit_doubt(struct eh_arena *scratch, const struct eh_unit_task *task) {
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
