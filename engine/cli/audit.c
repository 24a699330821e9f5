#include "engine/audit/findings/audit.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "engine/audit/behind/drilldown.h"
#include "engine/audit/monitoring/monitoring.h"
#include "engine/audit/progress/goals.h"
#include "engine/audit/progress/policy.h"
#include "engine/audit/reliability/reliability.h"
#include "engine/audit/workload/workload.h"
#include "engine/base/output.h"
#include "engine/base/parallel.h"
#include "engine/cli/cli.h"
#include "engine/cli/options.h"
#include "engine/cli/progress.h"
#include "engine/cli/recount.h"
#include "engine/load/find/find.h"
#include "engine/load/origin.h"
#include "reports/release/release.h"
#include "reports/report.h"
#include "reports/scorecards/scorecards.h"

enum { EXIT_FINDINGS = 4 };

static const char command[] = "audit";
/* What of the outputs is which. */
enum {
  WORKBOOK = EH_OUTPUT,
  JSON = EH_JSON,
  CELLS = EH_CELLS,
  PAGE = EH_PAGE,
  FIGURES = EH_FIGURES
};

static int check_source(const struct eh_request *r) {
  if (r->operand_count < 1) return eh_cli_misuse(command, "name a rules file and the records");
  int status = eh_cli_source_check(&r->source, (int)r->record_count);
  if (status != 0) return status;
  if (r->record_count < 1 && !eh_cli_source_is_given(&r->source))
    return eh_cli_misuse(command, "name the records after the rules file '%s'", r->rules);
  if (r->source.cells && r->scorecards)
    return eh_cli_misuse(command, "--scorecards needs the records themselves, not cells");
  if (r->source.connection && r->privacy.key_file && (r->scorecards || r->reliability))
    return eh_cli_misuse(command,
                         "with --pseudonyms a database is asked for counts only; for %s, audit the "
                         "records from files",
                         r->scorecards ? "--scorecards" : "--reliability");
  if (r->record_count && eh_cli_are_swapped(r->rules, r->records[0]))
    return eh_cli_misuse(command, "name the rules first: '%s', then the records: '%s'",
                         r->records[0], r->rules);
  return 0;
}

/* The page is posted with its figures in a file beside it, of the same name. */
static int name_figures(struct eh_request *r) {
  const char *page = r->outputs[PAGE], *end = page ? strrchr(page, '.') : NULL;
  if (!page) return 0;
  if (!r->privacy.is_public)
    return eh_cli_misuse(command, "--html writes a page for everybody; it goes with --public");
  if (!end || (strcasecmp(end, ".html") != 0 && strcasecmp(end, ".htm") != 0))
    return eh_cli_misuse(
        command,
        "--html writes two files, the page and its figures beside it; name one that "
        "ends in .html, not '%s'",
        page);
  r->outputs[FIGURES] = eh_arena_printf(r->arena, "%.*s.csv", (int)(end - page), page);
  return 0;
}

static int parse(int argc, char **argv, struct eh_request *r) {
  int status = eh_cli_parse(EH_COMMAND_AUDIT, argc, argv, r);
  if (status != 0 || r->help) return status;
  if (r->operand_count) {
    r->rules = r->operands[0];
    r->records = r->operands + 1;
    r->record_count = r->operand_count - 1;
  }
  status = check_source(r);
  if (status == 0)
    status = eh_cli_privacy_check(command, &r->privacy,
                                  r->outputs[CELLS] || r->scorecards || r->reliability);
  if (status == 0 && r->privacy.is_public && r->ledger)
    status = eh_cli_misuse(command, "--public shows nothing of a ledger; leave out --ledger");
  if (status == 0) status = name_figures(r);
  return status != 0 ? status : eh_cli_check_outputs(command, r);
}

/* What is reported. */
struct results {
  const struct eh_audit *audit;
  const struct eh_drilldown *drilldown; /* NULL: not asked for */
  const struct eh_over_time *offices;   /* over time, for the scorecards; NULL: not asked for */
  const struct eh_release *release;     /* NULL, or all that may be reported */
  const struct eh_on_file *on_file;     /* NULL: no ledger was given */
};

static struct eh_report_context context_of(const struct eh_request *r,
                                           const struct results *results) {
  return (struct eh_report_context){.version = EH_VERSION,
                                    .command_line = r->command_line,
                                    .as_of = r->as_of,
                                    .drilldown = results->drilldown,
                                    .on_file = results->on_file};
}

static const char *figures_name(const struct eh_request *r) {
  const char *slash = strrchr(r->outputs[FIGURES], '/');
  return slash ? slash + 1 : r->outputs[FIGURES];
}

static enum eh_status write_output(const struct eh_request *r, int which,
                                   const struct results *results,
                                   const struct eh_report_context *context,
                                   struct eh_output *output, struct eh_error *error) {
  const struct eh_release *release = results->release;
  switch (which) {
    case WORKBOOK:
      return release ? eh_release_workbook_write(release, context, output->temporary, error)
                     : eh_workbook_write(results->audit, context, output->temporary, error);
    case JSON:
      return release ? eh_release_json_write(release, context, output->stream, error)
                     : eh_json_write(results->audit, context, output->stream, error);
    case PAGE:
      return eh_release_page_write(release, context, figures_name(r), output->stream, error);
    case FIGURES:
      return eh_release_figures_write(release, output->stream, error);
    default:
      return eh_cells_write(results->audit, output->stream, error);
  }
}

static enum eh_status write_scorecards(const struct eh_request *r, const struct results *results,
                                       struct eh_folder *folder, struct eh_error *error) {
  struct eh_report_context context = context_of(r, results);
  EH_TRY(eh_folder_open(folder, r->scorecards, error));
  return eh_scorecards_write(results->audit, &context, results->offices, folder, error);
}

/* Write everything first, then put everything in place: a failure leaves the old files as they
 * were. */
static enum eh_status write_outputs(const struct eh_request *r, const struct results *results,
                                    struct eh_error *error) {
  struct eh_report_context context = context_of(r, results);
  struct eh_output outputs[EH_OUTPUTS] = {{0}};
  struct eh_folder folder = {0};
  enum eh_status status = EH_OK;
  for (int i = 0; i < EH_OUTPUTS && status == EH_OK; i++) {
    if (!r->outputs[i]) continue;
    status = eh_output_open(&outputs[i], r->outputs[i], error);
    if (status == EH_OK) status = write_output(r, i, results, &context, &outputs[i], error);
    if (status != EH_OK)
      snprintf(error->file, sizeof error->file, "%s", eh_output_name(r->outputs[i]));
  }
  if (status == EH_OK && r->scorecards) status = write_scorecards(r, results, &folder, error);
  if (status == EH_OK && r->scorecards) status = eh_folder_prepare(&folder, error);
  if (status == EH_OK) status = eh_output_commit_all(outputs, EH_OUTPUTS, error);
  if (status == EH_OK && r->scorecards) status = eh_folder_commit(&folder, error);
  for (int i = 0; i < EH_OUTPUTS; i++) eh_output_abandon(&outputs[i]);
  eh_folder_abandon(&folder);
  return status;
}

/* The summary goes to standard output, unless a result does. */
static enum eh_status summarise(const struct eh_request *r, const struct results *results,
                                struct eh_error *error) {
  bool is_taken = false;
  for (int i = 0; i < EH_OUTPUTS; i++) is_taken |= eh_cli_is_printed(r->outputs[i]);
  if (r->quiet || is_taken) return EH_OK;
  struct eh_report_context context = context_of(r, results);
  EH_TRY(results->release ? eh_release_summary_write(results->release, stdout, error)
                          : eh_summary_write(results->audit, &context, stdout, error));
  if (r->outputs[WORKBOOK])
    eh_cli_print(stdout, "\nThe workbook is in %s.\n", r->outputs[WORKBOOK]);
  else if (!r->outputs[PAGE])
    printf("\nFor the workbook, add -o audit.xlsx.\n");
  if (r->outputs[PAGE])
    eh_cli_print(stdout, "%sThe page is in %s, its figures in %s.\n",
                 r->outputs[WORKBOOK] ? "" : "\n", r->outputs[PAGE], r->outputs[FIGURES]);
  if (r->scorecards)
    eh_cli_print(stdout, "The office scorecards are in %s; begin with index.xlsx.\n",
                 r->scorecards);
  return EH_OK;
}

static bool wants_records(const struct eh_request *r) {
  return !r->privacy.is_public && (r->outputs[WORKBOOK] || r->scorecards);
}

/* What results will ask of the records. */
static struct eh_origin_wants wants_of(const struct eh_request *r,
                                       const struct eh_origin_kind *kind, bool has_goals) {
  bool is_told = !r->privacy.is_public && (r->outputs[WORKBOOK] || r->outputs[JSON] || has_goals);
  return (struct eh_origin_wants){
      .survey = is_told && !r->no_reliability && (r->reliability || kind->is_surveyed_unasked),
      .find = r->outputs[WORKBOOK] && !r->privacy.is_public,
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
  return !(r->outputs[WORKBOOK] || r->outputs[JSON] || r->scorecards || r->privacy.is_public);
}

static enum eh_status file_findings(const struct eh_request *r, struct eh_arena *arena,
                                    struct results *results, struct eh_error *error) {
  if (!r->ledger) return EH_OK;
  struct eh_ledger *ledger = eh_arena_alloc(arena, 1, sizeof *ledger);
  struct eh_on_file *on_file = eh_arena_alloc(arena, 1, sizeof *on_file);
  EH_TRY(eh_ledger_read(arena, r->ledger, ledger, error));
  EH_TRY(eh_on_file_make(arena, results->audit, ledger, r->as_of, on_file, error));
  results->on_file = on_file;
  return EH_OK;
}

static enum eh_status make_results(const struct eh_request *r, struct eh_origin *origin,
                                   struct results *results, struct eh_error *error) {
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
  options.note_unassessed = !options.reliability && (r->outputs[WORKBOOK] || r->outputs[JSON]);
  results->audit = eh_audit_run(origin->arena, origin->rules, account, cells, count, &options);
  if (!r->privacy.is_public) results->audit = eh_workload_add(origin->arena, results->audit);
  if (options.recount) EH_TRY(eh_cli_recount_check(options.recount, error));
  EH_TRY(file_findings(r, origin->arena, results, error));
  if (r->privacy.is_public)
    results->release =
        eh_release_make(origin->arena, results->audit, r->privacy.threshold, r->load.threads);
  else if (r->outputs[WORKBOOK])
    return drill_down(origin, results->audit, &results->drilldown, error);
  return EH_OK;
}

/* Report what went wrong; the exit status. */
static int report_failure(enum eh_status status, const struct eh_problems *problems,
                          const struct eh_error *error) {
  if (problems->count)
    eh_cli_report_all(problems);
  else if (status != EH_OK)
    eh_cli_report(error);
  return eh_exit_status(status);
}

static enum eh_status open_origin(const struct eh_request *r, struct eh_origin *origin,
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

static bool asks_to_fail(const struct eh_request *r, const struct eh_audit *audit) {
  return (r->fail_on_findings && audit->facts) ||
         (r->fail_on_signals && audit->monitoring && audit->monitoring->watched_now) ||
         (r->fail_on_signals && audit->goals && audit->goals->missed);
}

static int load_and_audit(const struct eh_request *r, const struct eh_rules *rules) {
  struct eh_error error = {0};
  struct eh_problems problems = {0};
  struct results results = {0};
  struct eh_origin origin = {.rules = rules,
                             .arena = r->arena,
                             .options = r->load,
                             .names = r->records,
                             .name_count = r->record_count};
  origin.options.pseudonyms = r->privacy.pseudonyms;
  origin.options.as_of = r->as_of;
  enum eh_status status = open_origin(r, &origin, &problems, &error);
  if (status == EH_OK) status = make_results(r, &origin, &results, &error);
  if (status == EH_OK) status = write_outputs(r, &results, &error);
  if (status == EH_OK) status = summarise(r, &results, &error);
  eh_origin_close(&origin);
  int result = report_failure(status, &problems, &error);
  eh_problems_free(&problems);
  return result == 0 && asks_to_fail(r, results.audit) ? EXIT_FINDINGS : result;
}

/* Find out early that a result cannot be written, before the work. */
static int try_outputs(const struct eh_request *r) {
  struct eh_folder folder = {0};
  struct eh_error folder_error;
  enum eh_status folder_status =
      r->scorecards ? eh_folder_open(&folder, r->scorecards, &folder_error) : EH_OK;
  eh_folder_abandon(&folder);
  if (folder_status != EH_OK) {
    eh_cli_report(&folder_error);
    return eh_exit_status(folder_status);
  }
  for (int i = 0; i < EH_OUTPUTS; i++) {
    struct eh_output output;
    struct eh_error error;
    if (!r->outputs[i]) continue;
    enum eh_status status = eh_output_open(&output, r->outputs[i], &error);
    eh_output_abandon(&output);
    if (status == EH_OK) continue;
    eh_cli_report(&error);
    return eh_exit_status(status);
  }
  return 0;
}

int eh_cli_audit(int argc, char **argv) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_request r = {
      .arena = arena, .load = {.threads = eh_processors(), .hash = true}, .as_of = eh_cli_today()};
  int status = parse(argc, argv, &r);
  const struct eh_rules *rules;
  if (status == 0 && !r.help) {
    status = eh_cli_read_rules(arena, r.rules, &rules);
    if (status == 0) status = eh_cli_privacy_prepare(&r.privacy, rules);
    if (status == 0) status = try_outputs(&r);
    if (status == 0) status = load_and_audit(&r, rules);
  }
  eh_pseudonyms_free(r.privacy.pseudonyms);
  eh_arena_free(arena);
  return status;
}
