#include "engine/stats/ranks.h"

#include "tests/test.h"

static struct eh_standing standing(double mean, double variance) {
  return (struct eh_standing){.mean = eh_figure(mean), .variance = eh_figure(variance)};
}

static struct eh_standing unknown(void) {
  struct eh_figure none = eh_no_figure("no informative stratum");
  return (struct eh_standing){.mean = none, .variance = none};
}

/* E rank of i = 1 + sum over others of P(theta_j < theta_i), all independent and normal. */
static double expected_rank(const struct eh_standing *s, size_t count, size_t i) {
  double rank = 1.0;
  for (size_t j = 0; j < count; j++) {
    if (j == i || s[j].mean.why_not) continue;
    double sd = sqrt(s[i].variance.value + s[j].variance.value);
    rank += 0.5 * erfc((s[j].mean.value - s[i].mean.value) / sd / sqrt(2.0));
  }
  return rank;
}

START_TEST(expected_ranks_are_the_integrals) {
  struct eh_standing s[8] = {standing(0.3, 0.04), standing(-0.2, 0.01), standing(0.0, 0.25),
                             unknown(),           standing(1.5, 0.02),  standing(-0.9, 0.09),
                             standing(0.1, 0.04), standing(0.05, 0.01)};
  struct eh_rank ranks[8];
  struct eh_rank_options options = {.seed = 1, .draws = 20000, .threads = 2};
  eh_ranks(s, 8, &options, ranks);
  double sum = 0.0;
  for (size_t i = 0; i < 8; i++) {
    if (i == 3) continue;
    ck_assert(fabs(ranks[i].expected.value - expected_rank(s, 8, i)) < 0.04);
    /* a mean may lie outside of the middle 95%, but by less than a rank here */
    ck_assert(ranks[i].low.value < ranks[i].expected.value + 1.0);
    ck_assert(ranks[i].high.value > ranks[i].expected.value - 1.0);
    ck_assert(ranks[i].low.value >= 1.0 && ranks[i].high.value <= 7.0);
    sum += ranks[i].expected.value;
  }
  ck_close(sum, 28.0, 1e-12);
  ck_assert_ptr_nonnull(ranks[3].expected.why_not);
  ck_assert_ptr_nonnull(ranks[3].low.why_not);
}
END_TEST

START_TEST(clear_and_hopeless_orders) {
  struct eh_standing s[40];
  struct eh_rank ranks[40];
  struct eh_rank_options options = {.seed = 3, .draws = 2000, .threads = 1};
  for (size_t i = 0; i < 40; i++) s[i] = standing((double)i, 1e-4);
  eh_ranks(s, 40, &options, ranks);
  for (size_t i = 0; i < 40; i++) {
    ck_assert_double_eq(ranks[i].expected.value, (double)(i + 1));
    ck_assert_double_eq(ranks[i].low.value, (double)(i + 1));
    ck_assert_double_eq(ranks[i].high.value, (double)(i + 1));
  }
  for (size_t i = 0; i < 40; i++) s[i] = standing(0.0, 1.0);
  eh_ranks(s, 40, &options, ranks);
  for (size_t i = 0; i < 40; i++) {
    /* uniform on 1..40: 2.5% below 2, mean 20.5 with standard error 0.26 */
    ck_assert(ranks[i].low.value <= 3.0 && ranks[i].high.value >= 38.0);
    ck_assert(fabs(ranks[i].expected.value - 20.5) < 1.3);
  }
}
END_TEST

START_TEST(threads_do_not_matter_and_seeds_do) {
  struct eh_standing s[50];
  struct eh_rank one[50], three[50], other[50];
  for (size_t i = 0; i < 50; i++) s[i] = standing(sin((double)i), 0.2);
  struct eh_rank_options options = {.seed = 9, .draws = 333, .threads = 1};
  eh_ranks(s, 50, &options, one);
  options.threads = 3;
  eh_ranks(s, 50, &options, three);
  options.seed = 10;
  eh_ranks(s, 50, &options, other);
  size_t differ = 0;
  for (size_t i = 0; i < 50; i++) {
    ck_assert_double_eq(one[i].expected.value, three[i].expected.value);
    ck_assert_double_eq(one[i].low.value, three[i].low.value);
    ck_assert_double_eq(one[i].high.value, three[i].high.value);
    differ += one[i].expected.value < other[i].expected.value ||
              one[i].expected.value > other[i].expected.value;
  }
  ck_assert_uint_gt(differ, 25);
}
END_TEST

START_TEST(who_has_no_rank) {
  struct eh_standing s[3] = {standing(0.0, 0.0), standing(0.0, 0.0), unknown()};
  struct eh_rank ranks[3];
  struct eh_rank_options options = {.seed = 1, .draws = 10, .threads = 1};
  eh_ranks(s, 3, &options, ranks);
  for (size_t i = 0; i < 3; i++) ck_assert_ptr_nonnull(ranks[i].expected.why_not);
  eh_ranks(NULL, 0, &options, NULL);
  s[0] = standing(0.4, 0.1);
  eh_ranks(s, 1, &options, ranks);
  ck_assert_double_eq(ranks[0].high.value, 1.0); /* the only one */
}
END_TEST

/* Draws that agree to the last bit share the mean of their ranks, and each range holds all of them.
 */
START_TEST(tied_draws_share_their_ranks) {
  struct eh_standing s[6] = {standing(1.0, 1e-40), standing(3.0, 1e-40), standing(1.0, 1e-40),
                             standing(2.0, 1e-40), standing(3.0, 1e-40), standing(3.0, 1e-40)};
  static const double expected[6] = {1.5, 5.0, 1.5, 3.0, 5.0, 5.0};
  static const double low[6] = {1.0, 5.0, 1.0, 3.0, 5.0, 5.0};
  static const double high[6] = {2.0, 5.0, 2.0, 3.0, 5.0, 5.0};
  struct eh_rank ranks[6];
  struct eh_rank_options options = {.seed = 4, .draws = 100, .threads = 2};
  eh_ranks(s, 6, &options, ranks);
  for (size_t i = 0; i < 6; i++) {
    ck_close(ranks[i].expected.value, expected[i], 0.0);
    ck_close(ranks[i].low.value, low[i], 0.0);
    ck_close(ranks[i].high.value, high[i], 0.0);
  }
}
END_TEST

/* Of units alike, each rank is as likely: of 1,560 draws the 40th lowest and highest are reported.
 */
START_TEST(ranges_leave_out_a_fortieth_at_each_end) {
  enum { UNITS = 400, DRAWS = 1560, PLACE = DRAWS / 40 + 1 };
  static struct eh_standing s[UNITS];
  static struct eh_rank ranks[UNITS];
  struct eh_rank_options options = {.seed = 5, .draws = DRAWS, .threads = 2};
  for (size_t i = 0; i < UNITS; i++) s[i] = standing(0.0, 1.0);
  eh_ranks(s, UNITS, &options, ranks);
  double low = 0.0, high = 0.0, wanted = (double)UNITS * PLACE / (DRAWS + 1.0) + 0.5;
  for (size_t i = 0; i < UNITS; i++) {
    low += ranks[i].low.value / UNITS;
    high += (UNITS + 1.0 - ranks[i].high.value) / UNITS;
  }
  /* One draw more or less is 0.26 of a rank. */
  ck_assert_msg(fabs(low - wanted) < 0.13, "%g, not %g", low, wanted);
  ck_assert_msg(fabs(high - wanted) < 0.13, "%g, not %g", high, wanted);
}
END_TEST

/* A thousand; at most 50 million ranks in all; at least a hundred. */
START_TEST(fewer_draws_of_many_units) {
  static const size_t cases[][2] = {{0, 1000},     {1, 1000},     {50000, 1000}, {50001, 999},
                                    {100000, 500}, {500000, 100}, {500001, 100}, {4000000, 100}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    ck_assert_uint_eq(eh_ranks_draws(cases[i][0]), cases[i][1]);
}
END_TEST

RUN_TESTS("ranks", fewer_draws_of_many_units, ranges_leave_out_a_fortieth_at_each_end,
          tied_draws_share_their_ranks, expected_ranks_are_the_integrals, clear_and_hopeless_orders,
          threads_do_not_matter_and_seeds_do, who_has_no_rank)
