#include "engine/load/records/fingerprints.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/parallel.h"
#include "engine/load/records/repeated_in_rounds.h"

/* ROUND: the most records of a round, where there are not very many; MOST_ROUND_BITS: each round
   looks at all fingerprints again. */
enum {
  PART_BITS = 9,
  PARTS = 1 << PART_BITS,
  ROUND = 1 << 22,
  MOST_ROUND_BITS = 4,
  FINEST_BITS = PART_BITS + MOST_ROUND_BITS,
  FINEST = 1 << FINEST_BITS,
  MOST_BLOCKS = 64
};

struct place {
  size_t start, next; /* where the first, and the next, of a block's records in a part goes */
};

struct parting {
  const struct eh_records *records;
  const struct eh_print_task *task;
  struct eh_repeated repeated; /* the fingerprints that are looked at */
  unsigned round_bits;
  size_t round;       /* the leading bits of its fingerprints */
  size_t longest;     /* rows of a chunk */
  size_t block_count; /* of chunks that follow each other */
  uint32_t *counts;   /* by block, then the finest rounds and parts: fingerprints, marked or
                         not */
  struct place (*places)[PARTS]; /* by block, in this round */
  struct eh_marked_print *items;
};

const uint64_t *eh_case_prints(const struct eh_records *records, const struct eh_chunk *chunk) {
  return records->row_memory + chunk->first_row;
}
const uint64_t *eh_person_prints(const struct eh_records *records, const struct eh_chunk *chunk) {
  (void)records;
  return chunk->person_prints;
}

static void count_block(void *context, size_t block, size_t worker) {
  (void)worker;
  const struct parting *p = context;
  uint32_t *counts = p->counts + block * FINEST;
  const struct eh_chunk *end = eh_records_block(p->records, block + 1, p->block_count);
  for (const struct eh_chunk *chunk = eh_records_block(p->records, block, p->block_count);
       chunk < end; chunk++) {
    const uint64_t *prints = p->task->prints_of(p->records, chunk);
    for (size_t i = 0; i < chunk->rows; i++)
      counts[prints[i] >> (64 - FINEST_BITS)] += eh_repeated_has(&p->repeated, prints[i]);
  }
}

/* Put a block's records of this round in place. Those of a chunk are listed first: no processor can
   foresee which they are, and a list needs no branch. */
static void part_block(void *context, size_t block, size_t worker) {
  (void)worker;
  const struct parting *p = context;
  const struct eh_print_task *task = p->task;
  uint32_t *rows = eh_alloc(p->longest + 1, sizeof *rows);
  const struct eh_chunk *end = eh_records_block(p->records, block + 1, p->block_count);
  for (const struct eh_chunk *chunk = eh_records_block(p->records, block, p->block_count);
       chunk < end; chunk++) {
    const uint64_t *prints = task->prints_of(p->records, chunk);
    size_t count = 0;
    for (size_t i = 0; i < chunk->rows; i++) {
      rows[count] = (uint32_t)i;
      count += (prints[i] >> 1 >> (63 - p->round_bits)) == p->round &&
               eh_repeated_has(&p->repeated, prints[i]);
    }
    for (size_t k = 0; k < count; k++) {
      struct eh_marked_print item = {.print = prints[rows[k]]};
      if (!task->mark(task->context, chunk, rows[k], &item.mark)) continue;
      p->items[p->places[block][item.print << p->round_bits >> (64 - PART_BITS)].next++] = item;
    }
  }
  free(rows);
}

/* A place for each block's records of each part; returns how many places there are. */
static size_t place_blocks(struct parting *p) {
  size_t sum = 0, together = (size_t)1 << (MOST_ROUND_BITS - p->round_bits);
  for (size_t part = 0; part < PARTS; part++)
    for (size_t block = 0; block < p->block_count; block++) {
      const uint32_t *counts = p->counts + block * FINEST + (p->round * PARTS + part) * together;
      p->places[block][part] = (struct place){sum, sum};
      for (size_t k = 0; k < together; k++) sum += counts[k];
    }
  return sum;
}

/* Chain the items that share a fingerprint, by a hash table of chains' heads (counted from 1). */
static void chain(const struct eh_marked_print *items, size_t count, uint32_t *heads, size_t mask,
                  uint32_t *next) {
  memset(heads, 0, (mask + 1) * sizeof *heads);
  for (size_t i = 0; i < count; i++) {
    size_t slot = items[i].print & mask;
    while (heads[slot] && items[heads[slot] - 1].print != items[i].print) slot = (slot + 1) & mask;
    next[i] = heads[slot];
    heads[slot] = (uint32_t)i + 1;
  }
}

/* Bring a part's records together: not every place was taken. */
static size_t close_up(const struct parting *p, size_t part, struct eh_marked_print **items) {
  *items = p->items + p->places[0][part].start;
  size_t count = 0;
  for (size_t block = 0; block < p->block_count; block++) {
    struct place place = p->places[block][part];
    memmove(*items + count, p->items + place.start, (place.next - place.start) * sizeof **items);
    count += place.next - place.start;
  }
  return count;
}

static void group_part(void *context, size_t part, size_t worker) {
  (void)worker;
  const struct parting *p = context;
  struct eh_marked_print *items;
  size_t count = close_up(p, part, &items), size = 4;
  if (count < 2) return;
  while (size < 2 * count) size *= 2;
  uint32_t *heads = eh_alloc(size + count, sizeof *heads), *next = heads + size;
  struct eh_marked_print *grouped = eh_alloc(count, sizeof *grouped);
  chain(items, count, heads, size - 1, next);
  for (size_t slot = 0; slot < size; slot++) {
    if (!heads[slot] || !next[heads[slot] - 1]) continue;
    size_t n = 0;
    for (uint32_t i = heads[slot]; i; i = next[i - 1]) grouped[n++] = items[i - 1];
    p->task->group(p->task->context, grouped, n);
  }
  free(grouped);
  free(heads);
}

static void group_all(struct parting *p, size_t threads) {
  p->counts = eh_alloc_zeroed(p->block_count * FINEST, sizeof *p->counts);
  p->places = eh_alloc(p->block_count, sizeof *p->places);
  eh_parallel(p->block_count, threads, count_block, p);
  size_t sum = 0, bytes = 0;
  for (size_t i = 0; i < p->block_count * FINEST; i++) sum += p->counts[i];
  while (p->round_bits < MOST_ROUND_BITS && sum >> p->round_bits > ROUND) p->round_bits++;
  for (; p->round >> p->round_bits == 0; p->round++) {
    size_t needed = (place_blocks(p) + 1) * sizeof *p->items;
    if (needed > bytes) {
      p->items = eh_map_resize(p->items, bytes, needed);
      bytes = needed;
    }
    eh_parallel(p->block_count, threads, part_block, p);
    eh_parallel(PARTS, threads, group_part, p);
  }
  eh_map_free(p->items, bytes);
  free(p->counts);
  free(p->places);
}

void eh_prints_group(const struct eh_records *records, const struct eh_print_task *task) {
  struct parting p = {.records = records, .task = task};
  p.block_count = records->chunk_count < MOST_BLOCKS ? records->chunk_count : MOST_BLOCKS;
  for (size_t c = 0; c < records->chunk_count; c++)
    if (records->chunks[c].rows > p.longest) p.longest = records->chunks[c].rows;
  p.repeated = eh_repeated_find(records, task->prints_of);
  if (p.repeated.any) group_all(&p, records->options.threads);
  eh_repeated_free(&p.repeated);
}
