/* Rankings, with the warning that belongs to them: how sure is a unit's place?
 *
 * A league table of estimates puts small units at both ends, by chance alone. So the true effects
 * are drawn many times from what is known of each (normal, with the posterior mean and variance of
 * tau.h), the units are ranked in each draw, and a unit's expected rank and the range of 95% of
 * its ranks are reported (Goldstein and Spiegelhalter 1996; Lin et al. 2006). Wide, overlapping
 * ranges mean that the order says little.
 */
#ifndef EVENHAND_STATS_RANKS_H
#define EVENHAND_STATS_RANKS_H

#include "engine/stats/tau.h"

struct eh_rank {
  struct eh_figure expected;  /* 1: the lowest event rate; ties share the mean of their ranks */
  struct eh_figure low, high; /* 2.5% and 97.5% points, whole ranks that were drawn */
};

/* ranks takes count values. Units without a posterior have no rank and do not take one; with a
   spread of 0 nobody has: the units are then alike. Draw k uses stream k of the seed, so the result
   is the same on any number of threads. Takes 4 x units x draws bytes, and draws x n log n time.
   1,000 draws will do: each counts for 0.1%. */
struct eh_rank_options {
  uint64_t seed;
  size_t draws, threads; /* both at least 1 */
};
void eh_ranks(const struct eh_standing *standings, size_t count,
              const struct eh_rank_options *options, struct eh_rank *ranks);
/* Draws enough for the ranks' third digit, fewer where units are so many that memory would matter.
 */
size_t eh_ranks_draws(size_t units);

#endif
