/* What the files behind rules/sql/sql.h share. */
#ifndef EVENHAND_RULES_SQL_INTERNAL_H
#define EVENHAND_RULES_SQL_INTERNAL_H

#include "rules/sql/sql.h"

/* How a dialect asks whether a text has a form. */
enum eh_sql_matching { EH_SQL_REGULAR, EH_SQL_GLOB, EH_SQL_LIKE };
/* How a text constant is written. */
enum eh_sql_quoting {
  EH_SQL_DOUBLED,     /* 'it''s'; a backslash is a backslash */
  EH_SQL_E_STRING,    /* the same; with a backslash E'a\\b', which no setting changes */
  EH_SQL_HEXADECIMAL, /* the same; with a backslash in hexadecimal, which no setting changes */
  EH_SQL_BACKSLASHED, /* 'it\'s' */
  EH_SQL_NATIONAL     /* as the first; not in ASCII: N'...', made the text it is compared with */
};

/* Templates have $1, $2 and $3 for what goes in. */
struct eh_sql_dialect {
  const char *name;
  const char *servers[6]; /* how servers that speak it begin the name they give themselves */
  char open, close;       /* quotation marks of names */
  size_t longest_name;
  enum eh_sql_quoting quoting;
  enum eh_sql_matching matching;
  const char *match;       /* text $1 matches pattern $2 (a constant) */
  const char *begin, *end; /* of a regular expression: the whole text, and no line break after it */
  const char *text;        /* $1 as text that compares bytewise and case-sensitively */
  const char *as_text;     /* a number as text */
  const char *trim;        /* without spaces and tabs around it */
  const char *part;        /* $3 characters of $1 from $2 on, counted from 1 */
  const char *behind;      /* $1 from character $2 on */
  const char *length;      /* in characters */
  const char *bytes;       /* the same in bytes of UTF-8 */
  const char *place;       /* of text $2 in $1, from 1; 0: not there */
  const char *integer, *number; /* a text known to be one, as one; number also of a native number */
  const char *join;             /* of two texts */
  const char *divide;           /* whole numbers, not negative, without the rest */
  const char *modulo;
  const char *ordinal; /* of a native date or timestamp: year * 10000 + month * 100 + day */
  const char *common;  /* after the name of a common table expression */
  const char
      *fence; /* at the end of one: its expressions are computed once, not copied into their uses */
  const char *least;     /* a text before every other; NULL: the empty text is null here */
  const char *temporary; /* makes a temporary table with columns $1; NULL: there is none */
  const char *lasting;   /* the type of a column that holds any text, which compares bytewise */
  bool has_decimals; /* a constant with a point is no double unless it has an exponent */
  /* Where a command may be asked (eh_sql_probe); NULL: it may not. */
  const char *marked;    /* the rows of query $1 as texts: `-` for null, or `=` and the text */
  const char *described; /* the names and types of the columns of query $1, as rows */
  const char *probe;
};

struct eh_sql {
  struct eh_arena *arena;
  const struct eh_rules *rules;
  const struct eh_sql_options *options;
  const struct eh_sql_dialect *dialect;
  const char **names; /* by column of the rules: what it is called in the statement */
  struct eh_error *error;
  enum eh_status status; /* the first refusal */
};

const char *eh_sql_expand(struct eh_arena *arena, const char *template, const char *first,
                          const char *second, const char *third);
const char *eh_sql_quote_name(struct eh_sql *sql, const char *name, size_t length);
const char *eh_sql_quote_text(struct eh_sql *sql, const char *text, size_t length);
/* Does the text match the pattern (quoted here)? */
const char *eh_sql_match(struct eh_sql *sql, const char *text, const char *pattern);
/* A constant as the reading asks. */
const char *eh_sql_constant(struct eh_sql *sql, const struct eh_literal *literal);
const char *eh_sql_day(struct eh_sql *sql, int32_t day);
const char *eh_sql_real(struct eh_sql *sql, double number);
/* Refuse: the first reason stands. */
void eh_sql_refuse(struct eh_sql *sql, struct eh_place place, const char *format, ...)
    EH_PRINTF(3, 4);

/* --- sql_read.c: out of text --- */

/* The number that a text is, or null; *inexact is 1 for a number that the dialect may not read
 * exactly. */
const char *eh_sql_read_number(struct eh_sql *sql, const char *text, const char **inexact);
/* The date that a text is by one form, as a whole number whose day may not exist, or null. */
const char *eh_sql_read_date(struct eh_sql *sql, const char *text, const char *form);
/* A predicate: is it nothing but digits? */
const char *eh_sql_is_digits(struct eh_sql *sql, const char *text);
/* Predicates, null for null: as enum eh_amount_shape has them. */
const char *eh_sql_is_threes(struct eh_sql *sql, const char *text);
const char *eh_sql_is_decimal(struct eh_sql *sql, const char *text);
/* A predicate: does the day exist? */
const char *eh_sql_day_exists(struct eh_sql *sql, const char *ordinal);

/* --- sql_condition.c --- */

/* A column's value; null where it is not known. */
const char *eh_sql_text_of(struct eh_sql *sql, int column);
const char *eh_sql_number_of(struct eh_sql *sql, int column);
const char *eh_sql_date_of(struct eh_sql *sql, int column);
/* Predicates that are never null. */
const char *eh_sql_known_true(struct eh_sql *sql, const struct eh_expression *condition);
const char *eh_sql_known_false(struct eh_sql *sql, const struct eh_expression *condition);

/* --- sql_derive.c --- */

/* A derived column's value: its label, or the number of years or days. */
const char *eh_sql_derive(struct eh_sql *sql, int column);
static inline bool eh_sql_is_number_kind(const struct eh_column *column) {
  return column->kind == EH_YEARS_BETWEEN || column->kind == EH_DAYS_BETWEEN;
}

/* --- sql_columns.c --- */

/* The statement being written: the last step's name, and the text so far. */
struct eh_sql_steps {
  struct eh_sql *sql;
  struct eh_buffer text;
  const char *last;          /* the step that the next one reads; NULL: none yet */
  bool is_open;              /* the list of the step being written has something in it */
  struct eh_buffer *columns; /* of the step `records`, with their types; NULL: not wanted */
};
/* A step is called evenhand_NAME: some engines would take its name for that of a table. with_all:
   the step has all columns of the one before, too. */
void eh_sql_begin_step(struct eh_sql_steps *steps, const char *name, bool with_all);
void eh_sql_add_item(struct eh_sql_steps *steps, const char *expression, const char *name,
                     const char *suffix);
void eh_sql_end_step(struct eh_sql_steps *steps, const char *name, const char *from);
/* Every step from the table to the last derived column. */
void eh_sql_write_columns(struct eh_sql_steps *steps);

/* --- sql.c --- */

/* Every statement about records begins with eh_sql_begin and eh_sql_write_records, which makes the
   step `records`: one row for each record, with fate, record_date, malformed_ and inexact_ counts,
   the dimensions, the measures' outcomes, the person, and with_texts the texts of all given
   columns. The caller adds what it asks of them and ends with eh_sql_finish. */
void eh_sql_begin(struct eh_sql_steps *steps, struct eh_sql *sql, struct eh_error *error);
void eh_sql_write_records(struct eh_sql_steps *steps, bool with_texts);
/* What a measure says of a record: enum eh_sql_outcome. */
const char *eh_sql_outcome_of(struct eh_sql *sql, const struct eh_measure *measure);
enum eh_status eh_sql_finish(struct eh_sql_steps *steps, const char **statement) EH_MUST_USE;

/* --- repeats.c --- */

/* The steps that tell the records of one case, and of one person, apart. They have the columns kept
   (a fate), case_turn (from 1, among those of its case) and measure_N_outcome. */
void eh_sql_write_fates(struct eh_sql_steps *steps);
/* After these: a record's fate; and what a measure says of it, all records of its case considered
   where the rules ask for that. */
const char *eh_sql_fate(struct eh_sql *sql);
const char *eh_sql_settled_outcome(struct eh_sql *sql, size_t measure);

/* --- sql_columns.c, further --- */

/* What a column is called in the statement: plain, so that no dialect needs it quoted. */
const char *eh_sql_name_column(struct eh_arena *arena, const char *name, size_t index);
/* The table or query to read from, named t. */
const char *eh_sql_source(struct eh_sql *sql);
/* A given column's text out of the table t, trimmed; null where it stands for "not recorded". */
const char *eh_sql_recorded_text(struct eh_sql *sql, size_t column);
/* A predicate that is never null: does the text stand for "not recorded"? */
const char *eh_sql_is_missing(struct eh_sql *sql, const char *text);
/* As it stands there, recorded or not. */
const char *eh_sql_given_text(struct eh_sql *sql, size_t column);
/* The same out of the table t. */
const char *eh_sql_surveyed_source(struct eh_sql *sql, size_t column);
/* Only the step `given`: columns as they stand. */
void eh_sql_write_given(struct eh_sql_steps *steps);
/* A surveyed column's text as it stands, trimmed: the name of a column of the step `given`. */
const char *eh_sql_surveyed_text(struct eh_sql *sql, size_t column);
/* Is it a given column that the rules read as a number or a date? */
bool eh_sql_is_read(const struct eh_column *column);
/* A given column's text, readable as the rules ask or not; null where not recorded. */
const char *eh_sql_raw_text(struct eh_sql *sql, size_t column);

#endif
