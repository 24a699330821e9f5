/* The headline: the unit's own caseload, had its peers decided it.
 *
 * Each of the unit's strata is given the event rate its peers had there; the events this makes are
 * "expected". The difference between what happened and that, per record, is what an auditor can act
 * on: "31 points more often than its peers in the same cases". It supposes nothing about the
 * difference being the same from stratum to stratum.
 */
#ifndef EVENHAND_STATS_DIFFERENCE_H
#define EVENHAND_STATS_DIFFERENCE_H

#include "engine/stats/dependence.h"

/* Over comparable strata: expected E = sum n1 c/n2, difference = (sum a - E)/sum n1 (indirect
   standardisation, the unit left out of the standard). Where at least 10 events and 10 others were
   had, and expected, with the interval of an inverted Sato-type variance (after Klingenberg 2014),
   clipped to [-1, 1]; where the unit dominates its strata and differs by stratum, that variance can
   fall below half of the strata's own binomial one, which then takes its place. Where they are
   fewer, with that of score_interval.h: the other one is too short on one side. */
struct eh_difference {
  uint64_t comparable;         /* the unit's records in comparable strata */
  uint64_t events;             /* of these, with the event */
  double expected;             /* events its peers would have had */
  struct eh_interval interval; /* a fraction in [-1, 1]; none without comparable records */
  bool few;                    /* fewer than 10: the score interval */
};
struct eh_difference eh_difference(const struct eh_table *tables, size_t count, double confidence);
/* The same where decisions depend on each other: its variance times the design effect, and
   Student's t. */
struct eh_difference eh_difference_by_design(const struct eh_table *tables, size_t count,
                                             double confidence, struct eh_design design);
/* With the Sato-type interval whatever the counts; no limits where its width is 0. */
struct eh_difference eh_difference_sato(const struct eh_table *tables, size_t count,
                                        double confidence, struct eh_design design);

/* The unit's rate less its peers' over all records, strata forgotten: also those without peers or
   without the unit. */
struct eh_figure eh_crude_difference(uint64_t unit_events, uint64_t unit_records,
                                     uint64_t peer_events, uint64_t peer_records);

#endif
