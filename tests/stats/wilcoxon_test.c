#include "engine/stats/wilcoxon.h"

#include "engine/base/random.h"
#include "tests/stats/reference.h"

enum { MOST = 1000 };

static size_t values_of(const struct reference *r, double id, struct eh_amount *values) {
  size_t count = 0;
  for (size_t i = 0; i < r->rows; i++) {
    if (reference_at(r, i, "id") != id) continue;
    ck_assert_uint_lt(count, MOST);
    values[count++] =
        (struct eh_amount){(size_t)reference_at(r, i, "stratum"), reference_at(r, i, "unit") == 1.0,
                           reference_at(r, i, "value"), 1};
  }
  return count;
}

/* Its interval does not know where zero is. */
static struct eh_interval welch_of(const struct eh_amount *amounts, size_t count) {
  struct eh_amount moved[MOST];
  for (size_t i = 0; i < count; i++) {
    moved[i] = amounts[i];
    moved[i].value -= amounts[0].value + 1.0;
  }
  bool has_negative = false;
  for (size_t i = 0; i < count; i++) has_negative = has_negative || moved[i].value < 0.0;
  ck_assert(has_negative);
  return eh_wilcoxon(moved, count, 0.95).mean_difference;
}

START_TEST(agrees_with_r) {
  struct reference all = reference_read("wilcoxon_records");
  struct reference want = reference_read("wilcoxon_values");
  static struct eh_amount values[MOST];
  for (size_t i = 0; i < want.rows; i++) {
    size_t count = values_of(&all, reference_at(&want, i, "id"), values);
    struct eh_wilcoxon got = eh_wilcoxon(values, count, 0.95);
    struct eh_interval welch = welch_of(values, count);
    ck_assert_uint_eq(got.comparable, reference_count(&want, i, "comparable"));
    ck_close(got.test.statistic, reference_at(&want, i, "statistic"), 1e-9);
    ck_close(got.variance, reference_at(&want, i, "variance"), 1e-12);
    ck_close(got.mean_difference.estimate.value, reference_at(&want, i, "mean"), 1e-12);
    ck_close(welch.low.value, reference_at(&want, i, "mean_low"), 1e-9);
    ck_close(welch.high.value, reference_at(&want, i, "mean_high"), 1e-9);
    ck_close(got.shift.estimate.value, reference_at(&want, i, "shift"), 1e-11);
    ck_close(got.shift.low.value, reference_at(&want, i, "shift_low"), 1e-11);
    ck_close(got.shift.high.value, reference_at(&want, i, "shift_high"), 1e-11);
  }
  free(all.values);
  free(want.values);
}
END_TEST

/* The same in other units and from another zero: hours for days, profit for price. */
START_TEST(units_and_zero_do_not_matter) {
  struct reference all = reference_read("wilcoxon_records");
  static struct eh_amount values[MOST];
  for (double id = 1; id <= 3; id++) {
    size_t count = values_of(&all, id, values);
    struct eh_wilcoxon one = eh_wilcoxon(values, count, 0.95);
    struct eh_interval one_welch = welch_of(values, count);
    static const double units[] = {1e-4, 1.0, 1e4}, zeros[] = {-1000.0, 0.0, 1000.0};
    for (size_t u = 0; u < 3; u++)
      for (size_t z = 0; z < 3; z++) {
        count = values_of(&all, id, values);
        for (size_t i = 0; i < count; i++)
          values[i].value = units[u] * (values[i].value + zeros[z]);
        struct eh_wilcoxon other = eh_wilcoxon(values, count, 0.95);
        ck_close(other.test.statistic, one.test.statistic, 1e-9);
        struct eh_interval welch = welch_of(values, count);
        bool at_zero = zeros[z] == 0.0; /* there the interval of a mean stands on it */
        const struct eh_interval *pairs[][2] = {{&other.shift, &one.shift},
                                                {at_zero ? &other.mean_difference : &welch,
                                                 at_zero ? &one.mean_difference : &one_welch}};
        for (size_t k = 0; k < 2; k++) {
          ck_assert_ptr_null(pairs[k][0]->low.why_not);
          ck_close(pairs[k][0]->estimate.value, units[u] * pairs[k][1]->estimate.value, 1e-8);
          ck_close(pairs[k][0]->low.value, units[u] * pairs[k][1]->low.value, 1e-8);
          ck_close(pairs[k][0]->high.value, units[u] * pairs[k][1]->high.value, 1e-8);
        }
      }
  }
  free(all.values);
}
END_TEST

/* A unit far below its peers, or above, wherever zero lies: the shift is the middle of all pairs'
   differences. */
START_TEST(far_apart) {
  enum { SIDE = 9 };
  for (double zero = -300.0; zero <= 300.0; zero += 150.0)
    for (int above = 0; above < 2; above++) {
      struct eh_amount values[2 * SIDE];
      for (int i = 0; i < SIDE; i++) {
        values[i] = (struct eh_amount){0, true, zero + (above ? 100.0 : -100.0) + i, 1};
        values[SIDE + i] = (struct eh_amount){0, false, zero + i, 1};
      }
      struct eh_wilcoxon got = eh_wilcoxon(values, 2 * SIDE, 0.95);
      ck_close(got.shift.estimate.value, above ? 100.0 : -100.0, 1e-12);
      ck_assert_double_lt(got.shift.low.value, got.shift.estimate.value);
      ck_assert_double_gt(got.shift.high.value, got.shift.estimate.value);
      ck_assert_double_lt(got.shift.high.value - got.shift.low.value, 10.0);
    }
}
END_TEST

/* R: wilcox.test(c(1.1, 3, 4.5, 7), c(0.4, 2, 2, 3, 3.5, 0.1), exact = FALSE, correct = FALSE):
 * W 18.5, p 0.16297. */
START_TEST(by_hand) {
  struct eh_amount values[] = {{0, true, 7.0, 1},  {0, false, 2.0, 1}, {0, true, 1.1, 1},
                               {0, false, 0.4, 1}, {0, true, 4.5, 1},  {0, false, 3.0, 1},
                               {0, false, 3.5, 1}, {0, true, 3.0, 1},  {0, false, 2.0, 1},
                               {0, false, 0.1, 1}};
  struct eh_wilcoxon got = eh_wilcoxon(values, 10, 0.95);
  ck_close(got.deviation * 11.0, 18.5 - 12.0, 1e-12);
  ck_close(got.variance * 121.0, 24.0 / 12.0 * (11.0 - 12.0 / 90.0), 1e-12);
  ck_close(got.superiority.value, 18.5 / 24.0, 1e-12);
  ck_close(got.mean_difference.estimate.value, 3.9 - 11.0 / 6.0, 1e-12);
}
END_TEST

START_TEST(mirror_order_and_monotone_scales) {
  struct reference all = reference_read("wilcoxon_records");
  static struct eh_amount values[MOST], changed[MOST];
  size_t count = values_of(&all, 3, values);
  struct eh_wilcoxon one = eh_wilcoxon(values, count, 0.9);
  struct eh_interval welch = welch_of(values, count);
  for (size_t i = 0; i < count; i++) {
    changed[i] = values[count - 1 - i];
    changed[i].value = -changed[i].value;
    changed[i].stratum = 99 - changed[i].stratum;
  }
  struct eh_wilcoxon mirror = eh_wilcoxon(changed, count, 0.9);
  ck_close(mirror.deviation, -one.deviation, 1e-11);
  ck_close(mirror.shift.estimate.value, -one.shift.estimate.value, 1e-13);
  ck_close(mirror.shift.low.value, -one.shift.high.value, 1e-13);
  ck_close(mirror.shift.high.value, -one.shift.low.value, 1e-13);
  ck_close(welch_of(changed, count).low.value, -welch.high.value, 1e-11);
  for (size_t i = 0; i < count; i++) values[i].value = exp(values[i].value / 20.0);
  ck_close(eh_wilcoxon(values, count, 0.9).test.statistic, one.test.statistic, 1e-12);
  for (size_t i = 0; i < count; i++)
    values[i].value = 20.0 * log(values[i].value) + 3.0 * values[i].unit;
  struct eh_wilcoxon moved = eh_wilcoxon(values, count, 0.9);
  ck_close(moved.shift.estimate.value, one.shift.estimate.value + 3.0, 1e-10);
  ck_close(welch_of(values, count).high.value, welch.high.value + 3.0, 1e-10);
  free(all.values);
}
END_TEST

/* Records that are alike may stand together or one by one. */
START_TEST(counted_or_listed) {
  static const struct eh_amount counted[] = {
      {0, true, 2.0, 3},  {0, true, 5.0, 1}, {0, false, 2.0, 4}, {0, false, 3.0, 2},
      {1, false, 1.0, 5}, {1, true, 9.0, 2}, {1, true, 1.0, 2},  {2, true, 4.0, 6}};
  struct eh_amount one[8], each[64];
  size_t count = 0;
  for (size_t i = 0; i < 8; i++) {
    one[i] = counted[i];
    for (uint64_t k = 0; k < counted[i].records; k++) {
      each[count] = counted[i];
      each[count++].records = 1;
    }
  }
  struct eh_wilcoxon a = eh_wilcoxon(one, 8, 0.95), b = eh_wilcoxon(each, count, 0.95);
  ck_assert_uint_eq(a.comparable, 8);
  ck_assert_uint_eq(b.comparable, 8);
  ck_close(a.deviation, b.deviation, 1e-13);
  ck_close(a.variance, b.variance, 1e-13);
  ck_close(a.mean_difference.estimate.value, b.mean_difference.estimate.value, 1e-13);
  ck_close(a.mean_difference.low.value, b.mean_difference.low.value, 1e-12);
  ck_close(a.mean_difference.high.value, b.mean_difference.high.value, 1e-12);
  ck_close(a.shift.estimate.value, b.shift.estimate.value, 0.0);
  ck_close(a.shift.low.value, b.shift.low.value, 0.0);
  ck_close(a.shift.high.value, b.shift.high.value, 0.0);
}
END_TEST

START_TEST(nothing_to_compare) {
  struct eh_amount alone[] = {{0, true, 1.0, 1}, {0, true, 2.0, 1}, {1, false, 3.0, 1}};
  struct eh_wilcoxon got = eh_wilcoxon(alone, 3, 0.95);
  ck_assert_uint_eq(got.comparable, 0);
  ck_assert_ptr_nonnull(got.test.why_not);
  ck_assert_ptr_nonnull(got.superiority.why_not);
  ck_assert_ptr_nonnull(got.shift.estimate.why_not);
  ck_assert_ptr_nonnull(got.mean_difference.estimate.why_not);
  ck_assert_ptr_nonnull(eh_wilcoxon(NULL, 0, 0.95).test.why_not);

  struct eh_amount equal[] = {
      {0, true, 5.0, 1}, {0, false, 5.0, 1}, {0, false, 5.0, 1}, {0, true, 5.0, 1}};
  got = eh_wilcoxon(equal, 4, 0.95);
  ck_assert_ptr_nonnull(got.test.why_not);
  ck_close(got.shift.estimate.value, 0.0, 0.0);
  ck_close(got.superiority.value, 0.5, 0.0);
  ck_assert_ptr_nonnull(got.shift.low.why_not);
  ck_close(got.mean_difference.estimate.value, 0.0, 0.0);
  ck_assert_ptr_nonnull(got.mean_difference.low.why_not);
}
END_TEST

START_TEST(few_records) {
  struct eh_amount pair[] = {{0, true, 8.0, 1}, {0, false, 5.0, 1}};
  struct eh_wilcoxon got = eh_wilcoxon(pair, 2, 0.95);
  ck_close(got.shift.estimate.value, 3.0, 0.0);
  ck_assert_ptr_nonnull(got.shift.low.why_not); /* one pair bounds nothing */
  ck_assert_ptr_nonnull(got.shift.high.why_not);
  ck_assert_ptr_nonnull(got.mean_difference.high.why_not);
  /* a single record of the unit borrows its peers' variance of 3: variances 3 and 3/3, each with 2
   * df */
  struct eh_amount one[] = {
      {0, true, 8.0, 1}, {0, false, 5.0, 1}, {0, false, 2.0, 1}, {0, false, 5.0, 1}};
  got = eh_wilcoxon(one, 4, 0.95);
  ck_close(got.mean_difference.estimate.value, 4.0, 1e-15);
  ck_close(welch_of(one, 4).high.value, 10.1456578594263, 1e-9); /* R: 4 + 2 * qt(.975, 3.2) */
}
END_TEST

START_TEST(huge_values) {
  struct eh_amount values[] = {{0, true, 1e308, 1},   {0, false, -1e308, 1}, {0, true, 2.0, 1},
                               {0, false, 1e-308, 1}, {0, true, -0.0, 1},    {0, false, 0.0, 1}};
  struct eh_wilcoxon got = eh_wilcoxon(values, 6, 0.95);
  ck_assert_ptr_null(got.test.why_not); /* ranks do not mind */
  ck_assert_ptr_nonnull(got.shift.estimate.why_not);
  ck_assert(isfinite(got.mean_difference.estimate.value));
  ck_assert_ptr_nonnull(got.mean_difference.low.why_not);
}
END_TEST

/* A thousand million records each side, of two values. */
START_TEST(large_counts) {
  struct eh_amount values[] = {{0, true, 1.0, 500000000},
                               {0, true, 2.0, 500000000},
                               {0, false, 1.0, 600000000},
                               {0, false, 2.0, 400000000}};
  struct eh_wilcoxon got = eh_wilcoxon(values, 4, 0.95);
  ck_assert_uint_eq(got.comparable, 1000000000);
  ck_close(got.superiority.value, 0.55, 1e-12);
  ck_close(got.mean_difference.estimate.value, 0.1, 1e-12);
  /* of two values the test is that of the 2 x 2 table: (ad - bc)^2 (n - 1)/(n1 n2 m1 m2) */
  ck_close(got.test.statistic, 1e34 * (2e9 - 1.0) / (1e18 * 1.1e9 * 0.9e9), 1e-9);
}
END_TEST

/* A million records with 2.5e11 pairs: counted, not listed. */
START_TEST(many_pairs) {
  enum { HALF = 500000 };
  struct eh_amount *values = malloc(2 * HALF * sizeof *values);
  ck_assert_ptr_nonnull(values);
  for (size_t i = 0; i < HALF; i++) {
    values[2 * i] = (struct eh_amount){0, true, (double)i + 1000.0, 1};
    values[2 * i + 1] = (struct eh_amount){0, false, (double)i, 1};
  }
  struct eh_wilcoxon got = eh_wilcoxon(values, 2 * HALF, 0.95);
  ck_close(got.shift.estimate.value, 1000.0, 0.0);
  ck_close(got.mean_difference.estimate.value, 1000.0, 1e-9);
  ck_assert_double_lt(got.shift.low.value, 1000.0);
  ck_assert_double_gt(got.shift.low.value, 0.0);
  free(values);
}
END_TEST

/* A unit of thirty records that nearly all stand alone in their stratum. Of three values, two that
   meet are often equal; its spread may be another than its peers'. */
static bool thin_covers(struct eh_random *random, double spread, bool few_values) {
  enum { UNIT = 30, STRATA = 200, PEERS = 6 };
  static const double some[] = {4.0, 13.0, 26.0};
  static struct eh_amount values[UNIT + STRATA * PEERS];
  size_t count = 0;
  for (size_t i = 0; i < UNIT + STRATA * PEERS; i++) {
    bool is_unit = i < UNIT;
    size_t stratum = is_unit ? eh_random_below(random, STRATA) : (i - UNIT) / PEERS;
    double value = few_values ? some[eh_random_below(random, 3)]
                              : eh_random_normal(random) * (is_unit ? spread : 1.0);
    values[count++] = (struct eh_amount){stratum, is_unit, value, 1};
  }
  struct eh_wilcoxon got = eh_wilcoxon(values, count, 0.95);
  return got.mean_difference.low.value <= 0.0 && got.mean_difference.high.value >= 0.0;
}

START_TEST(thin_strata) {
  enum { TIMES = 2000 };
  static const struct {
    double spread;
    bool few_values;
  } worlds[] = {{1.0, true}, {1.0, false}, {3.0, false}};
  for (size_t w = 0; w < sizeof worlds / sizeof worlds[0]; w++) {
    struct eh_random random = eh_random_seeded(1, w);
    int covered = 0;
    for (int i = 0; i < TIMES; i++)
      covered += thin_covers(&random, worlds[w].spread, worlds[w].few_values);
    ck_assert_int_ge(covered, 93 * TIMES / 100);
    ck_assert_int_le(covered, 97 * TIMES / 100);
  }
}
END_TEST

/* tests/reference/values.py: where no value is below 0. */
START_TEST(means_of_amounts) {
  struct reference all = reference_read("mean_records"), want = reference_read("mean_values");
  static struct eh_amount values[MOST];
  for (size_t i = 0; i < want.rows; i++) {
    size_t count = values_of(&all, reference_at(&want, i, "id"), values);
    struct eh_wilcoxon got = eh_wilcoxon(values, count, 0.95);
    ck_close(got.mean_difference.estimate.value, reference_at(&want, i, "mean"), 1e-12);
    ck_close(got.mean_difference.low.value, reference_at(&want, i, "low"), 1e-9);
    ck_close(got.effective_values.value, reference_at(&want, i, "effective"), 1e-11);
    ck_assert(got.mean_approximate == (reference_at(&want, i, "effective") < 10.0));
    if (reference_at(&want, i, "high") < 1e299)
      ck_close(got.mean_difference.high.value, reference_at(&want, i, "high"), 1e-9);
    else
      ck_assert_str_eq(got.mean_difference.high.why_not, "too few values other than 0");
  }
  free(all.values);
  free(want.values);
}
END_TEST

START_TEST(no_amounts) {
  struct eh_amount nothing[] = {{0, true, 0.0, 5}, {0, true, 3.0, 1}, {0, false, 0.0, 40}};
  struct eh_wilcoxon got = eh_wilcoxon(nothing, 3, 0.95);
  ck_close(got.mean_difference.estimate.value, 0.5, 1e-15);
  ck_assert_ptr_nonnull(got.mean_difference.low.why_not);
  ck_assert_ptr_nonnull(got.effective_values.why_not);
  ck_assert_int_eq(got.ranks.method, EH_RANK_END);
  ck_close(got.ranks.p, 6.0 / 46.0, 1e-12);
}
END_TEST

RUN_TESTS("wilcoxon", agrees_with_r, units_and_zero_do_not_matter, far_apart, by_hand,
          mirror_order_and_monotone_scales, counted_or_listed, nothing_to_compare, few_records,
          huge_values, large_counts, many_pairs, thin_strata, means_of_amounts, no_amounts)
