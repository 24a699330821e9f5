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
          monotone)
