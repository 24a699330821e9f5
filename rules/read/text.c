/* The characters of a rules file: their encoding, where lines begin, and how messages show them. */
#include <stdio.h>
#include <string.h>

#include "rules/read/internal.h"

enum { SHOWN_CHARACTERS = 60 };

/* The character at bytes (at most length of them) and its size in bytes; size 0: not UTF-8. */
static uint32_t decode(const unsigned char *bytes, size_t length, size_t *size) {
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  uint32_t first = bytes[0];
  *size = first < 0x80             ? 1
          : (first & 0xe0) == 0xc0 ? 2
          : (first & 0xf0) == 0xe0 ? 3
          : (first & 0xf8) == 0xf0 ? 4
                                   : 0;
  if (*size <= 1) return first;
  uint32_t character = first & (0x7fU >> *size);
  for (size_t i = 1; i < *size; i++) {
    if (i >= length || (bytes[i] & 0xc0) != 0x80) {
      *size = 0;
      return 0;
    }
    character = character << 6 | (bytes[i] & 0x3fU);
  }
  bool surrogate = character >= 0xd800 && character <= 0xdfff;
  if (character < least[*size] || character > 0x10ffff || surrogate) *size = 0;
  return character;
}

/* The characters that YAML allows in a file. */
static bool is_allowed(uint32_t character) {
  return character == '\t' || character == '\n' || character == '\r' ||
         (character >= 0x20 && character <= 0x7e) || character == 0x85 ||
         (character >= 0xa0 && character <= 0xfffd && character != 0xfeff) || character >= 0x10000;
}

size_t eh_read_break_length(const char *text, size_t length) {
  if (length >= 2 && text[0] == '\r' && text[1] == '\n') return 2;
  if (length >= 1 && (text[0] == '\n' || text[0] == '\r')) return 1;
  if (length >= 2 && memcmp(text, "\xc2\x85", 2) == 0) return 2;
  if (length >= 3 && memcmp(text, "\xe2\x80\xa8", 3) == 0) return 3;
  if (length >= 3 && memcmp(text, "\xe2\x80\xa9", 3) == 0) return 3;
  return 0;
}

size_t eh_read_character_length(const char *text) {
  unsigned char first = (unsigned char)*text;
  return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

static void add_line(struct eh_reader *reader, size_t offset) {
  reader->lines = eh_read_grow(reader, reader->lines, reader->line_count, sizeof *reader->lines);
  reader->lines[reader->line_count++] = offset;
}

/* Say why the character at a place cannot stand there. */
static void refuse_character(struct eh_reader *reader, struct eh_place place, size_t offset,
                             uint32_t character, size_t size) {
  bool wide = reader->length >= 2 && (memcmp(reader->text, "\xff\xfe", 2) == 0 ||
                                      memcmp(reader->text, "\xfe\xff", 2) == 0);
  if (wide) {
    eh_read_problem(reader, place, "the file is UTF-16; save it as UTF-8");
  } else if (size == 0) {
    eh_read_problem(reader, place, "byte 0x%02x is not UTF-8 text; save the file as UTF-8",
                    (unsigned)(unsigned char)reader->text[offset]);
  } else if (character == 0) {
    eh_read_problem(reader, place, "a NUL byte cannot stand in a rules file; remove it");
  } else {
    eh_read_problem(reader, place,
                    "control character U+%04X cannot stand in a rules file; remove it",
                    (unsigned)character);
  }
}

bool eh_read_scan(struct eh_reader *reader) {
  struct eh_place place = {1, 1};
  if (reader->length > EH_MAX_RULES_BYTES) {
    eh_read_problem(reader, place, "the file has %zu bytes; a rules file has at most %d",
                    reader->length, EH_MAX_RULES_BYTES);
    return false;
  }
  if (reader->length >= 3 && memcmp(reader->text, "\xef\xbb\xbf", 3) == 0) {
    reader->text += 3; /* a byte order mark, which is no character of the first line */
    reader->length -= 3;
  }
  add_line(reader, 0);
  for (size_t at = 0; at < reader->length;) {
    size_t size, left = reader->length - at;
    uint32_t character = decode((const unsigned char *)reader->text + at, left, &size);
    if (size == 0 || !is_allowed(character)) {
      refuse_character(reader, place, at, character, size);
      return false;
    }
    size_t broken = eh_read_break_length(reader->text + at, left);
    at += broken ? broken : size;
    place.column++;
    if (broken) {
      add_line(reader, at);
      place = (struct eh_place){place.line + 1, 1};
    }
  }
  return true;
}

void eh_read_problem(struct eh_reader *reader, struct eh_place place, const char *format, ...) {
  if (reader->problems->count >= EH_MAX_PROBLEMS) return;
  char message[1024];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  eh_problems_add(reader->problems, reader->file, place, "%s", message);
}

const char *eh_read_shown(struct eh_reader *reader, const char *text) {
  size_t end = 0, characters = 0;
  while (text[end] && characters++ < SHOWN_CHARACTERS) end += eh_read_character_length(text + end);
  char *shown = eh_arena_printf(reader->arena, "%.*s%s", (int)end, text, text[end] ? "..." : "");
  for (char *c = shown; *c; c++) {
    if ((unsigned char)*c < 0x20 || *c == 0x7f) *c = ' ';
  }
  return shown;
}

const char *eh_read_suggestion(struct eh_reader *reader, const char *wrong,
                               const char *const *known, size_t count) {
  bool is_heard = reader->problems->count < EH_MAX_PROBLEMS;
  const char *nearest = is_heard ? eh_rules_nearest(wrong, known, count) : NULL;
  if (!nearest) return "";
  return eh_arena_printf(reader->arena, "; did you mean `%s`?", eh_read_shown(reader, nearest));
}

void *eh_read_grow(struct eh_reader *reader, void *items, size_t count, size_t size) {
  bool is_full = (count & (count - 1)) == 0; /* 0, 1, 2, 4, 8...: the sizes given so far */
  if (!is_full) return items;
  void *grown = eh_arena_alloc(reader->arena, count ? 2 * count : 1, size);
  if (count) memcpy(grown, items, count * size);
  return grown;
}
