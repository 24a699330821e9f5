/* A finding under other definitions, in words. */
#ifndef EVENHAND_AUDIT_DEFINITIONS_WORDS_H
#define EVENHAND_AUDIT_DEFINITIONS_WORDS_H

#include "engine/audit/result.h"

/* "stands in 12 of 13 other definitions, smaller in 1, between +4.7 and +25.6 points; in 3 of 4
   parts of the records, vanishes in 1". Its robustness but for this is known. */
const char *eh_robustness_say(struct eh_arena *arena, const struct eh_comparison_result *comparison,
                              const struct eh_result *result);
/* "compared without age_band it vanishes (+0.5 points)", of definitions that it does not stand
   under; NULL: of none. */
const char *eh_robustness_warn(struct eh_arena *arena,
                               const struct eh_comparison_result *comparison,
                               const struct eh_result *result);

/* "most of it goes with stage, which the rules do not name: among records alike in that, too, +19.0
   points become +7.0"; NULL: it goes with no column. */
const char *eh_explained_say(struct eh_arena *arena, const struct eh_result *result);
/* "it goes with time: within the same quarter it differs by +6.9 points (+30.1 over the same
   records before)"; NULL: nothing to say. */
const char *eh_time_say(struct eh_arena *arena, const struct eh_result *result);
/* "it also makes more of such cases: ..."; NULL: nothing to say. */
const char *eh_selection_say(struct eh_arena *arena, const struct eh_result *result);

#endif
