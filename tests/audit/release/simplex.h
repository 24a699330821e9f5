/* Linear programs for tests: the least and the largest of a sum over x >= 0 that meets constraints.
 * Two phases, on a dense tableau (Dantzig's rule, then Bland's); for some hundred columns, small
 * numbers.
 */
#ifndef EVENHAND_TESTS_AUDIT_SIMPLEX_H
#define EVENHAND_TESTS_AUDIT_SIMPLEX_H

#include <string.h>

#include "engine/base/memory.h"
#include "tests/test.h"

struct simplex {
  size_t variables, rows, capacity;
  double *given;  /* rows x (variables + 2): coefficients, sense (-1: at most, 0, 1: at least),
                     right side */
  size_t columns; /* variables, slacks and artificials */
  size_t usable;  /* columns that are no artificials */
  double *a;      /* rows x (columns + 1), in terms of the basis; the right side last */
  size_t *basis;  /* by row */
};

static struct simplex simplex_new(size_t variables) {
  return (struct simplex){.variables = variables};
}

/* A new constraint, its coefficients 0. */
static double *simplex_add(struct simplex *s, int sense, double right) {
  size_t width = s->variables + 2;
  if (s->rows == s->capacity) {
    s->capacity = s->capacity ? 2 * s->capacity : 32;
    s->given = eh_resize(s->given, s->capacity * width, sizeof *s->given);
  }
  double *row = s->given + s->rows++ * width;
  memset(row, 0, width * sizeof *row);
  row[s->variables] = sense;
  row[s->variables + 1] = right;
  return row;
}

static const double SIMPLEX_TINY = 1e-9;

static void simplex_pivot(struct simplex *s, size_t row, size_t column) {
  size_t width = s->columns + 1;
  double *pivot = s->a + row * width, value = pivot[column];
  for (size_t j = 0; j < width; j++) pivot[j] /= value;
  for (size_t i = 0; i < s->rows; i++) {
    double *other = s->a + i * width, factor = other[column];
    if (i == row || factor == 0) continue;
    for (size_t j = 0; j < width; j++) other[j] -= factor * pivot[j];
    other[column] = 0;
  }
  s->basis[row] = column;
}

/* The column to enter: of the largest gain; after many steps the first that gains, which cannot go
 * round in circles. limit: none gains. */
static size_t simplex_enter(const struct simplex *s, const double *weights, size_t limit,
                            bool take_first) {
  size_t enter = limit;
  double most = SIMPLEX_TINY;
  for (size_t j = 0; j < limit && !(take_first && enter < limit); j++) {
    double gain = weights[j];
    for (size_t i = 0; i < s->rows; i++)
      gain -= weights[s->basis[i]] * s->a[i * (s->columns + 1) + j];
    if (gain <= most) continue;
    most = gain;
    enter = j;
  }
  return enter;
}

/* The row to leave; of several as good, the one with the largest pivot, or the first column. */
static size_t simplex_leave(const struct simplex *s, size_t enter, bool take_first) {
  size_t leave = s->rows, width = s->columns + 1;
  double least = INFINITY;
  for (size_t i = 0; i < s->rows; i++) {
    double rate = s->a[i * width + enter];
    if (rate <= SIMPLEX_TINY) continue;
    double right = s->a[i * width + s->columns], ratio = right > 0 ? right / rate : 0;
    bool is_tie = leave < s->rows && fabs(ratio - least) <= SIMPLEX_TINY;
    bool is_better = !is_tie      ? ratio < least
                     : take_first ? s->basis[i] < s->basis[leave]
                                  : rate > s->a[leave * width + enter];
    if (!is_better) continue;
    least = ratio < least ? ratio : least;
    leave = i;
  }
  return leave;
}

/* The largest sum of weights x over columns up to limit, from the basis at hand. */
static double simplex_climb(struct simplex *s, const double *weights, size_t limit) {
  for (size_t step = 0;; step++) {
    bool take_first = step > 20 * s->rows;
    size_t enter = simplex_enter(s, weights, limit, take_first);
    if (enter == limit) break;
    size_t leave = simplex_leave(s, enter, take_first);
    if (leave == s->rows) return INFINITY;
    simplex_pivot(s, leave, enter);
  }
  double sum = 0;
  for (size_t i = 0; i < s->rows; i++)
    sum += weights[s->basis[i]] * s->a[i * (s->columns + 1) + s->columns];
  return sum;
}

/* After the last constraint: find a point that meets them all. False: there is none. */
static bool simplex_start(struct simplex *s) {
  size_t given = s->variables + 2, slacks = 0, slack = s->variables;
  for (size_t i = 0; i < s->rows; i++) slacks += s->given[i * given + s->variables] != 0;
  s->usable = s->variables + slacks;
  s->columns = s->usable + s->rows;
  s->a = eh_alloc_zeroed(s->rows * (s->columns + 1), sizeof *s->a);
  s->basis = eh_alloc_zeroed(s->rows + 1, sizeof *s->basis);
  double *weights = eh_alloc_zeroed(s->columns + 1, sizeof *weights);
  for (size_t i = 0; i < s->rows; i++) {
    const double *from = s->given + i * given;
    double *to = s->a + i * (s->columns + 1), sign = from[s->variables + 1] < 0 ? -1 : 1;
    for (size_t j = 0; j < s->variables; j++) to[j] = sign * from[j];
    if (from[s->variables] != 0) to[slack++] = -sign * from[s->variables];
    to[s->columns] = sign * from[s->variables + 1];
    to[s->usable + i] = 1;
    weights[s->usable + i] = -1;
    s->basis[i] = s->usable + i;
  }
  bool is_met = simplex_climb(s, weights, s->columns) > -1e-6;
  for (size_t i = 0; i < s->rows && is_met; i++)
    for (size_t j = 0; j < s->usable && s->basis[i] >= s->usable; j++)
      if (fabs(s->a[i * (s->columns + 1) + j]) > 1e-7) simplex_pivot(s, i, j);
  free(weights);
  return is_met;
}

/* The largest (sign 1) or least (sign -1) sum of weights x, by variable, over points that meet the
 * constraints. */
static double simplex_extreme(struct simplex *s, const double *weights, int sign) {
  double *all = eh_alloc_zeroed(s->columns + 1, sizeof *all);
  for (size_t j = 0; j < s->variables; j++) all[j] = sign * weights[j];
  double value = sign * simplex_climb(s, all, s->usable);
  free(all);
  return value;
}

static void simplex_free(struct simplex *s) {
  free(s->given);
  free(s->a);
  free(s->basis);
}

#endif
