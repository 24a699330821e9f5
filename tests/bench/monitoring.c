/* Does monitoring keep its promise? The table of tests/CALIBRATION.md: `make bench-stats`. */
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/parallel.h"
#include "tests/bench/changes.h"

static double percent(size_t part, size_t of) { return of ? 100.0 * (double)part / (double)of : 0.0; }

int main(int argc, char **argv) {
  size_t comparisons = argc > 2 ? strtoul(argv[2], NULL, 10) : 200;
  uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
  puts("\n### Monitoring\n");
  puts("| world | unchanged ever watched | of comparisons, a false signal | false among signals | "
       "moved found | median months | said to be the unit | 95% hold the month |");
  puts("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
  for (size_t i = 0; i < changes_world_count; i++) {
    struct changes_tally t;
    changes_run(&changes_worlds[i], comparisons, seed, eh_processors(), &t);
    printf("| %s | %.1f%% (%.1f by peers) | %.1f%% | %.1f%% |", changes_worlds[i].name,
           percent(t.watched_ever, t.unchanged), percent(t.watched_peers, t.unchanged),
           percent(t.with_false_signal, t.comparisons),
           100.0 * t.false_share / (double)t.comparisons);
    if (t.moved)
      printf(" %.1f%% | %zu | %.1f%% | %.1f%% |\n", percent(t.moved_found, t.moved),
             changes_median(&t), percent(t.moved_named, t.moved), percent(t.held, t.dated));
    else
      puts(" - | - | - | - |");
    fflush(stdout);
  }
  return 0;
}
