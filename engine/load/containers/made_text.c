#include "engine/load/containers/made_text.h"

#include <stdlib.h>
#include <string.h>

size_t eh_made_field(struct eh_buffer *text, const char *field, size_t length) {
  bool is_quoted = false;
  for (size_t i = 0; i < length && !is_quoted; i++)
    is_quoted = field[i] == ',' || field[i] == '"' || field[i] == '\n' || field[i] == '\r';
  if (!is_quoted) {
    eh_buffer_add(text, field, length);
    return 0;
  }
  size_t breaks = 0;
  const char *end = field + length;
  for (const char *b = field; (b = memchr(b, '\n', (size_t)(end - b))) != NULL; b++) breaks++;
  eh_buffer_add(text, "\"", 1);
  while (field < end) {
    const char *quote = memchr(field, '"', (size_t)(end - field));
    const char *stop = quote ? quote + 1 : end;
    eh_buffer_add(text, field, (size_t)(stop - field));
    if (quote) eh_buffer_add(text, "\"", 1);
    field = stop;
  }
  eh_buffer_add(text, "\"", 1);
  return breaks;
}

void eh_row_map_note(struct eh_row_map *map, uint64_t line, uint64_t row) {
  if (map->is_whole) return;
  if (map->count) {
    const struct eh_row_shift *last = &map->shifts[map->count - 1];
    if (row - last->row == line - last->line) return;
  }
  if (map->count == map->capacity) {
    map->capacity = map->capacity ? 2 * map->capacity : 64;
    map->shifts = eh_resize(map->shifts, map->capacity, sizeof *map->shifts);
  }
  map->shifts[map->count++] = (struct eh_row_shift){line, row};
}

uint64_t eh_row_map_row(const struct eh_row_map *map, uint64_t line) {
  size_t low = 0, high = map->count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (map->shifts[middle].line <= line)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == 0) return 0;
  const struct eh_row_shift *shift = &map->shifts[low - 1];
  return shift->row + (line - shift->line);
}

void eh_row_map_free(struct eh_row_map *map) {
  free(map->shifts);
  *map = (struct eh_row_map){0};
}
