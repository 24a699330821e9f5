/* One unit against its peers in a number of each record. */
#include "engine/audit/figures/unit.h"
#include "engine/stats/wilcoxon.h"

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

void eh_unit_measure_value(struct eh_arena *scratch, const struct eh_unit_task *task) {
  static const char only_shares[] = "a measure of a value has no rate";
  struct eh_result *r = task->result;
  const struct eh_unit *unit = &task->cells->units[r->unit_index];
  for (size_t h = 0; h < unit->cell_count; h++)
    r->records += task->cells->cells[unit->first_cell + h].records;
  eh_unit_leave_out(r);
  r->share.rate = r->share.expected = r->share.expected_rate = r->share.crude_difference =
      eh_no_figure(only_shares);
  r->share.difference = eh_no_interval(only_shares);
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
}
