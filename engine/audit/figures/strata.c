/* The strata of a comparison: totals, within groups, missing factors. */
#include "engine/audit/figures/strata.h"

#include <stdlib.h>

#include "engine/base/parallel.h"

/* --- totals --- */

enum { MOST_BLOCKS = 16, LEAST_STRATA = 4096 };

struct totalling {
  const struct eh_cells *cells;
  struct eh_stratum *strata;
  size_t block_count;
};

/* Each block of strata looks at all cells: adding up is the slow part, for it goes all over the
   strata; a block's fit a processor's own cache. */
static void total_block(void *context, size_t block, size_t worker) {
  (void)worker;
  const struct totalling *t = context;
  size_t first = t->cells->stratum_count * block / t->block_count;
  size_t last = t->cells->stratum_count * (block + 1) / t->block_count;
  for (size_t i = 0; i < t->cells->cell_count; i++) {
    const struct eh_cell *cell = &t->cells->cells[i];
    if (cell->stratum < first || cell->stratum >= last) continue;
    t->strata[cell->stratum].records += cell->records;
    t->strata[cell->stratum].events += cell->events;
  }
}

/* --- groups --- */

/* Groups by their labels' places taken as one number. Open addressing, at most half full. */
struct group {
  uint64_t number; /* 1 more than it; 0: free */
  uint32_t order;  /* in which it was met */
};
struct groups {
  struct group *slots;
  size_t capacity, count;
};

static struct group *find_group(const struct groups *g, uint64_t number) {
  size_t mask = g->capacity - 1, i = (size_t)((number * 0x9e3779b97f4a7c15ULL) >> 32) & mask;
  while (g->slots[i].number && g->slots[i].number != number) i = (i + 1) & mask;
  return &g->slots[i];
}

static void widen(struct groups *g) {
  struct groups wider = {NULL, g->capacity ? 2 * g->capacity : 64, g->count};
  wider.slots = eh_alloc_zeroed(wider.capacity, sizeof *wider.slots);
  for (size_t i = 0; i < g->capacity; i++)
    if (g->slots[i].number) *find_group(&wider, g->slots[i].number) = g->slots[i];
  free(g->slots);
  *g = wider;
}

static uint32_t number_group(struct groups *g, uint64_t number) {
  if (2 * g->count >= g->capacity) widen(g);
  struct group *group = find_group(g, number + 1);
  if (!group->number) *group = (struct group){number + 1, (uint32_t)g->count++};
  return group->order;
}

size_t eh_column_place(const struct eh_cells *cells, int column) {
  for (size_t k = 0; k < cells->column_count; k++)
    if (cells->columns[k].column == column) return k;
  return 0;
}

/* Where the within columns stand among the strata columns. */
static size_t *within_places(const struct eh_comparison *comparison, const struct eh_cells *cells) {
  size_t *places = eh_alloc_zeroed(comparison->within_count, sizeof *places);
  for (size_t w = 0; w < comparison->within_count; w++)
    places[w] = eh_column_place(cells, comparison->within[w]);
  return places;
}

static bool lacks_factor(const struct eh_cells *cells, const uint32_t *codes) {
  for (size_t k = 0; k < cells->column_count; k++) {
    const struct eh_stratum_column *c = &cells->columns[k];
    if (c->is_factor && c->has_missing && codes[k] == c->label_count - 1) return true;
  }
  return false;
}

struct eh_strata_list eh_strata_of(struct eh_arena *arena, const struct eh_comparison *comparison,
                                   const struct eh_cells *cells, size_t threads) {
  struct eh_strata_list strata = {
      .items = eh_arena_alloc(arena, cells->stratum_count, sizeof *strata.items),
      .group = eh_arena_alloc(arena, cells->stratum_count, sizeof *strata.group),
      .lacks_factor = eh_arena_alloc(arena, cells->stratum_count, sizeof *strata.lacks_factor)};
  struct totalling t = {cells, strata.items, threads < MOST_BLOCKS ? threads : MOST_BLOCKS};
  if (cells->stratum_count < LEAST_STRATA) t.block_count = 1;
  eh_parallel(t.block_count, threads, total_block, &t);
  size_t *places = within_places(comparison, cells);
  struct groups groups = {0};
  for (size_t s = 0; s < cells->stratum_count; s++) {
    const uint32_t *codes = cells->codes + s * cells->column_count;
    uint64_t number = 0;
    for (size_t w = 0; w < comparison->within_count; w++)
      number = number * cells->columns[places[w]].label_count + codes[places[w]];
    strata.group[s] = number_group(&groups, number);
    strata.lacks_factor[s] = lacks_factor(cells, codes);
  }
  free(groups.slots);
  free(places);
  strata.groups = groups.count;
  return strata;
}

struct eh_presence *eh_presence_of(struct eh_arena *arena, const struct eh_cells *cells) {
  struct eh_presence *presence = eh_arena_alloc(arena, cells->stratum_count, sizeof *presence);
  for (size_t i = 0; i < cells->cell_count; i++) {
    struct eh_presence *p = &presence[cells->cells[i].stratum];
    p->count++;
    p->xored ^= cells->cells[i].unit;
  }
  return presence;
}
