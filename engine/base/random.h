/* Seeded random numbers for simulation and sampling: xoshiro256** (Blackman and Vigna 2018),
 * seeded by splitmix64. The same seed gives the same numbers on every machine. */
#ifndef EVENHAND_BASE_RANDOM_H
#define EVENHAND_BASE_RANDOM_H

#include <stdint.h>

struct eh_random {
  uint64_t state[4];
};

/* A generator for a seed and a stream number: streams of one seed are independent. */
struct eh_random eh_random_seeded(uint64_t seed, uint64_t stream);
uint64_t eh_random_bits(struct eh_random *random);
double eh_random_uniform(struct eh_random *random);                 /* in [0, 1) */
uint64_t eh_random_below(struct eh_random *random, uint64_t limit); /* 0..limit-1, unbiased */
double eh_random_normal(struct eh_random *random); /* mean 0, standard deviation 1 */

#endif
