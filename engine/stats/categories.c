#include "engine/stats/categories.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "engine/base/memory.h"
#include "engine/stats/association.h"
#include "engine/stats/categories_internal.h"
#include "engine/stats/chi_square.h"

struct eh_test eh_categories_test(const struct eh_category_tables *tables) {
  size_t J = tables->categories;
  if (J < 2 || tables->strata == 0) return eh_no_test(EH_NO_CATEGORIES);
  struct eh_arena *scratch = eh_arena_new();
  double *weights = eh_arena_alloc(scratch, J * J + J, sizeof *weights);
  double *deviations = weights + J * J;
  eh_category_covariance(tables, weights, deviations);
  struct eh_laplacian_form form = eh_laplacian_form(weights, deviations, J);
  eh_arena_free(scratch);
  if (form.rank == 0) return eh_no_test(EH_NO_CATEGORIES);
  return eh_chi_square_test(form.value, (double)form.rank);
}

/* What would be expected of one category, of the unit and of its peers. */
struct expectation {
  size_t category;
  double unit, peers;
};

static double smaller(const struct expectation *e) { return fmin(e->unit, e->peers); }

static int by_expectation(const void *left, const void *right) {
  const struct expectation *a = left, *b = right;
  if (smaller(a) != smaller(b)) return smaller(a) < smaller(b) ? -1 : 1;
  return (a->category > b->category) - (a->category < b->category);
}

static struct expectation *expect(struct eh_arena *scratch,
                                  const struct eh_category_tables *tables) {
  size_t J = tables->categories;
  struct expectation *expected = eh_arena_alloc(scratch, J, sizeof *expected);
  for (size_t j = 0; j < J; j++) expected[j].category = j;
  for (size_t h = 0; h < tables->strata; h++) {
    const uint64_t *unit = tables->unit + h * J, *peers = tables->peers + h * J;
    double n1 = 0.0, n2 = 0.0;
    for (size_t j = 0; j < J; j++) {
      n1 += (double)unit[j];
      n2 += (double)peers[j];
    }
    if (n1 <= 0.0 || n2 <= 0.0) continue;
    for (size_t j = 0; j < J; j++) {
      double share = ((double)unit[j] + (double)peers[j]) / (n1 + n2);
      expected[j].unit += n1 * share;
      expected[j].peers += n2 * share;
    }
  }
  return expected;
}

/* The place behind the last category that is taken together with others, in order from the first
   that occurs. */
static size_t end_of_rare(const struct expectation *expected, size_t first, size_t count,
                          double least) {
  struct expectation together = {0};
  size_t end = first;
  while (end < count &&
         (smaller(&expected[end]) < least || (end > first && smaller(&together) < least))) {
    together.unit += expected[end].unit;
    together.peers += expected[end++].peers;
  }
  return end;
}

/* The tables with the categories before place `end` in one. */
static struct eh_category_tables take_together(struct eh_arena *scratch,
                                               const struct eh_category_tables *tables,
                                               const struct expectation *expected, size_t end) {
  size_t J = tables->categories, kept = J - end + 1, peers = tables->strata * kept;
  uint64_t *counts = eh_arena_alloc(scratch, 2 * peers, sizeof *counts);
  for (size_t h = 0; h < tables->strata; h++)
    for (size_t j = 0; j < J; j++) {
      size_t from = h * J + expected[j].category, to = h * kept + (j < end ? 0 : j - end + 1);
      counts[to] += tables->unit[from];
      counts[peers + to] += tables->peers[from];
    }
  return (struct eh_category_tables){tables->strata, kept, counts, counts + peers};
}

/* Of many categories one may stand out that the joint test hardly sees: then the least p of a
   category, times their number, is asked beside it, and both are paid for. */
static void ask_each(const struct eh_category_tables *tables, struct eh_test *test) {
  size_t occurring;
  double least = eh_category_least_log10_p(tables, &occurring);
  if (occurring < EH_MANY_CATEGORIES || test->why_not) return;
  double each = least + log10((double)occurring);
  test->log10_p = fmin(0.0, log10(2.0) + fmin(test->log10_p, each));
  test->p = pow(10.0, test->log10_p);
}

struct eh_test eh_categories_pooled_test(const struct eh_category_tables *tables, double least,
                                         size_t *pooled) {
  size_t J = tables->categories, first = 0;
  struct eh_arena *scratch = eh_arena_new();
  struct expectation *expected = expect(scratch, tables);
  if (J) qsort(expected, J, sizeof *expected, by_expectation);
  while (first < J && smaller(&expected[first]) <= 0.0) first++; /* not in these strata */
  size_t end = end_of_rare(expected, first, J, least);
  *pooled = end - first < 2 ? 0 : end - first;
  struct eh_category_tables asked = *tables;
  if (*pooled > 0 && end < J) asked = take_together(scratch, tables, expected, end);
  struct eh_test test = *pooled > 0 && end == J
                            ? eh_no_test("all outcomes but one hardly occur in its strata")
                            : eh_category_score_test(&asked);
  if (J >= EH_MANY_CATEGORIES) ask_each(tables, &test);
  eh_arena_free(scratch);
  return test;
}

void eh_categories_differences(const struct eh_category_tables *tables, double confidence,
                               struct eh_difference *differences) {
  size_t J = tables->categories;
  struct eh_arena *scratch = eh_arena_new();
  struct eh_table *one = eh_arena_alloc(scratch, tables->strata, sizeof *one);
  for (size_t j = 0; j < J; j++) {
    eh_category_against_rest(tables, j, one);
    differences[j] = eh_difference(one, tables->strata, confidence);
  }
  eh_arena_free(scratch);
}

/* All units: the I x J deviations and their covariance, without the last unit and the last
   category, which the others determine. */
struct joint {
  size_t units, categories, size; /* size = (units - 1)(categories - 1) */
  double *deviations, *covariance;
};

/* One stratum's counts and margins, filled again for each. */
struct margins {
  double *count, *row, *column; /* [unit][category], [unit], [category] */
  double n;
  size_t *present; /* the joint's rows that have records here */
};

static size_t find_present(const struct joint *joint, const struct margins *s) {
  size_t found = 0, J1 = joint->categories - 1;
  for (size_t i = 0; i + 1 < joint->units; i++)
    for (size_t j = 0; j < J1 && s->row[i] > 0.0; j++)
      if (s->column[j] > 0.0) s->present[found++] = i * J1 + j;
  return found;
}

static void add_joint(const struct joint *joint, const struct margins *s) {
  if (s->n < 2.0) return;
  size_t J1 = joint->categories - 1, found = find_present(joint, s);
  double scale = 1.0 / (s->n - 1.0);
  for (size_t a = 0; a < found; a++) {
    size_t p = s->present[a], i = p / J1, j = p % J1;
    double row = s->row[i], column = s->column[j];
    joint->deviations[p] += s->count[i * joint->categories + j] - row * (column / s->n);
    for (size_t b = 0; b <= a; b++) {
      size_t q = s->present[b], k = q / J1, l = q % J1;
      double rows = (i == k ? row : 0.0) - row * (s->row[k] / s->n);
      double columns = (j == l ? column : 0.0) - column * (s->column[l] / s->n);
      joint->covariance[p * joint->size + q] += scale * rows * columns;
    }
  }
}

/* Adds all strata; cells are sorted by stratum. */
static void add_all(const struct joint *joint, const struct eh_category_cell *cells, size_t count) {
  size_t I = joint->units, J = joint->categories, places = I * J + I + J;
  struct eh_arena *scratch = eh_arena_new();
  struct margins s = {.count = eh_arena_alloc(scratch, places, sizeof *s.count)};
  s.row = s.count + I * J;
  s.column = s.row + I;
  s.present = eh_arena_alloc(scratch, joint->size, sizeof *s.present);
  for (size_t i = 0; i < count; i++) {
    double n = (double)cells[i].n;
    s.count[cells[i].unit * J + cells[i].category] += n;
    s.row[cells[i].unit] += n;
    s.column[cells[i].category] += n;
    s.n += n;
    assert(i + 1 == count || cells[i + 1].stratum >= cells[i].stratum);
    if (i + 1 < count && cells[i + 1].stratum == cells[i].stratum) continue;
    add_joint(joint, &s);
    s.n = 0.0;
    for (size_t k = 0; k < places; k++) s.count[k] = 0.0;
  }
  eh_arena_free(scratch);
}

static void swap_values(double *a, double *b, size_t step_a, size_t step_b, size_t count) {
  for (size_t i = 0; i < count; i++) {
    double kept = a[i * step_a];
    a[i * step_a] = b[i * step_b];
    b[i * step_b] = kept;
  }
}

/* Exchange variables p < q of a symmetric matrix of which only the lower triangle is kept. */
static void exchange(double *v, double *d, size_t size, size_t p, size_t q) {
  if (p == q) return;
  double kept = v[p * size + p];
  v[p * size + p] = v[q * size + q];
  v[q * size + q] = kept;
  swap_values(v + p * size, v + q * size, 1, 1, p);
  swap_values(v + (p + 1) * size + p, v + q * size + p + 1, size, 1, q - p - 1);
  swap_values(v + (q + 1) * size + p, v + (q + 1) * size + q, size, size, size - q - 1);
  kept = d[p];
  d[p] = d[q];
  d[q] = kept;
}

/* D' V^- D by Cholesky with the largest pivot first, on the scale of correlations: what is left
   below 1e-9 of a variable's own variance is rounding, and the rank is reached. */
static struct eh_laplacian_form pivoted_form(double *v, double *d, size_t size) {
  struct eh_laplacian_form form = {0.0, 0};
  for (size_t p = 0; p < size; p++) {
    double scale = v[p * size + p] > 0.0 ? 1.0 / sqrt(v[p * size + p]) : 0.0;
    d[p] *= scale;
    for (size_t q = 0; q < p; q++) v[p * size + q] *= scale;
    for (size_t q = p; q < size; q++) v[q * size + p] *= scale;
    v[p * size + p] = scale > 0.0 ? 1.0 : 0.0;
  }
  for (size_t k = 0; k < size; k++) {
    size_t best = k;
    for (size_t p = k + 1; p < size; p++)
      if (v[p * size + p] > v[best * size + best]) best = p;
    if (v[best * size + best] < 1e-9) break;
    exchange(v, d, size, k, best);
    double pivot = v[k * size + k];
    form.value += d[k] * d[k] / pivot;
    form.rank++;
    for (size_t p = k + 1; p < size; p++) {
      double share = v[p * size + k] / pivot;
      d[p] -= share * d[k];
      for (size_t q = k + 1; q <= p; q++) v[p * size + q] -= share * v[q * size + k];
    }
  }
  return form;
}

struct eh_test eh_categories_association(const struct eh_category_cell *cells, size_t count) {
  struct joint joint = {0};
  for (size_t i = 0; i < count; i++) {
    if (cells[i].unit >= joint.units) joint.units = cells[i].unit + 1;
    if (cells[i].category >= joint.categories) joint.categories = cells[i].category + 1;
  }
  if (joint.units < 2 || joint.categories < 2)
    return eh_no_test("fewer than two units or outcomes");
  if (joint.units - 1 > EH_CATEGORIES_LARGEST / (joint.categories - 1))
    return eh_no_test("more than 2,000 combinations of unit and outcome");
  joint.size = (joint.units - 1) * (joint.categories - 1);
  struct eh_arena *scratch = eh_arena_new();
  joint.covariance = eh_arena_alloc(scratch, joint.size * joint.size + joint.size, sizeof(double));
  joint.deviations = joint.covariance + joint.size * joint.size;
  add_all(&joint, cells, count);
  struct eh_laplacian_form form = pivoted_form(joint.covariance, joint.deviations, joint.size);
  eh_arena_free(scratch);
  if (form.rank == 0) return eh_no_test("no stratum has two units and two outcomes");
  return eh_chi_square_test(form.value, (double)form.rank);
}
