#include "engine/stats/newton.h"

#include <math.h>
#include <stdbool.h>

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

/* One end of a bracket. */
struct end {
  double at, value;
};

static void close_in(struct end *own, struct end *other, int *kept, int side, struct end found) {
  *own = found;
  if (*kept == side) other->value /= 2.0;
  *kept = side;
}

double eh_root_between(double (*function)(void *context, double x), void *context, double low,
                       double high) {
  enum { MOST = 120, HALVE_EVERY = 20 };
  struct end a = {low, function(context, low)}, b = {high, function(context, high)};
  bool rises = a.value < b.value;
  int kept = 0;
  for (int i = 1; i <= MOST && a.value != 0.0 && b.value != 0.0; i++) {
    double at = a.at - a.value * (b.at - a.at) / (b.value - a.value);
    double middle = a.at + (b.at - a.at) / 2.0;
    if (!(at > a.at && at < b.at) || i % HALVE_EVERY == 0) at = middle;
    if (!(at > a.at && at < b.at) || b.at - a.at <= 1e-15 * fmax(fabs(a.at), fabs(b.at))) break;
    struct end found = {at, function(context, at)};
    if ((found.value < 0.0) == rises)
      close_in(&a, &b, &kept, 1, found);
    else
      close_in(&b, &a, &kept, -1, found);
    if (found.value == 0.0) return at;
  }
  return a.value == 0.0                  ? a.at
         : b.value == 0.0                ? b.at
         : fabs(a.value) < fabs(b.value) ? a.at
                                         : b.at;
}
