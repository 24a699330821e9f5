#include "reports/words/safe.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unictype.h>

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */
static const char cut_note[] = " [cut: a cell holds no more]";

/* Unicode, table 3-7. */
uint32_t eh_safe_decode(const char *text, size_t *length) {
  const unsigned char *s = (const unsigned char *)text;
  static const uint32_t smallest[5] = {0, 0, 0x80, 0x800, 0x10000};
  size_t bytes = s[0] < 0x80             ? 1
                 : (s[0] & 0xE0) == 0xC0 ? 2
                 : (s[0] & 0xF0) == 0xE0 ? 3
                 : (s[0] & 0xF8) == 0xF0 ? 4
                                         : 0;
  *length = 0;
  if (bytes == 0) return 0;
  uint32_t code = bytes == 1 ? s[0] : s[0] & (0x7FU >> bytes);
  for (size_t i = 1; i < bytes; i++) {
    if ((s[i] & 0xC0) != 0x80) return 0; /* the NUL stops this too */
    code = code << 6 | (s[i] & 0x3FU);
  }
  if (code < smallest[bytes] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return 0;
  *length = bytes;
  return code;
}

bool eh_safe_is_unseen(uint32_t code) {
  bool ends_line = code == 0x2028 || code == 0x2029;
  bool annotates = code >= 0xFFF9 && code <= 0xFFFB;
  return ends_line || annotates || uc_is_property_default_ignorable_code_point(code);
}

/* What to write in place of one character; NULL: itself. */
enum { OWN = 16 };
typedef const char *substitute_function(uint32_t code, const char *at, char own[OWN]);

static const char *for_utf8(uint32_t code, const char *at, char own[OWN]) {
  (void)code, (void)at, (void)own;
  return NULL;
}

static const char *spell_out(uint32_t code, char own[OWN]) {
  snprintf(own, OWN, "<U+%04X>", (unsigned)code);
  return own;
}

static const char *for_line(uint32_t code, const char *at, char own[OWN]) {
  (void)at;
  if (code == '\n' || code == '\t' || code == '\r') return " ";
  if (code < 0x20 || (code >= 0x7F && code < 0xA0)) return replacement;
  return code >= 0x80 && eh_safe_is_unseen(code) ? spell_out(code, own) : NULL;
}

static const char *for_lines(uint32_t code, const char *at, char own[OWN]) {
  return code == '\n' ? NULL : for_line(code, at, own);
}

/* ECMA-376 reads _xHHHH_ in a string as the character of that number. */
static bool is_escape(const char *at) {
  if (at[0] != '_' || at[1] != 'x') return false;
  for (int i = 2; i < 6; i++) {
    if (!isxdigit((unsigned char)at[i])) return false;
  }
  return at[6] == '_';
}

static const char *for_cell(uint32_t code, const char *at, char own[OWN]) {
  if (code == '\r' && at[1] == '\n') return "";
  if ((code < 0x20 && code != '\n' && code != '\t') ||
      code == 0x7F) { /* Unicode's pictures of control characters */
    uint32_t picture = 0x2400 + (code == 0x7F ? 0x21 : code);
    own[0] = (char)(0xE0 | picture >> 12);
    own[1] = (char)(0x80 | (picture >> 6 & 0x3F));
    own[2] = (char)(0x80 | (picture & 0x3F));
    own[3] = '\0';
    return own;
  }
  if (code == 0xFFFE || code == 0xFFFF) return replacement;
  if (code >= 0x80 && (code < 0xA0 || eh_safe_is_unseen(code))) return spell_out(code, own);
  return is_escape(at) ? "_x005F_" : NULL;
}

static const char *clean(struct eh_arena *arena, const char *text,
                         substitute_function *substitute) {
  struct eh_buffer buffer = {0};
  bool changed = false;
  for (const char *at = text; *at;) {
    char own[OWN];
    size_t length;
    uint32_t code = eh_safe_decode(at, &length);
    const char *instead = length == 0 ? replacement : substitute(code, at, own);
    if (length == 0) length = 1;
    if (instead && !changed) {
      changed = true;
      eh_buffer_add(&buffer, text, (size_t)(at - text));
    }
    if (instead) {
      eh_buffer_puts(&buffer, instead);
    } else if (changed) {
      eh_buffer_add(&buffer, at, length);
    }
    at += length;
  }
  const char *result = changed ? eh_arena_copy(arena, buffer.text, buffer.length) : text;
  eh_buffer_free(&buffer);
  return result;
}

const char *eh_safe_utf8(struct eh_arena *arena, const char *text) {
  return clean(arena, text, for_utf8);
}

const char *eh_safe_line(struct eh_arena *arena, const char *text) {
  return clean(arena, text, for_line);
}

const char *eh_safe_lines(struct eh_arena *arena, const char *text) {
  return clean(arena, text, for_lines);
}

const char *eh_safe_cell(struct eh_arena *arena, const char *text) {
  const char *cell = clean(arena, text, for_cell);
  if (strlen(cell) <= EH_LONGEST_CELL || eh_safe_units(cell) <= EH_LONGEST_CELL) return cell;
  size_t kept = eh_safe_fit(cell, EH_LONGEST_CELL - (sizeof cut_note - 1));
  return eh_arena_printf(arena, "%.*s%s", (int)kept, cell, cut_note);
}

size_t eh_safe_characters(const char *text) {
  size_t count = 0;
  for (; *text; text++) count += ((unsigned char)*text & 0xC0) != 0x80;
  return count;
}

size_t eh_safe_units(const char *text) {
  size_t count = 0;
  for (; *text; text++) {
    unsigned char byte = (unsigned char)*text;
    if ((byte & 0xC0) != 0x80) count += byte >= 0xF0 ? 2 : 1; /* beyond U+FFFF: a pair of units */
  }
  return count;
}

size_t eh_safe_fit(const char *text, size_t units) {
  size_t used = 0;
  const char *at = text;
  while (*at) {
    size_t length;
    uint32_t code = eh_safe_decode(at, &length);
    used += code > 0xFFFF ? 2 : 1;
    if (used > units) break;
    at += length ? length : 1;
  }
  return (size_t)(at - text);
}

enum eh_status eh_stream_check(FILE *stream, const char *what, struct eh_error *error) {
  errno = 0;
  if (fflush(stream) == 0 && !ferror(stream)) return EH_OK;
  return eh_fail(error, EH_MACHINE, "cannot write %s: %s", what,
                 errno ? strerror(errno) : "the disk or pipe took no more");
}
