/* What is asked of a result whose peers were weighted, beyond its kind. */
#ifndef EVENHAND_AUDIT_KINDS_BALANCED_H
#define EVENHAND_AUDIT_KINDS_BALANCED_H

#include "engine/audit/kinds/kinds.h"

/* Why figures are missing that rest on exact strata alone. */
#define EH_BALANCED "balanced comparison"

/* Fill in the weights of a unit's peers, kept in the arena. */
void eh_balanced_list(struct eh_arena *kept, const struct eh_unit_task *task);
/* Why a unit is not tested because of its balance; of one whose balance.refused is set. */
const char *eh_balance_say_refused(const struct eh_view *view);

#endif
