#include "engine/stats/power.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "engine/stats/power_internal.h"

static const double PI = 3.14159265358979324;

struct eh_power {
  struct eh_power_plan plan;
  struct eh_power_side higher, lower;
};

double eh_power_alpha(double rate, size_t rejections, size_t testable) {
  return fmin(rate * fmax((double)rejections, 1.0) / fmax((double)testable, 1.0), 1.0);
}

static void make_stratum(struct eh_power_stratum *s, const struct eh_table *t, bool mirrored) {
  *s = (struct eh_power_stratum){.n1 = (double)t->n1, .n2 = (double)t->n2};
  s->c = (double)(mirrored ? t->n2 - t->c : t->c);
  double n = s->n1 + s->n2;
  s->share = s->n2 / n;
  s->variance = n > 1.0 ? s->n1 / n * s->share / (n - 1.0) : 0.0;
  s->third = n > 2.0 ? (n - 2.0 * s->n1) / (n * (n - 2.0)) : 0.0;
}

/* By the peers' rate, then by size: the answer must not depend on the order in which the strata
   come, and events are shared out among them in whole numbers (spread_events). */
static int by_rate(const void *left, const void *right) {
  const struct eh_power_stratum *a = left, *b = right;
  double rates = a->c / a->n2 - b->c / b->n2;
  if (rates != 0.0) return rates < 0.0 ? -1 : 1;
  if (a->n1 != b->n1) return a->n1 < b->n1 ? -1 : 1;
  return (a->n2 > b->n2) - (a->n2 < b->n2);
}

static void make_side(struct eh_arena *arena, struct eh_power_side *side,
                      const struct eh_table *tables, size_t count, bool mirrored) {
  for (size_t i = 0; i < count; i++)
    if (eh_table_is_comparable(&tables[i])) side->count++;
  side->strata = eh_arena_alloc(arena, side->count, sizeof *side->strata);
  struct eh_power_stratum *s = side->strata;
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

static void set_conditions(struct eh_arena *arena, struct eh_power_side *side,
                           const struct eh_power_plan *plan) {
  double smallest = side->expected + side->records * plan->smallest_difference;
  side->material = ceil(smallest - 1e-9 * side->records) - 0.5;
  eh_power_try_outcomes(arena, side, plan->alpha);
  if (side->outcomes == 0) eh_power_find_critical(arena, side, plan->alpha);
  if (!side->why_not && side->material > side->records)
    side->why_not = "no outcome would be large enough";
}

struct eh_power *eh_power_new(struct eh_arena *arena, const struct eh_table *tables, size_t count,
                              const struct eh_power_plan *plan) {
  struct eh_power *power = eh_arena_alloc(arena, 1, sizeof *power);
  power->plan = *plan;
  for (int mirrored = 0; mirrored < 2; mirrored++) {
    struct eh_power_side *side = mirrored ? &power->lower : &power->higher;
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
static double flagged(const struct eh_power_side *side, double theta,
                      const struct eh_power_sums *sums) {
  if (side->outcomes) return eh_power_sum_outcomes(side, theta);
  if (sums->variance <= 0.0 || sums->l_variance <= 0.0)
    return sums->mean > side->material && sums->l_mean > side->critical ? 1.0 : 0.0;
  double s = (side->material - sums->mean) / sqrt(sums->variance);
  double d = (side->critical - sums->l_mean) / sqrt(sums->l_variance);
  return eh_normal_both_above(eh_unskewed(s, eh_skewness(sums->variance, sums->third)),
                              eh_unskewed(d, eh_skewness(sums->l_variance, sums->l_third)),
                              sums->covariance / sqrt(sums->variance * sums->l_variance));
}

struct eh_figure eh_power_at(const struct eh_power *power, double x) {
  const struct eh_power_side *side = x >= 0.0 ? &power->higher : &power->lower;
  if (side->count == 0) return eh_no_figure(side->why_not);
  double events = side->expected + side->records * fabs(x);
  if (!(events < side->records)) return eh_no_figure("the difference is not possible");
  if (side->why_not) return eh_figure(0.0);
  if (events <= 0.0) return eh_figure(0.0);
  double theta = eh_power_theta(side, events, 0.0);
  struct eh_power_sums sums = eh_power_sums(side, theta);
  return eh_figure(flagged(side, theta, &sums));
}

/* Probits of the power are nearly linear in log psi, so the secant converges at once; where it is 0
   or 1 the probit is infinite, and the bracket is halved. */
static struct eh_figure reach_of(const struct eh_power_side *side, double probability) {
  if (side->why_not) return eh_no_figure(side->why_not);
  struct eh_search search = {-EH_LARGEST_LOG_PSI, EH_LARGEST_LOG_PSI, side->start};
  double wanted = gsl_cdf_ugaussian_Pinv(probability);
  struct eh_power_sums sums = eh_power_sums(side, search.at);
  double x = 0.0;
  for (int i = 0; i < EH_MOST_STEPS; i++) {
    double power = flagged(side, search.at, &sums);
    x = (sums.mean - side->expected) / side->records;
    if (fabs(power - probability) < 1e-5) break;
    /* One standard deviation of S more is about one probit more. */
    double gap = gsl_cdf_ugaussian_Pinv(power) - wanted;
    if (eh_step_to(&search, gap, sqrt(sums.variance)) < 1e-12) break;
    sums = eh_power_sums(side, search.at);
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

struct eh_power_reach eh_no_power(const char *why_not) {
  struct eh_figure no = eh_no_figure(why_not);
  return (struct eh_power_reach){no, no, no};
}
