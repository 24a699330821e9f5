/* The spread of the units: computed values, what it means, and what is shown. */
#include "engine/stats/tau.h"

#include "engine/base/random.h"
#include "tests/stats/trials.h"

enum { MOST = 400 };

/* The units of a trial that enter, from its fit. */
struct entered {
  size_t count, unit[MOST_UNITS];
  struct eh_tau_unit units[MOST_UNITS];
  double records[MOST_UNITS], overall;
};

static struct entered entered_of(const struct trial *trial) {
  struct entered in = {.count = 0};
  struct eh_association_cell cells[2 * MOST_UNITS];
  struct eh_arena *arena = eh_arena_new();
  size_t count = trial_cells(trial, cells);
  const struct eh_effects *e = eh_effects_fit(arena, cells, count, trial->units);
  double events = 0, records = 0;
  for (size_t i = 0; i < count; i++) {
    events += (double)cells[i].events;
    records += (double)cells[i].n;
  }
  in.overall = events / records;
  for (size_t u = 0; u < trial->units; u++) {
    const struct eh_unit_fit *fit = &e->unit[u];
    if (fit->fitted != EH_FITTED || !eh_tau_carries(fit)) continue;
    in.unit[in.count] = u;
    in.records[in.count] = fit->records;
    in.units[in.count++] = (struct eh_tau_unit){fit->theta, fit->variance, fit->block};
  }
  eh_arena_free(arena);
  return in;
}

static struct eh_shown shown_of(const struct entered *in, double tau, double *rates) {
  struct eh_figure centre[1];
  struct eh_shown_unit units[MOST_UNITS];
  eh_tau_centres(in->units, in->count, tau, centre, 1);
  for (size_t i = 0; i < in->count; i++)
    units[i] = (struct eh_shown_unit){
        eh_tau_shrinkage(tau, in->units[i].variance) * (in->units[i].theta - centre[0].value),
        in->records[i]};
  return eh_tau_shown(units, in->count, in->overall, tau, rates);
}

START_TEST(computed_values) {
  static const struct {
    const struct trial *trial;
    size_t units;
    double tau, low, high, centre, lowest, highest;
  } want[] = {{&headline, 12, .685622630125, .430475101807, 1.3783816756, -.3355429748, .1656759446,
               .5520970204},
              {&one_of_six, 6, .578718012642, .305567556783, 1.91555414384, -.4804653758,
               .3053094688, .7734526558},
              {&one_large_unit, 11, .215957232166, .158443244936, .37331287248, -1.1258732208,
               .2248968956, .4972336783},
              {&sixty_units, 60, 0, 0, .0892295221934, -.8465043355, .3001666667, .3001666667},
              {&searched, 12, .755921602157, .503377455995, 1.47249140479, -.8836151617,
               .1199380320, .5682776858}};
  for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
    struct entered in = entered_of(want[i].trial);
    double rates[MOST_UNITS];
    ck_assert_uint_eq(in.count, want[i].units);
    struct eh_tau tau = eh_tau_estimate(in.units, in.count, 0.95);
    ck_assert_double_eq_tol(tau.tau.value, want[i].tau, 1e-9);
    ck_assert_double_eq_tol(tau.low.value, want[i].low, 1e-9);
    ck_close(tau.high.value, want[i].high, 1e-9);
    struct eh_shown shown = shown_of(&in, tau.tau.value, rates);
    ck_close(shown.centre, want[i].centre, 1e-9);
    ck_close(rates[shown.lowest], want[i].lowest, 1e-9);
    ck_close(rates[shown.highest], want[i].highest, 1e-9);
    ck_assert_int_eq(shown.by_hundred, want[i].units >= 20);
  }
}
END_TEST

START_TEST(too_few_and_alone) {
  struct eh_tau_unit units[7];
  for (size_t i = 0; i < 7; i++) units[i] = (struct eh_tau_unit){0.1 * (double)(i * i), 0.01, 0};
  ck_assert_ptr_nonnull(eh_tau_estimate(units, 4, 0.95).tau.why_not);
  ck_assert_ptr_null(eh_tau_estimate(units, 5, 0.95).tau.why_not);
  double plain = eh_tau_estimate(units, 5, 0.95).tau.value;
  units[5].block = 3; /* alone in their blocks: they tell nothing */
  units[6].block = 1;
  struct eh_tau tau = eh_tau_estimate(units, 7, 0.95);
  ck_assert_uint_eq(tau.units, 5);
  ck_assert_uint_eq(tau.blocks, 1);
  ck_close(tau.tau.value, plain, 1e-12);
  ck_assert_ptr_nonnull(eh_tau_estimate(NULL, 0, 0.95).high.why_not);
  struct eh_figure centres[5];
  eh_tau_centres(units, 7, tau.tau.value, centres, 5);
  ck_assert_ptr_nonnull(centres[2].why_not);
  ck_close(centres[3].value, units[5].theta, 1e-12);
}
END_TEST

/* Blocks have a scale of their own: shifting one changes nothing. */
START_TEST(blocks_are_centred) {
  struct eh_random random = eh_random_seeded(1, 1);
  struct eh_tau_unit units[60];
  for (size_t i = 0; i < 60; i++)
    units[i] = (struct eh_tau_unit){0.6 * eh_random_normal(&random),
                                    0.02 + 0.1 * eh_random_uniform(&random), i / 6};
  double before = eh_tau_estimate(units, 60, 0.95).tau.value;
  for (size_t i = 0; i < 60; i++) units[i].theta += (double)units[i].block;
  ck_close(eh_tau_estimate(units, 60, 0.95).tau.value, before, 1e-9);
}
END_TEST

/* Worlds: blocks of units whose effects are known up to errors. */
struct world {
  size_t blocks, units;
  double tau, variance, large; /* the first of a block is known this much better */
};

static void simulate(const struct world *world, int rounds, double *mean_square, double *covers,
                     double *above_zero) {
  *mean_square = *covers = *above_zero = 0;
  for (int r = 0; r < rounds; r++) {
    struct eh_random random = eh_random_seeded(21, (uint64_t)r);
    struct eh_tau_unit units[MOST];
    size_t count = 0;
    for (size_t b = 0; b < world->blocks; b++)
      for (size_t u = 0; u < world->units; u++) {
        double variance = u == 0 ? world->variance / world->large : world->variance;
        double theta = (double)b + world->tau * eh_random_normal(&random) +
                       sqrt(variance) * eh_random_normal(&random);
        units[count++] = (struct eh_tau_unit){theta, variance, b};
      }
    struct eh_tau tau = eh_tau_estimate(units, count, 0.95);
    *mean_square += tau.tau.value * tau.tau.value / rounds;
    *covers += (tau.low.value <= world->tau && world->tau <= tau.high.value) / (double)rounds;
    *above_zero += (tau.low.value > 0) / (double)rounds;
  }
}

START_TEST(finds_the_spread) {
  static const struct world worlds[] = {{1, 12, .5, .016, 1},  {1, 6, .5, .016, 1},
                                        {1, 21, .5, .05, 180}, {20, 2, .5, .05, 1},
                                        {20, 5, .5, .16, 1},   {1, 200, .2, .05, 1}};
  for (size_t i = 0; i < sizeof worlds / sizeof worlds[0]; i++) {
    double square, covers, above;
    simulate(&worlds[i], 150, &square, &covers, &above);
    ck_assert_double_ge(covers, 0.88);
    ck_close(sqrt(square), worlds[i].tau, 0.1);
    struct world none = worlds[i];
    none.tau = 0;
    simulate(&none, 150, &square, &covers, &above);
    ck_assert_double_le(above, 0.06); /* 1% to 3%, and what 150 worlds leave open */
  }
}
END_TEST

/* From twenty units on the hundred's ends are shown, never beyond what a unit did. */
START_TEST(shown_rates) {
  struct eh_shown_unit units[30];
  for (size_t i = 0; i < 30; i++) units[i] = (struct eh_shown_unit){(double)i / 29 - 0.5, 100};
  struct eh_shown few = eh_tau_shown(units, 19, 0.3, 0.2, NULL);
  ck_assert(!few.by_hundred);
  struct eh_shown many = eh_tau_shown(units, 30, 0.3, 0.2, NULL);
  ck_assert(many.by_hundred);
  ck_close(log(many.low / (1 - many.low)), many.centre - 1.6448536269514722 * 0.2, 1e-9);
  ck_close(log(many.high / (1 - many.high)), many.centre + 1.6448536269514722 * 0.2, 1e-9);
  struct eh_shown held = eh_tau_shown(units, 30, 0.3, 3, NULL);
  ck_close(log(held.low / (1 - held.low)), held.centre - 0.5, 1e-9);
  ck_assert_uint_eq(held.lowest, 0);
  ck_assert_uint_eq(held.highest, 29);
  ck_assert_ptr_nonnull(eh_tau_shown(units, 30, 1.0, 0.2, NULL).why_not);
  ck_assert_ptr_nonnull(eh_tau_shown(units, 0, 0.5, 0.2, NULL).why_not);
}
END_TEST

RUN_TESTS("tau", computed_values, too_few_and_alone, blocks_are_centred, finds_the_spread,
          shown_rates)
