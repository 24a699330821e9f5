/* What is watched for a change. */
#include "tests/rules/read.h"

#define MONITOR_HEAD                                                                 \
  "evenhand: 1\ncolumns: {case: id, person: who, date: decided, officer: by}\n"      \
  "policies: [{name: New, from: 2014-01-01}]\nsimilarly_situated: [kind]\n"          \
  "measures:\n  release: {event: a = 'b'}\n  detained: {event: a = 'c'}\n  form: {category: a}\n"
#define MONITOR_TAIL                                                           \
  "comparisons:\n  - {across: office}\n  - {across: officer, within: office, " \
  "measure: release}\n  - {across: policy, each: office, measure: release}\n"

static const char *watched_of(struct eh_arena *arena, const struct eh_rules *rules) {
  const char *text = "";
  for (size_t i = 0; i < rules->monitor.watched_count; i++) {
    const struct eh_watched *w = &rules->monitor.watched[i];
    text = eh_arena_printf(arena, "%s%s/%s/%s;", text, rules->measures[w->measure].name,
                           name_of(rules, rules->comparisons[w->comparison].across),
                           names_of(arena, rules, w->within, w->within_count));
  }
  return text;
}

/* The comparisons' units and measures of events, but for the policies; and a table for each. */
START_TEST(what_is_watched) {
  static const struct {
    const char *key, *watched;
    enum eh_every every;
    uint64_t first_look;
  } cases[] = {
      {"monitor: {}\n", "release/office/;detained/office/;release/officer/office;",
       EH_EVERY_MONTH, 12},
      {"monitor: {every: quarter, across: officer}\n", "release/officer/office;",
       EH_EVERY_QUARTER, 4},
      {"monitor: {every: fiscal_year, measure: detained, across: office, first_look: 3}\n",
       "detained/office/;", EH_EVERY_FISCAL_YEAR, 3},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct eh_arena *arena = eh_arena_new();
    const struct eh_rules *rules = read_rules(
        arena, eh_arena_printf(arena, MONITOR_HEAD "%s" MONITOR_TAIL, cases[i].key));
    ck_assert_str_eq(watched_of(arena, rules), cases[i].watched);
    ck_assert_int_eq(rules->monitor.every, cases[i].every);
    ck_assert_uint_eq(rules->monitor.first_look, cases[i].first_look);
    ck_assert_uint_ge(rules->table_count, 1);
    ck_assert_uint_eq(rules->comparison_count, 3);
    const struct eh_comparison *table = &rules->comparisons[3];
    ck_assert_int_eq(table->every, cases[i].every);
    int strata[16];
    size_t count = eh_rules_strata(rules, table, &rules->measures[0], strata);
    ck_assert(rules->columns[strata[count - 1]].is_period);
    eh_arena_free(arena);
  }
}
END_TEST

START_TEST(without_it_there_are_no_tables) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules = read_rules(arena, MONITOR_HEAD MONITOR_TAIL);
  ck_assert_int_eq(rules->monitor.every, EH_EVERY_NONE);
  ck_assert_uint_eq(rules->table_count, 0);
  for (size_t i = 0; i < rules->column_count; i++) ck_assert(!rules->columns[i].is_period);
  eh_arena_free(arena);
}
END_TEST

START_TEST(all_that_can_be_said) {
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules = read_rules(
      arena, MONITOR_HEAD
      "monitor: {from: 2013-10-01, false_alarms: 1%, smallest_change: 3 points, season: no, "
      "restart: [{on: 2014-11-20, because: new priorities, unit: Newark}]}\n" MONITOR_TAIL);
  ck_assert(rules->monitor.has_from);
  ck_close(rules->monitor.false_alarms, 0.01, 1e-12);
  ck_close(rules->monitor.smallest_change, 0.03, 1e-12);
  ck_assert_int_eq(rules->monitor.season, EH_SEASON_NO);
  ck_assert_uint_eq(rules->monitor.restart_count, 1);
  ck_assert_str_eq(rules->monitor.restarts[0].unit, "Newark");
  const char *text = eh_rules_explain(arena, rules);
  ck_assert_msg(strstr(text, "What is watched over time") != NULL, "%s", text);
  ck_assert_msg(strstr(text, "Newark begins anew with 2014-11-20") != NULL, "%s", text);
  ck_assert_msg(strstr(text, "month_decided") == NULL, "%s", text);
  eh_arena_free(arena);
}
END_TEST

START_TEST(mistakes) {
  static const struct {
    const char *key, *message;
  } cases[] = {
      {"monitor: {every: week}\n", "`every` takes month, quarter or fiscal_year"},
      {"monitor: {measure: releas}\n", "did you mean `release`?"},
      {"monitor: {measure: form}\n", "only yes/no measures can be monitored"},
      {"monitor: {across: policy}\n", "`policy` cannot be monitored"},
      {"monitor: {across: kind}\n", "`kind` cannot be monitored"},
      {"monitor: {first_look: 2}\n", "`first_look` takes"},
      {"monitor: {false_alarms: 50%}\n", "`false_alarms` takes"},
      {"monitor: {smallest_change: 100%}\n", "`smallest_change` takes"},
      {"monitor: {from: soon}\n", "`from` takes a date"},
      {"monitor: {restart: [{on: 2014-01-01}]}\n", "a restart needs"},
      {"monitor: {cusum: {odds: 2}}\n", "`monitor` has no key `cusum`"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct eh_arena *arena = eh_arena_new();
    const struct eh_rules *rules = NULL;
    struct eh_problems problems = {0};
    const char *text = eh_arena_printf(arena, MONITOR_HEAD "%s" MONITOR_TAIL, cases[i].key);
    ck_assert_int_eq(eh_rules_read(arena, "r.yaml", text, strlen(text), &rules, &problems),
                     EH_BAD_RULES);
    ck_assert_msg(strstr(problems.items[0].message, cases[i].message) != NULL, "%s: %s",
                  cases[i].key, problems.items[0].message);
    ck_assert_uint_eq(problems.items[0].line, 9);
    eh_problems_free(&problems);
    eh_arena_free(arena);
  }
}
END_TEST

START_TEST(what_does_not_go_with_it) {
  static const struct {
    const char *rules, *message;
  } cases[] = {
      {"evenhand: 1\ncolumns: {case: id}\nsimilarly_situated: []\nmonitor: {}\n" TAIL,
       "needs to know when a case was decided"},
      {HEAD "similarly_situated: []\nrecords: {one_per: person, choose: last}\nmonitor: {}\n" TAIL,
       "with `choose: last` a new month takes records out"},
      {HEAD "similarly_situated: []\nrecords: {repeated: last}\nmonitor: {}\n" TAIL,
       "with `repeated: last`, `any` or `worst`"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct eh_arena *arena = eh_arena_new();
    const struct eh_rules *rules = NULL;
    struct eh_problems problems = {0};
    ck_assert_int_eq(eh_rules_read(arena, "r.yaml", cases[i].rules, strlen(cases[i].rules), &rules,
                                   &problems),
                     EH_BAD_RULES);
    ck_assert_msg(strstr(problems.items[0].message, cases[i].message) != NULL, "%s",
                  problems.items[0].message);
    eh_problems_free(&problems);
    eh_arena_free(arena);
  }
}
END_TEST

RUN_TESTS("rules/monitor", what_is_watched, without_it_there_are_no_tables, all_that_can_be_said,
          mistakes, what_does_not_go_with_it)
