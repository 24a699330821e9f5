/* How many files to read: attribute sampling, as auditors plan it. */
#ifndef EVENHAND_STATS_SAMPLING_H
#define EVENHAND_STATS_SAMPLING_H

#include <stdint.h>

/* The smallest sample, drawn without replacement, in which no error at all shows with the given
   confidence that fewer than the tolerable share of the population are errors: the smallest n with

     P(no error in n) = C(N - K, n) / C(N, n) <= 1 - confidence,   K = ceil(N tolerable_rate),

   which is (1 - tolerable_rate)^n without end of the population (59 for 95% and 5%): the
   hypergeometric form is the finite population correction. AICPA, Audit Guide: Audit Sampling,
   tables, the column of no expected deviations. At most N; 0 for an empty population.
   confidence and tolerable_rate: above 0, below 1. */
uint64_t eh_sample_size(uint64_t population, double confidence, double tolerable_rate);

#endif
