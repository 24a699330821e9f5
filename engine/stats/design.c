/* What a design effect does to a p, a level, an interval. */
#include <math.h>

#include "engine/stats/dependence.h"
#include "engine/stats/student.h"

struct eh_design eh_design_of(double g, double theta, double error) {
  struct eh_design design = {fmax(1.0, 1.0 + theta * g), INFINITY};
  double spread = g * error;
  if (spread != 0.0) design.df = 2.0 * design.delta / spread * (design.delta / spread);
  return design;
}

/* The variances of the deltas add up: of each it is 2 delta^2/df. */
struct eh_design eh_design_sum(struct eh_design a, struct eh_design b) {
  struct eh_design both = {a.delta + b.delta - 1.0, INFINITY};
  double variance = 2.0 * a.delta * a.delta / a.df + 2.0 * b.delta * b.delta / b.df;
  if (variance > 0.0) both.df = 2.0 * both.delta * both.delta / variance;
  return both;
}

static bool does_nothing(struct eh_design design) {
  return design.delta == 1.0 && isinf(design.df);
}

double eh_design_log10_p(double log10_p, struct eh_design design) {
  if (does_nothing(design)) return log10_p;
  double z = eh_normal_score(log10_p * M_LN10 - M_LN2);
  return fmin(0.0, eh_student_log_two_sided(z / sqrt(design.delta), design.df) / M_LN10);
}

double eh_design_level(double level, struct eh_design design) {
  if (does_nothing(design)) return level;
  double reach = eh_student_quantile(log(2.0 * level), design.df) * sqrt(design.delta);
  return exp(eh_student_log_two_sided(reach, INFINITY) - M_LN2);
}

double eh_design_reach(double confidence, struct eh_design design) {
  return eh_student_quantile(log1p(-confidence), design.df) * sqrt(design.delta);
}
