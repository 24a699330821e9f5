/* The situations that carry a finding: what kinds of case its difference is made of. */
#ifndef EVENHAND_AUDIT_BEHIND_SITUATIONS_H
#define EVENHAND_AUDIT_BEHIND_SITUATIONS_H

#include "engine/audit/result.h"

enum { EH_MOST_SITUATIONS = 20 };

/* Counts of one stratum, or of several taken together. */
struct eh_situation {
  uint32_t stratum; /* of the first; meaningless for several */
  size_t strata;
  uint64_t records, events;
  uint64_t peer_records, peer_events;
  double expected; /* sum n1 c/n2: events had its peers decided its cases; 0 without peers */
};

struct eh_situations {
  struct eh_situation *items; /* from the largest contribution in the finding's direction down */
  size_t count;
  struct eh_situation rest;     /* the other comparable strata; strata is 0 when there are none */
  struct eh_situation unshared; /* strata without peers: they contribute nothing */
};

/* The records of each stratum, over all units; in the arena. */
struct eh_stratum_total {
  uint64_t records, events;
};
const struct eh_stratum_total *eh_stratum_totals(struct eh_arena *arena,
                                                 const struct eh_cells *cells);

/* At most `most` situations of a unit. The contributions (events - expected) of items and rest add
   up to its difference x comparable records. None where the measure asks for a category or a value:
   its cells count no events. */
struct eh_situations eh_situations(struct eh_arena *arena, const struct eh_cells *cells,
                                   const struct eh_stratum_total *totals,
                                   const struct eh_result *result, size_t most);

/* By strata column: does it tell some of the unit's strata apart? In the arena. */
const bool *eh_strata_varying(struct eh_arena *arena, const struct eh_cells *cells,
                              const struct eh_unit *unit);
/* A stratum in words, by those columns: "stage: charging; detained: N"; in the arena. "all records"
 * where there are none. */
const char *eh_stratum_say(struct eh_arena *arena, const struct eh_rules *rules,
                           const struct eh_cells *cells, const bool *varying, uint32_t stratum);

#endif
