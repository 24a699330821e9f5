/* A decision with more than two outcomes: granted, denied, sent elsewhere.
 *
 * Splitting it into yes/no questions asks several times and must pay for it; first comes one test
 * of whether the outcomes are spread over the categories alike. Then each category against the rest
 * has its difference, as in difference.h.
 */
#ifndef EVENHAND_STATS_CATEGORIES_H
#define EVENHAND_STATS_CATEGORIES_H

#include "engine/stats/difference.h"

/* The unit's and its peers' records by stratum and category: count of stratum h, category j at
   [h * categories + j]. */
struct eh_category_tables {
  size_t strata, categories;
  const uint64_t *unit, *peers;
};

/* Generalised Cochran-Mantel-Haenszel test of general association, 2 x J x K (R: mantelhaen.test):
   conditional on all margins. df = categories that occur - 1, less where they never meet in one
   stratum. */
struct eh_test eh_categories_test(const struct eh_category_tables *tables);

/* The test that decides. As above, but each deviation is replaced by z sqrt(V), V its variance and
   z the signed normal score of that category's exact mid-p over the strata, and the rarest
   categories are taken together first: those of which fewer than `least` records (2) would be
   expected of the unit, or of its peers in its strata, then further ones until as many are expected
   of all of them together. Decided by the margins alone. (By chi-square, pooled to 5, of four
   categories with 85%, 5%, 5% and 5% some unit was found in 9% of audits in which nobody differs;
   so 4%.) Of two categories it is the exact mid-p itself. From EH_MANY_CATEGORIES on that occur, p
   is twice the smaller of this and the least mid-p of a category times their number; the statistic
   stays that of the joint test. pooled: how many were taken together; 0: none. */
enum { EH_MANY_CATEGORIES = 8 };
struct eh_test eh_categories_pooled_test(const struct eh_category_tables *tables, double least,
                                         size_t *pooled);

/* Each category against all others; differences takes one value per category. They add up to 0. */
void eh_categories_differences(const struct eh_category_tables *tables, double confidence,
                               struct eh_difference *differences);

/* All units at once, I x J x K (R: mantelhaen.test): one unit's records of one category in one
   stratum. */
struct eh_category_cell {
  size_t stratum;        /* cells are sorted by this */
  size_t unit, category; /* numbered from 0 */
  uint64_t n;
};
/* The covariance has (units - 1)(categories - 1) rows; with more than this the test says so. */
enum { EH_CATEGORIES_LARGEST = 2000 };
struct eh_test eh_categories_association(const struct eh_category_cell *cells, size_t count);

#endif
