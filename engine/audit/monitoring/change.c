/* How much a unit moved, in points. */
#include <math.h>
#include <stdlib.h>

#include "engine/audit/monitoring/internal.h"
#include "engine/base/parallel.h"
#include "engine/stats/difference.h"

/* Scratch of a worker. */
struct room {
  struct eh_table *tables; /* as many as a unit has cells at most */
  struct own {
    double estimate, records;
  } *own; /* by unit */
};

struct measuring {
  struct eh_watching *w;
  struct room *rooms;
};

/* The unit against its peers in its periods from first to end - 1. */
static struct eh_difference difference_in(const struct eh_watching *w, struct room *room,
                                          size_t unit, uint32_t first, uint32_t end) {
  size_t count = 0;
  for (size_t i = w->first_cell[unit]; i < w->first_cell[unit + 1]; i++)
    if (w->cells[i].period >= first && w->cells[i].period < end)
      room->tables[count++] = eh_watching_table(w, i);
  return eh_difference(room->tables, count, w->monitored->measure->flag.confidence);
}

/* After less before; the limits by the method of variance estimates recovery (Zou and Donner 2008).
 */
static struct eh_interval less(const struct eh_interval *after, const struct eh_interval *before) {
  const char *why_not = after->estimate.why_not ? after->estimate.why_not
                                                : before->estimate.why_not;
  if (why_not) return eh_no_interval(why_not);
  double d1 = after->estimate.value, d0 = before->estimate.value, d = d1 - d0;
  struct eh_interval moved = {eh_figure(d), after->low, after->high};
  if (after->low.why_not || before->low.why_not) {
    moved.low = moved.high = after->low.why_not ? after->low : before->low;
    return moved;
  }
  moved.low = eh_figure(d - hypot(d1 - after->low.value, before->high.value - d0));
  moved.high = eh_figure(d + hypot(after->high.value - d1, d0 - before->low.value));
  return moved;
}

/* A unit's cases from `cut` on against its own before, situation by situation. */
static struct eh_difference own_change(const struct eh_watching *w, struct room *room, size_t unit,
                                       uint32_t begin, uint32_t cut) {
  size_t count = 0, end = w->first_cell[unit + 1];
  for (size_t i = w->first_cell[unit], next; i < end; i = next) {
    struct eh_table t = {0};
    for (next = i; next < end && w->cells[next].situation == w->cells[i].situation; next++) {
      const struct eh_period_cell *c = &w->cells[next];
      if (c->period < begin) continue;
      if (c->period >= cut) {
        t.a += c->events;
        t.n1 += c->records;
      } else {
        t.c += c->events;
        t.n2 += c->records;
      }
    }
    if (t.n1 && t.n2) room->tables[count++] = t;
  }
  return eh_difference(room->tables, count, w->monitored->measure->flag.confidence);
}

static int by_estimate(const void *left, const void *right) {
  const struct own *a = left, *b = right;
  return (a->estimate > b->estimate) - (a->estimate < b->estimate);
}

/* The middle of all units' own changes, by caseload. */
static struct eh_figure typical_change(const struct eh_watching *w, struct room *room,
                                       uint32_t begin, uint32_t cut) {
  size_t count = 0;
  double all = 0.0, reached = 0.0;
  for (size_t u = 0; u < w->judged_units; u++) {
    struct eh_difference d = own_change(w, room, u, begin, cut);
    if (d.interval.estimate.why_not) continue;
    room->own[count++] = (struct own){d.interval.estimate.value, (double)d.comparable};
    all += (double)d.comparable;
  }
  if (count < 3) return eh_no_figure("fewer than 3 units have like cases before and after");
  qsort(room->own, count, sizeof *room->own, by_estimate);
  for (size_t i = 0; i < count; i++) {
    reached += room->own[i].records;
    if (2.0 * reached == all && i + 1 < count)
      return eh_figure((room->own[i].estimate + room->own[i + 1].estimate) / 2.0);
    if (2.0 * reached >= all) return eh_figure(room->own[i].estimate);
  }
  return eh_figure(room->own[count - 1].estimate);
}

static void trace(const struct eh_watching *w, struct room *room, size_t unit) {
  struct eh_period_difference *path = (struct eh_period_difference *)w->monitored->units[unit].path;
  for (uint32_t t = 0; t < w->periods; t++) {
    for (size_t i = w->first_cell[unit]; i < w->first_cell[unit + 1]; i++)
      if (w->cells[i].period == t) path[t].records += w->cells[i].records;
    path[t].difference = difference_in(w, room, unit, t, t + 1).interval;
  }
}

static void measure_unit(void *context, size_t unit, size_t worker) {
  struct measuring *m = context;
  struct eh_watching *w = m->w;
  struct room *room = &m->rooms[worker];
  struct eh_monitored_unit *u = &w->monitored->units[unit];
  if (u->why_not || !u->now.has_change) return;
  u->before = difference_in(w, room, unit, u->begin, u->change).interval;
  u->after = difference_in(w, room, unit, u->change, w->periods).interval;
  u->moved = less(&u->after, &u->before);
  if (u->watch == EH_NOT_WATCHED) return;
  u->own = own_change(w, room, unit, u->begin, u->change).interval;
  u->typical = typical_change(w, room, u->begin, u->change);
  trace(w, room, unit);
}

void eh_watching_measure(struct eh_watching *w) {
  struct measuring m = {w, eh_arena_alloc(w->arena, w->threads, sizeof *m.rooms)};
  size_t most = 0;
  for (size_t u = 0; u < w->units; u++) {
    size_t cells = w->first_cell[u + 1] - w->first_cell[u];
    struct eh_monitored_unit *unit = &w->monitored->units[u];
    if (cells > most) most = cells;
    const char *why_not = unit->why_not ? unit->why_not : "it is not watched";
    unit->before = unit->after = unit->moved =
        eh_no_interval(unit->why_not ? unit->why_not : "no decisions that tell of a change");
    unit->own = eh_no_interval(why_not);
    unit->typical = eh_no_figure(why_not);
    if (unit->watch != EH_WATCHED || unit->who == EH_WHO_NOBODY)
      unit->ln_e_without = eh_no_figure("nobody is left out of its peers");
    if (unit->watch) unit->path = eh_arena_alloc(w->arena, w->periods, sizeof *unit->path);
  }
  for (size_t i = 0; i < w->threads; i++)
    m.rooms[i] = (struct room){eh_arena_alloc(w->arena, most, sizeof(struct eh_table)),
                               eh_arena_alloc(w->arena, w->units, sizeof(struct own))};
  eh_parallel(w->units, w->threads, measure_unit, &m);
}
