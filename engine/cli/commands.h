/* The commands: one row each in commands.c. */
#ifndef EVENHAND_CLI_COMMANDS_H
#define EVENHAND_CLI_COMMANDS_H

#include <stddef.h>

enum eh_command {
  EH_COMMAND_AUDIT,
  EH_COMMAND_FOLLOW,
  EH_COMMAND_VERIFY,
  EH_COMMAND_PROFILE,
  EH_COMMAND_INIT,
  EH_COMMAND_TEMPLATE,
  EH_COMMAND_CHECK,
  EH_COMMAND_EXPLAIN,
  EH_COMMAND_SQL,
  EH_COMMAND_SIMULATE,
  EH_COMMAND_START,
  EH_COMMAND_HELP,
  EH_COMMANDS
};

struct eh_command_row {
  const char *name;
  int (*run)(int argc, char **argv); /* returns the exit status; argv[0] is the command's name */
  const char *use, *use_for;         /* its line in the overview: how it is called, and what for */
  const char *about;                 /* what help says above the options; NULL: nothing */
  const char *after;                 /* and below them; NULL: nothing */
};

const struct eh_command_row *eh_command(enum eh_command command);
/* EH_COMMANDS: there is none of this name. */
enum eh_command eh_command_find(const char *name);

#endif
