/* Goals judged on records made here: verdicts, periods, course, and what decides nothing. */
#include "engine/audit/progress/goals.h"

#include "engine/audit/reliability/reliability.h"
#include "engine/base/date.h"
#include "tests/load/records.h"

#define RULES_HEAD                                                                \
  "evenhand: 1\ntitle: t\n"                                                       \
  "columns: {case: id, date: day}\n"                                              \
  "similarly_situated: [kind]\n"                                                  \
  "measures:\n"                                                                   \
  "  yes: {event: result = 'Y'}\n"                                                \
  "  how long: {value: took, flag: {smallest_difference: 5 days}}\n"              \
  "comparisons:\n  - {across: office}\ngoals:\n"

/* Records of an office and month: so many, of which so many with the event. */
static void add(struct eh_buffer *out, const char *office, const char *month, int records,
                int events) {
  static int id;
  if (!out->length) eh_buffer_puts(out, "id,day,kind,office,result,took\n");
  for (int i = 0; i < records; i++)
    eh_buffer_printf(out, "%d,%s-%02d,k%d,%s,%c,%d\n", ++id, month, 1 + i % 28, i % 2, office,
                     i < events ? 'Y' : 'N', 10 + i % 3);
}

static const struct eh_goals *judge(struct loaded *l, const char *goals, const char *records,
                                    const char *as_of, const struct eh_reliability *reliability) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_cells *tables;
  size_t count;
  int32_t day;
  ck_assert(eh_date_parse(as_of, 10, "%Y-%m-%d", &day));
  *l = load_bytes(eh_arena_printf(arena, RULES_HEAD "%s", goals), records, strlen(records), 1);
  ck_assert_int_eq(l->status, EH_OK);
  eh_arena_take(l->arena, arena);
  ck_assert_int_eq(eh_records_tables(l->arena, l->records, &tables, &count, &l->error), EH_OK);
  return eh_goals_judge(l->arena, l->rules, l->account, tables, count, reliability, day);
}

static const struct {
  int events;
  const char *target;
  enum eh_goal_verdict verdict;
  bool reaches;
} shares[] = {
    {965, "at_least: 95%", EH_GOAL_MET, true},        {960, "at_least: 95%", EH_GOAL_UNDECIDED, true},
    {940, "at_least: 95%", EH_GOAL_UNDECIDED, false}, {930, "at_least: 95%", EH_GOAL_MISSED, false},
    {30, "at_most: 5%", EH_GOAL_MET, true},           {80, "at_most: 5%", EH_GOAL_MISSED, false},
};

START_TEST(share) {
  struct loaded l;
  struct eh_buffer records = {0};
  struct eh_arena *arena = eh_arena_new();
  add(&records, "N", "2016-03", 500, shares[_i].events > 500 ? 500 : shares[_i].events);
  add(&records, "S", "2016-06", 500, shares[_i].events > 500 ? shares[_i].events - 500 : 0);
  add(&records, "S", "2015-06", 100, 50); /* before it counts */
  const struct eh_goals *goals =
      judge(&l,
            eh_arena_printf(arena, "  - {name: g, measure: yes, %s, by: 2016-06-30}\n",
                            shares[_i].target),
            records.text, "2016-07-01", NULL);
  const struct eh_goal_result *r = &goals->items[0].results[0];
  ck_assert_uint_eq(goals->items[0].count, 1);
  ck_assert_uint_eq(r->records, 1000);
  ck_assert_int_eq(r->verdict, shares[_i].verdict);
  ck_assert(r->reaches == shares[_i].reaches);
  ck_assert_uint_eq(goals->missed, shares[_i].verdict == EH_GOAL_MISSED);
  ck_assert_str_eq(r->period, "2015-07 to 2016-06");
  eh_buffer_free(&records);
  eh_arena_free(arena);
  unload(&l);
}
END_TEST

/* The path of the reference: 78% to 95% over two years. */
static const struct {
  const char *month, *as_of;
  int events; /* of 1,000 in the quarter */
  double wanted;
  enum eh_goal_course course;
} courses[] = {
    {"2015-09", "2015-10-05", 900, .78 + .17 * 364.0 / 730.0, EH_ON_COURSE},
    {"2015-09", "2015-10-05", 860, .78 + .17 * 364.0 / 730.0, EH_NEAR_COURSE},
    {"2015-09", "2015-10-05", 800, .78 + .17 * 364.0 / 730.0, EH_BEHIND},
};

START_TEST(course) {
  struct loaded l;
  struct eh_buffer records = {0};
  add(&records, "N", courses[_i].month, 1000, courses[_i].events);
  const struct eh_goals *goals = judge(&l,
                                       "  - {name: g, measure: yes, at_least: 95%, by: 2016-09-30, "
                                       "from: 2014-10-01, baseline: 78%}\n",
                                       records.text, courses[_i].as_of, NULL);
  const struct eh_goal_result *r = &goals->items[0].results[0];
  ck_assert_int_eq(r->verdict, EH_GOAL_NOT_DUE);
  ck_assert_str_eq(r->period, "2015Q3");
  ck_close(r->wanted_now.value, courses[_i].wanted, 1e-12);
  ck_assert_int_eq(r->course, courses[_i].course);
  ck_assert_uint_eq(goals->missed, 0);
  eh_buffer_free(&records);
  unload(&l);
}
END_TEST

START_TEST(every_period_and_unit) {
  struct loaded l;
  struct eh_buffer records = {0};
  add(&records, "N", "2016-01", 200, 198);
  add(&records, "S", "2016-02", 200, 100);
  add(&records, "N", "2016-04", 10, 10);
  add(&records, "S", "2016-06", 200, 199);
  add(&records, "S", "2016-07", 200, 199); /* a quarter that is not over */
  const struct eh_goals *goals = judge(
      &l, "  - {name: g, measure: yes, each: office, at_least: 90%, every: quarter}\n",
      records.text, "2016-08-01", NULL);
  const struct eh_goal_outcome *o = &goals->items[0];
  ck_assert_uint_eq(o->count, 4);
  ck_assert_uint_eq(o->met, 2);
  ck_assert_uint_eq(o->missed, 1);
  ck_assert_str_eq(o->results[1].unit, "S");
  ck_assert_str_eq(o->results[1].period, "2016Q1");
  ck_assert_int_eq(o->results[1].verdict, EH_GOAL_MISSED);
  ck_assert_str_eq(o->results[2].because, "too few records");
  eh_buffer_free(&records);
  unload(&l);
}
END_TEST

START_TEST(means_differences_and_what_is_recorded) {
  struct loaded l;
  struct eh_buffer records = {0};
  add(&records, "N", "2016-01", 300, 150);
  add(&records, "S", "2016-02", 300, 60);
  add(&records, "W", "2016-03", 300, 62);
  add(&records, "", "2016-03", 9, 2);
  const struct eh_goals *goals = judge(
      &l,
      "  - {name: a, measure: how long, at_most: 12 days, every: quarter}\n"
      "  - {name: b, difference_of: yes, at_most: 10 points, every: quarter}\n"
      "  - {name: c, recorded: office, at_least: 95%, every: quarter}\n"
      "  - {name: d, spread_of: yes, at_most: 0.3, every: quarter}\n",
      records.text, "2016-04-02", NULL);
  const struct eh_goal_outcome *o = goals->items;
  ck_close(o[0].results[0].figure.estimate.value, 11.0, 1e-12);
  ck_assert_int_eq(o[0].results[0].verdict, EH_GOAL_MET);
  ck_assert_uint_eq(o[1].count, 3); /* the office that is not recorded has no verdict */
  ck_assert_int_eq(o[1].results[0].verdict, EH_GOAL_MISSED);
  ck_assert_uint_eq(o[2].results[0].records, 909);
  ck_assert_uint_eq(o[2].results[0].events, 900);
  ck_assert_int_eq(o[2].results[0].verdict, EH_GOAL_MET);
  ck_assert_int_eq(o[3].results[0].verdict, EH_GOAL_UNDECIDED);
  ck_assert_str_eq(o[3].results[0].because, o[3].results[0].figure.estimate.why_not);
  eh_buffer_free(&records);
  unload(&l);
}
END_TEST

/* Whatever the figure. */
START_TEST(records_that_are_not_sufficient) {
  struct loaded l;
  struct eh_buffer records = {0};
  struct eh_verdict verdict = {.measure = "yes", .grade = EH_NOT_SUFFICIENT};
  struct eh_reliability reliability = {.verdicts = &verdict, .verdict_count = 1};
  add(&records, "N", "2016-01", 500, 499);
  add(&records, "N", "2016-03", 500, 500);
  const struct eh_goals *goals =
      judge(&l, "  - {name: g, measure: yes, at_least: 95%, every: quarter}\n", records.text,
            "2016-05-01", &reliability);
  ck_assert_int_eq(goals->items[0].results[0].verdict, EH_GOAL_UNDECIDED);
  ck_assert_str_eq(goals->items[0].results[0].because, "the records are not sufficient");
  eh_buffer_free(&records);
  unload(&l);
}
END_TEST

int main(void) {
  TCase *tcase = new_tests("goals");
  tcase_add_loop_test(tcase, share, 0, sizeof shares / sizeof *shares);
  tcase_add_loop_test(tcase, course, 0, sizeof courses / sizeof *courses);
  tcase_add_test(tcase, every_period_and_unit);
  tcase_add_test(tcase, means_differences_and_what_is_recorded);
  tcase_add_test(tcase, records_that_are_not_sufficient);
  return run_case("goals", tcase);
}
