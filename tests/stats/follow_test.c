/* Earlier findings looked at again: values of the reference script on ICE's offices, October and
 * December 2016, and what must hold. */
#include "engine/stats/follow.h"

#include "engine/base/random.h"
#include "tests/test.h"

static const double ICE_TAU = 1.20430400018619;

static const struct {
  const char *office;
  double old_effect, old_variance, shrinkage, effect, variance, z, p;
} offices[] = {
    {"Atlanta", 1.99186344328499, .00474924067360618, .996736135473759, 1.61041383045765,
     .00537812422446419, -3.72868710747352, .000192479966478083},
    {"Baltimore", 1.02392525885868, .0275186356193218, .981379488087063, .110269751569989,
     .0505412125657619, -3.21247731323465, .0013159554135129},
    {"Buffalo", -.619200518087999, .0834867145974984, .945569945049113, -1.58775765570626,
     .340153606748161, -1.54818794386925, .121577053214381},
    {"Dallas", -1.01063889929175, .0117899671194307, .991936488636697, -.666667749477247,
     .0122063523642776, 2.17219413082015, .0298410232012534},
    {"Denver", .869382016573731, .0174596389012965, .988104955340676, .299775446895699,
     .0213297642643942, -2.84725935622609, .00440974198003384},
};

START_TEST(offices_of_ice) {
  struct eh_follow f =
      eh_follow(eh_figure(ICE_TAU),
                (struct eh_seen){offices[_i].old_effect, offices[_i].old_variance},
                (struct eh_seen){offices[_i].effect, offices[_i].variance});
  ck_close(f.shrinkage, offices[_i].shrinkage, 1e-12);
  ck_close(f.z, offices[_i].z, 1e-9);
  ck_close(pow(10.0, f.log10_p), offices[_i].p, 1e-9);
}
END_TEST

START_TEST(nothing_is_allowed_for_without_a_spread) {
  struct eh_seen earlier = {1.0, 0.04}, later = {0.4, 0.05};
  struct eh_follow f = eh_follow(eh_no_figure("fewer than 5 units"), earlier, later);
  ck_close(f.shrinkage, 1.0, 0.0);
  ck_close(f.z, -0.6 / sqrt(0.09), 1e-14);
  /* a spread of 0: all of it was chance, and 0 is expected */
  f = eh_follow(eh_figure(0.0), earlier, later);
  ck_close(f.z, 0.4 / sqrt(0.05), 1e-14);
}
END_TEST

START_TEST(chance_of_being_flagged_again) {
  /* R: pnorm((0.8 * 0.25 - 0.1)/sqrt(0.8 * 0.04^2 + 0.05^2)) */
  ck_close(eh_follow_again(0.8, -0.25, 0.04, 0.05, 0.1), 0.9480783462415039, 1e-12);
  ck_close(eh_follow_again(0.5, 0.2, 0.04, 0.05, 0.1), 0.5, 1e-14);
  ck_close(eh_follow_again(1.0, 0.2, 0.0, 0.0, 0.1), 1.0, 0.0);
  ck_close(eh_follow_again(1.0, 0.05, 0.0, 0.0, 0.1), 0.0, 0.0);
}
END_TEST

/* Nothing changes: of those found for being far out, few may be called nearer than expected, at a
   one-sided 5%; comparing later with earlier calls many so. */
START_TEST(nothing_changed) {
  enum { UNITS = 40000 };
  static const double tau = 0.3, error = 0.3;
  struct eh_random random = eh_random_seeded(5, 0);
  double found = 0, naive = 0, allowed = 0;
  for (int i = 0; i < UNITS; i++) {
    double truth = tau * eh_random_normal(&random), earlier = truth + error * eh_random_normal(&random),
           later = truth + error * eh_random_normal(&random);
    if (fabs(earlier) < 0.7) continue;
    struct eh_follow f = eh_follow(eh_figure(tau), (struct eh_seen){earlier, error * error},
                                   (struct eh_seen){later, error * error});
    found++;
    allowed += f.z * (earlier > 0 ? -1 : 1) > 1.645;
    naive += (earlier - later) * (earlier > 0 ? 1 : -1) / (error * sqrt(2.0)) > 1.645;
  }
  ck_assert_msg(found > 3000, "%.0f found", found);
  ck_assert_msg(fabs(allowed / found - 0.05) < 0.012, "%.3f", allowed / found);
  ck_assert_msg(naive / found > 0.15, "%.3f", naive / found);
}
END_TEST

int main(void) {
  TCase *tcase = new_tests("follow");
  tcase_add_loop_test(tcase, offices_of_ice, 0, sizeof offices / sizeof *offices);
  tcase_add_test(tcase, nothing_is_allowed_for_without_a_spread);
  tcase_add_test(tcase, chance_of_being_flagged_again);
  tcase_add_test(tcase, nothing_changed);
  return run_case("follow", tcase);
}
