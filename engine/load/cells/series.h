/* How often each measure's event happened, period by period: what a chart over time shows.
 *
 * Counted from the records themselves, before any comparison leaves records out for a factor that
 * is missing. Periods are calendar quarters, or shorter or longer ones where quarters would give
 * too few or too many points.
 */
#ifndef EVENHAND_LOAD_SERIES_H
#define EVENHAND_LOAD_SERIES_H

#include "engine/load/records/load.h"

enum eh_period { EH_PERIOD_WEEK, EH_PERIOD_MONTH, EH_PERIOD_QUARTER, EH_PERIOD_YEAR };
/* "week", "month", "quarter", "year". */
const char *eh_period_name(enum eh_period period);
/* The period that a day lies in, numbered so that the next period has the next number; weeks begin
 * on Mondays. */
int32_t eh_period_of(enum eh_period period, int32_t day);
int32_t eh_period_first_day(enum eh_period period, int32_t number);

struct eh_count {
  uint64_t records; /* that the measure applies to, its event known */
  uint64_t events;
};

struct eh_series {
  enum eh_period period;
  int32_t first; /* number of the first period */
  size_t count;  /* periods; 0 without a date column or without dates */
  size_t measure_count;
  const struct eh_count *counts;  /* of measure m in period first + k: [m * count + k] */
  const struct eh_count *undated; /* by measure: audited records without a date */
};

/* A series over an account's days, without counts so far; counts and undated are to be filled. */
struct eh_series_plan {
  struct eh_series *series;
  struct eh_count *counts, *undated; /* of series */
};
struct eh_series_plan eh_series_plan(struct eh_arena *arena, const struct eh_account *account,
                                     size_t measures);

/* Of the audited records, in the arena. */
struct eh_series *eh_records_series(struct eh_arena *arena, const struct eh_records *records);

#endif
