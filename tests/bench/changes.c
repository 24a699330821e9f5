#include "tests/bench/changes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/parallel.h"

#define USUAL {0.15, 0.35, 0, 0}
#define RARE {0.01, 0.03, 0, 0}

const struct changes_world changes_worlds[] = {
    {.name = "nothing changes", .units = 6, .kinds = 2, .records = 100, .rates = USUAL, .standing = 0.4},
    {.name = "30 a month", .units = 6, .kinds = 2, .records = 30, .rates = USUAL, .standing = 0.4},
    {.name = "300 a month", .units = 6, .kinds = 2, .records = 300, .rates = USUAL, .standing = 0.4},
    {.name = "2% events", .units = 6, .kinds = 2, .records = 100, .rates = RARE, .standing = 0.4},
    {.name = "months vary by 0.15", .units = 6, .kinds = 2, .records = 100, .rates = USUAL,
     .standing = 0.4, .month = 0.15},
    {.name = "months vary by 0.3", .units = 6, .kinds = 2, .records = 300, .rates = USUAL,
     .standing = 0.4, .month = 0.3},
    {.name = "all grow 20 to 400, months vary 0.3", .units = 6, .kinds = 2, .records = 20,
     .rates = USUAL, .standing = 0.4, .month = 0.3, .grows = 20},
    {.name = "odds ratios by kind, mix swings", .units = 6, .kinds = 4, .records = 100,
     .rates = {0.1, 0.2, 0.3, 0.5}, .standing = 0.4, .mix_swings = true, .kind_spread = 1.0},
    {.name = "unlike unit closes, another takes over", .units = 6, .kinds = 2, .records = 100,
     .rates = USUAL, .one_closes = true},
    {.name = "unlike unit grows 20-fold", .units = 6, .kinds = 2, .records = 100, .rates = USUAL,
     .standing = 0.2, .one_grows = true},
    {.name = "gaps, and one opens", .units = 6, .kinds = 2, .records = 100, .rates = USUAL,
     .standing = 0.7, .has_gaps = true},
    {.name = "wander 0.3 over 3 months", .units = 6, .kinds = 2, .records = 100, .rates = USUAL,
     .standing = 0.4, .wander = 0.3, .lasting = 3},
    {.name = "wander 0.3 over 6 months", .units = 6, .kinds = 2, .records = 100, .rates = USUAL,
     .standing = 0.4, .wander = 0.3, .lasting = 6},
    {.name = "wander 0.2 over 12 months", .units = 6, .kinds = 2, .records = 100, .rates = USUAL,
     .standing = 0.4, .wander = 0.2, .lasting = 12},
    {.name = "seasons 0.3", .units = 6, .kinds = 2, .records = 100, .rates = USUAL, .standing = 0.4,
     .season = 0.3},
    {.name = "seasons 0.5", .units = 6, .kinds = 2, .records = 100, .rates = USUAL, .standing = 0.4,
     .season = 0.5},
    {.name = "one of 6 by 0.4", .units = 6, .kinds = 2, .records = 100, .rates = USUAL,
     .standing = 0.4, .moved = 1, .change = 0.4, .at = 12},
    {.name = "one of 6 by 0.7", .units = 6, .kinds = 2, .records = 100, .rates = USUAL,
     .standing = 0.4, .moved = 1, .change = 0.7, .at = 12},
    {.name = "one of 6 by 1.1", .units = 6, .kinds = 2, .records = 100, .rates = USUAL,
     .standing = 0.4, .moved = 1, .change = 1.1, .at = 12},
    {.name = "one of 6 by 0.7, 300 a month", .units = 6, .kinds = 2, .records = 300, .rates = USUAL,
     .standing = 0.4, .moved = 1, .change = 0.7, .at = 12},
    {.name = "two of 12 by 0.7", .units = 12, .kinds = 2, .records = 100, .rates = USUAL,
     .standing = 0.4, .moved = 2, .change = 0.7, .at = 12},
};
const size_t changes_world_count = sizeof changes_worlds / sizeof changes_worlds[0];

/* --- one comparison --- */

enum { UNIT, KIND, MONTH, COLUMNS };

struct drawn {
  uint32_t n[CHANGES_UNITS][CHANGES_KINDS][CHANGES_PERIODS];
  uint32_t a[CHANGES_UNITS][CHANGES_KINDS][CHANGES_PERIODS];
};

static uint32_t draw_poisson(struct eh_random *random, double mean) {
  if (mean <= 0.0) return 0;
  if (mean > 50.0) return (uint32_t)fmax(0.0, floor(mean + sqrt(mean) * eh_random_normal(random) + 0.5));
  uint32_t count = 0;
  for (double left = -mean;;) {
    double u = eh_random_uniform(random);
    left -= log(u > 0.0 ? u : 1e-300);
    if (left > 0.0) return count;
    count++;
  }
}

static double records_of(const struct changes_world *w, size_t u, size_t t) {
  double part = (double)t / (CHANGES_PERIODS - 1), records = w->records;
  if (w->grows > 0.0) records *= pow(w->grows, part);
  if (w->one_grows && u == 0) return 20.0 * pow(20.0, part);
  if (w->one_closes && u == 0 && t >= 18) return 0.0;
  if (w->one_closes && u == 1 && t >= 18) return 2.0 * records;
  if (w->has_gaps && ((u == 0 && t >= 9 && t < 16) || (u == 1 && t >= 20 && t < 23) ||
                      (u == 2 && t < 12)))
    return 0.0;
  return records;
}

static double share_of(const struct changes_world *w, size_t u, size_t k, size_t t) {
  double share = 1.0 / (double)w->kinds;
  if (w->mix_swings) share *= 1.0 + 0.8 * sin((double)t / 3.0 + (double)u + 2.0 * (double)k);
  return share;
}

/* What a unit is off by in each month, beside its standing. */
static void draw_months(const struct changes_world *w, struct eh_random *random, size_t u,
                        double *off) {
  double phase = 6.283185307179586 * eh_random_uniform(random), state = 0.0,
         keeps = w->lasting > 0.0 ? exp(-1.0 / w->lasting) : 0.0;
  for (size_t t = 0; t < CHANGES_PERIODS; t++) {
    double step = eh_random_normal(random);
    state = t == 0 ? w->wander * step : keeps * state + w->wander * sqrt(1.0 - keeps * keeps) * step;
    off[t] = state + w->month * eh_random_normal(random) +
             w->season * sin(6.283185307179586 * (double)t / 12.0 + phase);
    if (u < w->moved && t >= w->at) off[t] += u % 2 ? -w->change : w->change;
  }
}

static void draw(const struct changes_world *w, struct eh_random *random, struct drawn *d) {
  memset(d, 0, sizeof *d);
  for (size_t u = 0; u < w->units; u++) {
    double standing = w->standing * eh_random_normal(random), off[CHANGES_PERIODS];
    double by_kind[CHANGES_KINDS];
    if (u == 0 && w->one_grows) standing += 1.0;
    if (u == 0 && w->one_closes) standing += 1.2;
    for (size_t k = 0; k < w->kinds; k++) by_kind[k] = w->kind_spread * eh_random_normal(random);
    draw_months(w, random, u, off);
    for (size_t t = 0; t < CHANGES_PERIODS; t++)
      for (size_t k = 0; k < w->kinds; k++) {
        double logit = log(w->rates[k] / (1.0 - w->rates[k])) + 0.3 * sin((double)t / 3.0) +
                       standing + by_kind[k] + off[t];
        double p = 1.0 / (1.0 + exp(-logit));
        uint32_t n = draw_poisson(random, records_of(w, u, t) * share_of(w, u, k, t));
        d->n[u][k][t] = n;
        for (uint32_t i = 0; i < n; i++) d->a[u][k][t] += eh_random_uniform(random) < p;
      }
  }
}

/* As a table by month, of units, kinds and months from 2014-01 on. */
static struct eh_cells cells_of(struct eh_arena *arena, const struct changes_world *w,
                                const struct drawn *d) {
  struct eh_cells cells = {.comparison = 1};
  size_t strata = w->kinds * CHANGES_PERIODS;
  const char **kinds = eh_arena_alloc(arena, w->kinds, sizeof *kinds),
             **months = eh_arena_alloc(arena, CHANGES_PERIODS, sizeof *months);
  uint32_t *codes = eh_arena_alloc(arena, 2 * strata, sizeof *codes);
  for (size_t k = 0; k < w->kinds; k++) kinds[k] = eh_arena_printf(arena, "kind %zu", k);
  for (size_t t = 0; t < CHANGES_PERIODS; t++)
    months[t] = eh_period_label(arena, EH_EVERY_MONTH, 2014 * 12 + (int32_t)t);
  for (size_t s = 0; s < strata; s++) {
    codes[2 * s] = (uint32_t)(s / CHANGES_PERIODS);
    codes[2 * s + 1] = (uint32_t)(s % CHANGES_PERIODS);
  }
  cells.columns = eh_arena_alloc(arena, 2, sizeof *cells.columns);
  cells.columns[0] = (struct eh_stratum_column){KIND, kinds, w->kinds, false, true, false};
  cells.columns[1] = (struct eh_stratum_column){MONTH, months, CHANGES_PERIODS, false, false, false};
  cells.column_count = 2;
  cells.codes = codes;
  cells.stratum_count = strata;
  cells.units = eh_arena_alloc(arena, w->units, sizeof *cells.units);
  cells.unit_count = w->units;
  cells.cells = eh_arena_alloc(arena, w->units * strata, sizeof *cells.cells);
  for (size_t u = 0; u < w->units; u++) {
    cells.units[u] = (struct eh_unit){.label = eh_arena_printf(arena, "unit %02zu", u),
                                      .recorded = true,
                                      .first_cell = cells.cell_count};
    for (size_t s = 0; s < strata; s++) {
      uint32_t n = d->n[u][s / CHANGES_PERIODS][s % CHANGES_PERIODS],
               a = d->a[u][s / CHANGES_PERIODS][s % CHANGES_PERIODS];
      if (!n) continue;
      cells.cells[cells.cell_count++] = (struct eh_cell){(uint32_t)u, (uint32_t)s, n, a};
      cells.units[u].cell_count++;
    }
  }
  return cells;
}

static void add(const struct changes_world *w, const struct eh_monitored *m,
                struct changes_tally *t) {
  size_t signals = 0, not_true = 0;
  for (size_t u = 0; u < m->unit_count; u++) {
    const struct eh_monitored_unit *unit = &m->units[u];
    bool moved = u < w->moved;
    signals += unit->signal;
    not_true += unit->signal && !moved;
    if (!moved) {
      t->unchanged++;
      t->watched_ever += unit->watch != EH_NOT_WATCHED;
      t->watched_peers += unit->watch == EH_WATCHED && unit->who == EH_WHO_PEERS;
      continue;
    }
    t->moved++;
    t->moved_named += unit->watch == EH_WATCHED && unit->who == EH_WHO_UNIT;
    if (unit->watch == EH_NOT_WATCHED) continue;
    t->moved_found++;
    t->delays[unit->since >= w->at ? unit->since - w->at + 1 : 0]++;
    t->dated++;
    t->held += unit->change_first <= w->at && w->at <= unit->change_last;
  }
  t->comparisons++;
  t->signals += signals;
  t->false_signals += not_true;
  t->with_false_signal += not_true > 0;
  if (signals) t->false_share += (double)not_true / (double)signals;
}

/* Rules that watch one measure by month, as they would have been read. */
struct made_rules {
  struct eh_rules rules;
  struct eh_column columns[COLUMNS];
  struct eh_comparison comparisons[2];
  struct eh_measure measure;
  struct eh_watched watched;
  int factors[1];
  size_t measures[1];
};

static void make_rules(struct made_rules *r) {
  *r = (struct made_rules){.factors = {KIND}, .measures = {0}};
  r->columns[UNIT] = (struct eh_column){.name = "unit"};
  r->columns[KIND] = (struct eh_column){.name = "kind"};
  r->columns[MONTH] = (struct eh_column){.name = "month", .kind = EH_MONTH, .is_period = true};
  r->comparisons[0] = (struct eh_comparison){
      .across = UNIT, .each = -1, .measures = r->measures, .measure_count = 1};
  r->comparisons[1] = r->comparisons[0];
  r->comparisons[1].every = EH_EVERY_MONTH;
  r->measure = (struct eh_measure){.name = "release",
                                   .outcome = -1,
                                   .factors = r->factors,
                                   .factor_count = 1,
                                   .flag = {.false_discovery_rate = 0.05,
                                            .smallest_difference = 0.1,
                                            .smallest_caseload = 30,
                                            .confidence = 0.95}};
  r->rules = (struct eh_rules){.columns = r->columns,
                               .column_count = COLUMNS,
                               .date_column = -1,
                               .policy_column = -1,
                               .measures = &r->measure,
                               .measure_count = 1,
                               .comparisons = r->comparisons,
                               .comparison_count = 1,
                               .table_count = 1,
                               .period_columns = {-1, MONTH, -1, -1},
                               .monitor = {.every = EH_EVERY_MONTH,
                                           .watched = &r->watched,
                                           .watched_count = 1,
                                           .first_look = 12,
                                           .false_alarms = 0.05,
                                           .smallest_change = -1.0}};
}

struct running {
  const struct changes_world *world;
  uint64_t seed;
  struct changes_tally *tallies;
};

static void run_one(void *context, size_t index, size_t worker) {
  (void)worker;
  const struct running *r = context;
  struct eh_arena *arena = eh_arena_new();
  struct made_rules rules;
  struct drawn *d = eh_alloc(1, sizeof *d);
  struct eh_random random = eh_random_seeded(r->seed, index);
  struct eh_account account = {0};
  make_rules(&rules);
  draw(r->world, &random, d);
  struct eh_cells cells = cells_of(arena, r->world, d);
  const struct eh_monitoring *m =
      eh_monitoring_make(arena, &rules.rules, &account, &cells, 1, INT32_MAX, 1);
  add(r->world, &m->items[0], &r->tallies[index]);
  free(d);
  eh_arena_free(arena);
}

static void add_up(struct changes_tally *to, const struct changes_tally *from) {
  to->unchanged += from->unchanged;
  to->watched_ever += from->watched_ever;
  to->watched_peers += from->watched_peers;
  to->moved += from->moved;
  to->moved_found += from->moved_found;
  to->moved_named += from->moved_named;
  for (size_t i = 0; i <= CHANGES_PERIODS; i++) to->delays[i] += from->delays[i];
  to->signals += from->signals;
  to->false_signals += from->false_signals;
  to->comparisons += from->comparisons;
  to->with_false_signal += from->with_false_signal;
  to->false_share += from->false_share;
  to->held += from->held;
  to->dated += from->dated;
}

void changes_run(const struct changes_world *world, size_t comparisons, uint64_t seed,
                 size_t threads, struct changes_tally *tally) {
  struct running r = {world, seed, eh_alloc_zeroed(comparisons, sizeof *r.tallies)};
  *tally = (struct changes_tally){0};
  eh_parallel(comparisons, threads, run_one, &r);
  for (size_t i = 0; i < comparisons; i++) add_up(tally, &r.tallies[i]);
  free(r.tallies);
}

size_t changes_median(const struct changes_tally *t) {
  size_t reached = 0;
  for (size_t i = 0; i <= CHANGES_PERIODS; i++) {
    reached += t->delays[i];
    if (2 * reached >= t->moved) return i;
  }
  return CHANGES_PERIODS;
}
