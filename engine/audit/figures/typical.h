/* Against the typical unit: one extreme unit among few moves the peers of all others the other way;
 * so each unit's difference less that of the median unit. */
#ifndef EVENHAND_AUDIT_FIGURES_TYPICAL_H
#define EVENHAND_AUDIT_FIGURES_TYPICAL_H

#include "engine/audit/result.h"

struct eh_typical {
  size_t outcomes;     /* in how many things units differ */
  const char *why_not; /* NULL: units can be compared in them */
  struct eh_figure (*difference_in)(const struct eh_result *result, size_t outcome);
  size_t (*shown)(const struct eh_result *result); /* the one its figures are of; NULL: each */
};

/* Fills among.typical_difference: the difference less the median one, by which half of all
   comparable records lie on each side. */
void eh_typical_compare(struct eh_comparison_result *comparison, const struct eh_typical *typical,
                        struct eh_arena *scratch);

#endif
