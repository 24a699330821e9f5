/* False discovery rates over families: published and stored values, the definition of the level
 * that decided, and what the procedure promises. */
#include "engine/stats/families.h"

#include "engine/base/random.h"
#include "engine/stats/chi_square.h"
#include "engine/stats/multiplicity.h"
#include "tests/stats/reference.h"
#include "tests/stats/trials.h"

enum { MOST_TESTS = 400 };

START_TEST(nested_agrees_with_r) {
  struct reference r = reference_read("multiplicity");
  double log10_p[128];
  size_t group[128];
  struct eh_discovery found[128];
  ck_assert_uint_le(r.rows, 128);
  for (size_t i = 0; i < r.rows; i++) {
    log10_p[i] = log10(reference_at(&r, i, "p"));
    group[i] = (size_t)reference_at(&r, i, "group");
  }
  struct eh_family family = {.count = r.rows, .group = group, .groups = 12};
  eh_discover(log10_p, &family, 1, 0.05, found);
  for (size_t i = 0; i < r.rows; i++) ck_close(found[i].q, reference_at(&r, i, "nested"), 1e-9);
  free(r.values);
}
END_TEST

START_TEST(far_below_what_a_double_holds) {
  static const double log10_p[] = {-3000.0, -1.0, -2999.0, 0.0};
  static const size_t group[] = {0, 1, 1, 0};
  struct eh_family family = {.count = 4, .group = group, .groups = 2};
  struct eh_discovery found[4];
  eh_discover(log10_p, &family, 1, 0.05, found);
  ck_close(found[0].log10_q, -3000.0 + log10(4.0), 1e-15); /* 2 tests, and 1 of 2 groups selected */
  ck_close(found[2].log10_q, -2999.0 + log10(2.0), 1e-15); /* by then both groups are */
  ck_assert_double_eq(found[3].q, 1.0);
}
END_TEST

/* One group, each its own group, families of one test: all are Benjamini and Hochberg's procedure.
 */
START_TEST(plain_ones_are_benjamini_hochberg) {
  static const double log10_p[] = {-3.0, -0.2, -1.7, -2.0, -0.5, -5.0};
  static const size_t together[] = {2, 2, 2, 2, 2, 2}, apart[] = {5, 4, 3, 2, 1, 0};
  double plain[6];
  eh_benjamini_hochberg(log10_p, 6, plain, NULL);
  const struct eh_family one[] = {{.count = 6},
                                  {.count = 6, .group = together, .groups = 3},
                                  {.count = 6, .group = apart, .groups = 6}};
  const struct eh_family each[] = {{.count = 1}, {.count = 1}, {.count = 0}, {.count = 1},
                                   {.count = 1}, {.count = 1}, {.count = 1}};
  for (int f = 0; f < 4; f++) {
    struct eh_discovery found[6];
    eh_discover(log10_p, f < 3 ? &one[f] : each, f < 3 ? 1 : 7, 0.05, found);
    for (int i = 0; i < 6; i++) ck_close(found[i].q, plain[i], 1e-12);
  }
}
END_TEST

START_TEST(nothing_to_test) {
  const struct eh_family empty[] = {{.count = 0}, {.count = 0}};
  eh_discover(NULL, NULL, 0, 0.05, NULL);
  eh_discover(NULL, empty, 2, 0.05, NULL);
  double log10_p = -2.0;
  const struct eh_family lone = {.count = 1, .any_dependence = true};
  struct eh_discovery found;
  eh_discover(&log10_p, &lone, 1, 0.05, &found);
  ck_close(found.q, 0.01, 1e-13);
  ck_close(found.decided_at, 0.05, 1e-13);
}
END_TEST

/* By any dependence the level is divided by 1 + 1/2 + ... + 1/m. */
START_TEST(level_of_any_dependence) {
  static const double p[] = {.001, .01, .02, .04, .2};
  double log10_p[5];
  for (int i = 0; i < 5; i++) log10_p[i] = log10(p[i]);
  const struct eh_family family = {.count = 5, .any_dependence = true};
  struct eh_discovery found[5];
  eh_discover(log10_p, &family, 1, 0.05, found);
  double sum = 1 + 1 / 2. + 1 / 3. + 1 / 4. + 1 / 5.;
  ck_close(found[0].decided_at, 0.05 / (5 * sum), 1e-12); /* alone, with .05/(5 2.28) */
  ck_close(found[1].decided_at, 0.05 * 2 / (5 * sum), 1e-12);
}
END_TEST

START_TEST(levels_of_the_trials) {
  const struct {
    const struct trial *trial;
    size_t unit; /* one that is found */
    double level;
  } want[] = {{&sixty_units, 59, .05 / 60},  {&one_of_six, 0, .05},    {&headline, 4, .05 * 3 / 12},
              {&searched, 0, .05 * 11 / 12}, {&hits, 0, .05 * 6 / 12}, {&three_units, 1, .05},
              {&new_words, 6, .05 / 7},      {&mirror, 0, .05}};
  for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
    double log10_p[MOST_UNITS];
    struct eh_discovery discoveries[MOST_UNITS];
    trial_log10_p(want[i].trial, log10_p);
    const struct eh_family family = {.count = want[i].trial->units};
    eh_discover(log10_p, &family, 1, 0.05, discoveries);
    ck_close(discoveries[want[i].unit].decided_at, want[i].level, 1e-9);
  }
}
END_TEST

/* Random families, some nested, some of any dependence. */
struct world {
  size_t families, tests;
  struct eh_family family[6];
  size_t group[MOST_TESTS];
  double log10_p[MOST_TESTS];
};

static void make_world(struct eh_random *random, struct world *w) {
  w->families = 1 + (size_t)eh_random_below(random, 6);
  w->tests = 0;
  for (size_t f = 0; f < w->families; f++) {
    struct eh_family *family = &w->family[f];
    *family = (struct eh_family){.count = (size_t)eh_random_below(random, 9),
                                 .any_dependence = eh_random_below(random, 4) == 0};
    if (eh_random_below(random, 2)) family->group = w->group + w->tests, family->groups = 4;
    double strength = 6.0 * eh_random_uniform(random);
    for (size_t i = 0; i < family->count; i++, w->tests++) {
      w->group[w->tests] = (size_t)eh_random_below(random, 4);
      w->log10_p[w->tests] = -strength * eh_random_uniform(random) * eh_random_uniform(random);
    }
  }
}

/* The definition: flagged at a p just below the level, not flagged at one just above. */
START_TEST(level_is_the_largest_p_that_is_flagged) {
  struct eh_random random = eh_random_seeded(5, 0);
  size_t checked = 0;
  for (int round = 0; round < 400; round++) {
    struct world w;
    struct eh_discovery found[MOST_TESTS], moved[MOST_TESTS];
    make_world(&random, &w);
    eh_discover(w.log10_p, w.family, w.families, 0.1, found);
    for (size_t i = 0; i < w.tests; i++) {
      double own = w.log10_p[i];
      w.log10_p[i] = log10(found[i].decided_at * (1 - 1e-6));
      eh_discover(w.log10_p, w.family, w.families, 0.1, moved);
      ck_assert_double_le(moved[i].q, 0.1);
      w.log10_p[i] = fmin(log10(found[i].decided_at * (1 + 1e-6)), 0.0);
      eh_discover(w.log10_p, w.family, w.families, 0.1, moved);
      ck_assert_double_gt(moved[i].q, 0.1);
      w.log10_p[i] = own;
      ck_assert_int_eq(found[i].q <= 0.1, pow(10, own) <= found[i].decided_at);
      checked++;
    }
  }
  ck_assert_uint_gt(checked, 3000);
}
END_TEST

/* Twenty comparisons of twenty units in which nobody differs: each family by itself has some
   finding in about 64% of reports; counted together, in 5%. With four units of one comparison moved
   by 3.5 standard errors, at most 5% of the findings are false. */
START_TEST(holds_its_rate_over_a_report) {
  enum { FAMILIES = 20, UNITS = 20, REPORTS = 400 };
  struct eh_family families[FAMILIES];
  for (size_t f = 0; f < FAMILIES; f++) families[f] = (struct eh_family){.count = UNITS};
  double any[2] = {0}, alone = 0, share = 0;
  for (int r = 0; r < REPORTS; r++)
    for (int moved = 0; moved < 2; moved++) {
      struct eh_random random = eh_random_seeded(2, (uint64_t)(2 * r + moved));
      double log10_p[FAMILIES * UNITS];
      struct eh_discovery found[FAMILIES * UNITS];
      for (size_t i = 0; i < FAMILIES * UNITS; i++)
        log10_p[i] =
            eh_normal_test(eh_random_normal(&random) + (moved && i < 4 ? 3.5 : 0.0)).log10_p;
      eh_discover(log10_p, families, FAMILIES, 0.05, found);
      size_t flagged = 0, false_ones = 0;
      for (size_t i = 0; i < FAMILIES * UNITS; i++) {
        flagged += found[i].q <= 0.05;
        false_ones += found[i].q <= 0.05 && !(moved && i < 4);
      }
      any[moved] += flagged > 0;
      if (moved && flagged) share += (double)false_ones / (double)flagged;
      bool first = false;
      for (size_t f = 0; f < FAMILIES && !moved; f++) {
        eh_discover(log10_p + f * UNITS, families, 1, 0.05, found);
        for (size_t i = 0; i < UNITS; i++) first |= found[i].q <= 0.05;
      }
      alone += first;
    }
  ck_assert_double_le(any[0] / REPORTS, 0.08); /* 5%, and three standard errors */
  ck_assert_double_ge(alone / REPORTS, 0.5);
  ck_assert_double_le(share / REPORTS, 0.07);
  ck_assert_double_ge(any[1] / REPORTS, 0.6);
}
END_TEST

RUN_TESTS("families", nested_agrees_with_r, far_below_what_a_double_holds,
          plain_ones_are_benjamini_hochberg, nothing_to_test, level_of_any_dependence,
          levels_of_the_trials, level_is_the_largest_p_that_is_flagged,
          holds_its_rate_over_a_report)
