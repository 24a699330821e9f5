#include "engine/stats/hypergeometric.h"

#include <math.h>
#include <string.h>

#define LOG_2PI 1.837877066409345483560659472811235279723L

/* From this standard deviation on, sums are taken over every h-th value only. */
static const double STRIDE_FROM = 256.0;

struct eh_tilt eh_tilt(double log_odds_ratio) {
  double psi = exp(fmin(fmax(log_odds_ratio, -EH_LARGEST_TILT), EH_LARGEST_TILT));
  return (struct eh_tilt){psi, log_odds_ratio == 0.0 ? 0.0L : logl((long double)psi)};
}

/* log(k!) - (k log k - k): Stirling's series, whose next term is below 1e-18 from k = 16 on. */
static long double factorial_rest(uint64_t count) {
  if (count == 0) return 0.0L;
  long double k = (long double)count, log_k = logl(k);
  if (count < 16) {
    long double product = 1.0L;
    for (uint64_t i = 2; i <= count; i++) product *= (long double)i;
    return logl(product) - (k * log_k - k);
  }
  long double i = 1.0L / k, i2 = i * i;
  long double series =
      i * (1.0L / 12 -
           i2 * (1.0L / 360 -
                 i2 * (1.0L / 1260 - i2 * (1.0L / 1680 - i2 * (1.0L / 1188 - i2 * 691 / 360360)))));
  return series + 0.5L * (LOG_2PI + log_k);
}

/* x log(x/e) + e - x for e = numerator/n, x >= 0 (Loader 2000): the parts that cancel never appear.
 */
static long double deviance(long double x, long double numerator, long double n) {
  long double expected = numerator / n;
  if (x <= 0.0L) return expected;
  long double gap = (x * n - numerator) / n, v = gap / (x + expected);
  if (fabsl(v) > 0.1L) return x * logl(x / expected) - gap;
  long double sum = gap * v, term = 2.0L * x * v, v2 = v * v;
  for (int j = 3;; j += 2) {
    term *= v2;
    long double next = sum + term / j;
    if (next == sum) return sum;
    sum = next;
  }
}

struct eh_hypergeometric eh_hypergeometric(uint64_t n1, uint64_t n2, uint64_t m) {
  struct eh_hypergeometric h = {.n1 = n1, .n2 = n2, .m = m};
  h.low = m > n2 ? m - n2 : 0;
  h.high = m < n1 ? m : n1;
  return h;
}

void eh_hypergeometric_prepare(struct eh_hypergeometric *h) {
  uint64_t n = h->n1 + h->n2;
  h->margins = factorial_rest(h->n1) + factorial_rest(h->n2) + factorial_rest(h->m) +
               factorial_rest(n - h->m) - factorial_rest(n);
}

/* log of n1! n2! m! (n-m)! / (n! times the cells' factorials), each k! split into k log k - k and a
   rest: the first parts add up to the cells' deviances from what the margins lead one to expect. */
long double eh_hypergeometric_log(const struct eh_hypergeometric *h, uint64_t x) {
  uint64_t n = h->n1 + h->n2, rest = n - h->m;
  const uint64_t cell[4] = {x, h->n1 - x, h->m - x, h->n2 - (h->m - x)};
  const uint64_t row[4] = {h->n1, h->n1, h->n2, h->n2}, column[4] = {h->m, rest, h->m, rest};
  long double sum = h->margins;
  for (int i = 0; i < 4; i++)
    sum -= factorial_rest(cell[i]) + deviance((long double)cell[i],
                                              (long double)row[i] * (long double)column[i],
                                              (long double)n);
  return sum < 0.0L ? sum : 0.0L;
}

/* P(x + 1)/P(x) at psi, x < high. In double: the products pass 2^64. */
static inline double ratio_up(const struct eh_hypergeometric *h, double psi, uint64_t x) {
  return psi * (double)(h->n1 - x) * (double)(h->m - x) /
         ((double)(x + 1) * (double)(h->n2 - h->m + x + 1));
}
static inline double ratio_down(const struct eh_hypergeometric *h, double psi, uint64_t x) {
  return (double)x * (double)(h->n2 - h->m + x) /
         (psi * (double)(h->n1 - x + 1) * (double)(h->m - x + 1));
}

/* The value A at which the 2 x 2 table's odds ratio is psi <= 1: the root of a quadratic, without
 * cancellation. */
static double balance(double n1, double n2, double m, double psi) {
  double b = n2 - m + psi * (n1 + m), product = psi * n1 * m;
  double root = sqrt(b * b + 4.0 * (1.0 - psi) * product);
  if (b > 0.0) return 2.0 * product / (b + root);
  return (root - b) / (2.0 * (1.0 - psi));
}

/* A for any psi; above 1 by way of the table with event and non-event exchanged. */
static double balanced_value(const struct eh_hypergeometric *h, double psi) {
  double n1 = (double)h->n1, n2 = (double)h->n2, m = (double)h->m;
  double a = psi <= 1.0 ? balance(n1, n2, m, psi) : n1 - balance(n1, n2, n1 + n2 - m, 1.0 / psi);
  return fmin(fmax(a, (double)h->low), (double)h->high);
}

uint64_t eh_hypergeometric_mode(const struct eh_hypergeometric *h, double psi) {
  uint64_t x = (uint64_t)balanced_value(h, psi);
  if (x < h->low) x = h->low;
  if (x > h->high) x = h->high;
  while (x < h->high && ratio_up(h, psi, x) > 1.0) x++;
  while (x > h->low && ratio_down(h, psi, x) > 1.0) x--;
  return x;
}

/* The variance of a large table, asymptotically. */
static double large_variance(const struct eh_hypergeometric *h, double a) {
  double b = (double)h->n1 - a, c = (double)h->m - a, d = (double)h->n2 - c;
  if (a <= 0.0 || b <= 0.0 || c <= 0.0 || d <= 0.0) return 0.0;
  return 1.0 / (1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d);
}

struct sums {
  double zero, one, two; /* sums of w, w k, w k^2 over the distance k from the mode */
};

/* One side of the mode, walking away from it. Ratios only fall along the way (the distribution is
   log-concave), so what lies beyond is at most w r/(1 - r). */
static void walk(const struct eh_hypergeometric *h, double psi, uint64_t mode, int direction,
                 struct sums *sums) {
  uint64_t steps = direction > 0 ? h->high - mode : mode - h->low;
  double w = 1.0;
  for (uint64_t k = 1; k <= steps; k++) {
    double r = direction > 0 ? ratio_up(h, psi, mode + k - 1) : ratio_down(h, psi, mode - k + 1);
    w *= r;
    double distance = (double)k * direction;
    sums->zero += w;
    sums->one += w * distance;
    sums->two += w * distance * distance;
    if (w < EH_NEGLIGIBLE * (1.0 - r)) break;
  }
}

/* The same over every h-th value, h at most half a standard deviation, for large tables. The
   variable is a sum of independent yes/no variables (Vatutin and Mikhailov 1982; a tilt keeps
   that), so its characteristic function is at most exp(-V (1 - cos u)), and by Poisson's summation
   formula the error is at most 2 sum_j of it at u = 2 pi j/h, j >= 1: below exp(-78). */
static void stride(const struct eh_hypergeometric *h, struct eh_tilt tilt, uint64_t mode,
                   uint64_t step, struct sums *sums) {
  long double top = eh_hypergeometric_log(h, mode);
  for (int direction = -1; direction <= 1; direction += 2) {
    uint64_t steps = (direction > 0 ? h->high - mode : mode - h->low) / step;
    for (uint64_t j = 1; j <= steps; j++) {
      double distance = (double)(j * step) * direction;
      uint64_t x = direction > 0 ? mode + j * step : mode - j * step;
      double w = (double)expl(eh_hypergeometric_log(h, x) - top + tilt.log * distance);
      sums->zero += w;
      sums->one += w * distance;
      sums->two += w * distance * distance;
      if (w < EH_NEGLIGIBLE) break;
    }
  }
}

struct eh_tilted eh_hypergeometric_tilted(const struct eh_hypergeometric *h, struct eh_tilt tilt) {
  uint64_t mode = eh_hypergeometric_mode(h, tilt.psi);
  double deviation = sqrt(large_variance(h, balanced_value(h, tilt.psi)));
  struct sums sums = {1.0, 0.0, 0.0};
  double step = 1.0;
  if (deviation < STRIDE_FROM) {
    walk(h, tilt.psi, mode, 1, &sums);
    walk(h, tilt.psi, mode, -1, &sums);
  } else {
    step = floor(deviation / 2.0);
    stride(h, tilt, mode, (uint64_t)step, &sums);
  }
  double shift = sums.one / sums.zero;
  long double distance = (long double)(mode - h->low);
  return (struct eh_tilted){.log_sum = tilt.log == 0.0L
                                           ? 0.0L
                                           : eh_hypergeometric_log(h, mode) + tilt.log * distance +
                                                 logl((long double)sums.zero * step),
                            .mean = (double)(mode - h->low) + shift,
                            .variance = fmax(sums.two / sums.zero - shift * shift, 0.0)};
}

/* By Bernstein's inequality: a sum of yes/no variables is further than sqrt(2 V L) + 2 L/3 from its
   mean with probability at most 2 exp(-L); the mode is within 1 of the mean, and V at most the
   mean's distance from an end. */
size_t eh_hypergeometric_room(const struct eh_hypergeometric *h, double psi) {
  uint64_t mode = eh_hypergeometric_mode(h, psi);
  uint64_t below = mode - h->low, above = h->high - mode;
  double variance = (double)(below < above ? below : above) + 1.0, bound = 80.0;
  double side = sqrt(2.0 * variance * bound) + bound;
  uint64_t width = h->high - h->low + 1;
  return 2.0 * side + 3.0 < (double)width ? (size_t)(2.0 * side + 3.0) : (size_t)width;
}

size_t eh_hypergeometric_pmf(const struct eh_hypergeometric *h, double psi, double *pmf,
                             uint64_t *first) {
  size_t room = eh_hypergeometric_room(h, psi);
  uint64_t mode = eh_hypergeometric_mode(h, psi);
  double w = 1.0, sum = 1.0;
  size_t below = 0, count = 1;
  /* Downward first, written backward from the end of the room, then moved to its beginning. */
  pmf[room - 1] = 1.0;
  for (uint64_t x = mode; x > h->low && below + 1 < room; x--) {
    double r = ratio_down(h, psi, x);
    w *= r;
    below++;
    pmf[room - 1 - below] = w;
    sum += w;
    if (w < EH_NEGLIGIBLE * (1.0 - r)) break;
  }
  memmove(pmf, pmf + room - 1 - below, (below + 1) * sizeof *pmf);
  count += below;
  w = 1.0;
  for (uint64_t x = mode; x < h->high && count < room; x++) {
    double r = ratio_up(h, psi, x);
    w *= r;
    pmf[count++] = w;
    sum += w;
    if (w < EH_NEGLIGIBLE * (1.0 - r)) break;
  }
  for (size_t i = 0; i < count; i++) pmf[i] /= sum;
  *first = mode - h->low - below;
  return count;
}

void eh_hypergeometric_all(const struct eh_hypergeometric *h, double *pmf) {
  if (h->high - h->low == 1) { /* by far the most frequent: a unit with one record in the stratum */
    double r = ratio_up(h, 1.0, h->low);
    pmf[0] = 1.0 / (1.0 + r);
    pmf[1] = r / (1.0 + r);
    return;
  }
  uint64_t mode = eh_hypergeometric_mode(h, 1.0);
  double sum = 1.0;
  pmf[mode - h->low] = 1.0;
  for (uint64_t x = mode; x > h->low; x--)
    sum += pmf[x - 1 - h->low] = pmf[x - h->low] * ratio_down(h, 1.0, x);
  for (uint64_t x = mode; x < h->high; x++)
    sum += pmf[x + 1 - h->low] = pmf[x - h->low] * ratio_up(h, 1.0, x);
  for (uint64_t x = h->low; x <= h->high; x++) pmf[x - h->low] /= sum;
}
