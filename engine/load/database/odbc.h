/* One connection to a database through ODBC: connect, ask, read rows of text. unixODBC lives behind
 * this.
 *
 * The session is read-only, and all its statements see the same records where the database offers
 * that. Passwords never appear in a message.
 */
#ifndef EVENHAND_LOAD_ODBC_H
#define EVENHAND_LOAD_ODBC_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/error.h"
#include "engine/base/memory.h"

struct eh_odbc;

/* target: the name of a data source, or a connection string (KEY=VALUE;...). password: NULL, or the
   password to give where target names none. *refused: the server did not accept the user or
   password. */
enum eh_status eh_odbc_connect(struct eh_odbc **connection, const char *target,
                               const char *password, bool *refused,
                               struct eh_error *error) EH_MUST_USE;
void eh_odbc_close(struct eh_odbc *connection);

/* What messages call it: the source, or the database; never the connection string. */
const char *eh_odbc_name(const struct eh_odbc *connection);
/* What the server calls itself ("PostgreSQL"), and with its version. */
const char *eh_odbc_server(const struct eh_odbc *connection);
const char *eh_odbc_version(const struct eh_odbc *connection);

/* Run a statement for its effect on the session. */
enum eh_status eh_odbc_run(struct eh_odbc *connection, const char *statement,
                           struct eh_error *error) EH_MUST_USE;

/* The same for what may be refused: tells whether it was done, in a transaction of its own. No
   transaction is open afterwards. */
bool eh_odbc_try(struct eh_odbc *connection, const char *statement);
/* End the transaction; the next statement begins another. */
void eh_odbc_end(struct eh_odbc *connection);

/* Ask: then there is a result, whose rows are read one after the other. One statement at a time. */
enum eh_status eh_odbc_ask(struct eh_odbc *connection, const char *statement,
                           struct eh_error *error) EH_MUST_USE;
size_t eh_odbc_columns(const struct eh_odbc *connection);

enum eh_odbc_kind { EH_ODBC_OTHER, EH_ODBC_NUMBER, EH_ODBC_DATE };
/* A result column's name, in the arena, and kind. */
enum eh_status eh_odbc_column(struct eh_odbc *connection, struct eh_arena *arena, size_t column,
                              const char **name, enum eh_odbc_kind *kind,
                              struct eh_error *error) EH_MUST_USE;

/* The next row's fields in UTF-8, NULL for null, valid until the next call; *fields NULL: there are
 * no more. */
enum eh_status eh_odbc_row(struct eh_odbc *connection, const char *const **fields,
                           struct eh_error *error) EH_MUST_USE;
/* The same in two parts, where most rows are passed over after their first fields. */
enum eh_status eh_odbc_row_begin(struct eh_odbc *connection, size_t count,
                                 const char *const **fields, struct eh_error *error) EH_MUST_USE;
enum eh_status eh_odbc_row_rest(struct eh_odbc *connection, const char *const **fields,
                                struct eh_error *error) EH_MUST_USE;
/* The first column of the row at hand, of those that were read, whose text came in no UTF-8 or with a
 * NUL in it, and was mended; SIZE_MAX: none. Such a text is not what the database knows it by. */
size_t eh_odbc_spoiled(const struct eh_odbc *connection);
void eh_odbc_done(struct eh_odbc *connection);

#endif
