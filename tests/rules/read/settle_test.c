/* What conditions may ask of columns: how two columns are compared, and what can never hold. */
#include <stdio.h>
#include <string.h>

#include "engine/base/date.h"
#include "rules/evaluate/labels.h"
#include "rules/language/parse.h"
#include "tests/test.h"

enum { MOST_CONDITIONS = 4 };

static double bounds[] = {16, 21};
static struct eh_choice words[] = {{.label = "high"}, {.label = "low"}};
static struct eh_choice digits[] = {{.label = "1"}, {.label = "2"}};

static const struct eh_column all_columns[] = {
    {.name = "text"},
    {.name = "text2"},
    {.name = "text3"},
    {.name = "date", .read_as_date = true},
    {.name = "count", .read_as_number = true},
    {.name = "age", .kind = EH_YEARS_BETWEEN},
    {.name = "days", .kind = EH_DAYS_BETWEEN},
    {.name = "band", .kind = EH_BANDS, .bounds = bounds, .bound_count = 2},
    {.name = "month", .kind = EH_MONTH},
    {.name = "quarter", .kind = EH_QUARTER},
    {.name = "year", .kind = EH_YEAR},
    {.name = "fiscal", .kind = EH_FISCAL_YEAR},
    {.name = "risk", .kind = EH_FIRST_OF, .choices = words, .choice_count = 2},
    {.name = "grade", .kind = EH_RECODE, .choices = digits, .choice_count = 2, .otherwise = "9"},
    {.name = "mixed", .kind = EH_RECODE, .choices = digits, .choice_count = 2, .otherwise = "x"},
    {.name = "policy", .kind = EH_POLICY},
};
enum { COLUMN_COUNT = sizeof all_columns / sizeof all_columns[0] };

static const char *const missing[] = {"", "NA"};

struct fixture {
  struct eh_arena *arena;
  struct eh_problems problems;
  struct eh_parse parse;
  struct eh_column columns[COLUMN_COUNT];
  struct eh_rules rules;
  struct eh_expression *conditions[MOST_CONDITIONS];
  size_t count;
};

static int resolve(void *context, const char *name, size_t length, struct eh_place place) {
  (void)context;
  (void)place;
  for (int i = 0; i < COLUMN_COUNT; i++)
    if (strlen(all_columns[i].name) == length && memcmp(all_columns[i].name, name, length) == 0)
      return i;
  ck_abort_msg("no column %.*s", (int)length, name);
  return -1;
}

/* Parse and settle conditions that are separated by semicolons. */
static void begin(struct fixture *f, const char *text) {
  *f = (struct fixture){.arena = eh_arena_new()};
  f->parse = (struct eh_parse){
      .arena = f->arena, .file = "rules.yaml", .resolve = resolve, .problems = &f->problems};
  memcpy(f->columns, all_columns, sizeof all_columns);
  f->rules = (struct eh_rules){
      .columns = f->columns, .column_count = COLUMN_COUNT, .missing = missing, .missing_count = 2};
  while (text) {
    const char *next = strchr(text, ';');
    size_t length = next ? (size_t)(next - text) : strlen(text);
    ck_assert(f->count < MOST_CONDITIONS);
    f->conditions[f->count] = eh_expression_parse(&f->parse, text, length, (struct eh_place){3, 5});
    ck_assert_msg(f->conditions[f->count], "%s", text);
    f->count++;
    text = next ? next + 1 : NULL;
  }
  eh_expressions_settle(&f->parse, &f->rules, f->conditions, f->count);
}

static void end(struct fixture *f) {
  eh_problems_free(&f->problems);
  eh_arena_free(f->arena);
}

static const struct {
  const char *conditions;
  enum eh_reading first; /* of the first condition */
} settled[] = {
    {"text = text2", EH_AS_TEXT},
    {"text = 'x'", EH_AS_TEXT},
    {"text = 5", EH_AS_NUMBER},
    {"text = 2011-06-17", EH_AS_DATE},
    {"date >= text", EH_AS_DATE},
    {"text <= date", EH_AS_DATE},
    {"text < age", EH_AS_NUMBER},
    {"age < text", EH_AS_NUMBER},
    {"age < days", EH_AS_NUMBER},
    {"count = text", EH_AS_NUMBER},
    {"text = year", EH_AS_TEXT},
    {"month = text", EH_AS_TEXT},
    {"year > count", EH_AS_NUMBER},
    {"grade < count", EH_AS_NUMBER},
    {"text < text2; text = 5", EH_AS_NUMBER},
    {"text < text2; text2 between 1 and 5", EH_AS_NUMBER},
    {"text < text2; text2 = 2011-06-17", EH_AS_DATE},
    {"text < text2; text2 = text3; text3 = 5", EH_AS_NUMBER},
    {"text < text2; text3 = date; text2 = text3", EH_AS_DATE},
    {"text < text2; text3 = age; text3 = text2", EH_AS_NUMBER},
    {"band = 'under 16'", EH_AS_TEXT},
    {"band in ('16-20', '21 and over')", EH_AS_TEXT},
    {"band < 'x'", EH_AS_TEXT},
    {"month = '2016-11'", EH_AS_TEXT},
    {"quarter = '2016Q4'", EH_AS_TEXT},
    {"year = '2016'", EH_AS_TEXT},
    {"year = '2016'; year >= 2014", EH_AS_TEXT},
    {"year >= 2014", EH_AS_NUMBER},
    {"fiscal = 'FY2017'", EH_AS_TEXT},
    {"fiscal >= 'FY20'", EH_AS_TEXT},
    {"fiscal starts with 'FY20'", EH_AS_TEXT},
    {"risk = 'high'", EH_AS_TEXT},
    {"grade >= 2", EH_AS_NUMBER},
    {"mixed = 'x'", EH_AS_TEXT},
    {"policy = 'anything + else'", EH_AS_TEXT},
    {"date starts with '2011'", EH_AS_TEXT},
    {"date is missing", EH_AS_TEXT},
    {"age between 0 and 110", EH_AS_NUMBER},
    {"risk = 'NA'; text = 'x'", -1},
};
enum { SETTLED_COUNT = sizeof settled / sizeof settled[0] };

START_TEST(readings_are_settled) {
  struct fixture f;
  begin(&f, settled[_i].conditions);
  if ((int)settled[_i].first < 0) { /* a text for "not recorded" is no label either */
    ck_assert_uint_eq(f.problems.count, 1);
  } else {
    ck_assert_msg(f.problems.count == 0, "%s: %s", settled[_i].conditions,
                  f.problems.count ? f.problems.items[0].message : "");
    ck_assert_msg(f.conditions[0]->reading == settled[_i].first, "%s: %d", settled[_i].conditions,
                  (int)f.conditions[0]->reading);
  }
  end(&f);
}
END_TEST

static const struct {
  const char *conditions;
  const char *part; /* of the one message */
} refused[] = {
    {"date > 5", "is read as a date"},
    {"date = '2011-06-17'", "without quotes"},
    {"date in ('x', 'y')", "without quotes"},
    {"date between '2011' and '2012'", "without quotes"},
    {"count = 'x'", "is read as a number"},
    {"text = '16'; text > 5", "is read as a number"},
    {"text < text2; text = 5; text2 = 'x'", "is read as a number"},
    {"age = '16'", "without quotes"},
    {"age starts with '1'", "without quotes"},
    {"age = 2011-06-17", "not a date"},
    {"date = age", "cannot be compared"},
    {"date = count", "cannot be compared"},
    {"month = date", "holds labels like '2016-11'"},
    {"month > 5", "holds labels like '2016-11'"},
    {"fiscal = 2014", "holds labels like 'FY2017'"},
    {"band >= 16", "holds labels like '21 and over'"},
    {"risk = 1", "holds labels like 'high'"},
    {"risk = 2011-06-17", "holds labels"},
    {"mixed = 1", "holds labels"},
    {"year = 2011-06-17", "holds labels like '2016'"},
    {"policy > 5", "names of policies"},
    {"text = ''", "is missing"},
    {"text != ''", "is not missing"},
    {"text in ('x', 'NA')", "is never 'NA'"},
    {"band = '16-21'", "16-20"},
    {"band != 'minor'", "is never 'minor'"},
    {"risk in ('high', 'lo')", "'low'"},
    {"grade = '3'", "is never '3'"},
    {"month = '2016-13'", "is never"},
    {"month = '2016-00'", "is never"},
    {"month = 'Nov 2016'", "2016-11"},
    {"quarter = '2016Q5'", "2016Q4"},
    {"quarter = '2016q1'", "2016Q4"},
    {"year = '16'", "2016"},
    {"fiscal = '2014'", "FY2017"},
    {"fiscal != 'FY14'", "FY2017"},
};
enum { REFUSED_COUNT = sizeof refused / sizeof refused[0] };

START_TEST(what_can_never_hold_is_refused) {
  struct fixture f;
  begin(&f, refused[_i].conditions);
  ck_assert_msg(f.problems.count == 1, "%s: %zu problems", refused[_i].conditions,
                f.problems.count);
  ck_assert_msg(strstr(f.problems.items[0].message, refused[_i].part), "%s: %s",
                refused[_i].conditions, f.problems.items[0].message);
  ck_assert_uint_eq(f.problems.items[0].line, 3);
  ck_assert_uint_ge(f.problems.items[0].column, 5);
  end(&f);
}
END_TEST

START_TEST(columns_are_marked_as_read) {
  struct fixture f;
  begin(&f, "text = 5 and text2 >= 2011-06-17 and text3 <= date; count is missing");
  ck_assert(f.columns[0].read_as_number && !f.columns[0].read_as_date);
  ck_assert(f.columns[1].read_as_date && !f.columns[1].read_as_number);
  ck_assert(f.columns[2].read_as_date && !f.columns[2].read_as_number);
  ck_assert(f.columns[3].read_as_date);
  end(&f);
}
END_TEST

START_TEST(bands_have_labels) {
  static const struct {
    double bounds[3];
    size_t count;
    const char *labels[4];
  } cases[] = {
      {{16, 21, 31}, 3, {"under 16", "16-20", "21-30", "31 and over"}},
      {{16}, 1, {"under 16", "16 and over"}},
      {{0, 1, 2}, 3, {"under 0", "0", "1", "2 and over"}},
      {{2.5, 5}, 2, {"under 2.5", "2.5 to under 5", "5 and over"}},
      {{0.5, 20, 1e5},
       3,
       {"under 0.5", "0.5 to under 20", "20 to under 100000", "100000 and over"}},
      {{-10, -5, 5}, 3, {"under -10", "-10 to -6", "-5 to 4", "5 and over"}},
      {{1, 1e17}, 2, {"under 1", "1 to under 1e+17", "1e+17 and over"}},
  };
  struct eh_arena *arena = eh_arena_new();
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    double copy[3];
    memcpy(copy, cases[i].bounds, sizeof copy);
    struct eh_column column = {.kind = EH_BANDS, .bounds = copy, .bound_count = cases[i].count};
    for (size_t k = 0; k <= cases[i].count; k++)
      ck_assert_str_eq(eh_label_band(arena, &column, k), cases[i].labels[k]);
  }
  eh_arena_free(arena);
}
END_TEST

START_TEST(periods_have_labels) {
  static const struct {
    int year, month, day;
    const char *labels[4]; /* month, quarter, year, fiscal year */
  } cases[] = {
      {2016, 9, 30, {"2016-09", "2016Q3", "2016", "FY2016"}},
      {2016, 10, 1, {"2016-10", "2016Q4", "2016", "FY2017"}},
      {2016, 12, 31, {"2016-12", "2016Q4", "2016", "FY2017"}},
      {2017, 1, 1, {"2017-01", "2017Q1", "2017", "FY2017"}},
      {2017, 3, 31, {"2017-03", "2017Q1", "2017", "FY2017"}},
      {2017, 4, 1, {"2017-04", "2017Q2", "2017", "FY2017"}},
      {1, 1, 1, {"0001-01", "0001Q1", "0001", "FY0001"}},
      {9999, 12, 31, {"9999-12", "9999Q4", "9999", "FY10000"}},
  };
  static const enum eh_column_kind kinds[] = {EH_MONTH, EH_QUARTER, EH_YEAR, EH_FISCAL_YEAR};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    for (size_t k = 0; k < 4; k++) {
      char label[16];
      eh_label_period(kinds[k], eh_date_from_civil(cases[i].year, cases[i].month, cases[i].day),
                      label);
      ck_assert_str_eq(label, cases[i].labels[k]);
    }
  }
}
END_TEST

int main(void) {
  TCase *tcase = new_tests("settle");
  tcase_add_loop_test(tcase, readings_are_settled, 0, SETTLED_COUNT);
  tcase_add_loop_test(tcase, what_can_never_hold_is_refused, 0, REFUSED_COUNT);
  tcase_add_test(tcase, columns_are_marked_as_read);
  tcase_add_test(tcase, bands_have_labels);
  tcase_add_test(tcase, periods_have_labels);
  return run_case("settle", tcase);
}
