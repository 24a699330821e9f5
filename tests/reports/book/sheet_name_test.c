#include "reports/book/sheet_name.h"

#include <string.h>

#include "reports/words/safe.h"
#include "tests/test.h"

/* In this order, into one workbook. */
static const struct {
  const char *wanted, *name;
} cases[] = {
    {"Summary", "Summary"},
    {"SUMMARY", "SUMMARY (2)"},
    {"summary", "summary (3)"},
    {"History", "History (2)"},
    {"", "Sheet"},
    {"  ''", "Sheet (2)"},
    {"'quoted'", "quoted"},
    {"O'Brien", "O'Brien"},
    {"a[b]c:d*e?f/g\\h", "a b c d e f g h"},
    {"tab\there", "tab here"},
    {"1234567890123456789012345678901", "1234567890123456789012345678901"},
    {"12345678901234567890123456789012", "123456789012345678901234567890\xE2\x80\xA6"},
    {"12345678901234567890123456789013", "12345678901234567890123456\xE2\x80\xA6 (2)"},
    {"\xFF bad", "\xEF\xBF\xBD bad"},
};

START_TEST(table) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_sheet_names names = {0};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const char *name = eh_sheet_name(arena, &names, cases[i].wanted);
    ck_assert_str_eq(name, cases[i].name);
    ck_assert_uint_le(eh_safe_units(name), EH_LONGEST_SHEET_NAME);
  }
  eh_arena_free(arena);
}
END_TEST

START_TEST(many_alike) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_sheet_names names = {0};
  for (int i = 0; i < 200; i++)
    eh_sheet_name(arena, &names, "a very long name of a very long sheet");
  for (size_t i = 0; i < names.count; i++) {
    ck_assert_uint_le(eh_safe_units(names.items[i]), EH_LONGEST_SHEET_NAME);
    for (size_t j = 0; j < i; j++) ck_assert_str_ne(names.items[i], names.items[j]);
  }
  ck_assert_uint_eq(names.count, 200);
  eh_arena_free(arena);
}
END_TEST

RUN_TESTS("reports/sheet_name", table, many_alike)
