#include "engine/base/words.h"

#include "tests/test.h"

START_TEST(counts) {
  struct eh_arena *arena = eh_arena_new();
  ck_assert_str_eq(eh_words_count(arena, 0), "0");
  ck_assert_str_eq(eh_words_count(arena, 999), "999");
  ck_assert_str_eq(eh_words_count(arena, 1000), "1,000");
  ck_assert_str_eq(eh_words_count(arena, 1234567), "1,234,567");
  ck_assert_str_eq(eh_words_count(arena, UINT64_MAX), "18,446,744,073,709,551,615");
  ck_assert_str_eq(eh_words_of(arena, 0, "unit", "units"), "no units");
  ck_assert_str_eq(eh_words_of(arena, 1, "unit", "units"), "1 unit");
  ck_assert_str_eq(eh_words_of(arena, 2000, "unit", "units"), "2,000 units");
  eh_arena_free(arena);
}
END_TEST

START_TEST(fractions) {
  struct eh_arena *arena = eh_arena_new();
  static const struct {
    double fraction;
    const char *percent;
  } cases[] = {{0, "0%"},        {1, "100%"},     {0.5, "50%"},     {0.034, "3.4%"},
               {0.0994, "9.9%"}, {0.0996, "10%"}, {0.9871, "98.7%"}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    ck_assert_str_eq(eh_words_percent(arena, cases[i].fraction), cases[i].percent);
  }
  eh_arena_free(arena);
}
END_TEST

START_TEST(lists) {
  struct eh_arena *arena = eh_arena_new();
  static const char *const items[] = {"a", "b", "c"};
  ck_assert_str_eq(eh_words_list(arena, items, 0, "and"), "");
  ck_assert_str_eq(eh_words_list(arena, items, 1, "and"), "a");
  ck_assert_str_eq(eh_words_list(arena, items, 2, "and"), "a and b");
  ck_assert_str_eq(eh_words_list(arena, items, 3, "or"), "a, b or c");
  ck_assert_str_eq(eh_words_join(arena, items, 3, "; "), "a; b; c");
  ck_assert_str_eq(eh_words_lines(arena, items, 0), "");
  ck_assert_str_eq(eh_words_lines(arena, items, 1), "a");
  ck_assert_str_eq(eh_words_lines(arena, items, 2), "\xE2\x80\xA2 a\n\xE2\x80\xA2 b");
  eh_arena_free(arena);
}
END_TEST

RUN_TESTS("base/words", counts, fractions, lists)
