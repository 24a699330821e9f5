/* The steps of finding records again: find.c goes over the row store (database_find.c asks a
 * database), choose.c chooses among the rows, found.c reads their texts. Internal to engine/load.
 */
#ifndef EVENHAND_LOAD_FIND_INTERNAL_H
#define EVENHAND_LOAD_FIND_INTERNAL_H

#include "engine/load/find/find.h"
#include "engine/load/records/records.h"

#define EH_IN_SAMPLE UINT32_MAX

/* A row that some request may use. */
struct eh_hit {
  size_t request;
  uint32_t place; /* of the request's stratum; EH_IN_SAMPLE: for the sample */
  bool is_peer;
  uint32_t day;
  uint64_t draw;
  size_t row; /* over all chunks */
};

struct eh_hits {
  struct eh_hit *items;
  size_t count, capacity;
};

void eh_hits_add(struct eh_hits *hits, const struct eh_hit *hit);
/* By request, place (the sample last) and draw. */
void eh_hits_sort(struct eh_hits *hits);

/* --- choose.c --- */

/* A random number for each case id (its print) and seed: independent of where the record stands. */
uint64_t eh_find_draw(uint64_t seed, uint64_t print);
/* Draws up to these make a record a candidate: for half of a pair, of so many records that may be;
   for a request's sample. */
uint64_t eh_find_half_limit(uint64_t records);
uint64_t eh_find_sample_limit(const struct eh_find_request *request);

/* A record that an answer shows: its row, and where its description goes. */
struct eh_shown {
  size_t row;
  const struct eh_find_request *request;
  struct eh_found_record *record;
};
struct eh_showing {
  struct eh_arena *arena; /* of the answers */
  struct eh_shown *items; /* to be freed */
  size_t count, capacity;
};
/* Of sorted hits. The answers' samples and pairs get their places; what they hold is to be filled
 * in for every item shown. */
void eh_find_choose(struct eh_showing *showing, const struct eh_find_request *requests,
                    size_t count, const struct eh_hits *hits, struct eh_found *found);

/* --- find.c --- */

/* The rows, by request, then stratum (the sample last), then draw; free the items. Adds to files,
   by request, the unit's records that have a case id. */
struct eh_hits eh_find_rows(const struct eh_records *records,
                            const struct eh_find_request *requests, size_t count, uint64_t *files);

#endif
