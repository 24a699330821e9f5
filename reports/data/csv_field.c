#include "reports/data/csv_field.h"

#include <string.h>

#include "engine/load/counts/cells_file.h"

/* Blanks at an end would be lost without quotes. */
static bool needs_quotes(const char *text) {
  size_t length = strlen(text);
  return text[strcspn(text, ",\"\r\n")] ||
         (length && (strchr(" \t", text[0]) || strchr(" \t", text[length - 1])));
}

static void put_quoted(FILE *stream, const char *text) {
  if (!needs_quotes(text)) {
    fputs(text, stream);
    return;
  }
  putc('"', stream);
  for (; *text; text++) {
    if (*text == '"') putc('"', stream);
    putc(*text, stream);
  }
  putc('"', stream);
}

void eh_csv_put_field(FILE *stream, const char *text) {
  struct eh_arena *scratch = eh_arena_new();
  put_quoted(stream, eh_cells_file_guarded(scratch, text));
  eh_arena_free(scratch);
}
