/* Figures as a reader expects them in a sentence; everything lives in the arena. */
#ifndef EVENHAND_BASE_WORDS_H
#define EVENHAND_BASE_WORDS_H

#include "engine/base/memory.h"

/* 1,234,567 */
const char *eh_words_count(struct eh_arena *arena, uint64_t count);
/* "1 unit", "1,234 units", "no units" */
const char *eh_words_of(struct eh_arena *arena, uint64_t count, const char *one, const char *many);
/* A fraction as a percentage: "12%", with one decimal below 10% and above 90%: "3.4%". */
const char *eh_words_percent(struct eh_arena *arena, double fraction);
/* "a", "a and b", "a, b and c"; "" for none. */
const char *eh_words_list(struct eh_arena *arena, const char *const *items, size_t count,
                          const char *conjunction);
/* A name out of the records for a title or a sentence: one that is very long is cut, with an ellipsis
 * and how many characters it has in all: "Northern Distri… (65,000 characters)". */
const char *eh_words_name(struct eh_arena *arena, const char *name);
/* Texts joined by a separator. */
const char *eh_words_join(struct eh_arena *arena, const char *const *items, size_t count,
                          const char *separator);
/* Each on a line of its own, with a dot before it where there are several. */
const char *eh_words_lines(struct eh_arena *arena, const char *const *items, size_t count);

#endif
