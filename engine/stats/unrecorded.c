#include "engine/stats/unrecorded.h"

#include "engine/stats/chi_square.h"
#include "engine/stats/difference.h"

enum { MOST_TIMES = 1000 }; /* the comparable records */

/* A finding of a unit's tables. */
struct finding {
  const struct eh_table *tables;
  size_t count;
  uint64_t comparable; /* the unit's records in comparable strata */
  bool higher;
  double smallest_difference, level;
};

/* Does it stand with k more decisions that speak against it? They are spread over the strata as its
   comparable records are; the sums are those of eh_difference and eh_cmh. */
static bool stands(const struct finding *f, uint64_t k) {
  uint64_t before = 0, given = 0, events = 0;
  double expected = 0.0, deviation = 0.0, variance = 0.0;
  for (size_t i = 0; i < f->count; i++) {
    struct eh_table t = f->tables[i];
    if (!eh_table_is_comparable(&t)) continue;
    before += t.n1;
    uint64_t upto = (uint64_t)((unsigned __int128)k * before / f->comparable);
    t.n1 += upto - given;
    if (!f->higher) t.a += upto - given;
    given = upto;
    double a = (double)t.a, c = (double)t.c, n1 = (double)t.n1, n2 = (double)t.n2;
    double m = a + c, n = n1 + n2;
    events += t.a;
    expected += n1 * (c / n2);
    deviation += a * (n2 / n) - c * (n1 / n);
    variance += (n1 / n) * (n2 / n) * m * ((n - m) / (n - 1.0));
  }
  double difference = ((double)events - expected) / (double)(f->comparable + k);
  double sign = f->higher ? 1.0 : -1.0;
  if (!(sign * difference > 0.0 && sign * difference >= f->smallest_difference &&
        sign * deviation > 0.0))
    return false;
  return variance > 0.0 && eh_chi_square_test(deviation * deviation / variance, 1.0).p <= f->level;
}

static struct eh_unrecorded none(const char *why_not) {
  return (struct eh_unrecorded){eh_no_figure(why_not), eh_no_figure(why_not)};
}

struct eh_unrecorded eh_unrecorded(const struct eh_table *tables, size_t count,
                                   double smallest_difference, double level) {
  struct eh_difference d = eh_difference(tables, count, 0.95);
  if (d.interval.estimate.why_not) return none("no comparable records");
  struct finding f = {
      tables, count, d.comparable, d.interval.estimate.value > 0, smallest_difference, level};
  if (!stands(&f, 0))
    return none("the difference and its Cochran-Mantel-Haenszel test alone show no finding");
  uint64_t low = 0, high = 1, most = MOST_TIMES * d.comparable;
  for (; high < most && stands(&f, high); high *= 2) low = high;
  bool is_bounded = high < most;
  while (is_bounded && high - low > 1) {
    uint64_t middle = low + (high - low) / 2;
    if (stands(&f, middle))
      low = middle;
    else
      high = middle;
  }
  if (!is_bounded) return none("no number of unrecorded decisions would remove it");
  double n = (double)d.comparable;
  return (struct eh_unrecorded){eh_figure((double)high), eh_figure(n / (n + (double)high))};
}
