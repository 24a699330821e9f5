/* Which fingerprints stand in several records: none of them may be missed. */
#include "engine/load/records/repeated_in_rounds.h"

#include <stdlib.h>

#include "tests/test.h"

enum { CHUNKS = 7 };

struct made {
  struct eh_records records;
  struct eh_chunk chunks[CHUNKS];
  uint64_t *prints; /* by row */
};

static const uint64_t *prints_of(const struct eh_records *records, const struct eh_chunk *chunk) {
  return records->row_memory + chunk->first_row;
}

/* No two numbers have one fingerprint, and only that of 0 is 0. */
static uint64_t print_of(uint64_t number) {
  number = (number ^ number >> 31) * 0x9e3779b97f4a7c15ULL;
  return (number ^ number >> 29) * 0xbf58476d1ce4e5b9ULL;
}

/* Records in chunks of different lengths, one of them empty, with the fingerprints of 1 and on. */
static struct made *make(size_t rows) {
  struct made *made = eh_alloc_zeroed(1, sizeof *made);
  made->prints = eh_alloc(rows, sizeof *made->prints);
  for (size_t i = 0; i < rows; i++) made->prints[i] = print_of(i + 1);
  made->records = (struct eh_records){.chunks = made->chunks, .chunk_count = CHUNKS, .rows = rows};
  made->records.row_memory = made->prints;
  size_t first = 0;
  for (size_t c = 0; c < CHUNKS; c++) {
    size_t end = c + 1 == CHUNKS ? rows : c == 3 ? first : rows * (c + 1) * (c + 1) / 100;
    made->chunks[c] = (struct eh_chunk){.first_row = first, .rows = end - first};
    first = end;
  }
  return made;
}

static void release(struct made *made) {
  free(made->prints);
  free(made);
}

static struct eh_repeated find(struct made *made, size_t threads) {
  made->records.options.threads = threads;
  return eh_repeated_find(&made->records, prints_of);
}

/* How many of the rows are in the set. */
static size_t count_in(const struct eh_repeated *repeated, const struct made *made) {
  size_t count = 0;
  for (size_t i = 0; i < made->records.rows; i++)
    count += eh_repeated_has(repeated, made->prints[i]);
  return count;
}

START_TEST(what_stands_once_needs_no_look) {
  struct made *made = make(50000);
  for (size_t i = 0; i < 50000; i += 3) made->prints[i] = 0; /* not recorded, however often */
  struct eh_repeated repeated = find(made, 2);
  ck_assert(!repeated.any);
  ck_assert_uint_eq(count_in(&repeated, made), 0);
  eh_repeated_free(&repeated);
  release(made);
}
END_TEST

START_TEST(what_stands_twice_is_found) {
  static const size_t pairs[][2] = {{0, 49999}, {10, 11}, {400, 30000}, {401, 402}, {25000, 2}};
  enum { PAIRS = sizeof pairs / sizeof pairs[0] };
  for (size_t threads = 1; threads <= 3; threads++) {
    struct made *made = make(50000);
    for (size_t k = 0; k < PAIRS; k++) made->prints[pairs[k][1]] = made->prints[pairs[k][0]];
    /* In tables 0 stands for a free place. */
    made->prints[100] = made->prints[200] = (uint64_t)77 << 32;
    made->prints[101] = made->prints[201] = (uint64_t)78 << 32 | 1;
    made->prints[102] = made->prints[202] = 1;
    struct eh_repeated repeated = find(made, threads);
    for (size_t k = 0; k < PAIRS; k++)
      ck_assert(eh_repeated_has(&repeated, made->prints[pairs[k][0]]));
    for (size_t i = 100; i < 103; i++) ck_assert(eh_repeated_has(&repeated, made->prints[i]));
    ck_assert(!eh_repeated_has(&repeated, 0));
    ck_assert_uint_lt(count_in(&repeated, made), 5000); /* others by chance: few */
    eh_repeated_free(&repeated);
    release(made);
  }
}
END_TEST

START_TEST(where_many_stand_twice_all_are_looked_at) {
  struct made *made = make(20000);
  for (size_t i = 0; i < 10000; i++) made->prints[2 * i + 1] = made->prints[2 * i];
  made->prints[5] = 0;
  struct eh_repeated repeated = find(made, 2);
  ck_assert(repeated.any && !repeated.bits);
  ck_assert_uint_eq(count_in(&repeated, made), 19999);
  eh_repeated_free(&repeated);
  release(made);
}
END_TEST

/* More than one round takes. */
START_TEST(very_many_records) {
  size_t rows = ((size_t)1 << 24) + 1000;
  struct made *made = make(rows);
  for (size_t i = 1; i < 40; i++) made->prints[rows - i] = made->prints[i * (rows / 50)];
  struct eh_repeated repeated = find(made, 2);
  for (size_t i = 1; i < 40; i++) ck_assert(eh_repeated_has(&repeated, made->prints[rows - i]));
  ck_assert_uint_lt(count_in(&repeated, made), rows / 10);
  eh_repeated_free(&repeated);
  release(made);
}
END_TEST

START_TEST(no_records_at_all) {
  struct made *made = make(0);
  made->records.chunk_count = 0;
  struct eh_repeated repeated = find(made, 2);
  ck_assert(!repeated.any);
  release(made);
}
END_TEST

RUN_TESTS("repeated fingerprints", what_stands_once_needs_no_look, what_stands_twice_is_found,
          where_many_stand_twice_all_are_looked_at, very_many_records, no_records_at_all)
