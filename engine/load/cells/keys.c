/* From records to sorted keys. */
#include <stdlib.h>
#include <string.h>

#include "engine/base/parallel.h"
#include "engine/base/sort.h"
#include "engine/load/cells/grouping.h"

/* TABLE_BITS: keys this short are counted in a table, one for each block of chunks. Longer ones are
   divided by their first bits, and the fewer of these there are, the sooner are they made. */
enum { TABLE_BITS = 18, BLOCKS_PER_THREAD = 2, MOST_BLOCKS = 32, FEW_BITS = 11, MANY_BITS = 16 };

void eh_keys_free(struct eh_keys *keys) {
  if (!keys->is_borrowed) free(keys->keys);
  free(keys->weights);
  *keys = (struct eh_keys){0};
}

/* Two rows' keys, or their ranks: what any 64-bit processor shifts at once. */
typedef uint64_t pair __attribute__((vector_size(2 * sizeof(uint64_t))));

/* By two codes that stand together: their ranks. Codes that were not given out have none. */
static inline __attribute__((always_inline)) void pair_ranks(const uint32_t *ranks, size_t count,
                                                             unsigned width, pair *pairs) {
  unsigned codes = 1U << width;
  for (unsigned second = 0; second < codes; second++)
    for (unsigned first = 0; first < codes; first++)
      pairs[second << width | first] =
          (pair){first < count ? ranks[first] : 0, second < count ? ranks[second] : 0};
}

/* Where several codes share a byte; width is known when this is compiled. */
static inline __attribute__((always_inline)) void append_bits(uint64_t *restrict keys, size_t rows,
                                                              const uint8_t *restrict bytes,
                                                              unsigned width, const uint32_t *ranks,
                                                              size_t count, unsigned bits) {
  enum { WIDEST = 4 };
  pair pairs[1 << 2 * WIDEST];
  pair_ranks(ranks, count, width, pairs);
  unsigned together = 8 / width, mask = (1U << 2 * width) - 1;
  size_t i = 0;
  for (; i + together <= rows; i += together) {
    unsigned byte = *bytes++;
    for (unsigned k = 0; k < together; k += 2, byte >>= 2 * width) {
      pair two;
      memcpy(&two, keys + i + k, sizeof two);
      two = two << bits | pairs[byte & mask];
      memcpy(keys + i + k, &two, sizeof two);
    }
  }
  for (unsigned shift = 0; i < rows; i++, shift += width)
    keys[i] = keys[i] << bits | ranks[*bytes >> shift & ((1U << width) - 1)];
}

/* keys[i] = keys[i] followed by the rank of row i. */
static void append_part(uint64_t *restrict keys, size_t rows, const struct eh_packed *codes,
                        const uint32_t *restrict ranks, size_t count, unsigned bits) {
  const uint8_t *bytes = codes->items;
  const uint16_t *words = codes->items;
  const uint32_t *longs = codes->items;
  ranks += codes->base;
  count -= codes->base;
  switch (codes->bits) {
    case 0:
      for (size_t i = 0; i < rows; i++) keys[i] = keys[i] << bits | ranks[0];
      break;
    case 1:
      append_bits(keys, rows, bytes, 1, ranks, count, bits);
      break;
    case 2:
      append_bits(keys, rows, bytes, 2, ranks, count, bits);
      break;
    case 4:
      append_bits(keys, rows, bytes, 4, ranks, count, bits);
      break;
    case 8:
      for (size_t i = 0; i < rows; i++) keys[i] = keys[i] << bits | ranks[bytes[i]];
      break;
    case 16:
      for (size_t i = 0; i < rows; i++) keys[i] = keys[i] << bits | ranks[words[i]];
      break;
    default:
      for (size_t i = 0; i < rows; i++) keys[i] = keys[i] << bits | ranks[longs[i]];
  }
}

void eh_keys_of_chunk(const struct eh_grouping *g, const struct eh_chunk *chunk, size_t first,
                      size_t last, uint64_t *keys) {
  for (size_t p = first; p < last; p++) {
    size_t dimension = g->parts[p].dimension;
    const struct eh_dictionary *dictionary = g->records->dictionaries[dimension];
    append_part(keys, chunk->rows, &chunk->codes[dimension], eh_dictionary_ranks(dictionary),
                eh_dictionary_count(dictionary), g->parts[p].bits);
  }
}

bool eh_lacks_factor(const struct eh_grouping *g, const struct eh_chunk *chunk, size_t row) {
  for (size_t p = 0; p < g->part_count && g->first->exclude_missing; p++) {
    const struct eh_part *part = &g->parts[p];
    if (!part->can_exclude || part->missing == UINT32_MAX) continue;
    const uint32_t *ranks = eh_dictionary_ranks(g->records->dictionaries[part->dimension]);
    if (ranks[eh_packed_get(&chunk->codes[part->dimension], row)] == part->missing) return true;
  }
  return false;
}

static void append_outcomes(const struct eh_grouping *g, const struct eh_chunk *chunk,
                            uint64_t *keys) {
  size_t stride = g->records->rules->measure_count;
  for (size_t m = 0; m < g->measure_count; m++) {
    const uint8_t *outcomes = chunk->outcomes + g->measures[m];
    for (size_t i = 0; i < chunk->rows; i++)
      keys[i] = keys[i] << EH_OUTCOME_BITS | outcomes[i * stride];
  }
  if (!g->first->exclude_missing) return;
  for (size_t i = 0; i < chunk->rows; i++) {
    if (!eh_lacks_factor(g, chunk, i)) continue;
    for (size_t m = 0; m < g->measure_count; m++) {
      unsigned shift = EH_OUTCOME_BITS * (unsigned)m;
      uint64_t outcome = keys[i] >> shift & 7;
      if (outcome == EH_NO_EVENT || outcome == EH_EVENT)
        keys[i] ^= (outcome ^ EH_FACTOR_MISSING) << shift;
    }
  }
}

/* The audited rows' keys, or their leading parts alone; returns how many there are. */
static size_t keys_of_chunk(const struct eh_grouping *g, const struct eh_chunk *chunk,
                            size_t last_part, uint64_t *keys) {
  for (size_t i = 0; i < chunk->rows; i++)
    keys[i] = g->fold ? g->fold->rows[chunk->first_row + i] : 0;
  eh_keys_of_chunk(g, chunk, g->fold ? g->fold->parts : 0, last_part, keys);
  if (last_part == g->part_count) append_outcomes(g, chunk, keys);
  size_t kept = 0;
  for (size_t i = 0; i < chunk->rows; i++) {
    keys[kept] = keys[i];
    kept += (chunk->status[i] & EH_FATE_MASK) == EH_AUDITED;
  }
  return kept;
}

/* The leading parts whose bits are enough to divide the keys by. */
struct lead {
  size_t parts;  /* the last of them and one */
  unsigned bits; /* of a key that ends with them */
  unsigned dividing_bits;
};

static struct lead lead_of(const struct eh_grouping *g, unsigned wanted) {
  struct lead lead = {0};
  if (g->fold) lead = (struct lead){.parts = g->fold->parts, .bits = eh_bits_for(g->fold->count)};
  while (lead.parts < g->part_count && lead.bits < wanted) lead.bits += g->parts[lead.parts++].bits;
  lead.dividing_bits = lead.bits < wanted ? lead.bits : wanted;
  if (lead.parts == g->part_count) lead.bits = g->bits;
  return lead;
}

static size_t longest_chunk(const struct eh_records *r) {
  size_t longest = 0;
  for (size_t c = 0; c < r->chunk_count; c++)
    if (r->chunks[c].rows > longest) longest = r->chunks[c].rows;
  return longest;
}

/* As far as some chunks from all over the records show: is no run of keys far longer than others?
 */
static bool is_even(const struct eh_grouping *g, struct lead lead) {
  enum { CHUNKS = 16, LARGEST_SHARE = 64 };
  const struct eh_records *r = g->records;
  uint64_t *keys = eh_alloc(longest_chunk(r), sizeof *keys);
  size_t *counts = eh_alloc_zeroed((size_t)1 << lead.dividing_bits, sizeof *counts);
  size_t largest = 0, all = 0;
  for (size_t c = 0; c < r->chunk_count; c += r->chunk_count / CHUNKS + 1) {
    size_t count = keys_of_chunk(g, &r->chunks[c], lead.parts, keys);
    for (size_t i = 0; i < count; i++) {
      size_t n = ++counts[keys[i] >> (lead.bits - lead.dividing_bits)];
      if (n > largest) largest = n;
    }
    all += count;
  }
  free(counts);
  free(keys);
  return largest * LARGEST_SHARE <= all;
}

/* Keys made by several threads, each a block of chunks that follow each other. */
struct making {
  const struct eh_grouping *g;
  size_t block_count, longest;   /* rows of a chunk */
  size_t last_part;              /* parts up to here; if that is all of them, the outcomes too */
  unsigned shift;                /* below the bits that divide them */
  size_t dividing;               /* how many values these have */
  uint32_t *counts;              /* by block, then value */
  const uint16_t *part_of;       /* by value; NULL: the keys are being counted */
  size_t (*next)[EH_SORT_PARTS]; /* by block, then part */
  uint64_t *keys;
};

static void make_block(void *context, size_t block, size_t worker) {
  (void)worker;
  const struct making *m = context;
  const struct eh_records *r = m->g->records;
  uint64_t *keys = eh_alloc(m->longest, sizeof *keys);
  uint32_t *counts = m->counts + block * m->dividing;
  const struct eh_chunk *end = eh_records_block(r, block + 1, m->block_count);
  for (const struct eh_chunk *chunk = eh_records_block(r, block, m->block_count); chunk < end;
       chunk++) {
    size_t count = keys_of_chunk(m->g, chunk, m->last_part, keys);
    if (m->part_of)
      for (size_t i = 0; i < count; i++)
        m->keys[m->next[block][m->part_of[keys[i] >> m->shift]]++] = keys[i];
    else
      for (size_t i = 0; i < count; i++) counts[keys[i] >> m->shift]++;
  }
  free(keys);
}

/* Keys so short that each has a place in a table. */
static struct eh_keys take_table(const struct making *m) {
  struct eh_keys keys = {0};
  uint64_t *sums = eh_alloc_zeroed(m->dividing, sizeof *sums);
  for (size_t b = 0; b < m->block_count; b++)
    for (size_t v = 0; v < m->dividing; v++) sums[v] += m->counts[b * m->dividing + v];
  for (size_t v = 0; v < m->dividing; v++) keys.count += sums[v] > 0;
  keys.keys = eh_alloc(keys.count, sizeof *keys.keys);
  keys.weights = eh_alloc(keys.count, sizeof *keys.weights);
  for (size_t v = 0, n = 0; v < m->dividing; v++) {
    if (!sums[v]) continue;
    keys.keys[n] = v;
    keys.weights[n++] = sums[v];
  }
  free(sums);
  return keys;
}

/* Part the values into runs of about as many keys; each block's places in each part. */
static void divide(struct making *m, uint16_t *part_of, size_t start[EH_SORT_PARTS + 1]) {
  uint64_t total = 0, sum = 0;
  for (size_t i = 0; i < m->block_count * m->dividing; i++) total += m->counts[i];
  size_t(*counts)[EH_SORT_PARTS] = m->next;
  memset(counts, 0, m->block_count * sizeof *counts);
  for (size_t v = 0; v < m->dividing; v++) {
    size_t part = (size_t)(sum * EH_SORT_PARTS / (total + 1));
    part_of[v] = (uint16_t)part;
    for (size_t b = 0; b < m->block_count; b++) {
      uint32_t count = m->counts[b * m->dividing + v];
      counts[b][part] += count;
      sum += count;
    }
  }
  size_t place = 0;
  for (size_t part = 0; part < EH_SORT_PARTS; part++) {
    start[part] = place;
    for (size_t b = 0; b < m->block_count; b++) {
      size_t count = counts[b][part];
      m->next[b][part] = place;
      place += count;
    }
  }
  start[EH_SORT_PARTS] = place;
}

struct eh_keys eh_keys_of_records(const struct eh_grouping *g) {
  const struct eh_records *r = g->records;
  bool is_short = g->bits <= TABLE_BITS;
  struct lead lead = {g->part_count, g->bits, g->bits};
  if (!is_short) {
    lead = lead_of(g, FEW_BITS);
    if (!is_even(g, lead)) lead = lead_of(g, MANY_BITS);
  }
  unsigned bits = lead.dividing_bits;
  struct making m = {.g = g, .last_part = lead.parts, .longest = longest_chunk(r)};
  m.shift = lead.bits - bits;
  m.dividing = (size_t)1 << bits;
  m.block_count = BLOCKS_PER_THREAD * r->options.threads;
  if (m.block_count > MOST_BLOCKS) m.block_count = MOST_BLOCKS;
  m.counts = eh_alloc_zeroed(m.block_count * m.dividing, sizeof *m.counts);
  eh_parallel(m.block_count, r->options.threads, make_block, &m);
  struct eh_keys keys = {0};
  if (is_short) {
    keys = take_table(&m);
  } else {
    size_t start[EH_SORT_PARTS + 1];
    uint16_t *part_of = eh_alloc(m.dividing, sizeof *part_of);
    m.next = eh_alloc(m.block_count, sizeof *m.next);
    divide(&m, part_of, start);
    keys.count = start[EH_SORT_PARTS];
    keys.keys = m.keys = r->row_memory;
    keys.is_borrowed = true;
    m.part_of = part_of;
    m.last_part = g->part_count;
    m.shift = g->bits - bits;
    eh_parallel(m.block_count, r->options.threads, make_block, &m);
    eh_sort_parts(keys.keys, start, r->options.threads);
    free(m.next);
    free(part_of);
  }
  free(m.counts);
  return keys;
}

/* --- from finer keys --- */

struct weighted {
  uint64_t key, weight;
};

/* Where each part of the coarser key stands in the finer one. */
struct projection {
  const struct eh_grouping *coarse, *fine;
  struct {
    unsigned from;
    uint64_t mask;
  } parts[64];
};

static struct projection project(const struct eh_grouping *coarse, const struct eh_grouping *fine) {
  struct projection p = {.coarse = coarse, .fine = fine};
  for (size_t i = 0; i < coarse->part_count; i++) {
    unsigned from = eh_outcome_bits(fine);
    size_t k = fine->part_count;
    while (fine->parts[--k].dimension != coarse->parts[i].dimension) from += fine->parts[k].bits;
    p.parts[i].from = from;
    p.parts[i].mask = ((uint64_t)1 << fine->parts[k].bits) - 1;
  }
  return p;
}

static uint64_t projected(const struct projection *p, uint64_t key) {
  uint64_t made = 0;
  for (size_t i = 0; i < p->coarse->part_count; i++)
    made = made << p->coarse->parts[i].bits | (key >> p->parts[i].from & p->parts[i].mask);
  unsigned outcome_bits = eh_outcome_bits(p->fine);
  return made << outcome_bits | (key & (((uint64_t)1 << outcome_bits) - 1));
}

/* Add up a run of keys of one stratum, by outcomes. */
static size_t add_stratum(const struct projection *p, const struct eh_keys *keys, size_t first,
                          uint64_t *sums, struct weighted *items, size_t *item_count) {
  uint64_t mask = ((uint64_t)1 << eh_outcome_bits(p->fine)) - 1;
  uint64_t stratum = eh_stratum_of(p->fine, keys->keys[first]);
  size_t i = first, n = *item_count;
  for (; i < keys->count && eh_stratum_of(p->fine, keys->keys[i]) == stratum; i++) {
    uint64_t outcomes = keys->keys[i] & mask;
    if (sums[outcomes] == 0) items[n++].key = keys->keys[i];
    sums[outcomes] += keys->weights ? keys->weights[i] : 1;
  }
  for (size_t k = *item_count; k < n; k++) {
    uint64_t key = items[k].key;
    items[k] = (struct weighted){projected(p, key), sums[key & mask]};
    sums[key & mask] = 0;
  }
  *item_count = n;
  return i;
}

static int by_key(const void *left, const void *right) {
  const struct weighted *a = left, *b = right;
  return (a->key > b->key) - (a->key < b->key);
}

/* A key of so many bits and the item's number make one whole number, where they fit: that is sorted
   sooner than the items. */
static void sort_items(struct weighted *items, size_t count, unsigned bits) {
  unsigned number_bits = eh_bits_for(count);
  if (bits + number_bits > 64) {
    if (count) qsort(items, count, sizeof *items, by_key);
    return;
  }
  uint64_t *numbers = eh_alloc(2 * count, sizeof *numbers);
  uint64_t *weights = eh_alloc(count, sizeof *weights);
  for (size_t i = 0; i < count; i++) {
    numbers[i] = items[i].key << number_bits | i;
    weights[i] = items[i].weight;
  }
  eh_sort_run(numbers, count, number_bits, numbers + count);
  for (size_t i = 0; i < count; i++)
    items[i] = (struct weighted){numbers[i] >> number_bits,
                                 weights[numbers[i] & (((uint64_t)1 << number_bits) - 1)]};
  free(numbers);
  free(weights);
}

static struct eh_keys merge_equal(struct weighted *items, size_t count, unsigned bits) {
  struct eh_keys keys = {.keys = eh_alloc(count, sizeof *keys.keys),
                         .weights = eh_alloc(count, sizeof *keys.weights)};
  sort_items(items, count, bits);
  for (size_t i = 0; i < count; i++) {
    if (keys.count && keys.keys[keys.count - 1] == items[i].key) {
      keys.weights[keys.count - 1] += items[i].weight;
      continue;
    }
    keys.keys[keys.count] = items[i].key;
    keys.weights[keys.count++] = items[i].weight;
  }
  return keys;
}

struct eh_keys eh_keys_of_finer(const struct eh_grouping *coarse, const struct eh_grouping *fine,
                                const struct eh_keys *keys) {
  struct projection p = project(coarse, fine);
  size_t outcomes = (size_t)1 << eh_outcome_bits(fine), capacity = 0, count = 0;
  uint64_t *sums = eh_alloc_zeroed(outcomes, sizeof *sums);
  struct weighted *items = NULL;
  for (size_t i = 0; i < keys->count;) {
    if (capacity - count < outcomes) {
      capacity = 2 * capacity + 2 * outcomes;
      items = eh_resize(items, capacity, sizeof *items);
    }
    i = add_stratum(&p, keys, i, sums, items, &count);
  }
  struct eh_keys result = merge_equal(items, count, coarse->bits);
  free(items);
  free(sums);
  return result;
}
