/* The equation of effects.h, for one block. */
#include <math.h>

#include "engine/stats/effects_internal.h"
#include "engine/stats/rows.h"

#define ONE_WAY "its cases overlap with others' one way only"

/* psi apart by more than this is no estimate: some units are linked in one direction only. */
static const double FURTHEST_APART = 18.42; /* ln 1e8 */

/* --- by elimination --- */

/* Which outcome is called the event. The equation is not quite the same for both. */
enum side { EVENTS, OTHERS };

static double own_of(const struct eh_association_cell *cell, enum side side) {
  return (double)(side == EVENTS ? cell->events : cell->n - cell->events);
}
static double rest_of(const struct eh_association_cell *cell, enum side side) {
  return (double)(side == EVENTS ? cell->n - cell->events : cell->events);
}

/* Those of one stratum's units in the fit that have some of an outcome. */
struct holders {
  size_t *place;
  double *records;
  size_t count;
};

static struct holders holders_of(struct eh_arena *scratch, size_t most) {
  return (struct holders){eh_arena_alloc(scratch, most, sizeof(size_t)),
                          eh_arena_alloc(scratch, most, sizeof(double)), 0};
}

static void hold(struct holders *h, size_t place, double records) {
  h->place[h->count] = place;
  h->records[h->count] = records;
  h->count += records > 0.0;
}

/* Returns the stratum's records. */
static double list_holders(const struct eh_fit_data *d, size_t stratum, struct holders *events,
                           struct holders *others) {
  double n = 0.0;
  events->count = others->count = 0;
  for (size_t i = d->first[stratum]; i < d->first[stratum + 1]; i++) {
    if (!eh_in_fit(d, i)) continue;
    size_t place = d->place[d->cells[i].unit];
    hold(events, place, own_of(&d->cells[i], EVENTS));
    hold(others, place, own_of(&d->cells[i], OTHERS));
    n += (double)d->cells[i].n;
  }
  return n;
}

static void add_flow(const struct holders *from, const struct holders *to, double n, double *rate,
                     size_t size) {
  for (size_t v = 0; v < from->count; v++) {
    double share = from->records[v] / n, *row = rate + from->place[v] * size;
    for (size_t u = 0; u < to->count; u++) row[to->place[u]] += share * to->records[u];
  }
}

/* rate[v][u] = sum_k a_uk b_vk / n_k: what flows from v to u, per psi of v. back: with the outcomes
   swapped. What they have on their diagonals means nothing. */
static void fill_rates(const struct eh_fit_data *d, size_t block, double *rate, double *back,
                       size_t size) {
  size_t most = eh_effects_most_cells(d, block) + 1;
  struct holders events = holders_of(d->scratch, most), others = holders_of(d->scratch, most);
  for (size_t j = d->start[block]; j < d->start[block + 1]; j++) {
    double n = list_holders(d, d->list[j], &events, &others);
    add_flow(&others, &events, n, rate, size);
    add_flow(&events, &others, n, back, size);
  }
}

/* The resting distribution: states are taken out from the last on, what passed through each being
   shared among those left. False where some state leads nowhere. What flows from a state to itself
   is never looked at. */
static bool eliminate(double *rate, size_t size, double *psi) {
  for (size_t k = size - 1; k > 0; k--) {
    double out = 0.0;
    for (size_t j = 0; j < k; j++) out += rate[k * size + j];
    if (!(out > 0.0)) return false;
    for (size_t i = 0; i < k; i++) {
      double share = rate[i * size + k] /= out, *left = rate + i * size;
      if (share > 0.0) eh_row_add(left, share, rate + k * size, k);
    }
  }
  psi[0] = 1.0;
  for (size_t k = 1; k < size; k++) {
    psi[k] = 0.0;
    for (size_t i = 0; i < k; i++) psi[k] += psi[i] * rate[i * size + k];
    if (!(psi[k] > 0.0)) return false;
  }
  return true;
}

/* --- by sweeps --- */

/* One sweep: psi_u becomes the root of itself times right over left. Returns the furthest that a
   logarithm moved. left, right: scratch. */
static double sweep(const struct eh_fit_data *d, size_t block, enum side side, double *psi,
                    double *left, double *right) {
  size_t size = d->effects->block[block].units;
  for (size_t u = 0; u < size; u++) left[u] = right[u] = 0.0;
  for (size_t j = d->start[block]; j < d->start[block + 1]; j++) {
    size_t first = d->first[d->list[j]], end = d->first[d->list[j] + 1];
    double n = 0.0, events = 0.0, flow = 0.0;
    for (size_t i = first; i < end; i++) {
      if (!eh_in_fit(d, i)) continue;
      double a = own_of(&d->cells[i], side), b = rest_of(&d->cells[i], side);
      n += a + b;
      events += a;
      flow += b * psi[d->place[d->cells[i].unit]];
    }
    for (size_t i = first; i < end; i++) {
      if (!eh_in_fit(d, i)) continue;
      size_t u = d->place[d->cells[i].unit];
      double a = own_of(&d->cells[i], side), b = rest_of(&d->cells[i], side);
      left[u] += b * (events - a) / n;
      right[u] += a * fmax(flow - b * psi[u], 0.0) / n;
    }
  }
  double furthest = 0.0, scale = 0.0;
  for (size_t u = 0; u < size; u++) {
    right[u] = sqrt(psi[u] * right[u] / left[u]);
    scale += right[u] / (double)size;
  }
  for (size_t u = 0; u < size; u++) {
    double next = right[u] / scale;
    furthest = fmax(furthest, fabs(log(next / psi[u])));
    psi[u] = next;
  }
  return furthest;
}

static const char *solve_by_sweeps(const struct eh_fit_data *d, size_t block, enum side side,
                                   double *psi) {
  enum { MOST_SWEEPS = 3000 };
  size_t size = d->effects->block[block].units;
  double *left = eh_arena_alloc(d->scratch, 2 * size, sizeof *left);
  for (size_t u = 0; u < size; u++) psi[u] = 1.0;
  for (int i = 0; i < MOST_SWEEPS; i++) {
    double moved = sweep(d, block, side, psi, left, left + size);
    if (moved <= 1e-12) return NULL;
    if (!(moved < INFINITY)) return ONE_WAY;
  }
  return EH_LINKED_BY_TOO_FEW;
}

static const char *solve_by_elimination(const struct eh_fit_data *d, size_t block, double *psi,
                                        double *other) {
  size_t size = d->effects->block[block].units;
  double *rate = eh_arena_alloc(d->scratch, 2 * size * size, sizeof *rate);
  double *back = rate + size * size;
  fill_rates(d, block, rate, back, size);
  return eliminate(rate, size, psi) && eliminate(back, size, other) ? NULL : ONE_WAY;
}

/* psi, and what it is with the outcomes swapped. */
static const char *solve(const struct eh_fit_data *d, size_t block, double *psi, double *other) {
  if (eh_effects_dense(d, block)) return solve_by_elimination(d, block, psi, other);
  const char *why_not = solve_by_sweeps(d, block, EVENTS, psi);
  return why_not ? why_not : solve_by_sweeps(d, block, OTHERS, other);
}

void eh_effects_solve(struct eh_fit_data *d, size_t block) {
  struct eh_effects *e = d->effects;
  struct eh_block_fit *b = &e->block[block];
  struct eh_arena_mark mark = eh_arena_mark(d->scratch);
  double *psi = eh_arena_alloc(d->scratch, 2 * b->units, sizeof *psi), *other = psi + b->units;
  double low = INFINITY, high = -INFINITY;
  b->why_not = solve(d, block, psi, other);
  for (size_t u = 0; u < b->units && !b->why_not; u++) {
    double theta = (log(psi[u]) - log(other[u])) / 2.0;
    e->unit[e->member[b->first + u]].theta = theta;
    low = fmin(low, theta);
    high = fmax(high, theta);
  }
  if (!b->why_not && !(high - low <= FURTHEST_APART)) b->why_not = ONE_WAY;
  eh_arena_reset(d->scratch, mark);
}
