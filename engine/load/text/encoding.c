#include "engine/load/text/encoding.h"

#include <iconv.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

static bool is_ascii(const char *text, size_t length) {
  uint64_t bits = 0, word;
  size_t i = 0;
  for (; i + 8 <= length; i += 8) {
    memcpy(&word, text + i, 8);
    bits |= word;
  }
  for (; i < length; i++) bits |= (unsigned char)text[i];
  return (bits & 0x8080808080808080ULL) == 0;
}

bool eh_text_is_utf8(const char *text, size_t length) {
  return is_ascii(text, length) || u8_check((const uint8_t *)text, length) == NULL;
}

/* Windows-1252 as UTF-8, with U+FFFD for each byte that has no meaning there, or, strictly, NULL
   where there is one. */
static char *from_windows(struct eh_arena *arena, const char *text, size_t length, bool strictly,
                          size_t *new_length) {
  iconv_t converter = iconv_open("UTF-8", "WINDOWS-1252");
  if (converter == (iconv_t)-1) return NULL;
  char *result = eh_arena_alloc(arena, 3 * length + EH_ROOM_BEHIND,
                                1); /* a character takes at most three bytes */
  char *in = (char *)(uintptr_t)text, *out = result;
  size_t in_left = length, out_left = 3 * length;
  while (iconv(converter, &in, &in_left, &out, &out_left) == (size_t)-1 && !strictly) {
    memcpy(out, "\xEF\xBF\xBD", 3);
    out += 3, out_left -= 3;
    in++, in_left--;
  }
  iconv_close(converter);
  *new_length = (size_t)(out - result);
  return in_left ? NULL : result;
}

char *eh_text_from_windows(struct eh_arena *arena, const char *text, size_t length,
                           size_t *new_length) {
  return from_windows(arena, text, length, true, new_length);
}

bool eh_text_take_field(struct eh_arena *arena, struct eh_field *field) {
  if (eh_text_is_utf8(field->text, field->length)) return true;
  size_t length;
  const char *text = from_windows(arena, field->text, field->length, true, &length);
  if (text) *field = (struct eh_field){text, length};
  return text != NULL;
}

const char *eh_text_show(struct eh_arena *arena, const char *text, size_t length) {
  size_t shown_length;
  const char *shown = from_windows(arena, text, length, false, &shown_length);
  return shown ? shown : "?"; /* no converter: nor was there one to read it */
}
