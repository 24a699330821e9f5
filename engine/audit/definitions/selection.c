/* Who is asked at all? Where a measure is asked `among` some records, and the unit itself decides
 * which those are, a lower threshold alone lowers the share of events among them. So membership is
 * compared, too, and the event counted over all records. */
#include <math.h>
#include <stdlib.h>

#include "engine/audit/definitions/again.h"
#include "engine/audit/definitions/ask.h"
#include "engine/audit/definitions/finer.h"
#include "engine/audit/kinds/kinds.h"
#include "engine/stats/multiplicity.h"
#include "engine/stats/rounding.h"

/* A unit in cells with the same strata: its difference, and the base-10 logarithm of its mid-p. */
struct looked {
  struct eh_figure difference, rate, expected, log10_p;
};

static struct looked look(struct eh_arena *scratch, const struct eh_cells *cells,
                          const struct eh_stratum *strata, const char *name, double confidence) {
  static const char none[] = "no comparable records";
  struct looked looked = {eh_no_figure(none), eh_no_figure(none), eh_no_figure(none),
                          eh_no_figure(none)};
  size_t u = eh_unit_named(cells, name);
  if (u == SIZE_MAX) return looked;
  const struct eh_unit *unit = &cells->units[u];
  struct eh_result again = {.unit_index = u};
  struct eh_unit_task task = {.cells = cells, .strata = strata, .result = &again};
  struct eh_table *tables = eh_arena_alloc(scratch, unit->cell_count, sizeof *tables);
  eh_unit_tables(&task, tables);
  struct eh_difference d = eh_difference(tables, unit->cell_count, confidence);
  if (d.interval.estimate.why_not) return looked;
  looked.difference = d.interval.estimate;
  looked.rate = eh_figure((double)d.events / (double)d.comparable);
  looked.expected = eh_figure(d.expected / (double)d.comparable);
  struct eh_exact_p exact = eh_exact_p(eh_exact_new(scratch, tables, unit->cell_count));
  looked.log10_p = exact.why_not ? eh_no_figure(exact.why_not) : eh_figure(exact.log10_mid_p);
  return looked;
}

/* The same where peers are weighted. */
static struct looked look_again(struct eh_arena *scratch, const struct eh_again *in,
                                const char *name) {
  struct eh_figure none = eh_no_figure("no comparable records");
  struct eh_result again;
  if (!eh_again_measure(scratch, in, name, &again)) return (struct looked){none, none, none, none};
  return (struct looked){again.share.difference.estimate, again.share.rate,
                         again.share.expected_rate, again.log10_p};
}

static const struct eh_stratum *strata_of(struct eh_arena *scratch, const struct eh_cells *cells) {
  return eh_strata_of(scratch, &(struct eh_comparison){.each = -1}, cells, 1).items;
}

static void cap(struct eh_comparison_result *c, struct eh_result *r, bool signs_differ) {
  if (r->level == EH_EXCEPTIONAL) {
    c->levels.exceptional--;
    c->levels.strong++;
    r->level = EH_STRONG;
  }
  if (signs_differ && r->level == EH_STRONG) {
    c->levels.strong--;
    c->levels.notable++;
    r->level = EH_NOTABLE;
  }
}

static void judge(struct eh_comparison_result *c, struct eh_result *r) {
  struct eh_selection_part *s = &r->selection;
  const struct eh_flag *flag = &c->measure->flag;
  if (s->q.why_not || s->difference.why_not) return;
  s->caveat = eh_passes(s->q.value, flag->false_discovery_rate) &&
              fabs(s->difference.value) >= eh_with_rounding(flag->smallest_difference / 2);
  bool signs_differ = (s->difference.value > 0) != (eh_result_headline(r)->estimate.value > 0);
  if (s->caveat) cap(c, r, signs_differ);
}

/* Benjamini and Hochberg over the comparison's flagged units. */
static void adjust(struct eh_arena *scratch, struct eh_comparison_result *c) {
  double *log10_p = eh_arena_alloc(scratch, c->levels.flagged, sizeof *log10_p);
  double *q = eh_arena_alloc(scratch, c->levels.flagged, sizeof *q);
  size_t count = 0;
  for (size_t u = 0; u < c->result_count; u++)
    if (c->results[u].flagged && !c->results[u].selection.log10_p.why_not)
      log10_p[count++] = c->results[u].selection.log10_p.value;
  eh_benjamini_hochberg(log10_p, count, q, NULL);
  count = 0;
  for (size_t u = 0; u < c->result_count; u++) {
    struct eh_result *r = &c->results[u];
    if (!r->flagged) continue;
    const char *why_not = r->selection.log10_p.why_not;
    r->selection.q = why_not ? eh_no_figure(why_not) : eh_figure(q[count++]);
    judge(c, r);
  }
}

/* Does `among` ask when a case was decided, or by whom? Nobody chooses that of a record. */
static bool asks_when_or_who(const struct eh_rules *rules, const struct eh_comparison_result *c) {
  bool *marked = eh_alloc_zeroed(rules->column_count, sizeof *marked), asks = false;
  eh_rules_mark_condition(rules, c->measure->among, marked);
  for (size_t i = 0; i < rules->column_count; i++)
    asks = asks || (marked[i] && ((int)i == c->comparison->across || (int)i == rules->date_column ||
                                  eh_rules_is_of_date(rules, (int)i)));
  free(marked);
  return asks;
}

void eh_asked_selection(const struct eh_asked *asked, struct eh_comparison_result *c) {
  size_t unused;
  if (!c->measure->among || asks_when_or_who(asked->audit->rules, c)) return;
  const struct eh_cells *members = eh_asked_more(asked, c, EH_ASK_MEMBERS, &unused);
  const struct eh_cells *all = eh_asked_more(asked, c, EH_ASK_OF_ALL, &unused);
  if (!members || !all || members->events == members->records) return;
  struct eh_arena *scratch = eh_arena_new();
  const struct eh_stratum *of_members = strata_of(scratch, members),
                          *of_all = strata_of(scratch, all);
  double confidence = c->measure->flag.confidence;
  struct eh_again again[2];
  bool is_balanced = eh_cells_are_adjusted(c->cells);
  if (is_balanced) {
    again[0] = eh_again_in(scratch, asked->varied, members);
    again[1] = eh_again_in(scratch, asked->varied, all);
  }
  for (size_t u = 0; u < c->result_count; u++) {
    struct eh_result *r = &c->results[u];
    if (!r->flagged) continue;
    struct looked asked_of = is_balanced
                                 ? look_again(scratch, &again[0], r->unit)
                                 : look(scratch, members, of_members, r->unit, confidence);
    struct looked of_records = is_balanced ? look_again(scratch, &again[1], r->unit)
                                           : look(scratch, all, of_all, r->unit, confidence);
    r->selection = (struct eh_selection_part){
        .is_looked_at = true,
        .difference = asked_of.difference,
        .rate = asked_of.rate,
        .expected_rate = asked_of.expected,
        .log10_p = asked_of.log10_p,
        .all_difference = of_records.difference,
        .all_p = of_records.log10_p.why_not ? of_records.log10_p
                                            : eh_figure(pow(10, of_records.log10_p.value))};
  }
  adjust(scratch, c);
  eh_arena_free(scratch);
}
