/* Text for the workbook: whatever comes in, what goes out is valid UTF-8 that XML 1.0 can hold, and
 * a legal sheet name. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistr.h>

#include "engine/load/counts/cells_file.h"
#include "engine/load/text/encoding.h"
#include "reports/words/safe.h"
#include "reports/book/sheet_name.h"
#include "tests/fuzz/fuzz.h"

/* Is every character one that XML 1.0 can hold? */
static void check_cell(const char *text) {
  const uint8_t *s = (const uint8_t *)text, *end = s + strlen(text);
  if (u8_check(s, (size_t)(end - s))) abort();
  while (s < end) {
    ucs4_t c;
    s += u8_mbtouc(&c, s, (size_t)(end - s));
    if ((c < 32 && c != '\t' && c != '\n' && c != '\r') || c == 0xfffe || c == 0xffff) abort();
  }
  if (eh_safe_units(text) > EH_LONGEST_CELL) abort();
}

/* Nothing in it stays unseen or turns the line. */
static void check_shown(const char *text) {
  for (size_t length; *text; text += length) {
    uint32_t code = eh_safe_decode(text, &length);
    if (length == 0 || (code >= 0x80 && eh_safe_is_unseen(code))) abort();
  }
}

static void check_sheet_name(const char *name) {
  if (!*name || strpbrk(name, "[]:*?/\\") || name[0] == '\'' || name[strlen(name) - 1] == '\'')
    abort();
  if (eh_safe_units(name) > EH_LONGEST_SHEET_NAME) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
  struct eh_arena *arena = eh_arena_new();
  const char *text = eh_arena_copy(arena, (const char *)bytes, length);
  check_cell(eh_safe_cell(arena, text));
  for (const char *s = eh_safe_line(arena, text); *s; s++)
    if ((unsigned char)*s < 32 || *s == 127) abort();
  check_shown(eh_safe_lines(arena, text));
  check_shown(eh_safe_cell(arena, text));
  if (strcmp(eh_cells_file_unguarded(eh_cells_file_guarded(arena, text)), text) != 0) abort();
  struct eh_sheet_names names = {0};
  const char *first = eh_sheet_name(arena, &names, eh_safe_utf8(arena, text));
  const char *second = eh_sheet_name(arena, &names, eh_safe_utf8(arena, text));
  check_sheet_name(first);
  check_sheet_name(second);
  if (strcasecmp(first, second) == 0) abort();
  size_t new_length;
  char *converted = eh_text_from_windows(arena, text, strlen(text), &new_length);
  if (converted && !eh_text_is_utf8(converted, new_length)) abort();
  eh_arena_free(arena);
  return 0;
}
