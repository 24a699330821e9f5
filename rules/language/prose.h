/* Plain text in paragraphs, wrapped for a terminal and a printed page. Used by rules/explain*.c. */
#ifndef EVENHAND_RULES_PROSE_H
#define EVENHAND_RULES_PROSE_H

#include "engine/base/memory.h"

enum { EH_PROSE_WIDTH = 78 };

/* A heading, underlined with a sign, after a blank line unless it is the first. */
void eh_prose_heading(struct eh_buffer *out, const char *heading, char sign);
/* A paragraph, every line indented by so many blanks; the first line begins with the mark ("1. ",
   "- " or ""), and the others stand under what follows it. Line breaks in the text are kept. */
void eh_prose_paragraph(struct eh_buffer *out, size_t indent, const char *mark, const char *format,
                        ...) EH_PRINTF(4, 5);
void eh_prose_blank(struct eh_buffer *out);

#endif
