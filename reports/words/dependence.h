/* What was found of decisions that depend on each other, in words. */
#ifndef EVENHAND_REPORTS_WORDS_DEPENDENCE_H
#define EVENHAND_REPORTS_WORDS_DEPENDENCE_H

#include "engine/audit/result.h"

/* Does a clustering count for every unit of its comparison? */
bool eh_clustering_decides(const struct eh_clustered *clustering);

/* One sentence: "officer_id and date: no sign that decisions depend on each other (z 0.4; ...)". */
const char *eh_clustering_words(struct eh_arena *arena, const struct eh_clustered *clustering,
                                const struct eh_comparison_result *comparison);

/* Why nothing is known of dependence in a comparison; NULL: what there is, is known. */
const char *eh_dependence_why_not(const struct eh_comparison_result *comparison);

#endif
