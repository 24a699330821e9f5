#include "fixtures/simulate.h"

#include <stdio.h>

#include "engine/base/output.h"
#include "engine/cli/cli.h"
#include "engine/cli/options.h"

static const char command[] = "simulate";

static int check(const struct eh_request *r) {
  if (r->operand_count) return eh_cli_misuse(command, "it takes no argument '%s'", r->operands[0]);
  if (!r->outputs[EH_OUTPUT]) return eh_cli_misuse(command, "name the file to write with -o");
  return eh_cli_check_outputs(command, r);
}

static enum eh_status simulate(const struct eh_request *r, struct eh_error *error) {
  struct eh_output outputs[EH_OUTPUTS] = {{0}};
  enum eh_status status = EH_OK;
  for (int i = 0; i < EH_OUTPUTS && status == EH_OK; i++)
    if (r->outputs[i]) status = eh_output_open(&outputs[i], r->outputs[i], error);
  if (status == EH_OK)
    status =
        eh_simulate(&r->simulation, outputs[EH_OUTPUT].stream, outputs[EH_TRUTH].stream, error);
  if (status == EH_OK) status = eh_output_commit_all(outputs, EH_OUTPUTS, error);
  for (int i = 0; i < EH_OUTPUTS; i++) eh_output_abandon(&outputs[i]);
  return status;
}

int eh_cli_simulate(int argc, char **argv) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_request r = {.arena = arena, .simulation = eh_simulation_defaults()};
  int status = eh_cli_parse(EH_COMMAND_SIMULATE, argc, argv, &r);
  if (status == 0 && !r.help) status = check(&r);
  if (status == 0 && !r.help) {
    struct eh_error error;
    enum eh_status result = simulate(&r, &error);
    if (result != EH_OK) eh_cli_report(&error);
    status = eh_exit_status(result);
  }
  eh_arena_free(arena);
  return status;
}
