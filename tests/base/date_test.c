#include "engine/base/date.h"

#include <string.h>

#include "tests/test.h"

START_TEST(days_and_dates_agree_everywhere) {
  int32_t day = eh_date_from_civil(1, 1, 1), last = eh_date_from_civil(9999, 12, 31);
  ck_assert_int_eq(eh_date_from_civil(1970, 1, 1), 0);
  ck_assert_int_eq(eh_date_from_civil(2000, 3, 1), 11017);
  ck_assert_int_eq(last - day + 1, 3652059); /* days of 9999 Gregorian years */
  struct eh_civil before = {0, 12, 31};
  int wrong = 0;
  for (; day <= last; day++) {
    struct eh_civil c = eh_date_to_civil(day);
    bool follows = c.day == before.day + 1 ||
                   (c.day == 1 &&
                    (c.month == before.month + 1 || (c.month == 1 && c.year == before.year + 1)));
    wrong += !follows || !eh_date_valid(c.year, c.month, c.day) ||
             eh_date_from_civil(c.year, c.month, c.day) != day;
    before = c;
  }
  ck_assert_int_eq(wrong, 0);
}
END_TEST

START_TEST(dates_are_read_by_their_form) {
  static const struct {
    const char *text, *form, *date; /* date NULL: refused */
  } cases[] = {
      {"2016-11-01", "%Y-%m-%d", "2016-11-01"},
      {"2016-1-1", "%Y-%m-%d", "2016-01-01"},
      {"10/1/2016", "%m/%d/%Y", "2016-10-01"},
      {"1.10.2016", "%d.%m.%Y", "2016-10-01"},
      {"2016-02-29", "%Y-%m-%d", "2016-02-29"},
      {"2015-02-29", "%Y-%m-%d", NULL},
      {"1900-02-29", "%Y-%m-%d", NULL},
      {"2000-02-29", "%Y-%m-%d", "2000-02-29"},
      {"2016-11-01 21:08:00.0000000", "%Y-%m-%d %H:%M:%S", "2016-11-01"},
      {"2016-11-01T21:08", "%Y-%m-%dT%H:%M", "2016-11-01"},
      {"2016-11-01 25:00", "%Y-%m-%d %H:%M", NULL},
      {"1/5/2024 2:30:00 PM", "%m/%d/%Y %I:%M:%S %p", "2024-01-05"},
      {"01/05/2024 12:30 am", "%m/%d/%Y %I:%M %p", "2024-01-05"},
      {"1/5/2024 13:30 PM", "%m/%d/%Y %I:%M %p", NULL},
      {"1/5/2024 0:30 AM", "%m/%d/%Y %I:%M %p", NULL},
      {"1/5/2024 2:30 XM", "%m/%d/%Y %I:%M %p", NULL},
      {"1/5/2024 2:30 P", "%m/%d/%Y %I:%M %p", NULL},
      {"03-Mar-99", "%d-%b-%y", "1999-03-03"},
      {"March 3, 2068", "%B %d, %Y", "2068-03-03"},
      {"3/3/68", "%m/%d/%y", "2068-03-03"},
      {"3/3/69", "%m/%d/%y", "1969-03-03"},
      {"2016366", "%Y%j", "2016-12-31"},
      {"2015366", "%Y%j", NULL},
      {"20161101", "%Y%m%d", "2016-11-01"},
      {"16-11-01", "%Y-%m-%d", NULL},
      {"2016-11-01x", "%Y-%m-%d", NULL},
      {"2016-11", "%Y-%m-%d", NULL},
      {"", "%Y-%m-%d", NULL},
      {"0000-01-01", "%Y-%m-%d", NULL},
      {"9999-12-31", "%Y-%m-%d", "9999-12-31"},
      {"100%2016-01-01", "100%%%Y-%m-%d", "2016-01-01"},
      {"2016-13-01", "%Y-%m-%d", NULL},
      {"2016-00-10", "%Y-%m-%d", NULL},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    int32_t day;
    bool read = eh_date_parse(cases[i].text, strlen(cases[i].text), cases[i].form, &day);
    ck_assert_msg(read == (cases[i].date != NULL), "'%s' by %s", cases[i].text, cases[i].form);
    if (!read) continue;
    char text[11];
    eh_date_format(day, text);
    ck_assert_str_eq(text, cases[i].date);
  }
}
END_TEST

START_TEST(forms_are_checked) {
  ck_assert(eh_date_form_valid("%Y-%m-%d"));
  ck_assert(eh_date_form_valid("%Y%j"));
  ck_assert(!eh_date_form_valid("%Y-%m"));
  ck_assert(!eh_date_form_valid("%Y-%m-%d %Z"));
  ck_assert(!eh_date_form_valid("%Y-%m-%d%"));
  ck_assert(!eh_date_form_valid(""));
}
END_TEST

START_TEST(ages_count_birthdays) {
  static const struct {
    int from[3], to[3], years;
  } cases[] = {
      {{1990, 5, 17}, {2016, 5, 16}, 25}, {{1990, 5, 17}, {2016, 5, 17}, 26},
      {{2000, 2, 29}, {2001, 2, 28}, 0},  {{2000, 2, 29}, {2001, 3, 1}, 1},
      {{2000, 2, 29}, {2004, 2, 29}, 4},  {{2016, 5, 17}, {1990, 5, 17}, -26},
      {{2016, 5, 17}, {2016, 5, 16}, -1}, {{2016, 5, 17}, {2016, 5, 17}, 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    int32_t from = eh_date_from_civil(cases[i].from[0], cases[i].from[1], cases[i].from[2]);
    int32_t to = eh_date_from_civil(cases[i].to[0], cases[i].to[1], cases[i].to[2]);
    ck_assert_int_eq(eh_date_years_between(from, to), cases[i].years);
  }
}
END_TEST

RUN_TESTS("date", days_and_dates_agree_everywhere, dates_are_read_by_their_form, forms_are_checked,
          ages_count_birthdays)
