/* Tables of a unit and its peers by category: their covariance, and one category against the rest.
 */
#include "engine/stats/categories_internal.h"

/* One stratum of the 2 x J table: given the margins, the unit's counts are multivariate
   hypergeometric, with covariance n1 n2/(n^2 (n-1)) (n c_j [j = k] - c_j c_k): off the diagonal
   below 0, rows adding up to 0. */
static void add_stratum(const uint64_t *unit, const uint64_t *peers, size_t categories,
                        double *deviations, double *weights) {
  double n1 = 0.0, n2 = 0.0;
  for (size_t j = 0; j < categories; j++) {
    n1 += (double)unit[j];
    n2 += (double)peers[j];
  }
  if (n1 <= 0.0 || n2 <= 0.0) return;
  double n = n1 + n2, scale = (n1 / n) * (n2 / n) / (n - 1.0);
  for (size_t j = 0; j < categories; j++) {
    double both = (double)unit[j] + (double)peers[j];
    deviations[j] += (double)unit[j] * (n2 / n) - (double)peers[j] * (n1 / n);
    for (size_t k = j + 1; k < categories; k++)
      weights[j * categories + k] += scale * both * ((double)unit[k] + (double)peers[k]);
  }
}

void eh_category_covariance(const struct eh_category_tables *tables, double *weights,
                            double *deviations) {
  size_t J = tables->categories;
  for (size_t h = 0; h < tables->strata; h++)
    add_stratum(tables->unit + h * J, tables->peers + h * J, J, deviations, weights);
}

void eh_category_against_rest(const struct eh_category_tables *tables, size_t category,
                              struct eh_table *one) {
  size_t J = tables->categories;
  for (size_t h = 0; h < tables->strata; h++) {
    const uint64_t *unit = tables->unit + h * J, *peers = tables->peers + h * J;
    one[h] = (struct eh_table){.a = unit[category], .c = peers[category]};
    for (size_t k = 0; k < J; k++) {
      one[h].n1 += unit[k];
      one[h].n2 += peers[k];
    }
  }
}
