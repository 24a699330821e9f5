/* How many unrecorded decisions would remove a finding: held to counting up one by one, and to
 * invariants. */
#include "engine/stats/unrecorded.h"

#include "engine/stats/difference.h"
#include "engine/stats/mantel_haenszel.h"
#include "tests/test.h"

/* One stratum: 60 of 100 against 400 of 1,000. 0.60 falls below 0.40 + 0.10 when 60 / (100 + k) <
   0.50: at k = 21; at k = 20 it is 0.50 exactly, and CMH's p is still below 0.05. */
START_TEST(one_stratum_by_hand) {
  static const struct eh_table t[] = {{60, 100, 400, 1000}};
  struct eh_unrecorded u = eh_unrecorded(t, 1, 0.0999999, 0.05);
  ck_close(u.decisions.value, 21, 0);
  ck_close(u.completeness.value, 100.0 / 121.0, 1e-12);
  /* a difference of exactly the smallest one is large enough: 60/120 less 1/4 */
  static const struct eh_table quarter[] = {{60, 100, 250, 1000}};
  ck_close(eh_unrecorded(quarter, 1, 0.25, 0.05).decisions.value, 21, 0);
  /* without a smallest difference, the test decides: the first k with p over 0.05 */
  u = eh_unrecorded(t, 1, 0, 0.05);
  uint64_t k = 0;
  for (;; k++) {
    struct eh_table more = {60, 100 + k, 400, 1000};
    if (eh_cmh(&more, 1).test.p > 0.05) break;
  }
  ck_close(u.decisions.value, (double)k, 0);
}
END_TEST

START_TEST(lower_mirrors_higher) {
  static const struct eh_table t[] = {{60, 100, 400, 1000}, {9, 40, 20, 300}, {5, 5, 0, 0}};
  struct eh_table swapped[3];
  for (int i = 0; i < 3; i++)
    swapped[i] = (struct eh_table){t[i].n1 - t[i].a, t[i].n1, t[i].n2 - t[i].c, t[i].n2};
  struct eh_unrecorded a = eh_unrecorded(t, 3, 0.1, 0.05), b = eh_unrecorded(swapped, 3, 0.1, 0.05);
  ck_assert(a.decisions.why_not == NULL && a.decisions.value >= 1);
  ck_close(b.decisions.value, a.decisions.value, 0);
  ck_close(a.completeness.value, 140.0 / (140.0 + a.decisions.value), 1e-12);
}
END_TEST

START_TEST(what_is_no_finding_has_no_bound) {
  static const struct eh_table alike[] = {{40, 100, 400, 1000}}, alone[] = {{5, 10, 0, 0}};
  ck_assert(eh_unrecorded(alike, 1, 0.1, 0.05).decisions.why_not != NULL);
  ck_assert(eh_unrecorded(alone, 1, 0.1, 0.05).completeness.why_not != NULL);
}
END_TEST

/* The sums of the header, by the module's own tests of the changed tables: decisions that speak
   against the finding are spread over the strata in proportion to the unit's records, rounded so
   that the strata up to each have their whole share. */
static bool stands_by_hand(const struct eh_table *t, size_t count, uint64_t k, bool higher,
                           double smallest) {
  struct eh_table more[8];
  uint64_t all = 0, before = 0, given = 0;
  for (size_t i = 0; i < count; i++) all += t[i].n2 > 0 ? t[i].n1 : 0;
  for (size_t i = 0; i < count; i++) {
    more[i] = t[i];
    if (t[i].n1 == 0 || t[i].n2 == 0) continue;
    before += t[i].n1;
    uint64_t here = k * before / all - given;
    more[i].n1 += here;
    if (!higher) more[i].a += here;
    given += here;
  }
  double difference = eh_difference(more, count, 0.95).interval.estimate.value;
  struct eh_cmh cmh = eh_cmh(more, count);
  double sign = higher ? 1.0 : -1.0;
  return sign * difference >= smallest && sign * cmh.deviation > 0.0 && cmh.test.p <= 0.05;
}

START_TEST(several_strata_by_counting_up) {
  /* with one event, with none, with nothing else, and without peers */
  static const struct eh_table sets[][6] = {
      {{9, 12, 30, 200},
       {1, 4, 0, 40},
       {0, 5, 0, 30},
       {5, 5, 9, 9},
       {14, 40, 20, 300},
       {3, 3, 0, 0}},
      {{5, 9, 30, 200}, {1, 2, 0, 2}, {0, 1, 1, 3}, {6, 9, 40, 100}, {0, 0, 4, 9}, {2, 3, 20, 80}},
      {{1, 40, 20, 100}, {3, 4, 39, 40}, {4, 30, 50, 90}, {0, 2, 1, 1}, {2, 2, 0, 0}, {0, 1, 3, 3}},
      {{40, 60, 300, 900},
       {0, 8, 0, 700},
       {1, 9, 0, 3},
       {7, 7, 50, 50},
       {2, 5, 9, 40},
       {1, 1, 3, 9}},
      {{1, 1, 0, 1000}, {0, 0, 1, 1}, {0, 0, 1, 1}, {0, 0, 1, 1}, {0, 0, 1, 1}, {0, 0, 1, 1}}};
  static const double smallest[] = {0.0, 0.04, 0.1};
  for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++)
    for (size_t j = 0; j < sizeof smallest / sizeof smallest[0]; j++) {
      bool higher = eh_difference(sets[i], 6, 0.95).interval.estimate.value > 0.0;
      uint64_t k = 0;
      while (stands_by_hand(sets[i], 6, k, higher, smallest[j])) k++;
      ck_assert_uint_gt(k, 0);
      struct eh_unrecorded u = eh_unrecorded(sets[i], 6, smallest[j], 0.05);
      ck_assert_msg((uint64_t)u.decisions.value == k, "set %zu from %g: %g, not %lu", i,
                    smallest[j], u.decisions.value, (unsigned long)k);
    }
}
END_TEST

/* With many records a difference of less than a point is still a finding. */
START_TEST(small_differences_stand) {
  static const struct eh_table t[] = {{5200, 10000, 500000, 1000000}};
  uint64_t k = 0;
  while (stands_by_hand(t, 1, k, true, 0.0)) k++;
  ck_close(eh_unrecorded(t, 1, 0.0, 0.05).decisions.value, (double)k, 0);
  ck_assert_double_lt(5200.0 / (10000.0 + (double)k) - 0.5, 0.01);
}
END_TEST

/* A larger difference needs more to be removed; a stricter notion of what matters needs less. */
START_TEST(monotone) {
  double before = 0;
  for (uint64_t a = 560; a <= 900; a += 20) {
    struct eh_table t[] = {{a, 1000, 4000, 10000}};
    double k = eh_unrecorded(t, 1, 0.1, 0.05).decisions.value;
    ck_assert(k > before);
    before = k;
    ck_assert(eh_unrecorded(t, 1, 0.12, 0.05).decisions.value < k);
  }
}
END_TEST

RUN_TESTS("unrecorded", one_stratum_by_hand, lower_mirrors_higher, what_is_no_finding_has_no_bound,
          several_strata_by_counting_up, small_differences_stand, monotone)
