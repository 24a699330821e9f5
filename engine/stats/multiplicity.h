/* Many tests at once: false discovery rates.
 *
 * Among a thousand officers, fifty reach p < 0.05 by chance. The q-value of a unit is the smallest
 * false discovery rate at which it would be flagged: flag all q <= 0.05, and of the flagged units
 * at most 5% are expected to be false alarms. families.h holds whole reports to it. All functions
 * take base-10 logarithms of p (at most 0), because real ones underflow, and give both q and
 * log10_q; log10_q may be NULL.
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

#endif
