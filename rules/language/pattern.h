/* Patterns of file names, as fnmatch reads them: `*`, `?`, [classes] and backslashes. */
#ifndef EVENHAND_RULES_PATTERN_H
#define EVENHAND_RULES_PATTERN_H

#include <stdbool.h>

/* Does every name that fits narrow fit wide too? False where that takes more than to hold the two
   against each other piece by piece; never true without reason. */
bool eh_pattern_covers(const char *wide, const char *narrow);

#endif
