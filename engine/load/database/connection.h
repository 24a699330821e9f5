/* Connection strings of ODBC: `DRIVER={PostgreSQL Unicode};Server=db;UID=auditor;PWD={a;b}`, or the
 * name of a data source.
 *
 * Drivers have many names for what is secret (PWD, AuthToken, SSLKeyPassword, Client_Secret), and
 * new ones every year. So what may be shown is listed: where the records are, and who asks.
 */
#ifndef EVENHAND_LOAD_CONNECTION_H
#define EVENHAND_LOAD_CONNECTION_H

#include <stdbool.h>

#include "engine/base/memory.h"

/* One `key=value` of a connection string; for text that is no such pair, key is of length 0. */
struct eh_connection_part {
  const char *key;
  size_t key_length;
  const char *value; /* without braces */
  size_t value_length;
};
/* The part that begins at *next, which moves behind it; false at the end. */
bool eh_connection_part(const char **next, struct eh_connection_part *part);

/* Is it known that a part holds no secret? */
bool eh_connection_is_shown(const struct eh_connection_part *part);

/* The value of a key, in capitals or not, without braces; NULL: it has none. */
const char *eh_connection_value(struct eh_arena *arena, const char *string, const char *key);

/* A connection string, a data source's name, or exec:COMMAND, as reports and messages may show it: `***` in place
 * of every value that is not known to be harmless. */
const char *eh_connection_shown(struct eh_arena *arena, const char *string);

#endif
