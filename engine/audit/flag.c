/* Which units are flagged: false discovery rate, size, caseload, direction. */
#include <math.h>
#include <stdlib.h>

#include "engine/audit/audit_internal.h"
#include "engine/stats/multiplicity.h"

static const double ROUNDING =
    1e-12; /* a difference of 0.1 computed as 0.09999999999999998 is 0.1 */

/* The testable units of a family, in order. */
static struct eh_result **testable_units(struct eh_comparison_result *comparisons, size_t count,
                                         size_t *found) {
  struct eh_result **units = NULL;
  size_t n = 0;
  for (size_t c = 0; c < count; c++) {
    units = eh_resize(units, n + comparisons[c].result_count, sizeof(struct eh_result *));
    for (size_t i = 0; i < comparisons[c].result_count; i++)
      if (comparisons[c].results[i].testable) units[n++] = &comparisons[c].results[i];
  }
  *found = n;
  return units;
}

static void adjust(struct eh_result **units, size_t count, enum eh_multiplicity multiplicity) {
  double *log10_p = eh_alloc(count, sizeof *log10_p), *q = eh_alloc(count, sizeof *q),
         *log10_q = eh_alloc(count, sizeof *log10_q);
  for (size_t i = 0; i < count; i++) log10_p[i] = units[i]->log10_p.value;
  if (multiplicity == EH_ANY_DEPENDENCE)
    eh_benjamini_yekutieli(log10_p, count, q, log10_q);
  else
    eh_benjamini_hochberg(log10_p, count, q, log10_q);
  for (size_t i = 0; i < count; i++) {
    units[i]->q = eh_figure(q[i]);
    units[i]->log10_q = eh_figure(log10_q[i]);
  }
  free(log10_p);
  free(q);
  free(log10_q);
}

static bool lies_beyond(const struct eh_interval *difference, double size, bool higher) {
  if (difference->low.why_not || difference->high.why_not) return false;
  return higher ? difference->low.value >= size - ROUNDING
                : difference->high.value <= -size + ROUNDING;
}

static void set_level(struct eh_result *r, const struct eh_flag *flag) {
  double d = r->difference.estimate.value;
  bool same_direction = r->cmh.deviation != 0 && (d > 0) == r->higher && d != 0;
  r->flagged = r->testable && r->q.value <= flag->false_discovery_rate &&
               fabs(d) >= flag->smallest_difference - ROUNDING && same_direction;
  if (!r->flagged) return;
  r->level = EH_NOTABLE;
  if (lies_beyond(&r->difference, flag->smallest_difference, r->higher)) r->level = EH_STRONG;
}

static void count_levels(struct eh_comparison_result *c) {
  for (size_t i = 0; i < c->result_count; i++) {
    const struct eh_result *r = &c->results[i];
    c->testable += r->testable;
    c->flagged += r->flagged;
    c->notable += r->level == EH_NOTABLE;
    c->strong += r->level == EH_STRONG;
    c->exceptional += r->level == EH_EXCEPTIONAL;
  }
}

void eh_family_flag(struct eh_comparison_result *comparisons, size_t count) {
  const struct eh_flag *flag = &comparisons[0].measure->flag;
  size_t found;
  struct eh_result **units = testable_units(comparisons, count, &found);
  adjust(units, found, flag->multiplicity);
  free(units);
  for (size_t c = 0; c < count; c++) {
    for (size_t i = 0; i < comparisons[c].result_count; i++) {
      struct eh_result *r = &comparisons[c].results[i];
      if (!r->testable) r->q = r->log10_q = eh_no_figure("not tested");
      set_level(r, flag);
    }
    count_levels(&comparisons[c]);
  }
}
