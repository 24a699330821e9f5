#include "engine/load/records/repeated_in_rounds.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/parallel.h"

/* ROUND: the most records of a round, where there are not very many. A set of more than a
   ONE_IN_MANYth of the records is not worth asking. A set has SPARE_BITS more bits than
   fingerprints, as a power of two. */
enum {
  PART_BITS = 11,
  PARTS = 1 << PART_BITS,
  ROUND = 1 << 24,
  MOST_ROUND_BITS = 4,
  MOST_BLOCKS = 64,
  ONE_IN_MANY = 16,
  SPARE_BITS = 5,
  LEAST_BITS = 10
};

/* The low halves of fingerprints that were met twice, by one worker. */
struct found {
  uint32_t *lows;
  size_t count, capacity;
  bool are_many; /* there are more */
};

struct seeking {
  const struct eh_records *records;
  const uint64_t *(*prints_of)(const struct eh_records *records, const struct eh_chunk *chunk);
  unsigned round_bits;
  size_t round;       /* the leading bits of its fingerprints */
  size_t block_count; /* of chunks that follow each other */
  uint32_t *counts;   /* by block, then round and part */
  size_t *next;       /* by block, then part: where the next low half goes */
  size_t starts[PARTS + 1];
  uint32_t *lows;      /* of a round's fingerprints, by part */
  struct found *found; /* by worker */
};

static void count_block(void *context, size_t block, size_t worker) {
  (void)worker;
  const struct seeking *s = context;
  uint32_t *counts = s->counts + (block << s->round_bits) * PARTS;
  const struct eh_chunk *end = eh_records_block(s->records, block + 1, s->block_count);
  for (const struct eh_chunk *chunk = eh_records_block(s->records, block, s->block_count);
       chunk < end; chunk++) {
    const uint64_t *prints = s->prints_of(s->records, chunk);
    for (size_t i = 0; i < chunk->rows; i++)
      counts[prints[i] >> (64 - PART_BITS - s->round_bits)] += prints[i] != 0;
  }
}

/* Put the low halves of a block's fingerprints of this round in place. */
static void part_block(void *context, size_t block, size_t worker) {
  (void)worker;
  const struct seeking *s = context;
  size_t *next = s->next + block * PARTS;
  const struct eh_chunk *end = eh_records_block(s->records, block + 1, s->block_count);
  for (const struct eh_chunk *chunk = eh_records_block(s->records, block, s->block_count);
       chunk < end; chunk++) {
    const uint64_t *prints = s->prints_of(s->records, chunk);
    for (size_t i = 0; i < chunk->rows; i++) {
      uint64_t print = prints[i];
      if (print == 0 || print >> 1 >> (63 - s->round_bits) != s->round) continue;
      s->lows[next[print << s->round_bits >> (64 - PART_BITS)]++] = (uint32_t)print;
    }
  }
}

static void place_blocks(struct seeking *s) {
  size_t sum = 0;
  for (size_t part = 0; part < PARTS; part++) {
    s->starts[part] = sum;
    for (size_t block = 0; block < s->block_count; block++) {
      s->next[block * PARTS + part] = sum;
      sum += s->counts[((block << s->round_bits) + s->round) * PARTS + part];
    }
  }
  s->starts[PARTS] = sum;
}

static void note(struct found *found, uint32_t low, size_t rows) {
  found->are_many |= found->count > rows / ONE_IN_MANY;
  if (found->are_many) return;
  if (found->count == found->capacity) {
    found->capacity = found->capacity ? 2 * found->capacity : 256;
    found->lows = eh_resize(found->lows, found->capacity, sizeof *found->lows);
  }
  found->lows[found->count++] = low;
}

/* The low halves that a part holds twice, by a hash table of them. 0 stands for a free place, and 1
   for both. */
static void seek_part(void *context, size_t part, size_t worker) {
  const struct seeking *s = context;
  const uint32_t *lows = s->lows + s->starts[part];
  size_t count = s->starts[part + 1] - s->starts[part], size = 4;
  if (count < 2) return;
  while (size < 2 * count) size *= 2;
  uint32_t *table = eh_alloc_zeroed(size, sizeof *table);
  for (size_t i = 0; i < count; i++) {
    uint32_t low = lows[i] ? lows[i] : 1;
    size_t slot = low & (size - 1);
    while (table[slot] && table[slot] != low) slot = (slot + 1) & (size - 1);
    if (table[slot]) note(&s->found[worker], low, s->records->rows);
    table[slot] = low;
  }
  free(table);
}

static void put(struct eh_repeated *repeated, uint32_t low) {
  uint64_t bit = low & repeated->mask;
  repeated->bits[bit / 64] |= (uint64_t)1 << bit % 64;
}

static struct eh_repeated gather(const struct seeking *s, size_t workers) {
  struct eh_repeated repeated = {0};
  size_t count = 0;
  bool are_many = false;
  for (size_t w = 0; w < workers; w++) {
    count += s->found[w].count;
    are_many |= s->found[w].are_many;
  }
  repeated.any = count > 0;
  if (count == 0 || are_many) return repeated;
  unsigned bits = LEAST_BITS;
  while (bits < 32 && count >> (bits - SPARE_BITS)) bits++;
  repeated.mask = ((uint64_t)1 << bits) - 1;
  repeated.bits = eh_alloc_zeroed(((size_t)1 << bits) / 64, sizeof *repeated.bits);
  for (size_t w = 0; w < workers; w++)
    for (size_t i = 0; i < s->found[w].count; i++) {
      put(&repeated, s->found[w].lows[i]);
      if (s->found[w].lows[i] == 1) put(&repeated, 0);
    }
  return repeated;
}

static void seek(struct seeking *s, size_t threads) {
  s->counts = eh_alloc_zeroed((s->block_count << s->round_bits) * PARTS, sizeof *s->counts);
  s->next = eh_alloc(s->block_count * PARTS, sizeof *s->next);
  eh_parallel(s->block_count, threads, count_block, s);
  size_t bytes = 0;
  for (; s->round >> s->round_bits == 0; s->round++) {
    place_blocks(s);
    size_t needed = (s->starts[PARTS] + 1) * sizeof *s->lows;
    if (needed > bytes) {
      s->lows = eh_map_resize(s->lows, bytes, needed);
      bytes = needed;
    }
    eh_parallel(s->block_count, threads, part_block, s);
    eh_parallel(PARTS, threads, seek_part, s);
  }
  eh_map_free(s->lows, bytes);
  free(s->next);
  free(s->counts);
}

struct eh_repeated eh_repeated_find(const struct eh_records *records,
                                    const uint64_t *(*prints_of)(const struct eh_records *records,
                                                                 const struct eh_chunk *chunk)) {
  size_t threads = records->options.threads;
  struct seeking s = {.records = records, .prints_of = prints_of};
  s.block_count = records->chunk_count < MOST_BLOCKS ? records->chunk_count : MOST_BLOCKS;
  if (s.block_count == 0) return (struct eh_repeated){0};
  while (s.round_bits < MOST_ROUND_BITS && records->rows >> s.round_bits > ROUND) s.round_bits++;
  s.found = eh_alloc_zeroed(threads, sizeof *s.found);
  seek(&s, threads);
  struct eh_repeated repeated = gather(&s, threads);
  for (size_t w = 0; w < threads; w++) free(s.found[w].lows);
  free(s.found);
  return repeated;
}

void eh_repeated_free(struct eh_repeated *repeated) {
  free(repeated->bits);
  *repeated = (struct eh_repeated){0};
}
