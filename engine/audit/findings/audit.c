#include "engine/audit/findings/audit.h"

#include <stdlib.h>

#include "engine/audit/definitions/definitions.h"
#include "engine/audit/figures/balancing.h"
#include "engine/audit/figures/place.h"
#include "engine/audit/findings/describe.h"
#include "engine/audit/findings/flag.h"
#include "engine/audit/findings/notes.h"
#include "engine/audit/findings/who.h"
#include "engine/audit/kinds/balanced.h"
#include "engine/audit/kinds/kinds.h"
#include "engine/base/parallel.h"
#include "engine/stats/chi_square.h"

struct run {
  const struct eh_rules *rules;
  struct eh_comparison_result *comparisons;
  struct eh_strata_list *strata; /* by comparison */
  const struct eh_totals **totals;
  const struct eh_balancing **balancing; /* by comparison; NULL where peers are not weighted */
  size_t *first_task;                    /* by comparison, and the sum behind the last */
  size_t comparison_count;
  struct eh_result **median; /* by comparison: the testable unit of median caseload, or NULL */
  struct eh_arena **scratch; /* by worker */
  bool only_summary;
};

static void start_comparison(struct eh_arena *arena, const struct eh_rules *rules,
                             const struct eh_cells *cells, struct eh_comparison_result *c) {
  *c = (struct eh_comparison_result){.cells = cells,
                                     .measure = &rules->measures[cells->measure],
                                     .comparison = &rules->comparisons[cells->comparison],
                                     .strata = cells->stratum_count,
                                     .records = cells->records,
                                     .event.events = cells->events,
                                     .result_count = cells->unit_count};
  c->results = eh_arena_alloc(arena, cells->unit_count, sizeof *c->results);
  for (size_t u = 0; u < cells->unit_count; u++) {
    c->results[u].unit = cells->units[u].label;
    c->results[u].unit_index = u;
    c->results[u].kind = c->measure->kind;
  }
  const struct eh_kind *kind = eh_kind_of(c->measure->kind);
  if (kind->prepare) kind->prepare(arena, cells, c->results, c->result_count);
}

/* What the weights of all its units rest on. */
static void start_balancing(struct eh_arena *arena, struct run *run, size_t index, size_t threads) {
  struct eh_comparison_result *c = &run->comparisons[index];
  run->balancing[index] =
      eh_balancing_of(arena, c->comparison, c->cells, &run->strata[index], threads);
  const struct eh_balanced_pair *pairs = eh_balancing_pairs(run->balancing[index], &c->pair_count);
  struct eh_adjusted_pair *kept = eh_arena_alloc(arena, c->pair_count, sizeof *kept);
  for (size_t i = 0; i < c->pair_count; i++)
    kept[i] = (struct eh_adjusted_pair){c->cells->columns[pairs[i].column].column,
                                        c->cells->columns[pairs[i].other].column, pairs[i].p};
  c->pairs = kept;
}

/* The comparison of a task: the last that begins at or before it. */
static size_t comparison_of(const struct run *run, size_t index) {
  size_t low = 0, high = run->comparison_count;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (run->first_task[middle] <= index)
      low = middle;
    else
      high = middle;
  }
  return low;
}

static struct eh_unit_task unit_task(const struct run *run, size_t comparison,
                                     struct eh_result *result) {
  const struct eh_comparison_result *c = &run->comparisons[comparison];
  return (struct eh_unit_task){
      c->cells,          run->strata[comparison].items, c->measure, result, run->totals[comparison],
      run->only_summary, run->balancing[comparison]};
}

static void associate(const struct run *run, size_t index, struct eh_arena *scratch) {
  struct eh_comparison_result *whole = &run->comparisons[index];
  const struct eh_kind *kind = eh_kind_of(whole->measure->kind);
  if (run->balancing[index])
    whole->overall.why_not = EH_BALANCED;
  else if (kind->associate)
    kind->associate(scratch, run->strata[index].items, whole);
}

/* First the comparisons, each of them as a whole: that takes longest. Then their units. */
static void measure(void *context, size_t index, size_t worker) {
  const struct run *run = context;
  if (index < run->comparison_count) {
    associate(run, index, run->scratch[worker]);
    return;
  }
  index -= run->comparison_count;
  size_t low = comparison_of(run, index);
  struct eh_comparison_result *c = &run->comparisons[low];
  struct eh_unit_task task = unit_task(run, low, &c->results[index - run->first_task[low]]);
  if (!run->only_summary || c->measure->flag.multiplicity == EH_NESTED)
    eh_unit_place(run->scratch[worker], &run->strata[low], c, task.result);
  eh_unit_measure(run->scratch[worker], &task);
}

static void describe_unit(void *context, size_t index, size_t worker) {
  const struct run *run = context;
  size_t low = comparison_of(run, index);
  const struct eh_comparison_result *c = &run->comparisons[low];
  struct eh_result *result = &c->results[index - run->first_task[low]];
  if (!run->only_summary)
    eh_result_describe(run->scratch[worker], run->rules, &run->strata[low], c, result);
  else if (result->flagged)
    eh_result_state(run->scratch[worker], run->rules, c, result);
}

/* Tasks with an arena for each worker; what the arenas hold becomes kept's, if it is not NULL. */
static void share_out(struct run *run, size_t count, size_t threads,
                      void (*task)(void *context, size_t index, size_t worker),
                      struct eh_arena *kept) {
  run->scratch = eh_alloc(threads, sizeof(struct eh_arena *));
  for (size_t t = 0; t < threads; t++) run->scratch[t] = eh_arena_new();
  eh_parallel(count, threads, task, run);
  for (size_t t = 0; t < threads; t++) {
    if (kept)
      eh_arena_take(kept, run->scratch[t]);
    else
      eh_arena_free(run->scratch[t]);
  }
  free(run->scratch);
}

static void measure_wholes(struct run *run, size_t threads) {
  struct eh_whole_options options = {.scratch = eh_arena_new(),
                                     .seed = run->rules->seed,
                                     .threads = threads,
                                     .only_summary = run->only_summary};
  for (size_t c = 0; c < run->comparison_count; c++)
    eh_whole_measure(&run->comparisons[c], &run->strata[c], &options);
  eh_arena_free(options.scratch);
}

static void foresee(void *context, size_t index, size_t worker) {
  const struct run *run = context;
  size_t low = comparison_of(run, index);
  struct eh_comparison_result *c = &run->comparisons[low];
  struct eh_result *result = &c->results[index - run->first_task[low]];
  const struct eh_kind *kind = eh_kind_of(result->kind);
  struct eh_unit_task task = unit_task(run, low, result);
  if (kind->foresee) kind->foresee(run->scratch[worker], &task, result == run->median[low]);
}

static void tell_who(struct eh_arena *kept, const struct run *run) {
  struct eh_arena *scratch = eh_arena_new();
  for (size_t c = 0; c < run->comparison_count; c++)
    eh_whole_tell_who(scratch, kept, run->strata[c].items, run->totals[c], run->balancing[c],
                      &run->comparisons[c]);
  eh_arena_free(scratch);
}

/* Of flagged units: every record's weight, so that a reader can redo the difference. */
static void list_weights(struct eh_arena *kept, const struct run *run, size_t index) {
  struct eh_comparison_result *c = &run->comparisons[index];
  for (size_t i = 0; i < c->result_count; i++) {
    if (!c->results[i].flagged) continue;
    struct eh_unit_task task = unit_task(run, index, &c->results[i]);
    eh_balanced_list(kept, &task);
  }
}

static void finish_comparison(struct eh_arena *arena, const struct run *run, size_t index,
                              struct eh_audit *audit) {
  struct eh_comparison_result *c = &run->comparisons[index];
  for (size_t i = 0; i < c->result_count; i++) c->comparable += c->results[i].comparable;
  c->event.power_80 =
      run->median[index] ? run->median[index]->event.power_80 : eh_no_power("no unit is testable");
  c->title = eh_comparison_title(arena, run->rules, c);
  audit->tests += c->testable;
  audit->findings += c->levels.flagged;
  audit->facts += c->facts;
}

const struct eh_audit *eh_audit_run(struct eh_arena *arena, const struct eh_rules *rules,
                                    const struct eh_account *account, const struct eh_cells *cells,
                                    size_t cells_count, const struct eh_audit_options *options) {
  struct eh_audit *audit = eh_arena_alloc(arena, 1, sizeof *audit);
  *audit = (struct eh_audit){.rules = rules,
                             .account = account,
                             .monitoring = options->monitoring,
                             .tables = options->tables,
                             .table_count = options->table_count,
                             .over_time = options->over_time,
                             .reliability = options->reliability,
                             .goals = options->goals,
                             .policy_changes = options->policy_changes,
                             .comparison_count = cells_count};
  audit->comparisons = eh_arena_alloc(arena, cells_count, sizeof *audit->comparisons);
  struct run run = {.rules = rules,
                    .comparisons = audit->comparisons,
                    .comparison_count = cells_count,
                    .only_summary = options->only_summary};
  size_t threads = options->threads ? options->threads : 1;
  run.strata = eh_arena_alloc(arena, cells_count, sizeof *run.strata);
  run.totals = eh_arena_alloc(arena, cells_count, sizeof *run.totals);
  run.balancing = eh_arena_alloc(arena, cells_count, sizeof *run.balancing);
  run.first_task = eh_arena_alloc(arena, cells_count + 1, sizeof *run.first_task);
  run.median = eh_arena_alloc(arena, cells_count, sizeof *run.median);
  for (size_t c = 0; c < cells_count; c++) {
    start_comparison(arena, rules, &cells[c], &audit->comparisons[c]);
    run.strata[c] = eh_strata_of(arena, audit->comparisons[c].comparison, &cells[c], threads);
    run.totals[c] = eh_totals_of(arena, &cells[c]);
    if (eh_cells_are_adjusted(&cells[c])) start_balancing(arena, &run, c, threads);
    run.first_task[c + 1] = run.first_task[c] + cells[c].unit_count;
  }
  size_t units = run.first_task[cells_count];
  share_out(&run, cells_count + units, threads, measure, arena);
  measure_wholes(&run, threads);
  audit->families = eh_report_flag(rules, audit->comparisons, cells_count);
  tell_who(arena, &run);
  for (size_t c = 0; c < cells_count; c++)
    run.median[c] = eh_whole_median_unit(&audit->comparisons[c]);
  for (size_t c = 0; c < cells_count && !run.only_summary; c++)
    if (audit->comparisons[c].levels.flagged)
      run.strata[c].presence = eh_presence_of(arena, &cells[c]);
  for (size_t c = 0; c < cells_count && !run.only_summary; c++)
    eh_definitions_try(arena, rules, &run.strata[c], run.totals[c], run.balancing[c], threads,
                       &audit->comparisons[c]);
  for (size_t c = 0; c < cells_count && !run.only_summary; c++)
    if (run.balancing[c]) list_weights(arena, &run, c);
  audit->not_screened = options->recount ? options->recount->no_columns : options->no_recount;
  audit->not_asked_again = options->no_recount;
  if (options->recount) eh_findings_explain(arena, options->recount, threads, audit);
  share_out(&run, units, threads, foresee, NULL);
  share_out(&run, units, threads, describe_unit, arena);
  for (size_t c = 0; c < cells_count; c++) finish_comparison(arena, &run, c, audit);
  eh_audit_note(arena, (struct eh_notes_asked){options->note_pseudonyms, options->note_unassessed},
                audit);
  return audit;
}
