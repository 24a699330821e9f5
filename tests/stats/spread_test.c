#include "engine/stats/spread.h"

#include "engine/base/random.h"
#include "engine/stats/mantel_haenszel.h"
#include "tests/stats/reference.h"

enum { MOST = 400 };

struct units {
  struct eh_effect effects[MOST];
  uint64_t caseload[MOST];
  size_t row[MOST]; /* of the reference */
  size_t count;
};

static struct units units_of(const struct reference *r, double id) {
  struct units u = {.count = 0};
  for (size_t i = 0; i < r->rows; i++) {
    if (reference_at(r, i, "id") != id) continue;
    u.effects[u.count] = (struct eh_effect){.theta = reference_at(r, i, "theta"),
                                            .variance = reference_at(r, i, "v"),
                                            .method = EH_EFFECT_ODDS_RATIO};
    u.caseload[u.count] = reference_count(r, i, "caseload");
    u.row[u.count++] = i;
  }
  return u;
}

START_TEST(agrees_with_r) {
  struct reference all = reference_read("spread_units");
  struct reference want = reference_read("spread_values");
  for (size_t i = 0; i < want.rows; i++) {
    struct units u = units_of(&all, reference_at(&want, i, "id"));
    struct eh_spread spread = eh_spread(u.effects, u.count, 0.3);
    ck_close(spread.tau.value, reference_at(&want, i, "tau"), 1e-9);
    ck_close(spread.test.statistic, reference_at(&want, i, "Q"), 1e-9);
    ck_close(spread.test.df, (double)(u.count - 1), 0.0);
    ck_close(spread.low.value, reference_at(&want, i, "low"), 1e-9);
    ck_close(spread.high.value, reference_at(&want, i, "high"), 1e-9);
    struct eh_standing standings[MOST];
    eh_standings(u.effects, u.caseload, u.count, &spread, 0.95, standings);
    for (size_t k = 0; k < u.count; k++) {
      ck_close(standings[k].z.value, reference_at(&all, u.row[k], "z"), 1e-8);
      ck_close(standings[k].q.value, reference_at(&all, u.row[k], "q"), 1e-7);
      ck_close(standings[k].shrinkage.value, reference_at(&all, u.row[k], "B"), 1e-8);
      double excess = reference_at(&all, u.row[k], "versus_typical");
      struct eh_interval typical = standings[k].versus_typical;
      ck_assert(fabs(typical.estimate.value - excess) <= 1e-12);
      ck_close(typical.high.value - typical.low.value,
               2 * 1.959963984540054 * sqrt(u.effects[k].variance), 1e-12);
    }
  }
  free(all.values);
  free(want.values);
}
END_TEST

START_TEST(effect_methods) {
  static const struct eh_table plenty = {12, 40, 30, 200}, rare = {3, 40, 10, 200};
  static const struct eh_table end = {40, 40, 60, 200}, none = {0, 5, 0, 9};
  struct eh_effect effect = eh_effect(&plenty, 1);
  ck_assert_int_eq(effect.method, EH_EFFECT_ODDS_RATIO); /* E = 6 */
  ck_close(effect.theta, log(12.0 * 170.0 / (28.0 * 30.0)), 1e-13);
  ck_close(effect.variance, 1.0 / 12 + 1.0 / 28 + 1.0 / 30 + 1.0 / 170, 1e-13);
  effect = eh_effect(&rare, 1);
  struct eh_cmh cmh = eh_cmh(&rare, 1);
  ck_assert_int_eq(effect.method, EH_EFFECT_ONE_STEP); /* E = 2 */
  ck_close(effect.theta, cmh.deviation / cmh.variance, 1e-14);
  ck_close(effect.variance, 1.0 / cmh.variance, 1e-14);
  ck_assert_int_eq(eh_effect(&end, 1).method, EH_EFFECT_ONE_STEP); /* the odds ratio is infinite */
  /* E = 38, so that 2 non-events are expected; E = 5 is enough */
  static const struct eh_table mirrored = {37, 40, 190, 200}, five = {6, 40, 25, 200};
  ck_assert_int_eq(eh_effect(&mirrored, 1).method, EH_EFFECT_ONE_STEP);
  ck_assert_int_eq(eh_effect(&five, 1).method, EH_EFFECT_ODDS_RATIO);
  effect = eh_effect(&none, 1);
  ck_assert_int_eq(effect.method, EH_EFFECT_NONE);
  ck_assert_ptr_nonnull(effect.why_not);
}
END_TEST

/* Effects and standard errors times a factor: so is the spread, however small. */
START_TEST(tau_has_the_scale_of_the_effects) {
  static const double thetas[] = {-1.1, 0.4, 0.2, 2.0, -0.3, 0.9, 0.0, -2.2};
  enum { UNITS = sizeof thetas / sizeof thetas[0] };
  double plain = 0.0;
  static const double scales[] = {1.0, 1e-5, 1e-2, 1e3};
  for (size_t s = 0; s < 4; s++) {
    struct eh_effect effects[UNITS];
    for (size_t i = 0; i < UNITS; i++)
      effects[i] = (struct eh_effect){scales[s] * thetas[i],
                                      scales[s] * scales[s] * 0.1 * (double)(1 + i % 3),
                                      EH_EFFECT_ODDS_RATIO, NULL};
    double tau = eh_spread(effects, UNITS, 0.3).tau.value;
    if (s == 0) plain = tau;
    ck_assert_double_gt(tau, 0.5 * scales[s]);
    ck_close(tau, scales[s] * plain, 1e-9);
  }
}
END_TEST

START_TEST(too_few_units) {
  struct eh_effect effects[6] = {{-1.0, 0.1, EH_EFFECT_ODDS_RATIO, NULL},
                                 {0.5, 0.2, EH_EFFECT_ONE_STEP, NULL},
                                 {.why_not = "nothing"},
                                 {2.0, 0.1, EH_EFFECT_ODDS_RATIO, NULL},
                                 {0.1, 0.4, EH_EFFECT_ODDS_RATIO, NULL},
                                 {.why_not = "nothing"}};
  const uint64_t caseload[6] = {10, 10, 90, 10, 10, 90};
  struct eh_spread spread = eh_spread(effects, 6, 0.3);
  ck_assert_uint_eq(spread.units, 4);
  ck_assert_ptr_nonnull(spread.tau.why_not);
  ck_assert_ptr_nonnull(spread.low.why_not);
  ck_close(spread.test.df, 3.0, 0.0); /* whether they differ can be asked of two */
  struct eh_standing standings[6];
  eh_standings(effects, caseload, 6, &spread, 0.95, standings);
  ck_assert_ptr_nonnull(standings[0].z.why_not);
  ck_assert_ptr_nonnull(standings[0].mean.why_not);
  /* equal weights: the middle lies between 0.1 and 0.5 */
  ck_close(standings[3].versus_typical.estimate.value, 2.0 - 0.3, 1e-14);
  ck_assert_ptr_nonnull(standings[2].versus_typical.estimate.why_not);
  ck_assert_ptr_nonnull(eh_shrunken_difference(&standings[0], eh_figure(0.2)).why_not);
  ck_assert_str_eq(eh_spread(effects, 1, 0.3).test.why_not, "fewer than two units have an effect");
  ck_assert_ptr_nonnull(eh_spread(NULL, 0, 0.3).tau.why_not);
  eh_standings(NULL, NULL, 0, &spread, 0.95, NULL);
  eh_standings(effects, caseload, 2, &spread, 0.95, standings);
  /* two units have no middle */
  ck_assert_ptr_nonnull(standings[0].versus_typical.estimate.why_not);
}
END_TEST

START_TEST(typical_range) {
  ck_close(eh_typical_range(0.3, 0.0, true).value, 0.3, 1e-15);
  double low = eh_typical_range(0.3, 0.5, false).value;
  double high = eh_typical_range(0.3, 0.5, true).value;
  ck_close(log(high / (1 - high)) - log(low / (1 - low)), 2 * 0.5 * 1.6448536269514722, 1e-12);
  ck_close(eh_typical_range(0.7, 0.5, false).value, 1.0 - high, 1e-14); /* mirror */
  ck_assert_ptr_nonnull(eh_typical_range(0.0, 0.5, true).why_not);
  ck_assert_ptr_nonnull(eh_typical_range(1.0, 0.5, false).why_not);
}
END_TEST

START_TEST(shrunken_difference) {
  struct reference all = reference_read("spread_units");
  struct units u = units_of(&all, 1);
  struct eh_spread spread = eh_spread(u.effects, u.count, 0.3);
  struct eh_standing standings[MOST];
  eh_standings(u.effects, u.caseload, u.count, &spread, 0.95, standings);
  for (size_t i = 0; i < u.count; i++) {
    double B = standings[i].shrinkage.value;
    ck_assert(B > 0.0 && B < 1.0);
    ck_close(standings[i].mean.value, u.effects[i].theta * B, 1e-14);
    ck_close(standings[i].variance.value, u.effects[i].variance * B, 1e-14);
    ck_close(eh_shrunken_difference(&standings[i], eh_figure(-0.2)).value, -0.2 * B, 1e-14);
  }
  ck_assert_ptr_nonnull(eh_shrunken_difference(&standings[0], eh_no_figure("no peers")).why_not);
  free(all.values);
}
END_TEST

/* Six Newark judges: two extreme ones make the other four look extreme against "all others". */
START_TEST(against_the_typical_judge) {
  static const struct eh_table judges[] = {{2, 149, 765, 1084},   {49, 165, 718, 1068},
                                           {172, 269, 595, 964},  {277, 346, 490, 887},
                                           {145, 167, 622, 1066}, {122, 137, 645, 1096}};
  struct eh_effect effects[6];
  uint64_t caseload[6];
  for (size_t i = 0; i < 6; i++) {
    effects[i] = eh_effect(&judges[i], 1);
    caseload[i] = judges[i].n1;
  }
  struct eh_spread spread = eh_spread(effects, 6, 767.0 / 1233.0);
  struct eh_standing standings[6];
  eh_standings(effects, caseload, 6, &spread, 0.95, standings);
  /* by caseload the median lies at the fourth judge: 149 + 165 + 269 < 616.5 < 929 */
  ck_assert_double_eq(standings[3].versus_typical.estimate.value, 0.0);
  ck_assert_double_lt(standings[0].versus_typical_log10_p.value, -10.0);
  ck_assert_double_gt(effects[2].theta, 0.0);
  ck_assert_double_lt(standings[2].versus_typical.estimate.value, 0.0);
  ck_assert_double_gt(standings[3].versus_typical_log10_p.value, -1e-12);
}
END_TEST

static uint64_t binomial(struct eh_random *random, uint64_t n, double p) {
  uint64_t events = 0;
  for (uint64_t i = 0; i < n; i++) events += eh_random_uniform(random) < p;
  return events;
}

enum { SIMULATED_UNITS = 200, STRATA = 5, PER_STRATUM = 20 };

/* Records of 200 units, 100 each over 5 strata, whose true log odds ratios have the spread tau;
   moved of them lie 2 logits further up. The estimated tau. */
static double simulated_tau(struct eh_random *random, double tau, size_t moved) {
  uint64_t events[SIMULATED_UNITS][STRATA], total[STRATA] = {0};
  for (size_t i = 0; i < SIMULATED_UNITS; i++) {
    double effect = tau * eh_random_normal(random) + (i < moved ? 2.0 : 0.0);
    for (size_t k = 0; k < STRATA; k++) {
      double logit = -1.5 + 0.5 * (double)k + effect;
      events[i][k] = binomial(random, PER_STRATUM, 1.0 / (1.0 + exp(-logit)));
      total[k] += events[i][k];
    }
  }
  struct eh_effect effects[SIMULATED_UNITS];
  for (size_t i = 0; i < SIMULATED_UNITS; i++) {
    struct eh_table t[STRATA];
    for (size_t k = 0; k < STRATA; k++)
      t[k] = (struct eh_table){events[i][k], PER_STRATUM, total[k] - events[i][k],
                               (SIMULATED_UNITS - 1) * PER_STRATUM};
    effects[i] = eh_effect(t, STRATA);
  }
  return eh_spread(effects, SIMULATED_UNITS, 0.4).tau.value;
}

START_TEST(planted_spread_is_found) {
  static const double planted[] = {0.2, 0.4, 0.6, 0.8};
  const int replications = 60;
  struct eh_random random = eh_random_seeded(7, 0);
  for (size_t i = 0; i < 4; i++) {
    double mean = 0.0, disturbed = 0.0;
    for (int r = 0; r < replications; r++) {
      mean += simulated_tau(&random, planted[i], 0) / replications;
      disturbed += simulated_tau(&random, planted[i], SIMULATED_UNITS / 20) / replications;
    }
    ck_assert_msg(fabs(mean - planted[i]) <= 0.1 * planted[i], "planted %g, found %g on average",
                  planted[i], mean);
    ck_assert_msg(fabs(disturbed - planted[i]) <= 0.07, "planted %g with 5%% moved, found %g",
                  planted[i], disturbed);
  }
}
END_TEST

RUN_TESTS("spread", agrees_with_r, effect_methods, tau_has_the_scale_of_the_effects, too_few_units,
          typical_range, shrunken_difference, against_the_typical_judge, planted_spread_is_found)
