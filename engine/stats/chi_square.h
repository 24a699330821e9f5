/* From a statistic to its p: chi-square and normal tails that do not underflow.
 *
 * Real data reach p = 1e-3000, where a double is 0 and two findings can no longer be told apart.
 * Every p therefore comes with its base-10 logarithm, which is right to about 1e-12 wherever the
 * tail lies.
 */
#ifndef EVENHAND_STATS_CHI_SQUARE_H
#define EVENHAND_STATS_CHI_SQUARE_H

#include "engine/stats/tables.h"

/* The upper tail of the chi-square distribution at a statistic. Not applicable when df < 1 or
   the statistic is negative or not finite. R: pchisq(lower.tail = FALSE). */
struct eh_test eh_chi_square_test(double statistic, double df);
struct eh_test eh_no_test(const char *why_not);

/* The chance of a standard normal value at least as far from 0 as z: the test of z*z with 1 df. */
struct eh_test eh_normal_test(double z);

/* The standard errors an interval reaches on each side: 1.959964 for a confidence of 0.95. Between
   0 and 1. */
double eh_normal_reach(double confidence);

/* The q-quantile (0 <= q <= 1) of count >= 1 values sorted upwards, as R's default (type 7). */
double eh_quantile_sorted(const double *sorted, size_t count, double q);

#endif
