#include "engine/stats/categories.h"

#include "engine/base/random.h"
#include "engine/stats/association.h"
#include "engine/stats/exact.h"
#include "engine/stats/mantel_haenszel.h"
#include "tests/stats/reference.h"

enum { MOST = 1000 };

static size_t cells_of(const struct reference *r, double id, struct eh_category_cell *cells) {
  size_t count = 0;
  for (size_t i = 0; i < r->rows; i++) {
    if (reference_at(r, i, "id") != id) continue;
    ck_assert_uint_lt(count, MOST);
    cells[count++] = (struct eh_category_cell){.stratum = (size_t)reference_at(r, i, "stratum"),
                                               .unit = (size_t)reference_at(r, i, "unit"),
                                               .category = (size_t)reference_at(r, i, "category"),
                                               .n = reference_count(r, i, "n")};
  }
  return count;
}

/* Unit 0 against all others. */
static struct eh_category_tables split(const struct eh_category_cell *cells, size_t count,
                                       uint64_t *unit, uint64_t *peers) {
  struct eh_category_tables tables = {0, 0, unit, peers};
  for (size_t i = 0; i < count; i++) {
    if (cells[i].stratum >= tables.strata) tables.strata = cells[i].stratum + 1;
    if (cells[i].category >= tables.categories) tables.categories = cells[i].category + 1;
  }
  for (size_t k = 0; k < tables.strata * tables.categories; k++) unit[k] = peers[k] = 0;
  for (size_t i = 0; i < count; i++)
    (cells[i].unit == 0 ? unit : peers)[cells[i].stratum * tables.categories + cells[i].category] +=
        cells[i].n;
  return tables;
}

START_TEST(agrees_with_r) {
  struct reference all = reference_read("categories_cells");
  struct reference want = reference_read("categories_values");
  static struct eh_category_cell cells[MOST];
  static uint64_t unit[MOST], peers[MOST];
  size_t pairs = 0;
  for (size_t i = 0; i < want.rows; i++) {
    size_t count = cells_of(&all, reference_at(&want, i, "id"), cells);
    struct eh_test joint = eh_categories_association(cells, count);
    ck_close(joint.statistic, reference_at(&want, i, "statistic"), 1e-9);
    ck_close(joint.df, reference_at(&want, i, "df"), 0.0);
    size_t units = 0;
    for (size_t k = 0; k < count; k++)
      if (cells[k].unit >= units) units = cells[k].unit + 1;
    if (units != 2) continue;
    pairs++;
    struct eh_category_tables tables = split(cells, count, unit, peers);
    struct eh_test test = eh_categories_test(&tables);
    ck_close(test.statistic, reference_at(&want, i, "statistic"), 1e-9);
    ck_close(test.df, reference_at(&want, i, "df"), 0.0);
  }
  ck_assert_uint_ge(pairs, 3);
  free(all.values);
  free(want.values);
}
END_TEST

/* R's help page of mantelhaen.test: job satisfaction by income, given gender. */
START_TEST(job_satisfaction) {
  static const uint64_t x[2][4][4] = {{{1, 2, 0, 0}, {3, 3, 1, 2}, {11, 17, 8, 4}, {2, 3, 5, 2}},
                                      {{1, 0, 0, 0}, {1, 3, 0, 1}, {2, 5, 7, 9}, {1, 1, 3, 6}}};
  struct eh_category_cell cells[33];
  size_t count = 0;
  for (size_t gender = 0; gender < 2; gender++)
    for (size_t satisfaction = 0; satisfaction < 4; satisfaction++)
      for (size_t income = 0; income < 4; income++)
        cells[count++] = (struct eh_category_cell){gender, income, satisfaction,
                                                   x[gender][satisfaction][income]};
  struct eh_test test = eh_categories_association(cells, count);
  ck_close(test.statistic, 10.200089, 1e-7);
  ck_close(test.df, 9.0, 0.0);
  /* the same from the last unit and category down */
  for (size_t i = 0; i < count; i++) {
    cells[i].unit = 3 - cells[i].unit;
    cells[i].category = 3 - cells[i].category;
  }
  struct eh_test other = eh_categories_association(cells, count);
  ck_close(other.statistic, test.statistic, 1e-12);
  ck_close(other.df, 9.0, 0.0);
  /* one more unit, whose only records come last or first */
  cells[count] = (struct eh_category_cell){1, 4, 2, 5};
  test = eh_categories_association(cells, count + 1);
  struct eh_category_cell first[33] = {{0, 4, 2, 5}};
  for (size_t i = 0; i < count; i++) {
    first[i + 1] = cells[(i + count / 2) % count];
    first[i + 1].stratum = 1 - first[i + 1].stratum;
  }
  other = eh_categories_association(first, count + 1);
  ck_close(test.df, 12.0, 0.0);
  ck_close(other.statistic, test.statistic, 1e-12);
  ck_close(other.df, 12.0, 0.0);
}
END_TEST

START_TEST(two_categories_are_cmh) {
  struct eh_table tables[8];
  size_t strata = known_tables(UCB, tables);
  uint64_t unit[16], peers[16];
  for (size_t h = 0; h < strata; h++) {
    unit[2 * h] = tables[h].a;
    unit[2 * h + 1] = tables[h].n1 - tables[h].a;
    peers[2 * h] = tables[h].c;
    peers[2 * h + 1] = tables[h].n2 - tables[h].c;
  }
  struct eh_category_tables categories = {strata, 2, unit, peers};
  ck_close(eh_categories_test(&categories).statistic, eh_cmh(tables, strata).test.statistic, 1e-12);
  struct eh_difference got[2], want = eh_difference(tables, strata, 0.95);
  eh_categories_differences(&categories, 0.95, got);
  ck_assert_double_eq(got[0].interval.low.value, want.interval.low.value);
  ck_close(got[1].interval.low.value, -want.interval.high.value, 1e-12);
}
END_TEST

START_TEST(differences_add_up_to_nothing) {
  struct reference all = reference_read("categories_cells");
  static struct eh_category_cell cells[MOST];
  static uint64_t unit[MOST], peers[MOST];
  size_t count = cells_of(&all, 4, cells);
  struct eh_category_tables tables = split(cells, count, unit, peers);
  struct eh_difference got[8];
  eh_categories_differences(&tables, 0.95, got);
  double sum = 0.0, largest = 0.0;
  for (size_t j = 0; j < tables.categories; j++) {
    sum += got[j].interval.estimate.value;
    largest = fmax(largest, fabs(got[j].interval.estimate.value));
    ck_assert_uint_eq(got[j].comparable, got[0].comparable);
  }
  ck_close(sum, 0.0, 1e-13);
  ck_assert_double_gt(largest, 0.01);
  free(all.values);
}
END_TEST

/* Categories that never meet in one stratum take no degree of freedom from each other. */
START_TEST(rank_is_found) {
  static const uint64_t unit[] = {3, 2, 0, 0, 0, 0, 0, 4, 1, 0};
  static const uint64_t peers[] = {1, 5, 0, 0, 0, 0, 0, 2, 6, 0};
  struct eh_category_tables tables = {2, 5, unit, peers};
  struct eh_test test = eh_categories_test(&tables);
  ck_close(test.df, 2.0, 0.0);
  static const struct eh_table first = {3, 5, 1, 6}, second = {4, 5, 2, 8};
  double parts = eh_cmh(&first, 1).test.statistic + eh_cmh(&second, 1).test.statistic;
  ck_close(test.statistic, parts, 1e-13);
  struct eh_category_cell cells[8];
  for (size_t h = 0; h < 2; h++)
    for (size_t j = 0; j < 2; j++) {
      size_t at = 5 * h + 2 * h + j;
      cells[4 * h + 2 * j] = (struct eh_category_cell){h, 0, 2 * h + j, unit[at]};
      cells[4 * h + 2 * j + 1] = (struct eh_category_cell){h, 1, 2 * h + j, peers[at]};
    }
  test = eh_categories_association(cells, 8);
  ck_close(test.df, 2.0, 0.0);
  ck_close(test.statistic, parts, 1e-12);
}
END_TEST

/* A pivot that is used up must not end the search while other units have some left: units 2 and 3
   meet each other only. */
START_TEST(blocks_that_end_early_leave_the_others) {
  static const uint64_t n[5] = {9, 7, 11, 8, 12}, events[5] = {2, 5, 7, 3, 9};
  static const size_t order[5] = {0, 1, 4, 2, 3};
  struct eh_association_cell yes_no[5];
  struct eh_category_cell cells[10];
  for (size_t i = 0; i < 5; i++) {
    size_t unit = order[i], stratum = i / 3;
    yes_no[i] =
        (struct eh_association_cell){(uint32_t)stratum, (uint32_t)unit, n[unit], events[unit]};
    cells[2 * i] = (struct eh_category_cell){stratum, unit, 0, events[unit]};
    cells[2 * i + 1] = (struct eh_category_cell){stratum, unit, 1, n[unit] - events[unit]};
  }
  struct eh_test joint = eh_categories_association(cells, 10);
  ck_close(joint.df, 3.0, 0.0);
  ck_close(joint.statistic, eh_association(yes_no, 5).test.statistic, 1e-12);
}
END_TEST

/* A unit with one record of 200 billion, where 11 have the event, has a variance below 1e-9, and is
   a unit all the same. */
START_TEST(small_variances_count) {
  static const uint64_t n[3] = {1, 100000000000, 100000000000}, events[3] = {0, 2, 9};
  struct eh_association_cell yes_no[3];
  struct eh_category_cell cells[6];
  for (size_t i = 0; i < 3; i++) {
    yes_no[i] = (struct eh_association_cell){0, (uint32_t)i, n[i], events[i]};
    cells[2 * i] = (struct eh_category_cell){0, i, 0, events[i]};
    cells[2 * i + 1] = (struct eh_category_cell){0, i, 1, n[i] - events[i]};
  }
  struct eh_test joint = eh_categories_association(cells, 6);
  ck_close(joint.df, 2.0, 0.0);
  ck_close(joint.statistic, eh_association(yes_no, 3).test.statistic, 1e-6);
}
END_TEST

START_TEST(yes_or_no_for_all_units_is_association) {
  static const struct eh_association_cell yes_no[] = {{0, 0, 9, 4}, {0, 1, 7, 1}, {0, 3, 5, 3},
                                                      {1, 1, 6, 2}, {1, 2, 8, 5}, {2, 4, 9, 3},
                                                      {2, 5, 6, 5}};
  struct eh_category_cell cells[14];
  for (size_t i = 0; i < 7; i++) {
    cells[2 * i] =
        (struct eh_category_cell){yes_no[i].stratum, yes_no[i].unit, 0, yes_no[i].events};
    cells[2 * i + 1] = (struct eh_category_cell){yes_no[i].stratum, yes_no[i].unit, 1,
                                                 yes_no[i].n - yes_no[i].events};
  }
  struct eh_test joint = eh_categories_association(cells, 14);
  struct eh_test plain = eh_association(yes_no, 7).test;
  ck_close(joint.statistic, plain.statistic, 1e-11);
  ck_close(joint.df, plain.df, 0.0);
}
END_TEST

START_TEST(rare_categories_are_taken_together) {
  /* the third and the fourth are expected 3 times each, the fifth 4 times of 60 */
  static const uint64_t unit[] = {25, 25, 1, 5, 4}, peers[] = {95, 85, 11, 1, 8};
  static const uint64_t few_unit[] = {25, 25, 10}, few_peers[] = {95, 85, 20};
  struct eh_category_tables tables = {1, 5, unit, peers}, few = {1, 3, few_unit, few_peers};
  size_t pooled, none;
  double want = eh_categories_pooled_test(&few, 0.0, &none).statistic;
  struct eh_test got = eh_categories_pooled_test(&tables, 5.0, &pooled);
  ck_assert_uint_eq(pooled, 3);
  ck_close(got.statistic, want, 1e-13);
  ck_close(got.df, 2.0, 0.0);
  got = eh_categories_pooled_test(&few, 5.0, &pooled);
  ck_assert_uint_eq(pooled, 0);
  ck_close(got.statistic, want, 0.0);
  /* one alone is joined by the next */
  static const uint64_t lone_unit[] = {1, 20, 20, 30}, lone_peers[] = {0, 90, 80, 110};
  static const uint64_t joined_unit[] = {21, 20, 30}, joined_peers[] = {80, 90, 110};
  struct eh_category_tables lone = {1, 4, lone_unit, lone_peers};
  struct eh_category_tables joined = {1, 3, joined_unit, joined_peers};
  got = eh_categories_pooled_test(&lone, 5.0, &pooled);
  ck_assert_uint_eq(pooled, 2);
  ck_close(got.statistic, eh_categories_pooled_test(&joined, 0.0, &none).statistic, 1e-13);
  /* one that does not occur is not joined by any */
  static const uint64_t gap_unit[] = {0, 20, 20, 9}, gap_peers[] = {0, 90, 80, 50};
  struct eh_category_tables gap = {1, 4, gap_unit, gap_peers};
  got = eh_categories_pooled_test(&gap, 5.0, &pooled);
  ck_assert_uint_eq(pooled, 0);
  ck_close(got.df, 2.0, 0.0);
  /* nor do strata without peers, or without records of the unit, make it frequent */
  static const uint64_t more_unit[] = {25, 25, 1, 5, 4, 0, 0, 99, 99, 99, 0, 0, 0, 0, 0};
  static const uint64_t more_peers[] = {95, 85, 11, 1, 8, 0, 0, 0, 0, 0, 0, 0, 99, 99, 99};
  struct eh_category_tables more = {3, 5, more_unit, more_peers};
  got = eh_categories_pooled_test(&more, 5.0, &pooled);
  ck_assert_uint_eq(pooled, 3);
  ck_close(got.statistic, want, 1e-13);
  struct eh_category_tables exchanged = {3, 5, more_peers, more_unit};
  got = eh_categories_pooled_test(&exchanged, 5.0, &pooled);
  ck_assert_uint_eq(pooled, 3);
  ck_close(got.statistic, want, 1e-13);
  /* nothing is left to compare */
  static const uint64_t rare_unit[] = {1, 40}, rare_peers[] = {0, 5000};
  struct eh_category_tables rare = {1, 2, rare_unit, rare_peers};
  ck_assert_ptr_nonnull(eh_categories_pooled_test(&rare, 5.0, &pooled).why_not);
  ck_assert_ptr_null(eh_categories_test(&rare).why_not);
}
END_TEST

/* Where nobody differs and some outcomes are rare, a p below 0.1% comes about once in a thousand.
 */
START_TEST(rare_categories_raise_no_false_alarms) {
  enum { RUNS = 20000, STRATA = 6, J = 8 };
  static const double upto[J] = {.45, .75, .93, .96, .98, .99, .997, 1.0};
  struct eh_random random = eh_random_seeded(11, 0);
  size_t pooled_alarms = 0, plain_alarms = 0, pooled;
  for (size_t run = 0; run < RUNS; run++) {
    uint64_t unit[STRATA * J] = {0}, peers[STRATA * J] = {0};
    for (size_t h = 0; h < STRATA; h++)
      for (size_t i = 0; i < 6 + 60; i++) {
        double at = eh_random_uniform(&random);
        size_t j = 0;
        while (at >= upto[j]) j++;
        (i < 6 ? unit : peers)[h * J + j]++;
      }
    struct eh_category_tables tables = {STRATA, J, unit, peers};
    struct eh_test test = eh_categories_pooled_test(&tables, 5.0, &pooled);
    pooled_alarms += !test.why_not && test.p <= 0.001;
    test = eh_categories_test(&tables);
    plain_alarms += !test.why_not && test.p <= 0.001;
  }
  ck_assert_uint_le(pooled_alarms, 40); /* 20 are expected */
  ck_assert_uint_gt(plain_alarms, 2 * 40);
}
END_TEST

START_TEST(nothing_to_compare) {
  static const uint64_t none[6] = {0}, same[6] = {0, 4, 0, 0, 9, 0}, some[6] = {1, 2, 3, 0, 1, 1};
  struct eh_category_tables tables = {2, 3, none, some};
  ck_assert_ptr_nonnull(eh_categories_test(&tables).why_not);
  tables.unit = tables.peers = same;
  ck_assert_ptr_nonnull(eh_categories_test(&tables).why_not);
  tables.strata = 0;
  ck_assert_ptr_nonnull(eh_categories_test(&tables).why_not);
  static const struct eh_category_cell single[] = {{0, 0, 1, 4}, {1, 1, 0, 4}};
  ck_assert_ptr_nonnull(eh_categories_association(NULL, 0).why_not);
  ck_assert_ptr_nonnull(eh_categories_association(single, 2).why_not);
  static const struct eh_category_cell many[] = {{0, 0, 0, 4}, {0, 1001, 2, 4}};
  ck_assert_ptr_nonnull(eh_categories_association(many, 2).why_not);
}
END_TEST

START_TEST(large_counts) {
  static const uint64_t unit[] = {2000000000, 3000000000, 4000000000};
  static const uint64_t peers[] = {2000010000, 3000000000, 3999990000};
  struct eh_category_tables tables = {1, 3, unit, peers};
  /* Pearson's chi-square of the 2 x 3 table: all expected counts are the means of the two rows */
  double d = 5000.0;
  ck_close(eh_categories_test(&tables).statistic,
           2 * d * d / 2000005000.0 + 2 * d * d / 3999995000.0, 1e-6);
}
END_TEST

/* tests/reference/values.py: scores of exact mid-p, and from 8 categories on each by itself. */
START_TEST(exact_scores) {
  struct reference cells = reference_read("rare_categories"), want = reference_read("rare_values");
  for (size_t i = 0; i < want.rows; i++) {
    uint64_t unit[64], peers[64];
    struct eh_category_tables tables = {0, 0, unit, peers};
    size_t count = 0, pooled;
    for (size_t k = 0; k < cells.rows; k++) {
      if (reference_at(&cells, k, "id") != reference_at(&want, i, "id")) continue;
      tables.strata = reference_count(&cells, k, "stratum") + 1;
      tables.categories = reference_count(&cells, k, "category") + 1;
      unit[count] = reference_count(&cells, k, "unit");
      peers[count++] = reference_count(&cells, k, "peers");
    }
    struct eh_test got = eh_categories_pooled_test(&tables, 2.0, &pooled);
    ck_assert_uint_eq(pooled, reference_count(&want, i, "pooled"));
    ck_close(got.statistic, reference_at(&want, i, "statistic"), 1e-10);
    ck_close(got.df, reference_at(&want, i, "df"), 0.0);
    ck_close(got.log10_p, reference_at(&want, i, "log10_p"), 1e-9);
  }
  free(cells.values);
  free(want.values);
}
END_TEST

/* The plain form, with the rare ones together, as in another language. */
START_TEST(plain_forms) {
  static const uint64_t unit[] = {5, 2, 1, 7, 1, 2}, peers[] = {60, 20, 10, 80, 15, 12};
  static const uint64_t lone_unit[] = {10, 7}, lone_peers[] = {200, 60};
  struct eh_category_tables two = {2, 3, unit, peers}, lone = {1, 2, lone_unit, lone_peers};
  ck_close(eh_categories_test(&two).statistic, .479183438634, 1e-11);
  ck_close(eh_categories_test(&two).p, .786949091599, 1e-11);
  ck_close(eh_categories_test(&lone).statistic, 2.84035543035, 1e-11);
}
END_TEST

/* Of two outcomes the test is the exact one of either. */
START_TEST(two_outcomes_have_the_exact_p) {
  static const uint64_t unit[] = {3, 9, 0, 2}, peers[] = {60, 50, 7, 1};
  struct eh_category_tables tables = {2, 2, unit, peers};
  static const struct eh_table as_tables[] = {{3, 12, 60, 110}, {0, 2, 7, 8}};
  struct eh_arena *arena = eh_arena_new();
  size_t pooled;
  struct eh_test got = eh_categories_pooled_test(&tables, 2.0, &pooled);
  ck_close(got.p, eh_exact_mid_p(eh_exact_new(arena, as_tables, 2)).mid_p, 1e-10);
  ck_close(got.df, 1.0, 0.0);
  eh_arena_free(arena);
}
END_TEST

/* Outcomes that never meet in a stratum are two questions. */
START_TEST(blocks_of_categories_add_up) {
  static const uint64_t unit[] = {6, 3, 0, 0, 0, 0, 2, 9}, peers[] = {30, 40, 0, 0, 0, 0, 50, 40};
  struct eh_category_tables both = {2, 4, unit, peers};
  static const uint64_t first_unit[] = {6, 3}, first_peers[] = {30, 40};
  static const uint64_t second_unit[] = {2, 9}, second_peers[] = {50, 40};
  struct eh_category_tables first = {1, 2, first_unit, first_peers};
  struct eh_category_tables second = {1, 2, second_unit, second_peers};
  size_t none;
  struct eh_test got = eh_categories_pooled_test(&both, 0.0, &none);
  ck_close(got.df, 2.0, 0.0);
  ck_close(got.statistic,
           eh_categories_pooled_test(&first, 0.0, &none).statistic +
               eh_categories_pooled_test(&second, 0.0, &none).statistic,
           1e-11);
}
END_TEST

RUN_TESTS("categories", agrees_with_r, job_satisfaction, two_categories_are_cmh,
          differences_add_up_to_nothing, rank_is_found, blocks_that_end_early_leave_the_others,
          small_variances_count, yes_or_no_for_all_units_is_association,
          rare_categories_are_taken_together, rare_categories_raise_no_false_alarms,
          nothing_to_compare, large_counts, exact_scores, plain_forms,
          two_outcomes_have_the_exact_p, blocks_of_categories_add_up)
