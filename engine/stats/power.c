#include "engine/stats/power.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>

#include "engine/stats/exact.h"

/* Below this variance under no difference the critical value is found by the exact test. */
static const double EXACT_BELOW = 30.0;
static const double LARGEST_LOG_PSI = 40.0;
static const char NO_SIGNIFICANT_OUTCOME[] = "no outcome would be significant";
static const double PI = 3.14159265358979324;
enum { MOST_OUTCOMES = 256 }; /* of a unit's decisions, that are all tried */

/* A comparable stratum as one direction sees it: "lower" is "higher" with event and non-event
 * exchanged. */
struct stratum {
  double n1, n2, c;
  double odds;            /* the peers' */
  double share;           /* n2/n: how far an event more moves D */
  double weight;          /* how far an event more moves the critical sum L */
  double mean, rest;      /* of its events where L is taken; their variance, S given */
  double bend;            /* how far their square moves the test */
  double variance, third; /* factors of the hypergeometric cumulants */
};

struct side {
  struct stratum *strata;
  size_t count;
  double records, expected; /* N and E */
  double material;          /* the fewest events that make the difference large enough, less 1/2 */
  double critical;          /* the L that makes the mid-p small enough */
  double start;             /* log psi at which the expected table is significant */
  size_t outcomes;          /* 0: more than are tried */
  bool *flagged;            /* each outcome: see next_outcome */
  const char *why_not;
};

struct eh_power {
  struct eh_power_plan plan;
  struct side higher, lower;
};

double eh_power_alpha(double rate, size_t rejections, size_t testable) {
  return fmin(rate * fmax((double)rejections, 1.0) / fmax((double)testable, 1.0), 1.0);
}

static void make_stratum(struct stratum *s, const struct eh_table *t, bool mirrored) {
  *s = (struct stratum){.n1 = (double)t->n1, .n2 = (double)t->n2};
  s->c = (double)(mirrored ? t->n2 - t->c : t->c);
  double n = s->n1 + s->n2;
  s->share = s->n2 / n;
  s->variance = n > 1.0 ? s->n1 / n * s->share / (n - 1.0) : 0.0;
  s->third = n > 2.0 ? (n - 2.0 * s->n1) / (n * (n - 2.0)) : 0.0;
}

/* By the peers' rate, then by size: the answer must not depend on the order in which the strata
   come, and events are shared out among them in whole numbers (spread_events). */
static int by_rate(const void *left, const void *right) {
  const struct stratum *a = left, *b = right;
  double rates = a->c / a->n2 - b->c / b->n2;
  if (rates != 0.0) return rates < 0.0 ? -1 : 1;
  if (a->n1 != b->n1) return a->n1 < b->n1 ? -1 : 1;
  return (a->n2 > b->n2) - (a->n2 < b->n2);
}

static void make_side(struct eh_arena *arena, struct side *side, const struct eh_table *tables,
                      size_t count, bool mirrored) {
  for (size_t i = 0; i < count; i++)
    if (eh_table_is_comparable(&tables[i])) side->count++;
  side->strata = eh_arena_alloc(arena, side->count, sizeof *side->strata);
  struct stratum *s = side->strata;
  for (size_t i = 0; i < count; i++) {
    if (eh_table_is_comparable(&tables[i])) make_stratum(s++, &tables[i], mirrored);
  }
  if (side->count) qsort(side->strata, side->count, sizeof *side->strata, by_rate);
  for (s = side->strata; s < side->strata + side->count; s++) {
    side->records += s->n1;
    side->expected += s->n1 * s->c / s->n2;
  }
  double usual = (side->expected + 0.5) / (side->records + 1.0);
  for (s = side->strata; s < side->strata + side->count; s++)
    s->odds = (s->c + usual) / (s->n2 - s->c + 1.0 - usual);
}

/* The unit's events at log psi = theta: cumulants of S, and of L = sum weight a (l_). */
struct sums {
  double mean, variance, third;
  double l_mean, l_variance, l_third, covariance;
};

static struct sums unit_sums(const struct side *side, double theta) {
  double psi = exp(theta);
  struct sums sums = {0};
  for (const struct stratum *s = side->strata; s < side->strata + side->count; s++) {
    double odds = psi * s->odds, p = odds / (1.0 + odds), mean = s->n1 * p, w = s->weight;
    double variance = mean / (1.0 + odds), third = variance * (1.0 - 2.0 * p);
    sums.mean += mean;
    sums.variance += variance;
    sums.third += third;
    sums.l_mean += w * mean;
    sums.l_variance += w * w * variance;
    sums.l_third += w * w * w * third;
    sums.covariance += w * variance;
  }
  return sums;
}

/* Standardised values of a skewed distribution from those of a normal one with the same tail, and
   back: the gamma distribution's cube root is nearly normal. */
static double skewed(double z, double skewness) {
  if (fabs(skewness) < 1e-3) return z + skewness / 6.0 * (z * z - 1.0);
  double root = fmax(1.0 + skewness * z / 6.0 - skewness * skewness / 36.0, 0.0);
  return 2.0 / skewness * (root * root * root - 1.0);
}

static double unskewed(double z, double skewness) {
  if (fabs(skewness) < 1e-3) return z - skewness / 6.0 * (z * z - 1.0);
  double cube = fmax(1.0 + skewness * z / 2.0, 0.0);
  return 6.0 / skewness * (cbrt(cube) - 1.0) + skewness / 6.0;
}

static double skewness(double variance, double third) {
  return variance > 0.0 ? third / (variance * sqrt(variance)) : 0.0;
}

/* Under no difference, given m = c + a in each stratum, S has this variance V and third cumulant;
   expected over the unit's events a at theta, for they are polynomials in m. deviation: expected D.
 */
struct null {
  double deviation, variance, third;
  double slope, variance_slope; /* of D and of V */
};

static struct null null_sums(const struct side *side, double theta) {
  double psi = exp(theta);
  struct null sums = {0};
  for (const struct stratum *s = side->strata; s < side->strata + side->count; s++) {
    double odds = psi * s->odds, p = odds / (1.0 + odds), events = s->n1 * p;
    double variance = events / (1.0 + odds), third = variance * (1.0 - 2.0 * p);
    double n = s->n1 + s->n2, m = s->c + events, product = m * (n - m), skew = n - 2.0 * m;
    sums.deviation += s->share * events - (1.0 - s->share) * s->c;
    sums.slope += s->share * variance;
    sums.variance += s->variance * (product - variance);
    sums.variance_slope += s->variance * skew * variance;
    sums.third += s->variance * s->third * (product * skew - 3.0 * variance * skew + 2.0 * third);
  }
  return sums;
}

/* A root of an increasing function, bracketed; a step out of the bracket goes to its middle
 * instead. */
struct search {
  double low, high, at;
};
static double step_to(struct search *search, double value, double slope) {
  if (value < 0.0)
    search->low = search->at;
  else
    search->high = search->at;
  double next = slope > 0.0 ? search->at - value / slope : NAN;
  if (!(next >= search->low && next <= search->high)) next = 0.5 * (search->low + search->high);
  double step = fabs(next - search->at);
  search->at = next;
  return step;
}

enum { MOST_STEPS = 100 };

/* log psi at which s events are expected, 0 < s < N. */
static double theta_for(const struct side *side, double s, double from) {
  struct search search = {-2.0 * LARGEST_LOG_PSI, 2.0 * LARGEST_LOG_PSI, from};
  double wanted = log(s / (side->records - s));
  for (int i = 0; i < MOST_STEPS; i++) {
    struct sums sums = unit_sums(side, search.at);
    double rest = side->records - sums.mean;
    if (!(sums.mean > 0.0 && rest > 0.0)) {
      (void)step_to(&search, sums.mean - s, 0.0);
      continue;
    }
    double slope = sums.variance * side->records / (sums.mean * rest);
    if (step_to(&search, log(sums.mean / rest) - wanted, slope) < 1e-9) break;
  }
  return search.at;
}

/* Whole tables with s events in all, spread over the strata as expected at theta. Which strata have
   their share rounded up depends on the offset, 0 to 1. Are they others than the tables were? */
static bool spread_events(const struct side *side, double s, double theta, double offset,
                          struct eh_table *tables) {
  double psi = exp(theta), sum = 0.0, total = 0.0, given = 0.0;
  bool others = false;
  for (size_t i = 0; i < side->count; i++)
    total += side->strata[i].n1 * psi * side->strata[i].odds / (1.0 + psi * side->strata[i].odds);
  for (size_t i = 0; i < side->count; i++) {
    const struct stratum *stratum = &side->strata[i];
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
  const struct side *side;
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
static double l_of(const struct stratum *s, double events) {
  double away = events - s->mean;
  return s->weight * events + s->bend * (away * away - s->rest);
}

static struct trial try_events(const struct exact *exact, double s, int ways) {
  const struct side *side = exact->side;
  struct eh_arena_mark mark = eh_arena_mark(exact->arena);
  struct eh_table *tables = eh_arena_alloc(exact->arena, side->count, sizeof *tables);
  double theta = s <= 0.0             ? -2.0 * LARGEST_LOG_PSI
                 : s >= side->records ? 2.0 * LARGEST_LOG_PSI
                                      : theta_for(side, s, exact->from);
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
static void set_weights(struct side *side, double theta, double deviation, double variance) {
  double psi = exp(theta), factor = variance > 0.0 ? deviation / (2.0 * variance) : 0.0;
  for (struct stratum *s = side->strata; s < side->strata + side->count; s++) {
    double odds = psi * s->odds;
    s->mean = s->n1 * odds / (1.0 + odds);
    s->bend = factor * s->variance;
    s->weight = s->share - s->bend * (s->n1 + s->n2 - 2.0 * (s->c + s->mean));
  }
}

/* The test as that linear function. Where an event counts about the same in every stratum, L comes
   in steps. */
struct line {
  struct sums sums;
  double variance, step;
  bool in_steps;
};

static struct line line_at(struct side *side, double theta) {
  struct null null = null_sums(side, theta);
  set_weights(side, theta, null.deviation, null.variance);
  struct line line = {unit_sums(side, theta), null.variance, 1.0, false};
  const struct sums *sums = &line.sums;
  if (sums->variance > 0.0) line.step = sums->covariance / sums->variance;
  for (struct stratum *s = side->strata; s < side->strata + side->count; s++) {
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

static size_t count_outcomes(const struct side *side) {
  size_t outcomes = 1;
  for (size_t i = 0; i < side->count; i++) {
    if (side->strata[i].n1 >= MOST_OUTCOMES) return 0;
    outcomes *= (size_t)side->strata[i].n1 + 1;
    if (outcomes > MOST_OUTCOMES) return 0;
  }
  return outcomes;
}

/* Try each outcome, where they are few. */
static void try_outcomes(struct eh_arena *arena, struct side *side, double alpha) {
  side->outcomes = count_outcomes(side);
  if (side->outcomes == 0) return;
  side->flagged = eh_arena_alloc(arena, side->outcomes, sizeof *side->flagged);
  struct eh_arena_mark mark = eh_arena_mark(arena);
  struct exact exact = {arena, side, log10(alpha), 0.0};
  struct eh_table *tables = eh_arena_alloc(arena, side->count, sizeof *tables);
  for (size_t i = 0; i < side->count; i++) {
    const struct stratum *s = &side->strata[i];
    tables[i] = (struct eh_table){0, (uint64_t)s->n1, (uint64_t)s->c, (uint64_t)s->n2};
  }
  bool none = true;
  for (size_t i = 0; i < side->outcomes; i++, next_outcome(tables, side->count)) {
    double events = 0.0, deviation = 0.0;
    for (size_t k = 0; k < side->count; k++) {
      const struct stratum *s = &side->strata[k];
      events += (double)tables[k].a;
      deviation += s->share * (double)tables[k].a - (1.0 - s->share) * s->c;
    }
    bool significant = deviation > 0.0 && excess_of(&exact, tables) <= 0.0;
    side->flagged[i] = significant && events > side->material;
    if (significant) none = false;
  }
  eh_arena_reset(arena, mark);
  if (none) side->why_not = NO_SIGNIFICANT_OUTCOME;
}

/* The probability at log psi = theta that the outcome is one of the flagged ones: one stratum after
   another is summed out. */
static double sum_outcomes(const struct side *side, double theta) {
  double psi = exp(theta), chances[MOST_OUTCOMES] = {0.0};
  size_t left = side->outcomes;
  for (size_t i = 0; i < left; i++) chances[i] = side->flagged[i] ? 1.0 : 0.0;
  for (const struct stratum *s = side->strata; s < side->strata + side->count; s++) {
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
static double find_start(const struct side *side, double alpha) {
  double z = gsl_cdf_ugaussian_Qinv(alpha / 2.0);
  struct search search = {-LARGEST_LOG_PSI, LARGEST_LOG_PSI, 0.0};
  for (int i = 0; i < MOST_STEPS; i++) {
    struct null null = null_sums(side, search.at);
    double quantile = skewed(z, skewness(null.variance, null.third));
    double root = sqrt(fmax(null.variance, 0.0)), excess = null.deviation - root * quantile;
    double slope = null.slope - 0.5 * quantile / root * null.variance_slope;
    /* Near there the test is linear, so this is the power to 2e-4. */
    if (step_to(&search, excess, slope) * sqrt(null.slope) < 1e-2) break;
  }
  return search.at;
}

/* Find where the unit becomes significant, and with it the critical sums. Where L comes in steps,
   what decides is how many whole events it takes. */
static void find_critical(struct eh_arena *arena, struct side *side, double alpha) {
  double theta = find_start(side, alpha);
  struct line line = line_at(side, theta);
  double fewest = ceil(line.sums.mean);
  if (fewest >= side->records) line.in_steps = true;
  if (line.variance < EXACT_BELOW || fewest >= side->records) {
    struct exact exact = {arena, side, log10(alpha), theta};
    fewest = exact_critical(&exact, fewest);
    if (fewest > side->records) {
      side->why_not = NO_SIGNIFICANT_OUTCOME;
      return;
    }
    if (fewest > 0.0 && fewest < side->records) {
      exact.from = theta_for(side, fewest, theta);
      line = line_at(side, exact.from);
    }
    if (line.in_steps)
      fewest = mean_critical(&exact, fewest);
    else
      side->critical = critical_l(&exact, fewest);
  }
  if (line.in_steps) side->critical += (fewest - 0.5 - line.sums.mean) * line.step;
}

static void set_conditions(struct eh_arena *arena, struct side *side,
                           const struct eh_power_plan *plan) {
  double smallest = side->expected + side->records * plan->smallest_difference;
  side->material = ceil(smallest - 1e-9 * side->records) - 0.5;
  try_outcomes(arena, side, plan->alpha);
  if (side->outcomes == 0) find_critical(arena, side, plan->alpha);
  if (!side->why_not && side->material > side->records)
    side->why_not = "no outcome would be large enough";
}

struct eh_power *eh_power_new(struct eh_arena *arena, const struct eh_table *tables, size_t count,
                              const struct eh_power_plan *plan) {
  struct eh_power *power = eh_arena_alloc(arena, 1, sizeof *power);
  power->plan = *plan;
  for (int mirrored = 0; mirrored < 2; mirrored++) {
    struct side *side = mirrored ? &power->lower : &power->higher;
    make_side(arena, side, tables, count, mirrored);
    if (side->count == 0)
      side->why_not = "no comparable records";
    else if (side->records < (double)plan->smallest_caseload)
      side->why_not = "too few comparable records";
    else if (!(plan->alpha > 0.0 && plan->alpha < 1.0))
      side->why_not = "the level does not lie between 0 and 1";
    else
      set_conditions(arena, side, plan);
  }
  return power;
}

/* The value at rho = 1 less the integral of the density over the correlation r = sin t (Plackett
   1954), by Gauss and Legendre. */
double eh_normal_both_above(double h, double k, double rho) {
  static const double node[8] = {0.0950125098376374, 0.2816035507792589, 0.4580167776572274,
                                 0.6178762444026438, 0.7554044083550030, 0.8656312023878318,
                                 0.9445750230732326, 0.9894009349916499};
  static const double weight[8] = {0.1894506104550685, 0.1826034150449236, 0.1691565193950025,
                                   0.1495959888165767, 0.1246289712555339, 0.0951585116824928,
                                   0.0622535239386479, 0.0271524594117541};
  double top = gsl_cdf_ugaussian_Q(fmax(h, k));
  double from = asin(fmin(fmax(rho, 0.0), 1.0)), half = (PI / 2.0 - from) / 2.0;
  double sum = 0.0;
  for (int i = 0; i < 16; i++) {
    double t = PI / 2.0 - half + (i % 2 ? half : -half) * node[i / 2], c = cos(t);
    double square = (h - k) * (h - k) + 2.0 * h * k * (1.0 - sin(t));
    sum += weight[i / 2] * exp(-fmax(square, 0.0) / (2.0 * c * c));
  }
  return fmin(fmax(top - sum * half / (2.0 * PI), 0.0), 1.0);
}

/* The probability of both conditions at log psi = theta, where the sums are these. */
static double flagged(const struct side *side, double theta, const struct sums *sums) {
  if (side->outcomes) return sum_outcomes(side, theta);
  if (sums->variance <= 0.0 || sums->l_variance <= 0.0)
    return sums->mean > side->material && sums->l_mean > side->critical ? 1.0 : 0.0;
  double s = (side->material - sums->mean) / sqrt(sums->variance);
  double d = (side->critical - sums->l_mean) / sqrt(sums->l_variance);
  return eh_normal_both_above(unskewed(s, skewness(sums->variance, sums->third)),
                              unskewed(d, skewness(sums->l_variance, sums->l_third)),
                              sums->covariance / sqrt(sums->variance * sums->l_variance));
}

struct eh_figure eh_power_at(const struct eh_power *power, double x) {
  const struct side *side = x >= 0.0 ? &power->higher : &power->lower;
  if (side->count == 0) return eh_no_figure(side->why_not);
  double events = side->expected + side->records * fabs(x);
  if (!(events < side->records)) return eh_no_figure("the difference is not possible");
  if (side->why_not) return eh_figure(0.0);
  if (events <= 0.0) return eh_figure(0.0);
  double theta = theta_for(side, events, 0.0);
  struct sums sums = unit_sums(side, theta);
  return eh_figure(flagged(side, theta, &sums));
}

/* Probits of the power are nearly linear in log psi, so the secant converges at once; where it is 0
   or 1 the probit is infinite, and the bracket is halved. */
static struct eh_figure reach_of(const struct side *side, double probability) {
  if (side->why_not) return eh_no_figure(side->why_not);
  struct search search = {-LARGEST_LOG_PSI, LARGEST_LOG_PSI, side->start};
  double wanted = gsl_cdf_ugaussian_Pinv(probability);
  struct sums sums = unit_sums(side, search.at);
  double x = 0.0;
  for (int i = 0; i < MOST_STEPS; i++) {
    double power = flagged(side, search.at, &sums);
    x = (sums.mean - side->expected) / side->records;
    if (fabs(power - probability) < 1e-5) break;
    /* One standard deviation of S more is about one probit more. */
    double gap = gsl_cdf_ugaussian_Pinv(power) - wanted;
    if (step_to(&search, gap, sqrt(sums.variance)) < 1e-12) break;
    sums = unit_sums(side, search.at);
  }
  return eh_figure(fmin(fmax(x, 0.0), 1.0));
}

struct eh_power_reach eh_power_reach(const struct eh_power *power, double probability) {
  if (!(probability > 0.0 && probability < 1.0)) {
    struct eh_figure none = eh_no_figure("the probability does not lie between 0 and 1");
    return (struct eh_power_reach){none, none, none};
  }
  struct eh_power_reach reach = {.higher = reach_of(&power->higher, probability),
                                 .lower = reach_of(&power->lower, probability)};
  bool lower =
      reach.higher.why_not || (!reach.lower.why_not && reach.lower.value < reach.higher.value);
  reach.smallest = lower ? reach.lower : reach.higher;
  return reach;
}

struct eh_power_reach eh_power_80(const struct eh_power *power) {
  return eh_power_reach(power, 0.8);
}

/* log of n over k, for real n and k. */
static double log_choose(double n, double k) {
  int sign; /* lgamma alone would set a global variable */
  return lgamma_r(n + 1.0, &sign) - lgamma_r(k + 1.0, &sign) - lgamma_r(n - k + 1.0, &sign);
}

/* The smaller of log P(S = low) and log P(S = high) with the unit's caseload multiplied. */
static double smallest_log_p(const struct eh_table *tables, size_t count, double multiple) {
  double low = 0.0, high = 0.0;
  for (const struct eh_table *t = tables; t < tables + count; t++) {
    if (!eh_table_is_informative(t)) continue;
    double n1 = multiple * (double)t->n1, n2 = (double)t->n2;
    double m = multiple * (double)t->a + (double)t->c, all = log_choose(n1 + n2, m);
    double least = fmax(m - n2, 0.0), most = fmin(n1, m);
    low += log_choose(n1, least) + log_choose(n2, m - least) - all;
    high += log_choose(n1, most) + log_choose(n2, m - most) - all;
  }
  return fmin(low, high);
}

struct eh_figure eh_caseload_needed(const struct eh_table *tables, size_t count, double alpha) {
  static const double MOST = 1e6;
  if (!(alpha > 0.0 && alpha < 1.0)) return eh_no_figure("the level does not lie between 0 and 1");
  bool informative = false;
  for (size_t i = 0; i < count; i++) informative |= eh_table_is_informative(&tables[i]);
  if (!informative) return eh_no_figure("no informative strata");
  double wanted = log(alpha) + 1e-9; /* rounding must not turn equality into a need */
  double low = 1.0, high = 1.0;
  while (smallest_log_p(tables, count, high) > wanted) {
    high *= 2.0;
    if (high > MOST) return eh_no_figure("its peers are too few");
  }
  while (high - low > 1e-6 * high) {
    double middle = 0.5 * (low + high);
    if (smallest_log_p(tables, count, middle) > wanted)
      low = middle;
    else
      high = middle;
  }
  return eh_figure(high);
}
