#include <string.h>

#include "rules/rules.h"

/* The next part from *at, without blanks around it; false: there is none. Blank ones are passed
 * over. */
static bool next_part(const struct eh_split *split, const char **at, const char *end,
                      const char **part, size_t *length) {
  size_t between = strlen(split->by);
  while (*at < end) {
    const char *stop = memmem(*at, (size_t)(end - *at), split->by, between);
    const char *from = *at, *to = stop ? stop : end;
    *at = stop ? stop + between : end;
    while (from < to && *from == ' ') from++;
    while (to > from && to[-1] == ' ') to--;
    *part = from;
    *length = (size_t)(to - from);
    if (*length) return true;
  }
  return false;
}

static bool is_text(const char *part, size_t length, const char *text) {
  return strlen(text) == length && memcmp(part, text, length) == 0;
}

/* Is a part there before it stands at `until`? */
static bool stood_before(const struct eh_split *split, const char *text, const char *until,
                         const char *part, size_t length) {
  const char *other;
  for (size_t bytes; next_part(split, &text, until, &other, &bytes) && other < part;)
    if (bytes == length && memcmp(other, part, length) == 0) return true;
  return false;
}

static const char *one_of_several(struct eh_arena *arena, const struct eh_split *split,
                                  const char *text, size_t *length) {
  const char *end = text + *length, *at = text, *part, *found = text;
  size_t bytes, found_length = 0, different = 0;
  for (bool is_first = true; next_part(split, &at, end, &part, &bytes); is_first = false) {
    bool is_of = split->of && is_text(part, bytes, split->of);
    bool takes = is_first || split->take == EH_TAKE_LAST || (split->take == EH_TAKE_ANY && is_of) ||
                 (split->take == EH_TAKE_ALL && !is_of && is_text(found, found_length, split->of));
    different += split->take == EH_TAKE_COUNT && !stood_before(split, text, end, part, bytes);
    if (!takes) continue;
    found = part;
    found_length = bytes;
  }
  if (split->take == EH_TAKE_COUNT && different) {
    found = eh_arena_printf(arena, "%zu", different);
    found_length = strlen(found);
  }
  char *copy = eh_arena_alloc(arena, found_length + EH_ROOM_BEHIND, 1);
  if (found_length) memcpy(copy, found, found_length);
  *length = found_length;
  return copy;
}

const char *eh_rules_id(struct eh_arena *arena, const struct eh_column *column, const char *text,
                        size_t *length) {
  if (column->split) text = one_of_several(arena, column->split, text, length);
  size_t digits = column->id_digits;
  if (*length == 0 || *length >= digits) return text;
  for (size_t i = 0; i < *length; i++)
    if (text[i] < '0' || text[i] > '9') return text;
  char *padded = eh_arena_alloc(arena, digits + EH_ROOM_BEHIND, 1);
  memset(padded, '0', digits - *length);
  memcpy(padded + digits - *length, text, *length);
  *length = digits;
  return padded;
}
