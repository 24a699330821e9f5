/* What became of the records at a table that the rules join, in words. */
#ifndef EVENHAND_REPORTS_JOINS_H
#define EVENHAND_REPORTS_JOINS_H

#include "engine/load/account.h"

/* "by officer_id: 39,800 of 40,000 records have a row there; 200 have none (0123, 0456)". */
const char *eh_joins_line(struct eh_arena *arena, const struct eh_join_account *join);

#endif
