#include "engine/audit/figures/balancing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/parallel.h"
#include "engine/base/sort.h"
#include "engine/stats/caseload_model.h"

static const double PAIR_AT = 0.05, NEVER = 1e-9;
enum { FEWEST_OF_PAIR = 5, BLOCKS = 64 };

/* A unit's records in one `within` group. */
struct piece {
  uint32_t group;
  double records;
};

struct eh_balancing {
  const struct eh_cells *cells;
  size_t factors, pairs;
  size_t *column;     /* by factor: of the cells */
  uint32_t *codes;    /* as the cells', but of the labels that occur in them alone */
  uint32_t *labels;   /* by column of the cells: how many of these */
  uint32_t **label;   /* by column, then such a number: the cells' code */
  uint32_t *order;    /* the strata by their exact columns, then the others */
  uint32_t *position; /* by stratum: where it stands in that order */
  uint32_t *exact;    /* by position: exact stratum */
  size_t *first;      /* by exact stratum, and the end: positions */
  size_t exact_count;
  const uint32_t *group; /* by stratum: within group */
  uint32_t *levels;      /* by position: of factors and pairs */
  uint32_t *level_count; /* by factor, then pair */
  uint32_t *pair;        /* by pair: two factors */
  struct eh_balanced_pair *found;
  struct piece *pieces;
  size_t *first_piece;            /* by unit, and the end */
  struct eh_caseload_model model; /* by stratum and piece */
  double *group_records;          /* by group */
  double *usual; /* by stratum: the sum over its group's pieces of records times p */
};

/* --- strata --- */

struct ordering {
  const struct eh_cells *cells;
  bool only_exact;
};

static int by_codes(const void *left, const void *right, void *context) {
  const struct ordering *o = context;
  const struct eh_cells *cells = o->cells;
  const uint32_t *x = cells->codes + *(const uint32_t *)left * cells->column_count;
  const uint32_t *y = cells->codes + *(const uint32_t *)right * cells->column_count;
  for (int adjusted = 0; adjusted <= !o->only_exact; adjusted++)
    for (size_t k = 0; k < cells->column_count; k++)
      if (cells->columns[k].is_adjusted == adjusted && x[k] != y[k]) return x[k] < y[k] ? -1 : 1;
  return 0;
}

/* A label may be known of records that are not in these cells; where the cells alone are at hand,
   it is not. So that it makes no difference, labels are numbered anew. */
static void number_labels(struct eh_arena *arena, struct eh_arena *scratch,
                          struct eh_balancing *b) {
  const struct eh_cells *cells = b->cells;
  size_t columns = cells->column_count;
  b->codes = eh_arena_alloc(arena, cells->stratum_count * columns, sizeof *b->codes);
  b->labels = eh_arena_alloc(arena, columns, sizeof *b->labels);
  b->label = eh_arena_alloc(arena, columns, sizeof *b->label);
  for (size_t k = 0; k < columns; k++) {
    uint32_t *number = eh_arena_alloc(scratch, cells->columns[k].label_count, sizeof *number);
    for (size_t s = 0; s < cells->stratum_count; s++) number[cells->codes[s * columns + k]] = 1;
    b->label[k] = eh_arena_alloc(arena, cells->columns[k].label_count, sizeof **b->label);
    for (uint32_t l = 0; l < cells->columns[k].label_count; l++) {
      if (!number[l]) continue;
      b->label[k][b->labels[k]] = l;
      number[l] = b->labels[k]++;
    }
    for (size_t s = 0; s < cells->stratum_count; s++)
      b->codes[s * columns + k] = number[cells->codes[s * columns + k]];
  }
}

static void order_strata(struct eh_arena *arena, struct eh_balancing *b) {
  size_t count = b->cells->stratum_count;
  struct ordering o = {b->cells, false};
  b->order = eh_arena_alloc(arena, count, sizeof *b->order);
  b->position = eh_arena_alloc(arena, count, sizeof *b->position);
  b->exact = eh_arena_alloc(arena, count, sizeof *b->exact);
  b->first = eh_arena_alloc(arena, count + 1, sizeof *b->first);
  for (size_t s = 0; s < count; s++) b->order[s] = (uint32_t)s;
  qsort_r(b->order, count, sizeof *b->order, by_codes, &o);
  o.only_exact = true;
  for (size_t i = 0; i < count; i++) {
    b->position[b->order[i]] = (uint32_t)i;
    if (i == 0 || by_codes(&b->order[i - 1], &b->order[i], &o) != 0) b->first[b->exact_count++] = i;
    b->exact[i] = (uint32_t)b->exact_count - 1;
  }
  b->first[b->exact_count] = count;
}

/* --- the model --- */

static int by_group(const void *left, const void *right, void *context) {
  const uint32_t *group = context;
  const struct eh_model_cell *a = left, *b = right;
  if (group[a->pattern] != group[b->pattern]) return group[a->pattern] < group[b->pattern] ? -1 : 1;
  return (a->pattern > b->pattern) - (a->pattern < b->pattern);
}

/* The cells by piece; pieces are numbered on the way. */
static struct eh_model_cell *cut_to_pieces(struct eh_arena *arena, struct eh_arena *scratch,
                                           struct eh_balancing *b, size_t *piece_count) {
  const struct eh_cells *cells = b->cells;
  struct eh_model_cell *made = eh_arena_alloc(scratch, cells->cell_count, sizeof *made);
  struct piece *pieces = eh_alloc(cells->cell_count, sizeof *pieces);
  b->first_piece = eh_arena_alloc(arena, cells->unit_count + 1, sizeof *b->first_piece);
  size_t count = 0;
  for (size_t u = 0; u < cells->unit_count; u++) {
    size_t first = cells->units[u].first_cell, end = first + cells->units[u].cell_count;
    b->first_piece[u] = count;
    for (size_t i = first; i < end; i++)
      made[i] = (struct eh_model_cell){cells->cells[i].stratum, 0, cells->cells[i].records,
                                       cells->cells[i].events};
    qsort_r(made + first, end - first, sizeof *made, by_group, (void *)(uintptr_t)b->group);
    for (size_t i = first; i < end; i++) {
      uint32_t group = b->group[made[i].pattern];
      if (count == b->first_piece[u] || pieces[count - 1].group != group)
        pieces[count++] = (struct piece){group, 0.0};
      pieces[count - 1].records += (double)made[i].records;
      made[i].unit = (uint32_t)(count - 1);
    }
  }
  b->first_piece[cells->unit_count] = count;
  b->pieces = eh_arena_alloc(arena, count, sizeof *b->pieces);
  if (count) memcpy(b->pieces, pieces, count * sizeof *pieces);
  free(pieces);
  *piece_count = count;
  return made;
}

static bool is_within(const struct eh_comparison *comparison, int column) {
  for (size_t w = 0; w < comparison->within_count; w++)
    if (comparison->within[w] == column) return true;
  return column == comparison->each;
}

/* Every column that tells kinds of case apart is a factor of the model; the adjusted ones first. */
static struct eh_model_data model_data(struct eh_arena *arena, struct eh_arena *scratch,
                                       const struct eh_comparison *comparison,
                                       struct eh_balancing *b) {
  const struct eh_cells *cells = b->cells;
  size_t *column = eh_arena_alloc(scratch, cells->column_count, sizeof *column);
  struct eh_model_data data = {.pattern_count = cells->stratum_count,
                               .cell_count = cells->cell_count};
  for (int adjusted = 1; adjusted >= 0; adjusted--)
    for (size_t k = 0; k < cells->column_count; k++)
      if (cells->columns[k].is_adjusted == adjusted &&
          (adjusted || !is_within(comparison, cells->columns[k].column)))
        column[data.factors++] = k;
  uint32_t *levels = eh_arena_alloc(scratch, cells->stratum_count * data.factors, sizeof *levels);
  uint32_t *level_count = eh_arena_alloc(scratch, data.factors, sizeof *level_count);
  for (size_t f = 0; f < data.factors; f++) {
    level_count[f] = b->labels[column[f]];
    for (size_t s = 0; s < cells->stratum_count; s++)
      levels[s * data.factors + f] = b->codes[s * cells->column_count + column[f]];
  }
  data.levels = levels;
  data.level_count = level_count;
  data.cells = cut_to_pieces(arena, scratch, b, &data.unit_count);
  return data;
}

static double chance(const struct eh_balancing *b, size_t stratum, size_t piece) {
  return 1.0 / (1.0 + exp(-b->model.offset[stratum] - b->model.unit[piece]));
}

struct summing {
  struct eh_balancing *balancing;
  const size_t *piece, *first; /* pieces by group */
};

static void sum_block(void *context, size_t block, size_t worker) {
  (void)worker;
  const struct summing *s = context;
  struct eh_balancing *b = s->balancing;
  size_t count = b->cells->stratum_count;
  for (size_t i = count * block / BLOCKS; i < count * (block + 1) / BLOCKS; i++) {
    double sum = 0.0;
    for (size_t k = s->first[b->group[i]]; k < s->first[b->group[i] + 1]; k++)
      sum += b->pieces[s->piece[k]].records * chance(b, i, s->piece[k]);
    b->usual[i] = sum;
  }
}

/* What all units of a stratum's group would do with its cases. */
static void sum_usual(struct eh_arena *arena, struct eh_arena *scratch, struct eh_balancing *b,
                      size_t groups, size_t pieces, size_t threads) {
  size_t *first = eh_arena_alloc(scratch, groups + 2, sizeof *first);
  size_t *piece = eh_arena_alloc(scratch, pieces, sizeof *piece);
  b->group_records = eh_arena_alloc(arena, groups, sizeof *b->group_records);
  b->usual = eh_arena_alloc(arena, b->cells->stratum_count, sizeof *b->usual);
  for (size_t i = 0; i < pieces; i++) {
    first[b->pieces[i].group + 2]++;
    b->group_records[b->pieces[i].group] += b->pieces[i].records;
  }
  for (size_t g = 0; g <= groups; g++) first[g + 1] += first[g];
  for (size_t i = 0; i < pieces; i++) piece[first[b->pieces[i].group + 1]++] = i;
  struct summing s = {b, piece, first};
  eh_parallel(BLOCKS, threads, sum_block, &s);
}

/* --- pairs --- */

static void find_pairs(struct eh_arena *arena, struct eh_balancing *b,
                       const struct eh_model_data *data) {
  double all = (double)b->factors * ((double)b->factors - 1.0) / 2.0;
  size_t most = (size_t)all;
  b->pair = eh_arena_alloc(arena, 2 * most, sizeof *b->pair);
  b->found = eh_arena_alloc(arena, most, sizeof *b->found);
  for (size_t f = 0; f < b->factors; f++)
    for (size_t g = f + 1; g < b->factors; g++) {
      struct eh_test test = eh_caseload_pair(data, &b->model, f, g);
      if (test.why_not || !(test.p < PAIR_AT / all)) continue;
      b->pair[2 * b->pairs] = (uint32_t)f;
      b->pair[2 * b->pairs + 1] = (uint32_t)g;
      b->found[b->pairs++] = (struct eh_balanced_pair){b->column[f], b->column[g], test.p};
    }
}

/* Joint levels with enough of the comparison's records are numbered in order. */
static uint32_t number_joint(struct eh_arena *scratch, const struct eh_balancing *b,
                             const struct eh_strata_list *strata, size_t pair, uint32_t **number) {
  const struct eh_cells *cells = b->cells;
  size_t one = b->found[pair].column, other = b->found[pair].other;
  size_t columns = b->labels[other];
  size_t count = b->labels[one] * columns;
  uint64_t *records = eh_arena_alloc(scratch, count, sizeof *records);
  *number = eh_arena_alloc(scratch, count, sizeof **number);
  for (size_t s = 0; s < cells->stratum_count; s++) {
    const uint32_t *codes = b->codes + s * cells->column_count;
    records[codes[one] * columns + codes[other]] += strata->items[s].records;
  }
  uint32_t made = 0;
  for (size_t i = 0; i < count; i++)
    (*number)[i] = records[i] >= FEWEST_OF_PAIR ? made++ : EH_NO_LEVEL;
  return made;
}

static void set_levels(struct eh_arena *arena, struct eh_arena *scratch, struct eh_balancing *b,
                       const struct eh_strata_list *strata) {
  const struct eh_cells *cells = b->cells;
  size_t width = b->factors + b->pairs;
  b->levels = eh_arena_alloc(arena, cells->stratum_count * width, sizeof *b->levels);
  b->level_count = eh_arena_alloc(arena, width, sizeof *b->level_count);
  for (size_t f = 0; f < b->factors; f++) {
    b->level_count[f] = b->labels[b->column[f]];
    for (size_t i = 0; i < cells->stratum_count; i++)
      b->levels[i * width + f] = b->codes[b->order[i] * cells->column_count + b->column[f]];
  }
  for (size_t k = 0; k < b->pairs; k++) {
    uint32_t *number;
    b->level_count[b->factors + k] = number_joint(scratch, b, strata, k, &number);
    size_t columns = b->level_count[b->pair[2 * k + 1]];
    for (size_t i = 0; i < cells->stratum_count; i++) {
      uint32_t *levels = b->levels + i * width;
      levels[b->factors + k] =
          number[levels[b->pair[2 * k]] * columns + levels[b->pair[2 * k + 1]]];
    }
  }
}

/* --- all of it --- */

static struct eh_balancing *begin(struct eh_arena *arena, const struct eh_cells *cells,
                                  const struct eh_strata_list *strata) {
  struct eh_balancing *b = eh_arena_alloc(arena, 1, sizeof *b);
  b->cells = cells;
  b->group = strata->group;
  b->column = eh_arena_alloc(arena, cells->column_count, sizeof *b->column);
  for (size_t k = 0; k < cells->column_count; k++)
    if (cells->columns[k].is_adjusted) b->column[b->factors++] = k;
  if (b->factors == 0) return NULL;
  struct eh_arena *scratch = eh_arena_new();
  number_labels(arena, scratch, b);
  eh_arena_free(scratch);
  order_strata(arena, b);
  return b;
}

struct eh_agreement eh_balancing_agreement(const struct eh_comparison *comparison,
                                           const struct eh_cells *cells) {
  struct eh_agreement agreement = {.records = cells->records};
  struct eh_arena *arena = eh_arena_new();
  struct eh_strata_list strata = eh_strata_of(arena, comparison, cells, 1);
  struct eh_balancing *b = begin(arena, cells, &strata);
  if (b) set_levels(arena, arena, b, &strata);
  for (size_t u = 0; u < cells->unit_count; u++) {
    struct eh_arena_mark mark = eh_arena_mark(arena);
    struct eh_result result = {.unit_index = u};
    struct eh_unit_task task = {
        .cells = cells, .strata = strata.items, .result = &result, .balancing = b};
    eh_unit_count(&task);
    agreement.alike += result.comparable;
    struct eh_balancing_case c;
    if (b) c = eh_balancing_case(arena, &task);
    agreement.weighted += b ? eh_balance_comparable(arena, &c.caseload) : result.comparable;
    eh_arena_reset(arena, mark);
  }
  eh_arena_free(arena);
  return agreement;
}

const struct eh_balancing *eh_balancing_of(struct eh_arena *arena,
                                           const struct eh_comparison *comparison,
                                           const struct eh_cells *cells,
                                           const struct eh_strata_list *strata, size_t threads) {
  struct eh_balancing *b = begin(arena, cells, strata);
  if (!b) return NULL;
  struct eh_arena *scratch = eh_arena_new();
  struct eh_model_data data = model_data(arena, scratch, comparison, b);
  b->model = eh_caseload_model_fit(arena, &data);
  find_pairs(arena, b, &data);
  set_levels(arena, scratch, b, strata);
  sum_usual(arena, scratch, b, strata->groups, data.unit_count, threads);
  eh_arena_free(scratch);
  return b;
}

const struct eh_balanced_pair *eh_balancing_pairs(const struct eh_balancing *b, size_t *count) {
  *count = b ? b->pairs : 0;
  return b ? b->found : NULL;
}

size_t eh_balancing_column(const struct eh_balancing *b, size_t factor) {
  return b->column[factor];
}

const char *eh_balancing_label(const struct eh_balancing *b, size_t column, uint32_t level) {
  return b->cells->columns[column].labels[b->label[column][level]];
}

uint32_t eh_balancing_stratum(const struct eh_balancing *b, uint32_t stratum) {
  return b->exact[b->position[stratum]];
}

/* --- a unit --- */

/* Its exact strata, ascending; returns how many. */
static size_t strata_of(const struct eh_balancing *b, const struct eh_cells *cells,
                        const struct eh_unit *unit, uint32_t *exact) {
  size_t count = 0;
  uint64_t *keys = eh_alloc(unit->cell_count, sizeof *keys);
  for (size_t i = 0; i < unit->cell_count; i++)
    keys[i] = eh_balancing_stratum(b, cells->cells[unit->first_cell + i].stratum);
  eh_sort_keys(keys, unit->cell_count, 32, 1);
  for (size_t i = 0; i < unit->cell_count; i++)
    if (i == 0 || keys[i] != keys[i - 1]) exact[count++] = (uint32_t)keys[i];
  free(keys);
  return count;
}

/* Of its piece in the stratum's group, if it has one; the unit alone if it has no peers there. */
static double peers_chance(const struct eh_balancing *b, size_t unit, uint32_t stratum) {
  if (!b->usual) return 0.5; /* nobody asks */
  double records = b->group_records[b->group[stratum]], sum = b->usual[stratum];
  for (size_t i = b->first_piece[unit]; i < b->first_piece[unit + 1]; i++) {
    if (b->pieces[i].group != b->group[stratum]) continue;
    if (!(records > b->pieces[i].records)) break;
    records -= b->pieces[i].records;
    sum -= b->pieces[i].records * chance(b, stratum, i);
  }
  return fmin(fmax(sum / records, NEVER), 1.0 - NEVER);
}

struct eh_balancing_case eh_balancing_case(struct eh_arena *scratch,
                                           const struct eh_unit_task *task) {
  const struct eh_balancing *b = task->balancing;
  size_t width = b->factors + b->pairs, unit_index = task->result->unit_index, count = 0;
  const struct eh_unit *unit = &task->cells->units[unit_index];
  uint32_t *exact = eh_arena_alloc(scratch, unit->cell_count, sizeof *exact);
  size_t strata = strata_of(b, task->cells, unit, exact);
  size_t *start = eh_arena_alloc(scratch, b->exact_count, sizeof *start);
  for (size_t h = 0; h < strata; h++) {
    start[exact[h]] = count;
    count += b->first[exact[h] + 1] - b->first[exact[h]];
  }
  struct eh_table *tables = eh_arena_alloc(scratch, count, sizeof *tables);
  uint32_t *stratum = eh_arena_alloc(scratch, count, sizeof *stratum);
  uint32_t *pattern = eh_arena_alloc(scratch, count, sizeof *pattern);
  uint32_t *levels = eh_arena_alloc(scratch, count * width, sizeof *levels);
  double *p0 = eh_arena_alloc(scratch, count, sizeof *p0);
  for (size_t h = 0, at = 0; h < strata; h++)
    for (size_t i = b->first[exact[h]]; i < b->first[exact[h] + 1]; i++, at++) {
      pattern[at] = b->order[i];
      stratum[at] = (uint32_t)h;
      memcpy(levels + at * width, b->levels + i * width, width * sizeof *levels);
      tables[at].n2 = task->strata[pattern[at]].records;
      tables[at].c = task->strata[pattern[at]].events;
      p0[at] = peers_chance(b, unit_index, pattern[at]);
    }
  for (size_t i = unit->first_cell; i < unit->first_cell + unit->cell_count; i++) {
    const struct eh_cell *cell = &task->cells->cells[i];
    size_t position = b->position[cell->stratum], h = b->exact[position];
    struct eh_table *t = &tables[start[h] + position - b->first[h]];
    t->n1 = cell->records;
    t->a = cell->events;
    t->n2 -= cell->records;
    t->c -= cell->events;
  }
  return (struct eh_balancing_case){.caseload = {.count = count,
                                                 .tables = tables,
                                                 .stratum = stratum,
                                                 .factors = b->factors,
                                                 .pairs = b->pairs,
                                                 .pair = b->pair,
                                                 .levels = levels,
                                                 .level_count = b->level_count},
                                    .pattern = pattern,
                                    .p0 = p0};
}

struct eh_balancing_case eh_balancing_own(struct eh_arena *scratch,
                                          const struct eh_unit_task *task) {
  size_t unit_index = task->result->unit_index;
  const struct eh_unit *unit = &task->cells->units[unit_index];
  struct eh_table *tables = eh_arena_alloc(scratch, unit->cell_count, sizeof *tables);
  double *p0 = eh_arena_alloc(scratch, unit->cell_count, sizeof *p0);
  for (size_t i = 0; i < unit->cell_count; i++) {
    const struct eh_cell *cell = &task->cells->cells[unit->first_cell + i];
    tables[i] = (struct eh_table){.a = cell->events, .n1 = cell->records};
    p0[i] = peers_chance(task->balancing, unit_index, cell->stratum);
  }
  return (struct eh_balancing_case){.caseload = {.count = unit->cell_count, .tables = tables},
                                    .p0 = p0};
}
