/* A measure of an event: what is said of a unit. */
#include <stdlib.h>
#include <string.h>

#include "engine/audit/kinds/event.h"
#include "engine/base/words.h"

static const double NOT_UNIFORM_AT = 0.05, WEAK_GAMMA = 1.2;
enum { STRATA_NAMED = 3 };

const char *eh_event_statement(const struct eh_view *v) {
  const struct eh_result *r = v->result;
  struct eh_arena *a = v->arena;
  if (r->balance.applies) return eh_event_balanced_statement(v);
  return eh_arena_printf(
      a,
      "%s differs from peers by %s points (%s) in %s: %s of its "
      "%s comparable record%s, where peers had %s for the same kinds of case.",
      eh_say_unit(v), eh_say_points(a, r->share.difference.estimate.value),
      eh_say_interval(v, &r->share.difference, eh_say_points(a, r->share.difference.low.value),
                      eh_say_points(a, r->share.difference.high.value)),
      eh_say_measure(v), eh_say_percent(a, r->share.rate.value), eh_words_count(a, r->comparable),
      r->comparable == 1 ? "" : "s", eh_say_percent(a, r->share.expected_rate.value));
}

const char *eh_event_too_small(const struct eh_view *v) { return eh_say_share_too_small(v, ""); }

/* "priority 3 recent, age_band 21-30": a stratum in words. */
static const char *stratum_text(struct eh_arena *arena, const struct eh_rules *rules,
                                const struct eh_cells *cells, uint32_t stratum) {
  struct eh_buffer text = {0};
  for (size_t k = 0; k < cells->column_count; k++) {
    const struct eh_stratum_column *column = &cells->columns[k];
    if (cells->each && k == 0) continue;
    eh_buffer_printf(&text, "%s%s %s", text.length ? ", " : "", rules->columns[column->column].name,
                     column->labels[cells->codes[stratum * cells->column_count + k]]);
  }
  char *kept = eh_arena_copy(arena, text.text ? text.text : "all records",
                             text.text ? text.length : strlen("all records"));
  eh_buffer_free(&text);
  return kept;
}

/* The strata that contribute most to the Breslow-Day statistic, in words. */
static const char *uneven_strata(const struct eh_view *v) {
  const struct eh_cells *cells = v->comparison->cells;
  const struct eh_unit *unit = &cells->units[v->result->unit_index];
  struct eh_unit_task task = {.cells = cells,
                              .strata = v->strata->items,
                              .measure = v->comparison->measure,
                              .result = v->result};
  struct eh_table *tables = eh_alloc(unit->cell_count, sizeof *tables);
  double *parts = eh_alloc_zeroed(unit->cell_count, sizeof *parts);
  eh_unit_tables(&task, tables);
  eh_homogeneity(tables, unit->cell_count, v->result->event.odds_ratio.estimate.value, parts);
  struct eh_buffer text = {0};
  for (int n = 0; n < STRATA_NAMED; n++) {
    size_t best = 0;
    for (size_t i = 1; i < unit->cell_count; i++)
      if (parts[i] > parts[best]) best = i;
    if (parts[best] <= 0) break;
    eh_buffer_printf(
        &text, "%s%s", n ? "; " : "",
        stratum_text(v->arena, v->rules, cells, cells->cells[unit->first_cell + best].stratum));
    parts[best] = 0;
  }
  const char *kept = eh_arena_copy(v->arena, text.text ? text.text : "", text.length);
  eh_buffer_free(&text);
  free(parts);
  free(tables);
  return kept;
}

/* With two decimals, or as many as show that it is above 1. */
static const char *say_factor(struct eh_arena *arena, double factor) {
  enum { MOST = 6 };
  const char *text = eh_arena_printf(arena, "%.2f", factor);
  for (int digits = 3; digits <= MOST && factor > 1.0 && strtod(text, NULL) <= 1.0; digits++)
    text = eh_arena_printf(arena, "%.*f", digits, factor);
  return text;
}

/* How many unrecorded decisions would be enough; the share recorded then, where units are enough
   for the others' tests to stay nearly as they are; and how many if they were spread. */
static void say_unrecorded(const struct eh_view *v, struct eh_sentences *s) {
  enum { FEWEST_UNITS = 6 };
  static const double WORTH_SAYING = 1.25;
  const struct eh_unrecorded *u = &v->result->event.unrecorded;
  struct eh_arena *a = v->arena;
  if (u->decisions.why_not) return;
  if (u->decisions.value < 1.5) {
    eh_say(s,
           "one unrecorded decision with the opposite outcome would be enough to remove it, at "
           "the level that decided here");
    return;
  }
  const char *enough = eh_words_count(a, (uint64_t)u->decisions.value), *recorded = "",
             *spread = "";
  if (v->comparison->testable >= FEWEST_UNITS)
    recorded = eh_arena_printf(a, " (the unit then recorded %.3g%%)", 100 * u->completeness.value);
  if (!u->spread.why_not && u->spread.value >= WORTH_SAYING * u->decisions.value)
    spread = eh_arena_printf(a, "; %s if spread over its kinds of case as the recorded ones are",
                             eh_words_count(a, (uint64_t)u->spread.value));
  eh_say(s,
         eh_arena_printf(a,
                         "%s unrecorded decisions with the opposite outcome, in the kinds of case "
                         "where they count most, would be enough to remove it, at the level that "
                         "decided here%s%s",
                         enough, recorded, spread));
}

void eh_event_say_caveats(const struct eh_view *v, struct eh_sentences *s) {
  const struct eh_result *r = v->result;
  const struct eh_test *tarone = &r->event.homogeneity.tarone;
  if (r->balance.applies) eh_event_say_balance(v, s);
  if (!tarone->why_not && tarone->p < NOT_UNIFORM_AT)
    eh_say(s, eh_arena_printf(v->arena,
                              "the difference is not the same for every kind of case (Tarone's p "
                              "%s%.2g); it departs most in: %s",
                              tarone->p > 0 ? "= " : "< ", tarone->p > 0 ? tarone->p : 1e-300,
                              uneven_strata(v)));
  double d = r->share.difference.estimate.value, crude = r->share.crude_difference.value;
  if (!r->share.difference.estimate.why_not && !r->share.crude_difference.why_not && d * crude < 0)
    eh_say(
        s,
        eh_arena_printf(
            v->arena,
            "before like was compared with like the difference had the opposite sign (%s points)",
            eh_say_points(v->arena, crude)));
  if (r->flagged && !r->event.gamma.why_not && r->event.gamma.value < WEAK_GAMMA)
    eh_say(s, eh_arena_printf(v->arena,
                              "an unrecorded fact that multiplies the odds by %s in its cases "
                              "alone would bring it below this report's standard",
                              say_factor(v->arena, r->event.gamma.value)));
  if (r->flagged) say_unrecorded(v, s);
  if (r->share.few && !r->share.difference.estimate.why_not && r->balance.applies)
    eh_say(s, "few events, or few others: the interval is approximate");
  else if (r->share.few && !r->share.difference.estimate.why_not)
    eh_say(s,
           v->comparison->measure->flag.test == EH_TEST_CMH
               ? "few events, or few others: the interval is the score interval, and the CMH test, "
                 "which decides, then finds too much"
               : "few events, or few others: the interval is the score interval");
}
