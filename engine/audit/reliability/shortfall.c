#include "engine/audit/reliability/shortfall.h"

#include <math.h>
#include <stdlib.h>

#include "engine/base/memory.h"

enum { ROUNDS = 3, FEWEST_BLOCKS = 6 };
static const double rates[] = {0.02, 0.25, 0.5, 0.7};
enum { RATES = sizeof rates / sizeof rates[0] };
static const double BLOCK = 5.0, /* expected counts of a block, for the dispersion */
    MEDIAN_CHI_SQUARE = 0.4549,  /* with 1 degree of freedom */
    NORMAL_80 = 0.8416;          /* the 80th percentile of the standard normal */

static const struct eh_shortfall none = {.dispersion = 1, .restless = 1};

/* The run of days that scores most, at any of the rates. */
static struct eh_shortfall best_segment(const uint32_t *o, const double *e, double scale,
                                        size_t n) {
  struct eh_shortfall best = none;
  for (int r = 0; r < RATES; r++) {
    double sum = 0, q = rates[r], log_q = log(q);
    size_t start = 0;
    for (size_t i = 0; i < n; i++) {
      sum += o[i] * log_q + scale * e[i] * (1 - q);
      if (sum <= 0) {
        sum = 0;
        start = i + 1;
      } else if (sum > best.score) {
        best.score = sum;
        best.first = start;
        best.last = i;
        best.found = true;
      }
    }
  }
  return best;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Counts in blocks of equal expectation: the median of (o - e)^2 / e against that of chi-square.
   Days within the shortfall are held against its own rate, or else it would hide itself. */
static double dispersion_of(const uint32_t *o, const double *e, double scale, size_t n,
                            const struct eh_shortfall *f) {
  double ratio = f->found ? f->observed / f->expected : 1;
  double *squares = eh_alloc(n + 1, sizeof *squares), observed = 0, expected = 0, result = 1;
  size_t blocks = 0;
  for (size_t i = 0; i < n; i++) {
    observed += o[i];
    expected += scale * e[i] * (i >= f->first && i <= f->last ? ratio : 1);
    if (expected < BLOCK) continue;
    squares[blocks++] = (observed - expected) * (observed - expected) / expected;
    observed = expected = 0;
  }
  if (blocks >= FEWEST_BLOCKS) {
    qsort(squares, blocks, sizeof *squares, ascending);
    result = squares[blocks / 2] / MEDIAN_CHI_SQUARE;
  }
  free(squares);
  return fmax(result, 1);
}

struct eh_shortfall eh_shortfall_find(const uint32_t *observed, const double *expected,
                                      size_t count, double least, double ratio) {
  struct eh_shortfall best = none;
  double all_o = 0, all_e = 0;
  for (size_t i = 0; i < count; i++) {
    all_o += observed[i];
    all_e += expected[i];
  }
  if (all_e <= 0) return none;
  double scale = all_o / all_e, e = 0; /* e: of the time found */
  for (int round = 0; round < ROUNDS; round++) {
    best = best_segment(observed, expected, scale, count);
    if (!best.found) return none;
    double o = 0;
    e = 0;
    for (size_t i = best.first; i <= best.last; i++) {
      o += observed[i];
      e += expected[i];
    }
    best.observed = o;
    /* Without the time found, the scale is that of the usual days; most days must be usual. */
    if (e > all_e / 2) break;
    scale = (all_o - o) / (all_e - e);
  }
  best.expected = scale * e;
  best.restless = dispersion_of(observed, expected, scale, count, &none);
  best.dispersion = dispersion_of(observed, expected, scale, count, &best);
  best.score /= best.dispersion;
  best.found = best.score >= least && best.observed <= ratio * best.expected;
  return best;
}

double eh_shortfall_detectable(double least, double rate) {
  double gain = 1 - rate + rate * log(rate),             /* of the score, by record expected */
      spread = NORMAL_80 * sqrt(rate) * fabs(log(rate)); /* by its square root */
  double root = (spread + sqrt(spread * spread + 4 * gain * least)) / (2 * gain);
  return root * root;
}
