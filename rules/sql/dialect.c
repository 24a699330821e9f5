/* The dialects: everything in which they differ, and quotation. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "engine/base/date.h"
#include "engine/base/number.h"
#include "rules/sql/internal.h"

/* White space of ASCII, by its numbers: what an escape means, a setting may decide. */
#define SPACES "CHR(32) || CHR(9) || CHR(10) || CHR(11) || CHR(12) || CHR(13)"
/* A constant, which a server of PostgreSQL sends on to those that hold the records; what CHR gives
   it does not, for its collation. */
#define POSTGRESQL_SPACES "E' \\t\\n\\x0B\\f\\r'"
#define MYSQL_SPACES "CONVERT(UNHEX('20090A0B0C0D') USING utf8mb4)"

/* What MariaDB and MySQL have in common. */
#define MYSQL_KIN                                                                                 \
  .open = '`', .close = '`', .longest_name = 256, .quoting = EH_SQL_HEXADECIMAL,                  \
  .matching = EH_SQL_REGULAR, .begin = "^", .end = "$(?![[:space:]])",                            \
  .trim =                                                                                         \
      "CASE WHEN ORD(LEFT($1, 1)) > 32 AND ORD(RIGHT($1, 1)) > 32 THEN $1 ELSE "                  \
      "REGEXP_REPLACE($1, CONCAT('^[', " MYSQL_SPACES ", ']+|[', " MYSQL_SPACES                   \
      ", ']+$'), '') END",                                                                        \
  .part = "SUBSTRING($1, $2, $3)", .behind = "SUBSTRING($1, $2)", .length = "CHAR_LENGTH($1)",    \
  .bytes = "LENGTH($1)", .place = "INSTR($1, $2)", .integer = "CAST($1 AS signed)",               \
  .number = "CAST($1 AS double)", .join = "CONCAT($1, $2)", .divide = "$1 DIV $2",                \
  .modulo = "$1 % $2", .ordinal = "CAST(YEAR($1) * 10000 + MONTH($1) * 100 + DAY($1) AS signed)", \
  .common = "AS", .fence = "LIMIT 18446744073709551615", .least = "''"

/* Texts are cast and collated as they are read, so that whatever is made of them compares bytewise.
 */
static const struct eh_sql_dialect dialects[] = {
    {.name = "postgresql",
     .servers = {"PostgreSQL", "Greenplum", "Redshift", "YugabyteDB"},
     .open = '"',
     .close = '"',
     .longest_name = 63,
     .quoting = EH_SQL_E_STRING,
     .matching = EH_SQL_REGULAR,
     .match = "$1 ~ $2",
     .begin = "^",
     .end = "$",
     .text = "CAST($1 AS text) COLLATE \"C\"",
     .as_text = "CAST($1 AS text)",
     .trim = "BTRIM($1, " POSTGRESQL_SPACES ")",
     .part = "SUBSTR($1, $2, $3)",
     .behind = "SUBSTR($1, $2)",
     .length = "LENGTH($1)",
     .bytes = "OCTET_LENGTH(CONVERT_TO($1, 'UTF8'))",
     .place = "STRPOS($1, $2)",
     .integer = "CAST($1 AS integer)",
     .number = "CAST($1 AS double precision)",
     .join = "$1 || $2",
     .divide = "$1 / $2",
     .modulo = "$1 % $2",
     .ordinal = "CASE WHEN ISFINITE($1) THEN CAST(EXTRACT(YEAR FROM $1) * 10000 + EXTRACT(MONTH "
                "FROM $1) * 100 + "
                "EXTRACT(DAY FROM $1) AS integer) ELSE 0 END",
     .common = "AS",
     .fence = "OFFSET 0",
     .least = "''",
     .temporary = "CREATE TEMPORARY TABLE evenhand_records ($1)",
     .lasting = "text COLLATE \"C\""},
    {.name = "sqlite",
     .servers = {"SQLite"},
     .open = '"',
     .close = '"',
     .longest_name = SIZE_MAX,
     .quoting = EH_SQL_DOUBLED,
     .matching = EH_SQL_GLOB,
     .match = "$1 GLOB $2",
     .text = "CAST($1 AS text)",
     .as_text = "CAST($1 AS text)",
     .trim = "TRIM($1, CHAR(32, 9, 10, 11, 12, 13))",
     .part = "SUBSTR($1, $2, $3)",
     .behind = "SUBSTR($1, $2)",
     .length = "LENGTH($1)",
     .bytes = "LENGTH(CAST($1 AS blob))",
     .place = "INSTR($1, $2)",
     .integer = "CAST($1 AS integer)",
     .number = "CAST($1 AS real)",
     .join = "$1 || $2",
     .divide = "$1 / $2",
     .modulo = "$1 % $2",
     .common = "AS MATERIALIZED",
     .fence = "",
     .least = "''"},
    {.name = "mariadb",
     .servers = {"MariaDB"},
     .match = "$1 REGEXP $2",
     .text = "CONVERT($1 USING utf8mb4) COLLATE utf8mb4_nopad_bin",
     .as_text = "CONVERT(CAST($1 AS char) USING utf8mb4) COLLATE utf8mb4_nopad_bin",
     .temporary = "CREATE TEMPORARY TABLE evenhand_records ($1) ENGINE = Aria TRANSACTIONAL = 0",
     .lasting = "longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin",
     MYSQL_KIN},
    {.name = "mysql",
     .servers = {"MySQL"},
     .match = "REGEXP_LIKE($1, $2, 'c')",
     .text = "CONVERT($1 USING utf8mb4) COLLATE utf8mb4_0900_bin",
     .as_text = "CONVERT(CAST($1 AS char) USING utf8mb4) COLLATE utf8mb4_0900_bin",
     .temporary = "CREATE TEMPORARY TABLE evenhand_records ($1)",
     .lasting = "longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin",
     MYSQL_KIN},
    {.name = "sqlserver",
     .servers = {"Microsoft SQL Server"},
     .open = '[',
     .close = ']',
     .longest_name = 512,
     .quoting = EH_SQL_NATIONAL,
     .matching = EH_SQL_LIKE,
     .match = "$1 LIKE $2",
     .text = "CAST($1 AS varchar(max)) COLLATE Latin1_General_100_BIN2_UTF8",
     .as_text = "CAST(CAST($1 AS bigint) AS varchar(20)) COLLATE Latin1_General_100_BIN2_UTF8",
     .trim = "TRIM(CHAR(32) + CHAR(9) + CHAR(10) + CHAR(11) + CHAR(12) + CHAR(13) FROM $1)",
     .part = "SUBSTRING($1, $2, $3)",
     .behind = "SUBSTRING($1, $2, 2147483647)",
     .length = "LEN($1)",
     .bytes = "DATALENGTH($1)",
     .place = "CHARINDEX($2, $1)",
     .integer = "TRY_CAST($1 AS int)",
     .number = "TRY_CAST($1 AS float(53))",
     .join = "$1 + $2",
     .divide = "$1 / $2",
     .modulo = "$1 % $2",
     .ordinal = "YEAR($1) * 10000 + MONTH($1) * 100 + DAY($1)",
     .common = "AS",
     .fence = "",
     .least = "''"},
    {.name = "oracle",
     .servers = {"Oracle"},
     .open = '"',
     .close = '"',
     .longest_name = 128,
     .quoting = EH_SQL_DOUBLED,
     .matching = EH_SQL_REGULAR,
     .match = "REGEXP_LIKE($1, $2, 'c')",
     .begin = "^",
     .end = "$",
     .text = "CAST($1 AS varchar2(4000)) COLLATE BINARY",
     .as_text = "TO_CHAR($1)",
     .trim = "RTRIM(LTRIM($1, " SPACES "), " SPACES ")",
     .part = "SUBSTR($1, $2, $3)",
     .behind = "SUBSTR($1, $2)",
     .length = "LENGTH($1)",
     .bytes = "LENGTHB($1)",
     .place = "INSTR($1, $2)",
     .integer = "TO_NUMBER($1)",
     .number = "TO_BINARY_DOUBLE($1)",
     .join = "$1 || $2",
     .divide = "FLOOR($1 / $2)",
     .modulo = "MOD($1, $2)",
     .ordinal =
         "EXTRACT(YEAR FROM $1) * 10000 + EXTRACT(MONTH FROM $1) * 100 + EXTRACT(DAY FROM $1)",
     .common = "AS",
     .fence = "",
     .least = NULL},
    {.name = "spark",
     .servers = {"Spark SQL", "SparkSQL", "Databricks"},
     .open = '`',
     .close = '`',
     .longest_name = SIZE_MAX,
     .quoting = EH_SQL_BACKSLASHED,
     .matching = EH_SQL_REGULAR,
     .match = "$1 RLIKE $2",
     .begin = "^",
     .end = "(?![^a]|a)",
     .text = "CAST($1 AS string)",
     .as_text = "CAST($1 AS string)",
     .trim = "TRIM(BOTH CONCAT(CHR(32), CHR(9), CHR(10), CHR(11), CHR(12), CHR(13)) FROM $1)",
     .part = "SUBSTRING($1, $2, $3)",
     .behind = "SUBSTRING($1, $2)",
     .length = "LENGTH($1)",
     .bytes = "OCTET_LENGTH($1)",
     .place = "INSTR($1, $2)",
     .integer = "TRY_CAST($1 AS int)",
     .number = "TRY_CAST($1 AS double)",
     .join = "CONCAT($1, $2)",
     .divide = "$1 DIV $2",
     .modulo = "$1 % $2",
     .ordinal = "YEAR($1) * 10000 + MONTH($1) * 100 + DAY($1)",
     .common = "AS",
     .fence = "",
     .least = "''"},
    {.name = "trino",
     .servers = {"Trino", "Presto"},
     .open = '"',
     .close = '"',
     .longest_name = SIZE_MAX,
     .quoting = EH_SQL_DOUBLED,
     .matching = EH_SQL_REGULAR,
     .match = "REGEXP_LIKE($1, $2)",
     .begin = "^",
     .end = "(?![^a]|a)",
     .text = "CAST($1 AS varchar)",
     .as_text = "CAST($1 AS varchar)",
     .trim = "REGEXP_REPLACE($1, '^[' || " SPACES " || ']+|[' || " SPACES " || ']+(?![^a]|a)')",
     .part = "SUBSTR($1, $2, $3)",
     .behind = "SUBSTR($1, $2)",
     .length = "LENGTH($1)",
     .bytes = "LENGTH(TO_UTF8($1))",
     .place = "STRPOS($1, $2)",
     .integer = "TRY_CAST($1 AS integer)",
     .number = "TRY_CAST($1 AS double)",
     .join = "$1 || $2",
     .divide = "$1 / $2",
     .modulo = "$1 % $2",
     .ordinal = "YEAR($1) * 10000 + MONTH($1) * 100 + DAY($1)",
     .common = "AS",
     .fence = "",
     .least = "''"},
    {.name = "duckdb",
     .servers = {"DuckDB"},
     .open = '"',
     .close = '"',
     .longest_name = SIZE_MAX,
     .quoting = EH_SQL_DOUBLED,
     .matching = EH_SQL_REGULAR,
     .match = "REGEXP_MATCHES($1, $2)",
     .begin = "^",
     .end = "$",
     .text = "CAST($1 AS varchar) COLLATE \"C\"",
     .as_text = "CAST($1 AS varchar)",
     .trim = "TRIM($1, " SPACES ")",
     .part = "SUBSTR($1, $2, $3)",
     .behind = "SUBSTR($1, $2)",
     .length = "LENGTH($1)",
     .bytes = "STRLEN($1)",
     .place = "STRPOS($1, $2)",
     .integer = "TRY_CAST($1 AS integer)",
     .number = "TRY_CAST($1 AS double)",
     .join = "$1 || $2",
     .divide = "$1 // $2",
     .modulo = "$1 % $2",
     .ordinal = "CASE WHEN ISFINITE($1) THEN YEAR($1) * 10000 + MONTH($1) * 100 + DAY($1) ELSE 0 "
                "END",
     .common = "AS",
     .fence = "",
     .least = "''",
     .has_decimals = true,
     .marked = "SELECT COALESCE('=' || CAST(COLUMNS(*) AS varchar), '-') FROM ($1) AS answer",
     .described = "SELECT column_name, column_type FROM (DESCRIBE $1) AS described",
     .probe = "SELECT NULL AS nothing, '' AS empty, ',\"''\\' || CHR(10) || CHR(9) || '\xC3\xA9 ' "
              "AS marks, 6.56e0 AS number, 9007199254740993 AS large, 7 // 2 AS divided, VERSION() "
              "AS version"},
};
enum { DIALECTS = sizeof dialects / sizeof dialects[0] };

const struct eh_sql_dialect *eh_sql_dialect_find(const char *name) {
  for (size_t i = 0; i < DIALECTS; i++)
    if (strcasecmp(dialects[i].name, name) == 0) return &dialects[i];
  return NULL;
}

const struct eh_sql_dialect *eh_sql_dialect_of_server(const char *server) {
  for (size_t i = 0; i < DIALECTS; i++)
    for (size_t k = 0; k < 6 && dialects[i].servers[k]; k++) {
      const char *known = dialects[i].servers[k];
      if (strncasecmp(server, known, strlen(known)) == 0) return &dialects[i];
    }
  return NULL;
}

const char *eh_sql_dialect_name(const struct eh_sql_dialect *dialect) { return dialect->name; }
const char *eh_sql_dialect_at(size_t index) {
  return index < DIALECTS ? dialects[index].name : NULL;
}
size_t eh_sql_dialect_longest_name(const struct eh_sql_dialect *dialect) {
  return dialect->longest_name;
}

const char *eh_sql_expand(struct eh_arena *arena, const char *template, const char *first,
                          const char *second, const char *third) {
  const char *parts[] = {first, second, third};
  struct eh_buffer out = {0};
  for (const char *s = template; *s; s++) {
    if (*s == '$' && s[1] >= '1' && s[1] <= '3')
      eh_buffer_puts(&out, parts[*++s - '1']);
    else
      eh_buffer_add(&out, s, 1);
  }
  const char *text = eh_arena_copy(arena, out.text, out.length);
  eh_buffer_free(&out);
  return text;
}

static const char *keep(struct eh_sql *sql, struct eh_buffer *text) {
  const char *kept = eh_arena_copy(sql->arena, text->text, text->length);
  eh_buffer_free(text);
  return kept;
}

const char *eh_sql_marked(struct eh_arena *arena, const struct eh_sql_dialect *dialect,
                          const char *statement) {
  return eh_sql_expand(arena, dialect->marked, statement, "", "");
}

const char *eh_sql_describe_in_rows(struct eh_arena *arena, const struct eh_sql_dialect *dialect,
                                    const char *description) {
  return eh_sql_expand(arena, dialect->described, description, "", "");
}

const char *eh_sql_probe(const struct eh_sql_dialect *dialect) { return dialect->probe; }

const char *eh_sql_quote_name(struct eh_sql *sql, const char *name, size_t length) {
  const struct eh_sql_dialect *d = sql->dialect;
  if (strcmp(d->name, "oracle") == 0 && memchr(name, '"', length))
    eh_sql_refuse(sql, (struct eh_place){0}, "Oracle has no names with a double quote, like %.*s",
                  (int)length, name);
  struct eh_buffer out = {0};
  eh_buffer_add(&out, &d->open, 1);
  for (size_t i = 0; i < length; i++) {
    if (name[i] == d->close) eh_buffer_add(&out, &d->close, 1);
    eh_buffer_add(&out, name + i, 1);
  }
  eh_buffer_add(&out, &d->close, 1);
  return keep(sql, &out);
}

static const char *quote_hexadecimal(struct eh_sql *sql, const char *text, size_t length) {
  struct eh_buffer out = {0};
  eh_buffer_puts(&out, "CONVERT(X'");
  for (size_t i = 0; i < length; i++) eh_buffer_printf(&out, "%02X", (unsigned char)text[i]);
  eh_buffer_puts(&out, "' USING utf8mb4)");
  return keep(sql, &out);
}

static bool is_ascii(const char *text, size_t length) {
  for (size_t i = 0; i < length; i++)
    if ((unsigned char)text[i] >= 0x80) return false;
  return true;
}

const char *eh_sql_quote_text(struct eh_sql *sql, const char *text, size_t length) {
  enum eh_sql_quoting quoting = sql->dialect->quoting;
  bool has_backslash = length > 0 && memchr(text, '\\', length);
  if (quoting == EH_SQL_HEXADECIMAL && has_backslash) return quote_hexadecimal(sql, text, length);
  bool national = quoting == EH_SQL_NATIONAL && !is_ascii(text, length);
  bool backslashed = quoting == EH_SQL_BACKSLASHED || (quoting == EH_SQL_E_STRING && has_backslash);
  struct eh_buffer out = {0};
  if (national) eh_buffer_puts(&out, "CAST(N");
  eh_buffer_puts(&out, quoting == EH_SQL_E_STRING && has_backslash ? "E'" : "'");
  for (size_t i = 0; i < length; i++) {
    if (text[i] == '\'') eh_buffer_puts(&out, quoting == EH_SQL_BACKSLASHED ? "\\" : "'");
    if (text[i] == '\\' && backslashed) eh_buffer_puts(&out, "\\");
    eh_buffer_add(&out, text + i, 1);
  }
  eh_buffer_puts(&out, "'");
  if (national) eh_buffer_puts(&out, " AS varchar(max)) COLLATE Latin1_General_100_BIN2_UTF8");
  return keep(sql, &out);
}

const char *eh_sql_match(struct eh_sql *sql, const char *text, const char *pattern) {
  return eh_sql_expand(sql->arena, sql->dialect->match, text,
                       eh_sql_quote_text(sql, pattern, strlen(pattern)), "");
}

const char *eh_sql_day(struct eh_sql *sql, int32_t day) {
  if (sql->options->shard_key) return eh_arena_printf(sql->arena, "%d", day);
  struct eh_civil civil = eh_date_to_civil(day);
  return eh_arena_printf(sql->arena, "%d", civil.year * 10000 + civil.month * 100 + civil.day);
}

const char *eh_sql_real(struct eh_sql *sql, double number) {
  char text[32];
  eh_number_format(number, text);
  bool is_decimal = sql->dialect->has_decimals && !strpbrk(text, "eE");
  return eh_arena_printf(sql->arena, "%s%s", text, is_decimal ? "e0" : "");
}

const char *eh_sql_constant(struct eh_sql *sql, const struct eh_literal *literal) {
  if (literal->reading == EH_AS_NUMBER) return eh_sql_real(sql, literal->number);
  if (literal->reading == EH_AS_DATE) return eh_sql_day(sql, literal->day);
  /* SQL Server takes no notice of blanks at the end of texts that it compares. */
  if (sql->dialect->quoting == EH_SQL_NATIONAL && literal->length &&
      literal->text[literal->length - 1] == ' ')
    eh_sql_refuse(sql, (struct eh_place){0},
                  "SQL Server cannot tell '%s' from the same text without the blank at its end",
                  literal->text);
  return eh_sql_quote_text(sql, literal->text, literal->length);
}

void eh_sql_refuse(struct eh_sql *sql, struct eh_place place, const char *format, ...) {
  if (sql->status != EH_OK) return;
  char reason[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(reason, sizeof reason, format, arguments);
  va_end(arguments);
  sql->status = eh_fail_at(sql->error, EH_BAD_RULES, sql->rules->file, place.line, place.column,
                           "these rules cannot be put to a database that speaks %s: %s",
                           sql->dialect->name, reason);
}
