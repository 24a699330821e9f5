/* The known name that a wrong one was probably meant to be. */
#include <string.h>

#include "rules/rules.h"

enum { LONGEST = 64 };

static int folded(char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c; }

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

/* Insertions, deletions, replacements and swaps of neighbours that turn a into b (the optimal
   string alignment distance), letters' case ignored. Both have at most LONGEST bytes. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length) {
  size_t rows[3][LONGEST + 1];
  size_t *before = rows[0], *above = rows[1], *row = rows[2];
  for (size_t j = 0; j <= b_length; j++) above[j] = j;
  for (size_t i = 1; i <= a_length; i++) {
    row[0] = i;
    for (size_t j = 1; j <= b_length; j++) {
      bool same = folded(a[i - 1]) == folded(b[j - 1]);
      row[j] = least(above[j - 1] + !same, least(above[j], row[j - 1]) + 1);
      bool swapped = i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) &&
                     folded(a[i - 2]) == folded(b[j - 1]);
      if (swapped) row[j] = least(row[j], before[j - 2] + 1);
    }
    size_t *oldest = before;
    before = above;
    above = row;
    row = oldest;
  }
  return above[b_length];
}

const char *eh_rules_nearest(const char *wrong, const char *const *known, size_t count) {
  size_t length = strlen(wrong);
  if (length == 0 || length > LONGEST) return NULL;
  const char *nearest = NULL;
  size_t nearest_distance = 0;
  for (size_t i = 0; i < count; i++) {
    size_t known_length = strlen(known[i]);
    if (known_length == 0 || known_length > LONGEST) continue;
    size_t longer = length > known_length ? length : known_length;
    size_t changes = distance(wrong, length, known[i], known_length);
    if (changes > (longer + 2) / 3 || changes == longer) continue; /* too little in common */
    if (!nearest || changes < nearest_distance) {
      nearest = known[i];
      nearest_distance = changes;
    }
  }
  return nearest;
}
