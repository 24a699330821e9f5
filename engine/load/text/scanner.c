#include "engine/load/text/scanner.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/memory.h"

/* Bytes of a window: it grows while its records are read, and shrinks where they are not. */
enum { LEAST_SPAN = 1 << 9 };

struct eh_csv_scanner {
  enum eh_scan_way way;
  char delimiter;
  size_t field_count;
  struct eh_field *fields;
  const size_t *wanted; /* NULL: every field */
  size_t wanted_count;
  char *unescaped; /* of the record at hand; as long as the window */
  size_t unescaped_length;

  const char *window, *window_end; /* what was scanned; NULL: nothing */
  bool is_cut;                     /* before its end, by a quote that may not stand there */
  const char *expected;            /* where the next record begins, if nobody moved on */
  size_t span;                     /* bytes of the next window */
  size_t entry, end, odd, quoted;  /* the first of the scan's lists that belong to it */
  struct eh_scan scan;
};

struct eh_csv_scanner *eh_csv_scanner_new(enum eh_scan_way way, char delimiter,
                                          size_t fields_expected) {
  struct eh_csv_scanner *s = eh_alloc_zeroed(1, sizeof *s);
  s->way = way;
  s->delimiter = delimiter;
  s->field_count = fields_expected;
  s->fields = eh_alloc_zeroed(fields_expected, sizeof *s->fields);
  s->unescaped = eh_alloc(EH_SCAN_WINDOW, 1);
  s->span = EH_SCAN_WINDOW;
  return s;
}

void eh_csv_scanner_free(struct eh_csv_scanner *s) {
  if (!s) return;
  free(s->fields);
  free(s->unescaped);
  free(s);
}

void eh_csv_scanner_restart(struct eh_csv_scanner *s) {
  s->window = s->window_end = s->expected = NULL;
}

void eh_csv_scanner_want(struct eh_csv_scanner *s, const size_t *wanted, size_t count) {
  s->wanted = wanted;
  s->wanted_count = count;
}

static void scan_from(struct eh_csv_scanner *s, const char *text, const char *end) {
  size_t length = (size_t)(end - text) < s->span ? (size_t)(end - text) : s->span;
  s->window = s->expected = text;
  s->entry = s->end = s->odd = s->quoted = 0;
  eh_scan_text(s->way, text, length, s->delimiter, &s->scan);
  s->window_end = text + s->scan.length;
  s->is_cut = s->scan.length < length;
  s->scan.odd[s->scan.odd_count] = s->scan.quoted[s->scan.quoted_count] =
      UINT32_MAX - EH_SCAN_BLOCK; /* so that nobody needs to count */
}

/* The window was read. */
static void scan_on(struct eh_csv_scanner *s, const char *text, const char *end) {
  if (s->span < EH_SCAN_WINDOW) s->span *= 2;
  scan_from(s, text, end);
}

/* Bring the scan to the record that begins at text. Behind one that was given up the scan need not
   be right: a line may begin within its quotes. */
static void seek(struct eh_csv_scanner *s, const char *text, const char *end) {
  if (text == s->expected && text < s->window_end) return;
  if (!s->window || text <= s->expected || text >= s->window_end) {
    scan_on(s, text, end);
    return;
  }
  uint32_t offset = (uint32_t)(text - s->window);
  size_t before = s->end;
  while (s->end < s->scan.end_count && s->scan.at[s->scan.ends[s->end]] < offset) s->end++;
  if (s->end == before || s->scan.at[s->scan.ends[s->end - 1]] + 1 != offset) {
    if (s->span > LEAST_SPAN) s->span /= 2;
    scan_from(s, text, end);
    return;
  }
  s->entry = s->scan.ends[s->end - 1] + 1;
  while (s->scan.odd[s->odd] < offset) s->odd++;
  s->expected = text;
}

/* No record ends in what is left of the window; false: nor would one in a longer look. */
static bool look_further(struct eh_csv_scanner *s, const char *text, const char *end) {
  if (s->window_end == end) return false;
  if (s->window == text) {
    if (s->is_cut || s->span == EH_SCAN_WINDOW) return false;
    s->span = EH_SCAN_WINDOW;
  }
  scan_on(s, text, end);
  return true;
}

static inline bool is_blank(const struct eh_csv_scanner *s, char c) {
  return (c == ' ' || c == '\t') && c != s->delimiter;
}

static inline struct eh_field trimmed(const struct eh_csv_scanner *s, const char *text,
                                      const char *end) {
  if (text < end && ((unsigned char)*text <= ' ' || (unsigned char)end[-1] <= ' ')) {
    while (text < end && is_blank(s, *text)) text++;
    while (text < end && is_blank(s, end[-1])) end--;
  }
  return (struct eh_field){text, (size_t)(end - text)};
}

enum reading { READ, BEYOND_WINDOW, NOT_MINE };

/* Behind the line end that is entry number `entry`; NOT_MINE: a CR alone, or NUL. *entries: how
   many of the scan's it takes. */
static const char *line_end(const struct eh_csv_scanner *s, size_t entry, size_t *entries,
                            enum reading *reading) {
  const char *at = s->window + s->scan.at[entry];
  *entries = 1;
  *reading = READ;
  if (*at == '\n') return at + 1;
  *entries = 2;
  if (at + 1 == s->window_end)
    *reading = BEYOND_WINDOW;
  else if (*at != '\r' || at[1] != '\n')
    *reading = NOT_MINE;
  return at + 2;
}

/* Text between quotes, with each pair of quotes made one. */
static struct eh_field unescape(struct eh_csv_scanner *s, struct eh_field field) {
  char *start = s->unescaped + s->unescaped_length, *to = start;
  for (size_t i = 0; i < field.length; i++) {
    *to++ = field.text[i];
    if (field.text[i] == '"') i++;
  }
  s->unescaped_length += (size_t)(to - start);
  return (struct eh_field){start, (size_t)(to - start)};
}

/* What a field of the text is without blanks around it, or without its quotes. */
static inline struct eh_field bared(const struct eh_csv_scanner *s, const char *text,
                                    const char *end) {
  struct eh_field field = trimmed(s, text, end);
  size_t quoted = field.length > 0 && *field.text == '"';
  return (struct eh_field){field.text + quoted, field.length - 2 * quoted};
}

/* has_pairs: of quotes, in some field of the record. */
static void make_field(struct eh_csv_scanner *s, size_t field, const char *text, bool has_pairs) {
  const uint32_t *at = s->scan.at + s->entry;
  struct eh_field bare =
      bared(s, field ? s->window + at[field - 1] + 1 : text, s->window + at[field]);
  if (has_pairs && bare.length && memchr(bare.text, '"', bare.length)) bare = unescape(s, bare);
  s->fields[field] = bare;
}

/* What stands within quotes up to here: lines are counted, *has_pairs set. Only libcsv reads CR and
   NUL there. */
static bool pass_odd(struct eh_csv_scanner *s, uint32_t until, uint64_t *lines, bool *has_pairs) {
  for (; s->scan.odd[s->odd] < until; s->odd++) {
    char c = s->window[s->scan.odd[s->odd]];
    if (c == '\n')
      ++*lines;
    else if (c == '"')
      *has_pairs = true;
    else
      return false;
  }
  return true;
}

static enum reading read_record(struct eh_csv_scanner *s, const char **next,
                                struct eh_csv_record *record) {
  size_t last = s->scan.ends[s->end], entries;
  enum reading reading;
  const char *after = line_end(s, last, &entries, &reading);
  if (reading != READ) return reading;
  if (last - s->entry + 1 != s->field_count) return NOT_MINE;
  if (s->field_count == 1 && trimmed(s, *next, s->window + s->scan.at[last]).length == 0)
    return NOT_MINE; /* a blank line */
  bool has_pairs = false;
  record->lines = 1;
  if (!pass_odd(s, s->scan.at[last], &record->lines, &has_pairs)) return NOT_MINE;
  s->unescaped_length = 0;
  if (s->wanted)
    for (size_t i = 0; i < s->wanted_count; i++) make_field(s, s->wanted[i], *next, has_pairs);
  else
    for (size_t i = 0; i < s->field_count; i++) make_field(s, i, *next, has_pairs);
  s->entry = last + entries;
  s->end += entries;
  s->expected = *next = after;
  record->fields = s->fields;
  record->field_count = s->field_count;
  record->is_ascii = s->scan.is_ascii;
  return READ;
}

bool eh_csv_scanner_next(struct eh_csv_scanner *s, const char **next, const char *end,
                         struct eh_csv_record *record) {
  if (*next == end) return false;
  seek(s, *next, end);
  for (;;) {
    enum reading reading =
        s->end < s->scan.end_count ? read_record(s, next, record) : BEYOND_WINDOW;
    if (reading == READ) return true;
    if (reading == NOT_MINE || !look_further(s, *next, end)) return false;
  }
}

/* The wanted fields of the record at `record`, which may have blanks or quotes around them. */
static void place_fields(const struct eh_csv_scanner *s, const char *record,
                         const struct eh_csv_columns *columns, size_t row) {
  const uint32_t *at = s->scan.at + s->entry;
  for (size_t i = 0; i < s->wanted_count; i++) {
    size_t f = s->wanted[i], place = i * columns->stride + row;
    struct eh_field field = bared(s, f ? s->window + at[f - 1] + 1 : record, s->window + at[f]);
    columns->texts[place] = field.text;
    columns->lengths[place] = (uint32_t)field.length;
  }
}

/* The same of several records that have neither, and a line feed each between them. */
static void place_bare(const struct eh_csv_scanner *s, const char *record,
                       const struct eh_csv_columns *columns, size_t first, size_t count) {
  for (size_t i = 0; i < s->wanted_count; i++) {
    const uint32_t *at = s->scan.at;
    size_t f = s->wanted[i], end = s->entry + f;
    const char **texts = columns->texts + i * columns->stride + first;
    uint32_t *lengths = columns->lengths + i * columns->stride + first;
    if (f == 0) { /* nothing that the scan noted need stand before the first */
      texts[0] = record;
      lengths[0] = (uint32_t)(s->window + at[end] - record);
      end += s->field_count;
    }
    for (size_t r = f == 0; r < count; r++, end += s->field_count) {
      uint32_t from = at[end - 1] + 1;
      texts[r] = s->window + from;
      lengths[r] = at[end] - from;
    }
  }
}

/* How many records from `record` on, at most `most`, have neither blanks nor quotes around fields,
   as many fields as they should, and end with a line feed alone. */
static size_t count_bare(struct eh_csv_scanner *s, const char *record, size_t most) {
  if (s->scan.has_edges) return 0;
  uint32_t from = (uint32_t)(record - s->window);
  while (s->scan.quoted[s->quoted] + EH_SCAN_BLOCK <= from) s->quoted++;
  uint32_t limit = s->scan.quoted[s->quoted];
  if (s->scan.odd[s->odd] < limit) limit = s->scan.odd[s->odd];
  const uint32_t *ends = s->scan.ends + s->end;
  size_t left = s->scan.end_count - s->end, count = 0;
  if (left < most) most = left;
  for (uint32_t last = (uint32_t)(s->entry + s->field_count - 1); count < most; count++) {
    if (ends[count] != last || s->scan.at[last] >= limit || s->window[s->scan.at[last]] != '\n')
      break;
    last += (uint32_t)s->field_count;
  }
  return count;
}

/* One record that count_bare does not take; false: it is none for eh_csv_scanner_plain. */
static bool take_one(struct eh_csv_scanner *s, const char **record,
                     const struct eh_csv_columns *columns, size_t row) {
  size_t last = s->scan.ends[s->end], entries;
  if (last - s->entry + 1 != s->field_count || s->scan.odd[s->odd] < s->scan.at[last]) return false;
  enum reading reading;
  const char *after = line_end(s, last, &entries, &reading);
  if (reading != READ) return false;
  place_fields(s, *record, columns, row);
  s->entry = last + entries;
  s->end += entries;
  *record = after;
  return true;
}

size_t eh_csv_scanner_plain(struct eh_csv_scanner *s, const char **next, const char *end,
                            const struct eh_csv_columns *columns, size_t most) {
  if (!s->wanted || s->field_count < 2 || *next == end)
    return 0; /* one field may be a blank line */
  seek(s, *next, end);
  if (s->end == s->scan.end_count) (void)look_further(s, *next, end);
  if (!s->scan.is_ascii) return 0;
  const char *record = *next;
  size_t rows = 0;
  while (rows < most && s->end < s->scan.end_count) {
    size_t bare = count_bare(s, record, most - rows);
    if (bare) {
      place_bare(s, record, columns, rows, bare);
      s->entry += bare * s->field_count;
      s->end += bare;
      rows += bare;
      record = s->window + s->scan.at[s->entry - 1] + 1;
    } else if (take_one(s, &record, columns, rows)) {
      rows++;
    } else {
      break;
    }
  }
  s->expected = *next = record;
  return rows;
}
