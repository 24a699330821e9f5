/* The example of the language's description, and the rules it gives. */
#include <stdint.h>

#include "engine/base/date.h"
#include "tests/rules/read.h"

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

RUN_TESTS("example", the_example_reads, the_examples_columns_are_derived,
          the_examples_policies_end_each_other, the_examples_comparisons_are_read,
          the_examples_expectations_are_conditions, columns_know_their_use,
          columns_stand_after_their_sources)
