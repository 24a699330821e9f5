#include "engine/cli/options.h"

#include <string.h>

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
  if (strcmp(output, "-") == 0) return 0;
  if (files->rules && eh_cli_is_same_file(output, files->rules))
    return eh_cli_misuse(command, "a result would replace the rules in '%s'; name another file",
                         files->rules);
  for (size_t k = 0; k < files->record_count; k++)
    if (eh_cli_is_same_file(output, files->records[k]))
      return eh_cli_misuse(command, "a result would replace the records in '%s'; name another file",
                           files->records[k]);
  return 0;
}

int eh_cli_check_outputs(const char *command, const struct eh_cli_files *files) {
  for (size_t i = 0; i < files->output_count; i++) {
    const char *output = files->outputs[i];
    if (!output) continue;
    if (!*output) return eh_cli_misuse(command, "a result has an empty file name");
    for (size_t k = 0; k < i; k++)
      if (files->outputs[k] && eh_cli_is_same_file(output, files->outputs[k]))
        return eh_cli_misuse(command, "two results would go to '%s'; name a file for each", output);
    int status = check_inputs(command, output, files);
    if (status != 0) return status;
  }
  return 0;
}
