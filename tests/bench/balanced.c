#include "tests/bench/balanced.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/audit/figures/balancing.h"
#include "engine/audit/kinds/kinds.h"
#include "engine/base/parallel.h"
#include "engine/base/random.h"

enum { SMALLEST = 30 }; /* effective peers, as the rules' default */
enum { LEVELS = 3, MOST_FACTORS = 14, MOST_UNITS = 100 };

struct record {
  uint32_t unit;
  unsigned char level[MOST_FACTORS];
  unsigned char event;
  double eta; /* logit of the typical unit's rate */
};
struct world {
  const struct balanced_plan *plan;
  struct eh_random random;
  struct record *records;
  size_t count, first[MOST_UNITS + 1];
  double slope[MOST_FACTORS][LEVELS];
  double joint[MOST_FACTORS][MOST_FACTORS][LEVELS][LEVELS];
  double shift[MOST_UNITS];
};

static double expit(double x) { return 1.0 / (1.0 + exp(-x)); }

static void draw_effects(struct world *w) {
  size_t factors = w->plan->factors;
  double pairs = (double)(factors * (factors - 1)) / 2.0;
  for (size_t f = 0; f < factors; f++)
    for (size_t l = 0; l < LEVELS; l++)
      w->slope[f][l] = eh_random_normal(&w->random) * 0.9 / sqrt((double)factors);
  for (size_t f = 0; f < factors; f++)
    for (size_t g = f + 1; g < factors; g++)
      for (size_t i = 0; i < LEVELS * LEVELS; i++)
        w->joint[f][g][i / LEVELS][i % LEVELS] =
            eh_random_normal(&w->random) * w->plan->interactions / sqrt(pairs);
}

static unsigned char draw_level(struct world *w, const double weights[LEVELS]) {
  double at = eh_random_uniform(&w->random) * (weights[0] + weights[1] + weights[2]);
  return at < weights[0] ? 0 : at < weights[0] + weights[1] ? 1 : 2;
}

static void draw_record(struct world *w, uint32_t unit, double weights[][LEVELS], double together) {
  struct record *r = &w->records[w->count++];
  const struct balanced_plan *plan = w->plan;
  r->unit = unit;
  for (size_t f = 0; f < plan->factors; f++) r->level[f] = draw_level(w, weights[f]);
  if (plan->adversary > 0.0 && eh_random_uniform(&w->random) < together) r->level[1] = r->level[0];
  r->eta = log(plan->rate / (1.0 - plan->rate));
  if (r->level[0] == r->level[1]) r->eta += plan->adversary;
  for (size_t f = 0; f < plan->factors; f++) {
    r->eta += w->slope[f][r->level[f]];
    for (size_t g = f + 1; g < plan->factors; g++)
      r->eta += w->joint[f][g][r->level[f]][r->level[g]];
  }
  r->event = eh_random_uniform(&w->random) < expit(r->eta + w->shift[unit]);
}

static bool is_planted(const struct balanced_plan *plan, size_t unit) {
  return plan->planted > 0.0 && unit % 10 == 0;
}

static void draw_unit(struct world *w, uint32_t unit) {
  const struct balanced_plan *plan = w->plan;
  double weights[MOST_FACTORS][LEVELS];
  double cases = plan->cases * exp(0.6 * eh_random_normal(&w->random));
  size_t count = (size_t)fmin(fmax(cases, 10.0), 500.0);
  for (size_t f = 0; f < plan->factors; f++)
    for (size_t l = 0; l < LEVELS; l++)
      weights[f][l] = exp(-0.4 * (double)l + plan->mix * eh_random_normal(&w->random));
  double together = eh_random_uniform(&w->random);
  w->shift[unit] = is_planted(plan, unit) ? (unit % 20 ? -plan->planted : plan->planted) : 0.0;
  w->first[unit] = w->count;
  for (size_t i = 0; i < count; i++) draw_record(w, unit, weights, together);
}

static void draw_world(struct world *w) {
  draw_effects(w);
  w->records = eh_alloc(w->plan->units * 500, sizeof *w->records);
  for (size_t u = 0; u < w->plan->units; u++) draw_unit(w, (uint32_t)u);
  w->first[w->plan->units] = w->count;
}

/* --- cells --- */

static int by_level(const void *left, const void *right, void *context) {
  size_t factors = *(const size_t *)context;
  const struct record *const *a = left, *const *b = right;
  return memcmp((*a)->level, (*b)->level, factors);
}

/* Each record is a cell of its own stratum's; equal ones of a unit are added up. */
static struct eh_cells cells_of(struct eh_arena *arena, const struct world *w) {
  static const char *const labels[LEVELS] = {"a", "b", "c"};
  size_t factors = w->plan->factors, units = w->plan->units;
  struct eh_cells cells = {.column_count = factors, .unit_count = units};
  cells.columns = eh_arena_alloc(arena, factors, sizeof *cells.columns);
  for (size_t f = 0; f < factors; f++)
    cells.columns[f] = (struct eh_stratum_column){(int)f, labels, LEVELS, false, true, true};
  const struct record **sorted = eh_arena_alloc(arena, w->count, sizeof(struct record *));
  uint32_t *stratum = eh_arena_alloc(arena, w->count, sizeof *stratum);
  uint32_t *codes = eh_arena_alloc(arena, w->count * factors, sizeof *codes);
  for (size_t i = 0; i < w->count; i++) sorted[i] = &w->records[i];
  qsort_r(sorted, w->count, sizeof(struct record *), by_level, &factors);
  for (size_t i = 0; i < w->count; i++) {
    if (i == 0 || memcmp(sorted[i]->level, sorted[i - 1]->level, factors) != 0)
      cells.stratum_count++;
    stratum[sorted[i] - w->records] = (uint32_t)cells.stratum_count - 1;
    for (size_t f = 0; f < factors; f++)
      codes[(cells.stratum_count - 1) * factors + f] = sorted[i]->level[f];
  }
  cells.codes = codes;
  cells.units = eh_arena_alloc(arena, units, sizeof *cells.units);
  cells.cells = eh_arena_alloc(arena, w->count, sizeof *cells.cells);
  size_t *met = eh_arena_alloc(arena, cells.stratum_count, sizeof *met); /* a cell and 1 */
  for (size_t u = 0; u < units; u++) {
    struct eh_unit *unit = &cells.units[u];
    *unit = (struct eh_unit){.label = "", .recorded = true, .first_cell = cells.cell_count};
    for (size_t i = w->first[u]; i < w->first[u + 1]; i++) {
      size_t *at = &met[stratum[i]];
      if (*at <= unit->first_cell) {
        cells.cells[cells.cell_count] = (struct eh_cell){(uint32_t)u, stratum[i], 0, 0};
        *at = ++cells.cell_count;
      }
      cells.cells[*at - 1].records++;
      cells.cells[*at - 1].events += w->records[i].event;
    }
    unit->cell_count = cells.cell_count - unit->first_cell;
    cells.records += w->first[u + 1] - w->first[u];
  }
  return cells;
}

/* --- the truth --- */

/* The unit's rate on its records less that of its peers, by their records. In the worlds nearly all
   records of a unit are comparable; those of others are not told apart. */
static double truth_of(const struct world *w, size_t unit) {
  double sum = 0.0, all = (double)(w->count - (w->first[unit + 1] - w->first[unit]));
  for (size_t i = w->first[unit]; i < w->first[unit + 1]; i++) {
    double peers = 0.0;
    for (size_t u = 0; u < w->plan->units; u++)
      if (u != unit)
        peers += (double)(w->first[u + 1] - w->first[u]) * expit(w->records[i].eta + w->shift[u]);
    sum += expit(w->records[i].eta + w->shift[unit]) - peers / all;
  }
  return sum / (double)(w->first[unit + 1] - w->first[unit]);
}

/* --- audits --- */

static void count_unit(const struct world *w, size_t unit, const struct eh_result *r,
                       struct balanced_score *s) {
  static const double LEVEL = 0.005, POINTS = 0.1;
  s->units++;
  s->unmatched += r->balance.refused != NULL && r->p.why_not != NULL;
  if (r->p.why_not || r->balance.refused) return;
  double truth = truth_of(w, unit), difference = r->share.difference.estimate.value;
  s->tested++;
  s->squares += (difference - truth) * (difference - truth);
  s->covered += r->share.difference.low.value <= truth && truth <= r->share.difference.high.value;
  if (is_planted(w->plan, unit)) {
    s->planted++;
    s->flagged += r->p.value < LEVEL && fabs(difference) >= POINTS;
    return;
  }
  bool is_few = r->balance.effective.value < (double)r->comparable;
  s->same++;
  s->found += r->p.value < LEVEL;
  s->few += is_few;
  s->found_few += is_few && r->p.value < LEVEL;
}

struct auditing {
  const struct balanced_plan *plan;
  uint64_t seed;
  struct balanced_score *scores; /* by world */
};

static void audit_world(void *context, size_t index, size_t worker) {
  (void)worker;
  const struct auditing *a = context;
  struct balanced_score *s = &a->scores[index];
  struct world w = {.plan = a->plan, .random = eh_random_seeded(a->seed, index)};
  struct eh_arena *arena = eh_arena_new();
  draw_world(&w);
  struct eh_cells cells = cells_of(arena, &w);
  struct eh_comparison comparison = {.each = -1, .across = -1};
  struct eh_measure measure = {.flag = {.confidence = 0.95, .smallest_caseload = SMALLEST}};
  struct eh_strata_list strata = eh_strata_of(arena, &comparison, &cells, 1);
  const struct eh_balancing *balancing = eh_balancing_of(arena, &comparison, &cells, &strata, 1);
  size_t pairs;
  eh_balancing_pairs(balancing, &pairs);
  s->pairs = (double)pairs;
  for (size_t u = 0; u < a->plan->units; u++) {
    struct eh_result result = {.unit_index = u};
    struct eh_unit_task task = {.cells = &cells,
                                .strata = strata.items,
                                .measure = &measure,
                                .result = &result,
                                .only_summary = true,
                                .balancing = balancing};
    eh_unit_measure(arena, &task);
    count_unit(&w, u, &result, s);
  }
  eh_arena_free(arena);
  free(w.records);
}

struct balanced_score balanced_audit(const struct balanced_plan *plan, size_t worlds, uint64_t seed,
                                     size_t threads) {
  struct auditing a = {plan, seed, eh_alloc_zeroed(worlds, sizeof *a.scores)};
  eh_parallel(worlds, threads, audit_world, &a);
  struct balanced_score sum = {0};
  for (size_t i = 0; i < worlds; i++)
    for (size_t k = 0; k < sizeof sum / sizeof(double); k++)
      ((double *)&sum)[k] += ((double *)&a.scores[i])[k];
  free(a.scores);
  return sum;
}
