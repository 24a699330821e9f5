/* What is said of a unit in a measure of a value. Internal to kinds/value*.c. */
#ifndef EVENHAND_AUDIT_KINDS_VALUE_H
#define EVENHAND_AUDIT_KINDS_VALUE_H

#include "engine/audit/kinds/kinds.h"

const char *eh_value_statement(const struct eh_view *view);
const char *eh_value_too_small(const struct eh_view *view);
void eh_value_say_caveats(const struct eh_view *view, struct eh_sentences *sentences);

#endif
