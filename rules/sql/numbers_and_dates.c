/* Numbers and dates out of text columns, exactly as eh_number_parse and eh_date_parse read them. */
#include <stdlib.h>
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/tidy.h"
#include "rules/sql/internal.h"

static const char *keep(struct eh_sql *sql, struct eh_buffer *text) {
  const char *kept = eh_arena_copy(sql->arena, text->text, text->length);
  eh_buffer_free(text);
  return kept;
}

/* --- numbers --- */

static const char *matches(struct eh_sql *sql, const char *text, const char *regular) {
  const char *pattern =
      eh_arena_printf(sql->arena, "%s%s%s", sql->dialect->begin, regular, sql->dialect->end);
  return eh_sql_match(sql, text, pattern);
}

static const char *length_of(struct eh_sql *sql, const char *text) {
  return eh_sql_expand(sql->arena, sql->dialect->length, text, "", "");
}

/* Within these bounds every dialect's conversion is exact and no result is out of range. */
static const char *read_number_by_regular(struct eh_sql *sql, const char *text,
                                          const char **inexact) {
  const char *safe = eh_arena_printf(
      sql->arena, "(%s OR %s)", matches(sql, text, "[+-]?[0-9]{1,200}([.][0-9]{1,200})?"),
      matches(sql, text, "[+-]?[0-9]{1,100}([.][0-9]{1,100})?[eE][+-]?[0-9]{1,2}"));
  *inexact = eh_arena_printf(sql->arena, "CASE WHEN %s AND NOT %s AND %s <= 512 THEN 1 ELSE 0 END",
                             matches(sql, text, "[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?"), safe,
                             length_of(sql, text));
  return eh_arena_printf(sql->arena, "CASE WHEN %s THEN %s END", safe,
                         eh_sql_expand(sql->arena, sql->dialect->number, text, "", ""));
}

/* A GLOB pattern as the dialect writes it. */
static const char *glob(struct eh_sql *sql, const char *text, const char *pattern) {
  char *own = eh_arena_string(sql->arena, pattern);
  for (char *s = own; *s && sql->dialect->matching == EH_SQL_LIKE; s++) {
    if (*s == '*') *s = '%';
    if (*s == '?') *s = '_';
  }
  return eh_sql_match(sql, text, own);
}

/* A sign perhaps, and digits; with a point among them where dots is set. */
static const char *is_plain(struct eh_sql *sql, const char *text, bool dots) {
  const char *all = eh_arena_printf(sql->arena, "((%s OR %s) AND NOT (%s) AND %s",
                                    glob(sql, text, "[0-9]*"), glob(sql, text, "[+-][0-9]*"),
                                    glob(sql, text, dots ? "?*[^0-9.]*" : "?*[^0-9]*"),
                                    glob(sql, text, "*[0-9]"));
  if (!dots) return eh_arena_printf(sql->arena, "%s)", all);
  return eh_arena_printf(sql->arena, "%s AND NOT (%s))", all, glob(sql, text, "*.*.*"));
}

/* Up to 15 digits are exact everywhere; numbers that are longer or have exponents are counted. */
static const char *read_number_by_glob(struct eh_sql *sql, const char *text, const char **inexact) {
  struct eh_arena *arena = sql->arena;
  const char *plain = is_plain(sql, text, true), *length = length_of(sql, text);
  const char *e = eh_sql_expand(arena, sql->dialect->place,
                                eh_arena_printf(arena, "LOWER(%s)", text), "'e'", "");
  /* The place is 0 where there is no e: one more keeps what is asked for in range. */
  const char *mantissa =
      eh_sql_expand(arena, sql->dialect->part, text, "1",
                    eh_arena_printf(arena, "CASE WHEN %s > 0 THEN %s - 1 ELSE 0 END", e, e));
  const char *exponent =
      eh_sql_expand(arena, sql->dialect->behind, text, eh_arena_printf(arena, "%s + 1", e), "");
  *inexact = eh_arena_printf(arena,
                             "CASE WHEN %s <= 17 AND %s THEN 0 WHEN %s > 512 OR %s IS NULL THEN 0 "
                             "WHEN %s THEN 1 WHEN %s > 0 AND %s AND %s THEN 1 ELSE 0 END",
                             length, plain, length, text, plain, e, is_plain(sql, mantissa, true),
                             is_plain(sql, exponent, false));
  return eh_arena_printf(arena, "CASE WHEN %s <= 17 AND %s THEN %s END", length, plain,
                         eh_sql_expand(arena, sql->dialect->number, text, "", ""));
}

const char *eh_sql_read_number(struct eh_sql *sql, const char *text, const char **inexact) {
  if (sql->dialect->matching == EH_SQL_REGULAR) return read_number_by_regular(sql, text, inexact);
  return read_number_by_glob(sql, text, inexact);
}

const char *eh_sql_is_digits(struct eh_sql *sql, const char *text) {
  if (sql->dialect->matching == EH_SQL_REGULAR) return matches(sql, text, "[0-9]+");
  return eh_arena_printf(sql->arena, "(%s AND NOT (%s))", glob(sql, text, "[0-9]*"),
                         glob(sql, text, "*[^0-9]*"));
}

/* Several groups of digits are no number, and do no harm. */
static const char *is_threes_by_glob(struct eh_sql *sql, const char *text) {
  static const char *const signs[] = {"", "[+-]"};
  static const char *const firsts[] = {"[1-9]", "[1-9][0-9]", "[1-9][0-9][0-9]"};
  struct eh_buffer out = {0};
  for (size_t i = 0; i < 6; i++)
    eh_buffer_printf(
        &out, "%s%s", i ? " OR " : "(",
        glob(sql, text,
             eh_arena_printf(sql->arena, "%s%s.[0-9][0-9][0-9]", signs[i % 2], firsts[i / 2])));
  eh_buffer_puts(&out, ")");
  return keep(sql, &out);
}

const char *eh_sql_is_threes(struct eh_sql *sql, const char *text) {
  if (sql->dialect->matching != EH_SQL_REGULAR) return is_threes_by_glob(sql, text);
  return matches(sql, text, "[+-]?[1-9][0-9]{0,2}([.][0-9]{3})+");
}

const char *eh_sql_is_decimal(struct eh_sql *sql, const char *text) {
  const char *evidence;
  if (sql->dialect->matching == EH_SQL_REGULAR)
    evidence = eh_arena_printf(sql->arena, "(%s OR %s)", matches(sql, text, "[+-]?[0-9]+[.][0-9]+"),
                               matches(sql, text, "[+-]?0*[1-9][0-9]{3,}"));
  else
    evidence = eh_arena_printf(sql->arena, "(%s AND (%s OR %s))", is_plain(sql, text, true),
                               glob(sql, text, "*.*"), glob(sql, text, "*[1-9][0-9][0-9][0-9]*"));
  return eh_arena_printf(sql->arena, "%s AND NOT (%s)", evidence, eh_sql_is_threes(sql, text));
}

/* --- dates --- */

/* A number may lack its leading zeros, so a form stands for several layouts of fixed width. Each is
   one pattern with every part in its place, which all dialects can match and take apart. Where
   there are regular expressions, one of them asks first whether the text has the form at all
   (servers compile few of them at a time), and the layouts are then told apart by LIKE. */
enum { MOST_PARTS = 32, MOST_LAYOUTS = 256, MOST_WIDTHS = 8 };

struct part {
  char letter;         /* of the form; 0: the literal */
  const char *literal; /* one character of UTF-8 */
  size_t literal_length;
  int widths[MOST_WIDTHS]; /* that it may have, widest first; of %e, negative: after a blank; of the
                              fraction: 0 or 1 */
  size_t width_count;
  size_t chosen; /* among the widths */
};

struct spelling {
  struct eh_sql *sql;
  const char *text, *form;
  struct part parts[MOST_PARTS];
  size_t part_count;
  struct eh_buffer pattern, conditions;
  size_t place; /* of the next character, from 1 */
  const char *year, *month, *day;
  bool is_short; /* the year is one of the hundred that end on options->as_of */
};

enum { FRACTION = '.' };
/* What may stand in the name of a month; which letters are, a database may see otherwise. */
#define NAME_CLASS "[^0-9 .,:;/-]"

static void refuse_form(struct spelling *s, const char *why) {
  eh_sql_refuse(s->sql, (struct eh_place){0}, "the date form '%s' %s", s->form, why);
}

static void set_widths(struct part *part, const int *widths, size_t count) {
  memcpy(part->widths, widths, count * sizeof *widths);
  part->width_count = count;
}

static void plan_part(struct spelling *s, char letter, struct part *part) {
  static const int year[] = {4}, two[] = {2, 1}, blank[] = {-2, -1, 2, 1},
                   name[] = {10, 9, 8, 7, 6, 5, 4, 3};
  part->letter = letter;
  switch (letter) {
    case 'Y':
      set_widths(part, year, 1);
      return;
    case 'e':
      set_widths(part, blank, 4);
      return;
    case 'b':
    case 'B':
      set_widths(part, name, 8);
      return;
    case 'j':
      refuse_form(s, "counts the days of the year (%j)");
      return;
    case 'z':
      refuse_form(s, "has a time zone (%z)");
      return;
    case 'a':
    case 'A':
      refuse_form(s, "has the name of a day (%a)");
      return;
    case 'I':
    case 'p':
      refuse_form(s, "has hours of half a day (%I, %p)");
      return;
    default:
      set_widths(part, two, 2);
      return;
  }
}

static size_t character_length(const char *text) {
  size_t length = 1;
  while (((unsigned char)text[length] & 0xC0) == 0x80) length++;
  return length;
}

/* Take the form apart. */
static void plan_parts(struct spelling *s) {
  static const int fraction[] = {1, 0}, one[] = {1};
  for (const char *f = s->form; *f && s->part_count + 2 < MOST_PARTS;) {
    struct part *part = &s->parts[s->part_count++];
    if (*f == '%' && f[1] && f[1] != '%') {
      plan_part(s, f[1], part);
      f += 2;
      if (part->letter != 'S') continue;
      if (*f) refuse_form(s, "has seconds, which may have a fraction, before its end");
      struct part *after = &s->parts[s->part_count++];
      after->letter = FRACTION;
      set_widths(after, fraction, 2);
    } else {
      f += *f == '%';
      part->literal = f;
      part->literal_length = character_length(f);
      set_widths(part, one, 1);
      f += part->literal_length;
    }
  }
}

/* Could the part begin with a digit? */
static bool takes_digit(const struct part *part) {
  if (!part->letter) return part->literal[0] >= '0' && part->literal[0] <= '9';
  return part->letter != 'b' && part->letter != 'B' && part->letter != FRACTION;
}

/* A number takes all the digits that it can: a narrow one is followed by something else. */
static bool is_possible(const struct spelling *s) {
  for (size_t i = 0; i + 1 < s->part_count; i++) {
    const struct part *part = &s->parts[i], *next = &s->parts[i + 1];
    bool is_narrow =
        part->width_count > 1 && abs(part->widths[part->chosen]) == 1 && part->letter != FRACTION;
    if (is_narrow && takes_digit(next)) return false;
  }
  return true;
}

static bool is_regular(const struct spelling *s) {
  return s->sql->dialect->matching == EH_SQL_REGULAR;
}

static void add_class(struct spelling *s, const char *class, int count) {
  for (int i = 0; i < count; i++) eh_buffer_puts(&s->pattern, is_regular(s) ? "_" : class);
}

static void add_literal(struct spelling *s, const struct part *part) {
  const char *special = s->sql->dialect->matching == EH_SQL_GLOB ? "*?[" : "%_[";
  char c = part->literal[0];
  if (c == '\\' || c == '^' || c == ']')
    refuse_form(s, "has a character that patterns have no safe way to write");
  if (!strchr(special, c))
    eh_buffer_add(&s->pattern, part->literal, part->literal_length);
  else if (is_regular(s))
    eh_buffer_puts(&s->pattern, "_");
  else
    eh_buffer_printf(&s->pattern, "[%c]", c);
  s->place++;
}

/* The characters of the text where the next part stands. */
static const char *here(struct spelling *s, int width) {
  struct eh_arena *arena = s->sql->arena;
  return eh_sql_expand(arena, s->sql->dialect->part, s->text,
                       eh_arena_printf(arena, "%zu", s->place),
                       eh_arena_printf(arena, "%d", width));
}

/* Characters, as databases count them. */
static int characters(const char *text) {
  int count = 0;
  for (; *text; text++) count += ((unsigned char)*text & 0xC0) != 0x80;
  return count;
}

static const char *month_of_name(struct spelling *s, int width) {
  struct eh_arena *arena = s->sql->arena;
  struct eh_buffer out = {0};
  const char *name;
  int month;
  eh_buffer_printf(&out, "CASE LOWER(%s)", here(s, width));
  for (size_t i = 0; (name = eh_date_month_name(i, &month)) != NULL; i++) {
    if (characters(name) != width) continue;
    const char *other = eh_tidy_small_of_capitals(arena, name);
    eh_buffer_printf(&out, " WHEN %s THEN %d", eh_sql_quote_text(s->sql, name, strlen(name)),
                     month);
    if (strcmp(other, name) != 0)
      eh_buffer_printf(&out, " WHEN %s THEN %d", eh_sql_quote_text(s->sql, other, strlen(other)),
                       month);
  }
  eh_buffer_puts(&out, " ELSE 0 END");
  return keep(s->sql, &out);
}

/* The century may have to change once the whole date is known. */
static const char *short_year(struct spelling *s, const char *number) {
  struct eh_arena *arena = s->sql->arena;
  int32_t as_of = s->sql->options->as_of;
  s->is_short = as_of != 0;
  if (!as_of)
    return eh_arena_printf(arena, "(%s + CASE WHEN %s < 69 THEN 2000 ELSE 1900 END)", number,
                           number);
  int year = eh_date_to_civil(as_of).year;
  return eh_arena_printf(arena, "(%s + %d)", number, year - year % 100);
}

static void add_number(struct spelling *s, const struct part *part, int width) {
  struct eh_arena *arena = s->sql->arena;
  const char *digits = here(s, width);
  const char *number = eh_sql_expand(arena, s->sql->dialect->integer, digits, "", "");
  const char *most = part->letter == 'H' ? "24" : part->letter == 'M' ? "59" : "60";
  switch (part->letter) {
    case 'Y':
      s->year = number;
      break;
    case 'y':
      s->year = short_year(s, number);
      break;
    case 'm':
      s->month = number;
      break;
    case 'd':
    case 'e':
      s->day = number;
      break;
    default:
      if (width == 2) eh_buffer_printf(&s->conditions, " AND %s <= '%s'", digits, most);
      break;
  }
  add_class(s, "[0-9]", width);
  s->place += (size_t)width;
}

/* .digits up to the end */
static void add_fraction(struct spelling *s) {
  if (is_regular(s)) {
    eh_buffer_puts(&s->pattern, ".%");
    return;
  }
  bool like = s->sql->dialect->matching == EH_SQL_LIKE;
  const char *behind = eh_sql_expand(s->sql->arena, s->sql->dialect->behind, s->text,
                                     eh_arena_printf(s->sql->arena, "%zu", s->place + 1), "");
  eh_buffer_puts(&s->pattern, like ? ".[0-9]%" : ".[0-9]*");
  eh_buffer_printf(&s->conditions, " AND NOT (%s)", glob(s->sql, behind, "*[^0-9]*"));
}

static void add_part(struct spelling *s, size_t index) {
  const struct part *part = &s->parts[index];
  int width = part->widths[part->chosen];
  if (!part->letter) {
    add_literal(s, part);
  } else if (part->letter == FRACTION) {
    if (width) add_fraction(s);
  } else if (part->letter == 'b' || part->letter == 'B') {
    s->month = month_of_name(s, width);
    if (is_regular(s)) eh_buffer_printf(&s->conditions, " AND %s <> 0", s->month);
    add_class(s, NAME_CLASS, width);
    s->place += (size_t)width;
  } else {
    if (width < 0) {
      eh_buffer_puts(&s->pattern, " ");
      s->place++;
    }
    add_number(s, part, abs(width));
  }
}

/* One layout: WHEN the text has it THEN its date. */
static void add_layout(struct spelling *s, struct eh_buffer *out) {
  s->pattern.length = s->conditions.length = 0;
  s->place = 1;
  for (size_t i = 0; i < s->part_count; i++) add_part(s, i);
  if (s->sql->status != EH_OK) return;
  const char *pattern = s->pattern.text;
  const char *has = is_regular(s)
                        ? eh_arena_printf(s->sql->arena, "%s LIKE %s", s->text,
                                          eh_sql_quote_text(s->sql, pattern, strlen(pattern)))
                        : eh_sql_match(s->sql, s->text, pattern);
  const char *date =
      eh_arena_printf(s->sql->arena, "%s * 10000 + %s * 100 + %s", s->year, s->month, s->day);
  struct eh_civil end = eh_date_to_civil(s->sql->options->as_of);
  if (s->is_short)
    date = eh_arena_printf(s->sql->arena, "CASE WHEN %s > %d THEN %s - 1000000 ELSE %s END", date,
                           10000 * end.year + 100 * end.month + end.day, date, date);
  eh_buffer_printf(out, "\n      WHEN %s%s\n      THEN %s", has,
                   s->conditions.length ? s->conditions.text : "", date);
}

/* The form as one regular expression. */
static const char *whole_form(struct spelling *s) {
  struct eh_buffer out = {0};
  for (size_t i = 0; i < s->part_count; i++) {
    const struct part *part = &s->parts[i];
    bool has_room = i + 1 == s->part_count || !takes_digit(&s->parts[i + 1]);
    if (!part->letter && strchr(".*+?()[]{}|/$", part->literal[0]))
      eh_buffer_printf(&out, "[%c]", part->literal[0]);
    else if (!part->letter)
      eh_buffer_add(&out, part->literal, part->literal_length);
    else if (part->letter == FRACTION)
      eh_buffer_puts(&out, "([.][0-9]+)?");
    else if (part->letter == 'Y')
      eh_buffer_puts(&out, "[0-9]{4}");
    else if (part->letter == 'b' || part->letter == 'B')
      eh_buffer_puts(&out, NAME_CLASS "{3,10}");
    else
      eh_buffer_printf(&out, "%s%s", part->letter == 'e' ? "[ ]?" : "",
                       has_room ? "[0-9]{1,2}" : "[0-9]{2}");
  }
  return matches(s->sql, s->text, keep(s->sql, &out));
}

/* The next choice of widths; false after the last. */
static bool next_layout(struct spelling *s) {
  for (size_t i = s->part_count; i-- > 0;) {
    if (++s->parts[i].chosen < s->parts[i].width_count) return true;
    s->parts[i].chosen = 0;
  }
  return false;
}

static void check_plan(struct spelling *s) {
  for (size_t i = 0; i + 1 < s->part_count; i++) {
    const struct part *part = &s->parts[i], *next = &s->parts[i + 1];
    bool letters = part->letter == 'b' || part->letter == 'B';
    bool more =
        next->letter == 'b' || next->letter == 'B' ||
        (!next->letter && ((next->literal[0] | 32) >= 'a' && (next->literal[0] | 32) <= 'z'));
    if (letters && more) refuse_form(s, "has a letter right behind the name of a month");
  }
  if (s->part_count + 2 >= MOST_PARTS) refuse_form(s, "is too long");
}

const char *eh_sql_read_date(struct eh_sql *sql, const char *text, const char *form) {
  struct spelling s = {.sql = sql, .text = text, .form = form};
  if (eh_date_form_is_serial(form)) refuse_form(&s, "counts days or seconds");
  plan_parts(&s);
  check_plan(&s);
  struct eh_buffer out = {0};
  eh_buffer_puts(&out, "CASE");
  if (is_regular(&s))
    eh_buffer_printf(&out, "\n      WHEN %s IS NULL OR NOT %s THEN NULL", text, whole_form(&s));
  size_t count = 0;
  do {
    if (!is_possible(&s)) continue;
    if (++count > MOST_LAYOUTS) refuse_form(&s, "can be written in too many ways");
    add_layout(&s, &out);
  } while (sql->status == EH_OK && next_layout(&s));
  eh_buffer_puts(&out, " END");
  eh_buffer_free(&s.pattern);
  eh_buffer_free(&s.conditions);
  return keep(sql, &out);
}

const char *eh_sql_day_exists(struct eh_sql *sql, const char *date) {
  struct eh_arena *arena = sql->arena;
  const char *modulo = sql->dialect->modulo;
  const char *month_day = eh_sql_expand(arena, modulo, date, "10000", "");
  const char *year =
      eh_arena_printf(arena, "(%s)", eh_sql_expand(arena, sql->dialect->divide, date, "10000", ""));
  struct eh_buffer out = {0};
  eh_buffer_printf(&out, "%s BETWEEN 10101 AND 99991231 AND (", date);
  static const int last[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  for (int m = 0; m < 12; m++)
    eh_buffer_printf(&out, "%s%s BETWEEN %d AND %d", m ? " OR " : "", month_day, 100 * (m + 1) + 1,
                     100 * (m + 1) + last[m]);
  eh_buffer_printf(&out, " OR (%s = 229 AND ((%s = 0 AND %s <> 0) OR %s = 0)))", month_day,
                   eh_sql_expand(arena, modulo, year, "4", ""),
                   eh_sql_expand(arena, modulo, year, "100", ""),
                   eh_sql_expand(arena, modulo, year, "400", ""));
  return keep(sql, &out);
}
