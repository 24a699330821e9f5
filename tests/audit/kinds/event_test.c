/* A measure of an event: which units can be tested together, against a plain count. */
#include "engine/audit/kinds/kinds.h"
#include "engine/stats/association.h"
#include "tests/test.h"

/* Units in a chain, each sharing one kind of case with the next: as many as can be tested together,
   and one more. A kind of case in which all went one way ties nobody. */
START_TEST(blocks_too_large) {
  enum { MOST = EH_ASSOCIATION_LARGEST_BLOCK };
  struct eh_arena *arena = eh_arena_new();
  for (uint32_t units = MOST; units <= MOST + 2; units++)
    for (uint32_t broken = 0; broken < 2; broken++) {
      struct eh_cell *cells = eh_arena_alloc(arena, 2 * (size_t)units, sizeof *cells);
      struct eh_stratum *strata = eh_arena_alloc(arena, units, sizeof *strata);
      size_t count = 0;
      for (uint32_t u = 0; u < units; u++) {
        for (uint32_t s = u ? u - 1 : 0; s <= u && s + 1 < units; s++) {
          bool all_went_one_way = broken && s == MOST / 2;
          cells[count] = (struct eh_cell){u, s, 2, all_went_one_way ? 2 * (units % 2) : 1};
          strata[s].records += cells[count].records;
          strata[s].events += cells[count++].events;
        }
      }
      struct eh_cells all = {
          .cells = cells, .cell_count = count, .unit_count = units, .stratum_count = units};
      struct eh_comparison_result c = {.cells = &all};
      eh_kind_of(EH_MEASURE_EVENT)->associate(arena, strata, &c);
      ck_assert_ptr_null(c.overall.why_not);
      ck_assert_msg(c.overall_diagonal == (units > MOST && !broken), "%u units", units);
    }
  eh_arena_free(arena);
}
END_TEST

int main(void) {
  TCase *tcase = new_tests("event");
  tcase_add_test(tcase, blocks_too_large);
  return run_case("event", tcase);
}
