#include <math.h>
#include <string.h>

#include "engine/stats/exact.h"

struct eh_figure eh_gamma(struct eh_exact *exact, bool higher, double alpha) {
  struct eh_figure limit =
      higher ? eh_exact_lower_limit(exact, alpha) : eh_exact_upper_limit(exact, alpha);
  if (limit.why_not) /* an infinite upper limit: nothing to explain on the low side */
    return strcmp(limit.why_not, EH_INFINITE) == 0 ? eh_figure(1.0) : limit;
  if (!higher) limit.value = 1.0 / limit.value;
  return eh_figure(fmax(limit.value, 1.0));
}

double eh_e_value(double risk_ratio) {
  double ratio = risk_ratio < 1.0 ? 1.0 / risk_ratio : risk_ratio;
  return ratio + sqrt(ratio * (ratio - 1.0));
}

struct eh_figure eh_e_value_of_interval(const struct eh_interval *odds_ratio) {
  struct eh_figure low = odds_ratio->low, high = odds_ratio->high;
  if (low.why_not) return low;
  bool infinite = high.why_not && strcmp(high.why_not, EH_INFINITE) == 0;
  if (high.why_not && !infinite) return high;
  if (low.value <= 1.0 && (infinite || high.value >= 1.0)) return eh_figure(1.0);
  double nearest = low.value > 1.0 ? low.value : high.value;
  if (nearest <= 0.0) return eh_no_figure(EH_INFINITE);
  return eh_figure(eh_e_value(sqrt(nearest)));
}
