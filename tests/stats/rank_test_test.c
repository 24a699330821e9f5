#include "engine/stats/rank_test.h"

#include "tests/stats/reference.h"

enum { MOST = 200, MOST_STRATA = 8 };

/* One world of ranks_classes.csv. */
struct world {
  struct eh_rank_class classes[MOST];
  struct eh_rank_stratum strata[MOST_STRATA];
  size_t count;
};

static void read_world(struct world *w, const struct reference *r, double id) {
  size_t used = 0;
  *w = (struct world){.count = 0};
  for (size_t i = 0; i < r->rows; i++) {
    if (reference_at(r, i, "id") != id) continue;
    size_t h = reference_count(r, i, "stratum");
    if (h == w->count) w->strata[w->count++].classes = &w->classes[used];
    w->strata[h].count++;
    w->classes[used++] =
        (struct eh_rank_class){reference_at(r, i, "records"), reference_at(r, i, "own")};
  }
}

START_TEST(agrees_with_all_ways) {
  static struct world w;
  struct reference classes = reference_read("ranks_classes");
  struct reference want = reference_read("ranks_values");
  for (size_t i = 0; i < want.rows; i++) {
    read_world(&w, &classes, reference_at(&want, i, "id"));
    struct eh_rank_test got = eh_rank_test(w.strata, w.count);
    ck_close(got.statistic, reference_at(&want, i, "statistic"), 1e-13);
    if (got.p > 0.1) {
      ck_assert_int_eq(got.method, EH_RANK_SADDLEPOINT);
      ck_close(got.log10_p, reference_at(&want, i, "log10_p"), 0.02);
    } else {
      ck_close(got.log10_p, reference_at(&want, i, "log10_p"), 1e-11);
      ck_assert_int_ne(got.method, EH_RANK_SADDLEPOINT);
    }
    /* and the unit's values as if they were its peers' */
    for (size_t h = 0; h < w.count; h++)
      for (size_t j = 0; j < w.strata[h].count; j++) {
        struct eh_rank_class *class = &w.classes[w.strata[h].classes - w.classes + (long)j];
        class->own = class->records - class->own;
      }
    struct eh_rank_test mirror = eh_rank_test(w.strata, w.count);
    ck_close(mirror.statistic, -got.statistic, 1e-12);
    ck_close(mirror.log10_p, got.log10_p, 1e-10);
  }
  free(classes.values);
  free(want.values);
}
END_TEST

/* Tables with figures by big whole numbers, by coin in R and by another saddlepoint. */
struct known {
  size_t count;
  double records[60], own[60];
  double statistic, variance, exact, saddlepoint;
};

static void check_known(const struct known *k, enum eh_rank_method method) {
  struct eh_rank_class classes[60];
  for (size_t j = 0; j < k->count; j++)
    classes[j] = (struct eh_rank_class){k->records[j], k->own[j]};
  struct eh_rank_stratum stratum = {classes, k->count};
  struct eh_rank_test got = eh_rank_test(&stratum, 1);
  ck_close(got.statistic, k->statistic, 1e-11);
  ck_close(got.variance, k->variance, 1e-11);
  ck_assert_int_eq(got.method, method);
  ck_close(pow(10.0, got.saddlepoint_log10_p), k->saddlepoint, 1e-8);
  ck_close(got.p, method == EH_RANK_EXACT ? k->exact : k->saddlepoint, 1e-8);
}

START_TEST(a_few_values_that_are_not_zero) {
  /* own 97 zeros, 5, 8, 9; peers 3894 zeros, 1, 2, 3, 4, 6, 7 */
  check_known(&(struct known){10,
                              {3991, 1, 1, 1, 1, 1, 1, 1, 1, 1},
                              {97, 0, 0, 0, 0, 1, 0, 0, 1, 1},
                              1.38890277431,
                              .0547067696964,
                              .000162750470549,
                              .000680374650436},
              EH_RANK_EXACT);
}
END_TEST

START_TEST(no_ties) {
  /* 3,5,9,11,12,17,20,21 against 1,2,4,6,7,8,10,13,14,15: above .1 the saddlepoint stands */
  check_known(&(struct known){18,
                              {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
                              {0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0, 0, 0, 1, 1, 1},
                              .789473684211,
                              .350877192982,
                              .187942776178,
                              .187443124889},
              EH_RANK_SADDLEPOINT);
}
END_TEST

/* The same, and in a second stratum 1, 4, 4 against 2, 2, 3, 4, 4, 6, 7. */
START_TEST(two_strata) {
  struct eh_rank_class first[18], second[] = {{1, 1}, {2, 0}, {1, 0}, {4, 2}, {1, 0}, {1, 0}};
  static const int own[] = {3, 5, 9, 11, 12, 17, 20, 21};
  static const int all[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 20, 21};
  for (size_t j = 0, k = 0; j < 18; j++) {
    first[j] = (struct eh_rank_class){1, all[j] == own[k]};
    k += all[j] == own[k] && k < 7;
  }
  struct eh_rank_stratum strata[] = {{first, 18}, {second, 6}};
  struct eh_rank_test got = eh_rank_test(strata, 2);
  ck_assert_int_eq(got.method, EH_RANK_SADDLEPOINT);
  ck_close(got.statistic, .562200956938, 1e-11);
  ck_close(got.variance, .499362041467, 1e-11);
  ck_close(got.p, .432798284229, 1e-8);
}
END_TEST

START_TEST(far_tail) {
  /* 0, 101..119 against 120, 1..39: as coin */
  struct known k = {60, {0}, {0}, 5.59016393443, 1.09289617486, 2.16869208469e-09, 2.156559258e-09};
  for (size_t j = 0; j < 60; j++) {
    k.records[j] = 1.0;
    k.own[j] = j == 0 || (j >= 40 && j < 59);
  }
  check_known(&k, EH_RANK_EXACT);
}
END_TEST

/* Two classes are a 2 x 2 table: the mid-p of Fisher's test. */
START_TEST(two_values_are_a_table) {
  struct eh_rank_class classes[] = {{50, 1}, {40, 14}};
  struct eh_rank_stratum stratum = {classes, 2};
  struct eh_rank_test got = eh_rank_test(&stratum, 1);
  double below = 0.0, at = 0.0;
  for (int k = 0; k <= 1; k++) {
    double chance = exp(lgamma(51) - lgamma(k + 1) - lgamma(51 - k) + lgamma(41) - lgamma(16 - k) -
                        lgamma(26 + k) - (lgamma(91) - lgamma(16) - lgamma(76)));
    if (k < 1)
      below += chance;
    else
      at = chance;
  }
  ck_assert_int_eq(got.method, EH_RANK_EXACT);
  ck_close(got.p, 2.0 * below + at, 1e-11);
}
END_TEST

START_TEST(ends) {
  struct eh_rank_class top[] = {{5, 0}, {5, 5}}, bottom[] = {{7, 3}, {5, 0}}, equal[] = {{9, 4}};
  struct eh_rank_stratum both[] = {{top, 2}, {equal, 1}}, low = {bottom, 2};
  struct eh_rank_test got = eh_rank_test(both, 2);
  ck_assert_int_eq(got.method, EH_RANK_END);
  ck_close(got.p, 1.0 / 252.0, 1e-12);
  got = eh_rank_test(&low, 1);
  ck_close(got.p, 35.0 / 220.0, 1e-12);
  ck_assert_double_lt(got.statistic, 0.0);
  ck_assert_ptr_nonnull(eh_rank_test(&both[1], 1).why_not);
  ck_assert_ptr_nonnull(eh_rank_test(NULL, 0).why_not);
}
END_TEST

/* A p that no double holds. */
START_TEST(tails_beyond_doubles) {
  struct eh_rank_class classes[] = {{4000, 10}, {3000, 2990}};
  struct eh_rank_stratum stratum = {classes, 2};
  struct eh_rank_test got = eh_rank_test(&stratum, 1);
  ck_assert_int_eq(got.method, EH_RANK_EXACT);
  double log_at = lgamma(4001) - lgamma(11) - lgamma(3991) + lgamma(3001) - lgamma(2991) -
                  lgamma(11) - (lgamma(7001) - lgamma(3001) - lgamma(4001));
  double next = 10.0 / 3991.0 * (10.0 / 2991.0);
  ck_close(got.log10_p, (log_at + log1p(2.0 * next)) / M_LN10, 1e-12);
  ck_assert_double_lt(got.log10_p, -2000.0);
}
END_TEST

/* Too many states to count, in bounded time. */
START_TEST(many_values) {
  enum { N = 20000 };
  struct eh_rank_class *classes = calloc(N, sizeof *classes);
  for (int j = 0; j < N; j++) classes[j] = (struct eh_rank_class){1, j % 40 == 0 || j > N - 30};
  struct eh_rank_stratum stratum = {classes, N};
  struct eh_rank_test got = eh_rank_test(&stratum, 1);
  ck_assert_int_eq(got.method, EH_RANK_SADDLEPOINT);
  ck_assert(!got.approximate);
  ck_close(got.p, erfc(got.statistic / sqrt(2.0 * got.variance)), 0.01);
  free(classes);
}
END_TEST

RUN_TESTS("rank test", agrees_with_all_ways, a_few_values_that_are_not_zero, no_ties, two_strata,
          far_tail, two_values_are_a_table, ends, tails_beyond_doubles, many_values)
