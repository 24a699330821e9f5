#include "reports/words/dependence.h"

#include <math.h>
#include <stdlib.h>

#include "engine/audit/kinds/kinds.h"
#include "engine/base/words.h"

bool eh_clustering_decides(const struct eh_clustered *c) {
  return !c->dependence.theta.why_not && !c->sampled &&
         (c->named || c->dependence.z >= EH_SCREEN_Z);
}

/* The largest, the median and the smallest design effect of the units that it counts for. */
struct effects {
  double smallest, median, largest;
  size_t count;
};

static int by_size(const void *left, const void *right) {
  const double *a = left, *b = right;
  return (*a > *b) - (*a < *b);
}

static struct effects effects_of(const struct eh_clustered *c,
                                 const struct eh_comparison_result *comparison) {
  double *deltas = eh_alloc(comparison->result_count, sizeof *deltas);
  struct effects effects = {0};
  for (size_t i = 0; i < comparison->result_count; i++) {
    const struct eh_result *r = &comparison->results[i];
    const struct eh_unit_dependence *u = &c->dependence.units[r->unit_index];
    if (!u->decides || !r->testable) continue;
    deltas[effects.count++] = eh_design_of(u->g, u->theta, u->error).delta;
  }
  if (effects.count) {
    qsort(deltas, effects.count, sizeof *deltas, by_size);
    effects.smallest = deltas[0];
    effects.median = (deltas[(effects.count - 1) / 2] + deltas[effects.count / 2]) / 2.0;
    effects.largest = deltas[effects.count - 1];
  }
  free(deltas);
  return effects;
}

static const char *sizes_of(struct eh_arena *arena, const struct eh_dependence *d) {
  if (d->with_pairs == 0)
    return eh_arena_printf(arena, "%s clusters, none of several decisions",
                           eh_words_count(arena, d->clusters));
  return eh_arena_printf(arena, "%s clusters, %s of several decisions (%s to %s, median %.6g)",
                         eh_words_count(arena, d->clusters), eh_words_count(arena, d->with_pairs),
                         eh_words_count(arena, d->smallest), eh_words_count(arena, d->largest),
                         d->median);
}

const char *eh_clustering_words(struct eh_arena *arena, const struct eh_clustered *c,
                                const struct eh_comparison_result *comparison) {
  const struct eh_dependence *d = &c->dependence;
  const char *sizes = d->units ? sizes_of(arena, d) : "no decisions";
  if (d->theta.why_not)
    return eh_arena_printf(arena, "%s: how decisions depend on each other cannot be had: %s. %s.",
                           c->within, d->theta.why_not, sizes);
  const char *figures = eh_arena_printf(
      arena, "theta %.3g, standard deviation of the log odds %.3g, standard error %.2g, z %.1f",
      d->theta.value, sqrt(d->theta.value), d->error, d->z);
  if (!eh_clustering_decides(c))
    return eh_arena_printf(arena, "%s: no sign that decisions depend on each other (%s). %s%s.",
                           c->within, figures, sizes,
                           c->sampled ? ", of a part of the records" : "");
  struct effects e = effects_of(c, comparison);
  return eh_arena_printf(
      arena, "%s: %s (%s). Design effects of tested units %.2f to %.2f, median %.2f. %s.",
      c->within,
      c->named ? "allowed for, as the rules say" : "decisions depend on each other; allowed for",
      figures, e.smallest, e.largest, e.median, sizes);
}

const char *eh_dependence_why_not(const struct eh_comparison_result *c) {
  if (!eh_kind_has(c->measure->kind, EH_PART_EVENT))
    return "decisions are taken to be independent: only a measure of an event is looked at";
  if (c->comparison->dependent.choice == EH_DEPENDENT_NONE)
    return "the rules say dependent_within: none";
  if (c->cells->no_clusterings) return c->cells->no_clusterings;
  return c->cells->clustering_count ? NULL : "no decisions share a day of a unit, or a person";
}
