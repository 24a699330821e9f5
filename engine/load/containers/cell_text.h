/* The text of a cell: what a careful person would type from the sheet, in ISO form. */
#ifndef EVENHAND_LOAD_CELL_TEXT_H
#define EVENHAND_LOAD_CELL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/base/memory.h"
#include "engine/load/containers/number_format.h"

enum { EH_NUMBER_TEXT = 400 }; /* room for any text that is made of a number */

/* Is it a number as XML has them: digits, a point, E and an exponent? Not inf, nan, hexadecimal or
   a comma. */
bool eh_cell_is_number(const char *text, size_t length);

/* A number as text: whole digits stay as they are; others to 15 significant digits, without an
   exponent. *is_long: it has more than 15 digits, or lost some. buffer has EH_NUMBER_TEXT bytes;
   returns the length. */
size_t eh_cell_number(const char *number, size_t length, char *buffer, bool *is_long);

/* A number under a format: a date or time where it is one, an id with its zeros, or the number.
   first_day: 0, or 1462 where days are counted from 1904. */
size_t eh_cell_formatted(const char *number, size_t length, const struct eh_number_format *format,
                         int first_day, char *buffer, bool *is_long);

/* ISO 8601: T becomes a blank, fractions of a second are rounded away, a Z is dropped; of
   00:00:00 as written (with keeps_midnight false) the day alone. Text of another form stays as it is. */
size_t eh_cell_iso_date(const char *text, size_t length, bool keeps_midnight, char *buffer);
/* PT32H05M09S as 32:05:09; 0: it is none. */
size_t eh_cell_iso_duration(const char *text, size_t length, char *buffer);

/* Text with _x000D_ and the like decoded once, if asked, CR LF and CR as LF, blanks (and U+00A0)
   around it left out. The result is within text, whose bytes are changed. */
char *eh_cell_trim(char *text, size_t *length, bool has_escapes);

/* How many characters; texts of more than 32,767 are in no sheet. UTF-16 counts those beyond
   U+FFFF twice. */
size_t eh_cell_characters(const char *text, size_t length);

#endif
