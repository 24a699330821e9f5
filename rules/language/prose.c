#include "rules/language/prose.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Characters of UTF-8 text. */
static size_t characters(const char *text, size_t length) {
  size_t count = 0;
  for (size_t i = 0; i < length; i++) count += (text[i] & 0xc0) != 0x80;
  return count;
}

static void add_blanks(struct eh_buffer *out, size_t count) {
  while (count--) eh_buffer_add(out, " ", 1);
}

void eh_prose_heading(struct eh_buffer *out, const char *heading, char sign) {
  if (out->length) eh_buffer_puts(out, "\n");
  eh_buffer_printf(out, "%s\n", heading);
  size_t width = characters(heading, strlen(heading));
  for (size_t i = 0; i < width && i < EH_PROSE_WIDTH; i++) eh_buffer_add(out, &sign, 1);
  eh_buffer_puts(out, "\n");
}

void eh_prose_blank(struct eh_buffer *out) { eh_buffer_puts(out, "\n"); }

/* Words from text, on lines that begin under column; the first line is open there already. */
static void add_words(struct eh_buffer *out, const char *text, size_t column) {
  size_t at = column;
  bool is_first = true;
  while (*text) {
    size_t blanks = strspn(text, " ");
    text += blanks;
    if (*text == '\n') {
      eh_buffer_puts(out, "\n");
      if (text[1]) add_blanks(out, column);
      at = column;
      is_first = true;
      text++;
      continue;
    }
    size_t length = strcspn(text, " \n");
    size_t width = characters(text, length);
    if (length == 0) break;
    if (!is_first && at + 1 + width > EH_PROSE_WIDTH) {
      eh_buffer_puts(out, "\n");
      add_blanks(out, column);
      at = column;
      is_first = true;
    }
    if (!is_first) eh_buffer_puts(out, " ");
    eh_buffer_add(out, text, length);
    at += width + !is_first;
    is_first = false;
    text += length;
  }
  eh_buffer_puts(out, "\n");
}

void eh_prose_paragraph(struct eh_buffer *out, size_t indent, const char *mark, const char *format,
                        ...) {
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  size_t size = length < 0 ? 1 : (size_t)length + 1;
  char *text = eh_alloc(size, 1);
  *text = '\0';
  if (length >= 0) vsnprintf(text, size, format, again);
  va_end(again);
  add_blanks(out, indent);
  eh_buffer_puts(out, mark);
  add_words(out, text, indent + strlen(mark));
  free(text);
}
