/* Which decisions are said to depend on each other. */
#include "tests/rules/read.h"

#define DEPENDENT_HEAD                                                          \
  "evenhand: 1\ncolumns: {case: id, person: who, date: decided, officer: by}\n" \
  "derive:\n  month: {month: date}\n"
#define DEPENDENT_TAIL                                        \
  "similarly_situated: []\nmeasures: {m: {event: a = 'b'}}\n" \
  "comparisons:\n  - {across: officer}\n"

static const struct eh_dependent *first(const struct eh_rules *rules) {
  return &rules->comparisons[0].dependent;
}

START_TEST(what_is_said) {
  static const struct {
    const char *rules;
    enum eh_dependent_choice choice;
    const char *sets;
  } cases[] = {
      {DEPENDENT_HEAD DEPENDENT_TAIL, EH_DEPENDENT_AUTO, ""},
      {DEPENDENT_HEAD "dependent_within: auto\n" DEPENDENT_TAIL, EH_DEPENDENT_AUTO, ""},
      {DEPENDENT_HEAD "dependent_within: none\n" DEPENDENT_TAIL, EH_DEPENDENT_NONE, ""},
      {DEPENDENT_HEAD "dependent_within: panel\n" DEPENDENT_TAIL, EH_DEPENDENT_NAMED, "panel;"},
      {DEPENDENT_HEAD "dependent_within: [officer, date]\n" DEPENDENT_TAIL, EH_DEPENDENT_NAMED,
       "officer date;"},
      {DEPENDENT_HEAD "dependent_within: [[officer, month], [person], [panel]]\n" DEPENDENT_TAIL,
       EH_DEPENDENT_NAMED, "officer month;person;panel;"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct eh_arena *arena = eh_arena_new();
    const struct eh_rules *rules = read_rules(arena, cases[i].rules);
    const char *sets = "";
    ck_assert_int_eq(first(rules)->choice, cases[i].choice);
    for (size_t k = 0; k < first(rules)->count; k++)
      sets = eh_arena_printf(
          arena, "%s%s;", sets,
          names_of(arena, rules, first(rules)->sets[k].columns, first(rules)->sets[k].count));
    ck_assert_str_eq(sets, cases[i].sets);
    eh_arena_free(arena);
  }
}
END_TEST

/* A comparison's own goes before the file's. */
START_TEST(a_comparison_has_its_own) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules =
      read_rules(arena, DEPENDENT_HEAD
                 "dependent_within: [panel]\n"
                 "similarly_situated: []\nmeasures: {m: {event: a = 'b'}}\n"
                 "comparisons:\n  - {across: officer}\n"
                 "  - {across: office, dependent_within: none}\n"
                 "  - {across: team, dependent_within: [[date, office]]}\n");
  ck_assert_str_eq(name_of(rules, rules->comparisons[0].dependent.sets[0].columns[0]), "panel");
  ck_assert_int_eq(rules->comparisons[1].dependent.choice, EH_DEPENDENT_NONE);
  ck_assert_uint_eq(rules->comparisons[2].dependent.sets[0].count, 2);
  ck_assert(column_of(rules, "panel")->is_cluster);
  ck_assert(!column_of(rules, "panel")->is_dimension);
  ck_assert(!column_of(rules, "date")->is_cluster);
  eh_arena_free(arena);
}
END_TEST

START_TEST(dates_are_known_behind_what_comes_from_them) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules =
      read_rules(arena, DEPENDENT_HEAD
                 "dependent_within: [[month], [officer, date], [person]]\n" DEPENDENT_TAIL);
  ck_assert(eh_rules_is_of_date(rules, column_named(rules, "month")));
  ck_assert(eh_rules_is_of_date(rules, column_named(rules, "date")));
  ck_assert(!eh_rules_is_of_date(rules, column_named(rules, "officer")));
  ck_assert(eh_rules_is_person(rules, column_named(rules, "person")));
  ck_assert(!column_of(rules, "person")->is_evaluated);
  eh_arena_free(arena);
}
END_TEST

START_TEST(mistakes) {
  static const struct {
    const char *key, *message;
  } cases[] = {
      {"dependent_within: [case]\n", "every record is a case of its own"},
      {"dependent_within: {officer: date}\n", "`dependent_within` takes `auto`, `none`, a list"},
      {"dependent_within: []\n", "`dependent_within` takes `auto`, `none`, a list"},
      {"dependent_within:\n", "`dependent_within` takes `auto`, `none`, a list"},
      {"dependent_within: [[officer], date]\n", "`dependent_within` takes `auto`, `none`, a list"},
      {"dependent_within: [officer, officer]\n", "names `officer` twice"},
      {"dependent_within: [[a],[b],[c],[d],[e],[f],[g],[h],[i]]\n", "more than 8"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct eh_arena *arena = eh_arena_new();
    const struct eh_rules *rules = NULL;
    struct eh_problems problems = {0};
    const char *text = eh_arena_printf(arena, DEPENDENT_HEAD "%s" DEPENDENT_TAIL, cases[i].key);
    ck_assert_int_eq(eh_rules_read(arena, "r.yaml", text, strlen(text), &rules, &problems),
                     EH_BAD_RULES);
    ck_assert_msg(strstr(problems.items[0].message, cases[i].message) != NULL, "%s: %s",
                  cases[i].key, problems.items[0].message);
    ck_assert_uint_eq(problems.items[0].line, 5);
    eh_problems_free(&problems);
    eh_arena_free(arena);
  }
}
END_TEST

RUN_TESTS("rules/dependent", what_is_said, a_comparison_has_its_own,
          dates_are_known_behind_what_comes_from_them, mistakes)
