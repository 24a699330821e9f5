#include "engine/stats/tau.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <math.h>

#include "engine/base/sort.h"
#include "engine/stats/chi_square.h"
#include "engine/stats/newton.h"

/* The mean square of a standard normal value winsorised at its own 10% and 90% quantiles:
   with c = 1.2815516, 0.8 - 2 c phi(c) + 0.2 c^2. */
static const double WINSORISED_SQUARE = 0.678655;
static const double TAIL_SHARE = 0.1, DEGREES = 0.71, CARRIES = 5.0;
enum { FEWEST_UNITS = 5, BY_HUNDRED = 20 };

#define TOO_FEW "fewer than 5 units have the records to carry it"

/* Sums of a block's weights, and weighted effects. */
struct weights {
  double all, theta;
  size_t units;
};

struct problem {
  const struct eh_tau_unit *units;
  size_t count, blocks;
  struct weights *weights; /* by block */
  double *z;
  uint64_t *keys; /* to sort them */
  double wanted;
};

static size_t blocks_of(const struct eh_tau_unit *units, size_t count) {
  size_t blocks = 0;
  for (size_t i = 0; i < count; i++)
    if (units[i].block >= blocks) blocks = units[i].block + 1;
  return blocks;
}

static void weigh_blocks(const struct eh_tau_unit *units, size_t count, double tau,
                         struct weights *weights, size_t blocks) {
  for (size_t b = 0; b < blocks; b++) weights[b] = (struct weights){0};
  for (size_t i = 0; i < count; i++) {
    struct weights *block = &weights[units[i].block];
    double w = 1.0 / (units[i].variance + tau * tau);
    block->all += w;
    block->theta += w * units[i].theta;
    block->units++;
  }
}

/* The winsorised mean square at tau, less what is wanted. */
static double excess(void *context, double tau) {
  struct problem *p = context;
  weigh_blocks(p->units, p->count, tau, p->weights, p->blocks);
  size_t n = 0;
  for (size_t i = 0; i < p->count; i++) {
    const struct weights *block = &p->weights[p->units[i].block];
    if (block->units < 2) continue;
    double variance = p->units[i].variance + tau * tau;
    double left = fmax(1.0 - 1.0 / (variance * block->all), 1e-9);
    p->z[n++] = (p->units[i].theta - block->theta / block->all) / sqrt(variance * left);
  }
  eh_sort_values(p->z, n, p->keys);
  double low = eh_quantile_sorted(p->z, n, TAIL_SHARE);
  double high = eh_quantile_sorted(p->z, n, 1.0 - TAIL_SHARE), sum = 0.0;
  for (size_t i = 0; i < n; i++) {
    double z = fmin(fmax(p->z[i], low), high);
    sum += z * z;
  }
  return sum / (double)n - p->wanted;
}

/* The square falls as tau grows; 0 where it is smaller already at 0. */
static double solve(struct problem *p, double wanted) {
  p->wanted = wanted;
  if (excess(p, 0.0) <= 0.0) return 0.0;
  double high = 1.0;
  while (excess(p, high) > 0.0 && high < 1e6) high *= 2.0;
  return eh_root_between(excess, p, high > 1.0 ? high / 2.0 : 0.0, high);
}

struct eh_tau eh_tau_estimate(const struct eh_tau_unit *units, size_t count, double confidence) {
  struct eh_figure none = eh_no_figure(TOO_FEW);
  struct eh_tau result = {none, none, none, 0, 0};
  struct eh_arena *scratch = eh_arena_new();
  struct problem p = {.units = units, .count = count, .blocks = blocks_of(units, count)};
  p.weights = eh_arena_alloc(scratch, p.blocks, sizeof *p.weights);
  p.z = eh_arena_alloc(scratch, count, sizeof *p.z);
  p.keys = eh_arena_alloc(scratch, 2 * count, sizeof *p.keys);
  weigh_blocks(units, count, 0.0, p.weights, p.blocks);
  for (size_t b = 0; b < p.blocks; b++) {
    if (p.weights[b].units < 2) continue;
    result.blocks++;
    result.units += p.weights[b].units;
  }
  if (result.units >= FEWEST_UNITS) {
    double d = DEGREES * (double)(result.units - result.blocks), tail = (1.0 - confidence) / 2.0;
    result.tau = eh_figure(solve(&p, WINSORISED_SQUARE));
    result.low = eh_figure(solve(&p, WINSORISED_SQUARE * gsl_cdf_chisq_Qinv(tail, d) / d));
    result.high = eh_figure(solve(&p, WINSORISED_SQUARE * gsl_cdf_chisq_Pinv(tail, d) / d));
  }
  eh_arena_free(scratch);
  return result;
}

bool eh_tau_carries(const struct eh_unit_fit *unit) {
  return fmin(unit->expected, unit->records - unit->expected) >= CARRIES;
}

void eh_tau_centres(const struct eh_tau_unit *units, size_t count, double tau,
                    struct eh_figure *centres, size_t blocks) {
  struct eh_arena *scratch = eh_arena_new();
  assert(blocks_of(units, count) <= blocks);
  struct weights *weights = eh_arena_alloc(scratch, blocks, sizeof *weights);
  weigh_blocks(units, count, tau, weights, blocks);
  for (size_t b = 0; b < blocks; b++)
    centres[b] = weights[b].units ? eh_figure(weights[b].theta / weights[b].all)
                                  : eh_no_figure("no unit it shares kinds of case with carries it");
  eh_arena_free(scratch);
}

double eh_tau_shrinkage(double tau, double variance) { return tau * tau / (tau * tau + variance); }

struct eh_standing eh_tau_no_standing(const char *why_not) {
  struct eh_figure no = eh_no_figure(why_not);
  return (struct eh_standing){no, no, no, no, no};
}

struct eh_standing eh_tau_standing(struct eh_figure tau, double deviation, double variance) {
  if (tau.why_not) return eh_tau_no_standing(tau.why_not);
  double B = eh_tau_shrinkage(tau.value, variance);
  double z = deviation / sqrt(variance + tau.value * tau.value);
  return (struct eh_standing){eh_figure(z), eh_figure(eh_normal_test(z).log10_p), eh_figure(B),
                              eh_figure(deviation * B), eh_figure(variance * B)};
}

static double expit(double x) { return 1.0 / (1.0 + exp(-x)); }

struct mean_rate {
  const struct eh_shown_unit *units;
  size_t count;
  double wanted;
};

static double mean_rate_excess(void *context, double centre) {
  const struct mean_rate *m = context;
  double sum = 0.0, records = 0.0;
  for (size_t i = 0; i < m->count; i++) {
    sum += m->units[i].records * expit(centre + m->units[i].shrunken);
    records += m->units[i].records;
  }
  return sum / records - m->wanted;
}

struct eh_shown eh_tau_shown(const struct eh_shown_unit *units, size_t count, double overall_rate,
                             double tau, double *rates) {
  struct eh_shown shown = {.by_hundred = count >= BY_HUNDRED};
  if (count == 0) shown.why_not = TOO_FEW;
  if (!(overall_rate > 0.0 && overall_rate < 1.0)) shown.why_not = "all outcomes are alike";
  if (shown.why_not) return shown;
  double lowest = 0.0, highest = 0.0, logit = log(overall_rate / (1.0 - overall_rate));
  for (size_t i = 0; i < count; i++) {
    lowest = fmin(lowest, units[i].shrunken);
    highest = fmax(highest, units[i].shrunken);
    if (units[i].shrunken < units[shown.lowest].shrunken) shown.lowest = i;
    if (units[i].shrunken > units[shown.highest].shrunken) shown.highest = i;
  }
  struct mean_rate mean = {units, count, overall_rate};
  shown.centre = eh_root_between(mean_rate_excess, &mean, logit - highest, logit - lowest);
  shown.low = shown.lowest_rate = expit(shown.centre + units[shown.lowest].shrunken);
  shown.high = shown.highest_rate = expit(shown.centre + units[shown.highest].shrunken);
  if (shown.by_hundred) {
    double reach = eh_normal_reach(0.90) * tau;
    shown.low = fmax(shown.low, expit(shown.centre - reach));
    shown.high = fmin(shown.high, expit(shown.centre + reach));
  }
  for (size_t i = 0; i < count && rates; i++) rates[i] = expit(shown.centre + units[i].shrunken);
  return shown;
}
