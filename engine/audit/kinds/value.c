/* A measure of a value: one unit against its peers in a number of each record. */
#include "engine/audit/kinds/value.h"

#include <math.h>

#include "engine/audit/figures/typical.h"
#include "engine/audit/kinds/rows.h"
#include "engine/stats/wilcoxon.h"

/* --- a unit --- */

/* The unit's portions and its peers', as the test takes them; returns how many. */
static size_t list_amounts(const struct eh_unit_task *task, struct eh_amount *amounts) {
  const struct eh_cells *cells = task->cells;
  const struct eh_unit *unit = &cells->units[task->result->unit_index];
  size_t count = 0;
  for (size_t cell = unit->first_cell; cell < unit->first_cell + unit->cell_count; cell++) {
    uint32_t stratum = cells->cells[cell].stratum;
    size_t own = cells->first_portion[cell], end = cells->first_portion[cell + 1];
    for (size_t t = task->totals->first[stratum]; t < task->totals->first[stratum + 1]; t++) {
      const struct eh_portion *total = &task->totals->portions[t];
      double value = cells->values[total->outcome];
      uint64_t mine = 0;
      if (own < end && cells->portions[own].outcome == total->outcome)
        mine = cells->portions[own++].records;
      if (mine) amounts[count++] = (struct eh_amount){stratum, true, value, mine};
      if (total->records > mine)
        amounts[count++] = (struct eh_amount){stratum, false, value, total->records - mine};
    }
  }
  return count;
}

static size_t most_amounts(const struct eh_unit_task *task) {
  const struct eh_cells *cells = task->cells;
  const struct eh_unit *unit = &cells->units[task->result->unit_index];
  size_t count = 0;
  for (size_t cell = unit->first_cell; cell < unit->first_cell + unit->cell_count; cell++) {
    uint32_t stratum = cells->cells[cell].stratum;
    count += 2 * (task->totals->first[stratum + 1] - task->totals->first[stratum]);
  }
  return count;
}

/* A mean of portions; weights that add up to 1 keep huge values finite. */
static double mean_of(const uint64_t *records, const double *values, size_t count, uint64_t all) {
  double mean = 0.0;
  for (size_t i = 0; i < count; i++) mean += values[i] * ((double)records[i] / (double)all);
  return mean;
}

/* The means over comparable records, and over all. */
static void measure_means(struct eh_arena *scratch, const struct eh_unit_task *task) {
  struct eh_result *r = task->result;
  const struct eh_cells *cells = task->cells;
  const struct eh_unit *unit = &cells->units[r->unit_index];
  size_t count = cells->outcome_count;
  uint64_t *own = eh_arena_alloc(scratch, count, sizeof *own);
  uint64_t *comparable = eh_arena_alloc(scratch, count, sizeof *comparable);
  uint64_t *others = eh_arena_alloc(scratch, count, sizeof *others);
  for (size_t cell = unit->first_cell; cell < unit->first_cell + unit->cell_count; cell++) {
    bool has_peers = task->strata[cells->cells[cell].stratum].records > cells->cells[cell].records;
    for (size_t t = cells->first_portion[cell]; t < cells->first_portion[cell + 1]; t++) {
      own[cells->portions[t].outcome] += cells->portions[t].records;
      if (has_peers) comparable[cells->portions[t].outcome] += cells->portions[t].records;
    }
  }
  for (size_t i = 0; i < count; i++) others[i] = task->totals->records[i] - own[i];
  r->value.mean = r->value.expected_mean = eh_no_figure("no comparable records");
  if (r->comparable)
    r->value.mean = eh_figure(mean_of(comparable, cells->values, count, r->comparable));
  if (!r->value.difference.estimate.why_not)
    r->value.expected_mean = eh_figure(r->value.mean.value - r->value.difference.estimate.value);
  uint64_t rest = cells->records - r->records;
  r->value.crude_difference = rest == 0 ? eh_no_figure("no other units")
                                        : eh_figure(mean_of(own, cells->values, count, r->records) -
                                                    mean_of(others, cells->values, count, rest));
}

static bool measure_value(struct eh_arena *scratch, const struct eh_unit_task *task) {
  struct eh_result *r = task->result;
  eh_unit_count(task);
  struct eh_amount *amounts = eh_arena_alloc(scratch, most_amounts(task), sizeof *amounts);
  size_t count = list_amounts(task, amounts);
  struct eh_wilcoxon w = eh_wilcoxon(amounts, count, task->measure->flag.confidence);
  r->comparable = w.comparable;
  r->test = w.test;
  r->value.difference = w.mean_difference;
  r->value.effective = w.effective_values;
  r->value.difference_approximate = w.mean_approximate;
  r->value.p_method = w.ranks.why_not ? NULL : eh_rank_method_name(w.ranks.method);
  r->value.p_approximate = w.ranks.approximate;
  r->value.shift = w.shift;
  r->value.superiority = w.superiority;
  r->higher = w.deviation > 0;
  measure_means(scratch, task);
  r->p_from = "van elteren";
  r->p = w.ranks.why_not ? eh_no_figure(w.ranks.why_not) : eh_figure(w.ranks.p);
  r->log10_p = w.ranks.why_not ? eh_no_figure(w.ranks.why_not) : eh_figure(w.ranks.log10_p);
  return true;
}

/* --- all units --- */

static struct eh_figure difference_in(const struct eh_result *r, size_t outcome) {
  (void)outcome;
  return r->value.difference.estimate;
}

static void relate(struct eh_comparison_result *c, const struct eh_strata_list *strata,
                   const struct eh_whole_options *options) {
  (void)strata;
  static const struct eh_typical typical = {.outcomes = 1, .difference_in = difference_in};
  c->overall.why_not = "a measure of a value is tested unit by unit";
  eh_typical_compare(c, &typical, options->scratch);
}

/* Half a record's worth where it exceeds every peer's in one of two. */
static double affected(const struct eh_result *r) {
  if (r->value.superiority.why_not) return 0.0;
  return fabs(2.0 * r->value.superiority.value - 1.0) * (double)r->comparable;
}

const struct eh_kind eh_kind_value = {
    .why_not = {[EH_PART_SHARE] = "a measure of a value has no rate",
                [EH_PART_EVENT] = EH_ONLY_EVENTS,
                [EH_PART_CATEGORY] = "not a measure of a category"},
    .own = offsetof(struct eh_result, value.mean),
    .expected = offsetof(struct eh_result, value.expected_mean),
    .headline = offsetof(struct eh_result, value.difference),
    .is_ranked = true,
    .measure = measure_value,
    .relate = relate,
    .affected = affected,
    .statement = eh_value_statement,
    .too_small = eh_value_too_small,
    .say_caveats = eh_value_say_caveats,
    .disagrees = "the test, which goes by ranks, and the means disagree in sign",
};
