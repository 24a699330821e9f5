/* Which units are flagged: false discovery rate, size, caseload, direction. */
#include "engine/audit/findings/flag.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/audit/kinds/kinds.h"
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

/* The families of one part of a report, as they are tested together. */
struct part {
  struct eh_result **units; /* by family */
  size_t unit_count;
  struct eh_family *families;
  size_t family_count;
  double rate;
};

static void add_family(struct eh_arena *scratch, struct part *part,
                       struct eh_comparison_result *comparisons, size_t count) {
  const struct eh_flag *flag = &comparisons[0].measure->flag;
  size_t found;
  struct eh_result **units = testable_units(comparisons, count, &found);
  struct eh_family *family = &part->families[part->family_count++];
  *family =
      (struct eh_family){.count = found, .any_dependence = flag->multiplicity == EH_ANY_DEPENDENCE};
  if (flag->multiplicity == EH_NESTED) {
    size_t *group = eh_arena_alloc(scratch, found, sizeof *group);
    family->groups = number_groups(units, found, group);
    family->group = group;
  }
  part->rate = flag->false_discovery_rate;
  part->units = eh_resize(part->units, part->unit_count + found, sizeof(struct eh_result *));
  if (found) memcpy(part->units + part->unit_count, units, found * sizeof(struct eh_result *));
  part->unit_count += found;
  free(units);
}

/* share: of the rate that this part may use; q is that of the report. */
static void adjust(struct eh_arena *scratch, const struct part *part, double share) {
  double *log10_p = eh_arena_alloc(scratch, part->unit_count, sizeof *log10_p);
  struct eh_discovery *found = eh_arena_alloc(scratch, part->unit_count, sizeof *found);
  for (size_t i = 0; i < part->unit_count; i++) log10_p[i] = part->units[i]->log10_p.value;
  eh_discover(log10_p, part->families, part->family_count, share * part->rate, found);
  for (size_t i = 0; i < part->unit_count; i++) {
    double log10_q = fmin(found[i].log10_q - log10(share), 0.0);
    part->units[i]->q = eh_figure(fmin(found[i].q / share, 1.0));
    part->units[i]->log10_q = eh_figure(log10_q);
    part->units[i]->decided_at = eh_figure(found[i].decided_at);
  }
}

/* What q would be if all decisions were independent. */
static void adjust_independent(struct eh_arena *scratch, const struct part *part, double share) {
  double *log10_p = eh_arena_alloc(scratch, part->unit_count, sizeof *log10_p);
  struct eh_discovery *found = eh_arena_alloc(scratch, part->unit_count, sizeof *found);
  bool any = false;
  for (size_t i = 0; i < part->unit_count; i++) {
    const struct eh_result *r = part->units[i];
    any = any || r->dependence.clustering;
    log10_p[i] = r->dependence.clustering ? r->dependence.log10_p.value : r->log10_p.value;
  }
  if (any) eh_discover(log10_p, part->families, part->family_count, share * part->rate, found);
  for (size_t i = 0; i < part->unit_count; i++)
    part->units[i]->dependence.q =
        any ? eh_figure(fmin(found[i].q / share, 1.0)) : part->units[i]->q;
}

static bool lies_beyond(const struct eh_interval *difference, double size, bool higher) {
  if (difference->low.why_not || difference->high.why_not) return false;
  return higher ? difference->low.value >= eh_with_rounding(size)
                : difference->high.value <= -eh_with_rounding(size);
}

static void set_level(struct eh_result *r, const struct eh_flag *flag) {
  const struct eh_interval *difference = eh_result_headline(r);
  double d = difference->estimate.value;
  const struct eh_kind *kind = eh_kind_of(r->kind);
  bool has_direction = !kind->has_direction || kind->has_direction(r);
  bool same_direction = has_direction && (r->higher ? d > 0 : d < 0);
  r->flagged = r->testable && eh_passes(r->q.value, flag->false_discovery_rate) &&
               fabs(d) >= eh_with_rounding(flag->smallest_difference) && same_direction;
  if (!r->flagged) return;
  r->level = EH_NOTABLE;
  if (lies_beyond(difference, flag->smallest_difference, r->higher)) r->level = EH_STRONG;
  bool stands_out = !r->among.outlier_q.why_not &&
                    eh_passes(r->among.outlier_q.value, flag->false_discovery_rate);
  if (r->level == EH_STRONG && stands_out) r->level = EH_EXCEPTIONAL;
  bool few_peers = r->balance.applies && r->balance.effective.value < (double)r->comparable;
  if (few_peers) r->level = EH_NOTABLE;
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

static void set_levels(struct eh_comparison_result *c) {
  for (size_t i = 0; i < c->result_count; i++) {
    struct eh_result *r = &c->results[i];
    if (!r->testable) r->q = r->log10_q = r->decided_at = eh_no_figure("not tested");
    set_level(r, &c->measure->flag);
  }
  count_levels(c);
}

size_t eh_family_end(const struct eh_comparison_result *comparisons, size_t count, size_t first) {
  size_t end = first + 1;
  while (end < count && comparisons[end].comparison == comparisons[first].comparison &&
         comparisons[end].measure == comparisons[first].measure)
    end++;
  return end;
}

/* The families for which in_part holds, tested as one part. */
static size_t flag_part(struct eh_comparison_result *comparisons, size_t count,
                        const struct eh_measure *main, bool is_main, double share) {
  struct eh_arena *scratch = eh_arena_new();
  struct part part = {.families = eh_arena_alloc(scratch, count, sizeof *part.families)};
  size_t tested = 0;
  for (size_t first = 0, end; first < count; first = end) {
    end = eh_family_end(comparisons, count, first);
    if (main && (comparisons[first].measure == main) != is_main) continue;
    add_family(scratch, &part, comparisons + first, end - first);
    tested += part.families[part.family_count - 1].count > 0;
  }
  if (part.unit_count) adjust(scratch, &part, share);
  if (part.unit_count) adjust_independent(scratch, &part, share);
  free(part.units);
  eh_arena_free(scratch);
  return tested;
}

struct eh_family_counts eh_report_flag(const struct eh_rules *rules,
                                       struct eh_comparison_result *comparisons, size_t count) {
  struct eh_family_counts counts = {0, 0};
  const struct eh_measure *main = &rules->measures[rules->main_measure];
  double share = rules->family == EH_FAMILY_STRICT ? 0.5 : 1.0;
  if (rules->family != EH_FAMILY_COMPARISON) {
    counts.main = flag_part(comparisons, count, main, true, share);
    counts.side = flag_part(comparisons, count, main, false, share);
  }
  for (size_t first = 0, end; first < count; first = end) {
    end = eh_family_end(comparisons, count, first);
    if (rules->family == EH_FAMILY_COMPARISON) {
      size_t tested = flag_part(comparisons + first, end - first, NULL, true, 1.0);
      *(comparisons[first].measure == main ? &counts.main : &counts.side) += tested;
    }
  }
  for (size_t c = 0; c < count; c++) set_levels(&comparisons[c]);
  return counts;
}
