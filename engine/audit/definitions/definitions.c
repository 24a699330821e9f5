#include "engine/audit/definitions/definitions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/audit/definitions/list.h"
#include "engine/audit/definitions/words.h"
#include "engine/audit/kinds/kinds.h"
#include "engine/base/parallel.h"
#include "engine/stats/rounding.h"
#include "rules/language/question.h"

enum { MOST_RECORDS = 1000000 }; /* of a comparison that is tried */
static const double LEVEL_SHARE = 0.2;
#define TOO_MANY \
  "not tried: over 1,000,000 records, and each definition takes as long as the comparison"

/* Of a measure of a value each test goes through all ways its values could have fallen. */
enum { MOST_TESTS_OF_VALUES = 400 };
#define TOO_MANY_VALUES \
  "not tried: with so many findings of a measure of a value it would take long"

struct work {
  struct eh_comparison_result *comparison;
  const struct eh_strata_list *strata;
  const struct eh_totals *totals;
  const struct eh_balancing *balancing;
  const struct eh_variant *variants;
  size_t variant_count;
  const size_t *flagged; /* indices of results */
  size_t flagged_count;
  struct eh_retest **retests; /* by flagged, then variant */
};

/* --- one unit under one definition --- */

/* What a unit is measured in. */
struct setting {
  const struct eh_cells *cells;
  const struct eh_stratum *strata;
  const struct eh_totals *totals;
  const struct eh_balancing *balancing;
};

/* Of a category: the difference of the outcome that was found, whichever differs most now. */
static const struct eh_interval *difference_of(const struct eh_result *found,
                                               const struct eh_result *again) {
  if (found->category.items) return &again->category.items[found->category.largest].difference;
  return eh_result_headline(again);
}

static bool lies_within(const struct eh_interval *interval, double value) {
  return !interval->low.why_not && !interval->high.why_not && interval->low.value <= value &&
         value <= interval->high.value;
}

static enum eh_outcome outcome_of(const struct eh_comparison_result *c,
                                  const struct eh_result *found, const struct eh_retest *t,
                                  bool testable) {
  if (!testable || t->difference.estimate.why_not) return EH_OUTCOME_UNTESTABLE;
  double was = eh_result_headline(found)->estimate.value, is = t->difference.estimate.value;
  bool passes = t->log10_p.value <= log10(found->decided_at.value) + 4.4e-10;
  if (passes && is != 0 && (is > 0) != (was > 0)) return EH_OUTCOME_REVERSED;
  if (!passes) return lies_within(&t->difference, was) ? EH_OUTCOME_TOO_FEW : EH_OUTCOME_VANISHES;
  bool large = fabs(is) >= eh_with_rounding(c->measure->flag.smallest_difference);
  return large ? EH_OUTCOME_STANDS : EH_OUTCOME_SMALLER;
}

static void try_unit(struct eh_arena *scratch, const struct work *w, size_t f,
                     const struct setting *setting, size_t variant) {
  const struct eh_comparison_result *c = w->comparison;
  const struct eh_result *found = &c->results[w->flagged[f]];
  struct eh_result again = {.unit_index = found->unit_index, .kind = found->kind};
  const struct eh_kind *kind = eh_kind_of(again.kind);
  if (kind->prepare) kind->prepare(scratch, setting->cells, &again, 1);
  struct eh_unit_task task = {
      setting->cells, setting->strata,   c->measure, &again, setting->totals,
      true,           setting->balancing};
  eh_unit_measure(scratch, &task);
  struct eh_retest *t = &w->retests[f][variant];
  *t = (struct eh_retest){.difference = *difference_of(found, &again),
                          .p = again.p,
                          .log10_p = again.log10_p,
                          .comparable = again.comparable};
  /* what its margins could show does not matter here: it was found */
  bool testable = again.comparable >= c->measure->flag.smallest_caseload &&
                  !again.log10_p.why_not && !again.balance.refused && !again.dependence.few &&
                  !again.dependence.unknown;
  t->outcome = outcome_of(c, found, t, testable);
}

/* --- a definition --- */

static void try_regrouped(struct eh_arena *scratch, const struct work *w, size_t v) {
  const struct eh_comparison_result *c = w->comparison;
  const struct eh_variant *variant = &w->variants[v];
  struct eh_comparison comparison = *c->comparison;
  if (variant->any_within) comparison.within_count = 0;
  struct eh_cells cells;
  if (!eh_cells_regroup(scratch, c->cells, &variant->regroup, &cells)) {
    for (size_t f = 0; f < w->flagged_count; f++)
      w->retests[f][v] = (struct eh_retest){.outcome = EH_OUTCOME_NOT_TRIED};
    return;
  }
  if (!w->balancing) comparison.within_count = 0; /* groups of places are no matter then */
  struct eh_strata_list strata = eh_strata_of(scratch, &comparison, &cells, 1);
  const struct eh_balancing *balancing =
      w->balancing && !variant->all_exact
          ? eh_balancing_of(scratch, &comparison, &cells, &strata, 1) : NULL;
  struct setting setting = {&cells, strata.items, eh_totals_of(scratch, &cells), balancing};
  for (size_t f = 0; f < w->flagged_count; f++) try_unit(scratch, w, f, &setting, v);
}

static uint64_t records_in(const struct eh_cells *cells, size_t u, const bool *strata) {
  const struct eh_unit *unit = &cells->units[u];
  uint64_t records = 0;
  for (size_t i = unit->first_cell; i < unit->first_cell + unit->cell_count; i++)
    if (strata[cells->cells[i].stratum]) records += cells->cells[i].records;
  return records;
}

/* Is it a part of the unit's records, and not too small a one? */
static bool is_part(const struct work *w, size_t f, const struct eh_variant *variant) {
  const struct eh_result *r = &w->comparison->results[w->flagged[f]];
  uint64_t inside = records_in(w->comparison->cells, r->unit_index, variant->strata);
  return variant->kind == EH_VARIANT_STRATA ||
         (inside < r->records && (double)inside >= LEVEL_SHARE * (double)r->records);
}

static void try_strata(struct eh_arena *scratch, const struct work *w, size_t v) {
  const struct eh_variant *variant = &w->variants[v];
  for (size_t f = 0; f < w->flagged_count; f++) {
    if (!is_part(w, f, variant)) continue;
    struct eh_arena_mark mark = eh_arena_mark(scratch);
    size_t unit = w->comparison->results[w->flagged[f]].unit_index;
    struct eh_cells cells = eh_cells_of_unit(scratch, w->comparison->cells, unit, variant->strata);
    struct setting setting = {&cells, w->strata->items, w->totals, w->balancing};
    try_unit(scratch, w, f, &setting, v);
    eh_arena_reset(scratch, mark);
  }
}

/* --- without the largest peer --- */

/* By unit: records in strata where this one has some. */
static size_t largest_peer(struct eh_arena *scratch, const struct eh_cells *cells, size_t u) {
  bool *shared = eh_arena_alloc(scratch, cells->stratum_count, sizeof *shared);
  uint64_t *records = eh_arena_alloc(scratch, cells->unit_count, sizeof *records);
  const struct eh_unit *unit = &cells->units[u];
  size_t largest = SIZE_MAX;
  for (size_t i = unit->first_cell; i < unit->first_cell + unit->cell_count; i++)
    shared[cells->cells[i].stratum] = true;
  for (size_t i = 0; i < cells->cell_count; i++) {
    const struct eh_cell *cell = &cells->cells[i];
    if (cell->unit != u && shared[cell->stratum]) records[cell->unit] += cell->records;
  }
  for (size_t p = 0; p < cells->unit_count; p++)
    if (records[p] && (largest == SIZE_MAX || records[p] > records[largest])) largest = p;
  return largest;
}

static struct eh_stratum *strata_without(struct eh_arena *scratch, const struct work *w,
                                         size_t peer) {
  const struct eh_cells *cells = w->comparison->cells;
  struct eh_stratum *rest = eh_arena_alloc(scratch, cells->stratum_count, sizeof *rest);
  memcpy(rest, w->strata->items, cells->stratum_count * sizeof *rest);
  const struct eh_unit *unit = &cells->units[peer];
  for (size_t i = unit->first_cell; i < unit->first_cell + unit->cell_count; i++) {
    rest[cells->cells[i].stratum].records -= cells->cells[i].records;
    rest[cells->cells[i].stratum].events -= cells->cells[i].events;
  }
  return rest;
}

/* Of measures of an event: the portions of others are not kept without a unit. */
static void try_without_largest(struct eh_arena *scratch, const struct work *w, size_t v) {
  enum { MOST_FINDINGS = 200 };
  if (w->totals || w->flagged_count > MOST_FINDINGS) return;
  for (size_t f = 0; f < w->flagged_count; f++) {
    struct eh_arena_mark mark = eh_arena_mark(scratch);
    size_t unit = w->comparison->results[w->flagged[f]].unit_index;
    size_t peer = largest_peer(scratch, w->comparison->cells, unit);
    if (peer != SIZE_MAX) {
      struct setting setting = {w->comparison->cells, strata_without(scratch, w, peer), NULL,
                                w->balancing};
      try_unit(scratch, w, f, &setting, v);
    }
    eh_arena_reset(scratch, mark);
  }
}

static void try_variant(void *context, size_t v, size_t worker) {
  (void)worker;
  static void (*const ways[])(struct eh_arena *, const struct work *, size_t) = {
      [EH_VARIANT_REGROUPED] = try_regrouped,
      [EH_VARIANT_STRATA] = try_strata,
      [EH_VARIANT_LEVEL] = try_strata,
      [EH_VARIANT_NO_LARGEST] = try_without_largest};
  const struct work *w = context;
  struct eh_arena *scratch = eh_arena_new();
  ways[w->variants[v].kind](scratch, w, v);
  eh_arena_free(scratch);
}

/* --- what they come to --- */

static void widen(struct eh_robustness_part *part, double value) {
  part->low = eh_figure(fmin(part->low.value, value));
  part->high = eh_figure(fmax(part->high.value, value));
}

static void sum_up(const struct work *w, size_t f, struct eh_result *r) {
  struct eh_robustness_part *part = &r->robustness;
  part->retests = w->retests[f];
  part->low = part->high = eh_result_headline(r)->estimate;
  part->p_every = r->p;
  for (size_t v = 0; v < w->variant_count; v++) {
    const struct eh_retest *t = &part->retests[v];
    bool is_part = w->variants[v].definition.is_part;
    (is_part ? part->parts : part->definitions)[t->outcome]++;
    if (is_part || t->outcome <= EH_OUTCOME_UNTESTABLE) continue;
    widen(part, t->difference.estimate.value);
    bool turned = (t->difference.estimate.value > 0) != (eh_result_headline(r)->estimate.value > 0);
    part->p_every = eh_figure(turned ? 1.0 : fmax(part->p_every.value, t->p.value));
  }
}

static int by_p(const void *left, const void *right) {
  const struct eh_result *a = *(struct eh_result *const *)left,
                         *b = *(struct eh_result *const *)right;
  double p = a->robustness.p_every.value, q = b->robustness.p_every.value;
  return p != q ? (p > q) - (p < q) : (a > b) - (a < b);
}

/* Benjamini and Hochberg over the comparison's tests, those not flagged with p 1. */
static void adjust(struct eh_arena *scratch, const struct work *w) {
  struct eh_comparison_result *c = w->comparison;
  struct eh_result **sorted = eh_arena_alloc(scratch, w->flagged_count, sizeof(struct eh_result *));
  for (size_t f = 0; f < w->flagged_count; f++) sorted[f] = &c->results[w->flagged[f]];
  qsort(sorted, w->flagged_count, sizeof *sorted, by_p);
  double least = 1.0;
  for (size_t i = w->flagged_count; i-- > 0;) {
    double q = sorted[i]->robustness.p_every.value * (double)c->testable / (double)(i + 1);
    least = fmin(least, q);
    sorted[i]->robustness.q_every = eh_figure(least);
  }
}

static struct eh_definition *keep_definitions(struct eh_arena *arena,
                                              const struct eh_variants *variants) {
  struct eh_definition *kept = eh_arena_alloc(arena, variants->count, sizeof *kept);
  for (size_t v = 0; v < variants->count; v++) {
    kept[v] = variants->items[v].definition;
    kept[v].name = eh_arena_string(arena, kept[v].name);
  }
  return kept;
}

void eh_definitions_try(struct eh_arena *arena, const struct eh_rules *rules,
                        const struct eh_strata_list *strata, const struct eh_totals *totals,
                        const struct eh_balancing *balancing, size_t threads,
                        struct eh_comparison_result *c) {
  if (c->cells->records > MOST_RECORDS) c->no_definitions = TOO_MANY;
  if (rules->robustness.is_off) c->no_definitions = "not asked: the rules say `robustness: none`";
  if (c->no_definitions || c->levels.flagged == 0) return;
  struct eh_arena *scratch = eh_arena_new();
  struct eh_variants variants = eh_variants_of(scratch, rules, c);
  size_t *flagged = eh_arena_alloc(scratch, c->levels.flagged, sizeof *flagged), count = 0;
  for (size_t u = 0; u < c->result_count; u++)
    if (c->results[u].flagged) flagged[count++] = u;
  if (eh_is_amount(c->measure) && count * variants.count > MOST_TESTS_OF_VALUES) {
    c->no_definitions = TOO_MANY_VALUES;
    eh_arena_free(scratch);
    return;
  }
  struct work w = {c,       strata, totals, balancing, variants.items, variants.count,
                   flagged, count,  NULL};
  w.retests = eh_arena_alloc(scratch, count, sizeof *w.retests);
  for (size_t f = 0; f < count; f++)
    w.retests[f] = eh_arena_alloc(arena, variants.count, sizeof **w.retests);
  eh_parallel(variants.count, threads, try_variant, &w);
  c->definitions = keep_definitions(arena, &variants);
  c->definition_count = variants.count;
  for (size_t f = 0; f < count; f++) {
    struct eh_result *r = &c->results[flagged[f]];
    sum_up(&w, f, r);
    r->robustness.statement = eh_robustness_say(arena, c, r);
  }
  adjust(scratch, &w);
  eh_arena_free(scratch);
}
