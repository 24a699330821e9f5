/* From counts to cells: the rows of each comparison and measure, grouped by stratum and unit. */
#include <stdlib.h>
#include <string.h>

#include "engine/base/sort.h"
#include "engine/load/cells/portions.h"
#include "engine/load/counts/internal.h"
#include "rules/language/question.h"

/* The strata of one comparison and measure: every row's, numbered in the order of the labels. */
struct strata {
  int *columns; /* of the rules; each first where there is one */
  size_t column_count;
  uint32_t *of_row; /* by place among the grouping's rows */
  size_t count;
  size_t *sample; /* by stratum: a row of the counts that is in it */
};

/* One measure of one comparison, being grouped. */
struct grouping {
  struct eh_arena *arena;
  struct eh_counts *counts;
  size_t comparison, measure;
  size_t *rows; /* of the counts, that count here */
  size_t row_count;
  struct strata strata;
  uint64_t *keys; /* of cells, ascending: stratum, then unit's rank */
  size_t key_count;
  uint64_t (*sums)[EH_OUTCOMES]; /* by key */
};

const char *const *eh_counts_labels(const struct eh_counts *t, int column, size_t *count,
                                    bool *has_missing) {
  const struct eh_dictionary *dictionary = t->dictionaries[eh_counts_dimension(t, column)];
  *count = eh_dictionary_count(dictionary);
  *has_missing = eh_dictionary_has_missing(dictionary);
  return eh_dictionary_labels(dictionary);
}

static uint32_t rank_of(const struct eh_counts *t, size_t dimension, size_t row) {
  return eh_dictionary_ranks(
      t->dictionaries[dimension])[t->codes[row * t->dimension_count + dimension]];
}

static bool is_missing(const struct eh_counts *t, int column, size_t row) {
  size_t d = eh_counts_dimension(t, column);
  const struct eh_dictionary *dictionary = t->dictionaries[d];
  return eh_dictionary_has_missing(dictionary) &&
         rank_of(t, d, row) == eh_dictionary_count(dictionary) - 1;
}

/* Replace each key by its place among the distinct ones; returns how many there are. distinct: room
 * for them. */
static size_t number_keys(const uint64_t *keys, size_t count, uint64_t *distinct,
                          uint32_t *places) {
  if (count) memcpy(distinct, keys, count * sizeof *keys);
  eh_sort_keys(distinct, count, 64, 1);
  size_t kept = eh_unique_keys(distinct, count);
  for (size_t i = 0; i < count; i++) places[i] = (uint32_t)eh_place_key(distinct, kept, keys[i]);
  return kept;
}

/* Column after column, a row's number so far and its label's rank become its new number. */
static void number_strata(struct grouping *g) {
  const struct eh_counts *t = g->counts;
  struct strata *s = &g->strata;
  uint64_t *keys = eh_alloc(g->row_count, sizeof *keys),
           *distinct = eh_alloc(g->row_count, sizeof *distinct);
  s->of_row = eh_alloc_zeroed(g->row_count, sizeof *s->of_row);
  s->count = g->row_count > 0;
  for (size_t k = 0; k < s->column_count; k++) {
    size_t dimension = eh_counts_dimension(t, s->columns[k]);
    for (size_t i = 0; i < g->row_count; i++)
      keys[i] = (uint64_t)s->of_row[i] << 32 | rank_of(t, dimension, g->rows[i]);
    s->count = number_keys(keys, g->row_count, distinct, s->of_row);
  }
  s->sample = eh_alloc(s->count, sizeof *s->sample);
  for (size_t i = 0; i < g->row_count; i++) s->sample[s->of_row[i]] = g->rows[i];
  free(keys);
  free(distinct);
}

static void plan_strata(struct grouping *g) {
  const struct eh_rules *rules = g->counts->rules;
  const struct eh_comparison *comparison = &rules->comparisons[g->comparison];
  int *columns = eh_arena_alloc(g->arena, rules->column_count + 3, sizeof *columns);
  size_t count = eh_rules_strata(rules, comparison, &rules->measures[g->measure], columns);
  struct strata *s = &g->strata;
  s->columns = eh_arena_alloc(g->arena, count + 2, sizeof *s->columns);
  if (comparison->each >= 0) s->columns[s->column_count++] = comparison->each;
  for (size_t i = 0; i < count; i++)
    if (columns[i] != comparison->each) s->columns[s->column_count++] = columns[i];
  int outcome = rules->measures[g->measure].outcome;
  if (outcome >= 0) s->columns[s->column_count++] = outcome; /* folded into portions later */
  number_strata(g);
}

static bool lacks_factor(const struct grouping *g, size_t row) {
  const struct eh_measure *measure = &g->counts->rules->measures[g->measure];
  for (size_t k = 0; k < g->strata.column_count && measure->exclude_missing; k++)
    if (eh_measure_has_factor(measure, g->strata.columns[k]) &&
        is_missing(g->counts, g->strata.columns[k], row))
      return true;
  return false;
}

static void count_cells(struct grouping *g) {
  const struct eh_counts *t = g->counts;
  size_t unit = eh_counts_dimension(t, t->rules->comparisons[g->comparison].across);
  uint64_t *keys = eh_alloc(g->row_count, sizeof *keys);
  uint32_t *places = eh_alloc(g->row_count, sizeof *places);
  for (size_t i = 0; i < g->row_count; i++)
    keys[i] = (uint64_t)g->strata.of_row[i] << 32 | rank_of(t, unit, g->rows[i]);
  g->keys = eh_alloc(g->row_count, sizeof *g->keys);
  g->key_count = number_keys(keys, g->row_count, g->keys, places);
  g->sums = eh_alloc_zeroed(g->key_count, sizeof *g->sums);
  for (size_t i = 0; i < g->row_count; i++) {
    size_t row = g->rows[i];
    uint8_t outcome = t->outcomes[row * t->rules->measure_count + g->measure];
    if ((outcome == EH_EVENT || outcome == EH_NO_EVENT) && lacks_factor(g, row))
      outcome = EH_FACTOR_MISSING;
    g->sums[places[i]][outcome] += t->records[row];
  }
  free(keys);
  free(places);
}

static uint64_t records_in(const struct grouping *g, size_t key) {
  return g->sums[key][EH_EVENT] + g->sums[key][EH_NO_EVENT];
}

/* A comparison's cells for the keys from first to end. */
struct building {
  const struct grouping *g;
  size_t first, end;
  struct eh_cells *cells;
};

static void name_strata(const struct building *b) {
  const struct grouping *g = b->g;
  const struct eh_counts *t = g->counts;
  struct eh_cells *cells = b->cells;
  cells->column_count = g->strata.column_count;
  cells->columns = eh_arena_alloc(g->arena, cells->column_count, sizeof *cells->columns);
  uint32_t *codes =
      eh_arena_alloc(g->arena, cells->stratum_count * cells->column_count, sizeof *codes);
  cells->codes = codes;
  for (size_t k = 0; k < cells->column_count; k++) {
    size_t d = eh_counts_dimension(t, g->strata.columns[k]);
    const struct eh_dictionary *dictionary = t->dictionaries[d];
    cells->columns[k] = (struct eh_stratum_column){
        g->strata.columns[k], eh_dictionary_labels(dictionary), eh_dictionary_count(dictionary),
        eh_dictionary_has_missing(dictionary),
        eh_measure_has_factor(&t->rules->measures[g->measure], g->strata.columns[k]),
        eh_rules_adjusts(t->rules, &t->rules->comparisons[g->comparison],
                         &t->rules->measures[g->measure], g->strata.columns[k])};
    for (size_t i = b->first, s = 0, last = SIZE_MAX; i < b->end; i++) {
      size_t stratum = g->keys[i] >> 32;
      if (stratum == last || records_in(g, i) == 0) continue;
      last = stratum;
      codes[s++ * cells->column_count + k] = rank_of(t, d, g->strata.sample[stratum]);
    }
  }
}

/* Units that have records, bytewise by label: their first cells and how many they have. */
static uint32_t *number_units(const struct building *b, const struct eh_dictionary *dictionary) {
  const struct grouping *g = b->g;
  struct eh_cells *cells = b->cells;
  size_t label_count = eh_dictionary_count(dictionary), first = 0;
  uint32_t *numbers = eh_alloc(label_count, sizeof *numbers);
  size_t *sizes = eh_alloc_zeroed(label_count, sizeof *sizes);
  for (size_t i = b->first; i < b->end; i++) sizes[g->keys[i] & UINT32_MAX] += records_in(g, i) > 0;
  for (size_t u = 0; u < label_count; u++) cells->unit_count += sizes[u] > 0;
  cells->units = eh_arena_alloc(g->arena, cells->unit_count, sizeof *cells->units);
  for (size_t u = 0, n = 0; u < label_count; u++) {
    numbers[u] = (uint32_t)n;
    if (!sizes[u]) continue;
    bool recorded = !(eh_dictionary_has_missing(dictionary) && u == label_count - 1);
    cells->units[n++] =
        (struct eh_unit){eh_dictionary_labels(dictionary)[u], recorded, first, sizes[u], 0};
    first += sizes[u];
  }
  cells->cell_count = first;
  free(sizes);
  return numbers;
}

static void place_cells(const struct building *b) {
  const struct grouping *g = b->g;
  const struct eh_counts *t = g->counts;
  struct eh_cells *cells = b->cells;
  const struct eh_dictionary *dictionary =
      t->dictionaries[eh_counts_dimension(t, t->rules->comparisons[g->comparison].across)];
  uint32_t *numbers = number_units(b, dictionary);
  cells->cells = eh_arena_alloc(g->arena, cells->cell_count, sizeof *cells->cells);
  size_t *next = eh_alloc(cells->unit_count, sizeof *next);
  for (size_t u = 0; u < cells->unit_count; u++) next[u] = cells->units[u].first_cell;
  for (size_t i = b->first, last = SIZE_MAX; i < b->end; i++) {
    uint64_t records = records_in(g, i), events = g->sums[i][EH_EVENT];
    if (!records) continue;
    if (g->keys[i] >> 32 != last) cells->stratum_count++;
    last = g->keys[i] >> 32;
    uint32_t unit = numbers[g->keys[i] & UINT32_MAX];
    cells->cells[next[unit]++] = (struct eh_cell){unit, (uint32_t)cells->stratum_count - 1,
                                                  (uint32_t)records, (uint32_t)events};
    cells->records += records;
    cells->events += events;
  }
  free(next);
  free(numbers);
}

static void name_exclusions(const struct building *b) {
  uint64_t sums[EH_OUTCOMES] = {0};
  for (size_t i = b->first; i < b->end; i++)
    for (int o = 0; o < EH_OUTCOMES; o++) sums[o] += b->g->sums[i][o];
  b->cells->excluded = eh_arena_alloc(b->g->arena, EH_OUTCOMES, sizeof *b->cells->excluded);
  for (int o = 0; o < EH_OUTCOMES; o++) {
    const char *reason =
        eh_outcome_reason((enum eh_outcome)o, b->g->counts->rules->measures[b->g->measure].kind);
    if (reason && sums[o])
      b->cells->excluded[b->cells->exclusion_count++] = (struct eh_exclusion){reason, sums[o]};
  }
}

static bool is_same(const char *label, const char *other) {
  return label == other || (label && other && strcmp(label, other) == 0);
}

static void note_repeats(const struct building *b) {
  const struct eh_counts *t = b->g->counts;
  for (size_t i = 0; i < t->repeat_count; i++) {
    const struct eh_counts_repeat *r = &t->repeats[i];
    if (r->comparison != b->g->comparison || r->measure != b->g->measure) continue;
    const char *each = b->cells->each && !r->each ? EH_NOT_RECORDED : r->each;
    if (!is_same(each, b->cells->each)) continue;
    for (size_t u = 0; u < b->cells->unit_count; u++) {
      struct eh_unit *unit = &b->cells->units[u];
      if (unit->recorded == (r->unit != NULL) && (!r->unit || strcmp(unit->label, r->unit) == 0))
        unit->repeated += r->records;
    }
  }
}

static void build(const struct building *b) {
  const struct grouping *g = b->g;
  const struct eh_counts *t = g->counts;
  *b->cells = (struct eh_cells){
      .comparison = g->comparison,
      .measure = g->measure,
      .no_clusterings = "counts of records do not tell which decisions belong together"};
  int each = t->rules->comparisons[g->comparison].each;
  if (each >= 0) {
    size_t d = eh_counts_dimension(t, each);
    b->cells->each = eh_dictionary_labels(
        t->dictionaries[d])[rank_of(t, d, g->strata.sample[g->keys[b->first] >> 32])];
  }
  place_cells(b);
  name_strata(b);
  name_exclusions(b);
  note_repeats(b);
  eh_portions_fold(g->arena, &t->rules->measures[g->measure], b->cells);
}

/* Is the key's value of each another one than that of the key before? */
static bool begins_each(const struct grouping *g, size_t key) {
  if (key == 0) return true;
  int each = g->counts->rules->comparisons[g->comparison].each;
  if (each < 0) return false;
  size_t d = eh_counts_dimension(g->counts, each);
  return rank_of(g->counts, d, g->strata.sample[g->keys[key] >> 32]) !=
         rank_of(g->counts, d, g->strata.sample[g->keys[key - 1] >> 32]);
}

static void choose_rows(struct grouping *g) {
  const struct eh_counts *t = g->counts;
  g->rows = eh_alloc(t->count, sizeof *g->rows);
  for (size_t i = 0; i < t->count; i++)
    if (!t->tags || (t->tags[i].comparison == g->comparison && t->tags[i].measure == g->measure))
      g->rows[g->row_count++] = i;
}

/* Has some cell more records than it can count? */
static bool is_too_large(const struct grouping *g) {
  uint64_t largest = 0, all = 0;
  for (size_t i = 0; i < g->key_count; i++) {
    uint64_t records = records_in(g, i);
    if (records > largest) largest = records;
    all += records;
  }
  /* Cells of a category or value are still parted by it. */
  bool is_whole = !eh_has_outcome(&g->counts->rules->measures[g->measure]);
  return (is_whole ? largest : all) > UINT32_MAX;
}

/* Add the cells of one measure in one comparison, for each value of each. */
static enum eh_status group(struct grouping *g, struct eh_cells **all, size_t *count,
                            struct eh_error *error) {
  choose_rows(g);
  plan_strata(g);
  count_cells(g);
  bool can_build = !is_too_large(g);
  for (size_t first = 0; first < g->key_count && can_build;) {
    size_t end = first + 1;
    while (end < g->key_count && !begins_each(g, end)) end++;
    *all = eh_resize(*all, *count + 1, sizeof **all);
    struct building b = {g, first, end, &(*all)[(*count)++]};
    build(&b);
    first = end;
  }
  free(g->rows);
  free(g->strata.of_row);
  free(g->strata.sample);
  free(g->keys);
  free(g->sums);
  if (can_build) return EH_OK;
  return eh_fail_at(error, EH_BAD_INPUT, g->counts->source, 0, 0,
                    "counts over 4,294,967,295 records (2^32 - 1) of one unit in one kind of case; "
                    "are these counts?");
}

/* Of comparisons first to end - 1. */
static enum eh_status group_all(struct eh_arena *arena, struct eh_counts *t, size_t first,
                                size_t end, struct eh_cells **cells, size_t *count,
                                struct eh_error *error) {
  struct eh_cells *all = NULL;
  enum eh_status status = EH_OK;
  *count = 0;
  for (size_t c = first; c < end; c++)
    for (size_t i = 0; i < t->rules->comparisons[c].measure_count && status == EH_OK; i++) {
      struct grouping g = {.arena = arena,
                           .counts = t,
                           .comparison = c,
                           .measure = t->rules->comparisons[c].measures[i]};
      status = group(&g, &all, count, error);
    }
  *cells = eh_arena_alloc(arena, *count, sizeof **cells);
  if (*count) memcpy(*cells, all, *count * sizeof *all);
  free(all);
  return status;
}

enum eh_status eh_counts_cells(struct eh_arena *arena, struct eh_counts *t, struct eh_cells **cells,
                               size_t *count, struct eh_error *error) {
  for (size_t d = 0; d < t->dimension_count; d++) eh_dictionary_sort(t->dictionaries[d]);
  return group_all(arena, t, 0, t->rules->comparison_count, cells, count, error);
}

enum eh_status eh_counts_tables(struct eh_arena *arena, struct eh_counts *t,
                                struct eh_cells **cells, size_t *count, struct eh_error *error) {
  size_t first = t->rules->comparison_count;
  return group_all(arena, t, first, first + t->rules->table_count, cells, count, error);
}
