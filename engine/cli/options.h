/* Options and checks that the commands which read records share. */
#ifndef EVENHAND_CLI_OPTIONS_H
#define EVENHAND_CLI_OPTIONS_H

#include "engine/cli/cli.h"
#include "engine/load/records/load.h"

/* How the records are read, by the letters that all commands give these options: --delimiter (d),
   --skip-lines (s), --threads (t) and --no-hash (n). */
bool eh_cli_is_load_option(int c);
/* Take one; false after saying what is wrong. */
bool eh_cli_load_option(const char *command, int c, struct eh_load_options *load);

/* What a command writes (NULL where nothing) and what it reads (NULL: no such file). */
struct eh_cli_files {
  const char *const *outputs;
  size_t output_count;
  const char *rules;
  const char *const *records;
  size_t record_count;
  const char *scorecards; /* the folder to write them to */
  const char *key, *query, *cells;
};
/* An exit status; 0: no result replaces another or what it is made from, and no workbook stands
 * among the scorecards. */
int eh_cli_check_outputs(const char *command, const struct eh_cli_files *files);

#endif
