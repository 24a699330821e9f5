#include "engine/load/database.h"

#include <stdlib.h>
#include <string.h>

#include "engine/load/odbc.h"
#include "rules/sql.h"

struct loading {
  const struct eh_rules *rules;
  const struct eh_database_options *options;
  struct eh_odbc *connection;
  struct eh_sql_options sql;
  struct eh_counts *counts;
  struct eh_arena *arena; /* scratch */
  const char **statements;
  size_t statement_count;
  struct eh_problems *problems;
  struct eh_error *error;
};

static enum eh_status connect(struct loading *l) {
  const struct eh_database_options *o = l->options;
  bool refused;
  enum eh_status status =
      eh_odbc_connect(&l->connection, o->connection, o->password, &refused, l->error);
  if (status == EH_OK || !refused || !o->ask_password) return status;
  const char *password = o->ask_password(o->context);
  return password ? eh_odbc_connect(&l->connection, o->connection, password, &refused, l->error)
                  : status;
}

/* Make the session read-only, and let all its statements see the same records. */
static enum eh_status prepare_session(struct loading *l) {
  static const struct {
    const char *dialect, *statement;
  } sessions[] = {
      {"postgresql", "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"},
      {"sqlite", "PRAGMA query_only = ON"},
      {"mariadb", "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"},
      {"mysql", "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"},
      {"oracle", "ALTER SESSION SET NLS_NUMERIC_CHARACTERS = '.,'"},
      {"oracle", "SET TRANSACTION READ ONLY"},
  };
  const char *name = eh_sql_dialect_name(l->sql.dialect);
  for (size_t i = 0; i < sizeof sessions / sizeof sessions[0]; i++)
    if (strcmp(sessions[i].dialect, name) == 0)
      EH_TRY(eh_odbc_run(l->connection, sessions[i].statement, l->error));
  return EH_OK;
}

/* --- the table's columns --- */

struct table_column {
  const char *name;
  enum eh_odbc_kind kind;
};

static enum eh_status describe_table(struct loading *l, struct table_column **columns,
                                     size_t *count) {
  EH_TRY(eh_odbc_ask(l->connection, eh_sql_describe(l->arena, &l->sql), l->error));
  *count = eh_odbc_columns(l->connection);
  *columns = eh_arena_alloc(l->arena, *count, sizeof **columns);
  for (size_t i = 0; i < *count; i++)
    EH_TRY(eh_odbc_column(l->connection, l->arena, i, &(*columns)[i].name, &(*columns)[i].kind,
                          l->error));
  eh_odbc_done(l->connection);
  return EH_OK;
}

/* Is it the table's name for a header? Servers cut long names short, at a character's end. */
static bool is_name_of(const struct loading *l, const char *name, const char *header) {
  size_t longest = eh_sql_dialect_longest_name(l->sql.dialect), length = strlen(name);
  if (strcmp(name, header) == 0) return true;
  return strlen(header) > longest && length <= longest && length + 3 >= longest &&
         strncmp(name, header, length) == 0;
}

static enum eh_sql_type type_of(const struct loading *l, enum eh_odbc_kind kind) {
  /* A column of SQLite may hold anything, whatever its declared type. */
  if (strcmp(eh_sql_dialect_name(l->sql.dialect), "sqlite") == 0) return EH_SQL_TEXT;
  return kind == EH_ODBC_NUMBER ? EH_SQL_NUMBER : kind == EH_ODBC_DATE ? EH_SQL_DATE : EH_SQL_TEXT;
}

/* A number read as a date, or a date as a number, is read out of its text. */
static enum eh_sql_type usable_type(const struct eh_column *column, enum eh_sql_type type) {
  if (type == EH_SQL_NUMBER && column->read_as_date) return EH_SQL_TEXT;
  if (type == EH_SQL_DATE && column->read_as_number) return EH_SQL_TEXT;
  return type;
}

/* Do the rules fit the table, and what do its columns hold? */
static enum eh_status fit_table(struct loading *l) {
  struct table_column *columns;
  size_t count;
  EH_TRY(describe_table(l, &columns, &count));
  const struct eh_rules *rules = l->rules;
  enum eh_sql_type *types = eh_arena_alloc(l->arena, rules->column_count, sizeof *types);
  const char **headers = eh_arena_alloc(l->arena, count, sizeof *headers);
  for (size_t i = 0; i < count; i++) {
    headers[i] = columns[i].name;
    for (size_t c = 0; c < rules->column_count; c++) {
      if (rules->columns[c].kind != EH_GIVEN ||
          !is_name_of(l, columns[i].name, rules->columns[c].header))
        continue;
      headers[i] = rules->columns[c].header;
      types[c] = usable_type(&rules->columns[c], type_of(l, columns[i].kind));
    }
  }
  l->sql.types = types;
  const char *name = l->options->table ? l->options->table : l->options->query_file;
  enum eh_status status = eh_rules_fit(rules, headers, count, name, l->problems);
  if (status != EH_OK)
    return eh_fail_at(l->error, status, name, 0, 0, "lacks columns of the rules");
  return EH_OK;
}

/* --- counts --- */

static void keep_statement(struct loading *l, const char *statement) {
  l->statements[l->statement_count++] = statement;
}

static enum eh_status take_cells(struct loading *l) {
  const char *statement;
  const char *const *fields;
  EH_TRY(eh_sql_cells(l->arena, l->rules, &l->sql, &statement, l->error));
  keep_statement(l, statement);
  EH_TRY(eh_odbc_ask(l->connection, statement, l->error));
  if (eh_odbc_columns(l->connection) != eh_counts_columns(l->counts))
    return eh_fail_at(l->error, EH_MACHINE, eh_odbc_name(l->connection), 0, 0,
                      "the database's answer has %zu columns, not %zu",
                      eh_odbc_columns(l->connection), eh_counts_columns(l->counts));
  for (;;) {
    EH_TRY(eh_odbc_row(l->connection, &fields, l->error));
    if (!fields) break;
    EH_TRY(eh_counts_add(l->counts, fields, l->error));
  }
  eh_odbc_done(l->connection);
  return EH_OK;
}

static enum eh_status take_repeats(struct loading *l, size_t comparison) {
  const struct eh_comparison *c = &l->rules->comparisons[comparison];
  const char *statement;
  const char *const *fields;
  EH_TRY(eh_sql_repeats(l->arena, l->rules, &l->sql, comparison, &statement, l->error));
  keep_statement(l, statement);
  EH_TRY(eh_odbc_ask(l->connection, statement, l->error));
  for (;;) {
    EH_TRY(eh_odbc_row(l->connection, &fields, l->error));
    if (!fields) break;
    for (size_t i = 0; i < c->measure_count; i++)
      if (fields[2 + i])
        eh_counts_repeat(l->counts, comparison, c->measures[i], fields[0], fields[1],
                        strtoull(fields[2 + i], NULL, 10));
  }
  eh_odbc_done(l->connection);
  return EH_OK;
}

/* Shards number no records, so no case id may repeat. */
static enum eh_status check_shards(struct loading *l) {
  const char *const *fields;
  EH_TRY(eh_odbc_ask(l->connection, eh_sql_repeated_cases(l->arena, l->rules, &l->sql), l->error));
  EH_TRY(eh_odbc_row(l->connection, &fields, l->error));
  uint64_t repeated = fields && fields[0] ? strtoull(fields[0], NULL, 10) : 0;
  eh_odbc_done(l->connection);
  if (repeated == 0) return EH_OK;
  return eh_fail_at(l->error, EH_BAD_INPUT, l->options->table, 0, 0,
                    "%llu case ids stand in several records, and servers that share a table cannot "
                    "tell which comes "
                    "first: leave --shard-key out",
                    (unsigned long long)repeated);
}

static enum eh_status take_counts(struct loading *l) {
  const struct eh_rules *rules = l->rules;
  if (l->sql.shard_key) EH_TRY(check_shards(l));
  EH_TRY(take_cells(l));
  for (size_t i = 0; i < rules->comparison_count && rules->person_column >= 0 && rules->one_per < 0;
       i++)
    EH_TRY(take_repeats(l, i));
  return EH_OK;
}

static enum eh_status ask_database(struct loading *l) {
  EH_TRY(connect(l));
  l->sql.dialect = eh_sql_dialect_of_server(eh_odbc_server(l->connection));
  if (!l->sql.dialect)
    return eh_fail_at(l->error, EH_BAD_INPUT, eh_odbc_name(l->connection), 0, 0,
                      "is a server called '%s', whose SQL evenhand does not know; put the rules to "
                      "it with `evenhand sql` "
                      "and audit the answer with --from-cells",
                      eh_odbc_server(l->connection));
  EH_TRY(prepare_session(l));
  EH_TRY(fit_table(l));
  return take_counts(l);
}

/* What the reports say of the input. */
static enum eh_status describe(struct loading *l) {
  struct eh_account *account = eh_counts_account(l->counts);
  if (account->read == 0)
    return eh_fail_at(l->error, EH_BAD_INPUT, account->inputs[0].name, 0, 0, "has no records");
  account->server = eh_counts_keep(l->counts, eh_odbc_version(l->connection));
  const char **statements =
      eh_arena_alloc(eh_counts_arena(l->counts), l->statement_count, sizeof *statements);
  for (size_t i = 0; i < l->statement_count; i++)
    statements[i] = eh_counts_keep(l->counts, l->statements[i]);
  account->statements = statements;
  account->statement_count = l->statement_count;
  account->inputs[0].encoding = account->server;
  return EH_OK;
}

enum eh_status eh_database_load(const struct eh_rules *rules,
                                const struct eh_database_options *options, struct eh_counts **counts,
                                struct eh_problems *problems, struct eh_error *error) {
  struct eh_arena *arena = eh_arena_new();
  struct loading l = {
      .rules = rules, .options = options, .arena = arena, .problems = problems, .error = error};
  l.sql = (struct eh_sql_options){
      .table = options->table, .query = options->query, .shard_key = options->shard_key};
  l.statements = eh_arena_alloc(arena, rules->comparison_count + 1, sizeof *l.statements);
  l.counts = eh_counts_new(rules, options->query ? options->query_file : options->table);
  enum eh_status status = ask_database(&l);
  if (status == EH_OK) status = describe(&l);
  eh_odbc_close(l.connection);
  if (status != EH_OK) {
    eh_counts_free(l.counts);
    l.counts = NULL;
  }
  eh_arena_free(arena);
  *counts = l.counts;
  return status;
}
