/* The figure of a goal over some months. */
#include <stdlib.h>
#include <string.h>

#include "engine/audit/progress/internal.h"
#include "engine/stats/share.h"

struct measuring {
  struct eh_arena *arena;
  const struct eh_rules *rules;
  const struct eh_goal *goal;
  const struct eh_by_period *table;
  struct eh_months months;
  double confidence;
  struct eh_goal_figure *figures;
};

static bool is_of_units(const struct eh_goal *goal) {
  return goal->each || goal->kind == EH_GOAL_DIFFERENCE;
}

size_t eh_goal_subjects(const struct eh_goal *goal, const struct eh_by_period *table) {
  return is_of_units(goal) ? table->cells->unit_count : 1;
}

static bool is_within(const struct measuring *m, uint32_t period) {
  int32_t number = m->table->first + (int32_t)period;
  return number >= m->months.first && number <= m->months.last;
}

/* --- shares --- */

static void add_shares(struct measuring *m) {
  bool recorded = m->goal->kind == EH_GOAL_RECORDED;
  for (size_t i = 0; i < m->table->item_count; i++) {
    const struct eh_period_cell *cell = &m->table->items[i];
    if (!is_within(m, cell->period)) continue;
    struct eh_goal_figure *to = &m->figures[m->goal->each ? cell->unit : 0];
    to->records += cell->records;
    to->events += !recorded                                     ? cell->events
                  : m->table->cells->units[cell->unit].recorded ? cell->records
                                                                : 0;
  }
  for (size_t s = 0; s < eh_goal_subjects(m->goal, m->table); s++)
    m->figures[s].figure =
        eh_exact_share(m->figures[s].events, m->figures[s].records, m->confidence);
}

/* --- means: how often each value occurs, by subject --- */

static bool month_of(const struct measuring *m, const struct eh_cell *cell, int32_t *month) {
  const struct eh_cells *cells = m->table->cells;
  size_t last = cells->column_count - 1;
  uint32_t code = cells->codes[(size_t)cell->stratum * cells->column_count + last];
  return eh_period_parse(EH_EVERY_MONTH, cells->columns[last].labels[code], month);
}

static void add_means(struct measuring *m) {
  const struct eh_cells *cells = m->table->cells;
  size_t subjects = eh_goal_subjects(m->goal, m->table);
  uint64_t *counts = eh_arena_alloc(m->arena, subjects * cells->outcome_count, sizeof *counts);
  for (size_t i = 0; i < cells->cell_count; i++) {
    int32_t month;
    if (!month_of(m, &cells->cells[i], &month) || month < m->months.first ||
        month > m->months.last)
      continue;
    size_t subject = m->goal->each ? cells->cells[i].unit : 0;
    for (size_t k = cells->first_portion[i]; k < cells->first_portion[i + 1]; k++) {
      counts[subject * cells->outcome_count + cells->portions[k].outcome] +=
          cells->portions[k].records;
      m->figures[subject].records += cells->portions[k].records;
    }
  }
  for (size_t s = 0; s < subjects; s++)
    m->figures[s].figure = eh_mean(cells->values, counts + s * cells->outcome_count,
                                   cells->outcome_count, m->confidence);
}

/* --- differences and spread: units in strata --- */

struct pile {
  uint64_t records, events;
};

static size_t stratum_of(const struct measuring *m, const struct eh_period_cell *cell) {
  return (size_t)cell->situation * m->table->circumstance_count + cell->circumstance;
}

static size_t strata_count(const struct measuring *m) {
  return m->table->situation_count * m->table->circumstance_count;
}

static struct pile *pile_up(const struct measuring *m) {
  struct pile *all = eh_arena_alloc(m->arena, strata_count(m), sizeof *all);
  for (size_t i = 0; i < m->table->item_count; i++) {
    const struct eh_period_cell *cell = &m->table->items[i];
    if (!is_within(m, cell->period)) continue;
    all[stratum_of(m, cell)].records += cell->records;
    all[stratum_of(m, cell)].events += cell->events;
  }
  return all;
}

/* A unit's tables against its peers; own: all 0 before and after. */
static size_t tables_of(const struct measuring *m, size_t unit, const struct pile *all,
                        struct pile *own, size_t *touched, struct eh_table *tables) {
  size_t count = 0;
  for (size_t i = m->table->first_item[unit]; i < m->table->first_item[unit + 1]; i++) {
    const struct eh_period_cell *cell = &m->table->items[i];
    if (!is_within(m, cell->period)) continue;
    size_t s = stratum_of(m, cell);
    if (own[s].records == 0) touched[count++] = s;
    own[s].records += cell->records;
    own[s].events += cell->events;
  }
  for (size_t k = 0; k < count; k++) {
    size_t s = touched[k];
    tables[k] = (struct eh_table){own[s].events, own[s].records, all[s].events - own[s].events,
                                  all[s].records - own[s].records};
    own[s] = (struct pile){0};
  }
  return count;
}

static void add_differences(struct measuring *m) {
  struct pile *all = pile_up(m), *own = eh_arena_alloc(m->arena, strata_count(m), sizeof *own);
  size_t *touched = eh_arena_alloc(m->arena, strata_count(m), sizeof *touched);
  struct eh_table *tables = eh_arena_alloc(m->arena, strata_count(m), sizeof *tables);
  for (size_t u = 0; u < m->table->cells->unit_count; u++) {
    size_t count = tables_of(m, u, all, own, touched, tables);
    struct eh_difference d = eh_difference(tables, count, m->confidence);
    m->figures[u] = (struct eh_goal_figure){d.comparable, d.events, d.interval};
  }
}

/* An effect belongs to a unit in one value of `within`: the number of that value, by situation. */
static uint32_t *groups_of(const struct measuring *m) {
  const struct eh_cells *cells = m->table->cells;
  const struct eh_comparison *comparison = &m->rules->comparisons[cells->comparison];
  uint32_t *groups = eh_arena_alloc(m->arena, m->table->situation_count, sizeof *groups);
  for (size_t k = 0; k < cells->column_count; k++) {
    bool is_within_column = false;
    for (size_t w = 0; w < comparison->within_count; w++)
      is_within_column |= comparison->within[w] == cells->columns[k].column;
    for (size_t s = 0; s < m->table->situation_count && is_within_column; s++)
      groups[s] = groups[s] * (uint32_t)(cells->columns[k].label_count + 1) +
                  cells->codes[(size_t)m->table->sample[s] * cells->column_count + k];
  }
  return groups;
}

struct pieces {
  struct eh_association_cell *cells;
  size_t count, pieces;
  uint32_t *unit; /* by piece */
};

static int by_stratum(const void *x, const void *y) {
  const struct eh_association_cell *a = x, *b = y;
  if (a->stratum != b->stratum) return a->stratum < b->stratum ? -1 : 1;
  return (a->unit > b->unit) - (a->unit < b->unit);
}

/* The cells by stratum and piece; those that differ only by month add up. */
static struct pieces cut(const struct measuring *m) {
  size_t most = m->table->item_count, at = 0;
  struct pieces p = {.cells = eh_arena_alloc(m->arena, most, sizeof *p.cells),
                     .unit = eh_arena_alloc(m->arena, most, sizeof *p.unit)};
  uint32_t *group = groups_of(m), *of_piece = eh_arena_alloc(m->arena, most, sizeof *of_piece);
  for (size_t i = 0; i < most; i++) {
    const struct eh_period_cell *cell = &m->table->items[i];
    if (!is_within(m, cell->period)) continue;
    size_t piece = p.pieces; /* those of one unit stand together */
    while (piece > 0 && p.unit[piece - 1] == cell->unit &&
           of_piece[piece - 1] != group[cell->situation])
      piece--;
    if (piece == 0 || p.unit[piece - 1] != cell->unit) {
      piece = ++p.pieces;
      p.unit[piece - 1] = cell->unit;
      of_piece[piece - 1] = group[cell->situation];
    }
    p.cells[p.count++] =
        (struct eh_association_cell){.stratum = (uint32_t)stratum_of(m, cell),
                                     .unit = (uint32_t)(piece - 1),
                                     .n = cell->records,
                                     .events = cell->events};
  }
  if (p.count) qsort(p.cells, p.count, sizeof *p.cells, by_stratum);
  for (size_t i = 1; i < p.count; i++) {
    if (by_stratum(&p.cells[at], &p.cells[i]) == 0) {
      p.cells[at].n += p.cells[i].n;
      p.cells[at].events += p.cells[i].events;
    } else {
      p.cells[++at] = p.cells[i];
    }
  }
  if (p.count) p.count = at + 1;
  return p;
}

static void add_spread(struct measuring *m) {
  struct pieces p = cut(m);
  const struct eh_effects *effects = eh_effects_fit(m->arena, p.cells, p.count, p.pieces);
  struct eh_tau_unit *units = eh_arena_alloc(m->arena, p.pieces, sizeof *units);
  size_t entered = 0;
  for (size_t i = 0; i < p.count; i++) {
    m->figures[0].records += p.cells[i].n;
    m->figures[0].events += p.cells[i].events;
  }
  for (size_t i = 0; i < p.pieces; i++) {
    const struct eh_unit_fit *fit = &effects->unit[i];
    if (m->table->cells->units[p.unit[i]].recorded && fit->fitted == EH_FITTED &&
        eh_tau_carries(fit) && effects->block[fit->block].thinness <= EH_TOO_THIN)
      units[entered++] = (struct eh_tau_unit){fit->theta, fit->variance, fit->block};
  }
  struct eh_tau tau = eh_tau_estimate(units, entered, m->confidence);
  m->figures[0].figure = (struct eh_interval){tau.tau, tau.low, tau.high};
}

struct eh_goal_figure *eh_goal_measure(struct eh_arena *arena, const struct eh_rules *rules,
                                       const struct eh_goal *goal, const struct eh_by_period *table,
                                       struct eh_months months) {
  struct measuring m = {.arena = arena,
                        .rules = rules,
                        .goal = goal,
                        .table = table,
                        .months = months,
                        .confidence = rules->measures[goal->measure].flag.confidence};
  m.figures = eh_arena_alloc(arena, eh_goal_subjects(goal, table), sizeof *m.figures);
  switch (goal->kind) {
    case EH_GOAL_MEAN:
      add_means(&m);
      break;
    case EH_GOAL_DIFFERENCE:
      add_differences(&m);
      break;
    case EH_GOAL_SPREAD:
      add_spread(&m);
      break;
    default:
      add_shares(&m);
  }
  return m.figures;
}
