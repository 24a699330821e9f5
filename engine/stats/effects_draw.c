/* Draws of a block's effects, several at once: what one draw adds up waits for each sum before, but
   those of others need not. */
#include <math.h>

#include "engine/stats/effects.h"
#include "engine/stats/rows.h"

enum { TOGETHER = EH_DRAWN_TOGETHER };
_Static_assert((int)TOGETHER == (int)EH_COLUMNS_TOGETHER, "a column is a draw");

/* The errors of a small block less their mean, weighted by how well each unit is known. */
static void correlated_errors(const struct eh_effects *e, const struct eh_block_fit *b,
                              const double *normal, double *error) {
  double all = 0.0, mean[TOGETHER] = {0.0};
  eh_row_multiply(b->shares, b->units, normal, error);
  for (size_t k = b->units; k-- > 0;) {
    double weight = 1.0 / e->unit[e->member[b->first + k]].variance;
    all += weight;
    for (size_t l = 0; l < TOGETHER; l++) mean[l] += weight * error[k * TOGETHER + l];
  }
  for (size_t l = 0; l < TOGETHER; l++) mean[l] /= all;
  for (size_t k = 0; k < b->units; k++)
    for (size_t l = 0; l < TOGETHER; l++) error[k * TOGETHER + l] -= mean[l];
}

void eh_effects_draw(const struct eh_effects *e, size_t block, const double *inflation,
                     const double *normal, double *errors) {
  const struct eh_block_fit *b = &e->block[block];
  if (b->shares) correlated_errors(e, b, normal, errors);
  for (size_t k = 0; k < b->units; k++) {
    size_t u = e->member[b->first + k];
    double *error = errors + k * TOGETHER, deviation = sqrt(e->unit[u].variance);
    double wider = inflation ? sqrt(inflation[u]) : 1.0;
    for (size_t l = 0; l < TOGETHER; l++) {
      if (!b->shares) error[l] = deviation * normal[k * TOGETHER + l];
      error[l] *= wider;
    }
  }
}
