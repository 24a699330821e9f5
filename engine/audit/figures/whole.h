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

/* The testable unit of median caseload, or NULL. */
struct eh_result *eh_whole_median_unit(const struct eh_comparison_result *comparison);

#endif
