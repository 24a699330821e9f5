/* From sorted keys to cells. */
#include <stdlib.h>
#include <string.h>

#include "engine/base/parallel.h"
#include "engine/load/cells/grouping.h"
#include "engine/load/cells/portions.h"

/* BLOCK: the least keys that are worth a task of their own. AHEAD: keys until a place is needed. */
enum { BLOCK = 1 << 14, BLOCKS_PER_THREAD = 4, MOST_BLOCKS = 64, AHEAD = 16 };

/* Some whole strata. */
struct block {
  size_t first, last; /* keys */
  size_t strata, first_stratum;
  uint64_t records, events;
  uint64_t outcomes[EH_OUTCOMES];
  size_t *next; /* by unit's rank: how many cells, then where the next one goes */
};

struct building {
  const struct eh_grouping *g;
  const struct eh_keys *keys;
  size_t label_count; /* of units */
  unsigned shift;     /* of the measure's outcome in a key */
  struct block *blocks;
  size_t block_count;
  uint32_t *number; /* by unit's rank: its place among the units that occur */
  struct eh_cell *cells;
  uint32_t *codes;
};

/* Where a block's keys have come to. A cell's keys follow each other, by outcome; the keys of
   records that the measure does not count are passed over. What is new is added as 0 or 1: how many
   keys a cell has cannot be foreseen, and a wrong guess costs more than the adding. */
struct walk {
  const uint64_t *weights; /* of the keys; NULL: 1 each */
  unsigned shift, outcome_bits, unit_bits;
  uint64_t cell, stratum;
};

/* The key at hand. */
struct step {
  uint64_t weight, events;
  size_t unit;
  bool begins_cell, begins_stratum;
};

static struct walk walk_of(const struct building *b) {
  return (struct walk){.weights = b->keys->weights,
                       .shift = b->shift,
                       .outcome_bits = eh_outcome_bits(b->g),
                       .unit_bits = eh_unit_part(b->g)->bits,
                       .cell = UINT64_MAX, /* no key has so many bits */
                       .stratum = UINT64_MAX};
}

/* False: not counted. outcomes adds up the weights by outcome. */
static inline bool take_key(struct walk *w, uint64_t key, size_t i, uint64_t *outcomes,
                            struct step *step) {
  unsigned outcome = key >> w->shift & 7;
  step->weight = w->weights ? w->weights[i] : 1;
  outcomes[outcome] += step->weight;
  if (outcome != EH_NO_EVENT && outcome != EH_EVENT) return false;
  uint64_t cell = key >> w->outcome_bits, stratum = cell >> w->unit_bits;
  step->events = outcome == EH_EVENT ? step->weight : 0;
  step->unit = cell & (((uint64_t)1 << w->unit_bits) - 1);
  step->begins_cell = cell != w->cell;
  step->begins_stratum = stratum != w->stratum;
  w->cell = cell;
  w->stratum = stratum;
  return true;
}

static void count_block(void *context, size_t index, size_t worker) {
  (void)worker;
  struct building *b = context;
  struct block *block = &b->blocks[index];
  struct walk walk = walk_of(b);
  uint64_t outcomes[1 << EH_OUTCOME_BITS] = {0}, records = 0, events = 0;
  size_t strata = 0;
  for (size_t i = block->first; i < block->last; i++) {
    struct step step;
    if (!take_key(&walk, b->keys->keys[i], i, outcomes, &step)) continue;
    block->next[step.unit] += step.begins_cell;
    strata += step.begins_stratum;
    records += step.weight;
    events += step.events;
  }
  block->strata = strata;
  block->records = records;
  block->events = events;
  memcpy(block->outcomes, outcomes, sizeof block->outcomes);
}

/* The labels' ranks of a stratum, as its row of codes. */
static void write_codes(const struct building *b, uint64_t key, size_t stratum, uint32_t *ranks) {
  size_t columns = b->g->part_count - 1;
  eh_unpack(b->g, key >> eh_outcome_bits(b->g), ranks);
  if (columns) memcpy(b->codes + stratum * columns, ranks, columns * sizeof *ranks);
}

/* Have the place of this key's cell brought near the processor: there are as many such places as
   units. */
static inline void send_for(const struct building *b, const struct block *block,
                            const struct walk *w, uint64_t key) {
  size_t unit = key >> w->outcome_bits & (((uint64_t)1 << w->unit_bits) - 1);
  __builtin_prefetch(&b->cells[block->next[unit]], 1);
}

static void fill_block(void *context, size_t index, size_t worker) {
  (void)worker;
  struct building *b = context;
  struct block *block = &b->blocks[index];
  uint32_t *ranks = eh_alloc(b->g->part_count, sizeof *ranks);
  struct walk walk = walk_of(b);
  uint64_t outcomes[1 << EH_OUTCOME_BITS] = {0}, records = 0, events = 0;
  size_t strata = 0;
  for (size_t i = block->first; i < block->last; i++) {
    uint64_t key = b->keys->keys[i];
    struct step step;
    if (i + AHEAD < block->last) send_for(b, block, &walk, b->keys->keys[i + AHEAD]);
    if (!take_key(&walk, key, i, outcomes, &step)) continue;
    if (step.begins_stratum) write_codes(b, key, block->first_stratum + strata++, ranks);
    size_t *next = &block->next[step.unit];
    *next += step.begins_cell;
    records = step.weight + (step.begins_cell ? 0 : records);
    events = step.events + (step.begins_cell ? 0 : events);
    b->cells[*next - 1] = /* again with each of its keys */
        (struct eh_cell){b->number[step.unit], (uint32_t)(block->first_stratum + strata - 1),
                         (uint32_t)records, (uint32_t)events};
  }
  free(ranks);
}

/* Cut the keys into blocks of whole strata. */
static void cut_blocks(struct building *b, size_t first, size_t last) {
  size_t count = (last - first) / BLOCK + 1,
         most = BLOCKS_PER_THREAD * b->g->records->options.threads;
  if (most > MOST_BLOCKS) most = MOST_BLOCKS;
  if (count > most) count = most;
  b->blocks = eh_alloc_zeroed(count, sizeof *b->blocks);
  for (size_t n = 1, from = first; n <= count && from < last; n++) {
    size_t to = first + (size_t)((double)(last - first) * (double)n / (double)count);
    if (n == count || to > last) to = last;
    if (to <= from) continue;
    uint64_t stratum = eh_stratum_of(b->g, b->keys->keys[to - 1]);
    while (to < last && eh_stratum_of(b->g, b->keys->keys[to]) == stratum) to++;
    b->blocks[b->block_count++] = (struct block){
        .first = from, .last = to, .next = eh_alloc_zeroed(b->label_count, sizeof(size_t))};
    from = to;
  }
}

/* Number the units that occur, name them, and give each block its place among their cells. */
static void place_units(struct building *b, struct eh_arena *arena, struct eh_cells *cells) {
  const struct eh_dictionary *dictionary =
      b->g->records->dictionaries[eh_unit_part(b->g)->dimension];
  const char *const *labels = eh_dictionary_labels(dictionary);
  cells->units = eh_arena_alloc(arena, b->label_count, sizeof *cells->units);
  for (size_t u = 0; u < b->label_count; u++) {
    size_t first = cells->cell_count;
    for (size_t n = 0; n < b->block_count; n++) {
      size_t count = b->blocks[n].next[u];
      b->blocks[n].next[u] = cells->cell_count;
      cells->cell_count += count;
    }
    b->number[u] = (uint32_t)cells->unit_count;
    if (cells->cell_count == first) continue;
    bool recorded = !(eh_dictionary_has_missing(dictionary) && u == b->label_count - 1);
    cells->units[cells->unit_count++] =
        (struct eh_unit){labels[u], recorded, first, cells->cell_count - first, 0};
  }
}

static void sum_blocks(struct building *b, struct eh_cells *cells, uint64_t *outcomes) {
  for (size_t n = 0; n < b->block_count; n++) {
    struct block *block = &b->blocks[n];
    block->first_stratum = cells->stratum_count;
    cells->stratum_count += block->strata;
    cells->records += block->records;
    cells->events += block->events;
    for (int o = 0; o < EH_OUTCOMES; o++) outcomes[o] += block->outcomes[o];
  }
}

static void name_columns(const struct building *b, struct eh_arena *arena, struct eh_cells *cells) {
  const struct eh_grouping *g = b->g;
  cells->column_count = g->part_count - 1;
  cells->columns = eh_arena_alloc(arena, cells->column_count, sizeof *cells->columns);
  for (size_t k = 0; k < cells->column_count; k++) {
    const struct eh_dictionary *dictionary = g->records->dictionaries[g->parts[k].dimension];
    int column = (int)g->records->dimensions[g->parts[k].dimension];
    cells->columns[k] = (struct eh_stratum_column){
        column, eh_dictionary_labels(dictionary), eh_dictionary_count(dictionary),
        eh_dictionary_has_missing(dictionary), eh_measure_has_factor(g->first, column),
        eh_rules_adjusts(g->records->rules, g->comparison, g->first, column)};
  }
}

static void name_exclusions(struct eh_arena *arena, const struct eh_measure *measure,
                            const uint64_t *outcomes, struct eh_cells *cells) {
  cells->excluded = eh_arena_alloc(arena, EH_OUTCOMES, sizeof *cells->excluded);
  for (int o = 0; o < EH_OUTCOMES; o++) {
    const char *reason = eh_outcome_reason((enum eh_outcome)o, measure->kind);
    if (reason && outcomes[o])
      cells->excluded[cells->exclusion_count++] = (struct eh_exclusion){reason, outcomes[o]};
  }
}

/* The label of each, of all these keys. */
static const char *each_label(const struct building *b, uint64_t key) {
  uint32_t *ranks = eh_alloc(b->g->part_count, sizeof *ranks);
  eh_unpack(b->g, key >> eh_outcome_bits(b->g), ranks);
  const char *label =
      eh_dictionary_labels(b->g->records->dictionaries[b->g->parts[0].dimension])[ranks[0]];
  free(ranks);
  return label;
}

/* Would the cells, now that they are counted, take more memory than may be used? */
static enum eh_status check_memory(const struct eh_records *r, const struct eh_cells *cells,
                                   struct eh_error *error) {
  uint64_t limit = r->options.memory;
  if (limit == 0) return EH_OK;
  uint64_t needed = eh_memory_used() + cells->cell_count * sizeof *cells->cells +
                    cells->stratum_count * cells->column_count * sizeof *cells->codes;
  if (needed <= limit) return EH_OK;
  return eh_fail(error, EH_MACHINE,
                 "%zu cells in %zu strata need %.0f MB of memory, and the limit is %.0f MB; raise "
                 "it, or compare people alike in fewer factors",
                 cells->cell_count, cells->stratum_count, (double)needed / 1e6,
                 (double)limit / 1e6);
}

enum eh_status eh_cells_build(struct eh_arena *arena, const struct eh_grouping *g,
                              const struct eh_keys *keys, const struct eh_key_range *range,
                              struct eh_cells *cells, struct eh_error *error) {
  size_t threads = g->records->options.threads;
  uint64_t outcomes[EH_OUTCOMES] = {0};
  struct building b = {.g = g, .keys = keys};
  b.shift = EH_OUTCOME_BITS * (unsigned)(g->measure_count - 1 - range->measure);
  b.label_count = eh_dictionary_count(g->records->dictionaries[eh_unit_part(g)->dimension]);
  b.number = eh_alloc(b.label_count, sizeof *b.number);
  *cells =
      (struct eh_cells){.comparison = g->comparison_index, .measure = g->measures[range->measure]};
  if (g->comparison->each >= 0) cells->each = each_label(&b, keys->keys[range->first]);
  cut_blocks(&b, range->first, range->last);
  eh_parallel(b.block_count, threads, count_block, &b);
  sum_blocks(&b, cells, outcomes);
  place_units(&b, arena, cells);
  name_columns(&b, arena, cells);
  const struct eh_measure *of = &g->records->rules->measures[cells->measure];
  name_exclusions(arena, of, outcomes, cells);
  enum eh_status status = check_memory(g->records, cells, error);
  if (status == EH_OK) {
    cells->cells = b.cells = eh_arena_alloc(arena, cells->cell_count, sizeof *cells->cells);
    cells->codes = b.codes =
        eh_arena_alloc(arena, cells->stratum_count * cells->column_count, sizeof *b.codes);
    eh_parallel(b.block_count, threads, fill_block, &b);
    eh_portions_fold(arena, of, cells);
  }
  for (size_t n = 0; n < b.block_count; n++) free(b.blocks[n].next);
  free(b.blocks);
  free(b.number);
  return status;
}
