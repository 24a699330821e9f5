/* Where a unit worked: the `within` group that has most of its records. */
#include "engine/audit/figures/place.h"

#include <stdlib.h>

/* What a unit has in one within group. */
struct share {
  uint64_t records;
  uint32_t stratum; /* one of the group's */
  uint32_t order;   /* in which it was met; 0: not met */
};

/* Of equals, the one that was met first. */
static bool is_larger(const struct share *a, const struct share *b) {
  return a->records != b->records ? a->records > b->records : a->order < b->order;
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
  result->place.within = labels;
  result->place.group = eh_arena_copy(arena, text.text, text.length);
  eh_buffer_free(&text);
}

void eh_unit_place(struct eh_arena *arena, const struct eh_strata_list *strata,
                   const struct eh_comparison_result *c, struct eh_result *result) {
  result->place.group = "";
  if (c->comparison->within_count == 0) return;
  const struct eh_unit *unit = &c->cells->units[result->unit_index];
  struct share *shares = eh_alloc_zeroed(strata->groups, sizeof *shares);
  const struct share *best = NULL;
  uint32_t groups = 0;
  for (size_t i = 0; i < unit->cell_count; i++) {
    const struct eh_cell *cell = &c->cells->cells[unit->first_cell + i];
    struct share *share = &shares[strata->group[cell->stratum]];
    if (!share->order) *share = (struct share){0, cell->stratum, ++groups};
    share->records += cell->records;
  }
  for (uint32_t g = 0; g < strata->groups; g++)
    if (shares[g].order && (!best || is_larger(&shares[g], best))) best = &shares[g];
  size_t *places = find_columns(c);
  if (best) name_group(arena, c, places, best->stratum, result);
  result->place.groups = groups;
  free(places);
  free(shares);
}
