#include "engine/stats/caseload_model.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <string.h>

#include "engine/stats/chi_square.h"

enum { MOST_STEPS = 60, MOST_HALVINGS = 30 };
static const double PRIOR = 1.0 / 25.0, CONVERGED = 1e-10;

/* Parameters: mu, then the slopes; the units' levels by themselves. */
struct fit {
  const struct eh_model_data *data;
  size_t size;
  size_t *first; /* by factor: its first slope */
  double *slope, *slope_step, *gradient, *hessian;
  double *unit, *unit_step, *unit_gradient, *unit_hessian;
  double *coupling; /* of one unit: by parameter */
  size_t *touched;
  double *offset; /* by pattern, mu in it */
};

static size_t parameter_of(const struct fit *f, size_t pattern, size_t factor) {
  return f->first[factor] + f->data->levels[pattern * f->data->factors + factor];
}

static void set_offsets(struct fit *f, double length) {
  const struct eh_model_data *d = f->data;
  for (size_t p = 0; p < d->pattern_count; p++) {
    double sum = f->slope[0] + length * f->slope_step[0];
    for (size_t k = 0; k < d->factors; k++) {
      size_t i = parameter_of(f, p, k);
      sum += f->slope[i] + length * f->slope_step[i];
    }
    f->offset[p] = sum;
  }
}

static double log_1_plus_exp(double x) { return x > 0.0 ? x + log1p(exp(-x)) : log1p(exp(x)); }

/* Minus the log likelihood with its priors, this far along the step. */
static double loss(struct fit *f, double length) {
  const struct eh_model_data *d = f->data;
  double sum = 0.0;
  set_offsets(f, length);
  for (size_t i = 0; i < d->cell_count; i++) {
    const struct eh_model_cell *c = &d->cells[i];
    double eta = f->offset[c->pattern] + f->unit[c->unit] + length * f->unit_step[c->unit];
    sum += (double)c->records * log_1_plus_exp(eta) - (double)c->events * eta;
  }
  for (size_t u = 0; u < d->unit_count; u++)
    sum += 0.5 * PRIOR * pow(f->unit[u] + length * f->unit_step[u], 2.0);
  for (size_t i = 1; i < f->size; i++)
    sum += 0.5 * PRIOR * pow(f->slope[i] + length * f->slope_step[i], 2.0);
  return sum;
}

static void couple(struct fit *f, size_t parameter, double v, size_t *count) {
  if (f->coupling[parameter] == 0.0) f->touched[(*count)++] = parameter;
  f->coupling[parameter] += v;
}

/* One cell's part; parameters of a cell are in ascending order. */
static void add_cell(struct fit *f, const struct eh_model_cell *c, size_t *touched) {
  double p = 1.0 / (1.0 + exp(-f->offset[c->pattern] - f->unit[c->unit]));
  double residual = (double)c->records * p - (double)c->events;
  double v = (double)c->records * p * (1.0 - p);
  f->unit_gradient[c->unit] += residual;
  f->unit_hessian[c->unit] += v;
  for (size_t k = 0; k <= f->data->factors; k++) {
    size_t i = k == 0 ? 0 : parameter_of(f, c->pattern, k - 1);
    f->gradient[i] += residual;
    if (v > 0.0) couple(f, i, v, touched);
    double *row = f->hessian + i * f->size;
    row[0] += v;
    for (size_t j = 1; j <= k; j++) row[parameter_of(f, c->pattern, j - 1)] += v;
  }
}

static int by_number(const void *left, const void *right) {
  size_t a = *(const size_t *)left, b = *(const size_t *)right;
  return (a > b) - (a < b);
}

/* Take a unit's level out of the equations of the slopes. */
static void eliminate(struct fit *f, size_t unit, size_t count) {
  double h = f->unit_hessian[unit];
  qsort(f->touched, count, sizeof *f->touched, by_number);
  for (size_t k = 0; k < count; k++) {
    size_t i = f->touched[k];
    double share = f->coupling[i] / h, *row = f->hessian + i * f->size;
    f->gradient[i] -= share * f->unit_gradient[unit];
    for (size_t j = 0; j <= k; j++) row[f->touched[j]] -= share * f->coupling[f->touched[j]];
  }
  for (size_t k = 0; k < count; k++) f->coupling[f->touched[k]] = 0.0;
}

static void differentiate(struct fit *f) {
  const struct eh_model_data *d = f->data;
  memset(f->gradient, 0, f->size * sizeof *f->gradient);
  memset(f->hessian, 0, f->size * f->size * sizeof *f->hessian);
  for (size_t i = 1; i < f->size; i++) {
    f->gradient[i] = PRIOR * f->slope[i];
    f->hessian[i * f->size + i] = PRIOR;
  }
  for (size_t u = 0; u < d->unit_count; u++) {
    f->unit_gradient[u] = PRIOR * f->unit[u];
    f->unit_hessian[u] = PRIOR;
  }
  for (size_t i = 0; i < d->cell_count;) {
    size_t unit = d->cells[i].unit, touched = 0;
    for (; i < d->cell_count && d->cells[i].unit == unit; i++) add_cell(f, &d->cells[i], &touched);
    eliminate(f, unit, touched);
  }
}

/* The units' steps follow from that of the slopes. */
static void step_units(struct fit *f) {
  const struct eh_model_data *d = f->data;
  for (size_t u = 0; u < d->unit_count; u++) f->unit_step[u] = -f->unit_gradient[u];
  for (size_t i = 0; i < d->cell_count; i++) {
    const struct eh_model_cell *c = &d->cells[i];
    double p = 1.0 / (1.0 + exp(-f->offset[c->pattern] - f->unit[c->unit]));
    double along = f->slope_step[0];
    for (size_t k = 0; k < d->factors; k++) along += f->slope_step[parameter_of(f, c->pattern, k)];
    f->unit_step[c->unit] -= (double)c->records * p * (1.0 - p) * along;
  }
  for (size_t u = 0; u < d->unit_count; u++) f->unit_step[u] /= f->unit_hessian[u];
}

static bool find_step(struct fit *f) {
  gsl_matrix_view hessian = gsl_matrix_view_array(f->hessian, f->size, f->size);
  gsl_vector_view gradient = gsl_vector_view_array(f->gradient, f->size);
  gsl_vector_view step = gsl_vector_view_array(f->slope_step, f->size);
  if (gsl_linalg_cholesky_decomp1(&hessian.matrix) != GSL_SUCCESS ||
      gsl_linalg_cholesky_solve(&hessian.matrix, &gradient.vector, &step.vector) != GSL_SUCCESS)
    return false;
  for (size_t i = 0; i < f->size; i++) f->slope_step[i] = -f->slope_step[i];
  step_units(f);
  return true;
}

static double largest_of(const double *values, size_t count) {
  double largest = 0.0;
  for (size_t i = 0; i < count; i++) largest = fmax(largest, fabs(values[i]));
  return largest;
}

/* Go along the step as far as the loss falls; returns how far anything moved. */
static double go(struct fit *f, double *value) {
  double length = 1.0, there = loss(f, length);
  for (int i = 0; i < MOST_HALVINGS && !(there <= *value + 1e-13 * fabs(*value)); i++) {
    length /= 2.0;
    there = loss(f, length);
  }
  *value = there;
  for (size_t i = 0; i < f->size; i++) f->slope[i] += length * f->slope_step[i];
  for (size_t u = 0; u < f->data->unit_count; u++) f->unit[u] += length * f->unit_step[u];
  return length *
         fmax(largest_of(f->slope_step, f->size), largest_of(f->unit_step, f->data->unit_count));
}

static struct fit begin(struct eh_arena *arena, const struct eh_model_data *data) {
  struct fit f = {.data = data, .size = 1};
  f.first = eh_arena_alloc(arena, data->factors, sizeof *f.first);
  for (size_t k = 0; k < data->factors; k++) {
    f.first[k] = f.size;
    f.size += data->level_count[k];
  }
  f.slope = eh_arena_alloc(arena, 4 * f.size, sizeof *f.slope);
  f.slope_step = f.slope + f.size;
  f.gradient = f.slope_step + f.size;
  f.coupling = f.gradient + f.size;
  f.hessian = eh_arena_alloc(arena, f.size * f.size, sizeof *f.hessian);
  f.touched = eh_arena_alloc(arena, f.size, sizeof *f.touched);
  f.unit = eh_arena_alloc(arena, 4 * data->unit_count, sizeof *f.unit);
  f.unit_step = f.unit + data->unit_count;
  f.unit_gradient = f.unit_step + data->unit_count;
  f.unit_hessian = f.unit_gradient + data->unit_count;
  f.offset = eh_arena_alloc(arena, data->pattern_count, sizeof *f.offset);
  return f;
}

/* Half an event more, and half an other, so that it is finite. */
static double overall_logit(const struct eh_model_data *d) {
  double records = 0.0, events = 0.0;
  for (size_t i = 0; i < d->cell_count; i++) {
    records += (double)d->cells[i].records;
    events += (double)d->cells[i].events;
  }
  return log((events + 0.5) / (records - events + 0.5));
}

struct eh_caseload_model eh_caseload_model_fit(struct eh_arena *arena,
                                               const struct eh_model_data *data) {
  struct fit f = begin(arena, data);
  struct eh_caseload_model model = {.offset = f.offset, .unit = f.unit};
  f.slope[0] = overall_logit(data);
  double value = loss(&f, 0.0), moved = INFINITY;
  while (moved >= CONVERGED && model.steps < MOST_STEPS) {
    differentiate(&f);
    if (!find_step(&f)) break;
    moved = go(&f, &value);
    model.steps++;
  }
  model.converged = moved < CONVERGED;
  memset(f.slope_step, 0, f.size * sizeof *f.slope_step);
  set_offsets(&f, 0.0);
  for (size_t p = 0; p < data->pattern_count; p++) f.offset[p] -= f.slope[0];
  for (size_t u = 0; u < data->unit_count; u++) f.unit[u] += f.slope[0];
  return model;
}

/* --- pairs --- */

struct joint {
  double residual, variance;
};

static double levels_present(const struct eh_model_data *d, size_t factor) {
  bool *seen = eh_alloc_zeroed(d->level_count[factor], sizeof *seen);
  double count = 0.0;
  for (size_t i = 0; i < d->cell_count; i++) {
    uint32_t level = d->levels[d->cells[i].pattern * d->factors + factor];
    count += !seen[level];
    seen[level] = true;
  }
  free(seen);
  return count;
}

struct eh_test eh_caseload_pair(const struct eh_model_data *d,
                                const struct eh_caseload_model *model, size_t factor,
                                size_t other) {
  static const double ENOUGH = 1.0;
  size_t columns = d->level_count[other], count = d->level_count[factor] * columns;
  struct joint *joint = eh_alloc_zeroed(count, sizeof *joint);
  for (size_t i = 0; i < d->cell_count; i++) {
    const struct eh_model_cell *c = &d->cells[i];
    const uint32_t *levels = d->levels + c->pattern * d->factors;
    struct joint *j = &joint[levels[factor] * columns + levels[other]];
    double p = 1.0 / (1.0 + exp(-model->offset[c->pattern] - model->unit[c->unit]));
    j->residual += (double)c->events - (double)c->records * p;
    j->variance += (double)c->records * p * (1.0 - p);
  }
  double statistic = 0.0;
  for (size_t i = 0; i < count; i++)
    if (joint[i].variance > ENOUGH)
      statistic += joint[i].residual * joint[i].residual / joint[i].variance;
  free(joint);
  return eh_chi_square_test(statistic,
                            (levels_present(d, factor) - 1.0) * (levels_present(d, other) - 1.0));
}
