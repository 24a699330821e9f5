/* Grouping records into cells. */
#include <stdlib.h>
#include <string.h>

#include "engine/base/parallel.h"
#include "engine/base/sort.h"
#include "engine/load/records.h"

/* For one comparison and the measures that share its strata columns, every record becomes one
 * 64-bit key,
 *
 *     each | strata columns | unit | an outcome of three bits for each measure
 *
 * the columns as ranks in bytewise order of their labels. Sorted keys that agree down to the unit
 * are one cell. Where the columns need more bits than there are, the leading ones are first
 * replaced by their combination's rank among those that occur. */
enum { OUTCOME_BITS = 3, KEY_BITS = 64 };

struct part { /* a column's place in a key */
  size_t dimension;
  unsigned bits;
  bool can_exclude; /* a factor, whose missing value takes a record out where the rules say so */
  uint32_t missing; /* its missing value's rank; UINT32_MAX: none occurs */
};

struct grouping {
  const struct eh_records *records;
  const struct eh_comparison *comparison;
  size_t comparison_index;
  const struct eh_measure *first; /* of the measures taken together */
  size_t *measures;
  size_t measure_count;
  struct part *parts; /* each first if there is one, the strata columns, the unit last */
  size_t part_count;
  const uint32_t *folded; /* by row: stands for the leading parts; NULL when all fits */
  size_t folded_parts;
  unsigned folded_bits;
  const uint64_t *folded_keys; /* by that number */
  uint64_t *keys;
  size_t key_count;
  unsigned bits;
};

static unsigned bits_for(size_t count) {
  unsigned bits = 0;
  while (bits < 63 && ((size_t)1 << bits) < count) bits++;
  return bits;
}

static struct part part_of(const struct grouping *g, int column, bool is_factor) {
  struct part part = {.dimension = eh_records_dimension(g->records, column), .missing = UINT32_MAX};
  const struct eh_dictionary *d = g->records->dictionaries[part.dimension];
  size_t count = eh_dictionary_count(d);
  part.bits = bits_for(count);
  part.can_exclude = is_factor && g->first->exclude_missing;
  if (eh_dictionary_has_missing(d)) part.missing = (uint32_t)count - 1;
  return part;
}

static bool is_factor(const struct eh_measure *measure, int column) {
  for (size_t i = 0; i < measure->factor_count; i++)
    if (measure->factors[i] == column) return true;
  return false;
}

/* Parts in the order of the key. */
static void plan_parts(struct grouping *g, struct eh_arena *arena) {
  const struct eh_rules *rules = g->records->rules;
  int *columns = eh_arena_alloc(arena, rules->column_count + 2, sizeof *columns);
  size_t count = eh_rules_strata(rules, g->comparison, g->first, columns);
  g->parts = eh_arena_alloc(arena, count + 2, sizeof *g->parts);
  int each = g->comparison->each;
  if (each >= 0) g->parts[g->part_count++] = part_of(g, each, is_factor(g->first, each));
  for (size_t i = 0; i < count; i++)
    if (columns[i] != each)
      g->parts[g->part_count++] = part_of(g, columns[i], is_factor(g->first, columns[i]));
  g->parts[g->part_count++] = part_of(g, g->comparison->across, false);
}

struct row_keys {
  struct grouping *g;
  uint64_t *keys;      /* by row number */
  size_t first, count; /* parts to join */
  bool with_outcomes;
};

static uint32_t rank_at(const struct grouping *g, const struct eh_chunk *chunk, size_t part,
                        size_t row) {
  size_t dimension = g->parts[part].dimension;
  return eh_dictionary_ranks(
      g->records->dictionaries[dimension])[eh_packed_get(&chunk->codes[dimension], row)];
}

/* Is a factor missing that the measure needs? */
static bool lacks_factor(const struct grouping *g, const struct eh_chunk *chunk, size_t row) {
  for (size_t p = 0; p < g->part_count && g->first->exclude_missing; p++)
    if (g->parts[p].can_exclude && g->parts[p].missing != UINT32_MAX &&
        rank_at(g, chunk, p, row) == g->parts[p].missing)
      return true;
  return false;
}

static uint64_t outcomes_of(const struct grouping *g, const struct eh_chunk *chunk, size_t row) {
  bool factor_missing = lacks_factor(g, chunk, row);
  const uint8_t *outcomes = chunk->outcomes + row * g->records->rules->measure_count;
  uint64_t key = 0;
  for (size_t m = 0; m < g->measure_count; m++) {
    uint64_t outcome = outcomes[g->measures[m]];
    bool counts = outcome == EH_NO_EVENT || outcome == EH_EVENT;
    key = key << OUTCOME_BITS | (counts && factor_missing ? EH_FACTOR_MISSING : outcome);
  }
  return key;
}

/* The keys of one chunk's rows. */
static void join_chunk(void *context, size_t index, size_t worker) {
  (void)worker;
  const struct row_keys *k = context;
  const struct grouping *g = k->g;
  const struct eh_chunk *chunk = &g->records->chunks[index];
  for (size_t i = 0; i < chunk->rows; i++) {
    uint64_t key = 0;
    if (g->folded && k->with_outcomes) key = g->folded[chunk->first_row + i];
    for (size_t p = k->first; p < k->first + k->count; p++)
      key = key << g->parts[p].bits | rank_at(g, chunk, p, i);
    if (k->with_outcomes) key = key << (OUTCOME_BITS * g->measure_count) | outcomes_of(g, chunk, i);
    k->keys[chunk->first_row + i] = key;
  }
}

static uint64_t *join_rows(struct grouping *g, size_t first, size_t count, bool with_outcomes) {
  uint64_t *keys = eh_alloc(g->records->rows, sizeof *keys);
  struct row_keys k = {g, keys, first, count, with_outcomes};
  eh_parallel(g->records->chunk_count, g->records->options.threads, join_chunk, &k);
  return keys;
}

/* Keep only the audited rows' keys. */
static size_t drop_unaudited(const struct eh_records *r, uint64_t *keys) {
  size_t kept = 0;
  for (size_t c = 0; c < r->chunk_count; c++) {
    const struct eh_chunk *chunk = &r->chunks[c];
    for (size_t i = 0; i < chunk->rows; i++)
      if ((chunk->status[i] & EH_FATE_MASK) == EH_AUDITED)
        keys[kept++] = keys[chunk->first_row + i];
  }
  return kept;
}

static size_t unique(uint64_t *keys, size_t count) {
  size_t kept = 0;
  for (size_t i = 0; i < count; i++)
    if (i == 0 || keys[i] != keys[i - 1]) keys[kept++] = keys[i];
  return kept;
}

static size_t rank_in(const uint64_t *sorted, size_t count, uint64_t key) {
  size_t low = 0, high = count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (sorted[middle] < key)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static unsigned bits_of(const struct grouping *g, size_t first, size_t count) {
  unsigned bits = 0;
  for (size_t p = first; p < first + count; p++) bits += g->parts[p].bits;
  return bits;
}

/* Number every row's combination of the leading parts, in the order of the keys, until the rest
   fits. A fold of a fold is not needed: at most 2^32 combinations occur, so 64 bits hold a fold's
   number and 32 bits of parts; wider sets of parts fold the folded number again. */
struct fold {
  uint64_t *keys; /* distinct, ascending */
  size_t count;
  uint32_t *rows;     /* by row: place in keys */
  size_t parts;       /* how many parts it stands for, all from the first */
  struct fold *inner; /* what the leading bits of keys stand for; NULL: parts only */
  size_t inner_parts;
};

static void free_fold(struct fold *fold) {
  while (fold) {
    struct fold *inner = fold->inner;
    free(fold->keys);
    free(fold->rows);
    free(fold);
    fold = inner;
  }
}

/* Fold as many further parts as fit beside the inner fold's number. */
static struct fold *fold_more(struct grouping *g, struct fold *inner, size_t last) {
  const struct eh_records *r = g->records;
  struct fold *fold = eh_alloc_zeroed(1, sizeof *fold);
  fold->inner = inner;
  fold->inner_parts = inner ? inner->parts : 0;
  unsigned bits = inner ? bits_for(inner->count) : 0;
  size_t first = fold->inner_parts, count = 0;
  while (first + count < last && bits + g->parts[first + count].bits <= KEY_BITS)
    bits += g->parts[first + count++].bits;
  uint64_t *rows = join_rows(g, first, count, false);
  unsigned shift = bits_of(g, first, count);
  for (size_t i = 0; inner && i < r->rows; i++) rows[i] |= (uint64_t)inner->rows[i] << shift;
  fold->keys = eh_alloc(r->rows, sizeof *fold->keys);
  if (r->rows) memcpy(fold->keys, rows, r->rows * sizeof *rows);
  eh_sort_keys(fold->keys, r->rows, bits, r->options.threads);
  fold->count = unique(fold->keys, r->rows);
  fold->rows = eh_alloc(r->rows, sizeof *fold->rows);
  for (size_t i = 0; i < r->rows; i++)
    fold->rows[i] = (uint32_t)rank_in(fold->keys, fold->count, rows[i]);
  fold->parts = first + count;
  free(rows);
  return fold;
}

/* The ranks of all parts of a key from which the outcomes were shifted out. */
static void unpack(const struct grouping *g, const struct fold *fold, uint64_t key,
                   uint32_t *ranks) {
  size_t last = g->part_count, first = fold ? fold->parts : 0;
  for (;;) {
    for (size_t p = last; p-- > first;) {
      ranks[p] = (uint32_t)(key & (((uint64_t)1 << g->parts[p].bits) - 1));
      key >>= g->parts[p].bits;
    }
    if (!fold) return;
    key = fold->keys[key];
    last = fold->parts;
    first = fold->inner_parts;
    fold = fold->inner;
  }
}

/* Building the cells of one measure and one value of each out of sorted keys. */
struct building {
  struct eh_arena *arena;
  const struct grouping *g;
  const struct fold *fold;
  size_t m; /* place among the grouping's measures */
  const uint64_t *keys;
  size_t count; /* those of one value of each */
};

static enum eh_outcome outcome_in(const struct building *b, uint64_t key) {
  unsigned shift = OUTCOME_BITS * (unsigned)(b->g->measure_count - 1 - b->m);
  return (enum eh_outcome)(key >> shift & 7);
}

/* Cells in the order of the keys (by stratum, then unit), strata numbered as they come. */
struct draft {
  struct eh_cell *cells;
  size_t count, capacity;
  uint64_t *strata; /* key of each, unit and outcomes shifted out */
  size_t stratum_count, stratum_capacity;
  uint64_t outcomes[EH_OUTCOMES];
};

static void add_cell(struct draft *d, uint64_t stratum, uint32_t unit, uint64_t records,
                     uint64_t events) {
  if (d->stratum_count == 0 || d->strata[d->stratum_count - 1] != stratum) {
    if (d->stratum_count == d->stratum_capacity) {
      d->stratum_capacity = d->stratum_capacity ? 2 * d->stratum_capacity : 256;
      d->strata = eh_resize(d->strata, d->stratum_capacity, sizeof *d->strata);
    }
    d->strata[d->stratum_count++] = stratum;
  }
  if (d->count == d->capacity) {
    d->capacity = d->capacity ? 2 * d->capacity : 1024;
    d->cells = eh_resize(d->cells, d->capacity, sizeof *d->cells);
  }
  d->cells[d->count++] = (struct eh_cell){unit, (uint32_t)d->stratum_count - 1, records, events};
}

static void count_cells(const struct building *b, struct draft *d) {
  unsigned outcome_bits = OUTCOME_BITS * (unsigned)b->g->measure_count;
  const struct part *unit = &b->g->parts[b->g->part_count - 1];
  uint64_t unit_mask = ((uint64_t)1 << unit->bits) - 1;
  for (size_t i = 0; i < b->count;) {
    uint64_t key = b->keys[i] >> outcome_bits, records = 0, events = 0;
    for (; i < b->count && b->keys[i] >> outcome_bits == key; i++) {
      enum eh_outcome outcome = outcome_in(b, b->keys[i]);
      d->outcomes[outcome]++;
      records += outcome == EH_NO_EVENT || outcome == EH_EVENT;
      events += outcome == EH_EVENT;
    }
    if (records) add_cell(d, key >> unit->bits, (uint32_t)(key & unit_mask), records, events);
  }
}

/* Put the cells in order of unit, number the units that occur, and name them. */
static void order_by_unit(const struct building *b, struct draft *d, struct eh_cells *cells) {
  const struct eh_dictionary *dictionary =
      b->g->records->dictionaries[b->g->parts[b->g->part_count - 1].dimension];
  const char *const *labels = eh_dictionary_labels(dictionary);
  size_t label_count = eh_dictionary_count(dictionary);
  size_t *start = eh_alloc_zeroed(label_count + 1, sizeof *start);
  for (size_t i = 0; i < d->count; i++) start[d->cells[i].unit + 1]++;
  for (size_t u = 0; u < label_count; u++) cells->unit_count += start[u + 1] > 0;
  cells->units = eh_arena_alloc(b->arena, cells->unit_count, sizeof *cells->units);
  cells->cells = eh_arena_alloc(b->arena, d->count, sizeof *cells->cells);
  cells->cell_count = d->count;
  uint32_t *number = eh_alloc(label_count, sizeof *number);
  for (size_t u = 0, n = 0; u < label_count; u++) {
    number[u] = (uint32_t)n;
    if (start[u + 1]) {
      bool recorded = !(eh_dictionary_has_missing(dictionary) && u == label_count - 1);
      cells->units[n++] = (struct eh_unit){labels[u], recorded, start[u], start[u + 1], 0};
    }
    start[u + 1] += start[u];
  }
  for (size_t i = 0; i < d->count; i++) {
    struct eh_cell cell = d->cells[i];
    struct eh_cell *slot = &cells->cells[start[cell.unit]++];
    *slot = cell;
    slot->unit = number[cell.unit];
    cells->records += cell.records;
    cells->events += cell.events;
  }
  free(number);
  free(start);
}

static void name_strata(const struct building *b, const struct draft *d, struct eh_cells *cells) {
  const struct grouping *g = b->g;
  cells->column_count = g->part_count - 1;
  cells->columns = eh_arena_alloc(b->arena, cells->column_count, sizeof *cells->columns);
  for (size_t k = 0; k < cells->column_count; k++) {
    const struct eh_dictionary *dictionary = g->records->dictionaries[g->parts[k].dimension];
    int column = (int)g->records->dimensions[g->parts[k].dimension];
    cells->columns[k] = (struct eh_stratum_column){
        column, eh_dictionary_labels(dictionary), eh_dictionary_count(dictionary),
        eh_dictionary_has_missing(dictionary), is_factor(g->first, column)};
  }
  uint32_t *codes = eh_arena_alloc(b->arena, d->stratum_count * cells->column_count, sizeof *codes);
  uint32_t *ranks = eh_alloc(g->part_count, sizeof *ranks);
  unsigned unit_bits = g->parts[g->part_count - 1].bits;
  for (size_t s = 0; s < d->stratum_count; s++) {
    unpack(g, b->fold, d->strata[s] << unit_bits, ranks);
    if (cells->column_count)
      memcpy(codes + s * cells->column_count, ranks, cells->column_count * sizeof *codes);
  }
  free(ranks);
  cells->codes = codes;
  cells->stratum_count = d->stratum_count;
}

static void name_exclusions(const struct building *b, const struct draft *d,
                            struct eh_cells *cells) {
  static const char *const reasons[EH_OUTCOMES] = {
      [EH_DOES_NOT_APPLY] = "the measure does not apply to it",
      [EH_APPLIES_UNKNOWN] = "whether the measure applies is not known",
      [EH_EVENT_UNKNOWN] = "whether the event occurred is not known",
      [EH_FACTOR_MISSING] = "a factor is not recorded",
  };
  cells->excluded = eh_arena_alloc(b->arena, EH_OUTCOMES, sizeof *cells->excluded);
  for (int s = 0; s < EH_OUTCOMES; s++)
    if (reasons[s] && d->outcomes[s])
      cells->excluded[cells->exclusion_count++] = (struct eh_exclusion){reasons[s], d->outcomes[s]};
}

static void build(const struct building *b, struct eh_cells *cells) {
  const struct grouping *g = b->g;
  struct draft d = {0};
  count_cells(b, &d);
  *cells = (struct eh_cells){.comparison = g->comparison_index, .measure = g->measures[b->m]};
  if (g->comparison->each >= 0) {
    uint32_t *ranks = eh_alloc(g->part_count, sizeof *ranks);
    unpack(g, b->fold, b->keys[0] >> (OUTCOME_BITS * g->measure_count), ranks);
    cells->each = eh_dictionary_labels(g->records->dictionaries[g->parts[0].dimension])[ranks[0]];
    free(ranks);
  }
  order_by_unit(b, &d, cells);
  name_strata(b, &d, cells);
  name_exclusions(b, &d, cells);
  free(d.cells);
  free(d.strata);
}

/* Records of persons who have several among one unit's, by unit. Only the rows of persons who
 * repeat at all are looked at. */
struct pair {
  uint32_t each, unit;
  uint64_t person;
};
static int by_pair(const void *left, const void *right) {
  const struct pair *a = left, *b = right;
  if (a->each != b->each) return a->each < b->each ? -1 : 1;
  if (a->unit != b->unit) return a->unit < b->unit ? -1 : 1;
  return (a->person > b->person) - (a->person < b->person);
}

static struct pair *find_pairs(const struct grouping *g, size_t m, size_t *count) {
  const struct eh_records *r = g->records;
  struct pair *pairs = NULL;
  size_t n = 0, capacity = 0;
  for (size_t c = 0; c < r->chunk_count; c++) {
    const struct eh_chunk *chunk = &r->chunks[c];
    for (size_t i = 0; i < chunk->rows; i++) {
      if (chunk->status[i] != (EH_AUDITED | EH_PERSON_REPEATS)) continue;
      uint8_t outcome = chunk->outcomes[i * r->rules->measure_count + g->measures[m]];
      if ((outcome != EH_EVENT && outcome != EH_NO_EVENT) || lacks_factor(g, chunk, i)) continue;
      if (n == capacity) {
        capacity = capacity ? 2 * capacity : 256;
        pairs = eh_resize(pairs, capacity, sizeof *pairs);
      }
      pairs[n++] = (struct pair){g->comparison->each >= 0 ? rank_at(g, chunk, 0, i) : 0,
                                 rank_at(g, chunk, g->part_count - 1, i), chunk->person_prints[i]};
    }
  }
  if (n) qsort(pairs, n, sizeof *pairs, by_pair);
  *count = n;
  return pairs;
}

static struct eh_unit *find_unit(struct eh_cells *cells, size_t count, const char *each,
                                 const char *label) {
  for (size_t c = 0; c < count; c++) {
    if (each != cells[c].each) continue; /* labels of one dictionary: equal ones are one pointer */
    for (size_t low = 0, high = cells[c].unit_count; low < high;) {
      size_t middle = low + (high - low) / 2;
      if (cells[c].units[middle].label == label) return &cells[c].units[middle];
      int order =
          !cells[c].units[middle].recorded ? 1 : strcmp(cells[c].units[middle].label, label);
      if (order < 0)
        low = middle + 1;
      else
        high = middle;
    }
  }
  return NULL;
}

static void count_repeats(const struct grouping *g, size_t m, struct eh_cells *cells,
                          size_t cells_count) {
  const struct eh_records *r = g->records;
  if (r->rules->person_column < 0 || r->rules->one_per >= 0) return;
  size_t count;
  struct pair *pairs = find_pairs(g, m, &count);
  const char *const *each = g->comparison->each >= 0
                                ? eh_dictionary_labels(r->dictionaries[g->parts[0].dimension])
                                : NULL;
  const char *const *units =
      eh_dictionary_labels(r->dictionaries[g->parts[g->part_count - 1].dimension]);
  for (size_t i = 0; i < count;) {
    size_t end = i + 1;
    while (end < count && by_pair(&pairs[i], &pairs[end]) == 0) end++;
    struct eh_unit *unit =
        end - i > 1
            ? find_unit(cells, cells_count, each ? each[pairs[i].each] : NULL, units[pairs[i].unit])
            : NULL;
    if (unit) unit->repeated += end - i;
    i = end;
  }
  free(pairs);
}

/* Split the sorted keys by the value of each (the leading bits) and build every measure's cells. */
static void build_all(struct eh_arena *arena, const struct grouping *g, const struct fold *fold,
                      struct eh_cells **lists, size_t *counts) {
  uint32_t *ranks = eh_alloc(g->part_count, sizeof *ranks),
           *other = eh_alloc(g->part_count, sizeof *other);
  unsigned outcome_bits = OUTCOME_BITS * (unsigned)g->measure_count;
  size_t *starts = eh_alloc(1, sizeof *starts), start_count = 0;
  for (size_t i = 0; i < g->key_count; i++) {
    bool is_new = i == 0;
    if (i > 0 && g->comparison->each >= 0 &&
        g->keys[i] >> outcome_bits != g->keys[i - 1] >> outcome_bits) {
      unpack(g, fold, g->keys[i] >> outcome_bits, ranks);
      unpack(g, fold, g->keys[i - 1] >> outcome_bits, other);
      is_new = ranks[0] != other[0];
    }
    if (!is_new) continue;
    starts = eh_resize(starts, start_count + 1, sizeof *starts);
    starts[start_count++] = i;
  }
  for (size_t m = 0; m < g->measure_count; m++) {
    struct eh_cells *list = eh_arena_alloc(arena, start_count, sizeof *list);
    for (size_t e = 0; e < start_count; e++) {
      size_t end = e + 1 < start_count ? starts[e + 1] : g->key_count;
      struct building b = {arena, g, fold, m, g->keys + starts[e], end - starts[e]};
      build(&b, &list[e]);
    }
    count_repeats(g, m, list, start_count);
    lists[g->measures[m]] = list;
    counts[g->measures[m]] = start_count;
  }
  free(starts);
  free(ranks);
  free(other);
}

static void group_rows(struct eh_arena *arena, struct grouping *g, struct eh_cells **lists,
                       size_t *counts) {
  plan_parts(g, arena);
  unsigned outcome_bits = OUTCOME_BITS * (unsigned)g->measure_count;
  struct fold *fold = NULL;
  size_t folded = 0;
  /* The unit must stand by itself in the key's last part. */
  while (folded + 1 < g->part_count && (fold ? bits_for(fold->count) : 0) +
                                               bits_of(g, folded, g->part_count - folded) +
                                               outcome_bits >
                                           KEY_BITS) {
    fold = fold_more(g, fold, g->part_count - 1);
    folded = fold->parts;
  }
  g->folded = fold ? fold->rows : NULL;
  uint64_t *keys = join_rows(g, folded, g->part_count - folded, true);
  g->keys = keys;
  g->key_count = drop_unaudited(g->records, keys);
  unsigned bits = (fold ? bits_for(fold->count) : 0) + bits_of(g, folded, g->part_count - folded) +
                  outcome_bits;
  eh_sort_keys(keys, g->key_count, bits, g->records->options.threads);
  build_all(arena, g, fold, lists, counts);
  free(keys);
  free_fold(fold);
}

static bool same_strata(const struct eh_measure *a, const struct eh_measure *b) {
  if (a->factor_count != b->factor_count || a->exclude_missing != b->exclude_missing) return false;
  for (size_t i = 0; i < a->factor_count; i++)
    if (a->factors[i] != b->factors[i]) return false;
  return true;
}

/* The cells of one comparison, by measure of the rules; measures with the same strata are grouped
 * in one pass. */
static void group_comparison(struct eh_arena *arena, const struct eh_records *r, size_t index,
                             struct eh_cells **lists, size_t *counts) {
  enum { MOST_TOGETHER = 4 }; /* outcomes take 3 bits each of a key */
  const struct eh_comparison *comparison = &r->rules->comparisons[index];
  bool *done = eh_alloc_zeroed(r->rules->measure_count, sizeof *done);
  for (size_t i = 0; i < comparison->measure_count; i++) {
    size_t first = comparison->measures[i];
    if (done[first]) continue;
    size_t measures[MOST_TOGETHER];
    struct grouping g = {.records = r,
                         .comparison = comparison,
                         .comparison_index = index,
                         .measures = measures,
                         .first = &r->rules->measures[first]};
    for (size_t k = i; k < comparison->measure_count && g.measure_count < MOST_TOGETHER; k++) {
      size_t m = comparison->measures[k];
      if (done[m] || !same_strata(g.first, &r->rules->measures[m])) continue;
      done[m] = true;
      measures[g.measure_count++] = m;
    }
    group_rows(arena, &g, lists, counts);
  }
  free(done);
}

struct eh_cells *eh_records_cells(struct eh_arena *arena, const struct eh_records *r,
                                  size_t *count) {
  const struct eh_rules *rules = r->rules;
  struct eh_cells *all = NULL;
  size_t n = 0;
  struct eh_cells **lists = eh_alloc_zeroed(rules->measure_count, sizeof *lists);
  size_t *counts = eh_alloc_zeroed(rules->measure_count, sizeof *counts);
  for (size_t c = 0; c < rules->comparison_count; c++) {
    group_comparison(arena, r, c, lists, counts);
    for (size_t i = 0; i < rules->comparisons[c].measure_count; i++) {
      size_t m = rules->comparisons[c].measures[i];
      all = eh_resize(all, n + counts[m], sizeof *all);
      if (counts[m]) memcpy(all + n, lists[m], counts[m] * sizeof *all);
      n += counts[m];
    }
  }
  struct eh_cells *result = eh_arena_alloc(arena, n, sizeof *result);
  if (n) memcpy(result, all, n * sizeof *all);
  free(all);
  free(lists);
  free(counts);
  *count = n;
  return result;
}
