/* The dual problem of balancing weights, by Newton's method with a step that is halved until the
 * function falls as it should. */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <string.h>

#include "engine/stats/balance_internal.h"

enum { MOST_STEPS = 100 };
static const double NEAR = 1e-12, NEAR_ENOUGH = 1e-9, SHORTEST = 1e-10, FALLS = 1e-4;

struct newton {
  struct eh_dual *dual;
  double *at, *trial, *step;  /* by indicator */
  double *gradient, *hessian; /* lower triangle */
  double *stratum_mass;       /* by indicator, of one stratum */
  size_t *touched;
};

static double exponent(const struct eh_dual *d, size_t pattern, const double *at) {
  const uint32_t *index = d->index + pattern * d->width;
  double sum = 0.0;
  for (size_t k = 0; k < d->width; k++)
    if (index[k] != EH_NO_LEVEL) sum += at[index[k]];
  return sum;
}

/* One stratum's part of the function; fills the masses of its patterns. */
static double weigh_stratum(struct eh_dual *d, size_t h, const double *at) {
  double largest = -INFINITY, sum = 0.0;
  for (size_t p = d->first[h]; p < d->first[h + 1]; p++) {
    d->mass[p] = exponent(d, p, at);
    if (d->mass[p] > largest) largest = d->mass[p];
  }
  for (size_t p = d->first[h]; p < d->first[h + 1]; p++) {
    d->mass[p] = d->records[p] * exp(d->mass[p] - largest);
    sum += d->mass[p];
  }
  for (size_t p = d->first[h]; p < d->first[h + 1]; p++) d->mass[p] *= d->own[h] / sum;
  return d->own[h] * (largest + log(sum));
}

static double weigh(struct eh_dual *d, const double *at) {
  double value = 0.0, squares = 0.0;
  for (size_t h = 0; h < d->strata; h++) value += weigh_stratum(d, h, at);
  for (size_t k = 0; k < d->size; k++) {
    value -= at[k] * d->target[k];
    squares += at[k] * at[k];
  }
  return value + 0.5 * d->ridge * squares;
}

static void add_pattern(struct newton *n, size_t pattern) {
  const struct eh_dual *d = n->dual;
  const uint32_t *index = d->index + pattern * d->width;
  double mass = d->mass[pattern];
  for (size_t k = 0; k < d->width; k++) {
    if (index[k] == EH_NO_LEVEL) continue;
    double *row = n->hessian + (size_t)index[k] * d->size;
    n->gradient[index[k]] += mass;
    for (size_t j = 0; j <= k; j++)
      if (index[j] != EH_NO_LEVEL) row[index[j]] += mass;
  }
}

static int by_number(const void *left, const void *right) {
  size_t a = *(const size_t *)left, b = *(const size_t *)right;
  return (a > b) - (a < b);
}

/* What the levels' totals in one stratum take off, for its weights always add up. */
static void take_off_stratum(struct newton *n, size_t h) {
  const struct eh_dual *d = n->dual;
  size_t count = 0;
  for (size_t p = d->first[h]; p < d->first[h + 1]; p++)
    for (size_t k = 0; k < d->width; k++) {
      uint32_t i = d->index[p * d->width + k];
      if (i == EH_NO_LEVEL) continue;
      if (n->stratum_mass[i] == 0.0) n->touched[count++] = i;
      n->stratum_mass[i] += d->mass[p];
    }
  qsort(n->touched, count, sizeof *n->touched, by_number);
  for (size_t k = 0; k < count; k++) {
    double share = n->stratum_mass[n->touched[k]] / d->own[h];
    double *row = n->hessian + n->touched[k] * d->size;
    for (size_t j = 0; j <= k; j++) row[n->touched[j]] -= share * n->stratum_mass[n->touched[j]];
  }
  for (size_t k = 0; k < count; k++) n->stratum_mass[n->touched[k]] = 0.0;
}

/* Gradient and Hessian at the masses as they are; returns the gradient's largest part. */
static double differentiate(struct newton *n) {
  const struct eh_dual *d = n->dual;
  memset(n->gradient, 0, d->size * sizeof *n->gradient);
  memset(n->hessian, 0, d->size * d->size * sizeof *n->hessian);
  for (size_t p = 0; p < d->count; p++) add_pattern(n, p);
  for (size_t h = 0; h < d->strata; h++) take_off_stratum(n, h);
  double largest = 0.0;
  for (size_t k = 0; k < d->size; k++) {
    n->gradient[k] += d->ridge * n->at[k] - d->target[k];
    n->hessian[k * d->size + k] += d->ridge;
    largest = fmax(largest, fabs(n->gradient[k]));
  }
  return largest;
}

static bool find_step(struct newton *n) {
  size_t size = n->dual->size;
  gsl_matrix_view hessian = gsl_matrix_view_array(n->hessian, size, size);
  gsl_vector_view gradient = gsl_vector_view_array(n->gradient, size);
  gsl_vector_view step = gsl_vector_view_array(n->step, size);
  return gsl_linalg_cholesky_decomp1(&hessian.matrix) == GSL_SUCCESS &&
         gsl_linalg_cholesky_solve(&hessian.matrix, &gradient.vector, &step.vector) == GSL_SUCCESS;
}

/* Go along the step as far as the function falls; false where it does not. */
static bool go(struct newton *n, double *value) {
  const struct eh_dual *d = n->dual;
  double slope = 0.0;
  for (size_t k = 0; k < d->size; k++) slope += n->gradient[k] * n->step[k];
  for (double length = 1.0; length > SHORTEST; length /= 2.0) {
    for (size_t k = 0; k < d->size; k++) n->trial[k] = n->at[k] - length * n->step[k];
    double there = weigh(n->dual, n->trial);
    if (!(there <= *value - FALLS * length * slope + NEAR * fabs(*value))) continue;
    memcpy(n->at, n->trial, d->size * sizeof *n->at);
    *value = there;
    return true;
  }
  weigh(n->dual, n->at);
  return false;
}

bool eh_dual_solve(struct eh_arena *scratch, struct eh_dual *d, int *steps) {
  struct newton n = {.dual = d};
  n.at = eh_arena_alloc(scratch, 5 * d->size, sizeof *n.at);
  n.trial = n.at + d->size;
  n.step = n.trial + d->size;
  n.gradient = n.step + d->size;
  n.stratum_mass = n.gradient + d->size;
  n.hessian = eh_arena_alloc(scratch, d->size * d->size, sizeof *n.hessian);
  n.touched = eh_arena_alloc(scratch, d->size, sizeof *n.touched);
  *steps = 0;
  double value = weigh(d, n.at);
  if (d->size == 0) return true;
  double largest = differentiate(&n);
  while (largest >= NEAR * d->all && *steps < MOST_STEPS) {
    if (!find_step(&n) || !go(&n, &value)) break;
    ++*steps;
    largest = differentiate(&n);
  }
  return largest < NEAR_ENOUGH * d->all;
}
