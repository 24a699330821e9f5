/* Who a unit's peers were, table by table. Where an unlike unit closes, grows or opens among them,
 * the unit's odds ratio against them moves although it decides as ever. So each unit has one odds
 * psi, fitted from all tables together as in effects.h, and a table of a unit is taken at its
 * standing plus
 *
 *     shift = -ln(sum n_v psi_v/sum n_v)
 *
 * over the peers v that it has there. The fit here is a quick one: sweeps of psi <- sqrt(psi
 * right/left) from the last look's psi, each unit with one further event and one further other
 * against the middle, so that none has no odds; it corrects, and is not reported.
 */
#ifndef EVENHAND_STATS_PEER_MIX_H
#define EVENHAND_STATS_PEER_MIX_H

#include "engine/stats/tables.h"

/* What a unit did in a table. Those of one table stand together. */
struct eh_mix_cell {
  uint32_t table, unit;
  double records, events;
};
/* psi: by unit; where to begin (1 at first) and what came of it. */
void eh_peer_mix_fit(const struct eh_mix_cell *cells, size_t count, double *psi, size_t units);

#endif
