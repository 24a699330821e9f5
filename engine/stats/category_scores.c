/* The test of engine/stats/categories.h by exact scores: safe where categories are rare. */
#include <math.h>
#include <stdlib.h>

#include "engine/stats/association.h"
#include "engine/stats/categories_internal.h"
#include "engine/stats/chi_square.h"
#include "engine/stats/exact.h"
#include "engine/stats/student.h"

/* The unit's records of one category against all others: its mid-p, and z with the sign of what it
   has more of. */
struct category_score {
  double z, log10_p;
};

static struct category_score score_of(struct eh_arena *scratch,
                                      const struct eh_category_tables *tables, size_t category) {
  struct eh_arena_mark mark = eh_arena_mark(scratch);
  struct eh_table *one = eh_arena_alloc(scratch, tables->strata, sizeof *one);
  eh_category_against_rest(tables, category, one);
  struct eh_exact_p p = eh_exact_mid_p(eh_exact_new(scratch, one, tables->strata));
  eh_arena_reset(scratch, mark);
  if (p.why_not) return (struct category_score){0.0, 0.0};
  double z = eh_normal_score(p.log10_mid_p * M_LN10 - M_LN2);
  return (struct category_score){p.log10_above < p.log10_below ? z : -z, p.log10_mid_p};
}

/* Variances of the categories' deviations: what the rows of the covariance add up to without them.
   Blocks: categories that meet in strata, directly or through others. */
static void describe(const double *weights, size_t count, double *variances, size_t *block) {
  for (size_t j = 0; j < count; j++) block[j] = j;
  for (size_t j = 0; j < count; j++)
    for (size_t k = j + 1; k < count; k++) {
      double weight = weights[j * count + k];
      variances[j] += weight;
      variances[k] += weight;
      if (weight > 0.0) eh_block_link(block, j, k);
    }
}

/* In each block the scores have to add up to 0, as deviations do: what they lack is taken from all
   in proportion to their variances. */
static void centre(double *scores, const double *variances, size_t *block, size_t count,
                   double *sums) {
  double *of_scores = sums, *of_variances = sums + count;
  for (size_t j = 0; j < count; j++) {
    of_scores[eh_block_find(block, j)] += scores[j];
    of_variances[eh_block_find(block, j)] += variances[j];
  }
  for (size_t j = 0; j < count; j++) {
    size_t own = eh_block_find(block, j);
    if (of_variances[own] > 0.0) scores[j] -= variances[j] * (of_scores[own] / of_variances[own]);
  }
}

struct eh_test eh_category_score_test(const struct eh_category_tables *tables) {
  size_t J = tables->categories;
  struct eh_arena *scratch = eh_arena_new();
  double *weights = eh_arena_alloc(scratch, J * J + 5 * J, sizeof *weights);
  double *scores = weights + J * J, *variances = scores + J, *sums = variances + J;
  size_t *block = eh_arena_alloc(scratch, J, sizeof *block);
  eh_category_covariance(tables, weights, sums); /* the deviations are not needed */
  for (size_t j = 0; j < J; j++) sums[j] = 0.0;
  describe(weights, J, variances, block);
  for (size_t j = 0; j < J; j++)
    if (variances[j] > 0.0) scores[j] = score_of(scratch, tables, j).z * sqrt(variances[j]);
  centre(scores, variances, block, J, sums);
  struct eh_laplacian_form form = eh_laplacian_form(weights, scores, J);
  eh_arena_free(scratch);
  if (form.rank == 0) return eh_no_test(EH_NO_CATEGORIES);
  return eh_chi_square_test(form.value, (double)form.rank);
}

double eh_category_least_log10_p(const struct eh_category_tables *tables, size_t *occurring) {
  double least = 0.0;
  struct eh_arena *scratch = eh_arena_new();
  struct eh_table *one = eh_arena_alloc(scratch, tables->strata, sizeof *one);
  *occurring = 0;
  for (size_t j = 0; j < tables->categories; j++) {
    uint64_t with = 0;
    eh_category_against_rest(tables, j, one);
    for (size_t h = 0; h < tables->strata; h++)
      if (eh_table_is_comparable(&one[h])) with += one[h].a + one[h].c;
    if (with == 0) continue;
    (*occurring)++;
    least = fmin(least, score_of(scratch, tables, j).log10_p);
  }
  eh_arena_free(scratch);
  return least;
}
