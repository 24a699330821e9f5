/* Text of fields: is it UTF-8, and if not, is it Windows-1252? */
#ifndef EVENHAND_LOAD_TEXT_H
#define EVENHAND_LOAD_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/memory.h"
#include "engine/load/records.h"

bool eh_text_is_utf8(const char *text, size_t length);
/* Windows-1252 as UTF-8, in the arena; NULL where a byte has no meaning there. */
char *eh_text_from_windows(struct eh_arena *arena, const char *text, size_t length,
                           size_t *new_length);

/* The fields of a record that the rules name, by column (derived columns are left alone), as UTF-8.
   False: one is in neither encoding. What must be converted lives in the arena. */
bool eh_text_take_fields(struct eh_arena *arena, const struct eh_rules *rules,
                         const struct eh_layout *layout, const struct eh_field *fields,
                         bool is_utf8, struct eh_field *by_column);

#endif
