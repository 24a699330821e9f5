#include "reports/release/html.h"

#include <stdarg.h>
#include <string.h>

#include "reports/words/safe.h"

static const char *reference_of(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return NULL;
  }
}

void eh_html_text(FILE *stream, const char *text) {
  struct eh_arena *scratch = eh_arena_new();
  for (const char *at = eh_safe_line(scratch, text); *at; at++) {
    const char *reference = reference_of(*at);
    if (reference)
      fputs(reference, stream);
    else
      putc(*at, stream);
  }
  eh_arena_free(scratch);
}

void eh_html_print(FILE *stream, const char *format, ...) {
  va_list texts;
  va_start(texts, format);
  for (const char *at = format; *at;) {
    if (strncmp(at, "%s", 2) == 0) {
      eh_html_text(stream, va_arg(texts, const char *));
      at += 2;
    } else {
      putc(*at++, stream);
    }
  }
  va_end(texts);
}
