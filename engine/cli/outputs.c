/* Where results may go. */
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "engine/base/target.h"
#include "engine/cli/cli.h"
#include "engine/cli/options.h"

static int check_inputs(const char *command, const char *output, const struct eh_request *r) {
  const struct {
    const char *what, *name;
  } single[] = {{"rules", r->rules},
                {"key", r->privacy.key_file},
                {"query", r->source.query_file},
                {"cells", r->source.cells},
                {"ledger", r->ledger}};
  if (strcmp(output, "-") == 0) return 0;
  for (size_t k = 0; k < sizeof single / sizeof single[0]; k++)
    if (single[k].name && eh_cli_is_same_file(output, single[k].name))
      return eh_cli_misuse(command, "a result would replace the %s in '%s'; name another file",
                           single[k].what, single[k].name);
  for (size_t k = 0; k < r->record_count; k++)
    if (eh_cli_is_same_file(output, r->records[k]))
      return eh_cli_misuse(command, "a result would replace the records in '%s'; name another file",
                           r->records[k]);
  return 0;
}

/* Any workbook there but the scorecards' own is refused later, or replaced by one of them. */
static int check_scorecards(const char *command, const char *output, const char *folder) {
  static const char ending[] = ".xlsx";
  size_t length = strlen(output), end = sizeof ending - 1;
  bool is_workbook = length > end && strcasecmp(output + length - end, ending) == 0;
  if (!folder || !is_workbook || !eh_cli_is_in_folder(output, folder)) return 0;
  return eh_cli_misuse(command,
                       "'%s' would stand among the scorecards, and might be taken for one; name "
                       "another folder",
                       output);
}

bool eh_cli_is_printed(const char *output) {
  return output && eh_target_descriptor(output) == STDOUT_FILENO;
}

static bool is_same_target(const char *output, const char *other) {
  int descriptor = eh_target_descriptor(output);
  if (descriptor >= 0) return eh_target_descriptor(other) == descriptor;
  return eh_cli_is_same_file(output, other);
}

int eh_cli_check_outputs(const char *command, const struct eh_request *r) {
  if (r->scorecards && !*r->scorecards)
    return eh_cli_misuse(command, "the scorecards' folder has an empty name");
  for (size_t i = 0; i < EH_OUTPUTS; i++) {
    const char *output = r->outputs[i];
    if (!output) continue;
    if (!*output) return eh_cli_misuse(command, "a result has an empty file name");
    for (size_t k = 0; k < i; k++)
      if (r->outputs[k] && is_same_target(output, r->outputs[k]))
        return eh_cli_misuse(command, "two results would go to '%s'; name a file for each", output);
    int status = check_inputs(command, output, r);
    if (status == 0) status = check_scorecards(command, output, r->scorecards);
    if (status != 0) return status;
  }
  return 0;
}
