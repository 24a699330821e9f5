/* The small modules of engine/base: numbers, memory, sorting, random numbers, digests, threads. */
#include <string.h>

#include "engine/base/digest.h"
#include "engine/base/memory.h"
#include "engine/base/number.h"
#include "engine/base/parallel.h"
#include "engine/base/random.h"
#include "engine/base/sort.h"
#include "tests/test.h"

START_TEST(numbers_are_decimal_and_nothing_else) {
  static const struct {
    const char *text;
    double number;
    bool is_read;
  } cases[] = {
      {"0", 0, true},      {"-17", -17, true},  {"+3.25", 3.25, true}, {"1e3", 1000, true},
      {"1E-2", .01, true}, {"007", 7, true},    {"", 0, false},        {"-", 0, false},
      {".5", 0, false},    {"5.", 0, false},    {"1e", 0, false},      {"0x10", 0, false},
      {"inf", 0, false},   {"nan", 0, false},   {"1,5", 0, false},     {"1 ", 0, false},
      {" 1", 0, false},    {"1e400", 0, false}, {"1e-400", 0, true},   {"12a", 0, false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    double number = -1;
    bool is_read = eh_number_parse(cases[i].text, strlen(cases[i].text), &number);
    ck_assert_msg(is_read == cases[i].is_read, "'%s'", cases[i].text);
    if (is_read) ck_close(number, cases[i].number, 1e-15);
  }
  char text[32];
  eh_number_format(0.1, text);
  ck_assert_str_eq(text, "0.1");
  eh_number_format(20, text);
  ck_assert_str_eq(text, "20");
  eh_number_format(-0.0, text);
  ck_assert_str_eq(text, "0");
  eh_number_format(1e300, text);
  ck_assert_str_eq(text, "1e+300");
  eh_number_format(1.0 / 3.0, text);
  double back;
  ck_assert(eh_number_parse(text, strlen(text), &back) && back == 1.0 / 3.0);
}
END_TEST

START_TEST(arenas_give_zeroed_memory_and_take_it_back) {
  struct eh_arena *arena = eh_arena_new();
  char *first = eh_arena_string(arena, "kept");
  struct eh_arena_mark mark = eh_arena_mark(arena);
  size_t before = eh_arena_size(arena);
  for (int round = 0; round < 3; round++) {
    for (size_t size = 1; size < 3000000; size = size * 3 + 1) {
      unsigned char *bytes = eh_arena_alloc(arena, size, 1);
      size_t zeros = 0;
      for (size_t i = 0; i < size; i++) zeros += bytes[i] == 0;
      ck_assert_uint_eq(zeros, size);
      memset(bytes, 0xff, size);
    }
    eh_arena_reset(arena, mark);
    ck_assert_uint_eq(eh_arena_size(arena), before);
  }
  ck_assert_str_eq(first, "kept");
  ck_assert_str_eq(eh_arena_printf(arena, "%d %s", 7, "x"), "7 x");
  eh_arena_free(arena);
  eh_arena_free(NULL);
  struct eh_buffer buffer = {0};
  for (int i = 0; i < 1000; i++) eh_buffer_printf(&buffer, "%03d", i);
  ck_assert_uint_eq(buffer.length, 3000);
  ck_assert(memcmp(buffer.text + 2997, "999", 4) == 0);
  eh_buffer_free(&buffer);
}
END_TEST

static int by_key(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

START_TEST(keys_are_sorted_whatever_their_width) {
  struct eh_random random = eh_random_seeded(5, 0);
  static const unsigned widths[] = {0, 1, 7, 8, 9, 20, 33, 64};
  for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++) {
    for (size_t count = 0; count < 20000; count = count * 3 + 1) {
      uint64_t *keys = eh_alloc(count, sizeof *keys), *want = eh_alloc(count, sizeof *want);
      for (size_t i = 0; i < count; i++)
        want[i] = keys[i] = widths[w] == 0 ? 0 : eh_random_bits(&random) >> (64 - widths[w]);
      eh_sort_keys(keys, count, widths[w], 2);
      qsort(want, count, sizeof *want, by_key);
      ck_assert(count == 0 || memcmp(keys, want, count * sizeof *keys) == 0);
      free(keys);
      free(want);
    }
  }
}
END_TEST

START_TEST(random_numbers_are_uniform_and_repeatable) {
  struct eh_random a = eh_random_seeded(1, 2), b = eh_random_seeded(1, 2),
                   other = eh_random_seeded(1, 3);
  ck_assert(eh_random_bits(&a) == eh_random_bits(&b));
  ck_assert(eh_random_bits(&a) != eh_random_bits(&other));
  double sum = 0, squares = 0;
  uint64_t counts[7] = {0};
  for (int i = 0; i < 70000; i++) {
    double x = eh_random_normal(&a);
    sum += x;
    squares += x * x;
    counts[eh_random_below(&a, 7)]++;
  }
  ck_assert(fabs(sum / 70000) < 0.02);
  ck_close(squares / 70000, 1.0, 0.03);
  for (int i = 0; i < 7; i++) ck_close((double)counts[i], 10000, 0.05);
}
END_TEST

START_TEST(digests_are_sha256) {
  char hex[65];
  eh_digest_of("abc", 3, hex); /* FIPS 180-2, appendix B */
  ck_assert_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  struct eh_digest *digest = eh_digest_new();
  eh_digest_add(digest, "a", 1);
  eh_digest_add(digest, "bc", 2);
  char again[65];
  eh_digest_finish(digest, again);
  ck_assert_str_eq(hex, again);
}
END_TEST

static void square(void *context, size_t index, size_t worker) {
  ck_assert_uint_lt(worker, 8);
  ((size_t *)context)[index] += index * index;
}

START_TEST(every_task_runs_once) {
  for (size_t threads = 1; threads <= 8; threads++) {
    size_t results[1000] = {0};
    eh_parallel(1000, threads, square, results);
    for (size_t i = 0; i < 1000; i++) ck_assert_uint_eq(results[i], i * i);
  }
  eh_parallel(0, 4, square, NULL);
}
END_TEST

RUN_TESTS("base", numbers_are_decimal_and_nothing_else, arenas_give_zeroed_memory_and_take_it_back,
          keys_are_sorted_whatever_their_width, random_numbers_are_uniform_and_repeatable,
          digests_are_sha256, every_task_runs_once)
