#include "engine/stats/score_interval.h"

#include <math.h>

#include "engine/stats/newton.h"

static double held_to(double value, double low, double high) {
  return fmin(fmax(value, low), high);
}

struct eh_rates_apart eh_rates_apart(const struct eh_table *t, double x) {
  static const double pi = 3.14159265358979324;
  double n1 = (double)t->n1, n2 = (double)t->n2;
  double p1 = (double)t->a / n1, p2 = (double)t->c / n2, theta = n2 / n1;
  double a = 1.0 + theta, b = -(1.0 + theta + p1 + theta * p2 + x * (theta + 2.0));
  double c = x * x + x * (2.0 * p1 + theta + 1.0) + p1 + theta * p2, d = -p1 * x * (1.0 + x);
  double shift = b / (3.0 * a), v = shift * shift * shift - b * c / (6.0 * a * a) + d / (2.0 * a);
  double u = sqrt(fmax(shift * shift - c / (3.0 * a), 0.0));
  if (v < 0.0) u = -u;
  double cosine = u == 0.0 ? v : v / (u * u * u);
  double w = (pi + acos(held_to(cosine, -1.0, 1.0))) / 3.0;
  double rate = held_to(2.0 * u * cos(w) - shift, fmax(x, 0.0), fmin(1.0, 1.0 + x));
  return (struct eh_rates_apart){rate, held_to(rate - x, 0.0, 1.0)};
}

struct score {
  const struct eh_table *tables;
  size_t count;
  double records, difference, reach;
};

/* How much further d is from x than chance takes it: below 0 within the interval. */
static double excess(void *context, double x) {
  const struct score *s = context;
  double variance = 0.0;
  for (size_t i = 0; i < s->count; i++) {
    const struct eh_table *t = &s->tables[i];
    if (!eh_table_is_comparable(t)) continue;
    double n1 = (double)t->n1, n2 = (double)t->n2, n = n1 + n2, weight = n1 / s->records;
    struct eh_rates_apart r = eh_rates_apart(t, x);
    double own = r.unit * (1.0 - r.unit) / n1, peers = r.peers * (1.0 - r.peers) / n2;
    variance += weight * weight * (own + peers) * (n / (n - 1.0));
  }
  double distance = s->difference - x;
  return distance * distance - s->reach * s->reach * variance;
}

/* The root between the difference and an end. Where no event was had at all the variance at the
   difference itself is 0, which is a root, too: so a little away from it. */
static double limit(struct score *s, double end) {
  double near = s->difference + 1e-9 * (end - s->difference);
  if (excess(s, end * (1.0 - 1e-9)) <= 0.0) return end;
  if (excess(s, near) >= 0.0) return s->difference;
  return end < near ? eh_root_between(excess, s, end, near) : eh_root_between(excess, s, near, end);
}

struct eh_interval eh_score_interval(const struct eh_table *tables, size_t count, double reach) {
  struct score s = {tables, count, 0.0, 0.0, reach};
  for (size_t i = 0; i < count; i++) {
    const struct eh_table *t = &tables[i];
    if (!eh_table_is_comparable(t)) continue;
    s.records += (double)t->n1;
    s.difference += (double)t->a - (double)t->n1 * ((double)t->c / (double)t->n2);
  }
  if (!(s.records > 0.0)) return eh_no_interval("no stratum has peers");
  s.difference = held_to(s.difference / s.records, -1.0, 1.0);
  return (struct eh_interval){eh_figure(s.difference), eh_figure(limit(&s, -1.0)),
                              eh_figure(limit(&s, 1.0))};
}
