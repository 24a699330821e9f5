#include "engine/audit/definitions/finer.h"

#include <stdlib.h>
#include <string.h>

static int by_codes(const void *left, const void *right, void *context) {
  const struct eh_finer *f = context;
  const uint32_t *x = f->cells->codes + *(const uint32_t *)left * f->cells->column_count;
  const uint32_t *y = f->cells->codes + *(const uint32_t *)right * f->cells->column_count;
  for (size_t k = 0; k < f->cells->column_count; k++)
    if (k != f->column && x[k] != y[k]) return x[k] < y[k] ? -1 : 1;
  return 0;
}

static void number_coarse(struct eh_arena *scratch, struct eh_finer *f) {
  size_t strata = f->cells->stratum_count;
  f->of = eh_arena_alloc(scratch, strata, sizeof *f->of);
  uint32_t *order = eh_arena_alloc(scratch, strata, sizeof *order);
  for (size_t s = 0; s < strata; s++) order[s] = (uint32_t)s;
  qsort_r(order, strata, sizeof *order, by_codes, f);
  for (size_t i = 0; i < strata; i++) {
    if (i == 0 || by_codes(&order[i - 1], &order[i], f) != 0) f->coarse_count++;
    f->of[order[i]] = (uint32_t)f->coarse_count - 1;
  }
}

struct eh_finer eh_finer_of(struct eh_arena *scratch, const struct eh_cells *cells, size_t column) {
  struct eh_finer f = {.cells = cells, .column = column};
  f.strata = eh_strata_of(scratch, &(struct eh_comparison){.each = -1}, cells, 1).items;
  number_coarse(scratch, &f);
  f.coarse = eh_arena_alloc(scratch, f.coarse_count, sizeof *f.coarse);
  for (size_t s = 0; s < cells->stratum_count; s++) {
    f.coarse[f.of[s]].records += f.strata[s].records;
    f.coarse[f.of[s]].events += f.strata[s].events;
  }
  f.own = eh_arena_alloc(scratch, f.coarse_count, sizeof *f.own);
  f.place = eh_arena_alloc(scratch, f.coarse_count, sizeof *f.place);
  return f;
}

static void add_own(struct eh_finer *f, const struct eh_unit *unit) {
  for (size_t i = unit->first_cell; i < unit->first_cell + unit->cell_count; i++) {
    const struct eh_cell *cell = &f->cells->cells[i];
    f->own[f->of[cell->stratum]].records += cell->records;
    f->own[f->of[cell->stratum]].events += cell->events;
  }
}

static void clear(struct eh_finer *f, const struct eh_unit *unit) {
  for (size_t i = unit->first_cell; i < unit->first_cell + unit->cell_count; i++) {
    uint32_t number = f->of[f->cells->cells[i].stratum];
    f->own[number] = (struct eh_stratum){0};
    f->place[number] = 0;
  }
}

/* Add records to the table of the same stratum without the column. */
static void add_same(struct eh_finer *f, struct eh_finer_tables *t, uint32_t number,
                     const struct eh_table *table) {
  if (!f->place[number]) {
    f->place[number] = (uint32_t)++t->same_count;
    t->same[t->same_count - 1] =
        (struct eh_table){0, 0, f->coarse[number].events - f->own[number].events,
                          f->coarse[number].records - f->own[number].records};
  }
  t->same[f->place[number] - 1].a += table->a;
  t->same[f->place[number] - 1].n1 += table->n1;
}

struct eh_finer_tables eh_finer_tables(struct eh_arena *scratch, struct eh_finer *f, size_t u) {
  const struct eh_unit *unit = &f->cells->units[u];
  struct eh_finer_tables t = {.fine = eh_arena_alloc(scratch, unit->cell_count, sizeof *t.fine),
                              .same = eh_arena_alloc(scratch, unit->cell_count, sizeof *t.same)};
  add_own(f, unit);
  for (size_t i = unit->first_cell; i < unit->first_cell + unit->cell_count; i++) {
    const struct eh_cell *cell = &f->cells->cells[i];
    const struct eh_stratum *all = &f->strata[cell->stratum];
    struct eh_table table = {cell->events, cell->records, all->events - cell->events,
                             all->records - cell->records};
    if (!eh_table_is_comparable(&table)) continue;
    t.fine[t.fine_count++] = table;
    t.comparable += table.n1;
    add_same(f, &t, f->of[cell->stratum], &table);
  }
  clear(f, unit);
  return t;
}

size_t eh_unit_named(const struct eh_cells *cells, const char *name) {
  size_t low = 0, high = cells->unit_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = cells->units[middle].recorded ? strcmp(cells->units[middle].label, name) : 1;
    if (order == 0) return middle;
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return SIZE_MAX;
}
