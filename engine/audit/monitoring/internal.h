/* What the files behind monitoring.h share. */
#ifndef EVENHAND_AUDIT_MONITORING_INTERNAL_H
#define EVENHAND_AUDIT_MONITORING_INTERNAL_H

#include "engine/audit/monitoring/monitoring.h"
#include "engine/stats/peer_mix.h"
#include "engine/stats/wander.h"

/* One watched measure while it is judged. Cells that count: of the periods used. */
struct eh_watching {
  struct eh_arena *arena;
  const struct eh_rules *rules;
  struct eh_monitored *monitored;
  size_t threads;
  size_t units, judged_units; /* all; those that are recorded, which come first */
  uint32_t periods;
  const struct eh_period_cell *cells; /* by unit, situation, period, circumstance; periods from 0 */
  const size_t *first_cell;           /* by unit, and behind the last */
  const uint32_t *table;              /* by cell: the table it is in; numbered by period */
  size_t cell_count, table_count;
  struct eh_mix_cell *mix;   /* by table */
  size_t *mix_end;           /* by period: the cells before its end */
  struct eh_table *all;      /* by table: n1 and a of all units together */
  double *psi;               /* by unit: at the last look */
  double *psi_sum;           /* by table: sum of n psi */
  uint32_t look;             /* at hand: so many periods are known */
  uint32_t *any_since, *own_since; /* by unit: the first looks with the evidence, and with it its
                                      own; UINT32_MAX: none */
};

/* The peers' part of a cell's table. */
static inline struct eh_table eh_watching_table(const struct eh_watching *w, size_t cell) {
  const struct eh_period_cell *c = &w->cells[cell];
  const struct eh_table *all = &w->all[w->table[cell]];
  return (struct eh_table){c->events, c->records, all->a - c->events, all->n1 - c->records};
}

/* --- looks.c --- */
/* Judge every unit at every look; fills ln_e, now, begin, why_not, watch, since, wander. */
void eh_watching_look(struct eh_watching *w);
/* A unit's evidence at the look at hand with some units left out of its peers. gone: by table, what
   those had there, psi_gone their sum of n psi. */
double eh_watching_without(const struct eh_watching *w, size_t unit, const struct eh_table *gone,
                           const double *psi_gone);
/* The ln E from which on a unit is watched. */
double eh_watching_threshold(const struct eh_watching *w);

/* --- movers.c --- */
/* Whose change it is, of those with the evidence at the look at hand. */
void eh_watching_tell_who(struct eh_watching *w);
/* The signals, after the changes are measured. */
void eh_watching_signal(struct eh_watching *w);

/* --- change.c --- */
/* Before and after in points; own and typical change and the path of those ever watched. */
void eh_watching_measure(struct eh_watching *w);

/* --- say.c --- */
void eh_watching_say(struct eh_watching *w);

#endif
