/* Pilot offices against the others: ICE's offices of the reference, and whether the interval holds
 * what it promises where offices change of their own accord. */
#include "engine/stats/pilots.h"

#include "engine/base/random.h"
#include "tests/stats/shared_values.h"

static const struct eh_pilots_options options = {0.95, 1};

static const struct {
  const char *pilots[2];
  double difference, error, error_of_records, sigma, p, low, high, groups, placebo;
} cases[] = {
    {{"Baltimore", "Denver"}, -.6310515189877, .349588600935945, .186672918890071, .378023247279141,
     .0854143571510104, -1.35806081345306, .095957775477664, 231, .0387931034482759},
    {{"Atlanta", "Atlanta"}, -.120269992782234, .466311298556326, .105396038671073,
     .442434934286089, .798867677736552, -1.08734043611755, .846800450553079, 23,
     .833333333333333},
};

START_TEST(offices_of_ice) {
  static struct shared_row rows[SHARED_ROWS];
  struct eh_at_time changes[SHARED_ROWS];
  bool is_pilot[SHARED_ROWS];
  if (!shared_is_there()) return;
  size_t count = shared_read("did_units_ice", 1, rows);
  for (size_t i = 0; i < count; i++) {
    changes[i] = (struct eh_at_time){rows[i].numbers[0], rows[i].numbers[1]};
    is_pilot[i] = strcmp(rows[i].first, cases[_i].pilots[0]) == 0 ||
                  strcmp(rows[i].first, cases[_i].pilots[1]) == 0;
  }
  struct eh_pilots p = eh_pilots(changes, is_pilot, count, &options);
  ck_close(p.difference.estimate.value, cases[_i].difference, 1e-9);
  ck_close(p.error.value, cases[_i].error, 1e-9);
  ck_close(p.error_of_records.value, cases[_i].error_of_records, 1e-9);
  ck_close(p.sigma.value, cases[_i].sigma, 1e-9);
  ck_close(p.p.value, cases[_i].p, 1e-9);
  ck_close(p.difference.low.value, cases[_i].low, 1e-9);
  ck_close(p.difference.high.value, cases[_i].high, 1e-9);
  ck_close((double)p.groups, cases[_i].groups, 0);
  ck_close(p.placebo_p.value, cases[_i].placebo, 1e-9);
}
END_TEST

START_TEST(too_few) {
  static const struct eh_at_time changes[] = {{1, .1}, {0, .1}, {0, .1}, {0, .1}, {0, .1}, {.1, .1}};
  static const bool first[6] = {true}, two[6] = {true, true}, none[6] = {false};
  ck_assert_ptr_null(eh_pilots(changes, first, 6, &options).p.why_not);
  ck_assert_str_eq(eh_pilots(changes, two, 6, &options).p.why_not, "too few offices to tell");
  ck_assert_ptr_nonnull(eh_pilots(changes, none, 6, &options).p.why_not);
}
END_TEST

/* Many groups: some are drawn, the same for the same seed. */
START_TEST(drawn_groups) {
  struct eh_at_time changes[40];
  bool is_pilot[40] = {false};
  struct eh_random random = eh_random_seeded(9, 0);
  for (int i = 0; i < 40; i++)
    changes[i] = (struct eh_at_time){.3 * eh_random_normal(&random), .04};
  for (int i = 0; i < 8; i++) is_pilot[i] = true;
  struct eh_pilots a = eh_pilots(changes, is_pilot, 40, &options),
                   b = eh_pilots(changes, is_pilot, 40, &options);
  ck_assert_uint_eq(a.groups, 10000);
  ck_close(a.placebo_p.value, b.placebo_p.value, 0.0);
  ck_assert(a.placebo_p.value > 0.0 && a.placebo_p.value <= 1.0);
}
END_TEST

START_TEST(holds_what_it_promises) {
  enum { WORLDS = 300, OFFICES = 25 };
  struct eh_random random = eh_random_seeded(5, 0);
  int held = 0, of_records = 0;
  for (int world = 0; world < WORLDS; world++) {
    struct eh_at_time changes[OFFICES];
    bool is_pilot[OFFICES] = {true};
    for (int i = 0; i < OFFICES; i++) {
      double error = .2 * exp(.4 * eh_random_normal(&random));
      changes[i] = (struct eh_at_time){
          .3 * eh_random_normal(&random) + error * eh_random_normal(&random), error * error};
    }
    struct eh_pilots p = eh_pilots(changes, is_pilot, OFFICES, &options);
    held += p.difference.low.value <= 0.0 && 0.0 <= p.difference.high.value;
    of_records += fabs(p.difference.estimate.value) <= 1.96 * p.error_of_records.value;
  }
  ck_assert_msg(held >= .91 * WORLDS, "%d of %d", held, WORLDS);
  ck_assert_msg(of_records <= .8 * WORLDS, "%d of %d", of_records, WORLDS);
}
END_TEST

int main(void) {
  TCase *tcase = new_tests("pilots");
  tcase_add_loop_test(tcase, offices_of_ice, 0, sizeof cases / sizeof *cases);
  tcase_add_test(tcase, too_few);
  tcase_add_test(tcase, drawn_groups);
  tcase_add_test(tcase, holds_what_it_promises);
  return run_case("pilots", tcase);
}
