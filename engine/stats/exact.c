#include "engine/stats/exact.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

#include "engine/stats/exact_strata.h"
#include "engine/stats/newton.h"

/* How everything here is computed. Values are counted from the lowest possible one. Let f(t) = P(S
   = t) at psi = 1 and K(theta) = log sum_t f(t) exp(theta t), a sum over the strata. Tilted to the
   theta0 at which the mean is s, q(t) = f(t) exp(theta0 t - K(theta0)) has its mass around s; it is
   convolved there once, and then at any psi = exp(theta) P(S = t) = q(t) exp((theta - theta0) t -
   K(theta) + K(theta0)), so the tail that starts at s and leads away from the mean is a sum of
   falling terms, with all its digits. The other tail is 1 less that. At the ends of the support
   theta0 would be infinite, but there P(S = s) is a product. */
struct window {
  bool made;
  uint64_t s;          /* the value it was made for */
  struct eh_tilt tilt; /* theta0 */
  long double log_sum; /* K(theta0) */
  double deviation;    /* standard deviation of q */
  double *pmf;         /* q(first), ..., */
  size_t width, capacity;
  uint64_t first;
};

struct eh_exact {
  struct eh_arena *arena;
  struct eh_strata strata;
  struct eh_convolution *convolution;
  struct eh_tilted null; /* at psi = 1 */
  struct window observed, other;
};

static const double LN10 = 2.302585092994045684;
static const char NO_STRATA[] = "no informative strata";

struct eh_exact *eh_exact_new(struct eh_arena *arena, const struct eh_table *tables, size_t count) {
  struct eh_exact *exact = eh_arena_alloc(arena, 1, sizeof *exact);
  exact->arena = arena;
  exact->strata = eh_strata_new(arena, tables, count);
  exact->convolution = eh_convolution_new(arena);
  exact->null = eh_strata_tilted(&exact->strata, eh_tilt(0.0));
  return exact;
}

struct eh_exact_support eh_exact_support(const struct eh_exact *exact) {
  return (struct eh_exact_support){exact->strata.low, exact->strata.high, exact->strata.observed};
}

static uint64_t range_of(const struct eh_exact *exact) {
  return exact->strata.high - exact->strata.low;
}
static uint64_t observed_of(const struct eh_exact *exact) {
  return exact->strata.observed - exact->strata.low;
}

enum { MOST_STEPS = 200 };

/* theta with E(S) = s, 0 < s < range, to within the given share of a standard deviation: Newton's
   method on the log odds of the mean within the support, which are nearly linear in theta, but for
   plateaus: where some strata can only have events and others hardly any, S is all but constant
   over a wide range of theta. So the search ends by the distance from s, not by its last step. */
static double tilt_for_mean(const struct eh_exact *exact, double s, double tolerance,
                            struct eh_search search) {
  double range = (double)range_of(exact), wanted = log(s / (range - s));
  for (int i = 0; i < MOST_STEPS; i++) {
    struct eh_tilted now =
        search.at == 0.0 ? exact->null : eh_strata_tilted(&exact->strata, eh_tilt(search.at));
    double gap = now.mean - s, deviation = sqrt(now.variance);
    if (fabs(gap) <= 1e-15 * s) break;
    double above = range - now.mean, value = gap, slope = 0.0; /* at an end: halve the bracket */
    if (now.mean > 0.0 && above > 0.0) {
      value = log(now.mean / above) - wanted;
      slope = now.variance * range / (now.mean * above);
    }
    (void)eh_step_to(&search, value, slope);
    if (fabs(gap) <= tolerance * deviation) break;
  }
  return search.at;
}

static const struct eh_search ANYWHERE = {-EH_LARGEST_TILT, EH_LARGEST_TILT, 0.0};

static void fill_window(struct eh_exact *exact, struct window *window) {
  bool at_end = window->s == 0 || window->s == range_of(exact);
  struct eh_distribution q = {.pmf = &(double){1.0}, .width = 1, .first = window->s};
  if (at_end) {
    window->tilt = eh_tilt(0.0);
    window->log_sum = eh_strata_log_end(&exact->strata, window->s != 0);
    window->deviation = 1.0;
  } else {
    /* Half a standard deviation aside costs no digits. */
    window->tilt = eh_tilt(tilt_for_mean(exact, (double)window->s, 0.5, ANYWHERE));
    struct eh_tilted tilted = eh_strata_tilted(&exact->strata, window->tilt);
    window->log_sum = tilted.log_sum;
    window->deviation = sqrt(tilted.variance);
    q = eh_strata_distribution(&exact->strata, exact->convolution, window->tilt.psi);
  }
  if (q.width > window->capacity) {
    window->capacity = q.width > 2 * window->capacity ? q.width : 2 * window->capacity;
    window->pmf = eh_arena_alloc(exact->arena, window->capacity, sizeof *window->pmf);
  }
  memcpy(window->pmf, q.pmf, q.width * sizeof *q.pmf);
  window->width = q.width;
  window->first = q.first;
}

/* The window around s. The observed value's is kept. */
static const struct window *window_at(struct eh_exact *exact, uint64_t s) {
  struct window *window = s == observed_of(exact) ? &exact->observed : &exact->other;
  if (!window->made || window->s != s) {
    window->s = s;
    fill_window(exact, window);
    window->made = true;
  }
  return window;
}

/* P(S = s) and the tail beyond s, both times exp(scale); away from the window's mean, so that it is
   summed with all digits. distance: the sum of |t - s| P(S = t) over the tail. */
struct share {
  bool up; /* beyond: above s */
  long double scale;
  double at, beyond, distance;
};

static struct share share_of(const struct window *window, uint64_t s, struct eh_tilt tilt,
                             long double log_sum, uint64_t range) {
  long double shift = tilt.log - window->tilt.log;
  size_t place = (size_t)(s - window->first);
  struct share share = {.up = s == range || (s != 0 && shift <= 0.0L),
                        .scale = window->log_sum - log_sum + shift * (long double)s,
                        .at = window->pmf[place]};
  size_t count = share.up ? window->width - 1 - place : place;
  double factor = (double)expl(-fabsl(shift)), power = 1.0;
  for (size_t k = 1; k <= count; k++) {
    power *= factor;
    double term = power * window->pmf[share.up ? place + k : place - k];
    share.beyond += term;
    share.distance += term * (double)k;
    if (power < 1e-60) break;
  }
  return share;
}

/* log P of the tail that includes s, on the side the share leads to; and of the opposite one, s
   included. Adding 0 turns -0 into 0. */
static double log_tail(const struct share *share) {
  return fmin((double)(share->scale + logl((long double)share->at + share->beyond)), 0.0);
}
static double log_opposite(const struct share *share) {
  return log1p(-fmin((double)(expl(share->scale) * share->beyond), 1.0)) + 0.0;
}

struct eh_exact_tail eh_exact_tail(struct eh_exact *exact, uint64_t s, double log_odds_ratio) {
  const struct eh_strata *strata = &exact->strata;
  if (s < strata->low) return (struct eh_exact_tail){-INFINITY, -INFINITY, 0.0};
  if (s > strata->high) return (struct eh_exact_tail){0.0, -INFINITY, -INFINITY};
  if (strata->low == strata->high) return (struct eh_exact_tail){0.0, 0.0, 0.0};
  struct eh_tilt tilt = eh_tilt(log_odds_ratio);
  struct eh_tilted tilted = eh_strata_tilted(strata, tilt);
  uint64_t place = s - strata->low;
  struct share share =
      share_of(window_at(exact, place), place, tilt, tilted.log_sum, range_of(exact));
  double tail = log_tail(&share), opposite = log_opposite(&share);
  return (struct eh_exact_tail){
      .log_below = share.up ? opposite : tail,
      .log_at = fmin((double)(share.scale + logl((long double)share.at)), 0.0),
      .log_above = share.up ? tail : opposite};
}

static struct share null_share(struct eh_exact *exact, const struct window *window, uint64_t s) {
  return share_of(window, s, eh_tilt(0.0), 0.0L, range_of(exact));
}

static struct eh_exact_p no_p(void) {
  return (struct eh_exact_p){.p = 1.0, .mid_p = 1.0, .why_not = NO_STRATA};
}

struct eh_exact_p eh_exact_mid_p(struct eh_exact *exact) {
  if (range_of(exact) == 0) return no_p();
  uint64_t s = observed_of(exact);
  struct share share = null_share(exact, window_at(exact, s), s);
  long double log_half = share.scale + logl((long double)share.beyond + 0.5L * share.at);
  double half = (double)expl(log_half);
  struct eh_exact_p p = {0};
  p.log10_mid_p = half <= 0.5 ? (double)((log_half + logl(2.0L)) / (long double)LN10)
                              : log10(2.0 * (1.0 - half));
  if (p.log10_mid_p > 0.0) p.log10_mid_p = 0.0;
  p.mid_p = half <= 0.5 ? 2.0 * half : 2.0 * (1.0 - half);
  double tail = log_tail(&share) / LN10, opposite = log_opposite(&share) / LN10;
  p.log10_below = share.up ? opposite : tail;
  p.log10_above = share.up ? tail : opposite;
  return p;
}

/* A window's log P(S = t) at psi = 1. */
static double log_probability(const struct window *window, uint64_t t) {
  return (double)(window->log_sum - window->tilt.log * (long double)t +
                  logl((long double)window->pmf[t - window->first]));
}

/* The sum of all probabilities up to limit within one window: s is so near the mean that they all
 * lie there. */
static double near_sum(const struct window *window, double limit) {
  double sum = 0.0;
  for (size_t i = 0; i < window->width; i++) {
    double log_p = window->pmf[i] > 0.0 ? log_probability(window, window->first + i) : -INFINITY;
    if (log_p <= limit) sum += exp(log_p);
  }
  return fmin(sum, 1.0);
}

/* Where on the other side of the mean the probability is about exp(log_p): the saddlepoint
   approximation K(theta) - theta K' - log(2 pi K'')/2 = log_p, whose derivative is about -theta
   K''. */
static uint64_t opposite_value(const struct eh_exact *exact, bool below, double log_p) {
  double sign = below ? 1.0 : -1.0, range = (double)range_of(exact), mean = exact->null.mean;
  struct eh_search search = below ? (struct eh_search){-EH_LARGEST_TILT, 0.0, 0.0}
                                  : (struct eh_search){0.0, EH_LARGEST_TILT, 0.0};
  search.at = -sign * sqrt(-2.0 * log_p / exact->null.variance);
  if (fabs(search.at) >= EH_LARGEST_TILT) search.at = -sign;
  for (int i = 0; i < MOST_STEPS; i++) {
    struct eh_tilted now = eh_strata_tilted(&exact->strata, eh_tilt(search.at));
    mean = now.mean;
    double variance = fmax(now.variance, 1e-6), theta = search.at;
    double density = (double)(now.log_sum - (long double)theta * mean) -
                     0.5 * log(2.0 * 3.14159265358979324 * variance);
    double step = eh_step_to(&search, sign * (density - log_p), fabs(theta) * variance);
    if (step * sqrt(variance) < 0.3) break;
  }
  return (uint64_t)fmin(fmax(floor(mean + 0.5), 1.0), range - 1.0);
}

/* log of the tail on the other side of the mean from s, of values no likelier than exp(limit).
   Probabilities fall from the mode to both sides, so the values are those from some place outward;
   the window is moved to where that is. */
static double opposite_tail(struct eh_exact *exact, bool below, double limit) {
  uint64_t range = range_of(exact), end = below ? 0 : range, inward = below ? 1 : UINT64_MAX;
  double log_end = (double)eh_strata_log_end(&exact->strata, !below);
  if (log_end > limit) return -INFINITY;
  uint64_t t = opposite_value(exact, below, limit);
  for (;;) { /* UINT64_MAX, added, is a step down */
    const struct window *window = window_at(exact, t);
    uint64_t first = window->first, last = first + window->width - 1;
    uint64_t place = below ? first : last, inner = below ? last : first;
    if (log_probability(window, place) > limit) {
      if (place - inward == end) return log_end;
      t = place - inward;
      continue;
    }
    while (place != inner && log_probability(window, place + inward) <= limit) place += inward;
    if (place == inner && inner != t) {
      t = inner;
      continue;
    }
    struct share share = null_share(exact, window, place);
    return share.up != below ? log_tail(&share) : log_opposite(&share);
  }
}

struct eh_exact_p eh_exact_p(struct eh_exact *exact) {
  struct eh_exact_p p = eh_exact_mid_p(exact);
  if (p.why_not) return p;
  uint64_t s = observed_of(exact), range = range_of(exact);
  struct share share = null_share(exact, &exact->observed, s);
  double log_at = (double)(share.scale + logl((long double)share.at)), limit = log_at + 1e-7;
  double distance = (double)s - exact->null.mean;
  if (range == 1) { /* two values: both are ends */
    double other = -expm1(log_at);
    p.p = log(other) <= limit ? 1.0 : exp(log_at);
    p.log10_p = log(other) <= limit ? 0.0 : log_at / LN10;
  } else if (fabs(distance) <= sqrt(exact->null.variance)) {
    uint64_t inside = s == 0 ? 1 : s == range ? range - 1 : s;
    p.p = near_sum(window_at(exact, inside), limit);
    p.log10_p = log10(p.p);
  } else {
    double own = log_tail(&share), other = opposite_tail(exact, distance > 0.0, limit);
    double log_p = fmin(fmax(own, other) + log1p(exp(-fabs(own - other))), 0.0);
    p.p = exp(log_p);
    p.log10_p = log_p / LN10;
  }
  return p;
}

/* log P of the wanted tail of the observed value less log alpha, and its derivative in theta. */
static double tail_excess(struct eh_exact *exact, bool above, double theta, double log_alpha,
                          double *slope) {
  struct eh_tilt tilt = eh_tilt(theta);
  struct eh_tilted tilted = eh_strata_tilted(&exact->strata, tilt);
  uint64_t s = observed_of(exact);
  struct share share = share_of(window_at(exact, s), s, tilt, tilted.log_sum, range_of(exact));
  double sign = share.up ? 1.0 : -1.0, mean = tilted.mean - (double)s;
  /* d/dtheta log P(tail) = E(S | tail) - E(S). */
  if (share.up == above) {
    *slope = sign * share.distance / (share.at + share.beyond) - mean;
    return (double)(share.scale + logl((long double)share.at + share.beyond)) - log_alpha;
  }
  double rest = share.beyond > 0.0 ? (double)expl(share.scale) * share.beyond : 0.0;
  *slope = rest > 0.0 ? -rest / (1.0 - rest) * (sign * share.distance / share.beyond - mean) : 0.0;
  return log1p(-fmin(rest, 1.0)) - log_alpha;
}

/* log psi at which the tail's probability is alpha. The logarithm of a tail's probability is
   concave in theta, since a log-concave distribution varies less when cut off; Newton's method then
   cannot run away. */
static double solve_limit(struct eh_exact *exact, bool lower, double alpha) {
  const struct window *window = window_at(exact, observed_of(exact));
  double sign = lower ? 1.0 : -1.0, log_alpha = log(alpha);
  struct eh_search search = ANYWHERE;
  search.at = (double)window->tilt.log - sign * gsl_cdf_ugaussian_Qinv(alpha) / window->deviation;
  if (!(fabs(search.at) < EH_LARGEST_TILT)) search.at = 0.0;
  for (int i = 0; i < MOST_STEPS; i++) {
    double slope;
    double excess = tail_excess(exact, lower, search.at, log_alpha, &slope);
    double deviation = fmax(fabs(slope), 1.0);
    /* The steps' lengths are squared from one to the next. */
    if (eh_step_to(&search, sign * excess, sign * slope) * deviation <= 1e-8) break;
  }
  return search.at;
}

static struct eh_figure limit_at(struct eh_exact *exact, bool lower, double alpha) {
  uint64_t s = observed_of(exact);
  if (range_of(exact) == 0) return eh_no_figure(NO_STRATA);
  if (!(alpha > 0.0 && alpha < 1.0)) return eh_no_figure("the level does not lie between 0 and 1");
  if (lower && s == 0) return eh_figure(0.0);
  if (!lower && s == range_of(exact)) return eh_no_figure(EH_INFINITE);
  return eh_figure(exp(solve_limit(exact, lower, alpha)));
}

struct eh_figure eh_exact_lower_limit(struct eh_exact *exact, double alpha) {
  return limit_at(exact, true, alpha);
}

struct eh_figure eh_exact_upper_limit(struct eh_exact *exact, double alpha) {
  return limit_at(exact, false, alpha);
}

struct eh_interval eh_exact_odds_ratio(struct eh_exact *exact, double confidence) {
  double alpha = (1.0 - confidence) / 2.0;
  uint64_t s = observed_of(exact), range = range_of(exact);
  if (range == 0) return eh_no_interval(NO_STRATA);
  struct eh_interval interval = {.low = eh_exact_lower_limit(exact, alpha),
                                 .high = eh_exact_upper_limit(exact, alpha)};
  if (s == 0)
    interval.estimate = eh_figure(0.0);
  else if (s == range)
    interval.estimate = eh_no_figure(EH_INFINITE);
  else {
    struct eh_search search = ANYWHERE;
    search.at = (double)window_at(exact, s)->tilt.log;
    interval.estimate = eh_figure(exp(tilt_for_mean(exact, (double)s, 1e-8, search)));
  }
  return interval;
}

double eh_exact_smallest_log10_mid_p(struct eh_exact *exact) {
  if (range_of(exact) == 0) return 0.0;
  long double low = eh_strata_log_end(&exact->strata, false);
  long double high = eh_strata_log_end(&exact->strata, true);
  return fmin((double)(low < high ? low : high) / LN10, 0.0);
}
