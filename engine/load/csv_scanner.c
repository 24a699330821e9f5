#include "engine/load/csv_scanner.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/memory.h"

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
  const char *expected;            /* where the next record begins, if nobody moved on */
  size_t entry, stop;              /* the first of the scan that belong to it */
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
  size_t length = (size_t)(end - text) < EH_SCAN_WINDOW ? (size_t)(end - text) : EH_SCAN_WINDOW;
  s->window = s->expected = text;
  s->window_end = text + length;
  s->entry = s->stop = 0;
  eh_scan_text(s->way, text, length, s->delimiter, &s->scan);
}

/* Bring the scan to the record that begins at text. */
static void seek(struct eh_csv_scanner *s, const char *text, const char *end) {
  if (text == s->expected && text < s->window_end) return;
  if (!s->window || text < s->window || text >= s->window_end || text < s->expected) {
    scan_from(s, text, end);
    return;
  }
  uint32_t offset = (uint32_t)(text - s->window);
  while (s->entry < s->scan.count && s->scan.at[s->entry] < offset) s->entry++;
  while (s->stop < s->scan.stop_count && s->scan.stops[s->stop] < s->entry) s->stop++;
  s->expected = text;
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

static inline void make_field(struct eh_csv_scanner *s, size_t field, const char *text) {
  const uint32_t *at = s->scan.at + s->entry;
  s->fields[field] =
      trimmed(s, field ? s->window + at[field - 1] + 1 : text, s->window + at[field]);
}

enum reading { READ, BEYOND_WINDOW, NOT_MINE };

/* Behind the line end that is entry number `entry`; NULL: a CR alone. *entries: how many of the
   scan's it takes. */
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

/* The record at hand was read: the next begins behind it. */
static void finish(struct eh_csv_scanner *s, const char **next, const char *after, size_t entries,
                   struct eh_csv_record *record) {
  s->entry += entries;
  while (s->stop < s->scan.stop_count && s->scan.stops[s->stop] < s->entry) s->stop++;
  s->expected = *next = after;
  record->fields = s->fields;
  record->field_count = s->field_count;
  record->is_ascii = s->scan.is_ascii;
}

static enum reading read_plain(struct eh_csv_scanner *s, const char **next,
                               struct eh_csv_record *record) {
  size_t last = s->scan.stops[s->stop], entries;
  enum reading reading;
  const char *after = line_end(s, last, &entries, &reading);
  if (reading != READ) return reading;
  if (last - s->entry + 1 != s->field_count) return NOT_MINE;
  if (s->wanted)
    for (size_t i = 0; i < s->wanted_count; i++) make_field(s, s->wanted[i], *next);
  else
    for (size_t i = 0; i < s->field_count; i++) make_field(s, i, *next);
  if (s->field_count == 1) { /* perhaps a blank line */
    make_field(s, 0, *next);
    if (s->fields[0].length == 0) return NOT_MINE;
  }
  record->lines = 1;
  finish(s, next, after, s->field_count - 1 + entries, record);
  return READ;
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

/* A field between quotes; *entry is its opening quote, and becomes the entry behind the closing
 * one. */
static enum reading read_quoted_field(struct eh_csv_scanner *s, size_t *entry,
                                      struct eh_field *field, const char **after,
                                      struct eh_csv_record *record) {
  const struct eh_scan *scan = &s->scan;
  const char *text = s->window + scan->at[*entry] + 1;
  bool has_escapes = false;
  for (size_t k = *entry + 1; k < scan->count; k++) {
    char c = s->window[scan->at[k]];
    if (c == '\r' || c == '\0') return NOT_MINE;
    if (c == '\n') record->lines++;
    if (c != '"') continue;
    if (k + 1 < scan->count && scan->at[k + 1] == scan->at[k] + 1 &&
        s->window[scan->at[k + 1]] == '"') {
      has_escapes = true;
      k++;
      continue;
    }
    *field = (struct eh_field){text, (size_t)(s->window + scan->at[k] - text)};
    if (has_escapes) *field = unescape(s, *field);
    *after = s->window + scan->at[k] + 1;
    *entry = k + 1;
    return READ;
  }
  return BEYOND_WINDOW;
}

/* A record with quotes, field by field. */
static enum reading read_quoted(struct eh_csv_scanner *s, const char **next,
                                struct eh_csv_record *record) {
  const struct eh_scan *scan = &s->scan;
  const char *text = *next;
  size_t entry = s->entry;
  record->lines = 1;
  s->unescaped_length = 0;
  for (size_t f = 0; f < s->field_count; f++) {
    if (entry == scan->count) return BEYOND_WINDOW;
    const char *at = s->window + scan->at[entry];
    if (*at == '"') {
      while (text < at && is_blank(s, *text)) text++;
      if (text < at) return NOT_MINE;
      enum reading reading = read_quoted_field(s, &entry, &s->fields[f], &text, record);
      if (reading != READ) return reading;
      if (entry == scan->count) return BEYOND_WINDOW;
      at = s->window + scan->at[entry];
      while (text < at && is_blank(s, *text)) text++;
      if (text < at) return NOT_MINE;
    } else {
      s->fields[f] = trimmed(s, text, at);
    }
    if ((*at == s->delimiter) != (f + 1 < s->field_count)) return NOT_MINE;
    if (*at == s->delimiter) entry++;
    text = at + 1;
  }
  size_t entries;
  enum reading reading;
  const char *after = line_end(s, entry, &entries, &reading);
  if (reading == READ) finish(s, next, after, entry - s->entry + entries, record);
  return reading;
}

bool eh_csv_scanner_next(struct eh_csv_scanner *s, const char **next, const char *end,
                         struct eh_csv_record *record) {
  if (*next == end) return false;
  seek(s, *next, end);
  for (;;) {
    enum reading reading = BEYOND_WINDOW;
    if (s->stop < s->scan.stop_count) {
      char c = s->window[s->scan.at[s->scan.stops[s->stop]]];
      reading = c == '"' ? read_quoted(s, next, record) : read_plain(s, next, record);
    }
    if (reading == READ) return true;
    if (reading == NOT_MINE || s->window == *next || s->window_end == end) return false;
    scan_from(s, *next, end);
  }
}

/* The wanted fields of the plain record at `record`, whose delimiters begin at `at`. */
static inline void place_fields(const struct eh_csv_scanner *s, const char *record,
                                const uint32_t *at, const struct eh_csv_columns *columns,
                                size_t row) {
  if (!s->scan.has_edges) { /* nothing to trim */
    for (size_t i = 0; i < s->wanted_count; i++) {
      size_t f = s->wanted[i], place = i * columns->stride + row;
      uint32_t begin = f ? at[f - 1] + 1 : (uint32_t)(record - s->window);
      columns->texts[place] = s->window + begin;
      columns->lengths[place] = at[f] - begin;
    }
    return;
  }
  for (size_t i = 0; i < s->wanted_count; i++) {
    size_t f = s->wanted[i], place = i * columns->stride + row;
    struct eh_field field = trimmed(s, f ? s->window + at[f - 1] + 1 : record, s->window + at[f]);
    columns->texts[place] = field.text;
    columns->lengths[place] = (uint32_t)field.length;
  }
}

size_t eh_csv_scanner_plain(struct eh_csv_scanner *s, const char **next, const char *end,
                            const struct eh_csv_columns *columns, size_t most) {
  if (!s->wanted || s->field_count < 2 || *next == end)
    return 0; /* one field may be a blank line */
  seek(s, *next, end);
  if (s->stop == s->scan.stop_count && s->window != *next && s->window_end != end)
    scan_from(s, *next, end);
  if (!s->scan.is_ascii) return 0;
  const char *record = *next;
  size_t rows = 0;
  for (; rows < most && s->stop < s->scan.stop_count; rows++) {
    size_t last = s->scan.stops[s->stop], entries;
    if (last - s->entry + 1 != s->field_count) break;
    enum reading reading;
    const char *after = line_end(s, last, &entries, &reading);
    if (reading != READ) break;
    place_fields(s, record, s->scan.at + s->entry, columns, rows);
    s->entry = last + entries;
    s->stop += entries;
    record = after;
  }
  s->expected = *next = record;
  return rows;
}
