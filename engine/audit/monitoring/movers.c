/* Who moved: a unit that changes takes its peers' comparison along. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/audit/monitoring/internal.h"
#include "engine/stats/who.h"

/* --- units that share tables, directly or through others --- */

static size_t root_of(size_t *parent, size_t unit) {
  while (parent[unit] != unit) unit = parent[unit] = parent[parent[unit]];
  return unit;
}

/* As far as is known at the look at hand; and what each unit has. */
static void find_blocks(const struct eh_watching *w, size_t *parent, double *records) {
  size_t count = w->mix_end[w->look - 1];
  for (size_t u = 0; u < w->units; u++) parent[u] = u;
  for (size_t i = 0; i < count; i++) records[w->mix[i].unit] += w->mix[i].records;
  for (size_t i = 1; i < count; i++) {
    if (w->mix[i].table != w->mix[i - 1].table) continue;
    size_t a = root_of(parent, w->mix[i].unit), b = root_of(parent, w->mix[i - 1].unit);
    if (a < b)
      parent[b] = a;
    else
      parent[a] = b;
  }
}

/* --- with those named left out --- */

struct telling {
  const struct eh_watching *w;
  bool *named; /* as gone stands */
  struct eh_table *gone;
  double *psi_gone;
};

static void leave_out(struct telling *t, const bool *named) {
  const struct eh_watching *w = t->w;
  if (memcmp(t->named, named, w->units * sizeof *named) == 0) return;
  memcpy(t->named, named, w->units * sizeof *named);
  memset(t->gone, 0, w->table_count * sizeof *t->gone);
  memset(t->psi_gone, 0, w->table_count * sizeof *t->psi_gone);
  for (size_t i = 0; i < w->cell_count; i++) {
    const struct eh_mix_cell *c = &w->mix[i];
    if (!named[c->unit]) continue;
    t->gone[c->table].a += (uint64_t)c->events;
    t->gone[c->table].n1 += (uint64_t)c->records;
    t->psi_gone[c->table] += c->records * w->psi[c->unit];
  }
}

static bool still_differs(void *context, size_t unit, const bool *named) {
  struct telling *t = context;
  const struct eh_watching *w = t->w;
  struct eh_monitored_unit *m = &w->monitored->units[unit];
  bool any = false;
  for (size_t u = 0; u < w->units && !any; u++) any = named[u];
  if (any) {
    leave_out(t, named);
    m->ln_e_without = eh_figure(eh_watching_without(w, unit, t->gone, t->psi_gone));
  }
  double ln_e = any ? m->ln_e_without.value : m->now.ln_e;
  return ln_e >= eh_watching_threshold(w);
}

void eh_watching_tell_who(struct eh_watching *w) {
  struct eh_monitored *m = w->monitored;
  struct eh_arena_mark mark = eh_arena_mark(w->arena);
  size_t *parent = eh_arena_alloc(w->arena, w->units, sizeof *parent);
  double *records = eh_arena_alloc(w->arena, w->units, sizeof *records);
  find_blocks(w, parent, records);
  struct eh_who_unit *units = eh_arena_alloc(w->arena, w->units, sizeof *units);
  for (size_t u = 0; u < w->units; u++)
    units[u] = (struct eh_who_unit){.found = m->units[u].recorded &&
                                             m->units[u].ln_e[w->look - 1] >=
                                                 eh_watching_threshold(w),
                                    .block = root_of(parent, u),
                                    .records = records[u],
                                    .distance = fmax(0.0, m->units[u].now.ln_e),
                                    .size = fabs(m->units[u].now.score)};
  for (size_t u = 0; u < w->units; u++)
    m->units[u].ln_e_without = eh_no_figure("nobody is left out of its peers");
  struct telling t = {w, eh_arena_alloc(w->arena, w->units, sizeof(bool)),
                      eh_arena_alloc(w->arena, w->table_count, sizeof *t.gone),
                      eh_arena_alloc(w->arena, w->table_count, sizeof *t.psi_gone)};
  struct eh_who_differs result = {.who = eh_arena_alloc(w->arena, w->units, sizeof *result.who),
                                  .named = eh_arena_alloc(w->arena, w->units, sizeof(bool))};
  eh_who_differs(units, w->units, still_differs, &t, &result);
  for (size_t u = 0; u < w->units; u++) m->units[u].who = result.who[u];
  eh_arena_reset(w->arena, mark);
}

/* --- signals --- */

static bool is_large(const struct eh_monitored *m, const struct eh_monitored_unit *unit) {
  return !unit->moved.estimate.why_not &&
         fabs(unit->moved.estimate.value) >= m->smallest_change - 1e-12;
}

void eh_watching_signal(struct eh_watching *w) {
  struct eh_monitored *m = w->monitored;
  double *ln_e = eh_arena_alloc(w->arena, w->units, sizeof *ln_e);
  bool *selected = eh_arena_alloc(w->arena, w->units, sizeof *selected);
  size_t count = 0;
  for (size_t u = 0; u < w->units; u++)
    if (!m->units[u].why_not) ln_e[count++] = m->units[u].now.ln_e;
  eh_e_values_select(ln_e, count, m->measure->flag.false_discovery_rate, selected);
  count = 0;
  for (size_t u = 0; u < w->units; u++) {
    struct eh_monitored_unit *unit = &m->units[u];
    if (unit->why_not) continue;
    bool is_own = unit->who == EH_WHO_UNIT || unit->who == EH_WHO_PAIR;
    unit->signal = selected[count++] && is_own && is_large(m, unit);
    m->signals += unit->signal;
  }
}
