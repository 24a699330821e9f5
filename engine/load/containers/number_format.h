/* What a spreadsheet's number format makes of a number: nothing that changes its value, a date, a
 * time, or an id with its zeros. */
#ifndef EVENHAND_LOAD_NUMBER_FORMAT_H
#define EVENHAND_LOAD_NUMBER_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

enum eh_number_kind { EH_PLAIN_NUMBER, EH_DATE_NUMBER, EH_ID_NUMBER };

struct eh_number_format {
  enum eh_number_kind kind;
  bool has_day, has_time, is_elapsed; /* of dates */
  const char *code;                   /* of ids: the section for positive numbers */
  size_t code_length;
};

/* Of a format's code; it is kept, not copied. */
struct eh_number_format eh_number_format_of(const char *code);
/* Of one of the formats that every workbook has without stating them. */
struct eh_number_format eh_number_format_built_in(unsigned long id);

/* The text of whole digits under a format of ids; its length, or 0 where it does not fit. */
size_t eh_number_format_id(const struct eh_number_format *format, const char *digits, size_t count,
                           char *text, size_t size);

#endif
