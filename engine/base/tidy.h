/* Texts of records as they are compared: values that look alike are alike.
 *
 *   white space around them is gone, Unicode's too (U+00A0, U+3000, a line end)
 *   what nobody can see is gone, wherever it stands (U+200B, U+00AD, a byte order mark)
 *   white space within them that is more than blanks, tabs and line ends of ASCII is one blank
 *   letters with marks are one character each where Unicode has it (NFC)
 *
 * Two blanks of ASCII within a text stay two: so a database compares, too. Text is
 * UTF-8; of one that is not, only the white space around it is taken away.
 */
#ifndef EVENHAND_BASE_TIDY_H
#define EVENHAND_BASE_TIDY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "engine/base/memory.h"

/* Is a text tidy at first sight: of ASCII, without white space around it? Where a word would reach
   beyond the text, it begins earlier. */
static inline bool eh_tidy_is_plain(const char *text, size_t length) {
  enum { WORD = sizeof(uint64_t) };
  uint64_t bits = 0, word;
  if (length == 0) return true;
  if ((unsigned char)text[0] <= ' ' || (unsigned char)text[length - 1] <= ' ') return false;
  if (length < WORD) {
    for (size_t i = 0; i < length; i++) bits |= (unsigned char)text[i];
    return bits < 0x80;
  }
  for (size_t i = 0; i + WORD < length; i += WORD) {
    memcpy(&word, text + i, WORD);
    bits |= word;
  }
  memcpy(&word, text + length - WORD, WORD);
  return ((bits | word) & 0x8080808080808080ULL) == 0;
}

/* The tidy text: the text itself, a part of it, or a copy in the arena with room behind it. */
const char *eh_tidy_text(struct eh_arena *arena, const char *text, size_t *length);

/* Is it tidy, but for white space of ASCII around it? */
bool eh_tidy_is_done(const char *text, size_t length);

/* The same text for all ways to write it in capitals, small letters or both; tidy, in the arena.
 */
const char *eh_tidy_folded(struct eh_arena *arena, const char *text, size_t *length);

/* In small letters, or in capitals, those of ASCII in small letters even so: as databases that know
   no others make small letters of a text in capitals. In the arena. */
const char *eh_tidy_small(struct eh_arena *arena, const char *text);
const char *eh_tidy_small_of_capitals(struct eh_arena *arena, const char *text);

#endif
