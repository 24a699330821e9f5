#include "engine/stats/unrecorded.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/memory.h"
#include "engine/stats/difference.h"
#include "engine/stats/mantel_haenszel.h"

enum { MOST_TIMES = 1000 }; /* the comparable records */

/* The unit's tables with k more decisions. */
static void add_decisions(const struct eh_table *tables, size_t count, uint64_t comparable,
                          uint64_t k, bool events, struct eh_table *more) {
  uint64_t before = 0, given = 0;
  for (size_t i = 0; i < count; i++) {
    more[i] = tables[i];
    if (!eh_table_is_comparable(&tables[i])) continue;
    before += tables[i].n1;
    uint64_t upto = (uint64_t)((long double)k * (long double)before / (long double)comparable);
    if (before == comparable) upto = k;
    more[i].n1 += upto - given;
    if (events) more[i].a += upto - given;
    given = upto;
  }
}

static bool stands(const struct eh_table *tables, size_t count, bool higher,
                   double smallest_difference, double level) {
  struct eh_difference d = eh_difference(tables, count, 0.95);
  struct eh_cmh cmh = eh_cmh(tables, count);
  if (d.interval.estimate.why_not || cmh.test.why_not || cmh.test.p > level) return false;
  double difference = d.interval.estimate.value;
  return higher ? difference > 0 && difference >= smallest_difference && cmh.deviation > 0
                : difference < 0 && -difference >= smallest_difference && cmh.deviation < 0;
}

static struct eh_unrecorded none(const char *why_not) {
  return (struct eh_unrecorded){eh_no_figure(why_not), eh_no_figure(why_not)};
}

struct eh_unrecorded eh_unrecorded(const struct eh_table *tables, size_t count,
                                   double smallest_difference, double level) {
  struct eh_difference d = eh_difference(tables, count, 0.95);
  if (d.interval.estimate.why_not) return none("no comparable records");
  bool higher = d.interval.estimate.value > 0;
  if (!stands(tables, count, higher, smallest_difference, level))
    return none("the difference and its Cochran-Mantel-Haenszel test alone show no finding");
  struct eh_table *more = eh_alloc(count, sizeof *more);
  uint64_t low = 0, high = 1, most = MOST_TIMES * d.comparable;
  for (; high < most; high *= 2) {
    add_decisions(tables, count, d.comparable, high, !higher, more);
    if (!stands(more, count, higher, smallest_difference, level)) break;
    low = high;
  }
  bool is_bounded = high < most;
  while (is_bounded && high - low > 1) {
    uint64_t middle = low + (high - low) / 2;
    add_decisions(tables, count, d.comparable, middle, !higher, more);
    if (stands(more, count, higher, smallest_difference, level))
      low = middle;
    else
      high = middle;
  }
  free(more);
  if (!is_bounded) return none("no number of unrecorded decisions would remove it");
  double n = (double)d.comparable;
  return (struct eh_unrecorded){eh_figure((double)high), eh_figure(n / (n + (double)high))};
}
