/* Values that the rules could not read: a form of date that they do not list, a text where they
 * count on a number. They count as not recorded, so a report says how many there are.
 */
#ifndef EVENHAND_REPORTS_UNREADABLE_H
#define EVENHAND_REPORTS_UNREADABLE_H

#include "engine/base/memory.h"
#include "engine/load/account.h"

/* "Not readable as the rules read them, so not recorded: 12 values of date." of the first few
   columns, the others taken together; NULL where all could be read. */
const char *eh_unreadable_line(struct eh_arena *arena, const struct eh_account *account);

#endif
