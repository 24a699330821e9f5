#include "engine/audit/findings/audit.h"
#include "engine/audit/reliability/reliability.h"

#include <stdio.h>

#include "engine/audit/behind/drilldown.h"
#include "engine/base/output.h"
#include "engine/base/parallel.h"
#include "engine/cli/cli.h"
#include "engine/cli/options.h"
#include "engine/cli/progress.h"
#include "engine/load/records/load.h"
#include "reports/release/release.h"
#include "reports/report.h"
#include "reports/scorecards/scorecards.h"

enum { EXIT_FINDINGS = 4 };

static const char command[] = "audit";
/* What of the outputs is which. */
enum { WORKBOOK = EH_OUTPUT, JSON = EH_JSON, CELLS = EH_CELLS };

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
  return status != 0 ? status : eh_cli_check_outputs(command, r);
}

/* What is reported. */
struct results {
  const struct eh_audit *audit;
  const struct eh_drilldown *drilldown; /* NULL: not asked for */
  const struct eh_tally *tally;         /* for the scorecards; NULL: not asked for */
  const struct eh_release *release;     /* NULL, or all that may be reported */
};

static enum eh_status write_output(int which, const struct results *results,
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
    default:
      return eh_cells_write(results->audit, output->stream, error);
  }
}

static enum eh_status write_scorecards(const struct eh_request *r, const struct results *results,
                                       struct eh_folder *folder, struct eh_error *error) {
  struct eh_report_context context = {EH_VERSION, r->command_line, r->as_of, NULL};
  EH_TRY(eh_folder_open(folder, r->scorecards, error));
  return eh_scorecards_write(results->audit, &context, results->tally, folder, error);
}

/* Write everything first, then put everything in place: a failure leaves the old files as they
 * were. */
static enum eh_status write_outputs(const struct eh_request *r, const struct results *results,
                                    struct eh_error *error) {
  struct eh_report_context context = {EH_VERSION, r->command_line, r->as_of, results->drilldown};
  struct eh_output outputs[EH_OUTPUTS] = {{0}};
  struct eh_folder folder = {0};
  enum eh_status status = EH_OK;
  for (int i = 0; i < EH_OUTPUTS && status == EH_OK; i++) {
    if (!r->outputs[i]) continue;
    status = eh_output_open(&outputs[i], r->outputs[i], error);
    if (status == EH_OK) status = write_output(i, results, &context, &outputs[i], error);
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
  struct eh_report_context context = {EH_VERSION, r->command_line, r->as_of, NULL};
  EH_TRY(results->release ? eh_release_summary_write(results->release, stdout, error)
                          : eh_summary_write(results->audit, &context, stdout, error));
  if (r->outputs[WORKBOOK])
    eh_cli_print(stdout, "\nThe workbook is in %s.\n", r->outputs[WORKBOOK]);
  else
    printf("\nFor the workbook, add -o audit.xlsx.\n");
  if (r->scorecards)
    eh_cli_print(stdout, "The office scorecards are in %s; begin with index.xlsx.\n",
                 r->scorecards);
  return EH_OK;
}

/* What there is to audit: cells, their account, and what holds the records behind them. */
struct material {
  const struct eh_account *account;
  struct eh_cells *cells;
  size_t count;
  struct eh_records *records;   /* of files; NULL: the records are elsewhere */
  struct eh_survey *survey;     /* of files, made in the same pass; NULL: not asked for */
  struct eh_database *database; /* NULL: they are not in one */
};

static bool has_records(const struct material *m) { return m->records || m->database; }

/* Counts over time, and office by office, where a result asks for them. */
static enum eh_status count_over_time(const struct eh_request *r, const struct eh_rules *rules,
                                      const struct material *m, struct eh_arena *arena,
                                      const struct eh_series **series,
                                      const struct eh_tally **tally, struct eh_error *error) {
  int column = r->scorecards ? eh_scorecards_column(rules) : -1;
  *series = NULL;
  *tally = NULL;
  if (!has_records(m) || r->privacy.is_public || !(r->scorecards || r->outputs[WORKBOOK]))
    return EH_OK;
  if (m->database) return eh_database_days(arena, m->database, column, series, tally, error);
  *series = eh_records_series(arena, m->records);
  if (r->scorecards) *tally = eh_records_tally(arena, m->records, column);
  return EH_OK;
}

static enum eh_status drill_down(const struct material *m, struct eh_arena *arena,
                                 const struct eh_audit *audit,
                                 const struct eh_drilldown **drilldown, struct eh_error *error) {
  struct eh_find_source source = {0};
  if (m->database) source = eh_database_source(m->database);
  if (m->records) source = eh_records_source(m->records);
  return eh_drilldown_make(arena, audit, has_records(m) ? &source : NULL, drilldown, error);
}

static bool may_assess(const struct eh_request *r) {
  return !r->no_reliability && !r->privacy.is_public && (r->outputs[WORKBOOK] || r->outputs[JSON]);
}

/* Of a database only on request: it takes a dozen questions, each a pass over the table. */
static enum eh_status ask_for_survey(const struct eh_request *r, struct material *m) {
  struct eh_error error = {0};
  if (!m->database || r->source.shard_key || !r->reliability || !may_assess(r)) return EH_OK;
  enum eh_status status = eh_database_survey(m->database, &m->survey, &error);
  if (status != EH_OK) eh_cli_report(&error);
  return status;
}

static bool asks_for_summary_only(const struct eh_request *r) {
  return !(r->outputs[WORKBOOK] || r->outputs[JSON] || r->scorecards || r->privacy.is_public);
}

static int audit_cells(const struct eh_request *r, const struct eh_rules *rules, struct material *m,
                       struct eh_arena *arena) {
  struct eh_error error;
  if (!r->quiet) eh_cli_report_bad_places(m->account);
  struct eh_audit_options audit_options = {.threads = r->load.threads};
  struct results results = {0};
  enum eh_status status =
      count_over_time(r, rules, m, arena, &audit_options.series, &results.tally, &error);
  if (status != EH_OK) {
    eh_cli_report(&error);
    return eh_exit_status(status);
  }
  status = ask_for_survey(r, m);
  if (status != EH_OK) return eh_exit_status(status);
  if (m->survey) audit_options.reliability = eh_reliability_assess(arena, m->survey, r->as_of);
  audit_options.note_pseudonyms = r->privacy.pseudonyms != NULL;
  audit_options.note_unassessed =
      !audit_options.reliability && (r->outputs[WORKBOOK] || r->outputs[JSON]);
  audit_options.only_summary = asks_for_summary_only(r);
  const struct eh_audit *audit =
      eh_audit_run(arena, rules, m->account, m->cells, m->count, &audit_options);
  results.audit = audit;
  if (r->privacy.is_public)
    results.release = eh_release_make(arena, audit, r->privacy.threshold, r->load.threads);
  else if (r->outputs[WORKBOOK])
    status = drill_down(m, arena, audit, &results.drilldown, &error);
  if (status == EH_OK) status = write_outputs(r, &results, &error);
  if (status == EH_OK) status = summarise(r, &results, &error);
  if (status != EH_OK) {
    eh_cli_report(&error);
    return eh_exit_status(status);
  }
  return r->fail_on_findings && audit->findings ? EXIT_FINDINGS : 0;
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

static int audit_files(struct eh_request *r, const struct eh_rules *rules, struct eh_arena *arena) {
  struct eh_error error = {0};
  struct eh_problems problems = {0};
  struct eh_records *records;
  struct eh_progress progress = eh_progress_start(r->records, r->record_count, r->quiet);
  r->load.can_find = r->outputs[WORKBOOK] && !r->privacy.is_public;
  r->load.only_cells = !r->load.can_find && !r->scorecards;
  r->load.pseudonyms = r->privacy.pseudonyms;
  r->load.progress = eh_progress_show;
  r->load.progress_context = &progress;
  struct eh_survey *survey = NULL;
  enum eh_status status = may_assess(r)
                              ? eh_survey_beside(rules, r->records, r->record_count, &r->load,
                                                 &records, &survey, &problems, &error)
                              : eh_load_files(rules, r->records, r->record_count, &r->load,
                                              &records, &problems, &error);
  eh_progress_end(&progress);
  int result = report_failure(status, &problems, &error);
  eh_problems_free(&problems);
  if (status != EH_OK) return result;
  struct material m = {
      .account = eh_records_account(records), .records = records, .survey = survey};
  status = eh_records_cells(arena, records, &m.cells, &m.count, &error);
  result = status == EH_OK ? audit_cells(r, rules, &m, arena)
                           : report_failure(status, &problems, &error);
  eh_survey_free(survey);
  eh_records_free(records);
  return result;
}

/* Counts from a database or a file of cells. */
static int audit_counts(struct eh_request *r, const struct eh_rules *rules,
                        struct eh_arena *arena) {
  struct eh_error error = {0};
  struct eh_problems problems = {0};
  struct eh_cli_counts counts;
  r->source.has_more =
      (r->outputs[WORKBOOK] || r->scorecards) && !r->privacy.is_public && !r->privacy.pseudonyms;
  enum eh_status status = eh_cli_source_load(&r->source, rules, arena, &counts, &problems, &error);
  if (status == EH_OK && r->privacy.pseudonyms)
    status = eh_counts_pseudonymise(counts.counts, r->privacy.pseudonyms, &error);
  int result = report_failure(status, &problems, &error);
  eh_problems_free(&problems);
  if (status != EH_OK) return result;
  /* Of a database that knows the ids only, nothing can be asked by pseudonym. */
  struct material m = {.account = eh_counts_account(counts.counts),
                       .database = r->privacy.pseudonyms ? NULL : counts.database};
  status = eh_counts_cells(arena, counts.counts, &m.cells, &m.count, &error);
  result = status == EH_OK ? audit_cells(r, rules, &m, arena)
                           : report_failure(status, &problems, &error);
  eh_survey_free(m.survey);
  eh_cli_counts_free(&counts);
  return result;
}

static int load_and_audit(struct eh_request *r, const struct eh_rules *rules,
                          struct eh_arena *arena) {
  return eh_cli_source_is_given(&r->source) ? audit_counts(r, rules, arena)
                                            : audit_files(r, rules, arena);
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
    if (status == 0) status = load_and_audit(&r, rules, arena);
  }
  eh_pseudonyms_free(r.privacy.pseudonyms);
  eh_arena_free(arena);
  return status;
}
