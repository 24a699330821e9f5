/* The steps from the table to the rules' columns: one common table expression each. */
#include <ctype.h>
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/tidy.h"
#include "rules/language/missing.h"
#include "rules/sql/internal.h"

/* --- names --- */

/* A name for a column that no dialect needs quoted: letters, digits and _, and a number behind it,
   so that it is no keyword and stands for one column only. */
const char *eh_sql_name_column(struct eh_arena *arena, const char *name, size_t index) {
  enum { LONGEST = 24 };
  char own[LONGEST + 1];
  size_t length = 0;
  for (; *name && length < LONGEST; name++) {
    bool plain = isascii((unsigned char)*name) && isalnum((unsigned char)*name);
    if (plain)
      own[length++] = (char)tolower((unsigned char)*name);
    else if (length && own[length - 1] != '_')
      own[length++] = '_';
  }
  while (length && own[length - 1] == '_') length--;
  own[length] = '\0';
  return eh_arena_printf(arena, "%s%s_%zu", length && isalpha((unsigned char)own[0]) ? "" : "c_",
                         own, index + 1);
}

static enum eh_sql_type type_of(const struct eh_sql *sql, size_t column) {
  return sql->options->types ? sql->options->types[column] : EH_SQL_TEXT;
}

/* --- steps --- */

void eh_sql_begin_step(struct eh_sql_steps *s, const char *name, bool with_all) {
  eh_buffer_printf(&s->text, "%sevenhand_%s %s (\n  SELECT", s->last ? ",\n" : "WITH ", name,
                   s->sql->dialect->common);
  if (with_all) eh_buffer_printf(&s->text, " %s.*", s->last);
  s->is_open = with_all; /* something stands in the list already */
}

void eh_sql_add_item(struct eh_sql_steps *s, const char *expression, const char *name,
                     const char *suffix) {
  eh_buffer_printf(&s->text, "%s\n    %s AS %s%s", s->is_open ? "," : "", expression, name, suffix);
  s->is_open = true;
}

void eh_sql_end_step(struct eh_sql_steps *s, const char *name, const char *from) {
  const char *fence = s->sql->options->shard_key ? "" : s->sql->dialect->fence;
  eh_buffer_printf(&s->text, "\n  FROM %s%s%s\n)", from, *fence ? " " : "", fence);
  s->last = eh_arena_printf(s->sql->arena, "evenhand_%s", name);
}

/* A text that compares bytewise. A text with a collation of its own is not sent to the shards;
   there the comparisons are those of the columns' collations, for equality only. */
static const char *as_text(struct eh_sql *sql, const char *expression) {
  const char *template = sql->options->shard_key ? "CAST($1 AS text)" : sql->dialect->text;
  return eh_sql_expand(sql->arena, template, expression, "", "");
}

/* --- the table --- */

/* The parts of a table's name between dots outside double quotes. */
static const char *quote_table(struct eh_sql *sql, const char *table) {
  struct eh_buffer out = {0};
  for (const char *s = table; *s || s == table;) {
    struct eh_buffer part = {0};
    eh_buffer_puts(&part, "");
    if (*s == '"') {
      for (s++; *s && (*s != '"' || s[1] == '"'); s++) {
        eh_buffer_add(&part, s, 1);
        s += *s == '"';
      }
      s += *s == '"';
    } else {
      size_t length = strcspn(s, ".");
      eh_buffer_add(&part, s, length);
      s += length;
    }
    eh_buffer_printf(&out, "%s%s", out.length ? "." : "",
                     eh_sql_quote_name(sql, part.text, part.length));
    eh_buffer_free(&part);
    if (*s == '.') s++;
    if (!*s) break;
  }
  const char *text = eh_arena_copy(sql->arena, out.text, out.length);
  eh_buffer_free(&out);
  return text;
}

/* The query's text may end in a semicolon, or in a comment that a line break ends. */
const char *eh_sql_source(struct eh_sql *sql) {
  const char *query = sql->options->query;
  if (!query) return eh_arena_printf(sql->arena, "%s t", quote_table(sql, sql->options->table));
  size_t length = strlen(query);
  while (length && strchr("; \t\r\n", query[length - 1])) length--;
  return eh_arena_printf(sql->arena, "(\n%.*s\n) t", (int)length, query);
}

/* --- given columns --- */

static const char *named(struct eh_sql *sql, const char *header) {
  return eh_arena_printf(sql->arena, "t.%s", eh_sql_quote_name(sql, header, strlen(header)));
}

static const char *raw_of(struct eh_sql *sql, size_t column) {
  return named(sql, sql->rules->columns[column].header);
}

/* The rules' list, in small letters; *letters: it has some. */
static const char *missing_list(struct eh_sql *sql, bool *letters, bool *marks) {
  struct eh_buffer list = {0};
  eh_buffer_puts(&list, "");
  *letters = *marks = false;
  for (size_t i = 0; i < sql->rules->missing_count; i++) {
    const char *item = sql->rules->missing[i];
    if (!*item && !sql->dialect->least) continue; /* null already */
    const char *small = eh_tidy_small(sql->arena, item);
    const char *other = eh_tidy_small_of_capitals(sql->arena, item);
    *marks |= strcmp(item, EH_EXEMPTION_MARKS) == 0;
    *letters |= strpbrk(small, "abcdefghijklmnopqrstuvwxyz") || strcmp(small, other) != 0;
    eh_buffer_printf(&list, "%s%s", list.length ? ", " : "",
                     eh_sql_quote_text(sql, small, strlen(small)));
    if (strcmp(small, other) != 0)
      eh_buffer_printf(&list, ", %s", eh_sql_quote_text(sql, other, strlen(other)));
  }
  const char *text = eh_arena_copy(sql->arena, list.text, list.length);
  eh_buffer_free(&list);
  return text;
}

/* A predicate, null for null: the text stands for nothing that is missing. */
static const char *is_recorded(struct eh_sql *sql, const char *text) {
  bool letters, marks;
  const char *list = missing_list(sql, &letters, &marks);
  if (!*list) return eh_arena_printf(sql->arena, "%s IS NOT NULL", text);
  const char *recorded =
      eh_arena_printf(sql->arena, letters ? "LOWER(%s) NOT IN (%s)" : "%s NOT IN (%s)", text, list);
  if (!marks) return recorded;
  const char *start = eh_sql_expand(sql->arena, sql->dialect->part, text, "1", "4");
  const char *digit = eh_sql_expand(sql->arena, sql->dialect->part, text, "5", "1");
  return eh_arena_printf(sql->arena,
                         "%s AND NOT (LOWER(%s) IN ('(b)(', '(j)(', '(k)(') AND %s BETWEEN '1' "
                         "AND '9')",
                         recorded, start, digit);
}

const char *eh_sql_is_missing(struct eh_sql *sql, const char *text) {
  return eh_arena_printf(sql->arena, "(%s IS NULL OR NOT (%s))", text, is_recorded(sql, text));
}

/* A text; null where it stands for "not recorded". */
static const char *unless_missing(struct eh_sql *sql, const char *text) {
  if (sql->rules->missing_count == 1 && !*sql->rules->missing[0])
    return sql->dialect->least ? eh_arena_printf(sql->arena, "NULLIF(%s, '')", text) : text;
  return eh_arena_printf(sql->arena, "CASE WHEN %s THEN %s END", is_recorded(sql, text), text);
}

/* On shards: in the few forms that PostgreSQL sends to them. A date's text is not wanted there. */
static const char *shard_text(struct eh_sql *sql, size_t c) {
  const struct eh_column *column = &sql->rules->columns[c];
  int32_t day;
  if (type_of(sql, c) == EH_SQL_DATE) {
    if (column->is_dimension)
      eh_sql_refuse(sql, column->place, "shards give no text of the date %s to compare by",
                    column->name);
    for (size_t i = 0; i < sql->rules->missing_count; i++)
      if (eh_date_parse(sql->rules->missing[i], strlen(sql->rules->missing[i]), "%Y-%m-%d", &day))
        eh_sql_refuse(sql, column->place,
                      "a date that stands for \"not recorded\" is not known to shards");
    return eh_arena_printf(sql->arena, "CASE WHEN %s IS NOT NULL THEN 'a date' END",
                           raw_of(sql, c));
  }
  const char *text = as_text(sql, raw_of(sql, c));
  return unless_missing(sql, eh_sql_expand(sql->arena, sql->dialect->trim, text, "", ""));
}

/* An id with the zeros that it has lost. */
static const char *with_zeros(struct eh_sql *sql, const struct eh_column *column,
                              const char *text) {
  if (column->split)
    eh_sql_refuse(
        sql, column->split_place,
        "a statement does not part the values of a cell (`split`); part them in a view or a "
        "--query, and use rules without");
  if (!column->id_digits) return text;
  struct eh_arena *arena = sql->arena;
  const char *zeros = eh_arena_printf(arena, "'%0*d'", (int)column->id_digits, 0);
  const char *length = eh_sql_expand(arena, sql->dialect->length, text, "", "");
  const char *longer = eh_sql_expand(arena, sql->dialect->join, zeros, text, "");
  return eh_arena_printf(arena, "CASE WHEN %s < %u AND %s THEN %s ELSE %s END", length,
                         column->id_digits, eh_sql_is_digits(sql, text),
                         eh_sql_expand(arena, sql->dialect->behind, longer,
                                       eh_arena_printf(arena, "%s + 1", length), ""),
                         text);
}

const char *eh_sql_given_text(struct eh_sql *sql, size_t column) {
  const char *text = as_text(sql, raw_of(sql, column));
  if (type_of(sql, column) == EH_SQL_TEXT)
    text = eh_sql_expand(sql->arena, sql->dialect->trim, text, "", "");
  return with_zeros(sql, &sql->rules->columns[column], text);
}

/* The text of a column, trimmed; null where it stands for "not recorded". */
const char *eh_sql_recorded_text(struct eh_sql *sql, size_t column) {
  if (sql->options->shard_key) return shard_text(sql, column);
  return unless_missing(sql, eh_sql_given_text(sql, column));
}

bool eh_sql_is_read(const struct eh_column *column) {
  return column->kind == EH_GIVEN && column->is_evaluated &&
         (column->read_as_number || column->read_as_date);
}

bool eh_sql_is_counted(const struct eh_column *column) {
  return eh_sql_is_read(column) || (column->kind == EH_YEARS_BETWEEN && column->is_evaluated);
}

const char *eh_sql_raw_text(struct eh_sql *sql, size_t column) {
  return eh_arena_printf(sql->arena, "%s_text", sql->names[column]);
}

const char *eh_sql_surveyed_text(struct eh_sql *sql, size_t column) {
  const struct eh_sql_surveyed *c = &sql->options->survey->columns[column];
  if (!c->header) return eh_sql_text_of(sql, c->column);
  return eh_arena_printf(sql->arena, "raw_%zu", column + 1);
}

const char *eh_sql_surveyed_source(struct eh_sql *sql, size_t column) {
  const struct eh_sql_surveyed *c = &sql->options->survey->columns[column];
  const char *text = as_text(sql, named(sql, c->header));
  text = eh_sql_expand(sql->arena, sql->dialect->trim, text, "", "");
  return c->column >= 0 ? with_zeros(sql, &sql->rules->columns[c->column], text) : text;
}

/* A null is no text, whatever stands for "not recorded". */
static void add_surveyed(struct eh_sql_steps *s) {
  struct eh_sql *sql = s->sql;
  const struct eh_sql_survey *survey = sql->options->survey;
  for (size_t k = 0; survey && k < survey->count; k++) {
    if (survey->columns[k].header)
      eh_sql_add_item(s, eh_sql_surveyed_source(sql, k), eh_sql_surveyed_text(sql, k), "");
  }
}

/* Each column's text as it stands; what the database itself keeps as a number or a date, too. */
void eh_sql_write_given(struct eh_sql_steps *s) {
  struct eh_sql *sql = s->sql;
  eh_sql_begin_step(s, "given", false);
  bool as_they_stand = sql->options->survey && sql->options->survey->without_derived;
  for (size_t c = 0; c < sql->rules->column_count && !as_they_stand; c++) {
    const struct eh_column *column = &sql->rules->columns[c];
    if (column->kind != EH_GIVEN) continue;
    eh_sql_add_item(s, eh_sql_recorded_text(sql, c), sql->names[c], "_text");
    if (eh_sql_is_read(column) && type_of(sql, c) != EH_SQL_TEXT)
      eh_sql_add_item(s, raw_of(sql, c), sql->names[c], "_own");
  }
  if (sql->options->shard_key)
    eh_sql_add_item(s, named(sql, sql->options->shard_key), "shard", "_key");
  add_surveyed(s);
  eh_sql_end_step(s, "given", eh_sql_source(sql));
}

/* A finite number of the database's own; null for not a number. */
static const char *own_number(struct eh_sql *sql, const char *own) {
  const char *number = eh_sql_expand(sql->arena, sql->dialect->number, own, "", "");
  if (strcmp(sql->dialect->name, "oracle") == 0)
    return eh_arena_printf(sql->arena, "CASE WHEN %s IS NOT NAN AND %s IS NOT INFINITE THEN %s END",
                           number, number, number);
  return eh_arena_printf(
      sql->arena,
      "CASE WHEN %s BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308 THEN %s END", number,
      number);
}

static void spell_number(struct eh_sql_steps *s, size_t c) {
  struct eh_sql *sql = s->sql;
  const struct eh_number_form *form = sql->rules->numbers, *plain = eh_number_form_named("plain");
  if (type_of(sql, c) != EH_SQL_NUMBER && form && memcmp(form, plain, sizeof *form) != 0)
    eh_sql_refuse(sql, sql->rules->columns[c].place,
                  "it reads plain numbers only (`numbers: plain`); make a number of `%s` in a "
                  "--query, or audit the records as a file",
                  sql->rules->columns[c].header);
  const char *inexact = "0";
  const char *own = eh_arena_printf(sql->arena, "%s_own", sql->names[c]);
  const char *number = type_of(sql, c) == EH_SQL_NUMBER
                           ? own_number(sql, own)
                           : eh_sql_read_number(sql, eh_sql_raw_text(sql, c), &inexact);
  if (type_of(sql, c) == EH_SQL_NUMBER)
    number = eh_arena_printf(sql->arena, "CASE WHEN %s IS NOT NULL THEN %s END",
                             eh_sql_raw_text(sql, c), number);
  eh_sql_add_item(s, number, sql->names[c], "_number");
  eh_sql_add_item(s, inexact, sql->names[c], "_inexact");
}

static void spell_date(struct eh_sql_steps *s, size_t c) {
  struct eh_sql *sql = s->sql;
  const char *own = eh_arena_printf(sql->arena, "%s_own", sql->names[c]);
  if (type_of(sql, c) == EH_SQL_DATE && sql->options->shard_key) {
    eh_sql_add_item(s, eh_arena_printf(sql->arena, "%s - DATE '1970-01-01'", own), sql->names[c],
                    "_form1");
    return;
  }
  if (type_of(sql, c) == EH_SQL_DATE) {
    if (!sql->dialect->ordinal)
      eh_sql_refuse(sql, (struct eh_place){0}, "it has no dates of its own");
    else
      eh_sql_add_item(
          s,
          eh_arena_printf(sql->arena, "CASE WHEN %s IS NOT NULL THEN %s END",
                          eh_sql_raw_text(sql, c),
                          eh_sql_expand(sql->arena, sql->dialect->ordinal, own, "", "")),
          sql->names[c], "_form1");
    return;
  }
  for (size_t f = 0; f < sql->rules->date_form_count; f++)
    eh_sql_add_item(s, eh_sql_read_date(sql, eh_sql_raw_text(sql, c), sql->rules->date_forms[f]),
                    sql->names[c], eh_arena_printf(sql->arena, "_form%zu", f + 1));
}

/* The first form that gives a day that exists. */
static void settle_date(struct eh_sql_steps *s, size_t c) {
  struct eh_sql *sql = s->sql;
  size_t forms = type_of(sql, c) == EH_SQL_DATE ? 1 : sql->rules->date_form_count;
  struct eh_buffer out = {0};
  bool is_own =
      type_of(sql, c) == EH_SQL_DATE; /* then the day exists; its year may be out of range */
  if (!is_own && sql->options->shard_key)
    eh_sql_refuse(sql, sql->rules->columns[c].place,
                  "the table must keep `%s` as a date, for shards read none out of text",
                  sql->rules->columns[c].header);
  eh_buffer_puts(&out, "CASE");
  for (size_t f = 0; f < forms; f++) {
    const char *form = eh_arena_printf(sql->arena, "%s_form%zu", sql->names[c], f + 1);
    eh_buffer_printf(
        &out, " WHEN %s\n      THEN %s",
        is_own ? eh_arena_printf(sql->arena,
                                 sql->options->shard_key ? "%s BETWEEN -719162 AND 2932896"
                                                         : "%s BETWEEN 10101 AND 99991231",
                                 form)
               : eh_sql_day_exists(sql, form),
        form);
  }
  eh_buffer_puts(&out, " END");
  eh_sql_add_item(s, out.text, sql->names[c], "_date");
  eh_buffer_free(&out);
}

static void write_reading(struct eh_sql_steps *s) {
  struct eh_sql *sql = s->sql;
  size_t count = sql->rules->column_count, read = 0, dates = 0;
  const struct eh_column *columns = sql->rules->columns;
  for (size_t c = 0; c < count; c++) {
    read += eh_sql_is_read(&columns[c]);
    dates += eh_sql_is_read(&columns[c]) && columns[c].read_as_date;
    if (eh_sql_is_read(&columns[c]) && columns[c].read_as_date && columns[c].read_as_number)
      eh_sql_refuse(sql, columns[c].place, "%s is read both as a number and as a date",
                    columns[c].name);
  }
  if (read) {
    eh_sql_begin_step(s, "spelled", true);
    for (size_t c = 0; c < count; c++) {
      if (!eh_sql_is_read(&columns[c])) continue;
      if (columns[c].read_as_number) spell_number(s, c);
      if (columns[c].read_as_date) spell_date(s, c);
    }
    eh_sql_end_step(s, "spelled", s->last);
  }
  if (dates) {
    eh_sql_begin_step(s, "dated", true);
    for (size_t c = 0; c < count; c++)
      if (eh_sql_is_read(&columns[c]) && columns[c].read_as_date) settle_date(s, c);
    eh_sql_end_step(s, "dated", s->last);
  }
}

/* --- derived columns --- */

static size_t level_of_condition(const struct eh_expression *condition, const size_t *levels) {
  size_t level = condition->column >= 0 ? levels[condition->column] : 0;
  if (condition->other >= 0 && levels[condition->other] > level) level = levels[condition->other];
  for (size_t i = 0; i < condition->child_count; i++) {
    size_t child = level_of_condition(condition->children[i], levels);
    if (child > level) level = child;
  }
  return level;
}

/* One more than the highest of those that it comes from. */
static size_t level_of(const struct eh_column *column, const size_t *levels) {
  size_t level = 0;
  for (int i = 0; i < 2; i++)
    if (column->of[i] >= 0 && levels[column->of[i]] > level) level = levels[column->of[i]];
  for (size_t i = 0; i < column->choice_count; i++) {
    if (!column->choices[i].condition) continue;
    size_t choice = level_of_condition(column->choices[i].condition, levels);
    if (choice > level) level = choice;
  }
  return level + 1;
}

/* A step for each level: a column's expression names only columns of the steps before. */
static void write_derived(struct eh_sql_steps *s) {
  struct eh_sql *sql = s->sql;
  const struct eh_rules *rules = sql->rules;
  size_t *levels = eh_arena_alloc(sql->arena, rules->column_count, sizeof *levels), highest = 0;
  for (size_t c = 0; c < rules->column_count; c++) {
    if (rules->columns[c].kind == EH_GIVEN || !rules->columns[c].is_evaluated) continue;
    levels[c] = level_of(&rules->columns[c], levels);
    if (levels[c] > highest) highest = levels[c];
  }
  for (size_t level = 1; level <= highest; level++) {
    const char *step = eh_arena_printf(sql->arena, "derived_%zu", level);
    eh_sql_begin_step(s, step, true);
    for (size_t c = 0; c < rules->column_count; c++) {
      if (levels[c] != level) continue;
      const char *value = eh_sql_derive(sql, (int)c);
      eh_sql_add_item(s, eh_sql_is_number_kind(&rules->columns[c]) ? value : as_text(sql, value),
                      sql->names[c], "");
    }
    eh_sql_end_step(s, step, s->last);
  }
}

void eh_sql_write_columns(struct eh_sql_steps *s) {
  eh_sql_write_given(s);
  write_reading(s);
  write_derived(s);
}
