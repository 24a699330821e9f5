#include "engine/stats/association.h"

#include "engine/base/random.h"
#include "engine/stats/mantel_haenszel.h"
#include "tests/stats/reference.h"
#include "tests/stats/trials.h"

enum { MOST_CELLS = 2000 };

static size_t cells_of(const struct reference *r, double id, struct eh_association_cell *cells) {
  size_t count = 0;
  for (size_t i = 0; i < r->rows; i++) {
    if (reference_at(r, i, "id") != id) continue;
    ck_assert_uint_lt(count, MOST_CELLS);
    cells[count++] =
        (struct eh_association_cell){.stratum = (uint32_t)reference_at(r, i, "stratum"),
                                     .unit = (uint32_t)reference_at(r, i, "unit"),
                                     .n = reference_count(r, i, "n"),
                                     .events = reference_count(r, i, "events")};
  }
  return count;
}

static int by_stratum(const void *left, const void *right) {
  const struct eh_association_cell *a = left, *b = right;
  if (a->stratum != b->stratum) return a->stratum < b->stratum ? -1 : 1;
  return (a->unit > b->unit) - (a->unit < b->unit);
}

START_TEST(agrees_with_r) {
  struct reference all = reference_read("association_cells");
  struct reference want = reference_read("association_values");
  static struct eh_association_cell cells[MOST_CELLS];
  for (size_t i = 0; i < want.rows; i++) {
    size_t count = cells_of(&all, reference_at(&want, i, "id"), cells);
    struct eh_association got = eh_association(cells, count);
    ck_close(got.test.statistic, reference_at(&want, i, "statistic"), 1e-9);
    ck_close(got.test.df, reference_at(&want, i, "df"), 0.0);
    ck_assert_uint_eq(got.units - got.blocks, (size_t)got.test.df);
  }
  free(all.values);
  free(want.values);
}
END_TEST

/* UCBAdmissions: departments as units, gender as the factor, admission as the event. */
START_TEST(admissions_by_department) {
  struct eh_association_cell cells[12];
  const uint64_t *x = known_data[UCB].x;
  for (size_t gender = 0; gender < 2; gender++)
    for (size_t unit = 0; unit < 6; unit++) {
      const uint64_t *department = x + 4 * unit + 2 * gender;
      cells[6 * gender + unit] = (struct eh_association_cell){
          (uint32_t)gender, (uint32_t)unit, department[0] + department[1], department[0]};
    }
  struct eh_association got = eh_association(cells, 12);
  ck_close(got.test.statistic, 684.222591, 1e-9);
  ck_close(got.test.df, 5.0, 0.0);
  ck_assert_uint_eq(got.blocks, 1);
  ck_assert_uint_eq(got.largest_block, 6);
}
END_TEST

START_TEST(six_judges) {
  static const struct eh_association_cell judges[] = {{0, 0, 149, 2},   {0, 1, 165, 49},
                                                      {0, 2, 269, 172}, {0, 3, 346, 277},
                                                      {0, 4, 167, 145}, {0, 5, 137, 122}};
  static const double roots[] = {-16.334836, -9.249924, .663276, 8.071162, 7.054262, 6.870648};
  ck_close(eh_association(judges, 6).test.statistic, 440.884511, 3e-9);
  for (size_t i = 0; i < 6; i++) {
    struct eh_table t = {judges[i].events, judges[i].n, 767 - judges[i].events, 1233 - judges[i].n};
    struct eh_cmh cmh = eh_cmh(&t, 1);
    ck_close(copysign(sqrt(cmh.test.statistic), cmh.deviation), roots[i], 1e-6);
  }
}
END_TEST

START_TEST(two_units_are_cmh) {
  struct eh_table tables[8];
  size_t count = known_tables(RABBITS, tables);
  struct eh_association_cell cells[16];
  for (size_t k = 0; k < count; k++) {
    cells[2 * k] = (struct eh_association_cell){(uint32_t)k, 7, tables[k].n1, tables[k].a};
    cells[2 * k + 1] = (struct eh_association_cell){(uint32_t)k, 3, tables[k].n2, tables[k].c};
  }
  struct eh_association got = eh_association(cells, 2 * count);
  ck_close(got.test.statistic, eh_cmh(tables, count).test.statistic, 1e-13);
  ck_close(got.test.df, 1.0, 0.0);
  /* the unit with the highest number comes first, and once */
  count = known_tables(MIGRAINE, tables);
  cells[0] = (struct eh_association_cell){0, 7, tables[0].n1, tables[0].a};
  cells[1] = (struct eh_association_cell){0, 3, tables[0].n2, tables[0].c};
  ck_close(eh_association(cells, 2).test.statistic, eh_cmh(tables, 1).test.statistic, 1e-13);
}
END_TEST

/* Other names for units and strata, and events for non-events, change nothing. */
START_TEST(names_and_direction_change_nothing) {
  struct reference all = reference_read("association_cells");
  static struct eh_association_cell cells[MOST_CELLS];
  size_t count = cells_of(&all, 5, cells);
  struct eh_association one = eh_association(cells, count);
  ck_assert_uint_eq(one.blocks, 3);
  ck_assert_uint_eq(one.largest_block, 5);
  for (size_t i = 0; i < count; i++) {
    cells[i].stratum = 1000 - cells[i].stratum;
    cells[i].unit = (cells[i].unit * 3) % 11;
    cells[i].events = cells[i].n - cells[i].events;
  }
  qsort(cells, count, sizeof *cells, by_stratum);
  struct eh_association other = eh_association(cells, count);
  ck_close(other.test.statistic, one.test.statistic, 1e-11);
  ck_assert_double_eq(other.test.df, one.test.df);
  free(all.values);
}
END_TEST

START_TEST(blocks_add_up) {
  static const struct eh_association_cell cells[] = {{0, 0, 10, 3},  {0, 2, 12, 8}, {1, 1, 20, 5},
                                                     {1, 3, 30, 15}, {2, 1, 0, 0},  {2, 2, 9, 4},
                                                     {3, 4, 8, 0},   {3, 0, 5, 0}};
  struct eh_association both = eh_association(cells, 8);
  ck_assert_uint_eq(both.units, 4); /* unit 4 meets others only where nothing happens */
  ck_assert_uint_eq(both.blocks, 2);
  ck_close(both.test.df, 2.0, 0.0);
  ck_close(both.test.statistic,
           eh_association(cells, 2).test.statistic + eh_association(cells + 2, 2).test.statistic,
           1e-13);
}
END_TEST

START_TEST(nothing_to_compare) {
  static const struct eh_association_cell alone[] = {
      {0, 0, 10, 3}, {1, 1, 20, 5}, {2, 0, 4, 4}, {2, 1, 3, 3}};
  ck_assert_ptr_nonnull(eh_association(NULL, 0).test.why_not);
  struct eh_association got = eh_association(alone, 4);
  ck_assert_ptr_nonnull(got.test.why_not);
  ck_assert_uint_eq(got.units, 0);
}
END_TEST

START_TEST(units_linked_by_one_record_only) {
  /* The link weighs about 1e-9 of the rest; its degree of freedom must not be lost. */
  static const struct eh_association_cell cells[] = {{0, 0, 1000000000, 300000000},
                                                     {0, 1, 1000000000, 300010000},
                                                     {1, 2, 900000000, 200000000},
                                                     {1, 3, 800000000, 200000000},
                                                     {2, 1, 1, 1},
                                                     {2, 2, 1, 0}};
  struct eh_association got = eh_association(cells, 6);
  ck_close(got.test.df, 3.0, 0.0);
  /* the three comparisons are independent: the one-record stratum has D = 1/2, V = 1/4 */
  ck_close(
      got.test.statistic,
      eh_association(cells, 2).test.statistic + eh_association(cells + 2, 2).test.statistic + 1.0,
      1e-9);
}
END_TEST

START_TEST(too_many_units_say_so) {
  enum { UNITS = EH_ASSOCIATION_LARGEST_BLOCK + 1 };
  static struct eh_association_cell cells[UNITS];
  for (size_t i = 0; i < UNITS; i++)
    cells[i] = (struct eh_association_cell){0, (uint32_t)i, 3, i % 3};
  struct eh_association got = eh_association(cells, UNITS);
  ck_assert_str_eq(got.test.why_not, EH_ASSOCIATION_TOO_LARGE);
  ck_assert_uint_eq(got.largest_block, UNITS);
  got = eh_association(cells, 300); /* one stratum: (n-1)/n times Pearson's statistic */
  double pearson = 0.0;
  for (size_t i = 0; i < 300; i++) pearson += pow((double)(i % 3) - 1.0, 2) / (3.0 * (2.0 / 9.0));
  ck_close(got.test.statistic, pearson * 899.0 / 900.0, 1e-11);
  ck_close(got.test.df, 299.0, 0.0);
}
END_TEST

/* Each unit meets the next one in a stratum of their own: the largest block that is tested, and one
   more. */
START_TEST(the_largest_block_is_tested) {
  enum { STRATA = EH_ASSOCIATION_LARGEST_BLOCK };
  static struct eh_association_cell cells[2 * STRATA];
  for (size_t k = 0; k < STRATA; k++) {
    cells[2 * k] = (struct eh_association_cell){(uint32_t)k, (uint32_t)k, 3, 1};
    cells[2 * k + 1] = (struct eh_association_cell){(uint32_t)k, (uint32_t)k + 1, 3, 2};
  }
  struct eh_association got = eh_association(cells, 2 * (STRATA - 1));
  ck_assert_uint_eq(got.largest_block, EH_ASSOCIATION_LARGEST_BLOCK);
  ck_assert_ptr_null(got.test.why_not);
  ck_close(got.test.df, EH_ASSOCIATION_LARGEST_BLOCK - 1.0, 0.0);
  got = eh_association(cells, 2 * STRATA);
  ck_assert_str_eq(got.test.why_not, EH_ASSOCIATION_TOO_LARGE);
}
END_TEST

/* Of one stratum the diagonal form is the full one; of unequal units in two strata it is not. */
START_TEST(diagonal_of_one_stratum_is_exact) {
  static const struct {
    const struct trial *trial;
    double X, df;
  } want[] = {{&three_units, 133.705357143, 2},
              {&one_large_unit, 325.13809715, 10},
              {&one_of_six, 176.116333725, 5},
              {&sixty_units, 54.8774034536, 59}};
  struct eh_association_cell cells[2 * MOST_UNITS];
  for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
    size_t count = trial_cells(want[i].trial, cells);
    struct eh_test full = eh_association(cells, count).test;
    struct eh_test diagonal = eh_association_diagonal(cells, count);
    ck_close(full.statistic, want[i].X, 1e-9);
    ck_close(full.df, want[i].df, 0);
    ck_close(diagonal.statistic, want[i].X, 1e-9);
    ck_close(diagonal.df, want[i].df, 1e-12);
  }
  ck_close(eh_association(cells, trial_cells(&sixty_units, cells)).test.p, .628146842876, 1e-9);
  ck_close(eh_association(cells, trial_cells(&mirror, cells)).test.statistic, 13.6081112399, 1e-9);
  ck_assert_ptr_nonnull(eh_association_diagonal(cells, 0).why_not);
}
END_TEST

/* Many units that share strata well: both tests say the same where nobody differs. */
START_TEST(diagonal_of_many_units) {
  static struct eh_association_cell cells[5 * 300];
  enum { ROUNDS = 40 };
  double sum = 0, furthest = 0;
  for (uint64_t round = 0; round < ROUNDS; round++) {
    struct eh_random random = eh_random_seeded(17, round);
    size_t count = 0;
    for (uint32_t s = 0; s < 5; s++)
      for (uint32_t u = 0; u < 300; u++) {
        struct eh_association_cell *c = &cells[count++];
        *c = (struct eh_association_cell){s, u, 1 + eh_random_below(&random, 8), 0};
        for (uint64_t k = 0; k < c->n; k++) c->events += eh_random_uniform(&random) < 0.1 + 0.1 * s;
      }
    double full = eh_association(cells, count).test.p;
    double diagonal = eh_association_diagonal(cells, count).p;
    sum += diagonal / ROUNDS;
    furthest = fmax(furthest, fabs(full - diagonal));
  }
  ck_assert_double_eq_tol(sum, 0.5, 0.2);
  ck_assert_double_lt(furthest, 0.05);
}
END_TEST

RUN_TESTS("association", agrees_with_r, admissions_by_department, six_judges, two_units_are_cmh,
          names_and_direction_change_nothing, blocks_add_up, nothing_to_compare,
          units_linked_by_one_record_only, too_many_units_say_so, the_largest_block_is_tested,
          diagonal_of_one_stratum_is_exact, diagonal_of_many_units)
