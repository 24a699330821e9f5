#include "reports/words/text_width.h"

#include <string.h>

#include "tests/test.h"

static double width(const char *text) { return eh_text_width(text, strlen(text), false); }

START_TEST(widths) {
  double digit = width("0");
  ck_assert_double_ge(digit, 1.0);
  ck_assert_double_le(digit, 1.1);
  ck_assert_double_eq_tol(width("0123456789"), 10 * digit, 1e-9);
  ck_assert_double_lt(width("illicit"), width("0000000"));
  ck_assert_double_gt(width("WOMAN"), width("woman"));
  ck_assert_double_gt(eh_text_width("woman", 5, true), width("woman"));
  ck_assert_double_eq(width(""), 0);
  /* letters of two, three and four bytes are one letter each */
  ck_assert_double_lt(width("\xC3\xA9"), 1.5 * digit);
  ck_assert_double_gt(width("\xE6\x9D\xB1"), 1.5 * digit);
  ck_assert_double_lt(width("\xE6\x9D\xB1"), 2.5 * digit);
}
END_TEST

START_TEST(lines) {
  ck_assert_double_eq(eh_text_lines("", 10, false), 1);
  ck_assert_double_eq(eh_text_lines("11 11 11", 10, false), 1);
  ck_assert_double_eq(eh_text_lines("1111 1111 1111", 10, false), 2);
  ck_assert_double_eq(eh_text_lines("one\ntwo\n\nfour", 10, false), 4);
  /* a word longer than a line is broken, as programs do */
  ck_assert_double_eq(eh_text_lines("1111111111111111111111111", 10, false), 3);
  ck_assert_double_eq(eh_text_lines("11 1111111111111111111111111", 10, false), 4);
  /* capitals take more room */
  ck_assert_double_gt(eh_text_lines("NOT KNOWN OR OTHER NOT KNOWN", 15, false),
                      eh_text_lines("not known or other not known", 15, false));
}
END_TEST

RUN_TESTS("reports/text_width", widths, lines)
