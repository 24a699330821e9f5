/* Does a finding go with time? A unit that decided at other times than its peers differs from them
 * where everybody's decisions changed. So each finding is looked at again among decisions of the
 * same calendar quarter (month, where the records span less than a year). */
#include <math.h>

#include "engine/audit/definitions/again.h"
#include "engine/audit/definitions/ask.h"
#include "engine/audit/definitions/finer.h"
#include "engine/audit/figures/dependence.h"
#include "engine/audit/kinds/kinds.h"
#include "engine/stats/rounding.h"

static const double HALF = 0.5;

bool eh_is_of_time(const struct eh_rules *rules, const struct eh_comparison_result *c) {
  int across = c->comparison->across;
  if (across == rules->policy_column || eh_rules_is_of_date(rules, across)) return true;
  for (size_t k = 0; k < c->cells->column_count; k++) {
    int column = c->cells->columns[k].column;
    if (column != rules->policy_column && eh_rules_is_of_date(rules, column)) return true;
  }
  return false;
}

static enum eh_time_outcome outcome_of(const struct eh_result *r, const struct eh_time_part *t,
                                       double same) {
  double within = t->difference.value;
  if (t->kept < HALF) return EH_TIME_FEW_PEERS;
  bool turns = within != 0 && (within > 0) != (same > 0);
  if (turns || fabs(within) < HALF * fabs(same)) return EH_TIME_EXPLAINS;
  bool passes = !t->p.why_not && eh_passes(t->p.value, r->decided_at.value);
  return passes ? EH_TIME_NOTHING : EH_TIME_TOO_FEW;
}

/* The unit in one period's strata. */
static struct eh_time_part look(struct eh_arena *scratch, const struct eh_comparison_result *c,
                                const struct eh_result *r, struct eh_finer *finer) {
  struct eh_time_part part = {.outcome = EH_TIME_FEW_PEERS};
  double confidence = c->measure->flag.confidence;
  size_t unit = eh_unit_named(finer->cells, r->unit);
  part.difference = part.p = eh_no_figure("no comparable records");
  if (unit == SIZE_MAX || r->comparable == 0) return part;
  struct eh_finer_tables t = eh_finer_tables(scratch, finer, unit);
  part.kept = (double)t.comparable / (double)r->comparable;
  struct eh_figure same = eh_difference(t.same, t.same_count, confidence).interval.estimate;
  part.difference = eh_difference(t.fine, t.fine_count, confidence).interval.estimate;
  part.same = same;
  struct eh_exact_p exact = eh_exact_p(eh_exact_new(scratch, t.fine, t.fine_count));
  part.p = exact.why_not
               ? eh_no_figure(exact.why_not)
               : eh_figure(pow(10, r->dependence.clustering
                                       ? eh_design_log10_p(exact.log10_mid_p, r->dependence.test)
                                       : exact.log10_mid_p));
  if (!part.difference.why_not && !same.why_not) part.outcome = outcome_of(r, &part, same.value);
  return part;
}

/* The same where peers are weighted: nearly all its records stay comparable, so that the difference
   found is that of the same records. */
static struct eh_time_part look_again(struct eh_arena *scratch, const struct eh_result *r,
                                      const struct eh_again *within) {
  struct eh_time_part part = {.outcome = EH_TIME_FEW_PEERS};
  struct eh_result again;
  part.difference = part.p = eh_no_figure("no comparable records");
  if (r->comparable == 0 || !eh_again_measure(scratch, within, r->unit, &again)) return part;
  part.kept = (double)again.comparable / (double)r->comparable;
  part.same = r->share.difference.estimate;
  part.difference = again.share.difference.estimate;
  part.p = again.balance.refused ? eh_no_figure(again.balance.refused) : again.p;
  if (!part.difference.why_not) part.outcome = outcome_of(r, &part, part.same.value);
  return part;
}

/* What goes with time, or has no peers of its time, is notable at most. */
static void cap(struct eh_comparison_result *c, struct eh_result *r) {
  if (r->level == EH_EXCEPTIONAL) c->levels.exceptional--;
  if (r->level == EH_STRONG) c->levels.strong--;
  if (r->level != EH_NOTABLE) c->levels.notable++;
  r->level = EH_NOTABLE;
}

void eh_asked_time(const struct eh_asked *asked, struct eh_comparison_result *c) {
  const struct eh_rules *rules = asked->audit->rules;
  size_t place[2] = {0, 0};
  const struct eh_cells *cells[2] = {eh_asked_more(asked, c, EH_ASK_PERIOD, &place[0]),
                                     eh_asked_more(asked, c, EH_ASK_LONGER_PERIOD, &place[1])};
  if (rules->date_column < 0 || eh_is_of_time(rules, c) || !cells[0] || !cells[1]) return;
  struct eh_arena *scratch = eh_arena_new();
  struct eh_finer finer[2];
  struct eh_again again[2];
  bool is_balanced = eh_cells_are_adjusted(c->cells);
  for (size_t k = 0; k < 2; k++) {
    if (is_balanced)
      again[k] = eh_again_in(scratch, asked->varied, cells[k]);
    else
      finer[k] = eh_finer_of(scratch, cells[k], place[k]);
  }
  for (size_t u = 0; u < c->result_count; u++) {
    struct eh_result *r = &c->results[u];
    struct eh_arena_mark mark = eh_arena_mark(scratch);
    for (size_t k = 0; r->flagged && k < 2; k++) {
      int column = cells[k]->columns[place[k]].column;
      r->time = is_balanced ? look_again(scratch, r, &again[k]) : look(scratch, c, r, &finer[k]);
      r->time.period = eh_period_word(asked->varied->columns[column].kind);
      if (r->time.kept >= HALF) break;
    }
    eh_arena_reset(scratch, mark);
    if (r->time.outcome == EH_TIME_EXPLAINS || r->time.outcome == EH_TIME_FEW_PEERS) cap(c, r);
  }
  eh_arena_free(scratch);
}

const char *eh_period_word(enum eh_column_kind kind) {
  return kind == EH_MONTH ? "month" : kind == EH_QUARTER ? "quarter" : "year";
}
