/* A release to the public: what of an audit can be shown to everybody.
 *
 *   release = eh_release_make(arena, audit, threshold, threads)
 *
 * It holds one table, of the units of the first comparison of the rules that is not across
 * individuals, and of its yes/no measures; nothing of any one record, person or officer. Tables
 * across other columns count the same records, and could be subtracted from this one. Units that
 * cannot be shown (suppress.h) count only in two sums. Counts are rounded. The differences
 * are those of an audit of the units shown, alone, so that they tell nothing of the others.
 *
 * What is published is exactly what stands in this value: reports write it and have nothing else.
 */
#ifndef EVENHAND_AUDIT_RELEASE_RELEASE_H
#define EVENHAND_AUDIT_RELEASE_RELEASE_H

#include "engine/audit/result.h"

/* Counts rounded to the release's step; the rate of these, in percent, rounded to a multiple of
 * percent_step. The rate of the counts before rounding would tell more than they do: of 80 records,
 * 30 events and 20%, to the nearest 10 and 20%, there is one pair only, 25 of 84. */
struct eh_release_count {
  uint64_t records, events;
  unsigned percent, percent_step; /* step 0: too few records for a rate */
  unsigned percent_within;        /* that of the counts before rounding is no further away */
};

/* A unit's difference from the other units shown, in points, rounded to a multiple of step: that
 * of its comparable records, or of the others' in its strata where these are fewer. It is moved by
 * what rounding the counts of both sides makes of their rates: without strata it follows from the
 * rounded counts alone. low and high hold the interval before all rounding, however it fell out. */
struct eh_release_difference {
  const char *why_not; /* NULL: there is one */
  unsigned step, within; /* that of the counts before rounding is no further away, without strata */
  int points, low, high;
  const char *finding; /* "higher", "lower", "" */
};

struct eh_release_unit {
  const char *name;
  const struct eh_release_count *counts;           /* by measure */
  const struct eh_release_difference *differences; /* by measure */
};

struct eh_release_measure {
  const struct eh_measure *measure;
  struct eh_release_count all, others; /* over all units: a sum of what is shown; those not shown */
  uint64_t findings; /* of units, in the audit: rounded; 0: fewer than the threshold */
  uint64_t stand;    /* of them here */
};

/* How much individuals differ in a comparison: no more than how many there are. A count under the
 * threshold is 0, and so is what follows from so few. */
struct eh_release_individuals {
  const struct eh_measure *measure;
  const char *across;
  uint64_t count, testable, findings; /* rounded; 0: fewer than the threshold */
  bool has_range;
  unsigned low, high; /* the usual range of the rate, in whole percent */
};

struct eh_release {
  const struct eh_rules *rules;
  uint64_t threshold, step;
  const char *across; /* the table's column; NULL: the rules have no comparison that can be shown */
  const char *withheld; /* why there is no table; NULL: there is one */
  const struct eh_release_measure *measures;
  size_t measure_count;
  struct eh_texts left_out;            /* names of measures in which too many units are small */
  const struct eh_release_unit *units; /* those shown, by name */
  size_t unit_count;
  struct eh_texts not_shown; /* names of the other units */
  const struct eh_release_individuals *individuals;
  size_t individual_count;
  struct eh_texts notes; /* what a reader must know: one sentence each */
};

/* In the arena; the audit must outlive it. threshold: at least 2. */
const struct eh_release *eh_release_make(struct eh_arena *arena, const struct eh_audit *audit,
                                         uint64_t threshold, size_t threads);

#endif
