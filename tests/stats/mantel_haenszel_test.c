#include "engine/stats/mantel_haenszel.h"

#include "tests/stats/reference.h"

/* Of the uncorrected CMH test, the odds ratio and its limits, Breslow-Day, Tarone, their df, the
   risk difference and its error: R and metafor, to the digits shown. */
static const struct {
  double cmh, odds_ratio, low, high, breslow_day, tarone, df, difference, error, digits;
} published[KNOWN_DATA] = {
    [UCB] = {1.524607, .904697, .771907, 1.060330, 18.825514, 18.825501, 5, -.0172636, .0138748,
             3e-6},
    [RABBITS] = {5.657143, 7, 1.02671, 47.7251, 8.627332, 8.358316, 2, .228036, .0949348, 3e-6},
    [MIGRAINE] = {8.305169, 3.313168, 1.445613, 7.593375, 1.492928, 1.490537, 1, .273760, .0904389,
                  2e-6},
    [DEATH_PENALTY] = {5.795856, .411863, .199117, .851914, .203761, .201005, 1, -.0938852,
                       .0451558, 3e-6},
    [DOUBLE_ZERO] = {2.228571, .285714, .051808, 1.575684, .854783, .854657, 1, -.0666667, .0438854,
                     1e-5},
};

START_TEST(published_values) {
  for (int i = 0; i < KNOWN_DATA; i++) {
    struct eh_table tables[8];
    size_t count = known_tables(i, tables);
    double digits = published[i].digits;
    struct eh_odds_ratio ratio = eh_odds_ratio(tables, count, 0.95);
    struct eh_risk_difference difference = eh_risk_difference(tables, count, 0.95);
    struct eh_homogeneity h = eh_homogeneity(tables, count, ratio.interval.estimate.value, NULL);
    ck_close(eh_cmh(tables, count).test.statistic, published[i].cmh, digits);
    ck_close(ratio.interval.estimate.value, published[i].odds_ratio, digits);
    ck_close(ratio.interval.low.value, published[i].low, digits);
    ck_close(ratio.interval.high.value, published[i].high, digits);
    ck_close(h.breslow_day.statistic, published[i].breslow_day, digits);
    ck_close(h.tarone.statistic, published[i].tarone, digits);
    ck_close(h.tarone.df, published[i].df, 0.0);
    ck_close(difference.interval.estimate.value, published[i].difference, digits);
    ck_close(difference.standard_error.value, published[i].error, digits);
  }
}
END_TEST

START_TEST(agrees_with_r_on_random_tables) {
  struct reference all = reference_read("mantel_haenszel_tables");
  struct reference want = reference_read("mantel_haenszel_values");
  ck_assert_uint_gt(want.rows, 50);
  for (size_t i = 0; i < want.rows; i++) {
    struct eh_table tables[64];
    size_t count = reference_tables(&all, reference_at(&want, i, "id"), tables);
    struct eh_cmh cmh = eh_cmh(tables, count);
    struct eh_odds_ratio ratio = eh_odds_ratio(tables, count, 0.95);
    struct eh_risk_difference rd = eh_risk_difference(tables, count, 0.95);
    struct eh_homogeneity h = eh_homogeneity(tables, count, ratio.interval.estimate.value, NULL);
    const struct {
      const char *name;
      double got;
    } figures[] = {{"cmh", cmh.test.statistic},
                   {"log10_p", cmh.test.log10_p},
                   {"odds_ratio", ratio.interval.estimate.value},
                   {"low", ratio.interval.low.value},
                   {"high", ratio.interval.high.value},
                   {"log_se", sqrt(ratio.log_variance.value)},
                   {"rd", rd.interval.estimate.value},
                   {"rd_se", rd.standard_error.value},
                   {"rd_low", rd.interval.low.value},
                   {"rd_high", rd.interval.high.value},
                   {"bd", h.breslow_day.statistic},
                   {"bd_p", h.breslow_day.p},
                   {"tarone", h.tarone.statistic},
                   {"tarone_p", h.tarone.p},
                   {"df", h.tarone.df}};
    for (size_t j = 0; j < sizeof figures / sizeof figures[0]; j++) {
      double expected = reference_at(&want, i, figures[j].name);
      ck_assert_msg(fabs(figures[j].got - expected) <= 1e-8 * fabs(expected) + 1e-12,
                    "set %zu, %s: %.15g, not %.15g", i + 1, figures[j].name, figures[j].got,
                    expected);
    }
  }
  free(all.values);
  free(want.values);
}
END_TEST

/* Events and non-events exchanged: every effect changes its direction and nothing else. */
START_TEST(mirror) {
  for (int i = 0; i < KNOWN_DATA; i++) {
    struct eh_table tables[8], swapped[8];
    size_t count = known_tables(i, tables);
    for (size_t k = 0; k < count; k++) {
      swapped[k] = tables[k];
      swapped[k].a = tables[k].n1 - tables[k].a;
      swapped[k].c = tables[k].n2 - tables[k].c;
    }
    struct eh_cmh one = eh_cmh(tables, count), other = eh_cmh(swapped, count);
    ck_close(other.deviation, -one.deviation, 1e-12);
    ck_close(other.variance, one.variance, 1e-12);
    struct eh_odds_ratio ratio = eh_odds_ratio(tables, count, 0.9);
    struct eh_odds_ratio inverse = eh_odds_ratio(swapped, count, 0.9);
    ck_close(inverse.interval.estimate.value, 1.0 / ratio.interval.estimate.value, 1e-12);
    ck_close(inverse.interval.low.value, 1.0 / ratio.interval.high.value, 1e-12);
    struct eh_risk_difference rd = eh_risk_difference(tables, count, 0.9);
    struct eh_risk_difference negative = eh_risk_difference(swapped, count, 0.9);
    ck_close(negative.interval.estimate.value, -rd.interval.estimate.value, 1e-12);
    ck_close(negative.interval.high.value, -rd.interval.low.value, 1e-12);
    double psi = ratio.interval.estimate.value;
    ck_close(eh_homogeneity(swapped, count, 1.0 / psi, NULL).tarone.statistic,
             eh_homogeneity(tables, count, psi, NULL).tarone.statistic, 1e-10);
  }
}
END_TEST

START_TEST(order_and_useless_strata_change_nothing) {
  struct eh_table tables[8], more[12] = {{3, 3, 9, 9}, {0, 5, 0, 0}, {0, 0, 2, 4}};
  size_t count = known_tables(UCB, tables);
  for (size_t k = 0; k < count; k++) more[3 + k] = tables[count - 1 - k];
  more[3 + count] = (struct eh_table){0, 7, 0, 2};
  more[4 + count] = (struct eh_table){1, 1, 0, 0}; /* n - 1 is 0; the last has no records at all */
  struct eh_cmh one = eh_cmh(tables, count), other = eh_cmh(more, count + 6);
  ck_close(other.test.statistic, one.test.statistic, 1e-12);
  struct eh_odds_ratio ratio = eh_odds_ratio(tables, count, 0.95);
  ck_close(eh_odds_ratio(more, count + 6, 0.95).interval.low.value, ratio.interval.low.value,
           1e-12);
  double contributions[12], sum = 0.0;
  struct eh_homogeneity h =
      eh_homogeneity(more, count + 6, ratio.interval.estimate.value, contributions);
  ck_close(h.tarone.statistic, 18.825501, 1e-7);
  ck_close(h.breslow_day.df, 5.0, 0.0);
  for (size_t k = 0; k < count + 6; k++) sum += contributions[k];
  ck_close(sum, h.breslow_day.statistic, 1e-14);
  ck_assert_double_eq(contributions[0] + contributions[1] + contributions[2], 0.0);
  /* the risk difference sums over comparable strata: those without events pull it towards 0 */
  ck_assert_double_lt(fabs(eh_risk_difference(more, count + 6, 0.95).interval.estimate.value),
                      fabs(eh_risk_difference(tables, count, 0.95).interval.estimate.value));
}
END_TEST

/* Two strata alike in their rates and sizes count as one of their sum, but for the n - 1 of CMH. */
START_TEST(identical_strata_merge) {
  struct eh_table tables[8], doubled[16], merged[8];
  size_t count = known_tables(MIGRAINE, tables);
  for (size_t k = 0; k < count; k++) {
    const struct eh_table *t = &tables[k];
    doubled[2 * k] = doubled[2 * k + 1] = *t;
    merged[k] = (struct eh_table){2 * t->a, 2 * t->n1, 2 * t->c, 2 * t->n2};
  }
  struct eh_odds_ratio two = eh_odds_ratio(doubled, 2 * count, 0.95);
  struct eh_odds_ratio one = eh_odds_ratio(merged, count, 0.95);
  ck_close(one.interval.estimate.value, two.interval.estimate.value, 1e-13);
  ck_close(one.log_variance.value, two.log_variance.value, 1e-13);
  struct eh_risk_difference difference = eh_risk_difference(merged, count, 0.95);
  ck_close(difference.interval.low.value,
           eh_risk_difference(doubled, 2 * count, 0.95).interval.low.value, 1e-12);
  ck_close(eh_cmh(merged, count).deviation, eh_cmh(doubled, 2 * count).deviation, 1e-12);
  ck_assert_double_lt(eh_cmh(merged, count).variance, eh_cmh(doubled, 2 * count).variance);
}
END_TEST

START_TEST(nothing_to_compare) {
  static const struct eh_table useless[] = {{0, 4, 0, 9}, {0, 0, 3, 5}, {2, 5, 0, 0}, {2, 2, 6, 6}};
  for (size_t count = 0; count <= 4; count += 4) {
    ck_assert_str_eq(eh_cmh(useless, count).test.why_not, "no stratum has peers and both outcomes");
    ck_assert_double_eq(eh_cmh(useless, count).deviation, 0.0);
    ck_assert_str_eq(eh_odds_ratio(useless, count, 0.95).interval.estimate.why_not,
                     "no stratum has peers and both outcomes");
    ck_assert_ptr_nonnull(eh_odds_ratio(useless, count, 0.95).log_variance.why_not);
    ck_assert_ptr_nonnull(eh_homogeneity(useless, count, 2.0, NULL).tarone.why_not);
  }
  ck_assert_ptr_nonnull(eh_risk_difference(useless, 0, 0.95).interval.estimate.why_not);
  ck_assert_ptr_nonnull(eh_risk_difference(useless + 1, 2, 0.95).interval.estimate.why_not);
}
END_TEST

START_TEST(ends_of_the_support) {
  static const struct eh_table all_and_none[] = {{5, 5, 0, 8}, {3, 3, 0, 4}};
  static const struct eh_table none_and_all[] = {{0, 5, 8, 8}, {0, 3, 4, 4}};
  ck_assert_str_eq(eh_odds_ratio(all_and_none, 2, 0.95).interval.estimate.why_not,
                   "one of its two sums is 0");
  ck_assert_str_eq(eh_odds_ratio(none_and_all, 2, 0.95).interval.estimate.why_not,
                   "one of its two sums is 0");
  ck_assert_ptr_null(eh_cmh(all_and_none, 2).test.why_not);
  struct eh_risk_difference rd = eh_risk_difference(all_and_none, 2, 0.95);
  ck_close(rd.interval.estimate.value, 1.0, 1e-15);
  ck_close(rd.interval.low.value, 1.0, 1e-7); /* as metafor: no variance is left */
  ck_assert_str_eq(eh_homogeneity(all_and_none, 2, 0.0, NULL).breslow_day.why_not,
                   "no common odds ratio");
  ck_assert_str_eq(eh_homogeneity(all_and_none, 2, INFINITY, NULL).breslow_day.why_not,
                   "no common odds ratio");
  ck_assert_str_eq(eh_homogeneity(all_and_none, 1, 2.0, NULL).breslow_day.why_not,
                   "fewer than two strata have peers and both outcomes");
  /* so large a ratio leaves no expected non-events that a double could tell from 0 */
  static const struct eh_table plain[] = {{3, 5, 2, 8}, {2, 5, 4, 9}};
  ck_assert_ptr_null(eh_homogeneity(plain, 2, 1e6, NULL).breslow_day.why_not);
  ck_assert_ptr_nonnull(eh_homogeneity(plain, 2, 1e300, NULL).breslow_day.why_not);
  static const struct eh_table others_too[] = {{2, 5, 5, 9}, {2, 5, 4, 9}};
  ck_assert_str_eq(eh_homogeneity(others_too, 2, 1e300, NULL).breslow_day.why_not,
                   "an expected count is too small to compute");
  static const struct eh_table few_events[] = {{2, 9, 1, 5}, {1, 8, 2, 7}}; /* all with the unit */
  ck_assert_str_eq(eh_homogeneity(few_events, 2, 1e300, NULL).breslow_day.why_not,
                   "an expected count is too small to compute");
  static const struct eh_table few_peers[] = {{4, 9, 3, 5}, {5, 8, 3, 4}}; /* all of them events */
  ck_assert_str_eq(eh_homogeneity(few_peers, 2, 1e-300, NULL).breslow_day.why_not,
                   "an expected count is too small to compute");
  static const struct eh_table none[] = {{0, 5, 0, 8}};
  ck_close(eh_risk_difference(none, 1, 0.95).interval.estimate.value, 0.0, 0.0);
  ck_close(eh_risk_difference(none, 1, 0.95).interval.high.value, 0.0, 1e-7);
}
END_TEST

/* Where as many events as peers are expected at a small odds ratio: A^2 = psi (n1 - A)(m - A). */
START_TEST(small_odds_ratios) {
  static const struct eh_table tables[] = {{1, 2, 1, 2}, {1, 2, 1, 2}};
  for (double root = 1e-2; root > 1e-5; root /= 10.0) {
    double A = 2.0 * root / (1.0 + root), got[2];
    double V = 1.0 / (2.0 / A + 2.0 / (2.0 - A));
    struct eh_homogeneity h = eh_homogeneity(tables, 2, root * root, got);
    ck_close(got[0], (1.0 - A) * (1.0 - A) / V, 1e-10);
    ck_close(h.breslow_day.statistic, 2.0 * got[0], 1e-12);
    ck_close(h.tarone.statistic, 0.0, 1e-9); /* the strata are alike */
  }
}
END_TEST

/* A stratum that cannot be computed leaves none to those after it. */
START_TEST(no_contributions_behind_a_failure) {
  static const struct eh_table tables[] = {{1, 4, 2, 4}, {3, 5, 2, 8}, {1, 4, 2, 4}};
  double got[] = {-1.0, -1.0, -1.0};
  ck_assert_ptr_nonnull(eh_homogeneity(tables, 3, 1e300, got).breslow_day.why_not);
  for (int i = 0; i < 3; i++) ck_assert_double_eq(got[i], 0.0);
}
END_TEST

/* One event among many records: a variance far below 1 is one all the same. */
START_TEST(rare_events) {
  static const struct eh_table rare = {1, 1, 0, 1000};
  ck_close(eh_cmh(&rare, 1).variance, 1000.0 / 1001.0 / 1001.0, 1e-12);
  ck_close(eh_cmh(&rare, 1).test.statistic, 1000.0, 1e-12);
}
END_TEST

/* Large strata that went one way, each side: what rounding leaves of the variance is none. */
START_TEST(no_variance_of_large_strata) {
  struct eh_table tables[40];
  for (uint64_t i = 0; i < 40; i++) {
    uint64_t n1 = 700001 + 7919 * i, n2 = 300007 + 104729 * i;
    tables[i] = (struct eh_table){n1, n1, 0, n2};
  }
  for (size_t count = 1; count <= 40; count++)
    ck_assert_double_eq(eh_risk_difference(tables, count, 0.95).standard_error.value, 0.0);
}
END_TEST

/* Strata are taken in batches: each contributes what it contributes beside any other. */
START_TEST(contributions_of_many_strata) {
  enum { MANY = 300 };
  struct eh_table tables[MANY];
  double together[MANY], statistic = 0.0;
  for (uint64_t i = 0; i < MANY; i++) { /* a fifth of them tell nothing */
    uint64_t n1 = 1 + i % 7, n2 = 2 + i % 11;
    tables[i] = i % 5 == 3 ? (struct eh_table){n1, n1, n2, n2}
                           : (struct eh_table){i % (n1 + 1), n1, 1 + i % (n2 - 1), n2};
  }
  struct eh_homogeneity h = eh_homogeneity(tables, MANY, 1.7, together);
  ck_assert_double_eq(h.breslow_day.df, MANY * 4 / 5 - 1);
  for (size_t i = 0; i < MANY; i++) {
    struct eh_table two[] = {tables[i], {3, 5, 2, 8}};
    double alone[2];
    eh_homogeneity(two, 2, 1.7, alone);
    ck_assert_double_eq(together[i], alone[0]);
    ck_assert(i % 5 == 3 ? together[i] == 0.0 : together[i] > 0.0);
    statistic += together[i];
  }
  ck_close(h.breslow_day.statistic, statistic, 1e-12);
}
END_TEST

/* At an odds ratio of 1 the margins alone tell the expected counts, and beside it nearly so. */
START_TEST(uniform_at_one) {
  static const struct eh_table tables[] = {{3, 5, 2, 8}, {6, 7, 6, 9}, {1, 9, 4, 6}};
  double want[3], statistic = 0.0, got[3];
  for (int i = 0; i < 3; i++) {
    double n1 = (double)tables[i].n1, n2 = (double)tables[i].n2;
    double a = (double)tables[i].a, m = a + (double)tables[i].c, n = n1 + n2, A = n1 * m / n;
    want[i] = (a - A) * (a - A) * (1 / A + 1 / (n1 - A) + 1 / (m - A) + 1 / (n2 - m + A));
    statistic += want[i];
  }
  for (int sign = -1; sign <= 1; sign++) {
    struct eh_homogeneity h = eh_homogeneity(tables, 3, 1.0 + sign * 1e-12, got);
    ck_close(h.breslow_day.statistic, statistic, 1e-10);
    for (int i = 0; i < 3; i++) ck_close(got[i], want[i], 1e-10);
  }
}
END_TEST

/* Scaling all counts by f scales D by f and leaves the odds ratio; products pass 2^53 and 2^64. */
START_TEST(large_counts) {
  struct eh_table tables[8], large[8];
  size_t count = known_tables(UCB, tables);
  const uint64_t f = 10000000;
  for (size_t k = 0; k < count; k++)
    large[k] =
        (struct eh_table){tables[k].a * f, tables[k].n1 * f, tables[k].c * f, tables[k].n2 * f};
  double scale = (double)f;
  ck_close(eh_cmh(large, count).deviation, eh_cmh(tables, count).deviation * scale, 1e-10);
  struct eh_odds_ratio ratio = eh_odds_ratio(tables, count, 0.95);
  struct eh_odds_ratio large_ratio = eh_odds_ratio(large, count, 0.95);
  ck_close(large_ratio.interval.estimate.value, ratio.interval.estimate.value, 1e-12);
  ck_close(large_ratio.log_variance.value, ratio.log_variance.value / scale, 1e-12);
  ck_close(eh_risk_difference(large, count, 0.95).standard_error.value,
           eh_risk_difference(tables, count, 0.95).standard_error.value / sqrt(scale), 1e-10);
  double psi = ratio.interval.estimate.value;
  ck_close(eh_homogeneity(large, count, psi, NULL).breslow_day.statistic,
           eh_homogeneity(tables, count, psi, NULL).breslow_day.statistic * scale, 1e-8);
  ck_assert_double_lt(eh_cmh(large, count).test.log10_p, -1e6);
  ck_assert_double_eq(eh_cmh(large, count).test.p, 0.0);
}
END_TEST

/* Without strata all of it is a 2 x 2 table's: Pearson's chi-square times (n-1)/n. */
START_TEST(one_stratum) {
  static const struct eh_table t = {12, 40, 30, 200};
  double pearson = 240.0 * pow(12.0 * 170.0 - 28.0 * 30.0, 2) / (40.0 * 200.0 * 42.0 * 198.0);
  ck_close(eh_cmh(&t, 1).test.statistic, pearson * 239.0 / 240.0, 1e-13);
  ck_close(eh_odds_ratio(&t, 1, 0.95).interval.estimate.value, 12.0 * 170.0 / (28.0 * 30.0), 1e-14);
  ck_close(eh_odds_ratio(&t, 1, 0.95).log_variance.value,
           1.0 / 12 + 1.0 / 28 + 1.0 / 30 + 1.0 / 170, 1e-13);
  ck_close(eh_risk_difference(&t, 1, 0.95).interval.estimate.value, 0.15, 1e-13);
  /* sums of a thousandth, in both directions */
  static const struct eh_table high = {5, 6, 1, 994}, low = {1, 6, 993, 994};
  ck_close(eh_odds_ratio(&high, 1, 0.95).interval.estimate.value, 5.0 * 993.0, 1e-13);
  ck_close(eh_odds_ratio(&low, 1, 0.95).interval.estimate.value, 1.0 / (5.0 * 993.0), 1e-13);
}
END_TEST

RUN_TESTS("mantel_haenszel", small_odds_ratios, no_contributions_behind_a_failure, rare_events,
          no_variance_of_large_strata, contributions_of_many_strata, uniform_at_one,
          published_values, agrees_with_r_on_random_tables, mirror,
          order_and_useless_strata_change_nothing, identical_strata_merge, nothing_to_compare,
          ends_of_the_support, large_counts, one_stratum)
