#include "engine/stats/share.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

struct eh_interval eh_exact_share(uint64_t events, uint64_t records, double confidence) {
  double a = (1.0 - confidence) / 2.0, x = (double)events, rest = (double)(records - events);
  if (records == 0) return eh_no_interval("no records");
  return (struct eh_interval){
      eh_figure(x / (x + rest)),
      eh_figure(events == 0 ? 0.0 : gsl_cdf_beta_Pinv(a, x, rest + 1.0)),
      eh_figure(events == records ? 1.0 : gsl_cdf_beta_Qinv(a, x + 1.0, rest))};
}

struct eh_interval eh_mean(const double *values, const uint64_t *records, size_t count,
                           double confidence) {
  double n = 0.0, sum = 0.0, squares = 0.0;
  for (size_t i = 0; i < count; i++) n += (double)records[i], sum += (double)records[i] * values[i];
  if (n == 0.0) return eh_no_interval("no records");
  double mean = sum / n;
  for (size_t i = 0; i < count; i++)
    squares += (double)records[i] * (values[i] - mean) * (values[i] - mean);
  if (n < 2.0)
    return (struct eh_interval){eh_figure(mean), eh_no_figure("fewer than 2 records"),
                                eh_no_figure("fewer than 2 records")};
  double reach = gsl_cdf_tdist_Qinv((1.0 - confidence) / 2.0, n - 1.0) *
                 sqrt(squares / (n - 1.0) / n);
  return (struct eh_interval){eh_figure(mean), eh_figure(mean - reach), eh_figure(mean + reach)};
}
