#include "engine/cli/options.h"

#include <string.h>
#include <strings.h>

enum { MOST_THREADS = 1024, MOST_SKIPPED = 1000000 };

bool eh_cli_is_load_option(int c) { return c != 0 && strchr("dstn", c); }

bool eh_cli_load_option(const char *command, int c, struct eh_load_options *load) {
  uint64_t threads;
  switch (c) {
    case 'd':
      return eh_cli_delimiter(command, optarg, &load->delimiter);
    case 's':
      return eh_cli_count(command, "--skip-lines", optarg, 0, MOST_SKIPPED, &load->skip_lines);
    case 't':
      if (!eh_cli_count(command, "--threads", optarg, 1, MOST_THREADS, &threads)) return false;
      load->threads = (size_t)threads;
      return true;
    default:
      load->hash = false;
      return true;
  }
}

static int check_inputs(const char *command, const char *output, const struct eh_cli_files *files) {
  const struct {
    const char *what, *name;
  } single[] = {{"rules", files->rules},
                {"key", files->key},
                {"query", files->query},
                {"cells", files->cells}};
  if (strcmp(output, "-") == 0) return 0;
  for (size_t k = 0; k < sizeof single / sizeof single[0]; k++)
    if (single[k].name && eh_cli_is_same_file(output, single[k].name))
      return eh_cli_misuse(command, "a result would replace the %s in '%s'; name another file",
                           single[k].what, single[k].name);
  for (size_t k = 0; k < files->record_count; k++)
    if (eh_cli_is_same_file(output, files->records[k]))
      return eh_cli_misuse(command, "a result would replace the records in '%s'; name another file",
                           files->records[k]);
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

int eh_cli_check_outputs(const char *command, const struct eh_cli_files *files) {
  if (files->scorecards && !*files->scorecards)
    return eh_cli_misuse(command, "the scorecards' folder has an empty name");
  for (size_t i = 0; i < files->output_count; i++) {
    const char *output = files->outputs[i];
    if (!output) continue;
    if (!*output) return eh_cli_misuse(command, "a result has an empty file name");
    for (size_t k = 0; k < i; k++)
      if (files->outputs[k] && eh_cli_is_same_file(output, files->outputs[k]))
        return eh_cli_misuse(command, "two results would go to '%s'; name a file for each", output);
    int status = check_inputs(command, output, files);
    if (status == 0) status = check_scorecards(command, output, files->scorecards);
    if (status != 0) return status;
  }
  return 0;
}
