#include "rules/language/pattern.h"

#include <fnmatch.h>
#include <stddef.h>
#include <string.h>

/* A piece of a pattern: a `*`, or what stands for one character. */
enum { LONGEST_CLASS = 256 };

/* Bytes of the class at text, which begins with `[`; 0: it has no end, and the bracket is meant. */
static size_t class_length(const char *text) {
  const char *c = text + 1;
  if (*c == '!' || *c == '^') c++;
  for (const char *first = c; *c && (*c != ']' || c == first); c++) {
    if (*c == '\\' && c[1]) {
      c++;
    } else if (*c == '[' && c[1] && strchr(":.=", c[1])) {
      char ending[] = {c[1], ']', '\0'};
      const char *end = strstr(c + 2, ending);
      if (end) c = end + 1;
    }
  }
  return *c ? (size_t)(c - text) + 1 : 0;
}

static size_t piece_length(const char *text) {
  size_t length = 1;
  if (*text == '\\' && text[1]) length = 2;
  if (*text == '[') length = class_length(text);
  return length ? length : 1;
}

/* Does every character that fits narrow's first piece fit wide's? */
static bool piece_covers(const char *wide, const char *narrow) {
  size_t wide_length = piece_length(wide), narrow_length = piece_length(narrow);
  if (*wide == '?') return true;
  if (wide_length == narrow_length && memcmp(wide, narrow, wide_length) == 0) return true;
  if (wide_length >= LONGEST_CLASS || narrow_length >= LONGEST_CLASS) return false;
  char wide_piece[LONGEST_CLASS] = "", narrow_piece[LONGEST_CLASS] = "";
  memcpy(wide_piece, wide, wide_length);
  memcpy(narrow_piece, narrow, narrow_length);
  bool fits_any = false;
  for (int c = 1; c < 256; c++) {
    char character[] = {(char)c, '\0'};
    if (fnmatch(narrow_piece, character, 0) != 0) continue;
    if (fnmatch(wide_piece, character, 0) != 0) return false;
    fits_any = true;
  }
  return fits_any;
}

/* As names are held against patterns, with the pieces of narrow as the characters. Only a `*` takes
   in a `*`. */
bool eh_pattern_covers(const char *wide, const char *narrow) {
  const char *star = NULL, *taken = NULL; /* behind wide's last `*`; what that has taken so far */
  while (*narrow) {
    if (*wide == '*') {
      star = ++wide;
      taken = narrow;
    } else if (*wide && *narrow != '*' && piece_covers(wide, narrow)) {
      wide += piece_length(wide);
      narrow += piece_length(narrow);
    } else if (star) {
      taken += piece_length(taken);
      narrow = taken;
      wide = star;
    } else {
      return false;
    }
  }
  while (*wide == '*') wide++;
  return !*wide;
}
