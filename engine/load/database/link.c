#include "engine/load/database/link.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/load/database/command.h"

/* One of the two. */
struct eh_link {
  struct eh_odbc *odbc;
  struct eh_command *command;
  const struct eh_sql_dialect *dialect;
};

const char *eh_link_command(const char *target) {
  static const char prefix[] = "exec:";
  return strncmp(target, prefix, strlen(prefix)) == 0 ? target + strlen(prefix) : NULL;
}

enum eh_status eh_link_connect(struct eh_link **link, const char *target,
                               const struct eh_sql_dialect *dialect, const char *password,
                               bool *refused, struct eh_error *error) {
  struct eh_link *l = eh_alloc_zeroed(1, sizeof *l);
  const char *command = eh_link_command(target);
  l->dialect = dialect;
  *refused = false;
  enum eh_status status = command
                              ? eh_command_connect(&l->command, command, dialect, error)
                              : eh_odbc_connect(&l->odbc, target, password, refused, error);
  if (status == EH_OK && l->odbc)
    l->dialect = eh_sql_dialect_of_server(eh_odbc_server(l->odbc));
  if (status != EH_OK) {
    eh_link_close(l);
    l = NULL;
  }
  *link = l;
  return status;
}

void eh_link_close(struct eh_link *l) {
  if (!l) return;
  eh_odbc_close(l->odbc);
  eh_command_close(l->command);
  free(l);
}

const char *eh_link_name(const struct eh_link *l) {
  return l->odbc ? eh_odbc_name(l->odbc) : eh_command_name(l->command);
}
const char *eh_link_version(const struct eh_link *l) {
  return l->odbc ? eh_odbc_version(l->odbc) : eh_command_version(l->command);
}
const struct eh_sql_dialect *eh_link_dialect(const struct eh_link *l, const char **server) {
  *server = l->odbc ? eh_odbc_server(l->odbc) : eh_command_name(l->command);
  return l->dialect;
}
bool eh_link_has_session(const struct eh_link *l) { return l->odbc != NULL; }

enum eh_status eh_link_run(struct eh_link *l, const char *statement, struct eh_error *error) {
  return eh_odbc_run(l->odbc, statement, error);
}
bool eh_link_try(struct eh_link *l, const char *statement) {
  return eh_odbc_try(l->odbc, statement);
}
void eh_link_end(struct eh_link *l) { eh_odbc_end(l->odbc); }

static enum eh_status describe_by_odbc(struct eh_odbc *odbc, struct eh_arena *arena,
                                       const char *statement, struct eh_link_column **columns,
                                       size_t *count, struct eh_error *error) {
  EH_TRY(eh_odbc_ask(odbc, statement, error));
  *count = eh_odbc_columns(odbc);
  *columns = eh_arena_alloc(arena, *count, sizeof **columns);
  for (size_t i = 0; i < *count; i++)
    EH_TRY(eh_odbc_column(odbc, arena, i, &(*columns)[i].name, &(*columns)[i].kind, error));
  eh_odbc_done(odbc);
  return EH_OK;
}

/* Of a type's name; what stands in parentheses behind it says how long it is. */
static enum eh_odbc_kind kind_of(const char *type) {
  static const char *const numbers[] = {"TINYINT",   "SMALLINT",  "INTEGER",  "BIGINT",
                                        "HUGEINT",   "UTINYINT",  "USMALLINT", "UINTEGER",
                                        "UBIGINT",   "UHUGEINT",  "FLOAT",    "DOUBLE",
                                        "DECIMAL"};
  static const char *const dates[] = {"DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS",
                                      "TIMESTAMP_NS"};
  size_t length = strcspn(type, "(");
  if (strchr(type, '[')) return EH_ODBC_OTHER;
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
    if (strlen(numbers[i]) == length && strncmp(numbers[i], type, length) == 0)
      return EH_ODBC_NUMBER;
  for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++)
    if (strcmp(dates[i], type) == 0) return EH_ODBC_DATE;
  return EH_ODBC_OTHER;
}

static enum eh_status describe_by_command(struct eh_command *command, struct eh_arena *arena,
                                          const char *statement, struct eh_link_column **columns,
                                          size_t *count, struct eh_error *error) {
  size_t capacity = 0;
  const char *const *fields;
  struct eh_link_column *list = NULL;
  *count = 0;
  EH_TRY(eh_command_ask(command, statement, error));
  enum eh_status status;
  while ((status = eh_command_row(command, &fields, error)) == EH_OK && fields) {
    if (*count == capacity) {
      capacity = capacity ? 2 * capacity : 32;
      list = eh_resize(list, capacity, sizeof *list);
    }
    list[(*count)++] = (struct eh_link_column){
        .name = eh_arena_string(arena, fields[0] ? fields[0] : ""),
        .kind = kind_of(eh_command_columns(command) > 1 && fields[1] ? fields[1] : "")};
  }
  eh_command_done(command);
  *columns = eh_arena_alloc(arena, *count, sizeof **columns);
  if (*count) memcpy(*columns, list, *count * sizeof *list);
  free(list);
  return status;
}

enum eh_status eh_link_describe(struct eh_link *l, struct eh_arena *arena,
                                const struct eh_sql_options *options,
                                struct eh_link_column **columns, size_t *count,
                                struct eh_error *error) {
  const char *statement = eh_sql_describe(arena, options);
  if (l->odbc) return describe_by_odbc(l->odbc, arena, statement, columns, count, error);
  return describe_by_command(l->command, arena,
                             eh_sql_describe_in_rows(arena, l->dialect, statement), columns, count,
                             error);
}

enum eh_status eh_link_ask(struct eh_link *l, const char *statement, struct eh_error *error) {
  return l->odbc ? eh_odbc_ask(l->odbc, statement, error)
                 : eh_command_ask(l->command, statement, error);
}
size_t eh_link_columns(const struct eh_link *l) {
  return l->odbc ? eh_odbc_columns(l->odbc) : eh_command_columns(l->command);
}
enum eh_status eh_link_row(struct eh_link *l, const char *const **fields, struct eh_error *error) {
  return l->odbc ? eh_odbc_row(l->odbc, fields, error)
                 : eh_command_row(l->command, fields, error);
}
enum eh_status eh_link_row_begin(struct eh_link *l, size_t count, const char *const **fields,
                                 struct eh_error *error) {
  return l->odbc ? eh_odbc_row_begin(l->odbc, count, fields, error)
                 : eh_command_row(l->command, fields, error);
}
enum eh_status eh_link_row_rest(struct eh_link *l, const char *const **fields,
                                struct eh_error *error) {
  if (l->odbc) return eh_odbc_row_rest(l->odbc, fields, error);
  *fields = eh_command_fields(l->command);
  return EH_OK;
}
size_t eh_link_spoiled(const struct eh_link *l) {
  return l->odbc ? eh_odbc_spoiled(l->odbc) : SIZE_MAX; /* a command's answer is refused whole */
}
void eh_link_done(struct eh_link *l) {
  if (l->odbc)
    eh_odbc_done(l->odbc);
  else
    eh_command_done(l->command);
}
