#include "engine/stats/chi_square.h"

#include "tests/stats/reference.h"

START_TEST(agrees_with_r) {
  struct reference r = reference_read("chi_square");
  for (size_t i = 0; i < r.rows; i++) {
    struct eh_test test =
        eh_chi_square_test(reference_at(&r, i, "statistic"), reference_at(&r, i, "df"));
    double log10_p = reference_at(&r, i, "log10_p");
    ck_assert_ptr_null(test.why_not);
    /* R's own figures carry an absolute error of about 1e-16 where p is near 1. */
    ck_assert_msg(fabs(test.log10_p - log10_p) <= 1e-10 * fabs(log10_p) + 1e-16,
                  "df %g, statistic %g: log10 p %.15g, not %.15g", test.df, test.statistic,
                  test.log10_p, log10_p);
    ck_close(test.p, pow(10.0, log10_p), log10_p < -300.0 ? 1e-5 : 1e-9);
  }
  free(r.values);
}
END_TEST

START_TEST(refuses_what_has_no_p) {
  ck_assert_ptr_nonnull(eh_chi_square_test(3.0, 0.0).why_not);
  ck_assert_ptr_nonnull(eh_chi_square_test(-1.0, 1.0).why_not);
  ck_assert_ptr_nonnull(eh_chi_square_test(INFINITY, 1.0).why_not);
  ck_assert_ptr_nonnull(eh_chi_square_test(NAN, 1.0).why_not);
  ck_assert_ptr_nonnull(eh_chi_square_test(1.0, NAN).why_not);
  ck_assert_double_eq(eh_chi_square_test(1.0, 0.0).p, 0.0);
  ck_assert_double_eq(eh_chi_square_test(0.0, 4.0).p, 1.0);
  ck_assert_double_eq(eh_chi_square_test(0.0, 4.0).log10_p, 0.0);
}
END_TEST

/* ln p falls ever more steeply towards -1/2 (from 3 df on), or ever less (1 df): a seam between two
   formulas would break that. */
START_TEST(falls_without_a_step) {
  static const double dfs[] = {1.0, 3.0, 7.0, 250.0, 1e4};
  for (size_t k = 0; k < sizeof dfs / sizeof dfs[0]; k++) {
    double direction = dfs[k] == 1.0 ? -1.0 : 1.0;
    double last = eh_chi_square_test(dfs[k], dfs[k]).log10_p;
    double slope = eh_chi_square_test(dfs[k] + 1.0, dfs[k]).log10_p - last;
    for (double x = dfs[k] + 1.0; x < dfs[k] * 4.0 + 4000.0; x += 1.0) {
      double log10_p = eh_chi_square_test(x, dfs[k]).log10_p;
      ck_assert_double_le(direction * (log10_p - last - slope), 1e-9);
      slope = log10_p - last;
      last = log10_p;
    }
    ck_assert_double_gt(direction * (slope + 0.5 / M_LN10), 0.0);
  }
}
END_TEST

/* With 1 degree of freedom p is that of a normal value, with 2 an exponential function. */
START_TEST(small_statistics) {
  for (double x = 0.005; x < 0.1; x += 0.005) {
    ck_close(eh_chi_square_test(x, 1.0).p, erfc(sqrt(x / 2.0)), 1e-13);
    ck_close(eh_chi_square_test(x, 2.0).p, exp(-x / 2.0), 1e-13);
  }
  ck_close(eh_chi_square_test(0.01, 2.0).p, exp(-0.005), 1e-13);
  ck_assert_double_eq(eh_chi_square_test(0.0, 2.0).p, 1.0);
  ck_assert_double_eq(eh_chi_square_test(0.0, 2.0).log10_p, 0.0);
}
END_TEST

START_TEST(normal) {
  ck_close(eh_normal_reach(0.95), 1.959963984540054, 1e-14);
  ck_close(eh_normal_reach(0.9), 1.6448536269514722, 1e-14);
  ck_close(eh_normal_reach(0.999), 3.2905267314919255, 1e-13);
  ck_close(eh_normal_test(-1.959963984540054).p, 0.05, 1e-13);
  ck_close(eh_normal_test(-16.334836).log10_p, eh_normal_test(16.334836).log10_p, 0.0);
}
END_TEST

START_TEST(quantiles_are_type_7) {
  static const double x[] = {1.0, 2.0, 4.0, 8.0, 16.0};
  ck_close(eh_quantile_sorted(x, 5, 0.1), 1.4, 1e-15); /* R: quantile(c(1, 2, 4, 8, 16), .1) */
  ck_close(eh_quantile_sorted(x, 5, 0.9), 12.8, 1e-15);
  ck_close(eh_quantile_sorted(x, 5, 0.5), 4.0, 0.0);
  ck_close(eh_quantile_sorted(x, 5, 0.0), 1.0, 0.0);
  ck_close(eh_quantile_sorted(x, 5, 1.0), 16.0, 0.0);
  ck_close(eh_quantile_sorted(x, 1, 0.3), 1.0, 0.0);
}
END_TEST

RUN_TESTS("chi_square", agrees_with_r, refuses_what_has_no_p, falls_without_a_step,
          small_statistics, normal, quantiles_are_type_7)
