/* Comparisons with a limit that rounding of the last digits does not decide. */
#ifndef EVENHAND_STATS_ROUNDING_H
#define EVENHAND_STATS_ROUNDING_H

#include <math.h>
#include <stdbool.h>

/* Is a p, a q or a share at most this limit? One that is more only by its rounding is: of 3 records
   and 3, 3 and 0 with the event have a mid-p of 1/20, which is 5%, and 7 in 1,000 are 0.7%. */
static inline bool eh_passes(double p, double limit) { return p <= limit * (1.0 + 1e-9); }

/* What a difference has to reach to be of this size: 0.1 computed as 0.09999999999999998 is 0.1. */
static inline double eh_with_rounding(double size) { return size - 1e-12 * fmax(1.0, size); }

#endif
