#include <string.h>

#include "rules/rules.h"

const char *eh_rules_id(struct eh_arena *arena, const struct eh_column *column, const char *text,
                        size_t *length) {
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
