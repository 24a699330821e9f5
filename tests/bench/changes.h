/* Worlds in which units change, or seem to, for monitoring: made as tables by period, judged by the
 * program's own functions. */
#ifndef EVENHAND_TESTS_BENCH_CHANGES_H
#define EVENHAND_TESTS_BENCH_CHANGES_H

#include "engine/audit/monitoring/monitoring.h"
#include "engine/base/random.h"

enum { CHANGES_PERIODS = 36, CHANGES_UNITS = 12, CHANGES_KINDS = 4 };

struct changes_world {
  const char *name;
  size_t units, kinds;
  double records; /* of a unit and month, on average */
  double rates[CHANGES_KINDS];
  double standing;         /* standard deviation of the units', log odds */
  double month;            /* of a unit's months, independent */
  double wander, lasting;  /* of an autoregression, and how many months it lasts */
  double season;           /* amplitude, each unit at its own time of the year */
  double grows;            /* all units' records grow by this factor over the time; 0: not */
  bool one_grows, one_closes, has_gaps, mix_swings; /* of unit 0, of +1.0 or 1.2; see changes.c */
  double kind_spread;      /* a unit's log odds differ by this from kind to kind */
  size_t moved;            /* units, from 0, that change by `change` */
  double change;
  size_t at;               /* from this month on */
};

struct changes_tally {
  size_t unchanged, watched_ever, watched_peers; /* units; watched and then said to be the peers' */
  size_t moved, moved_found, moved_named;
  size_t delays[CHANGES_PERIODS + 1]; /* of moved units found: months after the change */
  size_t signals, false_signals; /* of unchanged units */
  size_t comparisons, with_false_signal;
  double false_share; /* sum over comparisons of the share of signals that are false */
  size_t held, dated;  /* the 95% of periods hold the month of change, of those moved and found */
};
void changes_run(const struct changes_world *world, size_t comparisons, uint64_t seed,
                 size_t threads, struct changes_tally *tally);
/* The middle delay; CHANGES_PERIODS where half were not found. */
size_t changes_median(const struct changes_tally *tally);

/* The worlds of the tables. */
extern const struct changes_world changes_worlds[];
extern const size_t changes_world_count;

#endif
