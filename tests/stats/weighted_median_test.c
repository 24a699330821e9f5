/* The weighted median against sorting: any weights, ties, and a part of the values only. */
#include "engine/stats/weighted_median.h"

#include <stdlib.h>

#include "engine/base/random.h"
#include "tests/test.h"

enum { MOST = 40 };

static int by_value(const void *left, const void *right) {
  const struct eh_weighted *a = left, *b = right;
  return (a->value > b->value) - (a->value < b->value);
}

/* Items sorted by value. */
static double by_sorting(const struct eh_weighted *items, size_t count, double total) {
  double reached = 0.0;
  for (size_t i = 0; i < count; i++) {
    reached += items[i].weight;
    if (2.0 * reached > total) return items[i].value;
    if (2.0 * reached == total) return items[i].value + (items[i + 1].value - items[i].value) / 2.0;
  }
  return items[count - 1].value;
}

static size_t draw(struct eh_random *random, struct eh_weighted *items, double *total) {
  size_t count = 1 + eh_random_below(random, MOST);
  *total = 0.0;
  for (size_t i = 0; i < count; i++) {
    items[i] = (struct eh_weighted){(double)eh_random_below(random, 30),
                                    (double)(1 + eh_random_below(random, 6))};
    *total += items[i].weight;
  }
  return count;
}

START_TEST(is_that_of_the_sorted) {
  struct eh_random random = eh_random_seeded(11, 0);
  for (int trial = 0; trial < 2000; trial++) {
    struct eh_weighted items[MOST], sorted[MOST];
    double total;
    size_t count = draw(&random, items, &total);
    for (size_t i = 0; i < count; i++) sorted[i] = items[i];
    qsort(sorted, count, sizeof *sorted, by_value);
    ck_close(eh_weighted_median(items, count, 0.0, total), by_sorting(sorted, count, total), 1e-15);
  }
}
END_TEST

/* Values at both ends are left out as long as the median, or both that share it, are not. */
START_TEST(needs_those_around_it_only) {
  struct eh_random random = eh_random_seeded(12, 0);
  for (int trial = 0; trial < 2000; trial++) {
    struct eh_weighted items[MOST];
    double total, before = 0.0;
    size_t count = draw(&random, items, &total), first = 0;
    qsort(items, count, sizeof *items, by_value);
    double want = by_sorting(items, count, total);
    while (items[first].value < want - 8.0) before += items[first++].weight;
    while (items[count - 1].value > want + 8.0) count--;
    if (first > 0 && 2.0 * before == total) continue;
    double reached = before;
    for (size_t i = first; i < count; i++) reached += items[i].weight;
    if (!(2.0 * reached > total)) continue;
    ck_close(eh_weighted_median(items + first, count - first, before, total), want, 1e-15);
  }
}
END_TEST

RUN_TESTS("weighted_median", is_that_of_the_sorted, needs_those_around_it_only)
