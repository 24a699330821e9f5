/* Do the statistics keep their promises? A small part of what `make bench-stats` simulates, with
 * fixed seeds; tests/CALIBRATION.md tells what the whole shows. Every claim is held to its figure
 * plus three standard errors of the simulation. */
#include "engine/base/parallel.h"
#include "tests/bench/balanced.h"
#include "tests/bench/score.h"
#include "tests/bench/together.h"
#include "tests/test.h"

#define RATE 0.05 /* the rules' default */
#define ANY_CASELOAD "{smallest_caseload: 1}"

/* Sanitizers are slow, and look for something else. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SHARE = 3 };
#else
enum { SHARE = 1 };
#endif

static struct score_options options_of(size_t comparisons, uint64_t seed) {
  return (struct score_options){
      .comparisons = comparisons / SHARE, .threads = eh_processors(), .seed = seed};
}

static void ck_at_most(const char *what, struct score_mean mean, double most) {
  ck_assert_msg(mean.value <= most + 3.0 * mean.error, "%s: %.4f (standard error %.4f) is above %g",
                what, mean.value, mean.error, most);
}

static void ck_coverage(const char *what, const struct score_intervals *intervals, double least,
                        double most) {
  struct score_mean mean = score_coverage(intervals);
  ck_assert_msg(intervals->count > 0, "%s: no interval", what);
  ck_assert_msg(mean.value >= least - 3.0 * mean.error && mean.value <= most + 3.0 * mean.error,
                "%s: of %.0f intervals %.4f cover (standard error %.4f)", what, intervals->count,
                mean.value, mean.error);
}

START_TEST(where_nobody_differs_nobody_is_found) {
  static const struct {
    const char *what, *flag;
    struct world_shapes shapes;
  } rows[] = {
      {"small caseloads",
       ANY_CASELOAD,
       {{.units = 2, .strata = 5, .caseload = 10, .base_rate = .05, .skew = .8},
        {.units = 30, .strata = 50, .caseload = 60, .base_rate = .5}}},
      {"nested",
       "{smallest_caseload: 1, multiplicity: nested}",
       {{.units = 20, .offices = 4, .strata = 2, .caseload = 20, .base_rate = .1, .skew = .5},
        {.units = 30, .strata = 10, .caseload = 60, .base_rate = .5}}},
      {"any-dependence",
       "{smallest_caseload: 1, multiplicity: any-dependence}",
       {{.units = 2, .strata = 5, .caseload = 10, .base_rate = .05, .skew = .8},
        {.units = 20, .strata = 20, .caseload = 60, .base_rate = .5}}},
  };
  static const size_t comparisons[] = {2000, 500, 500};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct eh_arena *arena = eh_arena_new();
    const struct eh_rules *rules =
        world_rules(arena, rows[i].flag, rows[i].shapes.from.offices > 0);
    ck_assert_ptr_nonnull(rules);
    struct score_options options = options_of(comparisons[i], 1 + i);
    struct score score = score_shapes(rules, &rows[i].shapes, &options);
    ck_assert(score.testable > score.comparisons);
    ck_at_most(rows[i].what, score_any(&score, &score.found), RATE);
    /* Nor is the test so timid that nothing could ever be found. */
    ck_assert_msg(SHARE > 1 || score.found.comparisons > 0, "%s", rows[i].what);
    eh_arena_free(arena);
  }
}
END_TEST

START_TEST(few_of_the_found_are_false) {
  static const struct {
    const char *what, *flag;
    double least_power; /* of the flagged, beside the oracle's */
    struct world_plan plan;
  } rows[] = {
      /* Offices without planted units are where a finding can be false. */
      {"officers in offices",
       ANY_CASELOAD,
       .75,
       {.units = 60,
        .offices = 6,
        .affected = 2,
        .strata = 10,
        .caseload = 100,
        .skew = .5,
        .base_rate = .2,
        .planted = .2}},
      {"nested",
       "{smallest_caseload: 1, multiplicity: nested}",
       .75,
       {.units = 60,
        .offices = 6,
        .affected = 2,
        .strata = 10,
        .caseload = 100,
        .skew = .5,
        .base_rate = .2,
        .planted = .2}},
      {"any-dependence",
       "{smallest_caseload: 1, multiplicity: any-dependence}",
       .4,
       {.units = 60,
        .offices = 6,
        .affected = 2,
        .strata = 10,
        .caseload = 100,
        .skew = .5,
        .base_rate = .2,
        .planted = .2}},
      {"sparse",
       ANY_CASELOAD,
       .75,
       {.units = 40, .strata = 200, .caseload = 150, .skew = .5, .base_rate = .3, .planted = .1}},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct eh_arena *arena = eh_arena_new();
    struct world_plan plan = rows[i].plan;
    plan.effect = world_effect(plan.base_rate, .2);
    const struct eh_rules *rules = world_rules(arena, rows[i].flag, plan.offices > 0);
    ck_assert_ptr_nonnull(rules);
    struct score_options options = options_of(60, 20);
    options.oracle = true;
    struct score score = score_plan(rules, &plan, &options);
    ck_at_most(rows[i].what, score_false_proportion(&score, &score.found), RATE);
    ck_at_most(rows[i].what, score_false_proportion(&score, &score.flagged), RATE);
    ck_assert(score.targets > 0);
    ck_assert_msg(score.targets_flagged >= rows[i].least_power * score.oracle_flagged,
                  "%s: %.0f of %.0f flagged, %.0f by an oracle", rows[i].what,
                  score.targets_flagged, score.targets, score.oracle_flagged);
    eh_arena_free(arena);
  }
}
END_TEST

START_TEST(signs_are_right_where_all_differ) {
  static const double spreads[] = {.2, .4, .8};
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules = world_rules(arena, ANY_CASELOAD, false);
  ck_assert_ptr_nonnull(rules);
  for (size_t i = 0; i < sizeof spreads / sizeof spreads[0]; i++) {
    struct world_plan plan = {.units = 40,
                              .strata = 20,
                              .caseload = 100,
                              .skew = .8,
                              .base_rate = .3,
                              .spread = spreads[i]};
    struct score_options options = options_of(60, 30 + i);
    struct score score = score_plan(rules, &plan, &options);
    ck_at_most("sign errors", score_false_proportion(&score, &score.found), RATE);
    ck_coverage("spread", &score.sure, .935, .96);
    ck_assert(score.found.units > 0);
  }
  eh_arena_free(arena);
}
END_TEST

START_TEST(intervals_cover) {
  static const struct {
    const char *what;
    double most; /* above 96% where the difference is not the same in all kinds of case: safe */
    struct world_plan plan;
  } rows[] = {
      {"few events", .96, {.units = 40, .strata = 5, .caseload = 400, .base_rate = .05}},
      {"sparse", .96, {.units = 40, .strata = 300, .caseload = 200, .base_rate = .2, .spread = .4}},
      {"half", .96, {.units = 20, .strata = 20, .caseload = 60, .base_rate = .5, .spread = .8}},
      {"two units",
       .96,
       {.units = 2, .strata = 50, .caseload = 300, .base_rate = .2, .spread = .4}},
      {"uneven", .975, {.units = 20, .strata = 50, .caseload = 200, .base_rate = .3, .uneven = 1}},
  };
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules = world_rules(arena, ANY_CASELOAD, false);
  ck_assert_ptr_nonnull(rules);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct score_options options = options_of(2400 / rows[i].plan.units, 40 + i);
    struct score score = score_plan(rules, &rows[i].plan, &options);
    ck_coverage(rows[i].what, &score.sure, .935, rows[i].most);
  }
  eh_arena_free(arena);
}
END_TEST

START_TEST(the_spread_is_found) {
  static const double spreads[] = {.2, .4, .8, .4}, rates[] = {.4, .4, .4, .15};
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules = world_rules(arena, ANY_CASELOAD, false);
  ck_assert_ptr_nonnull(rules);
  for (size_t i = 0; i < sizeof spreads / sizeof spreads[0]; i++) {
    struct world_plan plan = {.units = 200,
                              .strata = 10,
                              .caseload = 100,
                              .base_rate = rates[i],
                              .spread = spreads[i],
                              .effect = 2.0};
    struct score_options options = options_of(12, 50 + i);
    struct score usual = score_plan(rules, &plan, &options);
    plan.planted = .05;
    struct score moved = score_plan(rules, &plan, &options);
    struct score_mean tau = score_tau(&usual), other = score_tau(&moved);
    ck_assert_msg(fabs(tau.value - spreads[i]) <= .1 * spreads[i] + 3.0 * tau.error,
                  "tau %.4f (standard error %.4f), planted %g", tau.value, tau.error, spreads[i]);
    ck_assert_msg(fabs(other.value - spreads[i]) <= .07 + 3.0 * other.error,
                  "tau %.4f (standard error %.4f), planted %g, some units moved", other.value,
                  other.error, spreads[i]);
  }
  eh_arena_free(arena);
}
END_TEST

START_TEST(the_reported_power_is_had) {
  static const struct world_plan plans[] = {
      {.units = 20, .strata = 20, .caseload = 60, .skew = .5, .base_rate = .3},
      {.units = 30, .strata = 100, .caseload = 150, .skew = .5, .base_rate = .2},
  };
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules = world_rules(arena, "{smallest_caseload: 30}", false);
  ck_assert_ptr_nonnull(rules);
  for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++) {
    struct score_options options = options_of(200, 60 + i);
    struct score_power power = score_power_80(rules, &plans[i], &options);
    double share = power.flagged / power.reports;
    /* Everything is decided anew, the peers' records too: that costs a few points. */
    ck_assert_msg(fabs(share - .78) <= .04 + 3.0 * sqrt(.8 * .2 / power.reports),
                  "%.0f of %.0f flagged", power.flagged, power.reports);
  }
  eh_arena_free(arena);
}
END_TEST

static void ck_share(const char *what, size_t any, size_t all, double most) {
  double share = (double)any / (double)all;
  double error = sqrt(most * (1.0 - most) / (double)all);
  ck_assert_msg(share <= most + 3.0 * error, "%s: any finding in %zu of %zu", what, any, all);
}

/* Days, families, persons and batches that hang together, and nobody differs. */
START_TEST(decisions_that_hang_together_find_nobody) {
  static const struct together_plan rows[] = {
      {"independent", 20, 10, 10, false, 1, .3, 0, 0, false},
      {"days .5", 20, 10, 10, false, 1, .3, .5, 0, false},
      {"days 1, geometric, 5 strata", 20, 12, 10, true, 5, .3, 1, 0, false},
      {"batches of 20", 20, 10, 20, false, 1, .3, 1, 0, false},
      {"families of 4", 20, 25, 4, false, 1, .3, 2, 0, false},
      {"persons twice", 20, 50, 2, false, 2, .3, 2, 0, true}};
  struct eh_arena *arena = eh_arena_new();
  const struct eh_rules *rules =
      world_rules(arena, "{smallest_caseload: 1, smallest_difference: 0.001 points}", false);
  size_t audits = 60 / SHARE;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct together_score named = together_audit(rules, &rows[i], TOGETHER_NAMED, audits, 7 + i);
    struct together_score auto_ = together_audit(rules, &rows[i], TOGETHER_SCREENED, audits, 7 + i);
    ck_share(rows[i].what, named.any, audits, RATE);
    ck_share(rows[i].what, auto_.any, audits, RATE + 0.02); /* weak dependence is not always seen */
    double covering = (double)named.covering / (double)named.intervals;
    ck_assert_msg(covering > 0.93 && covering < 0.985, "%s: %.4f cover", rows[i].what, covering);
    if (i != 2) continue;
    struct together_score none = together_audit(rules, &rows[i], TOGETHER_INDEPENDENT, audits, 7);
    ck_assert_uint_gt(none.any, audits / 3); /* what is held off */
  }
  eh_arena_free(arena);
}
END_TEST

START_TEST(values_and_rare_categories_find_nobody) {
  static const struct values_plan values[] = {{"5% positive", 30, 30, 80, 1, .05},
                                              {"1% positive, 3 strata", 30, 30, 80, 3, .01},
                                              {"all positive", 15, 20, 40, 1, 1}};
  static const struct categories_plan categories[] = {
      {"85%, 5%, 5%, 5%", 20, 60, 130, 4, {.85, .05, .05, .05}},
      {"12 outcomes",
       20,
       30,
       100,
       12,
       {.4, .2, .1, .08, .06, .05, .04, .03, .02, .01, .006, .004}}};
  size_t audits = 40 / SHARE;
  for (size_t i = 0; i < 3; i++)
    ck_share(values[i].what, together_values(&values[i], audits, 3 + i), audits, RATE);
  for (size_t i = 0; i < 2; i++)
    ck_share(categories[i].what, together_categories(&categories[i], audits, 3 + i), audits, RATE);
}
END_TEST

/* Peers weighted until their caseload is the unit's; the last row's peers are few. */
START_TEST(weighted_peers) {
  static const struct {
    struct balanced_plan plan;
    size_t worlds;
    double most; /* of units that do not differ, p < .005 */
  } rows[] = {{{"10 factors", 40, 10, 60, 0.6, 0.8, 0.3, 0, 0}, 24, 0.010},
              {{"15 cases", 40, 10, 15, 0.6, 0.8, 0.1, 0, 0}, 24, 0.010},
              {{"two matter jointly", 40, 6, 250, 0.6, 0, 0.3, 0, 1.5}, 16, 0.010},
              {{"three peers", 4, 10, 100, 0.6, 0.8, 0.1, 0, 0}, 300, 0.015}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct balanced_score s =
        balanced_audit(&rows[i].plan, rows[i].worlds / SHARE, 7, eh_processors());
    double covered = s.covered / s.tested, error = sqrt(0.95 * 0.05 / s.tested);
    ck_assert_msg(covered >= 0.935 - 3.0 * error && covered <= 0.965 + 3.0 * error,
                  "%s: of %.0f intervals %.4f cover", rows[i].plan.what, s.tested, covered);
    double found = s.found / s.same, most = rows[i].most;
    ck_assert_msg(found <= most + 3.0 * sqrt(most / s.same), "%s: %.4f of %.0f are found",
                  rows[i].plan.what, found, s.same);
  }
}
END_TEST

RUN_TESTS("calibration", where_nobody_differs_nobody_is_found, few_of_the_found_are_false,
          signs_are_right_where_all_differ, intervals_cover, the_spread_is_found,
          the_reported_power_is_had, decisions_that_hang_together_find_nobody,
          values_and_rare_categories_find_nobody, weighted_peers)
