/* Monitoring keeps its promise in worlds whose truth is known (a small part of `make bench-stats`),
 * and says what it found. */
#include <string.h>

#include "engine/base/parallel.h"
#include "tests/bench/changes.h"
#include "tests/test.h"

/* Sanitizers are slow, and look for something else. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { COMPARISONS = 6 };
#else
enum { COMPARISONS = 30 };
#endif

static const struct changes_world *world_named(const char *name) {
  for (size_t i = 0; i < changes_world_count; i++)
    if (strcmp(changes_worlds[i].name, name) == 0) return &changes_worlds[i];
  ck_abort_msg("no world is called %s", name);
}

static double share(size_t part, size_t of) { return of ? (double)part / (double)of : 0.0; }

/* At most 5% of unchanged units are ever watched, and three standard errors; where units wander for
   as long as half a year, the paper says what was found. */
START_TEST(unchanged_units_are_hardly_watched) {
  static const struct {
    const char *world;
    double most;
  } rows[] = {{"nothing changes", 0.05},
              {"2% events", 0.05},
              {"months vary by 0.3", 0.05},
              {"all grow 20 to 400, months vary 0.3", 0.05},
              {"odds ratios by kind, mix swings", 0.05},
              {"unlike unit closes, another takes over", 0.05},
              {"unlike unit grows 20-fold", 0.05},
              {"gaps, and one opens", 0.05},
              {"seasons 0.5", 0.05},
              {"wander 0.3 over 3 months", 0.08}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct changes_tally t;
    changes_run(world_named(rows[i].world), COMPARISONS, 1, eh_processors(), &t);
    double watched = share(t.watched_ever, t.unchanged),
           error = sqrt(rows[i].most * (1.0 - rows[i].most) / (double)t.unchanged);
    ck_assert_msg(t.unchanged == 6 * COMPARISONS, "%s: %zu", rows[i].world, t.unchanged);
    ck_assert_msg(watched <= rows[i].most + 3.0 * error, "%s: %.4f are watched", rows[i].world,
                  watched);
    ck_assert_msg(share(t.with_false_signal, t.comparisons) <= 0.05 + 3.0 * 0.22 / sqrt(COMPARISONS),
                  "%s: false signals", rows[i].world);
  }
}
END_TEST

START_TEST(changes_are_found_soon) {
  static const struct {
    const char *world;
    double found, named;
    size_t median;
  } rows[] = {{"one of 6 by 0.7", 0.9, 0.75, 8},
              {"one of 6 by 1.1", 0.95, 0.9, 4},
              {"two of 12 by 0.7", 0.9, 0.8, 8}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct changes_tally t;
    changes_run(world_named(rows[i].world), COMPARISONS, 1, eh_processors(), &t);
    ck_assert_msg(share(t.moved_found, t.moved) >= rows[i].found, "%s: found", rows[i].world);
    ck_assert_msg(share(t.moved_named, t.moved) >= rows[i].named, "%s: named", rows[i].world);
    ck_assert_msg(changes_median(&t) <= rows[i].median, "%s: after %zu months", rows[i].world,
                  changes_median(&t));
    ck_assert_msg(share(t.held, t.dated) >= 0.8, "%s: when", rows[i].world);
    ck_assert_msg(t.false_share / (double)t.comparisons <= 0.1, "%s: false signals", rows[i].world);
  }
}
END_TEST

/* The same on any number of threads. */
START_TEST(threads_change_nothing) {
  struct changes_tally one, two;
  changes_run(world_named("one of 6 by 0.7"), 4, 3, 1, &one);
  changes_run(world_named("one of 6 by 0.7"), 4, 3, 2, &two);
  ck_assert_int_eq(memcmp(&one, &two, sizeof one), 0);
}
END_TEST

RUN_TESTS("audit/monitoring", unchanged_units_are_hardly_watched, changes_are_found_soon,
          threads_change_nothing)
