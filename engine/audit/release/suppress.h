/* Which units of a table a release to the public may show.
 *
 * The table counts, for each unit and measure, records and among them events; beside its units a
 * release gives the sums over all units, and over those that it does not show. A unit is shown with
 * all of its measures or not at all, because measures share records: what one leaves out could be
 * had from two others.
 *
 *   small  in some measure, fewer than threshold records have the event, or do not have it
 *          (primary suppression; 0 is fewer, too: that nobody was released tells of everybody)
 *   cover  not small, and yet not shown: it hides the small ones (complementary suppression)
 *
 * With J >= 1 covers the units not shown have, together, at least (J + 1) x threshold events and as
 * many records without the event, in every measure. That is enough, even for a reader who knows
 * this program and so which units are covers. A small unit may have had nothing: give its records
 * to a cover. It may have had as much as the threshold of each: deal what the units not shown have,
 * record by record, out among the J covers and this unit, and each has at least the threshold of
 * events and of others, in every measure, so that every cover is one still. So the range of values
 * that fit what is published holds 0 to threshold for each suppressed count, whatever the measures
 * have to do with each other. The covers are chosen by a digest of their names, not by their size,
 * which would tell of their size.
 *
 * A reader who knows one unit of those not shown can do more; so can one who knows that a unit
 * cannot have had a kind of record.
 */
#ifndef EVENHAND_AUDIT_RELEASE_SUPPRESS_H
#define EVENHAND_AUDIT_RELEASE_SUPPRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/base/memory.h"

struct eh_public_count {
  uint64_t records, events; /* events at most records */
};

struct eh_public_table {
  const char *const *units; /* names: all different */
  size_t unit_count;
  const struct eh_public_count *counts; /* of unit u in measure m: [u * measure_count + m] */
  size_t measure_count;
  uint64_t threshold; /* at least 2 */
};

enum eh_public_kind { EH_PUBLIC_SHOWN, EH_PUBLIC_SMALL, EH_PUBLIC_COVER };

struct eh_suppression {
  const enum eh_public_kind *kinds; /* by unit */
  size_t shown, small, covers;      /* units */
  bool is_withheld; /* nothing of the table can be shown, its sums included: not enough covers */
};

/* The measures to release: the first, and each further one in turn with which at most half of the
 * units are small; the others would hide more than they show. kept: their numbers, ascending, room
 * for all. Returns how many. */
size_t eh_public_measures(const struct eh_public_table *table, size_t *kept);

struct eh_suppression eh_suppress(struct eh_arena *arena, const struct eh_public_table *table);

/* Counts that stand in no table can be had by subtracting one measure's from another's, those of
 * measures that are left out among them. So what is shown is rounded, and such a difference known
 * to within that only.
 *
 * The step for counts: the least of 1, 2, 5, 10, 20, 50 ... that is at least threshold - 1. Each
 * published count stands for that many. */
uint64_t eh_public_step(uint64_t threshold);
/* To the nearest multiple of step, halves up. */
uint64_t eh_public_round(uint64_t count, uint64_t step);

/* The step for rates and differences of so many records, in percent: the least of 1, 2, 5, 10, 20
 * that is worth at least a step of counts; 0: none is. */
unsigned eh_public_percent_step(uint64_t records, uint64_t step);

#endif
