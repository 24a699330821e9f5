#include "engine/audit/definitions/regroup.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/sort.h"

/* --- strata --- */

/* Leave of numbers their ranks among those that occur; returns how many those are. */
static uint64_t rank(struct eh_arena *scratch, uint64_t *numbers, size_t count) {
  uint64_t *sorted = eh_arena_alloc(scratch, count, sizeof *sorted);
  if (count) memcpy(sorted, numbers, count * sizeof *sorted);
  eh_sort_keys(sorted, count, 64, 1);
  size_t distinct = eh_unique_keys(sorted, count);
  for (size_t i = 0; i < count; i++) numbers[i] = eh_place_key(sorted, distinct, numbers[i]);
  return distinct;
}

static uint32_t code_of(const struct eh_cells *cells, const struct eh_regroup *regroup,
                        size_t stratum, size_t column) {
  uint32_t code = cells->codes[stratum * cells->column_count + column];
  const uint32_t *merged = regroup->merged[column];
  return merged ? merged[code] : code;
}

/* The new stratum of each old one, numbered in the order of their codes. */
static uint64_t *number_strata(struct eh_arena *scratch, const struct eh_cells *cells,
                               const struct eh_regroup *regroup, size_t *count) {
  uint64_t *numbers = eh_arena_alloc(scratch, cells->stratum_count, sizeof *numbers), range = 1;
  for (size_t k = 0; k < cells->column_count; k++) {
    if (regroup->dropped[k]) continue;
    uint64_t labels = cells->columns[k].label_count;
    if (range > (UINT64_C(1) << 62) / labels) range = rank(scratch, numbers, cells->stratum_count);
    range *= labels;
    for (size_t s = 0; s < cells->stratum_count; s++)
      numbers[s] = numbers[s] * labels + code_of(cells, regroup, s, k);
  }
  *count = (size_t)rank(scratch, numbers, cells->stratum_count);
  return numbers;
}

static void name_strata(struct eh_arena *arena, const struct eh_cells *cells,
                        const struct eh_regroup *regroup, const uint64_t *numbers,
                        struct eh_cells *out) {
  out->columns = eh_arena_alloc(arena, cells->column_count, sizeof *out->columns);
  out->column_count = 0;
  size_t *from = eh_arena_alloc(arena, cells->column_count, sizeof *from);
  for (size_t k = 0; k < cells->column_count; k++) {
    if (regroup->dropped[k]) continue;
    from[out->column_count] = k;
    out->columns[out->column_count++] = cells->columns[k];
  }
  uint32_t *codes = eh_arena_alloc(arena, out->stratum_count * out->column_count, sizeof *codes);
  for (size_t s = 0; s < cells->stratum_count; s++)
    for (size_t k = 0; k < out->column_count; k++)
      codes[numbers[s] * out->column_count + k] = code_of(cells, regroup, s, from[k]);
  out->codes = codes;
}

/* --- cells --- */

/* By old cell, the new one; false: one gets too large. */
static bool merge_cells(struct eh_arena *scratch, const struct eh_cells *cells,
                        const uint64_t *numbers, struct eh_cells *out, size_t *becomes) {
  uint32_t *owner = eh_arena_alloc(scratch, out->stratum_count, sizeof *owner); /* and 1 */
  size_t *slot = eh_arena_alloc(scratch, out->stratum_count, sizeof *slot);
  for (size_t u = 0; u < cells->unit_count; u++) {
    struct eh_unit *unit = &out->units[u];
    unit->first_cell = out->cell_count;
    for (size_t i = 0; i < cells->units[u].cell_count; i++) {
      size_t old = cells->units[u].first_cell + i;
      const struct eh_cell *cell = &cells->cells[old];
      uint32_t stratum = (uint32_t)numbers[cell->stratum];
      if (owner[stratum] != u + 1) {
        owner[stratum] = (uint32_t)u + 1;
        slot[stratum] = out->cell_count++;
        out->cells[slot[stratum]] = (struct eh_cell){(uint32_t)u, stratum, 0, 0};
      }
      struct eh_cell *sum = &out->cells[slot[stratum]];
      if (cell->records > UINT32_MAX - sum->records) return false;
      sum->records += cell->records;
      sum->events += cell->events;
      becomes[old] = slot[stratum];
    }
    unit->cell_count = out->cell_count - unit->first_cell;
  }
  return true;
}

static int by_outcome(const void *left, const void *right) {
  const struct eh_portion *a = left, *b = right;
  return (a->outcome > b->outcome) - (a->outcome < b->outcome);
}

static size_t add_equal(struct eh_portion *portions, size_t count) {
  size_t kept = 0;
  qsort(portions, count, sizeof *portions, by_outcome);
  for (size_t i = 0; i < count; i++) {
    if (kept && portions[kept - 1].outcome == portions[i].outcome)
      portions[kept - 1].records += portions[i].records;
    else
      portions[kept++] = portions[i];
  }
  return kept;
}

static void merge_portions(struct eh_arena *arena, const struct eh_cells *cells,
                           const size_t *becomes, struct eh_cells *out) {
  size_t *first = eh_arena_alloc(arena, out->cell_count + 1, sizeof *first);
  size_t total = cells->first_portion[cells->cell_count];
  struct eh_portion *portions = eh_arena_alloc(arena, total, sizeof *portions);
  for (size_t i = 0; i < cells->cell_count; i++)
    first[becomes[i] + 1] += cells->first_portion[i + 1] - cells->first_portion[i];
  for (size_t i = 0; i < out->cell_count; i++) first[i + 1] += first[i];
  size_t *next = eh_arena_alloc(arena, out->cell_count, sizeof *next);
  if (out->cell_count) memcpy(next, first, out->cell_count * sizeof *next);
  for (size_t i = 0; i < cells->cell_count; i++)
    for (size_t t = cells->first_portion[i]; t < cells->first_portion[i + 1]; t++)
      portions[next[becomes[i]]++] = cells->portions[t];
  size_t kept = 0;
  for (size_t i = 0; i < out->cell_count; i++) {
    size_t start = first[i], count = first[i + 1] - start, left;
    left = add_equal(portions + start, count);
    if (left) memmove(portions + kept, portions + start, left * sizeof *portions);
    first[i] = kept;
    kept += left;
  }
  first[out->cell_count] = kept;
  out->portions = portions;
  out->first_portion = first;
}

bool eh_cells_regroup(struct eh_arena *arena, const struct eh_cells *cells,
                      const struct eh_regroup *regroup, struct eh_cells *out) {
  struct eh_arena *scratch = eh_arena_new();
  *out = *cells;
  uint64_t *numbers = number_strata(scratch, cells, regroup, &out->stratum_count);
  name_strata(arena, cells, regroup, numbers, out);
  out->units = eh_arena_alloc(arena, cells->unit_count, sizeof *out->units);
  if (cells->unit_count) memcpy(out->units, cells->units, cells->unit_count * sizeof *out->units);
  out->cells = eh_arena_alloc(arena, cells->cell_count, sizeof *out->cells);
  out->cell_count = 0;
  size_t *becomes = eh_arena_alloc(scratch, cells->cell_count, sizeof *becomes);
  bool fits = merge_cells(scratch, cells, numbers, out, becomes);
  if (fits && cells->portions) merge_portions(arena, cells, becomes, out);
  eh_arena_free(scratch);
  return fits;
}

struct eh_cells eh_cells_of_unit(struct eh_arena *arena, const struct eh_cells *cells, size_t u,
                                 const bool *strata) {
  struct eh_cells out = *cells;
  const struct eh_unit *unit = &cells->units[u];
  out.units = eh_arena_alloc(arena, cells->unit_count, sizeof *out.units);
  out.units[u] = *unit;
  out.units[u].first_cell = 0;
  out.cells = eh_arena_alloc(arena, unit->cell_count, sizeof *out.cells);
  size_t *first = eh_arena_alloc(arena, unit->cell_count + 1, sizeof *first), portions = 0;
  for (size_t i = unit->first_cell; cells->portions && i < unit->first_cell + unit->cell_count; i++)
    portions += cells->first_portion[i + 1] - cells->first_portion[i];
  struct eh_portion *kept = eh_arena_alloc(arena, portions, sizeof *kept);
  size_t count = 0;
  for (size_t i = unit->first_cell; i < unit->first_cell + unit->cell_count; i++) {
    if (!strata[cells->cells[i].stratum]) continue;
    out.cells[count] = cells->cells[i];
    first[count + 1] = first[count];
    for (size_t t = cells->portions ? cells->first_portion[i] : 0;
         cells->portions && t < cells->first_portion[i + 1]; t++)
      kept[first[count + 1]++] = cells->portions[t];
    count++;
  }
  out.cell_count = out.units[u].cell_count = count;
  if (cells->portions) {
    out.portions = kept;
    out.first_portion = first;
  }
  return out;
}
