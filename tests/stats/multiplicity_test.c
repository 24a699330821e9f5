#include "engine/stats/multiplicity.h"

#include "tests/stats/reference.h"

START_TEST(published_values) {
  static const double p[] = {.001, .01, .02, .04, .2};
  static const double bh[] = {.005, .025, .0333333333333333, .05, .2};
  static const double by[] = {.0114167, .0570833, .0761111, .1141667, .4566667};
  double log10_p[5], q[5], log10_q[5];
  for (int i = 0; i < 5; i++) log10_p[i] = log10(p[i]);
  eh_benjamini_hochberg(log10_p, 5, q, log10_q);
  for (int i = 0; i < 5; i++) {
    ck_close(q[i], bh[i], 1e-12);
    ck_close(log10_q[i], log10(bh[i]), 1e-12);
  }
  eh_benjamini_yekutieli(log10_p, 5, q, NULL);
  for (int i = 0; i < 5; i++) ck_close(q[i], by[i], 1e-5);
}
END_TEST

START_TEST(agrees_with_r) {
  struct reference r = reference_read("multiplicity");
  double log10_p[128], q[128];
  ck_assert_uint_le(r.rows, 128);
  for (size_t i = 0; i < r.rows; i++) {
    log10_p[i] = log10(reference_at(&r, i, "p"));
  }
  eh_benjamini_hochberg(log10_p, r.rows, q, NULL);
  for (size_t i = 0; i < r.rows; i++) ck_close(q[i], reference_at(&r, i, "bh"), 1e-12);
  eh_benjamini_yekutieli(log10_p, r.rows, q, NULL);
  for (size_t i = 0; i < r.rows; i++) ck_close(q[i], reference_at(&r, i, "by"), 1e-12);
  free(r.values);
}
END_TEST

START_TEST(far_below_what_a_double_holds) {
  static const double log10_p[] = {-3000.0, -1.0, -2999.0, 0.0};
  double q[4], log10_q[4];
  eh_benjamini_hochberg(log10_p, 4, q, log10_q);
  ck_assert_double_eq(q[0], 0.0);
  ck_close(log10_q[0], -3000.0 + log10(4.0), 1e-15);
  ck_close(log10_q[2], -2999.0 + log10(2.0), 1e-15);
  ck_close(log10_q[1], -1.0 + log10(4.0 / 3.0), 1e-15);
  ck_assert_double_eq(q[3], 1.0);
}
END_TEST

START_TEST(nothing_and_one) {
  double q = -1.0, log10_p = -2.0;
  eh_benjamini_hochberg(NULL, 0, NULL, NULL);
  eh_benjamini_yekutieli(NULL, 0, NULL, NULL);
  eh_benjamini_yekutieli(&log10_p, 1, &q, NULL);
  ck_close(q, 0.01, 1e-13);
}
END_TEST

/* q never orders two tests otherwise than p does, never falls below p, and ties share one q. */
START_TEST(order_is_kept) {
  static const double log10_p[] = {-1.0, -2.0, -1.0, -0.3, 0.0, -2.0, -1.5};
  double q[7];
  eh_benjamini_hochberg(log10_p, 7, q, NULL);
  for (int i = 0; i < 7; i++) {
    ck_assert_double_ge(q[i], pow(10.0, log10_p[i]));
    for (int j = 0; j < 7; j++)
      if (log10_p[i] <= log10_p[j]) ck_assert_double_le(q[i], q[j]);
  }
}
END_TEST

RUN_TESTS("multiplicity", published_values, agrees_with_r, far_below_what_a_double_holds,
          nothing_and_one, order_is_kept)
