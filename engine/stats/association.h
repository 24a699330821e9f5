/* Do the units differ at all? One test for all of a comparison together.
 *
 * Testing each officer against the others gives many answers; this gives one. In each stratum, with
 * n records, m events and n_i records of unit i, no difference means that the events fall on
 * records by lot. Then unit i expects n_i m/n events, and the covariance of units i and j is
 * m (n-m)/(n-1) (n_i/n [i = j] - n_i n_j/n^2). Summed over strata: deviations D, covariance V; the
 * statistic is D' V^- D, chi-square with as many degrees of freedom as V has rank (generalised
 * Cochran-Mantel-Haenszel: Birch 1965, Landis, Heyman and Koch 1978; R: mantelhaen.test of units x
 * 2 x strata). With two units it is the test of eh_cmh.
 */
#ifndef EVENHAND_STATS_ASSOCIATION_H
#define EVENHAND_STATS_ASSOCIATION_H

#include "engine/stats/tables.h"

/* One unit's records in one stratum. */
struct eh_association_cell {
  uint32_t stratum; /* cells are sorted by this */
  uint32_t unit;    /* numbered from 0; small numbers, arrays of that length are made */
  uint64_t n, events;
};

/* Units that share strata, directly or through others, make a block. Blocks are tested apart and
   added up. */
enum { EH_ASSOCIATION_LARGEST_BLOCK = 2000 };
#define EH_ASSOCIATION_TOO_LARGE "more than 2,000 units share strata"

struct eh_association {
  struct eh_test test;  /* not applicable where a block is too large */
  size_t units;         /* units with a comparable, informative stratum */
  size_t blocks;        /* df = units - blocks */
  size_t largest_block; /* units */
};
struct eh_association eh_association(const struct eh_association_cell *cells, size_t count);

/* For blocks that are too large: X = sum over units of D_u^2/V0_u, V0 = sum n_u m (n-m)/(n (n-1)),
   V its own variance, as chi-square with sum V_u/V0_u df. Exact in one stratum, and near it where
   units are many and share their strata well; with few unequal ones it is far off. */
struct eh_test eh_association_diagonal(const struct eh_association_cell *cells, size_t count);

/* Blocks of things that are linked two by two: start with parent[i] = i, link pairs, and find names
   the block by its smallest member. */
size_t eh_block_find(size_t *parent, size_t i);
void eh_block_link(size_t *parent, size_t i, size_t j);

/* D' V^- D where V has the off-diagonal elements -weights[i * size + j] (at least 0; the part above
   the diagonal is used) and rows that add up to 0. Such a matrix is singular by construction, yet
   needs no judgement about its rank: eliminating one variable after another only ever adds numbers
   above 0, so that nothing cancels, and a pivot is 0 exactly when its block is used up. Overwrites
   both arrays. */
struct eh_laplacian_form {
  double value;
  size_t rank;
};
struct eh_laplacian_form eh_laplacian_form(double *weights, double *deviations, size_t size);

#endif
