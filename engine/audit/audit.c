#include "engine/audit/audit.h"

#include <stdlib.h>

#include "engine/audit/audit_internal.h"
#include "engine/base/parallel.h"

const char *eh_level_name(enum eh_level level) {
  static const char *const names[] = {"", "notable", "strong", "exceptional"};
  return names[level];
}

struct run {
  const struct eh_rules *rules;
  struct eh_comparison_result *comparisons;
  struct eh_stratum **strata; /* by comparison */
  size_t *first_task;         /* by comparison, and the sum behind the last */
  size_t comparison_count;
  struct eh_arena **scratch; /* by worker */
};

static struct eh_stratum *total_strata(struct eh_arena *arena, const struct eh_cells *cells) {
  struct eh_stratum *strata = eh_arena_alloc(arena, cells->stratum_count, sizeof *strata);
  for (size_t i = 0; i < cells->cell_count; i++) {
    strata[cells->cells[i].stratum].records += cells->cells[i].records;
    strata[cells->cells[i].stratum].events += cells->cells[i].events;
  }
  return strata;
}

static void start_comparison(struct eh_arena *arena, const struct eh_rules *rules,
                             const struct eh_cells *cells, struct eh_comparison_result *c) {
  *c = (struct eh_comparison_result){.cells = cells,
                                     .measure = &rules->measures[cells->measure],
                                     .comparison = &rules->comparisons[cells->comparison],
                                     .strata = cells->stratum_count,
                                     .records = cells->records,
                                     .events = cells->events,
                                     .result_count = cells->unit_count};
  c->results = eh_arena_alloc(arena, cells->unit_count, sizeof *c->results);
  for (size_t u = 0; u < cells->unit_count; u++) {
    c->results[u].unit = cells->units[u].label;
    c->results[u].unit_index = u;
  }
}

static void measure_unit(void *context, size_t index, size_t worker) {
  const struct run *run = context;
  size_t low = 0, high = run->comparison_count;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (run->first_task[middle] <= index)
      low = middle;
    else
      high = middle;
  }
  struct eh_comparison_result *c = &run->comparisons[low];
  struct eh_unit_task task = {c->cells, run->strata[low], c->measure,
                              &c->results[index - run->first_task[low]]};
  eh_unit_measure(run->scratch[worker], &task);
}

static void measure_units(struct run *run, size_t threads) {
  run->scratch = eh_alloc(threads, sizeof(struct eh_arena *));
  for (size_t t = 0; t < threads; t++) run->scratch[t] = eh_arena_new();
  eh_parallel(run->first_task[run->comparison_count], threads, measure_unit, run);
  for (size_t t = 0; t < threads; t++) eh_arena_free(run->scratch[t]);
  free(run->scratch);
}

static void flag_families(struct run *run) {
  for (size_t first = 0; first < run->comparison_count;) {
    const struct eh_cells *cells = run->comparisons[first].cells;
    size_t end = first + 1;
    while (end < run->comparison_count &&
           run->comparisons[end].cells->comparison == cells->comparison &&
           run->comparisons[end].cells->measure == cells->measure)
      end++;
    eh_family_flag(run->comparisons + first, end - first);
    first = end;
  }
}

static void finish_comparison(struct eh_arena *arena, const struct run *run, size_t index,
                              struct eh_audit *audit) {
  struct eh_comparison_result *c = &run->comparisons[index];
  for (size_t i = 0; i < c->result_count; i++) c->comparable += c->results[i].comparable;
  eh_comparison_describe(arena, run->rules, run->strata[index], c);
  audit->tests += c->testable;
  audit->findings += c->flagged;
}

const struct eh_audit *eh_audit_run(struct eh_arena *arena, const struct eh_rules *rules,
                                    const struct eh_account *account, const struct eh_cells *cells,
                                    size_t cells_count, const struct eh_audit_options *options) {
  struct eh_audit *audit = eh_arena_alloc(arena, 1, sizeof *audit);
  *audit = (struct eh_audit){.rules = rules, .account = account, .comparison_count = cells_count};
  audit->comparisons = eh_arena_alloc(arena, cells_count, sizeof *audit->comparisons);
  struct run run = {
      .rules = rules, .comparisons = audit->comparisons, .comparison_count = cells_count};
  run.strata = eh_arena_alloc(arena, cells_count, sizeof *run.strata);
  run.first_task = eh_arena_alloc(arena, cells_count + 1, sizeof *run.first_task);
  for (size_t c = 0; c < cells_count; c++) {
    start_comparison(arena, rules, &cells[c], &audit->comparisons[c]);
    run.strata[c] = total_strata(arena, &cells[c]);
    run.first_task[c + 1] = run.first_task[c] + cells[c].unit_count;
  }
  measure_units(&run, options->threads ? options->threads : 1);
  flag_families(&run);
  for (size_t c = 0; c < cells_count; c++) finish_comparison(arena, &run, c, audit);
  return audit;
}
