#include "engine/stats/typical.h"

#include <assert.h>
#include <math.h>

#include "engine/base/parallel.h"
#include "engine/stats/chi_square.h"
#include "engine/stats/typical_internal.h"

#define TOO_FEW "fewer than 3 units that share kinds of case have an effect"

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
static struct eh_figure compare_block(const struct eh_typical_draws *draws, size_t block,
                                      size_t threads, struct eh_versus_typical *units) {
  const struct eh_effects *e = draws->effects;
  const struct eh_typical_options *o = draws->options;
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
  double *error = eh_arena_alloc(scratch, b->units, sizeof *error);
  double typical = eh_typical_errors(scratch, draws, block, threads, error);
  for (size_t k = 0; k < b->units; k++) {
    size_t u = member[k];
    if (!o->listed[u]) continue;
    units[u] = with(typical, block, e->unit[u].theta - typical, error[k],
                    e->unit[u].variance * inflation_of(o, u), o->confidence);
    units[u].block_units = listed;
  }
  eh_arena_free(scratch);
  return eh_figure(typical);
}

/* All blocks: small ones each on one thread, large ones one after the other on all. */
struct comparing {
  const struct eh_typical_draws *draws;
  struct eh_figure *typical;
  struct eh_versus_typical *units;
};
enum { FEW_BLOCKS = 8 };

static bool is_shared_out(const struct eh_effects *e, size_t block) {
  return e->blocks <= FEW_BLOCKS || !e->block[block].shares;
}

static void compare_small(void *context, size_t block, size_t worker) {
  const struct comparing *c = context;
  (void)worker;
  if (!is_shared_out(c->draws->effects, block))
    c->typical[block] = compare_block(c->draws, block, 1, c->units);
}

static void compare_blocks(struct eh_arena *scratch, const struct eh_effects *e,
                           const struct eh_typical_options *o, struct eh_figure *typical,
                           struct eh_versus_typical *units) {
  struct eh_typical_draws draws = eh_typical_draws_start(scratch, e, o);
  struct comparing comparing = {&draws, typical, units};
  for (size_t b = 0; b < e->blocks; b++)
    if (is_shared_out(e, b)) typical[b] = compare_block(&draws, b, o->threads, units);
  eh_parallel(e->blocks, o->threads, compare_small, &comparing);
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
  compare_blocks(scratch, e, o, typical, units);
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
