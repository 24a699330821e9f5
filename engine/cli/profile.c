#include "reports/profile.h"

#include <stdio.h>

#include "engine/base/output.h"
#include "engine/base/parallel.h"
#include "engine/cli/cli.h"
#include "engine/cli/options.h"
#include "engine/cli/progress.h"

static const char command[] = "profile";

static int parse(int argc, char **argv, struct eh_request *r) {
  int status = eh_cli_parse(EH_COMMAND_PROFILE, argc, argv, r);
  if (status != 0 || r->help) return status;
  if (r->operand_count < 1) return eh_cli_misuse(command, "name the records");
  if (r->privacy.key_file && !r->rules)
    return eh_cli_misuse(command,
                         "--pseudonyms needs --rules, which say which columns name individuals");
  r->records = r->operands;
  r->record_count = r->operand_count;
  return eh_cli_check_outputs(command, r);
}

static enum eh_status write_outputs(const struct eh_request *r,
                                    const struct eh_reliability *reliability,
                                    struct eh_error *error) {
  struct eh_report_context context = {.version = EH_VERSION, .command_line = "", .as_of = r->as_of};
  struct eh_output outputs[EH_OUTPUTS] = {{0}};
  enum eh_status status = EH_OK;
  for (int i = 0; i < EH_OUTPUTS && status == EH_OK; i++) {
    if (!r->outputs[i]) continue;
    status = eh_output_open(&outputs[i], r->outputs[i], error);
    if (status == EH_OK && i == EH_OUTPUT)
      status = eh_profile_workbook_write(reliability, &context, outputs[i].temporary, error);
    else if (status == EH_OK)
      status = eh_profile_json_write(reliability, &context, outputs[i].stream, error);
  }
  if (status == EH_OK) status = eh_output_commit_all(outputs, EH_OUTPUTS, error);
  for (int i = 0; i < EH_OUTPUTS; i++) eh_output_abandon(&outputs[i]);
  return status;
}

static enum eh_status summarise(const struct eh_request *r,
                                const struct eh_reliability *reliability, struct eh_error *error) {
  bool is_taken = false;
  for (int i = 0; i < EH_OUTPUTS; i++) is_taken |= eh_cli_is_printed(r->outputs[i]);
  if (r->quiet || is_taken) return EH_OK;
  EH_TRY(eh_profile_summary_write(reliability, stdout, error));
  if (r->outputs[EH_OUTPUT])
    eh_cli_print(stdout, "\nThe workbook is in %s.\n", r->outputs[EH_OUTPUT]);
  else
    printf("\nFor the workbook, with every list, add -o profile.xlsx.\n");
  return EH_OK;
}

static int profile(struct eh_request *r, const struct eh_rules *rules, struct eh_arena *arena) {
  struct eh_error error = {0};
  struct eh_problems problems = {0};
  struct eh_survey *survey;
  struct eh_progress progress = eh_progress_start(r->records, r->record_count, r->quiet);
  r->load.as_of = r->as_of;
  r->load.progress = eh_progress_show;
  r->load.progress_context = &progress;
  enum eh_status status =
      eh_survey_files(r->records, r->record_count, rules, &r->load, &survey, &problems, &error);
  eh_progress_end(&progress);
  if (status == EH_OK) {
    if (!r->quiet) eh_cli_report_bad_places(&survey->account);
    const struct eh_reliability *reliability = eh_reliability_assess(arena, survey, r->as_of);
    status = write_outputs(r, reliability, &error);
    if (status == EH_OK) status = summarise(r, reliability, &error);
  }
  if (problems.count)
    eh_cli_report_all(&problems);
  else if (status != EH_OK)
    eh_cli_report(&error);
  eh_problems_free(&problems);
  eh_survey_free(survey);
  return eh_exit_status(status);
}

int eh_cli_profile(int argc, char **argv) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_request r = {
      .arena = arena, .load = {.threads = eh_processors(), .hash = true}, .as_of = eh_cli_today()};
  int status = parse(argc, argv, &r);
  const struct eh_rules *rules = NULL;
  if (status == 0 && !r.help) {
    if (r.rules) status = eh_cli_read_rules(arena, r.rules, &rules);
    if (status == 0) status = eh_cli_privacy_prepare(&r.privacy, rules);
    r.load.pseudonyms = r.privacy.pseudonyms;
    if (status == 0) status = profile(&r, rules, arena);
  }
  eh_pseudonyms_free(r.privacy.pseudonyms);
  eh_arena_free(arena);
  return status;
}
