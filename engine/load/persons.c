/* Records of persons who have several among one unit's. */
#include <stdlib.h>

#include "engine/load/group.h"
#include "engine/load/prints.h"

struct persons {
  const struct eh_grouping *g;
  size_t measure;                          /* of the rules */
  const uint32_t *each_ranks, *unit_ranks; /* by code; each_ranks NULL without an each column */
  size_t each_dimension, unit_dimension;
  struct eh_unit ***units; /* by rank of each, then of the unit; NULL: no such cells */
};

/* The mark: the rank of each above the rank of the unit. */
static bool mark_units(const void *context, const struct eh_chunk *chunk, size_t i,
                       uint64_t *mark) {
  const struct persons *p = context;
  uint8_t outcome = chunk->outcomes[i * p->g->records->rules->measure_count + p->measure];
  if ((chunk->status[i] & EH_FATE_MASK) != EH_AUDITED) return false;
  if ((outcome != EH_EVENT && outcome != EH_NO_EVENT) || eh_lacks_factor(p->g, chunk, i))
    return false;
  *mark = p->unit_ranks[eh_packed_get(&chunk->codes[p->unit_dimension], i)];
  if (p->each_ranks)
    *mark |= (uint64_t)p->each_ranks[eh_packed_get(&chunk->codes[p->each_dimension], i)] << 32;
  return true;
}

static int by_mark(const void *left, const void *right) {
  const struct eh_marked_print *a = left, *b = right;
  return (a->mark > b->mark) - (a->mark < b->mark);
}

static void sort_marks(struct eh_marked_print *items, size_t count) {
  enum { SMALL = 32 };
  if (count > SMALL) {
    qsort(items, count, sizeof *items, by_mark);
    return;
  }
  for (size_t i = 1; i < count; i++) {
    struct eh_marked_print item = items[i];
    size_t k = i;
    for (; k > 0 && items[k - 1].mark > item.mark; k--) items[k] = items[k - 1];
    items[k] = item;
  }
}

static void count_person(void *context, struct eh_marked_print *items, size_t count) {
  const struct persons *p = context;
  sort_marks(items, count);
  for (size_t i = 0; i < count;) {
    size_t end = i + 1;
    while (end < count && items[end].mark == items[i].mark) end++;
    if (end - i > 1) {
      struct eh_unit *unit = p->units[items[i].mark >> 32][items[i].mark & UINT32_MAX];
      __atomic_fetch_add(&unit->repeated, end - i, __ATOMIC_RELAXED);
    }
    i = end;
  }
}

static size_t rank_of(const char *const *labels, size_t count, const char *label) {
  size_t rank = 0;
  while (rank < count && labels[rank] != label) rank++;
  return rank; /* labels of one dictionary: equal ones are one pointer */
}

/* The units of one list of cells, by rank. */
static struct eh_unit **units_by_rank(const struct persons *p, struct eh_cells *cells) {
  const struct eh_dictionary *d = p->g->records->dictionaries[p->unit_dimension];
  size_t count = eh_dictionary_count(d);
  const char *const *labels = eh_dictionary_labels(d);
  struct eh_unit **units = eh_alloc_zeroed(count, sizeof *units);
  for (size_t u = 0, rank = 0; u < cells->unit_count; u++, rank++) {
    while (labels[rank] != cells->units[u].label) rank++; /* both in order of labels */
    units[rank] = &cells->units[u];
  }
  return units;
}

void eh_count_repeats(const struct eh_grouping *g, size_t measure, struct eh_cells *lists,
                      size_t list_count) {
  const struct eh_records *r = g->records;
  if (r->rules->person_column < 0 || r->rules->one_per >= 0) return;
  struct persons p = {.g = g, .measure = measure, .unit_dimension = eh_unit_part(g)->dimension};
  p.unit_ranks = eh_dictionary_ranks(r->dictionaries[p.unit_dimension]);
  size_t each_count = 1;
  const char *const *each_labels = NULL;
  if (g->comparison->each >= 0) {
    p.each_dimension = g->parts[0].dimension;
    p.each_ranks = eh_dictionary_ranks(r->dictionaries[p.each_dimension]);
    each_count = eh_dictionary_count(r->dictionaries[p.each_dimension]);
    each_labels = eh_dictionary_labels(r->dictionaries[p.each_dimension]);
  }
  p.units = eh_alloc_zeroed(each_count, sizeof *p.units);
  for (size_t l = 0; l < list_count; l++)
    p.units[each_labels ? rank_of(each_labels, each_count, lists[l].each) : 0] =
        units_by_rank(&p, &lists[l]);
  eh_prints_group(r, &(struct eh_print_task){eh_person_prints, mark_units, count_person, &p});
  for (size_t e = 0; e < each_count; e++) free(p.units[e]);
  free(p.units);
}
