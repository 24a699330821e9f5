#include <math.h>
#include <string.h>

#include "engine/stats/exact.h"

/* log of the mid-tail on one side at a log odds ratio away from 1 to that side. */
static double log_mid_tail(struct eh_exact *exact, bool higher, double theta) {
  uint64_t observed = eh_exact_support(exact).observed;
  struct eh_exact_tail t = eh_exact_tail(exact, observed, higher ? theta : -theta);
  double tail = higher ? t.log_above : t.log_below;
  return tail + log1p(-0.5 * exp(t.log_at - tail));
}

/* The theta above 0 at which the mid-tail's log is wanted, by regula falsi with the kept end's
   value halved (Illinois): its log grows with theta. */
static double theta_of_mid_tail(struct eh_exact *exact, bool higher, double wanted) {
  enum { MOST = 200 };
  double low = 0.0, high = 1.0, below = log_mid_tail(exact, higher, 0.0) - wanted, above;
  while ((above = log_mid_tail(exact, higher, high) - wanted) < 0.0 && high < 512.0) {
    low = high;
    below = above;
    high *= 2.0;
  }
  double at = high;
  for (int i = 0, kept = 0; i < MOST && high - low > 1e-15 * high; i++) {
    at = low - below * (high - low) / (above - below);
    if (!(at > low && at < high)) at = low + (high - low) / 2.0;
    double value = log_mid_tail(exact, higher, at) - wanted;
    if (fabs(value) <= 1e-15 * fabs(wanted)) break;
    if (value < 0.0) {
      low = at;
      below = value;
      if (kept == 1) above /= 2.0;
      kept = 1;
    } else {
      high = at;
      above = value;
      if (kept == -1) below /= 2.0;
      kept = -1;
    }
  }
  return at;
}

struct eh_figure eh_gamma_at_level(struct eh_exact *exact, bool higher, double level) {
  struct eh_exact_support support = eh_exact_support(exact);
  if (support.low == support.high) return eh_no_figure("no informative strata");
  if (!(level > 0.0 && level < 1.0)) return eh_no_figure("the level does not lie between 0 and 1");
  double wanted = log(level / 2.0);
  if (log_mid_tail(exact, higher, 0.0) >= wanted) return eh_figure(1.0);
  return eh_figure(exp(theta_of_mid_tail(exact, higher, wanted)));
}

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
