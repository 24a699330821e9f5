/* The spread of units before and after: the worked units, ICE's offices and Seattle's officers of
 * the reference, and whether the interval holds what it promises. */
#include "engine/stats/spread_change.h"

#include "engine/base/random.h"
#include "tests/stats/shared_values.h"

static const struct eh_at_time before[] = {{.9, .04}, {-.6, .05}, {.2, .03},  {-.1, .06},
                                           {1.4, .1}, {-.8, .04}, {.05, .02}, {.4, .05}};
static const struct eh_at_time after[] = {{.5, .05}, {-.2, .05}, {.1, .03}, {-.1, .05},
                                          {.6, .08}, {-.3, .05}, {0, .02},  {.2, .04}};

static void same(const struct eh_interval *got, double estimate, double low, double high) {
  ck_close(got->estimate.value, estimate, 1e-9);
  ck_close(got->low.value, low, 1e-9);
  ck_close(got->high.value, high, 1e-9);
}

START_TEST(worked) {
  struct eh_spread_change c = eh_spread_change(before, after, 8, 0.95);
  same(&c.before, .69775120338394, .39625672049078, 1.50995877515854);
  same(&c.after, .270912821104838, 0, .701969543579952);
  ck_close(c.correlation.value, .67569129914192, 1e-9);
  same(&c.change, -.426838382279102, -1.08692937804732, -.108905236591386);
  ck_assert_ptr_nonnull(eh_spread_change(before, after, 7, 0.95).change.estimate.why_not);
}
END_TEST

START_TEST(offices_of_ice) {
  static struct shared_row rows[SHARED_ROWS];
  static struct eh_at_time units[SHARED_ROWS];
  if (!shared_is_there()) return;
  size_t count = shared_read("spread_units_ice", 2, rows), all = 0;
  for (size_t i = 0; i < count; i++)
    if (strcmp(rows[i].first, "all") == 0)
      units[all++] = (struct eh_at_time){rows[i].numbers[0], rows[i].numbers[1]};
  struct eh_interval spread = eh_spread_interval(units, all, 0.95);
  same(&spread, 1.58577649449864, 1.17491339917864, 2.31415128450175);
}
END_TEST

START_TEST(officers_of_seattle) {
  static struct shared_row rows[SHARED_ROWS];
  static struct eh_at_time first[SHARED_ROWS], second[SHARED_ROWS];
  if (!shared_is_there()) return;
  size_t count = shared_read("spread_pairs_seattle", 0, rows);
  for (size_t i = 0; i < count; i++) {
    first[i] = (struct eh_at_time){rows[i].numbers[0], rows[i].numbers[1]};
    second[i] = (struct eh_at_time){rows[i].numbers[2], rows[i].numbers[3]};
  }
  ck_assert_uint_eq(count, 37);
  struct eh_spread_change c = eh_spread_change(first, second, count, 0.95);
  same(&c.before, .562415865021394, .34493485638608, .877540962659306);
  same(&c.after, .897273721785612, .655636160671133, 1.2620562781379);
  ck_close(c.correlation.value, .181086115516611, 1e-9);
  same(&c.change, .334857856764218, -.0258560875931843, .724257384425942);
}
END_TEST

/* The spread halves, or stays: of 25 units that stay much as they were. */
static const struct {
  double was, is;
} worlds[] = {{.6, .6}, {.6, .3}};

START_TEST(holds_what_it_promises) {
  enum { WORLDS = 400, UNITS = 25 };
  struct eh_random random = eh_random_seeded(4, (uint64_t)_i);
  double was = worlds[_i].was, is = worlds[_i].is;
  int held = 0, called = 0;
  for (int world = 0; world < WORLDS; world++) {
    struct eh_at_time x[UNITS], y[UNITS];
    for (int u = 0; u < UNITS; u++) {
      double own = eh_random_normal(&random), later = .8 * own + .6 * eh_random_normal(&random);
      double v = .15 * exp(.5 * eh_random_normal(&random)), w = .15 * exp(.5 * eh_random_normal(&random));
      x[u] = (struct eh_at_time){was * own + v * eh_random_normal(&random), v * v};
      y[u] = (struct eh_at_time){is * later + w * eh_random_normal(&random), w * w};
    }
    struct eh_interval c = eh_spread_change(x, y, UNITS, 0.95).change;
    held += c.low.value <= is - was && is - was <= c.high.value;
    called += c.high.value < 0.0;
  }
  ck_assert_msg(held >= .915 * WORLDS, "%d of %d", held, WORLDS);
  ck_assert_msg(is == was ? called <= .04 * WORLDS : called >= .7 * WORLDS, "called %d", called);
}
END_TEST

START_TEST(log_odds_ratios) {
  static const struct eh_table one[] = {{30, 60, 40, 100}}, few[] = {{2, 3, 1, 4}},
                               none[] = {{0, 3, 0, 4}};
  struct eh_at_time effect;
  ck_assert(eh_log_odds_ratio(one, 1, &effect));
  ck_close(effect.effect, log(30.0 * 60.0 / (30.0 * 40.0)), 1e-13);
  ck_assert(eh_log_odds_ratio(few, 1, &effect)); /* one step: D/V = (2 - 9/7)/(3*4*3*4/(49*6)) */
  ck_close(effect.effect, (2.0 - 9.0 / 7.0) / (144.0 / 294.0), 1e-13);
  ck_assert(!eh_log_odds_ratio(none, 1, &effect));
}
END_TEST

int main(void) {
  TCase *tcase = new_tests("spread_change");
  tcase_add_test(tcase, worked);
  tcase_add_test(tcase, offices_of_ice);
  tcase_add_test(tcase, officers_of_seattle);
  tcase_add_loop_test(tcase, holds_what_it_promises, 0, sizeof worlds / sizeof *worlds);
  tcase_add_test(tcase, log_odds_ratios);
  return run_case("spread_change", tcase);
}
