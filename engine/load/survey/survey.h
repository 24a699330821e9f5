/* The survey: a pass over every column of the records, whatever the rules use of them, for the
 * assessment of their reliability and for guessing what the columns mean.
 *
 *   eh_survey_files(names, count, rules or NULL, &options, &survey, &problems, &error)
 *
 * Without rules, the columns' roles are guessed from the first records (load/guess.h). With rules,
 * their derived columns are surveyed too, and their measures, totals and expectations evaluated.
 * Lines that are no records are left out, and counted, as in an audit. What is surveyed does not
 * depend on the number of threads.
 */
#ifndef EVENHAND_LOAD_SURVEY_H
#define EVENHAND_LOAD_SURVEY_H

#include "engine/load/account.h"
#include "engine/load/packed.h"
#include "engine/load/records/load.h"

enum {
  EH_SURVEY_VALUES = 100000, /* distinct values of a column that are kept, in order of occurrence */
  EH_SURVEY_PLACES = 1000,   /* places that are kept of each kind of trouble */
  EH_SURVEY_UNITS = 4,
  EH_SURVEY_DATES = 8,
  EH_SURVEY_MONTHS = 12 * 300 /* from January 1800 */
};

/* A line of an input. */
struct eh_survey_place {
  uint32_t input;
  uint64_t line;
};

struct eh_survey_value {
  const char *text;
  uint32_t length;
  bool is_number, is_date;
  bool is_unreadable; /* in neither UTF-8 nor Windows-1252: text shows what can be read of it */
  uint64_t hash;
  double number;
  int32_t day;
  uint64_t records;
  struct eh_survey_place first;
};

enum eh_survey_kind { EH_SURVEY_EMPTY, EH_SURVEY_TEXT, EH_SURVEY_NUMBER, EH_SURVEY_DATE };

/* Records by value of a column that has few; a value's place is its index less survey.missing_count. */
enum { EH_SURVEY_CROSSED = 40, EH_SURVEY_YEARS = EH_SURVEY_MONTHS / 12 };
struct eh_survey_counts {
  uint32_t records[EH_SURVEY_CROSSED];
};
struct eh_survey_crossed {
  int office;                         /* of the roles' units; -1: none */
  struct eh_survey_counts *by_input;  /* by input */
  struct eh_survey_counts *by_year;   /* from 1800; the last: no date */
  struct eh_survey_counts *by_office; /* by the office's value */
};

/* Records whose value is beyond those kept. */
struct eh_survey_rest {
  uint64_t records, numbers, dates;
  double low, high;
  int32_t first, last;
};

/* Forms of dates in one column, at most. */
enum { EH_SURVEY_FORMS = 4 };

struct eh_survey_column {
  const char *name;
  int rules_column; /* index into eh_rules.columns, -1: none */
  bool is_derived;
  int lacked_by;    /* without rules: an input that does not have it; -1: all have */
  bool shares_name; /* without rules: a header names several columns so, and rules cannot tell them
                     */
  enum eh_survey_kind kind;
  const char *form;                   /* of its dates: the commonest */
  const char *forms[EH_SURVEY_FORMS]; /* the same and others, where nobody said them */
  size_t form_count;

  struct eh_survey_value *values; /* the first survey.missing_count stand for "not recorded" */
  size_t value_count;
  struct eh_survey_rest rest;
  uint64_t passed_over; /* of a counted survey: so many different values, which are not kept */
  double distinct; /* recorded values; an estimate (HyperLogLog, 0.8%) where more than are kept */
  bool is_closed;  /* nearly every record has a value of its own: once no more could be kept, none
                      was looked up, and the values' counts are those of the records up to there */
  uint64_t missing;

  /* Recorded, but not readable as the column's kind, or as text at all. */
  uint64_t malformed;
  struct eh_survey_place *malformed_places; /* the first ones */
  const char **malformed_texts;
  size_t malformed_place_count;

  /* Blank because the column does not apply: where column applies_by has one of these values. */
  int applies_by;                /* -1: applies everywhere */
  const uint8_t *does_not_apply; /* by value of applies_by; those met later apply */
  size_t does_not_apply_count;
  uint64_t not_applicable;

  /* Of the records it applies to: missing, by unit and value, and by month of the date role. */
  uint32_t *missing_by[EH_SURVEY_UNITS], *inapplicable_by[EH_SURVEY_UNITS];
  size_t by_capacity[EH_SURVEY_UNITS];
  uint32_t *missing_by_month, *inapplicable_by_month;

  struct eh_survey_crossed *crossed; /* NULL: not counted, or too many values */
};

/* Which columns play which part; indices into the columns, -1: none. */
struct eh_survey_roles {
  int case_column, person_column, date_column;
  int units[EH_SURVEY_UNITS];
  bool is_individual[EH_SURVEY_UNITS]; /* officers, not offices */
  size_t unit_count;
  int dates[EH_SURVEY_DATES]; /* columns of dates, the date role's first */
  size_t date_count;
};

/* What became of one condition. */
struct eh_survey_test {
  uint64_t yes, no, unknown;
  struct eh_survey_place *places; /* of the first `no` */
  size_t place_count;
};

/* A measure on the records that `keep` keeps. */
struct eh_survey_measure {
  uint64_t applies, applies_unknown, event_unknown, events;
  uint64_t factor_missing; /* of those it applies to, some factor is not recorded */
};

/* Records that occur before. */
struct eh_survey_repeat {
  size_t row, earlier;
  bool is_exact;
};
struct eh_survey_repeats {
  uint64_t exact, differing;      /* records: copies of an earlier one; else with its case id */
  struct eh_survey_repeat *items; /* the first EH_SURVEY_PLACES of both */
  size_t item_count;
  uint64_t cases; /* different case ids */
  /* Of the records that repeat none. */
  uint64_t persons, persons_repeated; /* different persons; with several records */
  uint64_t records_repeated;          /* of persons who occurred before */
  uint64_t within_day, within_month, within_year, later, undated; /* since then */
  uint64_t *alike, *unlike; /* by measure: its event is known of both, and the same, or not */
  uint64_t all_persons;     /* different persons, of all records */
};

/* What is known of a survey that a database counted: there is no order of its records, and no line
   where one stands. */
struct eh_survey_counted {
  /* By two of the roles' dates: records that have both, and the second before the first. */
  uint64_t both[EH_SURVEY_DATES][EH_SURVEY_DATES], wrong[EH_SURVEY_DATES][EH_SURVEY_DATES];
  const char **unassessed; /* what was not, each fit to follow "not assessed: " */
  size_t unassessed_count;
};

enum { EH_SURVEY_NO_DAY = INT32_MIN, EH_SURVEY_OTHER = UINT32_MAX };

struct eh_survey {
  const struct eh_rules *rules; /* NULL: none */
  struct eh_account account;    /* inputs, read, unusable, excluded (unusable lines by reason) */
  struct eh_survey_column *columns;
  size_t column_count;
  const char *const *missing; /* texts that stand for "not recorded"; missing[0] is no text of a
                                 record: the value of a column that its file lacks */
  size_t missing_count;
  struct eh_survey_roles roles;

  struct eh_survey_counted *counted; /* NULL: the records were read; else lines, prints and places
                                        are missing, and records alike stand together */

  /* The records, in order; see below for what is asked of one. */
  size_t rows;
  size_t *input_rows; /* by input: the number of its first record; and one behind the last */
  struct eh_packed_list lines; /* less the record's number */
  struct eh_packed_list units[EH_SURVEY_UNITS], days[EH_SURVEY_DATES];
  int32_t day_base;
  struct eh_packed_list kept, *answers; /* by measure, then total */
  bool *repeats_case;             /* what it repeats, as a whole or by its case id, is earlier */
  size_t empty_rows, first_empty; /* records of which no field holds anything */
  struct eh_survey_repeats repeats;
  uint64_t *month_records; /* by month of the date role */

  struct eh_survey_measure *measures; /* by measure of the rules */
  struct eh_survey_test *expects;     /* by expectation, over records that `keep` does not drop */
};

enum eh_survey_outcome { EH_SURVEY_NOT_ASKED, EH_SURVEY_UNKNOWN, EH_SURVEY_NO, EH_SURVEY_YES };

enum eh_status eh_survey_files(const char *const *names, size_t count, const struct eh_rules *rules,
                               const struct eh_load_options *options, struct eh_survey **survey,
                               struct eh_problems *problems, struct eh_error *error) EH_MUST_USE;
/* The same beside an audit: both are made in one pass over the files. As eh_load_files; either both
   are made or neither. */
enum eh_status eh_survey_beside(const struct eh_rules *rules, const char *const *names,
                                size_t count, const struct eh_load_options *options,
                                struct eh_records **records, struct eh_survey **survey,
                                struct eh_problems *problems, struct eh_error *error) EH_MUST_USE;
void eh_survey_free(struct eh_survey *survey);

/* What stands in a record: its value's index of a unit column, or EH_SURVEY_OTHER; */
static inline uint32_t eh_survey_unit(const struct eh_survey *survey, size_t unit, size_t row) {
  return eh_packed_list_get(&survey->units[unit], row) - 1;
}
/* the day of a date, EH_SURVEY_NO_DAY where it is missing or malformed; */
static inline int32_t eh_survey_day(const struct eh_survey *survey, size_t date, size_t row) {
  uint32_t stored = eh_packed_list_get(&survey->days[date], row), less = stored - 1;
  if (stored == 0) return EH_SURVEY_NO_DAY;
  return survey->day_base + (int32_t)(less & 1 ? ~(less >> 1) : less >> 1);
}
/* the answer to a measure, or behind them a total: enum eh_survey_outcome; */
static inline uint8_t eh_survey_answer(const struct eh_survey *survey, size_t question,
                                       size_t row) {
  return (uint8_t)eh_packed_list_get(&survey->answers[question], row);
}
/* whether it is kept: enum eh_truth. */
static inline uint8_t eh_survey_kept(const struct eh_survey *survey, size_t row) {
  return (uint8_t)eh_packed_list_get(&survey->kept, row);
}
/* Where it stands. */
struct eh_survey_place eh_survey_place(const struct eh_survey *survey, size_t row);
/* The column of this name, or -1. */
int eh_survey_find(const struct eh_survey *survey, const char *name);

#endif
