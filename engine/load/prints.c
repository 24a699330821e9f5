#include "engine/load/prints.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/parallel.h"

/* ROUND: the most records of a round, where there are not very many; MOST_ROUNDS: each looks at all
   fingerprints again. */
enum {
  PART_BITS = 9,
  PARTS = 1 << PART_BITS,
  ROUND = 1 << 21,
  MOST_ROUND_BITS = 4,
  MOST_BLOCKS = 64
};

struct parting {
  const struct eh_records *records;
  const struct eh_print_task *task;
  unsigned round_bits;
  uint64_t round;        /* the leading bits of its fingerprints */
  size_t block_count;    /* of chunks that follow each other */
  size_t (*next)[PARTS]; /* by block: how many, then where the next one goes */
  size_t start[PARTS + 1];
  struct eh_marked_print *items; /* NULL: they are being counted */
};

const uint64_t *eh_case_prints(const struct eh_chunk *chunk) { return chunk->case_prints; }
const uint64_t *eh_person_prints(const struct eh_chunk *chunk) { return chunk->person_prints; }

/* Count a block's records by part, or, when there are items, put them in place. */
static void part_block(void *context, size_t block, size_t worker) {
  (void)worker;
  struct parting *p = context;
  const struct eh_print_task *task = p->task;
  size_t chunks = p->records->chunk_count;
  size_t first = chunks * block / p->block_count, last = chunks * (block + 1) / p->block_count;
  for (size_t c = first; c < last; c++) {
    const struct eh_chunk *chunk = &p->records->chunks[c];
    const uint64_t *prints = task->prints_of(chunk);
    for (size_t i = 0; i < chunk->rows; i++) {
      struct eh_marked_print item = {.print = prints[i]};
      if ((item.print >> 1 >> (63 - p->round_bits)) != p->round || item.print == 0 ||
          !task->mark(task->context, chunk, i, &item.mark))
        continue;
      size_t part = item.print << p->round_bits >> (64 - PART_BITS);
      size_t place = p->next[block][part]++;
      if (p->items) p->items[place] = item;
    }
  }
}

/* Counts become places; returns how many records there are. */
static size_t place_blocks(struct parting *p) {
  size_t sum = 0;
  for (size_t part = 0; part < PARTS; part++) {
    p->start[part] = sum;
    for (size_t block = 0; block < p->block_count; block++) {
      size_t count = p->next[block][part];
      p->next[block][part] = sum;
      sum += count;
    }
  }
  p->start[PARTS] = sum;
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

static void group_part(void *context, size_t part, size_t worker) {
  (void)worker;
  const struct parting *p = context;
  const struct eh_marked_print *items = p->items + p->start[part];
  size_t count = p->start[part + 1] - p->start[part], size = 4;
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

static void do_round(struct parting *p) {
  size_t threads = p->records->options.threads;
  memset(p->next, 0, p->block_count * sizeof *p->next);
  p->items = NULL;
  eh_parallel(p->block_count, threads, part_block, p);
  size_t count = place_blocks(p);
  p->items = eh_alloc(count, sizeof *p->items);
  eh_parallel(p->block_count, threads, part_block, p);
  eh_parallel(PARTS, threads, group_part, p);
  free(p->items);
}

void eh_prints_group(const struct eh_records *records, const struct eh_print_task *task) {
  struct parting p = {.records = records, .task = task};
  p.block_count = records->chunk_count < MOST_BLOCKS ? records->chunk_count : MOST_BLOCKS;
  if (p.block_count == 0) return;
  while (p.round_bits < MOST_ROUND_BITS && records->rows >> p.round_bits > ROUND) p.round_bits++;
  p.next = eh_alloc(p.block_count, sizeof *p.next);
  for (; p.round < (uint64_t)1 << p.round_bits; p.round++) do_round(&p);
  free(p.next);
}
