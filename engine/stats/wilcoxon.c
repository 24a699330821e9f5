#include "engine/stats/wilcoxon.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/stats/chi_square.h"
#include "engine/stats/wilcoxon_internal.h"

static int by_stratum_side_value(const void *left, const void *right) {
  const struct eh_amount *a = left, *b = right;
  if (a->stratum != b->stratum) return a->stratum < b->stratum ? -1 : 1;
  if (a->unit != b->unit) return a->unit ? -1 : 1;
  return (a->value > b->value) - (a->value < b->value);
}

/* The values from first on of one side of a stratum. */
static struct eh_values take_side(struct eh_value_strata *s, const struct eh_amount *amounts,
                                  size_t first, size_t end, bool unit) {
  struct eh_values side = {.items = s->values + first};
  for (size_t i = first; i < end && amounts[i].unit == unit; i++) {
    assert(isfinite(amounts[i].value));
    s->values[i] = (struct eh_value_count){amounts[i].value, (double)amounts[i].records};
    side.n += s->values[i].n;
    side.count++;
  }
  return side;
}

struct eh_value_strata eh_value_strata(struct eh_arena *scratch, struct eh_amount *amounts,
                                       size_t count) {
  struct eh_value_strata s = {eh_arena_alloc(scratch, count, sizeof *s.items), 0,
                              eh_arena_alloc(scratch, count, sizeof *s.values)};
  if (count > 0) qsort(amounts, count, sizeof *amounts, by_stratum_side_value);
  for (size_t first = 0, end; first < count; first = end) {
    struct eh_value_stratum *stratum = &s.items[s.count];
    end = first;
    while (end < count && amounts[end].stratum == amounts[first].stratum) end++;
    stratum->unit = take_side(&s, amounts, first, end, true);
    stratum->peers = take_side(&s, amounts, first + stratum->unit.count, end, false);
    stratum->weight = 1.0 / (stratum->unit.n + stratum->peers.n + 1.0);
    if (stratum->unit.count && stratum->peers.count) s.count++;
  }
  return s;
}

/* Sum over the stratum's groups of t tied values of t^3 - t. */
static double ties(const struct eh_value_stratum *s) {
  const struct eh_values *x = &s->unit, *y = &s->peers;
  double sum = 0.0;
  size_t i = 0, j = 0;
  while (i < x->count || j < y->count) {
    bool from_unit = j >= y->count || (i < x->count && x->items[i].value <= y->items[j].value);
    double value = from_unit ? x->items[i].value : y->items[j].value;
    double tied = 0.0;
    for (; i < x->count && x->items[i].value <= value; i++) tied += x->items[i].n;
    for (; j < y->count && y->items[j].value <= value; j++) tied += y->items[j].n;
    sum += tied * (tied * tied - 1.0);
  }
  return sum;
}

/* How many of the n1 n2 differences unit - peer are above delta; with or_equal, or at it. */
static double pairs_above(const struct eh_value_stratum *s, double delta, bool or_equal) {
  double pairs = 0.0, below = 0.0;
  size_t j = 0;
  for (size_t i = 0; i < s->unit.count; i++) {
    double own = s->unit.items[i].value;
    while (j < s->peers.count && (or_equal ? own - s->peers.items[j].value >= delta
                                           : own - s->peers.items[j].value > delta))
      below += s->peers.items[j++].n;
    pairs += s->unit.items[i].n * below;
  }
  return pairs;
}

/* The weighted deviation of the unit's rank sums once delta is taken from its values, except that
   pairs that then tie all count as lost, or with or_equal as won. (W - n1 (n+1)/2 is the pairs won
   less half of all.) */
static double deviation_after(const struct eh_value_strata *strata, double delta, bool or_equal) {
  double sum = 0.0;
  for (size_t h = 0; h < strata->count; h++) {
    const struct eh_value_stratum *s = &strata->items[h];
    double half = s->unit.n * s->peers.n / 2.0;
    sum += s->weight * (pairs_above(s, delta, or_equal) - half);
  }
  return sum;
}

static void rank_test(const struct eh_value_strata *strata, struct eh_wilcoxon *result) {
  double all = 0.0;
  for (size_t h = 0; h < strata->count; h++) {
    const struct eh_value_stratum *s = &strata->items[h];
    double n1 = s->unit.n, n2 = s->peers.n, n = n1 + n2;
    double spread = n + 1.0 - ties(s) / (n * (n - 1.0));
    result->comparable += (uint64_t)n1;
    all += s->weight * n1 * n2;
    result->variance += s->weight * s->weight * n1 * n2 / 12.0 * fmax(0.0, spread);
  }
  if (strata->count == 0) {
    result->test = eh_no_test("no stratum has peers");
    result->superiority = eh_no_figure(result->test.why_not);
    return;
  }
  result->deviation =
      (deviation_after(strata, 0.0, false) + deviation_after(strata, 0.0, true)) / 2.0;
  result->superiority = eh_figure(0.5 + result->deviation / all);
  result->test =
      result->variance > 1e-12 * all
          ? eh_chi_square_test(result->deviation * result->deviation / result->variance, 1.0)
          : eh_no_test("within each stratum all values are equal");
}

/* The finite doubles in their order as whole numbers, so that halving an interval of them ends. */
static int64_t place_of(double value) {
  int64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits >= 0 ? bits : INT64_MIN - bits;
}

static double at_place(int64_t place) {
  int64_t bits = place >= 0 ? place : INT64_MIN - place;
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/* from_below: the smallest shift that leaves a deviation of at most level; else the largest that
   leaves one of at least level. Both are differences of two values in the data. */
static struct eh_figure shift_leaving(const struct eh_value_strata *strata, double level,
                                      bool from_below) {
  double widest = 0.0, all = 0.0;
  for (size_t h = 0; h < strata->count; h++) {
    const struct eh_value_stratum *s = &strata->items[h];
    const struct eh_values *x = &s->unit, *y = &s->peers;
    widest = fmax(widest, fmax(x->items[x->count - 1].value - y->items[0].value,
                               y->items[y->count - 1].value - x->items[0].value));
    all += s->weight * x->n * y->n;
  }
  if (isinf(widest)) return eh_no_figure("the values are too far apart");
  double slack = 1e-12 * all; /* the rounding of the weighted sums */
  if (fabs(level) >= all / 2.0 - slack) return eh_no_figure("too few records to bound it");
  /* deviation_after falls from all/2 below -widest to -all/2 above it; find where it crosses */
  int64_t low = place_of(-widest) - 1, high = place_of(widest) + 1;
  while (high > low + 1) {
    int64_t middle = low / 2 + high / 2 + (low % 2 + high % 2) / 2;
    double deviation = deviation_after(strata, at_place(middle), !from_below);
    bool crossed = from_below ? deviation <= level + slack : deviation < level - slack;
    if (crossed)
      high = middle;
    else
      low = middle;
  }
  return eh_figure(at_place(from_below ? high : low));
}

static struct eh_interval shift(const struct eh_value_strata *strata,
                                const struct eh_wilcoxon *result, double confidence) {
  if (strata->count == 0) return eh_no_interval(result->test.why_not);
  struct eh_figure least = shift_leaving(strata, 0.0, true);
  struct eh_figure most = shift_leaving(strata, 0.0, false);
  struct eh_interval interval = {.estimate = least};
  if (!least.why_not) interval.estimate.value += (most.value - least.value) / 2.0;
  if (result->test.why_not) {
    interval.low = interval.high = eh_no_figure(result->test.why_not);
    return interval;
  }
  double reach = eh_normal_reach(confidence) * sqrt(result->variance);
  interval.low = shift_leaving(strata, reach, true);
  interval.high = shift_leaving(strata, -reach, false);
  return interval;
}

static double mean_of(const struct eh_values *values) {
  double sum = 0.0;
  for (size_t i = 0; i < values->count; i++)
    sum += values->items[i].value * (values->items[i].n / values->n);
  return sum;
}

static double squares_about(const struct eh_values *values, double mean) {
  double sum = 0.0;
  for (size_t i = 0; i < values->count; i++) {
    double distance = values->items[i].value - mean;
    sum += values->items[i].n * distance * distance;
  }
  return sum;
}

/* One side's part of the variance of the mean difference: a sum of (weight^2/n) s^2 over strata. */
struct side {
  double variance;         /* from the strata with two records or more */
  double over_df;          /* sum of the squares of its terms, each over its degrees of freedom */
  double single;           /* weights of the strata with one record */
  double squares, freedom; /* for the pooled variance */
  double singles, sum, sum_of_squares; /* of single records less the other side's mean */
};

static void add_side(struct side *side, const struct eh_values *values, double mean,
                     double weight) {
  double share = weight * weight / values->n;
  if (values->n < 2.0) {
    side->single += share;
    return;
  }
  double squares = squares_about(values, mean), freedom = values->n - 1.0;
  double term = share * (squares / freedom);
  side->variance += term;
  side->over_df += term * term / freedom;
  side->squares += squares;
  side->freedom += freedom;
}

/* A single record has no spread of its own; that of its distance from the other side's mean, over
   the strata, is s^2 (1 + 1/n) where the spreads are alike, with n the other side's records. */
static void add_single(struct side *side, const struct eh_values *values,
                       const struct eh_values *other, double mean, double mean_of_other) {
  if (values->n >= 2.0 || other->n < 2.0) return;
  double distance = (mean - mean_of_other) / sqrt(1.0 + 1.0 / other->n);
  side->singles += 1.0;
  side->sum += distance;
  side->sum_of_squares += distance * distance;
}

/* Give the single records the pooled variance of their side, to which the distances belong that
   they have; or if it has none, of the other. */
static bool settle_side(struct side *side, const struct side *other) {
  if (side->single <= 0.0) return true;
  double squares = side->squares, freedom = side->freedom;
  if (side->singles > 1.0) {
    squares += fmax(0.0, side->sum_of_squares - side->sum * side->sum / side->singles);
    freedom += side->singles - 1.0;
  }
  if (freedom <= 0.0) {
    squares = other->squares;
    freedom = other->freedom;
  }
  if (freedom <= 0.0) return false;
  double term = side->single * (squares / freedom);
  side->variance += term;
  side->over_df += term * term / freedom;
  return true;
}

struct eh_interval eh_mean_welch(const struct eh_value_strata *strata, uint64_t comparable,
                                 double confidence) {
  if (strata->count == 0) return eh_no_interval("no stratum has peers");
  struct side own = {0}, others = {0};
  double estimate = 0.0;
  for (size_t h = 0; h < strata->count; h++) {
    const struct eh_value_stratum *s = &strata->items[h];
    double weight = s->unit.n / (double)comparable;
    double mean1 = mean_of(&s->unit), mean2 = mean_of(&s->peers);
    estimate += weight * (mean1 - mean2);
    add_side(&own, &s->unit, mean1, weight);
    add_side(&others, &s->peers, mean2, weight);
    add_single(&own, &s->unit, &s->peers, mean1, mean2);
    add_single(&others, &s->peers, &s->unit, mean2, mean1);
  }
  if (!isfinite(estimate)) return eh_no_interval("the values are too large");
  struct eh_interval interval = {.estimate = eh_figure(estimate)};
  interval.low = interval.high = eh_no_figure("its variance cannot be estimated");
  if (!settle_side(&own, &others) || !settle_side(&others, &own)) return interval;
  double variance = own.variance + others.variance, over_df = own.over_df + others.over_df;
  if (!(variance > 0.0) || !isfinite(variance * variance) || !(over_df > 0.0)) return interval;
  double df = variance * variance / over_df;
  double reach = gsl_cdf_tdist_Qinv((1.0 - confidence) / 2.0, df) * sqrt(variance);
  interval.low = eh_figure(estimate - reach);
  interval.high = eh_figure(estimate + reach);
  return interval;
}

/* A stratum's values, those of both sides together. */
static struct eh_rank_stratum classes_of(struct eh_arena *scratch,
                                         const struct eh_value_stratum *s) {
  const struct eh_values *x = &s->unit, *y = &s->peers;
  struct eh_rank_class *classes = eh_arena_alloc(scratch, x->count + y->count, sizeof *classes);
  size_t count = 0, i = 0, j = 0;
  while (i < x->count || j < y->count) {
    bool from_unit = j >= y->count || (i < x->count && x->items[i].value <= y->items[j].value);
    double value = from_unit ? x->items[i].value : y->items[j].value;
    struct eh_rank_class *class = &classes[count++];
    for (; i < x->count && x->items[i].value <= value; i++) class->own += x->items[i].n;
    class->records = class->own;
    for (; j < y->count && y->items[j].value <= value; j++) class->records += y->items[j].n;
  }
  return (struct eh_rank_stratum){classes, count};
}

static struct eh_rank_test test_ranks(struct eh_arena *scratch,
                                      const struct eh_value_strata *strata) {
  struct eh_rank_stratum *ranks = eh_arena_alloc(scratch, strata->count, sizeof *ranks);
  for (size_t h = 0; h < strata->count; h++) ranks[h] = classes_of(scratch, &strata->items[h]);
  return eh_rank_test(ranks, strata->count);
}

static bool has_negative(const struct eh_value_strata *strata) {
  for (size_t h = 0; h < strata->count; h++)
    if (strata->items[h].unit.items[0].value < 0.0 || strata->items[h].peers.items[0].value < 0.0)
      return true;
  return false;
}

static void set_mean(const struct eh_value_strata *strata, double confidence,
                     struct eh_wilcoxon *result) {
  result->mean_difference = eh_mean_welch(strata, result->comparable, confidence);
  if (strata->count == 0 || result->mean_difference.estimate.why_not) return;
  result->effective_values = eh_no_figure("there are values below 0");
  if (has_negative(strata)) return;
  struct eh_mean_interval mean = eh_mean_interval(strata, confidence, eh_shape_worth(strata));
  result->mean_difference.low = mean.interval.low;
  result->mean_difference.high = mean.interval.high;
  result->effective_values = mean.effective;
  result->mean_approximate = mean.approximate;
}

struct eh_wilcoxon eh_wilcoxon(struct eh_amount *amounts, size_t count, double confidence) {
  struct eh_wilcoxon result = {.effective_values = eh_no_figure("no stratum has peers")};
  struct eh_arena *scratch = eh_arena_new();
  struct eh_value_strata strata = eh_value_strata(scratch, amounts, count);
  rank_test(&strata, &result);
  result.ranks = test_ranks(scratch, &strata);
  set_mean(&strata, confidence, &result);
  result.shift = shift(&strata, &result, confidence);
  eh_arena_free(scratch);
  return result;
}
