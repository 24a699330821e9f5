/* An office, and the results that concern it. */
#ifndef EVENHAND_REPORTS_OFFICE_H
#define EVENHAND_REPORTS_OFFICE_H

#include "engine/audit/result.h"

/* A result that concerns an office. */
struct eh_office_result {
  const struct eh_comparison_result *comparison;
  const struct eh_result *result;
};

struct eh_office {
  size_t place; /* in the times */
  const char *name;
  const char *file;             /* name of its workbook */
  struct eh_office_result *own; /* the office as a unit, in the audit's order */
  size_t own_count, own_findings;
  struct eh_office_result *inside; /* units within the office, likewise */
  size_t inside_count, inside_findings;
};

/* The comparison's title; of a category with the outcome that the result's figures are of. */
const char *eh_scorecard_title(struct eh_arena *arena, const struct eh_office_result *item);
/* "exceptional: higher", "not flagged", "not testable". */
const char *eh_scorecard_verdict(struct eh_arena *arena, const struct eh_result *result);

#endif
