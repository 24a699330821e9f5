#include "engine/load/records/load.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/parallel.h"
#include "engine/load/records/header.h"
#include "engine/load/records/evaluate.h"
#include "engine/load/text/contained.h"
#include "engine/load/text/pieces.h"
#include "engine/load/records/unmapped.h"

/* The input is read in pieces that end with a line. Threads take the pieces in turn and parse each
   on the assumption that a record begins where it does; then the pieces are retired in order. Where
   a record runs on beyond its piece (a line break between quotes), the assumption was wrong for the
   next one: that is parsed again, together with the record's beginning. So the outcome is that of
   one parser reading from the start. */
enum {
  PIECES_PER_THREAD = 4,
  MEMORY_LOOKS = 16 /* pieces between two looks at the memory in use */
};

struct piece {
  struct eh_buffer buffer; /* kept for the pieces that follow in this place of the ring */
  struct eh_piece_text text;
  uint64_t stored; /* bytes of the input read when it was, for the progress line */
  bool is_parsed;
  struct eh_harvest harvest;
};

struct loading {
  struct eh_records *records;
  size_t input;
  struct eh_source *source;
  struct eh_pieces *pieces;
  const struct eh_layout *layout;
  pthread_mutex_t turn;        /* to take a piece; comes before lock */
  pthread_mutex_t lock;        /* of what follows */
  pthread_cond_t moved;        /* a piece was retired, or loading failed */
  pthread_rwlock_t row_memory; /* of the records: where it is; to move it comes after lock */
  struct piece *ring;
  size_t ring_size;
  size_t taken, retired;  /* pieces */
  struct eh_buffer tail;  /* the beginning of a record that did not end in its piece */
  bool runs_on;           /* what follows is still of a line that was given up */
  uint64_t offset, lines; /* retired so far */
  uint64_t windows_records;
  size_t bad_places;
  enum eh_status status;
  struct eh_error *error; /* of the first failure */
};

static void note_places(struct loading *l, const struct eh_harvest *h) {
  struct eh_account *account = &l->records->account;
  for (size_t i = 0; i < h->bad_place_count && l->bad_places < EH_BAD_PLACES;
       i++, l->bad_places++) {
    account->bad_places =
        eh_resize(account->bad_places, account->bad_place_count + 1, sizeof *account->bad_places);
    account->bad_places[account->bad_place_count++] = (struct eh_bad_place){
        eh_source_name(l->source), l->layout->header_line + l->lines + h->bad_lines[i],
        eh_csv_problem_text(h->bad_problems[i])};
  }
}

/* Make room for the chunk's fingerprints in the row memory. */
static void reserve_prints(struct loading *l, const struct eh_chunk *chunk) {
  struct eh_records *r = l->records;
  size_t bytes = (r->rows + chunk->rows) * sizeof *r->row_memory, capacity = r->row_memory_bytes;
  if (capacity >= bytes) return;
  while (capacity < bytes) capacity = capacity ? 2 * capacity : (size_t)1 << 20;
  pthread_rwlock_wrlock(&l->row_memory);
  r->row_memory = eh_map_resize(r->row_memory, r->row_memory_bytes, capacity);
  r->row_memory_bytes = capacity;
  pthread_rwlock_unlock(&l->row_memory);
}

/* Fingerprints whose place is reserved. The first use of memory takes time, so others should not
   have to wait for it. */
struct prints {
  uint64_t *items;
  size_t count, first_row;
};

static void move_prints(struct loading *l, const struct prints *prints) {
  pthread_rwlock_rdlock(&l->row_memory);
  if (prints->count)
    memcpy(l->records->row_memory + prints->first_row, prints->items,
           prints->count * sizeof *prints->items);
  pthread_rwlock_unlock(&l->row_memory);
  if (!l->records->options.can_find) free(prints->items); /* else the chunk still has them */
}

static void keep_chunk(struct loading *l, struct eh_harvest *h, struct prints *prints) {
  struct eh_records *r = l->records;
  uint64_t read = h->chunk.rows;
  for (int p = 0; p < EH_CSV_PROBLEMS; p++) {
    r->bad[p] += h->bad[p];
    read += h->bad[p];
  }
  note_places(l, h);
  for (size_t c = 0; c < r->rules->column_count; c++) r->malformed[c] += h->malformed[c];
  if (h->unmapped.count) eh_unmapped_add(r->unmapped, l->layout, &h->unmapped);
  h->chunk.input = l->input;
  h->chunk.offset = l->offset;
  h->chunk.first_line = l->layout->header_line + l->lines;
  l->offset += h->used;
  l->lines += h->lines;
  l->windows_records += h->windows_records;
  r->account.inputs[l->input].records += read;
  h->chunk.first_row = r->rows;
  *prints = (struct prints){h->chunk.case_prints, h->chunk.rows, r->rows};
  reserve_prints(l, &h->chunk);
  if (!r->options.can_find) h->chunk.case_prints = NULL; /* the row memory will hold them */
  r->rows += h->chunk.rows;
  if (r->chunk_count == r->chunk_capacity) {
    r->chunk_capacity = r->chunk_capacity ? 2 * r->chunk_capacity : 64;
    r->chunks = eh_resize(r->chunks, r->chunk_capacity, sizeof *r->chunks);
  }
  r->chunks[r->chunk_count++] = h->chunk;
  h->chunk = (struct eh_chunk){0};
}

/* What must be at hand beside what is, to group the records: a key and a place in it for each. */
static enum eh_status check_memory(const struct eh_records *r, struct eh_error *error) {
  enum { BYTES_TO_GROUP = 8 };
  uint64_t used = eh_memory_used() + r->rows * BYTES_TO_GROUP, limit = r->options.memory;
  if (limit == 0 || used <= limit) return EH_OK;
  return eh_fail(error, EH_MACHINE,
                 "the first %.1f million records need %.0f MB of memory, and the limit is %.0f MB; "
                 "raise it, or audit the records in parts",
                 (double)r->rows / 1e6, (double)used / 1e6, (double)limit / 1e6);
}

static void fail(struct loading *l, enum eh_status status, const struct eh_error *error) {
  if (l->status == EH_OK) {
    l->status = status;
    *l->error = *error;
  }
  pthread_cond_broadcast(&l->moved);
}

/* Leave out what still belongs to a line that was given up. */
static void pass_line(struct loading *l, struct eh_piece_text *text) {
  size_t passed = eh_csv_pass_line(text->text, text->length, &l->runs_on);
  text->text += passed;
  text->length -= passed;
  l->offset += passed;
}

/* Take one parsed piece into the records, in order; a record that began in an earlier piece is put
 * in front of it first. */
static void retire(struct loading *l, struct piece *piece, struct eh_ingest *ingest,
                   struct prints *prints) {
  struct eh_buffer joined = l->tail;
  struct eh_piece_text text = piece->text;
  bool assumed_right = joined.length == 0 && !l->runs_on;
  l->tail = (struct eh_buffer){0};
  if (joined.length > 0) {
    static const char room[EH_ROOM_BEHIND] = "";
    eh_buffer_add(&joined, text.text, text.length);
    text.length = joined.length;
    eh_buffer_add(&joined, room, sizeof room);
    text.text = joined.text;
  }
  if (l->runs_on) pass_line(l, &text);
  if (!assumed_right) {
    eh_harvest_free(&piece->harvest); /* what its chunk held stays where it is, of no more use */
    eh_ingest_text(ingest, l->layout, text.text, text.length, text.is_last, &piece->harvest);
  }
  size_t used = piece->harvest.used;
  if (used < text.length) eh_buffer_add(&l->tail, text.text + used, text.length - used);
  l->runs_on |= piece->harvest.runs_on;
  keep_chunk(l, &piece->harvest, prints);
  eh_harvest_free(&piece->harvest);
  eh_buffer_free(&joined);
  piece->is_parsed = false;
  const struct eh_load_options *o = &l->records->options;
  if (o->progress)
    o->progress(o->progress_context, eh_pieces_are_apart(l->pieces) ? l->offset : piece->stored, 0,
                l->records->rows);
  struct eh_error error;
  if (o->memory && l->retired % MEMORY_LOOKS == 0) {
    enum eh_status status = check_memory(l->records, &error);
    if (status != EH_OK) fail(l, status, &error);
  }
}

/* Wait for a place in the ring and take the next piece. The caller has the turn. */
static bool take_place(struct loading *l, size_t *number) {
  pthread_mutex_lock(&l->lock);
  while (l->status == EH_OK && l->taken - l->retired == l->ring_size)
    pthread_cond_wait(&l->moved, &l->lock);
  *number = l->taken;
  bool taken = l->status == EH_OK && eh_pieces_has(l->pieces, *number);
  l->taken += taken;
  pthread_mutex_unlock(&l->lock);
  return taken;
}

static bool take_piece(struct loading *l, struct piece **piece) {
  size_t number;
  struct eh_error error;
  enum eh_status status = EH_OK;
  pthread_mutex_lock(&l->turn);
  bool taken = take_place(l, &number), are_apart = eh_pieces_are_apart(l->pieces);
  *piece = &l->ring[number % l->ring_size];
  if (are_apart) pthread_mutex_unlock(&l->turn);
  if (taken) status = eh_pieces_read(l->pieces, number, &(*piece)->buffer, &(*piece)->text, &error);
  if (!are_apart) {
    (*piece)->stored = eh_source_bytes(l->source);
    pthread_mutex_unlock(&l->turn);
  }
  if (status == EH_OK) return taken;
  pthread_mutex_lock(&l->lock);
  fail(l, status, &error);
  pthread_mutex_unlock(&l->lock);
  return false;
}

static void work(void *context, size_t index, size_t worker) {
  (void)index, (void)worker;
  struct loading *l = context;
  struct eh_ingest *ingest = eh_ingest_new(l->records);
  struct prints *prints = eh_alloc(l->ring_size, sizeof *prints); /* of what is retired at once */
  struct piece *piece;
  while (take_piece(l, &piece)) {
    size_t count = 0;
    const struct eh_piece_text *text = &piece->text;
    eh_ingest_text(ingest, l->layout, text->text, text->length, text->is_last, &piece->harvest);
    pthread_mutex_lock(&l->lock);
    piece->is_parsed = true;
    while (l->status == EH_OK && l->retired < l->taken &&
           l->ring[l->retired % l->ring_size].is_parsed) {
      retire(l, &l->ring[l->retired % l->ring_size], ingest, &prints[count++]);
      l->retired++;
    }
    pthread_cond_broadcast(&l->moved);
    pthread_mutex_unlock(&l->lock);
    for (size_t i = 0; i < count; i++) move_prints(l, &prints[i]);
  }
  free(prints);
  pthread_mutex_lock(&l->lock);
  eh_arena_take(l->records->row_arena, eh_ingest_take_kept(ingest));
  pthread_mutex_unlock(&l->lock);
  eh_ingest_free(ingest);
}

/* The work of a loading's threads; the last task hashes the file, where that can be done apart. */
static void work_or_hash(void *context, size_t index, size_t worker) {
  struct loading *l = context;
  if (index > 0) {
    work(l, index, worker);
    return;
  }
  struct eh_error error;
  enum eh_status status = eh_source_hash(l->source, &error);
  if (status == EH_OK) return;
  pthread_mutex_lock(&l->lock);
  fail(l, status, &error);
  pthread_mutex_unlock(&l->lock);
}

static void work_on_pieces(struct loading *l) {
  size_t threads = l->records->options.threads;
  l->ring_size = PIECES_PER_THREAD * threads;
  l->ring = eh_alloc_zeroed(l->ring_size, sizeof *l->ring);
  if (l->records->options.hash && eh_pieces_are_apart(l->pieces))
    eh_parallel(threads + 1, threads == 1 ? 1 : threads + 1, work_or_hash, l);
  else
    eh_parallel(threads, threads, work, l);
  for (size_t i = 0; i < l->ring_size; i++) {
    eh_harvest_free(&l->ring[i].harvest); /* left only by a failure */
    eh_buffer_free(&l->ring[i].buffer);
  }
  free(l->ring);
}

/* The first bytes of an input: enough for its header. */
static enum eh_status read_start(struct eh_pieces *pieces, const char *name, struct eh_start *start,
                                 struct eh_error *error) {
  start->name = name;
  EH_TRY(eh_pieces_start(pieces, &start->text, &start->length, &start->is_whole, error));
  if (start->length > 0) return EH_OK;
  return eh_fail_at(error, EH_BAD_INPUT, name, 0, 0,
                    "is empty; it needs a header line and records");
}

static void describe_input(struct loading *l) {
  struct eh_records *r = l->records;
  struct eh_input *input = &r->account.inputs[l->input];
  input->name = eh_arena_string(r->arena, eh_source_name(l->source));
  input->bytes =
      eh_pieces_are_apart(l->pieces) ? eh_source_size(l->source) : eh_source_bytes(l->source);
  if (l->layout->input) input->source = l->layout->input->name;
  input->delimiter = l->layout->delimiter;
  input->header_line = eh_source_row(l->source, l->layout->header_line - 1);
  input->encoding = eh_source_encoding(l->source);
  eh_contained_describe(r->arena, l->source, input);
  if (l->windows_records)
    input->encoding = eh_arena_printf(r->arena, "%s, %llu records Windows-1252", input->encoding,
                                      (unsigned long long)l->windows_records);
  eh_source_sha256(l->source, input->sha256);
}

static enum eh_status load_input(struct loading *l, struct eh_problems *problems) {
  struct eh_records *r = l->records;
  struct eh_layout *layout = &r->layouts[l->input];
  struct eh_start start = {.input = layout->input, .is_table = eh_source_is_table(l->source)};
  EH_TRY(read_start(l->pieces, eh_source_name(l->source), &start, l->error));
  EH_TRY(eh_header_read(r->arena, r->rules, &r->options, &start, layout, problems, l->error));
  l->layout = layout;
  l->offset = layout->header_offset;
  eh_pieces_begin(l->pieces, layout->header_offset);
  work_on_pieces(l);
  if (l->status == EH_OK) l->status = eh_source_check_unchanged(l->source, l->error);
  if (l->status == EH_OK) describe_input(l);
  return l->status;
}

static enum eh_status load_one(struct eh_records *r, size_t input, const char *name,
                               struct eh_problems *problems, struct eh_error *error) {
  struct eh_wish wish = eh_wish_of(r->arena, r->rules, r->layouts[input].input, r->options.sheet,
                                   r->options.skip_lines);
  EH_TRY(eh_source_open(&r->sources[input], name, r->options.hash, &wish, error));
  r->source_count++;
  struct loading l = {.records = r, .input = input, .source = r->sources[input], .error = error};
  l.pieces = eh_pieces_new(l.source);
  pthread_mutex_init(&l.turn, NULL);
  pthread_mutex_init(&l.lock, NULL);
  pthread_cond_init(&l.moved, NULL);
  pthread_rwlock_init(&l.row_memory, NULL);
  enum eh_status status = load_input(&l, problems);
  if (status != EH_OK) eh_source_place_error(l.source, error);
  pthread_rwlock_destroy(&l.row_memory);
  pthread_cond_destroy(&l.moved);
  pthread_mutex_destroy(&l.lock);
  pthread_mutex_destroy(&l.turn);
  eh_pieces_free(l.pieces);
  eh_buffer_free(&l.tail);
  eh_source_rest(l.source);
  return status;
}

static struct eh_records *new_records(const struct eh_rules *rules, size_t inputs,
                                      const struct eh_load_options *options) {
  struct eh_records *r = eh_alloc_zeroed(1, sizeof *r);
  r->rules = rules;
  r->unmapped = eh_unmapped_new(rules);
  r->options = *options;
  if (r->options.threads == 0) r->options.threads = 1;
  r->arena = eh_arena_new();
  r->row_arena = eh_arena_new_bulk();
  r->sources = eh_arena_alloc(r->arena, inputs, sizeof(struct eh_source *));
  r->layouts = eh_arena_alloc(r->arena, inputs, sizeof *r->layouts);
  r->malformed = eh_arena_alloc(r->arena, rules->column_count, sizeof *r->malformed);
  r->account.inputs = eh_arena_alloc(r->arena, inputs, sizeof *r->account.inputs);
  r->account.input_count = inputs;
  r->dimensions = eh_arena_alloc(r->arena, rules->column_count, sizeof *r->dimensions);
  for (size_t c = 0; c < rules->column_count; c++)
    if (rules->columns[c].is_dimension) r->dimensions[r->dimension_count++] = c;
  r->dictionaries = eh_arena_alloc(r->arena, r->dimension_count, sizeof *r->dictionaries);
  for (size_t d = 0; d < r->dimension_count; d++) r->dictionaries[d] = eh_dictionary_new();
  return r;
}

/* Find each file's input before any is read. */
static enum eh_status match_inputs(struct eh_records *r, const char *const *names, size_t count,
                                   struct eh_problems *problems, struct eh_error *error) {
  for (size_t i = 0; i < count; i++)
    if (eh_rules_match(r->rules, names[i], &r->layouts[i].input, problems) != EH_OK) {
      *error = problems->items[0];
      return EH_BAD_RULES;
    }
  return EH_OK;
}

static enum eh_status check_usable(const struct eh_records *r, struct eh_error *error) {
  if (r->rows > UINT32_MAX)
    return eh_fail(error, EH_MACHINE,
                   "there are over 4,294,967,295 records (2^32 - 1); audit them in parts");
  if (r->rows > 0) return EH_OK;
  const struct eh_account *a = &r->account;
  if (a->bad_place_count)
    return eh_fail_at(error, EH_BAD_INPUT, a->bad_places[0].input, a->bad_places[0].line, 0,
                      "no record can be used; the first one has %s", a->bad_places[0].reason);
  return eh_fail_at(error, EH_BAD_INPUT, a->inputs[0].name, 0, 0, "has a header but no records");
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

enum eh_status eh_load_files(const struct eh_rules *rules, const char *const *names, size_t count,
                             const struct eh_load_options *options, struct eh_records **records,
                             struct eh_problems *problems, struct eh_error *error) {
  struct eh_records *r = new_records(rules, count, options);
  enum eh_status status = match_inputs(r, names, count, problems, error);
  for (size_t i = 0; i < count && status == EH_OK; i++)
    status = load_one(r, i, names[i], problems, error);
  if (status == EH_OK) status = check_usable(r, error);
  if (status == EH_OK && r->unmapped)
    eh_unmapped_account(r->unmapped, r->arena, r->layouts, &r->account);
  if (status == EH_OK) status = sort_labels(r, error);
  if (status == EH_OK) status = eh_records_settle(r, error);
  if (status != EH_OK) {
    eh_records_free(r);
    r = NULL;
  }
  *records = r;
  return status;
}

enum eh_status eh_load_check_header(const struct eh_rules *rules, const char *name,
                                    const struct eh_load_options *options,
                                    struct eh_problems *problems, struct eh_error *error) {
  struct eh_load_options unhashed = *options;
  unhashed.hash = false;
  struct eh_records *r = new_records(rules, 1, &unhashed);
  enum eh_status status = match_inputs(r, &name, 1, problems, error);
  struct eh_wish wish = eh_wish_of(r->arena, rules, status == EH_OK ? r->layouts[0].input : NULL,
                                   options->sheet, options->skip_lines);
  if (status == EH_OK) status = eh_source_open(&r->sources[0], name, false, &wish, error);
  if (status == EH_OK) {
    r->source_count = 1;
    struct eh_pieces *pieces = eh_pieces_new(r->sources[0]);
    struct eh_start start = {.input = r->layouts[0].input,
                             .is_table = eh_source_is_table(r->sources[0])};
    status = read_start(pieces, name, &start, error);
    if (status == EH_OK)
      status = eh_header_read(r->arena, rules, &unhashed, &start, &r->layouts[0], problems, error);
    if (status != EH_OK) eh_source_place_error(r->sources[0], error);
    eh_pieces_free(pieces);
  }
  eh_records_free(r);
  return status;
}
