/* One line of a delimited text as a header, and how well the records behind it fit. For
 * opening.c. */
#ifndef EVENHAND_LOAD_HEADING_H
#define EVENHAND_LOAD_HEADING_H

#include "engine/base/memory.h"
#include "engine/load/text/csv.h"

/* What a text is read with. */
struct eh_heading_text {
  const char *end;
  bool is_whole; /* the input ends there */
  char delimiter;
  bool use_libcsv;
  const char *encoding; /* of text that is no UTF-8; NULL: Windows-1252 */
};

struct eh_heading {
  const char **names; /* by field; without one: EH_NO_NAME */
  size_t count, filled;
  const char *after; /* the first byte behind */
  uint64_t lines;    /* up to there */
};

/* The header at `at`. False: there is none. */
bool eh_heading_read(struct eh_arena *arena, const struct eh_heading_text *text, const char *at,
                     struct eh_heading *heading);

/* Join the names with those of the line behind, "Upper / lower": an upper one reaches over blanks to
   its right. A name alone stays as it is. False: there is no such line, or it has fewer fields. */
bool eh_heading_join(struct eh_arena *arena, const struct eh_heading_text *text,
                     struct eh_heading *heading);

/* Of the first records behind a header. */
struct eh_heading_fit {
  size_t looked_at, exact, missing, more_by_one, trailing;
  size_t fewest;       /* fields, of those that have at least half; of all: 0 */
  size_t broken_pairs; /* two short ones that together have the fields of one */
};
struct eh_heading_fit eh_heading_fits(const struct eh_heading_text *text,
                                      const struct eh_heading *heading, size_t most);

/* Rows right below the header that are no records: a rule of dashes; the header again; units and
   kinds, where two columns or more that hold digits in nearly every record hold none; what
   Qualtrics puts there. The heading moves behind them; returns how many lines. */
uint64_t eh_heading_pass_rows(const struct eh_heading_text *text, struct eh_heading *heading);
bool eh_heading_has_digit(const struct eh_field *field);

/* Is what comes before the first named field the names of rows, as R writes them? The records have
   one field more than the header. */
bool eh_heading_lacks_row_names(const struct eh_heading_text *text,
                                const struct eh_heading *heading);

#endif
