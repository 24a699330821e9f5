#include "engine/stats/exact.h"

#include "engine/base/random.h"
#include "engine/stats/hypergeometric.h"
#include "tests/stats/reference.h"

static const double LN10 = 2.302585092994045684;

static struct eh_arena *arena;
static void set_up(void) { arena = eh_arena_new(); }
static void tear_down(void) { eh_arena_free(arena); }

/* Two probabilities in log10, to a relative error of the probabilities. */
#define ck_log10(got, want, relative) ck_close(exp(((got) - (want)) * LN10), 1.0, relative)

/* R's exact p, the mid-p, and the exact 95% limits of the common odds ratio, to the digits shown.
 */
static const struct {
  double p, mid_p, low, high;
} published[KNOWN_DATA] = {
    [UCB] = {.227763, .216986, .769730, 1.063429},
    [RABBITS] = {.0399449, .0213499, 1.077388, 531.51},
    [MIGRAINE] = {.00505903, .00416941, 1.353405, 8.455092},
    [DEATH_PENALTY] = {.0251984, .0255200, .197383, .951790},
    [DOUBLE_ZERO] = {.259247, .156940, 0, 0}, /* limits not published */
};

START_TEST(published_values) {
  for (int i = 0; i < KNOWN_DATA; i++) {
    struct eh_table tables[8];
    size_t count = known_tables(i, tables);
    struct eh_exact *exact = eh_exact_new(arena, tables, count);
    struct eh_exact_p p = eh_exact_p(exact);
    ck_assert_ptr_null(p.why_not);
    ck_close(p.p, published[i].p, 3e-6);
    ck_close(p.mid_p, published[i].mid_p, 3e-6);
    if (published[i].high == 0.0) continue;
    struct eh_interval ratio = eh_exact_odds_ratio(exact, 0.95);
    ck_close(ratio.low.value, published[i].low, 3e-6);
    ck_close(ratio.high.value, published[i].high, 1e-5);
  }
}
END_TEST

static void check_ratio(struct eh_figure got, double want) {
  if (isinf(want)) {
    ck_assert_ptr_nonnull(got.why_not);
    ck_assert_str_eq(got.why_not, EH_INFINITE);
    return;
  }
  ck_assert_ptr_null(got.why_not);
  ck_close(got.value, want, 1e-11);
}

START_TEST(agrees_with_r) {
  struct reference all = reference_read("exact_tables"), want = reference_read("exact_values");
  size_t compared = 0;
  for (size_t i = 0; i < want.rows; i++) {
    struct eh_table tables[64];
    size_t count = reference_tables(&all, reference_at(&want, i, "id"), tables);
    struct eh_exact *exact = eh_exact_new(arena, tables, count);
    struct eh_exact_p p = eh_exact_p(exact);
    struct eh_interval ratio = eh_exact_odds_ratio(exact, 0.95);
    ck_log10(p.log10_p, reference_at(&want, i, "log10_p"), 2e-11);
    ck_log10(p.log10_mid_p, reference_at(&want, i, "log10_mid_p"), 2e-11);
    ck_log10(p.log10_below, reference_at(&want, i, "log10_below"), 2e-11);
    ck_log10(p.log10_above, reference_at(&want, i, "log10_above"), 2e-11);
    ck_log10(eh_exact_smallest_log10_mid_p(exact), reference_at(&want, i, "smallest"), 2e-11);
    check_ratio(ratio.estimate, reference_at(&want, i, "estimate"));
    check_ratio(ratio.low, reference_at(&want, i, "lower"));
    check_ratio(ratio.high, reference_at(&want, i, "upper"));
    double r_p = reference_at(&want, i, "r_p"), r_low = reference_at(&want, i, "r_lower");
    if (isnan(r_p)) continue;
    ck_close(p.p, r_p, 1e-9);
    ck_assert_double_le(fabs(ratio.low.value - r_low), 2e-4 + 1e-4 * r_low); /* what R solves to */
    compared++;
  }
  ck_assert_uint_gt(compared, 40);
  free(all.values);
  free(want.values);
}
END_TEST

/* valgrind computes long double as double: what is left of it is then the measure. */
static double precision(double relative) {
  volatile long double one = 1.0L;
  one += 1e-18L;
  return one == 1.0L ? 1e4 * relative : relative;
}

START_TEST(agrees_with_rational_arithmetic) {
  struct reference all = reference_read("exact_rational_tables");
  struct reference want = reference_read("exact_rational_values");
  for (size_t i = 0; i < want.rows; i++) {
    struct eh_table tables[64];
    size_t count = reference_tables(&all, reference_at(&want, i, "id"), tables);
    struct eh_exact *exact = eh_exact_new(arena, tables, count);
    struct eh_exact_p p = eh_exact_p(exact);
    struct eh_exact_support support = eh_exact_support(exact);
    double top = eh_exact_tail(exact, support.high, 0.0).log_at / LN10;
    /* Digits of the logarithm, which is all that a double has of it. */
    ck_close(p.log10_mid_p, reference_at(&want, i, "log10_mid_p"), 1e-15);
    ck_close(p.log10_above, reference_at(&want, i, "log10_above"), 1e-15);
    ck_close(top, reference_at(&want, i, "log10_at_top"), 1e-15);
    ck_log10(p.log10_above, reference_at(&want, i, "log10_above"), precision(4e-12));
    ck_assert_double_ge(p.log10_p, p.log10_above);
    ck_assert_double_lt(p.log10_p, p.log10_above + 0.302);
  }
  ck_assert_double_eq(eh_exact_p(eh_exact_new(arena, (struct eh_table[]){{1, 1, 0, 3}}, 1)).p, .25);
  free(all.values);
  free(want.values);
}
END_TEST

/* Random tables of a random shape: from single records to some thousands. */
static size_t random_tables(struct eh_random *random, struct eh_table *tables) {
  static const uint64_t sizes[] = {1, 3, 20, 200, 4000};
  size_t count = 1 + eh_random_below(random, 30);
  uint64_t size = sizes[eh_random_below(random, 5)];
  double rate = eh_random_uniform(random), more = 0.3 * (eh_random_uniform(random) - 0.5);
  for (size_t k = 0; k < count; k++) {
    uint64_t n1 = 1 + eh_random_below(random, size), n2 = 1 + eh_random_below(random, 5 * size);
    double own = fmin(fmax(rate + more, 0.0), 1.0);
    double a = (double)n1 * own + sqrt((double)n1 * own * (1.0 - own)) * eh_random_normal(random);
    double c =
        (double)n2 * rate + sqrt((double)n2 * rate * (1.0 - rate)) * eh_random_normal(random);
    tables[k] = (struct eh_table){(uint64_t)fmin(fmax(a + 0.5, 0.0), (double)n1), n1,
                                  (uint64_t)fmin(fmax(c + 0.5, 0.0), (double)n2), n2};
  }
  return count;
}

static void check_equal(struct eh_exact_p a, struct eh_exact_p b, double relative) {
  ck_assert((a.why_not == NULL) == (b.why_not == NULL));
  ck_log10(a.log10_p, b.log10_p, relative);
  ck_log10(a.log10_mid_p, b.log10_mid_p, relative);
  ck_log10(a.log10_below, b.log10_below, relative);
  ck_log10(a.log10_above, b.log10_above, relative);
}

static void check_inverse(struct eh_figure a, struct eh_figure b) {
  if (a.why_not)
    ck_assert_double_eq(b.value, 0.0);
  else if (a.value == 0.0)
    ck_assert_str_eq(b.why_not, EH_INFINITE);
  else
    ck_close(a.value * b.value, 1.0, 1e-11);
}

/* With the other event, or with unit and peers exchanged, above is below and the odds ratio its
 * inverse. */
START_TEST(mirrors) {
  struct eh_random random = eh_random_seeded(1, 0);
  for (int repeat = 0; repeat < 200; repeat++) {
    struct eh_table tables[32], other[32], peers[32];
    size_t count = random_tables(&random, tables);
    for (size_t k = 0; k < count; k++) {
      struct eh_table t = tables[k];
      other[k] = (struct eh_table){t.n1 - t.a, t.n1, t.n2 - t.c, t.n2};
      peers[k] = (struct eh_table){t.c, t.n2, t.a, t.n1};
    }
    struct eh_exact *straight = eh_exact_new(arena, tables, count);
    struct eh_exact *mirrored = eh_exact_new(arena, other, count);
    struct eh_exact_p p = eh_exact_p(straight);
    if (p.why_not) continue;
    struct eh_interval ratio = eh_exact_odds_ratio(straight, 0.9);
    struct eh_interval inverse = eh_exact_odds_ratio(mirrored, 0.9);
    double below = p.log10_below;
    p.log10_below = p.log10_above;
    p.log10_above = below;
    check_equal(p, eh_exact_p(mirrored), 1e-11);
    check_equal(p, eh_exact_p(eh_exact_new(arena, peers, count)), 1e-11);
    check_inverse(ratio.low, inverse.high);
    check_inverse(ratio.high, inverse.low);
    check_inverse(ratio.estimate, inverse.estimate);
  }
}
END_TEST

START_TEST(order_and_useless_strata_change_nothing) {
  struct eh_random random = eh_random_seeded(2, 0);
  for (int repeat = 0; repeat < 100; repeat++) {
    struct eh_table tables[32], shuffled[36];
    size_t count = random_tables(&random, tables);
    memcpy(shuffled, tables, sizeof tables);
    shuffled[count] = (struct eh_table){5, 9, 0, 0};
    shuffled[count + 1] = (struct eh_table){0, 0, 3, 7};
    shuffled[count + 2] = (struct eh_table){0, 4, 0, 6};
    shuffled[count + 3] = (struct eh_table){4, 4, 6, 6};
    for (size_t k = count + 3; k > 0; k--) {
      size_t other = eh_random_below(&random, k + 1);
      struct eh_table t = shuffled[k];
      shuffled[k] = shuffled[other];
      shuffled[other] = t;
    }
    check_equal(eh_exact_p(eh_exact_new(arena, tables, count)),
                eh_exact_p(eh_exact_new(arena, shuffled, count + 4)), 1e-13);
  }
}
END_TEST

/* P(S <= s) + P(S >= s) - P(S = s) = 1, tails of neighbours differ by P(S = s), and P(S >= s) grows
   with psi. The windows of s and s + 1 are tilted, convolved and cut off apart from each other. */
START_TEST(tails_are_consistent) {
  struct eh_random random = eh_random_seeded(3, 0);
  for (int repeat = 0; repeat < 200; repeat++) {
    struct eh_table tables[32];
    size_t count = random_tables(&random, tables);
    struct eh_exact *exact = eh_exact_new(arena, tables, count);
    struct eh_exact_support support = eh_exact_support(exact);
    if (support.low == support.high) continue;
    ck_assert(support.low <= support.observed && support.observed <= support.high);
    uint64_t s = support.low + eh_random_below(&random, support.high - support.low);
    double theta = 3.0 * eh_random_normal(&random), last = -INFINITY;
    struct eh_exact_tail at = eh_exact_tail(exact, s, theta);
    struct eh_exact_tail next = eh_exact_tail(exact, s + 1, theta);
    ck_close(exp(at.log_below) + exp(at.log_above) - exp(at.log_at), 1.0, precision(1e-13));
    ck_close(exp(at.log_below) + exp(next.log_above), 1.0, 1e-11);
    bool up =
        at.log_above < next.log_below; /* the smaller tail; logarithms in the thousands round */
    double whole = up ? at.log_above : next.log_below, part = up ? next.log_above : at.log_below;
    double value = up ? at.log_at : next.log_at;
    ck_close(exp(value - whole) + exp(part - whole), 1.0, precision(1e-12 - 1e-15 * whole));
    for (theta = -6.0; theta <= 6.0; theta += 1.5) {
      double above = eh_exact_tail(exact, s + 1, theta).log_above;
      ck_assert_double_ge(above, last);
      last = above;
    }
  }
}
END_TEST

enum { MOST_VALUES = 200 };

/* P(S = s) for s = 0, 1, ... at an odds ratio: the tables' own distributions, one after the other.
 */
static void convolved(const struct eh_table *tables, size_t count, double log_odds_ratio,
                      double pmf[MOST_VALUES]) {
  for (size_t s = 0; s < MOST_VALUES; s++) pmf[s] = s == 0;
  for (size_t i = 0; i < count; i++) {
    struct eh_exact *one = eh_exact_new(arena, &tables[i], 1);
    double sum[MOST_VALUES] = {0.0};
    for (uint64_t x = 0; x <= tables[i].n1; x++) {
      double p = exp(eh_exact_tail(one, x, log_odds_ratio).log_at);
      for (uint64_t s = x; s < MOST_VALUES; s++) sum[s] += p * pmf[s - x];
    }
    memcpy(pmf, sum, sizeof sum);
  }
}

static void check_convolved(const struct eh_table *tables, size_t count, double log_odds_ratio) {
  struct eh_exact *all = eh_exact_new(arena, tables, count);
  struct eh_exact_support support = eh_exact_support(all);
  double want[MOST_VALUES];
  convolved(tables, count, log_odds_ratio, want);
  for (uint64_t s = support.low; s <= support.high && s < MOST_VALUES; s++)
    if (want[s] > 1e-200)
      ck_close(exp(eh_exact_tail(all, s, log_odds_ratio).log_at), want[s], 1e-10);
}

/* Narrow strata, wide ones, and narrow ones with an end too unlikely to be stored (20 of 20 events
   among a billion peers: 1e-160). */
START_TEST(strata_of_all_kinds_convolve) {
  static const struct eh_table tables[] = {
      {2, 5, 3, 9},  {0, 20, 20, 1000000000}, {1, 2, 40, 90},   {10, 25, 20, 60},
      {1, 1, 4, 11}, {14, 30, 60, 140},       {30, 80, 9, 200}, {1, 24, 29, 1000000000},
      {3, 8, 5, 5},  {9, 31, 33, 70}};
  static const double log_odds_ratios[] = {-2.0, 0.0, 0.4, 3.0};
  for (size_t k = 0; k < sizeof log_odds_ratios / sizeof log_odds_ratios[0]; k++)
    check_convolved(tables, sizeof tables / sizeof tables[0], log_odds_ratios[k]);
}
END_TEST

/* Where some strata have an event as a rule and others hardly ever, the mean is all but constant
   over a wide range of tilts. The p of the first was reported as 0 once, and the second's as 1e-9.
 */
START_TEST(frequent_and_rare_events_together) {
  static const struct eh_table known[][2] = {{{2, 8, 71689, 78293}, {8, 10, 325, 9029510}},
                                             {{3, 3, 883257, 5598872}, {7, 9, 27, 1925245}},
                                             {{4, 4, 84, 886}, {10, 12, 25, 1216271}},
                                             {{6, 9, 6, 283680}, {11, 11, 3997737, 5280935}}};
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
    double pmf[MOST_VALUES], beyond = 0.0;
    check_convolved(known[i], 2, 0.0);
    convolved(known[i], 2, 0.0, pmf);
    uint64_t s = known[i][0].a + known[i][1].a;
    for (uint64_t t = MOST_VALUES; --t > s;) beyond += pmf[t];
    ck_log10(eh_exact_mid_p(eh_exact_new(arena, known[i], 2)).log10_mid_p,
             log10(2.0 * beyond + pmf[s]), 1e-9);
  }
  for (uint64_t seed = 0; seed < 1000; seed++) {
    struct eh_random random = eh_random_seeded(5, seed);
    struct eh_table t[4];
    size_t count = 2 + eh_random_below(&random, 3);
    for (size_t i = 0; i < count; i++) {
      double peers = floor(pow(10.0, 1.0 + 6.0 * eh_random_uniform(&random)));
      double rate = pow(10.0, -5.0 * eh_random_uniform(&random));
      t[i].n1 = 1 + eh_random_below(&random, 12);
      t[i].n2 = (uint64_t)peers;
      t[i].c = (uint64_t)fmax(rate * peers, 1.0);
      t[i].a = eh_random_below(&random, t[i].n1 + 1);
    }
    check_convolved(t, count, 0.0);
    struct eh_exact *exact = eh_exact_new(arena, t, count);
    struct eh_exact_support support = eh_exact_support(exact);
    if (support.observed == support.low || support.observed == support.high) continue;
    double confidence = seed % 2 ? 0.95 : 0.999, beyond = (1.0 - confidence) / 2.0;
    struct eh_interval limits = eh_exact_odds_ratio(exact, confidence);
    double low = log(limits.low.value), high = log(limits.high.value);
    ck_close(exp(eh_exact_tail(exact, support.observed, low).log_above), beyond, 1e-6);
    ck_close(exp(eh_exact_tail(exact, support.observed, high).log_below), beyond, 1e-6);
    double pmf[MOST_VALUES], mean = 0.0; /* at the estimate, what was observed is expected */
    convolved(t, count, log(limits.estimate.value), pmf);
    for (size_t s = 0; s < MOST_VALUES; s++) mean += (double)s * pmf[s];
    ck_close(mean, (double)support.observed, 1e-7);
  }
}
END_TEST

/* All of 31 events with the unit have probability 1e-338. At odds 30 n2 that is likely again: the
   probabilities are as C(31, s) / (31 - s)! 30^s, to the digits that n2 leaves. */
START_TEST(one_stratum_with_an_end_too_unlikely_to_store) {
  static const struct eh_table table = {30, 31, 1, 1000000000000};
  struct eh_exact *exact = eh_exact_new(arena, &table, 1);
  double want[32] = {1.0}, sum = 1.0;
  for (int s = 1; s <= 31; s++) {
    want[s] = want[s - 1] * 30.0 * (32.0 - s) * (32.0 - s) / s;
    sum += want[s];
  }
  for (uint64_t s = 0; s <= 31; s++)
    ck_close(exp(eh_exact_tail(exact, s, log(30e12)).log_at), want[s] / sum, 1e-8);
}
END_TEST

/* The smallest counts of Stirling's series: C(32, 16)^2 / C(64, 32), in whole numbers. */
START_TEST(factorials_have_all_digits) {
  struct eh_hypergeometric h = eh_hypergeometric(32, 32, 32);
  eh_hypergeometric_prepare(&h);
  long double want = 2.0L * logl(601080390.0L) - logl(1832624140942590534.0L);
  long double gap = eh_hypergeometric_log(&h, 16) - want;
  ck_assert_msg(fabsl(gap) < (long double)precision(8e-18), "off by %Lg", gap);
}
END_TEST

START_TEST(ends_of_the_support) {
  struct eh_table tables[] = {{3, 3, 1, 2}, {2, 2, 0, 5}, {1, 4, 0, 3}};
  struct eh_exact *exact = eh_exact_new(arena, tables, 3);
  struct eh_exact_support support = eh_exact_support(exact);
  ck_assert_uint_eq(support.low, 2);
  ck_assert_uint_eq(support.high, 6);
  ck_assert_uint_eq(support.observed, 6);
  /* 4 of 5 x 1 of 21 x 4 of 7: the ways to put all events with the unit. */
  double top = 2.0 / 5.0 * (1.0 / 21.0) * (4.0 / 7.0);
  struct eh_exact_p p = eh_exact_p(exact);
  ck_close(p.mid_p, top, 1e-14);
  ck_close(p.log10_above, log10(top), 1e-14);
  ck_assert_double_eq(p.log10_below, 0.0);
  struct eh_interval ratio = eh_exact_odds_ratio(exact, 0.95);
  ck_assert_str_eq(ratio.estimate.why_not, EH_INFINITE);
  ck_assert_str_eq(ratio.high.why_not, EH_INFINITE);
  ck_close(exp(eh_exact_tail(exact, 6, log(ratio.low.value)).log_above), 0.025, 1e-12);
  ck_assert_double_eq(eh_exact_tail(exact, 1, 0.0).log_below, -INFINITY);
  ck_assert_double_eq(eh_exact_tail(exact, 1, 0.0).log_above, 0.0);
  ck_assert_double_eq(eh_exact_tail(exact, 7, 0.0).log_above, -INFINITY);
  ck_assert_double_eq(eh_exact_tail(exact, 7, 0.0).log_below, 0.0);
  ck_assert_double_eq(eh_exact_tail(exact, 2, 1.0).log_above, 0.0);
  /* of two values as likely, no outcome is more extreme than the other */
  struct eh_exact_p even = eh_exact_p(eh_exact_new(arena, (struct eh_table[]){{1, 1, 0, 1}}, 1));
  ck_assert_double_eq(even.p, 1.0);
  ck_assert_double_eq(even.log10_p, 0.0);
}
END_TEST

START_TEST(nothing_to_compare) {
  struct eh_table tables[] = {{2, 2, 0, 0}, {0, 0, 1, 3}, {0, 3, 0, 3}};
  for (size_t count = 0; count <= 3; count++) {
    struct eh_exact *exact = eh_exact_new(arena, tables, count);
    struct eh_exact_p p = eh_exact_p(exact);
    ck_assert_ptr_nonnull(p.why_not);
    ck_assert_double_eq(p.mid_p, 1.0);
    ck_assert_ptr_nonnull(eh_exact_mid_p(exact).why_not);
    ck_assert_ptr_nonnull(eh_exact_odds_ratio(exact, 0.95).low.why_not);
    ck_assert_double_eq(eh_exact_smallest_log10_mid_p(exact), 0.0);
    struct eh_exact_tail tail = eh_exact_tail(exact, 0, 1.0);
    ck_assert(tail.log_below == 0.0 && tail.log_at == 0.0 && tail.log_above == 0.0);
  }
  struct eh_exact *exact = eh_exact_new(arena, (struct eh_table[]){{1, 2, 1, 4}}, 1);
  ck_assert_ptr_nonnull(eh_exact_lower_limit(exact, 0.0).why_not);
  ck_assert_ptr_nonnull(eh_exact_upper_limit(exact, 1.0).why_not);
}
END_TEST

/* The limit is where the tail has the level, at usual levels and at absurd ones. */
START_TEST(limits_solve_their_equation) {
  static const double levels[] = {0.9, 0.5, 0.05, 0.025, 1e-4, 1e-12, 1e-80};
  struct eh_random random = eh_random_seeded(4, 0);
  for (int repeat = 0; repeat < 100; repeat++) {
    struct eh_table tables[32];
    size_t count = random_tables(&random, tables);
    struct eh_exact *exact = eh_exact_new(arena, tables, count);
    uint64_t s = eh_exact_support(exact).observed;
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
      struct eh_figure low = eh_exact_lower_limit(exact, levels[i]);
      struct eh_figure high = eh_exact_upper_limit(exact, levels[i]);
      if (!low.why_not && low.value > 0.0)
        ck_close(eh_exact_tail(exact, s, log(low.value)).log_above, log(levels[i]), 1e-9);
      if (!high.why_not)
        ck_close(eh_exact_tail(exact, s, log(high.value)).log_below, log(levels[i]), 1e-9);
    }
  }
}
END_TEST

/* Near the middle a sum of billions of records is normal, but for its skewness (Edgeworth's first
 * term). */
static void check_against_normal(const struct eh_table *tables, size_t count) {
  double deviation = 0.0, variance = 0.0, third = 0.0;
  for (size_t k = 0; k < count; k++) {
    double n1 = (double)tables[k].n1, n2 = (double)tables[k].n2, n = n1 + n2;
    double m = (double)tables[k].a + (double)tables[k].c;
    deviation += ((double)tables[k].a * n2 - (double)tables[k].c * n1) / n;
    double own = n1 / n * (n2 / n) * m * (n - m) / (n - 1.0);
    variance += own;
    third += own * (n - 2.0 * m) * (n - 2.0 * n1) / (n * (n - 2.0));
  }
  struct eh_exact *exact = eh_exact_new(arena, tables, count);
  struct eh_exact_p p = eh_exact_p(exact);
  double z = fabs(deviation) / sqrt(variance), skewness = third / (variance * sqrt(variance));
  if (deviation < 0.0) skewness = -skewness;
  double density = exp(-z * z / 2.0) / sqrt(2.0 * acos(-1.0));
  double normal = erfc(z / sqrt(2.0)) + skewness / 3.0 * (z * z - 1.0) * density;
  ck_assert_double_gt(z, 0.5);
  ck_assert_double_lt(z, 6.0);
  ck_close(p.mid_p, normal, 2e-5);
  ck_close(p.p, normal, 2.0 * z / sqrt(variance)); /* it counts all of P(S = s) */
  struct eh_interval ratio = eh_exact_odds_ratio(exact, 0.95);
  ck_assert(ratio.low.value < ratio.estimate.value && ratio.estimate.value < ratio.high.value);
  struct eh_exact_support support = eh_exact_support(exact);
  struct eh_exact_tail at = eh_exact_tail(exact, support.observed, 0.0);
  struct eh_exact_tail next = eh_exact_tail(exact, support.observed + 1, 0.0);
  ck_close(exp(at.log_below) + exp(next.log_above), 1.0, 1e-10);
}

START_TEST(a_billion_records) {
  struct eh_table one[] = {{500040000, 1000000000, 500000000, 1000000000}};
  check_against_normal(one, 1);
  struct eh_table rare[] = {{1004000, 1000000000, 1000000, 1000000000}};
  check_against_normal(rare, 1);
  struct eh_table few_peers[] = {{400006000, 1000000000, 39700, 100000}};
  check_against_normal(few_peers, 1);
  struct eh_table many[24]; /* also some too small to be thinned out like the rest */
  for (size_t k = 0; k < 24; k++) {
    uint64_t n1 = k % 3 == 0 ? 40 + k : 1000000000 - 1000 * k;
    many[k] = (struct eh_table){n1 / 4 + n1 / 200000, n1, 250000000, 1000000000};
  }
  check_against_normal(many, 24);
}
END_TEST

/* Exact values for the wide supports, which are kept thinned out: a sum of independent strata of
   which all but one are mirrored twins is symmetric, so P(S <= middle) = (1 + P(S = middle))/2. */
START_TEST(wide_and_symmetric) {
  struct eh_table tables[40];
  for (size_t k = 0; k < 40; k += 2) {
    uint64_t n1 = 1000000 + 7919 * k, n2 = 3000000 + 104729 * k, a = n1 / 5, c = n2 / 5;
    tables[k] = (struct eh_table){a, n1, c, n2};
    tables[k + 1] = (struct eh_table){n1 - a, n1, n2 - c, n2};
  }
  struct eh_exact *exact = eh_exact_new(arena, tables, 40);
  struct eh_exact_support support = eh_exact_support(exact);
  uint64_t middle = support.low + (support.high - support.low) / 2;
  ck_assert_uint_eq((support.high - support.low) % 2, 0);
  struct eh_exact_tail at = eh_exact_tail(exact, middle, 0.0);
  ck_close(exp(at.log_below), 0.5 * (1.0 + exp(at.log_at)), 1e-11);
  for (uint64_t off = 100; off <= 40000; off *= 20) {
    struct eh_exact_tail up = eh_exact_tail(exact, middle + off, 0.0);
    struct eh_exact_tail down = eh_exact_tail(exact, middle - off, 0.0);
    ck_close(exp(up.log_above - down.log_below), 1.0, 1e-10);
    ck_close(exp(up.log_at - down.log_at), 1.0, 1e-10);
  }
}
END_TEST

START_TEST(repeated_calls_do_not_grow_the_arena) {
  struct eh_table tables[8];
  size_t count = known_tables(UCB, tables), size = 0;
  struct eh_exact *exact = eh_exact_new(arena, tables, count);
  struct eh_exact_p first = eh_exact_p(exact);
  for (int round = 0; round < 3; round++) {
    for (uint64_t s = 1100; s < 1300; s += 10) (void)eh_exact_tail(exact, s, 0.1);
    (void)eh_exact_odds_ratio(exact, 0.99);
    check_equal(eh_exact_p(exact), first, 1e-15);
    if (round == 0) size = eh_arena_size(arena);
  }
  ck_assert_uint_eq(eh_arena_size(arena), size);
  ck_assert_double_eq(eh_exact_mid_p(exact).mid_p, first.mid_p);
}
END_TEST

int main(void) {
  const TTest *const tests[] = {published_values,
                                agrees_with_r,
                                agrees_with_rational_arithmetic,
                                mirrors,
                                order_and_useless_strata_change_nothing,
                                tails_are_consistent,
                                strata_of_all_kinds_convolve,
                                frequent_and_rare_events_together,
                                one_stratum_with_an_end_too_unlikely_to_store,
                                factorials_have_all_digits,
                                ends_of_the_support,
                                nothing_to_compare,
                                limits_solve_their_equation,
                                a_billion_records,
                                wide_and_symmetric,
                                repeated_calls_do_not_grow_the_arena};
  TCase *tcase = new_tests("exact");
  tcase_add_checked_fixture(tcase, set_up, tear_down);
  for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) tcase_add_test(tcase, tests[i]);
  return run_case("exact", tcase);
}
