#include <stdio.h>

#include "engine/cli/cli.h"
#include "engine/load/records/load.h"
#include "reports/words/safe.h"
#include "rules/language/inputs.h"

enum { OPTION_DELIMITER = 256, OPTION_SKIP_LINES };

static const struct option options[] = {{"delimiter", required_argument, NULL, OPTION_DELIMITER},
                                        {"skip-lines", required_argument, NULL, OPTION_SKIP_LINES},
                                        {"help", no_argument, NULL, 'h'},
                                        {NULL, 0, NULL, 0}};

static int check_records(const struct eh_rules *rules, const char *name,
                         const struct eh_load_options *load) {
  struct eh_error error = {0};
  struct eh_problems problems = {0};
  enum eh_status status = eh_load_check_header(rules, name, load, &problems, &error);
  if (problems.count)
    eh_cli_report_all(&problems);
  else if (status != EH_OK)
    eh_cli_report(&error);
  eh_problems_free(&problems);
  if (status != EH_OK) return eh_exit_status(status);
  const struct eh_rules_input *input = eh_rules_input_of(rules, name);
  if (input)
    eh_cli_print(stdout, "%s: has the columns that the rules need of %s\n", eh_cli_input_name(name),
                 input->name);
  else
    eh_cli_print(stdout, "%s: has the columns that the rules need\n", eh_cli_input_name(name));
  return 0;
}

/* Tell of the rules' inputs that none of the files belongs to. */
static void report_idle_inputs(const struct eh_rules *rules, char **names, int count) {
  for (size_t i = 0; i < rules->input_count && count > 0; i++) {
    bool is_met = false;
    for (int k = 0; k < count && !is_met; k++)
      is_met = eh_rules_input_of(rules, names[k]) == &rules->inputs[i];
    if (!is_met) eh_cli_print(stdout, "%s: no file was named for it\n", rules->inputs[i].name);
  }
}

int eh_cli_check(int argc, char **argv) {
  struct eh_load_options load = {.threads = 1};
  int c;
  opterr = 0;
  while ((c = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
    if (c == 'h') return fputs(eh_cli_help_text("check"), stdout), 0;
    if (c == OPTION_DELIMITER && eh_cli_delimiter("check", optarg, &load.delimiter)) continue;
    if (c == OPTION_SKIP_LINES &&
        eh_cli_count("check", "--skip-lines", optarg, 0, 1000000, &load.skip_lines))
      continue;
    if (c == '?' || c == ':') return eh_cli_wrong_option("check", argc, argv, options, c);
    return eh_exit_status(EH_BAD_USAGE);
  }
  if (optind == argc) return eh_cli_misuse("check", "name a rules file");
  if (optind + 1 < argc && eh_cli_are_swapped(argv[optind], argv[optind + 1]))
    return eh_cli_misuse("check", "name the rules first: '%s', then the records: '%s'",
                         argv[optind + 1], argv[optind]);
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules;
  int status = eh_cli_read_rules(arena, argv[optind], &rules);
  if (status == 0) eh_cli_print(stdout, "%s: the rules are sound\n", rules->file);
  for (int i = optind + 1; i < argc && status == 0; i++)
    status = check_records(rules, argv[i], &load);
  if (status == 0) report_idle_inputs(rules, argv + optind + 1, argc - optind - 1);
  eh_arena_free(arena);
  return status;
}

int eh_cli_explain(int argc, char **argv) {
  static const struct option help_only[] = {{"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
  int c;
  opterr = 0;
  while ((c = getopt_long(argc, argv, ":h", help_only, NULL)) != -1) {
    if (c == 'h') return fputs(eh_cli_help_text("explain"), stdout), 0;
    return eh_cli_wrong_option("explain", argc, argv, help_only, c);
  }
  if (argc - optind != 1) return eh_cli_misuse("explain", "name one rules file");
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules;
  int status = eh_cli_read_rules(arena, argv[optind], &rules);
  if (status == 0) fputs(eh_safe_lines(arena, eh_rules_explain(arena, rules)), stdout);
  eh_arena_free(arena);
  return status;
}
