/* All units of a comparison together, where the measure asks for a category or a value. */
#include <stdlib.h>

#include "engine/audit/figures/unit.h"
#include "engine/audit/figures/whole.h"
#include "engine/stats/categories.h"

enum { FEWEST_UNITS = 5 }; /* of which one is typical */

/* Do units differ at all? Cells in order of stratum, those of units that are not recorded too. */
static struct eh_test test_categories(struct eh_arena *scratch, const struct eh_cells *cells) {
  if (cells->outcome_count > EH_MOST_CATEGORIES)
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

/* --- against the typical unit --- */

struct weighted {
  double difference;
  uint64_t records;
};

static int by_difference(const void *left, const void *right) {
  const struct weighted *a = left, *b = right;
  return (a->difference > b->difference) - (a->difference < b->difference);
}

/* The difference with half of all comparable records on each side; between two that share the
   middle, their mean. Reorders units. */
static double weighted_median(struct weighted *units, size_t count) {
  double all = 0.0, reached = 0.0;
  for (size_t i = 0; i < count; i++) all += (double)units[i].records;
  qsort(units, count, sizeof *units, by_difference);
  size_t at = 0;
  while (at + 1 < count && 2.0 * (reached + (double)units[at].records) < all)
    reached += (double)units[at++].records;
  bool is_shared = 2.0 * (reached + (double)units[at].records) == all && at + 1 < count;
  return is_shared ? units[at].difference + (units[at + 1].difference - units[at].difference) / 2.0
                   : units[at].difference;
}

/* A unit's difference in one category, or in the mean. */
static struct eh_figure difference_in(const struct eh_result *r, size_t category) {
  return r->kind == EH_MEASURE_VALUE ? r->value.difference.estimate
                                     : r->category.items[category].difference.estimate;
}

/* One extreme unit among few moves the peers of all others the other way: so each unit's difference
   less that of the median unit. */
static void compare_with_typical(struct eh_comparison_result *c, struct eh_arena *scratch) {
  struct eh_arena_mark mark = eh_arena_mark(scratch);
  struct weighted *units = eh_arena_alloc(scratch, c->result_count, sizeof *units);
  size_t outcomes = c->measure->kind == EH_MEASURE_VALUE ? 1 : c->cells->outcome_count;
  for (size_t i = 0; i < c->result_count; i++)
    c->results[i].among.typical_difference =
        eh_no_figure(outcomes > EH_MOST_CATEGORIES ? "there are too many different outcomes"
                                                   : "fewer than 5 units");
  for (size_t j = 0; j < outcomes && outcomes <= EH_MOST_CATEGORIES; j++) {
    size_t count = 0;
    for (size_t i = 0; i < c->result_count; i++) {
      const struct eh_result *r = &c->results[i];
      struct eh_figure difference = difference_in(r, j);
      if (r->recorded && !difference.why_not)
        units[count++] = (struct weighted){difference.value, r->comparable};
    }
    double typical = count ? weighted_median(units, count) : 0.0;
    for (size_t i = 0; i < c->result_count && count >= FEWEST_UNITS; i++) {
      struct eh_result *r = &c->results[i];
      struct eh_figure difference = difference_in(r, j);
      if (r->kind == EH_MEASURE_CATEGORY && r->category.largest != j) continue;
      r->among.typical_difference =
          difference.why_not ? difference : eh_figure(difference.value - typical);
    }
  }
  eh_arena_reset(scratch, mark);
}

void eh_whole_measure_outcomes(struct eh_comparison_result *c, struct eh_arena *scratch) {
  static const char only_yes_no[] = "only a measure of an event has it";
  c->overall = c->measure->kind == EH_MEASURE_CATEGORY
                   ? test_categories(scratch, c->cells)
                   : (struct eh_test){.why_not = "a measure of a value is tested unit by unit"};
  compare_with_typical(c, scratch);
  c->event.spread.tau.tau = c->event.spread.tau.low = c->event.spread.tau.high =
      eh_no_figure(only_yes_no);
  c->event.spread.low = c->event.spread.high = eh_no_figure(only_yes_no);
  c->event.power_80 = eh_no_power(only_yes_no);
}
