/* A measure of an event, all units of a comparison in one fit: each against the typical one, how
 * much they differ, and who stands out even so. An effect belongs to a unit in one value of
 * `within`: an officer who moved is compared in each office with those who worked there, and no
 * office hangs on another by the few cases of somebody who moved. */
#include <math.h>
#include <stdlib.h>

#include "engine/audit/kinds/event.h"
#include "engine/stats/multiplicity.h"
#include "engine/stats/ranks.h"

static const double MAY_BE_CHANCE = 0.05, ENOUGH_RECORDS = 0.5;

/* The pieces of a comparison's units, by value of `within`. */
struct pieces {
  struct eh_comparison_result *comparison;
  const struct eh_whole_options *options;
  size_t count;
  size_t *unit;      /* by piece; those of one unit stand together */
  bool *listed;      /* by piece: its unit is recorded */
  double *inflation; /* by piece: what dependence of its unit's decisions makes of its variance */
  struct eh_association_cell *cells;
  const struct eh_effects *effects;
  struct eh_versus_typical *typical; /* by piece */
  struct eh_standing *standings;
  struct eh_figure *effect, *variance, *centre; /* by piece: log odds, and of its block */
  size_t *entered;                              /* the pieces that tell of tau */
  size_t entered_count;
};

/* The cells by stratum; the pieces are numbered on the way, in order of unit. */
static void cut_to_pieces(struct pieces *p, const struct eh_strata_list *strata) {
  struct eh_arena *scratch = p->options->scratch;
  const struct eh_cells *cells = p->comparison->cells;
  uint32_t *piece = eh_alloc(cells->cell_count, sizeof *piece);
  size_t *met = eh_arena_alloc(scratch, strata->groups, sizeof *met); /* by group: unit and 1 */
  uint32_t *of_group = eh_arena_alloc(scratch, strata->groups, sizeof *of_group);
  size_t *next = eh_arena_alloc(scratch, cells->stratum_count + 1, sizeof *next);
  p->unit = eh_arena_alloc(scratch, cells->cell_count, sizeof *p->unit);
  for (size_t i = 0; i < cells->cell_count; i++) {
    const struct eh_cell *cell = &cells->cells[i];
    uint32_t group = strata->group[cell->stratum];
    if (met[group] != (size_t)cell->unit + 1) {
      met[group] = (size_t)cell->unit + 1;
      of_group[group] = (uint32_t)p->count;
      p->unit[p->count++] = cell->unit;
    }
    piece[i] = of_group[group];
    next[cell->stratum + 1]++;
  }
  for (size_t s = 0; s < cells->stratum_count; s++) next[s + 1] += next[s];
  p->cells = eh_arena_alloc(scratch, cells->cell_count, sizeof *p->cells);
  for (size_t i = 0; i < cells->cell_count; i++) {
    const struct eh_cell *cell = &cells->cells[i];
    p->cells[next[cell->stratum]++] = (struct eh_association_cell){
        .stratum = cell->stratum, .unit = piece[i], .n = cell->records, .events = cell->events};
  }
  free(piece);
}

static void fit_pieces(struct pieces *p, const struct eh_strata_list *strata) {
  struct eh_arena *scratch = p->options->scratch;
  const struct eh_comparison_result *c = p->comparison;
  cut_to_pieces(p, strata);
  p->effects = eh_effects_fit(scratch, p->cells, c->cells->cell_count, p->count);
  p->listed = eh_arena_alloc(scratch, p->count, sizeof *p->listed);
  p->inflation = eh_arena_alloc(scratch, p->count, sizeof *p->inflation);
  for (size_t i = 0; i < p->count; i++) {
    const struct eh_result *r = &c->results[p->unit[i]];
    p->listed[i] = r->recorded;
    p->inflation[i] = r->dependence.clustering ? r->dependence.test.delta : 1.0;
  }
}

static void compare_with_typical(struct pieces *p) {
  struct eh_comparison_result *c = p->comparison;
  p->typical = eh_arena_alloc(p->options->scratch, p->count, sizeof *p->typical);
  for (size_t i = 0; i < p->count; i++)
    p->typical[i] = eh_no_versus_typical("not one of the units compared");
  struct eh_typical_options options = {
      .listed = p->listed,
      .inflation = p->inflation,
      .confidence = c->measure->flag.confidence,
      .seed = p->options->seed,
      .draws = p->options->only_summary ? 1 : eh_ranks_draws(p->count),
      .threads = p->options->threads};
  eh_typical(p->effects, p->cells, c->cells->cell_count, &options, p->typical);
}

/* --- how much they differ --- */

static bool enters(const struct pieces *p, size_t piece) {
  const struct eh_unit_fit *fit = &p->effects->unit[piece];
  return p->listed[piece] && fit->fitted == EH_FITTED && eh_tau_carries(fit) &&
         p->effects->block[fit->block].thinness <= EH_TOO_THIN;
}

static struct eh_tau_unit *list_entered(struct pieces *p) {
  struct eh_arena *scratch = p->options->scratch;
  struct eh_tau_unit *units = eh_arena_alloc(scratch, p->count, sizeof *units);
  p->entered = eh_arena_alloc(scratch, p->count, sizeof *p->entered);
  for (size_t i = 0; i < p->count; i++) {
    const struct eh_unit_fit *fit = &p->effects->unit[i];
    if (!enters(p, i)) continue;
    units[p->entered_count] =
        (struct eh_tau_unit){fit->theta, fit->variance * p->inflation[i], fit->block};
    p->entered[p->entered_count++] = i;
    p->comparison->event.spread.records += fit->records;
  }
  return units;
}

/* Is some block left out because its units hang together by too few records? */
static bool any_thin(const struct eh_effects *e) {
  for (size_t b = 0; b < e->blocks; b++)
    if (!e->block[b].why_not && e->block[b].thinness > EH_TOO_THIN) return true;
  return false;
}

/* Where a piece stands on the scale of its block. Without tau the centre is that of equal units. */
static void place_piece(struct pieces *p, size_t i, const struct eh_figure *centres,
                        struct eh_figure theta, struct eh_figure variance, size_t block) {
  struct eh_figure centre = theta.why_not ? theta : centres[block];
  const char *why_not = theta.why_not ? theta.why_not : centre.why_not;
  p->effect[i] = why_not ? eh_no_figure(why_not) : theta;
  p->variance[i] = why_not ? eh_no_figure(why_not) : variance;
  p->centre[i] = why_not ? eh_no_figure(why_not) : centre;
}

static void measure_spread(struct pieces *p) {
  struct eh_arena *scratch = p->options->scratch;
  struct eh_tau *tau = &p->comparison->event.spread.tau;
  struct eh_tau_unit *units = list_entered(p);
  *tau = eh_tau_estimate(units, p->entered_count, p->comparison->measure->flag.confidence);
  if (tau->tau.why_not && any_thin(p->effects))
    tau->tau = tau->low = tau->high = eh_no_figure(EH_LINKED_BY_TOO_FEW);
  struct eh_figure *centres = eh_arena_alloc(scratch, p->effects->blocks, sizeof *centres);
  p->standings = eh_arena_alloc(scratch, p->count, sizeof *p->standings);
  p->effect = eh_arena_alloc(scratch, 3 * p->count, sizeof *p->effect);
  p->variance = p->effect + p->count;
  p->centre = p->variance + p->count;
  eh_tau_centres(units, p->entered_count, tau->tau.why_not ? 0.0 : tau->tau.value, centres,
                 p->effects->blocks);
  for (size_t i = 0; i < p->count; i++) {
    const struct eh_unit_fit *fit = &p->effects->unit[i];
    const struct eh_versus_typical *t = &p->typical[i];
    struct eh_figure theta = t->theta, variance = t->variance;
    size_t block = fit->fitted == EH_FITTED ? fit->block : t->block;
    if (fit->fitted == EH_FITTED)
      theta = eh_figure(fit->theta), variance = eh_figure(fit->variance * p->inflation[i]);
    place_piece(p, i, centres, theta, variance, block);
    if (!tau->tau.why_not && !theta.why_not && centres[block].why_not) theta = centres[block];
    if (tau->tau.why_not || theta.why_not)
      p->standings[i] = eh_tau_no_standing(tau->tau.why_not ? tau->tau.why_not : theta.why_not);
    else
      p->standings[i] =
          eh_tau_standing(tau->tau, theta.value - centres[block].value, variance.value);
  }
}

/* --- what may be shown of it --- */

static const char *why_not_shown(const struct eh_comparison_result *c, double comparable) {
  const struct eh_spread_part *s = &c->event.spread;
  size_t testable = 0;
  for (size_t i = 0; i < c->result_count; i++) testable += c->results[i].testable;
  if (s->tau.tau.why_not) return s->tau.tau.why_not;
  if (testable == 0) return "no unit is testable";
  if (s->records < ENOUGH_RECORDS * comparable)
    return "the units that could carry it hold less than half of the comparable records";
  if (s->shown.why_not) return s->shown.why_not;
  if (!(s->tau.low.value > 0.0))
    return "chance may be all of it: the spread's interval begins at 0";
  if (c->overall.why_not) return c->overall.why_not;
  return c->overall.p > MAY_BE_CHANCE ? "that the units differ at all may be chance" : NULL;
}

static void show_spread(struct pieces *p) {
  struct eh_comparison_result *c = p->comparison;
  struct eh_spread_part *s = &c->event.spread;
  struct eh_shown_unit *units =
      eh_arena_alloc(p->options->scratch, p->entered_count, sizeof *units);
  double comparable = 0.0;
  for (size_t i = 0; i < c->result_count; i++) comparable += (double)c->results[i].comparable;
  if (!s->tau.tau.why_not) {
    for (size_t i = 0; i < p->entered_count; i++)
      units[i] = (struct eh_shown_unit){p->standings[p->entered[i]].mean.value,
                                        p->effects->unit[p->entered[i]].records};
    double rate = (double)c->event.events / (double)c->records;
    s->shown = eh_tau_shown(units, p->entered_count, rate, s->tau.tau.value, NULL);
    if (!s->shown.why_not) {
      s->lowest = c->results[p->unit[p->entered[s->shown.lowest]]].unit;
      s->highest = c->results[p->unit[p->entered[s->shown.highest]]].unit;
    }
  } else {
    s->shown.why_not = s->tau.tau.why_not;
  }
  const char *why_not = why_not_shown(c, comparable);
  s->low = why_not ? eh_no_figure(why_not) : eh_figure(s->shown.low);
  s->high = why_not ? eh_no_figure(why_not) : eh_figure(s->shown.high);
}

/* --- each unit --- */

/* A unit speaks for itself where it has most of its records. */
static size_t main_piece(const struct pieces *p, size_t first, size_t end) {
  size_t best = first;
  for (size_t i = first + 1; i < end; i++)
    if (p->effects->unit[i].records > p->effects->unit[best].records) best = i;
  return best;
}

static struct eh_figure power_of_ten(struct eh_figure log10_value) {
  return log10_value.why_not ? log10_value : eh_figure(pow(10, log10_value.value));
}

static void take_piece(const struct pieces *p, size_t piece, struct eh_result *r) {
  const struct eh_standing *s = &p->standings[piece];
  r->among.versus_typical = p->typical[piece];
  r->among.versus_typical_p = power_of_ten(p->typical[piece].log10_p);
  if (p->options->only_summary) {
    struct eh_versus_typical *t = &r->among.versus_typical;
    t->error = t->log10_p = r->among.versus_typical_p = eh_no_figure(EH_ONLY_SUMMARY);
    t->excess.low = t->excess.high = t->error;
  }
  r->among.effect = p->effect[piece];
  r->among.effect_centre = p->centre[piece];
  r->among.effect_variance = p->variance[piece];
  r->among.outlier_z = s->z;
  r->among.outlier_q = s->log10_p;
  r->among.shrunken_difference =
      r->share.difference.estimate.why_not ? r->share.difference.estimate
      : s->shrinkage.why_not               ? s->shrinkage
                             : eh_figure(r->share.difference.estimate.value * s->shrinkage.value);
}

/* Of the units that have one: Benjamini and Hochberg's q of outlier_q, which holds log10 p so far.
 */
static void adjust_outliers(struct eh_result **units, size_t count, struct eh_arena *scratch) {
  double *log10_p = eh_arena_alloc(scratch, 2 * count, sizeof *log10_p), *q = log10_p + count;
  size_t tests = 0;
  for (size_t i = 0; i < count; i++)
    if (!units[i]->among.outlier_q.why_not) log10_p[tests++] = units[i]->among.outlier_q.value;
  eh_benjamini_hochberg(log10_p, tests, q, NULL);
  for (size_t i = count; i-- > 0;)
    if (!units[i]->among.outlier_q.why_not) units[i]->among.outlier_q = eh_figure(q[--tests]);
}

static void take_ranks(const struct eh_standing *standings, struct eh_result **units, size_t count,
                       const struct eh_whole_options *options) {
  struct eh_rank *ranks = eh_arena_alloc(options->scratch, count, sizeof *ranks);
  struct eh_rank_options rank_options = {
      .seed = options->seed, .draws = eh_ranks_draws(count), .threads = options->threads};
  if (!options->only_summary) eh_ranks(standings, count, &rank_options, ranks);
  for (size_t i = 0; i < count; i++)
    units[i]->among.rank =
        options->only_summary
            ? eh_no_interval(EH_ONLY_SUMMARY)
            : (struct eh_interval){ranks[i].expected, ranks[i].low, ranks[i].high};
}

static void leave_out(struct eh_result *r) {
  static const char why_not[] = "not one of the units compared";
  struct eh_figure none = eh_no_figure(why_not);
  r->among.outlier_z = r->among.outlier_q = r->among.shrunken_difference =
      r->among.versus_typical_p = r->among.effect = r->among.effect_variance =
          r->among.effect_centre = none;
  r->among.versus_typical = eh_no_versus_typical(why_not);
  r->among.rank = eh_no_interval(why_not);
}

static void take_units(struct pieces *p) {
  struct eh_comparison_result *c = p->comparison;
  struct eh_arena *scratch = p->options->scratch;
  struct eh_result **units = eh_arena_alloc(scratch, c->result_count, sizeof *units);
  struct eh_standing *standings = eh_arena_alloc(scratch, c->result_count, sizeof *standings);
  size_t count = 0;
  for (size_t first = 0, end; first < p->count; first = end) {
    for (end = first + 1; end < p->count && p->unit[end] == p->unit[first];) end++;
    struct eh_result *r = &c->results[p->unit[first]];
    if (!r->recorded) {
      leave_out(r);
      continue;
    }
    size_t piece = main_piece(p, first, end);
    take_piece(p, piece, r);
    standings[count] = p->standings[piece];
    units[count++] = r;
  }
  adjust_outliers(units, count, scratch);
  take_ranks(standings, units, count, p->options);
}

void eh_event_relate(struct eh_comparison_result *c, const struct eh_strata_list *strata,
                     const struct eh_whole_options *options) {
  if (eh_cells_are_adjusted(c->cells)) {
    eh_event_leave_out_balanced(c);
    return;
  }
  struct eh_arena_mark mark = eh_arena_mark(options->scratch);
  struct pieces p = {.comparison = c, .options = options};
  fit_pieces(&p, strata);
  compare_with_typical(&p);
  measure_spread(&p);
  show_spread(&p);
  take_units(&p);
  eh_arena_reset(options->scratch, mark);
}

struct eh_tau eh_event_tau(struct eh_comparison_result *c, const struct eh_strata_list *strata,
                           const struct eh_whole_options *options) {
  struct eh_arena_mark mark = eh_arena_mark(options->scratch);
  struct pieces p = {.comparison = c, .options = options};
  fit_pieces(&p, strata);
  const struct eh_tau_unit *units = list_entered(&p);
  struct eh_tau tau = eh_tau_estimate(units, p.entered_count, c->measure->flag.confidence);
  eh_arena_reset(options->scratch, mark);
  return tau;
}
