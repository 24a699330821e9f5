/* False discovery rates over a report: tests in families, families in a report.
 *
 * A report asks many questions. In each, one comparison of one measure, the units are one family of
 * tests; were each family held to 5% by itself, a report of twenty in which nobody differs would
 * have a finding more often than not. So families are counted, too (Benjamini and Bogomolov 2014):
 * at a rate r select the families that have something to say, by Benjamini and Hochberg's procedure
 * on each family's own smallest q; with R of G families selected, a selected one's units are those
 * that pass within it at r R/G. The share of false findings is then held in the report, and on
 * average in the families that have any. A family may itself be nested in the same way: officers in
 * offices. One family alone is counted as ever.
 */
#ifndef EVENHAND_STATS_FAMILIES_H
#define EVENHAND_STATS_FAMILIES_H

#include <stdbool.h>
#include <stddef.h>

/* Tests side by side. */
struct eh_family {
  size_t count;        /* may be 0: such a family does not count */
  bool any_dependence; /* Benjamini and Yekutieli within it, instead of Benjamini and Hochberg */
  const size_t *group; /* NULL: not nested; else by test its group, below groups */
  size_t groups;
};

struct eh_discovery {
  double q, log10_q; /* the smallest rate at which the test is flagged, at most 1. It is flagged at
                        every higher one, too: as r grows, R does not fall */
  double decided_at; /* the largest p at which it would be flagged at the given rate, every other p
                        as it is: r times, for each level that it is nested in, the share of groups
                        selected, times R/m (over sum 1/i for any dependence), where these are
                        counted with its own p at 0 */
};

/* log10_p: of all tests, in order of family; at most 0. rate: between 0 and 1. discoveries takes as
   many. Differences of 1 in 10^9 count as rounding. */
void eh_discover(const double *log10_p, const struct eh_family *families, size_t count, double rate,
                 struct eh_discovery *discoveries);

#endif
