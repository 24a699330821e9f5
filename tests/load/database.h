/* For tests: records put into a database, and what a source of records gave, in words. */
#ifndef EVENHAND_TESTS_LOAD_DATABASE_H
#define EVENHAND_TESTS_LOAD_DATABASE_H

#include <sql.h>
#include <sqlext.h>
#include <unistr.h>

#include "engine/load/database.h"
#include "tests/load/records.h"

/* A small table of texts; a NULL field is null in the database and empty in the file. */
struct table {
  const char *const *headers;
  size_t column_count;
  const char **fields; /* row_count x column_count */
  size_t row_count;
};

/* A database to test with: `open` and `close` are its quotation marks of names. */
struct database {
  const char *name, *connection;
  char open, close;
  const char *text_type;
  bool escapes; /* a backslash in a constant is an escape */
};

/* Run a statement outside of the code that is tested. */
static inline void run_sql(const char *connection, const char *statement) {
  SQLHENV environment;
  SQLHDBC handle;
  SQLHSTMT sql;
  SQLCHAR state[6], message[512] = "";
  SQLINTEGER native;
  SQLSMALLINT length;
  ck_assert(SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_ENV, SQL_NULL_HANDLE, &environment)));
  SQLSetEnvAttr(environment, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)(uintptr_t)SQL_OV_ODBC3, 0);
  ck_assert(SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_DBC, environment, &handle)));
  SQLRETURN result = SQLDriverConnect(handle, NULL, (SQLCHAR *)(uintptr_t)connection, SQL_NTS, NULL,
                                      0, NULL, SQL_DRIVER_NOPROMPT);
  if (!SQL_SUCCEEDED(result)) {
    SQLGetDiagRec(SQL_HANDLE_DBC, handle, 1, state, &native, message, sizeof message, &length);
    ck_abort_msg("%s: %s", connection, message);
  }
  ck_assert(SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_STMT, handle, &sql)));
  size_t count;
  uint16_t *wide = u8_to_u16((const uint8_t *)statement, strlen(statement), NULL, &count);
  result = strstr(connection, "SQLite")
               ? SQLExecDirect(sql, (SQLCHAR *)(uintptr_t)statement, SQL_NTS)
               : SQLExecDirectW(sql, wide, (SQLINTEGER)count);
  free(wide);
  if (!SQL_SUCCEEDED(result) && result != SQL_NO_DATA) {
    SQLGetDiagRec(SQL_HANDLE_STMT, sql, 1, state, &native, message, sizeof message, &length);
    ck_abort_msg("%s\n%.3000s", message, statement);
  }
  SQLFreeHandle(SQL_HANDLE_STMT, sql);
  SQLDisconnect(handle);
  SQLFreeHandle(SQL_HANDLE_DBC, handle);
  SQLFreeHandle(SQL_HANDLE_ENV, environment);
}

static inline void add_name(struct eh_buffer *out, const struct database *database,
                            const char *name) {
  eh_buffer_add(out, &database->open, 1);
  for (; *name; name++) {
    if (*name == database->close) eh_buffer_add(out, name, 1);
    eh_buffer_add(out, name, 1);
  }
  eh_buffer_add(out, &database->close, 1);
}

static inline void add_constant(struct eh_buffer *out, const struct database *database,
                                const char *text) {
  eh_buffer_puts(out, "'");
  for (; *text; text++) {
    if (*text == '\'' || (*text == '\\' && database->escapes)) eh_buffer_add(out, text, 1);
    eh_buffer_add(out, text, 1);
  }
  eh_buffer_puts(out, "'");
}

static inline void fill_table(const struct database *database, const char *name,
                              const struct table *table) {
  struct eh_buffer sql = {0};
  eh_buffer_puts(&sql, "DROP TABLE IF EXISTS ");
  add_name(&sql, database, name);
  run_sql(database->connection, sql.text);
  sql.length = 0;
  eh_buffer_puts(&sql, "CREATE TABLE ");
  add_name(&sql, database, name);
  for (size_t c = 0; c < table->column_count; c++) {
    eh_buffer_puts(&sql, c ? ", " : " (");
    add_name(&sql, database, table->headers[c]);
    eh_buffer_printf(&sql, " %s", database->text_type);
  }
  eh_buffer_puts(&sql, ")");
  run_sql(database->connection, sql.text);
  sql.length = 0;
  eh_buffer_puts(&sql, "INSERT INTO ");
  add_name(&sql, database, name);
  eh_buffer_puts(&sql, " VALUES ");
  for (size_t r = 0; r < table->row_count; r++) {
    for (size_t c = 0; c < table->column_count; c++) {
      const char *field = table->fields[r * table->column_count + c];
      eh_buffer_puts(&sql, c ? ", " : r ? ", (" : "(");
      if (field)
        add_constant(&sql, database, field);
      else
        eh_buffer_puts(&sql, "NULL");
    }
    eh_buffer_puts(&sql, ")");
  }
  run_sql(database->connection, sql.text);
  eh_buffer_free(&sql);
}

static inline void add_field(struct eh_buffer *out, const char *field) {
  if (!field) return;
  if (!field[strcspn(field, ",\"\r\n")]) {
    eh_buffer_puts(out, field);
    return;
  }
  eh_buffer_puts(out, "\"");
  for (; *field; field++) eh_buffer_add(out, *field == '"' ? "\"\"" : field, *field == '"' ? 2 : 1);
  eh_buffer_puts(out, "\"");
}

/* The table as CSV; the caller frees it. */
static inline char *csv_of(const struct table *table) {
  struct eh_buffer out = {0};
  for (size_t r = 0; r <= table->row_count; r++)
    for (size_t c = 0; c < table->column_count; c++) {
      add_field(&out, r ? table->fields[(r - 1) * table->column_count + c] : table->headers[c]);
      eh_buffer_puts(&out, c + 1 < table->column_count ? "," : "\n");
    }
  return out.text;
}

static inline void describe_account(struct eh_buffer *out, const struct eh_account *a) {
  eh_buffer_printf(out, "read %d audited %d dates %d %d %d\n", (int)a->read, (int)a->audited,
                   a->has_dates, a->has_dates ? a->first_day : 0, a->has_dates ? a->last_day : 0);
  for (size_t i = 0; i < a->exclusion_count; i++)
    eh_buffer_printf(out, "excluded %s %d\n", a->excluded[i].reason, (int)a->excluded[i].records);
  for (size_t i = 0; i < a->malformed_count; i++)
    eh_buffer_printf(out, "malformed %s %d\n", a->malformed[i].column,
                     (int)a->malformed[i].records);
}

/* Account, cells and repeated persons. */
static inline char *describe_source(const struct loaded *l) {
  struct eh_buffer out = {0};
  describe_account(&out, l->account);
  char *cells = describe_cells(l);
  eh_buffer_puts(&out, cells);
  free(cells);
  for (size_t c = 0; c < l->cells_count; c++)
    for (size_t u = 0; u < l->cells[c].unit_count; u++)
      if (l->cells[c].units[u].repeated)
        eh_buffer_printf(&out, "repeated %zu %s %d\n", c, l->cells[c].units[u].label,
                         (int)l->cells[c].units[u].repeated);
  return out.text;
}

/* Load through the database; on failure the caller looks at status and error. */
struct counted {
  struct loaded loaded;
  struct eh_counts *counts;
};
static inline struct counted load_table(const char *rules,
                                        const struct eh_database_options *options) {
  struct counted c = {.loaded = {.arena = eh_arena_new()}};
  struct eh_problems problems = {0};
  struct loaded *l = &c.loaded;
  l->rules = read_rules(l->arena, rules);
  l->status = eh_database_load(l->rules, options, &c.counts, &problems, &l->error);
  if (problems.count) l->error = problems.items[0];
  eh_problems_free(&problems);
  if (l->status != EH_OK) return c;
  l->account = eh_counts_account(c.counts);
  l->cells = eh_counts_cells(l->arena, c.counts, &l->cells_count);
  return c;
}
static inline void unload_table(struct counted *c) {
  eh_counts_free(c->counts);
  eh_arena_free(c->loaded.arena);
}

#endif
