/* The distribution of T counted state by state. */
#include <math.h>
#include <stdlib.h>

#include "engine/stats/rank_internal.h"

/* MOST_WORK: states times records added to them. */
enum { MOST_STATES = 100000, MOST_PRODUCTS = 2000000, MOST_WORK = 50000000 };

/* So many records of the classes so far fell to the unit, with this sum of doubled ranks (each less
   that of the commonest class). The weights are the chances under the tilt. */
struct taken {
  uint32_t records;
  int64_t sum;
  double weight;
};
/* A value of T, or of a stratum's part of it. */
struct point {
  double value, weight;
};
struct points {
  struct point *items;
  size_t count;
};

struct states {
  struct taken *items, *spare;
  size_t count;
  double work;
};

static int order(const struct taken *a, const struct taken *b) {
  if (a->records != b->records) return a->records < b->records ? -1 : 1;
  return (a->sum > b->sum) - (a->sum < b->sum);
}

/* One more record: it falls to the unit with chance pi, or not. Both lists are in order. */
static bool add_record(struct states *s, int64_t rank, double pi, uint32_t most) {
  size_t made = 0, i = 0, k = 0;
  while (i < s->count || k < s->count) {
    struct taken with = {UINT32_MAX, 0, 0.0};
    if (k < s->count) {
      with = s->items[k];
      with.records++;
      with.sum += rank;
      with.weight *= pi;
      if (with.records > most) {
        k++;
        continue;
      }
    }
    if (made == MOST_STATES) return false;
    int which = k >= s->count ? -1 : i >= s->count ? 1 : order(&s->items[i], &with);
    struct taken *to = &s->spare[made++];
    if (which > 0) {
      *to = with;
    } else {
      *to = s->items[i];
      to->weight *= 1.0 - pi;
      if (which == 0) to->weight += with.weight;
      i++;
    }
    k += which >= 0;
  }
  struct taken *kept = s->items;
  s->items = s->spare;
  s->spare = kept;
  s->count = made;
  s->work += (double)made;
  return s->work <= MOST_WORK;
}

static size_t commonest(const struct eh_scored_stratum *s) {
  size_t most = 0;
  for (size_t j = 1; j < s->count; j++)
    if (s->classes[j].records > s->classes[most].records) most = j;
  return most;
}

static double chance_of(const struct eh_scored_stratum *s, size_t class, double t) {
  return 1.0 / (1.0 + exp(-(s->alpha + t * s->classes[class].score)));
}

static bool add_classes(struct states *states, const struct eh_scored_stratum *s, size_t common,
                        double t) {
  states->items[0] = (struct taken){0, 0, 1.0};
  states->count = 1;
  for (size_t j = 0; j < s->count; j++) {
    if (j == common) continue;
    int64_t rank = (int64_t)(s->classes[j].doubled - s->classes[common].doubled);
    double pi = chance_of(s, j, t);
    for (double i = 0.0; i < s->classes[j].records; i += 1.0)
      if (!add_record(states, rank, pi, (uint32_t)s->n1)) return false;
  }
  return true;
}

static double log_choose(double n, double k) {
  int sign;
  return lgamma_r(n + 1.0, &sign) - lgamma_r(k + 1.0, &sign) - lgamma_r(n - k + 1.0, &sign);
}

/* log of the chance that so many of n records fall to the unit, each with chance pi. */
static double log_binomial(double n, double k, double pi) {
  return log_choose(n, k) + (k > 0.0 ? k * log(pi) : 0.0) + (k < n ? (n - k) * log1p(-pi) : 0.0);
}

static int by_value(const void *left, const void *right) {
  const struct point *a = left, *b = right;
  return (a->value > b->value) - (a->value < b->value);
}

/* Sort, and make one of values that differ by rounding only. */
static bool settle(struct points *points, double slack) {
  size_t kept = 0;
  if (points->count) qsort(points->items, points->count, sizeof *points->items, by_value);
  for (size_t i = 0; i < points->count; i++) {
    if (kept > 0 && points->items[i].value - points->items[kept - 1].value <= slack)
      points->items[kept - 1].weight += points->items[i].weight;
    else
      points->items[kept++] = points->items[i];
  }
  points->count = kept;
  return kept <= MOST_STATES;
}

/* The rest of the unit's records come from the commonest class. */
static struct points points_of(struct eh_arena *scratch, const struct eh_scored_stratum *s,
                               const struct states *states, size_t common, double t) {
  struct points points = {eh_arena_alloc(scratch, states->count, sizeof *points.items), 0};
  const struct eh_scored *most = &s->classes[common];
  double pi = chance_of(s, common, t), scale = 2.0 * (s->n + 1.0);
  for (size_t i = 0; i < states->count; i++) {
    double rest = s->n1 - (double)states->items[i].records;
    if (rest < 0.0 || rest > most->records) continue;
    points.items[points.count++] =
        (struct point){((double)states->items[i].sum + s->n1 * most->doubled) / scale,
                       states->items[i].weight * exp(log_binomial(most->records, rest, pi))};
  }
  return points;
}

/* A point's weight is its chance times exp(t value) and this factor, whose log it is: each way to
   give n1 records to the unit has the weight exp(alpha n1 + t value) prod (1 - pi)^records. */
static double log_factor(const struct eh_scored_stratum *s, double t) {
  double sum = s->alpha * s->n1 + log_choose(s->n, s->n1);
  for (size_t j = 0; j < s->count; j++) {
    double e = s->alpha + t * s->classes[j].score;
    sum -= s->classes[j].records * (e > 0.0 ? e + log1p(exp(-e)) : log1p(exp(e)));
  }
  return sum;
}

/* The sums of a value of each. */
static bool convolve(struct eh_arena *scratch, struct points *all, const struct points *more,
                     double slack) {
  if ((double)all->count * (double)more->count > MOST_PRODUCTS) return false;
  struct points sums = {eh_arena_alloc(scratch, all->count * more->count, sizeof *sums.items), 0};
  for (size_t i = 0; i < all->count; i++)
    for (size_t k = 0; k < more->count; k++)
      sums.items[sums.count++] = (struct point){all->items[i].value + more->items[k].value,
                                                all->items[i].weight * more->items[k].weight};
  *all = sums;
  return settle(all, slack);
}

static bool distribute(struct eh_arena *scratch, const struct eh_ranks *ranks, double t,
                       struct points *all) {
  double slack = 1e-9 * sqrt(ranks->variance);
  struct states states = {eh_arena_alloc(scratch, MOST_STATES, sizeof *states.items),
                          eh_arena_alloc(scratch, MOST_STATES, sizeof *states.items), 0, 0.0};
  all->items = eh_arena_alloc(scratch, 1, sizeof *all->items);
  all->items[0] = (struct point){0.0, 1.0};
  all->count = 1;
  for (size_t h = 0; h < ranks->count; h++) {
    const struct eh_scored_stratum *s = &ranks->strata[h];
    size_t common = commonest(s);
    if (!add_classes(&states, s, common, t)) return false;
    struct points more = points_of(scratch, s, &states, common, t);
    if (!settle(&more, slack) || !convolve(scratch, all, &more, slack)) return false;
  }
  return true;
}

bool eh_rank_exact(struct eh_arena *scratch, const struct eh_ranks *ranks,
                   const struct eh_rank_tilt *tilt, double *log_tail) {
  struct points all;
  struct eh_arena_mark mark = eh_arena_mark(scratch);
  bool counted = distribute(scratch, ranks, tilt->t, &all);
  double slack = 1e-9 * sqrt(ranks->variance), side = tilt->t >= 0.0 ? 1.0 : -1.0, tail = 0.0;
  for (size_t i = 0; counted && i < all.count; i++) {
    double beyond = side * (all.items[i].value - ranks->statistic);
    if (beyond > slack)
      tail += all.items[i].weight * exp(-fabs(tilt->t) * beyond);
    else if (beyond >= -slack)
      tail += all.items[i].weight / 2.0;
  }
  eh_arena_reset(scratch, mark);
  if (!counted || !(tail > 0.0)) return false;
  *log_tail = log(tail) - tilt->t * ranks->statistic;
  for (size_t h = 0; h < ranks->count; h++) *log_tail -= log_factor(&ranks->strata[h], tilt->t);
  return true;
}
