#include "engine/base/random.h"

#include <math.h>

static uint64_t splitmix(uint64_t *state) {
  uint64_t z = *state += 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

struct eh_random eh_random_seeded(uint64_t seed, uint64_t stream) {
  struct eh_random random;
  uint64_t state = seed;
  uint64_t other = stream ^ 0x5851f42d4c957f2dULL;
  for (int i = 0; i < 4; i++) random.state[i] = splitmix(&state) ^ splitmix(&other);
  if (!(random.state[0] | random.state[1] | random.state[2] | random.state[3])) random.state[0] = 1;
  return random;
}

static uint64_t rotate(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

uint64_t eh_random_bits(struct eh_random *random) {
  uint64_t *s = random->state;
  uint64_t result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate(s[3], 45);
  return result;
}

double eh_random_uniform(struct eh_random *random) {
  return (double)(eh_random_bits(random) >> 11) * 0x1p-53;
}

/* Lemire 2019: a 128-bit product, with rejection of the few values that would favour some results.
 */
uint64_t eh_random_below(struct eh_random *random, uint64_t limit) {
  __extension__ typedef unsigned __int128 wide;
  if (limit == 0) return 0;
  uint64_t rejected = -limit % limit;
  for (;;) {
    wide product = (wide)eh_random_bits(random) * limit;
    if ((uint64_t)product >= rejected) return (uint64_t)(product >> 64);
  }
}

/* Box and Muller 1958; the second number of each pair is dropped, so that a stream holds no hidden
 * state. */
double eh_random_normal(struct eh_random *random) {
  double u = 1.0 - eh_random_uniform(random), v = eh_random_uniform(random);
  return sqrt(-2.0 * log(u)) * cos(6.283185307179586 * v);
}
