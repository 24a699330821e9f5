/* Which fingerprints may stand in more than one record?
 *
 * Most ids stand in one record only, and then nothing more needs to be known of it. A first look at
 * 43 bits or more of each fingerprint, which takes little memory and time, leaves the few that must
 * be looked at whole.
 */
#ifndef EVENHAND_LOAD_REPEATED_H
#define EVENHAND_LOAD_REPEATED_H

#include "engine/load/records/records.h"

/* A set of fingerprints, as bits: it holds all that stand in several records, and some others. */
struct eh_repeated {
  bool any;       /* does it hold one? */
  uint64_t *bits; /* NULL: it holds all of them */
  uint64_t mask;  /* of a fingerprint: the number of its bit */
};

/* Fingerprints of 0 are not looked at. prints_of: those of a chunk. */
struct eh_repeated eh_repeated_find(const struct eh_records *records,
                                    const uint64_t *(*prints_of)(const struct eh_records *records,
                                                                 const struct eh_chunk *chunk));
void eh_repeated_free(struct eh_repeated *repeated);

static inline bool eh_repeated_has(const struct eh_repeated *repeated, uint64_t print) {
  if (!repeated->bits) return repeated->any && print != 0;
  uint64_t bit = print & repeated->mask;
  return print != 0 && (repeated->bits[bit / 64] >> bit % 64 & 1);
}

#endif
