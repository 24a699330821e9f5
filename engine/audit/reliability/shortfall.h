/* The time in which a series of counts fell furthest below what was to be expected.
 *
 * For a rate q below 1, each day scores the log likelihood ratio of "q times the expected" against
 * "as expected": o ln q + e (1 - q). The run of days with the largest sum is the likeliest time of
 * under-recording (a maximal segment, Kadane's algorithm; its size is judged after Karlin and
 * Altschul 1990). A pure function of two series of equal length.
 */
#ifndef EVENHAND_AUDIT_RELIABILITY_SHORTFALL_H
#define EVENHAND_AUDIT_RELIABILITY_SHORTFALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct eh_shortfall {
  bool found;
  size_t first, last; /* days of the series, both within */
  double observed, expected;
  double score;      /* log likelihood ratio over the dispersion */
  double dispersion; /* at least 1: how much more the counts vary than chance has it, but for the
                        shortfall */
  double restless;   /* the same, the shortfall included */
};

/* expected: relative only (the series is scaled so that outside the shortfall it adds up). score is
   at least `least` where one is found, and observed at most `ratio` times expected. */
struct eh_shortfall eh_shortfall_find(const uint32_t *observed, const double *expected,
                                      size_t count, double least, double ratio);

/* How many records must be usual in a time in which only the share `rate` of them is recorded, for
   that to score `least` in four cases of five (normal approximation to the Poisson count). */
double eh_shortfall_detectable(double least, double rate);

#endif
