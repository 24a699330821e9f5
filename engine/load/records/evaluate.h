/* One piece of an input, parsed and evaluated by one thread. */
#ifndef EVENHAND_LOAD_INGEST_H
#define EVENHAND_LOAD_INGEST_H

#include "engine/load/records/records.h"
#include "rules/evaluate/evaluate.h"

enum { EH_BAD_PLACES = 5 }; /* unusable records named, an input */

/* What a piece of text gave. */
struct eh_harvest {
  struct eh_chunk chunk; /* first_line and offset are the caller's to set */
  uint64_t lines;        /* in the text that was used */
  size_t used;           /* bytes, up to the start of a record that does not end here */
  bool runs_on;          /* the text ends within the line of a record that was given up */
  uint64_t bad[EH_CSV_PROBLEMS];
  uint64_t bad_lines[EH_BAD_PLACES]; /* from 0 within the piece */
  enum eh_csv_problem bad_problems[EH_BAD_PLACES];
  size_t bad_place_count;
  uint64_t windows_records; /* read as Windows-1252 */
  uint64_t *malformed;      /* by column of the rules */
  struct eh_unmapped_list unmapped;
};
void eh_harvest_free(struct eh_harvest *harvest);

struct eh_ingest; /* a thread's parser, evaluator and scratch */
struct eh_ingest *eh_ingest_new(struct eh_records *records);
void eh_ingest_free(struct eh_ingest *ingest);
/* What the chunks of all its harvests hold; then it can only be freed. */
struct eh_arena *eh_ingest_take_kept(struct eh_ingest *ingest);

/* Parse text, which begins at the start of a record of an input laid out like this and has room
 * behind it (EH_ROOM_BEHIND). is_last: the input ends with it. */
void eh_ingest_text(struct eh_ingest *ingest, const struct eh_layout *layout, const char *text,
                    size_t length, bool is_last, struct eh_harvest *harvest);

#endif
