/* Limits for pictures and plain rates: what chance does to a rate.
 *
 * The tests decide, not these: a picture cannot carry every stratum.
 */
#ifndef EVENHAND_STATS_LIMITS_H
#define EVENHAND_STATS_LIMITS_H

#include "engine/stats/tables.h"

/* The score interval of one rate (Wilson 1927); R: prop.test(correct = FALSE). Not applicable
   without records. events <= records; confidence between 0 and 1. */
struct eh_interval eh_rate_interval(uint64_t events, uint64_t records, double confidence);

/* How far from an expected rate p a unit of this many records comes with the given confidence, by
   chance and by a usual spread tau of the units' log odds (0: chance alone):
   expit(logit p -/+ z sqrt(1/(n p (1 - p)) + tau^2)) - p, a fraction. Its peers' own chance is left
   out. Not applicable for p = 0 or 1. records > 0. */
struct eh_figure eh_funnel_limit(double rate, double records, double tau, double confidence,
                                 bool high);

#endif
