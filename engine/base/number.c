#include "engine/base/number.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NUMBER = 512 };

static const char *skip_digits(const char *s, const char *end) {
  while (s < end && *s >= '0' && *s <= '9') s++;
  return s;
}

static bool is_decimal(const char *s, const char *end) {
  if (s < end && (*s == '+' || *s == '-')) s++;
  const char *digits = s;
  s = skip_digits(s, end);
  if (s == digits) return false;
  if (s < end && *s == '.') {
    digits = ++s;
    s = skip_digits(s, end);
    if (s == digits) return false;
  }
  if (s < end && (*s == 'e' || *s == 'E')) {
    s++;
    if (s < end && (*s == '+' || *s == '-')) s++;
    digits = s;
    s = skip_digits(s, end);
    if (s == digits) return false;
  }
  return s == end;
}

bool eh_number_parse(const char *text, size_t length, double *number) {
  char copy[LONGEST_NUMBER + 1];
  if (length == 0 || length > LONGEST_NUMBER || !is_decimal(text, text + length)) return false;
  memcpy(copy, text, length);
  copy[length] = '\0';
  *number = strtod(copy, NULL);
  return isfinite(*number);
}

void eh_number_format(double number, char text[32]) {
  if (number == floor(number) && fabs(number) < 1e15) { /* 20, not 2e+01 */
    snprintf(text, 32, "%.0f", number == 0 ? 0.0 : number);
    return;
  }
  for (int digits = 1; digits <= 17; digits++) {
    snprintf(text, 32, "%.*g", digits, number);
    if (strtod(text, NULL) == number) return;
  }
}
