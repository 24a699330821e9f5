#include "engine/stats/limits.h"

#include <math.h>

#include "engine/stats/chi_square.h"

struct eh_interval eh_rate_interval(uint64_t events, uint64_t records, double confidence) {
  if (records == 0) return eh_no_interval("no records");
  double n = (double)records, p = (double)events / n, z = eh_normal_reach(confidence);
  double middle = p + z * z / (2.0 * n);
  double reach = z * sqrt((p * (1.0 - p) + z * z / (4.0 * n)) / n);
  double whole = 1.0 + z * z / n;
  /* With no event, or nothing else, one limit is exact and rounding must not move it. */
  double low = events == 0 ? 0.0 : (middle - reach) / whole;
  double high = events == records ? 1.0 : (middle + reach) / whole;
  return (struct eh_interval){eh_figure(p), eh_figure(low), eh_figure(high)};
}

struct eh_figure eh_funnel_limit(double rate, double records, double tau, double confidence,
                                 bool high) {
  if (!(rate > 0.0 && rate < 1.0)) return eh_no_figure("all outcomes are alike");
  double variance = 1.0 / (records * rate * (1.0 - rate)) + tau * tau;
  double reach = eh_normal_reach(confidence) * sqrt(variance);
  double logit = log(rate) - log1p(-rate) + (high ? reach : -reach);
  return eh_figure(1.0 / (1.0 + exp(-logit)) - rate);
}
