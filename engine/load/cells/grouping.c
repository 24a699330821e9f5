/* Grouping records into cells: what is compared, and in which order it is done. */
#include "engine/load/cells/grouping.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/parallel.h"
#include "engine/base/sort.h"

static struct eh_part part_of(const struct eh_grouping *g, int column, bool is_factor) {
  struct eh_part part = {.dimension = eh_records_dimension(g->records, column),
                         .missing = UINT32_MAX};
  const struct eh_dictionary *d = g->records->dictionaries[part.dimension];
  size_t count = eh_dictionary_count(d);
  part.bits = eh_bits_for(count);
  part.can_exclude = is_factor && g->first->exclude_missing;
  if (eh_dictionary_has_missing(d)) part.missing = (uint32_t)count - 1;
  return part;
}

/* Parts in the order of the key. */
static void plan_parts(struct eh_grouping *g, struct eh_arena *arena) {
  const struct eh_rules *rules = g->records->rules;
  int *columns = eh_arena_alloc(arena, rules->column_count + 3, sizeof *columns);
  size_t count = eh_rules_strata(rules, g->comparison, g->first, columns);
  g->parts = eh_arena_alloc(arena, count + 3, sizeof *g->parts);
  int each = g->comparison->each;
  if (each >= 0)
    g->parts[g->part_count++] = part_of(g, each, eh_measure_has_factor(g->first, each));
  for (size_t i = 0; i < count; i++)
    if (columns[i] != each)
      g->parts[g->part_count++] =
          part_of(g, columns[i], eh_measure_has_factor(g->first, columns[i]));
  if (g->first->outcome >= 0) g->parts[g->part_count++] = part_of(g, g->first->outcome, false);
  g->parts[g->part_count++] = part_of(g, g->comparison->across, false);
}

static unsigned bits_of(const struct eh_grouping *g, size_t first, size_t count) {
  unsigned bits = 0;
  for (size_t p = first; p < first + count; p++) bits += g->parts[p].bits;
  return bits;
}

/* --- folds --- */

static void free_fold(struct eh_fold *fold) {
  while (fold) {
    struct eh_fold *inner = fold->inner;
    free(fold->keys);
    free(fold->rows);
    free(fold);
    fold = inner;
  }
}

/* Numbering every row's combination of some leading parts, in the order of the keys. */
struct folding {
  const struct eh_grouping *g;
  struct eh_fold *fold;
  uint64_t *rows; /* by row: its combination */
};

static void join_chunk(void *context, size_t index, size_t worker) {
  (void)worker;
  const struct folding *f = context;
  const struct eh_chunk *chunk = &f->g->records->chunks[index];
  const struct eh_fold *inner = f->fold->inner;
  uint64_t *keys = f->rows + chunk->first_row;
  for (size_t i = 0; i < chunk->rows; i++) keys[i] = inner ? inner->rows[chunk->first_row + i] : 0;
  eh_keys_of_chunk(f->g, chunk, f->fold->inner_parts, f->fold->parts, keys);
}

static void number_chunk(void *context, size_t index, size_t worker) {
  (void)worker;
  const struct folding *f = context;
  const struct eh_chunk *chunk = &f->g->records->chunks[index];
  for (size_t i = chunk->first_row; i < chunk->first_row + chunk->rows; i++)
    f->fold->rows[i] = (uint32_t)eh_place_key(f->fold->keys, f->fold->count, f->rows[i]);
}

/* Fold as many further parts as fit beside the inner fold's number: at most 2^32 combinations
   occur, so that each fold takes in one part at least. */
static struct eh_fold *fold_more(const struct eh_grouping *g, struct eh_fold *inner, size_t last) {
  const struct eh_records *r = g->records;
  struct eh_fold *fold = eh_alloc_zeroed(1, sizeof *fold);
  fold->inner = inner;
  fold->inner_parts = fold->parts = inner ? inner->parts : 0;
  unsigned bits = inner ? eh_bits_for(inner->count) : 0;
  while (fold->parts < last && bits + g->parts[fold->parts].bits <= EH_KEY_BITS)
    bits += g->parts[fold->parts++].bits;
  struct folding f = {g, fold, eh_alloc(r->rows, sizeof *f.rows)};
  eh_parallel(r->chunk_count, r->options.threads, join_chunk, &f);
  fold->keys = eh_alloc(r->rows, sizeof *fold->keys);
  if (r->rows) memcpy(fold->keys, f.rows, r->rows * sizeof *f.rows);
  eh_sort_keys(fold->keys, r->rows, bits, r->options.threads);
  fold->count = eh_unique_keys(fold->keys, r->rows);
  fold->rows = eh_alloc(r->rows, sizeof *fold->rows);
  eh_parallel(r->chunk_count, r->options.threads, number_chunk, &f);
  free(f.rows);
  return fold;
}

/* The bits of a key with this fold. */
static unsigned key_bits(const struct eh_grouping *g, const struct eh_fold *fold) {
  size_t folded = fold ? fold->parts : 0;
  return (fold ? eh_bits_for(fold->count) : 0) + bits_of(g, folded, g->part_count - folded) +
         eh_outcome_bits(g);
}

/* The unit must stand by itself in the key's last part. */
static void make_fold(struct eh_grouping *g) {
  while (key_bits(g, g->fold) > EH_KEY_BITS && (g->fold ? g->fold->parts : 0) + 1 < g->part_count)
    g->fold = fold_more(g, g->fold, g->part_count - 1);
  g->bits = key_bits(g, g->fold);
}

/* --- one grouping --- */

static uint32_t each_rank(const struct eh_grouping *g, const struct eh_keys *keys, size_t i,
                          uint32_t *ranks) {
  eh_unpack(g, keys->keys[i] >> eh_outcome_bits(g), ranks);
  return ranks[0];
}

/* Behind the keys that have the same value of each as the first. */
static size_t end_of_each(const struct eh_grouping *g, const struct eh_keys *keys, size_t first) {
  if (g->comparison->each < 0) return keys->count;
  uint32_t *ranks = eh_alloc(g->part_count, sizeof *ranks);
  uint32_t rank = each_rank(g, keys, first, ranks);
  size_t low = first + 1, high = keys->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (each_rank(g, keys, middle, ranks) == rank)
      low = middle + 1;
    else
      high = middle;
  }
  free(ranks);
  return low;
}

static enum eh_status build_all(struct eh_arena *arena, const struct eh_grouping *g,
                                const struct eh_keys *keys, struct eh_made_cells *made,
                                struct eh_error *error) {
  enum eh_status status = EH_OK;
  size_t *starts = eh_alloc(1, sizeof *starts), count = 0;
  for (size_t i = 0; i < keys->count; i = end_of_each(g, keys, i)) {
    starts = eh_resize(starts, count + 2, sizeof *starts);
    starts[count++] = i;
  }
  starts[count] = keys->count;
  for (size_t m = 0; m < g->measure_count; m++) {
    struct eh_cells *cells = eh_arena_alloc(arena, count, sizeof *cells);
    for (size_t e = 0; e < count && status == EH_OK; e++) {
      struct eh_key_range range = {starts[e], starts[e + 1], m};
      status = eh_cells_build(arena, g, keys, &range, &cells[e], error);
    }
    made[m] = (struct eh_made_cells){g->measures[m], cells, count};
  }
  free(starts);
  return status;
}

/* --- all groupings --- */

struct plan {
  struct eh_grouping *groupings;
  size_t count;
  struct eh_made_cells **made; /* by grouping, then measure */
};

static bool same_strata(const struct eh_measure *a, const struct eh_measure *b) {
  if (a->factor_count != b->factor_count || a->adjust_count != b->adjust_count ||
      a->exclude_missing != b->exclude_missing ||
      a->outcome != b->outcome)
    return false;
  for (size_t i = 0; i < a->factor_count; i++)
    if (a->factors[i] != b->factors[i]) return false;
  for (size_t i = 0; i < a->adjust_count; i++)
    if (a->adjust[i] != b->adjust[i]) return false;
  return true;
}

/* The groupings of one comparison: measures with the same strata are grouped in one pass. */
static void plan_comparison(struct eh_arena *arena, const struct eh_records *r, size_t index,
                            struct plan *plan) {
  enum { MOST_TOGETHER = 4 }; /* outcomes take 3 bits each of a key */
  const struct eh_comparison *comparison = &r->rules->comparisons[index];
  bool *done = eh_alloc_zeroed(r->rules->measure_count, sizeof *done);
  for (size_t i = 0; i < comparison->measure_count; i++) {
    size_t first = comparison->measures[i];
    if (done[first]) continue;
    struct eh_grouping g = {.records = r,
                            .comparison = comparison,
                            .comparison_index = index,
                            .measures = eh_arena_alloc(arena, MOST_TOGETHER, sizeof *g.measures),
                            .first = &r->rules->measures[first]};
    for (size_t k = i; k < comparison->measure_count && g.measure_count < MOST_TOGETHER; k++) {
      size_t m = comparison->measures[k];
      if (done[m] || !same_strata(g.first, &r->rules->measures[m])) continue;
      done[m] = true;
      g.measures[g.measure_count++] = m;
    }
    plan_parts(&g, arena);
    g.bits = key_bits(&g, NULL);
    g.is_wide = g.bits > EH_KEY_BITS;
    plan->groupings = eh_resize(plan->groupings, plan->count + 1, sizeof *plan->groupings);
    plan->groupings[plan->count++] = g;
  }
  free(done);
}

static bool has_stratum_column(const struct eh_grouping *g, size_t dimension) {
  for (size_t p = 0; p + 1 < g->part_count; p++)
    if (g->parts[p].dimension == dimension) return true;
  return false;
}

static bool is_excluding(const struct eh_grouping *g, size_t dimension) {
  for (size_t p = 0; p < g->part_count; p++)
    if (g->parts[p].dimension == dimension && g->parts[p].can_exclude) return true;
  return false;
}

/* Can the coarser grouping's keys be had from the finer one's? Every column of it must be a strata
   column there, and the same missing factors must exclude. */
static bool follows_from(const struct eh_grouping *coarse, const struct eh_grouping *fine) {
  if (coarse == fine || fine->is_wide || coarse->part_count >= 64 ||
      coarse->measure_count != fine->measure_count ||
      memcmp(coarse->measures, fine->measures, fine->measure_count * sizeof *fine->measures) != 0)
    return false;
  for (size_t p = 0; p < coarse->part_count; p++)
    if (!has_stratum_column(fine, coarse->parts[p].dimension)) return false;
  for (size_t p = 0; p + 1 < fine->part_count; p++)
    if (fine->parts[p].can_exclude && !is_excluding(coarse, fine->parts[p].dimension)) return false;
  return true;
}

static bool follows_from_any(const struct plan *plan, const struct eh_grouping *g) {
  for (size_t i = 0; i < plan->count; i++)
    if (follows_from(g, &plan->groupings[i])) return true;
  return false;
}

/* One grouping out of the records, and out of its keys all that follow from it. spent: the records,
   if their rows are not needed after that; or NULL. */
static enum eh_status group_from_records(struct eh_arena *arena, const struct plan *plan,
                                         size_t index, struct eh_records *spent,
                                         struct eh_error *error) {
  struct eh_grouping *g = &plan->groupings[index];
  make_fold(g);
  struct eh_keys keys = eh_keys_of_records(g);
  if (spent) eh_records_drop_rows(spent);
  enum eh_status status = build_all(arena, g, &keys, plan->made[index], error);
  for (size_t i = 0; i < plan->count && status == EH_OK; i++) {
    struct eh_grouping *coarse = &plan->groupings[i];
    if (plan->made[i][0].cells || !follows_from(coarse, g)) continue;
    struct eh_keys fewer = eh_keys_of_finer(coarse, g, &keys);
    status = build_all(arena, coarse, &fewer, plan->made[i], error);
    eh_keys_free(&fewer);
  }
  eh_keys_free(&keys);
  free_fold(g->fold);
  g->fold = NULL;
  return status;
}

/* The cells of one comparison and measure of the rules. */
static const struct eh_made_cells *find_made(const struct plan *plan, size_t comparison,
                                             size_t measure) {
  for (size_t i = 0; i < plan->count; i++)
    for (size_t m = 0; m < plan->groupings[i].measure_count; m++)
      if (plan->groupings[i].comparison_index == comparison && plan->made[i][m].measure == measure)
        return &plan->made[i][m];
  abort(); /* every one is planned */
}

/* In the order of the rules; of comparisons first to end - 1. */
static struct eh_cells *join_made(struct eh_arena *arena, const struct eh_rules *rules,
                                  const struct plan *plan, size_t first, size_t end,
                                  size_t *count) {
  struct eh_cells *all = NULL;
  *count = 0;
  for (size_t c = first; c < end; c++)
    for (size_t i = 0; i < rules->comparisons[c].measure_count; i++) {
      const struct eh_made_cells *one = find_made(plan, c, rules->comparisons[c].measures[i]);
      all = eh_resize(all, *count + one->count, sizeof *all);
      if (one->count) memcpy(all + *count, one->cells, one->count * sizeof *all);
      *count += one->count;
    }
  struct eh_cells *kept = eh_arena_alloc(arena, *count, sizeof *kept);
  if (*count) memcpy(kept, all, *count * sizeof *kept);
  free(all);
  return kept;
}

/* The last that is grouped from the records themselves. */
static size_t last_from_records(const struct plan *plan) {
  size_t last = 0;
  for (size_t i = 0; i < plan->count; i++)
    if (!follows_from_any(plan, &plan->groupings[i])) last = i;
  return last;
}

static void plan_all(struct eh_arena *arena, const struct eh_records *r, size_t first, size_t end,
                     struct plan *plan) {
  for (size_t c = first; c < end; c++) plan_comparison(arena, r, c, plan);
  plan->made = eh_arena_alloc(arena, plan->count, sizeof *plan->made);
  for (size_t i = 0; i < plan->count; i++)
    plan->made[i] = eh_arena_alloc(arena, plan->groupings[i].measure_count, sizeof **plan->made);
}

/* can_drop: the rows are not needed after that. */
static enum eh_status group_all(struct eh_arena *arena, struct eh_records *r,
                                const struct plan *plan, bool can_drop, struct eh_error *error) {
  size_t last = last_from_records(plan);
  enum eh_status status = EH_OK;
  for (size_t i = 0; i < plan->count && status == EH_OK; i++)
    if (!follows_from_any(plan, &plan->groupings[i]))
      status = group_from_records(arena, plan, i, can_drop && i == last ? r : NULL, error);
  return status;
}

enum eh_status eh_records_cells(struct eh_arena *arena, struct eh_records *r,
                                struct eh_cells **cells, size_t *count, struct eh_error *error) {
  struct eh_arena *scratch = eh_arena_new();
  struct plan plan = {0};
  size_t end = r->rules->comparison_count;
  plan_all(scratch, r, 0, end, &plan);
  bool can_drop = r->options.only_cells && eh_records_person(r) < 0 && !eh_needs_clusters(r);
  enum eh_status status = group_all(arena, r, &plan, can_drop, error);
  if (status == EH_OK) {
    eh_count_repeats(r, plan.groupings, plan.made, plan.count);
    eh_measure_clusters(arena, r, plan.groupings, plan.made, plan.count);
    *cells = join_made(arena, r->rules, &plan, 0, end, count);
  }
  free(plan.groupings);
  eh_arena_free(scratch);
  return status;
}

enum eh_status eh_records_tables(struct eh_arena *arena, struct eh_records *r,
                                 struct eh_cells **cells, size_t *count, struct eh_error *error) {
  struct eh_arena *scratch = eh_arena_new();
  struct plan plan = {0};
  size_t first = r->rules->comparison_count, end = first + r->rules->table_count;
  plan_all(scratch, r, first, end, &plan);
  enum eh_status status = group_all(arena, r, &plan, false, error);
  if (status == EH_OK) *cells = join_made(arena, r->rules, &plan, first, end, count);
  free(plan.groupings);
  eh_arena_free(scratch);
  return status;
}
