/* Where a unit worked: the `within` group that has most of its records. */
#include <stdlib.h>

#include "engine/audit/audit_internal.h"

struct group {
  uint32_t stratum; /* one of the group's */
  uint64_t records;
};

/* The strata columns of the within columns. */
static size_t *find_columns(const struct eh_comparison_result *c) {
  size_t count = c->comparison->within_count, *places = eh_alloc_zeroed(count, sizeof *places);
  for (size_t w = 0; w < count; w++)
    for (size_t k = 0; k < c->cells->column_count; k++)
      if (c->cells->columns[k].column == c->comparison->within[w]) places[w] = k;
  return places;
}

static bool same_group(const struct eh_comparison_result *c, const size_t *places, uint32_t a,
                       uint32_t b) {
  const uint32_t *x = c->cells->codes + a * c->cells->column_count;
  const uint32_t *y = c->cells->codes + b * c->cells->column_count;
  for (size_t w = 0; w < c->comparison->within_count; w++)
    if (x[places[w]] != y[places[w]]) return false;
  return true;
}

static void name_group(struct eh_arena *arena, const struct eh_comparison_result *c,
                       const size_t *places, uint32_t stratum, struct eh_result *result) {
  const char **labels = eh_arena_alloc(arena, c->comparison->within_count, sizeof *labels);
  struct eh_buffer text = {0};
  for (size_t w = 0; w < c->comparison->within_count; w++) {
    const struct eh_stratum_column *column = &c->cells->columns[places[w]];
    labels[w] = column->labels[c->cells->codes[stratum * c->cells->column_count + places[w]]];
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
  size_t *places = find_columns(c), count = 0, best = 0;
  struct group *groups = eh_alloc(unit->cell_count, sizeof *groups);
  for (size_t i = 0; i < unit->cell_count; i++) {
    const struct eh_cell *cell = &c->cells->cells[unit->first_cell + i];
    size_t g = 0;
    while (g < count && !same_group(c, places, groups[g].stratum, cell->stratum)) g++;
    if (g == count) groups[count++] = (struct group){cell->stratum, 0};
    groups[g].records += cell->records;
  }
  for (size_t g = 1; g < count; g++) /* of equals, the first in order */
    if (groups[g].records > groups[best].records) best = g;
  if (count) name_group(arena, c, places, groups[best].stratum, result);
  result->within_groups = count;
  free(groups);
  free(places);
}
