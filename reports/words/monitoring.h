/* What monitoring came to, in a line. */
#ifndef EVENHAND_REPORTS_WORDS_MONITORING_H
#define EVENHAND_REPORTS_WORDS_MONITORING_H

#include "engine/audit/monitoring/monitoring.h"

/* "24 of 25 units monitored, 2014-01 to 2016-12: 1 signal, 2 watched". */
const char *eh_monitored_line(struct eh_arena *arena, const struct eh_monitored *m);
/* Of all that is watched, in a sentence. */
const char *eh_monitoring_line(struct eh_arena *arena, const struct eh_monitoring *all);
/* What the evidence promises, and of whom. */
const char *eh_monitoring_promise(struct eh_arena *arena, const struct eh_monitoring *all);

#endif
