/* A change in parts, and a trend: by hand, and what must hold. tests/audit/progress has the real
 * records' values. */
#include "engine/stats/change.h"

#include "engine/base/random.h"
#include "engine/stats/difference.h"
#include "engine/stats/mantel_haenszel.h"
#include "tests/test.h"

/* Two situations at both times, one of each time alone. */
static const struct eh_table worked[] = {
    {30, 60, 40, 100}, {5, 40, 10, 50}, {9, 10, 0, 0}, {0, 0, 1, 20}};

START_TEST(parts_by_hand) {
  struct eh_change c = eh_change(worked, 4, 0.95);
  ck_assert_uint_eq(c.before_records, 170);
  ck_assert_uint_eq(c.after_records, 110);
  ck_assert_uint_eq(c.comparable, 100);
  ck_close(c.before.value, 51.0 / 170.0, 1e-14);
  ck_close(c.after.value, 44.0 / 110.0, 1e-14);
  ck_close(c.differently.estimate.value, (35.0 - (60 * .4 + 40 * .2)) / 100.0, 1e-13);
  ck_close(c.other_cases.value, 32.0 / 100.0 - 50.0 / 150.0, 1e-13);
  ck_close(c.differently.estimate.value + c.other_cases.value + c.without_counterpart.value,
           c.crude.value, 1e-13);
  struct eh_difference d = eh_difference(worked, 4, 0.95);
  ck_close(c.differently.low.value, d.interval.low.value, 1e-15);
}
END_TEST

START_TEST(nothing_to_compare) {
  static const struct eh_table apart[] = {{1, 5, 0, 0}, {0, 0, 2, 5}};
  struct eh_change c = eh_change(apart, 2, 0.95);
  ck_assert_ptr_null(c.crude.why_not);
  ck_assert_str_eq(c.differently.estimate.why_not, "no like cases");
  ck_assert_str_eq(eh_change(apart, 1, 0.95).crude.why_not, "no records before");
  ck_assert_str_eq(eh_change(apart + 1, 1, 0.95).crude.why_not, "no records after");
}
END_TEST

/* With two times it is the Cochran-Mantel-Haenszel test of later against earlier. */
START_TEST(two_times) {
  static const struct eh_trend_cell cells[] = {
      {0, 0, 100, 40}, {0, 1, 60, 30}, {1, 0, 50, 10}, {1, 1, 40, 5}, {2, 1, 10, 9}, {3, 0, 20, 1}};
  struct eh_trend t = eh_trend(cells, 6);
  struct eh_cmh cmh = eh_cmh(worked, 4);
  ck_close(t.deviation, cmh.deviation, 1e-12);
  ck_close(t.variance, cmh.variance, 1e-12);
  ck_close(t.test.log10_p, cmh.test.log10_p, 1e-12);
  ck_close(t.slope.value, cmh.deviation / cmh.variance, 1e-12);
  ck_assert_ptr_nonnull(eh_trend(cells + 4, 1).slope.why_not);
  ck_assert_ptr_nonnull(eh_trend(cells, 0).slope.why_not);
}
END_TEST

/* Nothing moves: the test says so in about 5% of worlds. */
START_TEST(no_trend) {
  struct eh_random random = eh_random_seeded(3, 0);
  int called = 0;
  for (int world = 0; world < 1000; world++) {
    struct eh_trend_cell cells[60];
    for (int i = 0; i < 60; i++) {
      cells[i] = (struct eh_trend_cell){(uint32_t)(i / 12), i % 12, 20, 0};
      for (int k = 0; k < 20; k++)
        cells[i].events += eh_random_uniform(&random) < 0.2 + 0.1 * (i / 12);
    }
    called += eh_trend(cells, 60).test.p < 0.05;
  }
  ck_assert_msg(called >= 30 && called <= 72, "%d", called);
}
END_TEST

RUN_TESTS("change", parts_by_hand, nothing_to_compare, two_times, no_trend)
