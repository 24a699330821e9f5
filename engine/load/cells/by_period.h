/* A table by period: what each unit decided in each situation, month by month (or by quarter or
 * fiscal year).
 *
 *   eh_by_period_of(arena, rules, tables, count, every, across, within, within_count, measure)
 *
 * Rules ask for tables while they are read (eh_read_ask_table), and an origin makes them
 * (eh_origin_kind.tables) as further cells beside those of the comparisons: cells whose last strata
 * column is the period of the decision. This is a view of one such table.
 *
 * A *situation* is the values of the measure's factors and of `within`; a factor that is the month,
 * quarter or year of the decision is no part of it, since it would end with its period. What was in
 * force besides, the policies and such factors, is the *circumstance*: decisions are compared under
 * the same one only, but a unit's standing carries over a change of it.
 */
#ifndef EVENHAND_LOAD_CELLS_BY_PERIOD_H
#define EVENHAND_LOAD_CELLS_BY_PERIOD_H

#include "engine/load/cells.h"
#include "engine/load/cells/over_time.h"

struct eh_period_cell {
  uint32_t unit;         /* index into cells->units */
  uint32_t situation;    /* from 0, bytewise by their labels, column after column */
  uint32_t circumstance; /* from 0; all of a situation's and period's are compared apart */
  uint32_t period;       /* from 0: first + period is its number (eh_period_of) */
  uint32_t records;      /* at least 1 */
  uint32_t events;       /* of a measure of an event */
  uint32_t stratum;      /* of cells */
};

struct eh_by_period {
  const struct eh_cells *cells; /* the table itself: units, labels, exclusions */
  enum eh_every every;
  int32_t first; /* the number of the first period */
  size_t count;  /* periods, without a gap: some may have no cells */
  const struct eh_period_cell *items; /* by unit, situation, period, circumstance */
  size_t item_count;
  const size_t *first_item; /* by unit, and behind the last */
  size_t situation_count, circumstance_count;
  const uint32_t *sample; /* by situation: a stratum that is in it, for its labels */
  const bool *is_of_situation; /* by column of cells */
  uint64_t undated, later; /* records without a date; of periods that begin after the last day asked
                              for: in no period */
};

/* Of a measure's table, across these units, as often. NULL: there is none among the tables, so that
   the cells were made without it. last_day: records of periods that begin later are left out and
   counted; INT32_MAX: none are. */
struct eh_by_period_asked {
  enum eh_every every;
  int across;
  const int *within;
  size_t within_count;
  size_t measure;
  int32_t last_day;
};
const struct eh_by_period *eh_by_period_of(struct eh_arena *arena, const struct eh_rules *rules,
                                           const struct eh_cells *tables, size_t count,
                                           const struct eh_by_period_asked *asked);

/* How periods are counted. */
enum eh_period eh_period_of_every(enum eh_every every);
/* "2016-11", "2016Q4", "FY2017", in the arena. */
const char *eh_period_label(struct eh_arena *arena, enum eh_every every, int32_t number);
/* Does the label name a period? As eh_period_label writes them. */
bool eh_period_parse(enum eh_every every, const char *label, int32_t *number);

#endif
