#include "engine/stats/association.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "engine/base/memory.h"
#include "engine/stats/chi_square.h"

size_t eh_block_find(size_t *parent, size_t i) {
  while (parent[i] != i) {
    parent[i] = parent[parent[i]];
    i = parent[i];
  }
  return i;
}

void eh_block_link(size_t *parent, size_t i, size_t j) {
  size_t a = eh_block_find(parent, i), b = eh_block_find(parent, j);
  if (a < b)
    parent[b] = a;
  else
    parent[a] = b;
}

struct eh_laplacian_form eh_laplacian_form(double *weights, double *deviations, size_t size) {
  struct eh_laplacian_form form = {0.0, 0};
  for (size_t k = 0; k + 1 < size; k++) {
    const double *row = weights + k * size;
    double pivot = 0.0;
    for (size_t j = k + 1; j < size; j++) pivot += row[j];
    if (pivot <= 0.0) continue;
    form.value += deviations[k] * deviations[k] / pivot;
    form.rank++;
    for (size_t i = k + 1; i < size; i++) {
      if (row[i] <= 0.0) continue;
      double share = row[i] / pivot;
      double *target = weights + i * size;
      deviations[i] += share * deviations[k];
      for (size_t j = i + 1; j < size; j++) target[j] += share * row[j];
    }
  }
  return form;
}

/* A stratum's cells, and its margins in double: products of counts pass what integers hold. */
struct stratum {
  const struct eh_association_cell *cells;
  size_t count;
  double n, m;
  bool informative; /* two units at least, and both outcomes */
};

static struct stratum stratum_at(const struct eh_association_cell *cells, size_t count,
                                 size_t first) {
  struct stratum s = {.cells = cells + first};
  size_t filled = 0;
  while (first + s.count < count && s.cells[s.count].stratum == cells[first].stratum) {
    const struct eh_association_cell *cell = &s.cells[s.count++];
    assert(cell->events <= cell->n);
    s.n += (double)cell->n;
    s.m += (double)cell->events;
    if (cell->n > 0) filled++;
  }
  assert(first + s.count == count || s.cells[s.count].stratum > cells[first].stratum);
  s.informative = filled >= 2 && s.m > 0.0 && s.m < s.n;
  return s;
}

static const size_t no_place = SIZE_MAX;

/* The units in use, sorted into blocks: block b holds the places start[b] to start[b + 1] - 1. */
struct layout {
  size_t units; /* numbers a cell may name */
  size_t *parent;
  size_t *place; /* of each unit; no_place when unused */
  size_t *block; /* of each place */
  size_t *start;
  size_t blocks, used, largest;
  size_t *first; /* the first cells of the informative strata */
  size_t strata;
};

static void note_stratum(struct layout *layout, size_t first) {
  enum { FEW = 64 };
  size_t n = layout->strata++;
  if (n == 0 || (n >= FEW && (n & (n - 1)) == 0)) /* full: at 64, 128, 256... */
    layout->first = eh_resize(layout->first, n < FEW ? FEW : 2 * n, sizeof *layout->first);
  layout->first[n] = first;
}

static void link_units(struct layout *layout, const struct eh_association_cell *cells,
                       size_t count) {
  for (size_t first = 0; first < count;) {
    struct stratum s = stratum_at(cells, count, first);
    if (s.informative) note_stratum(layout, first);
    size_t previous = no_place;
    for (size_t i = 0; s.informative && i < s.count; i++) {
      if (s.cells[i].n == 0) continue;
      size_t unit = s.cells[i].unit;
      layout->place[unit] = 0;
      if (previous != no_place) eh_block_link(layout->parent, previous, unit);
      previous = unit;
    }
    first += s.count;
  }
}

/* Roots are the smallest unit of their block, so a pass in order of unit meets each root first. */
static void number_places(struct eh_arena *scratch, struct layout *layout) {
  size_t *size = eh_arena_alloc(scratch, layout->units + 1, sizeof *size);
  size_t *block_of_root = eh_arena_alloc(scratch, layout->units, sizeof *block_of_root);
  for (size_t unit = 0; unit < layout->units; unit++) {
    if (layout->place[unit] == no_place) continue;
    size_t root = eh_block_find(layout->parent, unit);
    if (root == unit) block_of_root[unit] = layout->blocks++;
    layout->block[unit] = block_of_root[root];
    layout->place[unit] = size[layout->block[unit]]++;
  }
  for (size_t b = 0; b < layout->blocks; b++) {
    layout->start[b + 1] = layout->start[b] + size[b];
    if (size[b] > layout->largest) layout->largest = size[b];
  }
  layout->used = layout->start[layout->blocks];
}

static struct layout layout_new(struct eh_arena *scratch, const struct eh_association_cell *cells,
                                size_t count) {
  struct layout layout = {0};
  for (size_t i = 0; i < count; i++)
    if (cells[i].unit >= layout.units) layout.units = cells[i].unit + 1;
  layout.parent = eh_arena_alloc(scratch, layout.units, sizeof *layout.parent);
  layout.place = eh_arena_alloc(scratch, layout.units, sizeof *layout.place);
  layout.block = eh_arena_alloc(scratch, layout.units, sizeof *layout.block);
  layout.start = eh_arena_alloc(scratch, layout.units + 1, sizeof *layout.start);
  for (size_t unit = 0; unit < layout.units; unit++) {
    layout.parent[unit] = unit;
    layout.place[unit] = no_place;
  }
  link_units(&layout, cells, count);
  number_places(scratch, &layout);
  return layout;
}

/* Add a stratum to its block's deviations and weights. */
static void add_stratum(const struct stratum *s, const struct layout *layout, double *deviations,
                        double *weights, size_t size) {
  double rate = s->m / s->n, kappa = rate * ((s->n - s->m) / (s->n - 1.0));
  for (size_t i = 0; i < s->count; i++) {
    if (s->cells[i].n == 0) continue;
    size_t at = layout->place[s->cells[i].unit];
    double n = (double)s->cells[i].n;
    deviations[at] += (double)s->cells[i].events - n * rate;
    for (size_t j = 0; j < i; j++) {
      if (s->cells[j].n == 0) continue;
      size_t other = layout->place[s->cells[j].unit];
      size_t low = at < other ? at : other, high = at < other ? other : at;
      weights[low * size + high] += kappa * n * ((double)s->cells[j].n / s->n);
    }
  }
}

/* The informative strata block by block: block b has those from start[b] up to start[b + 1] - 1,
   each given by its first cell. */
struct strata_by_block {
  size_t *first, *start;
};

static size_t block_of(const struct layout *layout, const struct eh_association_cell *cells,
                       size_t first) {
  while (cells[first].n == 0) first++; /* an informative stratum has filled cells */
  return layout->block[cells[first].unit];
}

static struct strata_by_block strata_by_block(struct eh_arena *scratch, const struct layout *layout,
                                              const struct eh_association_cell *cells) {
  struct strata_by_block by = {eh_arena_alloc(scratch, layout->strata, sizeof(size_t)),
                               eh_arena_alloc(scratch, layout->blocks + 2, sizeof(size_t))};
  /* Counting sort: start[b + 2] counts, then start[b + 1] is where block b's next stratum goes. */
  for (size_t i = 0; i < layout->strata; i++)
    by.start[block_of(layout, cells, layout->first[i]) + 2]++;
  for (size_t b = 0; b < layout->blocks; b++) by.start[b + 2] += by.start[b + 1];
  for (size_t i = 0; i < layout->strata; i++)
    by.first[by.start[block_of(layout, cells, layout->first[i]) + 1]++] = layout->first[i];
  return by;
}

static struct eh_laplacian_form sum_of_blocks(struct eh_arena *scratch, const struct layout *layout,
                                              const struct eh_association_cell *cells,
                                              size_t count) {
  struct eh_laplacian_form sum = {0.0, 0};
  struct strata_by_block by = strata_by_block(scratch, layout, cells);
  for (size_t b = 0; b < layout->blocks; b++) {
    size_t size = layout->start[b + 1] - layout->start[b];
    struct eh_arena_mark mark = eh_arena_mark(scratch);
    double *weights = eh_arena_alloc(scratch, size * size + size, sizeof *weights);
    double *deviations = weights + size * size;
    for (size_t k = by.start[b]; k < by.start[b + 1]; k++) {
      struct stratum s = stratum_at(cells, count, by.first[k]);
      add_stratum(&s, layout, deviations, weights, size);
    }
    struct eh_laplacian_form form = eh_laplacian_form(weights, deviations, size);
    sum.value += form.value;
    sum.rank += form.rank;
    eh_arena_reset(scratch, mark);
  }
  return sum;
}

struct eh_association eh_association(const struct eh_association_cell *cells, size_t count) {
  struct eh_association result = {.test = eh_no_test("no stratum has two units and both outcomes")};
  if (count == 0) return result;
  struct eh_arena *scratch = eh_arena_new();
  struct layout layout = layout_new(scratch, cells, count);
  result.units = layout.used;
  result.blocks = layout.blocks;
  result.largest_block = layout.largest;
  if (layout.largest > EH_ASSOCIATION_LARGEST_BLOCK) {
    result.test = eh_no_test(EH_ASSOCIATION_TOO_LARGE);
  } else if (layout.blocks > 0) {
    struct eh_laplacian_form sum = sum_of_blocks(scratch, &layout, cells, count);
    result.test = eh_chi_square_test(sum.value, (double)sum.rank);
  }
  free(layout.first);
  eh_arena_free(scratch);
  return result;
}

struct eh_test eh_association_diagonal(const struct eh_association_cell *cells, size_t count) {
  size_t units = 0;
  for (size_t i = 0; i < count; i++)
    if (cells[i].unit >= units) units = (size_t)cells[i].unit + 1;
  struct eh_arena *scratch = eh_arena_new();
  double *deviation = eh_arena_alloc(scratch, 3 * units, sizeof *deviation);
  double *variance = deviation + units, *full = variance + units, X = 0.0, df = 0.0;
  for (size_t first = 0; first < count;) {
    struct stratum s = stratum_at(cells, count, first);
    for (size_t i = 0; s.informative && i < s.count; i++) {
      double n = (double)s.cells[i].n, rate = s.m / s.n;
      double each = n * rate * ((s.n - s.m) / (s.n - 1.0));
      deviation[s.cells[i].unit] += (double)s.cells[i].events - n * rate;
      full[s.cells[i].unit] += each;
      variance[s.cells[i].unit] += each * ((s.n - n) / s.n);
    }
    first += s.count;
  }
  for (size_t u = 0; u < units; u++) {
    if (!(full[u] > 0.0)) continue;
    X += deviation[u] * deviation[u] / full[u];
    df += variance[u] / full[u];
  }
  eh_arena_free(scratch);
  return df > 0.0 ? eh_chi_square_test(X, df)
                  : eh_no_test("no stratum has two units and both outcomes");
}
