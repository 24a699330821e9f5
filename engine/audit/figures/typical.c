#include "engine/audit/figures/typical.h"

#include <stdlib.h>

enum { FEWEST_UNITS = 5 }; /* of which one is typical */

struct weighted {
  double difference;
  uint64_t records;
};

static int by_difference(const void *left, const void *right) {
  const struct weighted *a = left, *b = right;
  return (a->difference > b->difference) - (a->difference < b->difference);
}

/* The difference with half of all comparable records on each side; between two that share the
   middle, their mean. Reorders units. */
static double weighted_median(struct weighted *units, size_t count) {
  double all = 0.0, reached = 0.0;
  for (size_t i = 0; i < count; i++) all += (double)units[i].records;
  qsort(units, count, sizeof *units, by_difference);
  size_t at = 0;
  while (at + 1 < count && 2.0 * (reached + (double)units[at].records) < all)
    reached += (double)units[at++].records;
  bool is_shared = 2.0 * (reached + (double)units[at].records) == all && at + 1 < count;
  return is_shared ? units[at].difference + (units[at + 1].difference - units[at].difference) / 2.0
                   : units[at].difference;
}

/* What all units differ by in one outcome, as far as they do; returns how many. */
static size_t list_differences(const struct eh_comparison_result *c,
                               const struct eh_typical *typical, size_t outcome,
                               struct weighted *units) {
  size_t count = 0;
  for (size_t i = 0; i < c->result_count; i++) {
    const struct eh_result *r = &c->results[i];
    struct eh_figure difference = typical->difference_in(r, outcome);
    if (r->recorded && !difference.why_not)
      units[count++] = (struct weighted){difference.value, r->comparable};
  }
  return count;
}

void eh_typical_compare(struct eh_comparison_result *c, const struct eh_typical *typical,
                        struct eh_arena *scratch) {
  struct eh_arena_mark mark = eh_arena_mark(scratch);
  struct weighted *units = eh_arena_alloc(scratch, c->result_count, sizeof *units);
  for (size_t i = 0; i < c->result_count; i++)
    c->results[i].among.typical_difference =
        eh_no_figure(typical->why_not ? typical->why_not : "fewer than 5 units");
  for (size_t j = 0; j < typical->outcomes; j++) {
    size_t count = list_differences(c, typical, j, units);
    if (count < FEWEST_UNITS) continue;
    double median = weighted_median(units, count);
    for (size_t i = 0; i < c->result_count; i++) {
      struct eh_result *r = &c->results[i];
      if (typical->shown && typical->shown(r) != j) continue;
      struct eh_figure difference = typical->difference_in(r, j);
      r->among.typical_difference =
          difference.why_not ? difference : eh_figure(difference.value - median);
    }
  }
  eh_arena_reset(scratch, mark);
}
