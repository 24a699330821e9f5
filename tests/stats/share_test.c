/* Plain shares and means against R's binom.test and t.test. */
#include "engine/stats/share.h"

#include "tests/test.h"

static const struct {
  uint64_t events, records;
  double low, high;
} shares[] = {
    {960, 1000, .945927303180631, .971272374714109}, {965, 1000, .951657618385778, .975502472105241},
    {940, 1000, .923439509596065, .953904964577516}, {930, 1000, .912383766510715, .94502847508083},
    {20, 20, .831566529016915, 1},                   {0, 15, 0, .218019360910534},
    {12757, 15000, .844658523824286, .856138529759209},
    {57, 60, .860756753278927, .989567670355652},
};

START_TEST(exact) {
  struct eh_interval i = eh_exact_share(shares[_i].events, shares[_i].records, 0.95);
  ck_close(i.estimate.value, (double)shares[_i].events / (double)shares[_i].records, 1e-15);
  ck_close(i.low.value, shares[_i].low, 1e-9);
  ck_close(i.high.value, shares[_i].high, 1e-9);
  struct eh_interval other =
      eh_exact_share(shares[_i].records - shares[_i].events, shares[_i].records, 0.95);
  ck_assert(fabs(1.0 - other.low.value - i.high.value) < 1e-12);
}
END_TEST

START_TEST(means) {
  /* R: t.test(c(1, 2, 2, 5))$conf.int */
  static const double values[] = {1, 2, 5};
  static const uint64_t records[] = {1, 2, 1};
  struct eh_interval i = eh_mean(values, records, 3, 0.95);
  ck_close(i.estimate.value, 2.5, 1e-15);
  ck_close(i.high.value, 2.5 + 3.182446305284263 * sqrt(3.0) / 2.0, 1e-12);
  ck_close(i.low.value, 2.5 - 3.182446305284263 * sqrt(3.0) / 2.0, 1e-9);
  ck_assert_ptr_nonnull(eh_mean(values, records, 0, 0.95).estimate.why_not);
  ck_assert_ptr_nonnull(eh_mean(values, records, 1, 0.95).low.why_not);
  ck_assert_ptr_nonnull(eh_exact_share(0, 0, 0.95).low.why_not);
}
END_TEST

int main(void) {
  TCase *tcase = new_tests("share");
  tcase_add_loop_test(tcase, exact, 0, sizeof shares / sizeof *shares);
  tcase_add_test(tcase, means);
  return run_case("share", tcase);
}
