/* The interval of a mean difference where values are at least 0: amounts, days.
 *
 * A unit with a few large values, or none, cannot tell by itself how much its mean varies; its
 * peers can. So the shape of the values (the share that is not 0, the squared coefficient of
 * variation of the rest) is taken from the peers as far as the unit's own values leave it open, and
 * the scale from the mean that is being tried: the limits are the roots x of
 *
 *     (D - x)^2 = t^2 (A (1 + x/M)^2 + V2),   M what the peers would have had.
 */
#include <gsl/gsl_cdf.h>
#include <math.h>

#include "engine/stats/wilcoxon_internal.h"

/* The peers' share of values not 0 counts as at most so many of the unit's that are not 0. */
static const double MOST_SHARE = 5.0;
static const double LEAST_WORTH = 2.0, MOST_WORTH = 30.0;
static const double FEW_EFFECTIVE = 10.0;

static double mean_of(const struct eh_values *values, bool only_positive) {
  double sum = 0.0, n = 0.0;
  for (size_t i = 0; i < values->count; i++) {
    if (only_positive && !(values->items[i].value > 0.0)) continue;
    sum += values->items[i].n * values->items[i].value;
    n += values->items[i].n;
  }
  return n > 0.0 ? sum / n : 0.0;
}

static double positive_records(const struct eh_values *values) {
  double n = 0.0;
  for (size_t i = 0; i < values->count; i++)
    if (values->items[i].value > 0.0) n += values->items[i].n;
  return n;
}

/* The squared coefficient of variation of the values that are not 0, pooled over strata. */
struct variation {
  double squares, df;
};

static void add_variation(const struct eh_values *values, struct variation *v) {
  double n = positive_records(values), mean = mean_of(values, true);
  if (n < 2.0) return;
  for (size_t i = 0; i < values->count; i++) {
    double x = values->items[i].value;
    if (x > 0.0) v->squares += values->items[i].n * (x / mean - 1.0) * (x / mean - 1.0);
  }
  v->df += n - 1.0;
}

/* Values that are not 0, each over a mean of its stratum's: their moments about their own mean. */
struct relative {
  double n, mean, second, fourth; /* sums until settled */
};

static double base_of(const struct eh_value_stratum *s) {
  double peers = mean_of(&s->peers, true);
  return peers > 0.0 ? peers : mean_of(&s->unit, true);
}

static struct relative relative_of(const struct eh_value_strata *strata, bool own) {
  struct relative r = {0};
  for (int pass = 0; pass < 2; pass++) {
    for (size_t h = 0; h < strata->count; h++) {
      const struct eh_values *side = own ? &strata->items[h].unit : &strata->items[h].peers;
      double base = base_of(&strata->items[h]);
      for (size_t i = 0; i < side->count; i++) {
        double n = side->items[i].n, x = side->items[i].value / base;
        if (!(x > 0.0)) continue;
        double distance = x - r.mean;
        if (pass == 0) {
          r.n += n;
          r.second += n * x;
          continue;
        }
        r.second += n * distance * distance;
        r.fourth += n * distance * distance * distance * distance;
      }
    }
    if (pass == 0 && r.n > 0.0) r.mean = r.second / r.n;
    if (pass == 0) r.second = 0.0;
  }
  return r;
}

double eh_shape_worth(const struct eh_value_strata *strata) {
  struct relative peers = relative_of(strata, false);
  if (peers.n < 4.0 || !(peers.second > 0.0)) return MOST_WORTH;
  double kurtosis = peers.fourth / peers.second * (peers.n / peers.second);
  return fmin(fmax(kurtosis - 1.0, LEAST_WORTH), MOST_WORTH);
}

/* What the strata say together. */
struct sums {
  double n, own_mean, peers_mean; /* N; D and M are made of these */
  double v0, v2;                  /* sum n1 s^2/N^2, sum n1^2/n2 s^2/N^2 */
  double own_positive, peers_positive, expected_share;
  struct variation own, peers;
};

/* The variance of the peers' values and the unit's over rho, together. */
static double joint_variance(const struct eh_value_stratum *s, double rho) {
  double scale = rho > 0.0 ? 1.0 / rho : 1.0, n = s->unit.n + s->peers.n, squares = 0.0;
  double mean =
      (s->unit.n * scale * mean_of(&s->unit, false) + s->peers.n * mean_of(&s->peers, false)) / n;
  for (size_t i = 0; i < s->unit.count; i++) {
    double distance = s->unit.items[i].value * scale - mean;
    squares += s->unit.items[i].n * distance * distance;
  }
  for (size_t i = 0; i < s->peers.count; i++) {
    double distance = s->peers.items[i].value - mean;
    squares += s->peers.items[i].n * distance * distance;
  }
  return squares / (n - 1.0);
}

static struct sums sum_strata(const struct eh_value_strata *strata) {
  struct sums sums = {0};
  for (size_t h = 0; h < strata->count; h++) {
    const struct eh_value_stratum *s = &strata->items[h];
    double own = positive_records(&s->unit), peers = positive_records(&s->peers);
    sums.n += s->unit.n;
    sums.own_mean += s->unit.n * mean_of(&s->unit, false);
    sums.peers_mean += s->unit.n * mean_of(&s->peers, false);
    sums.own_positive += own;
    sums.peers_positive += peers;
    sums.expected_share += s->unit.n * ((own + peers) / (s->unit.n + s->peers.n));
    add_variation(&s->unit, &sums.own);
    add_variation(&s->peers, &sums.peers);
  }
  sums.own_mean /= sums.n;
  sums.peers_mean /= sums.n;
  sums.expected_share /= sums.n;
  double rho = sums.own_mean / sums.peers_mean;
  for (size_t h = 0; h < strata->count && sums.peers_mean > 0.0; h++) {
    const struct eh_value_stratum *s = &strata->items[h];
    double term = s->unit.n * joint_variance(s, rho) / (sums.n * sums.n);
    sums.v0 += term;
    sums.v2 += s->unit.n / s->peers.n * term;
  }
  return sums;
}

/* Shape of the unit's values, of all: (1 + c)/p - 1, the squared coefficient of variation. */
struct shape {
  double own, all;
  double own_df; /* values that tell of it */
};

static struct shape shape_of(const struct eh_value_strata *strata, const struct sums *sums,
                             double worth) {
  double df = sums->own.df + sums->peers.df, p0 = sums->expected_share;
  double c0 = df > 0.0 ? (sums->own.squares + sums->peers.squares) / df : 0.0;
  struct relative own = relative_of(strata, true);
  double kq = fmax(0.0, own.n - 1.0);
  double mine = own.n > 1.0 ? own.second / (own.mean * own.mean) / (own.n - 1.0) : c0;
  double c1 = (kq * mine + worth * c0) / (kq + worth), g = fmin(MOST_SHARE, p0 * sums->n);
  double p1 = (sums->own_positive + g) / (sums->n + g / p0);
  return (struct shape){(1.0 + c1) / p1 - 1.0, (1.0 + c0) / p0 - 1.0,
                        kq + fmin(worth, sums->peers.df)};
}

/* The roots of (D - x)^2 = square (A (1 + x/M)^2 + V2). */
static void set_roots(struct eh_interval *interval, double square, double a, double v2, double m) {
  double d = interval->estimate.value;
  double second = 1.0 - square * a / m / m, first = -2.0 * d - 2.0 * square * a / m;
  double rest = d * d - square * (a + v2);
  double root = sqrt(fmax(0.0, first * first - 4.0 * second * rest));
  if (second > 0.0) {
    interval->low = eh_figure(fmax((-first - root) / (2.0 * second), -m));
    interval->high = eh_figure((-first + root) / (2.0 * second));
    return;
  }
  double low = second < 0.0 ? (-first + root) / (2.0 * second) : -rest / first;
  interval->low = eh_figure(fmax(fmin(low, d), -m));
  interval->high = eh_no_figure("too few values other than 0");
}

struct eh_mean_interval eh_mean_interval(const struct eh_value_strata *strata, double confidence,
                                         double worth) {
  struct sums sums = sum_strata(strata);
  double difference = sums.own_mean - sums.peers_mean, m = sums.peers_mean;
  struct eh_mean_interval result = {
      {.estimate = eh_figure(difference)}, eh_no_figure("no value of its peers is above 0"), true};
  result.interval.low = result.interval.high = result.effective;
  if (!(m > 0.0)) return result;
  struct shape shape = shape_of(strata, &sums, worth);
  double a = shape.all > 0.0 ? sums.v0 * (shape.own / shape.all) : sums.v0;
  double rho = 1.0 + difference / m, first = a * rho * rho, variance = first + sums.v2;
  result.effective = shape.own > 0.0 ? eh_figure(sums.n / shape.own) : eh_figure(sums.n);
  result.approximate = result.effective.value < FEW_EFFECTIVE;
  if (!(variance > 0.0) || !isfinite(variance * variance)) {
    result.interval.low = result.interval.high = eh_no_figure("its variance cannot be estimated");
    return result;
  }
  double others = fmax(1.0, sums.peers_positive - (double)strata->count);
  double df =
      variance * variance / (first * first / fmax(shape.own_df, 1.0) + sums.v2 * sums.v2 / others);
  double t = gsl_cdf_tdist_Qinv((1.0 - confidence) / 2.0, df);
  set_roots(&result.interval, t * t, a, sums.v2, m);
  return result;
}
