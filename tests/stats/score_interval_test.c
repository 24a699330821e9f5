/* Miettinen and Nurminen's interval: computed values, its defining equation, and coverage. */
#include "engine/stats/score_interval.h"

#include "engine/base/random.h"
#include "engine/stats/chi_square.h"
#include "tests/stats/trials.h"

static const double reach = 1.959963984540054;

START_TEST(computed_values) {
  static const struct {
    struct eh_table tables[2];
    double low, high;
  } want[] = {{{{0, 105, 0, 101}}, -.0368128015, .0354601381},
              {{{0, 101, 0, 105}}, -.0354601381, .0368128015},
              {{{105, 105, 101, 101}}, -.0354601381, .0368128015},
              {{{0, 50, 0, 50}, {0, 55, 0, 51}}, -.0370366885, .0356275906},
              {{{0, 30, 67, 5970}}, -.0142270818, .1023144882},
              {{{1, 30, 66, 5970}}, -.0053684827, .1556788786},
              {{{40, 40, 1677, 2400}}, .2132622705, .3199151043},
              {{{3, 3, 0, 3}}, .1310350704, 1}};
  for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
    struct eh_interval got = eh_score_interval(want[i].tables, 2, reach);
    ck_close(got.low.value, want[i].low, 1e-8);
    ck_close(got.high.value, want[i].high, 1e-8);
  }
  struct eh_table sparse[20];
  for (int i = 0; i < 20; i++) sparse[i] = (struct eh_table){0, 5, 0, 3};
  struct eh_interval got = eh_score_interval(sparse, 20, reach);
  ck_close(got.low.value, -.0681817422, 1e-8);
  ck_close(got.high.value, .0420560266, 1e-8);
  ck_assert_ptr_nonnull(eh_score_interval(NULL, 0, reach).estimate.why_not);
  ck_assert_ptr_nonnull(eh_score_interval(&(struct eh_table){3, 5, 0, 0}, 1, reach).low.why_not);
}
END_TEST

/* The rates fit best among those as far apart: moving both a little lowers the likelihood. */
START_TEST(rates_fit_best) {
  struct eh_random random = eh_random_seeded(7, 0);
  for (int i = 0; i < 500; i++) {
    uint64_t n1 = 1 + eh_random_below(&random, 30), n2 = 1 + eh_random_below(&random, 60);
    struct eh_table t = {eh_random_below(&random, n1 + 1), n1, eh_random_below(&random, n2 + 1),
                         n2};
    double x = 1.9 * eh_random_uniform(&random) - 0.95;
    struct eh_rates_apart best = eh_rates_apart(&t, x);
    ck_assert_double_eq_tol(best.unit - best.peers, x, 1e-12);
    double counts[2][2] = {{(double)t.a, (double)(n1 - t.a)}, {(double)t.c, (double)(n2 - t.c)}};
    double at[3];
    for (int k = -1; k <= 1; k++) {
      double rates[2] = {best.unit + 1e-3 * k, best.peers + 1e-3 * k};
      at[k + 1] = 0;
      for (int r = 0; r < 2; r++) {
        double p = rates[r];
        if (p < 0 || p > 1) at[k + 1] = -INFINITY;
        if (counts[r][0] > 0) at[k + 1] += counts[r][0] * log(fmax(p, 0));
        if (counts[r][1] > 0) at[k + 1] += counts[r][1] * log(fmax(1 - p, 0));
      }
    }
    ck_assert(!(at[0] > at[1]) && !(at[2] > at[1]));
  }
}
END_TEST

/* 95% of intervals hold the true difference where a few events are expected, and not much more. */
START_TEST(covers) {
  static const struct {
    uint64_t n1, n2;
    size_t strata;
    double unit, peers, least, most;
  } worlds[] = {{60, 600, 1, .05, .05, .93, .985},
                {60, 600, 1, .18, .05, .93, .975},
                {12, 60, 5, .03, .03, .93, .985},
                {100, 100, 1, .03, .03, .94, 1}};
  for (size_t w = 0; w < sizeof worlds / sizeof worlds[0]; w++) {
    enum { ROUNDS = 600 };
    int held = 0;
    for (uint64_t r = 0; r < ROUNDS; r++) {
      struct eh_random random = eh_random_seeded(9 + w, r);
      struct eh_table t[5];
      for (size_t k = 0; k < worlds[w].strata; k++) {
        t[k] = (struct eh_table){0, worlds[w].n1, 0, worlds[w].n2};
        for (uint64_t i = 0; i < t[k].n1; i++)
          t[k].a += eh_random_uniform(&random) < worlds[w].unit;
        for (uint64_t i = 0; i < t[k].n2; i++)
          t[k].c += eh_random_uniform(&random) < worlds[w].peers;
      }
      struct eh_interval got = eh_score_interval(t, worlds[w].strata, reach);
      double truth = worlds[w].unit - worlds[w].peers;
      held += got.low.value <= truth && truth <= got.high.value;
    }
    ck_assert_double_ge((double)held / ROUNDS, worlds[w].least);
    ck_assert_double_le((double)held / ROUNDS, worlds[w].most);
  }
}
END_TEST

/* A unit that differs the other way has the mirrored interval. */
START_TEST(mirrored) {
  static const struct eh_table t[] = {{2, 30, 60, 900}, {0, 9, 3, 40}};
  static const struct eh_table other[] = {{28, 30, 840, 900}, {9, 9, 37, 40}};
  struct eh_interval a = eh_score_interval(t, 2, reach), b = eh_score_interval(other, 2, reach);
  ck_close(a.low.value, -b.high.value, 1e-9);
  ck_close(a.high.value, -b.low.value, 1e-9);
}
END_TEST

RUN_TESTS("score interval", computed_values, rates_fit_best, covers, mirrored)
