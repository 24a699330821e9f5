/* Records of persons who have several among one unit's. */
#include <stdlib.h>

#include "engine/load/cells/grouping.h"
#include "engine/load/records/fingerprints.h"

/* One measure of a grouping: a record's mark has a bit that says whether it counts, the rank of its
   unit and that of each. */
struct job {
  const struct eh_grouping *g;
  size_t measure; /* of the rules */
  unsigned shift; /* of its bits in the mark */
  unsigned unit_bits, each_bits;
  size_t unit_dimension, each_dimension;
  const uint32_t *unit_ranks, *each_ranks; /* by code */
  struct eh_unit ***units; /* by rank of each, then of the unit; NULL: no such cells */
};

enum { MOST_JOBS = 16, MARK_BITS = 64 };

struct persons {
  struct job jobs[MOST_JOBS];
  size_t count;
  unsigned bits;
};

static bool counts(const struct job *j, const struct eh_chunk *chunk, size_t i) {
  uint8_t outcome = chunk->outcomes[i * j->g->records->rules->measure_count + j->measure];
  return (outcome == EH_EVENT || outcome == EH_NO_EVENT) && !eh_lacks_factor(j->g, chunk, i);
}

static bool mark_units(const void *context, const struct eh_chunk *chunk, size_t i,
                       uint64_t *mark) {
  const struct persons *p = context;
  if ((chunk->status[i] & EH_FATE_MASK) != EH_AUDITED) return false;
  *mark = 0;
  for (size_t n = 0; n < p->count; n++) {
    const struct job *j = &p->jobs[n];
    if (!counts(j, chunk, i)) continue;
    uint64_t rank = j->unit_ranks[eh_packed_get(&chunk->codes[j->unit_dimension], i)];
    if (j->each_ranks)
      rank |= (uint64_t)j->each_ranks[eh_packed_get(&chunk->codes[j->each_dimension], i)]
              << j->unit_bits;
    *mark |= (rank << 1 | 1) << j->shift;
  }
  return *mark != 0;
}

static int by_value(const void *left, const void *right) {
  const uint64_t *a = left, *b = right;
  return (*a > *b) - (*a < *b);
}

static void sort_values(uint64_t *values, size_t count) {
  enum { SMALL = 32 };
  if (count > SMALL) {
    qsort(values, count, sizeof *values, by_value);
    return;
  }
  for (size_t i = 1; i < count; i++) {
    uint64_t value = values[i];
    size_t k = i;
    for (; k > 0 && values[k - 1] > value; k--) values[k] = values[k - 1];
    values[k] = value;
  }
}

static void add_repeats(const struct job *j, uint64_t value, uint64_t records) {
  uint64_t rank = value >> 1, unit = rank & (((uint64_t)1 << j->unit_bits) - 1);
  __atomic_fetch_add(&j->units[rank >> j->unit_bits][unit]->repeated, records, __ATOMIC_RELAXED);
}

static void count_person(void *context, struct eh_marked_print *items, size_t count) {
  const struct persons *p = context;
  uint64_t few[64], *values = count <= 64 ? few : eh_alloc(count, sizeof *values);
  for (size_t n = 0; n < p->count; n++) {
    const struct job *j = &p->jobs[n];
    uint64_t mask = ((uint64_t)2 << j->unit_bits << j->each_bits) - 1;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
      values[kept] = items[i].mark >> j->shift & mask;
      kept += values[kept] & 1;
    }
    sort_values(values, kept);
    for (size_t i = 0, end; i < kept; i = end) {
      for (end = i + 1; end < kept && values[end] == values[i];) end++;
      if (end - i > 1) add_repeats(j, values[i], end - i);
    }
  }
  if (values != few) free(values);
}

static size_t rank_of(const char *const *labels, size_t count, const char *label) {
  size_t rank = 0;
  while (rank < count && labels[rank] != label) rank++;
  return rank; /* labels of one dictionary: equal ones are one pointer */
}

/* The units of one list of cells, by rank. */
static struct eh_unit **units_by_rank(const struct job *j, struct eh_cells *cells) {
  const struct eh_dictionary *d = j->g->records->dictionaries[j->unit_dimension];
  const char *const *labels = eh_dictionary_labels(d);
  struct eh_unit **units = eh_alloc_zeroed(eh_dictionary_count(d), sizeof *units);
  for (size_t u = 0, rank = 0; u < cells->unit_count; u++, rank++) {
    while (labels[rank] != cells->units[u].label) rank++; /* both in order of labels */
    units[rank] = &cells->units[u];
  }
  return units;
}

static struct job new_job(const struct eh_grouping *g, const struct eh_made_cells *made) {
  const struct eh_records *r = g->records;
  const struct eh_part *unit = eh_unit_part(g), *each = &g->parts[0];
  struct job j = {.g = g, .measure = made->measure, .unit_bits = unit->bits};
  j.unit_dimension = unit->dimension;
  j.unit_ranks = eh_dictionary_ranks(r->dictionaries[unit->dimension]);
  size_t each_count = 1;
  if (g->comparison->each >= 0) {
    j.each_bits = each->bits;
    j.each_dimension = each->dimension;
    j.each_ranks = eh_dictionary_ranks(r->dictionaries[each->dimension]);
    each_count = eh_dictionary_count(r->dictionaries[each->dimension]);
  }
  j.units = eh_alloc_zeroed(each_count, sizeof *j.units);
  for (size_t l = 0; l < made->count; l++) {
    size_t rank = 0;
    if (j.each_ranks)
      rank = rank_of(eh_dictionary_labels(r->dictionaries[each->dimension]), each_count,
                     made->cells[l].each);
    j.units[rank] = units_by_rank(&j, &made->cells[l]);
  }
  return j;
}

static void free_job(struct job *j) {
  size_t each_count = 1;
  if (j->each_ranks)
    each_count = eh_dictionary_count(j->g->records->dictionaries[j->each_dimension]);
  for (size_t e = 0; e < each_count; e++) free(j->units[e]);
  free(j->units);
}

static void do_jobs(const struct eh_records *r, struct persons *p) {
  if (p->count)
    eh_prints_group(r, &(struct eh_print_task){eh_person_prints, mark_units, count_person, p});
  for (size_t n = 0; n < p->count; n++) free_job(&p->jobs[n]);
  p->count = p->bits = 0;
}

void eh_count_repeats(const struct eh_records *r, const struct eh_grouping *groupings,
                      struct eh_made_cells *const *made, size_t count) {
  if (r->rules->person_column < 0 || r->rules->one_per >= 0) return;
  struct persons p = {.count = 0};
  for (size_t i = 0; i < count; i++)
    for (size_t m = 0; m < groupings[i].measure_count; m++) {
      struct job j = new_job(&groupings[i], &made[i][m]);
      unsigned bits = 1 + j.unit_bits + j.each_bits;
      if (p.count == MOST_JOBS || p.bits + bits > MARK_BITS) do_jobs(r, &p);
      j.shift = p.bits;
      p.bits += bits;
      p.jobs[p.count++] = j;
    }
  do_jobs(r, &p);
}
