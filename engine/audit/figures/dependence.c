#include "engine/audit/figures/dependence.h"

#include <math.h>
#include <string.h>


static const double TOO_FEW_CLUSTERS = 2.0;

/* The clusterings of one kind that count for a unit: the one that leaves it the largest p, and what
   widens its interval most. Of days within months within quarters one contains the other. */
struct kind {
  const struct eh_clustered *clustering;
  const struct eh_unit_dependence *unit;
  struct eh_design test, difference;
};

static bool is_of_kind(const struct eh_clustered *a, const struct eh_clustered *b) {
  return a->kind == b->kind && (a->kind != EH_CLUSTERS_OF_OTHER || a->set == b->set);
}

static bool weighs_more(struct eh_design a, struct eh_design b, double log10_p) {
  double of_a = eh_design_log10_p(log10_p, a), of_b = eh_design_log10_p(log10_p, b);
  return of_a != of_b ? of_a > of_b : a.delta > b.delta;
}

static bool counts_for(const struct eh_clustered *clustering, size_t unit) {
  const struct eh_dependence *d = &clustering->dependence;
  return d->units && d->units[unit].decides && !d->theta.why_not;
}

static struct kind kind_of(const struct eh_cells *cells, size_t first, size_t unit,
                           double log10_p) {
  static const double USUAL = 0.95;
  struct kind kind = {.test = EH_INDEPENDENT, .difference = EH_INDEPENDENT};
  for (size_t i = first; i < cells->clustering_count; i++) {
    const struct eh_clustered *c = &cells->clusterings[i];
    if (!is_of_kind(c, &cells->clusterings[first]) || !counts_for(c, unit)) continue;
    const struct eh_unit_dependence *u = &c->dependence.units[unit];
    struct eh_design test = eh_design_of(u->g, u->theta, u->error);
    struct eh_design difference = eh_design_of(u->g_difference, u->theta, u->error);
    if (!kind.clustering || weighs_more(test, kind.test, log10_p)) {
      kind.clustering = c;
      kind.unit = u;
      kind.test = test;
    }
    if (eh_design_reach(USUAL, difference) > eh_design_reach(USUAL, kind.difference))
      kind.difference = difference;
  }
  return kind;
}

static bool is_first_of_kind(const struct eh_cells *cells, size_t index) {
  for (size_t i = 0; i < index; i++)
    if (is_of_kind(&cells->clusterings[i], &cells->clusterings[index])) return false;
  return true;
}

/* The rules name clusters, and from these records their dependence cannot be had. */
static const struct eh_clustered *unknown_of(const struct eh_cells *cells) {
  for (size_t i = 0; i < cells->clustering_count; i++)
    if (cells->clusterings[i].named && cells->clusterings[i].dependence.theta.why_not)
      return &cells->clusterings[i];
  return NULL;
}

struct eh_dependence_part eh_unit_dependence(const struct eh_cells *cells, size_t unit,
                                             struct eh_figure log10_p) {
  struct eh_dependence_part part = {
      .test = EH_INDEPENDENT, .difference = EH_INDEPENDENT, .unknown = unknown_of(cells)};
  if (log10_p.why_not) return part;
  for (size_t i = 0; i < cells->clustering_count; i++) {
    if (!is_first_of_kind(cells, i)) continue;
    struct kind kind = kind_of(cells, i, unit, log10_p.value);
    if (!kind.clustering) continue;
    bool most = !part.clustering || kind.test.delta > part.largest;
    if (most) {
      part.clustering = kind.clustering;
      part.unit = kind.unit;
      part.largest = kind.test.delta;
    }
    part.kinds++;
    part.test = part.kinds == 1 ? kind.test : eh_design_sum(part.test, kind.test);
    part.difference =
        part.kinds == 1 ? kind.difference : eh_design_sum(part.difference, kind.difference);
    part.few = part.few || kind.unit->effective < TOO_FEW_CLUSTERS;
  }
  return part;
}

double eh_unit_level(const struct eh_result *result) {
  if (!result->dependence.clustering) return result->decided_at.value;
  return 2.0 * eh_design_level(result->decided_at.value / 2.0, result->dependence.test);
}

/* The Robins-Breslow-Greenland variance times delta, and Student's t. */
static void widen(struct eh_interval *odds_ratio, double confidence, struct eh_design design) {
  double estimate = odds_ratio->estimate.value;
  double times = eh_design_reach(confidence, design) / eh_design_reach(confidence, EH_INDEPENDENT);
  odds_ratio->low.value = estimate * pow(odds_ratio->low.value / estimate, times);
  odds_ratio->high.value = estimate * pow(odds_ratio->high.value / estimate, times);
}

static void adjust_odds_ratio(struct eh_arena *scratch, const struct eh_unit_task *task,
                              const struct eh_table *tables, size_t count) {
  struct eh_result *r = task->result;
  double confidence = task->measure->flag.confidence;
  if (r->event.odds_ratio_method && strcmp(r->event.odds_ratio_method, "exact") == 0) {
    double level = eh_design_level((1.0 - confidence) / 2.0, r->dependence.test);
    r->event.odds_ratio =
        eh_exact_odds_ratio(eh_exact_new(scratch, tables, count), 1.0 - 2.0 * level);
  } else {
    widen(&r->event.odds_ratio, confidence, r->dependence.test);
  }
}

void eh_unit_allow_for_dependence(struct eh_arena *scratch, const struct eh_unit_task *task,
                                  const struct eh_table *tables, size_t count) {
  struct eh_result *r = task->result;
  r->dependence = eh_unit_dependence(task->cells, r->unit_index, r->log10_p);
  r->dependence.p = r->p;
  r->dependence.log10_p = r->log10_p;
  r->dependence.q = eh_no_figure("not tested");
  struct eh_difference alone = eh_difference(tables, count, task->measure->flag.confidence);
  r->dependence.low = alone.interval.low;
  r->dependence.high = alone.interval.high;
  if (!r->dependence.clustering) return;
  struct eh_design design = r->dependence.test;
  r->log10_p = eh_figure(eh_design_log10_p(r->log10_p.value, design));
  r->p = eh_figure(pow(10.0, r->log10_p.value));
  r->event.smallest_log10_p = eh_design_log10_p(r->event.smallest_log10_p, design);
  adjust_odds_ratio(scratch, task, tables, count);
}
