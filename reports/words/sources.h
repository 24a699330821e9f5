/* The rules' inputs in words: how much came from each, and what of it could not be mapped. */
#ifndef EVENHAND_REPORTS_SOURCES_H
#define EVENHAND_REPORTS_SOURCES_H

#include "engine/load/account.h"

/* "1,204 records in 2 files; without later_offence; 3 columns that no rule uses", in the arena. */
const char *eh_sources_line(struct eh_arena *arena, const struct eh_source_account *source);

/* That case ids stand in several sources, and what to do; NULL where none does. In the arena. */
const char *eh_sources_shared_line(struct eh_arena *arena, const struct eh_account *account);

/* What stood outside the recode of one column of a source. */
struct eh_sources_outside {
  const char *column;
  size_t first, count; /* in source->unmapped */
  uint64_t records;
};
/* By column, in the arena. */
const struct eh_sources_outside *eh_sources_outside_of(struct eh_arena *arena,
                                                       const struct eh_source_account *source,
                                                       size_t *count);
/* "outcome: 12 records with 2 values that its recode does not name: 'X' (10), 'Y' (2)", with the
   most frequent values, at most so many, in the arena. */
const char *eh_sources_outside_line(struct eh_arena *arena, const struct eh_source_account *source,
                                    const struct eh_sources_outside *outside, size_t most);

#endif
