/* Who is in the fit, and in which block. The rest is in effects_solve.c and effects_covariance.c.
 */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "engine/stats/effects_internal.h"

/* A stratum's sums over units that are in the fit; over all of them before any was left out. */
struct sums {
  double n, a; /* records, events */
  size_t units;
};

static struct sums sums_of(const struct eh_fit_data *d, size_t stratum) {
  struct sums s = {0.0, 0.0, 0};
  for (size_t i = d->first[stratum]; i < d->first[stratum + 1]; i++) {
    if (!eh_in_fit(d, i)) continue;
    s.n += (double)d->cells[i].n;
    s.a += (double)d->cells[i].events;
    s.units++;
  }
  return s;
}

static void find_strata(struct eh_fit_data *d) {
  size_t strata = 0;
  for (size_t i = 0; i < d->count; i++)
    if (i == 0 || d->cells[i].stratum != d->cells[i - 1].stratum) strata++;
  d->first = eh_arena_alloc(d->scratch, strata + 1, sizeof *d->first);
  for (size_t i = 0, k = 0; i < d->count; i++) {
    assert(d->cells[i].unit < d->effects->units && d->cells[i].events <= d->cells[i].n);
    assert(i == 0 || d->cells[i].stratum >= d->cells[i - 1].stratum);
    if (i == 0 || d->cells[i].stratum != d->cells[i - 1].stratum) d->first[k++] = i;
  }
  d->first[strata] = d->count;
  d->effects->strata = strata;
  d->effects->stratum = eh_arena_alloc(d->arena, strata, sizeof *d->effects->stratum);
}

static void count_records(struct eh_fit_data *d) {
  for (size_t i = 0; i < d->count; i++)
    if (d->cells[i].n > 0) d->in[d->cells[i].unit] = true;
  for (size_t k = 0; k < d->effects->strata; k++) {
    struct sums s = sums_of(d, k);
    for (size_t i = d->first[k]; i < d->first[k + 1] && s.units >= 2; i++) {
      struct eh_unit_fit *unit = &d->effects->unit[d->cells[i].unit];
      unit->records += (double)d->cells[i].n;
      unit->events += (double)d->cells[i].events;
      unit->expected += (double)d->cells[i].n * (s.a / s.n);
    }
  }
}

/* Leave out the units with nothing on one side of the header's equation; is there any? */
static bool leave_out(struct eh_fit_data *d) {
  size_t units = d->effects->units;
  struct eh_arena_mark mark = eh_arena_mark(d->scratch);
  double *left = eh_arena_alloc(d->scratch, 2 * units, sizeof *left), *right = left + units;
  for (size_t k = 0; k < d->effects->strata; k++) {
    struct sums s = sums_of(d, k);
    for (size_t i = d->first[k]; i < d->first[k + 1]; i++) {
      if (!eh_in_fit(d, i)) continue;
      double a = (double)d->cells[i].events, b = (double)d->cells[i].n - a;
      left[d->cells[i].unit] += b * (s.a - a) / s.n;
      right[d->cells[i].unit] += a * ((s.n - s.a) - b) / s.n;
    }
  }
  bool any = false;
  for (size_t u = 0; u < units; u++) {
    if (!d->in[u] || (left[u] > 0.0 && right[u] > 0.0)) continue;
    bool shares_nothing = left[u] == 0.0 && right[u] == 0.0;
    d->in[u] = false;
    d->effects->unit[u].fitted = shares_nothing ? EH_NOT_FITTED : EH_ONE_STEP;
    d->effects->unit[u].why_not =
        shares_nothing ? "no stratum has peers and both outcomes"
                       : "it has no events, or nothing else, in what it shares with others";
    any = true;
  }
  eh_arena_reset(d->scratch, mark);
  return any;
}

/* Link the units of each informative stratum; parent as in association.h. */
static void link_strata(struct eh_fit_data *d, size_t *parent) {
  for (size_t k = 0; k < d->effects->strata; k++) {
    struct sums s = sums_of(d, k);
    struct eh_stratum_fit *stratum = &d->effects->stratum[k];
    stratum->fitted = s.units >= 2 && s.a > 0.0 && s.a < s.n;
    size_t previous = SIZE_MAX;
    for (size_t i = d->first[k]; stratum->fitted && i < d->first[k + 1]; i++) {
      if (!eh_in_fit(d, i)) continue;
      size_t unit = d->cells[i].unit;
      if (previous != SIZE_MAX) eh_block_link(parent, previous, unit);
      previous = unit;
    }
  }
}

struct placed {
  const struct eh_unit_fit *fit;
  size_t unit;
};

static int compare(double a, double b) { return (a > b) - (a < b); }

/* The rarer of events and others that a unit was expected to have; and how far off it was. Rounded,
   so that the order of sums does not tell. */
static double rarer(const struct eh_unit_fit *f) {
  return round(1e6 * fmin(f->expected, f->records - f->expected));
}
static double off(const struct eh_unit_fit *f) {
  return round(1e6 * fabs(f->events - f->expected));
}

/* What is drawn at random is drawn unit after unit: by block, and within it by what a unit has, so
   that neither names nor which outcome is called the event change a figure. */
static int by_what_they_have(const void *left, const void *right) {
  const struct placed *a = left, *b = right;
  int order = (a->fit->block > b->fit->block) - (a->fit->block < b->fit->block);
  if (!order) order = compare(a->fit->records, b->fit->records);
  if (!order) order = compare(rarer(a->fit), rarer(b->fit));
  if (!order) order = compare(off(a->fit), off(b->fit));
  return order ? order : (a->unit > b->unit) - (a->unit < b->unit);
}

/* Blocks are numbered in order of their first unit. */
static void list_members(struct eh_fit_data *d, size_t *parent) {
  struct eh_effects *e = d->effects;
  struct placed *placed = eh_arena_alloc(d->scratch, e->units, sizeof *placed);
  size_t count = 0;
  for (size_t u = 0; u < e->units; u++) {
    if (!d->in[u]) continue;
    size_t root = eh_block_find(parent, u);
    e->unit[u].block = root == u ? e->blocks++ : e->unit[root].block;
    e->unit[u].fitted = EH_FITTED;
    placed[count++] = (struct placed){&e->unit[u], u};
  }
  qsort(placed, count, sizeof *placed, by_what_they_have);
  e->block = eh_arena_alloc(d->arena, e->blocks, sizeof *e->block);
  e->member = eh_arena_alloc(d->arena, e->units, sizeof *e->member);
  for (size_t i = 0; i < count; i++) {
    struct eh_block_fit *b = &e->block[placed[i].fit->block];
    if (b->units == 0) b->first = i;
    d->place[placed[i].unit] = b->units++;
    e->member[i] = placed[i].unit;
  }
}

static void list_strata(struct eh_fit_data *d) {
  struct eh_effects *e = d->effects;
  d->start = eh_arena_alloc(d->scratch, e->blocks + 2, sizeof *d->start);
  d->list = eh_arena_alloc(d->scratch, e->strata, sizeof *d->list);
  for (size_t k = 0; k < e->strata; k++) {
    if (!e->stratum[k].fitted) continue;
    size_t i = d->first[k];
    while (!eh_in_fit(d, i)) i++;
    e->stratum[k].block = e->unit[d->cells[i].unit].block;
    d->start[e->stratum[k].block + 2]++;
  }
  /* start[b + 1] is where block b's next stratum goes, and in the end where the next one begins */
  for (size_t b = 0; b < e->blocks; b++) d->start[b + 2] += d->start[b + 1];
  for (size_t k = 0; k < e->strata; k++)
    if (e->stratum[k].fitted) d->list[d->start[e->stratum[k].block + 1]++] = k;
}

static void find_blocks(struct eh_fit_data *d) {
  size_t *parent = eh_arena_alloc(d->scratch, d->effects->units, sizeof *parent);
  for (size_t u = 0; u < d->effects->units; u++) parent[u] = u;
  link_strata(d, parent);
  list_members(d, parent);
  list_strata(d);
}

const struct eh_effects *eh_effects_fit(struct eh_arena *arena,
                                        const struct eh_association_cell *cells, size_t count,
                                        size_t units) {
  struct eh_effects *effects = eh_arena_alloc(arena, 1, sizeof *effects);
  effects->units = units;
  effects->unit = eh_arena_alloc(arena, units, sizeof *effects->unit);
  for (size_t u = 0; u < units; u++) effects->unit[u].why_not = "no records";
  struct eh_fit_data d = {arena, eh_arena_new(), cells, count, .effects = effects};
  d.in = eh_arena_alloc(d.scratch, units, sizeof *d.in);
  d.place = eh_arena_alloc(d.scratch, units, sizeof *d.place);
  d.weight = eh_arena_alloc(d.scratch, count, sizeof *d.weight);
  d.total = eh_arena_alloc(d.scratch, units, sizeof *d.total);
  find_strata(&d);
  count_records(&d);
  while (leave_out(&d)) continue;
  find_blocks(&d);
  for (size_t b = 0; b < effects->blocks; b++) eh_effects_solve(&d, b);
  eh_effects_weigh(&d);
  for (size_t b = 0; b < effects->blocks; b++)
    if (!effects->block[b].why_not) eh_effects_covary(&d, b);
  for (size_t u = 0; u < units; u++) {
    struct eh_unit_fit *unit = &effects->unit[u];
    if (unit->fitted != EH_FITTED) continue;
    unit->why_not = effects->block[unit->block].why_not;
    if (unit->why_not) unit->fitted = EH_NOT_FITTED;
  }
  eh_arena_free(d.scratch);
  return effects;
}
