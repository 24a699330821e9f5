/* Text of fields: is it UTF-8, and if not, is it Windows-1252, or what the rules say? */
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

/* A field's text as UTF-8, which is in the arena where it had to be converted; false leaves the
   field as it is: it is in neither encoding. encoding: what stands for text that is no UTF-8, a
   name for iconv; NULL: Windows-1252. A field is read by itself: what stands in the others of its
   record changes nothing. */
bool eh_text_take_field(struct eh_arena *arena, const char *encoding, struct eh_field *field);
/* A text in neither encoding as it can be shown, in the arena: U+FFFD for each byte without meaning
   in Windows-1252. */
const char *eh_text_show(struct eh_arena *arena, const char *text, size_t length);

/* "UTF-8, 12 records Windows-1252", in the arena. encoding: of those records; NULL: that. */
const char *eh_text_describe(struct eh_arena *arena, const char *source, uint64_t records,
                             const char *encoding);

/* UTF-16 without a byte order mark has a zero in every other byte of what is mostly ASCII: the
   encoding, by the first bytes, or NULL. */
const char *eh_text_find_utf16(const unsigned char *bytes, size_t length);

#endif
