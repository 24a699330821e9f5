#include "engine/audit/figures/whole.h"

#include <math.h>
#include <stdlib.h>

/* The rarer of event and non-event, as expected. */
static double rarer(const struct eh_result *r) {
  return fmin(r->share.expected.value, (double)r->comparable - r->share.expected.value);
}

/* By caseload; of equals by how many events, or non-events, were expected, and by how far off they
   were: neither names nor what is called the event may matter. */
static int by_caseload(const void *left, const void *right) {
  const struct eh_result *a = *(struct eh_result *const *)left,
                         *b = *(struct eh_result *const *)right;
  if (a->comparable != b->comparable) return a->comparable < b->comparable ? -1 : 1;
  if (rarer(a) != rarer(b)) return rarer(a) < rarer(b) ? -1 : 1;
  double off = fabs((double)a->share.events - a->share.expected.value);
  double other = fabs((double)b->share.events - b->share.expected.value);
  if (off != other) return off < other ? -1 : 1;
  return (a->unit_index > b->unit_index) - (a->unit_index < b->unit_index);
}

/* Of two in the middle, the smaller. */
struct eh_result *eh_whole_median_unit(const struct eh_comparison_result *c) {
  struct eh_result **units = eh_alloc(c->result_count, sizeof *units);
  size_t count = 0;
  for (size_t i = 0; i < c->result_count; i++)
    if (c->results[i].testable) units[count++] = &c->results[i];
  if (count) qsort(units, count, sizeof *units, by_caseload);
  struct eh_result *median = count ? units[(count - 1) / 2] : NULL;
  free(units);
  return median;
}
