/* The rules as one SQL statement, for records that live in a database.
 *
 * The statement counts, for every combination of the columns that any comparison needs, what became
 * of the records and what each measure says of them: the finest cells. engine/load adds them up to
 * the cells of each comparison, so nothing but counts leaves the database, and a file and a
 * database give the same findings.
 *
 * Each column of the rules goes through the same steps as in rules/evaluate: read, known, derived,
 * judged. A condition is written as two predicates, "known true" and "known false", neither of
 * which is ever null. Dates are whole numbers, year * 10000 + month * 100 + day, and all that is
 * derived from them is integer arithmetic, so no database's calendar enters.
 *
 * What a dialect cannot do exactly is refused with the reason. Where that depends on a value (a
 * number with more digits than the database reads exactly), the statement counts it in a column of
 * its own, and the caller refuses the result.
 */
#ifndef EVENHAND_RULES_SQL_H
#define EVENHAND_RULES_SQL_H

#include "rules/rules.h"

struct eh_sql_dialect;
/* NULL: there is no such dialect. */
const struct eh_sql_dialect *eh_sql_dialect_find(const char *name);
/* The dialect of a server, by the name that it gives itself over ODBC; NULL: not known. */
const struct eh_sql_dialect *eh_sql_dialect_of_server(const char *server);
const char *eh_sql_dialect_name(const struct eh_sql_dialect *dialect);
/* In order; NULL behind the last. */
const char *eh_sql_dialect_at(size_t index);
/* Bytes of the longest name that the dialect keeps; a longer one is cut short by the server. */
size_t eh_sql_dialect_longest_name(const struct eh_sql_dialect *dialect);

/* What a given column holds in the table. */
enum eh_sql_type {
  EH_SQL_TEXT,   /* anything that is read as text: numbers and dates are read out of it */
  EH_SQL_NUMBER, /* a number of the database's own */
  EH_SQL_DATE    /* a date or a timestamp */
};

struct eh_sql_options {
  const struct eh_sql_dialect *dialect;
  const char *table; /* NAME, SCHEMA.NAME, or with "..." around a part that holds dots */
  const char *query; /* or a query whose result is the table; NULL: table */
  const enum eh_sql_type *types;      /* by column of the rules; NULL: all text */
  const char *shard_key;              /* a header; NULL: the table stands on one server */
  const struct eh_sql_survey *survey; /* only for the statements of a survey */
  int32_t as_of;    /* the day on which the hundred years of a %y end; 0: 1969 to 2068 */
  bool is_prepared; /* eh_sql_prepare's statements were run */
};

/* What became of a record: the values of the statement's column `fate`. */
enum eh_sql_fate {
  EH_SQL_AUDITED,
  EH_SQL_REPEATED_CASE,
  EH_SQL_NOT_KEPT,
  EH_SQL_KEEP_UNKNOWN,
  EH_SQL_SAME_PERSON,
  EH_SQL_DIFFERING_CASE, /* repeated, and unlike the record that stays */
  EH_SQL_UNORDERED,      /* it could as well be the one that stays: the result must be refused */
  EH_SQL_FATES
};

/* What a measure says of a record: the values of the statement's columns measure_1, ... */
enum eh_sql_outcome {
  EH_SQL_DOES_NOT_APPLY,
  EH_SQL_APPLIES_UNKNOWN,
  EH_SQL_EVENT_UNKNOWN,
  EH_SQL_NO_EVENT, /* also: has a category or value, of a measure that asks for one */
  EH_SQL_EVENT
};

/* The result has, in this order, the columns
 *
 *   fate, first_date, last_date (as whole numbers), records,
 *   malformed_C and inexact_C for each column C that is read as a number or a date,
 *   one column for each dimension of the rules (text, null where not recorded), and
 *   measure_1 to measure_N.
 *
 * inexact_C counts the values that this dialect may not read exactly; where it is not zero the
 * result must be refused. Dimensions and columns read are in the order of eh_rules.columns.
 */
enum { EH_SQL_FATE, EH_SQL_FIRST_DATE, EH_SQL_LAST_DATE, EH_SQL_RECORDS, EH_SQL_FIXED_COLUMNS };

/* Where several questions come: statements that make a temporary table of the connection, empty,
   and fill it with what every question would otherwise find out again of each record. NULL: the
   dialect has none, or this one may not be kept (a table spread over servers, or one whose name it
   hides). The survey's statements make no use of it. */
struct eh_sql_preparation {
  const char *create, *fill;
};
enum eh_status eh_sql_prepare(struct eh_arena *arena, const struct eh_rules *rules,
                              const struct eh_sql_options *options,
                              struct eh_sql_preparation *preparation,
                              struct eh_error *error) EH_MUST_USE;

/* The statement, in the arena. EH_BAD_RULES: the dialect cannot do what the rules ask. */
enum eh_status eh_sql_cells(struct eh_arena *arena, const struct eh_rules *rules,
                            const struct eh_sql_options *options, const char **statement,
                            struct eh_error *error) EH_MUST_USE;

/* One row that says of each given column that is a text how many values have characters beyond
   ASCII and, of numbers of which nobody says how they are written, what they look like; in the
   arena. NULL: there is none to ask of. */
const char *eh_sql_check_texts(struct eh_arena *arena, const struct eh_rules *rules,
                               const struct eh_sql_options *options);
/* Take a column's part of that row, from field *next on: whether it has such values, and the
   numbers' enum eh_amount_shape. The columns of the rules, in order; false: it has no part. */
bool eh_sql_take_check(const struct eh_rules *rules, const struct eh_sql_options *options,
                       const char *const *fields, size_t *next, size_t column, bool *is_foreign,
                       unsigned *shape);
/* The different texts of a given column that have characters beyond ASCII, in the arena. */
const char *eh_sql_foreign_texts(struct eh_arena *arena, const struct eh_rules *rules,
                                 const struct eh_sql_options *options, size_t column);

/* Does the statement count its malformed values: a column that is read as a number or a date, or
   years between dates? */
bool eh_sql_is_counted(const struct eh_column *column);

/* The result columns' names, in the arena. */
const char *const *eh_sql_result_columns(struct eh_arena *arena, const struct eh_rules *rules,
                                         size_t *count);

/* For one comparison: by each (where there is one) and unit, the records of persons who have
   several records among the unit's, one column for each of the comparison's measures. Asked only of
   rules with a person column and without one_per. */
enum eh_status eh_sql_repeats(struct eh_arena *arena, const struct eh_rules *rules,
                              const struct eh_sql_options *options, size_t comparison,
                              const char **statement, struct eh_error *error) EH_MUST_USE;

/* Records to look at: those that a measure counts, with these labels (NULL: not recorded). */
struct eh_sql_choice {
  size_t measure;
  const int *columns; /* dimensions */
  const char *const *labels;
  size_t count;
};

/* The audited records that have a case id and fall under some choice. The result has the case id,
   record_date, the dimensions, measure_1 to measure_N, and the texts of the given columns (null
   where not recorded), each in the order of eh_rules.columns. */
enum { EH_SQL_CHOSEN_CASE, EH_SQL_CHOSEN_DATE, EH_SQL_CHOSEN_FIXED };
enum eh_status eh_sql_chosen(struct eh_arena *arena, const struct eh_rules *rules,
                             const struct eh_sql_options *options,
                             const struct eh_sql_choice *choices, size_t count,
                             const char **statement, struct eh_error *error) EH_MUST_USE;

/* The audited records day by day: record_date, measure_1 to measure_N and how many records have
   this date and these outcomes; with a column (a dimension; -1: none) also apart by its label,
   which then comes first. Behind them, for each dimension, how many of those records lack it. */
enum eh_status eh_sql_days(struct eh_arena *arena, const struct eh_rules *rules,
                           const struct eh_sql_options *options, int column, const char **statement,
                           struct eh_error *error) EH_MUST_USE;

/* A record_date as a day: dates travel as year * 10000 + month * 100 + day, with a shard key as
   days. */
int32_t eh_sql_day_of(const struct eh_sql_options *options, int64_t date);

/* How many case ids stand in several records: one number. With a shard key this must be none,
   because shards cannot number the records of a case. The ids travel; nothing else does. */
const char *eh_sql_repeated_cases(struct eh_arena *arena, const struct eh_rules *rules,
                                  const struct eh_sql_options *options);

/* --- the reliability of all columns (engine/load/survey/survey.h) --- */

/* A column of a survey: one of the table, or one that the rules derive. */
struct eh_sql_surveyed {
  const char *header; /* NULL: derived */
  int column;         /* of the rules; -1: they make no use of it */
  /* Where it does not apply: the surveyed column `by` (-1: it applies everywhere) has one of these
     texts. */
  int by;
  const char *const *texts;
  size_t text_count;
};
struct eh_sql_survey {
  const struct eh_sql_surveyed *columns;
  size_t count;
  const int *units; /* into columns */
  size_t unit_count;
  const int *dates; /* of the rules; read as dates */
  size_t date_count;
  bool without_derived; /* nothing is asked of the derived columns: the rules need not be put */
};
enum { EH_SQL_BY_MONTH = -1 };

/* Some columns' texts as they stand, trimmed (derived: labels), null or not: the column's number,
   text, records. */
enum eh_status eh_sql_survey_values(struct eh_arena *arena, const struct eh_rules *rules,
                                    const struct eh_sql_options *options, const int *columns,
                                    size_t count, const char **statement,
                                    struct eh_error *error) EH_MUST_USE;
/* One row: for each column how many different texts it has, and how many records lack it. */
enum eh_status eh_sql_survey_distinct(struct eh_arena *arena, const struct eh_rules *rules,
                                      const struct eh_sql_options *options, const char **statement,
                                      struct eh_error *error) EH_MUST_USE;
/* By the texts of each of some columns, or by month (year * 100 + month): the column's number (or
   EH_SQL_BY_MONTH), text, records; then for each column how many lack it where it applies, and how
   many where it does not. */
enum eh_status eh_sql_survey_missing(struct eh_arena *arena, const struct eh_rules *rules,
                                     const struct eh_sql_options *options, const int *by,
                                     size_t count, const char **statement,
                                     struct eh_error *error) EH_MUST_USE;
/* One row: for each measure applies, applies unknown, event unknown, events, some factor missing
   (of the records that keep keeps); for each expectation yes, no, unknown (of those it does not
   drop); for each pair of dates how many have both, and how many the second before the first. */
enum eh_status eh_sql_survey_questions(struct eh_arena *arena, const struct eh_rules *rules,
                                       const struct eh_sql_options *options, const char **statement,
                                       struct eh_error *error) EH_MUST_USE;
/* Records alike: the units' texts, record_date, 1 where the case id occurred before, kept (0 yes,
   2 no, 3 unknown), measure_1 to measure_N, for each total 1 yes, 0 no, null unknown, and how many
   there are. */
enum eh_status eh_sql_survey_records(struct eh_arena *arena, const struct eh_rules *rules,
                                     const struct eh_sql_options *options, const char **statement,
                                     struct eh_error *error) EH_MUST_USE;
/* One row: records, different ones, those whose case id (or else all of them) occurred before. */
enum eh_status eh_sql_survey_repeats(struct eh_arena *arena, const struct eh_rules *rules,
                                     const struct eh_sql_options *options, const char **statement,
                                     struct eh_error *error) EH_MUST_USE;
/* One row, of records whose case id did not occur before: persons, persons with several records,
   records of persons. */
enum eh_status eh_sql_survey_persons(struct eh_arena *arena, const struct eh_rules *rules,
                                     const struct eh_sql_options *options, int person,
                                     const char **statement, struct eh_error *error) EH_MUST_USE;

/* No rows, but the table's columns and their types. */
const char *eh_sql_describe(struct eh_arena *arena, const struct eh_sql_options *options);

/* --- for a client that answers in CSV, and has a word of its own for null --- */

/* A statement whose answer has the same columns and rows, but every field is `-` for null, or a
   text behind `=`. */
const char *eh_sql_marked(struct eh_arena *arena, const struct eh_sql_dialect *dialect,
                          const char *statement);
/* eh_sql_describe's columns, as rows: name and type. */
const char *eh_sql_describe_in_rows(struct eh_arena *arena, const struct eh_sql_dialect *dialect,
                                    const char *description);
/* One row: null, the empty text, [,"'\\ line break, tab, e with acute, blank], 6.56, 2^53 + 1, 7
   divided by 2, the server's version. NULL: the dialect's clients cannot be asked. */
const char *eh_sql_probe(const struct eh_sql_dialect *dialect);

#endif
