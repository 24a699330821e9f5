/* For tests: records put into a database, and what a source of records gave, in words. */
#ifndef EVENHAND_TESTS_LOAD_DATABASE_H
#define EVENHAND_TESTS_LOAD_DATABASE_H

#include <sql.h>
#include <sqlext.h>
#include <unistr.h>

#include "engine/load/database/database.h"
#include "tests/load/records.h"

/* A small table of texts; a NULL field is null in the database and empty in the file. */
struct table {
  const char *const *headers;
  size_t column_count;
  const char **fields; /* row_count x column_count */
  size_t row_count;
  const char *const *types; /* by column, for the database at hand; NULL: all text */
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
  uint16_t *wide = u8_to_u16((const uint8_t *)statement, strlen(statement) + 1, NULL, &count);
  result = strstr(connection, "SQLite")
               ? SQLExecDirect(sql, (SQLCHAR *)(uintptr_t)statement, SQL_NTS)
               : SQLExecDirectW(sql, wide, SQL_NTS);
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
    eh_buffer_printf(&sql, " %s", table->types ? table->types[c] : database->text_type);
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

/* --- the records behind cells --- */

/* Requests for the first units of the first cells, for pairs in their first strata. */
enum { MOST_REQUESTS = 8, UNITS_ASKED = 3, STRATA_ASKED = 3 };

static inline struct eh_find_request request_for(const struct loaded *l,
                                                 const struct eh_cells *cells, size_t unit) {
  struct eh_find_stratum *strata = eh_arena_alloc(l->arena, STRATA_ASKED, sizeof *strata);
  struct eh_find_request r = {
      .cells = cells, .unit = unit, .event = unit % 2 == 0, .sample = 5, .strata = strata};
  for (size_t i = 0; i < cells->units[unit].cell_count && i < STRATA_ASKED; i++) {
    struct eh_find_stratum *s = &strata[r.stratum_count++];
    s->stratum = cells->cells[cells->units[unit].first_cell + i].stratum;
    for (size_t k = 0; k < cells->cell_count; k++) {
      const struct eh_cell *cell = &cells->cells[k];
      if (cell->stratum != s->stratum) continue;
      uint64_t kept = cell->records - cell->events;
      if (cell->unit == unit)
        s->unit_records += r.event ? cell->events : kept;
      else
        s->peer_records += r.event ? kept : cell->events;
    }
  }
  return r;
}

static inline void describe_record(struct eh_buffer *out, const struct loaded *l,
                                   const struct eh_found_record *r) {
  eh_buffer_printf(out, "%s %s %d %d", r->case_id, r->unit, r->event, r->has_day ? r->day : 0);
  for (size_t c = 0; c < l->rules->column_count; c++)
    if (r->values[c]) eh_buffer_printf(out, " %s", r->values[c]);
  eh_buffer_puts(out, "\n");
}

/* What a source of records finds, in words. */
static inline void describe_found(struct eh_buffer *out, const struct loaded *l,
                                  struct eh_find_source source) {
  struct eh_find_request requests[MOST_REQUESTS];
  struct eh_found found[MOST_REQUESTS];
  struct eh_error error;
  size_t count = 0;
  for (size_t c = 0; c < l->cells_count; c++)
    for (size_t u = 0; u < l->cells[c].unit_count && u < UNITS_ASKED && count < MOST_REQUESTS; u++)
      if (l->cells[c].units[u].recorded) requests[count++] = request_for(l, &l->cells[c], u);
  if (count == 0) return;
  ck_assert_msg(source.find(source.context, l->arena, requests, count, found, &error) == EH_OK,
                "%s", error.message);
  for (size_t i = 0; i < count; i++) {
    eh_buffer_printf(out, "found %zu: %d files\n", i, (int)found[i].files);
    for (size_t k = 0; k < found[i].sample_count; k++) describe_record(out, l, &found[i].sample[k]);
    for (size_t k = 0; k < found[i].pair_count; k++) {
      eh_buffer_printf(out, "pair in %u\n", found[i].pairs[k].stratum);
      describe_record(out, l, &found[i].pairs[k].unit);
      describe_record(out, l, &found[i].pairs[k].peer);
    }
  }
}

static inline void describe_all(struct eh_buffer *out, const struct eh_over_time *s) {
  eh_buffer_printf(out, "series %d %d %zu:", s->period, s->first, s->count);
  for (size_t i = 0; i < s->measure_count * s->count; i++)
    eh_buffer_printf(out, " %d/%d", (int)s->units[0].counts[i].events,
                     (int)s->units[0].counts[i].records);
  for (size_t m = 0; m < s->measure_count; m++)
    eh_buffer_printf(out, " undated %d/%d", (int)s->units[0].undated[m].events,
                     (int)s->units[0].undated[m].records);
  eh_buffer_puts(out, "\n");
}

static inline void describe_units(struct eh_buffer *out, const struct eh_over_time *t,
                                  size_t measures) {
  eh_buffer_printf(out, "%zu quarters\n", t->count);
  for (size_t u = 0; u < t->unit_count; u++) {
    const struct eh_unit_over_time *unit = &t->units[u];
    if (!unit->records) continue;
    eh_buffer_printf(out, "%s %d %d missing", t->labels[u], (int)unit->records, (int)unit->no_day);
    for (size_t c = 0; c < t->column_count; c++)
      eh_buffer_printf(out, " %d:%d", t->columns[c], (int)unit->missing[c]);
    for (size_t m = 0; m < measures; m++) eh_buffer_printf(out, " %d", (int)unit->unknown[m]);
    for (size_t q = 0; q < measures * t->count; q++)
      eh_buffer_printf(out, " %d/%d", (int)unit->counts[q].events, (int)unit->counts[q].records);
    eh_buffer_puts(out, "\n");
  }
}

/* Load through the database; on failure the caller looks at status and error. */
struct counted {
  struct loaded loaded;
  struct eh_database *database;
};
static inline struct counted load_table(const char *rules,
                                        const struct eh_database_options *options) {
  struct counted c = {.loaded = {.arena = eh_arena_new()}};
  struct eh_problems problems = {0};
  struct loaded *l = &c.loaded;
  l->rules = read_rules(l->arena, rules);
  l->status = eh_database_open(l->rules, options, &c.database, &problems, &l->error);
  if (problems.count) l->error = problems.items[0];
  eh_problems_free(&problems);
  if (l->status != EH_OK) return c;
  struct eh_counts *counts = eh_database_counts(c.database);
  l->account = eh_counts_account(counts);
  l->status = eh_counts_cells(l->arena, counts, &l->cells, &l->cells_count, &l->error);
  return c;
}
/* All that either source can give beyond the cells, in words. */
static inline char *describe_records(const struct loaded *l, struct eh_database *database) {
  struct eh_buffer out = {0};
  const struct eh_over_time *all, *units;
  struct eh_error error;
  int column = l->rules->comparisons[0].across;
  if (database) {
    enum eh_status status = eh_database_over_time(l->arena, database, column, &all, &units, &error);
    ck_assert_msg(status == EH_OK, "%s", error.message);
  } else {
    all = eh_records_over_time(l->arena, l->records,
                               &(struct eh_time_request){EH_PERIOD_FITTING, -1});
    units = eh_records_over_time(l->arena, l->records,
                                 &(struct eh_time_request){EH_PERIOD_QUARTER, column});
  }
  describe_found(&out, l, database ? eh_database_source(database) : eh_records_source(l->records));
  describe_all(&out, all);
  describe_units(&out, units, l->rules->measure_count);
  return out.text;
}
static inline void unload_table(struct counted *c) {
  eh_database_close(c->database);
  eh_arena_free(c->loaded.arena);
}

#endif
