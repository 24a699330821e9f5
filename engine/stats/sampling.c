#include "engine/stats/sampling.h"

#include <math.h>

uint64_t eh_sample_size(uint64_t population, double confidence, double tolerable_rate) {
  /* Neither a product such as 100 * 0.07 nor the last step to 1 - confidence may miss by its last
     digit. */
  static const double slack = 1e-9;
  double errors = ceil((double)population * tolerable_rate * (1.0 - slack));
  double right = (double)population - errors, risk = (1.0 - confidence) * (1.0 + slack);
  double none = 1.0; /* P(no error in the files drawn so far) */
  uint64_t size = 0;
  while (size < population && none > risk) {
    double drawn = (double)size++;
    none *= right > drawn ? (right - drawn) / ((double)population - drawn) : 0.0;
  }
  return size;
}
