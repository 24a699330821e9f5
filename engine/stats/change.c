#include "engine/stats/change.h"

#include <math.h>

#include "engine/stats/chi_square.h"
#include "engine/stats/difference.h"

/* Of the situations that occur at both times. */
struct shared {
  double after, before, before_events, expected; /* records, records, events, events after */
};

static struct shared add_shared(const struct eh_table *t, size_t count) {
  struct shared s = {0};
  for (size_t i = 0; i < count; i++) {
    if (!eh_table_is_comparable(&t[i])) continue;
    s.after += (double)t[i].n1;
    s.before += (double)t[i].n2;
    s.before_events += (double)t[i].c;
    s.expected += (double)t[i].n1 * (double)t[i].c / (double)t[i].n2;
  }
  return s;
}

static struct eh_change unchanged(const char *why_not) {
  struct eh_figure none = eh_no_figure(why_not);
  return (struct eh_change){.before = none,
                            .after = none,
                            .crude = none,
                            .differently = eh_no_interval(why_not),
                            .other_cases = none,
                            .without_counterpart = none};
}

struct eh_change eh_change(const struct eh_table *situations, size_t count, double confidence) {
  uint64_t a = 0, n1 = 0, c = 0, n2 = 0;
  for (size_t i = 0; i < count; i++) {
    a += situations[i].a, n1 += situations[i].n1;
    c += situations[i].c, n2 += situations[i].n2;
  }
  struct eh_change change =
      unchanged(n1 == 0 ? "no records after" : n2 == 0 ? "no records before" : "no like cases");
  change.before_records = n2;
  change.after_records = n1;
  if (n1) change.after = eh_figure((double)a / (double)n1);
  if (n2) change.before = eh_figure((double)c / (double)n2);
  if (!n1 || !n2) return change;
  change.crude = eh_figure(change.after.value - change.before.value);
  struct shared s = add_shared(situations, count);
  if (s.after == 0.0) return change;
  change.comparable = (uint64_t)s.after;
  change.differently = eh_difference(situations, count, confidence).interval;
  change.other_cases = eh_figure(s.expected / s.after - s.before_events / s.before);
  change.without_counterpart = eh_figure(
      change.crude.value - change.differently.estimate.value - change.other_cases.value);
  return change;
}

/* --- the trend --- */

static size_t add_situation(const struct eh_trend_cell *cells, size_t count,
                            struct eh_trend *trend) {
  double n = 0, m = 0, tn = 0, ttn = 0, ta = 0;
  size_t i = 0;
  for (; i < count && cells[i].situation == cells[0].situation; i++) {
    double t = cells[i].time, records = (double)cells[i].records;
    n += records, m += (double)cells[i].events;
    tn += t * records, ttn += t * t * records, ta += t * (double)cells[i].events;
  }
  if (n < 2.0 || m == 0.0 || m == n) return i;
  trend->deviation += ta - m / n * tn;
  trend->variance += m * (n - m) / (n * n * (n - 1.0)) * (n * ttn - tn * tn);
  return i;
}

struct eh_trend eh_trend(const struct eh_trend_cell *cells, size_t count) {
  struct eh_trend trend = {0};
  for (size_t i = 0; i < count;) i += add_situation(cells + i, count - i, &trend);
  if (!(trend.variance > 0.0)) {
    static const char why_not[] = "no situation occurs at several times with both outcomes";
    trend.test = eh_no_test(why_not);
    trend.slope = trend.slope_error = eh_no_figure(why_not);
    return trend;
  }
  trend.test = eh_chi_square_test(trend.deviation * trend.deviation / trend.variance, 1.0);
  trend.slope = eh_figure(trend.deviation / trend.variance);
  trend.slope_error = eh_figure(1.0 / sqrt(trend.variance));
  return trend;
}
