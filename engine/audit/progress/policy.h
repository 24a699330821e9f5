/* What a policy did: like cases before and after it, from the comparisons `across: policy`.
 *
 * The audit holds each policy against the others. Here each change of what is in force is taken by
 * itself, the time before against the time after, first over all units together: whether like cases
 * were decided differently, and how much of a crude change is due to other cases.
 */
#ifndef EVENHAND_AUDIT_PROGRESS_POLICY_H
#define EVENHAND_AUDIT_PROGRESS_POLICY_H

#include "engine/audit/result.h"
#include "engine/stats/change.h"
#include "engine/stats/spread_change.h"

struct eh_policy_unit {
  const char *unit; /* of the `each` column */
  struct eh_change change;
  struct eh_figure p, q; /* exact mid-p of after against before; over the units that have one */
  bool moved; /* q at most the false discovery rate, the change at least the smallest difference */
};

struct eh_policy_change {
  const char *before, *after; /* what was in force */
  int32_t on;                 /* the first day of the latter */
  const struct eh_measure *measure;
  int each;                /* the column of the units; -1: none */
  struct eh_change change; /* within units, all together */
  struct eh_policy_unit *units;
  size_t unit_count, up, down; /* units with like cases at both times; that rose, that fell */
  size_t moved;
  struct eh_spread_change spread; /* between the units */
  struct eh_trend trend;          /* before it, by month */
  const char *statement;
};

struct eh_policy_changes {
  struct eh_policy_change *items;
  size_t count;
};

/* Everything lives in the arena. tables: by month, where the rules ask for some. NULL: nothing is
   compared across policies. */
const struct eh_policy_changes *eh_policy_changes_find(struct eh_arena *arena,
                                                       const struct eh_rules *rules,
                                                       const struct eh_cells *cells, size_t count,
                                                       const struct eh_cells *tables,
                                                       size_t table_count);

#endif
