/* Derived columns, through rules as a user writes them. */
#include <stdio.h>
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/random.h"
#include "rules/evaluate/evaluate.h"
#include "tests/test.h"

enum { MOST_COLUMNS = 16 };

struct fixture {
  struct eh_arena *arena;
  const struct eh_rules *rules;
  struct eh_evaluator *evaluator;
  const struct eh_value *values[MOST_COLUMNS];
  uint32_t label_count;
};

static uint32_t label(void *context, int column, const char *text, size_t length) {
  struct fixture *f = context;
  (void)column;
  (void)text;
  (void)length;
  return f->label_count++;
}

/* Rules that compare units on the column x; sections holds `derive` and what else is wanted. */
static void begin(struct fixture *f, const char *sections) {
  struct eh_problems problems = {0};
  *f = (struct fixture){.arena = eh_arena_new()};
  const char *text = eh_arena_printf(f->arena,
                                     "evenhand: 1\n"
                                     "title: derived columns\n"
                                     "columns: {case: id}\n"
                                     "missing: ['', 'NA']\n"
                                     "%s"
                                     "similarly_situated: [x]\n"
                                     "measures: {m: {event: e = 'Y'}}\n"
                                     "comparisons: [{across: unit}]\n",
                                     sections);
  enum eh_status status =
      eh_rules_read(f->arena, "rules.yaml", text, strlen(text), &f->rules, &problems);
  ck_assert_msg(status == EH_OK, "%s\n%s", text, problems.count ? problems.items[0].message : "");
  eh_problems_free(&problems);
  ck_assert(f->rules->column_count <= MOST_COLUMNS);
  f->evaluator = eh_evaluator_new(f->rules, label, f);
}

static void end(struct fixture *f) {
  eh_evaluator_free(f->evaluator);
  eh_arena_free(f->arena);
}

static const struct eh_value *value_of(const struct fixture *f, const char *name) {
  for (size_t i = 0; i < f->rules->column_count; i++)
    if (strcmp(f->rules->columns[i].name, name) == 0) return f->values[i];
  ck_abort_msg("no column %s", name);
  return NULL;
}

/* Evaluate the record in which the columns a, b and c hold these texts, and the others none. */
static void evaluate(struct fixture *f, const char *const texts[3]) {
  static const char *const names[] = {"a", "b", "c"};
  for (size_t i = 0; i < f->rules->column_count; i++) {
    const struct eh_column *column = &f->rules->columns[i];
    if (column->kind != EH_GIVEN || !column->is_evaluated) continue;
    const char *text = "";
    for (size_t k = 0; k < 3; k++)
      if (texts[k] && strcmp(column->name, names[k]) == 0) text = texts[k];
    f->values[i] = eh_evaluator_value(f->evaluator, (int)i, text, strlen(text));
  }
  eh_evaluator_derive(f->evaluator, f->values);
}

/* x of one record; "(missing)" when it is. */
static const char *derived(struct fixture *f, const char *a, const char *b, const char *c) {
  evaluate(f, (const char *const[]){a, b, c});
  const struct eh_value *x = value_of(f, "x");
  ck_assert(x->malformed == (strstr(x->text, EH_WRONG_YEARS) != NULL));
  return x->missing ? "(missing)" : x->text;
}

struct derived_case {
  const char *a, *b, *c, *x;
};

static void check_cases(const char *sections, const struct derived_case *cases, size_t count) {
  struct fixture f;
  begin(&f, sections);
  for (int again = 0; again < 2; again++) {
    for (size_t i = 0; i < count; i++) {
      const char *x = derived(&f, cases[i].a, cases[i].b, cases[i].c);
      ck_assert_msg(strcmp(x, cases[i].x) == 0, "%s of %s, %s, %s is %s, not %s", sections,
                    cases[i].a, cases[i].b, cases[i].c, x, cases[i].x);
    }
  }
  end(&f);
}
#define CHECK_CASES(sections, cases) \
  check_cases(sections, cases, sizeof(cases) / sizeof((cases)[0]))

START_TEST(years_between_counts_birthdays) {
  static const struct derived_case cases[] = {
      {"2000-06-15", "2016-06-14", 0, "15"},
      {"2000-06-15", "2016-06-15", 0, "16"},
      {"2000-06-15", "2016-06-16", 0, "16"},
      {"2000-06-15", "2000-06-15", 0, "0"},
      {"2000-06-15", "2001-06-14", 0, "0"},
      {"2000-06-15", "2000-06-14", 0, "-1 (below 0)"},
      {"2000-06-15", "1999-06-15", 0, "-1 (below 0)"},
      {"2000-06-15", "1999-06-14", 0, "-2 (below 0)"},
      {"2000-02-29", "2016-02-28", 0, "15"},
      {"2000-02-29", "2016-02-29", 0, "16"},
      {"2000-02-29", "2017-02-28", 0, "16"},
      {"2000-02-29", "2017-03-01", 0, "17"},
      {"1999-12-31", "2000-01-01", 0, "0"},
      {"0001-01-01", "9999-12-31", 0, "9998"},
      {"9999-12-31", "0001-01-01", 0, "-9999 (below 0)"},
      {"", "2016-06-15", 0, "(missing)"},
      {"2000-06-15", "NA", 0, "(missing)"},
      {"2000-06-31", "2016-06-15", 0, "(missing)"},
      {"2000-06-15", "soon", 0, "(missing)"},
  };
  CHECK_CASES("derive: {x: {years_between: [a, b]}}\n", cases);
}
END_TEST

/* A birth is never after the decision: so a year of two digits is read. */
START_TEST(years_of_two_digits_end_at_the_other_date) {
  static const struct derived_case cases[] = {
      {"01/15/39", "06/15/2014", 0, "75"}, {"01/15/13", "06/15/2014", 0, "1"},
      {"06/15/14", "06/15/2014", 0, "0"},  {"06/16/14", "06/15/2014", 0, "99"},
      {"01/15/85", "06/15/2014", 0, "29"}, {"01/15/1985", "06/15/1984", 0, "-1 (below 0)"},
      {"02/29/00", "03/01/1999", 0, "99"}, {"01/15/39", "06/15/14", 0, "75"},
  };
  CHECK_CASES("dates: [\"%m/%d/%y\", \"%m/%d/%Y\"]\nderive: {x: {years_between: [a, b]}}\n", cases);
}
END_TEST

/* The evaluator counts without a calendar; the calendar must agree. */
START_TEST(years_between_is_that_of_the_calendar) {
  struct fixture f;
  begin(&f, "derive: {x: {years_between: [a, b]}}\n");
  struct eh_random random = eh_random_seeded(29, 2);
  int32_t first = eh_date_from_civil(1, 1, 1), last = eh_date_from_civil(9999, 12, 31);
  for (int i = 0; i < 20000; i++) {
    int32_t from = first + (int32_t)eh_random_below(&random, (uint64_t)(last - first + 1));
    int32_t to = i % 2 ? from + (int32_t)eh_random_below(&random, 3000) - 1500
                       : first + (int32_t)eh_random_below(&random, (uint64_t)(last - first + 1));
    if (to < first || to > last) continue;
    char a[11], b[11];
    eh_date_format(from, a);
    eh_date_format(to, b);
    derived(&f, a, b, NULL);
    ck_assert_int_eq((int)value_of(&f, "x")->number, eh_date_years_between(from, to));
  }
  end(&f);
}
END_TEST

START_TEST(days_between_is_the_second_less_the_first) {
  static const struct derived_case cases[] = {
      {"2016-06-15", "2016-06-15", 0, "0"},
      {"2016-02-28", "2016-03-01", 0, "2"},
      {"2015-02-28", "2015-03-01", 0, "1"},
      {"2016-03-01", "2016-02-28", 0, "-2"},
      {"0001-01-01", "9999-12-31", 0, "3652058"},
      {"9999-12-31", "0001-01-01", 0, "-3652058"},
      {"", "", 0, "(missing)"},
      {"2016-06-15", "2016-6-1x", 0, "(missing)"},
  };
  CHECK_CASES("derive: {x: {days_between: [a, b]}}\n", cases);
}
END_TEST

START_TEST(bands_are_half_open) {
  static const struct derived_case whole[] = {
      {"-5", 0, 0, "under 16"},       {"15", 0, 0, "under 16"},     {"15.99", 0, 0, "under 16"},
      {"16", 0, 0, "16-20"},          {"20", 0, 0, "16-20"},        {"20.9", 0, 0, "16-20"},
      {"21", 0, 0, "21-30"},          {"30", 0, 0, "21-30"},        {"31", 0, 0, "31 and over"},
      {"1e300", 0, 0, "31 and over"}, {"", 0, 0, "(missing)"},      {"NA", 0, 0, "(missing)"},
      {"old", 0, 0, "(missing)"},     {"1e999", 0, 0, "(missing)"},
  };
  static const struct derived_case parts[] = {
      {"2.4", 0, 0, "under 2.5"},
      {"2.5", 0, 0, "2.5 to under 5"},
      {"4.99", 0, 0, "2.5 to under 5"},
      {"5", 0, 0, "5 and over"},
  };
  CHECK_CASES("derive: {x: {bands: [16, 21, 31], of: a}}\n", whole);
  CHECK_CASES("derive: {x: {bands: [2.5, 5], of: a}}\n", parts);
}
END_TEST

START_TEST(bands_of_years_between) {
  static const struct derived_case cases[] = {
      {"2000-06-15", "2016-06-14", 0, "under 16"},
      {"2000-06-15", "2016-06-15", 0, "16 and over"},
      {"2000-06-15", "1990-06-15", 0, "(missing)"},
      {"2000-06-15", "", 0, "(missing)"},
  };
  CHECK_CASES("derive: {age: {years_between: [a, b]}, x: {bands: [16], of: age}}\n", cases);
}
END_TEST

START_TEST(periods_of_a_date) {
  static const struct derived_case months[] = {{"2016-11-30", 0, 0, "2016-11"},
                                               {"0001-01-01", 0, 0, "0001-01"},
                                               {"NA", 0, 0, "(missing)"},
                                               {"2016-11-31", 0, 0, "(missing)"}};
  static const struct derived_case quarters[] = {{"2016-09-30", 0, 0, "2016Q3"},
                                                 {"2016-10-01", 0, 0, "2016Q4"}};
  static const struct derived_case years[] = {
      {"2016-12-31", 0, 0, "2016"}, {"9999-12-31", 0, 0, "9999"}, {"", 0, 0, "(missing)"}};
  static const struct derived_case fiscal[] = {{"2016-09-30", 0, 0, "FY2016"},
                                               {"2016-10-01", 0, 0, "FY2017"},
                                               {"2017-09-30", 0, 0, "FY2017"}};
  CHECK_CASES("derive: {x: {month: a}}\n", months);
  CHECK_CASES("derive: {x: {quarter: a}}\n", quarters);
  CHECK_CASES("derive: {x: {year: a}}\n", years);
  CHECK_CASES("derive: {x: {fiscal_year: a}}\n", fiscal);
}
END_TEST

START_TEST(first_of_stops_at_what_is_not_known) {
  static const struct derived_case cases[] = {
      {"felony", "", "", "danger"},   {"none", "Y", "", "danger"},    {"none", "N", "Y", "recent"},
      {"none", "N", "N", "none"},     {"", "Y", "", "danger"}, /* one side is known to hold */
      {"", "N", "Y", "(missing)"}, /* may be a danger: does not fall through to recent */
      {"none", "", "Y", "(missing)"}, {"none", "N", "", "(missing)"}, {"", "", "", "(missing)"},
  };
  CHECK_CASES(
      "derive:\n"
      "  x:\n"
      "    first_of:\n"
      "      - danger: a = 'felony' or b = 'Y'\n"
      "      - recent: c = 'Y'\n"
      "      - none: otherwise\n",
      cases);
}
END_TEST

START_TEST(first_of_one_column) {
  static const struct derived_case cases[] = {
      {"", 0, 0, "not recorded"}, {"x", 0, 0, "not recorded"}, {"17", 0, 0, "minor"},
      {"18", 0, 0, "adult"},      {"64", 0, 0, "adult"},       {"65", 0, 0, "(missing)"},
  };
  CHECK_CASES(
      "derive:\n"
      "  x:\n"
      "    first_of:\n"
      "      - not recorded: a is missing\n"
      "      - minor: a < 18\n"
      "      - adult: a < 65 and a is not missing\n",
      cases);
}
END_TEST

START_TEST(recode_gives_labels_for_texts) {
  static const struct derived_case open[] = {{"13A", 0, 0, "assault"},  {"13B", 0, 0, "assault"},
                                             {"35A", 0, 0, "drugs"},    {"35a", 0, 0, "(missing)"},
                                             {"13", 0, 0, "(missing)"}, {"", 0, 0, "(missing)"}};
  static const struct derived_case closed[] = {
      {"13A", 0, 0, "assault"}, {"99", 0, 0, "other"}, {"NA", 0, 0, "(missing)"}};
  CHECK_CASES("derive: {x: {recode: a, to: {assault: [13A, 13B], drugs: [35A]}}}\n", open);
  CHECK_CASES("derive: {x: {recode: a, to: {assault: [13A]}, otherwise: other}}\n", closed);
}
END_TEST

START_TEST(derived_columns_follow_each_other) {
  static const struct derived_case cases[] = {{"2016-11-30", 0, 0, "late"},
                                              {"2013-01-01", 0, 0, "early"},
                                              {"2014-01-01", 0, 0, "late"},
                                              {"", 0, 0, "(missing)"}};
  static const struct derived_case chain[] = {
      {"2016-11-30", 0, 0, "autumn"}, {"2016-05-30", 0, 0, "other"}, {"soon", 0, 0, "(missing)"}};
  CHECK_CASES(
      "derive:\n"
      "  y: {year: a}\n"
      "  x:\n"
      "    first_of:\n"
      "      - late: y >= 2014\n"
      "      - early: y < 2014\n",
      cases);
  CHECK_CASES(
      "derive:\n"
      "  q: {quarter: a}\n"
      "  r: {recode: q, to: {last: [2016Q4]}, otherwise: rest}\n"
      "  x: {recode: r, to: {autumn: [last]}, otherwise: other}\n",
      chain);
}
END_TEST

static const struct {
  const char *date, *policy;
} policies[] = {
    {"2011-06-16", "(none)"},
    {"2011-06-17", "June"},
    {"2012-06-14", "June"},
    {"2012-06-15", "June + DACA"},
    {"2014-11-19", "June + DACA"},
    {"2014-11-20", "DACA + November"},
    {"9999-12-31", "DACA + November"},
    {"", "(missing)"},
    {"soon", "(missing)"},
};

START_TEST(policies_are_those_in_force) {
  static const char text[] =
      "evenhand: 1\n"
      "title: policies\n"
      "columns: {case: id, date: a}\n"
      "policies:\n"
      "  - {name: June, from: 2011-06-17}\n"
      "  - {name: DACA, from: 2012-06-15}\n"
      "  - {name: November, from: 2014-11-20, supersedes: June}\n"
      "similarly_situated: []\n"
      "measures: {m: {event: e = 'Y'}}\n"
      "comparisons: [{across: unit}]\n";
  struct fixture f = {.arena = eh_arena_new()};
  struct eh_problems problems = {0};
  enum eh_status status =
      eh_rules_read(f.arena, "rules.yaml", text, sizeof text - 1, &f.rules, &problems);
  ck_assert_msg(status == EH_OK, "%s", problems.count ? problems.items[0].message : "");
  f.evaluator = eh_evaluator_new(f.rules, label, &f);
  int date = f.rules->date_column, policy = f.rules->policy_column;
  for (size_t i = 0; i < sizeof policies / sizeof policies[0]; i++) {
    for (size_t k = 0; k < f.rules->column_count; k++)
      if (f.rules->columns[k].is_evaluated && f.rules->columns[k].kind == EH_GIVEN)
        f.values[k] = eh_evaluator_value(f.evaluator, (int)k, "", 0);
    f.values[date] =
        eh_evaluator_value(f.evaluator, date, policies[i].date, strlen(policies[i].date));
    eh_evaluator_derive(f.evaluator, f.values);
    const struct eh_value *value = f.values[policy];
    ck_assert_str_eq(value->missing ? "(missing)" : value->text, policies[i].policy);
  }
  eh_problems_free(&problems);
  end(&f);
}
END_TEST

/* Two choices of one name, and different dates of one month, are one value with one code. */
START_TEST(equal_labels_are_one_value) {
  struct fixture f;
  begin(&f,
        "derive:\n"
        "  x:\n"
        "    first_of:\n"
        "      - same: a = '1'\n"
        "      - other: a = '2'\n"
        "      - same: otherwise\n");
  derived(&f, "1", 0, 0);
  const struct eh_value *first = value_of(&f, "x");
  derived(&f, "2", 0, 0);
  ck_assert_uint_ne(value_of(&f, "x")->code, first->code);
  derived(&f, "3", 0, 0);
  ck_assert_ptr_eq(value_of(&f, "x"), first);
  derived(&f, "", 0, 0);
  ck_assert(value_of(&f, "x")->missing);
  ck_assert_uint_ne(value_of(&f, "x")->code, first->code);
  end(&f);
  begin(&f, "derive: {x: {month: a}}\n");
  derived(&f, "2016-11-01", 0, 0);
  first = value_of(&f, "x");
  derived(&f, "2016-11-30", 0, 0);
  ck_assert_ptr_eq(value_of(&f, "x"), first);
  end(&f);
}
END_TEST

RUN_TESTS("derive", years_between_counts_birthdays, years_of_two_digits_end_at_the_other_date,
          years_between_is_that_of_the_calendar, days_between_is_the_second_less_the_first,
          bands_are_half_open, bands_of_years_between, periods_of_a_date,
          first_of_stops_at_what_is_not_known, first_of_one_column, recode_gives_labels_for_texts,
          derived_columns_follow_each_other, policies_are_those_in_force,
          equal_labels_are_one_value)
