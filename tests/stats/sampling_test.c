#include "engine/stats/sampling.h"

#include "tests/test.h"

/* AICPA, Audit Guide: Audit Sampling, table A-1 (risk 5%) and A-2 (risk 10%), expected rate 0: made
 * for large populations. */
START_TEST(published) {
  static const struct {
    double confidence, rate;
    uint64_t size;
  } rows[] = {{0.95, 0.02, 149}, {0.95, 0.03, 99}, {0.95, 0.04, 74}, {0.95, 0.05, 59},
              {0.95, 0.06, 49},  {0.95, 0.07, 42}, {0.95, 0.08, 36}, {0.95, 0.09, 32},
              {0.95, 0.10, 29},  {0.95, 0.15, 19}, {0.95, 0.20, 14}, {0.90, 0.02, 114},
              {0.90, 0.03, 76},  {0.90, 0.04, 57}, {0.90, 0.05, 45}, {0.90, 0.06, 38},
              {0.90, 0.07, 32},  {0.90, 0.08, 28}, {0.90, 0.09, 25}, {0.90, 0.10, 22},
              {0.90, 0.15, 15},  {0.90, 0.20, 11}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    ck_assert_uint_eq(eh_sample_size(1000000000, rows[i].confidence, rows[i].rate), rows[i].size);
}
END_TEST

/* R 4.2: f <- function(N, c, p) { K <- ceiling(N * p - 1e-9); n <- 0:N
 *        n[phyper(0, K, N - K, n) <= (1 - c) * (1 + 1e-9)][1] } */
START_TEST(few_files) {
  static const struct {
    uint64_t population;
    double confidence, rate;
    uint64_t size;
  } rows[] = {
      {1, 0.95, 0.05, 1},     {1, 0.9, 0.1, 1},     {1, 0.99, 0.02, 1},
      {10, 0.95, 0.05, 10},   {10, 0.9, 0.1, 9},    {10, 0.99, 0.02, 10},
      {19, 0.95, 0.05, 19},   {19, 0.9, 0.1, 13},   {19, 0.99, 0.02, 19},
      {20, 0.95, 0.05, 19},   {20, 0.9, 0.1, 14},   {20, 0.99, 0.02, 20},
      {21, 0.95, 0.05, 16},   {21, 0.9, 0.1, 11},   {21, 0.99, 0.02, 21},
      {50, 0.95, 0.05, 31},   {50, 0.9, 0.1, 18},   {50, 0.99, 0.02, 50},
      {99, 0.95, 0.05, 44},   {99, 0.9, 0.1, 20},   {99, 0.99, 0.02, 89},
      {100, 0.95, 0.05, 45},  {100, 0.9, 0.1, 20},  {100, 0.99, 0.02, 90},
      {150, 0.95, 0.05, 46},  {150, 0.9, 0.1, 21},  {150, 0.99, 0.02, 117},
      {200, 0.95, 0.05, 51},  {200, 0.9, 0.1, 21},  {200, 0.99, 0.02, 136},
      {500, 0.95, 0.05, 56},  {500, 0.9, 0.1, 22},  {500, 0.99, 0.02, 183},
      {1000, 0.95, 0.05, 57}, {1000, 0.9, 0.1, 22}, {1000, 0.99, 0.02, 204},
      {3, 0.9999, 0.5, 2}, /* at least two are wrong, so one of any two is */
      {5000, 0.95, 0.05, 59}, {5000, 0.9, 0.1, 22}, {5000, 0.99, 0.02, 223},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    ck_assert_msg(
        eh_sample_size(rows[i].population, rows[i].confidence, rows[i].rate) == rows[i].size,
        "%lu files, %g, %g", (unsigned long)rows[i].population, rows[i].confidence, rows[i].rate);
}
END_TEST

/* More files never need a smaller sample by more than the step of a whole error; never over N. */
START_TEST(bounds) {
  ck_assert_uint_eq(eh_sample_size(0, 0.95, 0.05), 0);
  for (uint64_t n = 1; n < 3000; n++) {
    uint64_t size = eh_sample_size(n, 0.95, 0.05);
    ck_assert_uint_ge(size, 1);
    ck_assert_uint_le(size, n);
    ck_assert_uint_le(size, 59);
    ck_assert_uint_ge(size, eh_sample_size(n, 0.90, 0.05));
    ck_assert_uint_ge(size, eh_sample_size(n, 0.95, 0.10));
  }
}
END_TEST

RUN_TESTS("stats/sampling", published, few_files, bounds)
