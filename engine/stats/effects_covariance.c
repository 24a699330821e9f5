/* How well the effects of a block are known. With p = expit(lambda_k + theta_u) and w_uk = n/(n -
   1) n_uk p (1 - p), the information about them is the Laplacian L = diag(sum_k w_uk) - sum_k w_uk
   w_vk/w_k; their covariance, up to the constant of the block, its generalised inverse. */
#include <math.h>

#include "engine/base/random.h"
#include "engine/base/sort.h"
#include "engine/stats/chi_square.h"
#include "engine/stats/effects_internal.h"
#include "engine/stats/newton.h"
#include "engine/stats/rows.h"

static double expit(double x) { return 1.0 / (1.0 + exp(-x)); }

/* --- weights --- */

/* lambda of a fitted stratum: sum n p is the number of events. */
static double stratum_log_odds(const struct eh_fit_data *d, size_t stratum) {
  enum { MOST_STEPS = 100 };
  double n = 0.0, a = 0.0, low = INFINITY, high = -INFINITY;
  for (size_t i = d->first[stratum]; i < d->first[stratum + 1]; i++) {
    if (!eh_in_fit(d, i)) continue;
    double theta = d->effects->unit[d->cells[i].unit].theta;
    n += (double)d->cells[i].n;
    a += (double)d->cells[i].events;
    low = fmin(low, theta);
    high = fmax(high, theta);
  }
  double overall = log(a / (n - a));
  struct eh_search search = {overall - high, overall - low, overall - (low + high) / 2.0};
  for (int step = 0; step < MOST_STEPS; step++) {
    double value = -a, slope = 0.0;
    for (size_t i = d->first[stratum]; i < d->first[stratum + 1]; i++) {
      if (!eh_in_fit(d, i)) continue;
      double p = expit(search.at + d->effects->unit[d->cells[i].unit].theta);
      value += (double)d->cells[i].n * p;
      slope += (double)d->cells[i].n * p * (1.0 - p);
    }
    if (eh_step_to(&search, value, slope) <= 1e-14 * fmax(1.0, fabs(search.at))) break;
  }
  return search.at;
}

static void weigh_stratum(struct eh_fit_data *d, size_t stratum) {
  double n = 0.0, log_odds = stratum_log_odds(d, stratum);
  d->effects->stratum[stratum].log_odds = log_odds;
  for (size_t i = d->first[stratum]; i < d->first[stratum + 1]; i++)
    if (eh_in_fit(d, i)) n += (double)d->cells[i].n;
  for (size_t i = d->first[stratum]; i < d->first[stratum + 1]; i++) {
    if (!eh_in_fit(d, i)) continue;
    double p = expit(log_odds + d->effects->unit[d->cells[i].unit].theta);
    d->weight[i] = n / (n - 1.0) * (double)d->cells[i].n * p * (1.0 - p);
    d->total[d->cells[i].unit] += d->weight[i];
  }
}

void eh_effects_weigh(struct eh_fit_data *d) {
  struct eh_effects *e = d->effects;
  for (size_t k = 0; k < e->strata; k++) {
    struct eh_stratum_fit *stratum = &e->stratum[k];
    stratum->fitted = stratum->fitted && !e->block[stratum->block].why_not;
    if (stratum->fitted) weigh_stratum(d, k);
  }
  for (size_t u = 0; u < e->units; u++)
    if (d->total[u] > 0.0) e->unit[u].variance = 1.0 / d->total[u];
}

static double weight_of_stratum(const struct eh_fit_data *d, size_t stratum) {
  double sum = 0.0;
  for (size_t i = d->first[stratum]; i < d->first[stratum + 1]; i++) sum += d->weight[i];
  return sum;
}

/* --- thinness --- */

/* The middle of the units' variances of theta less the block's weighted mean, over what the
   floating variances say of it. Overwrites variances. */
static double thinness_of(const struct eh_fit_data *d, size_t block, double *variances) {
  const struct eh_block_fit *b = &d->effects->block[block];
  double all = 0.0;
  for (size_t u = 0; u < b->units; u++) all += d->total[d->effects->member[b->first + u]];
  for (size_t u = 0; u < b->units; u++) {
    double own = d->total[d->effects->member[b->first + u]];
    variances[u] /= 1.0 / own - 1.0 / all;
  }
  uint64_t *keys = eh_arena_alloc(d->scratch, 2 * b->units, sizeof *keys);
  eh_sort_values(variances, b->units, keys);
  return eh_quantile_sorted(variances, b->units, 0.5);
}

/* --- of a small block: the Laplacian written out --- */

/* The units of one stratum: where they are in the block, and their weights. */
struct listed {
  size_t *place;
  double *weight;
  size_t count;
};

static void list_units(const struct eh_fit_data *d, size_t stratum, struct listed *listed) {
  listed->count = 0;
  for (size_t i = d->first[stratum]; i < d->first[stratum + 1]; i++) {
    if (d->weight[i] == 0.0) continue;
    listed->place[listed->count] = d->place[d->cells[i].unit];
    listed->weight[listed->count++] = d->weight[i];
  }
}

static void link_listed(const struct listed *l, double all, double *links, size_t size) {
  for (size_t i = 0; i < l->count; i++) {
    double share = l->weight[i] / all;
    size_t own = l->place[i];
    for (size_t k = 0; k < i; k++) {
      size_t other = l->place[k];
      size_t low = own < other ? own : other, high = own < other ? other : own;
      links[low * size + high] += share * l->weight[k];
    }
  }
}

/* Above the diagonal, what links two units. */
static void fill_links(const struct eh_fit_data *d, size_t block, double *links, size_t size) {
  size_t most = eh_effects_most_cells(d, block);
  struct listed listed = {eh_arena_alloc(d->scratch, most, sizeof *listed.place),
                          eh_arena_alloc(d->scratch, most, sizeof *listed.weight), 0};
  for (size_t j = d->start[block]; j < d->start[block + 1]; j++) {
    list_units(d, d->list[j], &listed);
    link_listed(&listed, weight_of_stratum(d, d->list[j]), links, size);
  }
}

/* As eh_laplacian_form eliminates; row k then holds what unit k's error takes over from those after
   it, and at its diagonal its own part: 1/sqrt(pivot). Nothing is ever subtracted. */
static void factor(double *links, size_t size) {
  for (size_t k = 0; k + 1 < size; k++) {
    double *row = links + k * size, pivot = 0.0;
    for (size_t j = k + 1; j < size; j++) pivot += row[j];
    for (size_t i = k + 1; i < size; i++) {
      double share = row[i] / pivot, *left = links + i * size;
      if (share > 0.0) eh_row_add(left + i + 1, share, row + i + 1, size - i - 1);
    }
    for (size_t j = k + 1; j < size; j++) row[j] /= pivot;
    row[k] = 1.0 / sqrt(pivot);
  }
  links[size * size - 1] = 0.0;
}

/* The covariance of the errors less that of the last unit, from the last unit on; 0 at first. */
static void invert(const double *shares, size_t size, double *covariance) {
  for (size_t k = size - 1; k-- > 0;) {
    const double *row = shares + k * size;
    double own = row[k] * row[k], *with = covariance + k * size;
    for (size_t i = k + 1; i < size; i++)
      eh_row_add(with + k + 1, row[i], covariance + i * size + k + 1, size - k - 1);
    for (size_t j = k + 1; j < size; j++) {
      covariance[j * size + k] = with[j];
      own += row[j] * with[j];
    }
    with[k] = own;
  }
}

/* Variances of the errors less their weighted mean. */
static void centre(const struct eh_fit_data *d, size_t block, const double *covariance,
                   double *variances) {
  const struct eh_block_fit *b = &d->effects->block[block];
  size_t size = b->units;
  double all = 0.0, of_mean = 0.0;
  for (size_t u = 0; u < size; u++) all += d->total[d->effects->member[b->first + u]];
  for (size_t u = 0; u < size; u++) {
    double with_mean = 0.0;
    for (size_t v = 0; v < size; v++)
      with_mean += d->total[d->effects->member[b->first + v]] / all * covariance[u * size + v];
    variances[u] = covariance[u * size + u] - 2.0 * with_mean;
    of_mean += d->total[d->effects->member[b->first + u]] / all * with_mean;
  }
  for (size_t u = 0; u < size; u++) variances[u] += of_mean;
}

static void covary_dense(struct eh_fit_data *d, size_t block) {
  struct eh_block_fit *b = &d->effects->block[block];
  double *shares = eh_arena_alloc(d->arena, b->units * b->units, sizeof *shares);
  fill_links(d, block, shares, b->units);
  factor(shares, b->units);
  b->shares = shares;
  double *covariance = eh_arena_alloc(d->scratch, b->units * (b->units + 1), sizeof *covariance);
  double *variances = covariance + b->units * b->units;
  invert(shares, b->units, covariance);
  centre(d, block, covariance, variances);
  b->thinness = thinness_of(d, block, variances);
}

/* --- of a large block: the Laplacian as something that multiplies --- */

/* A system L x = y of a block, solved by conjugate gradients with the diagonal as preconditioner.
 */
struct system {
  const struct eh_fit_data *data;
  size_t block, size;
  double *x, *residual, *direction, *image;
};

static double diagonal(const struct system *s, size_t u) {
  return s->data->total[s->data->effects->member[s->data->effects->block[s->block].first + u]];
}

static void multiply(const struct system *s, const double *x, double *image) {
  const struct eh_fit_data *d = s->data;
  for (size_t u = 0; u < s->size; u++) image[u] = diagonal(s, u) * x[u];
  for (size_t j = d->start[s->block]; j < d->start[s->block + 1]; j++) {
    size_t first = d->first[d->list[j]], end = d->first[d->list[j] + 1];
    double all = 0.0, sum = 0.0;
    for (size_t i = first; i < end; i++) {
      all += d->weight[i];
      if (d->weight[i] > 0.0) sum += d->weight[i] * x[d->place[d->cells[i].unit]];
    }
    for (size_t i = first; i < end; i++)
      if (d->weight[i] > 0.0) image[d->place[d->cells[i].unit]] -= d->weight[i] * (sum / all);
  }
}

static double preconditioned(const struct system *s) {
  double sum = 0.0;
  for (size_t u = 0; u < s->size; u++) sum += s->residual[u] * s->residual[u] / diagonal(s, u);
  return sum;
}

/* From the right side in residual; false where it takes too long: the units hang together by too
   little. To a few percent, which is all that a check of variances needs. */
static bool solve(struct system *s) {
  enum { MOST_STEPS = 60 };
  for (size_t u = 0; u < s->size; u++) {
    s->x[u] = 0.0;
    s->direction[u] = s->residual[u] / diagonal(s, u);
  }
  double left = preconditioned(s), small = 1e-4 * left;
  for (int step = 0; step < MOST_STEPS && left > small; step++) {
    multiply(s, s->direction, s->image);
    double along = 0.0;
    for (size_t u = 0; u < s->size; u++) along += s->direction[u] * s->image[u];
    double before = left, length = left / along;
    for (size_t u = 0; u < s->size; u++) {
      s->x[u] += length * s->direction[u];
      s->residual[u] -= length * s->image[u];
    }
    left = preconditioned(s);
    for (size_t u = 0; u < s->size; u++)
      s->direction[u] = s->residual[u] / diagonal(s, u) + left / before * s->direction[u];
  }
  return left <= small;
}

/* Errors of the sums, with the covariance L. */
static void draw_sums(const struct system *s, struct eh_random *random) {
  const struct eh_fit_data *d = s->data;
  for (size_t u = 0; u < s->size; u++) s->residual[u] = 0.0;
  for (size_t j = d->start[s->block]; j < d->start[s->block + 1]; j++) {
    size_t first = d->first[d->list[j]], end = d->first[d->list[j] + 1];
    double all = 0.0, sum = 0.0;
    for (size_t i = first; i < end; i++) {
      if (!(d->weight[i] > 0.0)) continue;
      double error = sqrt(d->weight[i]) * eh_random_normal(random);
      all += d->weight[i];
      sum += error;
      s->residual[d->place[d->cells[i].unit]] += error;
    }
    for (size_t i = first; i < end; i++)
      if (d->weight[i] > 0.0) s->residual[d->place[d->cells[i].unit]] -= d->weight[i] / all * sum;
  }
}

/* The variances from a few draws of the errors: rough for one unit, good for the middle of many. */
static void covary_large(struct eh_fit_data *d, size_t block) {
  enum { DRAWS = 8 };
  static const double middle = 0.91802; /* of chi-square with 8 degrees of freedom, over 8 */
  struct eh_block_fit *b = &d->effects->block[block];
  double *memory = eh_arena_alloc(d->scratch, 5 * b->units, sizeof *memory);
  struct system s = {
      d, block, b->units, memory, memory + b->units, memory + 2 * b->units, memory + 3 * b->units};
  double *variances = memory + 4 * b->units;
  for (uint64_t k = 0; k < DRAWS; k++) {
    struct eh_random random = eh_random_seeded(0, k);
    draw_sums(&s, &random);
    if (!solve(&s)) {
      b->why_not = EH_LINKED_BY_TOO_FEW;
      return;
    }
    double all = 0.0, mean = 0.0;
    for (size_t u = 0; u < s.size; u++) {
      all += diagonal(&s, u);
      mean += diagonal(&s, u) * s.x[u];
    }
    for (size_t u = 0; u < s.size; u++) {
      double error = s.x[u] - mean / all;
      variances[u] += error * error / DRAWS;
    }
  }
  b->thinness = thinness_of(d, block, variances) / middle;
}

void eh_effects_covary(struct eh_fit_data *d, size_t block) {
  struct eh_arena_mark mark = eh_arena_mark(d->scratch);
  if (eh_effects_dense(d, block))
    covary_dense(d, block);
  else
    covary_large(d, block);
  eh_arena_reset(d->scratch, mark);
}
