#include "engine/stats/exact.h"
#include "tests/stats/reference.h"

/* gamma at the 5% level: the exact one-sided limit of the common odds ratio, by R to 6 digits. */
static const struct {
  int data;
  bool higher;
  double gamma;
} published[] = {
    {MIGRAINE, true, 1.536128}, {RABBITS, true, 1.384222},  {DEATH_PENALTY, false, 1.193001},
    {MIGRAINE, false, 1.0},     {DEATH_PENALTY, true, 1.0}, {UCB, true, 1.0},
};

START_TEST(published_gamma) {
  struct eh_arena *arena = eh_arena_new();
  for (size_t i = 0; i < sizeof published / sizeof published[0]; i++) {
    struct eh_table tables[8];
    size_t count = known_tables(published[i].data, tables);
    struct eh_exact *exact = eh_exact_new(arena, tables, count);
    struct eh_figure gamma = eh_gamma(exact, published[i].higher, 0.05);
    ck_assert_ptr_null(gamma.why_not);
    ck_close(gamma.value, published[i].gamma, 1e-6);
  }
  eh_arena_free(arena);
}
END_TEST

/* Matched pairs, Rosenbaum's own case: of D pairs in which one has the event, it is the unit's in
   T; the bound G is where the binomial probability of T or more of D at G/(1 + G) is 5%. */
START_TEST(gamma_of_matched_pairs) {
  enum { DISCORDANT = 30, OF_UNIT = 23 };
  struct eh_arena *arena = eh_arena_new();
  struct eh_table tables[DISCORDANT + 2] = {{1, 1, 1, 1}, {0, 1, 0, 1}};
  for (int i = 0; i < DISCORDANT; i++)
    tables[2 + i] = (struct eh_table){i < OF_UNIT, 1, i >= OF_UNIT, 1};
  struct eh_exact *exact = eh_exact_new(arena, tables, DISCORDANT + 2);
  double gamma = eh_gamma(exact, true, 0.05).value, tail = 0.0;
  ck_assert_double_gt(gamma, 1.2);
  for (int k = OF_UNIT; k <= DISCORDANT; k++)
    tail += exp(lgamma(DISCORDANT + 1.0) - lgamma(k + 1.0) - lgamma(DISCORDANT - k + 1.0) +
                k * log(gamma) - DISCORDANT * log1p(gamma));
  ck_close(tail, 0.05, 1e-11);
  /* The peers' side of the same pairs. */
  for (int i = 0; i < DISCORDANT + 2; i++)
    tables[i] = (struct eh_table){tables[i].c, 1, tables[i].a, 1};
  exact = eh_exact_new(arena, tables, DISCORDANT + 2);
  ck_close(eh_gamma(exact, false, 0.05).value, gamma, 1e-11);
  eh_arena_free(arena);
}
END_TEST

START_TEST(gamma_at_the_ends) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_exact *all = eh_exact_new(arena, (struct eh_table[]){{6, 6, 0, 6}}, 1);
  ck_assert_double_gt(eh_gamma(all, true, 0.05).value, 5.0);
  ck_assert_double_eq(eh_gamma(all, false, 0.05).value, 1.0);
  struct eh_exact *none = eh_exact_new(arena, (struct eh_table[]){{0, 6, 6, 6}}, 1);
  ck_close(eh_gamma(none, false, 0.05).value, eh_gamma(all, true, 0.05).value, 1e-11);
  ck_assert_double_eq(eh_gamma(none, true, 0.05).value, 1.0);
  struct eh_exact *useless = eh_exact_new(arena, (struct eh_table[]){{0, 6, 0, 6}}, 1);
  ck_assert_ptr_nonnull(eh_gamma(useless, true, 0.05).why_not);
  eh_arena_free(arena);
}
END_TEST

START_TEST(published_e_values) {
  ck_close(eh_e_value(2.0), 3.414214, 2e-7);
  ck_close(eh_e_value(0.8), 1.809017, 2e-7);
  ck_close(eh_e_value(3.9), 7.263034, 1e-6); /* VanderWeele and Ding 2017: 7.26 */
  ck_assert_double_eq(eh_e_value(1.0), 1.0);
}
END_TEST

static struct eh_interval interval(double low, double high) {
  return (struct eh_interval){eh_figure(sqrt(low * high)), eh_figure(low), eh_figure(high)};
}

START_TEST(e_value_of_intervals) {
  struct eh_interval above = interval(4.0, 9.0), below = interval(1.0 / 9.0, 1.0 / 4.0);
  struct eh_interval around = interval(0.9, 1.2), infinite = interval(4.0, 9.0);
  ck_close(eh_e_value_of_interval(&above).value, 3.414214, 2e-7); /* the root of 4 is 2 */
  ck_close(eh_e_value_of_interval(&below).value, 3.414214, 2e-7);
  ck_assert_double_eq(eh_e_value_of_interval(&around).value, 1.0);
  struct eh_interval from_one = interval(1.0, 9.0), just_above = interval(1.005, 9.0);
  ck_assert_double_eq(eh_e_value_of_interval(&from_one).value, 1.0);
  ck_close(eh_e_value_of_interval(&just_above).value, eh_e_value(sqrt(1.005)), 1e-15);
  struct eh_interval to_one = interval(0.25, 1.0), just_to_one = interval(0.25, 1.005);
  ck_assert_double_eq(eh_e_value_of_interval(&to_one).value, 1.0);
  ck_assert_double_eq(eh_e_value_of_interval(&just_to_one).value, 1.0);
  struct eh_interval tiny = interval(1e-6, 1e-4);
  ck_close(eh_e_value_of_interval(&tiny).value, eh_e_value(0.01), 1e-13);
  infinite.high = infinite.estimate = eh_no_figure(EH_INFINITE);
  ck_close(eh_e_value_of_interval(&infinite).value, 3.414214, 2e-7);
  infinite.low = eh_figure(0.5);
  ck_assert_double_eq(eh_e_value_of_interval(&infinite).value, 1.0);
  struct eh_interval none = eh_no_interval("no informative strata");
  ck_assert_str_eq(eh_e_value_of_interval(&none).why_not, "no informative strata");
}
END_TEST

RUN_TESTS("sensitivity", published_gamma, gamma_of_matched_pairs, gamma_at_the_ends,
          published_e_values, e_value_of_intervals)
