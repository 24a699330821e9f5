/* Derived columns. Dates are whole numbers, year * 10000 + month * 100 + day. */
#include <stdlib.h>
#include <string.h>

#include "engine/base/date.h"
#include "rules/evaluate/labels.h"
#include "rules/sql/internal.h"

static const char *keep(struct eh_sql *sql, struct eh_buffer *text) {
  const char *kept = eh_arena_copy(sql->arena, text->text, text->length);
  eh_buffer_free(text);
  return kept;
}

static const char *quote(struct eh_sql *sql, const char *text) {
  return eh_sql_quote_text(sql, text, strlen(text));
}

static const char *divide(struct eh_sql *sql, const char *number, const char *by) {
  return eh_sql_expand(sql->arena, sql->dialect->divide, number, by, "");
}

/* As in rules/evaluate/derive.c: a birthday has passed when the later month and day are not before
 * the earlier. */
/* A file takes a year of two digits for one before the record's other date. */
static void refuse_short_years(struct eh_sql *sql, const struct eh_column *column) {
  const struct eh_rules *rules = sql->rules;
  bool is_text = !sql->options->types || sql->options->types[column->of[0]] == EH_SQL_TEXT;
  for (size_t f = 0; f < rules->date_form_count && is_text; f++)
    if (eh_date_form_is_short(rules->date_forms[f]))
      eh_sql_refuse(sql, column->place,
                    "'%s' has years of two digits, whose century depends on the record's other "
                    "date; make a date of `%s` in a --query",
                    rules->date_forms[f], rules->columns[column->of[0]].name);
}

static const char *years_between(struct eh_sql *sql, const char *from, const char *to) {
  const char *later = divide(sql, eh_arena_printf(sql->arena, "(%s - %s)", to, from), "10000");
  return eh_arena_printf(sql->arena, "CASE WHEN %s >= %s THEN %s END", to, from, later);
}

/* The number of a day, up to a constant: years begin in March, as in eh_date_from_civil. */
static const char *day_number(struct eh_sql *sql, const char *date) {
  struct eh_arena *arena = sql->arena;
  const char *year = divide(sql, date, "10000");
  const char *month_day = eh_sql_expand(arena, sql->dialect->modulo, date, "10000", "");
  const char *day = eh_sql_expand(arena, sql->dialect->modulo, date, "100", "");
  const char *month = divide(sql, eh_arena_printf(arena, "(%s)", month_day), "100");
  const char *y =
      eh_arena_printf(arena, "(%s - CASE WHEN %s < 300 THEN 1 ELSE 0 END)", year, month_day);
  const char *m =
      eh_arena_printf(arena, "(%s + CASE WHEN %s < 300 THEN 9 ELSE -3 END)", month, month_day);
  return eh_arena_printf(arena, "(365 * %s + %s - %s + %s + %s + %s)", y, divide(sql, y, "4"),
                         divide(sql, y, "100"), divide(sql, y, "400"),
                         divide(sql, eh_arena_printf(arena, "(153 * %s + 2)", m), "5"), day);
}

static const char *bands(struct eh_sql *sql, const struct eh_column *column) {
  const char *number = eh_sql_number_of(sql, column->of[0]);
  struct eh_buffer out = {0};
  eh_buffer_printf(&out, "CASE WHEN %s IS NULL THEN NULL", number);
  for (size_t i = 0; i < column->bound_count; i++)
    eh_buffer_printf(&out, " WHEN %s < %s THEN %s", number, eh_sql_real(sql, column->bounds[i]),
                     quote(sql, eh_label_band(sql->arena, column, i)));
  eh_buffer_printf(&out, " ELSE %s END",
                   quote(sql, eh_label_band(sql->arena, column, column->bound_count)));
  return keep(sql, &out);
}

/* Digits of a date from a place on, the year's first being 1. */
static const char *digits(struct eh_sql *sql, const char *date, const char *from,
                          const char *count) {
  const char *text = eh_sql_expand(sql->arena, sql->dialect->as_text,
                                   eh_arena_printf(sql->arena, "100000000 + %s", date), "", "");
  return eh_sql_expand(sql->arena, sql->dialect->part, text, from, count);
}

static const char *join(struct eh_sql *sql, const char *left, const char *right) {
  return eh_sql_expand(sql->arena, sql->dialect->join, left, right, "");
}

static const char *period(struct eh_sql *sql, const struct eh_column *column) {
  const char *date = eh_sql_date_of(sql, column->of[0]);
  struct eh_arena *arena = sql->arena;
  const char *year = digits(sql, date, "2", "4");
  const char *month_day = eh_sql_expand(arena, sql->dialect->modulo, date, "10000", "");
  switch (column->kind) {
    case EH_MONTH:
      return join(sql, join(sql, year, "'-'"), digits(sql, date, "6", "2"));
    case EH_QUARTER: {
      const char *quarter = eh_arena_printf(arena,
                                            "CASE WHEN %s < 400 THEN 'Q1' WHEN %s < 700 THEN 'Q2' "
                                            "WHEN %s < 1000 THEN 'Q3' ELSE 'Q4' END",
                                            month_day, month_day, month_day);
      return join(sql, year, quarter);
    }
    case EH_YEAR:
      return year;
    default: { /* a year that begins in October: three months on, it is the calendar year */
      const char *shifted = eh_arena_printf(
          arena, "%s + CASE WHEN %s >= 1000 THEN 10000 ELSE 0 END", date, month_day);
      return eh_arena_printf(
          arena, "CASE WHEN %s >= 99991001 THEN 'FY10000' WHEN %s IS NOT NULL THEN %s END", date,
          date, join(sql, "'FY'", digits(sql, shifted, "2", "4")));
    }
  }
}

static const char *first_of(struct eh_sql *sql, const struct eh_column *column) {
  struct eh_buffer out = {0};
  eh_buffer_puts(&out, "CASE");
  for (size_t i = 0; i < column->choice_count; i++) {
    const struct eh_choice *choice = &column->choices[i];
    eh_buffer_printf(&out, " WHEN %s THEN %s", eh_sql_known_true(sql, choice->condition),
                     quote(sql, choice->label));
    /* One that cannot be known might have held: the labels after it are not known either. */
    if (choice->condition->kind != EH_OTHERWISE && i + 1 < column->choice_count)
      eh_buffer_printf(&out, " WHEN NOT (%s) THEN NULL",
                       eh_sql_known_false(sql, choice->condition));
  }
  eh_buffer_puts(&out, " END");
  return keep(sql, &out);
}

static const char *recode(struct eh_sql *sql, const struct eh_column *column) {
  const char *value = eh_sql_text_of(sql, column->of[0]);
  struct eh_buffer out = {0};
  eh_buffer_puts(&out, "CASE");
  for (size_t i = 0; i < column->choice_count; i++) {
    const struct eh_choice *choice = &column->choices[i];
    if (choice->text_count == 0) continue;
    eh_buffer_printf(&out, " WHEN %s IN (", value);
    for (size_t k = 0; k < choice->text_count; k++)
      eh_buffer_printf(&out, "%s%s", k ? ", " : "", eh_sql_constant(sql, &choice->texts[k]));
    eh_buffer_printf(&out, ") THEN %s", quote(sql, choice->label));
  }
  if (column->otherwise)
    eh_buffer_printf(&out, " WHEN %s IS NOT NULL THEN %s", value, quote(sql, column->otherwise));
  eh_buffer_puts(&out, " WHEN 1 = 0 THEN '' END"); /* a CASE needs one */
  return keep(sql, &out);
}

static int by_day(const void *left, const void *right) {
  int32_t a = *(const int32_t *)left, b = *(const int32_t *)right;
  return (a > b) - (a < b);
}

static const char *policies_on(struct eh_sql *sql, int32_t day) {
  struct eh_buffer names = {0};
  for (size_t i = 0; i < sql->rules->policy_count; i++) {
    const struct eh_policy *p = &sql->rules->policies[i];
    if (day < p->from || day > p->until) continue;
    eh_buffer_printf(&names, "%s%s", names.length ? " + " : "", p->name);
  }
  if (!names.length) eh_buffer_puts(&names, "(none)");
  return quote(sql, keep(sql, &names));
}

/* The names in force change only where a policy begins or has ended. */
static const char *policy(struct eh_sql *sql, const struct eh_column *column) {
  const struct eh_rules *rules = sql->rules;
  const char *date = eh_sql_date_of(sql, column->of[0]);
  int32_t *changes = eh_arena_alloc(sql->arena, 2 * rules->policy_count + 1, sizeof *changes);
  size_t count = 0;
  for (size_t i = 0; i < rules->policy_count; i++) {
    changes[count++] = rules->policies[i].from;
    if (rules->policies[i].until != INT32_MAX) changes[count++] = rules->policies[i].until + 1;
  }
  qsort(changes, count, sizeof *changes, by_day);
  struct eh_buffer out = {0};
  eh_buffer_printf(&out, "CASE WHEN %s IS NULL THEN NULL", date);
  for (size_t i = 0; i < count; i++)
    if (i == 0 || changes[i] != changes[i - 1])
      eh_buffer_printf(&out, " WHEN %s < %s THEN %s", date, eh_sql_day(sql, changes[i]),
                       policies_on(sql, changes[i] - 1));
  eh_buffer_printf(&out, " ELSE %s END", policies_on(sql, count ? changes[count - 1] : 0));
  return keep(sql, &out);
}

/* On shards a date is the number of its day, and what needs the calendar is not sent to them. */
static const char *derive_on_shards(struct eh_sql *sql, const struct eh_column *column) {
  if (column->kind == EH_DAYS_BETWEEN)
    return eh_arena_printf(sql->arena, "%s - %s", eh_sql_date_of(sql, column->of[1]),
                           eh_sql_date_of(sql, column->of[0]));
  eh_sql_refuse(sql, column->place,
                "%s needs the calendar, which PostgreSQL does not send to shards; days_between and "
                "policies work",
                column->name);
  return "0";
}

const char *eh_sql_derive(struct eh_sql *sql, int index) {
  const struct eh_column *column = &sql->rules->columns[index];
  bool of_dates = eh_sql_is_number_kind(column) || column->kind == EH_MONTH ||
                  column->kind == EH_QUARTER || column->kind == EH_YEAR ||
                  column->kind == EH_FISCAL_YEAR;
  if (sql->options->shard_key && of_dates) return derive_on_shards(sql, column);
  switch (column->kind) {
    case EH_YEARS_BETWEEN:
      refuse_short_years(sql, column);
      return years_between(sql, eh_sql_date_of(sql, column->of[0]),
                           eh_sql_date_of(sql, column->of[1]));
    case EH_DAYS_BETWEEN:
      return eh_arena_printf(sql->arena, "%s - %s",
                             day_number(sql, eh_sql_date_of(sql, column->of[1])),
                             day_number(sql, eh_sql_date_of(sql, column->of[0])));
    case EH_BANDS:
      return bands(sql, column);
    case EH_FIRST_OF:
      return first_of(sql, column);
    case EH_RECODE:
      return recode(sql, column);
    case EH_POLICY:
      return policy(sql, column);
    case EH_MONTH:
    case EH_QUARTER:
    case EH_YEAR:
    case EH_FISCAL_YEAR:
      return period(sql, column);
    case EH_GIVEN:
    case EH_SOURCE: /* refused before */
      break;
  }
  return sql->names[index];
}
