#include "engine/stats/power.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/random.h"
#include "engine/stats/exact.h"
#include "tests/stats/reference.h"

enum { MOST_STRATA = 300, REPEATS = 3000 };

static uint64_t binomial(struct eh_random *random, uint64_t n, double p) {
  uint64_t events = 0;
  for (uint64_t i = 0; i < n; i++) events += eh_random_uniform(random) < p;
  return events;
}

static uint64_t between(struct eh_random *random, uint64_t low, uint64_t high) {
  return low + eh_random_below(random, high - low + 1);
}

struct shape {
  const char *what;
  size_t strata;
  uint64_t unit_low, unit_high, peers_low, peers_high;
  double rate, spread;
  struct eh_power_plan plan;
};

static const struct shape shapes[] = {
    {"many peers", 20, 20, 20, 400, 400, .3, .7, {.001, .05, 30}},
    {"a small unit", 5, 8, 8, 100, 300, .3, .7, {.005, .1, 30}},
    {"one stratum, a rare event", 1, 30, 30, 300, 300, .05, 0, {.005, .05, 30}},
    {"a rare event", 10, 10, 20, 1000, 1000, .02, .5, {.0005, .02, 30}},
    {"few peers", 40, 1, 5, 1, 8, .3, 1, {.005, .1, 30}},
    {"pairs", 300, 1, 2, 1, 3, .2, 1, {.0001, .05, 30}},
    {"as many peers as own", 30, 50, 100, 50, 100, .1, .7, {.001, .05, 30}},
    {"fewer peers than own", 10, 100, 200, 20, 60, .5, 1, {.001, .05, 30}},
    {"the difference decides", 15, 20, 40, 400, 900, .4, .5, {.04, .12, 30}},
};

static void random_tables(struct eh_random *random, const struct shape *shape,
                          struct eh_table *tables) {
  for (size_t k = 0; k < shape->strata; k++) {
    double logit =
        log(shape->rate / (1.0 - shape->rate)) + shape->spread * eh_random_normal(random);
    double p = 1.0 / (1.0 + exp(-logit));
    tables[k].n1 = between(random, shape->unit_low, shape->unit_high);
    tables[k].n2 = between(random, shape->peers_low, shape->peers_high);
    tables[k].c = binomial(random, tables[k].n2, p);
    tables[k].a = binomial(random, tables[k].n1, p);
  }
}

/* The model as power.h words it, and the flag as the audit raises it. */
struct truth {
  double rates[MOST_STRATA];
  double expected, records;
};

static double sum_at(const struct eh_table *tables, size_t count, double psi, struct truth *truth) {
  double usual = (truth->expected + 0.5) / (truth->records + 1.0), sum = 0.0;
  for (size_t k = 0; k < count; k++) {
    double p = ((double)tables[k].c + usual) / ((double)tables[k].n2 + 1.0);
    truth->rates[k] = psi * p / (1.0 - p + psi * p);
    sum += (double)tables[k].n1 * truth->rates[k];
  }
  return sum;
}

static struct truth truth_at(const struct eh_table *tables, size_t count, double x) {
  struct truth truth = {.records = 0.0};
  double low = -60.0, high = 60.0;
  for (size_t k = 0; k < count; k++) {
    truth.records += (double)tables[k].n1;
    truth.expected += (double)tables[k].n1 * (double)tables[k].c / (double)tables[k].n2;
  }
  for (int i = 0; i < 100; i++) {
    double middle = 0.5 * (low + high);
    if (sum_at(tables, count, exp(middle), &truth) < truth.expected + truth.records * x)
      low = middle;
    else
      high = middle;
  }
  return truth;
}

static bool is_flagged(struct eh_table *tables, size_t count, const struct truth *truth,
                       const struct eh_power_plan *plan, bool higher) {
  double events = 0.0, deviation = 0.0, sign = higher ? 1.0 : -1.0;
  for (size_t k = 0; k < count; k++) {
    double n2 = (double)tables[k].n2, n1 = (double)tables[k].n1;
    events += (double)tables[k].a;
    deviation += ((double)tables[k].a * n2 - (double)tables[k].c * n1) / (n1 + n2);
  }
  double difference = (events - truth->expected) / truth->records;
  if (sign * difference < plan->smallest_difference - 1e-12 || sign * deviation <= 0.0)
    return false;
  struct eh_arena *arena = eh_arena_new();
  struct eh_exact_p p = eh_exact_mid_p(eh_exact_new(arena, tables, count));
  eh_arena_free(arena);
  return !p.why_not && p.mid_p <= plan->alpha;
}

static double simulated(struct eh_random *random, const struct shape *shape,
                        const struct eh_table *tables, double x) {
  struct eh_table drawn[MOST_STRATA];
  struct truth truth = truth_at(tables, shape->strata, x);
  int flags = 0;
  memcpy(drawn, tables, shape->strata * sizeof *drawn);
  for (int repeat = 0; repeat < REPEATS; repeat++) {
    for (size_t k = 0; k < shape->strata; k++)
      drawn[k].a = binomial(random, drawn[k].n1, truth.rates[k]);
    flags += is_flagged(drawn, shape->strata, &truth, &shape->plan, x > 0.0);
  }
  return (double)flags / REPEATS;
}

/* 3000 repeats have a standard error of 0.9 points at worst. */
START_TEST(agrees_with_simulation) {
  const struct shape *shape = &shapes[_i];
  struct eh_random random = eh_random_seeded(20, (uint64_t)_i);
  struct eh_arena *arena = eh_arena_new();
  struct eh_table tables[MOST_STRATA];
  random_tables(&random, shape, tables);
  struct eh_power *power = eh_power_new(arena, tables, shape->strata, &shape->plan);
  struct eh_power_reach reach = eh_power_80(power);
  ck_assert_ptr_null(reach.smallest.why_not);
  for (int direction = 1; direction >= -1; direction -= 2) {
    struct eh_figure x = direction > 0 ? reach.higher : reach.lower;
    for (double share = 0.7; share < 1.2 && !x.why_not; share += 0.15) {
      double difference = direction * share * x.value;
      struct eh_figure got = eh_power_at(power, difference);
      if (got.why_not) break;
      double want = simulated(&random, shape, tables, difference);
      ck_assert_msg(fabs(got.value - want) < 0.035, "%s, %+.3f: power %.3f, simulated %.3f",
                    shape->what, difference, got.value, want);
    }
  }
  eh_arena_free(arena);
}
END_TEST

START_TEST(reach_and_power_agree) {
  struct eh_arena *arena = eh_arena_new();
  for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
    struct eh_random random = eh_random_seeded(21, i);
    struct eh_table tables[MOST_STRATA];
    random_tables(&random, &shapes[i], tables);
    struct eh_power *power = eh_power_new(arena, tables, shapes[i].strata, &shapes[i].plan);
    struct eh_power_reach half = eh_power_reach(power, 0.5), most = eh_power_80(power);
    ck_assert_double_lt(half.smallest.value, most.smallest.value);
    /* It takes more than the smallest difference that counts to pass it four times in five. */
    ck_assert_double_gt(most.smallest.value, shapes[i].plan.smallest_difference);
    ck_close(eh_power_at(power, most.higher.value).value, 0.8, 1e-3);
    if (!most.lower.why_not) ck_close(eh_power_at(power, -most.lower.value).value, 0.8, 1e-3);
    double last = 0.0;
    for (double x = 0.0; x < 1.0; x += 0.01) {
      struct eh_figure at = eh_power_at(power, x);
      if (at.why_not) break;
      ck_assert_double_ge(at.value, last - 1e-4);
      ck_assert_double_le(at.value, 1.0);
      last = at.value;
    }
    ck_assert_double_gt(last, 0.9);
  }
  eh_arena_free(arena);
}
END_TEST

START_TEST(mirrored_tables_exchange_directions) {
  struct eh_arena *arena = eh_arena_new();
  for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
    struct eh_random random = eh_random_seeded(22, i);
    struct eh_table tables[MOST_STRATA], other[MOST_STRATA];
    random_tables(&random, &shapes[i], tables);
    for (size_t k = 0; k < shapes[i].strata; k++) {
      struct eh_table t = tables[k];
      other[k] = (struct eh_table){t.n1 - t.a, t.n1, t.n2 - t.c, t.n2};
    }
    struct eh_power_reach straight =
        eh_power_80(eh_power_new(arena, tables, shapes[i].strata, &shapes[i].plan));
    struct eh_power_reach mirrored =
        eh_power_80(eh_power_new(arena, other, shapes[i].strata, &shapes[i].plan));
    ck_assert((straight.lower.why_not == NULL) == (mirrored.higher.why_not == NULL));
    ck_close(straight.higher.value, mirrored.lower.value, 1e-9);
    ck_close(straight.lower.value, mirrored.higher.value, 1e-9);
    ck_close(straight.smallest.value, mirrored.smallest.value, 1e-9);
  }
  eh_arena_free(arena);
}
END_TEST

START_TEST(order_changes_nothing) {
  for (size_t i = 0; i < 10 * sizeof shapes / sizeof shapes[0]; i++) {
    const struct shape *shape = &shapes[i % (sizeof shapes / sizeof shapes[0])];
    struct eh_random random = eh_random_seeded(31, i);
    struct eh_table tables[MOST_STRATA], reversed[MOST_STRATA];
    random_tables(&random, shape, tables);
    for (size_t k = 0; k < shape->strata; k++) reversed[k] = tables[shape->strata - 1 - k];
    struct eh_arena *arena = eh_arena_new();
    struct eh_power *one = eh_power_new(arena, tables, shape->strata, &shape->plan);
    struct eh_power *other = eh_power_new(arena, reversed, shape->strata, &shape->plan);
    struct eh_power_reach want = eh_power_80(one), got = eh_power_80(other);
    ck_assert_msg(got.higher.value == want.higher.value && got.lower.value == want.lower.value,
                  "%s: %.17g and %.17g, not %.17g and %.17g", shape->what, got.higher.value,
                  got.lower.value, want.higher.value, want.lower.value);
    eh_arena_free(arena);
  }
}
END_TEST

/* More records see smaller differences; a stricter level larger ones only. */
START_TEST(more_records_see_more) {
  struct eh_arena *arena = eh_arena_new();
  double last = 1.0, strict = 0.0;
  for (uint64_t size = 10; size <= 1000000; size *= 10) {
    struct eh_table tables[2] = {{size / 2, size, 3 * size, 10 * size},
                                 {size, size, size, 4 * size}};
    struct eh_power_plan plan = {.alpha = 0.01, .smallest_difference = 0.0, .smallest_caseload = 1};
    double x = eh_power_80(eh_power_new(arena, tables, 2, &plan)).smallest.value;
    ck_assert_double_gt(x, 0.0);
    ck_assert_double_lt(x, last);
    last = x;
  }
  for (double alpha = 0.1; alpha > 1e-9; alpha /= 10.0) {
    struct eh_table tables[1] = {{50, 200, 500, 2000}};
    struct eh_power_plan plan = {
        .alpha = alpha, .smallest_difference = 0.0, .smallest_caseload = 1};
    double x = eh_power_80(eh_power_new(arena, tables, 1, &plan)).smallest.value;
    ck_assert_double_gt(x, strict);
    strict = x;
  }
  eh_arena_free(arena);
}
END_TEST

START_TEST(says_why_not) {
  static const struct {
    struct eh_table table;
    struct eh_power_plan plan;
    const char *higher, *lower;
  } cases[] = {
      {{0, 0, 3, 9}, {.01, .05, 1}, "no comparable records", "no comparable records"},
      {{9, 9, 3, 9}, {.01, .05, 10}, "too few comparable records", "too few comparable records"},
      {{1, 1, 50, 100},
       {.01, .05, 1},
       "no outcome would be significant",
       "no outcome would be significant"},
      /* the guess is one of its two records, and not even two are significant */
      {{0, 2, 38, 38},
       {.00065, .05, 1},
       "no outcome would be significant",
       "no outcome would be significant"},
      {{20, 200, 400, 10000}, {.01, .05, 1}, NULL, "no outcome would be large enough"},
      {{180, 200, 9600, 10000}, {.01, .05, 1}, "no outcome would be large enough", NULL},
      {{20, 40, 5000, 10000},
       {0, .05, 1},
       "the level does not lie between 0 and 1",
       "the level does not lie between 0 and 1"},
      {{20, 40, 5000, 10000},
       {1, .05, 1},
       "the level does not lie between 0 and 1",
       "the level does not lie between 0 and 1"},
  };
  struct eh_arena *arena = eh_arena_new();
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct eh_power *power = eh_power_new(arena, &cases[i].table, 1, &cases[i].plan);
    struct eh_power_reach reach = eh_power_80(power);
    const char *got[2] = {reach.higher.why_not, reach.lower.why_not};
    const char *want[2] = {cases[i].higher, cases[i].lower};
    for (int side = 0; side < 2; side++) {
      ck_assert_msg((got[side] == NULL) == (want[side] == NULL), "case %zu, side %d: %s", i, side,
                    got[side] ? got[side] : "a value");
      if (want[side]) ck_assert_str_eq(got[side], want[side]);
    }
    ck_assert((reach.smallest.why_not == NULL) == (!want[0] || !want[1]));
  }
  struct eh_power *power = eh_power_new(arena, &cases[4].table, 1, &cases[4].plan);
  ck_assert_str_eq(eh_power_at(power, 0.99).why_not, "the difference is not possible");
  static const struct eh_table half = {20, 40, 5000, 10000}; /* all 40 would have to be events */
  ck_assert_str_eq(eh_power_at(eh_power_new(arena, &half, 1, &cases[4].plan), 0.5).why_not,
                   "the difference is not possible");
  ck_assert_ptr_nonnull(eh_power_reach(power, 1.0).smallest.why_not);
  /* peers without events expect none, and no difference finds none */
  static const struct eh_table first = {30, 100, 0, 1000};
  struct eh_figure none = eh_power_at(eh_power_new(arena, &first, 1, &cases[4].plan), 0.0);
  ck_assert_ptr_null(none.why_not);
  ck_close(none.value, 0.0, 0.0);
  eh_arena_free(arena);
}
END_TEST

START_TEST(level_after_rejections) {
  ck_assert_double_eq(eh_power_alpha(0.05, 0, 100), 0.05 / 100);
  ck_assert_double_eq(eh_power_alpha(0.05, 1, 100), 0.05 / 100);
  ck_close(eh_power_alpha(0.05, 12, 100), 0.006, 1e-15);
  ck_assert_double_eq(eh_power_alpha(0.05, 1, 1), 0.05);
  ck_assert_double_eq(eh_power_alpha(0.05, 0, 0), 0.05);
}
END_TEST

/* Where one normal value alone decides, where the two are independent, and at the origin (Sheppard)
   it has a closed form; the others are R's integrate(), over x, of dnorm(x) pnorm((k - rho x) /
   sqrt(1 - rho^2), lower.tail = FALSE). */
START_TEST(both_of_two_normal_values) {
  static const double tail[] = {0.841344746068543, 0.5, 0.158655253931457, 0.0227501319481792};
  for (int h = -1; h <= 2; h++)
    for (int k = -1; k <= 2; k++) {
      ck_close(eh_normal_both_above(h, k, 0.0), tail[h + 1] * tail[k + 1], 3e-5);
      ck_close(eh_normal_both_above(h, k, 1.0), tail[(h > k ? h : k) + 1], 1e-13);
    }
  for (double rho = 0.0; rho <= 1.0; rho += 0.125)
    ck_close(eh_normal_both_above(0.0, 0.0, rho), 0.25 + asin(rho) / (2.0 * M_PI), 1e-13);
  static const double cases[][4] = {
      {0.5, -0.3, 0.2, 0.217213249051493}, {1, 2, 0.5, 0.0132662170105167},
      {-1, 0.7, 0.8, 0.241676390650579},   {-2, -1.5, 0.9, 0.93072725351264},
      {2, 2.5, 0.95, 0.00597492979787077}, {0.3, 0.1, 0.99, 0.380120052731179}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const double *c = cases[i];
    ck_close(eh_normal_both_above(c[0], c[1], c[2]), c[3], 1e-5);
    ck_close(eh_normal_both_above(c[1], c[0], c[2]), c[3], 1e-5);
  }
}
END_TEST

/* Two values that differ by rounding alone, wholly correlated, gave 0: in the exponent a difference
   that should have been 0 was divided by one that nearly is. */
START_TEST(both_of_nearly_the_same_value) {
  for (double h = -6.0; h <= 6.0; h += 0.01)
    for (int ulps = -4; ulps <= 4; ulps++) {
      double k = h * (1.0 + ulps * 0x1p-52), got = eh_normal_both_above(h, k, 1.0);
      ck_close(got, gsl_cdf_ugaussian_Q(h), 1e-12);
    }
}
END_TEST

/* A power of 0 was reported where it is all but 1. */
START_TEST(largest_differences_are_found) {
  static const struct eh_table tables[] = {{0, 7, 406, 406}, {0, 300, 406, 406}};
  static const struct eh_power_plan plan = {.05, .05, 1};
  struct eh_arena *arena = eh_arena_new();
  for (size_t i = 0; i < 2; i++) {
    struct eh_power *power = eh_power_new(arena, &tables[i], 1, &plan);
    for (double x = 0.9; x < 1.0; x += 0.001)
      ck_assert_double_gt(eh_power_at(power, -x).value, 0.999);
  }
  eh_arena_free(arena);
}
END_TEST

static double smallest_p(struct eh_arena *arena, struct eh_table t, uint64_t multiple) {
  t.a *= multiple;
  t.n1 *= multiple;
  return pow(10.0, eh_exact_smallest_log10_mid_p(eh_exact_new(arena, &t, 1)));
}

/* log of n over k, and of the probability that all of the unit's records are events, or none. */
static double log_choose(double n, double k) {
  return lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0);
}

/* The multiple solves its equation. Where events are rare, all of them with the unit is the least
   likely table; where they are frequent, all non-events. */
START_TEST(caseload_needed_is_where_p_passes) {
  static const struct eh_table rare = {0, 2, 20, 5000}, frequent = {2, 2, 4980, 5000};
  for (double alpha = 1e-6; alpha > 1e-12; alpha /= 10.0) {
    double times = eh_caseload_needed(&rare, 1, alpha).value, n1 = 2.0 * times, m = 20.0;
    double most = fmin(n1, m);
    ck_assert_double_gt(times, 1.0);
    ck_close(log_choose(n1, most) + log_choose(5000.0, m - most) - log_choose(n1 + 5000.0, m),
             log(alpha), 2e-4);
    ck_close(eh_caseload_needed(&frequent, 1, alpha).value, times, 1e-5);
  }
}
END_TEST

/* At whole multiples the exact test itself says whether the caseload suffices. */
START_TEST(caseload_needed) {
  static const struct eh_table tables[] = {
      {1, 2, 300, 900}, {1, 1, 10, 1000}, {0, 1, 12, 400}, {2, 3, 50, 500}};
  struct eh_arena *arena = eh_arena_new();
  for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
    for (double alpha = 0.05; alpha > 1e-8; alpha /= 10.0) {
      struct eh_figure multiple = eh_caseload_needed(&tables[i], 1, alpha);
      ck_assert_ptr_null(multiple.why_not);
      uint64_t whole = (uint64_t)ceil(multiple.value);
      ck_assert_double_ge(multiple.value, 1.0);
      ck_assert_double_le(smallest_p(arena, tables[i], whole), alpha);
      if (whole > 1) ck_assert_double_gt(smallest_p(arena, tables[i], whole - 1), alpha);
    }
  ck_assert_double_eq(eh_caseload_needed(tables, 4, 0.05).value, 1.0);
  struct eh_table lone = {2, 4, 1, 1}; /* one peer can never be remarkable enough */
  ck_assert_str_eq(eh_caseload_needed(&lone, 1, 0.001).why_not, "its peers are too few");
  struct eh_table alike = {4, 4, 7, 7};
  ck_assert_str_eq(eh_caseload_needed(&alike, 1, 0.05).why_not, "no informative strata");
  eh_arena_free(arena);
}
END_TEST

/* The critical count was looked for one event at a time: where peers are few and a unit's records
 * many, for hours. */
START_TEST(a_long_search_ends) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_table tables[] = {{5, UINT64_C(1) << 39, 1, 1}};
  struct eh_power_plan plan = {.alpha = 0.05, .smallest_difference = 0.1, .smallest_caseload = 30};
  struct eh_figure power = eh_power_at(eh_power_new(arena, tables, 1, &plan), 0.5);
  ck_assert(power.why_not || (power.value > 0.0 && power.value <= 1.0));
  eh_arena_free(arena);
}
END_TEST

/* The approximation of power.h, computed another way (tests/reference/power.py). */
START_TEST(agrees_with_sums_over_every_outcome) {
  struct eh_arena *arena = eh_arena_new();
  struct reference all = reference_read("power_tables"), want = reference_read("power_values");
  for (size_t i = 0; i < want.rows; i++) {
    struct eh_table tables[64];
    size_t count = reference_tables(&all, reference_at(&want, i, "id"), tables);
    struct eh_power_plan plan = {reference_at(&want, i, "alpha"),
                                 reference_at(&want, i, "smallest"), 1};
    struct eh_power *power = eh_power_new(arena, tables, count, &plan);
    bool lower = reference_at(&want, i, "lower") > 0.0;
    double sign = lower ? -1.0 : 1.0, reach = reference_at(&want, i, "reach_80");
    static const struct {
      const char *name;
      double share;
    } points[] = {{"at_half", 0.5}, {"at_most", 0.9}};
    for (size_t k = 0; k < 2; k++) {
      double got = eh_power_at(power, sign * points[k].share * reach).value;
      double wanted = reference_at(&want, i, points[k].name);
      ck_assert_msg(fabs(got - wanted) < 3e-4, "row %zu, %s: %.7f, not %.7f", i + 1, points[k].name,
                    got, wanted);
    }
    struct eh_power_reach got = eh_power_80(power);
    ck_close(lower ? got.lower.value : got.higher.value, reach, 1e-4);
  }
  eh_arena_free(arena);
  free(all.values);
  free(want.values);
}
END_TEST

/* With one stratum the power is a sum over the unit's events. */
START_TEST(agrees_with_one_binomial_distribution) {
  static const struct {
    struct eh_table table;
    struct eh_power_plan plan;
    double precision;
  } cases[] = {
      /* Of 30 records, none or one with the event are significant: too few for smooth formulas, so
         that each outcome is tried. */
      {{0, 30, 60, 300}, {.01, .05, 1}, .001},   {{0, 80, 40, 900}, {.001, .02, 1}, .001},
      {{0, 200, 30, 100}, {.005, .1, 1}, .001},  {{0, 500, 450, 900}, {.0001, .05, 1}, .001},
      {{0, 60, 400, 800}, {.04, .25, 1}, .001},  {{0, 900, 90, 9000}, {.002, .01, 1}, .001},
      {{0, 2000, 20, 1000}, {.003, 0, 1}, .001}, {{0, 700, 300, 400}, {.003, .1, 1}, .001},
      {{0, 506, 1, 1}, {.136896, .05, 1}, .001}, /* few peers, so that the guess is far off */
      {{0, 255, 20, 100}, {.005, .05, 1}, .001}, /* the largest of which each outcome is tried */
      {{0, 260, 0, 9000}, {.05, 0, 1}, .003},    /* one event is significant, none is not */
  };
  struct eh_arena *arena = eh_arena_new();
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct eh_table t = cases[i].table;
    struct eh_power *power = eh_power_new(arena, &t, 1, &cases[i].plan);
    for (int direction = 1; direction >= -1; direction -= 2)
      for (double x = 0.02; x < 0.98; x += 0.02) {
        struct eh_figure got = eh_power_at(power, direction * x);
        if (got.why_not) break;
        struct truth truth = truth_at(&t, 1, direction * x);
        double want = 0.0;
        for (t.a = 0; t.a <= t.n1; t.a++)
          if (is_flagged(&t, 1, &truth, &cases[i].plan, direction > 0))
            want += gsl_ran_binomial_pdf((unsigned)t.a, truth.rates[0], (unsigned)t.n1);
        ck_assert_msg(fabs(got.value - want) < cases[i].precision, "%zu, %+.2f: %.5f, not %.5f", i,
                      direction * x, got.value, want);
      }
  }
  eh_arena_free(arena);
}
END_TEST

/* Enumerated: one stratum, the peers' counts kept. Above and below its peers are two questions. */
START_TEST(two_directions) {
  static const struct {
    struct eh_table table;
    double alpha, higher, lower;
  } cases[] = {{{25, 100, 1776, 5900}, .05 / 60, .2060633635, .1736598897},
               {{10, 50, 190, 950}, .05 / 20, .2493358211, .1691523524},
               {{6, 60, 234, 2340}, .05 / 40, .1913806180, 0}};
  struct eh_arena *arena = eh_arena_new();
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct eh_power_plan plan = {cases[i].alpha, 0.1, 1};
    struct eh_power_reach reach = eh_power_80(eh_power_new(arena, &cases[i].table, 1, &plan));
    ck_close(reach.higher.value, cases[i].higher, 1e-5);
    if (cases[i].lower > 0)
      ck_close(reach.lower.value, cases[i].lower, 1e-5);
    else
      ck_assert_ptr_nonnull(reach.lower.why_not);
  }
  eh_arena_free(arena);
}
END_TEST

int main(void) {
  const TTest *const tests[] = {two_directions,
                                reach_and_power_agree,
                                mirrored_tables_exchange_directions,
                                order_changes_nothing,
                                more_records_see_more,
                                says_why_not,
                                level_after_rejections,
                                a_long_search_ends,
                                agrees_with_sums_over_every_outcome,
                                agrees_with_one_binomial_distribution,
                                caseload_needed,
                                caseload_needed_is_where_p_passes,
                                both_of_two_normal_values,
                                both_of_nearly_the_same_value,
                                largest_differences_are_found};
  TCase *tcase = new_tests("power");
  for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) tcase_add_test(tcase, tests[i]);
  tcase_add_loop_test(tcase, agrees_with_simulation, 0, sizeof shapes / sizeof shapes[0]);
  return run_case("power", tcase);
}
