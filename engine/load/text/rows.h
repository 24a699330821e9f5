/* Records as batches of texts: what everybody reads, whatever is then made of it.
 *
 *   rows = eh_rows_new(&plan)
 *   eh_rows_begin(rows, text, length, is_last)
 *   while ((batch = eh_rows_next(rows))) ...
 *   gain = eh_rows_gain(rows)
 *
 * The one rule of what a bad record is: a line that is no record of the format is left out, with
 * the reason; so is a record in which a field that is asked for is text in neither UTF-8 nor
 * Windows-1252. What common readers read is read (enum eh_lenience), and counted. Such a text in another field is its column's affair: it stays as it is, and is no
 * UTF-8. Rows that are totals, notes or the header again are left out as well. Fields in Windows-1252 come as UTF-8. Each field is read by itself.
 */
#ifndef EVENHAND_LOAD_ROWS_H
#define EVENHAND_LOAD_ROWS_H

#include "engine/load/text/csv.h"

/* Records are handed on some at a time, column by column: what is known of one column's values then
   stays near the processor, and the look-ups of different records overlap. */
enum { EH_ROWS = 128, EH_BAD_PLACES = 5 };

struct eh_rows_plan {
  char delimiter;
  size_t field_count;   /* of every record */
  size_t fewest;        /* that one may have of them, the last ones missing; 0: all */
  const size_t *wanted; /* numbers of the fields that are read, ascending; one may stand twice */
  size_t wanted_count;
  const bool *asked;    /* by place in wanted: must it be text? NULL: all must */
  bool use_libcsv;      /* for every record: the reference */
  const char *encoding; /* of text that is no UTF-8; NULL: Windows-1252 */
  bool keeps_totals;        /* rows that look like totals are records */
  const char *const *names; /* of the fields; NULL: every row is a record, whatever its shape
                               (asides.h) */
};

/* Records that follow each other; valid until the next is asked for. */
struct eh_batch {
  size_t count;       /* 1 to EH_ROWS */
  const char **texts; /* the wanted field i of record r: [i * EH_ROWS + r]; with room behind them
                         (EH_ROOM_BEHIND) */
  uint32_t *lengths;
  const uint32_t *lines; /* by record, from 0 within the text */
};

/* Lines that are no records. */
struct eh_bad_lines {
  uint64_t counts[EH_CSV_PROBLEMS];
  uint64_t lines[EH_BAD_PLACES]; /* of the first, from 0 within the text */
  enum eh_csv_problem problems[EH_BAD_PLACES];
  size_t place_count;
};

/* What was forgiven: records, by what; those of which anything was; and lines without text. */
struct eh_leniences {
  uint64_t counts[EH_LENIENCES];
  uint64_t records;
  uint64_t blank_lines;
};

/* What a text gave, once its last batch was handed on. */
struct eh_rows_gain {
  size_t used;    /* bytes, up to the start of a record that does not end in the text */
  uint64_t lines; /* in them */
  bool runs_on;   /* the text ends within the line of a record that was given up */
  uint64_t records;
  uint64_t windows_records; /* of these, in which not all is UTF-8 */
  struct eh_bad_lines bad;
  struct eh_leniences leniences;
};

struct eh_rows; /* for one thread */
/* The plan is borrowed. */
struct eh_rows *eh_rows_new(const struct eh_rows_plan *plan);
void eh_rows_free(struct eh_rows *rows);
/* Read a text that begins at the start of a record and has room behind it. is_last: the input ends
   with it. */
void eh_rows_begin(struct eh_rows *rows, const char *text, size_t length, bool is_last);
/* NULL: there are no more. */
const struct eh_batch *eh_rows_next(struct eh_rows *rows);
const struct eh_rows_gain *eh_rows_gain(const struct eh_rows *rows);

#endif
