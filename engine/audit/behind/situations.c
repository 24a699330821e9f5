#include "engine/audit/behind/situations.h"

#include <stdlib.h>

#include "rules/language/question.h"

const struct eh_stratum_total *eh_stratum_totals(struct eh_arena *arena,
                                                 const struct eh_cells *cells) {
  struct eh_stratum_total *totals = eh_arena_alloc(arena, cells->stratum_count, sizeof *totals);
  for (size_t i = 0; i < cells->cell_count; i++) {
    totals[cells->cells[i].stratum].records += cells->cells[i].records;
    totals[cells->cells[i].stratum].events += cells->cells[i].events;
  }
  return totals;
}

static struct eh_situation situation_of(const struct eh_cell *cell,
                                        const struct eh_stratum_total *total) {
  struct eh_situation s = {.stratum = cell->stratum,
                           .strata = 1,
                           .records = cell->records,
                           .events = cell->events,
                           .peer_records = total->records - cell->records,
                           .peer_events = total->events - cell->events};
  if (s.peer_records)
    s.expected = (double)s.records * ((double)s.peer_events / (double)s.peer_records);
  return s;
}

static void add(struct eh_situation *sum, const struct eh_situation *s) {
  if (sum->strata++ == 0) sum->stratum = s->stratum;
  sum->records += s->records;
  sum->events += s->events;
  sum->peer_records += s->peer_records;
  sum->peer_events += s->peer_events;
  sum->expected += s->expected;
}

static double contribution(const struct eh_situation *s) { return (double)s->events - s->expected; }

static int highest_first(const void *left, const void *right) {
  const struct eh_situation *a = left, *b = right;
  double x = contribution(a), y = contribution(b);
  if (x != y) return x > y ? -1 : 1;
  return (a->stratum > b->stratum) - (a->stratum < b->stratum);
}
static int lowest_first(const void *left, const void *right) {
  const struct eh_situation *a = left, *b = right;
  double x = contribution(a), y = contribution(b);
  if (x != y) return x < y ? -1 : 1;
  return (a->stratum > b->stratum) - (a->stratum < b->stratum);
}

struct eh_situations eh_situations(struct eh_arena *arena, const struct eh_cells *cells,
                                   const struct eh_stratum_total *totals,
                                   const struct eh_result *result, size_t most) {
  const struct eh_unit *unit = &cells->units[result->unit_index];
  struct eh_situations found = {0};
  if (eh_question_of(result->kind)->has_outcome || result->balance.applies) return found;
  struct eh_situation *all = eh_alloc(unit->cell_count, sizeof *all);
  size_t count = 0;
  for (size_t i = 0; i < unit->cell_count; i++) {
    const struct eh_cell *cell = &cells->cells[unit->first_cell + i];
    struct eh_situation s = situation_of(cell, &totals[cell->stratum]);
    if (s.peer_records)
      all[count++] = s;
    else
      add(&found.unshared, &s);
  }
  if (count) qsort(all, count, sizeof *all, result->higher ? highest_first : lowest_first);
  found.count = count < most ? count : most;
  found.items = eh_arena_alloc(arena, found.count, sizeof *found.items);
  for (size_t i = 0; i < count; i++) {
    if (i < found.count)
      found.items[i] = all[i];
    else
      add(&found.rest, &all[i]);
  }
  free(all);
  return found;
}

const bool *eh_strata_varying(struct eh_arena *arena, const struct eh_cells *cells,
                              const struct eh_unit *unit) {
  bool *varying = eh_arena_alloc(arena, cells->column_count, sizeof *varying);
  const struct eh_cell *first = &cells->cells[unit->first_cell];
  const uint32_t *own = cells->codes + (size_t)first->stratum * cells->column_count;
  for (size_t i = 1; i < unit->cell_count; i++) {
    const uint32_t *other = cells->codes + (size_t)first[i].stratum * cells->column_count;
    for (size_t k = 0; k < cells->column_count; k++) varying[k] |= own[k] != other[k];
  }
  return varying;
}

const char *eh_stratum_say(struct eh_arena *arena, const struct eh_rules *rules,
                           const struct eh_cells *cells, const bool *varying, uint32_t stratum) {
  struct eh_buffer text = {0};
  for (size_t k = 0; k < cells->column_count; k++) {
    if (!varying[k]) continue;
    const struct eh_stratum_column *column = &cells->columns[k];
    eh_buffer_printf(&text, "%s%s: %s", text.length ? "; " : "",
                     rules->columns[column->column].name,
                     column->labels[cells->codes[stratum * cells->column_count + k]]);
  }
  const char *said = text.length ? eh_arena_copy(arena, text.text, text.length) : "all records";
  eh_buffer_free(&text);
  return said;
}
