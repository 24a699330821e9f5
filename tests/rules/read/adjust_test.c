/* What peers are weighted on. */
#include "tests/rules/read.h"

#define ADJUST_HEAD "evenhand: 1\ncolumns: {case: id, date: decided, officer: by, office: at}\n"
#define ADJUST_TAIL "comparisons:\n  - {across: officer, within: office}\n"

START_TEST(what_is_said) {
  static const struct {
    const char *rules, *first, *second;
  } cases[] = {
      {"similarly_situated: [a]\nmeasures: {m: {event: x = '1'}, n: {event: x = '2'}}\n", "", ""},
      {"similarly_situated: [a]\nadjust_for: [b, c]\n"
       "measures: {m: {event: x = '1'}, n: {event: x = '2', adjust_for: []}}\n",
       "b c", ""},
      {"similarly_situated: [a]\nadjust_for: b\n"
       "measures: {m: {event: x = '1', adjust_for: [c]}, n: {event: x = '2'}}\n",
       "c", "b"},
      {"adjust_for: [office]\nsimilarly_situated: []\n"
       "measures: {m: {event: x = '1'}, n: {category: y, adjust_for: []}}\n",
       "office", ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct eh_arena *arena = eh_arena_new();
    const struct eh_rules *rules =
        read_rules(arena, eh_arena_printf(arena, ADJUST_HEAD "%s" ADJUST_TAIL, cases[i].rules));
    const struct eh_measure *m = rules->measures;
    ck_assert_str_eq(names_of(arena, rules, m[0].adjust, m[0].adjust_count), cases[i].first);
    ck_assert_str_eq(names_of(arena, rules, m[1].adjust, m[1].adjust_count), cases[i].second);
    eh_arena_free(arena);
  }
}
END_TEST

/* Behind the others; not what must agree already; not in tables by period. */
START_TEST(strata_columns) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules =
      read_rules(arena, ADJUST_HEAD
                 "similarly_situated: [a]\nadjust_for: [office, b]\n"
                 "measures: {m: {event: x = '1'}}\nmonitor: {every: month}\n" ADJUST_TAIL);
  int columns[8];
  const struct eh_measure *measure = &rules->measures[0];
  const struct eh_comparison *comparison = &rules->comparisons[0];
  ck_assert_uint_le(eh_rules_most_strata(comparison, measure), 8);
  size_t count = eh_rules_strata(rules, comparison, measure, columns);
  ck_assert_str_eq(names_of(arena, rules, columns, count), "a office b");
  ck_assert(eh_rules_adjusts(rules, comparison, measure, column_named(rules, "b")));
  ck_assert(!eh_rules_adjusts(rules, comparison, measure, column_named(rules, "a")));
  ck_assert(!eh_rules_adjusts(rules, comparison, measure, column_named(rules, "office")));
  const struct eh_comparison *table = &rules->comparisons[1];
  ck_assert_int_eq(table->every, EH_EVERY_MONTH);
  count = eh_rules_strata(rules, table, measure, columns);
  for (size_t i = 0; i < count; i++) ck_assert_int_ne(columns[i], column_named(rules, "b"));
  ck_assert(eh_measure_has_factor(measure, column_named(rules, "b")));
  eh_arena_free(arena);
}
END_TEST

START_TEST(mistakes) {
  static const struct {
    const char *rules, *message;
    uint64_t line;
  } cases[] = {
      {"similarly_situated: [a]\nadjust_for: [a]\nmeasures: {m: {event: x = '1'}}\n",
       "`a` is in `similarly_situated` of `m` already", 4},
      {"similarly_situated: []\nadjust_for: [case]\nmeasures: {m: {event: x = '1'}}\n",
       "`case` differs in every record", 4},
      {"similarly_situated: []\nadjust_for: {a: b}\nmeasures: {m: {event: x = '1'}}\n",
       "`adjust_for` takes a list of names", 4},
      {"similarly_situated: []\nadjust_for: [a, a]\nmeasures: {m: {event: x = '1'}}\n",
       "names `a` twice", 4},
      {"similarly_situated: []\nadjust_for: [a]\nmeasures: {m: {category: y}}\n",
       "asks for a `category`: give it an `adjust_for: []`", 5},
      {"similarly_situated: []\nmeasures:\n  m: {category: y, adjust_for: [a]}\n",
       "is for yes/no measures", 5},
      {"similarly_situated: []\nadjust_for: [a]\nmeasures: {m: {event: x = '1'}}\n"
       "dependent_within: [officer, date]\n",
       "`dependent_within` cannot be allowed for where peers are weighted", 6},
      {"similarly_situated: []\nadjust_for: [a]\nmeasures: {m: {event: x = '1'}}\n"
       "workload:\n  - {name: w, measure: m, unit_cost: 3 hours}\n",
       "name a measure without one", 7},
      {"similarly_situated: []\nafter_decision: [a]\nadjust_for: [a]\n"
       "measures: {m: {event: x = '1'}}\n",
       "`a` is known only after the decision", 4},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct eh_arena *arena = eh_arena_new();
    const struct eh_rules *rules = NULL;
    struct eh_problems problems = {0};
    const char *text = eh_arena_printf(arena, ADJUST_HEAD "%s" ADJUST_TAIL, cases[i].rules);
    ck_assert_int_eq(eh_rules_read(arena, "r.yaml", text, strlen(text), &rules, &problems),
                     EH_BAD_RULES);
    ck_assert_msg(strstr(problems.items[0].message, cases[i].message) != NULL, "%s: %s",
                  cases[i].rules, problems.items[0].message);
    ck_assert_uint_eq(problems.items[0].line, cases[i].line);
    eh_problems_free(&problems);
    eh_arena_free(arena);
  }
}
END_TEST

RUN_TESTS("rules/adjust", what_is_said, strata_columns, mistakes)
