/* Paragraphs for a terminal: lines of at most 80 characters, nothing that a terminal obeys. */
#ifndef EVENHAND_REPORTS_PARAGRAPH_H
#define EVENHAND_REPORTS_PARAGRAPH_H

#include <stdio.h>

#include "engine/base/memory.h"

/* The first line begins with lead, the others are indented as far. */
void eh_paragraph_write(FILE *stream, struct eh_arena *arena, const char *lead,
                        const char *paragraph);

#endif
