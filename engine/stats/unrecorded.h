/* How many decisions that nobody recorded would be enough to remove a finding?
 *
 * Suppose the unit made k more decisions than it recorded, all with the outcome that speaks against
 * the finding (non-events where it has more events than its peers). The finding stands while the p
 * that decided is at most the level that decided, and the difference passes the smallest one that
 * matters, with the same sign as the deviation D. Where would so few be enough?
 *  - In the kinds of case where each counts most: one at a time to the comparable stratum where it
 *    lowers |D| most, by m n2/(n (n + 1)) for a unit above its peers and (n - m) n2/(n (n + 1)) for
 *    one below, m and n as they stand by then; the first stratum on a tie. The gains of a stratum
 *    fall from one record to the next, so no other placing of k records lowers |D| further.
 *  - By size alone: all in the stratum where the peers' rate is highest (lowest), which lowers the
 *    difference most.
 * The smaller of both is enough. p and difference fall along each way, so it is found by bisection.
 */
#ifndef EVENHAND_STATS_UNRECORDED_H
#define EVENHAND_STATS_UNRECORDED_H

#include "engine/stats/tables.h"

/* What the finding had to pass. */
struct eh_standard {
  double smallest_difference; /* a fraction */
  double level;               /* two-sided, of the exact mid-p or of by_cmh's p */
  bool by_cmh;                /* the Cochran-Mantel-Haenszel test decided */
  /* Where the level depends on the records, as that of decisions that depend on each other does:
     the level for changed tables, in place of the one above. NULL: it does not. */
  double (*level_at)(const void *context, const struct eh_table *tables, size_t count);
  const void *context;
};

struct eh_unrecorded {
  struct eh_figure decisions;    /* k, at least 1 */
  struct eh_figure completeness; /* comparable records / (those + decisions): a fraction */
  struct eh_figure spread;       /* how many it takes spread over the strata as its records are */
  bool by_size;                  /* enough was found by size alone, not by the test */
};
/* Not applicable where the tables show no finding by this standard, and where no number up to 1,000
   times the unit's comparable records is enough. */
struct eh_unrecorded eh_unrecorded(const struct eh_table *tables, size_t count,
                                   const struct eh_standard *standard);
struct eh_unrecorded eh_no_unrecorded(const char *why_not);

#endif
