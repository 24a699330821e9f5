/* A measure of an event where peers are weighted (`adjust_for`): one unit against its peers. */
#include <math.h>

#include "engine/audit/figures/balancing.h"
#include "engine/audit/figures/dependence.h"
#include "engine/audit/figures/parts.h"
#include "engine/audit/kinds/balanced.h"
#include "engine/audit/kinds/event.h"
#include "engine/audit/kinds/rows.h"
#include "engine/stats/balanced_test.h"

#define UNMATCHED "its caseload cannot be matched by weighting its peers"
#define FEW_PEERS "too few effective peers"
static const double FOUND_AT = 0.8;

/* --- figures --- */

static struct eh_unmatched unmatched_of(const struct eh_unit_task *task,
                                        const struct eh_imbalance *i, bool is_pair) {
  struct eh_unmatched u = {.size = eh_figure(i->size), .own = i->own, .peers = i->peers};
  u.column = eh_balancing_column(task->balancing, i->factor);
  u.other = eh_balancing_column(task->balancing, is_pair ? i->other : i->factor);
  u.level = eh_balancing_label(task->balancing, u.column, i->level);
  if (is_pair) u.other_level = eh_balancing_label(task->balancing, u.other, i->other_level);
  return u;
}

static void take_balance(const struct eh_unit_task *task, const struct eh_balancing_case *c,
                         const struct eh_balance *b) {
  struct eh_balance_part *part = &task->result->balance;
  part->applies = true;
  if (b->why_not) {
    part->effective = part->largest_weight = eh_no_figure(b->why_not);
    part->worst.size = part->pair.size = eh_no_figure(b->why_not);
    return;
  }
  part->effective = eh_figure(b->effective);
  part->largest_weight = eh_figure(b->largest_weight);
  part->largest = c->pattern[b->largest];
  part->worst = unmatched_of(task, &b->worst, false);
  part->pair = b->pair.size > 0.0
                   ? unmatched_of(task, &b->pair, true)
                   : (struct eh_unmatched){.size = eh_no_figure("all pairs are balanced")};
  if (b->worst.size > EH_BALANCE_WITHIN)
    part->refused = UNMATCHED;
  else if (b->effective < (double)task->measure->flag.smallest_caseload)
    part->refused = FEW_PEERS;
}

static void count_records(const struct eh_unit_task *task) {
  struct eh_result *r = task->result;
  const struct eh_unit *unit = &task->cells->units[r->unit_index];
  for (size_t i = unit->first_cell; i < unit->first_cell + unit->cell_count; i++) {
    r->records += task->cells->cells[i].records;
    r->share.all_events += task->cells->cells[i].events;
  }
  r->share.crude_difference = eh_crude_difference(r->share.all_events, r->records,
                                                  task->cells->events - r->share.all_events,
                                                  task->cells->records - r->records);
}

static void leave_out(struct eh_result *r, const char *why_not) {
  r->share.rate = r->share.expected = r->share.expected_rate = r->p = r->log10_p =
      eh_no_figure(why_not);
  r->share.difference = eh_no_interval(why_not);
}

static void take_difference(const struct eh_unit_task *task, const struct eh_balancing_case *c,
                            const struct eh_balance *b) {
  struct eh_result *r = task->result;
  struct eh_balanced_test test =
      eh_balanced_test(&c->caseload, b, c->p0, task->measure->flag.confidence);
  double records = (double)b->comparable;
  r->balance.peers_variance = test.peers_variance;
  r->share.rate = eh_figure((double)b->events / records);
  r->share.expected = eh_figure(b->expected);
  r->share.expected_rate = eh_figure(b->expected / records);
  r->share.difference = test.difference;
  r->share.few = test.few;
  r->higher = test.difference.estimate.value > 0.0;
  r->p = eh_figure(test.p);
  r->log10_p = eh_figure(test.log10_p);
}

bool eh_event_measure_balanced(struct eh_arena *scratch, const struct eh_unit_task *task) {
  struct eh_result *r = task->result;
  static const char *const why_not[EH_PARTS] = {[EH_PART_EVENT] = EH_BALANCED};
  eh_result_leave_out(r, why_not);
  r->event.unrecorded = eh_no_unrecorded(EH_BALANCED);
  struct eh_balancing_case c = eh_balancing_case(scratch, task);
  struct eh_balance b = eh_balance_fit(scratch, &c.caseload);
  count_records(task);
  r->comparable = b.comparable;
  r->share.events = b.events;
  r->p_from = "saddlepoint";
  take_balance(task, &c, &b);
  const char *none = b.why_not                                         ? b.why_not
                     : r->balance.worst.size.value > EH_BALANCE_WITHIN ? UNMATCHED
                                                                       : NULL;
  if (none)
    leave_out(r, none);
  else
    take_difference(task, &c, &b);
  r->dependence = (struct eh_dependence_part){.test = EH_INDEPENDENT, .difference = EH_INDEPENDENT};
  r->dependence.p = r->p;
  r->dependence.log10_p = r->log10_p;
  r->dependence.q = eh_no_figure("not tested");
  r->dependence.low = r->share.difference.low;
  r->dependence.high = r->share.difference.high;
  return !r->balance.refused;
}

/* What relates units to each other rests on odds ratios within strata. */
void eh_event_leave_out_balanced(struct eh_comparison_result *c) {
  static const char *const why_not[EH_PARTS] = {[EH_PART_EVENT] = EH_BALANCED};
  eh_whole_leave_out(c, why_not);
  c->event.spread.shown.why_not = EH_BALANCED;
}

/* The unit's own records suffice, and which of them were kept: mostly all. */
static struct eh_power_reach power_of(struct eh_arena *scratch, const struct eh_unit_task *task) {
  const struct eh_result *r = task->result;
  const struct eh_flag *flag = &task->measure->flag;
  struct eh_power_plan plan = {r->decided_at.value, flag->smallest_difference,
                               flag->smallest_caseload};
  struct eh_balancing_case c;
  struct eh_balance b;
  if (r->comparable < r->records) {
    c = eh_balancing_case(scratch, task);
    b = eh_balance_fit(scratch, &c.caseload);
  } else {
    c = eh_balancing_own(scratch, task);
    bool *kept = eh_arena_alloc(scratch, c.caseload.count, sizeof *kept);
    for (size_t p = 0; p < c.caseload.count; p++) kept[p] = true;
    b = (struct eh_balance){
        .comparable = r->comparable, .expected = r->share.expected.value, .kept = kept};
  }
  return eh_balanced_power(&c.caseload, &b, c.p0, r->balance.peers_variance, &plan, FOUND_AT);
}

void eh_event_foresee_balanced(struct eh_arena *scratch, const struct eh_unit_task *task) {
  struct eh_result *r = task->result;
  if (task->only_summary || !r->testable) {
    r->event.power_80 = eh_no_power(task->only_summary ? EH_ONLY_SUMMARY : "not testable");
    return;
  }
  struct eh_arena_mark mark = eh_arena_mark(scratch);
  r->event.power_80 = power_of(scratch, task);
  eh_arena_reset(scratch, mark);
}

void eh_balanced_list(struct eh_arena *kept, const struct eh_unit_task *task) {
  struct eh_arena *scratch = eh_arena_new();
  struct eh_balancing_case c = eh_balancing_case(scratch, task);
  struct eh_balance b = eh_balance_fit(scratch, &c.caseload);
  struct eh_balance_part *part = &task->result->balance;
  struct eh_weighted_pattern *weights = eh_arena_alloc(kept, c.caseload.count, sizeof *weights);
  for (size_t p = 0; p < c.caseload.count; p++)
    if (b.kept[p])
      weights[part->weight_count++] =
          (struct eh_weighted_pattern){c.pattern[p], c.caseload.tables[p], b.weight[p]};
  part->weights = weights;
  eh_arena_free(scratch);
}

/* --- words --- */

const char *eh_event_balanced_statement(const struct eh_view *v) {
  const struct eh_result *r = v->result;
  struct eh_arena *a = v->arena;
  return eh_arena_printf(
      a,
      "%s differs from peers by %s points (%s) in %s: %s of its %s comparable record%s, where "
      "peers, weighted until their caseload is the same, had %s.",
      eh_say_unit(v), eh_say_points(a, r->share.difference.estimate.value),
      eh_say_interval(v, &r->share.difference, eh_say_points(a, r->share.difference.low.value),
                      eh_say_points(a, r->share.difference.high.value)),
      eh_say_measure(v), eh_say_percent(a, r->share.rate.value), eh_words_count(a, r->comparable),
      r->comparable == 1 ? "" : "s", eh_say_percent(a, r->share.expected_rate.value));
}

static const char *name_of(const struct eh_view *v, size_t column) {
  return v->rules->columns[v->comparison->cells->columns[column].column].name;
}

/* "landmark state prison and gender M" */
static const char *say_levels(const struct eh_view *v, const struct eh_unmatched *u) {
  if (!u->other_level) return eh_arena_printf(v->arena, "%s %s", name_of(v, u->column), u->level);
  return eh_arena_printf(v->arena, "%s %s with %s %s", name_of(v, u->column), u->level,
                         name_of(v, u->other), u->other_level);
}

const char *eh_balance_say_refused(const struct eh_view *v) {
  const struct eh_balance_part *b = &v->result->balance;
  struct eh_arena *a = v->arena;
  if (b->worst.size.value > EH_BALANCE_WITHIN)
    return eh_arena_printf(a,
                           "its caseload cannot be matched: %s is %s of its cases, %s of its "
                           "peers', weighted as far as they can be",
                           say_levels(v, &b->worst), eh_say_percent(a, b->worst.own),
                           eh_say_percent(a, b->worst.peers));
  return eh_arena_printf(a,
                         "its peers' records, weighted to its caseload, tell as much as %.0f; the "
                         "rules ask for %s",
                         floor(b->effective.value),
                         eh_words_count(a, v->comparison->measure->flag.smallest_caseload));
}

void eh_event_say_balance(const struct eh_view *v, struct eh_sentences *s) {
  static const double PAIR_OFF = 0.1, HEAVY = 0.1;
  const struct eh_balance_part *b = &v->result->balance;
  struct eh_arena *a = v->arena;
  if (b->effective.why_not || v->result->share.difference.estimate.why_not) return;
  if (b->effective.value < (double)v->result->comparable)
    eh_say(s, eh_arena_printf(a,
                              "its peers' records, weighted to its caseload, tell only as much as "
                              "%.0f: its level is notable at most",
                              floor(b->effective.value)));
  if (b->largest_weight.value > HEAVY)
    eh_say(s, eh_arena_printf(a, "one record of its peers counts for %s of them all",
                              eh_say_percent(a, b->largest_weight.value)));
  if (!b->pair.size.why_not && b->pair.size.value > PAIR_OFF)
    eh_say(s,
           eh_arena_printf(a,
                           "each factor is matched, but not all together: %s is %s of its cases, "
                           "%s of its weighted peers'",
                           say_levels(v, &b->pair), eh_say_percent(a, b->pair.own),
                           eh_say_percent(a, b->pair.peers)));
}
