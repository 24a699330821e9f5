/* Sums of counts, against sums over every pair of values. */
#include "engine/stats/convolution.h"

#include <gsl/gsl_randist.h>
#include <stdbool.h>
#include <string.h>

#include "tests/test.h"

/* A distribution of the values 0, 1, ... width - 1. */
struct counts {
  double *pmf;
  size_t width;
};

static struct counts sum_of(struct counts a, struct counts b) {
  struct counts sum = {calloc(a.width + b.width - 1, sizeof(double)), a.width + b.width - 1};
  for (size_t i = 0; i < a.width; i++)
    for (size_t j = 0; j < b.width; j++) sum.pmf[i + j] += a.pmf[i] * b.pmf[j];
  return sum;
}

static struct counts normal_counts(size_t width, double mean, double deviation) {
  struct counts counts = {calloc(width, sizeof(double)), width};
  double sum = 0.0;
  for (size_t i = 0; i < width; i++)
    sum += counts.pmf[i] = exp(-0.5 * pow(((double)i - mean) / deviation, 2.0));
  for (size_t i = 0; i < width; i++) counts.pmf[i] /= sum;
  return counts;
}

static struct counts binomial_counts(size_t n, double p) {
  struct counts counts = {calloc(n + 1, sizeof(double)), n + 1};
  for (size_t i = 0; i <= n; i++) counts.pmf[i] = gsl_ran_binomial_pdf((unsigned)i, p, (unsigned)n);
  return counts;
}

static void push(struct eh_convolution *c, struct counts counts, uint64_t first) {
  memcpy(eh_convolution_reserve(c, counts.width), counts.pmf, counts.width * sizeof(double));
  eh_convolution_push(c, counts.width, first);
}

static void check_same(struct eh_distribution got, uint64_t first, struct counts want,
                       double precision) {
  double largest = 0.0, worst = 0.0, mass = 0.0;
  for (size_t i = 0; i < want.width; i++) {
    uint64_t value = first + i;
    bool is_in = value >= got.first && value - got.first < got.width;
    double p = is_in ? got.pmf[value - got.first] : 0.0;
    mass += p;
    largest = fmax(largest, want.pmf[i]);
    worst = fmax(worst, fabs(p - want.pmf[i]));
  }
  ck_assert_msg(worst <= precision * largest, "off by %.3g of %.3g", worst, largest);
  ck_close(mass, 1.0, precision);
}

/* A wide count is kept at every 4th value. A narrow one that joins it may not be thinned as much,
   however far its thin tail reaches: what tells is its deviation. */
START_TEST(a_skewed_count_joins_a_thinned_one) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_convolution *c = eh_convolution_new(arena);
  struct counts wide = normal_counts(3 * EH_WIDEST, 1.5 * EH_WIDEST, EH_WIDEST / 8.0);
  static const struct {
    size_t n;
    double p;
  } narrow_ones[] = {{60, 0.5}, {600, 0.002}, {600, 0.998}, {3000, 0.0005}, {9000, 0.5}};
  for (size_t i = 0; i < sizeof narrow_ones / sizeof narrow_ones[0]; i++)
    for (int narrow_first = 0; narrow_first < 2; narrow_first++) {
      struct counts narrow = binomial_counts(narrow_ones[i].n, narrow_ones[i].p);
      struct counts want = sum_of(wide, narrow);
      eh_convolution_start(c);
      if (narrow_first) push(c, narrow, 7);
      push(c, wide, 100);
      if (!narrow_first) push(c, narrow, 7);
      check_same(eh_convolution_finish(c), 107, want, 1e-11);
      free(want.pmf);
      free(narrow.pmf);
    }
  free(wide.pmf);
  eh_arena_free(arena);
}
END_TEST

/* Counts of every width, wide and narrow ones in turn, pushed and folded. */
START_TEST(many_widths_add_up) {
  static const size_t widths[] = {1, 2, 40, 3, 700, 8, 9, 64, 5, 1, 2000, 16, 7, 33, 2};
  enum { COUNT = sizeof widths / sizeof widths[0] };
  struct eh_arena *arena = eh_arena_new();
  struct eh_convolution *c = eh_convolution_new(arena);
  for (size_t turn = 0; turn < COUNT; turn++) {
    struct counts all = binomial_counts(0, 0.5);
    uint64_t first = 0;
    eh_convolution_start(c);
    for (size_t i = 0; i < COUNT; i++) {
      size_t width = widths[(i + turn) % COUNT];
      struct counts one = normal_counts(width, 0.3 * (double)width, 0.25 * (double)width + 0.2);
      struct counts sum = sum_of(all, one);
      if (width <= EH_NARROW && (i + turn) % 3) {
        eh_convolution_fold(c, one.pmf, width);
      } else {
        push(c, one, i);
        first += i;
      }
      free(one.pmf);
      free(all.pmf);
      all = sum;
    }
    check_same(eh_convolution_finish(c), first, all, 1e-13);
    free(all.pmf);
  }
  eh_arena_free(arena);
}
END_TEST

START_TEST(nothing_pushed_is_zero) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_convolution *c = eh_convolution_new(arena);
  eh_convolution_start(c);
  struct eh_distribution none = eh_convolution_finish(c);
  ck_assert_uint_eq(none.width, 1);
  ck_assert_uint_eq(none.first, 0);
  ck_assert_double_eq(none.pmf[0], 1.0);
  eh_arena_free(arena);
}
END_TEST

RUN_TESTS("convolution", a_skewed_count_joins_a_thinned_one, many_widths_add_up,
          nothing_pushed_is_zero)
