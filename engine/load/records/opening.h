/* Where the records of a delimited text begin: the delimiter, the header, what stands before it,
 * and how many fields a record has.
 *
 * The header is the first row that fills at least half as many fields as the fullest row near the
 * beginning, and has nearly as many: lines of a title, and comments (#), stand before it. Where
 * rules are given, a row with more of their columns' names is preferred. With --skip-lines it is
 * the line behind those. A first line sep=; names the delimiter, as spreadsheets read it.
 */
#ifndef EVENHAND_LOAD_OPENING_H
#define EVENHAND_LOAD_OPENING_H

#include "engine/load/records/header.h"

struct eh_opening {
  char delimiter;
  const char *const *names; /* by field */
  size_t count;
  size_t fewest;     /* fields of a record, where the last ones are often left away; 0: all */
  const char *after; /* the first byte behind the header */
  uint64_t line;     /* its line, from 1; without a header, the line where one should be */
  const char *const *notes;
  size_t note_count;
};

/* False: there is no header. What the opening holds lives in the arena. */
bool eh_opening_find(struct eh_arena *arena, const struct eh_rules *rules,
                     const struct eh_load_options *options, const struct eh_start *start,
                     struct eh_opening *opening);

#endif
