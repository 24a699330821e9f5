/* How many unrecorded decisions are enough to remove a finding: computed figures, counting up one
 * by one, every way to place them, and invariants. */
#include "engine/stats/unrecorded.h"

#include "engine/base/random.h"
#include "engine/stats/difference.h"
#include "engine/stats/mantel_haenszel.h"
#include "tests/stats/trials.h"

/* Levels that decided, and what is enough then. by_size is that of size alone where it decides. */
static const struct {
  const struct trial *trial;
  size_t unit;
  double level, decisions, spread;
  bool by_size;
  double gamma, gamma_at_05;
} computed[] = {
    {&sixty_units, 59, .05 / 60, 1, 1, false, 1.0085040832, 1.4378352267},
    {&three_units, 0, .05, 201, 201, true, 6.2208979356, 6.6254208547},
    {&three_units, 1, .05, 55, 55, true, 1.9890415280, 2.1056017615},
    {&one_large_unit, 0, .05, 6001, 6001, true, 3.4121332063, 3.4990697093},
    {&one_large_unit, 1, .05, 28, 28, true, 2.2242467145, 2.3931074545},
    {&one_of_six, 0, .05, 201, 201, true, 6.4630370407, 6.8426314577},
    {&one_of_six, 1, .05, 1, 1, true, 1.1235650188, 1.1828992024},
    {&mirror, 0, .05, 48, 181, false, 1.3058105139, 1.3724175088},
    {&headline, 4, .0125, 13, 13, true, 1.1645547674, 1.3475863873},
    {&headline, 10, .0125, 48, 48, true, 2.7450516553, 3.2975104580},
    {&new_words, 6, .05 / 7, 6, 6, false, 3.2620213866, 7.2559455343},
    {&hits, 0, .025, 6, 6, true, 1.1872522432, 1.2736351053},
    {&hits, 10, .025, 1, 1, false, 1.0248709501, 1.1758161118},
    {&hits, 11, .025, 9, 9, false, 1.4196634474, 1.6641075378},
};

START_TEST(computed_values) {
  struct eh_arena *arena = eh_arena_new();
  for (size_t i = 0; i < sizeof computed / sizeof computed[0]; i++) {
    struct eh_table tables[2];
    size_t count = trial_tables(computed[i].trial, computed[i].unit, tables);
    struct eh_standard standard = {.smallest_difference = 0.1, .level = computed[i].level};
    struct eh_unrecorded enough = eh_unrecorded(tables, count, &standard);
    ck_close(enough.decisions.value, computed[i].decisions, 0);
    ck_close(enough.spread.value, computed[i].spread, 0);
    ck_assert_int_eq(enough.by_size, computed[i].by_size);
    double N = 0;
    for (size_t k = 0; k < count; k++) N += (double)tables[k].n1;
    ck_close(enough.completeness.value, N / (N + enough.decisions.value), 1e-12);
    struct eh_exact *exact = eh_exact_new(arena, tables, count);
    bool higher = eh_cmh(tables, count).deviation > 0;
    ck_close(eh_gamma_at_level(exact, higher, computed[i].level).value, computed[i].gamma, 1e-9);
    ck_close(eh_gamma_at_level(exact, higher, 0.1).value, computed[i].gamma_at_05, 1e-9);
    ck_assert_double_eq(eh_gamma_at_level(exact, !higher, computed[i].level).value, 1.0);
  }
  eh_arena_free(arena);
}
END_TEST

/* gamma is above 1 exactly where the test passes. */
START_TEST(gamma_passes_with_the_test) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_random random = eh_random_seeded(8, 0);
  for (int i = 0; i < 200; i++) {
    struct eh_table t[2];
    for (int k = 0; k < 2; k++) {
      uint64_t n1 = 1 + eh_random_below(&random, 20), n2 = 1 + eh_random_below(&random, 40);
      t[k] = (struct eh_table){eh_random_below(&random, n1 + 1), n1,
                               eh_random_below(&random, n2 + 1), n2};
    }
    struct eh_exact *exact = eh_exact_new(arena, t, 2);
    struct eh_exact_p p = eh_exact_mid_p(exact);
    bool higher = eh_cmh(t, 2).deviation > 0;
    if (p.why_not || p.mid_p > 0.99) continue;
    ck_assert_double_eq(eh_gamma_at_level(exact, higher, p.mid_p * (1 - 1e-6)).value, 1.0);
    ck_assert_double_gt(eh_gamma_at_level(exact, higher, p.mid_p * (1 + 1e-6)).value, 1.0);
    ck_assert_ptr_nonnull(eh_gamma_at_level(exact, higher, 0.0).why_not);
  }
  eh_arena_free(arena);
}
END_TEST

static double rough_p(const struct eh_table *t, size_t count) { return eh_cmh(t, count).test.p; }
static double exact_p(const struct eh_table *t, size_t count) {
  struct eh_arena *arena = eh_arena_new();
  double p = eh_exact_mid_p(eh_exact_new(arena, t, count)).mid_p;
  eh_arena_free(arena);
  return p;
}

static bool stands(const struct eh_table *t, size_t count, bool higher,
                   const struct eh_standard *s) {
  double sign = higher ? 1 : -1;
  double d = sign * eh_difference(t, count, 0.95).interval.estimate.value;
  return d >= s->smallest_difference - 1e-12 && d > 0 && sign * eh_cmh(t, count).deviation > 0 &&
         (s->by_cmh ? rough_p : exact_p)(t, count) <= s->level * (1 + 1e-9);
}

static void add(struct eh_table *t, bool higher) {
  t->n1++;
  if (!higher) t->a++;
}

/* One by one along the way, and all in one stratum. */
static uint64_t by_counting_up(const struct eh_table *t, size_t count, bool higher,
                               const struct eh_standard *s) {
  uint64_t least = UINT64_MAX;
  struct eh_table w[4];
  memcpy(w, t, count * sizeof *w);
  for (uint64_t k = 0; k < 3000; k++) {
    if (!stands(w, count, higher, s)) {
      least = k;
      break;
    }
    size_t best = 0;
    double most = -1;
    for (size_t i = 0; i < count; i++) {
      double m = (double)(w[i].a + w[i].c), n = (double)(w[i].n1 + w[i].n2);
      double gain = (higher ? m : n - m) * (double)w[i].n2 / (n * (n + 1));
      if (gain > most + 1e-14) most = gain, best = i;
    }
    add(&w[best], higher);
  }
  for (size_t i = 0; i < count; i++) {
    memcpy(w, t, count * sizeof *w);
    struct eh_standard size_alone = {.smallest_difference = s->smallest_difference, .level = 2.0};
    for (uint64_t k = 0; k < least; k++, add(&w[i], higher))
      if (!stands(w, count, higher, &size_alone)) least = k;
  }
  return least;
}

/* Every way to place k records that are all against it: does one remove it? */
static bool some_way_removes(struct eh_table *w, size_t count, size_t from, uint64_t k, bool higher,
                             const struct eh_standard *s) {
  if (k == 0) return !stands(w, count, higher, s);
  for (size_t i = from; i < count; i++) {
    struct eh_table kept = w[i];
    add(&w[i], higher);
    bool removed = some_way_removes(w, count, i, k - 1, higher, s);
    w[i] = kept;
    if (removed) return true;
  }
  return false;
}

static size_t random_finding(struct eh_random *random, struct eh_table *t, bool *higher,
                             const struct eh_standard *s) {
  for (;;) {
    size_t count = 2 + (size_t)eh_random_below(random, 2);
    double shift = eh_random_below(random, 2) ? 0.35 : -0.35;
    for (size_t i = 0; i < count; i++) {
      double p =
          shift > 0 ? 0.1 + 0.4 * eh_random_uniform(random) : 0.5 + 0.4 * eh_random_uniform(random);
      t[i] =
          (struct eh_table){0, 4 + eh_random_below(random, 21), 0, 6 + eh_random_below(random, 54)};
      for (uint64_t k = 0; k < t[i].n1; k++) t[i].a += eh_random_uniform(random) < p + shift;
      for (uint64_t k = 0; k < t[i].n2; k++) t[i].c += eh_random_uniform(random) < p;
    }
    *higher = eh_cmh(t, count).deviation > 0;
    if (stands(t, count, *higher, s)) return count;
  }
}

START_TEST(as_counted_up) {
  struct eh_random random = eh_random_seeded(3, 0);
  for (int i = 0; i < 60; i++) {
    struct eh_standard s = {
        .smallest_difference = i % 3 ? 0.1 : 0.0, .level = 0.004, .by_cmh = i % 2 == 0};
    struct eh_table t[4];
    bool higher;
    size_t count = random_finding(&random, t, &higher, &s);
    uint64_t want = by_counting_up(t, count, higher, &s);
    struct eh_unrecorded enough = eh_unrecorded(t, count, &s);
    ck_assert_msg((uint64_t)enough.decisions.value == want, "world %d: %g, not %lu", i,
                  enough.decisions.value, (unsigned long)want);
    ck_assert_double_ge(enough.spread.value, enough.decisions.value);
  }
}
END_TEST

/* Fewer do not remove it wherever they are: of 200 findings, at most one where one fewer does. */
START_TEST(fewer_are_not_enough_anywhere) {
  struct eh_random random = eh_random_seeded(4, 0);
  struct eh_standard s = {.smallest_difference = 0.1, .level = 0.004};
  size_t tried = 0, too_large = 0;
  while (tried < 80) {
    struct eh_table t[4];
    bool higher;
    size_t count = random_finding(&random, t, &higher, &s);
    uint64_t k = (uint64_t)eh_unrecorded(t, count, &s).decisions.value;
    if (k < 2 || k > 7) continue;
    tried++;
    too_large += some_way_removes(t, count, 0, k - 1, higher, &s);
  }
  ck_assert_uint_le(too_large, 1);
}
END_TEST

START_TEST(lower_mirrors_higher) {
  struct eh_random random = eh_random_seeded(6, 0);
  struct eh_standard s = {.smallest_difference = 0.05, .level = 0.01};
  for (int i = 0; i < 30; i++) {
    struct eh_table t[4], mirrored[4];
    bool higher;
    size_t count = random_finding(&random, t, &higher, &s);
    for (size_t k = 0; k < count; k++)
      mirrored[k] = (struct eh_table){t[k].n1 - t[k].a, t[k].n1, t[k].n2 - t[k].c, t[k].n2};
    struct eh_unrecorded a = eh_unrecorded(t, count, &s), b = eh_unrecorded(mirrored, count, &s);
    ck_close(a.decisions.value, b.decisions.value, 0);
    ck_close(a.spread.value, b.spread.value, 0);
  }
}
END_TEST

START_TEST(what_is_no_finding_has_no_number) {
  const struct eh_standard s = {.smallest_difference = 0.1, .level = 0.05};
  static const struct eh_table alike[] = {{40, 100, 400, 1000}}, alone[] = {{5, 10, 0, 0}};
  ck_assert_ptr_nonnull(eh_unrecorded(alike, 1, &s).decisions.why_not);
  ck_assert_ptr_nonnull(eh_unrecorded(alone, 1, &s).completeness.why_not);
  /* the only event of a million and one records: a thousand more records leave it so rare */
  const struct eh_standard any = {.smallest_difference = 0.0, .level = 0.05};
  static const struct eh_table rare[] = {{1, 1, 0, 1000000}};
  ck_assert_ptr_nonnull(eh_unrecorded(rare, 1, &any).decisions.why_not);
}
END_TEST

static double half_of_it(const void *context, const struct eh_table *t, size_t count) {
  (void)t;
  (void)count;
  return *(const double *)context / 2;
}

/* A level that depends on the records is asked for. */
START_TEST(level_of_changed_tables) {
  struct eh_table tables[2];
  size_t count = trial_tables(&mirror, 0, tables);
  double level = 0.1;
  struct eh_standard s = {0.1, 1.0, false, half_of_it, &level};
  ck_close(eh_unrecorded(tables, count, &s).decisions.value, 48, 0);
}
END_TEST

/* Many records, a difference of two points, no smallest one. */
START_TEST(many_records) {
  static const struct eh_table t[] = {{5200, 10000, 500000, 1000000}};
  const struct eh_standard s = {.smallest_difference = 0, .level = 0.05};
  struct eh_unrecorded enough = eh_unrecorded(t, 1, &s);
  for (int below = 0; below < 2; below++) {
    uint64_t k = (uint64_t)enough.decisions.value - (uint64_t)below;
    const struct eh_table more = {5200, 10000 + k, 500000, 1000000};
    ck_assert_int_eq(exact_p(&more, 1) <= 0.05, below);
  }
}
END_TEST

RUN_TESTS("unrecorded", computed_values, gamma_passes_with_the_test, as_counted_up,
          fewer_are_not_enough_anywhere, lower_mirrors_higher, what_is_no_finding_has_no_number,
          level_of_changed_tables, many_records)
