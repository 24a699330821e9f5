#include "engine/base/tidy.h"

#include "tests/test.h"

static struct {
  const char *text, *tidy;
} const texts[] = {
    {"", ""},
    {"North", "North"},
    {"North  ", "North"},
    {" \t North\r\n", "North"},
    {"New  York", "New  York"}, /* blanks of ASCII: as a database compares */
    {"\xc2\xa0North\xc2\xa0", "North"},
    {"North\xe2\x80\x8b", "North"},
    {"\xef\xbb\xbfNorth", "North"},
    {"No\xef\xbb\xbfrth", "North"},
    {"No\xc2\xadrth", "North"},
    {"\xe3\x80\x80North\xe3\x80\x80", "North"},
    {"New\xc2\xa0York", "New York"},
    {"New \xc2\xa0York", "New York"},
    {"New\xe3\x80\x80\xe2\x80\x8b York", "New York"},
    {"New\xe2\x80\x8b York", "New York"},
    {"New \xe2\x80\x8b York", "New York"},
    {"\xc2\xa0", ""},
    {"\xe2\x80\x8b", ""},
    {" \xc2\xa0 \xe2\x80\x8b ", ""},
    {"Jose\xcc\x81", "Jos\xc3\xa9"},
    {"Jos\xc3\xa9", "Jos\xc3\xa9"},
    {"Mu\xcc\x88ller \xe2\x80\x8e", "M\xc3\xbcller"},
    {"\xe2\x84\xab", "\xc3\x85"},                             /* the sign of the Angstrom */
    {"\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "\xed\x95\x9c"}, /* Hangul in parts */
    {" caf\x81\xc2\xa0", "caf\x81\xc2\xa0"}, /* no UTF-8 */
    {"\xd0\x98\xd0\xb2", "\xd0\x98\xd0\xb2"},
};

START_TEST(texts_are_made_tidy) {
  struct eh_arena *arena = eh_arena_new();
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    size_t length = strlen(texts[i].text);
    const char *tidy = eh_tidy_text(arena, texts[i].text, &length);
    ck_assert_uint_eq(length, strlen(texts[i].tidy));
    ck_assert_mem_eq(tidy, texts[i].tidy, length);
    ck_assert(eh_tidy_is_done(tidy, length));
  }
  eh_arena_free(arena);
}
END_TEST

START_TEST(tidying_twice_changes_nothing) {
  struct eh_arena *arena = eh_arena_new();
  static const char *const pieces[] = {"a",        " ",        "  ",           "\t",
                                       "\xc2\xa0", "\xcc\x81", "\xe2\x80\x8b", "e",
                                       "\xc3\xa9", "\n",       "\xe3\x80\x80", "\xef\xbb\xbf"};
  uint32_t state = 1;
  for (int n = 0; n < 20000; n++) {
    char text[64] = "";
    for (int k = 0; k < 6; k++) {
      state = state * 1664525u + 1013904223u;
      strncat(text, pieces[(state >> 16) % 12], 3);
    }
    size_t once = strlen(text);
    const char *tidy = eh_tidy_text(arena, text, &once);
    size_t twice = once;
    const char *again = eh_tidy_text(arena, tidy, &twice);
    ck_assert_uint_eq(once, twice);
    ck_assert_mem_eq(tidy, again, once);
    ck_assert(once == 0 || (tidy[0] != ' ' && tidy[once - 1] != ' '));
  }
  eh_arena_free(arena);
}
END_TEST

START_TEST(plain_is_only_what_needs_nothing) {
  ck_assert(eh_tidy_is_plain("", 0));
  ck_assert(eh_tidy_is_plain("0100001", 7));
  ck_assert(eh_tidy_is_plain("Smith, J and others of the north", 32));
  ck_assert(!eh_tidy_is_plain(" x", 2));
  ck_assert(!eh_tidy_is_plain("x\t", 2));
  ck_assert(!eh_tidy_is_plain("\xc3\xa9", 2));
  ck_assert(!eh_tidy_is_plain("0123456789\xc2\xa0x", 13));
  ck_assert(!eh_tidy_is_done("x\xc2\xa0y", 4));
  ck_assert(!eh_tidy_is_done("Jose\xcc\x81", 6));
  ck_assert(eh_tidy_is_done(" Jos\xc3\xa9 ", 7));
}
END_TEST

START_TEST(capitals_are_folded) {
  struct eh_arena *arena = eh_arena_new();
  static const char *const pairs[][2] = {{"Not Recorded", "not recorded"},
                                         {"N/A", "n/a"},
                                         {"N\xc3\x83O INFORMADO", "n\xc3\xa3o informado"},
                                         {"Na\xcc\x83o", "n\xc3\xa3o"},
                                         {"\xc2\xa0NULL ", "null"}};
  for (size_t i = 0; i < 5; i++) {
    size_t length = strlen(pairs[i][0]);
    ck_assert_str_eq(eh_tidy_folded(arena, pairs[i][0], &length), pairs[i][1]);
    ck_assert_uint_eq(length, strlen(pairs[i][1]));
  }
  eh_arena_free(arena);
}
END_TEST

RUN_TESTS("base/tidy", texts_are_made_tidy, tidying_twice_changes_nothing,
          plain_is_only_what_needs_nothing, capitals_are_folded)
