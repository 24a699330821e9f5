/* Pairs of like records decided differently: which of the candidates to show. */
#ifndef EVENHAND_LOAD_PAIRS_H
#define EVENHAND_LOAD_PAIRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A record that may be half of a pair. */
struct eh_candidate {
  uint32_t place; /* of its stratum in the order of preference */
  bool is_peer;
  uint32_t day;  /* 0: not recorded */
  uint64_t draw; /* its random number, different for each record */
  size_t row;
};

struct eh_pair {
  size_t unit, peer; /* indices of candidates */
};

/* Choose up to most pairs, each of one stratum, no record twice: those closest in date; where
   several are as close, from the stratum that has fewest pairs so far, then the one preferred, then
   the smallest draw. Days not recorded come last. Puts the candidates in order (the same whatever
   their order was) and returns how many pairs there are. */
size_t eh_pairs_choose(struct eh_candidate *candidates, size_t count, struct eh_pair *pairs,
                       size_t most);

#endif
