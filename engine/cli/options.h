/* The options of every command: one row each in options.c.
 *
 * From a row come how the command line is read (parse.c), what `evenhand help` says, the entry in
 * the manual page, the completion in bash (describe.c), and what reports record of the option. To
 * add one: a row, and a member of struct eh_request for what it sets.
 */
#ifndef EVENHAND_CLI_OPTIONS_H
#define EVENHAND_CLI_OPTIONS_H

#include "engine/cli/commands.h"
#include "engine/cli/privacy.h"
#include "engine/cli/source.h"
#include "engine/load/records/load.h"
#include "fixtures/simulate.h"
#include "rules/sql/sql.h"

/* The files that commands write, in the order in which they are put in place. */
enum { EH_OUTPUT, EH_JSON, EH_CELLS, EH_TRUTH, EH_LEDGER, EH_PAGE, EH_FIGURES, EH_PACKAGE, EH_OUTPUTS };

/* What a command line asks for. A command gives the arena and its defaults; eh_cli_parse sets what
 * options say, and the operands. */
struct eh_request {
  struct eh_arena *arena;
  const char *outputs[EH_OUTPUTS]; /* -o, --json, --cells, --truth, --ledger-out,
                                      --html and the figures beside it, --package;
                                      NULL: not asked for */
  const char *scorecards;          /* folder */
  const char *ledger;              /* to read */
  char *fingerprint;               /* 65 bytes: of the package, once it was written */
  struct eh_cli_privacy privacy;
  const char *rules; /* --rules, or the operand that names them */
  struct eh_load_options load;
  struct eh_cli_source source; /* where the records are, unless in files */
  int32_t as_of;
  bool reliability, no_reliability, fail_on_findings, fail_on_signals, quiet, ask, force, help;
  struct eh_sql_options sql;
  struct {
    const char *header;
    enum eh_sql_type type;
  } * typed; /* columns that the database keeps as numbers or dates */
  size_t typed_count;
  struct eh_simulation simulation;

  const char *const *operands;
  size_t operand_count;
  const char *const *records; /* those operands that name records */
  size_t record_count;
  const char *command_line; /* as reports carry it */
};

/* What `evenhand help` prints above options that go together. */
enum eh_option_group {
  EH_GROUP_RESULTS,
  EH_GROUP_SHOWN,
  EH_GROUP_READING,
  EH_GROUP_DATABASE,
  EH_GROUP_SIMULATED,
  EH_GROUP_OTHER
};

/* What of an option stands in the command line that reports carry. */
enum eh_recorded {
  EH_RECORD_ALL,
  EH_RECORD_KIND,       /* that it was given, but not the place that it names */
  EH_RECORD_CONNECTION, /* its value without passwords */
  EH_RECORD_NOTHING     /* it has no influence on what reports show */
};

struct eh_option {
  unsigned commands; /* that take it: a set of 1u << enum eh_command */
  const char *name;
  char letter;       /* -o; 0: none */
  const char *value; /* what stands for its value in help: "FILE"; NULL: it takes none */
  bool (*take)(const struct eh_option *option, const char *command, const char *text,
               struct eh_request *request); /* false after saying what is wrong */
  size_t at;                                /* the member of struct eh_request that it sets */
  uint64_t least, most;                     /* of a whole number */
  double low, high;                         /* of any other */
  enum eh_option_group group;
  enum eh_recorded recorded;
  const char *completes; /* its value, in bash: "file", "folder", "rules", "words A B ...", "list A
                            B ..." (several, with commas between); NULL: cannot be known */
  const char *help;      /* NULL: every command takes it, and no help of one tells it */
  const char *more;      /* what the manual page says beyond that, as mdoc; NULL: nothing */
};

/* The options in the order of help. */
const struct eh_option *eh_options(size_t *count);
static inline bool eh_option_is_of(const struct eh_option *option, enum eh_command command) {
  return option->commands >> command & 1;
}

/* Read the command line of a command. An exit status; 0 with request->help set: help was asked for
 * and printed. */
int eh_cli_parse(enum eh_command command, int argc, char **argv, struct eh_request *request);

/* Does an output (NULL: none) go to standard output? */
bool eh_cli_is_printed(const char *output);
/* Do results replace each other or what they are made from, or stand among the scorecards? An exit
 * status; says what is wrong. */
int eh_cli_check_outputs(const char *command, const struct eh_request *request);

#endif
