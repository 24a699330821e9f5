/* The records behind findings, in one pass over the row store.
 *
 * Requests that share a comparison and its strata columns are a plan. In each row, a plan adds up
 * one random 64-bit word for each column's value (Zobrist 1970): the sum stands for the stratum and
 * is looked up among those wanted; a hit is checked value by value. */
#include <stdlib.h>
#include <string.h>

#include "engine/base/parallel.h"
#include "engine/base/random.h"
#include "engine/load/find/internal.h"

/* A stratum that a request wants; those of one sum are chained. */
struct target {
  uint64_t sum;
  size_t request;
  uint32_t place;
  size_t next;                     /* SIZE_MAX: the last */
  uint64_t unit_limit, peer_limit; /* draws up to these are kept */
};

struct plan {
  const struct eh_find_request *first; /* its comparison and columns are those of all */
  size_t unit_dimension;
  size_t *dimensions; /* by strata column */
  uint64_t **words;   /* by strata column, by code */
  struct target *targets;
  size_t target_count;
  size_t *slots; /* by sum: the first target of a chain; SIZE_MAX: none */
  size_t slot_mask;
  size_t *by_unit; /* by the unit's code: the first request; SIZE_MAX: none */
  struct plan *next;
};

/* What the scan needs of a request. */
struct wanted {
  uint32_t unit;         /* code */
  size_t each_dimension; /* SIZE_MAX: none */
  uint32_t each;         /* code */
  size_t next;           /* request of the same unit and plan; SIZE_MAX: the last */
  uint64_t sample_limit;
};

struct finding {
  const struct eh_records *records;
  struct eh_arena *arena; /* of the plans */
  const struct eh_find_request *requests;
  struct wanted *wanted; /* by request */
  size_t count;
  struct plan *plans;
  struct eh_hits *hits; /* by chunk */
  uint64_t *files;      /* by chunk and request */
};

static const struct eh_dictionary *dictionary_of(const struct finding *f, size_t dimension) {
  return f->records->dictionaries[dimension];
}

static uint32_t *codes_by_rank(struct finding *f, size_t dimension) {
  const struct eh_dictionary *d = dictionary_of(f, dimension);
  size_t count = eh_dictionary_count(d);
  uint32_t *codes = eh_arena_alloc(f->arena, count, sizeof *codes);
  for (size_t c = 0; c < count; c++) codes[eh_dictionary_ranks(d)[c]] = (uint32_t)c;
  return codes;
}

static uint32_t code_of_label(const struct finding *f, size_t dimension, const char *label) {
  const struct eh_dictionary *d = dictionary_of(f, dimension);
  const char *const *labels = eh_dictionary_labels(d);
  for (size_t c = 0; c < eh_dictionary_count(d); c++)
    if (labels[eh_dictionary_ranks(d)[c]] == label) return (uint32_t)c;
  abort(); /* cells name their units by these labels */
}

static bool same_plan(const struct eh_find_request *a, const struct eh_find_request *b) {
  if (a->cells->comparison != b->cells->comparison) return false;
  if (a->cells->column_count != b->cells->column_count) return false;
  for (size_t k = 0; k < a->cells->column_count; k++)
    if (a->cells->columns[k].column != b->cells->columns[k].column) return false;
  return true;
}

static void add_target(struct finding *f, struct plan *plan, size_t request, uint32_t place,
                       uint32_t *const *codes) {
  const struct eh_cells *cells = f->requests[request].cells;
  const struct eh_find_stratum *wanted = &f->requests[request].strata[place];
  struct target *target = &plan->targets[plan->target_count++];
  *target = (struct target){.request = request,
                            .place = place,
                            .unit_limit = eh_find_half_limit(wanted->unit_records),
                            .peer_limit = eh_find_half_limit(wanted->peer_records)};
  for (size_t k = 0; k < cells->column_count; k++)
    target->sum +=
        plan->words[k][codes[k][cells->codes[wanted->stratum * cells->column_count + k]]];
}

/* Chain the targets that stand in one slot. */
static void fill_slots(struct finding *f, struct plan *plan) {
  size_t slots = 16;
  while (slots < 4 * plan->target_count) slots *= 2;
  plan->slot_mask = slots - 1;
  plan->slots = eh_arena_alloc(f->arena, slots, sizeof *plan->slots);
  for (size_t s = 0; s < slots; s++) plan->slots[s] = SIZE_MAX;
  for (size_t t = plan->target_count; t-- > 0;) {
    size_t *slot = &plan->slots[plan->targets[t].sum & plan->slot_mask];
    plan->targets[t].next = *slot;
    *slot = t;
  }
}

static void list_units(struct finding *f, struct plan *plan) {
  size_t codes = eh_dictionary_count(dictionary_of(f, plan->unit_dimension));
  plan->by_unit = eh_arena_alloc(f->arena, codes, sizeof *plan->by_unit);
  for (size_t c = 0; c < codes; c++) plan->by_unit[c] = SIZE_MAX;
  for (size_t i = f->count; i-- > 0;) {
    const struct eh_find_request *request = &f->requests[i];
    if (!same_plan(request, plan->first)) continue;
    struct wanted *w = &f->wanted[i];
    int each = f->records->rules->comparisons[request->cells->comparison].each;
    w->unit = code_of_label(f, plan->unit_dimension, request->cells->units[request->unit].label);
    w->each_dimension = each >= 0 ? eh_records_dimension(f->records, each) : SIZE_MAX;
    if (each >= 0) w->each = code_of_label(f, w->each_dimension, request->cells->each);
    w->sample_limit = eh_find_sample_limit(request);
    w->next = plan->by_unit[w->unit];
    plan->by_unit[w->unit] = i;
  }
}

static void list_targets(struct finding *f, struct plan *plan) {
  const struct eh_cells *cells = plan->first->cells;
  uint32_t **codes = eh_arena_alloc(f->arena, cells->column_count, sizeof *codes);
  struct eh_random random = eh_random_seeded(f->records->rules->seed, 0);
  for (size_t k = 0; k < cells->column_count; k++) {
    size_t dimension = eh_records_dimension(f->records, cells->columns[k].column);
    size_t count = eh_dictionary_count(dictionary_of(f, dimension));
    plan->dimensions[k] = dimension;
    plan->words[k] = eh_arena_alloc(f->arena, count, sizeof **plan->words);
    for (size_t c = 0; c < count; c++) plan->words[k][c] = eh_random_bits(&random);
    codes[k] = codes_by_rank(f, dimension);
  }
  size_t most = 0;
  for (size_t i = 0; i < f->count; i++)
    if (same_plan(&f->requests[i], plan->first)) most += f->requests[i].stratum_count;
  plan->targets = eh_arena_alloc(f->arena, most, sizeof *plan->targets);
  for (size_t i = 0; i < f->count; i++) {
    if (!same_plan(&f->requests[i], plan->first)) continue;
    for (uint32_t s = 0; s < f->requests[i].stratum_count; s++) add_target(f, plan, i, s, codes);
  }
  fill_slots(f, plan);
}

static void make_plans(struct finding *f) {
  for (size_t i = 0; i < f->count; i++) {
    const struct eh_find_request *request = &f->requests[i];
    struct plan *plan = f->plans;
    while (plan && !same_plan(plan->first, request)) plan = plan->next;
    if (plan) continue;
    plan = eh_arena_alloc(f->arena, 1, sizeof *plan);
    size_t columns = request->cells->column_count;
    plan->first = request;
    plan->dimensions = eh_arena_alloc(f->arena, columns, sizeof *plan->dimensions);
    plan->words = eh_arena_alloc(f->arena, columns, sizeof *plan->words);
    int across = f->records->rules->comparisons[request->cells->comparison].across;
    plan->unit_dimension = eh_records_dimension(f->records, across);
    list_units(f, plan);
    list_targets(f, plan);
    plan->next = f->plans;
    f->plans = plan;
  }
}

/* --- the pass --- */

/* The plan and the chunk at hand. */
struct scan {
  struct finding *f;
  const struct plan *plan;
  const struct eh_chunk *chunk;
  struct eh_hits *hits;
  uint64_t *files; /* by request */
};

static enum eh_outcome outcome_of(const struct scan *s, size_t measure, size_t i) {
  return (enum eh_outcome)s->chunk->outcomes[i * s->f->records->rules->measure_count + measure];
}

static uint32_t rank_at(const struct scan *s, size_t column, size_t i) {
  size_t dimension = s->plan->dimensions[column];
  return eh_dictionary_ranks(
      dictionary_of(s->f, dimension))[eh_packed_get(&s->chunk->codes[dimension], i)];
}

/* Does the measure leave the row out because a factor is not recorded? */
static bool lacks_factor(const struct scan *s, const struct eh_cells *cells, size_t i) {
  if (!s->f->records->rules->measures[cells->measure].exclude_missing) return false;
  for (size_t k = 0; k < cells->column_count; k++) {
    const struct eh_stratum_column *column = &cells->columns[k];
    if (column->is_factor && column->has_missing && rank_at(s, k, i) == column->label_count - 1)
      return true;
  }
  return false;
}

static uint32_t day_at(const struct scan *s, size_t i) {
  return s->f->records->rules->date_column >= 0 ? eh_packed_get(&s->chunk->days, i) : EH_NO_DAY;
}

/* A row of a flagged unit: a file of each of its findings, in the measure or not. */
static void take_for_samples(const struct scan *s, size_t request, size_t i, uint64_t draw) {
  for (; request != SIZE_MAX; request = s->f->wanted[request].next) {
    const struct wanted *w = &s->f->wanted[request];
    const struct eh_cells *cells = s->f->requests[request].cells;
    enum eh_outcome outcome = outcome_of(s, cells->measure, i);
    if (outcome != EH_EVENT && outcome != EH_NO_EVENT) continue;
    if (w->each_dimension != SIZE_MAX &&
        eh_packed_get(&s->chunk->codes[w->each_dimension], i) != w->each)
      continue;
    if (lacks_factor(s, cells, i)) continue;
    s->files[request]++;
    if (draw > w->sample_limit) continue;
    eh_hits_add(s->hits,
                &(struct eh_hit){request, EH_IN_SAMPLE, false, 0, draw, s->chunk->first_row + i});
  }
}

static bool in_stratum(const struct scan *s, const struct eh_cells *cells, uint32_t stratum,
                       size_t i) {
  for (size_t k = 0; k < cells->column_count; k++)
    if (rank_at(s, k, i) != cells->codes[stratum * cells->column_count + k]) return false;
  return true;
}

static void take_for_pairs(const struct scan *s, size_t target, size_t i, uint64_t sum,
                           uint32_t unit, uint64_t draw) {
  for (; target != SIZE_MAX; target = s->plan->targets[target].next) {
    const struct target *t = &s->plan->targets[target];
    const struct eh_find_request *request = &s->f->requests[t->request];
    bool is_peer = unit != s->f->wanted[t->request].unit;
    if (t->sum != sum || draw > (is_peer ? t->peer_limit : t->unit_limit)) continue;
    if (outcome_of(s, request->cells->measure, i) !=
        (request->event != is_peer ? EH_EVENT : EH_NO_EVENT))
      continue;
    if (!in_stratum(s, request->cells, request->strata[t->place].stratum, i)) continue;
    eh_hits_add(s->hits, &(struct eh_hit){t->request, t->place, is_peer, day_at(s, i), draw,
                                          s->chunk->first_row + i});
  }
}

static void scan_rows(const struct scan *s, const uint64_t *sums) {
  const struct plan *plan = s->plan;
  const struct eh_packed *units = &s->chunk->codes[plan->unit_dimension];
  uint64_t seed = s->f->records->rules->seed;
  for (size_t i = 0; i < s->chunk->rows; i++) {
    uint32_t unit = eh_packed_get(units, i);
    size_t target = plan->slots[sums[i] & plan->slot_mask], request = plan->by_unit[unit];
    if (target == SIZE_MAX && request == SIZE_MAX) continue;
    if ((s->chunk->status[i] & EH_FATE_MASK) != EH_AUDITED || s->chunk->case_prints[i] == 0)
      continue;
    uint64_t draw = eh_find_draw(seed, s->chunk->case_prints[i]);
    take_for_samples(s, request, i, draw);
    take_for_pairs(s, target, i, sums[i], unit, draw);
  }
}

static void scan_chunk(void *context, size_t index, size_t worker) {
  (void)worker;
  struct finding *f = context;
  const struct eh_chunk *chunk = &f->records->chunks[index];
  uint64_t *sums = eh_alloc(chunk->rows, sizeof *sums);
  for (const struct plan *plan = f->plans; plan; plan = plan->next) {
    memset(sums, 0, chunk->rows * sizeof *sums);
    for (size_t k = 0; k < plan->first->cells->column_count; k++) {
      const struct eh_packed *codes = &chunk->codes[plan->dimensions[k]];
      const uint64_t *words = plan->words[k];
      for (size_t i = 0; i < chunk->rows; i++) sums[i] += words[eh_packed_get(codes, i)];
    }
    struct scan scan = {f, plan, chunk, &f->hits[index], f->files + index * f->count};
    scan_rows(&scan, sums);
  }
  free(sums);
}

static struct eh_hits join_hits(const struct finding *f) {
  struct eh_hits all = {0};
  for (size_t c = 0; c < f->records->chunk_count; c++) all.capacity += f->hits[c].count;
  all.items = eh_alloc(all.capacity, sizeof *all.items);
  for (size_t c = 0; c < f->records->chunk_count; c++) {
    if (f->hits[c].count)
      memcpy(all.items + all.count, f->hits[c].items, f->hits[c].count * sizeof *all.items);
    all.count += f->hits[c].count;
    free(f->hits[c].items);
  }
  eh_hits_sort(&all);
  return all;
}

struct eh_hits eh_find_rows(const struct eh_records *records,
                            const struct eh_find_request *requests, size_t count, uint64_t *files) {
  struct finding f = {
      .records = records, .arena = eh_arena_new(), .requests = requests, .count = count};
  f.wanted = eh_arena_alloc(f.arena, count, sizeof *f.wanted);
  f.hits = eh_arena_alloc(f.arena, records->chunk_count, sizeof *f.hits);
  f.files = eh_alloc_zeroed(records->chunk_count * count, sizeof *f.files);
  make_plans(&f);
  eh_parallel(records->chunk_count, records->options.threads, scan_chunk, &f);
  for (size_t c = 0; c < records->chunk_count; c++)
    for (size_t i = 0; i < count; i++) files[i] += f.files[c * count + i];
  struct eh_hits hits = join_hits(&f);
  free(f.files);
  eh_arena_free(f.arena);
  return hits;
}
