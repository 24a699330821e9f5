/* Who differs: the unit, or its peers?
 *
 * Each unit is tested against all its peers together. Where one of six is far out, it pulls the
 * others' peers along, and all six are found: six findings, one fact. So of the units found in one
 * block (those that share kinds of case) the one furthest from the typical unit is named, then the
 * rest is looked at again with it left out of their peers: of those that still differ the furthest
 * is named next, until none does. Those that were not named were found only because the named ones
 * are among their peers.
 *
 * It takes a majority of sound records to say who is out of line. Where those named would hold more
 * than 40% of a block's records, the units differ from each other and nobody can be named; two
 * units alone differ from each other as a matter of course. Nothing is found here that was not
 * found before.
 */
#ifndef EVENHAND_STATS_WHO_H
#define EVENHAND_STATS_WHO_H

#include <stdbool.h>
#include <stddef.h>

enum eh_who {
  EH_WHO_NOBODY, /* not found */
  EH_WHO_UNIT,   /* it differs */
  EH_WHO_PEERS,  /* it differs only because units that do are among its peers */
  EH_WHO_PAIR,   /* it and its only peer differ from each other */
  EH_WHO_UNCLEAR /* these units differ from each other; who is out of line cannot be said */
};

/* "unit", "peers", "pair", "unclear"; "" of one that was not found. */
const char *eh_who_name(enum eh_who who);

struct eh_who_unit {
  bool found;
  size_t block;    /* below count */
  double records;  /* comparable ones */
  double distance; /* from the typical unit, in standard errors, at least 0 */
  double size;     /* of its difference from its peers, for units equally far; then their order */
};

/* Does a unit still differ with those that are named left out of its peers? named: by unit. */
typedef bool eh_still_differs(void *context, size_t unit, const bool *named);

/* who, named: by unit; named those who are EH_WHO_UNIT. Facts: a unit that differs is one, and so
   are a pair and a block in which nobody can be named; those who differ because of others are
   none. */
struct eh_who_differs {
  enum eh_who *who;
  bool *named;
  size_t facts;
};
void eh_who_differs(const struct eh_who_unit *units, size_t count, eh_still_differs *still_differs,
                    void *context, struct eh_who_differs *result);

#endif
