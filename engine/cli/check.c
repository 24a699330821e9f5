#include <stdio.h>

#include "engine/cli/cli.h"
#include "engine/cli/options.h"
#include "reports/words/safe.h"
#include "rules/language/inputs.h"

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
static void report_idle_inputs(const struct eh_rules *rules, const char *const *names,
                               size_t count) {
  for (size_t i = 0; i < rules->input_count && count > 0; i++) {
    bool is_met = false;
    for (size_t k = 0; k < count && !is_met; k++)
      is_met = eh_rules_input_of(rules, names[k]) == &rules->inputs[i];
    if (!is_met) eh_cli_print(stdout, "%s: no file was named for it\n", rules->inputs[i].name);
  }
}

static int check(const struct eh_request *r) {
  if (r->operand_count == 0) return eh_cli_misuse("check", "name a rules file");
  const char *name = r->operands[0], *const *records = r->operands + 1;
  size_t count = r->operand_count - 1;
  if (count && eh_cli_are_swapped(name, records[0]))
    return eh_cli_misuse("check", "name the rules first: '%s', then the records: '%s'", records[0],
                         name);
  const struct eh_rules *rules;
  int status = eh_cli_read_rules(r->arena, name, &rules);
  if (status == 0) eh_cli_print(stdout, "%s: the rules are sound\n", rules->file);
  for (size_t i = 0; i < count && status == 0; i++)
    status = check_records(rules, records[i], &r->load);
  if (status == 0) report_idle_inputs(rules, records, count);
  return status;
}

int eh_cli_check(int argc, char **argv) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_request r = {.arena = arena, .load = {.threads = 1}};
  int status = eh_cli_parse(EH_COMMAND_CHECK, argc, argv, &r);
  if (status == 0 && !r.help) status = check(&r);
  eh_arena_free(arena);
  return status;
}

static int explain(const struct eh_request *r) {
  if (r->operand_count != 1) return eh_cli_misuse("explain", "name one rules file");
  const struct eh_rules *rules;
  int status = eh_cli_read_rules(r->arena, r->operands[0], &rules);
  if (status == 0) fputs(eh_safe_lines(r->arena, eh_rules_explain(r->arena, rules)), stdout);
  return status;
}

int eh_cli_explain(int argc, char **argv) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_request r = {.arena = arena};
  int status = eh_cli_parse(EH_COMMAND_EXPLAIN, argc, argv, &r);
  if (status == 0 && !r.help) status = explain(&r);
  eh_arena_free(arena);
  return status;
}
