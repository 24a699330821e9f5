/* The figures that relate the units of a comparison to each other. */
#ifndef EVENHAND_AUDIT_FIGURES_WHOLE_H
#define EVENHAND_AUDIT_FIGURES_WHOLE_H

#include "engine/audit/figures/strata.h"

struct eh_whole_options {
  struct eh_arena *scratch;
  uint64_t seed;
  size_t threads;
  bool only_summary;
};
void eh_whole_measure(struct eh_comparison_result *comparison, const struct eh_strata_list *strata,
                      const struct eh_whole_options *options);
/* Do its units differ at all? Needs no unit's result. Scratch is given back. */
void eh_whole_associate(struct eh_arena *scratch, const struct eh_stratum *strata,
                        struct eh_comparison_result *comparison);
/* The same for a measure of a category or value. */
void eh_whole_measure_outcomes(struct eh_comparison_result *comparison, struct eh_arena *scratch);
/* The testable unit of median caseload, or NULL. */
struct eh_result *eh_whole_median_unit(const struct eh_comparison_result *comparison);

#endif
