#include "engine/base/amount.h"

#include <math.h>
#include <string.h>

#include "engine/base/number.h"

static const struct {
  const char *name;
  struct eh_number_form form;
} forms[] = {
    {"us", {'.', ",", true, true, true}},
    {"eu", {',', ". ", true, true, true}},
    {"swiss", {'.', "' ", true, true, true}},
    {"plain", {'.', "", false, false, false}},
};
const char *const eh_number_form_names[] = {"us", "eu", "swiss", "plain"};
const size_t eh_number_form_name_count = sizeof forms / sizeof *forms;

const struct eh_number_form *eh_number_form_named(const char *name) {
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
    if (strcmp(forms[i].name, name) == 0) return &forms[i].form;
  return NULL;
}

/* What is left of a text. */
struct rest {
  const char *text, *end;
};

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool take_first(struct rest *r, const char *sign) {
  size_t length = strlen(sign);
  if ((size_t)(r->end - r->text) < length || memcmp(r->text, sign, length) != 0) return false;
  r->text += length;
  return true;
}

static bool take_last(struct rest *r, const char *sign) {
  size_t length = strlen(sign);
  if ((size_t)(r->end - r->text) < length || memcmp(r->end - length, sign, length) != 0)
    return false;
  r->end -= length;
  return true;
}

static void skip_blanks(struct rest *r) {
  while (r->text < r->end && *r->text == ' ') r->text++;
  while (r->text < r->end && r->end[-1] == ' ') r->end--;
}

/* Longer ones first. */
static const char *const signs_of_money[] = {"US$",          "AU$",
                                             "CA$",          "NZ$",
                                             "HK$",          "MX$",
                                             "A$",           "C$",
                                             "R$",           "Fr.",
                                             "SFr.",         "kr.",
                                             "kr",           "$",
                                             "\xe2\x82\xac", "\xc2\xa3",
                                             "\xc2\xa5",     "\xc2\xa2",
                                             "\xe2\x82\xb9", "\xe2\x82\xbd",
                                             "\xe2\x82\xa9", "\xe2\x82\xaa",
                                             "\xe2\x82\xba"};

static bool is_code(const char *text) { /* USD, EUR, ... */
  for (int i = 0; i < 3; i++)
    if (text[i] < 'A' || text[i] > 'Z') return false;
  return true;
}

static bool take_money(struct rest *r) {
  for (size_t i = 0; i < sizeof signs_of_money / sizeof *signs_of_money; i++)
    if (take_first(r, signs_of_money[i]) || take_last(r, signs_of_money[i])) return true;
  if (r->end - r->text <= 3) return false;
  if (is_code(r->text))
    r->text += 3;
  else if (is_code(r->end - 3))
    r->end -= 3;
  else
    return false;
  return true;
}

/* A sign, in one of the ways to write it; minus is -1, none 0. */
static int take_sign(struct rest *r) {
  if (take_first(r, "-") || take_first(r, "\xe2\x88\x92")) return -1;
  return take_first(r, "+") ? 1 : 0;
}

/* The bytes of a sign between groups at text; 0: none stands there. */
static size_t separator_at(const struct eh_number_form *form, const struct rest *r, char *sign) {
  struct rest ahead = *r;
  *sign = '\'';
  if (strchr(form->thousands, '\'') && take_first(&ahead, "\xe2\x80\x99")) return 3;
  *sign = r->text < r->end ? *r->text : '\0';
  return *sign && strchr(form->thousands, *sign) ? 1 : 0;
}

static size_t take_digits(struct rest *r, char **to) {
  size_t count = 0;
  for (; r->text < r->end && is_digit(*r->text); count++) *(*to)++ = *r->text++;
  return count;
}

/* Digits, or groups of three with the same sign between them; the fraction; the exponent. */
static bool take_number(const struct eh_number_form *form, struct rest *r, char **to) {
  size_t digits = take_digits(r, to), size;
  char first, sign;
  if (digits == 0) return false;
  bool is_grouped = separator_at(form, r, &first) > 0;
  if (is_grouped && digits > 3) return false;
  while (is_grouped && (size = separator_at(form, r, &sign)) > 0 && sign == first) {
    r->text += size;
    if (take_digits(r, to) != 3) return false;
  }
  if (r->text < r->end && *r->text == form->decimal) {
    r->text++;
    *(*to)++ = '.';
    if (take_digits(r, to) == 0) return false;
  }
  if (r->text < r->end && (*r->text | 32) == 'e' && !is_grouped) {
    *(*to)++ = *r->text++;
    if (r->text < r->end && (*r->text == '+' || *r->text == '-')) *(*to)++ = *r->text++;
    if (take_digits(r, to) == 0) return false;
  }
  return r->text == r->end;
}

/* A hundredth, as short as it can be written. */
static bool make_share(char *plain) {
  char hundredth[EH_AMOUNT_SIZE + 8];
  double number;
  size_t length = strlen(plain);
  if (memchr(plain, 'e', length) || memchr(plain, 'E', length)) return false;
  memcpy(hundredth, plain, length);
  memcpy(hundredth + length, "e-2", 4);
  if (!eh_number_parse(hundredth, length + 3, &number)) return false;
  eh_number_format(number, plain);
  return true;
}

bool eh_amount_plain(const struct eh_number_form *form, const char *text, size_t length,
                     char plain[EH_AMOUNT_SIZE]) {
  struct rest r = {text, text + length};
  char *to = plain;
  if (length + 8 > EH_AMOUNT_SIZE) return false;
  bool is_negative = false, has_money = false, is_share = false;
  if (form->parentheses && length > 2 && *text == '(' && text[length - 1] == ')') {
    is_negative = true;
    r = (struct rest){text + 1, text + length - 1};
    skip_blanks(&r);
  }
  int sign = take_sign(&r);
  if (form->percent) is_share = take_last(&r, "%");
  if (is_share) skip_blanks(&r);
  if (form->currency && !is_share) has_money = take_money(&r);
  if (has_money) skip_blanks(&r);
  if (has_money && !sign) sign = take_sign(&r);
  if (sign && is_negative) return false;
  if (sign < 0 || is_negative) *to++ = '-';
  if (!take_number(form, &r, &to)) return false;
  *to = '\0';
  return !is_share || make_share(plain);
}

/* --- what a number looks like --- */

/* [1-9]dd.ddd.ddd */
static bool is_threes(const char *text, const char *end) {
  const char *s = text;
  while (s < end && is_digit(*s)) s++;
  if (s == text || s - text > 3 || *text == '0' || s == end) return false;
  for (; s < end; s += 4)
    if (*s != '.' || end - s < 4 || !is_digit(s[1]) || !is_digit(s[2]) || !is_digit(s[3]))
      return false;
  return true;
}

unsigned eh_amount_shape(const char *text, size_t length) {
  const char *end = text + length, *start = text;
  double number;
  if (length && (*text == '-' || *text == '+')) start++;
  if (is_threes(start, end)) return EH_AMOUNT_THREES;
  if (!eh_number_parse(text, length, &number)) return 0;
  bool has_point = memchr(text, '.', length) != NULL;
  return has_point || fabs(number) >= 1000 ? EH_AMOUNT_DECIMAL : 0;
}
