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
