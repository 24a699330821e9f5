#include "engine/stats/multiplicity.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "engine/base/memory.h"

/* A test's log10 p and where it came from. */
struct ranked {
  double log10_p;
  size_t index;
};

static int by_p(const void *left, const void *right) {
  const struct ranked *a = left, *b = right;
  if (a->log10_p != b->log10_p) return a->log10_p < b->log10_p ? -1 : 1;
  return (a->index > b->index) - (a->index < b->index);
}

static struct ranked *ranked_new(struct eh_arena *scratch, const double *log10_p, size_t count) {
  struct ranked *ranked = eh_arena_alloc(scratch, count, sizeof *ranked);
  for (size_t i = 0; i < count; i++) {
    assert(log10_p[i] <= 0.0); /* false for a NaN too */
    ranked[i] = (struct ranked){log10_p[i], i};
  }
  qsort(ranked, count, sizeof *ranked, by_p);
  return ranked;
}

static void store(size_t index, double value, double *q, double *log10_q) {
  q[index] = pow(10.0, value);
  if (log10_q) log10_q[index] = value;
}

/* q_(i) = min over j >= i of p_(j) count/j, times a penalty, at most 1. */
static void step_up(const double *log10_p, size_t count, double penalty, double *q,
                    double *log10_q) {
  if (count == 0) return;
  struct eh_arena *scratch = eh_arena_new();
  struct ranked *ranked = ranked_new(scratch, log10_p, count);
  double factor = log10((double)count * penalty), smallest = 0.0;
  for (size_t i = count; i-- > 0;) {
    smallest = fmin(smallest, ranked[i].log10_p + (factor - log10((double)(i + 1))));
    store(ranked[i].index, smallest, q, log10_q);
  }
  eh_arena_free(scratch);
}

void eh_benjamini_hochberg(const double *log10_p, size_t count, double *q, double *log10_q) {
  step_up(log10_p, count, 1.0, q, log10_q);
}

void eh_benjamini_yekutieli(const double *log10_p, size_t count, double *q, double *log10_q) {
  double harmonic = 0.0;
  for (size_t i = count; i > 0; i--) harmonic += 1.0 / (double)i;
  step_up(log10_p, count, harmonic, q, log10_q);
}

double eh_simes_log10_p(const double *log10_p, size_t count) {
  if (count == 0) return 0.0;
  struct eh_arena *scratch = eh_arena_new();
  struct ranked *ranked = ranked_new(scratch, log10_p, count);
  double smallest = 0.0;
  for (size_t i = 0; i < count; i++)
    smallest = fmin(smallest, ranked[i].log10_p + log10((double)count / (double)(i + 1)));
  eh_arena_free(scratch);
  return smallest;
}

/* The tests of each group side by side: group g has index[start[g]] to index[start[g + 1] - 1]. */
struct groups {
  size_t count, nonempty;
  size_t *start, *index;
};

static struct groups groups_new(struct eh_arena *scratch, const size_t *group, size_t count,
                                size_t groups) {
  struct groups g = {.count = groups,
                     .start = eh_arena_alloc(scratch, groups + 1, sizeof(size_t)),
                     .index = eh_arena_alloc(scratch, count, sizeof(size_t))};
  for (size_t i = 0; i < count; i++) {
    assert(group[i] < groups);
    g.start[group[i] + 1]++;
  }
  for (size_t k = 0; k < groups; k++) {
    if (g.start[k + 1] > 0) g.nonempty++;
    g.start[k + 1] += g.start[k];
  }
  size_t *next = eh_arena_alloc(scratch, groups, sizeof *next);
  for (size_t k = 0; k < groups; k++) next[k] = g.start[k];
  for (size_t i = 0; i < count; i++) g.index[next[group[i]]++] = i;
  return g;
}

/* within[i]: log10 q of test i by Benjamini-Hochberg among the tests of its group. simes[k]: log10
   of the Simes p of the k-th group that has tests, which is the smallest of its q. */
static void each_group(struct eh_arena *scratch, const struct groups *groups, const double *log10_p,
                       double *within, double *simes) {
  size_t filled = 0;
  for (size_t k = 0; k < groups->count; k++) {
    size_t first = groups->start[k], size = groups->start[k + 1] - first;
    if (size == 0) continue;
    struct eh_arena_mark mark = eh_arena_mark(scratch);
    double *p = eh_arena_alloc(scratch, 3 * size, sizeof *p), *q = p + size, *log10_q = q + size;
    for (size_t j = 0; j < size; j++) p[j] = log10_p[groups->index[first + j]];
    eh_benjamini_hochberg(p, size, q, log10_q);
    simes[filled] = 0.0;
    for (size_t j = 0; j < size; j++) {
      within[groups->index[first + j]] = log10_q[j];
      simes[filled] = fmin(simes[filled], log10_q[j]);
    }
    filled++;
    eh_arena_reset(scratch, mark);
  }
}

/* The smallest rate r with r R(r)/G >= the test's q within its group, where R(r) counts the groups
   with q <= r: on the stretch where R = k, r runs from sorted[k - 1] to below sorted[k]. */
static double smallest_rate(const struct ranked *sorted, size_t groups, double within) {
  size_t low = 1, high = groups; /* the first k whose stretch reaches within G/k */
  double needed = within + log10((double)groups);
  while (low < high) {
    size_t k = low + (high - low) / 2;
    if (needed - log10((double)k) < sorted[k].log10_p)
      high = k;
    else
      low = k + 1;
  }
  return fmax(sorted[low - 1].log10_p, needed - log10((double)low));
}

void eh_nested_discovery(const double *log10_p, const size_t *group, size_t count, size_t groups,
                         double *q, double *log10_q) {
  if (count == 0) return;
  struct eh_arena *scratch = eh_arena_new();
  struct groups by_group = groups_new(scratch, group, count, groups);
  size_t nonempty = by_group.nonempty;
  double *within = eh_arena_alloc(scratch, count, sizeof *within);
  double *figures = eh_arena_alloc(scratch, 3 * nonempty, sizeof *figures);
  double *simes = figures, *group_q = simes + nonempty, *group_log10_q = group_q + nonempty;
  each_group(scratch, &by_group, log10_p, within, simes);
  eh_benjamini_hochberg(simes, nonempty, group_q, group_log10_q);
  struct ranked *sorted = ranked_new(scratch, group_log10_q, nonempty);
  for (size_t k = 0, filled = 0; k < groups; k++) {
    size_t first = by_group.start[k], end = by_group.start[k + 1];
    for (size_t j = first; j < end; j++) {
      size_t i = by_group.index[j];
      double rate = fmax(group_log10_q[filled], smallest_rate(sorted, nonempty, within[i]));
      store(i, fmin(0.0, rate), q, log10_q);
    }
    if (end > first) filled++;
  }
  eh_arena_free(scratch);
}
