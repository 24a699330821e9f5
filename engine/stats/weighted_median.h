/* The weighted median: the value with half of the weight on each side; between two that share the
 * middle, their mean.
 *
 * Found by parting what may hold it, again and again: a median is asked for in every draw of many
 * (typical.h), and to sort the units of a large block for each would take half of an audit.
 */
#ifndef EVENHAND_STATS_WEIGHTED_MEDIAN_H
#define EVENHAND_STATS_WEIGHTED_MEDIAN_H

#include <stddef.h>

struct eh_weighted {
  double value, weight; /* weights are counts, at least 1, so that their sums are exact */
};

/* Of items among which it is: before is the weight of all values below theirs, total that of all
   values. Where it is shared, the higher value is among the items too. Changes their order. count
   at least 1. */
double eh_weighted_median(struct eh_weighted *items, size_t count, double before, double total);

#endif
