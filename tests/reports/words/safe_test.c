#include "reports/words/safe.h"

#include <string.h>

#include "tests/test.h"

#define BAD "\xEF\xBF\xBD"

static const struct {
  const char *text, *utf8, *line, *cell;
} cases[] = {
    {"", "", "", ""},
    {"Bos\xC3\xA9 \xF0\x9F\x98\x80", "Bos\xC3\xA9 \xF0\x9F\x98\x80", "Bos\xC3\xA9 \xF0\x9F\x98\x80",
     "Bos\xC3\xA9 \xF0\x9F\x98\x80"},
    {"=1+1", "=1+1", "=1+1", "=1+1"},
    {"a\xE9z", "a" BAD "z", "a" BAD "z", "a" BAD "z"},                       /* Latin-1 */
    {"\xC0\xAF", BAD BAD, BAD BAD, BAD BAD},                                 /* overlong */
    {"\xED\xA0\x80", BAD BAD BAD, BAD BAD BAD, BAD BAD BAD},                 /* a surrogate */
    {"\xF4\x90\x80\x80", BAD BAD BAD BAD, BAD BAD BAD BAD, BAD BAD BAD BAD}, /* beyond U+10FFFF */
    {"x\xE2\x82", "x" BAD BAD, "x" BAD BAD, "x" BAD BAD},                    /* cut short */
    {"\x1B[31mred", "\x1B[31mred", BAD "[31mred", "\xE2\x90\x9B[31mred"}, /* a terminal's escape */
    {"a\tb\nc", "a\tb\nc", "a b c", "a\tb\nc"},
    {"a\r\nb\rc", "a\r\nb\rc", "a  b c",
     "a\nb\xE2\x90\x8D"
     "c"},
    {"\x7F", "\x7F", BAD, "\xE2\x90\xA1"},
    {"\xC2\x9B"
     "31m",
     "\xC2\x9B"
     "31m",
     BAD "31m", "<U+009B>31m"},                            /* the same escape as one character */
    {"\xEF\xBF\xBF", "\xEF\xBF\xBF", "\xEF\xBF\xBF", BAD}, /* U+FFFF */
    /* turned, hidden, marked: spelled out where someone reads it */
    {"\xE2\x80\xAE"
     "dab",
     "\xE2\x80\xAE"
     "dab",
     "<U+202E>dab", "<U+202E>dab"},
    {"a\xE2\x80\x8B"
     "b",
     "a\xE2\x80\x8B"
     "b",
     "a<U+200B>b", "a<U+200B>b"},
    {"a\xC2\xAD", "a\xC2\xAD", "a<U+00AD>", "a<U+00AD>"},
    {"a\xE2\x80\xA8", "a\xE2\x80\xA8", "a<U+2028>", "a<U+2028>"},
    {"\xF3\xA0\x81\x81", "\xF3\xA0\x81\x81", "<U+E0041>", "<U+E0041>"},
    {"_x0041_", "_x0041_", "_x0041_", "_x005F_x0041_"},
    {"_x00_ _X0041_", "_x00_ _X0041_", "_x00_ _X0041_", "_x00_ _X0041_"},
};

START_TEST(table) {
  struct eh_arena *arena = eh_arena_new();
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    ck_assert_str_eq(eh_safe_utf8(arena, cases[i].text), cases[i].utf8);
    ck_assert_str_eq(eh_safe_line(arena, cases[i].text), cases[i].line);
    ck_assert_str_eq(eh_safe_cell(arena, cases[i].text), cases[i].cell);
  }
  eh_arena_free(arena);
}
END_TEST

START_TEST(several_lines) {
  struct eh_arena *arena = eh_arena_new();
  ck_assert_str_eq(eh_safe_lines(arena, "a\tb\n\x1B[2J\xE2\x80\xAE\n"),
                   "a b\n" BAD "[2J<U+202E>\n");
  eh_arena_free(arena);
}
END_TEST

START_TEST(longest_cell) {
  struct eh_arena *arena = eh_arena_new();
  char *text = eh_arena_alloc(arena, EH_LONGEST_CELL + 2, 1);
  memset(text, 'a', EH_LONGEST_CELL);
  ck_assert_ptr_eq(eh_safe_cell(arena, text), text);
  text[EH_LONGEST_CELL] = 'a';
  const char *cut = eh_safe_cell(arena, text);
  ck_assert_uint_eq(strlen(cut), EH_LONGEST_CELL);
  ck_assert_str_eq(cut + EH_LONGEST_CELL - 28, " [cut: a cell holds no more]");
  eh_arena_free(arena);
}
END_TEST

/* Characters beyond U+FFFF count twice, and none is cut in two. */
START_TEST(pairs) {
  struct eh_arena *arena = eh_arena_new();
  size_t count = 20000;
  char *text = eh_arena_alloc(arena, 4 * count + 1, 1);
  for (size_t i = 0; i < count; i++) memcpy(text + 4 * i, "\xF0\x9F\x98\x80", 4);
  ck_assert_uint_eq(eh_safe_units(text), 2 * count);
  ck_assert_uint_eq(eh_safe_characters(text), count);
  ck_assert_uint_eq(eh_safe_fit(text, 5), 8);
  const char *cut = eh_safe_cell(arena, text);
  ck_assert_uint_le(eh_safe_units(cut), EH_LONGEST_CELL);
  ck_assert_ptr_eq(eh_safe_utf8(arena, cut), cut);
  eh_arena_free(arena);
}
END_TEST

RUN_TESTS("reports/safe", table, several_lines, longest_cell, pairs)
