/* What an audit keeps of a piece's records: a chunk, packed. */
#ifndef EVENHAND_LOAD_HARVEST_H
#define EVENHAND_LOAD_HARVEST_H

#include "engine/load/records/evaluate.h"

struct eh_harvest {
  struct eh_chunk chunk; /* where it stands is the caller's to set */
  uint64_t *malformed;   /* by column of the rules */
  unsigned *shapes;      /* so: what its numbers look like, enum eh_amount_shape */
  struct eh_unmapped_list unmapped;
  struct eh_join_gain *gains; /* by join of the rules */
  size_t gain_count;
};
void eh_harvest_free(struct eh_harvest *harvest);

struct eh_gathering; /* a thread's, for the input at hand */
struct eh_gathering *eh_gathering_new(struct eh_records *records);
void eh_gathering_free(struct eh_gathering *gathering);
/* What the rules made of the batch at hand. */
const struct eh_evaluation *eh_gathering_evaluation(const struct eh_gathering *gathering);
/* What the chunks of all its harvests hold; then it can only be freed. */
struct eh_arena *eh_gathering_take_kept(struct eh_gathering *gathering);

/* A piece begins; its records, batch after batch; its end. */
void eh_harvest_begin(struct eh_gathering *gathering, struct eh_harvest *harvest);
void eh_harvest_batch(struct eh_gathering *gathering, struct eh_harvest *harvest,
                      const struct eh_batch *batch);
void eh_harvest_finish(struct eh_gathering *gathering, struct eh_harvest *harvest);

#endif
