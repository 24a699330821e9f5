#include "engine/base/date.h"

#include <stdio.h>
#include <string.h>

static const char *const months[12] = {"January",   "February", "March",    "April",
                                       "May",       "June",     "July",     "August",
                                       "September", "October",  "November", "December"};

/* In small letters; a name before what it begins with. */
static const struct {
  const char *name;
  int month;
} month_names[] = {
    {"january", 1},
    {"januari", 1},
    {"januar", 1},
    {"janvier", 1},
    {"janeiro", 1},
    {"janv", 1},
    {"jan", 1},
    {"j\xc3\xa4nner", 1},
    {"enero", 1},
    {"ene", 1},
    {"february", 2},
    {"februari", 2},
    {"februar", 2},
    {"febrero", 2},
    {"fevereiro", 2},
    {"f\xc3\xa9vrier", 2},
    {"fevrier", 2},
    {"f\xc3\xa9vr", 2},
    {"feb", 2},
    {"fev", 2},
    {"f\xc3\xa9v", 2},
    {"march", 3},
    {"mar\xc3\xa7o", 3},
    {"marco", 3},
    {"marzo", 3},
    {"mars", 3},
    {"m\xc3\xa4rz", 3},
    {"maerz", 3},
    {"maart", 3},
    {"mar", 3},
    {"m\xc3\xa4r", 3},
    {"mrz", 3},
    {"mrt", 3},
    {"april", 4},
    {"avril", 4},
    {"abril", 4},
    {"apr", 4},
    {"avr", 4},
    {"abr", 4},
    {"mayo", 5},
    {"maio", 5},
    {"may", 5},
    {"mai", 5},
    {"mei", 5},
    {"june", 6},
    {"juni", 6},
    {"juin", 6},
    {"junio", 6},
    {"junho", 6},
    {"jun", 6},
    {"july", 7},
    {"juli", 7},
    {"juillet", 7},
    {"julio", 7},
    {"julho", 7},
    {"juil", 7},
    {"jul", 7},
    {"august", 8},
    {"augustus", 8},
    {"ao\xc3\xbbt", 8},
    {"aout", 8},
    {"agosto", 8},
    {"aug", 8},
    {"ago", 8},
    {"september", 9},
    {"septembre", 9},
    {"septiembre", 9},
    {"setiembre", 9},
    {"setembro", 9},
    {"sept", 9},
    {"sep", 9},
    {"set", 9},
    {"october", 10},
    {"oktober", 10},
    {"octobre", 10},
    {"octubre", 10},
    {"outubro", 10},
    {"oct", 10},
    {"okt", 10},
    {"out", 10},
    {"november", 11},
    {"novembre", 11},
    {"noviembre", 11},
    {"novembro", 11},
    {"nov", 11},
    {"december", 12},
    {"d\xc3\xa9"
     "cembre",
     12},
    {"decembre", 12},
    {"dezember", 12},
    {"diciembre", 12},
    {"dezembro", 12},
    {"d\xc3\xa9"
     "c",
     12},
    {"dec", 12},
    {"dez", 12},
    {"dic", 12},
};
enum { MONTH_NAMES = sizeof month_names / sizeof month_names[0] };

const char *eh_date_month_name(size_t number, int *month) {
  if (number >= MONTH_NAMES) return NULL;
  *month = month_names[number].month;
  return month_names[number].name;
}

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
  bool is_short; /* the year has two digits */
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

/* A byte in small letters; of a letter of Latin-1 in UTF-8, its second byte. */
static unsigned char small(const char *text, size_t at) {
  unsigned char c = (unsigned char)text[at];
  if (c >= 'A' && c <= 'Z') return (unsigned char)(c + ('a' - 'A'));
  bool is_second = at > 0 && (unsigned char)text[at - 1] == 0xC3;
  return is_second && c >= 0x80 && c <= 0x9E ? (unsigned char)(c + 0x20) : c;
}

static bool begins_with(const struct reader *r, const char *name, size_t length) {
  if ((size_t)(r->end - r->next) < length) return false;
  for (size_t i = 0; i < length; i++)
    if (small(r->next, i) != (unsigned char)name[i]) return false;
  return true;
}

/* The longest name that stands there. */
static bool read_month_name(struct reader *r) {
  size_t longest = 0;
  for (size_t i = 0; i < MONTH_NAMES; i++) {
    size_t length = strlen(month_names[i].name);
    if (length <= longest || !begins_with(r, month_names[i].name, length)) continue;
    longest = length;
    r->month = month_names[i].month;
  }
  r->next += longest;
  return longest > 0;
}

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool read_word(struct reader *r) {
  const char *start = r->next;
  while (r->next < r->end && is_letter(*r->next)) r->next++;
  return r->next - start >= 2;
}

/* Z, UTC, +02:00, -0500, +01 */
static bool read_zone(struct reader *r) {
  int hours, minutes;
  if (begins_with(r, "utc", 3) || begins_with(r, "gmt", 3)) {
    r->next += 3;
    return true;
  }
  if (begins_with(r, "z", 1)) {
    r->next++;
    return true;
  }
  if (r->next == r->end || (*r->next != '+' && *r->next != '-')) return false;
  r->next++;
  if (!read_number(r, 2, 0, 18, &hours)) return false;
  if (r->next < r->end && *r->next == ':')
    r->next++;
  else if (r->next == r->end)
    return true;
  return read_number(r, 2, 0, 59, &minutes);
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
      r->is_short = true;
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
    case 'z':
      return read_zone(r);
    case 'a':
    case 'A':
      return read_word(r);
    case '%':
      return r->next < r->end && *r->next++ == '%';
    default:
      return false;
  }
}

/* --- forms by name --- */

static const int32_t DAY_ZERO_OF_EXCEL = -25569, FIRST_DAY = -719162, LAST_DAY = 2932896;

bool eh_date_form_is_serial(const char *form) {
  return strcmp(form, "excel") == 0 || strcmp(form, "unix") == 0 || strcmp(form, "unix-ms") == 0;
}

/* Digits, perhaps with a sign and a fraction, which is dropped. */
static bool read_serial(const char *text, size_t length, int64_t *number) {
  const char *s = text, *end = text + length;
  bool is_negative = s < end && *s == '-';
  s += is_negative;
  const char *digits = s;
  for (*number = 0; s < end && *s >= '0' && *s <= '9' && s - digits < 15; s++)
    *number = 10 * *number + (*s - '0');
  if (s == digits) return false;
  if (is_negative) *number = -*number;
  if (s == end) return true;
  if (*s++ != '.' || s == end) return false;
  while (s < end && *s >= '0' && *s <= '9') s++;
  return s == end;
}

/* Excel counts a 29 February 1900 that never was: number 60. */
static bool read_by_name(const char *text, size_t length, const char *form, int32_t *day) {
  int64_t number, per_day = strcmp(form, "unix") == 0 ? 86400 : 86400000;
  if (!read_serial(text, length, &number)) return false;
  if (strcmp(form, "excel") == 0) {
    if (number < 1 || number == 60) return false;
    number += DAY_ZERO_OF_EXCEL + (number < 60);
  } else {
    number = number >= 0 ? number / per_day : -((per_day - 1 - number) / per_day);
  }
  if (number < FIRST_DAY || number > LAST_DAY) return false;
  *day = (int32_t)number;
  return true;
}

/* --- the whole --- */

/* A year of two digits, which has been read as one from 1969 to 2068. */
static void settle_century(struct reader *r, int32_t latest) {
  if (!r->is_short || latest == INT32_MAX) return;
  struct eh_civil end = eh_date_to_civil(latest);
  r->year = end.year - end.year % 100 + r->year % 100;
  int day = r->day_of_year ? 1 : r->day, month = r->day_of_year ? 1 : r->month;
  int written = 10000 * r->year + 100 * month + day;
  if (written > 10000 * end.year + 100 * end.month + end.day) r->year -= 100;
}

bool eh_date_read(const char *text, size_t length, const char *form, int32_t latest, int32_t *day) {
  if (*form >= 'a' && eh_date_form_is_serial(form)) return read_by_name(text, length, form, day);
  struct reader r = {.next = text, .end = text + length};
  for (const char *f = form; *f; f++) {
    if (*f == '%') {
      if (!read_part(&r, *++f)) return false;
    } else if (r.next == r.end || *r.next++ != *f) {
      return false;
    }
  }
  if (r.next != r.end) return false;
  settle_century(&r, latest);
  if (r.day_of_year) {
    if (r.year <= 0 || r.day_of_year > 365 + is_leap(r.year)) return false;
    *day = eh_date_from_civil(r.year, 1, 1) + r.day_of_year - 1;
    return true;
  }
  if (!eh_date_valid(r.year, r.month, r.day)) return false;
  *day = eh_date_from_civil(r.year, r.month, r.day);
  return true;
}

bool eh_date_parse(const char *text, size_t length, const char *form, int32_t *day) {
  return eh_date_read(text, length, form, INT32_MAX, day);
}

bool eh_date_form_is_short(const char *form) {
  for (const char *f = form; (f = strchr(f, '%')) != NULL && f[1]; f += 2)
    if (f[1] == 'y') return true;
  return false;
}

bool eh_date_form_valid(const char *form) {
  bool year = false, month = false, day = false;
  if (eh_date_form_is_serial(form)) return true;
  for (const char *f = form; *f; f++) {
    if (*f != '%') continue;
    f++;
    if (!*f || !strchr("YymdejbBHIMSpzaA%", *f)) return false;
    year |= *f == 'Y' || *f == 'y';
    month |= *f == 'm' || *f == 'b' || *f == 'B' || *f == 'j';
    day |= *f == 'd' || *f == 'e' || *f == 'j';
  }
  return year && month && day;
}

/* --- writing --- */

static int day_of_year(int32_t day, int year) { return day - eh_date_from_civil(year, 1, 1) + 1; }

static void write_part(char letter, int32_t day, char *to, size_t room) {
  struct eh_civil c = eh_date_to_civil(day);
  const char *fixed = letter == 'H' || letter == 'I'   ? "10"
                      : letter == 'M'                  ? "11"
                      : letter == 'S'                  ? "12"
                      : letter == 'p'                  ? "AM"
                      : letter == 'z'                  ? "Z"
                      : letter == 'a' || letter == 'A' ? "Monday"
                                                       : "%";
  if (letter == 'Y')
    snprintf(to, room, "%04d", c.year);
  else if (letter == 'y')
    snprintf(to, room, "%02d", c.year % 100);
  else if (letter == 'm')
    snprintf(to, room, "%02d", c.month);
  else if (letter == 'd' || letter == 'e')
    snprintf(to, room, "%02d", c.day);
  else if (letter == 'j')
    snprintf(to, room, "%03d", day_of_year(day, c.year));
  else if (letter == 'b')
    snprintf(to, room, "%.3s", months[c.month - 1]);
  else if (letter == 'B')
    snprintf(to, room, "%s", months[c.month - 1]);
  else
    snprintf(to, room, "%s", fixed);
}

void eh_date_write(int32_t day, const char *form, char text[EH_DATE_TEXT]) {
  if (eh_date_form_is_serial(form)) {
    int64_t number = strcmp(form, "excel") == 0  ? day - DAY_ZERO_OF_EXCEL
                     : strcmp(form, "unix") == 0 ? day * INT64_C(86400)
                                                 : day * INT64_C(86400000);
    snprintf(text, EH_DATE_TEXT, "%lld", (long long)number);
    return;
  }
  char *to = text, *end = text + EH_DATE_TEXT;
  for (const char *f = form; *f && end - to > 16; f++) {
    if (*f == '%' && f[1]) {
      write_part(*++f, day, to, (size_t)(end - to));
      to += strlen(to);
    } else {
      *to++ = *f;
    }
  }
  *to = '\0';
}

bool eh_date_forms_clash(const char *one, const char *other, char text[EH_DATE_TEXT]) {
  static const int samples[][3] = {{2014, 3, 4}, {2011, 12, 10}, {2004, 5, 6}, {2012, 10, 11}};
  for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
    int32_t day = eh_date_from_civil(samples[i][0], samples[i][1], samples[i][2]), as_one, as_other;
    for (int turn = 0; turn < 2; turn++) {
      eh_date_write(day, turn ? other : one, text);
      if (eh_date_parse(text, strlen(text), one, &as_one) &&
          eh_date_parse(text, strlen(text), other, &as_other) && as_one != as_other)
        return true;
    }
  }
  return false;
}
