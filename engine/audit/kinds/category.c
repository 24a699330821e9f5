/* A measure of a category: one unit against its peers in which of several outcomes its records had.
 */
#include <math.h>
#include <string.h>

#include "engine/audit/figures/typical.h"
#include "engine/audit/kinds/rows.h"
#include "engine/base/words.h"
#include "engine/stats/categories.h"

/* More than can be compared with a sense. */
enum { MOST_CATEGORIES = 100 };
static const double LEAST_EXPECTED = 2.0; /* of a category with a place of its own in the test */

/* --- a unit --- */

/* Room for what is said of each unit's categories: threads fill it in. */
static void prepare(struct eh_arena *arena, const struct eh_cells *cells, struct eh_result *results,
                    size_t count) {
  size_t categories = cells->outcome_count;
  if (categories > MOST_CATEGORIES) return;
  struct eh_category_result *items = eh_arena_alloc(arena, count * categories, sizeof *items);
  for (size_t u = 0; u < count; u++) {
    for (size_t j = 0; j < categories; j++) items[u * categories + j].label = cells->categories[j];
    results[u].category.items = items + u * categories;
    results[u].category.count = categories;
  }
}

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

static bool measure_category(struct eh_arena *scratch, const struct eh_unit_task *task) {
  struct eh_result *r = task->result;
  eh_unit_count(task);
  if (task->cells->outcome_count > MOST_CATEGORIES) {
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
  eh_unit_decide_by_test(r, "generalised cmh");
  return true;
}

/* --- all units --- */

/* Do units differ at all? Cells in order of stratum, those of units that are not recorded too. */
static struct eh_test test_categories(struct eh_arena *scratch, const struct eh_cells *cells) {
  if (cells->outcome_count > MOST_CATEGORIES)
    return (struct eh_test){.why_not = "there are too many different outcomes"};
  struct eh_arena_mark mark = eh_arena_mark(scratch);
  size_t *next = eh_arena_alloc(scratch, cells->stratum_count + 1, sizeof *next);
  size_t count = cells->first_portion[cells->cell_count];
  struct eh_category_cell *sorted = eh_arena_alloc(scratch, count, sizeof *sorted);
  for (size_t i = 0; i < cells->cell_count; i++)
    next[cells->cells[i].stratum + 1] += cells->first_portion[i + 1] - cells->first_portion[i];
  for (size_t s = 0; s < cells->stratum_count; s++) next[s + 1] += next[s];
  for (size_t i = 0; i < cells->cell_count; i++) {
    const struct eh_cell *cell = &cells->cells[i];
    for (size_t t = cells->first_portion[i]; t < cells->first_portion[i + 1]; t++)
      sorted[next[cell->stratum]++] =
          (struct eh_category_cell){.stratum = cell->stratum,
                                    .unit = cell->unit,
                                    .category = cells->portions[t].outcome,
                                    .n = cells->portions[t].records};
  }
  struct eh_test test = eh_categories_association(sorted, count);
  eh_arena_reset(scratch, mark);
  return test;
}

static struct eh_figure difference_in(const struct eh_result *r, size_t category) {
  return r->category.items[category].difference.estimate;
}

static size_t shown(const struct eh_result *r) { return r->category.largest; }

static void relate(struct eh_comparison_result *c, const struct eh_strata_list *strata,
                   const struct eh_whole_options *options) {
  (void)strata;
  size_t categories = c->cells->outcome_count;
  bool is_too_many = categories > MOST_CATEGORIES;
  struct eh_typical typical = {is_too_many ? 0 : categories,
                               is_too_many ? "there are too many different outcomes" : NULL,
                               difference_in, shown};
  c->overall = test_categories(options->scratch, c->cells);
  eh_typical_compare(c, &typical, options->scratch);
}

/* --- words --- */

static const char *state(const struct eh_view *v) {
  const struct eh_result *r = v->result;
  struct eh_arena *a = v->arena;
  return eh_arena_printf(
      a,
      "%s differs from peers most in '%s': %s points (%s) in %s: %s of its %s "
      "comparable record%s, where peers had %s for the same kinds of case.",
      eh_say_unit(v), r->category.items[r->category.largest].label,
      eh_say_points(a, r->share.difference.estimate.value),
      eh_say_interval(v, &r->share.difference, eh_say_points(a, r->share.difference.low.value),
                      eh_say_points(a, r->share.difference.high.value)),
      eh_say_measure(v), eh_say_percent(a, r->share.rate.value), eh_words_count(a, r->comparable),
      r->comparable == 1 ? "" : "s", eh_say_percent(a, r->share.expected_rate.value));
}

static const char *say_too_small(const struct eh_view *v) {
  return eh_say_share_too_small(v, ", the largest of any outcome,");
}

static void say_caveats(const struct eh_view *v, struct eh_sentences *s) {
  const struct eh_result *r = v->result;
  if (!r->category.items) return;
  const struct eh_category_result *largest = &r->category.items[r->category.largest];
  if (r->category.pooled)
    eh_say(s, eh_arena_printf(v->arena,
                              "%zu outcomes that hardly occur in its strata were taken together in "
                              "the test",
                              r->category.pooled));
  if (!r->share.crude_difference.why_not && !r->share.difference.estimate.why_not &&
      r->share.crude_difference.value * r->share.difference.estimate.value < 0)
    eh_say(s, eh_arena_printf(v->arena,
                              "before like was compared with like the difference in '%s' had the "
                              "opposite sign (%s points)",
                              largest->label,
                              eh_say_points(v->arena, r->share.crude_difference.value)));
  if (eh_typical_is_less(v))
    eh_say(s, eh_arena_printf(v->arena,
                              "against the typical unit rather than all its peers together the "
                              "difference in '%s' would be %s points: its peers hold units that "
                              "differ much themselves",
                              largest->label,
                              eh_say_points(v->arena, r->among.typical_difference.value)));
  if (largest->few && !r->share.difference.estimate.why_not)
    eh_say(s, eh_arena_printf(v->arena,
                              "few records with '%s', or few without: the interval is the score "
                              "interval",
                              largest->label));
}

const struct eh_kind eh_kind_category = {
    .why_not = {[EH_PART_EVENT] = EH_ONLY_EVENTS, [EH_PART_VALUE] = "not a measure of a value"},
    .own = offsetof(struct eh_result, share.rate),
    .expected = offsetof(struct eh_result, share.expected_rate),
    .headline = offsetof(struct eh_result, share.difference),
    .prepare = prepare,
    .measure = measure_category,
    .relate = relate,
    .affected = eh_share_affected,
    .statement = state,
    .too_small = say_too_small,
    .say_caveats = say_caveats,
    .disagrees = EH_SHARE_DISAGREES,
};
