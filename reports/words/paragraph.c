#include "reports/words/paragraph.h"

#include "reports/words/safe.h"

enum { WIDTH = 80 };

/* How many bytes of text go on a line of so many characters: up to the last blank that fits, else
 * as much as fits. */
static size_t line_length(const char *text, size_t characters) {
  size_t bytes = 0, count = 0, last_blank = 0;
  while (text[bytes] && count < characters) {
    if (text[bytes] == ' ') last_blank = bytes;
    do bytes++;
    while (((unsigned char)text[bytes] & 0xC0) == 0x80);
    count++;
  }
  if (!text[bytes] || text[bytes] == ' ' || last_blank == 0) return bytes;
  return last_blank;
}

void eh_paragraph_write(FILE *stream, struct eh_arena *arena, const char *lead,
                        const char *paragraph) {
  const char *text = eh_safe_line(arena, paragraph);
  size_t indent = eh_safe_characters(lead);
  fputs(lead, stream);
  while (*text) {
    size_t length = line_length(text, WIDTH - indent);
    fprintf(stream, "%.*s\n", (int)length, text);
    text += length;
    while (*text == ' ') text++;
    if (*text) fprintf(stream, "%*s", (int)indent, "");
  }
}
