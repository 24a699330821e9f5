/* Calendar dates as day numbers, in the proleptic Gregorian calendar.
 *
 * A day is an int32_t: days since 1970-01-01, negative before. Years 0001 to 9999.
 * No time zone and no locale enters: a date is what the record says.
 */
#ifndef EVENHAND_BASE_DATE_H
#define EVENHAND_BASE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct eh_civil {
  int year, month, day; /* 1..9999, 1..12, 1..31 */
};

bool eh_date_valid(int year, int month, int day);
int32_t eh_date_from_civil(int year, int month, int day);
struct eh_civil eh_date_to_civil(int32_t day);

/* Read text by a form of strptime's %Y %y %m %d %e %b %B %H %I %M %S %p %j %% (a number may lack
   its leading zeros; %y is 1969 to 2068; %b and %B take English names; a %S takes a fraction; times
   are checked and dropped). The whole text must match. False: not a date of that form. */
bool eh_date_parse(const char *text, size_t length, const char *form, int32_t *day);
/* Is this a form eh_date_parse can use: known letters only, and a year, a month and a day? */
bool eh_date_form_valid(const char *form);

/* "2016-11-01" into 11 bytes. */
void eh_date_format(int32_t day, char text[11]);

/* Whole years from one day to another, as ages are counted: a 29 February birthday counts
   on 1 March in other years. Negative when to precedes from. */
int32_t eh_date_years_between(int32_t from, int32_t to);

#endif
