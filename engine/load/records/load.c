#include "engine/load/records/load.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "engine/load/records/harvest.h"
#include "engine/load/records/joined.h"
#include "engine/load/records/loading.h"
#include "engine/load/records/unmapped.h"
#include "rules/language/inputs.h"

struct eh_loading {
  struct eh_records *records;
  struct eh_pass pass;
  struct eh_consumer consumer;
  pthread_rwlock_t row_memory; /* of the records: where it is */
};

/* Fingerprints whose place is reserved. The first use of memory takes time, so others should not
   have to wait for it. */
struct prints {
  uint64_t *items;
  size_t count, first_row;
};

struct worker {
  struct eh_gathering *gathering;
  struct prints *prints; /* of what it retired and did not settle yet */
  size_t print_count, print_capacity;
};

/* --- the consumer --- */

static void *start_worker(void *context) {
  struct eh_loading *l = context;
  struct worker *w = eh_alloc_zeroed(1, sizeof *w);
  w->gathering = eh_gathering_new(l->records);
  return w;
}

static void end_worker(void *context, void *worker) {
  struct eh_loading *l = context;
  struct worker *w = worker;
  eh_arena_take(l->records->row_arena, eh_gathering_take_kept(w->gathering));
  eh_gathering_free(w->gathering);
  free(w->prints);
  free(w);
}

static void *new_harvest(void *context) {
  (void)context;
  return eh_alloc_zeroed(1, sizeof(struct eh_harvest));
}

static void free_harvest(void *context, void *harvest) {
  (void)context;
  eh_harvest_free(harvest);
  free(harvest);
}

static void begin(void *context, void *worker, void *harvest) {
  (void)context;
  eh_harvest_begin(((struct worker *)worker)->gathering, harvest);
}

static void take(void *context, void *worker, void *harvest, const struct eh_batch *batch) {
  (void)context;
  eh_harvest_batch(((struct worker *)worker)->gathering, harvest, batch);
}

static void finish(void *context, void *worker, void *harvest) {
  (void)context;
  eh_harvest_finish(((struct worker *)worker)->gathering, harvest);
}

/* Make room for the chunk's fingerprints in the row memory. */
static void reserve_prints(struct eh_loading *l, const struct eh_chunk *chunk) {
  struct eh_records *r = l->records;
  size_t bytes = (r->rows + chunk->rows) * sizeof *r->row_memory, capacity = r->row_memory_bytes;
  if (capacity >= bytes) return;
  while (capacity < bytes) capacity = capacity ? 2 * capacity : (size_t)1 << 20;
  pthread_rwlock_wrlock(&l->row_memory);
  r->row_memory = eh_map_resize(r->row_memory, r->row_memory_bytes, capacity);
  r->row_memory_bytes = capacity;
  pthread_rwlock_unlock(&l->row_memory);
}

static void note_prints(struct worker *w, struct prints prints) {
  if (w->print_count == w->print_capacity) {
    w->print_capacity = w->print_capacity ? 2 * w->print_capacity : 8;
    w->prints = eh_resize(w->prints, w->print_capacity, sizeof *w->prints);
  }
  w->prints[w->print_count++] = prints;
}

static void retire(void *context, void *worker, void *harvest, const struct eh_piece_place *place) {
  struct eh_loading *l = context;
  struct eh_harvest *h = harvest;
  struct eh_records *r = l->records;
  for (size_t c = 0; c < r->rules->column_count; c++) {
    r->malformed[c] += h->malformed[c];
    r->shapes[c] |= h->shapes[c];
  }
  if (h->unmapped.count) eh_unmapped_add(r->unmapped, r->inputs.layout, &h->unmapped);
  for (size_t j = 0; j < r->rules->join_count; j++) eh_join_gain_add(&r->gains[j], &h->gains[j]);
  h->chunk.input = place->input;
  h->chunk.offset = place->offset;
  h->chunk.length = place->gain->used;
  h->chunk.first_line = place->first_line;
  h->chunk.first_row = r->rows;
  note_prints(worker, (struct prints){h->chunk.case_prints, h->chunk.rows, r->rows});
  reserve_prints(l, &h->chunk);
  if (!r->options.can_find) h->chunk.case_prints = NULL; /* the row memory will hold them */
  r->rows += h->chunk.rows;
  if (r->chunk_count == r->chunk_capacity) {
    r->chunk_capacity = r->chunk_capacity ? 2 * r->chunk_capacity : 64;
    r->chunks = eh_resize(r->chunks, r->chunk_capacity, sizeof *r->chunks);
  }
  r->chunks[r->chunk_count++] = h->chunk;
  h->chunk = (struct eh_chunk){0};
  eh_harvest_free(h);
}

static void settle(void *context, void *worker) {
  struct eh_loading *l = context;
  struct worker *w = worker;
  for (size_t i = 0; i < w->print_count; i++) {
    struct prints *prints = &w->prints[i];
    pthread_rwlock_rdlock(&l->row_memory);
    if (prints->count)
      memcpy(l->records->row_memory + prints->first_row, prints->items,
             prints->count * sizeof *prints->items);
    pthread_rwlock_unlock(&l->row_memory);
    if (!l->records->options.can_find) free(prints->items); /* else the chunk still has them */
  }
  w->print_count = 0;
}

/* What must be at hand beside what is, to group the records: a key and a place in it for each. */
enum { BYTES_TO_GROUP = 8 };

static struct eh_consumer consumer_of(struct eh_loading *l) {
  return (struct eh_consumer){.context = l,
                              .start_worker = start_worker,
                              .end_worker = end_worker,
                              .new_harvest = new_harvest,
                              .free_harvest = free_harvest,
                              .begin = begin,
                              .take = take,
                              .finish = finish,
                              .retire = retire,
                              .settle = settle,
                              .bytes_to_come = BYTES_TO_GROUP,
                              .remedy = "raise it, or audit the records in parts"};
}

/* --- the steps --- */

static struct eh_records *new_records(const struct eh_rules *rules, size_t inputs,
                                      const struct eh_load_options *options) {
  struct eh_records *r = eh_alloc_zeroed(1, sizeof *r);
  r->rules = rules;
  r->unmapped = eh_unmapped_new(rules);
  r->options = *options;
  if (r->options.threads == 0) r->options.threads = 1;
  r->arena = eh_arena_new();
  r->row_arena = eh_arena_new_bulk();
  r->inputs = (struct eh_inputs){.rules = rules, .options = &r->options, .arena = r->arena};
  r->malformed = eh_arena_alloc(r->arena, rules->column_count, sizeof *r->malformed);
  r->shapes = eh_arena_alloc(r->arena, rules->column_count, sizeof *r->shapes);
  r->gains = eh_arena_alloc(r->arena, rules->join_count, sizeof *r->gains);
  r->account.inputs = eh_arena_alloc(r->arena, inputs, sizeof *r->account.inputs);
  r->account.input_count = inputs;
  r->dimensions = eh_arena_alloc(r->arena, rules->column_count, sizeof *r->dimensions);
  for (size_t c = 0; c < rules->column_count; c++)
    if (rules->columns[c].is_dimension || rules->columns[c].is_cluster)
      r->dimensions[r->dimension_count++] = c;
  r->dictionaries = eh_arena_alloc(r->arena, r->dimension_count, sizeof *r->dictionaries);
  for (size_t d = 0; d < r->dimension_count; d++) r->dictionaries[d] = eh_dictionary_new();
  return r;
}

enum eh_status eh_loading_begin(struct eh_loading **loading, const struct eh_rules *rules,
                                const char *const *names, size_t count,
                                const struct eh_load_options *options, struct eh_problems *problems,
                                struct eh_error *error) {
  struct eh_loading *l = *loading = eh_alloc_zeroed(1, sizeof *l);
  struct eh_records *r = l->records = new_records(rules, count, options);
  pthread_rwlock_init(&l->row_memory, NULL);
  l->consumer = consumer_of(l);
  l->pass = (struct eh_pass){.options = &r->options, .arena = r->arena, .account = &r->account};
  return eh_inputs_open(&r->inputs, names, count, problems, error);
}

struct eh_inputs *eh_loading_inputs(struct eh_loading *l) {
  return &l->records->inputs;
}
const struct eh_pass *eh_loading_pass(const struct eh_loading *l) { return &l->pass; }
const struct eh_consumer *eh_loading_consumer(const struct eh_loading *l) { return &l->consumer; }

const struct eh_evaluation *eh_loading_evaluation(const void *worker) {
  return eh_gathering_evaluation(((const struct worker *)worker)->gathering);
}

static enum eh_status check_usable(const struct eh_records *r, struct eh_error *error) {
  if (r->rows <= UINT32_MAX) return eh_account_check_usable(&r->account, r->rows, error);
  return eh_fail(error, EH_MACHINE,
                 "there are over 4,294,967,295 records (2^32 - 1); audit them in parts");
}

enum eh_status eh_loading_read(struct eh_loading *l, const struct eh_consumer *consumer,
                               bool wants_all, struct eh_error *error) {
  l->pass.consumer = consumer;
  EH_TRY(eh_inputs_read(&l->records->inputs, &l->pass, wants_all, error));
  eh_pass_account(&l->pass, EH_FATES);
  EH_TRY(check_usable(l->records, error));
  return eh_rules_check_numbers(l->records->rules, l->records->shapes, error);
}

/* The labels in order; pseudonyms first, so that the order tells nothing of the ids. */
static enum eh_status sort_labels(struct eh_records *r, struct eh_error *error) {
  for (size_t d = 0; d < r->dimension_count; d++) {
    size_t column = r->dimensions[d];
    if (r->options.pseudonyms && r->rules->columns[column].is_individual)
      EH_TRY(eh_dictionary_pseudonymise(r->dictionaries[d], r->options.pseudonyms,
                                        eh_rules_individual(r->rules, (int)column), error));
    else
      eh_dictionary_sort(r->dictionaries[d]);
  }
  return EH_OK;
}

enum eh_status eh_loading_end(struct eh_loading *l, enum eh_status status,
                              struct eh_records **records, struct eh_error *error) {
  struct eh_records *r = l->records;
  pthread_rwlock_destroy(&l->row_memory);
  free(l);
  if (status == EH_OK && r->unmapped)
    eh_unmapped_account(r->unmapped, r->arena, r->inputs.layouts, &r->account);
  if (status == EH_OK)
    status = eh_joined_account(r->inputs.joined, r->gains, r->options.pseudonyms, r->arena,
                               &r->account, error);
  if (status == EH_OK) status = sort_labels(r, error);
  if (status == EH_OK) status = eh_records_settle(r, error);
  if (status != EH_OK) {
    eh_records_free(r);
    r = NULL;
  }
  *records = r;
  return status;
}

enum eh_status eh_load_files(const struct eh_rules *rules, const char *const *names, size_t count,
                             const struct eh_load_options *options, struct eh_records **records,
                             struct eh_problems *problems, struct eh_error *error) {
  struct eh_loading *l;
  enum eh_status status = eh_loading_begin(&l, rules, names, count, options, problems, error);
  if (status == EH_OK) status = eh_loading_read(l, eh_loading_consumer(l), false, error);
  return eh_loading_end(l, status, records, error);
}

enum eh_status eh_load_check_header(const struct eh_rules *rules, const char *name,
                                    const struct eh_load_options *options,
                                    struct eh_problems *problems, struct eh_error *error) {
  struct eh_load_options unhashed = *options;
  unhashed.hash = false;
  struct eh_arena *arena = eh_arena_new();
  struct eh_inputs inputs = {.rules = rules, .options = &unhashed, .arena = arena};
  enum eh_status status = eh_inputs_open(&inputs, &name, 1, problems, error);
  eh_inputs_close(&inputs);
  eh_arena_free(arena);
  return status;
}
