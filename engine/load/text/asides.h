/* Rows that are no records, told by their shape: totals, notes and headings of one cell, the header
 * once more. People's spreadsheets have them among the records.
 */
#ifndef EVENHAND_LOAD_ASIDES_H
#define EVENHAND_LOAD_ASIDES_H

#include "engine/load/text/csv.h"

/* What a row of so many columns is: EH_CSV_TOTAL, EH_CSV_ONE_CELL, EH_CSV_NOTE, EH_CSV_HEADER_AGAIN;
   EH_CSV_PROBLEMS: a record. names: of the columns, or NULL.

   A total: its first filled cell is labelled as one (containers/total.h), and at most half of the columns are
   filled, or the first cell says so and nothing else. A note: two cells, of five columns or more, of which the
   first is "Note:", "Source" or an asterisk. One cell: of three columns or
   more. */
enum eh_csv_problem eh_aside_of(const struct eh_field *fields, size_t count, size_t columns,
                                const char *const *names);

/* Could the row be one of these, by its first field and by how many fields are filled of some that
   were looked at? Quick; "yes" must be asked of eh_aside_of. */
bool eh_aside_may_be(struct eh_field first, size_t filled, size_t looked_at,
                     const char *first_name);

#endif
