/* Every look: what was known at the end of each period, and nothing later. */
#include <math.h>
#include <stdlib.h>

#include "engine/audit/monitoring/internal.h"
#include "engine/base/parallel.h"

enum { SEASONS = 4, LEAST_INFORMATION = 5, TWO_YEARS_OF_MONTHS = 24, TWO_YEARS_OF_QUARTERS = 8 };
static const size_t MOST_CELLS = 20000000;
static const double MOST_NOTICED = 7.4; /* an odds ratio; beyond it nothing can be said */
static const char TOO_FEW[] =
    "too few decisions to monitor: only a change of the odds by more than 7.4 would be noticed";

/* The informative tables of all units, in the order in which they are scored. */
struct looking {
  struct eh_watching *w;
  bool seasonal;
  struct eh_period_table *tables; /* by unit */
  size_t *cell;                   /* by table here: its cell */
  size_t *first;                  /* by unit, and behind the last */
  double *theta;
  struct eh_score *scores; /* of each unit from first[unit] on */
  size_t *score_count;
  double *u, *v; /* units x periods */
  uint32_t look;
  double sigma;
};

/* Which quarter of the year. */
static uint32_t season_of(const struct eh_watching *w, uint32_t period) {
  int32_t number = w->monitored->view->first + (int32_t)w->monitored->first + (int32_t)period;
  return w->monitored->view->every == EH_EVERY_MONTH ? (uint32_t)(number % 12 / 3)
                                                     : (uint32_t)(number % SEASONS);
}

static bool is_seasonal(const struct eh_watching *w, uint32_t looks) {
  enum eh_every every = w->monitored->view->every;
  enum eh_season season = w->rules->monitor.season;
  if (every == EH_EVERY_FISCAL_YEAR || season == EH_SEASON_NO) return false;
  uint32_t two_years =
      every == EH_EVERY_MONTH ? TWO_YEARS_OF_MONTHS : TWO_YEARS_OF_QUARTERS;
  return season == EH_SEASON_YES || looks >= two_years;
}

static int by_situation(const void *left, const void *right) {
  const struct eh_period_table *a = left, *b = right;
  if (a->situation != b->situation) return a->situation < b->situation ? -1 : 1;
  if (a->period != b->period) return a->period < b->period ? -1 : 1;
  return a->shift < b->shift ? -1 : a->shift > b->shift;
}

/* While they are put in order, shift holds the cell. */
static void list_unit(struct looking *l, size_t unit) {
  const struct eh_watching *w = l->w;
  size_t at = l->first[unit];
  for (size_t i = w->first_cell[unit]; i < w->first_cell[unit + 1]; i++) {
    const struct eh_period_cell *c = &w->cells[i];
    struct eh_table t = eh_watching_table(w, i);
    uint32_t situation = c->situation;
    if (!eh_table_is_informative(&t)) continue;
    if (l->seasonal) situation = situation * SEASONS + season_of(w, c->period);
    l->tables[at++] = (struct eh_period_table){situation, c->period, t, (double)i};
  }
  qsort(l->tables + l->first[unit], at - l->first[unit], sizeof *l->tables, by_situation);
  for (size_t i = l->first[unit]; i < at; i++) {
    l->cell[i] = (size_t)l->tables[i].shift;
    l->tables[i].shift = 0.0;
    l->theta[i] = 0.0;
  }
  l->first[unit + 1] = at;
}

static void list_tables(struct looking *l, bool seasonal) {
  l->seasonal = seasonal;
  for (size_t u = 0; u < l->w->units; u++) list_unit(l, u);
}

static struct looking looking_at(struct eh_watching *w) {
  struct eh_arena *a = w->arena;
  struct looking l = {.w = w,
                      .tables = eh_arena_alloc(a, w->cell_count, sizeof *l.tables),
                      .cell = eh_arena_alloc(a, w->cell_count, sizeof *l.cell),
                      .first = eh_arena_alloc(a, w->units + 1, sizeof *l.first),
                      .theta = eh_arena_alloc(a, w->cell_count, sizeof *l.theta),
                      .scores = eh_arena_alloc(a, w->cell_count, sizeof *l.scores),
                      .score_count = eh_arena_alloc(a, w->units, sizeof *l.score_count),
                      .u = eh_arena_alloc(a, w->units * w->periods, sizeof *l.u),
                      .v = eh_arena_alloc(a, w->units * w->periods, sizeof *l.v)};
  return l;
}

/* --- one look --- */

static void fit_mix(struct eh_watching *w, uint32_t looks) {
  size_t count = w->mix_end[looks - 1];
  eh_peer_mix_fit(w->mix, count, w->psi, w->units);
  for (size_t t = 0; t < w->table_count; t++) w->psi_sum[t] = 0.0;
  for (size_t i = 0; i < count; i++)
    w->psi_sum[w->mix[i].table] += w->mix[i].records * w->psi[w->mix[i].unit];
}

/* Who its peers were there. */
static double shift_of(const struct eh_watching *w, size_t cell) {
  const struct eh_period_cell *c = &w->cells[cell];
  double peers = (double)(w->all[w->table[cell]].n1 - c->records);
  double psi = w->psi_sum[w->table[cell]] - (double)c->records * w->psi[c->unit];
  return psi > 0.0 ? -log(psi / peers) : 0.0;
}

static void score_unit(void *context, size_t unit, size_t worker) {
  (void)worker;
  struct looking *l = context;
  const struct eh_watching *w = l->w;
  size_t first = l->first[unit], count = l->first[unit + 1] - first;
  for (size_t i = first; i < first + count; i++)
    if (l->tables[i].period < l->look) l->tables[i].shift = shift_of(w, l->cell[i]);
  l->score_count[unit] =
      eh_standing_scores(l->tables + first, count, l->look, l->theta + first, l->scores + first);
  double *u = l->u + unit * w->periods, *v = l->v + unit * w->periods;
  for (uint32_t t = 0; t < w->periods; t++) u[t] = v[t] = 0.0;
  for (size_t i = first; i < first + l->score_count[unit]; i++) {
    u[l->scores[i].period] += l->scores[i].u;
    v[l->scores[i].period] += l->scores[i].v;
  }
}

/* A unit that began anew: only its periods from then on, counted from there. */
static struct eh_evidence restarted(const struct looking *l, size_t unit, uint32_t begin) {
  size_t first = l->first[unit], count = 0, most = l->first[unit + 1] - first;
  struct eh_period_table *tables = eh_alloc(most + 1, sizeof *tables);
  struct eh_score *scores = eh_alloc(most + 1, sizeof *scores);
  double *theta = eh_alloc_zeroed(most + 1, sizeof *theta);
  for (size_t i = first; i < first + most; i++) {
    if (l->tables[i].period < begin) continue;
    tables[count] = l->tables[i];
    tables[count++].period -= begin;
  }
  size_t made = eh_standing_scores(tables, count, l->look - begin, theta, scores);
  struct eh_evidence e = eh_evidence(scores, made, l->look - begin, l->sigma);
  free(tables);
  free(scores);
  free(theta);
  return e;
}

static void weigh_unit(void *context, size_t unit, size_t worker) {
  (void)worker;
  struct looking *l = context;
  struct eh_watching *w = l->w;
  struct eh_monitored_unit *m = &w->monitored->units[unit];
  uint64_t first_look = w->rules->monitor.first_look;
  double *ln_e = (double *)m->ln_e;
  if (l->look < m->begin + first_look) return;
  m->now = m->begin ? restarted(l, unit, m->begin)
                    : eh_evidence(l->scores + l->first[unit], l->score_count[unit], l->look,
                                  l->sigma);
  if (m->now.periods < first_look) return; /* a unit that came later */
  ln_e[l->look - 1] = m->now.ln_e;
  if (m->now.ln_e > m->max_ln_e) m->max_ln_e = m->now.ln_e;
}

double eh_watching_threshold(const struct eh_watching *w) {
  return -log(w->rules->monitor.false_alarms);
}

/* Since when: a unit that has the evidence only because of its peers is not watched for it later. */
static void note_watched(struct eh_watching *w) {
  size_t count = 0;
  for (size_t u = 0; u < w->judged_units; u++)
    count += w->monitored->units[u].ln_e[w->look - 1] >= eh_watching_threshold(w);
  if (count) eh_watching_tell_who(w);
  for (size_t u = 0; u < w->judged_units && count; u++) {
    const struct eh_monitored_unit *unit = &w->monitored->units[u];
    if (unit->ln_e[w->look - 1] < eh_watching_threshold(w)) continue;
    if (w->any_since[u] == UINT32_MAX) w->any_since[u] = w->look - 1;
    if (w->own_since[u] == UINT32_MAX && unit->who != EH_WHO_PEERS) w->own_since[u] = w->look - 1;
  }
}

static void look(struct looking *l, uint32_t looks) {
  struct eh_watching *w = l->w;
  bool seasonal = is_seasonal(w, looks);
  if (seasonal != l->seasonal || !l->look) list_tables(l, seasonal);
  l->look = w->look = looks;
  fit_mix(w, looks);
  eh_parallel(w->units, w->threads, score_unit, l);
  w->monitored->wander = eh_wander(l->u, l->v, w->judged_units, w->periods, looks);
  l->sigma = w->monitored->wander.sigma;
  eh_parallel(w->units, w->threads, weigh_unit, l);
  note_watched(w);
}

/* --- what they come to --- */

static void settle_watch(const struct eh_watching *w, size_t u) {
  struct eh_monitored_unit *unit = &w->monitored->units[u];
  unit->since = w->own_since[u] != UINT32_MAX ? w->own_since[u] : w->any_since[u];
  if (unit->recorded && unit->ln_e[w->periods - 1] >= eh_watching_threshold(w))
    unit->watch = EH_WATCHED;
  else if (w->own_since[u] != UINT32_MAX)
    unit->watch = unit->now.ln_e > 0.0 ? EH_WAS_WATCHED : EH_NO_LONGER;
}

static void settle(struct eh_watching *w) {
  struct eh_monitored *m = w->monitored;
  for (size_t u = 0; u < w->units; u++) {
    struct eh_monitored_unit *unit = &m->units[u];
    const struct eh_evidence *now = &unit->now;
    if (!unit->recorded)
      unit->why_not = "the records without a unit are not judged";
    else if (now->periods < w->rules->monitor.first_look)
      unit->why_not = "too early: decisions that can be compared in too few periods";
    else if (now->information < LEAST_INFORMATION)
      unit->why_not = TOO_FEW;
    settle_watch(w, u);
    if (unit->watch != EH_WATCHED) unit->who = EH_WHO_NOBODY;
    m->watched_now += unit->watch == EH_WATCHED;
    unit->noticeable = eh_evidence_noticeable(now->information, now->periods, 6,
                                              w->rules->monitor.false_alarms);
    if (!unit->noticeable.why_not)
      unit->noticeable = unit->noticeable.value <= log(MOST_NOTICED)
                             ? eh_figure(exp(unit->noticeable.value))
                             : eh_no_figure(TOO_FEW);
    m->judged += !unit->why_not && (unit->watch || !unit->noticeable.why_not);
    unit->change = unit->begin + now->change;
    unit->change_first = unit->begin + now->change_first;
    unit->change_last = unit->begin + now->change_last;
  }
}

void eh_watching_look(struct eh_watching *w) {
  struct looking l = looking_at(w);
  uint32_t first = (uint32_t)w->rules->monitor.first_look;
  w->any_since = eh_arena_alloc(w->arena, w->units, sizeof *w->any_since);
  w->own_since = eh_arena_alloc(w->arena, w->units, sizeof *w->own_since);
  for (size_t u = 0; u < w->units; u++) {
    w->any_since[u] = w->own_since[u] = UINT32_MAX;
    w->monitored->units[u].ln_e = eh_arena_alloc(w->arena, w->periods, sizeof(double));
    w->psi[u] = 1.0;
  }
  w->monitored->last_look_only = w->cell_count > MOST_CELLS;
  if (w->monitored->last_look_only) first = w->periods;
  for (uint32_t looks = first; looks <= w->periods; looks++) look(&l, looks);
  w->monitored->seasonal = l.seasonal;
  settle(w);
}

double eh_watching_without(const struct eh_watching *w, size_t unit, const struct eh_table *gone,
                           const double *psi_gone) {
  const struct eh_monitored_unit *m = &w->monitored->units[unit];
  bool seasonal = is_seasonal(w, w->look);
  size_t most = w->first_cell[unit + 1] - w->first_cell[unit], count = 0;
  struct eh_period_table *tables = eh_alloc(most + 1, sizeof *tables);
  struct eh_score *scores = eh_alloc(most + 1, sizeof *scores);
  double *theta = eh_alloc_zeroed(most + 1, sizeof *theta);
  for (size_t i = w->first_cell[unit]; i < w->first_cell[unit + 1]; i++) {
    const struct eh_period_cell *c = &w->cells[i];
    struct eh_table t = eh_watching_table(w, i);
    t.c -= gone[w->table[i]].a;
    t.n2 -= gone[w->table[i]].n1;
    if (!eh_table_is_informative(&t) || c->period < m->begin || c->period >= w->look) continue;
    double psi = w->psi_sum[w->table[i]] - psi_gone[w->table[i]] -
                 (double)c->records * w->psi[c->unit];
    uint32_t situation = c->situation;
    if (seasonal) situation = situation * SEASONS + season_of(w, c->period);
    tables[count++] = (struct eh_period_table){situation, c->period - m->begin, t,
                                               psi > 0.0 ? -log(psi / (double)t.n2) : 0.0};
  }
  qsort(tables, count, sizeof *tables, by_situation);
  size_t made = eh_standing_scores(tables, count, w->look - m->begin, theta, scores);
  struct eh_evidence e =
      eh_evidence(scores, made, w->look - m->begin, w->monitored->wander.sigma);
  free(tables);
  free(scores);
  free(theta);
  return e.ln_e;
}
