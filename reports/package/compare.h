/* Two findings files held against each other, figure by figure. */
#ifndef EVENHAND_REPORTS_PACKAGE_COMPARE_H
#define EVENHAND_REPORTS_PACKAGE_COMPARE_H

#include <stdbool.h>

#include "engine/base/error.h"
#include "engine/base/memory.h"

enum { EH_DIFFERENCES_SHOWN = 10 };
struct eh_compared {
  size_t figures; /* compared: numbers, texts, truths */
  size_t differences;
  const char *places[EH_DIFFERENCES_SHOWN]; /* "comparisons[0].results[3] (Newark).p: 0.1 in the
                                               package, 0.2 here" */
};

/* In the arena. from_cells: only what follows from the cells alone. EH_BAD_INPUT where the first is
   no JSON. */
enum eh_status eh_findings_compare(struct eh_arena *arena, const char *packed, size_t packed_length,
                                   const char *made, size_t made_length, bool from_cells,
                                   struct eh_compared *compared,
                                   struct eh_error *error) EH_MUST_USE;

#endif
