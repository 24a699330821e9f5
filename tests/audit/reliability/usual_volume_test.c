/* How many records are usual of each unit, though units come and go. */
#include "engine/audit/reliability/usual_volume.h"

#include "engine/audit/reliability/shortfall.h"
#include "engine/base/random.h"
#include "tests/test.h"

enum { UNITS = 40, DAYS = 1095 };

struct world {
  double counts[UNITS][DAYS], totals[DAYS];
  struct eh_unit_days units[UNITS];
  size_t unit_count;
};

static unsigned poisson(struct eh_random *random, double mean) {
  double limit = exp(-mean), product = eh_random_uniform(random);
  unsigned n = 0;
  for (; product > limit; n++) product *= eh_random_uniform(random);
  return n;
}

static void add_up(struct world *w) {
  for (size_t t = 0; t < DAYS; t++) w->totals[t] = 0;
  for (size_t u = 0; u < w->unit_count; u++) {
    struct eh_unit_days *d = &w->units[u];
    size_t first = DAYS, last = 0;
    for (size_t t = 0; t < DAYS; t++) {
      if (w->counts[u][t] == 0) continue;
      if (first == DAYS) first = t;
      last = t;
    }
    *d = (struct eh_unit_days){.first = first + 1, .end = last};
    for (size_t t = first + 1; t < last; t++) {
      d->records += w->counts[u][t];
      w->totals[t] += w->counts[u][t];
    }
  }
}

/* Units of unequal size under a season; the first ones join late, the next ones leave early. */
static void draw(struct world *w, uint64_t seed, size_t units, size_t joining, size_t leaving) {
  struct eh_random random = eh_random_seeded(seed, 0);
  w->unit_count = units;
  for (size_t u = 0; u < units; u++) {
    double mean = (units < 10 ? 2 : 0.5) * (0.5 + eh_random_uniform(&random));
    size_t first = u < joining ? DAYS * 6 / 10 : 0;
    size_t end = u >= joining && u < joining + leaving ? DAYS * 4 / 10 : DAYS;
    for (size_t t = 0; t < DAYS; t++)
      w->counts[u][t] =
          t >= first && t < end ? poisson(&random, mean * (1 + 0.3 * sin((double)t / 58))) : 0;
  }
  add_up(w);
}

START_TEST(usual_records_add_up_to_those_observed) {
  static struct world w;
  draw(&w, (uint64_t)_i, 12, 4, 3);
  struct eh_usual_volume fit = eh_usual_volume_fit(w.totals, DAYS, w.units, w.unit_count);
  for (size_t u = 0; u < w.unit_count; u++) {
    const struct eh_unit_days *d = &w.units[u];
    ck_close(eh_usual_of_days(&fit, u, d->first, d->end), d->records, 1e-4);
  }
  for (size_t t = 0; t < DAYS; t += 17) {
    double usual = 0;
    for (size_t u = 0; u < w.unit_count; u++)
      if (t >= w.units[u].first && t < w.units[u].end) usual += eh_usual_of_days(&fit, u, t, t + 1);
    ck_close(usual, w.totals[t], 1e-9);
  }
  eh_usual_volume_free(&fit);
}
END_TEST

/* At the ends of the records, where those at work are those that have a record to come, too. */
START_TEST(nothing_seems_to_lack_before_or_after_sound_records) {
  static struct world w;
  draw(&w, 300 + (uint64_t)_i, 40, 0, 0);
  struct eh_usual_volume fit = eh_usual_volume_fit(w.totals, DAYS, w.units, w.unit_count);
  double before = 0, after = 0;
  for (size_t u = 0; u < w.unit_count; u++) {
    before += eh_usual_of_days(&fit, u, 0, w.units[u].first - 1);
    after += eh_usual_of_days(&fit, u, w.units[u].end + 1, DAYS);
  }
  ck_assert_msg(before / 40 < 1.3 && after / 40 < 1.3, "%g %g", before / 40,
                after / 40); /* 1 or less */
  eh_usual_volume_free(&fit);
}
END_TEST

/* Two units at work all the time share each day as they share all days. */
START_TEST(the_others_tell_what_is_usual) {
  double totals[4] = {3, 6, 9, 12};
  struct eh_unit_days units[3] = {
      {.first = 0, .end = 4, .records = 10}, {.first = 0, .end = 4, .records = 20}, {.records = 0}};
  struct eh_usual_volume fit = eh_usual_volume_fit(totals, 4, units, 3);
  ck_close(eh_usual_of_days(&fit, 0, 1, 2), 2.0, 1e-12);
  ck_close(eh_usual_of_day(&fit, 0, 3, 0), 6.0, 1e-12);
  ck_close(eh_usual_of_day(&fit, 0, 3, 4), 4.0, 1e-12);
  ck_close(eh_usual_of_day(&fit, 1, 3, 4), 16.0, 1e-12);
  eh_usual_volume_free(&fit);
}
END_TEST

START_TEST(alone_nothing_is_usual) {
  double totals[3] = {2, 5, 3};
  struct eh_unit_days units[2] = {{.first = 0, .end = 2, .records = 4},
                                  {.first = 1, .end = 3, .records = 6}};
  struct eh_usual_volume fit = eh_usual_volume_fit(totals, 3, units, 2);
  ck_assert(eh_usual_of_day(&fit, 0, 0, 2) < 0);
  ck_assert(eh_usual_of_day(&fit, 0, 1, 2) >= 0);
  ck_assert(eh_usual_of_day(&fit, 1, 2, 3) < 0);
  eh_usual_volume_free(&fit);
}
END_TEST

/* As the assessment looks for it: does a unit seem to record too little for a time? */
static bool is_doubted(const struct world *w, const struct eh_usual_volume *fit, size_t u) {
  static uint32_t observed[DAYS];
  static double expected[DAYS];
  const struct eh_unit_days *d = &w->units[u];
  size_t days = d->end - d->first;
  for (size_t i = 0; i < days; i++) {
    double own = w->counts[u][d->first + i], usual = eh_usual_of_day(fit, u, d->first + i, own);
    observed[i] = usual < 0 ? 0 : (uint32_t)own;
    expected[i] = fmax(usual, 0);
  }
  double least = log(4 * (double)w->unit_count * fmin(d->records, (double)days) / 0.001);
  return eh_shortfall_find(observed, expected, days, least, 0.7).found;
}

/* Joining, leaving and closing make nobody else look as if records were lacking. */
START_TEST(turnover_raises_no_doubt) {
  static const size_t worlds[][3] = {{40, 0, 0}, {40, 10, 0}, {40, 20, 10}, {8, 4, 0}, {8, 0, 2}};
  static struct world w;
  size_t doubted = 0;
  for (size_t k = 0; k < sizeof worlds / sizeof *worlds; k++) {
    draw(&w, 100 * k + (uint64_t)_i, worlds[k][0], worlds[k][1], worlds[k][2]);
    struct eh_usual_volume fit = eh_usual_volume_fit(w.totals, DAYS, w.units, w.unit_count);
    for (size_t u = 0; u < w.unit_count; u++) doubted += is_doubted(&w, &fit, u);
    eh_usual_volume_free(&fit);
  }
  ck_assert_uint_eq(doubted, 0);
}
END_TEST

/* ... and do not hide the one that records 30% of its decisions for 250 days. */
START_TEST(a_unit_that_records_less_is_found_beside_them) {
  static struct world w;
  draw(&w, 900 + (uint64_t)_i, 8, 3, 1);
  struct eh_random random = eh_random_seeded(77 + (uint64_t)_i, 1);
  for (size_t t = DAYS / 2; t < DAYS / 2 + 250; t++) {
    double kept = 0;
    for (double k = 0; k < w.counts[7][t]; k++) kept += eh_random_uniform(&random) < 0.3;
    w.counts[7][t] = kept;
  }
  add_up(&w);
  struct eh_usual_volume fit = eh_usual_volume_fit(w.totals, DAYS, w.units, w.unit_count);
  for (size_t u = 0; u < 8; u++) ck_assert(is_doubted(&w, &fit, u) == (u == 7));
  eh_usual_volume_free(&fit);
}
END_TEST

int main(void) {
  TCase *tcase = new_tests("usual volume");
  tcase_add_loop_test(tcase, usual_records_add_up_to_those_observed, 0, 5);
  tcase_add_loop_test(tcase, nothing_seems_to_lack_before_or_after_sound_records, 0, 10);
  tcase_add_test(tcase, the_others_tell_what_is_usual);
  tcase_add_test(tcase, alone_nothing_is_usual);
  tcase_add_loop_test(tcase, turnover_raises_no_doubt, 0, 6);
  tcase_add_loop_test(tcase, a_unit_that_records_less_is_found_beside_them, 0, 6);
  return run_case("usual volume", tcase);
}
