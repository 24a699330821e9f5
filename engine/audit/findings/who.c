/* Each found unit is tested again with the units named so far left out of its peers. */
#include "engine/audit/findings/who.h"

#include <math.h>

#include "engine/audit/figures/balancing.h"
#include "engine/audit/kinds/kinds.h"
#include "engine/stats/association.h"
#include "engine/stats/rounding.h"
#include "engine/stats/weighted_median.h"
#include "rules/language/question.h"

enum {
  MANY = 200
}; /* found in one comparison: then the rounds go by the Cochran-Mantel-Haenszel p */

struct search {
  struct eh_arena *scratch;
  struct eh_comparison_result *comparison;
  const struct eh_totals *totals;       /* of all units; NULL for an event */
  const struct eh_stratum *strata;      /* of all units */
  const struct eh_balancing *balancing; /* where peers are weighted */
  struct eh_stratum *rest;              /* of those that are not named */
  struct eh_totals rest_totals;         /* the same */
  bool *taken;                          /* by unit: not in rest */
};

/* --- the records of those that are not named --- */

static void move_portions(const struct search *s, size_t cell, bool out) {
  const struct eh_cells *cells = s->comparison->cells;
  size_t stratum = cells->cells[cell].stratum, at = s->totals->first[stratum];
  for (size_t t = cells->first_portion[cell]; t < cells->first_portion[cell + 1]; t++) {
    const struct eh_portion *own = &cells->portions[t];
    while (s->totals->portions[at].outcome != own->outcome) at++;
    struct eh_portion *rest = &s->rest_totals.portions[at];
    rest->records = out ? rest->records - own->records : rest->records + own->records;
  }
}

/* Take a unit's records out of the rest, or put them back. */
static void move_unit(struct search *s, size_t u, bool out) {
  const struct eh_cells *cells = s->comparison->cells;
  const struct eh_unit *unit = &cells->units[u];
  for (size_t i = unit->first_cell; i < unit->first_cell + unit->cell_count; i++) {
    const struct eh_cell *cell = &cells->cells[i];
    struct eh_stratum *rest = &s->rest[cell->stratum];
    rest->records = out ? rest->records - cell->records : rest->records + cell->records;
    rest->events = out ? rest->events - cell->events : rest->events + cell->events;
    if (s->totals) move_portions(s, i, out);
  }
  s->taken[u] = out;
}

static void take_out(struct search *s, const bool *named) {
  for (size_t u = 0; u < s->comparison->result_count; u++)
    if (s->taken[u] != named[u]) move_unit(s, u, named[u]);
}

static struct eh_totals copy_totals(struct eh_arena *scratch, const struct eh_totals *totals,
                                    size_t strata) {
  struct eh_totals copy = *totals;
  size_t count = totals->first[strata];
  copy.portions = eh_arena_alloc(scratch, count, sizeof *copy.portions);
  for (size_t i = 0; i < count; i++) copy.portions[i] = totals->portions[i];
  return copy;
}

/* --- a unit against the rest --- */

/* The unit's own records are always among them. */
static struct eh_result measure_again(struct search *s, size_t u, bool roughly) {
  struct eh_comparison_result *c = s->comparison;
  struct eh_result again = {.unit_index = u, .kind = c->results[u].kind};
  struct eh_measure measure = *c->measure;
  if (roughly) measure.flag.test = EH_TEST_CMH;
  const struct eh_kind *kind = eh_kind_of(again.kind);
  if (kind->prepare) kind->prepare(s->scratch, c->cells, &again, 1);
  bool was_taken = s->taken[u];
  if (was_taken) move_unit(s, u, false);
  struct eh_unit_task task = {
      c->cells, s->rest, &measure, &again, s->totals ? &s->rest_totals : NULL, true, s->balancing};
  eh_unit_measure(s->scratch, &task);
  if (was_taken) move_unit(s, u, true);
  return again;
}

/* within: how many times the level p may be. */
static bool passes(const struct eh_comparison_result *c, const struct eh_result *first,
                   const struct eh_result *again, double within) {
  double size = eh_with_rounding(c->measure->flag.smallest_difference);
  const struct eh_figure *d = &eh_result_headline(again)->estimate;
  if (d->why_not || again->log10_p.why_not) return false;
  bool same_direction = again->higher ? d->value > 0 : d->value < 0;
  const struct eh_kind *kind = eh_kind_of(again->kind);
  if (kind->has_direction && !kind->has_direction(again)) return false;
  return same_direction && fabs(d->value) >= size &&
         again->log10_p.value <= log10(within * first->decided_at.value) + 4.4e-10;
}

static bool still_differs(void *context, size_t u, const bool *named) {
  struct search *s = context;
  struct eh_arena_mark mark = eh_arena_mark(s->scratch);
  take_out(s, named);
  bool is_many = s->comparison->levels.flagged > MANY;
  bool has_choice = !eh_question_of(s->comparison->measure->kind)->test;
  struct eh_result again = measure_again(s, u, is_many && has_choice);
  bool differs = passes(s->comparison, &s->comparison->results[u], &again, 1.0);
  eh_arena_reset(s->scratch, mark);
  return differs;
}

/* --- blocks and distances --- */

/* Units that share a kind of case in which they can differ, directly or through others. */
static void find_blocks(const struct search *s, struct eh_who_unit *units) {
  const struct eh_cells *cells = s->comparison->cells;
  size_t *parent = eh_arena_alloc(s->scratch, cells->unit_count, sizeof *parent);
  uint32_t *met = eh_arena_alloc(s->scratch, cells->stratum_count, sizeof *met); /* unit and 1 */
  for (size_t u = 0; u < cells->unit_count; u++) parent[u] = u;
  for (size_t i = 0; i < cells->cell_count; i++) {
    const struct eh_cell *cell = &cells->cells[i];
    const struct eh_stratum *stratum = &s->strata[cell->stratum];
    if (!s->totals && !s->balancing &&
        (stratum->events == 0 || stratum->events == stratum->records))
      continue;
    uint32_t at = s->balancing ? eh_balancing_stratum(s->balancing, cell->stratum) : cell->stratum;
    if (met[at]) eh_block_link(parent, met[at] - 1, cell->unit);
    met[at] = cell->unit + 1;
  }
  for (size_t u = 0; u < cells->unit_count; u++) units[u].block = eh_block_find(parent, u);
}

/* Where peers are weighted: the unit's log odds less its peers', half an event and half an other
   added to both; and the variance of that. */
struct log_odds {
  double difference, variance;
};
static struct log_odds log_odds_of(const struct eh_result *r) {
  double all = (double)r->comparable, events = (double)r->share.events;
  double expected = r->share.expected.value, m = (expected + 0.5) / (all + 1.0);
  return (struct log_odds){log((events + 0.5) / (all - events + 0.5)) - log(m / (1.0 - m)),
                           1.0 / (events + 0.5) + 1.0 / (all - events + 0.5) +
                               1.0 / (r->balance.effective.value * m * (1.0 - m))};
}

/* The same of the typical unit of a block: that with half of the records on each side. One far unit
   moves the peers of all others the other way, and this with them. 0 of too few units. */
static double typical_log_odds(const struct search *s, const struct eh_who_unit *units,
                               size_t block) {
  enum { FEWEST_UNITS = 5 };
  const struct eh_comparison_result *c = s->comparison;
  struct eh_arena_mark mark = eh_arena_mark(s->scratch);
  struct eh_weighted *items = eh_arena_alloc(s->scratch, c->result_count, sizeof *items);
  size_t count = 0;
  double total = 0.0;
  for (size_t u = 0; u < c->result_count; u++) {
    const struct eh_result *r = &c->results[u];
    if (units[u].block != block || !r->recorded || r->share.difference.estimate.why_not) continue;
    items[count++] = (struct eh_weighted){log_odds_of(r).difference, (double)r->comparable};
    total += (double)r->comparable;
  }
  double median = count < FEWEST_UNITS ? 0.0 : eh_weighted_median(items, count, 0.0, total);
  eh_arena_reset(s->scratch, mark);
  return median;
}

/* In standard errors, from the typical unit; where there is none, from its peers. */
static double distance_of(const struct search *s, const struct eh_who_unit *units, size_t u) {
  const struct eh_result *r = &s->comparison->results[u];
  const struct eh_versus_typical *t = &r->among.versus_typical;
  if (s->balancing) {
    struct log_odds own = log_odds_of(r);
    return fabs(own.difference - typical_log_odds(s, units, units[u].block)) / sqrt(own.variance);
  }
  if (!t->excess.estimate.why_not && !t->variance.why_not && t->variance.value > 0)
    return fabs(t->excess.estimate.value) / sqrt(t->variance.value);
  const struct eh_interval *d = eh_result_headline(r);
  double width = d->low.why_not || d->high.why_not ? 0.0 : d->high.value - d->low.value;
  double from_typical =
      r->among.typical_difference.why_not ? d->estimate.value : r->among.typical_difference.value;
  return width > 0 ? fabs(from_typical) / width : fabs(from_typical);
}

/* The units named in a unit's block. */
static struct eh_texts named_in_block(const struct eh_comparison_result *c,
                                      const struct eh_who_unit *units, const bool *named, size_t u,
                                      struct eh_arena *kept) {
  size_t count = 0, at = 0;
  for (size_t v = 0; v < c->result_count; v++)
    count += named[v] && units[v].block == units[u].block;
  const char **names = eh_arena_alloc(kept, count, sizeof *names);
  for (size_t v = 0; v < c->result_count; v++)
    if (named[v] && units[v].block == units[u].block) names[at++] = c->results[v].unit;
  return (struct eh_texts){names, count};
}

static void take_without(struct search *s, size_t u, const struct eh_who_unit *units,
                         const bool *named, struct eh_arena *kept) {
  struct eh_result *r = &s->comparison->results[u];
  struct eh_texts without = named_in_block(s->comparison, units, named, u, kept);
  struct eh_arena_mark mark = eh_arena_mark(s->scratch);
  struct eh_result again = measure_again(s, u, false);
  r->who.hidden = !r->flagged && passes(s->comparison, r, &again, 1.0);
  if (r->flagged || r->who.hidden) {
    r->who.difference_without = eh_result_headline(&again)->estimate;
    r->who.p_without = again.p;
    r->who.without = without;
  }
  eh_arena_reset(s->scratch, mark);
}

/* Could it be hidden by those named? First roughly, for most are not: the exact test takes long. */
static bool may_be_hidden(struct search *s, size_t u) {
  enum { ROUGHLY = 10 };
  const struct eh_comparison_result *c = s->comparison;
  const struct eh_result *r = &c->results[u];
  if (r->flagged || !r->testable || r->decided_at.why_not) return false;
  if (eh_question_of(c->measure->kind)->test) return true;
  struct eh_arena_mark mark = eh_arena_mark(s->scratch);
  struct eh_result again = measure_again(s, u, true);
  bool may_be = passes(c, r, &again, ROUGHLY);
  eh_arena_reset(s->scratch, mark);
  return may_be;
}

static void find_pair(struct eh_comparison_result *c, const struct eh_who_unit *units, size_t u) {
  for (size_t v = 0; v < c->result_count; v++)
    if (v != u && units[v].block == units[u].block) c->results[u].who.pair = &c->results[v];
}

/* What a block holds, and those named in it. */
struct block {
  double records, named_records;
  double largest; /* of their differences */
};

static struct block *sum_blocks(struct search *s, const struct eh_who_unit *units,
                                const bool *named) {
  const struct eh_comparison_result *c = s->comparison;
  struct block *blocks = eh_arena_alloc(s->scratch, c->result_count, sizeof *blocks);
  for (size_t u = 0; u < c->result_count; u++) {
    struct block *block = &blocks[units[u].block];
    block->records += (double)c->results[u].comparable;
    if (!named[u]) continue;
    block->named_records += (double)c->results[u].comparable;
    block->largest =
        fmax(block->largest, fabs(eh_result_headline(&c->results[u])->estimate.value));
  }
  return blocks;
}

/* Where peers are weighted each look takes long: could its difference become large enough, if those
   named weigh up to twice as much among its peers as they have records? */
static bool may_matter(const struct search *s, const struct block *block, size_t u) {
  const struct eh_figure *d = &eh_result_headline(&s->comparison->results[u])->estimate;
  double shift = 2.0 * block->named_records / block->records * block->largest;
  return !s->balancing || d->why_not ||
         fabs(d->value) + shift >= s->comparison->measure->flag.smallest_difference;
}

/* The rest holds those that are not named. */
static void tell_units(struct search *s, const struct eh_who_unit *units,
                       const struct eh_who_differs *found, struct eh_arena *kept) {
  struct eh_comparison_result *c = s->comparison;
  const struct block *blocks = sum_blocks(s, units, found->named);
  take_out(s, found->named);
  for (size_t u = 0; u < c->result_count; u++) {
    struct eh_result *r = &c->results[u];
    r->who.who = found->who[u];
    const struct block *block = &blocks[units[u].block];
    bool is_hidden =
        block->named_records > 0 && may_matter(s, block, u) && may_be_hidden(s, u);
    if (r->who.who == EH_WHO_PEERS || is_hidden)
      take_without(s, u, units, found->named, kept);
    if (r->who.who == EH_WHO_PAIR) find_pair(c, units, u);
  }
}

void eh_whole_tell_who(struct eh_arena *scratch, struct eh_arena *kept,
                       const struct eh_stratum *strata, const struct eh_totals *totals,
                       const struct eh_balancing *balancing, struct eh_comparison_result *c) {
  static const char none[] =
      "only of a unit that differs because of its peers, or is hidden by them";
  for (size_t u = 0; u < c->result_count; u++)
    c->results[u].who.difference_without = c->results[u].who.p_without = eh_no_figure(none);
  if (c->levels.flagged == 0) return;
  struct eh_arena_mark mark = eh_arena_mark(scratch);
  size_t units = c->result_count;
  struct search s = {.scratch = scratch,
                     .comparison = c,
                     .totals = totals,
                     .strata = strata,
                     .balancing = balancing};
  s.taken = eh_arena_alloc(scratch, units, sizeof *s.taken);
  s.rest = eh_arena_alloc(scratch, c->cells->stratum_count, sizeof *s.rest);
  for (size_t k = 0; k < c->cells->stratum_count; k++) s.rest[k] = strata[k];
  if (totals) s.rest_totals = copy_totals(scratch, totals, c->cells->stratum_count);
  struct eh_who_unit *who = eh_arena_alloc(scratch, units, sizeof *who);
  struct eh_who_differs found = {eh_arena_alloc(scratch, units, sizeof *found.who),
                                 eh_arena_alloc(scratch, units, sizeof *found.named), 0};
  find_blocks(&s, who);
  for (size_t u = 0; u < units; u++) {
    const struct eh_result *r = &c->results[u];
    who[u].found = r->flagged;
    who[u].records = (double)r->comparable;
    who[u].distance = r->flagged ? distance_of(&s, who, u) : 0.0;
    who[u].size = fabs(eh_result_headline(r)->estimate.value);
  }
  eh_who_differs(who, units, still_differs, &s, &found);
  tell_units(&s, who, &found, kept);
  c->facts = found.facts;
  eh_arena_reset(scratch, mark);
}
