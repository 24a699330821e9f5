#include "engine/stats/ranks.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "engine/base/memory.h"
#include "engine/base/parallel.h"
#include "engine/base/random.h"

struct drawn {
  double value;
  size_t unit;
};

/* Shared by all draws; each writes its own column of twice_rank and its worker's scratch. */
struct drawing {
  size_t units, draws;
  const double *mean, *deviation;
  uint64_t seed;
  uint32_t *twice_rank; /* [unit][draw]: tied units share half ranks, so ranks are stored doubled */
  struct drawn *scratch;
};

static int by_value(const void *left, const void *right) {
  const struct drawn *a = left, *b = right;
  return (a->value > b->value) - (a->value < b->value);
}

static void draw(void *context, size_t index, size_t worker) {
  const struct drawing *d = context;
  struct eh_random random = eh_random_seeded(d->seed, index);
  struct drawn *drawn = d->scratch + worker * d->units;
  for (size_t i = 0; i < d->units; i++)
    drawn[i] = (struct drawn){d->mean[i] + d->deviation[i] * eh_random_normal(&random), i};
  qsort(drawn, d->units, sizeof *drawn, by_value);
  for (size_t first = 0, end; first < d->units; first = end) {
    for (end = first + 1; end < d->units && drawn[end].value <= drawn[first].value;) end++;
    for (size_t i = first; i < end; i++)
      d->twice_rank[drawn[i].unit * d->draws + index] = (uint32_t)(first + 1 + end);
  }
}

static int by_rank(const void *left, const void *right) {
  uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
  return (a > b) - (a < b);
}

/* Sorts the unit's ranks. The range leaves out at most 2.5% of the draws at each end. */
static struct eh_rank summarise(uint32_t *twice_rank, size_t draws) {
  uint64_t sum = 0;
  for (size_t k = 0; k < draws; k++) sum += twice_rank[k];
  qsort(twice_rank, draws, sizeof *twice_rank, by_rank);
  size_t outside = draws / 40;
  return (struct eh_rank){eh_figure((double)sum / (2.0 * (double)draws)),
                          eh_figure(floor(twice_rank[outside] / 2.0)),
                          eh_figure(ceil(twice_rank[draws - 1 - outside] / 2.0))};
}

/* The units that can be ranked: index[k] is the k-th of them. */
static size_t rankable(const struct eh_standing *standings, size_t count, struct eh_rank *ranks,
                       size_t *index) {
  size_t units = 0;
  for (size_t i = 0; i < count; i++) {
    struct eh_figure none = standings[i].mean;
    if (!none.why_not && standings[i].variance.value <= 0.0)
      none = eh_no_figure("the units' spread is 0");
    ranks[i] = (struct eh_rank){none, none, none};
    if (!none.why_not) index[units++] = i;
  }
  return units;
}

void eh_ranks(const struct eh_standing *standings, size_t count,
              const struct eh_rank_options *options, struct eh_rank *ranks) {
  assert(options->draws >= 1 && options->threads >= 1 && count < UINT32_MAX / 2);
  if (count == 0) return;
  struct eh_arena *scratch = eh_arena_new();
  size_t *index = eh_arena_alloc(scratch, count, sizeof *index);
  size_t units = rankable(standings, count, ranks, index);
  if (units > 0) {
    double *mean = eh_arena_alloc(scratch, 2 * units, sizeof *mean), *deviation = mean + units;
    for (size_t k = 0; k < units; k++) {
      mean[k] = standings[index[k]].mean.value;
      deviation[k] = sqrt(standings[index[k]].variance.value);
    }
    struct drawing drawing = {units, options->draws, mean, deviation, options->seed, NULL, NULL};
    size_t places = units * options->threads;
    drawing.twice_rank =
        eh_arena_alloc(scratch, options->draws, units * sizeof *drawing.twice_rank);
    drawing.scratch = eh_arena_alloc(scratch, places, sizeof *drawing.scratch);
    eh_parallel(options->draws, options->threads, draw, &drawing);
    for (size_t k = 0; k < units; k++)
      ranks[index[k]] = summarise(drawing.twice_rank + k * options->draws, options->draws);
  }
  eh_arena_free(scratch);
}
