#include "engine/base/words.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

const char *eh_words_count(struct eh_arena *arena, uint64_t count) {
  char digits[24], text[32];
  size_t length = (size_t)snprintf(digits, sizeof digits, "%" PRIu64, count), at = 0;
  for (size_t i = 0; i < length; i++) {
    if (i > 0 && (length - i) % 3 == 0) text[at++] = ',';
    text[at++] = digits[i];
  }
  return eh_arena_copy(arena, text, at);
}

const char *eh_words_of(struct eh_arena *arena, uint64_t count, const char *one, const char *many) {
  if (count == 0) return eh_arena_printf(arena, "no %s", many);
  return eh_arena_printf(arena, "%s %s", eh_words_count(arena, count), count == 1 ? one : many);
}

const char *eh_words_percent(struct eh_arena *arena, double fraction) {
  double percent = 100.0 * fraction;
  int decimals = percent > 0.0 && percent < 100.0 && (percent < 9.95 || percent > 90.05) ? 1 : 0;
  return eh_arena_printf(arena, "%.*f%%", decimals, percent);
}

const char *eh_words_name(struct eh_arena *arena, const char *name) {
  enum { LONGEST = 160, KEPT = 120 }; /* characters */
  size_t characters = 0, kept = 0;
  for (const char *s = name; *s; s++) {
    bool begins = ((unsigned char)*s & 0xC0) != 0x80;
    if (begins && characters == KEPT) kept = (size_t)(s - name);
    characters += begins;
  }
  if (characters <= LONGEST) return name;
  return eh_arena_printf(arena, "%.*s\xE2\x80\xA6 (%s characters)", (int)kept, name,
                         eh_words_count(arena, characters));
}

const char *eh_words_list(struct eh_arena *arena, const char *const *items, size_t count,
                          const char *conjunction) {
  if (count < 2) return count ? eh_arena_string(arena, items[0]) : "";
  return eh_arena_printf(arena, "%s %s %s", eh_words_join(arena, items, count - 1, ", "),
                         conjunction, items[count - 1]);
}

const char *eh_words_join(struct eh_arena *arena, const char *const *items, size_t count,
                          const char *separator) {
  struct eh_buffer buffer = {0};
  for (size_t i = 0; i < count; i++) {
    if (i > 0) eh_buffer_puts(&buffer, separator);
    eh_buffer_puts(&buffer, items[i]);
  }
  const char *joined = buffer.text ? eh_arena_copy(arena, buffer.text, buffer.length) : "";
  eh_buffer_free(&buffer);
  return joined;
}

const char *eh_words_lines(struct eh_arena *arena, const char *const *items, size_t count) {
  static const char dot[] = "\xE2\x80\xA2 ";
  if (count < 2) return eh_words_join(arena, items, count, "");
  const char *lines = eh_words_join(arena, items, count, "\n\xE2\x80\xA2 ");
  return eh_arena_printf(arena, "%s%s", dot, lines);
}
