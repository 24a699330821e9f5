#include "engine/stats/typical.h"

#include <assert.h>
#include <math.h>

#include "engine/base/parallel.h"
#include "engine/base/random.h"
#include "engine/stats/chi_square.h"

#define TOO_FEW "fewer than 3 units that share kinds of case have an effect"

/* --- the weighted median --- */

struct weighted {
  double value, weight;
};

static void swap(struct weighted *a, struct weighted *b) {
  struct weighted kept = *a;
  *a = *b;
  *b = kept;
}

static double middle_of_three(double a, double b, double c) {
  return a < b ? (b < c ? b : a < c ? c : a) : (a < c ? a : b < c ? c : b);
}

/* Items of a range, those below a pivot moved to its front, those above to its end. */
struct parted {
  size_t equal, above;          /* where they begin */
  double below_weight, equal_weight;
};
static struct parted part(struct weighted *items, size_t first, size_t end, double pivot) {
  struct parted p = {first, end, 0.0, 0.0};
  for (size_t i = first; i < p.above;) {
    if (items[i].value < pivot) {
      p.below_weight += items[i].weight;
      swap(&items[i++], &items[p.equal++]);
    } else if (items[i].value > pivot) {
      swap(&items[i], &items[--p.above]);
    } else {
      p.equal_weight += items[i++].weight;
    }
  }
  return p;
}

static double least_from(const struct weighted *items, size_t first, size_t count) {
  double least = items[first].value;
  for (size_t i = first + 1; i < count; i++)
    if (items[i].value < least) least = items[i].value;
  return least;
}

/* The value with half of the weight on each side; between two that share the middle, their mean.
 * Weights are counts, whose sums are exact. Found by parting what may hold it, again and again: a
 * median is asked for in every draw; to sort 50,000 units for each took half of an audit. */
static double weighted_median(struct weighted *items, size_t count) {
  double total = 0.0, before = 0.0;
  for (size_t i = 0; i < count; i++) total += items[i].weight;
  for (size_t first = 0, end = count;;) {
    double pivot = middle_of_three(items[first].value, items[first + (end - first) / 2].value,
                                   items[end - 1].value);
    struct parted p = part(items, first, end, pivot);
    double below = before + p.below_weight, reached = below + p.equal_weight;
    if (p.equal > first && 2.0 * below >= total) {
      end = p.equal;
    } else if (2.0 * reached < total && p.above < end) {
      before = reached;
      first = p.above;
    } else {
      bool shared = 2.0 * reached == total && p.above < count;
      return shared ? pivot + (least_from(items, p.above, count) - pivot) / 2.0 : pivot;
    }
  }
}

/* The median of a block, of values by its member; items: room for as many. */
static double median_of(const struct eh_effects *e, size_t block, const bool *listed,
                        const double *values, struct weighted *items) {
  const struct eh_block_fit *b = &e->block[block];
  size_t count = 0;
  for (size_t k = 0; k < b->units; k++) {
    size_t u = e->member[b->first + k];
    if (listed[u]) items[count++] = (struct weighted){values[k], e->unit[u].records};
  }
  return weighted_median(items, count);
}

/* --- draws --- */

enum { MOST_CHUNKS = 16 }; /* of draws; what is added up in each does not depend on the threads */

struct drawing {
  const struct eh_effects *effects;
  size_t block, units, chunks;
  double typical;
  const struct eh_typical_options *options;
  double *sums;            /* by chunk: by member the sum of deviations, then of their squares */
  double *scratch;         /* by worker: three values a member */
  struct weighted *sorted; /* by worker */
};

/* Add the distances that these errors, or their opposite, would have made. */
static void add_draw(const struct drawing *d, const double *error, double sign, size_t worker,
                     double *sum, double *squares) {
  const size_t *member = d->effects->member + d->effects->block[d->block].first;
  double *drawn = d->scratch + (3 * worker + 2) * d->units;
  for (size_t i = 0; i < d->units; i++)
    drawn[i] = d->effects->unit[member[i]].theta + sign * error[i];
  double typical =
      median_of(d->effects, d->block, d->options->listed, drawn, d->sorted + worker * d->units);
  for (size_t i = 0; i < d->units; i++) {
    double deviation = (drawn[i] - typical) - (d->effects->unit[member[i]].theta - d->typical);
    sum[i] += deviation;
    squares[i] += deviation * deviation;
  }
}

/* Each draw serves twice, with its errors and with their opposites: swapping what is called the
   event then changes nothing. */
static void draw_chunk(void *context, size_t chunk, size_t worker) {
  const struct drawing *d = context;
  double *sum = d->sums + 2 * chunk * d->units, *squares = sum + d->units;
  double *normal = d->scratch + 3 * worker * d->units, *error = normal + d->units;
  size_t first = d->options->draws * chunk / d->chunks;
  size_t end = d->options->draws * (chunk + 1) / d->chunks;
  for (size_t k = first; k < end; k++) {
    struct eh_random random = eh_random_seeded(d->options->seed, k);
    for (size_t i = 0; i < d->units; i++) normal[i] = eh_random_normal(&random);
    eh_effects_draw(d->effects, d->block, d->options->inflation, normal, error);
    add_draw(d, error, 1.0, worker, sum, squares);
    add_draw(d, error, -1.0, worker, sum, squares);
  }
}

/* Standard deviations of the distances, by member. */
static void errors_of(struct eh_arena *scratch, const struct eh_effects *e, size_t block,
                      double typical, const struct eh_typical_options *options, double *errors) {
  struct drawing d = {e, block, e->block[block].units, .typical = typical, .options = options};
  d.chunks = options->draws < MOST_CHUNKS ? options->draws : MOST_CHUNKS;
  d.sums = eh_arena_alloc(scratch, 2 * d.chunks * d.units, sizeof *d.sums);
  d.scratch = eh_arena_alloc(scratch, 3 * options->threads * d.units, sizeof *d.scratch);
  d.sorted = eh_arena_alloc(scratch, options->threads * d.units, sizeof *d.sorted);
  eh_parallel(d.chunks, options->threads, draw_chunk, &d);
  for (size_t i = 0; i < d.units; i++) {
    double sum = 0.0, squares = 0.0, draws = 2.0 * (double)options->draws;
    for (size_t c = 0; c < d.chunks; c++) {
      sum += d.sums[2 * c * d.units + i];
      squares += d.sums[(2 * c + 1) * d.units + i];
    }
    errors[i] = sqrt(fmax(squares / draws - sum / draws * (sum / draws), 0.0));
  }
}

/* --- units --- */

struct eh_versus_typical eh_no_versus_typical(const char *why_not) {
  struct eh_figure no = eh_no_figure(why_not);
  return (struct eh_versus_typical){eh_no_interval(why_not), no, no, no, no, 0, 0};
}

static struct eh_versus_typical with(double typical, size_t block, double excess, double error,
                                     double variance, double confidence) {
  double reach = eh_normal_reach(confidence) * error;
  double log10_p = error > 0.0 ? eh_normal_test(excess / error).log10_p : 0.0;
  return (struct eh_versus_typical){
      .excess = {eh_figure(excess), eh_figure(excess - reach), eh_figure(excess + reach)},
      .error = eh_figure(error),
      .log10_p = eh_figure(log10_p),
      .theta = eh_figure(typical + excess),
      .variance = eh_figure(variance),
      .block = block};
}

static double inflation_of(const struct eh_typical_options *o, size_t unit) {
  return o->inflation ? o->inflation[unit] : 1.0;
}

static const char *why_no_typical(const struct eh_block_fit *b, size_t listed) {
  if (b->why_not) return b->why_not;
  if (!b->shares && b->thinness > EH_TOO_THIN) return EH_LINKED_BY_TOO_FEW;
  return listed < 3 ? TOO_FEW : NULL;
}

/* The fitted units of a block; returns its typical theta. */
static struct eh_figure compare_block(const struct eh_effects *e, size_t block,
                                      const struct eh_typical_options *o,
                                      struct eh_versus_typical *units) {
  const struct eh_block_fit *b = &e->block[block];
  const size_t *member = e->member + b->first;
  size_t listed = 0;
  for (size_t k = 0; k < b->units; k++) listed += o->listed[member[k]];
  const char *why_not = why_no_typical(b, listed);
  if (why_not) {
    for (size_t k = 0; k < b->units; k++)
      if (o->listed[member[k]]) units[member[k]] = eh_no_versus_typical(why_not);
    return eh_no_figure(why_not);
  }
  struct eh_arena *scratch = eh_arena_new();
  double *theta = eh_arena_alloc(scratch, 2 * b->units, sizeof *theta), *error = theta + b->units;
  struct weighted *items = eh_arena_alloc(scratch, b->units, sizeof *items);
  for (size_t k = 0; k < b->units; k++) theta[k] = e->unit[member[k]].theta;
  double typical = median_of(e, block, o->listed, theta, items);
  errors_of(scratch, e, block, typical, o, error);
  for (size_t k = 0; k < b->units; k++) {
    size_t u = member[k];
    if (!o->listed[u]) continue;
    units[u] = with(typical, block, theta[k] - typical, error[k],
                    e->unit[u].variance * inflation_of(o, u), o->confidence);
    units[u].block_units = listed;
  }
  eh_arena_free(scratch);
  return eh_figure(typical);
}

/* What a unit outside the fit has, and would have were it the typical one. */
struct step {
  double events, expected, variance;
  size_t block;
};

static void add_steps(const struct eh_effects *e, const struct eh_association_cell *cells,
                      size_t count, const struct eh_figure *typical, struct step *steps) {
  for (size_t i = 0, k = 0; i < count; i++) {
    if (i > 0 && cells[i].stratum != cells[i - 1].stratum) k++;
    const struct eh_stratum_fit *stratum = &e->stratum[k];
    if (e->unit[cells[i].unit].fitted != EH_ONE_STEP || cells[i].n == 0) continue;
    if (!stratum->fitted || typical[stratum->block].why_not) continue;
    double log_odds = stratum->log_odds + typical[stratum->block].value;
    double p = 1.0 / (1.0 + exp(-log_odds)), n = (double)cells[i].n;
    struct step *step = &steps[cells[i].unit];
    step->events += (double)cells[i].events;
    step->expected += n * p;
    step->variance += n * p * (1.0 - p);
    step->block = stratum->block;
  }
}

static size_t listed_in(const struct eh_effects *e, size_t block, const bool *listed) {
  size_t count = 0;
  for (size_t k = 0; k < e->block[block].units; k++)
    count += listed[e->member[e->block[block].first + k]];
  return count;
}

void eh_typical(const struct eh_effects *e, const struct eh_association_cell *cells, size_t count,
                const struct eh_typical_options *o, struct eh_versus_typical *units) {
  assert(o->draws >= 1 && o->threads >= 1);
  struct eh_arena *scratch = eh_arena_new();
  struct eh_figure *typical = eh_arena_alloc(scratch, e->blocks, sizeof *typical);
  struct step *steps = eh_arena_alloc(scratch, e->units, sizeof *steps);
  for (size_t b = 0; b < e->blocks; b++) typical[b] = compare_block(e, b, o, units);
  add_steps(e, cells, count, typical, steps);
  for (size_t u = 0; u < e->units; u++) {
    if (!o->listed[u] || (e->unit[u].fitted == EH_FITTED)) continue;
    const struct step *step = &steps[u];
    if (!(step->variance > 0.0)) {
      units[u] =
          eh_no_versus_typical(e->unit[u].fitted == EH_ONE_STEP ? TOO_FEW : e->unit[u].why_not);
      continue;
    }
    double variance = inflation_of(o, u) / step->variance;
    units[u] = with(typical[step->block].value, step->block,
                    (step->events - step->expected) / step->variance, sqrt(variance), variance,
                    o->confidence);
    units[u].block_units = listed_in(e, step->block, o->listed);
  }
  eh_arena_free(scratch);
}
