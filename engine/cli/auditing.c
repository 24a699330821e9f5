#include "engine/cli/auditing.h"

#include "engine/audit/behind/drilldown.h"
#include "engine/audit/behind/extremes.h"
#include "engine/audit/findings/audit.h"
#include "engine/audit/monitoring/monitoring.h"
#include "engine/audit/progress/goals.h"
#include "engine/audit/progress/policy.h"
#include "engine/audit/reliability/reliability.h"
#include "engine/audit/workload/workload.h"
#include "engine/cli/cli.h"
#include "engine/cli/progress.h"
#include "engine/cli/recount.h"
#include "engine/load/find/find.h"
#include "reports/scorecards/scorecards.h"

bool eh_cli_wants(const struct eh_request *r, int output) {
  bool is_packed = output == EH_OUTPUT || output == EH_JSON;
  return r->outputs[output] || (is_packed && r->outputs[EH_PACKAGE]);
}

struct eh_report_context eh_cli_context(const struct eh_request *r,
                                        const struct eh_cli_results *results) {
  return (struct eh_report_context){.version = EH_VERSION,
                                    .command_line = r->command_line,
                                    .as_of = r->as_of,
                                    .drilldown = results->drilldown,
                                    .on_file = results->on_file};
}

static bool wants_records(const struct eh_request *r) {
  return !r->privacy.is_public && (eh_cli_wants(r, EH_OUTPUT) || r->scorecards);
}

/* What results will ask of the records. */
static struct eh_origin_wants wants_of(const struct eh_request *r,
                                       const struct eh_origin_kind *kind, bool has_goals) {
  bool is_told = !r->privacy.is_public &&
                 (eh_cli_wants(r, EH_OUTPUT) || eh_cli_wants(r, EH_JSON) || has_goals);
  return (struct eh_origin_wants){
      .survey = is_told && !r->no_reliability && (r->reliability || kind->is_surveyed_unasked),
      .find = eh_cli_wants(r, EH_OUTPUT) && !r->privacy.is_public,
      .over_time = wants_records(r)};
}

/* Counts over time, and office by office, where a result asks for them. */
static enum eh_status count_over_time(const struct eh_request *r, struct eh_origin *origin,
                                      const struct eh_over_time **all,
                                      const struct eh_over_time **offices, struct eh_error *error) {
  if (!origin->wants.over_time || !origin->kind->over_time) return EH_OK;
  int column = r->scorecards ? eh_scorecards_column(origin->rules) : -1;
  return origin->kind->over_time(origin, column, all, offices, error);
}

static enum eh_status assess_reliability(const struct eh_request *r, struct eh_origin *origin,
                                         const struct eh_survey **survey,
                                         const struct eh_reliability **reliability,
                                         struct eh_error *error) {
  if (!origin->wants.survey || !origin->kind->survey) return EH_OK;
  EH_TRY(origin->kind->survey(origin, survey, error));
  if (*survey) *reliability = eh_reliability_assess(origin->arena, *survey, r->as_of);
  return EH_OK;
}

static enum eh_status drill_down(struct eh_origin *origin, const struct eh_audit *audit,
                                 const struct eh_drilldown **drilldown, struct eh_error *error) {
  struct eh_find_source source;
  bool can_find = origin->kind->find && origin->kind->find(origin, &source);
  return eh_drilldown_make(origin->arena, audit, can_find ? &source : NULL, drilldown, error);
}

static bool asks_for_summary_only(const struct eh_request *r) {
  return !(eh_cli_wants(r, EH_OUTPUT) || eh_cli_wants(r, EH_JSON) || r->scorecards ||
           r->privacy.is_public);
}

static enum eh_status file_findings(const struct eh_request *r, struct eh_arena *arena,
                                    struct eh_cli_results *results, struct eh_error *error) {
  if (!r->ledger) return EH_OK;
  struct eh_ledger *ledger = eh_arena_alloc(arena, 1, sizeof *ledger);
  struct eh_on_file *on_file = eh_arena_alloc(arena, 1, sizeof *on_file);
  EH_TRY(eh_ledger_read(arena, r->ledger, ledger, error));
  EH_TRY(eh_on_file_make(arena, results->audit, ledger, r->as_of, on_file, error));
  results->on_file = on_file;
  return EH_OK;
}

enum eh_status eh_cli_make_results(const struct eh_request *r, struct eh_origin *origin,
                                   struct eh_cli_results *results, struct eh_error *error) {
  struct eh_audit_options options = {.threads = r->load.threads,
                                     .note_pseudonyms = r->privacy.pseudonyms != NULL,
                                     .only_summary = asks_for_summary_only(r)};
  struct eh_cells *cells;
  size_t count;
  struct eh_cells *tables;
  EH_TRY(origin->kind->cells(origin, &cells, &count, error));
  EH_TRY(origin->kind->tables(origin, &tables, &options.table_count, error));
  options.tables = tables;
  const struct eh_account *account = origin->kind->account(origin);
  if (!r->quiet) eh_cli_report_bad_places(account);
  EH_TRY(count_over_time(r, origin, &options.over_time, &results->offices, error));
  const struct eh_survey *survey = NULL;
  EH_TRY(assess_reliability(r, origin, &survey, &options.reliability, error));
  options.goals = eh_goals_judge(origin->arena, origin->rules, account, tables, options.table_count,
                                 options.reliability, r->as_of);
  options.policy_changes = eh_policy_changes_find(origin->arena, origin->rules, cells, count,
                                                  tables, options.table_count);
  struct eh_recount recount;
  bool is_short = options.only_summary || r->privacy.is_public;
  options.no_recount = eh_cli_recount(origin, survey, is_short, &recount);
  if (!options.no_recount) options.recount = &recount;
  if (!r->privacy.is_public)
    options.monitoring = eh_monitoring_make(origin->arena, origin->rules, account, tables,
                                            options.table_count, r->as_of, r->load.threads);
  options.note_unassessed =
      !options.reliability && (eh_cli_wants(r, EH_OUTPUT) || eh_cli_wants(r, EH_JSON));
  results->audit = eh_audit_run(origin->arena, origin->rules, account, cells, count, &options);
  if (!r->privacy.is_public) results->audit = eh_workload_add(origin->arena, results->audit);
  if (!is_short) results->audit = eh_extremes_add(origin->arena, results->audit);
  if (options.recount) EH_TRY(eh_cli_recount_check(options.recount, error));
  EH_TRY(file_findings(r, origin->arena, results, error));
  if (r->privacy.is_public)
    results->release =
        eh_release_make(origin->arena, results->audit, r->privacy.threshold, r->load.threads);
  else if (eh_cli_wants(r, EH_OUTPUT))
    return drill_down(origin, results->audit, &results->drilldown, error);
  return EH_OK;
}

enum eh_status eh_cli_open_origin(const struct eh_request *r, struct eh_origin *origin,
                                  struct eh_problems *problems, struct eh_error *error) {
  EH_TRY(eh_cli_source_find(&r->source, origin, error));
  struct eh_progress progress = eh_progress_start(r->records, r->record_count, r->quiet);
  origin->wants = wants_of(r, origin->kind, origin->rules->goal_count > 0);
  origin->options.progress = eh_progress_show;
  origin->options.progress_context = &progress;
  enum eh_status status = eh_origin_open(origin, problems, error);
  origin->options.progress = NULL;
  eh_progress_end(&progress);
  return status;
}
