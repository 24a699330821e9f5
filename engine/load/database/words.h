/* The words of a command, as a shell would take them that knows quotation marks and backslashes and
 * nothing else. */
#ifndef EVENHAND_LOAD_WORDS_H
#define EVENHAND_LOAD_WORDS_H

#include "engine/base/memory.h"

/* In the arena, NULL behind the last. Blanks separate words; '...' is taken as it stands; in "..."
   and outside, a backslash takes the next character as it stands. NULL: a mark is not closed. */
char **eh_words_split(struct eh_arena *arena, const char *text);

#endif
