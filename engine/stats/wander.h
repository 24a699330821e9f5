/* How much units' decisions vary from period to period beyond chance, for longer or shorter.
 *
 * Of all units of a comparison together. With a unit's U and V (standing.h) summed over situations
 * and over blocks of L periods that end with the last: of successive blocks with V >= 1 both,
 *
 *     d = U/V - U'/V',  w = 1/V + 1/V'
 *
 * and sigma_L solves: the mean of (d/sqrt(w + 2 sigma^2))^2, winsorised at 10% each side, is
 * 0.678655; 0 where it is smaller at 0, or with too few pairs. What lasts for several periods shows
 * in longer blocks: sigma^2 is the largest of L sigma_L^2, L = 1, 3, 6, 12.
 */
#ifndef EVENHAND_STATS_WANDER_H
#define EVENHAND_STATS_WANDER_H

#include "engine/stats/tables.h"

struct eh_wander {
  double sigma;
  size_t pairs;    /* of the L that decided; of single periods where it is 0 */
  uint32_t length; /* that L */
};
/* u, v: units x stride, of which the first `looks` count. */
struct eh_wander eh_wander(const double *u, const double *v, size_t units, size_t stride,
                           uint32_t looks);
/* Of blocks of one length, with at least so many pairs. */
double eh_wander_of(const double *u, const double *v, size_t units, size_t stride, uint32_t looks,
                    uint32_t length, size_t least, size_t *pairs);

#endif
