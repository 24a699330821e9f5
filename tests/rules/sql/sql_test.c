/* The text of statements: what each dialect needs written its own way, how names and texts are
 * quoted, and what is refused. That they are sound and give the right counts is
 * tests/load/database/database_test's and tests/databases' to show. */
#include "rules/sql/sql.h"

#include <string.h>

#include "tests/test.h"

static const struct eh_rules *read(struct eh_arena *arena, const char *text) {
  const struct eh_rules *rules = NULL;
  struct eh_problems problems = {0};
  enum eh_status status = eh_rules_read(arena, "rules.yaml", text, strlen(text), &rules, &problems);
  ck_assert_msg(status == EH_OK, "%s", problems.count ? problems.items[0].message : "");
  eh_problems_free(&problems);
  return rules;
}

static const char plain[] =
    "evenhand: 1\n"
    "columns: {case: \"case \\\"id\\\" ]`\", date: decided}\n"
    "derive:\n"
    "  age: {years_between: [born, date]}\n"
    "  age_band: {bands: [21], of: age}\n"
    "  month: {month: date}\n"
    "similarly_situated: [age_band, month]\n"
    "measures:\n"
    "  released: {event: \"outcome in ('it''s', 'a\\\\b', '\xC3\xA9') or weight > 1.5\"}\n"
    "comparisons: [{across: office}]\n";

/* Every piece must stand in the dialect's statement. */
static const struct {
  const char *dialect;
  const char *pieces[12];
} texts[] = {
    {"postgresql",
     {"t.\"case \"\"id\"\" ]`\"", "'it''s'", "E'a\\\\b'", "COLLATE \"C\"", "BTRIM(", "OFFSET 0",
      "AS double precision)", " ~ '^", "FROM \"records\" t"}},
    {"sqlite",
     {"t.\"case \"\"id\"\" ]`\"", "'it''s'", "'a\\b'", "AS MATERIALIZED", " GLOB '",
      "CHAR(32, 9, 10"}},
    {"mariadb",
     {"t.`case \"id\" ]```", "'it''s'", "CONVERT(X'615C62' USING utf8mb4)", "utf8mb4_nopad_bin",
      " REGEXP '^", " DIV 10000", "LIMIT 18446744073709551615"}},
    {"mysql",
     {"t.`case \"id\" ]```", "CONVERT(X'615C62' USING utf8mb4)", "utf8mb4_0900_bin", "REGEXP_LIKE(",
      ", 'c')", " DIV 10000"}},
    {"sqlserver",
     {"t.[case \"id\" ]]`]", "'it''s'", "'a\\b'", "CAST(N'\xC3\xA9' AS varchar(max))",
      "Latin1_General_100_BIN2_UTF8", "TRY_CAST(", "LEN(", " LIKE '"}},
    {"spark",
     {"t.`case \"id\" ]```", "'it\\'s'", "'a\\\\b'", " RLIKE '^", "TRY_CAST(", " DIV 10000",
      "CAST(t.`office` AS string)"}},
    {"trino",
     {"t.\"case \"\"id\"\" ]`\"", "'it''s'", "'a\\b'", "REGEXP_LIKE(", "TRY_CAST(",
      "CAST(t.\"office\" AS varchar)"}},
};

START_TEST(each_dialect_writes_its_own) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules = read(arena, plain);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    struct eh_sql_options options = {.dialect = eh_sql_dialect_find(texts[i].dialect),
                                     .table = "records"};
    const char *statement;
    struct eh_error error;
    ck_assert_ptr_nonnull(options.dialect);
    ck_assert_int_eq(eh_sql_cells(arena, rules, &options, &statement, &error), EH_OK);
    for (size_t k = 0; k < 12 && texts[i].pieces[k]; k++)
      ck_assert_msg(strstr(statement, texts[i].pieces[k]) != NULL, "%s lacks %s:\n%s",
                    texts[i].dialect, texts[i].pieces[k], statement);
    ck_assert_msg(strchr(statement, ';') == NULL, "%s has a semicolon", texts[i].dialect);
  }
  eh_arena_free(arena);
}
END_TEST

/* No part of the rules may end the statement or begin another. */
START_TEST(the_table_is_quoted) {
  static const struct {
    const char *table, *from;
  } rows[] = {{"records", "FROM \"records\" t"},
              {"court.records", "FROM \"court\".\"records\" t"},
              {"\"a.b\".c", "FROM \"a.b\".\"c\" t"},
              {"x\"; DROP TABLE y; --", "FROM \"x\"\"; DROP TABLE y; --\" t"},
              {"", "FROM \"\" t"}};
  struct eh_arena *arena = eh_arena_new();
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct eh_sql_options options = {.dialect = eh_sql_dialect_find("postgresql"),
                                     .table = rows[i].table};
    const char *statement = eh_sql_describe(arena, &options);
    ck_assert_msg(strstr(statement, rows[i].from) != NULL, "%s", statement);
  }
  eh_arena_free(arena);
}
END_TEST

START_TEST(a_query_stands_for_the_table) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_sql_options options = {.dialect = eh_sql_dialect_find("postgresql"),
                                   .query = "SELECT * FROM x -- all\n; \n"};
  ck_assert_str_eq(eh_sql_describe(arena, &options),
                   "SELECT * FROM (\nSELECT * FROM x -- all\n) t WHERE 1 = 0");
  eh_arena_free(arena);
}
END_TEST

/* What cannot be done exactly is refused, with the reason. */
START_TEST(what_cannot_be_done_is_refused) {
#define HEAD "evenhand: 1\ncolumns: {case: id, date: decided, person: person}\n"
#define TAIL                                                                               \
  "similarly_situated: []\nmeasures: {m: {event: outcome = 'x'}}\ncomparisons: [{across: " \
  "office}]\n"
  static const struct {
    const char *dialect, *shard_key, *rules, *reason;
  } rows[] = {
      {"sqlite", NULL, HEAD "dates: \"%Y-%j\"\nrecords: {keep: date >= 2014-01-01}\n" TAIL,
       "counts the days of the year"},
      {"postgresql", NULL,
       HEAD "dates: \"%m/%d/%Y %I:%M %p\"\nrecords: {keep: date >= 2014-01-01}\n" TAIL,
       "has hours of half a day"},
      {"postgresql", "office", HEAD "records: {one_per: person}\n" TAIL, "one_per"},
      {"mariadb", "office", HEAD TAIL, "--shard-key is for PostgreSQL"},
      {"postgresql", "office", HEAD "records: {keep: date >= 2014-01-01}\n" TAIL,
       "must keep `decided` as a date"},
      {"sqlserver", NULL, HEAD "records: {keep: outcome starts with 'x '}\n" TAIL,
       "blank at its end"},
      {"oracle", NULL,
       "evenhand: 1\ncolumns: {case: \"a\\\"b\"}\nsimilarly_situated: []\n"
       "measures: {m: {event: outcome = 'x'}}\ncomparisons: [{across: office}]\n",
       "double quote"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct eh_arena *arena = eh_arena_new();
    struct eh_sql_options options = {.dialect = eh_sql_dialect_find(rows[i].dialect),
                                     .table = "records",
                                     .shard_key = rows[i].shard_key};
    const char *statement;
    struct eh_error error = {0};
    enum eh_status status =
        eh_sql_cells(arena, read(arena, rows[i].rules), &options, &statement, &error);
    ck_assert_msg(status == EH_BAD_RULES, "row %zu", i);
    ck_assert_msg(strstr(error.message, rows[i].reason) != NULL, "row %zu: %s", i, error.message);
    eh_arena_free(arena);
  }
}
END_TEST

START_TEST(servers_are_known_by_name) {
  static const char *const rows[][2] = {
      {"PostgreSQL", "postgresql"}, {"Greenplum Database", "postgresql"},
      {"SQLite", "sqlite"},         {"MariaDB", "mariadb"},
      {"MySQL", "mysql"},           {"Microsoft SQL Server", "sqlserver"},
      {"Oracle", "oracle"},         {"Spark SQL", "spark"},
      {"Trino", "trino"},           {"DB2/LINUX", NULL}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const struct eh_sql_dialect *dialect = eh_sql_dialect_of_server(rows[i][0]);
    ck_assert_msg((dialect == NULL) == (rows[i][1] == NULL), "%s", rows[i][0]);
    if (dialect) ck_assert_str_eq(eh_sql_dialect_name(dialect), rows[i][1]);
  }
}
END_TEST

/* The answer's columns are those that the statement names, in order. */
START_TEST(the_answer_has_these_columns) {
  static const char *const wanted[] = {"fate",    "first_date",       "last_date",
                                       "records", "malformed_date_2", "inexact_date_2"};
  struct eh_arena *arena = eh_arena_new();
  size_t count;
  const char *const *names = eh_sql_result_columns(arena, read(arena, plain), &count);
  ck_assert_uint_gt(count, 6);
  for (size_t i = 0; i < 6; i++) ck_assert_str_eq(names[i], wanted[i]);
  ck_assert_str_eq(names[count - 1], "measure_1");
  eh_arena_free(arena);
}
END_TEST

/* Where the dialect has temporary tables, and theirs would hide nothing. */
START_TEST(records_are_prepared_where_they_may_be) {
  static const struct {
    const char *dialect, *table, *query, *shard_key;
    bool is_prepared;
  } rows[] = {
      {"postgresql", "records", NULL, NULL, true},
      {"mariadb", "records", NULL, NULL, true},
      {"mysql", NULL, "SELECT * FROM records", NULL, true},
      {"sqlite", "records", NULL, NULL, false},
      {"oracle", "records", NULL, NULL, false},
      {"postgresql", "records", NULL, "office", false},
      {"postgresql", "audit.EVENHAND_RECORDS", NULL, NULL, false},
      {"mariadb", NULL, "SELECT * FROM `evenhand_records`", NULL, false},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct eh_arena *arena = eh_arena_new();
    struct eh_error error;
    struct eh_sql_options options = {.dialect = eh_sql_dialect_find(rows[i].dialect),
                                     .table = rows[i].table,
                                     .query = rows[i].query,
                                     .shard_key = rows[i].shard_key};
    struct eh_sql_preparation preparation;
    const char *statement;
    const struct eh_rules *rules = read(arena, plain);
    ck_assert_int_eq(eh_sql_prepare(arena, rules, &options, &preparation, &error), EH_OK);
    ck_assert_int_eq(preparation.create && preparation.fill, rows[i].is_prepared);
    if (rows[i].is_prepared) {
      ck_assert(strncmp(preparation.create, "CREATE TEMPORARY TABLE ", 23) == 0);
      options.is_prepared = true;
      ck_assert_int_eq(eh_sql_cells(arena, rules, &options, &statement, &error), EH_OK);
      ck_assert_msg(!strstr(statement, "WITH"), "%s", statement);
    }
    eh_arena_free(arena);
  }
}
END_TEST

RUN_TESTS("rules/sql", records_are_prepared_where_they_may_be, each_dialect_writes_its_own,
          the_table_is_quoted, a_query_stands_for_the_table, what_cannot_be_done_is_refused,
          servers_are_known_by_name, the_answer_has_these_columns)
