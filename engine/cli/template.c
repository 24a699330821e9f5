#include <stdio.h>
#include <string.h>

#include "engine/base/output.h"
#include "engine/cli/cli.h"
#include "reports/starter/form.h"
#include "rules/language/inputs.h"

static const char command[] = "template";
static const struct option options[] = {{"output", required_argument, NULL, 'o'},
                                        {"as-of", required_argument, NULL, 'a'},
                                        {"help", no_argument, NULL, 'h'},
                                        {NULL, 0, NULL, 0}};

static int write_form(const struct eh_rules *rules, const char *target, int32_t as_of) {
  struct eh_error error = {0};
  struct eh_output output;
  enum eh_status status =
      eh_rules_refuse_inputs(rules,
                             "a form is for records of one layout, and `inputs` is for several; "
                             "make it from a copy of the rules that has `columns` and no `inputs`",
                             &error);
  if (status == EH_OK) status = eh_output_open(&output, target, &error);
  if (status == EH_OK) {
    status = eh_form_write(rules, as_of, output.temporary, &error);
    if (status == EH_OK) status = eh_output_commit(&output, &error);
    eh_output_abandon(&output);
  }
  if (status != EH_OK) eh_cli_report(&error);
  return eh_exit_status(status);
}

int eh_cli_template(int argc, char **argv) {
  const char *target = "form.xlsx";
  int32_t as_of = eh_cli_today();
  int c;
  opterr = 0;
  while ((c = getopt_long(argc, argv, ":o:h", options, NULL)) != -1) {
    if (c == 'h') return fputs(eh_cli_help_text(command), stdout), 0;
    if (c == '?' || c == ':') return eh_cli_wrong_option(command, argc, argv, options, c);
    if (c == 'o') target = optarg;
    if (c == 'a' && !eh_cli_day(command, "--as-of", optarg, &as_of))
      return eh_exit_status(EH_BAD_USAGE);
  }
  if (argc - optind != 1) return eh_cli_misuse(command, "name one rules file");
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules;
  int status = eh_cli_read_rules(arena, argv[optind], &rules);
  if (status == 0 && eh_cli_is_same_file(target, argv[optind]))
    status = eh_cli_misuse(command, "the form would replace the rules in '%s'; name another file",
                           target);
  if (status == 0) status = write_form(rules, target, as_of);
  eh_arena_free(arena);
  return status;
}
