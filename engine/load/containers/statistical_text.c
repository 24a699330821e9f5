#include "engine/load/containers/statistical_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "engine/base/date.h"
#include "engine/load/containers/cell_text.h"

enum { DAY_SECONDS = 86400, FIRST_DAY = -719162, LAST_DAY = 2932896 }; /* 0001-01-01, 9999-12-31 */

/* SPSS counts from 1582-10-14, Stata and SAS from 1960-01-01; days from 1970-01-01. */
static const int first_days[] = {[EH_SPSS] = -141428, [EH_STATA] = -3653, [EH_SAS] = -3653};

struct form {
  const char *name;
  enum eh_statistical_kind kind;
};

static bool begins(const char *text, const char *word) {
  return strncasecmp(text, word, strlen(word)) == 0;
}

/* The first whose name the format begins with. */
static enum eh_statistical_kind find(const struct form *forms, size_t count, const char *format) {
  for (size_t i = 0; i < count; i++)
    if (begins(format, forms[i].name)) return forms[i].kind;
  return EH_COUNT_NUMBER;
}

#define FIND(forms, format) find(forms, sizeof(forms) / sizeof *(forms), format)

static enum eh_statistical_kind of_stata(const char *format) {
  static const struct form forms[] = {{"td", EH_COUNT_DAYS},         {"d", EH_COUNT_DAYS},
                                      {"tc", EH_COUNT_MILLISECONDS}, {"tm", EH_COUNT_MONTHS},
                                      {"tq", EH_COUNT_QUARTERS}};
  if (*format == '%') format++;
  if (*format == '-') format++;
  return FIND(forms, format);
}

enum eh_statistical_kind eh_statistical_kind_of(enum eh_statistical_program program,
                                                const char *format) {
  static const struct form spss[] = {
      {"DATETIME", EH_COUNT_SECONDS},       {"YMDHMS", EH_COUNT_SECONDS},
      {"DATE", EH_COUNT_SECONDS_OF_DAYS},   {"ADATE", EH_COUNT_SECONDS_OF_DAYS},
      {"EDATE", EH_COUNT_SECONDS_OF_DAYS},  {"SDATE", EH_COUNT_SECONDS_OF_DAYS},
      {"JDATE", EH_COUNT_SECONDS_OF_DAYS},  {"MOYR", EH_COUNT_SECONDS_OF_DAYS},
      {"QYR", EH_COUNT_SECONDS_OF_DAYS},    {"WKYR", EH_COUNT_SECONDS_OF_DAYS},
      {"TIME", EH_COUNT_TIME},              {"DTIME", EH_COUNT_TIME},
      {"MTIME", EH_COUNT_TIME}};
  static const struct form sas[] = {
      {"DATETIME", EH_COUNT_SECONDS}, {"DATEAMPM", EH_COUNT_SECONDS}, {"MDYAMPM", EH_COUNT_SECONDS},
      {"E8601DT", EH_COUNT_SECONDS},  {"B8601DT", EH_COUNT_SECONDS},
      {"DT", EH_COUNT_SECONDS_OF_DAYS}, {"DATE", EH_COUNT_DAYS},      {"MMDDYY", EH_COUNT_DAYS},
      {"DDMMYY", EH_COUNT_DAYS},      {"YYMMDD", EH_COUNT_DAYS},      {"E8601DA", EH_COUNT_DAYS},
      {"B8601DA", EH_COUNT_DAYS},     {"WORDDAT", EH_COUNT_DAYS},     {"WEEKDAT", EH_COUNT_DAYS},
      {"MONYY", EH_COUNT_DAYS},       {"YYMM", EH_COUNT_DAYS},        {"MMYY", EH_COUNT_DAYS},
      {"JULIAN", EH_COUNT_DAYS},      {"YYQ", EH_COUNT_DAYS},         {"EURDFDD", EH_COUNT_DAYS},
      {"NLDATM", EH_COUNT_SECONDS},   {"NLDATE", EH_COUNT_DAYS},      {"TIME", EH_COUNT_TIME},
      {"HHMM", EH_COUNT_TIME},        {"TOD", EH_COUNT_TIME},         {"MMSS", EH_COUNT_TIME}};
  if (!format) return EH_COUNT_NUMBER;
  return program == EH_STATA  ? of_stata(format)
         : program == EH_SPSS ? FIND(spss, format)
                              : FIND(sas, format);
}

static size_t put_day(double day, char *buffer) {
  if (!(day >= FIRST_DAY && day <= LAST_DAY)) return 0;
  eh_date_format((int32_t)day, buffer);
  return 10;
}

static size_t put_time(double seconds, char *buffer) {
  if (!(seconds >= 0 && seconds < 1e9)) return 0;
  long long whole = llround(seconds);
  return (size_t)sprintf(buffer, "%02lld:%02lld:%02lld", whole / 3600, whole / 60 % 60,
                         whole % 60);
}

static size_t put_moment(double seconds, int first_day, char *buffer) {
  double whole = floor(seconds + 0.5), day = floor(whole / DAY_SECONDS);
  size_t length = put_day(day + first_day, buffer);
  if (length == 0) return 0;
  buffer[length++] = ' ';
  return length + put_time(whole - day * DAY_SECONDS, buffer + length);
}

/* Months or quarters from the beginning of 1960. */
static size_t put_part_of_year(double value, int parts, char *buffer) {
  double whole = floor(value), year = 1960 + floor(whole / parts);
  if (!(year >= 1 && year <= 9999)) return 0;
  int part = (int)(whole - parts * floor(whole / parts)) + 1;
  return (size_t)(parts == 12 ? sprintf(buffer, "%04d-%02d", (int)year, part)
                              : sprintf(buffer, "%04dQ%d", (int)year, part));
}

static size_t put_counted(double value, enum eh_statistical_program program,
                          enum eh_statistical_kind kind, char *buffer) {
  int first = first_days[program];
  switch (kind) {
    case EH_COUNT_DAYS:
      return put_day(floor(value) + first, buffer);
    case EH_COUNT_SECONDS:
      return put_moment(value, first, buffer);
    case EH_COUNT_SECONDS_OF_DAYS:
      return put_day(floor(value / DAY_SECONDS) + first, buffer);
    case EH_COUNT_MILLISECONDS:
      return put_moment(value / 1000, first, buffer);
    case EH_COUNT_TIME:
      return put_time(value, buffer);
    case EH_COUNT_MONTHS:
      return put_part_of_year(value, 12, buffer);
    case EH_COUNT_QUARTERS:
      return put_part_of_year(value, 4, buffer);
    default:
      return 0;
  }
}

size_t eh_statistical_text(double value, enum eh_statistical_program program,
                           enum eh_statistical_kind kind, int digits, char *buffer) {
  if (!isfinite(value)) return 0;
  size_t length = put_counted(value, program, kind, buffer);
  if (length) return length;
  char shown[40];
  bool is_whole = fabs(value) < 1e15 && value == floor(value), is_long = false;
  int written = is_whole ? snprintf(shown, sizeof shown, "%.0f", value)
                         : snprintf(shown, sizeof shown, "%.*g", digits, value);
  if (strcmp(shown, "-0") == 0) return (size_t)sprintf(buffer, "0");
  return eh_cell_number(shown, (size_t)written, buffer, &is_long);
}
