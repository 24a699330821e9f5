/* Which units are flagged and how strongly, against the definitions, on drawn results whose figures
   often lie exactly at a limit. */
#include "engine/audit/findings/flag.h"

#include <stdio.h>
#include <string.h>

#include "engine/base/random.h"
#include "engine/stats/families.h"
#include "engine/stats/multiplicity.h"
#include "engine/stats/power.h"
#include "tests/test.h"

enum { COMPARISONS = 3, UNITS = 12, ALL = COMPARISONS * UNITS };

static struct eh_random numbers;
static unsigned below(unsigned end) { return (unsigned)eh_random_below(&numbers, end); }

/* A number of tenths, sometimes as a sum leaves it, or a little less or more than that. */
static double tenths(double size) {
  static const double off[] = {1 - 5e-13, 1 - 5e-12, 1 - 3e-11, 1 - 0.02, 1 + 0.02};
  double value = (size > 0 ? size : 1) * ((double)below(31) / 10.0 - 1.5);
  return below(3) ? value : value * off[below(5)];
}

/* One comparison of one measure. */
static void flag_family(struct eh_comparison_result *comparisons, size_t count) {
  struct eh_measure *measure = (struct eh_measure *)comparisons[0].measure;
  struct eh_rules rules = {.measures = measure, .measure_count = 1};
  eh_report_flag(&rules, comparisons, count);
}

static struct eh_figure maybe(double value) {
  return below(8) ? eh_figure(value) : eh_no_figure("none");
}

static struct eh_interval draw_interval(double size) {
  double estimate = tenths(size), low = tenths(size), high = tenths(size);
  return (struct eh_interval){eh_figure(estimate), maybe(fmin(low, high)), maybe(fmax(low, high))};
}

static struct eh_result draw_result(enum eh_measure_kind kind, const struct eh_flag *flag) {
  static const char *const groups[] = {"", "b", "a", "ab", "c"};
  static const double rates[] = {0.01, 0.05, 0.0500001, 0.2};
  struct eh_result r = {.kind = kind, .place.group = groups[below(5)], .testable = below(6) > 0};
  r.share.difference =
      kind == EH_MEASURE_VALUE ? eh_no_interval("none") : draw_interval(flag->smallest_difference);
  r.value.difference =
      kind == EH_MEASURE_VALUE ? draw_interval(flag->smallest_difference) : eh_no_interval("none");
  r.higher = below(2);
  r.event.cmh.deviation = below(10) ? (r.higher ? 1 : -1) : 0;
  r.log10_p = eh_figure(log10(below(4) ? 0.05 / (1 + below(40)) : 0.3));
  r.among.outlier_q = maybe(rates[below(4)]);
  r.comparable = 30 + below(100);
  r.share.events = below((unsigned)r.comparable + 1);
  return r;
}

/* At least; what is too small by rounding only counts as equal. */
static bool reaches(double value, double size) {
  return value >= size || size - value <= 1e-12 * (size > 1 ? size : 1);
}

/* At most; what is more by rounding only counts as equal. */
static bool at_most(double p, double rate) { return p - rate <= 1e-9 * rate; }

static void nested(const double *log10_p, const size_t *group, size_t count, size_t groups,
                   double *q, double *log10_q) {
  struct eh_family family = {.count = count, .group = group, .groups = groups};
  struct eh_discovery found[ALL];
  eh_discover(log10_p, &family, 1, 0.05, found);
  for (size_t i = 0; i < count; i++) {
    q[i] = found[i].q;
    log10_q[i] = found[i].log10_q;
  }
}

/* The units of a family that are tested, with their q. */
static size_t test_family(const struct eh_comparison_result *c, enum eh_multiplicity multiplicity,
                          const struct eh_result **units, double *q) {
  double log10_p[ALL], log10_q[ALL];
  size_t group[ALL], groups = 0, count = 0;
  for (size_t i = 0; i < COMPARISONS; i++)
    for (size_t k = 0; k < c[i].result_count; k++)
      if (c[i].results[k].testable) units[count++] = &c[i].results[k];
  for (size_t i = 0; i < count; i++) {
    log10_p[i] = units[i]->log10_p.value;
    group[i] = groups;
    for (size_t k = 0; k < i; k++)
      if (strcmp(units[k]->place.group, units[i]->place.group) == 0) group[i] = group[k];
    groups += group[i] == groups;
  }
  switch (multiplicity) {
    case EH_NESTED:
      nested(log10_p, group, count, groups, q, log10_q);
      break;
    case EH_ANY_DEPENDENCE:
      eh_benjamini_yekutieli(log10_p, count, q, log10_q);
      break;
    default:
      eh_benjamini_hochberg(log10_p, count, q, log10_q);
  }
  for (size_t i = 0; i < count; i++) ck_close(units[i]->log10_q.value, log10_q[i], 1e-12);
  return count;
}

static enum eh_level level_of(const struct eh_result *r, double q, const struct eh_flag *flag) {
  const struct eh_interval *d =
      r->kind == EH_MEASURE_VALUE ? &r->value.difference : &r->share.difference;
  double sign = r->higher ? 1 : -1, size = flag->smallest_difference;
  if (!r->testable || !at_most(q, flag->false_discovery_rate)) return EH_NOT_FLAGGED;
  if (r->kind == EH_MEASURE_EVENT && r->event.cmh.deviation == 0) return EH_NOT_FLAGGED;
  if (sign * d->estimate.value <= 0 || !reaches(sign * d->estimate.value, size))
    return EH_NOT_FLAGGED;
  if (d->low.why_not || d->high.why_not) return EH_NOTABLE;
  if (!reaches(r->higher ? d->low.value : -d->high.value, size)) return EH_NOTABLE;
  return !r->among.outlier_q.why_not &&
                 at_most(r->among.outlier_q.value, flag->false_discovery_rate)
             ? EH_EXCEPTIONAL
             : EH_STRONG;
}

START_TEST(flags_follow_the_definitions) {
  static const enum eh_multiplicity ways[] = {EH_BENJAMINI_HOCHBERG, EH_NESTED, EH_ANY_DEPENDENCE};
  static const double sizes[] = {0.1, 0.0, 2000.0};
  numbers = eh_random_seeded(77, (uint64_t)_i);
  struct eh_measure measure = {.kind = (enum eh_measure_kind)(_i % 3)};
  measure.flag = (struct eh_flag){.false_discovery_rate = 0.05,
                                  .smallest_difference = sizes[_i / 3 % 3],
                                  .multiplicity = ways[_i / 9 % 3]};
  struct eh_result results[ALL];
  struct eh_comparison_result c[COMPARISONS] = {0};
  for (size_t i = 0; i < ALL; i++) results[i] = draw_result(measure.kind, &measure.flag);
  for (size_t i = 0; i < COMPARISONS; i++)
    c[i] = (struct eh_comparison_result){.measure = &measure,
                                         .results = results + i * UNITS,
                                         .result_count = below(5) ? UNITS : below(3)};
  flag_family(c, COMPARISONS);
  const struct eh_result *units[ALL];
  double q[ALL];
  size_t count = test_family(c, measure.flag.multiplicity, units, q), tested = 0;
  for (size_t i = 0; i < COMPARISONS; i++) {
    size_t levels[EH_EXCEPTIONAL + 1] = {0}, testable = 0;
    for (size_t k = 0; k < c[i].result_count; k++) {
      const struct eh_result *r = &c[i].results[k];
      double own = r->testable ? q[tested] : 1;
      if (r->testable) ck_close(r->q.value, own, 1e-12);
      ck_assert((r->q.why_not == NULL) == r->testable);
      ck_assert((r->log10_q.why_not == NULL) == r->testable);
      tested += r->testable;
      testable += r->testable;
      ck_assert((r->decided_at.why_not == NULL) == r->testable);
      if (r->testable)
        ck_assert(at_most(pow(10, r->log10_p.value), r->decided_at.value) == at_most(own, 0.05));
      enum eh_level want = level_of(r, own, &measure.flag);
      ck_assert_int_eq(r->level, want);
      ck_assert(r->flagged == (want != EH_NOT_FLAGGED));
      levels[want]++;
    }
    ck_assert_uint_eq(c[i].testable, testable);
    ck_assert_uint_eq(c[i].levels.flagged, c[i].result_count - levels[EH_NOT_FLAGGED]);
    ck_assert_uint_eq(c[i].levels.notable, levels[EH_NOTABLE]);
    ck_assert_uint_eq(c[i].levels.strong, levels[EH_STRONG]);
    ck_assert_uint_eq(c[i].levels.exceptional, levels[EH_EXCEPTIONAL]);
  }
  ck_assert_uint_eq(tested, count);
}
END_TEST

static void flag_two(const struct eh_measure *measure, const struct eh_result *like,
                     struct eh_result results[2]) {
  results[0] = results[1] = *like;
  struct eh_comparison_result c = {.measure = measure, .results = results, .result_count = 2};
  flag_family(&c, 1);
}

/* A q that is the rate itself is enough. */
START_TEST(at_the_rate_itself) {
  struct eh_measure measure = {.flag = {.false_discovery_rate = 0.5, .smallest_difference = 0.1}};
  struct eh_result like = {.place.group = "",
                           .testable = true,
                           .share.difference = {eh_figure(0.2), eh_figure(0.15), eh_figure(0.25)},
                           .higher = true,
                           .event.cmh.deviation = 1,
                           .log10_p = eh_figure(-2.3),
                           .among.outlier_q = eh_no_figure("none"),
                           .comparable = 100,
                           .share.events = 50};
  struct eh_result r[2];
  flag_two(&measure, &like, r);
  double q = r[0].q.value;
  for (int is_below = 0; is_below < 2; is_below++) {
    measure.flag.false_discovery_rate = q * (is_below ? 0.999999 : 1);
    flag_two(&measure, &like, r);
    ck_assert_int_eq(r[0].level, is_below ? EH_NOT_FLAGGED : EH_STRONG);
    ck_close(r[0].decided_at.value, measure.flag.false_discovery_rate / (is_below ? 2 : 1), 1e-12);
  }
}
END_TEST

START_TEST(nobody_to_test) {
  static const struct eh_measure measure = {.flag = {.false_discovery_rate = 0.05}};
  struct eh_result results[2] = {{.place.group = ""}, {.place.group = ""}};
  struct eh_comparison_result c[2] = {{.measure = &measure, .results = results, .result_count = 2},
                                      {.measure = &measure}};
  flag_family(c, 2);
  ck_assert_uint_eq(c[0].testable + c[0].levels.flagged + c[1].testable, 0);
  ck_assert_ptr_nonnull(results[1].q.why_not);
  ck_assert_ptr_nonnull(results[0].decided_at.why_not);
}
END_TEST

int main(void) {
  TCase *tcase = new_tests("flag");
  tcase_add_loop_test(tcase, flags_follow_the_definitions, 0, 540);
  tcase_add_test(tcase, at_the_rate_itself);
  tcase_add_test(tcase, nobody_to_test);
  return run_case("flag", tcase);
}
