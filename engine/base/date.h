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

/* Read text by a form: of strptime's %Y %y %m %d %e %b %B %H %I %M %S %p %j %% (a number may lack
   its leading zeros; a %S takes a fraction; times are checked and dropped), %z (a time zone, which
   is dropped: the date is the one written), %a or %A (any word), where %b and %B take the months'
   names in English, Spanish, French, German, Portuguese and Dutch; or a form by name: `excel` (days
   of a spreadsheet), `unix` and `unix-ms` (seconds and milliseconds since 1970). The whole text
   must match. A %y is of the hundred years that end on the day `latest`; INT32_MAX: 1969 to 2068.
   False: not a date of that form. */
bool eh_date_read(const char *text, size_t length, const char *form, int32_t latest, int32_t *day);
/* The same, with %y from 1969 to 2068. */
bool eh_date_parse(const char *text, size_t length, const char *form, int32_t *day);
/* Is this a form that can be read: known letters only, and a year, a month and a day? */
bool eh_date_form_valid(const char *form);
/* Does it have years of two digits? */
bool eh_date_form_is_short(const char *form);
/* Is it one of those by name? */
bool eh_date_form_is_serial(const char *form);

/* A date as a form writes it, NUL-terminated; months' names are English, times 10:11:12. */
enum { EH_DATE_TEXT = 128 };
void eh_date_write(int32_t day, const char *form, char text[EH_DATE_TEXT]);
/* Is there a text that two forms read as different days? text gets one. */
bool eh_date_forms_clash(const char *one, const char *other, char text[EH_DATE_TEXT]);

/* The names of months, in small letters: number 0, 1, ... until NULL; *month is 1 to 12. */
const char *eh_date_month_name(size_t number, int *month);

/* "2016-11-01" into 11 bytes. */
void eh_date_format(int32_t day, char text[11]);

/* Whole years from one day to another, as ages are counted: a 29 February birthday counts
   on 1 March in other years. Negative when to precedes from. */
int32_t eh_date_years_between(int32_t from, int32_t to);

#endif
