#include "engine/base/output.h"
#include "engine/cli/cli.h"
#include "engine/cli/options.h"
#include "reports/starter/form.h"
#include "rules/language/inputs.h"

static const char command[] = "template";

static int write_form(const struct eh_rules *rules, const char *target, int32_t as_of) {
  struct eh_error error = {0};
  struct eh_output output;
  enum eh_status status =
      eh_rules_refuse_inputs(rules,
                             "a form is for records of one layout, and `inputs` is for several; "
                             "make it from a copy of the rules that has `columns` and no `inputs`",
                             &error);
  if (status == EH_OK)
    status = eh_rules_refuse_joins(rules,
                                   "a form is filled in by hand, and `joins` takes columns from tables; "
                                   "make it from a copy of the rules that has no `joins`",
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
  struct eh_arena *arena = eh_arena_new();
  struct eh_request r = {.arena = arena, .outputs = {"form.xlsx"}, .as_of = eh_cli_today()};
  const struct eh_rules *rules;
  int status = eh_cli_parse(EH_COMMAND_TEMPLATE, argc, argv, &r);
  if (status == 0 && !r.help) {
    const char *target = r.outputs[EH_OUTPUT];
    if (r.operand_count != 1)
      status = eh_cli_misuse(command, "name one rules file");
    else
      status = eh_cli_read_rules(arena, r.operands[0], &rules);
    if (status == 0 && eh_cli_is_same_file(target, r.operands[0]))
      status = eh_cli_misuse(command, "the form would replace the rules in '%s'; name another file",
                             target);
    if (status == 0) status = write_form(rules, target, r.as_of);
  }
  eh_arena_free(arena);
  return status;
}
