/* Do rules fit the headers of records, and which name is nearest to a wrong one? */
#include "tests/rules/read.h"

START_TEST(the_nearest_name_is_found) {
  static const char *const known[] = {"age_band", "field_office", "officer_id", "outcome", "sex"};
  static const struct {
    const char *wrong, *nearest;
  } cases[] = {
      {"agee_band", "age_band"},
      {"AGE_BAND", "age_band"},
      {"field-office", "field_office"},
      {"officer", "officer_id"},
      {"outcmoe", "outcome"},
      {"sxe", "sex"},
      {"zzzzzz", NULL},
      {"", NULL},
      {"xyz", NULL},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const char *nearest = eh_rules_nearest(cases[i].wrong, known, 5);
    if (cases[i].nearest)
      ck_assert_str_eq(nearest ? nearest : "", cases[i].nearest);
    else
      ck_assert_msg(!nearest, "%s for %s", nearest, cases[i].wrong);
  }
  ck_assert_ptr_null(eh_rules_nearest("a", known, 0));
}
END_TEST

#define FITTED_RULES \
  HEAD "derive: {age_band: {bands: [18], of: age}}\nsimilarly_situated: [agee_band, race]\n" TAIL

START_TEST(rules_that_fit_have_no_problem) {
  static const char *const headers[] = {"id",        "p_id", "decided", "Field Office",
                                        "agee_band", "race", "a",       "more"};
  struct eh_arena *arena = eh_arena_new();
  struct eh_problems problems = {0};
  const struct eh_rules *rules = read_rules(arena, FITTED_RULES);
  ck_assert_int_eq(eh_rules_fit(rules, headers, 8, "r.csv", &problems), EH_OK);
  ck_assert_uint_eq(problems.count, 0);
  eh_arena_free(arena);
}
END_TEST

/* Headers that are not there, each at its place, with the nearest header or name. */
START_TEST(rules_that_do_not_fit_say_where) {
  static const char *const headers[] = {"id",   "decided", "Field Offices", "race",
                                        "race", "a",       "p_idd"};
  static const char *const wanted[] = {
      "2:29 r.csv has no column `p_id`; did you mean `p_idd`?",
      "2:58 r.csv has no column `Field Office`; did you mean `Field Offices`?",
      "4:22 r.csv has no column `agee_band`; did you mean `age_band`?",
      "4:33 r.csv has 2 columns named `race`; rename all but the one that is meant",
  };
  struct eh_arena *arena = eh_arena_new();
  struct eh_problems problems = {0};
  const struct eh_rules *rules = read_rules(arena, FITTED_RULES);
  ck_assert_int_eq(eh_rules_fit(rules, headers, 7, "r.csv", &problems), EH_BAD_RULES);
  ck_assert_uint_eq(problems.count, 4);
  for (size_t i = 0; i < problems.count; i++) {
    const struct eh_error *problem = &problems.items[i];
    ck_assert_str_eq(problem->file, "r.yaml");
    ck_assert_str_eq(eh_arena_printf(arena, "%d:%d %s", (int)problem->line, (int)problem->column,
                                     problem->message),
                     wanted[i]);
  }
  eh_problems_free(&problems);
  static const char *const foreign[] = {"xx", "yy"};
  ck_assert_int_eq(eh_rules_fit(rules, foreign, 2, "r.csv", &problems), EH_BAD_RULES);
  ck_assert_str_eq(
      problems.items[0].message,
      "r.csv has no column `id`, nor any other of the rules; does its first line (after "
      "--skip-lines) name the columns, and is the delimiter right?");
  eh_problems_free(&problems);
  static const char *const known[] = {"xx", "race", "yy"};
  ck_assert_int_eq(eh_rules_fit(rules, known, 3, "r.csv", &problems), EH_BAD_RULES);
  ck_assert_str_eq(problems.items[0].message,
                   "r.csv has no column `id`; its columns are xx, race, yy");
  eh_problems_free(&problems);
  eh_arena_free(arena);
}
END_TEST

RUN_TESTS("fit", the_nearest_name_is_found, rules_that_fit_have_no_problem,
          rules_that_do_not_fit_say_where)
