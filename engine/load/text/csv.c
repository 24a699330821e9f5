#include "engine/load/text/csv.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/memory.h"
#include "engine/load/text/lenient.h"
#include "engine/load/text/scanner.h"

enum {
  PIECE = 1 << 16,
  ROOM = 1 << 16,   /* for texts of fields, at a time */
  ROW_NOT_BEGUN = 0 /* libcsv's pstate between rows */
};

const char *eh_csv_problem_text(enum eh_csv_problem problem) {
  static const char *const texts[EH_CSV_PROBLEMS] = {
      [EH_CSV_BAD_QUOTE] = "a stray or unclosed quote",
      [EH_CSV_LONG_FIELD] = "a field over 1 MiB",
      [EH_CSV_LONG_RECORD] = "a record over 8 MiB",
      [EH_CSV_NUL] = "a NUL byte",
      [EH_CSV_FEW_FIELDS] = "too few fields",
      [EH_CSV_MANY_FIELDS] = "too many fields",
      [EH_CSV_NOT_TEXT] = "text in neither UTF-8 nor Windows-1252",
      [EH_CSV_TOTAL] = "a total of other rows",
      [EH_CSV_ONE_CELL] = "one cell only, as notes and headings have",
      [EH_CSV_NOTE] = "a note on the others",
      [EH_CSV_HEADER_AGAIN] = "the names of the columns once more",
  };
  return texts[problem];
}

struct eh_csv {
  struct csv_parser parser;
  char delimiter;
  size_t fields_expected;
  bool is_lenient;
  size_t fewest; /* fields of a record */
  struct eh_arena *texts; /* of the fields of the records that are held */
  struct eh_arena_mark no_texts;
  char *first_room, *room; /* the next text goes to room */
  size_t room_left;
  bool holds;
  struct eh_field *fields;
  size_t field_count, field_capacity;
  bool row_ended;
  struct eh_csv_scanner *scanner; /* NULL: libcsv reads everything */
};

static void start_parser(struct eh_csv *csv) {
  if (csv_init(&csv->parser, CSV_STRICT | CSV_STRICT_FINI) != 0) abort();
  csv_set_delim(&csv->parser, (unsigned char)csv->delimiter);
  csv_set_blk_size(&csv->parser, 4096);
  csv_set_realloc_func(&csv->parser, realloc);
}

struct eh_csv *eh_csv_new(char delimiter, size_t fields_expected) {
  struct eh_csv *csv = eh_alloc_zeroed(1, sizeof *csv);
  csv->delimiter = delimiter;
  csv->fields_expected = fields_expected;
  start_parser(csv);
  csv->texts = eh_arena_new();
  csv->first_room = eh_arena_alloc(csv->texts, ROOM + EH_ROOM_BEHIND, 1);
  csv->no_texts = eh_arena_mark(csv->texts);
  eh_csv_release(csv);
  if (fields_expected)
    csv->scanner = eh_csv_scanner_new(eh_scan_best(), delimiter, fields_expected);
  return csv;
}

void eh_csv_free(struct eh_csv *csv) {
  if (!csv) return;
  csv_free(&csv->parser);
  eh_csv_scanner_free(csv->scanner);
  eh_arena_free(csv->texts);
  free(csv->fields);
  free(csv);
}

static void take_field(void *text, size_t length, void *context) {
  struct eh_csv *csv = context;
  if (csv->field_count == csv->field_capacity) {
    csv->field_capacity = csv->field_capacity ? 2 * csv->field_capacity : 64;
    csv->fields = eh_resize(csv->fields, csv->field_capacity, sizeof *csv->fields);
  }
  if (csv->room_left < length) {
    csv->room_left = length > ROOM ? length : ROOM;
    csv->room = eh_arena_alloc(csv->texts, csv->room_left + EH_ROOM_BEHIND, 1);
  }
  if (length) memcpy(csv->room, text, length);
  csv->fields[csv->field_count++] = (struct eh_field){csv->room, length};
  csv->room += length;
  csv->room_left -= length;
}

static void end_row(int character, void *context) {
  (void)character;
  ((struct eh_csv *)context)->row_ended = true;
}

const char *eh_csv_line_end(const char *text, const char *end) {
  const char *lf = memchr(text, '\n', (size_t)(end - text));
  const char *cr = memchr(text, '\r', (size_t)((lf ? lf : end) - text));
  if (cr && cr + 1 != lf) return cr + 1;
  return lf ? lf + 1 : end;
}

static bool ends_with_newline(const char *start, const char *end) {
  return end > start && (end[-1] == '\n' || end[-1] == '\r');
}

size_t eh_csv_pass_line(const char *text, size_t length, bool *runs_on) {
  const char *end = eh_csv_line_end(text, text + length);
  *runs_on = !ends_with_newline(text, end);
  return (size_t)(end - text);
}

/* Feed one line; false when the parser refuses it. */
static bool feed(struct eh_csv *csv, const char *line, const char *end,
                 enum eh_csv_problem *problem) {
  for (const char *piece = line; piece < end;) {
    size_t length = (size_t)(end - piece) < PIECE ? (size_t)(end - piece) : PIECE;
    if (csv_parse(&csv->parser, piece, length, take_field, end_row, csv) != length) {
      if (csv_error(&csv->parser) == CSV_ENOMEM) abort();
      *problem = EH_CSV_BAD_QUOTE;
      return false;
    }
    if (csv->parser.entry_pos > EH_LONGEST_FIELD) {
      *problem = EH_CSV_LONG_FIELD;
      return false;
    }
    piece += length;
  }
  return true;
}

void eh_csv_be_lenient(struct eh_csv *csv, size_t fewest) {
  csv->is_lenient = true;
  csv->fewest = fewest;
}

void eh_csv_use_libcsv(struct eh_csv *csv) {
  eh_csv_scanner_free(csv->scanner);
  csv->scanner = NULL;
}

void eh_csv_hold(struct eh_csv *csv) { csv->holds = true; }

void eh_csv_release(struct eh_csv *csv) {
  eh_arena_reset(csv->texts, csv->no_texts);
  csv->room = csv->first_room;
  csv->room_left = ROOM;
}

void eh_csv_want(struct eh_csv *csv, const size_t *wanted, size_t count) {
  if (csv->scanner) eh_csv_scanner_want(csv->scanner, wanted, count);
}

/* Give the parser up in the middle of a record: it cannot be told to forget (after an error
 * csv_fini delivers a bogus row). */
static void restart(struct eh_csv *csv) {
  csv_free(&csv->parser);
  start_parser(csv);
}

void eh_csv_restart(struct eh_csv *csv) {
  restart(csv);
  if (csv->scanner) eh_csv_scanner_restart(csv->scanner);
}

static enum eh_csv_outcome bad(struct eh_csv *csv, const char **next, const char *end,
                               struct eh_csv_record *record, enum eh_csv_problem problem) {
  restart(csv);
  record->problem = problem;
  record->lines = 1;
  *next = record->start +
          eh_csv_pass_line(record->start, (size_t)(end - record->start), &record->runs_on);
  return EH_CSV_BAD;
}

/* --- what is forgiven --- */

static void take_lenient(void *context, const char *text, size_t length, bool has_pairs) {
  struct eh_csv *csv = context;
  take_field((void *)(uintptr_t)text, length, csv);
  if (!has_pairs) return;
  struct eh_field *field = &csv->fields[csv->field_count - 1];
  char *to = (char *)(uintptr_t)field->text;
  size_t kept = 0;
  for (size_t i = 0; i < length; i++) {
    to[kept++] = to[i];
    if (to[i] == '"') i++;
  }
  field->length = kept;
}

static void forget_fields(void *context) { ((struct eh_csv *)context)->field_count = 0; }

/* NUL bytes are taken out of the fields, which are copies. */
static void drop_nuls(struct eh_csv *csv) {
  for (size_t f = 0; f < csv->field_count; f++) {
    struct eh_field *field = &csv->fields[f];
    char *to = (char *)(uintptr_t)field->text;
    size_t kept = 0;
    for (size_t i = 0; i < field->length; i++)
      if (to[i] != '\0') to[kept++] = to[i];
    field->length = kept;
  }
}

static bool has_empty_end(const struct eh_csv *csv) {
  for (size_t f = csv->fields_expected; f < csv->field_count; f++)
    if (csv->fields[f].length) return false;
  return true;
}

/* As many fields as expected, if the record can have them. */
static void fit_fields(struct eh_csv *csv, struct eh_csv_record *record) {
  size_t expected = csv->fields_expected;
  if (!csv->is_lenient || !expected || csv->field_count == expected) return;
  if (csv->field_count > expected) {
    if (!has_empty_end(csv)) return;
    csv->field_count = expected;
    record->leniences |= 1u << EH_LENIENT_TRAILING;
  } else if (csv->field_count >= csv->fewest) {
    static char none[] = "";
    while (csv->field_count < expected) take_field(none, 0, csv);
    record->leniences |= 1u << EH_LENIENT_MISSING;
  }
}

static enum eh_csv_outcome finish(struct eh_csv *csv, const char **next, const char *end,
                                  struct eh_csv_record *record) {
  for (size_t i = 0; i < csv->field_count; i++)
    if (csv->fields[i].length > EH_LONGEST_FIELD)
      return bad(csv, next, end, record, EH_CSV_LONG_FIELD);
  bool has_nul = memchr(record->start, '\0', (size_t)(*next - record->start)) != NULL;
  if (has_nul && !(csv->is_lenient && csv->fields_expected))
    return bad(csv, next, end, record, EH_CSV_NUL);
  if (has_nul) {
    drop_nuls(csv);
    record->leniences |= 1u << EH_LENIENT_NUL;
  }
  record->found_count = csv->field_count;
  fit_fields(csv, record);
  record->fields = csv->fields;
  record->field_count = csv->field_count;
  if (csv->fields_expected && csv->field_count != csv->fields_expected)
    return bad(csv, next, end, record,
               csv->field_count < csv->fields_expected ? EH_CSV_FEW_FIELDS : EH_CSV_MANY_FIELDS);
  return EH_CSV_RECORD;
}

static uint64_t count_lines(const char *text, const char *end) {
  uint64_t lines = 0;
  for (; text < end; text = eh_csv_line_end(text, end)) lines++;
  return lines;
}

/* The record at record->start is no strict one: is it one even so? */
static enum eh_csv_outcome forgive(struct eh_csv *csv, const char **next, const char *end,
                                   bool is_last, struct eh_csv_record *record,
                                   enum eh_csv_problem problem) {
  if (!csv->is_lenient || problem != EH_CSV_BAD_QUOTE) return bad(csv, next, end, record, problem);
  struct eh_lenient lenient = {csv->delimiter, csv->fields_expected, is_last,
                               take_lenient,   forget_fields,        csv};
  csv->field_count = 0;
  restart(csv);
  switch (eh_lenient_read(&lenient, record->start, end, next)) {
    case EH_LENIENT_RECORD:
      record->lines = count_lines(record->start, *next);
      record->leniences |= 1u << EH_LENIENT_QUOTES;
      return finish(csv, next, end, record);
    case EH_LENIENT_INCOMPLETE: *next = record->start; return EH_CSV_INCOMPLETE;
    case EH_LENIENT_NONE: break;
  }
  return bad(csv, next, end, record, problem);
}

static enum eh_csv_outcome next_of_libcsv(struct eh_csv *csv, const char **next, const char *end,
                                          bool is_last, struct eh_csv_record *record) {
  *record = (struct eh_csv_record){.start = *next, .is_held = csv->holds};
  csv->field_count = 0;
  if (!csv->holds) eh_csv_release(csv);
  csv->row_ended = false;
  while (*next < end) {
    const char *line = *next, *line_end = eh_csv_line_end(line, end);
    /* Whether its end has been read or not: where pieces end must change nothing. */
    if (line_end - record->start > EH_LONGEST_RECORD)
      return bad(csv, next, end, record, EH_CSV_LONG_RECORD);
    if (!is_last && !ends_with_newline(line, line_end)) break;
    enum eh_csv_problem problem;
    if (!feed(csv, line, line_end, &problem))
      return forgive(csv, next, end, is_last, record, problem);
    *next = line_end;
    record->lines++;
    if (csv->row_ended) return finish(csv, next, end, record);
    if (csv->parser.pstate == ROW_NOT_BEGUN) {
      record->blank_lines++;
      record->lines = 0;
      record->start = line_end;
    }
  }
  if (!is_last) {
    bool is_blank = record->start == end;
    *next = record->start;
    restart(csv);
    return is_blank ? EH_CSV_END : EH_CSV_INCOMPLETE;
  }
  if (record->start == end) return EH_CSV_END;
  if (csv_fini(&csv->parser, take_field, end_row, csv) != 0)
    return forgive(csv, next, end, is_last, record, EH_CSV_BAD_QUOTE);
  return csv->row_ended ? finish(csv, next, end, record) : EH_CSV_END;
}

enum eh_csv_outcome eh_csv_next(struct eh_csv *csv, const char **next, const char *end,
                                bool is_last, struct eh_csv_record *record) {
  *record = (struct eh_csv_record){.start = *next};
  if (csv->scanner && eh_csv_scanner_next(csv->scanner, next, end, record)) return EH_CSV_RECORD;
  return next_of_libcsv(csv, next, end, is_last, record);
}

size_t eh_csv_plain(struct eh_csv *csv, const char **next, const char *end,
                    const struct eh_csv_columns *columns, size_t most) {
  return csv->scanner ? eh_csv_scanner_plain(csv->scanner, next, end, columns, most) : 0;
}
