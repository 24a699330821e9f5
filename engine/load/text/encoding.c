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

/* For a byte: a character takes three at most, and a few encodings make two of one. */
enum { MOST_BYTES = 6 };

/* A text in an encoding (NULL: Windows-1252) as UTF-8, with U+FFFD for each byte that has no
   meaning there, or, strictly, NULL where there is one. */
static char *from_encoding(struct eh_arena *arena, const char *encoding, const char *text,
                           size_t length, bool strictly, size_t *new_length) {
  iconv_t converter = iconv_open("UTF-8", encoding ? encoding : "WINDOWS-1252");
  if (converter == (iconv_t)-1) return NULL;
  char *result = eh_arena_alloc(arena, MOST_BYTES * length + EH_ROOM_BEHIND, 1);
  char *in = (char *)(uintptr_t)text, *out = result;
  size_t in_left = length, out_left = MOST_BYTES * length;
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
  return from_encoding(arena, NULL, text, length, true, new_length);
}

bool eh_text_take_field(struct eh_arena *arena, const char *encoding, struct eh_field *field) {
  if (eh_text_is_utf8(field->text, field->length)) return true;
  size_t length;
  const char *text = from_encoding(arena, encoding, field->text, field->length, true, &length);
  if (text) *field = (struct eh_field){text, length};
  return text != NULL;
}

const char *eh_text_show(struct eh_arena *arena, const char *text, size_t length) {
  size_t shown_length;
  const char *shown = from_encoding(arena, NULL, text, length, false, &shown_length);
  return shown ? shown : "?"; /* no converter: nor was there one to read it */
}

const char *eh_text_describe(struct eh_arena *arena, const char *source, uint64_t records,
                             const char *encoding) {
  return eh_arena_printf(arena, "%s, %llu records %s", source, (unsigned long long)records,
                         encoding ? encoding : "Windows-1252");
}

const char *eh_text_find_utf16(const unsigned char *bytes, size_t length) {
  enum { LOOK = 1 << 10, LEAST = 8 };
  size_t zeros[2] = {0, 0}, pairs = (length < LOOK ? length : LOOK) / 2;
  for (size_t i = 0; i < 2 * pairs; i++) zeros[i % 2] += bytes[i] == 0;
  if (pairs < LEAST) return NULL;
  if (zeros[1] > pairs - pairs / 4 && zeros[0] < pairs / 16) return "UTF-16LE";
  if (zeros[0] > pairs - pairs / 4 && zeros[1] < pairs / 16) return "UTF-16BE";
  return NULL;
}
