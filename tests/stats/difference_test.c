#include "engine/stats/difference.h"

#include "engine/base/random.h"
#include "tests/stats/reference.h"

START_TEST(agrees_with_r) {
  struct reference all = reference_read("mantel_haenszel_tables");
  struct reference want = reference_read("difference");
  for (size_t i = 0; i < want.rows; i++) {
    struct eh_table tables[64];
    size_t count = reference_tables(&all, reference_at(&want, i, "id"), tables);
    struct eh_difference got = eh_difference_sato(tables, count, 0.95, EH_INDEPENDENT);
    ck_close(got.expected, reference_at(&want, i, "expected"), 1e-12);
    ck_close(got.interval.estimate.value, reference_at(&want, i, "estimate"), 1e-10);
    ck_close(got.interval.low.value, reference_at(&want, i, "low"), 1e-7);
    ck_close(got.interval.high.value, reference_at(&want, i, "high"), 1e-7);
    double n = (double)got.comparable;
    double events = (double)got.events;
    ck_assert(got.few == (got.expected < 10.0 || n - got.expected < 10.0 || events < 10.0 ||
                          n - events < 10.0));
  }
  free(all.values);
  free(want.values);
}
END_TEST

/* UCBAdmissions: department A against the others, gender the only factor, admission the event. */
START_TEST(department_a) {
  static const struct eh_table men_women[] = {{512, 825, 686, 1866}, {89, 108, 468, 1727}};
  struct eh_difference got = eh_difference(men_women, 2, 0.95);
  ck_assert_uint_eq(got.comparable, 933);
  ck_assert_uint_eq(got.events, 601);
  ck_close(got.expected, 332.562757, 1e-8);
  ck_close(got.interval.estimate.value, (601 - 332.562757) / 933, 1e-8);
  ck_assert(!got.few);
}
END_TEST

START_TEST(mirror_order_and_identical_strata) {
  static const struct eh_table t[] = {{3, 30, 9, 41}, {0, 5, 0, 9}, {7, 8, 20, 33}, {4, 6, 0, 0}};
  struct eh_table swapped[4], reversed[4], doubled[8], merged[4];
  for (int i = 0; i < 4; i++) {
    swapped[i] = (struct eh_table){t[i].n1 - t[i].a, t[i].n1, t[i].n2 - t[i].c, t[i].n2};
    reversed[3 - i] = t[i];
    doubled[i] = doubled[i + 4] = t[i];
    merged[i] = (struct eh_table){2 * t[i].a, 2 * t[i].n1, 2 * t[i].c, 2 * t[i].n2};
  }
  struct eh_interval one = eh_difference(t, 4, 0.95).interval;
  struct eh_interval mirror = eh_difference(swapped, 4, 0.95).interval;
  ck_close(mirror.estimate.value, -one.estimate.value, 1e-12);
  ck_close(mirror.low.value, -one.high.value, 1e-12);
  ck_close(mirror.high.value, -one.low.value, 1e-12);
  ck_close(eh_difference(reversed, 4, 0.95).interval.low.value, one.low.value, 1e-12);
  /* two strata alike in n1 : n2 and in their rates count as one of their sum */
  struct eh_interval two = eh_difference(doubled, 8, 0.95).interval;
  struct eh_interval sum = eh_difference(merged, 4, 0.95).interval;
  ck_close(two.estimate.value, one.estimate.value, 1e-12);
  ck_close(sum.low.value, two.low.value, 1e-12);
  ck_close(sum.high.value, two.high.value, 1e-12);
}
END_TEST

/* A difference of rates ends at a whole. */
START_TEST(limits_end_at_a_whole) {
  static const struct eh_table all = {3, 3, 0, 3}, none = {0, 3, 3, 3};
  struct eh_interval got = eh_difference_sato(&all, 1, 0.95, EH_INDEPENDENT).interval;
  ck_close(got.high.value, 1.0, 0.0);
  got = eh_difference_sato(&none, 1, 0.95, EH_INDEPENDENT).interval;
  ck_close(got.low.value, -1.0, 0.0);
}
END_TEST

/* Few peers, and differences that are not alike: the line of the variance falls to 0.34 of the
   binomial variance, which then stands in. By the formulas of tests/reference/difference.R. */
START_TEST(the_binomial_variance_stands_in) {
  static const struct eh_table t[] = {{29, 50, 0, 4}, {45, 50, 3, 20}};
  struct eh_interval got = eh_difference_sato(t, 2, 0.95, EH_INDEPENDENT).interval;
  ck_close(got.estimate.value, 0.665, 1e-13);
  ck_close(got.low.value, 0.458307625666757, 1e-12);
  ck_close(got.high.value, 0.725620902676349, 1e-12);
}
END_TEST

START_TEST(edges) {
  static const struct eh_table alone[] = {{2, 5, 0, 0}, {0, 0, 1, 4}};
  struct eh_difference got = eh_difference(alone, 2, 0.95);
  ck_assert_uint_eq(got.comparable, 0);
  ck_assert_ptr_nonnull(got.interval.estimate.why_not);
  ck_assert_ptr_nonnull(eh_difference(NULL, 0, 0.95).interval.low.why_not);

  static const struct eh_table opposite = {50, 50, 0, 700};
  got = eh_difference(&opposite, 1, 0.95);
  ck_close(got.interval.estimate.value, 1.0, 0.0);
  ck_close(got.interval.high.value, 1.0, 0.0);
  ck_assert_double_lt(got.interval.low.value, 1.0);
  ck_assert_double_gt(got.interval.low.value, 0.9);

  static const struct eh_table none = {0, 100, 0, 1000000};
  got = eh_difference(&none, 1, 0.95);
  ck_assert_double_le(got.interval.low.value, 0.0);
  ck_assert_double_gt(got.interval.high.value, 0.03); /* zero of 100 does not show zero */
  ck_assert(got.few);

  static const struct eh_table twins = {0, 20, 0, 20}; /* here Sato's would give a width of 0 */
  got = eh_difference(&twins, 1, 0.95);
  ck_close(got.interval.low.value, -got.interval.high.value, 1e-9);
  ck_assert_double_gt(got.interval.high.value, 0.1);
  got = eh_difference_sato(&twins, 1, 0.95, EH_INDEPENDENT);
  ck_close(got.interval.estimate.value, 0.0, 0.0);
  ck_assert_ptr_nonnull(got.interval.low.why_not);
  ck_assert_ptr_nonnull(got.interval.high.why_not);
}
END_TEST

START_TEST(large_counts) {
  static const struct eh_table t = {3000000000u, 10000000000u, 20000000000u, 100000000000u};
  struct eh_difference got = eh_difference(&t, 1, 0.95);
  ck_close(got.interval.estimate.value, 0.1, 1e-12);
  double error = sqrt(0.3 * 0.7 / 1e10 + 0.2 * 0.8 / 1e11);
  ck_close(got.interval.high.value - got.interval.low.value, 2 * 1.959963984540054 * error, 1e-5);
}
END_TEST

START_TEST(crude) {
  ck_close(eh_crude_difference(3, 10, 5, 50).value, 0.2, 1e-15);
  ck_assert_ptr_nonnull(eh_crude_difference(0, 0, 5, 50).why_not);
  ck_assert_ptr_nonnull(eh_crude_difference(3, 10, 0, 0).why_not);
}
END_TEST

static uint64_t binomial(struct eh_random *random, uint64_t n, double p) {
  uint64_t events = 0;
  for (uint64_t i = 0; i < n; i++) events += eh_random_uniform(random) < p;
  return events;
}

struct setting {
  int strata;
  double own, peers;     /* mean records per stratum of the unit, of its peers */
  double base;           /* event rate */
  double effect, varied; /* the unit's log odds ratio: mean and spread over strata */
};

/* How often the interval holds the true difference on the unit's own caseload. */
static double coverage(struct eh_random *random, const struct setting *s) {
  const int replications = 4000;
  int held = 0;
  for (int r = 0; r < replications; r++) {
    struct eh_table t[200];
    double truth = 0.0, records = 0.0;
    for (int k = 0; k < s->strata; k++) {
      double logit = log(s->base / (1.0 - s->base)) + 0.5 * eh_random_normal(random);
      double effect = s->effect + s->varied * eh_random_normal(random);
      double p1 = 1.0 / (1.0 + exp(-logit - effect)), p2 = 1.0 / (1.0 + exp(-logit));
      t[k].n1 = 1 + eh_random_below(random, (uint64_t)(2.0 * s->own) - 1);
      t[k].n2 = 1 + eh_random_below(random, (uint64_t)(2.0 * s->peers) - 1);
      t[k].a = binomial(random, t[k].n1, p1);
      t[k].c = binomial(random, t[k].n2, p2);
      truth += (double)t[k].n1 * (p1 - p2);
      records += (double)t[k].n1;
    }
    truth /= records;
    struct eh_interval i = eh_difference(t, (size_t)s->strata, 0.95).interval;
    held += i.low.value <= truth && truth <= i.high.value;
  }
  return held / (double)replications;
}

START_TEST(intervals_cover) {
  static const struct setting settings[] = {
      {5, 40, 60, 0.05, 0.0, 0.0}, {5, 20, 20, 0.4, 0.7, 0.0},  {20, 10, 60, 0.1, 0.0, 0.0},
      {20, 5, 6, 0.3, -0.7, 0.0},  {200, 2, 8, 0.05, 0.7, 0.0}, {200, 2, 2, 0.4, 0.0, 0.0},
      {10, 100, 10, 0.3, 1.0, 2.0}}; /* the unit dominates, and is not alike everywhere */
  struct eh_random random = eh_random_seeded(20161101, 0);
  for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
    double share = coverage(&random, &settings[i]);
    ck_assert_msg(share >= 0.93 && share <= 0.965, "setting %zu covers %.4f", i, share);
  }
}
END_TEST

RUN_TESTS("difference", agrees_with_r, department_a, mirror_order_and_identical_strata,
          the_binomial_variance_stands_in, limits_end_at_a_whole, edges, large_counts, crude,
          intervals_cover)
