/* The findings of an audit in the order in which reports give them, and its comparisons in
 * families. */
#ifndef EVENHAND_REPORTS_FINDINGS_H
#define EVENHAND_REPORTS_FINDINGS_H

#include "engine/audit/result.h"

/* A family of tests: one comparison of one measure, all its `each` values together. */
struct eh_group {
  const char *title; /* "favourable discretion, across officer within office, for each policy" */
  const struct eh_comparison_result *first;
  size_t count; /* comparisons, which stand together in the audit */
  size_t units; /* those not recorded included */
  size_t testable, flagged, notable, strong, exceptional;
};

/* A flagged unit. number counts from 1 in the order of the findings sheet and never changes between
 * reports. */
struct eh_finding {
  const struct eh_comparison_result *comparison;
  const struct eh_result *result;
  size_t group;
  size_t number;
};

struct eh_findings {
  const struct eh_group *groups;
  size_t group_count;
  const struct eh_finding *items; /* the gravest first: by level, then records affected, whatever the
                                     group; those only because of others last */
  size_t count;
};

const struct eh_findings *eh_findings_collect(struct eh_arena *arena, const struct eh_audit *audit);

/* |difference| x comparable: how many decisions are other than its peers would have made; 0 without
 * a difference. Of a measure of a value, whose difference is no share: by how much more than half
 * of the pairs of its and a peer's record its own is the larger, or the smaller, x comparable. */
double eh_records_affected(const struct eh_result *result);
/* "2 exceptional, 1 strong" ; "" for none. */
const char *eh_levels_in_words(struct eh_arena *arena, size_t exceptional, size_t strong,
                               size_t notable);

#endif
