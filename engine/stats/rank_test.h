/* The chance, all values of each stratum being fixed, that they fall to a unit as they did.
 *
 * The statistic is van Elteren's: T = sum over strata of (W - n1 (n+1)/2)/(n+1), W the unit's sum
 * of midranks. Where nearly all values are equal, or units are small, T is far from normal and a p
 * by its variance finds a unit in up to 45% of audits in which nobody differs. So its distribution
 * under all ways to give n1 of the stratum's n values to the unit is used:
 *
 *  - T at an end of what it can be: a product of hypergeometric chances.
 *  - Else by the double saddlepoint (Robinson 1982; Booth and Butler 1990): within 1% of the truth
 *    down to 1e-9, except where a few values stand out of many equal ones.
 *  - Where that gives .1 or less: by counting, state by state (records taken, sum of ranks), if
 *    there are at most 100,000 states; in log scale and without cancellation, however small it is.
 *
 * p is twice the smaller tail, with half of the chance of T itself (mid-p), at most 1.
 */
#ifndef EVENHAND_STATS_RANK_TEST_H
#define EVENHAND_STATS_RANK_TEST_H

#include "engine/base/memory.h"
#include "engine/stats/tables.h"

/* The records of a stratum that have one value; own: the unit's among them. */
struct eh_rank_class {
  double records, own;
};
/* A stratum with records of the unit and of peers: its classes, from the smallest value up. */
struct eh_rank_stratum {
  const struct eh_rank_class *classes;
  size_t count;
};

enum eh_rank_method { EH_RANK_END, EH_RANK_EXACT, EH_RANK_SADDLEPOINT };
/* "end", "exact", "saddlepoint". */
const char *eh_rank_method_name(enum eh_rank_method method);

struct eh_rank_test {
  double statistic, variance; /* T; its variance: n1 n2/(n-1) times the mean of s^2, over strata */
  double p, log10_p;
  enum eh_rank_method method;
  bool approximate; /* by saddlepoint, and fewer than 5 of the unit's records are expected outside
                       the stratum's commonest value */
  double saddlepoint_log10_p; /* what the saddlepoint alone would say; 0 at an end */
  const char *why_not;        /* no strata, or in each all values are equal */
};
struct eh_rank_test eh_rank_test(const struct eh_rank_stratum *strata, size_t count);

#endif
