/* Data reliability: can these records be relied on, and for what?
 *
 * A pure function of the survey (load/survey.h): what stands in each column; where and when values
 * are missing; records and persons that occur twice; units that record less than usual; what cannot
 * be so; control totals; and for each measure a verdict by stated criteria (rules/criteria.h).
 * A doubt is something found that an auditor should look into; an assessment without doubts is not
 * proof that the records are sound.
 */
#ifndef EVENHAND_AUDIT_RELIABILITY_RELIABILITY_H
#define EVENHAND_AUDIT_RELIABILITY_RELIABILITY_H

#include "engine/load/survey/survey.h"
#include "engine/stats/tables.h"

/* Name in reports and JSON. */
#define EH_DOUBTS(X)                                  \
  X(UNUSABLE_LINES, "unusable lines")                 \
  X(LENIENT_LINES, "lines read leniently")            \
  X(EMPTY_LINES, "lines without a value")             \
  X(EXACT_DUPLICATES, "records that occur twice")     \
  X(REPEATED_CASES, "case numbers that occur twice")  \
  X(REPEATED_PERSONS, "persons with several records") \
  X(UNDER_RECORDED, "fewer records than usual")       \
  X(GAP, "no records for a time")                     \
  X(BEGAN, "began")                                   \
  X(ENDED, "ended")                                   \
  X(NO_EVENTS, "almost no events")                    \
  X(MISSING_AT_UNIT, "values missing at a unit")      \
  X(MISSING_IN_MONTH, "values missing in a month")    \
  X(MALFORMED, "values that cannot be read")          \
  X(LOST_DIGITS, "ids that lost digits")              \
  X(LOST_ZEROS, "ids that lost zeros")                \
  X(ONE_FOR_MANY, "one id for many records")          \
  X(CUT_OFF, "records cut off")                       \
  X(CODES_CHANGE, "codes that change")                \
  X(PLACEHOLDER, "a value in place of none")          \
  X(SPELLINGS, "values written in several ways")      \
  X(IMPLAUSIBLE_DATE, "implausible dates")            \
  X(WRONG_ORDER, "dates in the wrong order")          \
  X(HEAPING, "heaping")                               \
  X(EXPECTATION, "failed expectations")               \
  X(TOTAL, "control totals not met")                  \
  X(BEFORE_POLICY, "decided before any policy")       \
  X(UNLISTED_MISSING, "texts that look like missing codes")

enum eh_doubt_kind {
#define X(name, text) EH_DOUBT_##name,
  EH_DOUBTS(X)
#undef X
      EH_DOUBT_KINDS
};
const char *eh_doubt_name(enum eh_doubt_kind kind);

struct eh_doubt_unit {
  const char *label; /* of an office, officer or month */
  uint64_t records, of;
};

struct eh_doubt {
  enum eh_doubt_kind kind;
  const char *column;      /* NULL: of no one column, or of several */
  const char *unit_column; /* NULL: of no unit */
  const char *unit;        /* NULL: of none, or of several */
  const char *measure;
  /* Of missing values: all columns and units concerned, the most records first. */
  const char *const *columns;
  size_t column_count;
  const struct eh_doubt_unit *units;
  size_t unit_count;
  bool has_days;
  int32_t from, to;
  uint64_t records; /* concerned; of under-recording: those that seem not to be recorded; of a unit
                       that began or ended: those that would be usual outside its time */
  uint64_t of;      /* of how many */
  struct eh_figure share, usual;        /* records / of, and what is usual */
  const struct eh_survey_place *places; /* the first ones */
  size_t place_count;
  const char *text; /* one sentence */
};

struct eh_counted_text {
  const char *text;
  uint64_t records;
};

enum { EH_PROFILE_TEXTS = 5 };

struct eh_column_profile {
  const char *name, *kind; /* "text", "number", "date", "empty" */
  const char *form;        /* of dates; else NULL */
  const char *role;        /* "case", "person", "date", "office" ...; NULL: none */
  bool is_derived, distinct_is_estimate;
  bool is_nearly_unique; /* its values are too many to count each: most_frequent is empty */
  uint64_t records, recorded, missing, not_applicable, malformed;
  const char *applies;            /* in words; NULL: everywhere */
  struct eh_figure missing_share; /* of the records it applies to */
  uint64_t distinct;              /* an estimate has three digits */
  struct eh_counted_text most_frequent[EH_PROFILE_TEXTS], missing_codes[EH_PROFILE_TEXTS];
  size_t most_frequent_count, missing_code_count;
  const char *lowest, *highest;       /* numbers and dates; "" otherwise */
  const char *usual_low, *usual_high; /* three quartile ranges beyond the quartiles */
  uint64_t outliers;                  /* records beyond them */
  const struct eh_survey_column *column;
};

struct eh_unit_profile {
  const char *label;
  uint64_t records;
  bool has_days;
  int32_t first_day, last_day;
  double missing;             /* values missing among all that apply: a fraction */
  const double *missing_by;   /* by column: a fraction; negative: none applies */
  const uint64_t *applies_by; /* by column: records */
};
struct eh_unit_table {
  const char *column; /* name */
  bool is_individual;
  struct eh_unit_profile *units; /* worst first */
  size_t unit_count;
};

struct eh_month_profile {
  int year, month;
  uint64_t records;
  double missing;
  const double *missing_by;
  const uint64_t *applies_by;
};

struct eh_repeat { /* a record and the earlier one it repeats */
  struct eh_survey_place place, earlier;
  bool is_exact;
};
struct eh_repeats {
  bool has_case, has_person;
  uint64_t exact, differing; /* records */
  struct eh_repeat *items;   /* the first EH_SURVEY_PLACES */
  size_t item_count;
  uint64_t persons, persons_repeated, records_repeated; /* records after a person's first */
  uint64_t within_day, within_month, within_year, later,
      undated;               /* of records_repeated: after the one before */
  struct eh_person_measure { /* of records_repeated and the one before, both known; 0 of a measure
                                of a category or a value */
    uint64_t alike, unlike;
  } * measures;
};

struct eh_total_result {
  const char *name;
  double expected;
  uint64_t recorded, unknown;
  double difference;      /* recorded - expected */
  struct eh_figure share; /* of the expected */
};

/* Under-recording at an office that would have been found. */
struct eh_detectable {
  const char *unit_column;
  double records;           /* usual in the time, half of them recorded; found 4 times in 5 */
  double typical_per_month; /* records of the median office */
  const char *text;
};

enum eh_grade { EH_SUFFICIENT, EH_USABLE_WITH_CAVEATS, EH_NOT_SUFFICIENT };
const char *eh_grade_name(enum eh_grade grade);

struct eh_verdict {
  const char *measure; /* "(all records)" where no rules are given */
  enum eh_grade grade;
  struct eh_figure shares[EH_CRITERION_COUNT];
  enum eh_grade grades[EH_CRITERION_COUNT];
  const char **reasons; /* why it is no better; what was not assessed */
  size_t reason_count;
  const char *text; /* one sentence */
};

struct eh_reliability {
  const struct eh_survey *survey;
  const struct eh_rules *rules; /* NULL: none */
  int32_t as_of;
  const struct eh_limits *criteria;
  struct eh_column_profile *columns;
  size_t column_count;
  struct eh_unit_table *units;
  size_t unit_table_count;
  struct eh_month_profile *months;
  size_t month_count;
  struct eh_repeats repeats;
  struct eh_total_result *totals;
  size_t total_count;
  struct eh_doubt
      *doubts; /* by kind, in the order of the list above; then the most records first */
  size_t doubt_count;
  struct eh_verdict *verdicts;
  size_t verdict_count;
  const struct eh_detectable *detectable; /* NULL: no dates, or fewer than two offices */
};

/* Everything lives in the arena; survey (and its rules) must outlive it. as_of: later days are in
   the future. */
const struct eh_reliability *eh_reliability_assess(struct eh_arena *arena,
                                                   const struct eh_survey *survey, int32_t as_of);

#endif
