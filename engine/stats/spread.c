#include "engine/stats/spread.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "engine/base/memory.h"
#include "engine/stats/chi_square.h"
#include "engine/stats/multiplicity.h"

/* The mean square of a standard normal value winsorised at its own 10% and 90% quantiles:
   with c = 1.2815516, 0.8 - 2 c phi(c) + 0.2 c^2. */
static const double winsorised_square = 0.678655;
static const double tail_share = 0.1;
enum { fewest_units = 5 };

static const char too_few[] = "fewer than 5 units have an effect";

struct eh_effect eh_effect_from(const struct eh_cmh *cmh, const struct eh_odds_ratio *ratio,
                                const struct eh_difference *difference) {
  if (cmh->test.why_not) return (struct eh_effect){.why_not = cmh->test.why_not};
  double expected = difference->expected, others = (double)difference->comparable - expected;
  if (!ratio->interval.estimate.why_not && fmin(expected, others) >= 5.0)
    return (struct eh_effect){.theta = log(ratio->interval.estimate.value),
                              .variance = ratio->log_variance.value,
                              .method = EH_EFFECT_ODDS_RATIO};
  return (struct eh_effect){.theta = cmh->deviation / cmh->variance,
                            .variance = 1.0 / cmh->variance,
                            .method = EH_EFFECT_ONE_STEP};
}

struct eh_effect eh_effect(const struct eh_table *tables, size_t count) {
  struct eh_cmh cmh = eh_cmh(tables, count);
  struct eh_odds_ratio ratio = eh_odds_ratio(tables, count, 0.95);
  struct eh_difference difference = eh_difference(tables, count, 0.95);
  return eh_effect_from(&cmh, &ratio, &difference);
}

static int by_value(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

/* Of all effects that count; scratch takes units values. */
static double mean_square(const struct eh_effect *effects, size_t count, double tau,
                          double *scratch) {
  size_t units = 0;
  for (size_t i = 0; i < count; i++)
    if (effects[i].method != EH_EFFECT_NONE)
      scratch[units++] = effects[i].theta / sqrt(effects[i].variance + tau * tau);
  qsort(scratch, units, sizeof *scratch, by_value);
  double low = eh_quantile_sorted(scratch, units, tail_share);
  double high = eh_quantile_sorted(scratch, units, 1.0 - tail_share);
  double sum = 0.0;
  for (size_t i = 0; i < units; i++) {
    double z = fmin(fmax(scratch[i], low), high);
    sum += z * z;
  }
  return sum / (double)units;
}

/* The mean square falls as tau grows, so tau is bracketed by doubling and then halved down. */
static double solve_tau(const struct eh_effect *effects, size_t count, double *scratch) {
  if (mean_square(effects, count, 0.0, scratch) <= winsorised_square) return 0.0;
  double low = 0.0, high = 1.0;
  while (mean_square(effects, count, high, scratch) > winsorised_square) {
    low = high;
    high *= 2.0;
  }
  while (high - low > 1e-13 * high) {
    double middle = low + (high - low) / 2.0;
    if (middle <= low || middle >= high) break;
    if (mean_square(effects, count, middle, scratch) > winsorised_square)
      low = middle;
    else
      high = middle;
  }
  return low + (high - low) / 2.0;
}

static struct eh_test cochran(const struct eh_effect *effects, size_t count, size_t units) {
  if (units < 2) return eh_no_test("fewer than two units have an effect");
  double weights = 0.0, weighted = 0.0, Q = 0.0;
  for (size_t i = 0; i < count; i++) {
    if (effects[i].method == EH_EFFECT_NONE) continue;
    weights += 1.0 / effects[i].variance;
    weighted += effects[i].theta / effects[i].variance;
  }
  double mean = weighted / weights;
  for (size_t i = 0; i < count; i++) {
    if (effects[i].method == EH_EFFECT_NONE) continue;
    double deviation = effects[i].theta - mean;
    Q += deviation * deviation / effects[i].variance;
  }
  return eh_chi_square_test(Q, (double)(units - 1));
}

struct eh_figure eh_typical_range(double event_rate, double tau, bool high) {
  if (!(event_rate > 0.0 && event_rate < 1.0)) return eh_no_figure("all outcomes are alike");
  double reach = eh_normal_reach(0.90) * tau;
  double logit = log(event_rate) - log1p(-event_rate) + (high ? reach : -reach);
  return eh_figure(1.0 / (1.0 + exp(-logit)));
}

struct eh_spread eh_spread(const struct eh_effect *effects, size_t count, double event_rate) {
  struct eh_spread spread = {.tau = eh_no_figure(too_few)};
  for (size_t i = 0; i < count; i++) {
    if (effects[i].method == EH_EFFECT_NONE) continue;
    assert(effects[i].variance > 0.0);
    spread.units++;
  }
  spread.test = cochran(effects, count, spread.units);
  if (spread.units >= fewest_units) {
    struct eh_arena *scratch = eh_arena_new();
    double *z = eh_arena_alloc(scratch, spread.units, sizeof *z);
    spread.tau = eh_figure(solve_tau(effects, count, z));
    eh_arena_free(scratch);
  }
  if (spread.tau.why_not) {
    spread.low = spread.high = spread.tau;
  } else {
    spread.low = eh_typical_range(event_rate, spread.tau.value, false);
    spread.high = eh_typical_range(event_rate, spread.tau.value, true);
  }
  return spread;
}

struct weighted {
  double value, weight;
};

static int by_weighted_value(const void *left, const void *right) {
  return by_value(&((const struct weighted *)left)->value,
                  &((const struct weighted *)right)->value);
}

/* The value with half of the weight on each side; between two that share the middle, their mean. */
static double weighted_median(struct weighted *items, size_t count) {
  qsort(items, count, sizeof *items, by_weighted_value);
  double total = 0.0;
  for (size_t i = 0; i < count; i++) total += items[i].weight;
  size_t i = 0;
  double reached = items[0].weight;
  while (2.0 * reached < total && i + 1 < count) reached += items[++i].weight;
  bool shared = 2.0 * reached == total && i + 1 < count;
  return shared ? (items[i].value + items[i + 1].value) / 2.0 : items[i].value;
}

static struct eh_figure typical_effect(const struct eh_effect *effects, const uint64_t *caseload,
                                       size_t count) {
  struct eh_arena *scratch = eh_arena_new();
  struct weighted *items = eh_arena_alloc(scratch, count, sizeof *items);
  size_t units = 0;
  for (size_t i = 0; i < count; i++)
    if (effects[i].method != EH_EFFECT_NONE)
      items[units++] = (struct weighted){effects[i].theta, (double)caseload[i]};
  struct eh_figure typical = units >= 3 ? eh_figure(weighted_median(items, units))
                                        : eh_no_figure("fewer than 3 units have an effect");
  eh_arena_free(scratch);
  return typical;
}

static void against_typical(const struct eh_effect *effect, struct eh_figure typical,
                            double confidence, struct eh_standing *standing) {
  if (typical.why_not) {
    standing->versus_typical = eh_no_interval(typical.why_not);
    standing->versus_typical_log10_p = typical;
    return;
  }
  double excess = effect->theta - typical.value, error = sqrt(effect->variance);
  double reach = eh_normal_reach(confidence) * error;
  standing->versus_typical =
      (struct eh_interval){eh_figure(excess), eh_figure(excess - reach), eh_figure(excess + reach)};
  standing->versus_typical_log10_p = eh_figure(eh_normal_test(excess / error).log10_p);
}

static void given_spread(const struct eh_effect *effect, struct eh_figure tau,
                         struct eh_standing *standing) {
  if (tau.why_not) {
    standing->z = standing->log10_p = standing->q = tau;
    standing->shrinkage = standing->mean = standing->variance = tau;
    return;
  }
  double square = tau.value * tau.value, total = effect->variance + square;
  double z = effect->theta / sqrt(total), B = square / total;
  standing->z = eh_figure(z);
  standing->log10_p = eh_figure(eh_normal_test(z).log10_p);
  standing->shrinkage = eh_figure(B);
  standing->mean = eh_figure(effect->theta * B);
  standing->variance = eh_figure(effect->variance * B);
}

static struct eh_standing no_standing(const char *why_not) {
  struct eh_figure none = eh_no_figure(why_not);
  return (struct eh_standing){none, none, none, none, none, none, eh_no_interval(why_not), none};
}

static void outlier_rates(struct eh_standing *standings, size_t count) {
  struct eh_arena *scratch = eh_arena_new();
  double *log10_p = eh_arena_alloc(scratch, 2 * count, sizeof *log10_p), *q = log10_p + count;
  size_t tests = 0;
  for (size_t i = 0; i < count; i++)
    if (!standings[i].z.why_not) log10_p[tests++] = standings[i].log10_p.value;
  eh_benjamini_hochberg(log10_p, tests, q, NULL);
  for (size_t i = count; i-- > 0;)
    if (!standings[i].z.why_not) standings[i].q = eh_figure(q[--tests]);
  eh_arena_free(scratch);
}

void eh_standings(const struct eh_effect *effects, const uint64_t *caseload, size_t count,
                  const struct eh_spread *spread, double confidence,
                  struct eh_standing *standings) {
  if (count == 0) return;
  struct eh_figure typical = typical_effect(effects, caseload, count);
  for (size_t i = 0; i < count; i++) {
    if (effects[i].method == EH_EFFECT_NONE) {
      standings[i] = no_standing(effects[i].why_not);
      continue;
    }
    given_spread(&effects[i], spread->tau, &standings[i]);
    against_typical(&effects[i], typical, confidence, &standings[i]);
  }
  outlier_rates(standings, count);
}

struct eh_figure eh_shrunken_difference(const struct eh_standing *standing,
                                        struct eh_figure difference) {
  if (difference.why_not) return difference;
  if (standing->shrinkage.why_not) return standing->shrinkage;
  return eh_figure(difference.value * standing->shrinkage.value);
}
