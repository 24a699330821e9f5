/* The radix sorts, held to qsort. */
#include "engine/base/sort.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/random.h"
#include "tests/test.h"

enum { MOST = 5000 };

static int by_value(const void *left, const void *right) {
  uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
  return (a > b) - (a < b);
}

static void draw_keys(uint64_t *keys, size_t count, unsigned bits, uint64_t seed) {
  struct eh_random random = eh_random_seeded(seed, bits);
  for (size_t i = 0; i < count; i++)
    keys[i] = bits == 0 ? 7 : eh_random_bits(&random) >> (64 - bits);
}

START_TEST(as_qsort_does) {
  static const size_t counts[] = {0, 1, 2, 3, 31, 32, 33, 1000, MOST};
  static const unsigned widths[] = {0, 1, 10, 11, 12, 23, 40, 63, 64};
  static uint64_t keys[MOST], again[MOST], wanted[MOST], scratch[MOST];
  for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
      draw_keys(keys, counts[c], widths[w], c);
      memcpy(again, keys, sizeof keys);
      memcpy(wanted, keys, sizeof keys);
      qsort(wanted, counts[c], sizeof *wanted, by_value);
      eh_sort_run(keys, counts[c], 0, scratch);
      ck_assert_mem_eq(keys, wanted, counts[c] * sizeof *keys);
      eh_sort_keys(again, counts[c], widths[w] ? widths[w] : 3, 2);
      ck_assert_mem_eq(again, wanted, counts[c] * sizeof *keys);
    }
}
END_TEST

/* Below the bits asked for, keys stay in the order they came in. */
START_TEST(lower_bits_are_carried_along) {
  enum { FROM = 13 };
  static uint64_t keys[MOST], scratch[MOST];
  draw_keys(keys, MOST, 40, 1);
  for (size_t i = 0; i < MOST; i++) keys[i] = keys[i] % 50 << FROM | i; /* i in order of arrival */
  eh_sort_run(keys, MOST, FROM, scratch);
  for (size_t i = 1; i < MOST; i++) ck_assert_uint_lt(keys[i - 1], keys[i]);
}
END_TEST

static int by_number(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

START_TEST(numbers_of_either_sign) {
  static const size_t counts[] = {0, 1, 2, 1000, MOST};
  static double values[MOST], wanted[MOST];
  static uint64_t scratch[2 * MOST];
  struct eh_random random = eh_random_seeded(3, 0);
  for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
    for (size_t i = 0; i < counts[c]; i++)
      values[i] = i % 7 == 0 ? (double)(i % 3) : 1e3 * eh_random_normal(&random);
    memcpy(wanted, values, sizeof values);
    qsort(wanted, counts[c], sizeof *wanted, by_number);
    eh_sort_values(values, counts[c], scratch);
    ck_assert_mem_eq(values, wanted, counts[c] * sizeof *values);
  }
}
END_TEST

RUN_TESTS("sort", as_qsort_does, lower_bits_are_carried_along, numbers_of_either_sign)
