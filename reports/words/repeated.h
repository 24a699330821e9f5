/* Records with one case number that the rules make different things of. */
#ifndef EVENHAND_REPORTS_REPEATED_H
#define EVENHAND_REPORTS_REPEATED_H

#include "engine/load/account.h"
#include "rules/rules.h"

/* How many were left out beside a record unlike them, which one stays, and what to do; NULL where
   there are none. In the arena. */
const char *eh_repeated_line(struct eh_arena *arena, const struct eh_rules *rules,
                             const struct eh_account *account);

/* What the rules say of them: "first", "last", "any", "worst", "refuse" or "trust". */
const char *eh_repeated_rule(const struct eh_rules *rules);

#endif
