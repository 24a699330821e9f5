/* Never and always: kinds of case in which nobody, or everybody, had the event, whoever decided.
 *
 * A policy that says "case by case" should show few of these. They describe and flag nothing: with
 * each stands how often the event may be for all that so many records show (Clopper and Pearson).
 */
#ifndef EVENHAND_AUDIT_BEHIND_EXTREMES_H
#define EVENHAND_AUDIT_BEHIND_EXTREMES_H

#include "engine/audit/result.h"

enum { EH_EXTREME_RECORDS = 30, EH_MOST_EXTREMES = 100 };

enum eh_extreme_kind {
  EH_EXTREME_LEVEL,     /* one value of one factor, whatever the others */
  EH_EXTREME_SITUATION, /* values of all factors together */
  EH_EXTREME_UNIT       /* one unit, whatever its cases */
};
/* "one factor", "kind of case", "unit" */
const char *eh_extreme_kind_name(enum eh_extreme_kind kind);

struct eh_extreme {
  const struct eh_comparison_result *comparison;
  enum eh_extreme_kind kind;
  const char *what; /* "criminal_history: felony" */
  bool always;      /* else never */
  uint64_t records; /* at least EH_EXTREME_RECORDS */
  double limit; /* the event's rate is at most (never) or at least (always) this, by the measure's
                   confidence */
};
struct eh_extremes {
  struct eh_extreme *items; /* by measure, then kind, the most records first */
  size_t count;
  size_t left_out; /* beyond EH_MOST_EXTREMES of one measure and kind */
};

/* The audit with them: of each measure of an event in the first comparison that has it. In the
 * arena. */
const struct eh_audit *eh_extremes_add(struct eh_arena *arena, const struct eh_audit *audit);

#endif
