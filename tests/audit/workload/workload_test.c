/* What deciding as others do would come to: the values of the reference, sums, sides and refusals.
 */
#include "engine/audit/workload/workload.h"

#include <math.h>

#include "engine/audit/findings/audit.h"
#include "engine/base/random.h"
#include "tests/load/records.h"

static const struct eh_audit *audit_of(struct loaded *l) {
  struct eh_audit_options options = {.threads = 1};
  return eh_workload_add(
      l->arena, eh_audit_run(l->arena, l->rules, l->account, l->cells, l->cells_count, &options));
}

START_TEST(released_records_against_one_office) {
  static const char file[] = "../shared/data/ice/ice_decisions_2016-10_2016-12.csv.gz";
  static const char rules[] =
      "evenhand: 1\ntitle: t\ncolumns: {case: Case ID, office: Event Area of Responsibility, "
      "landmark: Landmark Class, what: Processing Disposition}\nmissing: ['']\n"
      "similarly_situated: [landmark, Citizenship, Gender]\nmeasures:\n  discretion:\n"
      "    event: what in ('Prosecutorial Discretion', 'Released/Prosecutorial Discretion')\n"
      "dependent_within: none\ncomparisons: [{across: office}]\nworkload:\n"
      "  - {name: w, measure: discretion, unit_cost: 1000 dollars, as: Baltimore}\n";
  if (access(file, R_OK) != 0) return; /* reference values stand beside the project only */
  const char *names[] = {file};
  struct loaded l = load_files(rules, names, 1, (struct eh_load_options){.threads = 2});
  ck_assert_int_eq(l.status, EH_OK);
  const struct eh_workload_result *r = &audit_of(&l)->workloads->items[0];
  ck_assert_uint_eq(r->all.units, 24);
  ck_assert_uint_eq(r->all.records, 42278);
  ck_assert_uint_eq(r->all.comparable, 35025);
  ck_close(r->all.had.value, 6869, 1e-12);
  ck_close(r->all.expected.value, 10674.9711628293, 1e-12);
  ck_close(r->all.change.estimate.value, 3805.97116282932, 1e-12);
  ck_close(r->all.change.low.value, 1108.40477141822, 1e-9);
  ck_close(r->all.change.high.value, 6865.52265058569, 1e-9);
  unload(&l);
}
END_TEST

/* --- simulated --- */

static const char head[] =
    "evenhand: 1\ntitle: t\ncolumns: {case: id, date: day}\nsimilarly_situated: [kind]\n"
    "dependent_within: none\nmeasures:\n  yes: {event: result = 'Y'}\n"
    "  size: {value: days, flag: {smallest_difference: 1 day}}\ncomparisons: [{across: "
    "office}]\n"
    "flag: {smallest_difference: 5 points}\n";

/* Offices of unlike sizes; the first two decide otherwise. days: some of 0 to 9, more in the first.
 */
static char *records_of(uint64_t seed, int offices) {
  struct eh_random r = eh_random_seeded(seed, 5);
  struct eh_buffer out = {0};
  eh_buffer_puts(&out, "id,day,office,kind,result,days\n");
  for (int i = 0; i < 4000; i++) {
    int o = (int)eh_random_below(&r, (uint64_t)offices), kind = (int)eh_random_below(&r, 4);
    unsigned rate = 30 + 5 * (unsigned)kind + (o == 0 ? 25 : 0) - (o == 1 ? 20 : 0);
    eh_buffer_printf(&out, "%d,201%d-0%d-15,O%d,%c,%c,%d\n", i, (int)eh_random_below(&r, 2),
                     1 + (int)eh_random_below(&r, 9), o, 'a' + (kind + o % 2) % 5,
                     eh_random_below(&r, 100) < rate ? 'Y' : 'N',
                     (int)eh_random_below(&r, 10) + (o == 0 ? 5 : 0));
  }
  return out.text;
}

static struct loaded load_world(const char *workload, uint64_t seed) {
  struct eh_buffer rules = {0};
  char *records = records_of(seed, 8);
  eh_buffer_printf(&rules, "%sworkload:\n  - {name: w, unit_cost: 3.5 hours, %s}\n", head,
                   workload);
  struct loaded l = load_bytes(rules.text, records, strlen(records), 1);
  ck_assert_msg(l.status == EH_OK, "%s", l.error.message);
  eh_buffer_free(&rules);
  free(records);
  return l;
}

static void check_sums(const struct eh_workload_result *r) {
  double had = 0, expected = 0, sides = 0;
  uint64_t records = 0, comparable = 0;
  for (size_t i = 0; i < r->unit_count; i++) {
    had += r->units[i].had.value;
    expected += r->units[i].expected.value;
    records += r->units[i].records;
    comparable += r->units[i].comparable;
  }
  ck_assert_uint_eq(records, r->all.records);
  ck_assert_uint_eq(comparable, r->all.comparable);
  ck_close(had, r->all.had.value, 1e-9);
  ck_close(expected, r->all.expected.value, 1e-9);
  ck_close(expected - had, r->all.change.estimate.value, 1e-9);
  if (!r->above.change.estimate.why_not) sides += r->above.change.estimate.value;
  if (!r->below.change.estimate.why_not) sides += r->below.change.estimate.value;
  ck_close(sides, r->all.change.estimate.value, 1e-9);
  ck_assert_double_le(r->all.change.low.value, r->all.change.estimate.value);
  ck_assert_double_ge(r->all.change.high.value, r->all.change.estimate.value);
}

START_TEST(parts_add_up) {
  static const char *const workloads[] = {"measure: yes", "measure: yes, as: O3", "measure: size",
                                          "measure: size, as: O3"};
  for (uint64_t seed = 1; seed <= 3; seed++)
    for (size_t w = 0; w < 4; w++) {
      struct loaded l = load_world(workloads[w], seed);
      const struct eh_workload_result *r = &audit_of(&l)->workloads->items[0];
      ck_assert_msg(!r->why_not, "%s: %s", workloads[w], r->why_not);
      ck_assert_uint_eq(r->all.units, w % 2 ? 7 : r->unit_count);
      check_sums(r);
      unload(&l);
    }
}
END_TEST

/* Of 4,000 records some 500 are of each office: the first is to have some 25 of 100 fewer. */
START_TEST(what_was_planted_is_found) {
  struct loaded l = load_world("measure: yes", 7);
  const struct eh_workload_result *r = &audit_of(&l)->workloads->items[0];
  ck_assert_uint_eq(r->unit_count, 2);
  ck_assert_str_eq(r->units[0].unit, "O0");
  ck_assert_double_lt(r->units[0].change.high.value, -80);
  ck_assert_double_gt(r->units[1].change.low.value, 50);
  ck_assert_uint_eq(r->above.units, 1);
  ck_assert_uint_eq(r->below.units, 1);
  ck_assert(!r->drawn_in.why_not);
  unload(&l);
}
END_TEST

START_TEST(what_cannot_be_told) {
  struct loaded l = load_world("measure: yes, as: O99", 1);
  ck_assert_str_eq(audit_of(&l)->workloads->items[0].why_not, "no unit is called O99");
  unload(&l);
}
END_TEST

RUN_TESTS("workload", released_records_against_one_office, parts_add_up, what_was_planted_is_found,
          what_cannot_be_told)
