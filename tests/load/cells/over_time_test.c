#include "engine/load/cells/over_time.h"

#include "engine/base/date.h"
#include "tests/load/records.h"

#define RULES                        \
  "evenhand: 1\n"                    \
  "title: t\n"                       \
  "columns: {case: id, date: day}\n" \
  "similarly_situated: [kind]\n"     \
  "measures:\n"                      \
  "  yes: {event: result = 'Y'}\n"   \
  "  x yes:\n"                       \
  "    among: kind = 'x'\n"          \
  "    event: result = 'Y'\n"        \
  "comparisons:\n"                   \
  "  - {across: office}\n"

#define HEADER "id,day,kind,office,result\n"

/* "2016-01-01 1/2 0/1" per period, events/records of each measure; then the undated. */
static void expect_asked(const char *text, enum eh_period asked, enum eh_period period,
                         const char *want) {
  for (size_t threads = 1; threads <= 2; threads++) {
    struct loaded l = load_bytes(RULES, text, strlen(text), threads);
    ck_assert_msg(l.status == EH_OK, "%s", l.error.message);
    const struct eh_over_time *s =
        eh_records_over_time(l.arena, l.records, &(struct eh_time_request){asked, -1});
    struct eh_buffer got = {0};
    ck_assert_uint_eq(s->measure_count, 2);
    for (size_t k = 0; k <= s->count; k++) {
      char day[11] = "undated";
      const struct eh_count *counts = s->units[0].undated;
      if (k < s->count) {
        eh_date_format(eh_period_first_day(s->period, s->first + (int32_t)k), day);
        counts = s->units[0].counts + k;
      }
      size_t step = k < s->count ? s->count : 1;
      if (k < s->count && counts[0].records == 0 && counts[step].records == 0) continue;
      eh_buffer_printf(&got, "%s %lu/%lu %lu/%lu\n", day, (unsigned long)counts[0].events,
                       (unsigned long)counts[0].records, (unsigned long)counts[step].events,
                       (unsigned long)counts[step].records);
    }
    ck_assert_str_eq(got.text, want);
    if (s->count) ck_assert_int_eq(s->period, period);
    eh_buffer_free(&got);
    unload(&l);
  }
}

static void expect_series(const char *text, enum eh_period period, const char *want) {
  expect_asked(text, EH_PERIOD_FITTING, period, want);
}

START_TEST(quarters) {
  expect_series(HEADER
                "1,2015-01-01,x,N,Y\n"
                "2,2015-03-31,y,N,N\n"
                "3,2015-04-01,x,N,N\n"
                "4,2016-12-31,x,S,Y\n"
                "5,,x,S,Y\n"
                "6,2016-12-31,x,S,\n",
                EH_PERIOD_QUARTER,
                "2015-01-01 1/2 1/1\n"
                "2015-04-01 0/1 0/1\n"
                "2016-10-01 1/1 1/1\n"
                "undated 1/1 1/1\n");
}
END_TEST

/* Too short for quarters, and for months; too long for quarters. */
START_TEST(other_periods) {
  expect_series(HEADER "1,2015-12-31,x,N,Y\n2,2016-07-01,y,N,N\n", EH_PERIOD_MONTH,
                "2015-12-01 1/1 1/1\n2016-07-01 0/1 0/0\nundated 0/0 0/0\n");
  expect_series(HEADER "1,1969-12-28,x,N,Y\n2,1969-12-29,y,N,N\n3,1970-01-05,y,N,N\n",
                EH_PERIOD_WEEK,
                "1969-12-22 1/1 1/1\n1969-12-29 0/1 0/0\n1970-01-05 0/1 0/0\nundated 0/0 0/0\n");
  expect_series(HEADER "1,0001-01-01,x,N,Y\n2,1999-12-29,y,N,N\n", EH_PERIOD_YEAR,
                "0001-01-01 1/1 1/1\n1999-01-01 0/1 0/0\nundated 0/0 0/0\n");
}
END_TEST

START_TEST(no_dates) {
  expect_series(HEADER "1,,x,N,Y\n2,soon,y,N,N\n", EH_PERIOD_WEEK, "undated 1/2 1/1\n");
}
END_TEST

START_TEST(periods_hold_their_days) {
  for (int p = EH_PERIOD_WEEK; p < EH_PERIODS; p++) {
    for (int32_t day = -800; day < 800; day++) {
      int32_t number = eh_period_of((enum eh_period)p, day);
      ck_assert_int_le(eh_period_first_day((enum eh_period)p, number), day);
      ck_assert_int_gt(eh_period_first_day((enum eh_period)p, number + 1), day);
    }
  }
}
END_TEST

/* Whatever fits a chart. */
START_TEST(the_period_asked_for) {
  static const char text[] = HEADER "1,2015-09-30,x,N,Y\n2,2015-10-01,y,N,N\n3,2016-09-30,x,N,N\n";
  expect_asked(text, EH_PERIOD_FISCAL_YEAR, EH_PERIOD_FISCAL_YEAR,
               "2014-10-01 1/1 1/1\n2015-10-01 0/2 0/1\nundated 0/0 0/0\n");
  expect_asked(text, EH_PERIOD_MONTH, EH_PERIOD_MONTH,
               "2015-09-01 1/1 1/1\n2015-10-01 0/1 0/0\n2016-09-01 0/1 0/1\nundated 0/0 0/0\n");
}
END_TEST

RUN_TESTS("load/over_time", the_period_asked_for, quarters, other_periods, no_dates,
          periods_hold_their_days)
