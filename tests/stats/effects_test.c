/* Effects of all units together, and against the typical one: computed values, their equation, and
 * coverage in worlds where the truth is known. */
#include "engine/stats/effects.h"

#include "engine/base/random.h"
#include "engine/stats/mantel_haenszel.h"
#include "engine/stats/typical.h"
#include "tests/stats/trials.h"

enum { MOST = 1000 };

struct world {
  size_t units, count;
  struct eh_association_cell cells[8000];
  double truth[MOST];
};

static double expit(double x) { return 1 / (1 + exp(-x)); }

static uint64_t binomial(struct eh_random *random, uint64_t n, double p) {
  uint64_t a = 0;
  for (uint64_t i = 0; i < n; i++) a += eh_random_uniform(random) < p;
  return a;
}

static void add(struct eh_random *random, struct world *w, size_t stratum, size_t unit, uint64_t n,
                double log_odds) {
  w->cells[w->count++] = (struct eh_association_cell){
      (uint32_t)stratum, (uint32_t)unit, n, binomial(random, n, expit(log_odds + w->truth[unit]))};
}

static struct world *world_new(void) { return calloc(1, sizeof(struct world)); }

static void compare(struct eh_arena *arena, const struct world *w, const bool *listed,
                    struct eh_versus_typical *out) {
  static bool everybody[MOST];
  memset(everybody, true, sizeof everybody);
  const struct eh_effects *e = eh_effects_fit(arena, w->cells, w->count, w->units);
  struct eh_typical_options options = {.listed = listed ? listed : everybody,
                                       .confidence = 0.95,
                                       .seed = 1,
                                       .draws = 1000,
                                       .threads = 1};
  eh_typical(e, w->cells, w->count, &options, out);
}

static struct world *world_of(const struct trial *trial) {
  struct world *w = world_new();
  w->units = trial->units;
  w->count = trial_cells(trial, w->cells);
  return w;
}

/* theta less the typical one, and the floating variance. */
START_TEST(computed_values) {
  static const struct {
    const struct trial *trial;
    size_t unit;
    double excess, variance;
  } want[] = {{&three_units, 0, 2.233592221507, .0311979166667},
              {&three_units, 1, 0, .0237698412698},
              {&one_large_unit, 1, -1.386294361120, .06249375},
              {&one_large_unit, 0, 0, .0004444},
              {&one_of_six, 0, 2.233592221507, .0312239583333},
              {&one_of_six, 1, 0, .0237896825397},
              {&headline, 4, .361311740842, .0270412457912},
              {&headline, 10, -1.640838126536, .0532374526515},
              {&headline, 0, -.093998304381, .026958580591}};
  for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
    struct eh_arena *arena = eh_arena_new();
    struct world *w = world_of(want[i].trial);
    struct eh_versus_typical out[MOST];
    compare(arena, w, NULL, out);
    ck_assert_double_eq_tol(out[want[i].unit].excess.estimate.value, want[i].excess, 1e-9);
    ck_close(out[want[i].unit].variance.value, want[i].variance, 1e-9);
    ck_assert_uint_eq(out[want[i].unit].block_units, want[i].trial->units);
    free(w);
    eh_arena_free(arena);
  }
}
END_TEST

/* 4 units in 3 strata, one of them without an event in one. */
static const uint64_t worked_n[4][3] = {{20, 11, 9}, {30, 15, 0}, {14, 22, 25}, {9, 12, 40}};
static const uint64_t worked_a[4][3] = {{3, 5, 2}, {10, 4, 0}, {6, 9, 7}, {1, 2, 8}};

/* The equation of the header, by going round: psi is its root of itself times right over left. */
static void fit_by_going_round(bool others, double *theta) {
  double psi[4] = {1, 1, 1, 1};
  for (int round = 0; round < 5000; round++) {
    double left[4] = {0}, right[4] = {0};
    for (int k = 0; k < 3; k++) {
      double n = 0, all = 0, flow = 0;
      for (int u = 0; u < 4; u++) {
        double a = (double)(others ? worked_n[u][k] - worked_a[u][k] : worked_a[u][k]);
        n += (double)worked_n[u][k];
        all += a;
        flow += ((double)worked_n[u][k] - a) * psi[u];
      }
      for (int u = 0; u < 4; u++) {
        double a = (double)(others ? worked_n[u][k] - worked_a[u][k] : worked_a[u][k]);
        double b = (double)worked_n[u][k] - a;
        left[u] += b * (all - a) / n;
        right[u] += a * (flow - b * psi[u]) / n;
      }
    }
    for (int u = 0; u < 4; u++) psi[u] = sqrt(psi[u] * right[u] / left[u]);
    for (int u = 3; u >= 0; u--) psi[u] /= psi[0];
  }
  for (int u = 0; u < 4; u++) theta[u] = log(psi[u]);
}

/* Floating variances at these effects, lambda by halving. */
static void float_variances(const double *theta, double *variance) {
  double total[4] = {0};
  for (int k = 0; k < 3; k++) {
    double low = -40, high = 40, n = 0, a = 0;
    for (int u = 0; u < 4; u++) n += (double)worked_n[u][k], a += (double)worked_a[u][k];
    for (int step = 0; step < 200; step++) {
      double sum = 0, middle = (low + high) / 2;
      for (int u = 0; u < 4; u++) sum += (double)worked_n[u][k] * expit(middle + theta[u]);
      *(sum < a ? &low : &high) = middle;
    }
    for (int u = 0; u < 4; u++) {
      double p = expit(low + theta[u]);
      total[u] += n / (n - 1) * (double)worked_n[u][k] * p * (1 - p);
    }
  }
  for (int u = 0; u < 4; u++) variance[u] = 1 / total[u];
}

START_TEST(worked_example) {
  /* of the event alone, computed elsewhere; the second unit is the typical one */
  static const double known[] = {-.251532771709, 0, .280041931839, -.613520173836};
  static const double known_variance[] = {.131721508332, .103171198693, .070202707265,
                                          .109686954810};
  double theta[4], other[4], variance[4];
  fit_by_going_round(false, theta);
  fit_by_going_round(true, other);
  float_variances(theta, variance);
  for (int u = 0; u < 4; u++) {
    ck_assert_double_eq_tol(theta[u] - theta[1], known[u], 1e-9);
    ck_close(variance[u], known_variance[u], 1e-9);
  }
  for (int u = 0; u < 4; u++) theta[u] = (theta[u] - other[u]) / 2;
  float_variances(theta, variance);
  struct eh_arena *arena = eh_arena_new();
  struct world *w = world_new();
  struct eh_versus_typical out[MOST];
  w->units = 4;
  for (size_t k = 0; k < 3; k++)
    for (size_t u = 0; u < 4; u++)
      w->cells[w->count++] =
          (struct eh_association_cell){(uint32_t)k, (uint32_t)u, worked_n[u][k], worked_a[u][k]};
  compare(arena, w, NULL, out);
  for (size_t u = 0; u < 4; u++) {
    ck_assert_double_eq_tol(out[u].excess.estimate.value, theta[u] - theta[1], 1e-9);
    ck_close(out[u].variance.value, variance[u], 1e-9);
  }
  /* swapping the event turns all round */
  for (size_t i = 0; i < w->count; i++) w->cells[i].events = w->cells[i].n - w->cells[i].events;
  struct eh_versus_typical swapped[MOST];
  compare(arena, w, NULL, swapped);
  for (size_t u = 0; u < 4; u++) {
    ck_assert_double_eq_tol(swapped[u].excess.estimate.value, theta[1] - theta[u], 1e-9);
    ck_assert_double_eq_tol(swapped[u].error.value, out[u].error.value, 1e-9);
  }
  free(w);
  eh_arena_free(arena);
}
END_TEST

/* With two units it is the Mantel-Haenszel odds ratio. */
START_TEST(two_units_are_mantel_haenszel) {
  struct eh_random random = eh_random_seeded(1, 0);
  for (int round = 0; round < 50; round++) {
    struct eh_arena *arena = eh_arena_new();
    struct world *w = world_new();
    struct eh_table tables[6];
    w->units = 2;
    for (size_t k = 0; k < 6; k++) {
      for (size_t u = 0; u < 2; u++)
        add(&random, w, k, u, 3 + eh_random_below(&random, 30), -0.5 + 0.3 * (double)k);
      const struct eh_association_cell *c = &w->cells[2 * k];
      tables[k] = (struct eh_table){c[0].events, c[0].n, c[1].events, c[1].n};
    }
    const struct eh_effects *e = eh_effects_fit(arena, w->cells, w->count, 2);
    ck_close(e->unit[0].theta - e->unit[1].theta,
             log(eh_odds_ratio(tables, 6, 0.95).interval.estimate.value), 1e-10);
    ck_assert_uint_eq(e->blocks, 1);
    ck_assert_double_ge(e->block[0].thinness, 1 - 1e-12);
    free(w);
    eh_arena_free(arena);
  }
}
END_TEST

/* In one stratum of many units, beyond what is solved by elimination, theta is the log odds. */
START_TEST(one_stratum_is_the_odds) {
  struct eh_random random = eh_random_seeded(2, 0);
  struct eh_arena *arena = eh_arena_new();
  struct world *w = world_new();
  w->units = 600;
  for (size_t u = 0; u < w->units; u++) {
    w->cells[w->count++] =
        (struct eh_association_cell){0, (uint32_t)u, 60, 6 + eh_random_below(&random, 48)};
  }
  const struct eh_effects *e = eh_effects_fit(arena, w->cells, w->count, w->units);
  for (size_t u = 1; u < w->units; u++) {
    double a = (double)w->cells[u].events, first = (double)w->cells[0].events;
    ck_assert_double_eq_tol(e->unit[u].theta - e->unit[0].theta,
                            log(a / (60 - a)) - log(first / (60 - first)), 1e-9);
  }
  ck_assert_ptr_null(e->block[0].shares);
  ck_assert_double_eq_tol(e->block[0].thinness, 1.0, 0.08);
  free(w);
  eh_arena_free(arena);
}
END_TEST

/* Small and large blocks agree: two blocks of 300 units, and the same linked by one more unit. */
START_TEST(sweeps_agree_with_elimination) {
  struct eh_random random = eh_random_seeded(3, 0);
  struct eh_arena *arena = eh_arena_new();
  struct world *w = world_new();
  w->units = 300;
  for (size_t k = 0; k < 8; k++)
    for (size_t u = 0; u < 300; u++)
      if ((u + k) % 3) add(&random, w, k, u, 10 + eh_random_below(&random, 20), -0.2);
  const struct eh_effects *small = eh_effects_fit(arena, w->cells, w->count, 300);
  /* a hundred and more units without records in common with these but all of one unit's kind */
  struct world *more = world_new();
  *more = *w;
  more->units = 700;
  size_t count = 0;
  for (size_t i = 0; i < w->count; i++) {
    more->cells[count++] = w->cells[i];
    if (i + 1 == w->count || w->cells[i + 1].stratum != w->cells[i].stratum)
      for (uint32_t u = 300; u < 700 && w->cells[i].stratum == 0; u++)
        more->cells[count++] = (struct eh_association_cell){0, u, 2, 1};
  }
  const struct eh_effects *large = eh_effects_fit(arena, more->cells, count, 700);
  ck_assert_uint_eq(small->blocks, 1);
  ck_assert_uint_eq(large->block[0].units, 700);
  ck_assert_ptr_null(large->block[0].shares);
  /* their records weigh next to nothing against the rest, so that effects hardly change */
  for (size_t u = 0; u < 300; u++)
    ck_assert_double_eq_tol(large->unit[u].theta - large->unit[0].theta,
                            small->unit[u].theta - small->unit[0].theta, 0.15);
  free(w);
  free(more);
  eh_arena_free(arena);
}
END_TEST

START_TEST(blocks_and_who_is_left_out) {
  struct eh_arena *arena = eh_arena_new();
  /* two offices of three; unit 6 is alone; unit 7 of the second office has no events; unit 8 has
     records only where nobody has one */
  static const struct eh_association_cell cells[] = {
      {0, 0, 40, 10}, {0, 1, 40, 20}, {0, 2, 40, 30}, {1, 3, 60, 10}, {1, 4, 60, 15},
      {1, 5, 60, 40}, {1, 7, 30, 0},  {2, 6, 50, 9},  {3, 8, 20, 0},  {3, 0, 5, 0}};
  const struct eh_effects *e = eh_effects_fit(arena, cells, 10, 9);
  ck_assert_uint_eq(e->blocks, 2);
  ck_assert_int_eq(e->unit[7].fitted, EH_ONE_STEP);
  ck_assert_int_eq(e->unit[6].fitted, EH_NOT_FITTED);
  ck_assert_int_eq(e->unit[8].fitted, EH_NOT_FITTED);
  ck_assert_double_eq(e->unit[6].records, 0);
  ck_assert_double_eq(e->unit[0].records, 45);
  bool listed[9];
  memset(listed, true, sizeof listed);
  struct eh_typical_options options = {listed, NULL, 0.95, 1, 1000, 2};
  struct eh_versus_typical out[9];
  eh_typical(e, cells, 10, &options, out);
  ck_assert_double_eq(out[1].excess.estimate.value, 0);
  ck_assert_double_eq_tol(out[4].excess.estimate.value, 0, 1e-12);
  ck_close(out[5].excess.estimate.value, log(2.0) - log(1 / 3.0), 1e-12);
  /* one step from the typical rate of 1/4: (0 - 7.5)/5.625 */
  ck_close(out[7].excess.estimate.value, -7.5 / 5.625, 1e-12);
  ck_close(out[7].error.value, sqrt(1 / 5.625), 1e-12);
  ck_assert_ptr_nonnull(out[6].excess.estimate.why_not);
  ck_assert_ptr_nonnull(out[8].log10_p.why_not);
  /* with one of three not listed there is no typical unit */
  listed[1] = false;
  eh_typical(e, cells, 10, &options, out);
  ck_assert_ptr_nonnull(out[0].excess.estimate.why_not);
  eh_arena_free(arena);
}
END_TEST

/* A cycle in one direction: events of one only where the others have none. */
START_TEST(linked_one_way) {
  struct eh_arena *arena = eh_arena_new();
  static const struct eh_association_cell cells[] = {{0, 0, 10, 5}, {0, 1, 10, 5}, {1, 1, 10, 10},
                                                     {1, 2, 10, 0}, {2, 2, 10, 5}, {2, 3, 10, 4}};
  const struct eh_effects *e = eh_effects_fit(arena, cells, 6, 4);
  ck_assert_uint_eq(e->blocks, 1);
  ck_assert_ptr_nonnull(e->block[0].why_not);
  ck_assert_ptr_nonnull(strstr(e->unit[0].why_not, "one way only"));
  eh_arena_free(arena);
}
END_TEST

/* The covariance: of two units in one stratum the sum of both floating variances; and draws have
 * it. */
START_TEST(draws_have_the_covariance) {
  struct eh_arena *arena = eh_arena_new();
  static const struct eh_association_cell cells[] = {{0, 0, 400, 100}, {0, 1, 900, 300},
                                                     {1, 1, 20, 9},    {1, 2, 30, 11},
                                                     {2, 2, 300, 200}, {2, 3, 200, 90}};
  const struct eh_effects *e = eh_effects_fit(arena, cells, 6, 4);
  enum { DRAWS = 40000 };
  double sum[3] = {0}, squares[3] = {0};
  static const size_t pair[3][2] = {{0, 1}, {2, 3}, {0, 3}};
  size_t place[4];
  for (size_t k = 0; k < 4; k++) place[e->member[k]] = k;
  struct eh_random random = eh_random_seeded(4, 0);
  enum { TOGETHER = EH_DRAWN_TOGETHER };
  for (int i = 0; i < DRAWS / TOGETHER; i++) {
    double normal[4 * TOGETHER], drawn[4 * TOGETHER];
    for (int k = 0; k < 4 * TOGETHER; k++) normal[k] = eh_random_normal(&random);
    eh_effects_draw(e, 0, NULL, normal, drawn);
    for (size_t k = 0; k < 3; k++)
      for (size_t l = 0; l < TOGETHER; l++) {
        double d =
            drawn[place[pair[k][0]] * TOGETHER + l] - drawn[place[pair[k][1]] * TOGETHER + l];
        sum[k] += d;
        squares[k] += d * d;
      }
  }
  /* a chain: differences add up, and so do their variances */
  double parts[3] = {0};
  for (size_t s = 0; s < 3; s++) {
    const struct eh_association_cell *c = &cells[2 * s];
    double theta[2] = {e->unit[c[0].unit].theta, e->unit[c[1].unit].theta}, w[2];
    for (int k = 0; k < 2; k++) {
      double p = expit(e->stratum[s].log_odds + theta[k]), n = (double)(c[0].n + c[1].n);
      w[k] = n / (n - 1) * (double)c[k].n * p * (1 - p);
    }
    parts[s] = 1 / w[0] + 1 / w[1];
  }
  double want[3] = {parts[0], parts[2], parts[0] + parts[1] + parts[2]};
  for (int k = 0; k < 3; k++) ck_close(squares[k] / DRAWS - pow(sum[k] / DRAWS, 2), want[k], 0.03);
  ck_assert_double_gt(e->block[0].thinness, EH_TOO_THIN);
  eh_arena_free(arena);
}
END_TEST

/* 95% intervals against the typical unit: share that holds the truth. */
static double coverage(void (*fill)(struct eh_random *random, struct world *w), int worlds) {
  double held = 0, all = 0;
  for (int r = 0; r < worlds; r++) {
    struct eh_arena *arena = eh_arena_new();
    struct world *w = world_new();
    struct eh_versus_typical out[MOST];
    struct eh_random random = eh_random_seeded(11, (uint64_t)r);
    fill(&random, w);
    compare(arena, w, NULL, out);
    const struct eh_effects *e = eh_effects_fit(arena, w->cells, w->count, w->units);
    for (size_t u = 0; u < w->units; u++) {
      if (e->unit[u].fitted != EH_FITTED) continue;
      /* the true typical unit: half of the caseload of this block is at or below it */
      double below = 0, best = INFINITY, total = 0;
      for (size_t v = 0; v < w->units; v++)
        if (e->unit[v].block == e->unit[u].block) total += e->unit[v].records;
      for (size_t v = 0; v < w->units; v++) {
        if (e->unit[v].block != e->unit[u].block) continue;
        below = 0;
        for (size_t x = 0; x < w->units; x++)
          if (e->unit[x].block == e->unit[u].block && w->truth[x] <= w->truth[v])
            below += e->unit[x].records;
        if (2 * below >= total) best = fmin(best, w->truth[v]);
      }
      double truth = w->truth[u] - best;
      held += out[u].excess.low.value <= truth + 1e-9 && truth - 1e-9 <= out[u].excess.high.value;
      all++;
    }
    free(w);
    eh_arena_free(arena);
  }
  return held / all;
}

static void three_of_1000(struct eh_random *random, struct world *w) {
  w->units = 3;
  for (size_t u = 0; u < 3; u++) {
    w->truth[u] = 0.5 * eh_random_normal(random);
    add(random, w, 0, u, 1000, -0.85);
  }
}

static void one_with_most(struct eh_random *random, struct world *w) {
  w->units = 4;
  for (size_t u = 0; u < 4; u++) {
    w->truth[u] = 0.5 * eh_random_normal(random);
    add(random, w, 0, u, u == 0 ? 2700 : 100, -0.85);
  }
}

/* Two groups on different kinds of case, eight records of each side crossing: floating variances
   alone cover 74%. */
static void specialists(struct eh_random *random, struct world *w) {
  w->units = 20;
  for (size_t u = 0; u < 20; u++) w->truth[u] = 0.5 * eh_random_normal(random);
  for (size_t k = 0; k < 6; k++)
    for (size_t u = 0; u < 20; u++) {
      bool own = (u < 10) == (k < 3);
      uint64_t n = own ? 50 : (u == 0 && k == 4) || (u == 12 && k == 1) ? 8 : 0;
      if (n) add(random, w, k, u, n, -0.85 + 0.4 * (double)k - 1);
    }
}

START_TEST(covers) {
  ck_assert_double_eq_tol(coverage(three_of_1000, 150), 0.95, 0.035);
  ck_assert_double_eq_tol(coverage(one_with_most, 150), 0.955, 0.035);
  double of_specialists = coverage(specialists, 40);
  ck_assert_double_ge(of_specialists, 0.89);
  ck_assert_double_le(of_specialists, 0.99);
}
END_TEST

/* The same on any number of threads. */
START_TEST(threads_change_nothing) {
  struct eh_random random = eh_random_seeded(3, 3);
  struct eh_arena *arena = eh_arena_new();
  struct world *w = world_new();
  specialists(&random, w);
  const struct eh_effects *e = eh_effects_fit(arena, w->cells, w->count, w->units);
  bool listed[20];
  memset(listed, true, sizeof listed);
  struct eh_versus_typical one[20], four[20];
  struct eh_typical_options options = {listed, NULL, 0.95, 7, 500, 1};
  eh_typical(e, w->cells, w->count, &options, one);
  options.threads = 4;
  eh_typical(e, w->cells, w->count, &options, four);
  for (size_t u = 0; u < 20; u++) ck_assert_double_eq(one[u].error.value, four[u].error.value);
  /* twice the variance, 1.4 times the error */
  double inflation[20];
  for (size_t u = 0; u < 20; u++) inflation[u] = 2;
  options.inflation = inflation;
  eh_typical(e, w->cells, w->count, &options, four);
  ck_close(four[3].error.value, sqrt(2) * one[3].error.value, 0.05);
  ck_close(four[3].variance.value, 2 * one[3].variance.value, 1e-12);
  free(w);
  eh_arena_free(arena);
}
END_TEST

RUN_TESTS("effects", computed_values, worked_example, two_units_are_mantel_haenszel,
          one_stratum_is_the_odds, sweeps_agree_with_elimination, blocks_and_who_is_left_out,
          linked_one_way, draws_have_the_covariance, covers, threads_change_nothing)
