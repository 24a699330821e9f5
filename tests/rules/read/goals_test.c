/* Goals: what is said of them, and every mistake at its place. */
#include "tests/rules/read.h"

#define GOALS_HEAD                                                                      \
  "evenhand: 1\n"                                                                       \
  "columns: {case: id, date: day, officer: by}\n"                                       \
  "measures:\n"                                                                         \
  "  yes: {event: a = 'b', similarly_situated: [kind]}\n"                               \
  "  how long: {value: days_taken, flag: {smallest_difference: 5 days}, similarly_situated: []}\n" \
  "  which: {category: outcome, similarly_situated: []}\n"                              \
  "comparisons:\n"                                                                      \
  "  - {across: office}\n"                                                              \
  "  - {across: officer, within: office, measure: yes}\n"

START_TEST(what_is_said) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules = read_rules(
      arena, GOALS_HEAD
      "goals:\n"
      "  - {name: a, measure: yes, at_least: 95%, by: 2016-09-30, baseline: 78%, owner: Policy}\n"
      "  - {name: b, measure: yes, each: region, at_most: 0.2, every: quarter, from: 2015-01-01}\n"
      "  - {name: c, spread_of: yes, across: officer, at_most: 0.3, by: 2016-09-30}\n"
      "  - {name: d, difference_of: yes, across: office, at_most: 10 points, every: fiscal_year}\n"
      "  - {name: e, recorded: officer, at_least: 99%, every: month}\n"
      "  - {name: f, measure: how long, at_most: 30 days, by: 2016-09-30, from: 2016-01-01}\n");
  const struct eh_goal *g = rules->goals;
  ck_assert_uint_eq(rules->goal_count, 6);
  ck_assert_int_eq(g[0].kind, EH_GOAL_SHARE);
  ck_assert_str_eq(g[0].owner, "Policy");
  ck_close(g[0].baseline, 0.78, 1e-15);
  ck_assert_int_eq(g[0].by - g[0].from, 365); /* four quarters */
  ck_assert(!g[0].each && g[0].at_least);
  ck_assert(g[1].each && !g[1].at_least && g[1].every == EH_EVERY_QUARTER);
  ck_assert_str_eq(name_of(rules, g[1].across), "region");
  ck_assert(column_of(rules, "region")->is_dimension);
  ck_assert_int_eq(g[2].kind, EH_GOAL_SPREAD);
  ck_assert_int_eq(g[3].kind, EH_GOAL_DIFFERENCE);
  ck_close(g[3].target, 0.1, 1e-15);
  ck_assert_int_eq(g[4].kind, EH_GOAL_RECORDED);
  ck_assert_str_eq(name_of(rules, g[4].across), "officer");
  ck_assert_int_eq(g[5].kind, EH_GOAL_MEAN);
  ck_close(g[5].target, 30, 1e-15);
  ck_assert_uint_ge(rules->table_count, 3);
  eh_arena_free(arena);
}
END_TEST

static const struct {
  const char *goal, *said;
} mistakes[] = {
    {"{measure: yes, at_least: 95%, by: 2016-09-30}", "a goal needs `name: `"},
    {"{name: a, at_least: 95%, by: 2016-09-30}", "a goal needs one of `measure`"},
    {"{name: a, measure: yes, recorded: officer, at_least: 95%, by: 2016-09-30}",
     "a goal needs only one of `measure`"},
    {"{name: a, measure: yess, at_least: 95%, by: 2016-09-30}", "did you mean `yes`?"},
    {"{name: a, measure: which, at_least: 95%, by: 2016-09-30}", "make the outcome that counts"},
    {"{name: a, spread_of: how long, at_most: 0.3, by: 2016-09-30}", "takes a yes/no measure"},
    {"{name: a, spread_of: yes, at_least: 0.3, by: 2016-09-30}", "take `at_most`"},
    {"{name: a, measure: yes, by: 2016-09-30}", "a goal needs one of `at_least` and `at_most`"},
    {"{name: a, measure: yes, at_least: 95%, at_most: 96%, by: 2016-09-30}",
     "only one of `at_least` and `at_most`"},
    {"{name: a, measure: yes, at_least: 195%, by: 2016-09-30}", "a share from 0% to 100%"},
    {"{name: a, measure: yes, at_least: 95%}", "a goal needs one of `by` and `every`"},
    {"{name: a, measure: yes, at_least: 95%, by: 2016-09-29}", "whole months"},
    {"{name: a, measure: yes, at_least: 95%, by: 2016-09-30, from: 2016-01-02}", "whole months"},
    {"{name: a, measure: yes, at_least: 95%, by: 2016-09-30, from: 2016-12-01}",
     "`by` comes before `from`"},
    {"{name: a, measure: yes, at_least: 95%, by: 2016-09-30, baseline: 96%}",
     "the baseline already meets it"},
    {"{name: a, measure: yes, at_least: 95%, every: quarter, baseline: 90%}", "goes with `by`"},
    {"{name: a, measure: yes, at_least: 95%, every: week}", "month, quarter or fiscal_year"},
    {"{name: a, measure: yes, across: office, at_least: 95%, every: month}", "write `each`"},
    {"{name: a, spread_of: yes, each: office, at_most: 0.3, every: month}", "take `across`"},
    {"{name: a, measure: how long, at_most: 30 weeks, every: month}", "such as 30 days"},
    {"{name: a, measure: yes, at_least: 95%, bye: 2016-09-30}", "did you mean `by`?"},
};

START_TEST(mistake) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules;
  struct eh_problems problems = {0};
  const char *text = eh_arena_printf(arena, "%sgoals:\n  - %s\n", GOALS_HEAD, mistakes[_i].goal);
  ck_assert_int_eq(eh_rules_read(arena, "r.yaml", text, strlen(text), &rules, &problems),
                   EH_BAD_RULES);
  bool found = false;
  for (size_t i = 0; i < problems.count; i++) {
    found |= strstr(problems.items[i].message, mistakes[_i].said) != NULL;
    ck_assert_uint_eq(problems.items[i].line, 11);
  }
  ck_assert_msg(found, "%s: %s", mistakes[_i].goal, problems.items[0].message);
  eh_problems_free(&problems);
  eh_arena_free(arena);
}
END_TEST

START_TEST(needs_a_date) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules;
  struct eh_problems problems = {0};
  static const char text[] =
      "evenhand: 1\ncolumns: {case: id}\nsimilarly_situated: []\n"
      "measures: {yes: {event: a = 'b'}}\ncomparisons:\n  - {across: office}\n"
      "goals:\n  - {name: a, measure: yes, at_least: 95%, every: month}\n";
  ck_assert_int_eq(eh_rules_read(arena, "r.yaml", text, strlen(text), &rules, &problems),
                   EH_BAD_RULES);
  ck_assert_ptr_nonnull(strstr(problems.items[0].message, "add `date: `"));
  eh_problems_free(&problems);
  eh_arena_free(arena);
}
END_TEST

int main(void) {
  TCase *tcase = new_tests("goals");
  tcase_add_test(tcase, what_is_said);
  tcase_add_loop_test(tcase, mistake, 0, sizeof mistakes / sizeof *mistakes);
  tcase_add_test(tcase, needs_a_date);
  return run_case("goals", tcase);
}
