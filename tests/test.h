/* What every test program shares: Check, and comparison by relative error. */
#ifndef EVENHAND_TESTS_TEST_H
#define EVENHAND_TESTS_TEST_H

#include <check.h>
#include <math.h>
#include <stdlib.h>

/* got equals want to a relative error; want 0 asks for an absolute one. */
#define ck_close(got, want, relative)                                                            \
  do {                                                                                           \
    double got_ = (got), want_ = (want), scale_ = want_ == 0.0 ? 1.0 : fabs(want_);              \
    ck_assert_msg(fabs(got_ - want_) <= (relative)*scale_, "%s is %.17g, not %.17g", #got, got_, \
                  want_);                                                                        \
  } while (0)

/* A test case to add tests to. */
static inline TCase *new_tests(const char *name) {
  TCase *tcase = tcase_create(name);
  tcase_set_timeout(tcase, 300); /* seconds; sanitizers are slow */
  return tcase;
}

/* Run one test case; returns the exit status of the program. */
static inline int run_case(const char *name, TCase *tcase) {
  Suite *suite = suite_create(name);
  suite_add_tcase(suite, tcase);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static inline int run_tests(const char *name, const TTest *const *tests, size_t count) {
  TCase *tcase = new_tests(name);
  for (size_t i = 0; i < count; i++) tcase_add_test(tcase, tests[i]);
  return run_case(name, tcase);
}
#define RUN_TESTS(name, ...)                                       \
  int main(void) {                                                 \
    const TTest *const tests[] = {__VA_ARGS__};                    \
    return run_tests(name, tests, sizeof tests / sizeof tests[0]); \
  }

#endif
