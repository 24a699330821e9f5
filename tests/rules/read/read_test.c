/* Right rules files: the forms that they may be written in, and the rules they give. */
#include "tests/rules/read.h"

#include <stdint.h>

#include "engine/base/date.h"
#include "rules/language/missing.h"

START_TEST(measures_ask_for_events_categories_and_values) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules =
      read_rules(arena,
                 "evenhand: 1\ncolumns: {case: id, date: d, fee: Fee Paid}\n"
                 "derive:\n  wait: {days_between: [met, date]}\n"
                 "  unused: {month: date}\n"
                 "  grade: {recode: score, to: {1: low, 2: high}}\n"
                 "measures:\n  yes: {event: a = 'b'}\n  what: {category: result}\n"
                 "  wait: {value: wait, flag: {smallest_difference: 1 day, confidence: 90%}}\n"
                 "  fee: {value: fee, flag: {smallest_difference: 12.5 US dollars}}\n"
                 "  grade: {value: grade, flag: {smallest_difference: 0.25}}\n"
                 "comparisons: [{across: o}]\n");
  static const struct {
    enum eh_measure_kind kind;
    const char *outcome, *unit;
    double difference;
    bool as_number;
  } wanted[] = {{EH_MEASURE_EVENT, NULL, "", 0.1, false},
                {EH_MEASURE_CATEGORY, "result", "", 0.1, false},
                {EH_MEASURE_VALUE, "wait", "days", 1, true},
                {EH_MEASURE_VALUE, "fee", "US dollars", 12.5, true},
                {EH_MEASURE_VALUE, "grade", "", 0.25, true}};
  for (size_t i = 0; i < 5; i++) {
    const struct eh_measure *measure = &rules->measures[i];
    ck_assert_int_eq(measure->kind, wanted[i].kind);
    ck_assert_str_eq(measure->unit, wanted[i].unit);
    ck_assert_double_eq(measure->flag.smallest_difference, wanted[i].difference);
    ck_assert_int_eq(measure->event != NULL, i == 0);
    ck_assert_int_eq(measure->outcome >= 0, i > 0);
    if (i == 0) continue;
    const struct eh_column *column = &rules->columns[measure->outcome];
    ck_assert_str_eq(column->name, wanted[i].outcome);
    ck_assert(column->is_evaluated && column->is_dimension);
    ck_assert_int_eq(column->read_as_number, wanted[i].as_number);
  }
  ck_assert_double_eq(rules->measures[2].flag.confidence, 0.9);
  eh_arena_free(arena);
}
END_TEST

START_TEST(a_short_file_gets_the_defaults) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules =
      read_rules(arena,
                 "evenhand: 1\ncolumns: {case: id}\nmeasures: {m: {event: a = 'b'}}\n"
                 "comparisons: [{across: o}]\n");
  ck_assert(rules->missing_built_in && rules->missing_count == eh_missing_built_in_count);
  ck_assert_str_eq(rules->missing[0], "");
  ck_assert_str_eq(rules->date_forms[0], "%Y-%m-%d");
  ck_assert_ptr_null(rules->keep);
  ck_assert_int_eq(rules->one_per, -1);
  ck_assert_int_eq(rules->person_column, -1);
  ck_assert_int_eq(rules->date_column, -1);
  ck_assert_int_eq(rules->policy_column, -1);
  ck_assert_double_eq(rules->flag.false_discovery_rate, 0.05);
  ck_assert_double_eq(rules->flag.smallest_difference, 0.10);
  ck_assert_uint_eq(rules->flag.smallest_caseload, 30);
  ck_assert_double_eq(rules->flag.confidence, 0.95);
  ck_assert_int_eq(rules->flag.test, EH_TEST_EXACT);
  ck_assert_int_eq(rules->flag.multiplicity, EH_BENJAMINI_HOCHBERG);
  ck_assert_double_eq(rules->review.confidence, 0.95);
  ck_assert_double_eq(rules->review.tolerable_rate, 0.05);
  ck_assert_uint_eq(rules->column_count, 3);
  ck_assert(!rules->measures[0].exclude_missing);
  eh_arena_free(arena);
}
END_TEST

START_TEST(the_file_review_can_be_set) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules =
      read_rules(arena,
                 "evenhand: 1\ncolumns: {case: id}\nmeasures: {m: {event: a = 'b'}}\n"
                 "comparisons: [{across: o}]\nreview: {confidence: 90%, tolerable_rate: 0.1}\n");
  ck_close(rules->review.confidence, 0.9, 1e-12);
  ck_close(rules->review.tolerable_rate, 0.1, 1e-12);
  ck_close(rules->flag.confidence, 0.95, 1e-12);
  eh_arena_free(arena);
}
END_TEST

/* Every form a threshold may be written in. */
START_TEST(thresholds_have_several_forms) {
  static const struct {
    const char *flag;
    struct eh_flag wanted;
  } forms[] = {
      {"smallest_difference: 10 points",
       {0.05, 0.10, 30, 0.95, EH_TEST_EXACT, EH_BENJAMINI_HOCHBERG}},
      {"smallest_difference: 1 point",
       {0.05, 0.01, 30, 0.95, EH_TEST_EXACT, EH_BENJAMINI_HOCHBERG}},
      {"smallest_difference: 2.5points",
       {0.05, 0.025, 30, 0.95, EH_TEST_EXACT, EH_BENJAMINI_HOCHBERG}},
      {"smallest_difference: 15%", {0.05, 0.15, 30, 0.95, EH_TEST_EXACT, EH_BENJAMINI_HOCHBERG}},
      {"smallest_difference: 0.2", {0.05, 0.2, 30, 0.95, EH_TEST_EXACT, EH_BENJAMINI_HOCHBERG}},
      {"smallest_difference: 0", {0.05, 0, 30, 0.95, EH_TEST_EXACT, EH_BENJAMINI_HOCHBERG}},
      {"confidence: 0.99, test: cmh", {0.05, 0.1, 30, 0.99, EH_TEST_CMH, EH_BENJAMINI_HOCHBERG}},
      {"confidence: \"90 %\"", {0.05, 0.1, 30, 0.90, EH_TEST_EXACT, EH_BENJAMINI_HOCHBERG}},
      {"false_discovery_rate: 10%, multiplicity: nested",
       {0.10, 0.1, 30, 0.95, EH_TEST_EXACT, EH_NESTED}},
      {"smallest_caseload: 5, multiplicity: any-dependence",
       {0.05, 0.1, 5, 0.95, EH_TEST_EXACT, EH_ANY_DEPENDENCE}},
  };
  for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
    struct eh_arena *arena = eh_arena_new();
    const char *text = eh_arena_printf(arena, HEAD TAIL "flag: {%s}\n", forms[i].flag);
    const struct eh_flag *flag = &read_rules(arena, text)->measures[0].flag;
    const struct eh_flag *wanted = &forms[i].wanted;
    ck_close(flag->false_discovery_rate, wanted->false_discovery_rate, 1e-12);
    ck_close(flag->smallest_difference, wanted->smallest_difference, 1e-12);
    ck_close(flag->confidence, wanted->confidence, 1e-12);
    ck_assert_uint_eq(flag->smallest_caseload, wanted->smallest_caseload);
    ck_assert_int_eq(flag->test, wanted->test);
    ck_assert_int_eq(flag->multiplicity, wanted->multiplicity);
    eh_arena_free(arena);
  }
}
END_TEST

/* Over what false findings are counted, and which measure comes first. */
START_TEST(families) {
  static const struct {
    const char *rules;
    enum eh_family_scope family;
    bool fell_back;
    size_t main;
  } forms[] = {
      {"measures: {m: {event: a = 'b'}, n: {event: a = 'c'}}\n", EH_FAMILY_REPORT, false, 0},
      {"measures: {m: {category: a}, n: {event: a = 'c'}}\n", EH_FAMILY_REPORT, false, 1},
      {"measures: {m: {event: a = 'b'}, n: {category: a, main: yes}}\nflag: {family: strict}\n",
       EH_FAMILY_STRICT, false, 1},
      {"measures: {m: {event: a = 'b', main: no}, n: {event: a = 'c'}}\nflag: {family: comparison, "
       "dependence: any}\n",
       EH_FAMILY_COMPARISON, false, 0},
      {"measures: {m: {event: a = 'b'}, n: {event: a = 'c', flag: {false_discovery_rate: 1%}}}\n",
       EH_FAMILY_COMPARISON, true, 0},
      {"measures: {m: {event: a = 'b'}, n: {event: a = 'c', flag: {false_discovery_rate: 5%}}}\n",
       EH_FAMILY_REPORT, false, 0}};
  for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
    struct eh_arena *arena = eh_arena_new();
    const char *text = eh_arena_printf(
        arena, "evenhand: 1\ncolumns: {case: id}\n%scomparisons: [{across: o}]\n", forms[i].rules);
    const struct eh_rules *rules = read_rules(arena, text);
    ck_assert_int_eq(rules->family, forms[i].family);
    ck_assert_int_eq(rules->family_fell_back, forms[i].fell_back);
    ck_assert_uint_eq(rules->main_measure, forms[i].main);
    ck_assert_int_eq(rules->measures[0].flag.multiplicity,
                     i == 3 ? EH_ANY_DEPENDENCE : EH_BENJAMINI_HOCHBERG);
    eh_arena_free(arena);
  }
}
END_TEST

/* A measure's own settings stand before the file's, wherever in the file those are. */
START_TEST(measures_may_differ_from_the_file) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules = read_rules(
      arena, HEAD
      "measures:\n"
      "  one: {event: a = 'b'}\n"
      "  two: {event: a = 'b', on_missing: compare, flag: {smallest_difference: 2 points}}\n"
      "  three: {event: a = 'b', similarly_situated: sex}\n"
      "similarly_situated: [sex, race]\n"
      "on_missing: exclude\n"
      "flag: {smallest_caseload: 9, seed: 18446744073709551615}\n"
      "comparisons: [{across: office}]\n");
  const struct eh_measure *one = &rules->measures[0], *two = &rules->measures[1];
  const struct eh_measure *three = &rules->measures[2];
  ck_assert(one->exclude_missing && !two->exclude_missing && three->exclude_missing);
  ck_assert_uint_eq(one->factor_count, 2);
  ck_assert_uint_eq(three->factor_count, 1);
  ck_assert_double_eq(one->flag.smallest_difference, 0.1);
  ck_assert_double_eq(two->flag.smallest_difference, 0.02);
  ck_assert_uint_eq(two->flag.smallest_caseload, 9);
  ck_assert_uint_eq(rules->seed, UINT64_MAX);
  eh_arena_free(arena);
}
END_TEST

/* A header may be named by itself or by its short name: it is the same column. */
START_TEST(a_header_is_one_column) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules = read_rules(arena, HEAD TAIL
                                            "records: {keep: decided >= 2011-06-17 and v < date}\n"
                                            "similarly_situated: [Field Office]\n");
  ck_assert_int_eq(rules->keep->children[0]->column, rules->date_column);
  ck_assert_int_eq(rules->measures[0].factors[0], column_named(rules, "office"));
  ck_assert_int_eq(column_named(rules, "decided"), -1);
  ck_assert(column_of(rules, "v")->read_as_date);
  eh_arena_free(arena);
}
END_TEST

START_TEST(one_policy_may_end_several) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules =
      read_rules(arena, HEAD TAIL
                 "policies:\n"
                 "  - {name: November, from: 2014-11-20, supersedes: [March, June]}\n"
                 "  - {name: June, from: 2011-06-17}\n"
                 "  - {name: March, from: 2011-03-02}\n");
  ck_assert_str_eq(rules->policies[0].name, "March");
  ck_assert_str_eq(rules->policies[2].name, "November");
  ck_assert_int_eq(rules->policies[0].until, eh_date_from_civil(2014, 11, 19));
  ck_assert_int_eq(rules->policies[1].until, eh_date_from_civil(2014, 11, 19));
  ck_assert_uint_eq(rules->policies[2].supersedes_count, 2);
  eh_arena_free(arena);
}
END_TEST

/* Without policies, policy is a header like any other. */
START_TEST(policy_may_be_a_header) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules = read_rules(arena, HEAD TAIL "similarly_situated: [policy]\n");
  ck_assert_int_eq(rules->policy_column, -1);
  ck_assert_int_eq(column_of(rules, "policy")->kind, EH_GIVEN);
  eh_arena_free(arena);
}
END_TEST

/* Conditions in every style of YAML; their parts know where they stand. */
START_TEST(conditions_know_their_places) {
  static const struct {
    const char *event;
    uint64_t line, column; /* of the second test, c = 'd' */
  } styles[] = {
      {"a = 'b' and c = 'd'", 5, 24},
      {"\"a = 'b' and c = 'd'\"", 5, 25},
      {"'a = ''b'' and c = ''d'''", 5, 27},
      {"a = 'b'\n      and c = 'd'", 6, 11},
      {">\n      a = 'b'\n      and c = 'd'", 7, 11},
      {"|\n\n      a = 'b' and\n\n        c = 'd'", 9, 9},
      {">- # why\r\n      a = 'b' and\r\n      c = 'd'", 7, 7},
      {"a = '\303\251' and c = 'd'", 5, 24},
      {">\n      a = '\303\251' and c = 'd'", 6, 19},
  };
  for (size_t i = 0; i < sizeof styles / sizeof styles[0]; i++) {
    struct eh_arena *arena = eh_arena_new();
    const char *text = eh_arena_printf(
        arena, HEAD "measures:\n  m:\n    event: %s\ncomparisons: [{across: office}]\n",
        styles[i].event);
    const struct eh_rules *rules = read_rules(arena, text);
    const struct eh_expression *second = rules->measures[0].event->children[1];
    const struct eh_column *column = column_of(rules, "c");
    ck_assert_uint_eq(second->line, styles[i].line);
    ck_assert_uint_eq(second->position, styles[i].column);
    ck_assert_uint_eq(column->place.line, styles[i].line);
    ck_assert_uint_eq(column->place.column, styles[i].column);
    eh_arena_free(arena);
  }
}
END_TEST

START_TEST(a_byte_order_mark_is_no_text) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules = read_rules(arena, "\357\273\277" HEAD TAIL);
  ck_assert_uint_eq(rules->text_length, strlen(HEAD TAIL) + 3);
  eh_arena_free(arena);
}
END_TEST

START_TEST(strata_leave_the_units_out) {
  static const struct {
    const char *comparison, *strata;
  } cases[] = {
      {"across: x", "sex office policy"},
      {"across: office", "sex policy"},
      {"across: policy", "sex office"},
      {"across: x, within: [office, city]", "sex office city policy"},
      {"across: x, each: city", "sex office city policy"},
      {"across: x, within: policy, each: sex", "sex office policy"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct eh_arena *arena = eh_arena_new();
    const char *text = eh_arena_printf(
        arena,
        HEAD
        "policies: [{name: A, from: 2011-06-17}]\nsimilarly_situated: [sex, office]\n"
        "measures: {m: {event: a = 'b'}}\ncomparisons: [{%s}]\n",
        cases[i].comparison);
    const struct eh_rules *rules = read_rules(arena, text);
    const struct eh_comparison *comparison = &rules->comparisons[0];
    int strata[8];
    size_t count = eh_rules_strata(rules, comparison, &rules->measures[0], strata);
    ck_assert_str_eq(names_of(arena, rules, strata, count), cases[i].strata);
    for (size_t k = 0; k < count; k++) ck_assert(rules->columns[strata[k]].is_dimension);
    ck_assert(rules->columns[comparison->across].is_dimension);
    eh_arena_free(arena);
  }
}
END_TEST

RUN_TESTS("read", measures_ask_for_events_categories_and_values, a_short_file_gets_the_defaults,
          the_file_review_can_be_set, thresholds_have_several_forms, families,
          measures_may_differ_from_the_file, a_header_is_one_column, one_policy_may_end_several,
          policy_may_be_a_header, conditions_know_their_places, a_byte_order_mark_is_no_text,
          strata_leave_the_units_out)
