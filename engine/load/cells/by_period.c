#include "engine/load/cells/by_period.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MONTHS = 12, QUARTERS = 4 };

enum eh_period eh_period_of_every(enum eh_every every) {
  static const enum eh_period periods[EH_EVERIES] = {EH_PERIOD_FITTING, EH_PERIOD_MONTH,
                                                     EH_PERIOD_QUARTER, EH_PERIOD_FISCAL_YEAR};
  return periods[every];
}

const char *eh_period_label(struct eh_arena *arena, enum eh_every every, int32_t number) {
  if (every == EH_EVERY_MONTH)
    return eh_arena_printf(arena, "%04d-%02d", number / MONTHS, number % MONTHS + 1);
  if (every == EH_EVERY_QUARTER)
    return eh_arena_printf(arena, "%04dQ%d", number / QUARTERS, number % QUARTERS + 1);
  return eh_arena_printf(arena, "FY%04d", number);
}

bool eh_period_parse(enum eh_every every, const char *label, int32_t *number) {
  int year, part = 1, end = -1;
  if (every == EH_EVERY_MONTH)
    (void)sscanf(label, "%4d-%2d%n", &year, &part, &end);
  else if (every == EH_EVERY_QUARTER)
    (void)sscanf(label, "%4dQ%1d%n", &year, &part, &end);
  else
    (void)sscanf(label, "FY%4d%n", &year, &end);
  int parts = every == EH_EVERY_MONTH ? MONTHS : every == EH_EVERY_QUARTER ? QUARTERS : 1;
  if (end < 0 || label[end] || part < 1 || part > parts) return false;
  *number = year * parts + part - 1; /* as eh_period_of counts */
  return true;
}

/* --- which table --- */

static bool is_asked(const struct eh_comparison *c, const struct eh_by_period_asked *asked) {
  if (c->every != asked->every || c->across != asked->across ||
      c->within_count != asked->within_count)
    return false;
  for (size_t i = 0; i < c->within_count; i++)
    if (c->within[i] != asked->within[i]) return false;
  return true;
}

static const struct eh_cells *find(const struct eh_rules *rules, const struct eh_cells *tables,
                                   size_t count, const struct eh_by_period_asked *asked) {
  for (size_t i = 0; i < count; i++)
    if (tables[i].measure == asked->measure &&
        is_asked(&rules->comparisons[tables[i].comparison], asked))
      return &tables[i];
  return NULL;
}

/* --- what of a stratum is what --- */

/* Places of strata by some columns, numbered in the order of the strata: bytewise by label. */
struct places {
  uint32_t *of; /* by stratum */
  uint32_t *sample;
  size_t count;
};

struct ordering {
  const struct eh_cells *cells;
  const bool *chosen; /* by column */
};

static int compare_strata(const struct ordering *o, uint32_t a, uint32_t b) {
  size_t columns = o->cells->column_count;
  const uint32_t *left = o->cells->codes + a * columns, *right = o->cells->codes + b * columns;
  for (size_t k = 0; k < columns; k++)
    if (o->chosen[k] && left[k] != right[k]) return left[k] < right[k] ? -1 : 1;
  return 0;
}

static int by_columns(const void *left, const void *right, void *ordering) {
  return compare_strata(ordering, *(const uint32_t *)left, *(const uint32_t *)right);
}

static struct places number_by(struct eh_arena *arena, const struct eh_cells *cells,
                               const bool *chosen) {
  size_t count = cells->stratum_count;
  struct ordering ordering = {cells, chosen};
  struct places p = {.of = eh_arena_alloc(arena, count, sizeof *p.of),
                     .sample = eh_arena_alloc(arena, count, sizeof *p.sample)};
  uint32_t *order = eh_alloc(count, sizeof *order);
  for (size_t s = 0; s < count; s++) order[s] = (uint32_t)s;
  qsort_r(order, count, sizeof *order, by_columns, &ordering);
  for (size_t i = 0; i < count; i++) {
    if (i == 0 || compare_strata(&ordering, order[i - 1], order[i]) != 0)
      p.sample[p.count++] = order[i];
    p.of[order[i]] = (uint32_t)p.count - 1;
  }
  free(order);
  return p;
}

/* Is it the month, quarter or year of the decision, which ends with it? Or the policies. */
static bool ends_with_its_time(const struct eh_rules *rules, int column) {
  const struct eh_column *c = &rules->columns[column];
  return c->kind == EH_POLICY ||
         (c->kind >= EH_MONTH && c->kind <= EH_FISCAL_YEAR && c->of[0] == rules->date_column);
}

struct viewing {
  const struct eh_rules *rules;
  const struct eh_cells *cells;
  struct eh_by_period *view;
  struct places situations, circumstances;
  size_t column;    /* of cells: the period */
  int32_t *numbers; /* by its label; INT32_MIN: not recorded */
};

static void tell_columns(struct eh_arena *arena, struct viewing *v) {
  const struct eh_cells *cells = v->cells;
  bool *of_situation = eh_arena_alloc(arena, cells->column_count, sizeof *of_situation),
       *of_circumstance = eh_arena_alloc(arena, cells->column_count, sizeof *of_circumstance);
  for (size_t k = 0; k < cells->column_count; k++) {
    int column = cells->columns[k].column;
    if (column == v->rules->period_columns[v->view->every])
      v->column = k;
    else
      of_situation[k] = !(of_circumstance[k] = ends_with_its_time(v->rules, column));
  }
  v->situations = number_by(arena, cells, of_situation);
  v->circumstances = number_by(arena, cells, of_circumstance);
  v->view->is_of_situation = of_situation;
  v->view->sample = v->situations.sample;
  v->view->situation_count = v->situations.count;
  v->view->circumstance_count = v->circumstances.count;
}

/* --- periods --- */

static int32_t number_of(const struct viewing *v, const struct eh_cell *cell) {
  const struct eh_cells *cells = v->cells;
  return v->numbers[cells->codes[(size_t)cell->stratum * cells->column_count + v->column]];
}

static void read_labels(struct eh_arena *arena, struct viewing *v) {
  const struct eh_stratum_column *c = &v->cells->columns[v->column];
  v->numbers = eh_arena_alloc(arena, c->label_count, sizeof *v->numbers);
  for (size_t i = 0; i < c->label_count; i++)
    if (!eh_period_parse(v->view->every, c->labels[i], &v->numbers[i])) v->numbers[i] = INT32_MIN;
}

/* The periods from the first to the last that some cell has. */
static void span_periods(struct viewing *v, int32_t last_day) {
  struct eh_by_period *view = v->view;
  enum eh_period period = eh_period_of_every(view->every);
  int32_t first = INT32_MAX, last = INT32_MIN,
          latest = last_day == INT32_MAX ? INT32_MAX : eh_period_of(period, last_day);
  for (size_t i = 0; i < v->cells->cell_count; i++) {
    const struct eh_cell *cell = &v->cells->cells[i];
    int32_t number = number_of(v, cell);
    if (number == INT32_MIN)
      view->undated += cell->records;
    else if (number > latest)
      view->later += cell->records;
    else
      first = number < first ? number : first, last = number > last ? number : last;
  }
  view->first = first <= last ? first : 0;
  view->count = first <= last ? (size_t)(last - first) + 1 : 0;
}

static int by_place(const void *left, const void *right) {
  const struct eh_period_cell *a = left, *b = right;
  const uint32_t x[] = {a->unit, a->situation, a->period, a->circumstance, a->stratum},
                 y[] = {b->unit, b->situation, b->period, b->circumstance, b->stratum};
  for (size_t i = 0; i < sizeof x / sizeof x[0]; i++)
    if (x[i] != y[i]) return x[i] < y[i] ? -1 : 1;
  return 0;
}

static void list_items(struct eh_arena *arena, const struct viewing *v) {
  const struct eh_cells *cells = v->cells;
  struct eh_by_period *view = v->view;
  struct eh_period_cell *items = eh_arena_alloc(arena, cells->cell_count, sizeof *items);
  size_t *first_item = eh_arena_alloc(arena, cells->unit_count + 1, sizeof *first_item);
  for (size_t u = 0; u < cells->unit_count; u++) {
    const struct eh_unit *unit = &cells->units[u];
    first_item[u] = view->item_count;
    for (size_t i = unit->first_cell; i < unit->first_cell + unit->cell_count; i++) {
      const struct eh_cell *cell = &cells->cells[i];
      int64_t period = (int64_t)number_of(v, cell) - view->first;
      if (period < 0 || period >= (int64_t)view->count) continue;
      items[view->item_count++] = (struct eh_period_cell){
          (uint32_t)u,   v->situations.of[cell->stratum], v->circumstances.of[cell->stratum],
          (uint32_t)period, cell->records, cell->events, cell->stratum};
    }
    qsort(items + first_item[u], view->item_count - first_item[u], sizeof *items, by_place);
  }
  first_item[cells->unit_count] = view->item_count;
  view->items = items;
  view->first_item = first_item;
}

const struct eh_by_period *eh_by_period_of(struct eh_arena *arena, const struct eh_rules *rules,
                                           const struct eh_cells *tables, size_t count,
                                           const struct eh_by_period_asked *asked) {
  struct viewing v = {.rules = rules, .cells = find(rules, tables, count, asked)};
  if (!v.cells) return NULL;
  v.view = eh_arena_alloc(arena, 1, sizeof *v.view);
  *v.view = (struct eh_by_period){.cells = v.cells, .every = asked->every};
  tell_columns(arena, &v);
  read_labels(arena, &v);
  span_periods(&v, asked->last_day);
  list_items(arena, &v);
  return v.view;
}
