#include "engine/cli/trial.h"

#include <string.h>

#include "engine/audit/findings/audit.h"

/* Less of the outcome's variance than this among records that agree: the column follows from it. */
static const double FOLLOWS = 0.1;
/* At least so many of the records must keep peers; the first factor is kept whatever it costs. */
static const double MOST_KEEP_PEERS = 0.75;

struct attempt {
  const struct eh_survey *survey;
  const char *const *names;
  size_t count;
  struct eh_load_options options;
};

/* The variance of the event within the strata, over its variance in all. */
static double variance_left(struct eh_arena *arena, const struct eh_cells *cells) {
  double *records = eh_arena_alloc(arena, cells->stratum_count, sizeof *records);
  double *events = eh_arena_alloc(arena, cells->stratum_count, sizeof *events);
  for (size_t i = 0; i < cells->cell_count; i++) {
    records[cells->cells[i].stratum] += cells->cells[i].records;
    events[cells->cells[i].stratum] += cells->cells[i].events;
  }
  double within = 0, n = (double)cells->records, m = (double)cells->events;
  for (size_t s = 0; s < cells->stratum_count; s++)
    if (records[s] > 0) within += events[s] * (records[s] - events[s]) / records[s];
  return m > 0 && m < n ? within * n / (m * (n - m)) : 1;
}

static struct eh_trial judge(struct eh_arena *arena, const struct eh_rules *rules,
                             const struct eh_account *account, const struct eh_cells *cells,
                             size_t count) {
  struct eh_audit_options options = {.threads = 1, .only_summary = true};
  const struct eh_audit *audit = eh_audit_run(arena, rules, account, cells, count, &options);
  struct eh_trial trial = {.left = count ? variance_left(arena, &cells[0]) : 1};
  for (size_t c = 0; c < audit->comparison_count; c++) {
    const struct eh_comparison_result *result = &audit->comparisons[c];
    if (cells[c].measure != 0) continue;
    bool is_thinner = (double)result->comparable * (double)trial.records <
                      (double)trial.comparable * (double)result->records;
    if (trial.records && !is_thinner) continue;
    trial.records = result->records;
    trial.comparable = result->comparable;
  }
  return trial;
}

/* One reading of the records under the starter's rules. */
static enum eh_status try(const struct attempt *a, const struct eh_starter *starter,
                          struct eh_trial *trial, struct eh_error *error) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_problems problems = {0};
  const char *text = eh_starter_text(arena, a->survey, starter, a->names[0]);
  const struct eh_rules *rules;
  struct eh_records *records = NULL;
  struct eh_cells *cells;
  size_t count;
  enum eh_status status =
      eh_rules_read(arena, "starter rules", text, strlen(text), &rules, &problems);
  if (status == EH_OK)
    status = eh_load_files(rules, a->names, a->count, &a->options, &records, &problems, error);
  if (status == EH_BAD_RULES && problems.count) *error = problems.items[0];
  if (status == EH_OK) status = eh_records_cells(arena, records, &cells, &count, error);
  if (status == EH_OK) *trial = judge(arena, rules, eh_records_account(records), cells, count);
  eh_records_free(records);
  eh_problems_free(&problems);
  eh_arena_free(arena);
  return status;
}

static bool keeps_peers(const struct eh_trial *trial, size_t kept) {
  return kept <= 1 || (double)trial->comparable >= MOST_KEEP_PEERS * (double)trial->records;
}

static enum eh_status try_factor(const struct attempt *a, int column, struct eh_starter *kept,
                                 struct eh_factor_trial *item, struct eh_error *error) {
  struct eh_starter alone = *kept;
  alone.factors[0] = column;
  alone.factor_count = 1;
  *item = (struct eh_factor_trial){.column = column, .fate = EH_FACTOR_FOLLOWS};
  EH_TRY(try(a, &alone, &item->trial, error));
  if (item->trial.left < FOLLOWS) return EH_OK;
  struct eh_starter more = *kept;
  more.factors[more.factor_count++] = column;
  if (more.factor_count > 1) EH_TRY(try(a, &more, &item->trial, error));
  item->fate = keeps_peers(&item->trial, more.factor_count) ? EH_FACTOR_KEPT : EH_FACTOR_TOO_THIN;
  if (item->fate == EH_FACTOR_KEPT) *kept = more;
  return EH_OK;
}

enum eh_status eh_cli_try_factors(const struct eh_survey *survey, struct eh_starter *starter,
                                  const char *const *names, size_t count,
                                  const struct eh_load_options *options,
                                  struct eh_factor_trials *trials, struct eh_error *error) {
  struct attempt a = {survey, names, count, *options};
  struct eh_starter kept = *starter;
  *trials = (struct eh_factor_trials){0};
  a.options.progress = NULL;
  a.options.only_cells = true;
  kept.factor_count = 0;
  for (size_t i = 0; i < count; i++)
    if (strcmp(names[i], "-") == 0) return EH_OK;
  if (starter->factor_count == 0) return try(&a, &kept, &trials->last, error);
  for (size_t i = 0; i < starter->factor_count; i++) {
    struct eh_factor_trial *item = &trials->items[trials->count++];
    EH_TRY(try_factor(&a, starter->factors[i], &kept, item, error));
    if (item->fate == EH_FACTOR_KEPT) trials->last = item->trial;
  }
  *starter = kept;
  return EH_OK;
}
