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
  double *at, *trial, *step; /* by indicator */
  double *gradient;
  double *joint, *hessian; /* lower triangles */
  double *stratum_mass;    /* by indicator, of one stratum */
  size_t *touched;
};

static int by_number(const void *left, const void *right) {
  size_t a = *(const size_t *)left, b = *(const size_t *)right;
  return (a > b) - (a < b);
}

/* The masses of a stratum's levels; returns how many it has, in order. */
static size_t weigh_levels(struct newton *n, size_t h) {
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
  return count;
}

/* Those of the only stratum are known. */
static size_t all_levels(struct newton *n) {
  for (size_t i = 0; i < n->dual->size; i++) {
    n->touched[i] = i;
    n->stratum_mass[i] = n->joint[i * n->dual->size + i];
  }
  return n->dual->size;
}

/* What the levels' totals in one stratum take off, for its weights always add up. */
static void take_off_stratum(struct newton *n, size_t h) {
  const struct eh_dual *d = n->dual;
  size_t count = d->strata == 1 ? all_levels(n) : weigh_levels(n, h);
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
  eh_dual_joint(n->dual, n->joint);
  memcpy(n->hessian, n->joint, d->size * d->size * sizeof *n->hessian);
  for (size_t h = 0; h < d->strata; h++) take_off_stratum(n, h);
  double largest = 0.0;
  for (size_t k = 0; k < d->size; k++) {
    n->gradient[k] = n->joint[k * d->size + k] + d->ridge * n->at[k] - d->target[k];
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
    double there = eh_dual_weigh(n->dual, n->trial);
    if (!(there <= *value - FALLS * length * slope + NEAR * fabs(*value))) continue;
    memcpy(n->at, n->trial, d->size * sizeof *n->at);
    *value = there;
    return true;
  }
  eh_dual_weigh(n->dual, n->at);
  return false;
}

bool eh_dual_solve(struct eh_arena *scratch, struct eh_dual *d, int *steps, double *joint) {
  struct newton n = {.dual = d, .joint = joint};
  n.at = eh_arena_alloc(scratch, 5 * d->size, sizeof *n.at);
  n.trial = n.at + d->size;
  n.step = n.trial + d->size;
  n.gradient = n.step + d->size;
  n.stratum_mass = n.gradient + d->size;
  n.hessian = eh_arena_alloc(scratch, d->size * d->size, sizeof *n.hessian);
  n.touched = eh_arena_alloc(scratch, d->size, sizeof *n.touched);
  *steps = 0;
  double value = eh_dual_weigh(d, n.at);
  if (d->size == 0) return true;
  double largest = differentiate(&n);
  while (largest >= NEAR * d->all && *steps < MOST_STEPS) {
    if (!find_step(&n) || !go(&n, &value)) break;
    ++*steps;
    largest = differentiate(&n);
  }
  return largest < NEAR_ENOUGH * d->all;
}
