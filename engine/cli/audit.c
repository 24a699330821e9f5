#include "engine/audit/findings/audit.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "engine/audit/monitoring/monitoring.h"
#include "engine/audit/progress/goals.h"
#include "engine/base/output.h"
#include "engine/base/parallel.h"
#include "engine/cli/auditing.h"
#include "engine/cli/cli.h"
#include "engine/cli/options.h"
#include "engine/load/origin.h"
#include "reports/package/package.h"
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
  FIGURES = EH_FIGURES,
  PACKAGE = EH_PACKAGE
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

static int check_package(const struct eh_request *r) {
  if (r->privacy.is_public)
    return eh_cli_misuse(command,
                         "--package holds the cells, and a release hides them: leave out "
                         "one of --package and --public");
  if (r->ledger)
    return eh_cli_misuse(command,
                         "--package is of the audit alone, which the ledger is no part of: "
                         "leave out one of --package and --ledger");
  if (!r->load.hash)
    return eh_cli_misuse(command,
                         "--package tells the records by their digest; leave out --no-hash");
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
  if (status == 0 && r->outputs[PACKAGE]) status = check_package(r);
  if (status == 0) status = name_figures(r);
  return status != 0 ? status : eh_cli_check_outputs(command, r);
}

static const char *figures_name(const struct eh_request *r) {
  const char *slash = strrchr(r->outputs[FIGURES], '/');
  return slash ? slash + 1 : r->outputs[FIGURES];
}

/* Beside the package stands for a while the workbook that goes into it. */
static enum eh_status write_package(const struct eh_request *r,
                                    const struct eh_cli_results *results,
                                    const struct eh_report_context *context,
                                    struct eh_output *output, struct eh_error *error) {
  struct eh_output workbook;
  struct eh_package_options options = {.delimiter = r->load.delimiter,
                                       .skip_lines = r->load.skip_lines,
                                       .sheet = r->load.sheet,
                                       .reliability = r->reliability,
                                       .no_reliability = r->no_reliability,
                                       .use_libcsv = r->load.use_libcsv,
                                       .with_scorecards = r->scorecards != NULL,
                                       .with_pseudonyms = r->privacy.key_file != NULL,
                                       .asked = r->source.connection ? "database"
                                                : r->source.cells    ? "cells"
                                                                     : "files"};
  EH_TRY(eh_output_open(&workbook, r->outputs[PACKAGE], error));
  enum eh_status status = eh_package_write(results->audit, context, &options, output->temporary,
                                           workbook.temporary, r->fingerprint, error);
  eh_output_abandon(&workbook);
  return status;
}

static enum eh_status write_output(const struct eh_request *r, int which,
                                   const struct eh_cli_results *results,
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
    case PACKAGE:
      return write_package(r, results, context, output, error);
    case FIGURES:
      return eh_release_figures_write(release, output->stream, error);
    default:
      return eh_cells_write(results->audit, output->stream, error);
  }
}

static enum eh_status write_scorecards(const struct eh_request *r,
                                       const struct eh_cli_results *results,
                                       struct eh_folder *folder, struct eh_error *error) {
  struct eh_report_context context = eh_cli_context(r, results);
  EH_TRY(eh_folder_open(folder, r->scorecards, error));
  return eh_scorecards_write(results->audit, &context, results->offices, folder, error);
}

/* Write everything first, then put everything in place: a failure leaves the old files as they
 * were. */
static enum eh_status write_outputs(const struct eh_request *r,
                                    const struct eh_cli_results *results, struct eh_error *error) {
  struct eh_report_context context = eh_cli_context(r, results);
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
static enum eh_status summarise(const struct eh_request *r, const struct eh_cli_results *results,
                                struct eh_error *error) {
  bool is_taken = false;
  for (int i = 0; i < EH_OUTPUTS; i++) is_taken |= eh_cli_is_printed(r->outputs[i]);
  if (r->quiet || is_taken) return EH_OK;
  struct eh_report_context context = eh_cli_context(r, results);
  EH_TRY(results->release ? eh_release_summary_write(results->release, stdout, error)
                          : eh_summary_write(results->audit, &context, stdout, error));
  if (r->outputs[WORKBOOK])
    eh_cli_print(stdout, "\nThe workbook is in %s.\n", r->outputs[WORKBOOK]);
  else if (!r->outputs[PAGE] && !r->outputs[PACKAGE])
    printf("\nFor the workbook, add -o audit.xlsx.\n");
  if (r->outputs[PAGE])
    eh_cli_print(stdout, "%sThe page is in %s, its figures in %s.\n",
                 r->outputs[WORKBOOK] ? "" : "\n", r->outputs[PAGE], r->outputs[FIGURES]);
  if (r->outputs[PACKAGE])
    eh_cli_print(stdout, "The package is in %s; its fingerprint, for the working papers, is %s.\n",
                 r->outputs[PACKAGE], r->fingerprint);
  if (r->scorecards)
    eh_cli_print(stdout, "The office scorecards are in %s; begin with index.xlsx.\n",
                 r->scorecards);
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

static bool asks_to_fail(const struct eh_request *r, const struct eh_audit *audit) {
  return (r->fail_on_findings && audit->facts) ||
         (r->fail_on_signals && audit->monitoring && audit->monitoring->watched_now) ||
         (r->fail_on_signals && audit->goals && audit->goals->missed);
}

static int load_and_audit(const struct eh_request *r, const struct eh_rules *rules) {
  struct eh_error error = {0};
  struct eh_problems problems = {0};
  struct eh_cli_results results = {0};
  struct eh_origin origin = {.rules = rules,
                             .arena = r->arena,
                             .options = r->load,
                             .names = r->records,
                             .name_count = r->record_count};
  origin.options.pseudonyms = r->privacy.pseudonyms;
  origin.options.as_of = r->as_of;
  enum eh_status status = eh_cli_open_origin(r, &origin, &problems, &error);
  if (status == EH_OK) status = eh_cli_make_results(r, &origin, &results, &error);
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
  char fingerprint[65] = "";
  struct eh_request r = {.fingerprint = fingerprint,
                         .arena = arena,
                         .load = {.threads = eh_processors(), .hash = true},
                         .as_of = eh_cli_today()};
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
