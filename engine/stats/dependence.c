#include "engine/stats/dependence.h"

#include <math.h>

#include "engine/base/sort.h"
#include "engine/stats/dependence_internal.h"

/* Sums over clusters with two records or more, of all or of one unit's own. */
struct sums {
  double q, a;       /* products of pairs; what theta = 1 would make of them */
  double t;          /* sum of T = W^2 - sum v^2 */
  double qq, qa, aa; /* sums of products, for the spread of q - theta a */
  double records, w; /* records, and their v */
  double variance;   /* of sum q where theta is true, as the model has it */
};

/* One cluster with two records or more. */
struct cluster {
  double q, a, t, w, k;
  uint32_t unit; /* whose they all are; NO_UNIT: of several */
};
enum { NO_UNIT = UINT32_MAX };

/* A unit's own level, which is taken out. */
struct level {
  double n, v, deviation, b; /* records; sum of v; of y - m/n; deviation/v */
  double pairs;              /* P: sum over its parts of clusters of t = W^2 - sum v^2 */
};

struct work {
  const struct eh_clustering *c;
  struct eh_cluster_stratum *parts;
  struct level *levels;
  struct cluster *clusters;
  size_t count;
  uint64_t *sizes;   /* of clusters with two records or more, also of those left out */
  size_t with_pairs; /* such clusters */
  double *seen;      /* by part: the records of the cluster at hand */
};

static void sum_parts(struct work *w) {
  for (size_t i = 0; i < w->c->ends[w->c->clusters - 1]; i++) {
    const struct eh_cluster_cell *cell = &w->c->cells[i];
    w->parts[cell->part].n += (double)cell->records;
    w->parts[cell->part].m += (double)cell->events;
  }
  eh_cluster_stratum_settle(w->parts, w->c->parts);
}

static uint32_t unit_of(const struct work *w, size_t cell) {
  return w->c->bases[w->c->cells[cell].base].unit;
}

static void sum_levels(struct work *w) {
  for (size_t i = 0; i < w->c->ends[w->c->clusters - 1]; i++) {
    const struct eh_cluster_cell *cell = &w->c->cells[i];
    const struct eh_cluster_stratum *part = &w->parts[cell->part];
    if (part->v <= 0.0) continue;
    struct level *level = &w->levels[unit_of(w, i)];
    level->n += (double)cell->records;
    level->v += (double)cell->records * part->v;
    level->deviation += (double)cell->events - (double)cell->records * part->rate;
  }
  for (size_t u = 0; u < w->c->units; u++)
    if (w->levels[u].v > 0.0) w->levels[u].b = w->levels[u].deviation / w->levels[u].v;
}

/* W = sum v and sum v^2 of some cells. */
struct weight {
  double w, squares;
};

static struct weight weigh(const struct work *w, size_t first, size_t end) {
  struct weight sum = {0};
  for (size_t i = first; i < end; i++) {
    double n = (double)w->c->cells[i].records, v = w->parts[w->c->cells[i].part].v;
    sum.w += n * v;
    sum.squares += n * v * v;
  }
  return sum;
}

/* One record only. */
static bool is_single(const struct eh_clustering *c, size_t cluster) {
  size_t first = eh_cluster_first(c, cluster);
  return c->ends[cluster] - first == 1 && c->cells[first].records == 1;
}

static void sum_pairs_of_units(struct work *w) {
  for (size_t k = 0; k < w->c->clusters; k++) {
    size_t end = w->c->ends[k];
    if (is_single(w->c, k)) continue;
    for (size_t i = eh_cluster_first(w->c, k), next; i < end; i = next) {
      next = eh_cluster_unit_end(w->c, i, end);
      struct weight sum = weigh(w, i, next);
      w->levels[unit_of(w, i)].pairs += sum.w * sum.w - sum.squares;
    }
  }
}

/* The residuals of some cells. */
struct residuals {
  double sum, squares;
};

/* Adds one unit's part of a cluster, with the corrections that undo the centring by its level. */
static void add_part(const struct work *w, size_t first, size_t end, struct cluster *cluster,
                     struct residuals *r) {
  const struct level *level = &w->levels[unit_of(w, first)];
  struct weight all = weigh(w, first, end);
  double cross = 0.0;
  for (size_t i = first; i < end; i++) {
    const struct eh_cluster_cell *cell = &w->c->cells[i];
    const struct eh_cluster_stratum *part = &w->parts[cell->part];
    if (part->v <= 0.0) continue;
    double n = (double)cell->records, events = (double)cell->events;
    double without = -part->rate - level->b * part->v, with = 1.0 + without;
    r->sum += events * with + (n - events) * without;
    r->squares += events * with * with + (n - events) * without * without;
    cross += n * part->v * (all.w - part->v) * (all.w - part->v);
    cluster->k += n;
    w->seen[cell->part] += n;
  }
  cluster->w += all.w;
  cluster->t -= all.squares;
  if (level->v <= 0.0) return;
  double pairs = all.w * all.w - all.squares;
  cluster->q += pairs / level->v;
  cluster->a += (level->pairs / level->v * pairs - 2.0 * cross) / level->v;
}

/* The correction for the rate of a part, which its own records helped to make. */
static double rate_correction(const struct work *w, size_t first, size_t end) {
  double sum = 0.0;
  for (size_t i = first; i < end; i++) {
    size_t part = w->c->cells[i].part;
    double n = w->seen[part];
    if (n > 1.0) sum += w->parts[part].v * n * (n - 1.0) / w->parts[part].n;
    w->seen[part] = 0.0;
  }
  return sum;
}

static struct cluster measure_cluster(const struct work *w, size_t first, size_t end) {
  struct cluster cluster = {.unit = unit_of(w, first)};
  struct residuals r = {0};
  for (size_t i = first, next; i < end; i = next) {
    next = eh_cluster_unit_end(w->c, i, end);
    if (i > first) cluster.unit = NO_UNIT;
    add_part(w, i, next, &cluster, &r);
  }
  cluster.t += cluster.w * cluster.w;
  cluster.a += cluster.t;
  cluster.q += r.sum * r.sum - r.squares + rate_correction(w, first, end);
  return cluster;
}

/* Where all of a unit's records are one cluster, its own level and the cluster's cannot be told
   apart: taken in, such units would let true differences look like dependence. */
static bool is_whole_unit(const struct work *w, const struct cluster *cluster) {
  return cluster->unit != NO_UNIT && cluster->k >= w->levels[cluster->unit].n;
}

static void measure_clusters(struct work *w) {
  for (size_t k = 0; k < w->c->clusters; k++) {
    if (is_single(w->c, k)) continue;
    struct cluster cluster = measure_cluster(w, eh_cluster_first(w->c, k), w->c->ends[k]);
    if (cluster.k < 2.0) continue;
    w->sizes[w->with_pairs++] = (uint64_t)cluster.k;
    if (!is_whole_unit(w, &cluster)) w->clusters[w->count++] = cluster;
  }
}

static void add_cluster(struct sums *s, const struct cluster *c) {
  s->q += c->q;
  s->a += c->a;
  s->t += c->t;
  s->qq += c->q * c->q;
  s->qa += c->q * c->a;
  s->aa += c->a * c->a;
  s->records += c->k;
  s->w += c->w;
}

/* The variance of a cluster's q where its records have the correlation theta W/k. */
static double model_variance(const struct cluster *c, double theta) {
  double x = fmin(1.0, theta * c->w / c->k), others = c->k - 1.0;
  double together = others * (1.0 + others * x) * (1.0 + others * x) + (1.0 - x) * (1.0 - x);
  return 2.0 * c->t * together / c->k;
}

/* The comparison's theta, its error and the screen. */
static void estimate(const struct work *w, struct sums *s, struct eh_dependence *d) {
  for (size_t i = 0; i < w->count; i++) add_cluster(s, &w->clusters[i]);
  d->theta = d->raw = eh_figure(0.0);
  if (w->with_pairs == 0) return;
  if (!(s->a > 0.0 && s->t > 0.0)) {
    d->theta = d->raw = eh_no_figure("every unit's records are one cluster");
    return;
  }
  double theta = s->q / s->a;
  d->most = s->records / s->w;
  d->raw = eh_figure(theta);
  d->z = theta * sqrt(s->a / 2.0);
  theta = fmin(fmax(theta, 0.0), d->most);
  d->theta = eh_figure(theta);
  for (size_t i = 0; i < w->count; i++) s->variance += model_variance(&w->clusters[i], theta);
  double seen = s->qq - 2.0 * theta * s->qa + theta * theta * s->aa;
  d->error = sqrt(fmax(s->variance, seen) / (s->a * s->t));
}

static bool tells(const struct sums *s) { return s->a > 0.0 && s->t > 0.0 && s->variance > 0.0; }

/* How much the units' own thetas differ beyond their errors (DerSimonian and Laird's estimate). */
static double between_units(const struct sums *own, size_t units) {
  double weights = 0.0, squares = 0.0, sum = 0.0, spread = 0.0, count = 0.0;
  for (size_t u = 0; u < units; u++) {
    if (!tells(&own[u])) continue;
    double weight = own[u].a * own[u].t / own[u].variance;
    weights += weight;
    squares += weight * weight;
    sum += weight * (own[u].q / own[u].a);
    count += 1.0;
  }
  if (count <= 2.0) return 0.0;
  for (size_t u = 0; u < units; u++) {
    if (!tells(&own[u])) continue;
    double distance = own[u].q / own[u].a - sum / weights;
    spread += own[u].a * own[u].t / own[u].variance * distance * distance;
  }
  return fmax(0.0, (spread - (count - 1.0)) / (weights - squares / weights));
}

/* A unit that varies more than the others is taken for what it is, as far as its data tell. */
static void estimate_units(const struct work *w, struct sums *own, struct eh_dependence *d) {
  double theta = d->theta.value;
  for (size_t i = 0; i < w->count; i++) {
    const struct cluster *c = &w->clusters[i];
    if (c->unit == NO_UNIT) continue;
    add_cluster(&own[c->unit], c);
    own[c->unit].variance += model_variance(c, theta);
  }
  d->between = between_units(own, w->c->units);
  for (size_t u = 0; u < w->c->units; u++) {
    struct eh_unit_dependence *unit = &d->units[u];
    unit->theta = theta;
    unit->error = d->error;
    unit->own = unit->own_z = eh_no_figure("too few decisions of one cluster are its own");
    if (!tells(&own[u])) continue;
    double mine = own[u].q / own[u].a, square = own[u].variance / (own[u].a * own[u].t);
    unit->own = eh_figure(mine);
    unit->own_z = eh_figure((mine - theta) / sqrt(square));
    if (mine <= theta || d->between <= 0.0) continue;
    double share = d->between / (d->between + square), rest = 1.0 - share;
    unit->theta = fmin(theta + share * (mine - theta), d->most);
    unit->error = sqrt(share * square + rest * rest * d->error * d->error);
  }
}

static void count_sizes(const struct work *w, struct eh_dependence *d) {
  d->with_pairs = w->with_pairs;
  if (w->with_pairs == 0) return;
  eh_sort_keys(w->sizes, w->with_pairs, 64, 1);
  d->smallest = w->sizes[0];
  d->largest = w->sizes[w->with_pairs - 1];
  d->median =
      ((double)w->sizes[(w->with_pairs - 1) / 2] + (double)w->sizes[w->with_pairs / 2]) / 2.0;
}

static void choose_units(const struct eh_clustering *c, enum eh_dependence_use use,
                         struct eh_dependence *d) {
  bool all = use == EH_DEPENDENCE_NAMED || (use == EH_DEPENDENCE_SCREENED && d->z >= EH_SCREEN_Z);
  for (size_t u = 0; u < c->units; u++) {
    struct eh_unit_dependence *unit = &d->units[u];
    bool alone = use == EH_DEPENDENCE_SCREENED && !unit->own_z.why_not &&
                 unit->own_z.value > EH_SCREEN_OWN_Z;
    unit->decides = all || alone;
  }
}

struct eh_dependence eh_dependence(struct eh_arena *arena, const struct eh_clustering *c,
                                   enum eh_dependence_use use) {
  struct eh_dependence d = {
      .clusters = c->clusters, .theta = eh_figure(0.0), .raw = eh_figure(0.0)};
  d.units = eh_arena_alloc(arena, c->units, sizeof *d.units);
  if (c->clusters == 0) return d;
  struct eh_arena *scratch = eh_arena_new();
  size_t pairs = 0;
  for (size_t k = 0; k < c->clusters; k++) pairs += !is_single(c, k);
  struct work w = {.c = c,
                   .parts = eh_arena_alloc(scratch, c->parts, sizeof *w.parts),
                   .levels = eh_arena_alloc(scratch, c->units, sizeof *w.levels),
                   .clusters = eh_arena_alloc(scratch, pairs, sizeof *w.clusters),
                   .sizes = eh_arena_alloc(scratch, pairs, sizeof *w.sizes),
                   .seen = eh_arena_alloc(scratch, c->parts, sizeof *w.seen)};
  sum_parts(&w);
  sum_levels(&w);
  sum_pairs_of_units(&w);
  measure_clusters(&w);
  struct sums all = {0}, *own = eh_arena_alloc(scratch, c->units, sizeof *own);
  estimate(&w, &all, &d);
  estimate_units(&w, own, &d);
  count_sizes(&w, &d);
  choose_units(c, use, &d);
  d.bounded = eh_dependence_designs(scratch, c, d.units);
  eh_arena_free(scratch);
  return d;
}
