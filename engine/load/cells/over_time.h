/* Records over time: of all, or of each value of a column, an office say. What each measure counts,
 * period by period, and what is not recorded.
 *
 * Counted from the records themselves, before any comparison leaves records out for a factor that
 * is missing. Not adjusted for the kind of case: that is what comparisons are for.
 */
#ifndef EVENHAND_LOAD_OVER_TIME_H
#define EVENHAND_LOAD_OVER_TIME_H

#include "engine/load/records/load.h"

/* FISCAL_YEAR: of the United States, from October 1st; called by the year in which it ends. */
enum eh_period {
  EH_PERIOD_WEEK,
  EH_PERIOD_MONTH,
  EH_PERIOD_QUARTER,
  EH_PERIOD_YEAR,
  EH_PERIOD_FISCAL_YEAR,
  EH_PERIODS,
  /* To ask for: quarters, or shorter or longer ones where quarters would make too few or too many
     points of a chart. */
  EH_PERIOD_FITTING = EH_PERIODS
};
/* "week", "month", "quarter", "year", "fiscal year". */
const char *eh_period_name(enum eh_period period);
/* The period that a day lies in, numbered so that the next period has the next number; weeks begin
 * on Mondays. */
int32_t eh_period_of(enum eh_period period, int32_t day);
int32_t eh_period_first_day(enum eh_period period, int32_t number);

struct eh_count {
  uint64_t records; /* that the measure applies to, its event known */
  uint64_t events;
};

struct eh_unit_over_time {
  uint64_t records;               /* audited */
  uint64_t no_day;                /* without a date that can be read */
  const uint64_t *missing;        /* by columns: not recorded, or not readable */
  const uint64_t *unknown;        /* by measure: whether it applies, or its event, is not known */
  const struct eh_count *counts;  /* of measure m in period first + k: [m * count + k] */
  const struct eh_count *undated; /* by measure: of those without a date */
};

enum { EH_MOST_PERIODS = 200 }; /* of each unit of a column */

struct eh_over_time {
  enum eh_period period;
  int32_t first; /* number of the first period */
  size_t count;  /* periods; 0 without a date column or dates, or where they span too long */
  bool spans_too_long;
  size_t measure_count;
  int column;                /* of the rules; -1: all records are one unit */
  const char *const *labels; /* of the units, bytewise, the not recorded last; NULL: of all */
  size_t unit_count;
  bool has_missing; /* the last label is "not recorded" */
  const struct eh_unit_over_time *units;
  const int *columns; /* the rules' columns whose missing values were counted */
  size_t column_count;
};

/* What is asked for. */
struct eh_time_request {
  enum eh_period period;
  int column; /* a dimension of the rules, or -1: all records together */
};

/* Counts that are to be filled, of an account's days: the caller has set the units' labels. */
struct eh_time_plan {
  struct eh_over_time *result;
  struct eh_unit_over_time *units;   /* of the result, as are the rest: */
  uint64_t *missing, *unknown;       /* units x columns, units x measures */
  struct eh_count *counts, *undated; /* units x measures x periods, units x measures */
};
struct eh_time_plan eh_time_plan(struct eh_arena *arena, const struct eh_account *account,
                                 const struct eh_over_time *shape);

/* Of the audited records, in the arena. */
const struct eh_over_time *eh_records_over_time(struct eh_arena *arena,
                                                const struct eh_records *records,
                                                const struct eh_time_request *request);

#endif
