/* The rules of an audit, read and checked: what the records mean, who counts as similarly situated,
 * what is compared, and what is worth flagging. rules/README.md describes the language.
 *
 * eh_rules_read makes this value from a file's text; every later stage takes it const.
 */
#ifndef EVENHAND_RULES_RULES_H
#define EVENHAND_RULES_RULES_H

#include "engine/base/amount.h"
#include "rules/criteria.h"
#include "rules/expression.h"

/* Where something stands in the rules file, both from 1. */
struct eh_place {
  uint64_t line, column;
};

enum eh_column_kind {
  EH_GIVEN,         /* in the records */
  EH_YEARS_BETWEEN, /* of two dates */
  EH_DAYS_BETWEEN,  /* of two dates: the second less the first */
  EH_BANDS,         /* of a number */
  EH_MONTH,         /* of a date: 2016-11 */
  EH_QUARTER,       /* 2016Q4 */
  EH_YEAR,          /* 2016 */
  EH_FISCAL_YEAR,   /* US federal: FY2017 began 2016-10-01 */
  EH_FIRST_OF,      /* the label of the first condition that holds */
  EH_RECODE,        /* of a text */
  EH_POLICY,        /* the policies in force on the date */
  EH_SOURCE         /* the input that the record came from; whoever reads the record sets it */
};

/* One choice of first_of (label: condition) or of recode (label: texts); of source, an input's name
 * (label). */
struct eh_choice {
  const char *label;
  const struct eh_expression *condition; /* first_of */
  const struct eh_literal *texts;        /* recode */
  size_t text_count;
  struct eh_place place;
};

/* A cell that holds several values, and which of them counts: see `split`. */
enum eh_split_take {
  EH_TAKE_FIRST,
  EH_TAKE_LAST,
  EH_TAKE_ANY,  /* `of` where one of them is that, else the first */
  EH_TAKE_ALL,  /* `of` where all are that, else the first that is not */
  EH_TAKE_COUNT /* how many different ones */
};
struct eh_split {
  const char *by; /* between them */
  enum eh_split_take take;
  const char *of; /* of ANY and ALL */
};

struct eh_column {
  const char *name; /* as the rules and the reports call it */
  enum eh_column_kind kind;
  const char *header; /* EH_GIVEN: its header in the records, or in the table that it is joined from */
  size_t join; /* EH_GIVEN: the number of that table, from 1, in eh_rules.joins; 0: in the records */
  bool is_key; /* EH_GIVEN: some join looks its rows up by it, or by the day in it */
  int of[2]; /* derived: the columns it comes from (-1: none); first_of may use more, through its
                conditions */
  double *bounds; /* EH_BANDS: ascending, bound_count of them */
  size_t bound_count;
  struct eh_choice *choices; /* EH_FIRST_OF, EH_RECODE, EH_SOURCE, in order */
  size_t choice_count;
  const char *otherwise; /* EH_RECODE: the label of any other text; NULL: missing */
  bool is_evaluated;  /* some condition, derivation, factor or unit needs its value; false: only its
                         role as case, person or one_per */
  bool is_dimension;  /* a factor, unit, within or each column of some comparison, or what a measure
                         of a category or  value asks for */
  bool is_cluster;    /* some `dependent_within` names it, other than as the role date or person */
  bool is_period;     /* made for a table by period: no column of the rules' own; see eh_every */
  bool is_individual; /* EH_GIVEN: its values name persons: officers, the role person; see
                         `individuals`. So do those of every column that some input takes from the
                         header of such a one */
  bool is_person;     /* it is the role person, or comes from its header in some input */
  bool is_case;       /* the same of the role case */
  bool read_as_number,
      read_as_date; /* some condition or derivation reads it so: unreadable values are malformed */
  unsigned id_digits;     /* EH_GIVEN: shorter numbers have lost zeros at the front; 0: not said */
  const struct eh_split *split; /* EH_GIVEN: its cells hold several values; NULL: one */
  struct eh_place split_place;
  bool is_after_decision; /* it was known only then; see `after_decision` */
  struct eh_place after_place; /* of that */
  struct eh_place place;
};

struct eh_policy {
  const char *name;
  int32_t from;
  const char *const *supersedes; /* the policies it ended, in the file's order */
  size_t supersedes_count;
  int32_t until; /* the last day in force; INT32_MAX: no end */
  struct eh_place place;
};

enum eh_test_choice { EH_TEST_EXACT, EH_TEST_CMH };
enum eh_multiplicity { EH_BENJAMINI_HOCHBERG, EH_ANY_DEPENDENCE, EH_NESTED };

/* Over what false findings are counted. */
enum eh_family_scope {
  EH_FAMILY_REPORT,     /* over the comparisons of the main measure, and over all others */
  EH_FAMILY_COMPARISON, /* in each comparison of each measure by itself */
  EH_FAMILY_STRICT      /* over the whole report: each of those two parts at half the rate */
};

struct eh_flag {
  double false_discovery_rate; /* 0.05 */
  double smallest_difference;  /* a fraction: 0.10 for "10 points"; of a measure of a value: in its
                                  units */
  uint64_t smallest_caseload;  /* 30 comparable records */
  double confidence;           /* 0.95 */
  enum eh_test_choice test;
  enum eh_multiplicity multiplicity;
};

struct eh_review {       /* how many files of a finding to read: see eh_sample_size */
  double confidence;     /* 0.95 */
  double tolerable_rate; /* 0.05 */
};

/* Who publishes a release, in their own words; NULL: not said. */
struct eh_publication {
  const char *department, *contact; /* an address of the web or of mail, or any text */
  const char *period;               /* of the decisions: "fiscal years 2011 to 2013" */
  const char *statement;            /* how the figures came about, and what they are for */
};

enum { EH_JOIN_MOST_KEYS = 5 };

/* A table of another grain, whose columns are given to the records that have its key: `joins`. */
struct eh_join {
  const char *file;  /* as the rules name it */
  const char *path;  /* the same, from the folder of the rules */
  const char *sheet; /* of a workbook; NULL: the only one that holds a table */
  int *keys;                       /* given columns of the records */
  const char *const *key_headers;  /* the headers of the same in the table */
  size_t key_count;                /* 1 to EH_JOIN_MOST_KEYS */
  const char *from, *until; /* headers of the days between which a row is in force, both included;
                               NULL: rows are always in force */
  int at;                   /* column of the records: the day asked about; -1 without `between` */
  struct eh_place place;
};

/* What else "similarly situated" could mean, beside what is tried unasked. */
struct eh_other_definition {
  const char *name;
  bool has_factors;   /* false: as the measure's */
  const int *factors; /* columns; those that a measure does not have are no matter to it */
  size_t factor_count;
  bool any_within; /* across all places */
};
struct eh_robustness {
  bool is_off; /* `none`: findings are not tried under other definitions */
  struct eh_other_definition *definitions;
  size_t definition_count;
};

/* What a measure asks of a record. */
enum eh_measure_kind {
  EH_MEASURE_EVENT,    /* whether a condition holds */
  EH_MEASURE_CATEGORY, /* which of several outcomes it had: the label of a column */
  EH_MEASURE_VALUE,    /* how much: the number in a column */
  EH_MEASURE_KINDS     /* how many: language/question.h has a row for each */
};

struct eh_measure {
  const char *name;
  enum eh_measure_kind kind;
  const struct eh_expression *among; /* NULL: all audited records */
  const struct eh_expression *event; /* EH_MEASURE_EVENT; else NULL */
  int outcome;                       /* column of the category or value; -1 for EH_MEASURE_EVENT */
  struct eh_place outcome_place;
  const char
      *unit; /* what a value is counted in ("days"); "" where nobody said, and for other kinds */
  const int *factors; /* columns on which the similarly situated agree */
  size_t factor_count;
  const int *adjust; /* columns on which peers are weighted until their caseload is the unit's */
  size_t adjust_count;
  struct eh_place adjust_place;
  bool exclude_missing; /* on_missing: exclude */
  struct eh_flag flag;
  bool is_main; /* marked `main: yes` */
  struct eh_place place;
};

/* Which decisions depend on each other: of those that agree in all columns of a set. */
enum eh_dependent_choice {
  EH_DEPENDENT_AUTO, /* screened: of one unit and day, month or quarter; of one person */
  EH_DEPENDENT_NONE, /* `none`: all are taken to be independent */
  EH_DEPENDENT_NAMED /* sets; and screened beside that */
};
struct eh_cluster_columns {
  const int *columns;
  size_t count; /* at least 1 */
};
struct eh_dependent {
  enum eh_dependent_choice choice;
  const struct eh_cluster_columns *sets;
  size_t count;
  struct eh_place place; /* line 0: not written */
};

/* How often something is judged anew. A table by period has the period of the decision as a further
   strata column, the last. */
enum eh_every { EH_EVERY_NONE, EH_EVERY_MONTH, EH_EVERY_QUARTER, EH_EVERY_FISCAL_YEAR, EH_EVERIES };
/* "month", "quarter", "fiscal year"; "" of none. */
const char *eh_every_name(enum eh_every every);

struct eh_comparison {
  int across;        /* column: the units */
  const int *within; /* columns */
  size_t within_count;
  int each;               /* column, or -1: repeated for each of its values */
  const size_t *measures; /* indices of the measures compared */
  size_t measure_count;
  struct eh_dependent dependent; /* its own, or the file's */
  enum eh_every every; /* of a table by period; else none */
  struct eh_place place;
};

/* What becomes of records with one case number. */
enum eh_repeats_choice {
  EH_REPEATS_FIRST, /* the earliest stays; of one day, the first by `order_by`, then in the files */
  EH_REPEATS_LAST,
  EH_REPEATS_ANY,    /* the first of each case and unit; an event is one of any of its records */
  EH_REPEATS_WORST,  /* the one whose outcome stands first in `worst` */
  EH_REPEATS_REFUSE, /* the audit ends */
  EH_REPEATS_TRUST   /* each is a decision of its own */
};
struct eh_case_repeats {
  enum eh_repeats_choice choice;
  int order_by;              /* a given column that tells which of one day was first; -1: none */
  int worst;                 /* EH_REPEATS_WORST: a given column; else -1 */
  const char *const *values; /* its values, the worst first */
  size_t value_count;
};

/* `monitor`: has a unit changed against its peers, looked at anew at the end of every period? */
enum eh_season { EH_SEASON_AUTO, EH_SEASON_YES, EH_SEASON_NO };
struct eh_restart { /* a unit's standing begins anew with the period of this day */
  int32_t on;
  const char *because;
  const char *unit; /* NULL: all */
  struct eh_place place;
};
struct eh_watched {  /* one measure, across the units of one comparison */
  size_t comparison; /* of the rules: its across */
  const int *within; /* the comparison's, and its each */
  size_t within_count;
  size_t measure;
};
struct eh_monitor {
  enum eh_every every; /* EH_EVERY_NONE: the rules do not ask for it */
  struct eh_watched *watched;
  size_t watched_count;
  bool has_from;
  int32_t from;            /* periods that begin earlier are not used */
  uint64_t first_look;     /* periods before the first look */
  double false_alarms;     /* 0.05: of unchanged units, ever */
  double smallest_change;  /* a fraction; below 0: half of the measure's smallest difference */
  enum eh_season season;   /* AUTO: from two years on */
  struct eh_restart *restarts;
  size_t restart_count;
  struct eh_place place;
};

/* What is to be reached, and by when: see `goals`. */
enum eh_goal_kind {
  EH_GOAL_SHARE,      /* of a measure of an event */
  EH_GOAL_MEAN,       /* of a measure of a value, in its units */
  EH_GOAL_DIFFERENCE, /* no unit differs by more from its peers */
  EH_GOAL_SPREAD,     /* the units differ by no more among themselves: log odds */
  EH_GOAL_RECORDED    /* the share of a measure's records that have a value in a column */
};
struct eh_goal {
  const char *name, *owner; /* owner: "" where nobody is named */
  enum eh_goal_kind kind;
  size_t measure;
  int across;      /* the units of its table by month */
  bool each;       /* one verdict for each unit */
  bool at_least;   /* else at most */
  double target;
  enum eh_every every; /* judged in each such period; EH_EVERY_NONE: once, over from to by */
  int32_t from, by;    /* whole months; from INT32_MIN: with `every`, all records */
  bool has_baseline;
  double baseline;
  struct eh_place place;
};

/* What it would come to if some units decided like cases as others do: see `workload`. */
struct eh_workload {
  const char *name;
  size_t measure, comparison; /* of the rules; the units are those of its across */
  double unit_cost;           /* of one event, or of one of a value's units */
  const char *cost_unit;      /* "dollars" */
  const char *as; /* the unit that is the standard; NULL: those that were not found to differ */
  struct eh_place place, as_place;
};

struct eh_total { /* a control total, for data reliability */
  const char *name;
  const struct eh_expression *where;
  double expected;
  struct eh_place place;
};

enum eh_expect_kind {
  EH_EXPECT_NEVER_MISSING,
  EH_EXPECT_BETWEEN,
  EH_EXPECT_ONE_OF,
  EH_EXPECT_RULE
};
struct eh_expect { /* what valid records look like, for data reliability */
  enum eh_expect_kind kind;
  const char *name;                      /* for the report; made from the rest when not given */
  int column;                            /* -1 for EH_EXPECT_RULE */
  const struct eh_expression *condition; /* true for a valid record; unknown is no failure */
  struct eh_place place;
};

/* Where the names of the columns stand in files. */
struct eh_header_place {
  uint64_t line;  /* the first line of them, from 1; 0: nobody says, they are found by their shape */
  uint64_t count; /* how many lines: 1, or 2 that are joined as "Upper / lower" */
  struct eh_place place; /* where the rules say so */
};

/* What becomes of rows that have the shape of a total. */
enum eh_totals_rows { EH_TOTALS_NOT_SAID, EH_TOTALS_LEAVE_OUT, EH_TOTALS_KEEP };

struct eh_rules_input; /* rules/language/inputs.h */

struct eh_rules {
  const char *file; /* as named on the command line */
  const char *title;
  const char *about; /* "" when absent */
  const char *text;  /* the file's bytes */
  size_t text_length;
  char sha256[65]; /* of the text */

  struct eh_column *columns; /* every column in use, each after those it is derived from */
  size_t column_count;
  int case_column, person_column, date_column, policy_column; /* indices, or -1; case is required */
  int source_column; /* -1: there are no inputs, or nothing asks for it */

  bool
      individuals_given; /* `individuals` says which columns name persons, beside the role person */

  const char *const *missing; /* texts that stand for "not recorded"; rules/language/missing.h */
  size_t missing_count;
  bool missing_built_in; /* the file has no `missing` */
  const char *encoding;  /* of files' texts that are no UTF-8, for iconv; NULL: Windows-1252 */
  struct eh_header_place header; /* of files */
  enum eh_totals_rows totals_rows;
  const struct eh_number_form *numbers; /* how numbers are written; NULL: nobody says, and they are
                                           read as eh_number_parse does */
  const char *const *date_forms;        /* for eh_date_parse */
  size_t date_form_count;

  const char *const *after_decision; /* columns known only after the decision, in use or not */
  size_t after_decision_count;

  struct eh_join *joins; /* in the file's order: each may look up by columns of those before it */
  size_t join_count;

  const struct eh_rules_input *inputs; /* sources of different layout, in the file's order */
  size_t input_count;                  /* 0: all records are laid out alike */
  struct eh_place inputs_place;

  const struct eh_expression *keep; /* NULL: all; what each input keeps is a part of it */
  int one_per;                      /* given column, or -1 */
  bool choose_last;
  struct eh_case_repeats repeats;

  struct eh_policy *policies; /* by date of beginning */
  size_t policy_count;
  struct eh_measure *measures; /* in the file's order */
  size_t measure_count;
  struct eh_comparison *comparisons; /* behind those that are audited stand the tables by period */
  size_t comparison_count;           /* audited */
  size_t table_count;
  int period_columns[EH_EVERIES]; /* the date's month, ...; -1: no table asks for it */
  struct eh_flag flag; /* the defaults of this file */
  enum eh_family_scope family;
  bool family_fell_back; /* it is by comparison only because measures have rates of their own */
  size_t main_measure; /* what the report is about first: marked `main: yes`, or the first event */
  struct eh_dependent dependent; /* the same, while reading; each comparison has its own */
  struct eh_monitor monitor;
  uint64_t seed;
  struct eh_review review;
  struct eh_publication publication;
  struct eh_robustness robustness;
  struct eh_goal *goals;
  size_t goal_count;
  struct eh_workload *workloads;
  size_t workload_count;
  struct eh_total *totals;
  size_t total_count;
  struct eh_expect *expects;
  size_t expect_count;
  struct eh_limits criteria[EH_CRITERION_COUNT]; /* by enum eh_criterion */
  size_t test_count; /* tests of one column against constants, numbered from 0 */
  const char *const
      *names; /* every name the rules give: of columns, derived or not, in use or not */
  size_t name_count;
};

/* Problems found in a rules file: all of them, in order of place. */
struct eh_problems {
  struct eh_error *items;
  size_t count;
  size_t capacity;
};
void eh_problems_free(struct eh_problems *problems);
/* Put those from number first on in order of place. */
void eh_problems_sort(struct eh_problems *problems, size_t first);

/* Read rules from text. On EH_BAD_RULES, problems holds each mistake at its line and column with a
   remedy. The rules live in the arena; text must outlive them. */
enum eh_status eh_rules_read(struct eh_arena *arena, const char *file, const char *text,
                             size_t length, const struct eh_rules **rules,
                             struct eh_problems *problems) EH_MUST_USE;

/* The same rules with one column more: each measure that is asked, once for each candidate, which
   stands behind its factors; all decisions are taken to be independent. Of several measures the
   variants stand one measure after the other. */
enum eh_extra {
  EH_EXTRA_COLUMN,  /* a column more behind the factors */
  EH_EXTRA_PERIOD,  /* the period of the decision, likewise */
  EH_EXTRA_MEMBERS, /* is it asked of the record? `among` is the event, of all records */
  EH_EXTRA_OF_ALL   /* the event, of all records: no event where it is not asked */
};
struct eh_extra_column {
  const char *name;
  const char *header; /* of a given column */
  enum eh_extra kind;
  enum eh_column_kind period; /* EH_EXTRA_PERIOD: EH_MONTH, EH_QUARTER or EH_YEAR */
};
struct eh_variation {
  const bool *asked;       /* by measure */
  const bool *for_columns; /* by measure: not only its periods */
  const struct eh_extra_column *candidates;
  size_t candidate_count;
};
enum eh_status eh_rules_vary(struct eh_arena *arena, const struct eh_rules *rules,
                             const struct eh_variation *variation, const struct eh_rules **varied,
                             struct eh_problems *problems) EH_MUST_USE;

/* Do the rules' given columns all stand in the records' header? Adds a problem, at the place where
   the rules name the column, with the nearest header suggested, for each that does not. records:
   the file's name. */
enum eh_status eh_rules_fit(const struct eh_rules *rules, const char *const *headers,
                            size_t header_count, const char *records,
                            struct eh_problems *problems) EH_MUST_USE;

/* What an id of a column stands for, where its values name individuals: "person", "case",
 * "officer". */
const char *eh_rules_individual(const struct eh_rules *rules, int column);

/* Do the rules quote values of columns that name individuals (and with_cases, case numbers)?
   Reports print the rules. Adds a problem for each place. what: the option that such rules cannot
   have. */
enum eh_status eh_rules_quote_nobody(const struct eh_rules *rules, bool with_cases,
                                     const char *what, struct eh_problems *problems) EH_MUST_USE;

/* The known name nearest to a wrong one (edit distance, letters' case ignored), or NULL when none
 * is near. */
const char *eh_rules_nearest(const char *wrong, const char *const *known, size_t count);

/* The strata columns of a measure in a comparison: the measure's factors, the within columns, each,
   policy and, of a table by period, the period; else, last, what it is adjusted for. Without across,
   no column twice. Writes at most eh_rules_most_strata indices; returns how many. */
size_t eh_rules_strata(const struct eh_rules *rules, const struct eh_comparison *comparison,
                       const struct eh_measure *measure, int *columns);
static inline size_t eh_rules_most_strata(const struct eh_comparison *comparison,
                                          const struct eh_measure *measure) {
  return measure->factor_count + measure->adjust_count + comparison->within_count + 3;
}
/* Are peers weighted on this strata column, so that they need not agree in it? */
bool eh_rules_adjusts(const struct eh_rules *rules, const struct eh_comparison *comparison,
                      const struct eh_measure *measure, int column);

/* Is it the role person, whose records are told apart by fingerprints? Not where one_per is. */
static inline bool eh_rules_is_person(const struct eh_rules *rules, int column) {
  return column >= 0 && column == rules->person_column && rules->one_per < 0;
}
/* Does the column hold the date of the decision, or come from it? */
bool eh_rules_is_of_date(const struct eh_rules *rules, int column);

/* A tidy text of a column: of several values the one that counts, with the zeros that an id has lost; a new one is in the arena, with room
   behind it. */
const char *eh_rules_id(struct eh_arena *arena, const struct eh_column *column, const char *text,
                        size_t *length);

/* Is the column one of the measure's similarly_situated or adjust_for? */
bool eh_measure_has_factor(const struct eh_measure *measure, int column);

/* Set marked[c] for a column and all that it is derived from, or that a condition asks about; those
 * marked already are passed over. column: -1, none; condition: NULL, none. */
void eh_rules_mark_column(const struct eh_rules *rules, int column, bool *marked);
void eh_rules_mark_condition(const struct eh_rules *rules, const struct eh_expression *condition,
                             bool *marked);

/* What a comparison of a measure means, as a text that is the same for the same meaning: who is
   similarly situated, what is asked of which records, how its columns come about. Not part of it:
   what is flagged, names of files and titles, and conditions of `keep` on the date alone, which say
   what period is audited. */
const char *eh_rules_definition(struct eh_arena *arena, const struct eh_rules *rules,
                                const struct eh_comparison *comparison,
                                const struct eh_measure *measure);

/* The rules in plain English, in the arena. */
const char *eh_rules_explain(struct eh_arena *arena, const struct eh_rules *rules);
/* One condition in plain English, in the arena ("outcome is 'released' or 'stay granted'"). */
const char *eh_rules_say(struct eh_arena *arena, const struct eh_rules *rules,
                         const struct eh_expression *condition);

#endif
