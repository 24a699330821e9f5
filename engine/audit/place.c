/* Where a unit worked: the `within` group that has most of its records. */
#include <stdlib.h>

#include "engine/audit/audit_internal.h"

/* A within group, by its labels' places taken as one number. */
struct group {
  uint64_t number;  /* 1 more than it; 0: a free slot */
  uint32_t stratum; /* one of its */
  uint64_t records;
  size_t order; /* in which it was met */
};
struct groups { /* open addressing, at most half full */
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

static void add_to_group(struct groups *g, uint64_t number, const struct eh_cell *cell) {
  if (2 * g->count >= g->capacity) widen(g);
  struct group *group = find_group(g, number + 1);
  if (!group->number) *group = (struct group){number + 1, cell->stratum, 0, g->count++};
  group->records += cell->records;
}

/* Of equals, the one that was met first. */
static const struct group *largest(const struct groups *groups) {
  const struct group *best = NULL;
  for (size_t i = 0; i < groups->capacity; i++) {
    const struct group *g = &groups->slots[i];
    if (g->number && (!best || g->records > best->records ||
                      (g->records == best->records && g->order < best->order)))
      best = g;
  }
  return best;
}

/* The strata columns of the within columns. */
static size_t *find_columns(const struct eh_comparison_result *c) {
  size_t count = c->comparison->within_count, *places = eh_alloc_zeroed(count, sizeof *places);
  for (size_t w = 0; w < count; w++)
    for (size_t k = 0; k < c->cells->column_count; k++)
      if (c->cells->columns[k].column == c->comparison->within[w]) places[w] = k;
  return places;
}

static void name_group(struct eh_arena *arena, const struct eh_comparison_result *c,
                       const size_t *places, uint32_t stratum, struct eh_result *result) {
  const char **labels = eh_arena_alloc(arena, c->comparison->within_count, sizeof *labels);
  struct eh_buffer text = {0};
  for (size_t w = 0; w < c->comparison->within_count; w++) {
    const struct eh_stratum_column *column = &c->cells->columns[places[w]];
    labels[w] =
        column->labels[c->cells->codes[(size_t)stratum * c->cells->column_count + places[w]]];
    eh_buffer_printf(&text, "%s\n", labels[w]);
  }
  result->within = labels;
  result->group = eh_arena_copy(arena, text.text, text.length);
  eh_buffer_free(&text);
}

void eh_unit_place(struct eh_arena *arena, const struct eh_comparison_result *c,
                   struct eh_result *result) {
  result->group = "";
  if (c->comparison->within_count == 0) return;
  const struct eh_unit *unit = &c->cells->units[result->unit_index];
  size_t *places = find_columns(c);
  struct groups groups = {0};
  for (size_t i = 0; i < unit->cell_count; i++) {
    const struct eh_cell *cell = &c->cells->cells[unit->first_cell + i];
    const uint32_t *codes = c->cells->codes + (size_t)cell->stratum * c->cells->column_count;
    uint64_t number = 0;
    for (size_t w = 0; w < c->comparison->within_count; w++)
      number = number * c->cells->columns[places[w]].label_count + codes[places[w]];
    add_to_group(&groups, number, cell);
  }
  const struct group *best = largest(&groups);
  if (best) name_group(arena, c, places, best->stratum, result);
  result->within_groups = groups.count;
  free(groups.slots);
  free(places);
}
