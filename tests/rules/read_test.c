/* Right rules files, and the rules they give. */
#include <stdint.h>
#include <string.h>

#include "engine/base/date.h"
#include "rules/rules.h"
#include "tests/test.h"

/* The example of the language's description. */
static const char example[] =
    "evenhand: 1                              # version of this format\n"
    "title: Favourable discretion under the June 2011 memorandum\n"
    "about: >\n"
    "  Free text, printed in the report's method sheet.\n"
    "\n"
    "columns:                                 # names used below: the file's headers\n"
    "  case:    case_id                       # a role: cited in reports so that the file "
    "can be pulled; required\n"
    "  person:  person_id                     # a role: the individual, who may have "
    "several records\n"
    "  date:    decision_date                 # a role: when it was decided; needed by "
    "`policies`\n"
    "  outcome: Processing Disposition        # any other name is a short name of your "
    "own; a header that is itself\n"
    "                                         # a plain name (letters, digits, _) may be "
    "used without being listed\n"
    "missing: [\"\", \"NA\", \"UNK\"]               # what stands for \"not recorded\", in "
    "any column\n"
    "dates: \"%Y-%m-%d\"                        # how dates are written (several forms may "
    "be listed)\n"
    "\n"
    "records:                                 # which records are audited\n"
    "  keep: component = 'ICE' and date >= 2011-06-17\n"
    "  one_per: person                        # several records of one person are not "
    "independent\n"
    "  choose: last                           # first or last by date (default: first)\n"
    "\n"
    "policies:                                # like is compared with like under the same "
    "policy only\n"
    "  - {name: June 2011 memorandum, from: 2011-06-17}\n"
    "  - {name: November 2014 memorandum, from: 2014-11-20, supersedes: June 2011 memorandum}\n"
    "\n"
    "derive:                                  # new columns, each from given or earlier "
    "derived ones\n"
    "  age:        {years_between: [birth_date, date]}\n"
    "  age_band:   {bands: [16, 21, 31, 65], of: age}          # under 16, 16-20, 21-30, "
    "31-64, 65 and over\n"
    "  month:      {month: date}\n"
    "  fiscal_year: {fiscal_year: date}                        # US federal: FY2014 began "
    "2013-10-01\n"
    "  priority:                                               # the first that holds\n"
    "    first_of:\n"
    "      - 1 danger: criminal_history in ('felony', 'significant misdemeanor') or "
    "security_threat = 'Y'\n"
    "      - 2 recent: recent_violation = 'Y'\n"
    "      - 3 fugitive: fugitive = 'Y'\n"
    "      - not a priority: otherwise\n"
    "  charge:     {recode: charge_code, to: {assault: ['13A', '13B'], drugs: ['35A']}, "
    "otherwise: other}\n"
    "\n"
    "similarly_situated: [priority, age_band, years_resident_band, us_citizen_child]\n"
    "\n"
    "measures:\n"
    "  favourable discretion:\n"
    "    event: outcome in ('released', 'administratively closed', 'stay granted', "
    "'deferred action')\n"
    "  basis recorded:\n"
    "    among: outcome = 'released'          # the records it applies to (default: all "
    "audited)\n"
    "    event: basis is not missing\n"
    "    similarly_situated: []               # a measure may have its own\n"
    "  later offence after release:\n"
    "    among: outcome = 'released'\n"
    "    event: later_offence = 'Y'\n"
    "\n"
    "comparisons:\n"
    "  - {across: field_office}                                # every measure, unless "
    "`measure:` names some\n"
    "  - {across: officer_id, within: field_office}\n"
    "  - {across: policy, each: field_office, measure: favourable discretion}   # before "
    "and after, office by office\n"
    "\n"
    "flag:                                    # these are the defaults\n"
    "  false_discovery_rate: 0.05\n"
    "  smallest_difference: 10 points\n"
    "  smallest_caseload: 30                  # comparable records\n"
    "  confidence: 95%\n"
    "  test: exact                            # or cmh\n"
    "                                         # a measure may have its own `flag:` (a rare "
    "event needs 2 points, not 10)\n"
    "  seed: 1\n"
    "\n"
    "totals:                                  # control totals the records must reconcile "
    "with\n"
    "  - {name: ICE FY2014 releases reported, where: outcome = 'released' and fiscal_year "
    "= 'FY2014', expected: 12757}\n"
    "\n"
    "expect:                                  # what valid records look like: the data "
    "reliability tests\n"
    "  - {column: officer_id, never: missing}\n"
    "  - {column: age, between: [0, 110]}\n"
    "  - {column: outcome, one_of: [released, detained, removed]}\n"
    "  - {rule: date >= encounter_date, name: decided after the encounter}\n";

static const struct eh_rules *read_rules(struct eh_arena *arena, const char *text) {
  const struct eh_rules *rules = NULL;
  struct eh_problems problems = {0};
  enum eh_status status = eh_rules_read(arena, "r.yaml", text, strlen(text), &rules, &problems);
  ck_assert_msg(status == EH_OK, "line %d: %s", problems.count ? (int)problems.items[0].line : 0,
                problems.count ? problems.items[0].message : "");
  ck_assert_uint_eq(problems.count, 0);
  return rules;
}

#define HEAD "evenhand: 1\ncolumns: {case: id, person: p_id, date: decided, office: Field Office}\n"
#define TAIL "measures: {m: {event: a = 'b'}}\ncomparisons: [{across: office}]\n"

static int column_named(const struct eh_rules *rules, const char *name) {
  for (size_t i = 0; i < rules->column_count; i++) {
    if (strcmp(rules->columns[i].name, name) == 0) return (int)i;
  }
  return -1;
}

static const struct eh_column *column_of(const struct eh_rules *rules, const char *name) {
  int index = column_named(rules, name);
  ck_assert_msg(index >= 0, "no column %s", name);
  return &rules->columns[index];
}

static const char *name_of(const struct eh_rules *rules, int column) {
  ck_assert_int_ge(column, 0);
  ck_assert_int_lt(column, (int)rules->column_count);
  return rules->columns[column].name;
}

/* The names of columns, joined by blanks. */
static const char *names_of(struct eh_arena *arena, const struct eh_rules *rules,
                            const int *columns, size_t count) {
  const char *names = "";
  for (size_t i = 0; i < count; i++)
    names = eh_arena_printf(arena, "%s%s%s", names, i ? " " : "", name_of(rules, columns[i]));
  return names;
}

START_TEST(the_example_reads) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules = read_rules(arena, example);
  ck_assert_str_eq(rules->title, "Favourable discretion under the June 2011 memorandum");
  ck_assert_str_eq(rules->about, "Free text, printed in the report's method sheet.");
  ck_assert_uint_eq(strlen(rules->sha256), 64);
  ck_assert_ptr_eq(rules->text, example);
  ck_assert_str_eq(rules->columns[rules->case_column].header, "case_id");
  ck_assert_str_eq(rules->columns[rules->person_column].header, "person_id");
  ck_assert_str_eq(rules->columns[rules->date_column].header, "decision_date");
  ck_assert_str_eq(column_of(rules, "outcome")->header, "Processing Disposition");
  ck_assert_uint_eq(rules->missing_count, 3);
  ck_assert_str_eq(rules->missing[0], "");
  ck_assert_str_eq(rules->missing[2], "UNK");
  ck_assert_int_eq(rules->keep->kind, EH_AND);
  ck_assert_int_eq(rules->one_per, rules->person_column);
  ck_assert(rules->choose_last);
  ck_assert_uint_eq(rules->measure_count, 3);
  ck_assert_str_eq(rules->measures[1].name, "basis recorded");
  ck_assert_ptr_nonnull(rules->measures[1].among);
  ck_assert_uint_eq(rules->measures[1].factor_count, 0);
  const struct eh_measure *last = &rules->measures[2];
  ck_assert_str_eq(names_of(arena, rules, last->factors, last->factor_count),
                   "priority age_band years_resident_band us_citizen_child");
  ck_assert_uint_eq(rules->total_count, 1);
  ck_assert_double_eq(rules->totals[0].expected, 12757);
  ck_assert_uint_eq(rules->seed, 1);
  eh_arena_free(arena);
}
END_TEST

START_TEST(the_examples_columns_are_derived) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules = read_rules(arena, example);
  const struct eh_column *bands = column_of(rules, "age_band");
  const struct eh_column *priority = column_of(rules, "priority");
  ck_assert_int_eq(bands->kind, EH_BANDS);
  ck_assert_uint_eq(bands->bound_count, 4);
  ck_assert_double_eq(bands->bounds[3], 65);
  ck_assert_str_eq(name_of(rules, bands->of[0]), "age");
  const struct eh_column *age = column_of(rules, "age");
  ck_assert_str_eq(name_of(rules, age->of[0]), "birth_date");
  ck_assert_int_eq(age->of[1], rules->date_column);
  ck_assert_int_eq(priority->kind, EH_FIRST_OF);
  ck_assert_uint_eq(priority->choice_count, 4);
  ck_assert_str_eq(priority->choices[0].label, "1 danger");
  ck_assert_int_eq(priority->choices[0].condition->kind, EH_OR);
  ck_assert_int_eq(priority->choices[3].condition->kind, EH_OTHERWISE);
  ck_assert_uint_eq(priority->choices[1].place.line, 32);
  ck_assert_uint_eq(priority->choices[1].place.column, 9);
  /* Nothing uses these; fiscal_year is used by a total. */
  ck_assert_int_eq(column_named(rules, "month"), -1);
  ck_assert_int_eq(column_named(rules, "charge"), -1);
  ck_assert_int_eq(column_named(rules, "charge_code"), -1);
  ck_assert_int_eq(column_of(rules, "fiscal_year")->kind, EH_FISCAL_YEAR);
  eh_arena_free(arena);
}
END_TEST

START_TEST(the_examples_policies_end_each_other) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules = read_rules(arena, example);
  ck_assert_uint_eq(rules->policy_count, 2);
  const struct eh_policy *june = &rules->policies[0], *november = &rules->policies[1];
  ck_assert_str_eq(june->name, "June 2011 memorandum");
  ck_assert_int_eq(june->from, eh_date_from_civil(2011, 6, 17));
  ck_assert_int_eq(june->until, eh_date_from_civil(2014, 11, 19));
  ck_assert_uint_eq(june->supersedes_count, 0);
  ck_assert_int_eq(november->until, INT32_MAX);
  ck_assert_uint_eq(november->supersedes_count, 1);
  ck_assert_str_eq(november->supersedes[0], june->name);
  ck_assert_int_eq(rules->columns[rules->policy_column].kind, EH_POLICY);
  ck_assert_int_eq(rules->columns[rules->policy_column].of[0], rules->date_column);
  eh_arena_free(arena);
}
END_TEST

START_TEST(the_examples_comparisons_are_read) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules = read_rules(arena, example);
  ck_assert_uint_eq(rules->comparison_count, 3);
  ck_assert_uint_eq(rules->comparisons[0].measure_count, 3);
  ck_assert_int_eq(rules->comparisons[0].each, -1);
  ck_assert_str_eq(names_of(arena, rules, rules->comparisons[1].within, 1), "field_office");
  ck_assert_int_eq(rules->comparisons[2].across, rules->policy_column);
  ck_assert_str_eq(name_of(rules, rules->comparisons[2].each), "field_office");
  ck_assert_uint_eq(rules->comparisons[2].measure_count, 1);
  eh_arena_free(arena);
}
END_TEST

START_TEST(the_examples_expectations_are_conditions) {
  static const struct {
    enum eh_expect_kind kind;
    const char *name;
  } wanted[] = {
      {EH_EXPECT_NEVER_MISSING, "officer_id is recorded"},
      {EH_EXPECT_BETWEEN, "age is from 0 to 110"},
      {EH_EXPECT_ONE_OF, "outcome is 'released', 'detained' or 'removed'"},
      {EH_EXPECT_RULE, "decided after the encounter"},
  };
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules = read_rules(arena, example);
  ck_assert_uint_eq(rules->expect_count, 4);
  for (size_t i = 0; i < 4; i++) {
    ck_assert_int_eq(rules->expects[i].kind, wanted[i].kind);
    ck_assert_str_eq(rules->expects[i].name, wanted[i].name);
    ck_assert_ptr_nonnull(rules->expects[i].condition);
  }
  ck_assert_str_eq(name_of(rules, rules->expects[1].column), "age");
  ck_assert_int_eq(rules->expects[1].condition->reading, EH_AS_NUMBER);
  ck_assert_int_ge(rules->expects[0].condition->test, 0);
  ck_assert_int_eq(rules->expects[3].column, -1);
  ck_assert_int_eq(rules->expects[3].condition->reading, EH_AS_DATE);
  eh_arena_free(arena);
}
END_TEST

START_TEST(columns_know_their_use) {
  static const struct {
    const char *name;
    bool is_evaluated, is_dimension, read_as_number, read_as_date;
  } uses[] = {
      {"case", false, false, false, false},         {"person", false, false, false, false},
      {"date", true, false, false, true},           {"policy", true, true, false, false},
      {"birth_date", true, false, false, true},     {"age", true, false, true, false},
      {"age_band", true, true, false, false},       {"fiscal_year", true, false, false, false},
      {"priority", true, true, false, false},       {"outcome", true, false, false, false},
      {"field_office", true, true, false, false},   {"officer_id", true, true, false, false},
      {"encounter_date", true, false, false, true}, {"us_citizen_child", true, true, false, false},
  };
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules = read_rules(arena, example);
  for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
    const struct eh_column *column = column_of(rules, uses[i].name);
    ck_assert_msg(column->is_evaluated == uses[i].is_evaluated, "%s", column->name);
    ck_assert_msg(column->is_dimension == uses[i].is_dimension, "%s", column->name);
    ck_assert_msg(column->read_as_number == uses[i].read_as_number, "%s", column->name);
    ck_assert_msg(column->read_as_date == uses[i].read_as_date, "%s", column->name);
  }
  eh_arena_free(arena);
}
END_TEST

static void check_before(const struct eh_expression *condition, int column) {
  ck_assert_int_lt(condition->column, column);
  ck_assert_int_lt(condition->other, column);
  for (size_t i = 0; i < condition->child_count; i++) check_before(condition->children[i], column);
}

/* Sources stand before what is derived from them, and the same text gives the same order. */
START_TEST(columns_stand_after_their_sources) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules = read_rules(arena, example), *again = read_rules(arena, example);
  ck_assert_uint_eq(rules->column_count, again->column_count);
  for (int i = 0; i < (int)rules->column_count; i++) {
    const struct eh_column *column = &rules->columns[i];
    ck_assert_str_eq(column->name, again->columns[i].name);
    ck_assert_int_lt(column->of[0], i);
    ck_assert_int_lt(column->of[1], i);
    for (size_t k = 0; k < column->choice_count; k++) check_before(column->choices[k].condition, i);
  }
  eh_arena_free(arena);
}
END_TEST

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
  ck_assert_uint_eq(rules->missing_count, 1);
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

#define INDIVIDUALS_RULES(more, event)                           \
  "evenhand: 1\n"                                                \
  "columns: {case: id, person: who, officer: decided_by}\n" more \
  "similarly_situated: []\n"                                     \
  "measures:\n  m:\n    event: " event                           \
  "\n"                                                           \
  "comparisons:\n  - {across: officer}\n"

static bool is_individual(const struct eh_rules *rules, const char *name) {
  for (size_t i = 0; i < rules->column_count; i++)
    if (strcmp(rules->columns[i].name, name) == 0) return rules->columns[i].is_individual;
  ck_abort_msg("%s is not in use", name);
}

START_TEST(individuals_are_named) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules = read_rules(arena, INDIVIDUALS_RULES("", "x = '1'"));
  ck_assert(!rules->individuals_given);
  ck_assert(is_individual(rules, "person"));
  ck_assert(!is_individual(rules, "officer"));
  rules = read_rules(arena, INDIVIDUALS_RULES("individuals: []\n", "x = '1'"));
  ck_assert(rules->individuals_given);
  /* A column that nothing else uses is in use: a slip in its name is noticed. */
  rules = read_rules(arena, INDIVIDUALS_RULES("individuals: [officer, clerk]\n", "x = '1'"));
  ck_assert(is_individual(rules, "person"));
  ck_assert(is_individual(rules, "officer"));
  ck_assert(is_individual(rules, "clerk"));
  ck_assert(!is_individual(rules, "case"));
  ck_assert_str_eq(eh_rules_individual(rules, rules->person_column), "person");
  ck_assert_str_eq(eh_rules_individual(rules, rules->case_column), "case");
  ck_assert_str_eq(eh_rules_individual(rules, rules->comparisons[0].across), "officer");
  eh_arena_free(arena);
}
END_TEST

START_TEST(derived_columns_are_no_individuals) {
  static const char text[] =
      INDIVIDUALS_RULES("individuals: [band]\nderive: {band: {bands: [5], of: x}}\n", "x = 1");
  struct eh_arena *arena = eh_arena_new();
  struct eh_problems problems = {0};
  const struct eh_rules *rules;
  ck_assert_int_eq(eh_rules_read(arena, "r.yaml", text, strlen(text), &rules, &problems),
                   EH_BAD_RULES);
  ck_assert_uint_eq(problems.count, 1);
  ck_assert_uint_eq(problems.items[0].line, 3);
  ck_assert_str_eq(problems.items[0].message,
                   "`individuals` takes columns of the records, and `band` is derived; name the "
                   "column that it comes from");
  eh_problems_free(&problems);
  eh_arena_free(arena);
}
END_TEST

/* Where rules quote values that are not to be shown: `LINE:COLUMN` of each place. */
START_TEST(rules_quote_nobody) {
  static const struct {
    const char *rules;
    bool with_cases;
    const char *places;
  } cases[] = {
      {INDIVIDUALS_RULES("individuals: [officer]\n", "x = '1'"), true, ""},
      {INDIVIDUALS_RULES("individuals: [officer]\n", "officer is not missing"), true, ""},
      {INDIVIDUALS_RULES("individuals: [officer]\n", "officer != 'O1'"), false, "7:12 "},
      {INDIVIDUALS_RULES("individuals: []\n", "officer != 'O1'"), false, ""},
      {INDIVIDUALS_RULES("individuals: []\n", "x = '1' or person in ('P1', 'P2')"), false, "7:23 "},
      {INDIVIDUALS_RULES("individuals: []\n", "case starts with 'FY12'"), false, ""},
      {INDIVIDUALS_RULES("individuals: []\n", "case starts with 'FY12'"), true, "7:12 "},
      {INDIVIDUALS_RULES("individuals: [officer]\nrecords: {keep: officer = 'O1'}\n"
                         "derive:\n  team: {recode: officer, to: {north: [O1]}}\n"
                         "  shift:\n    first_of:\n      - night: officer = 'O2'\n"
                         "      - day: otherwise\n",
                         "team = 'north' and shift = 'day'"),
       false, "4:17 6:3 9:16 "},
      {INDIVIDUALS_RULES("individuals: [officer]\n"
                         "totals:\n  - {name: t, where: officer = 'O1', expected: 3}\n"
                         "expect:\n  - {column: officer, one_of: [O1, O2]}\n",
                         "x = '1'"),
       false, "5:22 7:31 "},
  };
  struct eh_arena *arena = eh_arena_new();
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct eh_problems problems = {0};
    struct eh_buffer places = {0};
    const struct eh_rules *rules = read_rules(arena, cases[i].rules);
    enum eh_status status =
        eh_rules_quote_nobody(rules, cases[i].with_cases, "--pseudonyms", &problems);
    eh_buffer_puts(&places, "");
    for (size_t k = 0; k < problems.count; k++)
      eh_buffer_printf(&places, "%d:%d ", (int)problems.items[k].line,
                       (int)problems.items[k].column);
    ck_assert_str_eq(places.text ? places.text : "", cases[i].places);
    ck_assert_int_eq(status, *cases[i].places ? EH_BAD_RULES : EH_OK);
    eh_buffer_free(&places);
    eh_problems_free(&problems);
  }
  eh_arena_free(arena);
}
END_TEST

RUN_TESTS("read", individuals_are_named, derived_columns_are_no_individuals, rules_quote_nobody,
          the_example_reads, the_examples_columns_are_derived, the_examples_policies_end_each_other,
          the_examples_comparisons_are_read, the_examples_expectations_are_conditions,
          columns_know_their_use, columns_stand_after_their_sources,
          measures_ask_for_events_categories_and_values, a_short_file_gets_the_defaults,
          the_file_review_can_be_set, thresholds_have_several_forms,
          measures_may_differ_from_the_file, a_header_is_one_column, one_policy_may_end_several,
          policy_may_be_a_header, conditions_know_their_places, a_byte_order_mark_is_no_text,
          strata_leave_the_units_out, the_nearest_name_is_found, rules_that_fit_have_no_problem,
          rules_that_do_not_fit_say_where)
