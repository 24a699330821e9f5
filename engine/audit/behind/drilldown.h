/* From findings down to records: for each flagged unit the situations that carry its difference,
 * pairs of like cases decided differently, and a random sample of its files to read.
 *
 * Made after eh_audit_run; the audit is the same with or without it. Situations come from the
 * cells; records from a struct eh_find_source, where the input has one.
 */
#ifndef EVENHAND_AUDIT_BEHIND_DRILLDOWN_H
#define EVENHAND_AUDIT_BEHIND_DRILLDOWN_H

#include "engine/audit/behind/situations.h"
#include "engine/audit/result.h"
#include "engine/load/find/find.h"

struct eh_drill {
  const struct eh_comparison_result *comparison;
  const struct eh_result *result;
  struct eh_situations situations;
  const bool *varying;     /* eh_strata_varying */
  uint64_t sample_planned; /* by attribute sampling */
  struct eh_found found;   /* empty without a source of records */
};

struct eh_drilldown {
  bool has_records;
  struct eh_drill *items; /* of every flagged unit, in the audit's order */
  size_t count;
};

/* source may be NULL. Fails only where the records cannot be read again. */
enum eh_status eh_drilldown_make(struct eh_arena *arena, const struct eh_audit *audit,
                                 const struct eh_find_source *source,
                                 const struct eh_drilldown **drilldown,
                                 struct eh_error *error) EH_MUST_USE;

/* That of a flagged unit. */
const struct eh_drill *eh_drilldown_of(const struct eh_drilldown *drilldown,
                                       const struct eh_result *result);

#endif
