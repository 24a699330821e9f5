#include <string.h>
#include <strings.h>

#include "engine/audit/followup/followup.h"
#include "engine/base/output.h"
#include "engine/cli/cli.h"
#include "engine/cli/options.h"
#include "reports/followup/followup.h"

static const char command[] = "follow";

static int parse(int argc, char **argv, struct eh_request *r) {
  int status = eh_cli_parse(EH_COMMAND_FOLLOW, argc, argv, r);
  if (status != 0 || r->help) return status;
  if (r->operand_count != 2)
    return eh_cli_misuse(command,
                         "name two findings files (audit --json): the earlier, then the later");
  r->records = r->operands;
  r->record_count = r->operand_count;
  return eh_cli_check_outputs(command, r);
}

static bool is_workbook(const char *name) {
  size_t length = strlen(name);
  return length > 5 && strcasecmp(name + length - 5, ".xlsx") == 0;
}

static enum eh_status write_output(int which, const struct eh_followup *up,
                                   const struct eh_report_context *context,
                                   struct eh_output *output, struct eh_error *error) {
  if (which == EH_OUTPUT)
    return eh_followup_workbook_write(up, context, output->temporary, error);
  if (which == EH_JSON) return eh_followup_json_write(up, context, output->stream, error);
  return is_workbook(output->target)
             ? eh_ledger_workbook_write(&up->ledger, context, output->temporary, error)
             : eh_ledger_csv_write(&up->ledger, output->stream, error);
}

static enum eh_status write_outputs(const struct eh_request *r, const struct eh_followup *up,
                                    struct eh_error *error) {
  struct eh_report_context context = {
      .version = EH_VERSION, .command_line = r->command_line, .as_of = r->as_of};
  struct eh_output outputs[EH_OUTPUTS] = {{0}};
  enum eh_status status = EH_OK;
  for (int i = 0; i < EH_OUTPUTS && status == EH_OK; i++) {
    if (!r->outputs[i]) continue;
    status = eh_output_open(&outputs[i], r->outputs[i], error);
    if (status == EH_OK) status = write_output(i, up, &context, &outputs[i], error);
  }
  if (status == EH_OK) status = eh_output_commit_all(outputs, EH_OUTPUTS, error);
  for (int i = 0; i < EH_OUTPUTS; i++) eh_output_abandon(&outputs[i]);
  return status;
}

static enum eh_status summarise(const struct eh_request *r, const struct eh_followup *up,
                                struct eh_error *error) {
  bool is_taken = false;
  for (int i = 0; i < EH_OUTPUTS; i++) is_taken |= eh_cli_is_printed(r->outputs[i]);
  if (r->quiet || is_taken) return EH_OK;
  EH_TRY(eh_followup_summary_write(up, stdout, error));
  if (r->outputs[EH_OUTPUT])
    eh_cli_print(stdout, "\nThe workbook is in %s.\n", r->outputs[EH_OUTPUT]);
  else if (!r->outputs[EH_LEDGER])
    eh_cli_print(stdout, "\nFor the workbook, with the ledger to fill in, add -o follow.xlsx.\n");
  return EH_OK;
}

static enum eh_status follow(const struct eh_request *r, struct eh_error *error) {
  struct eh_past before, after;
  struct eh_ledger ledger = {0};
  struct eh_followup up;
  EH_TRY(eh_past_read(r->arena, r->operands[0], &before, error));
  EH_TRY(eh_past_read(r->arena, r->operands[1], &after, error));
  if (r->ledger) EH_TRY(eh_ledger_read(r->arena, r->ledger, &ledger, error));
  EH_TRY(eh_followup_make(r->arena, &before, &after, &ledger, r->as_of, &up, error));
  EH_TRY(write_outputs(r, &up, error));
  return summarise(r, &up, error);
}

int eh_cli_follow(int argc, char **argv) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_request r = {.arena = arena, .as_of = eh_cli_today()};
  int status = parse(argc, argv, &r);
  if (status == 0 && !r.help) {
    struct eh_error error = {0};
    enum eh_status result = follow(&r, &error);
    if (result != EH_OK) eh_cli_report(&error);
    status = eh_exit_status(result);
  }
  eh_arena_free(arena);
  return status;
}
