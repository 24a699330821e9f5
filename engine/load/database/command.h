/* A client's command as a connection: each statement goes to its standard input, and the answer
 * comes back on its standard output, as CSV with a header. `exec:duckdb -csv cases.duckdb`.
 *
 * One process answers one statement, and has ended before its answer is read: an answer that breaks
 * off is never taken for a whole one. No shell comes between, unless the command is one (`sh -c`).
 *
 * Clients have words of their own for null. So none crosses: every field of an answer is `-` for
 * null, or a text behind `=` (eh_sql_marked), and anything else is refused.
 */
#ifndef EVENHAND_LOAD_COMMAND_H
#define EVENHAND_LOAD_COMMAND_H

#include "engine/base/error.h"
#include "engine/base/memory.h"
#include "rules/sql/sql.h"

struct eh_command;

/* target: behind `exec:`, split into words; '...' and "..." hold a word together. The client must
   give back what stands in a first statement. EH_BAD_USAGE: no command, or no dialect for one. */
enum eh_status eh_command_connect(struct eh_command **command, const char *target,
                                  const struct eh_sql_dialect *dialect,
                                  struct eh_error *error) EH_MUST_USE;
void eh_command_close(struct eh_command *command);

/* What messages call it: the client, without what it is told. */
const char *eh_command_name(const struct eh_command *command);
/* The dialect's name, with the version. */
const char *eh_command_version(const struct eh_command *command);

/* Ask, and read rows as eh_odbc_ask and eh_odbc_row do. */
enum eh_status eh_command_ask(struct eh_command *command, const char *statement,
                              struct eh_error *error) EH_MUST_USE;
size_t eh_command_columns(const struct eh_command *command);
enum eh_status eh_command_row(struct eh_command *command, const char *const **fields,
                              struct eh_error *error) EH_MUST_USE;
/* The row at hand. */
const char *const *eh_command_fields(const struct eh_command *command);
void eh_command_done(struct eh_command *command);

#endif
