/* The values of SPSS, Stata and SAS as text: numbers, and dates by the format of their variable. */
#ifndef EVENHAND_LOAD_STATISTICAL_TEXT_H
#define EVENHAND_LOAD_STATISTICAL_TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum eh_statistical_program { EH_SPSS, EH_STATA, EH_SAS };

/* What a variable's numbers count. */
enum eh_statistical_kind {
  EH_COUNT_NUMBER,
  EH_COUNT_DAYS,    /* from the program's first day */
  EH_COUNT_SECONDS, /* from then; shown as a date and a time */
  EH_COUNT_SECONDS_OF_DAYS, /* shown as a date alone */
  EH_COUNT_MILLISECONDS,
  EH_COUNT_TIME,    /* seconds, of no day */
  EH_COUNT_MONTHS,  /* from January of the first year */
  EH_COUNT_QUARTERS
};

enum eh_statistical_kind eh_statistical_kind_of(enum eh_statistical_program program,
                                                const char *format);

/* digits: significant ones (15; 7 for single precision). buffer has EH_NUMBER_TEXT bytes; returns
   the length. What is no day of the years 1 to 9999 stays a number. */
size_t eh_statistical_text(double value, enum eh_statistical_program program,
                           enum eh_statistical_kind kind, int digits, char *buffer);

#endif
