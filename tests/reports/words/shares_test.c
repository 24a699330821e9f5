#include "reports/words/shares.h"

#include "tests/reports/sample.h"

/* Of "=Chicago": 15 of 20 where its peers have 11 of 42, and 4 of 10 where they have 3 of 35. */
START_TEST(what_each_contributes) {
  struct sample *s = sample_new();
  struct eh_finding finding = {.comparison = &s->comparisons[0], .result = &s->results[0]};
  struct eh_shares shares = {0};
  eh_shares_fill(&shares, &finding);
  ck_assert_uint_eq(shares.count, 2);
  ck_assert_uint_eq(shares.comparable, 2);
  ck_assert_double_eq(shares.items[0].sides.own, 15);
  ck_assert_double_eq(shares.items[0].sides.n2, 42);
  ck_assert_double_eq_tol(shares.items[0].sides.expected, 20 * 11 / 42.0, 1e-12);
  ck_assert_double_eq(shares.items[1].sides.peers, 3);
  struct eh_sides all = eh_shares_sum(&shares, 0, 2);
  ck_assert_double_eq(all.n1, 30);
  ck_assert_double_eq_tol((all.own - all.expected) / 30.0,
                          s->results[0].share.difference.estimate.value, 1e-12);
  /* lowest first, where the unit has fewer events than its peers */
  s->results[0].higher = false;
  eh_shares_fill(&shares, &finding);
  ck_assert_double_eq(shares.items[0].sides.own, 4);
  eh_shares_free(&shares);
  ck_assert_ptr_null(shares.items);
  sample_free(s);
}
END_TEST

START_TEST(rows_of_a_table) {
  static const struct {
    size_t count, comparable, most, rows;
    struct {
      size_t first, end;
    } items[4];
  } cases[] = {
      {5, 5, 20, 5, {{0, 1}, {1, 2}, {2, 3}, {3, 4}}},
      {5, 5, 2, 3, {{0, 1}, {1, 2}, {2, 5}, {0, 0}}},
      {5, 4, 2, 4, {{0, 1}, {1, 2}, {2, 4}, {4, 5}}},
      {5, 2, 2, 3, {{0, 1}, {1, 2}, {2, 5}, {0, 0}}},
      {5, 0, 2, 1, {{0, 5}, {0, 0}, {0, 0}, {0, 0}}},
      {0, 0, 2, 0, {{0, 0}, {0, 0}, {0, 0}, {0, 0}}},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct eh_shares shares = {.count = cases[i].count, .comparable = cases[i].comparable};
    struct eh_share_rows rows = eh_share_rows(&shares, cases[i].most);
    ck_assert_uint_eq(eh_share_rows_count(&rows), cases[i].rows);
    for (size_t k = 0; k < cases[i].rows && k < 4; k++) {
      size_t first, end;
      eh_share_rows_items(&rows, k, &first, &end);
      ck_assert_uint_eq(first, cases[i].items[k].first);
      ck_assert_uint_eq(end, cases[i].items[k].end);
    }
  }
}
END_TEST

RUN_TESTS("reports/shares", what_each_contributes, rows_of_a_table)
