/* What the files of engine/stats/rank_test.h share. */
#ifndef EVENHAND_STATS_RANK_INTERNAL_H
#define EVENHAND_STATS_RANK_INTERNAL_H

#include "engine/stats/rank_test.h"

/* A class with its doubled midrank less n + 1, a whole number, and its score: half of that over
   n + 1. */
struct eh_scored {
  double records, own, doubled, score;
};
struct eh_scored_stratum {
  const struct eh_scored *classes;
  size_t count;
  double n, n1;
  double alpha; /* of the tilt: log odds of a record with score 0 */
};

/* All strata in which values differ. */
struct eh_ranks {
  struct eh_scored_stratum *strata;
  size_t count;
  double statistic, variance;
};

/* Where the distribution is centred on T: a class's records fall to the unit with the chance
   1/(1 + exp(-(alpha + t score))). */
struct eh_rank_tilt {
  double t;
  double r; /* signed root of the log likelihood ratio, corrected: a normal score */
};
/* Sets the strata's alpha, too. False: it cannot be had. */
bool eh_rank_saddlepoint(struct eh_ranks *ranks, struct eh_rank_tilt *tilt);

/* log of the tail of T on its side, half of T's own chance in it; false: more than 100,000 states.
 */
bool eh_rank_exact(struct eh_arena *scratch, const struct eh_ranks *ranks,
                   const struct eh_rank_tilt *tilt, double *log_tail);

#endif
