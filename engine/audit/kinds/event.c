/* A measure of an event: one unit against its peers. */
#include "engine/audit/kinds/event.h"

#include <math.h>

#include "engine/audit/figures/dependence.h"
#include "engine/audit/kinds/rows.h"
#include "engine/stats/chi_square.h"
#include "engine/stats/rounding.h"

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
    r->event.exact.why_not = r->event.gamma_at_05.why_not = EH_NOT_ASKED;
    bound_smallest_p(scratch, task, tables, count);
    return;
  }
  struct eh_exact *exact = eh_exact_new(scratch, tables, count);
  bool decides = task->measure->flag.test == EH_TEST_EXACT;
  r->event.exact = decides ? eh_exact_p(exact) : (struct eh_exact_p){.why_not = EH_NOT_ASKED};
  if (!r->event.odds_ratio_method) {
    r->event.odds_ratio = eh_exact_odds_ratio(exact, task->measure->flag.confidence);
    r->event.odds_ratio_method = "exact";
  }
  r->event.gamma_at_05 =
      decides ? eh_gamma(exact, r->higher, EH_EXPLAINED_AT) : eh_no_figure(EH_NOT_ASKED);
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

static bool measure_event(struct eh_arena *scratch, const struct eh_unit_task *task) {
  struct eh_result *r = task->result;
  const struct eh_measure *measure = task->measure;
  if (task->balancing) return eh_event_measure_balanced(scratch, task);
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
  return eh_passes(pow(10, r->event.smallest_log10_p), measure->flag.false_discovery_rate);
}

static bool has_direction(const struct eh_result *r) {
  return r->balance.applies || r->event.cmh.deviation != 0;
}

const struct eh_kind eh_kind_event = {
    .why_not = {[EH_PART_CATEGORY] = "not a measure of a category",
                [EH_PART_VALUE] = "not a measure of a value",
                [EH_PART_TEST] = "not a measure of a category or a value"},
    .own = offsetof(struct eh_result, share.rate),
    .expected = offsetof(struct eh_result, share.expected_rate),
    .headline = offsetof(struct eh_result, share.difference),
    .is_ranked = true,
    .associate = eh_event_associate,
    .measure = measure_event,
    .relate = eh_event_relate,
    .foresee = eh_event_foresee,
    .has_direction = has_direction,
    .affected = eh_share_affected,
    .statement = eh_event_statement,
    .too_small = eh_event_too_small,
    .say_caveats = eh_event_say_caveats,
    .disagrees = EH_SHARE_DISAGREES,
};
