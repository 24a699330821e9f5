/* Records of delimited text (RFC 4180), one at a time, out of a buffer. libcsv reads them,
 * strictly; a scanner reads the plain and the well-formed quoted ones faster, and to the same
 * bytes. What both refuse and common readers read is read where it is asked for
 * (eh_csv_be_lenient), and told.
 *
 * Blanks around unquoted fields are trimmed; blank lines are no records; a line ends at LF, CRLF or
 * CR. A record that cannot be read costs only the line it began on: reading goes on with the next
 * line, so a stray quote never swallows what follows.
 */
#ifndef EVENHAND_LOAD_CSV_H
#define EVENHAND_LOAD_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct eh_field {
  const char *text; /* not NUL-terminated */
  size_t length;
};

enum { EH_LONGEST_FIELD = 1 << 20, EH_LONGEST_RECORD = 1 << 23 };

enum eh_csv_outcome {
  EH_CSV_RECORD,     /* fields and field_count are set */
  EH_CSV_BAD,        /* problem says why; the line it began on is to be left out */
  EH_CSV_INCOMPLETE, /* the record begins at `start` and does not end in the buffer */
  EH_CSV_END         /* nothing but blank lines is left */
};

/* Why a line is left out, in words that can follow "excluded: ". */
enum eh_csv_problem {
  EH_CSV_BAD_QUOTE,
  EH_CSV_LONG_FIELD,
  EH_CSV_LONG_RECORD,
  EH_CSV_NUL,
  EH_CSV_FEW_FIELDS,
  EH_CSV_MANY_FIELDS,
  EH_CSV_NOT_TEXT,
  /* Not said by eh_csv: */
  EH_CSV_TOTAL,
  EH_CSV_ONE_CELL,
  EH_CSV_NOTE,
  EH_CSV_HEADER_AGAIN,
  EH_CSV_PROBLEMS
};
const char *eh_csv_problem_text(enum eh_csv_problem problem);

/* What a record that was read has been forgiven. */
enum eh_lenience {
  EH_LENIENT_QUOTES,   /* quotes within fields, which stand for themselves */
  EH_LENIENT_FORMULA,  /* ="0100001", as spreadsheets keep zeros; said by eh_rows */
  EH_LENIENT_TRAILING, /* empty fields behind the last column */
  EH_LENIENT_MISSING,  /* no fields for the last columns */
  EH_LENIENT_NUL,      /* NUL bytes, taken out */
  EH_LENIENCES
};

struct eh_csv_record {
  const struct eh_field *fields; /* valid until the next call */
  size_t field_count;
  const char *start;    /* where the record began in the buffer */
  bool is_ascii;        /* known to have no byte above 127 */
  bool is_held;         /* the texts of the fields stay until eh_csv_release */
  uint64_t blank_lines; /* passed over before it */
  uint64_t lines;       /* of the record itself; 1 for a bad one */
  enum eh_csv_problem problem;
  size_t found_count; /* fields that stood there; 0: as many as expected */
  unsigned leniences; /* of one that was read: bits, 1 << enum eh_lenience */
  bool runs_on; /* of a bad one: its first line goes on behind the buffer (eh_csv_pass_line) */
};

struct eh_csv;
/* fields_expected 0: any number of fields (a header). Reads one text; for another, restart it. */
struct eh_csv *eh_csv_new(char delimiter, size_t fields_expected);
void eh_csv_free(struct eh_csv *csv);
void eh_csv_restart(struct eh_csv *csv);

/* Read leniently; a record has at least `fewest` fields (at most as many as expected), and the
   others are empty then. */
void eh_csv_be_lenient(struct eh_csv *csv, size_t fewest);
/* Have libcsv read everything: the reference. */
void eh_csv_use_libcsv(struct eh_csv *csv);
/* From now on libcsv's fields stay until they are released, so that nobody needs to copy them; they
   have room behind them (EH_ROOM_BEHIND). */
void eh_csv_hold(struct eh_csv *csv);
void eh_csv_release(struct eh_csv *csv);
/* Only these fields are looked at (ascending numbers; borrowed): the others may be left unset. */
void eh_csv_want(struct eh_csv *csv, const size_t *wanted, size_t count);

/* Read the record at *next, before end, and move *next behind it (behind its first line if it is
   bad; to its start if it is incomplete). is_last: the text ends at end. */
enum eh_csv_outcome eh_csv_next(struct eh_csv *csv, const char **next, const char *end,
                                bool is_last, struct eh_csv_record *record);

/* Where fields go, column by column: the wanted field i of record r to place i * stride + r. */
struct eh_csv_columns {
  const char **texts;
  uint32_t *lengths;
  size_t stride;
};
/* Read up to `most` records that are plain, of ASCII and one line long, from *next on, and move
   behind them; returns how many there were. Plain: quotes stand around whole fields only. Their
   fields (eh_csv_want) stay in the text. 0: the next record is none of these, or eh_csv_use_libcsv
   or no eh_csv_want was called. */
size_t eh_csv_plain(struct eh_csv *csv, const char **next, const char *end,
                    const struct eh_csv_columns *columns, size_t most);

/* Behind the line that starts at text. */
const char *eh_csv_line_end(const char *text, const char *end);
/* How many bytes of a text that begins within a line belong to it. *runs_on: all of them do, and
 * more may follow. */
size_t eh_csv_pass_line(const char *text, size_t length, bool *runs_on);

#endif
