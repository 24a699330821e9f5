/* The run of days in which a series fell furthest below what was to be expected. */
#include "engine/audit/reliability/shortfall.h"

#include "engine/base/random.h"
#include "tests/test.h"

enum { DAYS = 800 };

static unsigned poisson(struct eh_random *random, double mean) {
  double limit = exp(-mean), product = eh_random_uniform(random);
  unsigned n = 0;
  for (; product > limit; n++) product *= eh_random_uniform(random);
  return n;
}

static void draw(uint64_t seed, size_t from, size_t to, double ratio, uint32_t *o, double *e) {
  struct eh_random random = eh_random_seeded(seed, 0);
  for (size_t i = 0; i < DAYS; i++) {
    double mean = 2 + sin((double)i / 40);
    e[i] = 17 * mean; /* only the shape matters */
    o[i] = poisson(&random, i >= from && i <= to ? ratio * mean : mean);
  }
}

START_TEST(a_shortfall_is_found_where_it_is) {
  uint32_t o[DAYS];
  double e[DAYS], ratio = _i % 2 ? 0.5 : 0.1;
  draw((uint64_t)_i, 300, 419, ratio, o, e);
  struct eh_shortfall f = eh_shortfall_find(o, e, DAYS, 15, 0.7);
  ck_assert(f.found);
  ck_assert_int_le(abs((int)f.first - 300), 30);
  ck_assert_int_le(abs((int)f.last - 419), 30);
  ck_assert(fabs(f.observed / f.expected - ratio) < 0.12);
}
END_TEST

START_TEST(a_gap_is_exact) {
  uint32_t o[DAYS];
  double e[DAYS];
  for (size_t i = 0; i < DAYS; i++) {
    e[i] = 1;
    o[i] = i >= 500 && i < 530 ? 0 : 2;
  }
  struct eh_shortfall f = eh_shortfall_find(o, e, DAYS, 15, 0.7);
  ck_assert(f.found);
  ck_assert_uint_eq(f.first, 500);
  ck_assert_uint_eq(f.last, 529);
  ck_close(f.observed, 0.0, 1e-12);
  ck_close(f.expected, 60.0, 1e-9);
}
END_TEST

START_TEST(chance_alone_is_none) {
  uint32_t o[DAYS];
  double e[DAYS];
  draw(1000 + (uint64_t)_i, DAYS, DAYS, 1, o, e);
  ck_assert(!eh_shortfall_find(o, e, DAYS, 15, 0.7).found);
}
END_TEST

START_TEST(restless_counts_ask_for_more) {
  uint32_t o[DAYS];
  double e[DAYS];
  for (size_t i = 0; i < DAYS; i++) {
    e[i] = 1;
    o[i] = i / 20 % 2 ? 4 : 12; /* up and down, without a shortfall of its own */
  }
  struct eh_shortfall f = eh_shortfall_find(o, e, DAYS, 15, 0.7);
  ck_assert(f.dispersion > 3);
  ck_assert(!f.found);
}
END_TEST

/* Four in five of the shortfalls said to be detectable are detected. */
START_TEST(what_is_detectable_is_detected) {
  double least = 15, rate = 0.5, usual = eh_shortfall_detectable(least, rate);
  size_t days = 200, found = 0, tries = 1000;
  for (size_t k = 0; k < tries; k++) {
    uint32_t o[DAYS];
    double e[DAYS];
    struct eh_random random = eh_random_seeded(5000 + k, 0);
    for (size_t i = 0; i < DAYS; i++) {
      bool half = i >= 300 && i < 300 + days;
      e[i] = 1;
      o[i] = poisson(&random, usual / (double)days * (half ? rate : 1));
    }
    found += eh_shortfall_find(o, e, DAYS, least, 0.7).found;
  }
  ck_assert_msg(fabs((double)found / (double)tries - 0.8) < 0.1, "%zu", found);
}
END_TEST

/* The same by trying every run of days, in every round. */
struct by_hand {
  size_t first, last;
  double score, observed, expected, restless, dispersion;
};

/* The median of (o - e)^2 / e over blocks of 5 or more expected, against that of chi-square. */
static double median_of_blocks(const uint32_t *o, const double *expected, size_t n) {
  double list[DAYS], sum_o = 0, sum_e = 0;
  size_t count = 0;
  for (size_t i = 0; i < n; i++) {
    sum_o += o[i];
    sum_e += expected[i];
    if (sum_e < 5) continue;
    double square = (sum_o - sum_e) * (sum_o - sum_e) / sum_e;
    size_t place = count++;
    for (; place > 0 && list[place - 1] > square; place--) list[place] = list[place - 1];
    list[place] = square;
    sum_o = sum_e = 0;
  }
  return count < 6 ? 1 : fmax(1, list[count / 2] / 0.454936423119573);
}

static double sum_of(const double *values, size_t first, size_t last) {
  double sum = 0;
  for (size_t i = first; i <= last; i++) sum += values[i];
  return sum;
}

static struct by_hand try_all(const uint32_t *counts, const double *e, size_t n) {
  static const double rates[] = {0.02, 0.25, 0.5, 0.7};
  double o[DAYS], expected[DAYS], all_o = 0, all_e = sum_of(e, 0, n - 1);
  for (size_t i = 0; i < n; i++) all_o += o[i] = counts[i];
  double scale = all_o / all_e;
  struct by_hand best = {0};
  for (int round = 1; round <= 3; round++) {
    best = (struct by_hand){0};
    for (size_t q = 0; q < 4; q++)
      for (size_t i = 0; i < n; i++) {
        double sum_o = 0, sum_e = 0;
        for (size_t j = i; j < n; j++) {
          sum_o += o[j];
          sum_e += scale * e[j];
          double score = sum_o * log(rates[q]) + (1 - rates[q]) * sum_e;
          if (score > best.score + 1e-9) best = (struct by_hand){i, j, score, 0, 0, 0, 0};
        }
      }
    if (best.score <= 0) return best;
    best.observed = sum_of(o, best.first, best.last);
    double inside = sum_of(e, best.first, best.last);
    bool most_are_usual = inside <= all_e / 2;
    if (most_are_usual) scale = (all_o - best.observed) / (all_e - inside);
    best.expected = scale * inside;
    if (!most_are_usual) break;
  }
  for (size_t i = 0; i < n; i++) expected[i] = scale * e[i];
  best.restless = median_of_blocks(counts, expected, n);
  for (size_t i = best.first; i <= best.last; i++) expected[i] *= best.observed / best.expected;
  best.dispersion = median_of_blocks(counts, expected, n);
  best.score /= best.dispersion;
  return best;
}

/* Few days and many; a gap, a half or nothing missing, of up to all the days. */
START_TEST(no_other_run_of_days_scores_more) {
  uint32_t o[DAYS];
  double e[DAYS];
  struct eh_random random = eh_random_seeded(9000 + (uint64_t)_i, 0);
  size_t n = 5 + (size_t)_i, from = n / 5, length = 1 + (size_t)(_i % 7) * n / 9;
  double ratio = _i % 3 * 0.4, usual = 1 + _i % 4;
  for (size_t i = 0; i < n; i++) {
    double mean = usual * (2 + sin((double)i / 5));
    e[i] = 3 * mean;
    o[i] = poisson(&random, (i >= from && i < from + length ? ratio : 1) * mean);
  }
  o[n] = 1000000; /* not of the series */
  e[n] = 10;
  struct eh_shortfall f = eh_shortfall_find(o, e, n, 1e-9, 1e9);
  struct by_hand want = try_all(o, e, n);
  ck_assert(f.found == (want.score > 0));
  if (!f.found) return;
  ck_assert_uint_eq(f.first, want.first);
  ck_assert_uint_eq(f.last, want.last);
  ck_close(f.observed, want.observed, 1e-12);
  ck_close(f.expected, want.expected, 1e-12);
  ck_close(f.restless, want.restless, 2e-4);
  ck_close(f.dispersion, want.dispersion, 2e-4);
  ck_close(f.score, want.score, 2e-4);
}
END_TEST

/* Days without any record to be expected, at both ends of a gap, are not part of it. */
START_TEST(days_that_expect_nothing_are_not_missing) {
  uint32_t o[DAYS];
  double e[DAYS];
  for (size_t i = 0; i < DAYS; i++) {
    bool closed = i < 5 || (i >= 45 && i < 50) || (i >= 80 && i < 85);
    e[i] = closed ? 0 : 1;
    o[i] = closed || (i >= 50 && i < 80) ? 0 : 2;
  }
  struct eh_shortfall f = eh_shortfall_find(o, e, DAYS, 15, 0.7);
  ck_assert_uint_eq(f.first, 50);
  ck_assert_uint_eq(f.last, 79);
  f = eh_shortfall_find(o + 45, e + 45, DAYS - 45, 15, 0.7);
  ck_assert_uint_eq(f.first, 5);
  ck_assert_uint_eq(f.last, 34);
}
END_TEST

/* Half of what is expected, where at most half may be observed; and the score that is asked for. */
START_TEST(what_just_suffices_is_found) {
  uint32_t o[DAYS];
  double e[DAYS];
  for (size_t i = 0; i < DAYS; i++) {
    e[i] = 1;
    o[i] = i >= 100 && i < 300 ? 1 : 2;
  }
  struct eh_shortfall f = eh_shortfall_find(o, e, DAYS, 15, 0.5);
  ck_assert(f.found);
  ck_close(f.expected, 400.0, 1e-12);
  ck_assert(!eh_shortfall_find(o, e, DAYS, 15, 0.49999).found);
  ck_assert(eh_shortfall_find(o, e, DAYS, f.score, 0.5).found);
  ck_assert(!eh_shortfall_find(o, e, DAYS, f.score * 1.000001, 0.5).found);
}
END_TEST

/* Up to half of the days, the others tell what is usual; beyond, all do. */
START_TEST(most_days_must_be_usual) {
  uint32_t o[41];
  double e[41];
  for (size_t i = 0; i < 41; i++) {
    e[i] = 1;
    o[i] = i < 20 ? 20 : 0;
  }
  struct eh_shortfall f = eh_shortfall_find(o, e, 40, 15, 0.7);
  ck_close(f.expected, 400.0, 1e-12);
  f = eh_shortfall_find(o, e, 41, 15, 0.7);
  ck_close(f.expected, 21.0 * 400 / 41, 1e-12);
}
END_TEST

/* One record on the first of ten days: too few to tell more than a run without any. */
START_TEST(one_record_is_enough) {
  uint32_t o[10] = {1};
  double e[10];
  for (size_t i = 0; i < 10; i++) e[i] = 0.05;
  struct eh_shortfall f = eh_shortfall_find(o, e, 10, 0.5, 0.7);
  ck_assert(f.found);
  ck_assert_uint_eq(f.first, 1);
  ck_assert_uint_eq(f.last, 9);
  ck_close(f.expected, 0.9, 1e-12);
  ck_close(f.score, 0.98 * 0.9, 1e-12);
}
END_TEST

/* Blocks of exactly 5 expected: four with 15 records, eight with none. */
START_TEST(blocks_expect_five) {
  uint32_t o[60];
  double e[60];
  for (size_t i = 0; i < 60; i++) {
    e[i] = 1;
    o[i] = i < 20 ? 3 : 0;
  }
  struct eh_shortfall f = eh_shortfall_find(o, e, 60, 15, 0.7);
  ck_close(f.restless, 5 / 0.454936423119573, 2e-4);
  ck_close(f.dispersion, 1.0, 0.0);
}
END_TEST

/* The mean score less 0.84 standard deviations is the least. */
START_TEST(the_detectable_solves_its_equation) {
  for (double rate = 0.05; rate < 0.9; rate += 0.1)
    for (double least = 2; least < 40; least *= 3) {
      double n = eh_shortfall_detectable(least, rate);
      double mean = n * (1 - rate) + n * rate * log(rate);
      double deviation = sqrt(n * rate) * -log(rate);
      ck_close(mean - 0.8416212335729143 * deviation, least, 2e-4);
    }
}
END_TEST

START_TEST(nothing_expected_or_observed_is_none) {
  uint32_t o[3] = {0, 0, 0}, ones[3] = {1, 1, 1};
  double e[3] = {1, 1, 1}, zero[3] = {0, 0, 0};
  struct eh_shortfall all[] = {
      eh_shortfall_find(o, e, 3, 1, 0.7), eh_shortfall_find(o, zero, 3, 1, 0.7),
      eh_shortfall_find(ones, zero, 3, 0, 0.7), eh_shortfall_find(o, e, 0, 1, 0.7)};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    ck_assert(!all[i].found && all[i].last == 0 && all[i].score == 0 && all[i].expected == 0);
    ck_assert(all[i].dispersion == 1 && all[i].restless == 1);
  }
}
END_TEST

int main(void) {
  TCase *tcase = new_tests("shortfall");
  tcase_add_loop_test(tcase, a_shortfall_is_found_where_it_is, 0, 20);
  tcase_add_test(tcase, a_gap_is_exact);
  tcase_add_loop_test(tcase, chance_alone_is_none, 0, 100);
  tcase_add_test(tcase, restless_counts_ask_for_more);
  tcase_add_test(tcase, what_is_detectable_is_detected);
  tcase_add_loop_test(tcase, no_other_run_of_days_scores_more, 0, 150);
  tcase_add_test(tcase, days_that_expect_nothing_are_not_missing);
  tcase_add_test(tcase, what_just_suffices_is_found);
  tcase_add_test(tcase, most_days_must_be_usual);
  tcase_add_test(tcase, one_record_is_enough);
  tcase_add_test(tcase, blocks_expect_five);
  tcase_add_test(tcase, the_detectable_solves_its_equation);
  tcase_add_test(tcase, nothing_expected_or_observed_is_none);
  return run_case("shortfall", tcase);
}
