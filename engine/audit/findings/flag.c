/* Which units are flagged: false discovery rate, size, caseload, direction. */
#include "engine/audit/findings/flag.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/stats/families.h"
#include "engine/stats/rounding.h"

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

static int by_group(const void *left, const void *right) {
  const struct eh_result *a = *(struct eh_result *const *)left,
                         *b = *(struct eh_result *const *)right;
  return strcmp(a->place.group, b->place.group);
}

/* Number the units' groups from 0, in order of their names; returns how many there are. */
static size_t number_groups(struct eh_result **units, size_t count, size_t *group) {
  struct eh_result **sorted = eh_alloc(count, sizeof *sorted);
  size_t groups = 0;
  if (count) memcpy(sorted, units, count * sizeof *sorted);
  qsort(sorted, count, sizeof *sorted, by_group);
  for (size_t i = 0; i < count; i++)
    if (i == 0 || by_group(&sorted[i], &sorted[groups - 1]) != 0) sorted[groups++] = sorted[i];
  for (size_t i = 0; i < count; i++) {
    struct eh_result **found = bsearch(&units[i], sorted, groups, sizeof *sorted, by_group);
    group[i] = (size_t)(found - sorted);
  }
  free(sorted);
  return groups;
}

static void adjust(struct eh_result **units, size_t count, const struct eh_flag *flag) {
  double *log10_p = eh_alloc(count, sizeof *log10_p);
  size_t *group = eh_alloc(count, sizeof *group);
  struct eh_discovery *found = eh_alloc(count, sizeof *found);
  for (size_t i = 0; i < count; i++) log10_p[i] = units[i]->log10_p.value;
  struct eh_family family = {.count = count,
                             .any_dependence = flag->multiplicity == EH_ANY_DEPENDENCE};
  if (flag->multiplicity == EH_NESTED) {
    family.groups = number_groups(units, count, group);
    family.group = group;
  }
  eh_discover(log10_p, &family, 1, flag->false_discovery_rate, found);
  for (size_t i = 0; i < count; i++) {
    units[i]->q = eh_figure(found[i].q);
    units[i]->log10_q = eh_figure(found[i].log10_q);
    units[i]->decided_at = eh_figure(found[i].decided_at);
  }
  free(found);
  free(group);
  free(log10_p);
}

static bool lies_beyond(const struct eh_interval *difference, double size, bool higher) {
  if (difference->low.why_not || difference->high.why_not) return false;
  return higher ? difference->low.value >= eh_with_rounding(size)
                : difference->high.value <= -eh_with_rounding(size);
}

static void set_level(struct eh_result *r, const struct eh_flag *flag) {
  const struct eh_interval *difference = eh_result_headline(r);
  double d = difference->estimate.value;
  bool has_direction = r->kind != EH_MEASURE_EVENT || r->event.cmh.deviation != 0;
  bool same_direction = has_direction && (r->higher ? d > 0 : d < 0);
  r->flagged = r->testable && eh_passes(r->q.value, flag->false_discovery_rate) &&
               fabs(d) >= eh_with_rounding(flag->smallest_difference) && same_direction;
  if (!r->flagged) return;
  r->level = EH_NOTABLE;
  if (lies_beyond(difference, flag->smallest_difference, r->higher)) r->level = EH_STRONG;
  bool stands_out = !r->among.outlier_q.why_not &&
                    eh_passes(r->among.outlier_q.value, flag->false_discovery_rate);
  if (r->level == EH_STRONG && stands_out) r->level = EH_EXCEPTIONAL;
}

static void count_levels(struct eh_comparison_result *c) {
  for (size_t i = 0; i < c->result_count; i++) {
    const struct eh_result *r = &c->results[i];
    c->testable += r->testable;
    c->levels.flagged += r->flagged;
    c->levels.notable += r->level == EH_NOTABLE;
    c->levels.strong += r->level == EH_STRONG;
    c->levels.exceptional += r->level == EH_EXCEPTIONAL;
  }
}

void eh_family_flag(struct eh_comparison_result *comparisons, size_t count) {
  const struct eh_flag *flag = &comparisons[0].measure->flag;
  size_t found;
  struct eh_result **units = testable_units(comparisons, count, &found);
  adjust(units, found, flag);
  free(units);
  for (size_t c = 0; c < count; c++) {
    for (size_t i = 0; i < comparisons[c].result_count; i++) {
      struct eh_result *r = &comparisons[c].results[i];
      if (!r->testable) r->q = r->log10_q = r->decided_at = eh_no_figure("not tested");
      set_level(r, flag);
    }
    count_levels(&comparisons[c]);
  }
}
