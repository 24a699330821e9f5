/* Text of fields: is it UTF-8, and if not, is it Windows-1252? */
#ifndef EVENHAND_LOAD_TEXT_H
#define EVENHAND_LOAD_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/base/memory.h"
#include "engine/load/text/csv.h"

bool eh_text_is_utf8(const char *text, size_t length);
/* Windows-1252 as UTF-8, in the arena with room behind it; NULL where a byte has no meaning there.
 */
char *eh_text_from_windows(struct eh_arena *arena, const char *text, size_t length,
                           size_t *new_length);

/* The fields of a record with these numbers, as UTF-8. False: one is in neither encoding. What must
   be converted lives in the arena. */
bool eh_text_take_fields(struct eh_arena *arena, const struct eh_field *fields,
                         const size_t *numbers, size_t count, bool is_utf8, struct eh_field *taken);

#endif
