/* Strata: totals, groups and missing factors, against one pass over all cells and pairs. */
#include "engine/audit/figures/strata.h"

#include <string.h>

#include "engine/base/random.h"
#include "tests/test.h"

enum { UNITS = 5, COLUMNS = 3, MOST_STRATA = 9000 };

struct world {
  struct eh_cells cells;
  struct eh_stratum_column columns[COLUMNS];
  uint32_t *codes;
};

/* Strata with drawn labels in three columns: 7, 11 and 400. The first two are factors; the first
   and the third are not always recorded. */
static struct world draw_world(struct eh_arena *arena, uint64_t seed, size_t strata) {
  static const size_t labels[COLUMNS] = {7, 11, 400};
  struct eh_random random = eh_random_seeded(seed, 0);
  struct world w = {.codes = eh_arena_alloc(arena, strata * COLUMNS, sizeof *w.codes)};
  for (size_t k = 0; k < COLUMNS; k++)
    w.columns[k] = (struct eh_stratum_column){.column = (int)(20 - 2 * k),
                                              .label_count = labels[k],
                                              .has_missing = k != 1,
                                              .is_factor = k < 2};
  for (size_t i = 0; i < strata * COLUMNS; i++)
    w.codes[i] = (uint32_t)eh_random_below(&random, labels[i % COLUMNS]);
  struct eh_cell *cells = eh_arena_alloc(arena, strata * UNITS, sizeof *cells);
  for (uint32_t u = 0; u < UNITS; u++)
    for (uint32_t s = 0; s < strata; s++) {
      if (eh_random_below(&random, 3) == 0) continue;
      uint32_t records = (uint32_t)(1 + eh_random_below(&random, 100));
      cells[w.cells.cell_count++] =
          (struct eh_cell){u, s, records, (uint32_t)eh_random_below(&random, records + 1)};
    }
  w.cells.cells = cells;
  w.cells.stratum_count = strata;
  w.cells.column_count = COLUMNS;
  w.cells.codes = w.codes;
  return w;
}

static void check(struct eh_arena *arena, struct world *w, const int *within, size_t within_count,
                  size_t threads) {
  struct eh_comparison comparison = {.within = within, .within_count = within_count};
  struct eh_arena_mark mark = eh_arena_mark(arena);
  w->cells.columns = w->columns;
  size_t strata = w->cells.stratum_count, groups = 0;
  struct eh_strata_list got = eh_strata_of(arena, &comparison, &w->cells, threads);
  uint64_t *records = eh_arena_alloc(arena, strata, sizeof *records);
  uint64_t *events = eh_arena_alloc(arena, strata, sizeof *events);
  for (size_t i = 0; i < w->cells.cell_count; i++) {
    records[w->cells.cells[i].stratum] += w->cells.cells[i].records;
    events[w->cells.cells[i].stratum] += w->cells.cells[i].events;
  }
  /* By all combinations: 1 and the number of the group. */
  uint32_t *known = eh_arena_alloc(arena, 7 * 11 * 400, sizeof *known);
  for (size_t s = 0; s < strata; s++) {
    const uint32_t *codes = w->codes + s * COLUMNS;
    ck_assert_uint_eq(got.items[s].records, records[s]);
    ck_assert_uint_eq(got.items[s].events, events[s]);
    ck_assert(got.lacks_factor[s] == (codes[0] == 6));
    uint32_t seen[COLUMNS] = {0};
    for (size_t k = 0; k < within_count; k++) {
      size_t place = (size_t)(20 - within[k]) / 2;
      seen[place] = codes[place];
    }
    uint32_t *number = &known[(seen[0] * 11 + seen[1]) * 400 + seen[2]];
    if (*number == 0) *number = (uint32_t)++groups;
    ck_assert_uint_eq(got.group[s], *number - 1);
  }
  ck_assert_uint_eq(got.groups, groups);
  eh_arena_reset(arena, mark);
}

START_TEST(totals_and_groups) {
  static const size_t sizes[] = {1, 32, 33, 150, 4095, 4096, MOST_STRATA};
  static const int within[] = {18, 16, 20};
  struct eh_arena *arena = eh_arena_new();
  struct world w = draw_world(arena, (uint64_t)_i, sizes[_i]);
  for (size_t count = 0; count <= COLUMNS; count++)
    for (size_t threads = 1; threads <= 20; threads += 7) check(arena, &w, within, count, threads);
  check(arena, &w, within + 1, 2, 2);
  ck_assert_uint_eq(eh_column_place(&w.cells, 20), 0);
  ck_assert_uint_eq(eh_column_place(&w.cells, 16), 2);
  eh_arena_free(arena);
}
END_TEST

/* Each stratum with a group of its own: the table of groups grows many times. */
START_TEST(as_many_groups_as_strata) {
  static const int within[] = {20, 18, 16};
  struct eh_arena *arena = eh_arena_new();
  struct world w = draw_world(arena, 99, MOST_STRATA);
  for (uint32_t s = 0; s < MOST_STRATA; s++) {
    w.codes[s * COLUMNS] = s % 7;
    w.codes[s * COLUMNS + 1] = s / 7 % 11;
    w.codes[s * COLUMNS + 2] = s / 77;
  }
  check(arena, &w, within, COLUMNS, 3);
  eh_arena_free(arena);
}
END_TEST

int main(void) {
  TCase *tcase = new_tests("strata");
  tcase_add_loop_test(tcase, totals_and_groups, 0, 7);
  tcase_add_test(tcase, as_many_groups_as_strata);
  return run_case("strata", tcase);
}
