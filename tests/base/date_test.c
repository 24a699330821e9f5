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
      {"2014-03-01T05:00:00Z", "%Y-%m-%dT%H:%M:%S%z", "2014-03-01"},
      {"2014-03-01T23:00:00+02:00", "%Y-%m-%dT%H:%M:%S%z", "2014-03-01"},
      {"2014-03-01 23:00:00.5 -0500", "%Y-%m-%d %H:%M:%S %z", "2014-03-01"},
      {"2014-03-01T23:00+1", "%Y-%m-%dT%H:%M%z", "2014-03-01"},
      {"2014-03-01T23:00", "%Y-%m-%dT%H:%M%z", NULL},
      {"2014-03-01T23:00+2x", "%Y-%m-%dT%H:%M%z", NULL},
      {"2014-03-01T24:00", "%Y-%m-%dT%H:%M", "2014-03-01"},
      {"01JAN2014", "%d%b%Y", "2014-01-01"},
      {"01JAN2014:00:00:00", "%d%b%Y:%H:%M:%S", "2014-01-01"},
      {"20sep2007", "%d%b%Y", "2007-09-20"},
      {"Jan 01 2014 12:00AM", "%b %d %Y %I:%M%p", "2014-01-01"},
      {"Friday, January 3, 2014", "%A, %B %d, %Y", "2014-01-03"},
      {", January 3, 2014", "%A, %B %d, %Y", NULL},
      {"3 de enero de 2014", "%d de %B de %Y", "2014-01-03"},
      {"13 DE SEPTIEMBRE DE 2014", "%d DE %B DE %Y", "2014-09-13"},
      {"03-Mai-2014", "%d-%b-%Y", "2014-05-03"},
      {"3. M\xc3\xa4rz 2014", "%d. %B %Y", "2014-03-03"},
      {"3. M\xc3\x84RZ 2014", "%d. %B %Y", "2014-03-03"},
      {"1 ao\xc3\xbbt 2014", "%d %B %Y", "2014-08-01"},
      {"1 d\xc3\xa9"
       "cembre 2014",
       "%d %b %Y", "2014-12-01"},
      {"1 juin 2014", "%d %b %Y", "2014-06-01"},
      {"1 juillet 2014", "%d %b %Y", "2014-07-01"},
      {"1 mar\xc3\xa7o 2014", "%d %B %Y", "2014-03-01"},
      {"1 outubro 2014", "%d %B %Y", "2014-10-01"},
      {"1 maart 2014", "%d %B %Y", "2014-03-01"},
      {"1 xyz 2014", "%d %B %Y", NULL},
      {"41789", "excel", "2014-05-30"},
      {"41789.75", "excel", "2014-05-30"},
      {"1", "excel", "1900-01-01"},
      {"59", "excel", "1900-02-28"},
      {"60", "excel", NULL},
      {"61", "excel", "1900-03-01"},
      {"0", "excel", NULL},
      {"20140103", "excel", NULL},
      {"x", "excel", NULL},
      {"1401408000", "unix", "2014-05-30"},
      {"-1", "unix", "1969-12-31"},
      {"1401408000123", "unix-ms", "2014-05-30"},
      {"1401408000.5", "unix", "2014-05-30"},
      {"1401408000.", "unix", NULL},
      {"9999999999999999", "unix-ms", NULL},
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

START_TEST(short_years_end_at_a_day) {
  static const struct {
    const char *text;
    int as_of[3];
    const char *date;
  } cases[] = {{"3/3/39", {2014, 6, 15}, "1939-03-03"},  {"3/3/14", {2014, 6, 15}, "2014-03-03"},
               {"6/15/14", {2014, 6, 15}, "2014-06-15"}, {"6/16/14", {2014, 6, 15}, "1914-06-16"},
               {"1/1/00", {2014, 6, 15}, "2000-01-01"},  {"1/1/99", {1999, 12, 31}, "1999-01-01"},
               {"1/1/00", {1999, 12, 31}, "1900-01-01"}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    int32_t day, end = eh_date_from_civil(cases[i].as_of[0], cases[i].as_of[1], cases[i].as_of[2]);
    char text[11];
    ck_assert(eh_date_read(cases[i].text, strlen(cases[i].text), "%m/%d/%y", end, &day));
    eh_date_format(day, text);
    ck_assert_str_eq(text, cases[i].date);
  }
  ck_assert(eh_date_form_is_short("%m/%d/%y") && !eh_date_form_is_short("%m/%d/%Y %%y"));
}
END_TEST

/* What a form writes, it reads. */
START_TEST(forms_read_what_they_write) {
  static const char *const forms[] = {
      "%Y-%m-%d", "%m/%d/%Y",     "%d%b%Y:%H:%M:%S",     "%B %e, %Y",
      "%Y%j",     "%A, %d %B %Y", "%Y-%m-%dT%H:%M:%S%z", "excel",
      "unix",     "unix-ms",      "%m/%d/%y %I:%M %p"};
  int32_t day, first = eh_date_from_civil(1969, 1, 2), last = eh_date_from_civil(2068, 1, 1);
  char text[EH_DATE_TEXT];
  for (size_t f = 0; f < sizeof forms / sizeof *forms; f++)
    for (int32_t d = first; d < last; d += 97) {
      eh_date_write(d, forms[f], text);
      ck_assert_msg(eh_date_parse(text, strlen(text), forms[f], &day) && day == d, "%s", text);
    }
}
END_TEST

START_TEST(forms_that_clash_are_known) {
  static const struct {
    const char *one, *other;
    bool clash;
  } pairs[] = {{"%m/%d/%Y", "%d/%m/%Y", true},  {"%d/%m/%Y", "%m/%d/%Y", true},
               {"%m/%d/%y", "%d/%m/%y", true},  {"%y%m%d", "%d%m%y", true},
               {"%Y%m%d", "unix", true},        {"excel", "unix", true},
               {"%Y-%m-%d", "%Y-%d-%m", true},  {"%Y-%m-%d", "%m/%d/%Y", false},
               {"%m/%d/%Y", "%m/%d/%y", false}, {"%d.%m.%Y", "%m/%d/%Y", false},
               {"%d %b %Y", "%d %B %Y", false}, {"%m/%d/%Y", "%m/%d/%Y %H:%M", false},
               {"excel", "%Y%m%d", false}};
  char text[EH_DATE_TEXT];
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    ck_assert_msg(eh_date_forms_clash(pairs[i].one, pairs[i].other, text) == pairs[i].clash,
                  "%s and %s", pairs[i].one, pairs[i].other);
}
END_TEST

/* No name of a month is that of two. */
START_TEST(names_of_months_are_of_one) {
  const char *name, *other;
  int month, another;
  for (size_t i = 0; (name = eh_date_month_name(i, &month)) != NULL; i++)
    for (size_t k = 0; (other = eh_date_month_name(k, &another)) != NULL; k++)
      ck_assert_msg(i == k || strcmp(name, other) != 0, "%s", name);
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
          short_years_end_at_a_day, forms_read_what_they_write, forms_that_clash_are_known,
          names_of_months_are_of_one, ages_count_birthdays)
