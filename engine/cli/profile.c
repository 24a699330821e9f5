#include "reports/profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/output.h"
#include "engine/base/parallel.h"
#include "engine/cli/cli.h"
#include "engine/cli/options.h"
#include "engine/cli/privacy.h"
#include "engine/cli/progress.h"

static const char command[] = "profile";
static const struct option options[] = {{"output", required_argument, NULL, 'o'},
                                        {"json", required_argument, NULL, 'j'},
                                        {"rules", required_argument, NULL, 'r'},
                                        {"delimiter", required_argument, NULL, 'd'},
                                        {"skip-lines", required_argument, NULL, 's'},
                                        {"threads", required_argument, NULL, 't'},
                                        {"as-of", required_argument, NULL, 'a'},
                                        {"no-hash", no_argument, NULL, 'n'},
                                        {"pseudonyms", required_argument, NULL, 'P'},
                                        {"quiet", no_argument, NULL, 'q'},
                                        {"help", no_argument, NULL, 'h'},
                                        {NULL, 0, NULL, 0}};

enum { WORKBOOK, JSON, OUTPUTS };

struct request {
  const char *rules; /* NULL: none */
  const char *const *records;
  size_t record_count;
  const char *outputs[OUTPUTS];
  struct eh_cli_privacy privacy;
  struct eh_load_options load;
  int32_t as_of;
  bool quiet, help;
};

static bool take_option(int c, struct request *r) {
  if (eh_cli_is_load_option(c)) return eh_cli_load_option(command, c, &r->load);
  switch (c) {
    case 'o':
      r->outputs[WORKBOOK] = optarg;
      return true;
    case 'j':
      r->outputs[JSON] = optarg;
      return true;
    case 'r':
      r->rules = optarg;
      return true;
    case 'a':
      return eh_cli_day(command, "--as-of", optarg, &r->as_of);
    case 'P':
      r->privacy.key_file = optarg;
      return true;
    case 'q':
      r->quiet = true;
      return true;
    default:
      r->help = true;
      return true;
  }
}

static int check_outputs(const struct request *r) {
  struct eh_cli_files files = {.outputs = r->outputs,
                               .output_count = OUTPUTS,
                               .rules = r->rules,
                               .records = r->records,
                               .record_count = r->record_count,
                               .key = r->privacy.key_file};
  return eh_cli_check_outputs(command, &files);
}

static int parse(int argc, char **argv, struct request *r) {
  int c;
  opterr = 0;
  while ((c = getopt_long(argc, argv, ":o:qh", options, NULL)) != -1) {
    if (c == '?' || c == ':') return eh_cli_wrong_option(command, argc, argv, options, c);
    if (!take_option(c, r)) return eh_exit_status(EH_BAD_USAGE);
  }
  if (r->help) return 0;
  if (argc - optind < 1) return eh_cli_misuse(command, "name the records");
  if (r->privacy.key_file && !r->rules)
    return eh_cli_misuse(command,
                         "--pseudonyms needs --rules, which say which columns name individuals");
  r->records = (const char *const *)argv + optind;
  r->record_count = (size_t)(argc - optind);
  return check_outputs(r);
}

static enum eh_status write_outputs(const struct request *r,
                                    const struct eh_reliability *reliability,
                                    struct eh_error *error) {
  struct eh_report_context context = {.version = EH_VERSION, .command_line = "", .as_of = r->as_of};
  struct eh_output outputs[OUTPUTS] = {{0}};
  enum eh_status status = EH_OK;
  for (int i = 0; i < OUTPUTS && status == EH_OK; i++) {
    if (!r->outputs[i]) continue;
    status = eh_output_open(&outputs[i], r->outputs[i], error);
    if (status == EH_OK && i == WORKBOOK)
      status = eh_profile_workbook_write(reliability, &context, outputs[i].temporary, error);
    else if (status == EH_OK)
      status = eh_profile_json_write(reliability, &context, outputs[i].stream, error);
  }
  if (status == EH_OK) status = eh_output_commit_all(outputs, OUTPUTS, error);
  for (int i = 0; i < OUTPUTS; i++) eh_output_abandon(&outputs[i]);
  return status;
}

static enum eh_status summarise(const struct request *r, const struct eh_reliability *reliability,
                                struct eh_error *error) {
  bool is_taken = false;
  for (int i = 0; i < OUTPUTS; i++) is_taken |= r->outputs[i] && strcmp(r->outputs[i], "-") == 0;
  if (r->quiet || is_taken) return EH_OK;
  EH_TRY(eh_profile_summary_write(reliability, stdout, error));
  if (r->outputs[WORKBOOK])
    eh_cli_print(stdout, "\nThe workbook is in %s.\n", r->outputs[WORKBOOK]);
  else
    printf("\nFor the workbook, with every list, add -o profile.xlsx.\n");
  return EH_OK;
}

static int profile(struct request *r, const struct eh_rules *rules, struct eh_arena *arena) {
  struct eh_error error = {0};
  struct eh_problems problems = {0};
  struct eh_survey *survey;
  struct eh_progress progress = eh_progress_start(r->records, r->record_count, r->quiet);
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
  struct request r = {.load = {.threads = eh_processors(), .hash = true}, .as_of = eh_cli_today()};
  int status = parse(argc, argv, &r);
  const struct eh_rules *rules = NULL;
  if (status == 0 && r.help) {
    fputs(eh_cli_help_text(command), stdout);
  } else if (status == 0) {
    if (r.rules) status = eh_cli_read_rules(arena, r.rules, &rules);
    if (status == 0) status = eh_cli_privacy_prepare(&r.privacy, rules);
    r.load.pseudonyms = r.privacy.pseudonyms;
    if (status == 0) status = profile(&r, rules, arena);
  }
  eh_pseudonyms_free(r.privacy.pseudonyms);
  eh_arena_free(arena);
  return status;
}
