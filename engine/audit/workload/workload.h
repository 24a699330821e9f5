/* What would it come to if some units decided like cases as others do, and what would that cost?
 *
 * Those that were found to differ (or all but a named one) are held, all together, against the
 * standard: the others (or the named one). Over the situations that both have, with d the
 * difference on the former's caseload of N records (engine/stats/difference.h; of a value, of the
 * means, engine/stats/wilcoxon.h), the events would change by -N d, from -N high to -N low. So
 * above and below apart, each with an interval of its own, and each unit by itself. Where decisions
 * depend on each other, the interval has the design effect of whichever side's go together more,
 * its units taken together.
 *
 * It is arithmetic on the records at hand: who was found was found for being extreme, so that the
 * change is given a second time with each difference drawn in by its reliability; a rate that all
 * share is not thereby right; and the unit cost is the rules'.
 */
#ifndef EVENHAND_AUDIT_WORKLOAD_H
#define EVENHAND_AUDIT_WORKLOAD_H

#include "engine/audit/result.h"

/* Some units held against the standard. */
struct eh_workload_change {
  const char *unit; /* of one; NULL: of several */
  size_t units;
  uint64_t records, comparable;   /* theirs; with a counterpart in the standard */
  struct eh_figure had, expected; /* events, or the sum of the values, of the comparable ones; what
                                     the standard would have made of them */
  struct eh_interval change;      /* expected less had, in the same units */
};

/* Present practice: all units, in one quarter. */
struct eh_workload_quarter {
  const char *label; /* 2016Q4 */
  uint64_t records, events;
};
enum { EH_WORKLOAD_QUARTERS = 4 };

struct eh_workload_result {
  const struct eh_workload *workload;
  const char *why_not;                         /* nothing can be told: why; NULL: it can */
  struct eh_workload_change all, above, below; /* above: those whose rate is above the standard's */
  struct eh_workload_change *units;            /* by the units' order */
  size_t unit_count;
  struct eh_figure drawn_in; /* the change with differences drawn in; of the whole */
  size_t unclear; /* found to differ, but whose difference it is cannot be told: in the standard */
  struct eh_workload_quarter quarters[EH_WORKLOAD_QUARTERS]; /* the latest whole ones, in order */
  size_t quarter_count;
  const char *no_quarters; /* why there are none */
  const char *statement;
};

struct eh_workloads {
  struct eh_workload_result *items; /* as in the rules */
  size_t count;
};

/* The audit with what its rules ask of the workload. In the arena. */
const struct eh_audit *eh_workload_add(struct eh_arena *arena, const struct eh_audit *audit);

/* The statement. */
const char *eh_workload_say(struct eh_arena *arena, const struct eh_audit *audit,
                            const struct eh_workload_result *result);

#endif
