/* Labels of derived columns, by what rules/evaluate/labels.h says of each. */
#include "rules/evaluate/labels.h"

#include <string.h>

#include "engine/base/date.h"
#include "tests/test.h"

static double ages[] = {16, 21, 22}, fractions[] = {2.5, 5}, from_zero[] = {-0.0, 5},
              below_zero[] = {-5, -1, 3}, large[] = {100000, 9007199254740992.0, 2e16};

#define BANDS(numbers) \
  { .kind = EH_BANDS, .bounds = numbers, .bound_count = sizeof numbers / sizeof numbers[0] }
static const struct eh_column zero = BANDS(from_zero), age = BANDS(ages),
                              fraction = BANDS(fractions), negative = BANDS(below_zero),
                              huge = BANDS(large);

START_TEST(bands) {
  static const struct {
    const struct eh_column *column;
    size_t band;
    const char *label;
  } cases[] = {
      {&age, 0, "under 16"},
      {&age, 1, "16-20"},
      {&age, 2, "21"},
      {&age, 3, "22 and over"},
      {&zero, 1, "0-4"},
      {&zero, 0, "under 0"},
      {&fraction, 0, "under 2.5"},
      {&fraction, 1, "2.5 to under 5"},
      {&fraction, 2, "5 and over"},
      {&negative, 1, "-5 to -2"},
      {&negative, 2, "-1 to 2"},
      {&negative, 3, "3 and over"},
      {&huge, 0, "under 100000"},
      {&huge, 1, "100000 to under 9007199254740992"},
      {&huge, 3, "2e+16 and over"},
  };
  struct eh_arena *arena = eh_arena_new();
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const char *label = eh_label_band(arena, cases[i].column, cases[i].band);
    ck_assert_str_eq(label, cases[i].label);
    ck_assert(eh_label_possible(cases[i].column, label, strlen(label)));
  }
  eh_arena_free(arena);
}
END_TEST

START_TEST(periods) {
  static const struct {
    int year, month, day;
    const char *labels[4]; /* month, quarter, year, fiscal year */
  } cases[] = {
      {2016, 1, 1, {"2016-01", "2016Q1", "2016", "FY2016"}},
      {2016, 3, 31, {"2016-03", "2016Q1", "2016", "FY2016"}},
      {2016, 4, 1, {"2016-04", "2016Q2", "2016", "FY2016"}},
      {2016, 6, 30, {"2016-06", "2016Q2", "2016", "FY2016"}},
      {2016, 7, 1, {"2016-07", "2016Q3", "2016", "FY2016"}},
      {2016, 9, 30, {"2016-09", "2016Q3", "2016", "FY2016"}},
      {2016, 10, 1, {"2016-10", "2016Q4", "2016", "FY2017"}},
      {2016, 12, 31, {"2016-12", "2016Q4", "2016", "FY2017"}},
      {1, 2, 3, {"0001-02", "0001Q1", "0001", "FY0001"}},
  };
  static const enum eh_column_kind kinds[4] = {EH_MONTH, EH_QUARTER, EH_YEAR, EH_FISCAL_YEAR};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    for (size_t k = 0; k < 4; k++) {
      char label[16];
      struct eh_column column = {.kind = kinds[k]};
      eh_label_period(kinds[k], eh_date_from_civil(cases[i].year, cases[i].month, cases[i].day),
                      label);
      ck_assert_str_eq(label, cases[i].labels[k]);
      ck_assert(eh_label_possible(&column, label, strlen(label)));
    }
}
END_TEST

START_TEST(what_cannot_be) {
  static struct eh_choice choices[] = {{.label = "1"}, {.label = "two"}};
  static const struct eh_column
      first_of = {.kind = EH_FIRST_OF, .choices = choices, .choice_count = 2},
      recode = {.kind = EH_RECODE, .choices = choices, .choice_count = 1, .otherwise = "other"},
      unread = {.kind = EH_RECODE}, unread_bands = {.kind = EH_BANDS}, month = {.kind = EH_MONTH},
      quarter = {.kind = EH_QUARTER}, year = {.kind = EH_YEAR}, fiscal = {.kind = EH_FISCAL_YEAR},
      policy = {.kind = EH_POLICY}, given = {.kind = EH_GIVEN};
  static const struct {
    const struct eh_column *column;
    const char *label;
    bool possible;
  } cases[] = {
      {&first_of, "1", true},       {&first_of, "two", true},    {&first_of, "tw", false},
      {&first_of, "other", false},  {&recode, "1", true},        {&recode, "two", false},
      {&recode, "other", true},     {&recode, "others", false},  {&unread, "any", true},
      {&unread_bands, "any", true}, {&age, "16-21", false},      {&age, "16-2", false},
      {&month, "2016-00", false},   {&month, "2016-01", true},   {&month, "2016-12", true},
      {&month, "2016-13", false},   {&month, "x016-01", false},  {&month, "2016-1", false},
      {&month, "2016/01", false},   {&month, "201a-01", false},  {&month, "2016-20", false},
      {&quarter, "2016Q0", false},  {&quarter, "2016Q1", true},  {&quarter, "2016Q4", true},
      {&quarter, "2016Q5", false},  {&quarter, "2016q1", false}, {&quarter, "2016Q12", false},
      {&year, "2016", true},        {&year, "0000", true},       {&year, "9999", true},
      {&year, "20:6", false},       {&year, "20/6", false},      {&year, "216", false},
      {&fiscal, "FY2016", true},    {&fiscal, "2016", false},    {&fiscal, "FX2016", false},
      {&policy, "any", true},       {&given, "any", true},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    ck_assert_msg(eh_label_possible(cases[i].column, cases[i].label, strlen(cases[i].label)) ==
                      cases[i].possible,
                  "%s", cases[i].label);
  /* text need not end where the label does */
  ck_assert(eh_label_possible(&year, "20161", 4) && !eh_label_possible(&first_of, "two", 2));
}
END_TEST

START_TEST(numbers_and_samples) {
  static struct eh_choice numbers[] = {{.label = "1"}, {.label = "2.5"}},
                          mixed[] = {{.label = "1"}, {.label = "two"}};
  static const struct {
    struct eh_column column;
    bool all_numbers;
    const char *sample;
  } cases[] = {
      {{.kind = EH_RECODE, .choices = numbers, .choice_count = 2}, true, "1"},
      {{.kind = EH_FIRST_OF, .choices = numbers, .choice_count = 2, .otherwise = "3"}, true, "1"},
      {{.kind = EH_RECODE, .choices = numbers, .choice_count = 2, .otherwise = "no"}, false, "1"},
      {{.kind = EH_FIRST_OF, .choices = mixed, .choice_count = 2}, false, "1"},
      {{.kind = EH_RECODE}, true, ""},
      {{.kind = EH_YEAR}, true, "2016"},
      {{.kind = EH_FISCAL_YEAR}, false, "FY2017"},
      {{.kind = EH_MONTH}, false, "2016-11"},
      {{.kind = EH_QUARTER}, false, "2016Q4"},
      {{.kind = EH_BANDS}, false, ""},
      {BANDS(ages), false, "22 and over"},
      {{.kind = EH_GIVEN}, false, ""},
  };
  struct eh_arena *arena = eh_arena_new();
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    ck_assert_int_eq(eh_label_all_numbers(&cases[i].column), cases[i].all_numbers);
    ck_assert_str_eq(eh_label_sample(arena, &cases[i].column), cases[i].sample);
  }
  eh_arena_free(arena);
}
END_TEST

RUN_TESTS("labels", bands, periods, what_cannot_be, numbers_and_samples)
