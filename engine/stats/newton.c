#include "engine/stats/newton.h"

#include <math.h>

double eh_step_to(struct eh_search *search, double value, double slope) {
  if (value < 0.0)
    search->low = search->at;
  else
    search->high = search->at;
  double next = slope > 0.0 ? search->at - value / slope : NAN;
  if (!(next >= search->low && next <= search->high)) next = 0.5 * (search->low + search->high);
  double step = fabs(next - search->at);
  search->at = next;
  return step;
}
