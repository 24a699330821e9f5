#include "engine/stats/student.h"

#include "engine/stats/chi_square.h"
#include "tests/stats/reference.h"

static double df_of(const struct reference *r, size_t row) {
  double df = reference_at(r, row, "df");
  return df < 1e299 ? df : INFINITY;
}

START_TEST(agrees_with_mpmath) {
  struct reference want = reference_read("student");
  for (size_t i = 0; i < want.rows; i++) {
    double t = reference_at(&want, i, "t"), log_p = reference_at(&want, i, "log_two_sided");
    ck_close(eh_student_log_two_sided(t, df_of(&want, i)), log_p, 3e-10);
    ck_close(eh_student_quantile(log_p, df_of(&want, i)), t, 1e-9);
  }
  free(want.values);
}
END_TEST

START_TEST(scores_of_tails_that_no_double_holds) {
  for (double z = 0.25; z < 3000.0; z *= 1.7)
    ck_close(eh_normal_score(eh_normal_test(z).log10_p * M_LN10 - M_LN2), z, 1e-12);
  ck_assert_double_eq(eh_normal_score(-M_LN2), 0.0);
  ck_assert_double_eq(eh_normal_score(-0.1), 0.0);
}
END_TEST

START_TEST(edges) {
  ck_assert_double_eq(eh_student_log_two_sided(0.0, 3.0), 0.0);
  ck_assert_double_eq(eh_student_quantile(0.0, 3.0), 0.0);
  ck_close(eh_student_quantile(log(0.05), INFINITY), 1.959963984540054, 1e-13);
  ck_close(eh_student_quantile(log(0.05), 4.0), 2.7764451051977987, 1e-12);
  ck_close(eh_student_quantile(-800.0, 2.0), exp(400.0), 1e-10);
}
END_TEST

RUN_TESTS("student", agrees_with_mpmath, scores_of_tails_that_no_double_holds, edges)
