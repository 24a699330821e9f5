#include "engine/load/text/locate.h"

#include <string.h>

/* Behind the next line end outside quotes. */
static const char *record_end(const char *start, const char *end) {
  const char *from = start;
  bool quoted = false;
  while (from < end) {
    const char *line_end = memchr(from, '\n', (size_t)(end - from));
    const char *stop = line_end ? line_end + 1 : end;
    for (const char *q = from; (q = memchr(q, '"', (size_t)(stop - q))) != NULL; q++)
      quoted = !quoted;
    if (!quoted) return stop;
    from = stop;
  }
  return end;
}

static bool is_blank(const char *text, size_t length) {
  return length == 1 || (length == 2 && text[0] == '\r');
}

bool eh_locate(const char *text, size_t length, size_t records, const size_t *wanted, size_t count,
               struct eh_span *spans) {
  const char *start = text, *end = text + length;
  size_t row = 0, found = 0;
  while (start < end) {
    const char *next = record_end(start, end);
    size_t bytes = (size_t)(next - start);
    if (!is_blank(start, bytes)) {
      if (found < count && wanted[found] == row)
        spans[found++] = (struct eh_span){(size_t)(start - text), bytes};
      row++;
    }
    start = next;
  }
  return row == records && found == count;
}
