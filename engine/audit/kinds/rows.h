/* The rows of the table of kinds, each in a file of its own, and what several say. Internal to
 * engine/audit/kinds. */
#ifndef EVENHAND_AUDIT_KINDS_ROWS_H
#define EVENHAND_AUDIT_KINDS_ROWS_H

#include "engine/audit/kinds/kinds.h"

extern const struct eh_kind eh_kind_event, eh_kind_category, eh_kind_value;

#define EH_ONLY_EVENTS "only a measure of an event has it"
#define EH_SHARE_DISAGREES \
  "the direction depends on the kind of case: the test and the difference disagree in sign"

#endif
