/* A plain share and a plain mean, with intervals that a goal can be held to. */
#ifndef EVENHAND_STATS_SHARE_H
#define EVENHAND_STATS_SHARE_H

#include "engine/stats/tables.h"

/* events of records, with the exact interval of Clopper and Pearson (1934), which holds at least
   what it promises; R: binom.test. None without records. */
struct eh_interval eh_exact_share(uint64_t events, uint64_t records, double confidence);

/* How often each of some values occurs, with Student's interval of their mean; R: t.test. No limits
   with fewer than two records, none at all without records. */
struct eh_interval eh_mean(const double *values, const uint64_t *records, size_t count,
                           double confidence);

#endif
