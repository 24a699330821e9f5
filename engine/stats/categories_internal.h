/* What the files of engine/stats/categories.h share. */
#ifndef EVENHAND_STATS_CATEGORIES_INTERNAL_H
#define EVENHAND_STATS_CATEGORIES_INTERNAL_H

#include "engine/stats/categories.h"

#define EH_NO_CATEGORIES "no stratum has peers and two outcomes"

/* One category against all others: a table for each stratum. */
void eh_category_against_rest(const struct eh_category_tables *tables, size_t category,
                              struct eh_table *one);
/* Adds the negative covariances of the deviations, above the diagonal, and the deviations. */
void eh_category_covariance(const struct eh_category_tables *tables, double *weights,
                            double *deviations);

/* eh_categories_test with each deviation replaced by z sqrt(V), z the signed normal score of that
   category's exact mid-p over the strata; of two categories it is that p. */
struct eh_test eh_category_score_test(const struct eh_category_tables *tables);
/* The least mid-p of a category against all others, and how many categories occur. */
double eh_category_least_log10_p(const struct eh_category_tables *tables, size_t *occurring);

#endif
