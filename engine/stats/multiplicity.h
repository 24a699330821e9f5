/* Many tests at once: false discovery rates.
 *
 * Among a thousand officers, fifty reach p < 0.05 by chance. The q-value of a unit is the smallest
 * false discovery rate at which it would be flagged: flag all q <= 0.05, and of the flagged units
 * at most 5% are expected to be false alarms. All functions take base-10 logarithms of p (at most
 * 0), because real ones underflow, and give both q and log10_q; log10_q may be NULL.
 */
#ifndef EVENHAND_STATS_MULTIPLICITY_H
#define EVENHAND_STATS_MULTIPLICITY_H

#include <stdbool.h>
#include <stddef.h>

/* Benjamini and Hochberg (1995) q-values in the log scale: q[i] for log10_p[i]; R:
   p.adjust(method = "BH"). */
void eh_benjamini_hochberg(const double *log10_p, size_t count, double *q, double *log10_q);
/* Benjamini and Yekutieli (2001), valid under any dependence; R: p.adjust(method = "BY"). */
void eh_benjamini_yekutieli(const double *log10_p, size_t count, double *q, double *log10_q);

/* Is there anything at all among these tests? Simes' (1986) p, as log10: the smallest of p_(i)
   count/i, p_(i) the i-th smallest. 0 (p = 1) when count is 0. */
double eh_simes_log10_p(const double *log10_p, size_t count);

/* Tests that fall into groups, such as officers into offices (Benjamini and Bogomolov 2014). At a
   rate r: select the groups whose Simes p passes Benjamini-Hochberg at r; with R of G groups
   selected, a selected group's units are those that pass Benjamini-Hochberg among themselves at r
   R/G. The share of false alarms is then held on average over the selected groups, not merely over
   all units. group[i] < groups is the group of test i. A group without tests does not count in G.
   q[i] is the smallest rate at which test i is flagged. That is well defined: as r grows, R does
   not fall, so a test flagged at one rate is flagged at every higher one. Never above 1: a test
   that is not flagged at any rate up to 1 has q = 1. */
void eh_nested_discovery(const double *log10_p, const size_t *group, size_t count, size_t groups,
                         double *q, double *log10_q);

#endif
