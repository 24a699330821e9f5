/* The typical unit of a block, and how sure distances from it are: the draws of typical.h. */
#include <math.h>

#include "engine/base/parallel.h"
#include "engine/base/random.h"
#include "engine/stats/typical_internal.h"
#include "engine/stats/weighted_median.h"

enum {
  MOST_CHUNKS = 16, /* of draws; what is added up in each does not depend on the threads */
  TOGETHER = EH_DRAWN_TOGETHER
};

/* --- normal values --- */

struct filling {
  double *normal;
  size_t width;
  uint64_t seed;
};

static void fill_normal(uint64_t seed, size_t draw, double *normal, size_t count) {
  struct eh_random random = eh_random_seeded(seed, draw);
  for (size_t i = 0; i < count; i++) normal[i] = eh_random_normal(&random);
}

static void fill_draw(void *context, size_t draw, size_t worker) {
  const struct filling *f = context;
  (void)worker;
  fill_normal(f->seed, draw, f->normal + draw * f->width, f->width);
}

/* Kept for the small blocks, where there are several. */
struct eh_typical_draws eh_typical_draws_start(struct eh_arena *arena, const struct eh_effects *e,
                                               const struct eh_typical_options *options) {
  size_t width = 0, small = 0;
  for (size_t b = 0; b < e->blocks; b++) {
    if (!e->block[b].shares) continue;
    small++;
    if (e->block[b].units > width) width = e->block[b].units;
  }
  if (small < 2) return (struct eh_typical_draws){e, options, NULL, 0};
  double *normal = eh_arena_alloc(arena, options->draws, width * sizeof *normal);
  eh_parallel(options->draws, options->threads, fill_draw,
              &(struct filling){normal, width, options->seed});
  return (struct eh_typical_draws){e, options, normal, width};
}

/* --- medians --- */

/* A block, as the draws see it. */
struct drawing {
  const struct eh_typical_draws *draws;
  size_t block, units, chunks;
  const double *theta; /* by member */
  const size_t *place; /* the listed members, and their records */
  const double *weight;
  size_t listed;
  double total, typical;
  double *sums;              /* by chunk: by member the sum of deviations, then of their squares */
  double *scratch;           /* by worker: see worker_of */
  struct eh_weighted *items; /* by worker */
};

/* Where medians have been so far: the next is looked for there first. */
struct window {
  double furthest;
  size_t medians;
};

static double median_of_all(const struct drawing *d, const double *values,
                            struct eh_weighted *items) {
  for (size_t i = 0; i < d->listed; i++)
    items[i] = (struct eh_weighted){values[d->place[i]], d->weight[i]};
  return eh_weighted_median(items, d->listed, 0.0, d->total);
}

/* The median if it is within reach of the typical effect; false: it is not. */
static bool median_near(const struct drawing *d, const double *values, double reach,
                        struct eh_weighted *items, double *median) {
  double low = d->typical - reach, high = d->typical + reach, below = 0.0, within = 0.0;
  size_t count = 0;
  for (size_t i = 0; i < d->listed; i++) {
    double value = values[d->place[i]];
    bool under = value < low, in = !under & (value <= high);
    below += under ? d->weight[i] : 0.0;
    within += in ? d->weight[i] : 0.0;
    items[count] = (struct eh_weighted){value, d->weight[i]};
    count += in;
  }
  if (!(2.0 * below < d->total && 2.0 * (below + within) > d->total)) return false;
  *median = eh_weighted_median(items, count, below, d->total);
  return true;
}

static double median_of(const struct drawing *d, const double *values, struct window *window,
                        struct eh_weighted *items) {
  enum { FIRST_MEDIANS = 8 };
  double median, reach = 1.5 * window->furthest;
  if (window->medians < FIRST_MEDIANS || !median_near(d, values, reach, items, &median))
    median = median_of_all(d, values, items);
  window->medians++;
  window->furthest = fmax(window->furthest, fabs(median - d->typical));
  return median;
}

/* --- draws --- */

/* A thread's room: what is drawn for several draws at once, and the effects of one of them. */
struct worker {
  double *normal, *error, *drawn;
  struct eh_weighted *items;
};
enum { WORKER_VALUES = 2 * TOGETHER + 1 }; /* a unit */

static struct worker worker_of(const struct drawing *d, size_t worker) {
  double *normal = d->scratch + worker * WORKER_VALUES * d->units;
  return (struct worker){normal, normal + TOGETHER * d->units, normal + 2 * TOGETHER * d->units,
                         d->items + worker * (d->units + 1)};
}

/* The values of some draws from the first on, side by side; beyond count what stood there before,
   or 0. */
static void place_normal(const struct drawing *d, size_t first, size_t count, struct worker *w) {
  const struct eh_typical_draws *draws = d->draws;
  for (size_t l = 0; l < count; l++) {
    const double *normal = w->drawn;
    if (d->units <= draws->width)
      normal = draws->normal + (first + l) * draws->width;
    else
      fill_normal(draws->options->seed, first + l, w->drawn, d->units);
    for (size_t i = 0; i < d->units; i++) w->normal[i * TOGETHER + l] = normal[i];
  }
}

/* Add the distances that the errors of one draw, or their opposite, would have made. */
static void add_draw(const struct drawing *d, const double *error, double sign, struct worker *w,
                     struct window *window, double *sum, double *squares) {
  for (size_t i = 0; i < d->units; i++) w->drawn[i] = d->theta[i] + sign * error[i * TOGETHER];
  double typical = median_of(d, w->drawn, window, w->items);
  for (size_t i = 0; i < d->units; i++) {
    double deviation = (w->drawn[i] - typical) - (d->theta[i] - d->typical);
    sum[i] += deviation;
    squares[i] += deviation * deviation;
  }
}

/* Each draw serves twice, with its errors and with their opposites: swapping what is called the
   event then changes nothing. */
static void draw_chunk(void *context, size_t chunk, size_t worker) {
  const struct drawing *d = context;
  const struct eh_typical_options *options = d->draws->options;
  double *sum = d->sums + 2 * chunk * d->units, *squares = sum + d->units;
  struct worker w = worker_of(d, worker);
  struct window window = {0};
  size_t end = options->draws * (chunk + 1) / d->chunks;
  for (size_t k = options->draws * chunk / d->chunks, count; k < end; k += count) {
    count = end - k < TOGETHER ? end - k : TOGETHER;
    place_normal(d, k, count, &w);
    eh_effects_draw(d->draws->effects, d->block, options->inflation, w.normal, w.error);
    for (size_t l = 0; l < count; l++) {
      add_draw(d, w.error + l, 1.0, &w, &window, sum, squares);
      add_draw(d, w.error + l, -1.0, &w, &window, sum, squares);
    }
  }
}

static void add_chunks(const struct drawing *d, double *errors) {
  double draws = 2.0 * (double)d->draws->options->draws;
  for (size_t i = 0; i < d->units; i++) {
    double sum = 0.0, squares = 0.0;
    for (size_t c = 0; c < d->chunks; c++) {
      sum += d->sums[2 * c * d->units + i];
      squares += d->sums[(2 * c + 1) * d->units + i];
    }
    errors[i] = sqrt(fmax(squares / draws - sum / draws * (sum / draws), 0.0));
  }
}

static void list_units(struct eh_arena *scratch, struct drawing *d) {
  const struct eh_effects *e = d->draws->effects;
  const size_t *member = e->member + e->block[d->block].first;
  double *theta = eh_arena_alloc(scratch, 2 * d->units, sizeof *theta), *weight = theta + d->units;
  size_t *place = eh_arena_alloc(scratch, d->units, sizeof *place);
  for (size_t i = 0; i < d->units; i++) {
    theta[i] = e->unit[member[i]].theta;
    if (!d->draws->options->listed[member[i]]) continue;
    place[d->listed] = i;
    weight[d->listed] = e->unit[member[i]].records;
    d->total += weight[d->listed++];
  }
  d->theta = theta;
  d->place = place;
  d->weight = weight;
}

double eh_typical_errors(struct eh_arena *scratch, const struct eh_typical_draws *draws,
                         size_t block, size_t threads, double *errors) {
  const struct eh_typical_options *options = draws->options;
  struct drawing d = {.draws = draws,
                      .block = block,
                      .units = draws->effects->block[block].units,
                      .chunks = options->draws < MOST_CHUNKS ? options->draws : MOST_CHUNKS};
  list_units(scratch, &d);
  d.sums = eh_arena_alloc(scratch, 2 * d.chunks * d.units, sizeof *d.sums);
  d.scratch = eh_arena_alloc(scratch, threads * d.units, WORKER_VALUES * sizeof *d.scratch);
  d.items = eh_arena_alloc(scratch, threads * (d.units + 1), sizeof *d.items);
  d.typical = median_of_all(&d, d.theta, d.items);
  eh_parallel(d.chunks, threads, draw_chunk, &d);
  add_chunks(&d, errors);
  return d.typical;
}
