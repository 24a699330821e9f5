/* Names of sheets that every spreadsheet program takes.
 *
 * At most 31 UTF-16 units, none of []:*?/\, no control character, no apostrophe at an end, not
 * "History" (Excel keeps it), and no two that differ only in the case of their letters (of A to Z:
 * begin names with a number where other alphabets may occur).
 */
#ifndef EVENHAND_REPORTS_SHEET_NAME_H
#define EVENHAND_REPORTS_SHEET_NAME_H

#include "engine/base/memory.h"

enum { EH_LONGEST_SHEET_NAME = 31 };

struct eh_sheet_names {
  const char **items;
  size_t count, capacity;
};

/* A legal name as near to the wanted one as may be, not among names; it is added to them. Both live
 * in the arena. */
const char *eh_sheet_name(struct eh_arena *arena, struct eh_sheet_names *names, const char *wanted);

#endif
