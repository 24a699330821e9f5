/* A connection to what has the records, whichever way it is reached: ODBC (odbc.h), or a command
 * (command.h), where the target begins with `exec:`. Behind this, nobody asks which.
 */
#ifndef EVENHAND_LOAD_LINK_H
#define EVENHAND_LOAD_LINK_H

#include "engine/load/database/odbc.h"
#include "rules/sql/sql.h"

struct eh_link;

/* dialect: of a command, which does not tell; with ODBC, NULL. The rest is eh_odbc_connect's. */
enum eh_status eh_link_connect(struct eh_link **link, const char *target,
                               const struct eh_sql_dialect *dialect, const char *password,
                               bool *refused, struct eh_error *error) EH_MUST_USE;
void eh_link_close(struct eh_link *link);
/* Is a target a command? Returns what stands behind `exec:`; NULL: no. */
const char *eh_link_command(const char *target);

const char *eh_link_name(const struct eh_link *link);
const char *eh_link_version(const struct eh_link *link);
/* NULL: the server speaks none that is known; *server is what it calls itself. */
const struct eh_sql_dialect *eh_link_dialect(const struct eh_link *link, const char **server);
/* Do statements share a session, with its transaction and temporary tables? */
bool eh_link_has_session(const struct eh_link *link);

/* Of a session. */
enum eh_status eh_link_run(struct eh_link *link, const char *statement,
                           struct eh_error *error) EH_MUST_USE;
bool eh_link_try(struct eh_link *link, const char *statement);
void eh_link_end(struct eh_link *link);

struct eh_link_column {
  const char *name;
  enum eh_odbc_kind kind;
};
/* The table's columns, in the arena. */
enum eh_status eh_link_describe(struct eh_link *link, struct eh_arena *arena,
                                const struct eh_sql_options *options,
                                struct eh_link_column **columns, size_t *count,
                                struct eh_error *error) EH_MUST_USE;

/* As eh_odbc_ask and so on. */
enum eh_status eh_link_ask(struct eh_link *link, const char *statement,
                           struct eh_error *error) EH_MUST_USE;
size_t eh_link_columns(const struct eh_link *link);
enum eh_status eh_link_row(struct eh_link *link, const char *const **fields,
                           struct eh_error *error) EH_MUST_USE;
enum eh_status eh_link_row_begin(struct eh_link *link, size_t count, const char *const **fields,
                                 struct eh_error *error) EH_MUST_USE;
enum eh_status eh_link_row_rest(struct eh_link *link, const char *const **fields,
                                struct eh_error *error) EH_MUST_USE;
size_t eh_link_spoiled(const struct eh_link *link);
void eh_link_done(struct eh_link *link);

#endif
