/* How many of a report's findings may be false: one sentence, the same wherever it is said. */
#ifndef EVENHAND_REPORTS_FAMILIES_H
#define EVENHAND_REPORTS_FAMILIES_H

#include "engine/audit/result.h"

/* "of the findings on release on average at most 5% are false, of the others likewise": in lower
   case and without a stop. Needs a test. */
const char *eh_families_line(struct eh_arena *arena, const struct eh_audit *audit);

#endif
