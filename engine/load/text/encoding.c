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

char *eh_text_from_windows(struct eh_arena *arena, const char *text, size_t length,
                           size_t *new_length) {
  iconv_t converter = iconv_open("UTF-8", "WINDOWS-1252");
  if (converter == (iconv_t)-1) return NULL;
  char *result = eh_arena_alloc(arena, 3 * length + EH_ROOM_BEHIND,
                                1); /* a character takes at most three bytes */
  char *in = (char *)(uintptr_t)text, *out = result;
  size_t in_left = length, out_left = 3 * length;
  size_t failed = iconv(converter, &in, &in_left, &out, &out_left);
  iconv_close(converter);
  *new_length = (size_t)(out - result);
  return failed == (size_t)-1 ? NULL : result;
}

bool eh_text_take_fields(struct eh_arena *arena, const struct eh_field *fields,
                         const size_t *numbers, size_t count, bool is_utf8,
                         struct eh_field *taken) {
  for (size_t i = 0; i < count; i++) {
    taken[i] = fields[numbers[i]];
    if (is_utf8) continue;
    taken[i].text = eh_text_from_windows(arena, taken[i].text, taken[i].length, &taken[i].length);
    if (!taken[i].text) return false;
  }
  return true;
}
