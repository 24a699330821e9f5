#include "engine/stats/peer_mix.h"

#include <math.h>
#include <stdlib.h>

#include "engine/base/memory.h"

enum { MOST_SWEEPS = 60 };
static const double CLOSE = 1e-5, FURTHER = 1.0;

struct sums {
  double *left, *right; /* by unit */
};

static void add_table(const struct eh_mix_cell *cells, size_t count, const double *psi,
                      const struct sums *s) {
  double n = 0.0, events = 0.0, others = 0.0; /* others: sum of b psi */
  for (size_t i = 0; i < count; i++) {
    n += cells[i].records;
    events += cells[i].events;
    others += (cells[i].records - cells[i].events) * psi[cells[i].unit];
  }
  for (size_t i = 0; i < count; i++) {
    const struct eh_mix_cell *c = &cells[i];
    double b = c->records - c->events;
    s->left[c->unit] += b * (events - c->events) / n;
    s->right[c->unit] += c->events * (others - b * psi[c->unit]) / n;
  }
}

/* One sweep; by how much the largest log moved. */
static double sweep(const struct eh_mix_cell *cells, size_t count, double *psi, size_t units,
                    const struct sums *s) {
  double moved = 0.0;
  for (size_t u = 0; u < units; u++) s->left[u] = s->right[u] = FURTHER / 2.0;
  for (size_t first = 0, end; first < count; first = end) {
    for (end = first; end < count && cells[end].table == cells[first].table;) end++;
    add_table(cells + first, end - first, psi, s);
  }
  for (size_t u = 0; u < units; u++) {
    double next = sqrt(psi[u] * s->right[u] / s->left[u]);
    moved = fmax(moved, fabs(log(next / psi[u])));
    psi[u] = next;
  }
  return moved;
}

void eh_peer_mix_fit(const struct eh_mix_cell *cells, size_t count, double *psi, size_t units) {
  double *room = eh_alloc(2 * units, sizeof *room);
  struct sums s = {room, room + units};
  for (int i = 0; i < MOST_SWEEPS; i++)
    if (sweep(cells, count, psi, units, &s) < CLOSE) break;
  free(room);
}
