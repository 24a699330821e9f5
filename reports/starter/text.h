/* What the files that write a starter rules file share. */
#ifndef EVENHAND_REPORTS_STARTER_TEXT_H
#define EVENHAND_REPORTS_STARTER_TEXT_H

#include "reports/starter/starter.h"

/* --- starter_bands.c --- */
/* Is a column of numbers, too many of them to be compared one by one? */
bool eh_starter_is_banded(const struct eh_survey *survey, int column);
/* Where its bands begin: "1, 2, 4". */
const char *eh_starter_bands(struct eh_arena *arena, const struct eh_survey *survey, int column);
/* Are its values numbers with separators or signs, which are read as text? */
bool eh_starter_is_marked(const struct eh_survey *survey, size_t column);

#endif
