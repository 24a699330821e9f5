/* The run of days in which a series fell furthest below what was to be expected. */
#include "engine/audit/shortfall.h"

#include "engine/base/random.h"
#include "tests/test.h"

enum { DAYS = 800 };

static unsigned poisson(struct eh_random *random, double mean) {
  double limit = exp(-mean), product = eh_random_uniform(random);
  unsigned n = 0;
  for (; product > limit; n++) product *= eh_random_uniform(random);
  return n;
}

static void draw(uint64_t seed, size_t from, size_t to, double ratio, uint32_t *o, double *e) {
  struct eh_random random = eh_random_seeded(seed, 0);
  for (size_t i = 0; i < DAYS; i++) {
    double mean = 2 + sin((double)i / 40);
    e[i] = 17 * mean; /* only the shape matters */
    o[i] = poisson(&random, i >= from && i <= to ? ratio * mean : mean);
  }
}

START_TEST(a_shortfall_is_found_where_it_is) {
  uint32_t o[DAYS];
  double e[DAYS], ratio = _i % 2 ? 0.5 : 0.1;
  draw((uint64_t)_i, 300, 419, ratio, o, e);
  struct eh_shortfall f = eh_shortfall_find(o, e, DAYS, 15, 0.7);
  ck_assert(f.found);
  ck_assert_int_le(abs((int)f.first - 300), 30);
  ck_assert_int_le(abs((int)f.last - 419), 30);
  ck_assert(fabs(f.observed / f.expected - ratio) < 0.12);
}
END_TEST

START_TEST(a_gap_is_exact) {
  uint32_t o[DAYS];
  double e[DAYS];
  for (size_t i = 0; i < DAYS; i++) {
    e[i] = 1;
    o[i] = i >= 500 && i < 530 ? 0 : 2;
  }
  struct eh_shortfall f = eh_shortfall_find(o, e, DAYS, 15, 0.7);
  ck_assert(f.found);
  ck_assert_uint_eq(f.first, 500);
  ck_assert_uint_eq(f.last, 529);
  ck_close(f.observed, 0.0, 1e-12);
  ck_close(f.expected, 60.0, 1e-9);
}
END_TEST

START_TEST(chance_alone_is_none) {
  uint32_t o[DAYS];
  double e[DAYS];
  draw(1000 + (uint64_t)_i, DAYS, DAYS, 1, o, e);
  ck_assert(!eh_shortfall_find(o, e, DAYS, 15, 0.7).found);
}
END_TEST

START_TEST(restless_counts_ask_for_more) {
  uint32_t o[DAYS];
  double e[DAYS];
  for (size_t i = 0; i < DAYS; i++) {
    e[i] = 1;
    o[i] = i / 20 % 2 ? 4 : 12; /* up and down, without a shortfall of its own */
  }
  struct eh_shortfall f = eh_shortfall_find(o, e, DAYS, 15, 0.7);
  ck_assert(f.dispersion > 3);
  ck_assert(!f.found);
}
END_TEST

/* Four in five of the shortfalls said to be detectable are detected. */
START_TEST(what_is_detectable_is_detected) {
  double least = 15, rate = 0.5, usual = eh_shortfall_detectable(least, rate);
  size_t days = 200, found = 0, tries = 1000;
  for (size_t k = 0; k < tries; k++) {
    uint32_t o[DAYS];
    double e[DAYS];
    struct eh_random random = eh_random_seeded(5000 + k, 0);
    for (size_t i = 0; i < DAYS; i++) {
      bool half = i >= 300 && i < 300 + days;
      e[i] = 1;
      o[i] = poisson(&random, usual / (double)days * (half ? rate : 1));
    }
    found += eh_shortfall_find(o, e, DAYS, least, 0.7).found;
  }
  ck_assert_msg(fabs((double)found / (double)tries - 0.8) < 0.1, "%zu", found);
}
END_TEST

START_TEST(nothing_expected_or_observed_is_none) {
  uint32_t o[3] = {0, 0, 0};
  double e[3] = {1, 1, 1}, zero[3] = {0, 0, 0};
  ck_assert(!eh_shortfall_find(o, e, 3, 1, 0.7).found);
  ck_assert(!eh_shortfall_find(o, zero, 3, 1, 0.7).found);
  ck_assert(!eh_shortfall_find(o, e, 0, 1, 0.7).found);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("shortfall");
  TCase *tcase = tcase_create("shortfall");
  tcase_add_loop_test(tcase, a_shortfall_is_found_where_it_is, 0, 20);
  tcase_add_test(tcase, a_gap_is_exact);
  tcase_add_loop_test(tcase, chance_alone_is_none, 0, 100);
  tcase_add_test(tcase, restless_counts_ask_for_more);
  tcase_add_test(tcase, what_is_detectable_is_detected);
  tcase_add_test(tcase, nothing_expected_or_observed_is_none);
  suite_add_tcase(suite, tcase);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
