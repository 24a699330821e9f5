#include "engine/stats/ranks.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "engine/base/memory.h"
#include "engine/base/parallel.h"
#include "engine/base/random.h"
#include "engine/base/sort.h"

/* Shared by all draws; each writes its own column of twice_rank and its worker's scratch. */
struct drawing {
  size_t units, draws;
  unsigned unit_bits;
  const double *mean, *deviation;
  uint64_t seed;
  uint32_t *twice_rank; /* [unit][draw]: tied units share half ranks, so ranks are stored doubled */
  uint64_t *scratch;    /* by worker: two keys a unit, a rank and a key a draw */
};

static size_t scratch_size(const struct drawing *d) {
  return 2 * (d->units > d->draws ? d->units : d->draws);
}

/* A whole number in the order of the values, its lowest bits the unit's number. What these take of
   a value's own bits is its last digits: no draw has so many that count. (Nor is one exactly -0.)
 */
static uint64_t key_of(double value, size_t unit, unsigned unit_bits) {
  static const uint64_t sign = (uint64_t)1 << 63;
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  bits = bits & sign ? ~bits : bits | sign;
  return bits >> unit_bits << unit_bits | unit;
}

static void draw(void *context, size_t index, size_t worker) {
  const struct drawing *d = context;
  struct eh_random random = eh_random_seeded(d->seed, index);
  uint64_t *drawn = d->scratch + worker * scratch_size(d);
  for (size_t i = 0; i < d->units; i++)
    drawn[i] = key_of(d->mean[i] + d->deviation[i] * eh_random_normal(&random), i, d->unit_bits);
  eh_sort_run(drawn, d->units, d->unit_bits, drawn + d->units);
  uint64_t unit_mask = ((uint64_t)1 << d->unit_bits) - 1;
  for (size_t first = 0, end; first < d->units; first = end) {
    for (end = first + 1;
         end < d->units && drawn[end] >> d->unit_bits == drawn[first] >> d->unit_bits;)
      end++;
    for (size_t i = first; i < end; i++)
      d->twice_rank[(drawn[i] & unit_mask) * d->draws + index] = (uint32_t)(first + 1 + end);
  }
}

/* The range leaves out at most 2.5% of the draws at each end. */
static struct eh_rank summarise(const struct drawing *d, size_t unit, uint64_t *scratch) {
  const uint32_t *twice_rank = d->twice_rank + unit * d->draws;
  uint64_t sum = 0;
  for (size_t k = 0; k < d->draws; k++) {
    sum += twice_rank[k];
    scratch[k] = twice_rank[k];
  }
  eh_sort_run(scratch, d->draws, 0, scratch + d->draws);
  size_t outside = d->draws / 40;
  return (struct eh_rank){eh_figure((double)sum / (2.0 * (double)d->draws)),
                          eh_figure(floor((double)scratch[outside] / 2.0)),
                          eh_figure(ceil((double)scratch[d->draws - 1 - outside] / 2.0))};
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

size_t eh_ranks_draws(size_t units) {
  enum { MOST_DRAWS = 1000, FEWEST_DRAWS = 100, MOST_RANKS = 50000000 };
  size_t draws = units ? MOST_RANKS / units : MOST_DRAWS;
  if (draws > MOST_DRAWS) return MOST_DRAWS;
  return draws < FEWEST_DRAWS ? FEWEST_DRAWS : draws;
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
    struct drawing drawing = {.units = units,
                              .draws = options->draws,
                              .mean = mean,
                              .deviation = deviation,
                              .seed = options->seed};
    while (units > (size_t)1 << drawing.unit_bits) drawing.unit_bits++;
    drawing.twice_rank =
        eh_arena_alloc(scratch, options->draws, units * sizeof *drawing.twice_rank);
    drawing.scratch =
        eh_arena_alloc(scratch, scratch_size(&drawing) * options->threads, sizeof *drawing.scratch);
    eh_parallel(options->draws, options->threads, draw, &drawing);
    for (size_t k = 0; k < units; k++) ranks[index[k]] = summarise(&drawing, k, drawing.scratch);
  }
  eh_arena_free(scratch);
}
