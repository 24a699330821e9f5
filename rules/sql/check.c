/* Whether a database's texts are those that it reads as a file is read. */
#include <string.h>

#include "rules/sql/internal.h"

static bool is_text(const struct eh_sql *sql, size_t column) {
  const struct eh_sql_options *o = sql->options;
  return sql->rules->columns[column].kind == EH_GIVEN &&
         (!o->types || o->types[column] == EH_SQL_TEXT);
}

static bool may_be_open(const struct eh_sql *sql, size_t column) {
  return is_text(sql, column) && sql->rules->columns[column].read_as_number && !sql->rules->numbers;
}

/* A text that has characters beyond ASCII. */
static const char *is_foreign(struct eh_sql *sql, const char *text) {
  return eh_arena_printf(sql->arena, "%s <> %s",
                         eh_sql_expand(sql->arena, sql->dialect->bytes, text, "", ""),
                         eh_sql_expand(sql->arena, sql->dialect->length, text, "", ""));
}

static void add_sum(struct eh_buffer *out, const char *condition) {
  eh_buffer_printf(out, "%s  SUM(CASE WHEN %s THEN 1 ELSE 0 END)", out->length ? ",\n" : "",
                   condition);
}

const char *eh_sql_check_texts(struct eh_arena *arena, const struct eh_rules *rules,
                               const struct eh_sql_options *options) {
  struct eh_sql sql = {
      .arena = arena, .rules = rules, .options = options, .dialect = options->dialect};
  struct eh_buffer sums = {0}, texts = {0};
  for (size_t c = 0; c < rules->column_count; c++) {
    if (!is_text(&sql, c)) continue;
    const char *name = eh_arena_printf(arena, "text_%zu", c + 1);
    eh_buffer_printf(&texts, "%s  %s AS %s", texts.length ? ",\n" : "", eh_sql_given_text(&sql, c),
                     name);
    add_sum(&sums, is_foreign(&sql, name));
    if (!may_be_open(&sql, c)) continue;
    add_sum(&sums, eh_sql_is_threes(&sql, name));
    add_sum(&sums, eh_sql_is_decimal(&sql, name));
  }
  const char *statement = NULL;
  if (sums.length)
    statement = eh_arena_printf(arena, "SELECT\n%s\nFROM (SELECT\n%s\nFROM %s) texts\n", sums.text,
                                texts.text, eh_sql_source(&sql));
  eh_buffer_free(&sums);
  eh_buffer_free(&texts);
  return statement;
}

bool eh_sql_take_check(const struct eh_rules *rules, const struct eh_sql_options *options,
                       const char *const *fields, size_t *next, size_t column,
                       bool *is_foreign_text, unsigned *shape) {
  struct eh_sql sql = {.rules = rules, .options = options, .dialect = options->dialect};
  *is_foreign_text = false;
  *shape = 0;
  if (!is_text(&sql, column)) return false;
  const char *count = fields[(*next)++];
  *is_foreign_text = count && strcmp(count, "0") != 0;
  if (!may_be_open(&sql, column)) return true;
  for (unsigned bit = EH_AMOUNT_THREES; bit <= EH_AMOUNT_DECIMAL; bit *= 2) {
    count = fields[(*next)++];
    if (count && strcmp(count, "0") != 0) *shape |= bit;
  }
  return true;
}

const char *eh_sql_foreign_texts(struct eh_arena *arena, const struct eh_rules *rules,
                                 const struct eh_sql_options *options, size_t column) {
  struct eh_sql sql = {
      .arena = arena, .rules = rules, .options = options, .dialect = options->dialect};
  return eh_arena_printf(arena,
                         "SELECT DISTINCT own_text FROM (SELECT %s AS own_text FROM %s) texts\n"
                         "WHERE %s\n",
                         eh_sql_given_text(&sql, column), eh_sql_source(&sql),
                         is_foreign(&sql, "own_text"));
}
