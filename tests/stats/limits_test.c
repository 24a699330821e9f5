#include "engine/stats/limits.h"

#include "tests/stats/reference.h"

START_TEST(rate_interval_as_r) {
  struct reference r = reference_read("limits_rates");
  for (size_t i = 0; i < r.rows; i++) {
    uint64_t events = reference_count(&r, i, "events"), records = reference_count(&r, i, "records");
    struct eh_interval got = eh_rate_interval(events, records, reference_at(&r, i, "confidence"));
    ck_close(got.estimate.value, (double)events / (double)records, 1e-15);
    ck_close(got.low.value, reference_at(&r, i, "low"), 1e-12);
    ck_close(got.high.value, reference_at(&r, i, "high"), 1e-12);
  }
  free(r.values);
  ck_assert_ptr_nonnull(eh_rate_interval(0, 0, 0.95).low.why_not);
}
END_TEST

/* Events and non-events change places: so do the limits. */
START_TEST(rate_interval_mirrors) {
  for (uint64_t events = 0; events <= 12; events++) {
    struct eh_interval one = eh_rate_interval(events, 12, 0.95);
    struct eh_interval other = eh_rate_interval(12 - events, 12, 0.95);
    ck_assert_double_eq_tol(one.low.value, 1.0 - other.high.value, 1e-14);
    ck_assert_double_le(one.low.value, one.estimate.value);
    ck_assert_double_ge(one.high.value, one.estimate.value);
  }
}
END_TEST

START_TEST(funnel_by_its_formula) {
  struct reference r = reference_read("limits_funnel");
  for (size_t i = 0; i < r.rows; i++) {
    double rate = reference_at(&r, i, "rate"), records = reference_at(&r, i, "records"),
           tau = reference_at(&r, i, "tau"), confidence = reference_at(&r, i, "confidence");
    ck_close(eh_funnel_limit(rate, records, tau, confidence, false).value,
             reference_at(&r, i, "low"), 1e-10);
    ck_close(eh_funnel_limit(rate, records, tau, confidence, true).value,
             reference_at(&r, i, "high"), 1e-10);
  }
  free(r.values);
  ck_assert_ptr_nonnull(eh_funnel_limit(0.0, 10, 0.0, 0.95, true).why_not);
  ck_assert_ptr_nonnull(eh_funnel_limit(1.0, 10, 0.0, 0.95, true).why_not);
}
END_TEST

RUN_TESTS("stats/limits", rate_interval_as_r, rate_interval_mirrors, funnel_by_its_formula)
