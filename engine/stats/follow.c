#include "engine/stats/follow.h"

#include <math.h>

#include "engine/stats/chi_square.h"
#include "engine/stats/tau.h"

struct eh_follow eh_follow(struct eh_figure tau, struct eh_seen earlier, struct eh_seen later) {
  double kept = tau.why_not ? 1.0 : eh_tau_shrinkage(tau.value, earlier.variance);
  double z = (later.effect - kept * earlier.effect) / sqrt(kept * earlier.variance + later.variance);
  return (struct eh_follow){kept, z, eh_normal_test(z).log10_p};
}

double eh_follow_again(double shrinkage, double earlier, double earlier_error, double later_error,
                       double threshold) {
  double error = sqrt(shrinkage * earlier_error * earlier_error + later_error * later_error);
  double beyond = shrinkage * fabs(earlier) - threshold;
  if (error <= 0.0) return beyond >= 0.0 ? 1.0 : 0.0;
  return 0.5 * erfc(-beyond / error / sqrt(2.0));
}
