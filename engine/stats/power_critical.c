/* Where a unit becomes significant. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>

#include "engine/stats/exact.h"
#include "engine/stats/power_internal.h"

/* Below this variance under no difference the critical value is found by the exact test. */
static const double EXACT_BELOW = 30.0;
enum { MOST_OUTCOMES = 256 }; /* of a unit's decisions, that are all tried */

/* Whole tables with s events in all, spread over the strata as expected at theta. Which strata have
   their share rounded up depends on the offset, 0 to 1. Are they others than the tables were? */
static bool spread_events(const struct eh_power_side *side, double s, double theta, double offset,
                          struct eh_table *tables) {
  double psi = exp(theta), sum = 0.0, total = 0.0, given = 0.0;
  bool others = false;
  for (size_t i = 0; i < side->count; i++)
    total += side->strata[i].n1 * psi * side->strata[i].odds / (1.0 + psi * side->strata[i].odds);
  for (size_t i = 0; i < side->count; i++) {
    const struct eh_power_stratum *stratum = &side->strata[i];
    double odds = psi * stratum->odds;
    sum += stratum->n1 * odds / (1.0 + odds);
    double until = i + 1 == side->count ? s : floor(sum / total * s + offset);
    double events = fmin(fmax(until - given, 0.0), stratum->n1);
    given += events;
    if (tables[i].a != (uint64_t)events) others = true;
    tables[i] = (struct eh_table){(uint64_t)events, (uint64_t)stratum->n1, (uint64_t)stratum->c,
                                  (uint64_t)stratum->n2};
  }
  return others;
}

/* What is looked for by the exact test. */
struct exact {
  struct eh_arena *arena;
  const struct eh_power_side *side;
  double log10_alpha;
  double from; /* log psi to start from */
};

/* log10 of the mid-p less that of alpha; above 0: not significant, or on the other side. */
static double excess_of(const struct exact *exact, const struct eh_table *tables) {
  struct eh_arena_mark mark = eh_arena_mark(exact->arena);
  struct eh_exact_p p = eh_exact_mid_p(eh_exact_new(exact->arena, tables, exact->side->count));
  eh_arena_reset(exact->arena, mark);
  if (p.why_not || !(p.log10_above < p.log10_below)) return -exact->log10_alpha;
  return p.log10_mid_p - exact->log10_alpha -
         1e-9; /* rounding must not turn equality into a miss */
}

/* An outcome of s events, in the mean over so many ways to spread them. */
struct trial {
  double significant; /* the share of the ways */
  double excess, l;
};

/* A stratum's part of L. A table spread as expected varies less than the unit's events do with S
   given, and the more they vary, the smaller is V. */
static double l_of(const struct eh_power_stratum *s, double events) {
  double away = events - s->mean;
  return s->weight * events + s->bend * (away * away - s->rest);
}

static struct trial try_events(const struct exact *exact, double s, int ways) {
  const struct eh_power_side *side = exact->side;
  struct eh_arena_mark mark = eh_arena_mark(exact->arena);
  struct eh_table *tables = eh_arena_alloc(exact->arena, side->count, sizeof *tables);
  double theta = s <= 0.0             ? -2.0 * EH_LARGEST_LOG_PSI
                 : s >= side->records ? 2.0 * EH_LARGEST_LOG_PSI
                                      : eh_power_theta(side, s, exact->from);
  for (size_t k = 0; k < side->count; k++) tables[k].a = 0;
  struct trial trial = {0};
  double excess = 0.0;
  for (int i = 0; i < ways; i++) {
    bool others = spread_events(side, s, theta, (i + 0.5) / ways, tables);
    if (others || i == 0) excess = excess_of(exact, tables);
    if (excess <= 0.0) trial.significant += 1.0 / ways;
    trial.excess += excess / ways;
    for (size_t k = 0; k < side->count; k++)
      trial.l += l_of(&side->strata[k], (double)tables[k].a) / ways;
  }
  eh_arena_reset(exact->arena, mark);
  return trial;
}

static bool is_significant(const struct exact *exact, double s) {
  return try_events(exact, s, 1).excess <= 0.0;
}

/* The fewest events above s, which are too few, that are significant; above N if none are. The
 * strides double until they are found, then halve. */
static double search_critical(const struct exact *exact, double s) {
  double low = s, high = s, stride = 1.0;
  do {
    low = high;
    if (low >= exact->side->records) return exact->side->records + 1.0;
    high = fmin(low + stride, exact->side->records);
    stride *= 2.0;
  } while (!is_significant(exact, high));
  while (high - low > 1.0) {
    double middle = floor(0.5 * (low + high));
    if (is_significant(exact, middle))
      high = middle;
    else
      low = middle;
  }
  return high;
}

enum { NEARBY = 64, WAYS = 8 };

/* The fewest events that are significant, as the exact test has it; above N if none are. The guess
 * is mostly right or nearly so. */
static double exact_critical(const struct exact *exact, double guess) {
  double records = exact->side->records, s = fmin(fmax(guess, 0.0), records);
  if (is_significant(exact, s)) {
    while (s > 0.0 && is_significant(exact, s - 1.0)) s -= 1.0;
    return s;
  }
  for (int i = 0; i < NEARBY; i++) {
    s += 1.0;
    if (s > records || is_significant(exact, s)) return s;
  }
  return search_critical(exact, s);
}

/* The same number may or may not be significant, as it is spread: the mean over the ways. */
static double mean_critical(const struct exact *exact, double fewest) {
  if (exact->side->count == 1) return fewest;
  double mean = fewest, share;
  for (int i = 0; i < NEARBY && fewest + i < exact->side->records; i++) {
    if ((share = try_events(exact, fewest + i, WAYS).significant) >= 1.0) break;
    mean += 1.0 - share;
  }
  for (int i = 1; i < NEARBY && fewest >= i; i++) {
    if ((share = try_events(exact, fewest - i, WAYS).significant) <= 0.0) break;
    mean -= share;
  }
  return mean;
}

/* The L at which the mid-p is alpha, between whole numbers of events. */
static double critical_l(const struct exact *exact, double fewest) {
  struct trial high = try_events(exact, fewest, WAYS), low = high;
  for (int i = 1; i < NEARBY && high.excess > 0.0 && fewest + i <= exact->side->records; i++) {
    low = high;
    high = try_events(exact, fewest + i, WAYS);
  }
  for (int i = 1; i < NEARBY && low.excess <= 0.0 && fewest >= i; i++) {
    high = low;
    low = try_events(exact, fewest - i, WAYS);
  }
  if (!(low.excess > 0.0 && high.excess <= 0.0)) return high.l;
  return high.l + (low.l - high.l) * high.excess / (high.excess - low.excess);
}

/* Close to where D = q sqrt(V) the test is a linear function of the unit's events: V depends on
 * them too. */
static void set_weights(struct eh_power_side *side, double theta, double deviation,
                        double variance) {
  double psi = exp(theta), factor = variance > 0.0 ? deviation / (2.0 * variance) : 0.0;
  for (struct eh_power_stratum *s = side->strata; s < side->strata + side->count; s++) {
    double odds = psi * s->odds;
    s->mean = s->n1 * odds / (1.0 + odds);
    s->bend = factor * s->variance;
    s->weight = s->share - s->bend * (s->n1 + s->n2 - 2.0 * (s->c + s->mean));
  }
}

/* The test as that linear function. Where an event counts about the same in every stratum, L comes
   in steps. */
struct line {
  struct eh_power_sums sums;
  double variance, step;
  bool in_steps;
};

static struct line line_at(struct eh_power_side *side, double theta) {
  struct eh_power_null null = eh_power_null(side, theta);
  set_weights(side, theta, null.deviation, null.variance);
  struct line line = {eh_power_sums(side, theta), null.variance, 1.0, false};
  const struct eh_power_sums *sums = &line.sums;
  if (sums->variance > 0.0) line.step = sums->covariance / sums->variance;
  for (struct eh_power_stratum *s = side->strata; s < side->strata + side->count; s++) {
    double variance = s->mean * (1.0 - s->mean / s->n1);
    s->rest = sums->variance > 0.0 ? variance * (1.0 - variance / sums->variance) : 0.0;
  }
  double irregular = sqrt(fmax(sums->l_variance - line.step * sums->covariance, 0.0));
  line.in_steps = irregular < 0.5 * line.step;
  side->start = theta;
  side->critical = sums->l_mean;
  return line;
}

/* The outcomes in order, as an odometer counts: the first stratum's events change fastest. */
static void next_outcome(struct eh_table *tables, size_t count) {
  for (struct eh_table *t = tables; t < tables + count; t++) {
    if (t->a++ < t->n1) return;
    t->a = 0;
  }
}

static size_t count_outcomes(const struct eh_power_side *side) {
  size_t outcomes = 1;
  for (size_t i = 0; i < side->count; i++) {
    if (side->strata[i].n1 >= MOST_OUTCOMES) return 0;
    outcomes *= (size_t)side->strata[i].n1 + 1;
    if (outcomes > MOST_OUTCOMES) return 0;
  }
  return outcomes;
}

/* Try each outcome, where they are few. */
void eh_power_try_outcomes(struct eh_arena *arena, struct eh_power_side *side, double alpha) {
  side->outcomes = count_outcomes(side);
  if (side->outcomes == 0) return;
  side->flagged = eh_arena_alloc(arena, side->outcomes, sizeof *side->flagged);
  struct eh_arena_mark mark = eh_arena_mark(arena);
  struct exact exact = {arena, side, log10(alpha), 0.0};
  struct eh_table *tables = eh_arena_alloc(arena, side->count, sizeof *tables);
  for (size_t i = 0; i < side->count; i++) {
    const struct eh_power_stratum *s = &side->strata[i];
    tables[i] = (struct eh_table){0, (uint64_t)s->n1, (uint64_t)s->c, (uint64_t)s->n2};
  }
  bool none = true;
  for (size_t i = 0; i < side->outcomes; i++, next_outcome(tables, side->count)) {
    double events = 0.0, deviation = 0.0;
    for (size_t k = 0; k < side->count; k++) {
      const struct eh_power_stratum *s = &side->strata[k];
      events += (double)tables[k].a;
      deviation += s->share * (double)tables[k].a - (1.0 - s->share) * s->c;
    }
    bool significant = deviation > 0.0 && excess_of(&exact, tables) <= 0.0;
    side->flagged[i] = significant && events > side->material;
    if (significant) none = false;
  }
  eh_arena_reset(arena, mark);
  if (none) side->why_not = EH_NO_SIGNIFICANT_OUTCOME;
}

/* The probability at log psi = theta that the outcome is one of the flagged ones: one stratum after
   another is summed out. */
double eh_power_sum_outcomes(const struct eh_power_side *side, double theta) {
  double psi = exp(theta), chances[MOST_OUTCOMES] = {0.0};
  size_t left = side->outcomes;
  for (size_t i = 0; i < left; i++) chances[i] = side->flagged[i] ? 1.0 : 0.0;
  for (const struct eh_power_stratum *s = side->strata; s < side->strata + side->count; s++) {
    double odds = psi * s->odds, own[MOST_OUTCOMES] = {0.0};
    size_t width = (size_t)s->n1 + 1;
    for (size_t a = 0; a < width; a++)
      own[a] = gsl_ran_binomial_pdf((unsigned)a, odds / (1.0 + odds), (unsigned)s->n1);
    left = (size_t)((double)left / (s->n1 + 1.0));
    for (size_t i = 0; i < left; i++) {
      double sum = 0.0;
      for (size_t a = 0; a < width; a++) sum += own[a] * chances[i * width + a];
      chances[i] = sum;
    }
  }
  return chances[0];
}

/* log psi at which the expected table is significant. */
static double find_start(const struct eh_power_side *side, double alpha) {
  double z = gsl_cdf_ugaussian_Qinv(alpha / 2.0);
  struct eh_search search = {-EH_LARGEST_LOG_PSI, EH_LARGEST_LOG_PSI, 0.0};
  for (int i = 0; i < EH_MOST_STEPS; i++) {
    struct eh_power_null null = eh_power_null(side, search.at);
    double quantile = eh_skewed(z, eh_skewness(null.variance, null.third));
    double root = sqrt(fmax(null.variance, 0.0)), excess = null.deviation - root * quantile;
    double slope = null.slope - 0.5 * quantile / root * null.variance_slope;
    /* Near there the test is linear, so this is the power to 2e-4. */
    if (eh_step_to(&search, excess, slope) * sqrt(null.slope) < 1e-2) break;
  }
  return search.at;
}

/* Find where the unit becomes significant, and with it the critical sums. Where L comes in steps,
   what decides is how many whole events it takes. */
void eh_power_find_critical(struct eh_arena *arena, struct eh_power_side *side, double alpha) {
  double theta = find_start(side, alpha);
  struct line line = line_at(side, theta);
  double fewest = ceil(line.sums.mean);
  if (fewest >= side->records) line.in_steps = true;
  if (line.variance < EXACT_BELOW || fewest >= side->records) {
    struct exact exact = {arena, side, log10(alpha), theta};
    fewest = exact_critical(&exact, fewest);
    if (fewest > side->records) {
      side->why_not = EH_NO_SIGNIFICANT_OUTCOME;
      return;
    }
    if (fewest > 0.0 && fewest < side->records) {
      exact.from = eh_power_theta(side, fewest, theta);
      line = line_at(side, exact.from);
    }
    if (line.in_steps)
      fewest = mean_critical(&exact, fewest);
    else
      side->critical = critical_l(&exact, fewest);
  }
  if (line.in_steps) side->critical += (fewest - 0.5 - line.sums.mean) * line.step;
}
