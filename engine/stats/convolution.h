/* The distribution of a sum of independent counts, by direct convolution: all terms are positive,
 * so every probability keeps its digits, down to the negligible ends that are left out (an FFT
 * would lose the tails).
 *
 *     eh_convolution_start(c);
 *     for each count:
 *       pmf = eh_convolution_reserve(c, room);
 *       ...
 *       eh_convolution_push(c, width, first);
 *     sum = eh_convolution_finish(c);
 *
 * Give them from narrow to wide: like is then convolved with like, and the work grows with the
 * square of the final width times the logarithm of their number. Widths are bounded: beyond
 * EH_WIDEST values a distribution is kept at every 2nd, 4th, ... value only, so that counts of 1e9
 * take seconds and not days.
 */
#ifndef EVENHAND_STATS_CONVOLUTION_H
#define EVENHAND_STATS_CONVOLUTION_H

#include <stdint.h>

#include "engine/base/memory.h"

enum { EH_WIDEST = 16384, EH_NARROW = 8 };

struct eh_distribution {
  const double *pmf; /* width values; they add up to 1 */
  size_t width;
  uint64_t first; /* the value that pmf[0] belongs to */
};

struct eh_convolution; /* its memory is the arena's and is used again from one start to the next */
struct eh_convolution *eh_convolution_new(struct eh_arena *arena);

void eh_convolution_start(struct eh_convolution *c);

/* Room for one count's probabilities, valid until the next call; then how many were written there.
 */
double *eh_convolution_reserve(struct eh_convolution *c, size_t room);
void eh_convolution_push(struct eh_convolution *c, size_t width, uint64_t first);
/* The same for at most EH_NARROW values that begin at 0, without the detour. */
void eh_convolution_fold(struct eh_convolution *c, const double *pmf, size_t width);

/* Valid until the next start. Nothing pushed: the count is 0. */
struct eh_distribution eh_convolution_finish(struct eh_convolution *c);

#endif
