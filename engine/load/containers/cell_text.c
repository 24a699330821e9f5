#include "engine/load/containers/cell_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/date.h"

enum { SIGNIFICANT = 15, DAY_SECONDS = 86400 };
/* The days that spreadsheets show: 1900-01-01 is 1, and 60 is the 29th of February 1900, which
   never was. */
enum { FALSE_DAY = 60, LAST_DAY = 2958465 };

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static size_t digits_at(const char *text, size_t length, size_t at) {
  size_t count = 0;
  while (at + count < length && is_digit(text[at + count])) count++;
  return count;
}

bool eh_cell_is_number(const char *text, size_t length) {
  size_t at = length && (text[0] == '-' || text[0] == '+');
  size_t whole = digits_at(text, length, at), part = 0;
  at += whole;
  if (at < length && text[at] == '.') {
    part = digits_at(text, length, at + 1);
    at += 1 + part;
  }
  if (whole + part == 0) return false;
  if (at < length && (text[at] == 'e' || text[at] == 'E')) {
    at++;
    if (at < length && (text[at] == '-' || text[at] == '+')) at++;
    size_t power = digits_at(text, length, at);
    if (power == 0 || power > 5) return false;
    at += power;
  }
  return at == length && length < EH_NUMBER_TEXT / 2;
}

/* Digits and a power of ten, laid out without an exponent. */
static size_t lay_out(bool is_negative, const char *digits, size_t count, int point, char *buffer) {
  char *to = buffer;
  while (count > 1 && digits[count - 1] == '0') count--;
  if (is_negative) *to++ = '-';
  if (point <= 0) {
    *to++ = '0';
    *to++ = '.';
    for (; point < 0; point++) *to++ = '0';
    memcpy(to, digits, count);
    return (size_t)(to + count - buffer);
  }
  for (size_t i = 0; i < count || (int)i < point; i++) {
    if ((int)i == point) *to++ = '.';
    *to++ = i < count ? digits[i] : '0';
  }
  return (size_t)(to - buffer);
}

static double value_of(const char *number, size_t length) {
  char copy[EH_NUMBER_TEXT];
  memcpy(copy, number, length);
  copy[length] = '\0';
  return strtod(copy, NULL); /* LC_NUMERIC is C */
}

static size_t significant(double value, char *buffer) {
  char shown[40], digits[SIGNIFICANT + 1];
  if (value == 0) {
    buffer[0] = '0';
    return 1;
  }
  snprintf(shown, sizeof shown, "%.*e", SIGNIFICANT - 1, fabs(value));
  digits[0] = shown[0];
  memcpy(digits + 1, shown + 2, SIGNIFICANT - 1);
  int power = atoi(strchr(shown, 'e') + 1);
  return lay_out(value < 0, digits, SIGNIFICANT, power + 1, buffer);
}

size_t eh_cell_number(const char *number, size_t length, char *buffer, bool *is_long) {
  size_t sign = length && number[0] == '-', digits = digits_at(number, length, sign);
  if (digits && sign + digits == length) {
    size_t zeros = 0;
    while (zeros + 1 < digits && number[sign + zeros] == '0') zeros++;
    *is_long |= digits - zeros > SIGNIFICANT;
    memcpy(buffer, number, length);
    return length;
  }
  double value = value_of(number, length);
  if (!isfinite(value)) { /* 1E999: no double, but a number as written */
    memcpy(buffer, number, length);
    return length;
  }
  *is_long |= fabs(value) >= 1e15 && value == floor(value);
  return significant(value, buffer);
}

/* --- dates --- */

static size_t put_date(int64_t serial, char *buffer) {
  /* 25569 is 1970-01-01; before the day that never was, all are one later than they seem. */
  eh_date_format((int32_t)(serial - 25569 + (serial < FALSE_DAY)), buffer);
  return 10;
}

static size_t put_time(int64_t seconds, char *buffer) {
  return (size_t)sprintf(buffer, "%02lld:%02lld:%02lld", (long long)(seconds / 3600),
                         (long long)(seconds / 60 % 60), (long long)(seconds % 60));
}

/* The text of a serial number that a format shows as a date or time; 0: as none. */
static size_t put_serial(double value, const struct eh_number_format *format, int first_day,
                         char *buffer) {
  double whole = floor(value);
  if (!(value >= 0) || whole + first_day > LAST_DAY) return 0;
  int64_t day = (int64_t)whole, seconds = llround((value - whole) * DAY_SECONDS);
  if (format->is_elapsed) return put_time(day * DAY_SECONDS + seconds, buffer);
  if (seconds == DAY_SECONDS) {
    day++;
    seconds = 0;
  }
  if (value < 1 && !format->has_day) return put_time(day * DAY_SECONDS + seconds, buffer);
  day += first_day;
  if (day < 1 || day == FALSE_DAY || day > LAST_DAY) return 0;
  size_t length = put_date(day, buffer);
  if (!format->has_time && seconds == 0) return length;
  buffer[length++] = ' ';
  return length + put_time(seconds, buffer + length);
}

size_t eh_cell_formatted(const char *number, size_t length, const struct eh_number_format *format,
                         int first_day, char *buffer, bool *is_long) {
  if (format->kind == EH_DATE_NUMBER) {
    size_t made = put_serial(value_of(number, length), format, first_day, buffer);
    if (made) return made;
  }
  size_t plain = eh_cell_number(number, length, buffer, is_long);
  if (format->kind != EH_ID_NUMBER || digits_at(buffer, plain, 0) != plain) return plain;
  char id[EH_NUMBER_TEXT];
  size_t made = eh_number_format_id(format, buffer, plain, id, sizeof id);
  if (made == 0) return plain;
  memcpy(buffer, id, made);
  return made;
}

static bool two(const char *text, char mark, int *number) {
  if (text[0] != mark || !is_digit(text[1]) || !is_digit(text[2])) return false;
  *number = (text[1] - '0') * 10 + text[2] - '0';
  return true;
}

size_t eh_cell_iso_date(const char *text, size_t length, bool keeps_midnight, char *buffer) {
  int hour, minute, second = 0;
  int32_t day;
  if (length >= EH_NUMBER_TEXT / 2) length = EH_NUMBER_TEXT / 2;
  char copy[EH_NUMBER_TEXT] = "";
  memcpy(copy, text, length);
  memcpy(buffer, text, length);
  if (length <= 10 || copy[10] != 'T' || !eh_date_parse(copy, 10, "%Y-%m-%d", &day)) return length;
  const char *at = copy + 10;
  bool is_midnight = strncmp(at, "T00:00:00", 9) == 0 && (!at[9] || at[9] == 'Z');
  if (!two(at, 'T', &hour) || !two(at + 3, ':', &minute)) return length;
  at += 6;
  if (two(at, ':', &second)) at += 3;
  if (*at == '.') {
    second += at[1] >= '5';
    for (at++; is_digit(*at);) at++;
  }
  if (*at == 'Z') at++;
  if (*at || hour > 24 || minute > 59 || second > 60) return length;
  int64_t seconds = (hour * 60 + minute) * 60 + second;
  eh_date_format(day + (int32_t)(seconds / DAY_SECONDS), buffer);
  seconds %= DAY_SECONDS;
  if (is_midnight && !keeps_midnight) return 10;
  buffer[10] = ' ';
  return 11 + put_time(seconds, buffer + 11);
}

size_t eh_cell_iso_duration(const char *text, size_t length, char *buffer) {
  double seconds = 0;
  size_t at = length && text[0] == '-';
  if (at || length < 4 || text[0] != 'P' || length >= EH_NUMBER_TEXT / 2) return 0;
  bool in_time = false;
  for (at = 1; at < length;) {
    if (text[at] == 'T' && !in_time) {
      in_time = true;
      at++;
      continue;
    }
    size_t run = digits_at(text, length, at), part = 0;
    if (at + run < length && text[at + run] == '.') part = 1 + digits_at(text, length, at + run + 1);
    if (run == 0 || run > 9 || at + run + part >= length) return 0;
    double number = value_of(text + at, run + part);
    char unit = text[at + run + part];
    double worth = unit == 'D' && !in_time  ? DAY_SECONDS
                   : unit == 'H' && in_time ? 3600
                   : unit == 'M' && in_time ? 60
                   : unit == 'S' && in_time ? 1
                                            : 0;
    if (worth == 0) return 0;
    seconds += number * worth;
    at += run + part + 1;
  }
  return put_time(llround(seconds), buffer);
}

/* --- text --- */

static int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The unit of UTF-16 that _xHHHH_ stands for; -1: it is no such escape. */
static int escaped(const char *text, size_t length) {
  if (length < 7 || text[0] != '_' || text[1] != 'x' || text[6] != '_') return -1;
  int unit = 0;
  for (size_t i = 2; i < 6; i++) {
    int digit = hex_digit(text[i]);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

static size_t put_utf8(uint32_t code, char *to) {
  if (code < 0x80) {
    to[0] = (char)code;
    return 1;
  }
  size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  static const unsigned char marks[] = {0, 0, 0xc0, 0xe0, 0xf0};
  for (size_t i = length - 1; i > 0; i--, code >>= 6) to[i] = (char)(0x80 | (code & 0x3f));
  to[0] = (char)(marks[length] | code);
  return length;
}

/* Decode in place: no escape is longer than what it stands for. NUL and halves of a pair that stand
   alone are no text, and stay as they are written. */
static size_t decode_escapes(char *text, size_t length) {
  size_t to = 0;
  for (size_t at = 0; at < length;) {
    int unit = text[at] == '_' ? escaped(text + at, length - at) : -1;
    size_t taken = 7;
    uint32_t code = (uint32_t)unit;
    if (unit >= 0xd800 && unit < 0xdc00) {
      int second = escaped(text + at + 7, length - at - 7);
      if (second >= 0xdc00 && second < 0xe000) {
        code = 0x10000 + (((uint32_t)unit - 0xd800) << 10) + ((uint32_t)second - 0xdc00);
        taken = 14;
      } else {
        unit = -1;
      }
    }
    if (unit <= 0 || (code >= 0xd800 && code < 0xe000)) {
      text[to++] = text[at++];
      continue;
    }
    to += put_utf8(code, text + to);
    at += taken;
  }
  return to;
}

static size_t settle_line_ends(char *text, size_t length) {
  if (!memchr(text, '\r', length)) return length;
  size_t to = 0;
  for (size_t at = 0; at < length; at++) {
    bool is_pair = text[at] == '\r' && at + 1 < length && text[at + 1] == '\n';
    if (!is_pair) text[to++] = text[at] == '\r' ? '\n' : text[at];
  }
  return to;
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }
static bool is_hard_blank(const char *text) {
  return (unsigned char)text[0] == 0xc2 && (unsigned char)text[1] == 0xa0;
}

char *eh_cell_trim(char *text, size_t *length, bool has_escapes) {
  size_t left = *length;
  if (has_escapes && memchr(text, '_', left)) left = decode_escapes(text, left);
  left = settle_line_ends(text, left);
  for (;;) {
    size_t blank = left && is_blank(text[0]) ? 1 : left >= 2 && is_hard_blank(text) ? 2 : 0;
    if (!blank) break;
    text += blank;
    left -= blank;
  }
  for (;;) {
    size_t blank = left && is_blank(text[left - 1])                ? 1
                   : left >= 2 && is_hard_blank(text + left - 2) ? 2
                                                                   : 0;
    if (!blank) break;
    left -= blank;
  }
  *length = left;
  return text;
}

size_t eh_cell_characters(const char *text, size_t length) {
  size_t count = 0;
  for (size_t i = 0; i < length; i++) {
    unsigned char c = (unsigned char)text[i];
    count += (size_t)((c & 0xc0) != 0x80) + (size_t)(c >= 0xf0);
  }
  return count;
}
