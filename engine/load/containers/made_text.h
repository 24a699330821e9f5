/* Delimited text that this program makes of cells: fields, and which line is which row. */
#ifndef EVENHAND_LOAD_MADE_TEXT_H
#define EVENHAND_LOAD_MADE_TEXT_H

#include <stdbool.h>

#include "engine/base/memory.h"

/* Add a field, in quotes where it needs them; returns how many line breaks it holds. */
size_t eh_made_field(struct eh_buffer *text, const char *field, size_t length);

/* Lines and their rows, both rising: what is kept are the lines at which the two part. Start it as
   {0}. */
struct eh_row_map {
  struct eh_row_shift {
    uint64_t line;
    uint64_t row;
  } * shifts;
  size_t count, capacity;
  bool is_whole; /* nothing is noted any more */
};
void eh_row_map_note(struct eh_row_map *map, uint64_t line, uint64_t row);
/* The row of a line; 0 before the first one. */
uint64_t eh_row_map_row(const struct eh_row_map *map, uint64_t line);
void eh_row_map_free(struct eh_row_map *map);

#endif
