#include "engine/stats/difference.h"

#include <math.h>

#include "engine/stats/score_interval.h"
#include "engine/stats/student.h"

static const double FEW = 10.0; /* events, or others */

/* The variance of the difference, were its true value x, is estimated as level + x slope. binomial
   is what the strata say each by itself, without assuming one x: too small where they are sparse.
 */
struct variance_line {
  double level, slope, binomial;
};

/* One comparable stratum's share, times 2 N^2. Both parts were chosen so that at x = a/n1 - c/n2
   the variance is the binomial one: n1 p1 (1 - p1) + (n1^2/n2) p2 (1 - p2). */
static struct variance_line stratum_line(const struct eh_table *t) {
  double n1 = (double)t->n1, n2 = (double)t->n2;
  double p1 = (double)t->a / n1, p2 = (double)t->c / n2;
  double standard = n1 * (n1 / n2);
  double u = p1 * (1.0 - p2) + p2 * (1.0 - p1);
  double s = 1.0 - p1 - p2, t12 = p1 - p2;
  return (struct variance_line){(n1 + standard) * u, n1 * (s - t12) - standard * (s + t12),
                                2.0 * (n1 * p1 * (1.0 - p1) + standard * p2 * (1.0 - p2))};
}

/* The roots x of (estimate - x)^2 = z^2 (level + x slope), clipped to [-1, 1]. Where the unit
   dominates its strata and the difference is not the same in all, the line can fall to 0 and below
   at the estimate (the interval then covered 91%, not 95%); then the binomial one stands in. */
static struct eh_interval invert(double estimate, struct variance_line line, double z) {
  double zz = z * z;
  double at_estimate = line.level + estimate * line.slope;
  if (at_estimate < line.binomial / 2.0) at_estimate = line.binomial;
  double centre = estimate + zz * line.slope / 2.0;
  double reach = z * sqrt(zz * line.slope * line.slope / 4.0 + at_estimate);
  struct eh_interval interval = {.estimate = eh_figure(estimate)};
  if (reach < 1e-15) { /* a width of 0 would claim what two samples without events cannot show */
    interval.low = interval.high = eh_no_figure("its variance is estimated as 0");
    return interval;
  }
  interval.low = eh_figure(fmin(fmax(centre - reach, -1.0), estimate));
  interval.high = eh_figure(fmax(fmin(centre + reach, 1.0), estimate));
  return interval;
}

struct eh_difference eh_difference(const struct eh_table *tables, size_t count, double confidence) {
  return eh_difference_by_design(tables, count, confidence, EH_INDEPENDENT);
}

struct eh_difference eh_difference_by_design(const struct eh_table *tables, size_t count,
                                             double confidence, struct eh_design design) {
  struct eh_difference result = eh_difference_sato(tables, count, confidence, design);
  if (!result.few) return result;
  struct eh_figure estimate = result.interval.estimate;
  double reach = eh_student_quantile(log1p(-confidence), design.df) * sqrt(design.delta);
  result.interval = eh_score_interval(tables, count, reach);
  result.interval.estimate = estimate;
  return result;
}

struct eh_difference eh_difference_sato(const struct eh_table *tables, size_t count,
                                        double confidence, struct eh_design design) {
  struct eh_difference result = {0};
  struct variance_line line = {0};
  for (size_t i = 0; i < count; i++) {
    const struct eh_table *t = &tables[i];
    if (!eh_table_is_comparable(t)) continue;
    result.comparable += t->n1;
    result.events += t->a;
    result.expected += (double)t->n1 * ((double)t->c / (double)t->n2);
    struct variance_line share = stratum_line(t);
    line.level += share.level;
    line.slope += share.slope;
    line.binomial += share.binomial;
  }
  if (result.comparable == 0) {
    result.interval = eh_no_interval("no stratum has peers");
    return result;
  }
  double N = (double)result.comparable;
  double scale = design.delta / (2.0 * N * N);
  line.level *= scale;
  line.slope *= scale;
  line.binomial *= scale;
  double estimate = ((double)result.events - result.expected) / N;
  result.interval = invert(fmin(fmax(estimate, -1.0), 1.0), line,
                           eh_student_quantile(log1p(-confidence), design.df));
  double had = (double)result.events;
  result.few = fmin(fmin(had, N - had), fmin(result.expected, N - result.expected)) < FEW;
  return result;
}

struct eh_figure eh_crude_difference(uint64_t unit_events, uint64_t unit_records,
                                     uint64_t peer_events, uint64_t peer_records) {
  if (unit_records == 0) return eh_no_figure("no records");
  if (peer_records == 0) return eh_no_figure("no peers");
  return eh_figure((double)unit_events / (double)unit_records -
                   (double)peer_events / (double)peer_records);
}
