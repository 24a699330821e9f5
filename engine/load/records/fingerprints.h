/* Records that share a fingerprint.
 *
 * The fingerprints are parted by their leading bits into parts that fit a processor's own cache,
 * some of the parts at a time so that little memory is needed, and each part is grouped by itself.
 */
#ifndef EVENHAND_LOAD_PRINTS_H
#define EVENHAND_LOAD_PRINTS_H

#include "engine/load/records/records.h"

/* A record's fingerprint and whatever the caller wants to know of the record. */
struct eh_marked_print {
  uint64_t print, mark;
};

struct eh_print_task {
  const uint64_t *(*prints_of)(const struct eh_records *records, const struct eh_chunk *chunk);
  /* Should this record be looked at? Then set its mark. Its fingerprint is not 0. */
  bool (*mark)(const void *context, const struct eh_chunk *chunk, size_t row, uint64_t *mark);
  /* All marked records that share one fingerprint, where there are several; in no order. Called by
     several threads at once; items may be moved about. */
  void (*group)(void *context, struct eh_marked_print *items, size_t count);
  void *context;
};
void eh_prints_group(const struct eh_records *records, const struct eh_print_task *task);

/* The fingerprints of a chunk that tell cases (until those are settled), or persons, apart. */
const uint64_t *eh_case_prints(const struct eh_records *records, const struct eh_chunk *chunk);
const uint64_t *eh_person_prints(const struct eh_records *records, const struct eh_chunk *chunk);

#endif
