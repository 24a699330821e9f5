#include <math.h>
#include <string.h>

#include "engine/stats/exact.h"
#include "engine/stats/newton.h"

struct mid_tail {
  struct eh_exact *exact;
  bool higher;
  double wanted;
};

/* log of the mid-tail on one side, less what is wanted, at a log odds ratio away from 0 to that
   side. */
static double mid_tail_excess(void *context, double theta) {
  const struct mid_tail *m = context;
  uint64_t observed = eh_exact_support(m->exact).observed;
  struct eh_exact_tail t = eh_exact_tail(m->exact, observed, m->higher ? theta : -theta);
  double tail = m->higher ? t.log_above : t.log_below;
  return tail + log1p(-0.5 * exp(t.log_at - tail)) - m->wanted;
}

struct eh_figure eh_gamma_at_level(struct eh_exact *exact, bool higher, double level) {
  struct eh_exact_support support = eh_exact_support(exact);
  if (support.low == support.high) return eh_no_figure("no informative strata");
  if (!(level > 0.0 && level < 1.0)) return eh_no_figure("the level does not lie between 0 and 1");
  struct mid_tail tail = {exact, higher, log(level / 2.0)};
  if (mid_tail_excess(&tail, 0.0) >= 0.0) return eh_figure(1.0);
  double high = 1.0;
  while (mid_tail_excess(&tail, high) < 0.0 && high < 512.0) high *= 2.0;
  return eh_figure(
      exp(eh_root_between(mid_tail_excess, &tail, high > 1.0 ? high / 2.0 : 0.0, high)));
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
