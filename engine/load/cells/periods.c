/* Weeks, months, quarters and years. */
#include "engine/base/date.h"
#include "engine/load/cells/over_time.h"

/* Day 0, 1970-01-01, was a Thursday: 3 days after a Monday. */
enum {
  MONDAY_BEFORE_DAY_ZERO = 3,
  DAYS_IN_WEEK = 7,
  MONTHS = 12,
  QUARTERS = 4,
  FISCAL_MONTH = 10 /* in which a fiscal year begins */
};

const char *eh_period_name(enum eh_period period) {
  static const char *const names[] = {"week", "month", "quarter", "year", "fiscal year"};
  return names[period];
}

static int32_t floor_divide(int32_t a, int32_t b) { return a / b - (a % b < 0); }

int32_t eh_period_of(enum eh_period period, int32_t day) {
  struct eh_civil date = eh_date_to_civil(day);
  switch (period) {
    case EH_PERIOD_WEEK:
      return floor_divide(day + MONDAY_BEFORE_DAY_ZERO, DAYS_IN_WEEK);
    case EH_PERIOD_MONTH:
      return date.year * MONTHS + date.month - 1;
    case EH_PERIOD_QUARTER:
      return date.year * QUARTERS + (date.month - 1) / (MONTHS / QUARTERS);
    case EH_PERIOD_FISCAL_YEAR:
      return date.year + (date.month >= FISCAL_MONTH);
    default:
      return date.year;
  }
}

int32_t eh_period_first_day(enum eh_period period, int32_t number) {
  switch (period) {
    case EH_PERIOD_WEEK:
      return number * DAYS_IN_WEEK - MONDAY_BEFORE_DAY_ZERO;
    case EH_PERIOD_MONTH:
      return eh_date_from_civil(number / MONTHS, number % MONTHS + 1, 1);
    case EH_PERIOD_QUARTER:
      return eh_date_from_civil(number / QUARTERS, number % QUARTERS * (MONTHS / QUARTERS) + 1, 1);
    case EH_PERIOD_FISCAL_YEAR:
      return eh_date_from_civil(number - 1, FISCAL_MONTH, 1);
    default:
      return eh_date_from_civil(number, 1, 1);
  }
}
