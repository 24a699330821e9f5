/* The command line: one file per command. Only this folder prints or exits. */
#ifndef EVENHAND_CLI_CLI_H
#define EVENHAND_CLI_CLI_H

#include <stdbool.h>
#include <stdio.h>

#include "engine/base/error.h"
#include "engine/base/memory.h"
#include "engine/cli/commands.h"
#include "engine/load/account.h"
#include "rules/rules.h"

/* A command returns the program's exit status. argv[0] is the command's name. */
int eh_cli_audit(int argc, char **argv);
int eh_cli_check(int argc, char **argv);
int eh_cli_explain(int argc, char **argv);
int eh_cli_sql(int argc, char **argv);
int eh_cli_simulate(int argc, char **argv);
int eh_cli_init(int argc, char **argv);
int eh_cli_follow(int argc, char **argv);
int eh_cli_start(int argc, char **argv);
int eh_cli_verify(int argc, char **argv);
int eh_cli_profile(int argc, char **argv);
int eh_cli_template(int argc, char **argv);
int eh_cli_help(int argc, char **argv);

/* The text of `evenhand help COMMAND`, on standard output. */
void eh_cli_print_help(enum eh_command command);

/* Print what may hold texts of others: names out of records, rules or the command line. Nothing in
 * them moves the cursor, turns the line or stays unseen. */
void eh_cli_print(FILE *stream, const char *format, ...) EH_PRINTF(2, 3);

/* An input as messages name it. */
const char *eh_cli_input_name(const char *name);

/* "evenhand: FILE:LINE:COL: message" on standard error. */
void eh_cli_report(const struct eh_error *error);
void eh_cli_report_all(const struct eh_problems *problems);
/* A wrong use of a command: says what, and how to get help. Returns the exit status. */
int eh_cli_misuse(const char *command, const char *format, ...) EH_PRINTF(2, 3);
/* Do two names stand for one file, there already or not yet? */
bool eh_cli_is_same_file(const char *a, const char *b);
/* Does a file, there already or not yet, stand in this folder itself? */
bool eh_cli_is_in_folder(const char *file, const char *folder);

/* Do records seem to stand where the rules should, and the reverse? */
bool eh_cli_are_swapped(const char *rules, const char *records);
/* Open a rules file: a path, or the name of a rule pack. path is where it was found. */
enum eh_status eh_cli_open_rules(struct eh_arena *arena, const char *name, FILE **file,
                                 const char **path, struct eh_error *error) EH_MUST_USE;
/* Open, read and check it. Problems are reported; returns an exit status. */
int eh_cli_read_rules(struct eh_arena *arena, const char *name, const struct eh_rules **rules);

/* Lines that are no records, on standard error. */
void eh_cli_report_bad_places(const struct eh_account *account);
/* Today, in the local time zone. */
int32_t eh_cli_today(void);
/* "evenhand: there is no command 'adit'; did you mean 'audit'?" Returns the exit status. */
int eh_cli_wrong_command(const char *given);

#endif
