#include "engine/base/date.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const months[12] = {"January",   "February", "March",    "April",
                                       "May",       "June",     "July",     "August",
                                       "September", "October",  "November", "December"};

static bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

static int days_in_month(int year, int month) {
  static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

bool eh_date_valid(int year, int month, int day) {
  return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
         day <= days_in_month(year, month);
}

/* Days from civil, after Howard Hinnant's chrono algorithms: years begin in March, eras of 400
 * years. */
int32_t eh_date_from_civil(int year, int month, int day) {
  int y = month <= 2 ? year - 1 : year;
  int era = (y >= 0 ? y : y - 399) / 400;
  int year_of_era = y - era * 400;
  int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return (int32_t)(era * 146097 + day_of_era - 719468);
}

struct eh_civil eh_date_to_civil(int32_t day) {
  int64_t z = (int64_t)day + 719468;
  int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  int day_of_era = (int)(z - era * 146097);
  int year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int month = (5 * day_of_year + 2) / 153;
  struct eh_civil civil;
  civil.day = day_of_year - (153 * month + 2) / 5 + 1;
  civil.month = month < 10 ? month + 3 : month - 9;
  civil.year = (int)(year_of_era + era * 400) + (civil.month <= 2);
  return civil;
}

void eh_date_format(int32_t day, char text[11]) {
  struct eh_civil civil = eh_date_to_civil(day);
  snprintf(text, 11, "%04u-%02u-%02u", (unsigned)civil.year % 10000U, (unsigned)civil.month % 100U,
           (unsigned)civil.day % 100U);
}

int32_t eh_date_years_between(int32_t from, int32_t to) {
  struct eh_civil a = eh_date_to_civil(from), b = eh_date_to_civil(to);
  bool before_birthday = b.month < a.month || (b.month == a.month && b.day < a.day);
  return b.year - a.year - (before_birthday ? 1 : 0);
}

/* A reader of text by a form: where it stands, and what it found. */
struct reader {
  const char *next, *end;
  int year, month, day, day_of_year;
};

static bool read_number(struct reader *r, int most_digits, int low, int high, int *number) {
  int digits = 0, value = 0;
  while (digits < most_digits && r->next < r->end && *r->next >= '0' && *r->next <= '9') {
    value = 10 * value + (*r->next++ - '0');
    digits++;
  }
  *number = value;
  return digits > 0 && value >= low && value <= high;
}

static bool read_month_name(struct reader *r) {
  for (int m = 0; m < 12; m++) {
    size_t lengths[2] = {strlen(months[m]), 3};
    for (int i = 0; i < 2; i++) {
      if ((size_t)(r->end - r->next) < lengths[i]) continue;
      if (strncasecmp(r->next, months[m], lengths[i]) != 0) continue;
      r->next += lengths[i];
      r->month = m + 1;
      return true;
    }
  }
  return false;
}

static bool read_seconds(struct reader *r) {
  int ignored;
  if (!read_number(r, 2, 0, 60, &ignored)) return false;
  if (r->next < r->end && *r->next == '.') {
    r->next++;
    if (r->next == r->end || *r->next < '0' || *r->next > '9') return false;
    while (r->next < r->end && *r->next >= '0' && *r->next <= '9') r->next++;
  }
  return true;
}

/* "AM", "pm" */
static bool read_half_of_day(struct reader *r) {
  if (r->end - r->next < 2 || (r->next[1] | 32) != 'm') return false;
  char first = (char)(r->next[0] | 32);
  r->next += 2;
  return first == 'a' || first == 'p';
}

static bool read_part(struct reader *r, char letter) {
  int number;
  switch (letter) {
    case 'Y': {
      /* Four digits in full: "16" is not the year 16 by this form. */
      const char *start = r->next;
      return read_number(r, 4, 1, 9999, &r->year) && r->next - start == 4;
    }
    case 'y':
      if (!read_number(r, 2, 0, 99, &number)) return false;
      r->year = number < 69 ? 2000 + number : 1900 + number;
      return true;
    case 'm':
      return read_number(r, 2, 1, 12, &r->month);
    case 'd':
    case 'e':
      if (letter == 'e' && r->next < r->end && *r->next == ' ') r->next++;
      return read_number(r, 2, 1, 31, &r->day);
    case 'j':
      return read_number(r, 3, 1, 366, &r->day_of_year);
    case 'b':
    case 'B':
      return read_month_name(r);
    case 'H':
      return read_number(r, 2, 0, 24, &number);
    case 'I':
      return read_number(r, 2, 1, 12, &number);
    case 'p':
      return read_half_of_day(r);
    case 'M':
      return read_number(r, 2, 0, 59, &number);
    case 'S':
      return read_seconds(r);
    case '%':
      return r->next < r->end && *r->next++ == '%';
    default:
      return false;
  }
}

bool eh_date_parse(const char *text, size_t length, const char *form, int32_t *day) {
  struct reader r = {.next = text, .end = text + length};
  for (const char *f = form; *f; f++) {
    if (*f == '%') {
      if (!read_part(&r, *++f)) return false;
    } else if (r.next == r.end || *r.next++ != *f) {
      return false;
    }
  }
  if (r.next != r.end) return false;
  if (r.day_of_year) {
    if (r.year == 0 || r.day_of_year > 365 + is_leap(r.year)) return false;
    *day = eh_date_from_civil(r.year, 1, 1) + r.day_of_year - 1;
    return true;
  }
  if (!eh_date_valid(r.year, r.month, r.day)) return false;
  *day = eh_date_from_civil(r.year, r.month, r.day);
  return true;
}

bool eh_date_form_valid(const char *form) {
  bool year = false, month = false, day = false;
  for (const char *f = form; *f; f++) {
    if (*f != '%') continue;
    f++;
    if (!*f || !strchr("YymdejbBHIMSp%", *f)) return false;
    year |= *f == 'Y' || *f == 'y';
    month |= *f == 'm' || *f == 'b' || *f == 'B' || *f == 'j';
    day |= *f == 'd' || *f == 'e' || *f == 'j';
  }
  return year && month && day;
}
