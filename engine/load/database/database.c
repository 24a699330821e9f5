#include "engine/load/database/database.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/tidy.h"
#include "engine/load/database/internal.h"
#include "rules/language/inputs.h"

static enum eh_status connect(struct eh_database *d, struct eh_error *error) {
  const struct eh_database_options *o = &d->options;
  bool refused;
  enum eh_status status =
      eh_link_connect(&d->connection, o->connection, o->dialect, o->password, &refused, error);
  if (status == EH_OK || !refused || !o->ask_password) return status;
  const char *password = o->ask_password(o->context);
  return password ? eh_link_connect(&d->connection, o->connection, o->dialect, password, &refused,
                                    error)
                  : status;
}

/* Make the session read-only, and let all its statements see the same records. */
static enum eh_status prepare_session(struct eh_database *d, struct eh_error *error) {
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
  const char *name = eh_sql_dialect_name(d->sql.dialect);
  if (!eh_link_has_session(d->connection)) return EH_OK;
  for (size_t i = 0; i < sizeof sessions / sizeof sessions[0]; i++)
    if (strcmp(sessions[i].dialect, name) == 0)
      EH_TRY(eh_link_run(d->connection, sessions[i].statement, error));
  return EH_OK;
}

/* --- the table's columns --- */

/* Is it the table's name for a header? Servers cut long names short, at a character's end. */
static bool is_name_of(const struct eh_database *d, const char *name, const char *header) {
  size_t longest = eh_sql_dialect_longest_name(d->sql.dialect), length = strlen(name);
  if (strcmp(name, header) == 0) return true;
  return strlen(header) > longest && length <= longest && length + 3 >= longest &&
         strncmp(name, header, length) == 0;
}

static enum eh_sql_type type_of(const struct eh_database *d, enum eh_odbc_kind kind) {
  /* A column of SQLite may hold anything, whatever its declared type. */
  if (strcmp(eh_sql_dialect_name(d->sql.dialect), "sqlite") == 0) return EH_SQL_TEXT;
  return kind == EH_ODBC_NUMBER ? EH_SQL_NUMBER : kind == EH_ODBC_DATE ? EH_SQL_DATE : EH_SQL_TEXT;
}

/* A number read as a date, or a date as a number, is read out of its text. */
static enum eh_sql_type usable_type(const struct eh_column *column, enum eh_sql_type type) {
  if (type == EH_SQL_NUMBER && column->read_as_date) return EH_SQL_TEXT;
  if (type == EH_SQL_DATE && column->read_as_number) return EH_SQL_TEXT;
  return type;
}

/* Do the rules fit the table, and what do its columns hold? */
static enum eh_status fit_table(struct eh_database *d, struct eh_problems *problems,
                                struct eh_error *error) {
  struct eh_link_column *columns;
  size_t count;
  EH_TRY(eh_link_describe(d->connection, d->arena, &d->sql, &columns, &count, error));
  const struct eh_rules *rules = d->rules;
  enum eh_sql_type *types = eh_arena_alloc(d->arena, rules->column_count, sizeof *types);
  const char **headers = eh_arena_alloc(d->arena, count, sizeof *headers);
  for (size_t i = 0; i < count; i++) {
    headers[i] = columns[i].name;
    for (size_t c = 0; c < rules->column_count; c++) {
      if (rules->columns[c].kind != EH_GIVEN ||
          !is_name_of(d, columns[i].name, rules->columns[c].header))
        continue;
      headers[i] = rules->columns[c].header;
      types[c] = usable_type(&rules->columns[c], type_of(d, columns[i].kind));
    }
  }
  d->sql.types = types;
  d->headers = headers;
  d->header_count = count;
  const char *name = d->options.table ? d->options.table : d->options.query_file;
  enum eh_status status = eh_rules_fit(rules, headers, count, name, problems);
  if (status != EH_OK) return eh_fail_at(error, status, name, 0, 0, "lacks columns of the rules");
  return EH_OK;
}

/* --- counts --- */

static void add_statement(struct eh_database *d, const char *statement) {
  if (d->statement_count == d->statement_capacity) {
    d->statement_capacity = d->statement_capacity ? 2 * d->statement_capacity : 8;
    d->statements = eh_resize((void *)d->statements, d->statement_capacity, sizeof *d->statements);
  }
  d->statements[d->statement_count++] = statement;
  if (d->account) {
    d->account->statements = d->statements;
    d->account->statement_count = d->statement_count;
  }
}

enum eh_status eh_database_ask(struct eh_database *d, const char *statement,
                               struct eh_error *error) {
  add_statement(d, statement);
  return eh_link_ask(d->connection, statement, error);
}

bool eh_database_day(const struct eh_database *d, const char *field, int32_t *day) {
  if (!field || !*field) return false;
  *day = eh_sql_day_of(&d->sql, strtoll(field, NULL, 10));
  return d->rules->date_column >= 0;
}

/* By one further question for each comparison. */
static bool asks_for_repeats(const struct eh_rules *rules) {
  return rules->person_column >= 0 && rules->one_per < 0;
}

/* Where more than the counts is asked for, the records are prepared once, in a temporary table. It
   is made before the read-only transaction, in which it may only be filled; where the user may not
   make it, each question prepares them again. */
static enum eh_status prepare_records(struct eh_database *d, struct eh_error *error) {
  struct eh_sql_preparation preparation = {0};
  if (eh_link_has_session(d->connection) &&
      (d->options.has_more || asks_for_repeats(d->rules)))
    EH_TRY(eh_sql_prepare(d->arena, d->rules, &d->sql, &preparation, error));
  if (!preparation.create) return EH_OK;
  eh_link_end(d->connection);
  bool is_made = eh_link_try(d->connection, preparation.create);
  EH_TRY(prepare_session(d, error));
  if (!is_made) return EH_OK;
  add_statement(d, preparation.fill);
  EH_TRY(eh_link_run(d->connection, preparation.fill, error));
  d->sql.is_prepared = true;
  return EH_OK;
}

/* Files are read by turns as UTF-8 and Windows-1252; of a database labels are asked again, so they
 * must be what it knows. */
static enum eh_status refuse_spoiled(struct eh_database *d, struct eh_error *error) {
  const int *dimensions;
  size_t column = eh_link_spoiled(d->connection);
  size_t count = eh_counts_dimensions(d->counts, &dimensions);
  size_t first = eh_counts_columns(d->counts) - d->rules->measure_count - count;
  if (column == SIZE_MAX) return EH_OK;
  return eh_fail_at(
      error, EH_BAD_INPUT, eh_link_name(d->connection), 0, 0,
      "`%.200s` has values that are no text in UTF-8, or have a NUL in them; mend them "
      "in the database or a --query, or audit the records as a file",
      column >= first && column < first + count ? d->rules->columns[dimensions[column - first]].name
                                                : "a count");
}

static enum eh_status take_cells(struct eh_database *d, struct eh_error *error) {
  const char *statement;
  const char *const *fields;
  EH_TRY(eh_sql_cells(d->arena, d->rules, &d->sql, &statement, error));
  EH_TRY(eh_database_ask(d, statement, error));
  if (eh_link_columns(d->connection) != eh_counts_columns(d->counts))
    return eh_fail_at(error, EH_MACHINE, eh_link_name(d->connection), 0, 0,
                      "the database's answer has %zu columns, not %zu",
                      eh_link_columns(d->connection), eh_counts_columns(d->counts));
  for (;;) {
    EH_TRY(eh_link_row(d->connection, &fields, error));
    if (!fields) break;
    EH_TRY(refuse_spoiled(d, error));
    EH_TRY(eh_counts_add(d->counts, fields, error));
  }
  eh_link_done(d->connection);
  return EH_OK;
}

static enum eh_status take_repeats(struct eh_database *d, size_t comparison,
                                   struct eh_error *error) {
  const struct eh_comparison *c = &d->rules->comparisons[comparison];
  const char *statement;
  const char *const *fields;
  EH_TRY(eh_sql_repeats(d->arena, d->rules, &d->sql, comparison, &statement, error));
  EH_TRY(eh_database_ask(d, statement, error));
  for (;;) {
    EH_TRY(eh_link_row(d->connection, &fields, error));
    if (!fields) break;
    for (size_t i = 0; i < c->measure_count; i++)
      if (fields[2 + i])
        eh_counts_repeat(d->counts, comparison, c->measures[i], fields[0], fields[1],
                         strtoull(fields[2 + i], NULL, 10));
  }
  eh_link_done(d->connection);
  return EH_OK;
}

/* Shards number no records, so no case id may repeat. */
static enum eh_status check_shards(struct eh_database *d, struct eh_error *error) {
  const char *const *fields;
  if (d->rules->repeats.choice == EH_REPEATS_TRUST) return EH_OK;
  EH_TRY(eh_link_ask(d->connection, eh_sql_repeated_cases(d->arena, d->rules, &d->sql), error));
  EH_TRY(eh_link_row(d->connection, &fields, error));
  uint64_t repeated = fields && fields[0] ? strtoull(fields[0], NULL, 10) : 0;
  eh_link_done(d->connection);
  if (repeated == 0) return EH_OK;
  return eh_fail_at(error, EH_BAD_INPUT, d->options.table, 0, 0,
                    "%llu case ids stand in several records, and servers that share a table cannot "
                    "tell which comes "
                    "first: leave --shard-key out",
                    (unsigned long long)repeated);
}

/* A statement groups records, so that each kind has one row: unless texts differ in what does not
 * come over. Shards answer each for themselves. */
static enum eh_status refuse_repeated(struct eh_database *d, struct eh_error *error) {
  size_t first, second;
  if (d->sql.shard_key || !eh_counts_find_repeated(d->counts, &first, &second)) return EH_OK;
  return eh_fail_at(
      error, EH_BAD_INPUT, eh_link_name(d->connection), 0, 0,
      "answers twice for one kind of case, so some texts differ only in what its "
      "driver leaves out (behind a NUL, say); mend them in the database or a --query, "
      "or audit the records as a file");
}

/* A text that a file would read as another: databases compare their texts as they stand. */
static enum eh_status refuse_untidy(struct eh_database *d, size_t column, struct eh_error *error) {
  const char *const *fields;
  const char *untidy = NULL;
  EH_TRY(eh_database_ask(d, eh_sql_foreign_texts(d->arena, d->rules, &d->sql, column), error));
  for (;;) {
    EH_TRY(eh_link_row(d->connection, &fields, error));
    if (!fields) break;
    if (!untidy && fields[0] && !eh_tidy_is_done(fields[0], strlen(fields[0])))
      untidy = eh_arena_string(d->arena, fields[0]);
  }
  eh_link_done(d->connection);
  if (!untidy) return EH_OK;
  return eh_fail_at(
      error, EH_BAD_INPUT, d->options.query ? d->options.query_file : d->options.table, 0, 0,
      "'%.100s' in `%.100s` has white space, or marks beside their letters, that only "
      "files are read without: make the texts plain in a --query, or audit the "
      "records as a file",
      untidy, d->rules->columns[column].header);
}

/* Are the texts such that the database reads them as a file is read? */
static enum eh_status check_texts(struct eh_database *d, struct eh_error *error) {
  const struct eh_rules *rules = d->rules;
  const char *statement = d->sql.shard_key ? NULL : eh_sql_check_texts(d->arena, rules, &d->sql);
  const char *const *fields;
  if (!statement) return EH_OK;
  bool *is_foreign = eh_arena_alloc(d->arena, rules->column_count, sizeof *is_foreign);
  unsigned *shapes = eh_arena_alloc(d->arena, rules->column_count, sizeof *shapes);
  EH_TRY(eh_database_ask(d, statement, error));
  EH_TRY(eh_link_row(d->connection, &fields, error));
  size_t next = 0;
  for (size_t c = 0; c < rules->column_count && fields; c++)
    (void)eh_sql_take_check(rules, &d->sql, fields, &next, c, &is_foreign[c], &shapes[c]);
  eh_link_done(d->connection);
  for (size_t c = 0; c < rules->column_count; c++)
    if (is_foreign[c]) EH_TRY(refuse_untidy(d, c, error));
  return eh_rules_check_numbers(rules, shapes, error);
}

static enum eh_status take_counts(struct eh_database *d, struct eh_error *error) {
  const struct eh_rules *rules = d->rules;
  if (d->sql.shard_key) EH_TRY(check_shards(d, error));
  EH_TRY(check_texts(d, error));
  EH_TRY(take_cells(d, error));
  EH_TRY(refuse_repeated(d, error));
  for (size_t i = 0; i < rules->comparison_count && asks_for_repeats(rules); i++)
    EH_TRY(take_repeats(d, i, error));
  return EH_OK;
}

static enum eh_status ask_database(struct eh_database *d, struct eh_problems *problems,
                                   struct eh_error *error) {
  EH_TRY(connect(d, error));
  const char *server;
  d->sql.dialect = eh_link_dialect(d->connection, &server);
  if (!d->sql.dialect)
    return eh_fail_at(error, EH_BAD_INPUT, eh_link_name(d->connection), 0, 0,
                      "is a server called '%s', whose SQL evenhand does not know; put the rules to "
                      "it with `evenhand sql` "
                      "and audit the answer with --from-cells",
                      server);
  EH_TRY(prepare_session(d, error));
  EH_TRY(fit_table(d, problems, error));
  EH_TRY(prepare_records(d, error));
  return take_counts(d, error);
}

/* What the reports say of the input. */
static enum eh_status describe(struct eh_database *d, struct eh_error *error) {
  struct eh_account *account = eh_counts_account(d->counts);
  if (account->read == 0)
    return eh_fail_at(error, EH_BAD_INPUT, account->inputs[0].name, 0, 0, "has no records");
  account->server = eh_arena_string(d->arena, eh_link_version(d->connection));
  account->statements = d->statements;
  account->statement_count = d->statement_count;
  account->inputs[0].encoding = account->server;
  d->account = account;
  return EH_OK;
}

enum eh_status eh_database_open(const struct eh_rules *rules,
                                const struct eh_database_options *options,
                                struct eh_database **database, struct eh_problems *problems,
                                struct eh_error *error) {
  struct eh_database *d = eh_alloc_zeroed(1, sizeof *d);
  *d = (struct eh_database){.rules = rules, .options = *options, .arena = eh_arena_new()};
  d->sql = (struct eh_sql_options){.table = options->table,
                                   .query = options->query,
                                   .shard_key = options->shard_key,
                                   .as_of = options->as_of};
  d->counts = eh_counts_new(rules, options->query ? options->query_file : options->table);
  enum eh_status status = ask_database(d, problems, error);
  if (status == EH_OK) status = describe(d, error);
  if (status != EH_OK) {
    eh_database_close(d);
    d = NULL;
  }
  *database = d;
  return status;
}

void eh_database_close(struct eh_database *d) {
  if (!d) return;
  eh_link_close(d->connection);
  eh_counts_free(d->counts);
  free((void *)d->statements);
  eh_arena_free(d->arena);
  free(d);
}

struct eh_counts *eh_database_counts(struct eh_database *d) {
  return d->counts;
}
