/* The two steps of eh_records_source: find.c goes over the row store, found.c chooses among the
 * rows and reads their texts. Internal to engine/load. */
#ifndef EVENHAND_LOAD_FIND_INTERNAL_H
#define EVENHAND_LOAD_FIND_INTERNAL_H

#include "engine/load/find.h"
#include "engine/load/records.h"

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

/* The rows, by request, then stratum (the sample last), then draw; free the items. Adds to files,
   by request, the unit's records that have a case id. */
struct eh_hits eh_find_rows(const struct eh_records *records,
                            const struct eh_find_request *requests, size_t count, uint64_t *files);

#endif
