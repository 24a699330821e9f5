/* What each kind of case has to do with a finding: its cells in the order of what they contribute.
 *
 * One struct serves finding after finding; those of one comparison are best asked for together,
 * because its strata are summed up once.
 */
#ifndef EVENHAND_REPORTS_SHARES_H
#define EVENHAND_REPORTS_SHARES_H

#include "reports/words/findings.h"

/* A unit and its peers in one stratum, or summed over several. own and peers: their events; where
 * the measure asks for a category those with the finding's outcome, for a value the sum of it. */
struct eh_sides {
  double own, n1, peers, n2;
  double expected; /* sum n1 peers/n2: own, had its peers decided its cases; 0 without peers */
};

struct eh_share {
  const struct eh_cell *cell;
  struct eh_sides sides;
};

struct eh_shares {
  struct eh_share *items; /* the largest contribution in the finding's direction first; those
                             without peers last, in the order of their strata */
  size_t count;
  size_t comparable; /* of these have peers */

  /* The comparison whose strata are summed up, and the room for it. */
  const struct eh_comparison_result *totals_of;
  struct eh_share_total *totals; /* by stratum */
  uint64_t *events; /* by stratum, and in it by outcome where the measure asks for a category */
  size_t totals_capacity, events_capacity, capacity;
};

/* Of one finding; begin with a struct of zeros. Valid until the next call. */
void eh_shares_fill(struct eh_shares *shares, const struct eh_finding *finding);
/* The same in no order: enough to count them. */
void eh_shares_take(struct eh_shares *shares, const struct eh_finding *finding);
/* Items first to end - 1 taken together. */
struct eh_sides eh_shares_sum(const struct eh_shares *shares, size_t first, size_t end);

/* How a table shows them: the first ones each in a row of its own, then the others that have peers
 * in one row, then those without peers in one. Each number is of kinds of case. */
struct eh_share_rows {
  size_t own, others, unshared;
};
struct eh_share_rows eh_share_rows(const struct eh_shares *shares, size_t most);
size_t eh_share_rows_count(const struct eh_share_rows *rows);
/* The items of the row at a place from 0: first to end - 1. */
void eh_share_rows_items(const struct eh_share_rows *rows, size_t place, size_t *first,
                         size_t *end);
void eh_shares_free(struct eh_shares *shares);

#endif
