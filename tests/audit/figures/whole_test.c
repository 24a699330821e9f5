/* Where a unit worked, and who is in the middle: each against a plain count. */
#include "engine/audit/figures/whole.h"

#include <stdlib.h>
#include <string.h>

#include "engine/audit/figures/place.h"
#include "engine/base/random.h"
#include "tests/test.h"

enum { COLUMNS = 3, LABELS = 4, KINDS = LABELS * LABELS * LABELS };

static const char *const labels[] = {"north", "south", "east", "(not recorded)"};

/* Units with some records in some of all kinds of case; columns 10, 11 and 12 of the rules. */
static struct eh_cells draw_cells(struct eh_arena *arena, struct eh_random *random, size_t units) {
  struct eh_stratum_column *columns = eh_arena_alloc(arena, COLUMNS, sizeof *columns);
  uint32_t *codes = eh_arena_alloc(arena, KINDS * COLUMNS, sizeof *codes);
  struct eh_unit *unit = eh_arena_alloc(arena, units, sizeof *unit);
  struct eh_cell *cells = eh_arena_alloc(arena, units * KINDS, sizeof *cells);
  struct eh_cells drawn = {.columns = columns,
                           .codes = codes,
                           .units = unit,
                           .unit_count = units,
                           .column_count = COLUMNS,
                           .cells = cells,
                           .stratum_count = KINDS};
  for (int k = 0; k < COLUMNS; k++)
    columns[k] =
        (struct eh_stratum_column){.column = 10 + k, .labels = labels, .label_count = LABELS};
  for (uint32_t s = 0; s < KINDS; s++) {
    codes[s * COLUMNS] = s / LABELS / LABELS;
    codes[s * COLUMNS + 1] = s / LABELS % LABELS;
    codes[s * COLUMNS + 2] = s % LABELS;
  }
  for (uint32_t u = 0; u < units; u++) {
    unit[u].first_cell = drawn.cell_count;
    for (uint32_t s = 0; s < KINDS; s++) {
      if (eh_random_below(random, 20)) continue;
      uint32_t records = 1 + (uint32_t)eh_random_below(random, 3);
      cells[drawn.cell_count++] =
          (struct eh_cell){u, s, records, (uint32_t)eh_random_below(random, records + 1)};
    }
    unit[u].cell_count = drawn.cell_count - unit[u].first_cell;
  }
  return drawn;
}

/* The within columns' labels of a stratum, each with a line end. */
static void name_group(const struct eh_cells *cells, const struct eh_comparison *comparison,
                       uint32_t stratum, char text[64]) {
  *text = '\0';
  for (size_t w = 0; w < comparison->within_count; w++) {
    size_t column = (size_t)comparison->within[w] - 10;
    strcat(text, labels[cells->codes[stratum * COLUMNS + column]]);
    strcat(text, "\n");
  }
}

/* Most records; of equals the group that comes first among the unit's cells. */
START_TEST(place) {
  static const int within[] = {12, 10, 11};
  struct eh_random random = eh_random_seeded(3, (uint64_t)_i);
  struct eh_arena *arena = eh_arena_new();
  struct eh_cells cells = draw_cells(arena, &random, 30);
  for (size_t count = 0; count <= COLUMNS; count++) {
    struct eh_comparison comparison = {.within = within, .within_count = count};
    struct eh_strata_list strata = eh_strata_of(arena, &comparison, &cells, 2);
    struct eh_comparison_result c = {.cells = &cells, .comparison = &comparison};
    for (size_t u = 0; u < cells.unit_count; u++) {
      const struct eh_unit *unit = &cells.units[u];
      char wanted[64] = "", group[64], other[64];
      uint64_t most = 0;
      uint32_t groups = 0;
      for (size_t i = 0; count && i < unit->cell_count; i++) {
        const struct eh_cell *own = &cells.cells[unit->first_cell];
        name_group(&cells, &comparison, own[i].stratum, group);
        uint64_t records = 0;
        bool is_first = true;
        for (size_t j = 0; j < unit->cell_count; j++) {
          name_group(&cells, &comparison, own[j].stratum, other);
          if (strcmp(group, other) != 0) continue;
          records += own[j].records;
          if (j < i) is_first = false;
        }
        groups += is_first;
        if (records <= most) continue;
        most = records;
        strcpy(wanted, group);
      }
      struct eh_result result = {.unit_index = u};
      eh_unit_place(arena, &strata, &c, &result);
      ck_assert_str_eq(result.place.group, wanted);
      ck_assert_uint_eq(result.place.groups, groups);
      *group = '\0';
      for (size_t w = 0; w < count && unit->cell_count; w++) {
        strcat(group, result.place.within[w]);
        strcat(group, "\n");
      }
      ck_assert_str_eq(group, wanted);
    }
  }
  eh_arena_free(arena);
}
END_TEST

static double rarer(const struct eh_result *r) {
  double others = (double)r->comparable - r->share.expected.value;
  return r->share.expected.value < others ? r->share.expected.value : others;
}

static double off(const struct eh_result *r) {
  double off = (double)r->share.events - r->share.expected.value;
  return off < 0.0 ? -off : off;
}

/* By caseload, then the rarer of what is expected, then how far off, then its place. */
static bool comes_before(const struct eh_result *a, const struct eh_result *b) {
  if (a->comparable != b->comparable) return a->comparable < b->comparable;
  if (rarer(a) < rarer(b) || rarer(a) > rarer(b)) return rarer(a) < rarer(b);
  if (off(a) < off(b) || off(a) > off(b)) return off(a) < off(b);
  return a->unit_index < b->unit_index;
}

START_TEST(median_unit) {
  struct eh_random random = eh_random_seeded(5, (uint64_t)_i);
  struct eh_result results[25] = {0};
  size_t units = (size_t)_i % 26, testable = 0;
  for (size_t i = 0; i < units; i++) {
    struct eh_result *r = &results[i];
    r->unit_index = units - i;
    r->comparable = 10 + eh_random_below(&random, 3);
    r->share.expected = eh_figure((double)(2 + eh_random_below(&random, 8)));
    r->share.events = eh_random_below(&random, 8);
    r->testable = eh_random_below(&random, 4) > 0;
    testable += r->testable;
  }
  struct eh_comparison_result c = {.results = results, .result_count = units};
  const struct eh_result *median = eh_whole_median_unit(&c);
  ck_assert((median != NULL) == (testable > 0));
  size_t before = 0;
  for (size_t i = 0; median && i < units; i++)
    before += results[i].testable && comes_before(&results[i], median);
  if (!median) return;
  ck_assert(median->testable);
  ck_assert_uint_eq(before, (testable - 1) / 2);
}
END_TEST

int main(void) {
  TCase *tcase = new_tests("whole");
  tcase_add_loop_test(tcase, place, 0, 20);
  tcase_add_loop_test(tcase, median_unit, 0, 200);
  return run_case("whole", tcase);
}
