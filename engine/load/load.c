#include "engine/load/load.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/parallel.h"
#include "engine/load/header.h"
#include "engine/load/ingest.h"

/* The input is read in pieces that end with a line. Threads take the pieces in turn and parse each
   on the assumption that a record begins where it does; then the pieces are retired in order. Where
   a record runs on beyond its piece (a line break between quotes), the assumption was wrong for the
   next one: that is parsed again, together with the record's beginning. So the outcome is that of
   one parser reading from the start. */
enum { PIECE = 1 << 20, PIECES_PER_THREAD = 4 };

struct piece {
  char *text;
  size_t length;
  bool is_last;
  bool is_parsed;
  struct eh_harvest harvest;
};

struct loading {
  struct eh_records *records;
  size_t input;
  struct eh_source *source;
  const struct eh_layout *layout;
  pthread_mutex_t lock;
  pthread_cond_t moved;  /* a piece was retired, or loading failed */
  struct eh_buffer rest; /* read, but behind the last piece's last line */
  bool at_end;
  struct piece *ring;
  size_t ring_size;
  size_t taken, retired;  /* pieces */
  struct eh_buffer tail;  /* the beginning of a record that did not end in its piece */
  uint64_t offset, lines; /* retired so far */
  uint64_t windows_records, windows_line;
  size_t bad_places;
  enum eh_status status;
  struct eh_error *error;
};

/* Where a piece may end: behind its last line. 0: no line ends in it yet. */
static size_t whole_lines(const char *text, size_t length) {
  const char *lf = memrchr(text, '\n', length);
  if (lf) return (size_t)(lf - text) + 1;
  /* A file of old, with CR alone; the last byte may be half of a CRLF. */
  const char *cr = length > 1 ? memrchr(text, '\r', length - 1) : NULL;
  return cr ? (size_t)(cr - text) + 1 : 0;
}

/* Read on until a line ends, or the input does. */
static enum eh_status read_piece(struct loading *l, struct piece *piece) {
  struct eh_buffer text = l->rest;
  l->rest = (struct eh_buffer){0};
  size_t lines = 0;
  while (!l->at_end && lines == 0) {
    size_t wanted = text.length < PIECE ? PIECE - text.length : PIECE, got;
    if (wanted < 4096) wanted = 4096;
    text.text = eh_resize(text.text, text.length + wanted + 1, 1);
    text.capacity = text.length + wanted + 1;
    enum eh_status status =
        eh_source_read(l->source, text.text + text.length, wanted, &got, l->error);
    if (status != EH_OK) {
      eh_buffer_free(&text);
      return status;
    }
    text.length += got;
    l->at_end = got == 0;
    lines = l->at_end ? text.length : whole_lines(text.text, text.length);
  }
  if (!l->at_end) eh_buffer_add(&l->rest, text.text + lines, text.length - lines);
  *piece = (struct piece){
      .text = text.text, .length = l->at_end ? text.length : lines, .is_last = l->at_end};
  return EH_OK;
}

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

static void keep_chunk(struct loading *l, struct eh_harvest *h) {
  struct eh_records *r = l->records;
  uint64_t read = h->chunk.rows;
  for (int p = 0; p < EH_CSV_PROBLEMS; p++) {
    r->bad[p] += h->bad[p];
    read += h->bad[p];
  }
  note_places(l, h);
  for (size_t c = 0; c < r->rules->column_count; c++) r->malformed[c] += h->malformed[c];
  h->chunk.input = l->input;
  h->chunk.offset = l->offset;
  h->chunk.first_line = l->layout->header_line + l->lines;
  l->offset += h->used;
  l->lines += h->lines;
  l->windows_records += h->windows_records;
  r->account.inputs[l->input].records += read;
  h->chunk.first_row = r->rows;
  r->rows += h->chunk.rows;
  if (r->chunk_count == r->chunk_capacity) {
    r->chunk_capacity = r->chunk_capacity ? 2 * r->chunk_capacity : 64;
    r->chunks = eh_resize(r->chunks, r->chunk_capacity, sizeof *r->chunks);
  }
  r->chunks[r->chunk_count++] = h->chunk;
  h->chunk = (struct eh_chunk){0};
}

/* Take one parsed piece into the records, in order; a record that began in an earlier piece is put
 * in front of it first. */
static void retire(struct loading *l, struct piece *piece, struct eh_ingest *ingest) {
  struct eh_buffer text = l->tail;
  l->tail = (struct eh_buffer){0};
  bool again = text.length > 0;
  if (again) {
    eh_buffer_add(&text, piece->text, piece->length);
    eh_harvest_free(&piece->harvest, l->records->dimension_count);
    eh_ingest_text(ingest, l->layout, text.text, text.length, piece->is_last, &piece->harvest);
  }
  const char *all = again ? text.text : piece->text;
  size_t length = again ? text.length : piece->length;
  size_t used = piece->harvest.used;
  if (used < length) eh_buffer_add(&l->tail, all + used, length - used);
  keep_chunk(l, &piece->harvest);
  eh_harvest_free(&piece->harvest, l->records->dimension_count);
  eh_buffer_free(&text);
  free(piece->text);
  *piece = (struct piece){0};
  const struct eh_load_options *o = &l->records->options;
  if (o->progress)
    o->progress(o->progress_context, eh_source_bytes(l->source), 0, l->records->rows);
}

static bool take_piece(struct loading *l, struct piece **piece) {
  pthread_mutex_lock(&l->lock);
  while (l->status == EH_OK && !l->at_end && l->taken - l->retired == l->ring_size)
    pthread_cond_wait(&l->moved, &l->lock);
  bool taken = l->status == EH_OK && !l->at_end;
  if (taken) {
    *piece = &l->ring[l->taken % l->ring_size];
    **piece = (struct piece){0};
    l->status = read_piece(l, *piece);
    taken = l->status == EH_OK;
    l->taken += taken;
    if (!taken || l->at_end) pthread_cond_broadcast(&l->moved);
  }
  pthread_mutex_unlock(&l->lock);
  return taken;
}

static void work(void *context, size_t index, size_t worker) {
  (void)index, (void)worker;
  struct loading *l = context;
  struct eh_ingest *ingest = eh_ingest_new(l->records);
  struct piece *piece;
  while (take_piece(l, &piece)) {
    eh_ingest_text(ingest, l->layout, piece->text, piece->length, piece->is_last, &piece->harvest);
    pthread_mutex_lock(&l->lock);
    piece->is_parsed = true;
    while (l->retired < l->taken && l->ring[l->retired % l->ring_size].is_parsed) {
      retire(l, &l->ring[l->retired % l->ring_size], ingest);
      l->retired++;
    }
    pthread_cond_broadcast(&l->moved);
    pthread_mutex_unlock(&l->lock);
  }
  eh_ingest_free(ingest);
}

/* The first bytes of an input: enough for its header. */
static enum eh_status read_start(struct loading *l, struct eh_start *start) {
  size_t got;
  l->rest.text = eh_resize(NULL, PIECE + 1, 1);
  l->rest.capacity = PIECE + 1;
  EH_TRY(eh_source_read(l->source, l->rest.text, PIECE, &got, l->error));
  l->rest.length = got;
  l->rest.text[got] = '\0';
  *start = (struct eh_start){eh_source_name(l->source), l->rest.text, got, got < PIECE - 7};
  if (got == 0)
    return eh_fail_at(l->error, EH_BAD_INPUT, start->name, 0, 0,
                      "is empty; it needs a header line and records");
  return EH_OK;
}

static void describe_input(struct loading *l) {
  struct eh_records *r = l->records;
  struct eh_input *input = &r->account.inputs[l->input];
  input->name = eh_arena_string(r->arena, eh_source_name(l->source));
  input->bytes = eh_source_bytes(l->source);
  input->delimiter = l->layout->delimiter;
  input->header_line = l->layout->header_line - 1;
  input->encoding = eh_source_encoding(l->source);
  if (l->windows_records)
    input->encoding = eh_arena_printf(r->arena, "%s, %llu records Windows-1252", input->encoding,
                                      (unsigned long long)l->windows_records);
  eh_source_sha256(l->source, input->sha256);
}

static enum eh_status load_input(struct loading *l, struct eh_problems *problems) {
  struct eh_records *r = l->records;
  struct eh_layout *layout = &r->layouts[l->input];
  struct eh_start start;
  EH_TRY(read_start(l, &start));
  EH_TRY(eh_header_read(r->arena, r->rules, &r->options, &start, layout, problems, l->error));
  l->layout = layout;
  l->offset = layout->header_offset;
  memmove(l->rest.text, l->rest.text + l->offset, l->rest.length - l->offset);
  l->rest.length -= l->offset;
  l->ring_size = PIECES_PER_THREAD * r->options.threads;
  l->ring = eh_alloc_zeroed(l->ring_size, sizeof *l->ring);
  eh_parallel(r->options.threads, r->options.threads, work, l);
  for (size_t i = 0; i < l->ring_size; i++) { /* left only by a failure */
    eh_harvest_free(&l->ring[i].harvest, r->dimension_count);
    free(l->ring[i].text);
  }
  free(l->ring);
  if (l->status == EH_OK) describe_input(l);
  return l->status;
}

static enum eh_status load_one(struct eh_records *r, size_t input, const char *name,
                               struct eh_problems *problems, struct eh_error *error) {
  EH_TRY(eh_source_open(&r->sources[input], name, r->options.hash, error));
  r->source_count++;
  struct loading l = {.records = r, .input = input, .source = r->sources[input], .error = error};
  pthread_mutex_init(&l.lock, NULL);
  pthread_cond_init(&l.moved, NULL);
  enum eh_status status = load_input(&l, problems);
  pthread_cond_destroy(&l.moved);
  pthread_mutex_destroy(&l.lock);
  eh_buffer_free(&l.rest);
  eh_buffer_free(&l.tail);
  return status;
}

static struct eh_records *new_records(const struct eh_rules *rules, size_t inputs,
                                      const struct eh_load_options *options) {
  struct eh_records *r = eh_alloc_zeroed(1, sizeof *r);
  r->rules = rules;
  r->options = *options;
  if (r->options.threads == 0) r->options.threads = 1;
  r->arena = eh_arena_new();
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

static enum eh_status check_usable(const struct eh_records *r, struct eh_error *error) {
  if (r->rows > 0) return EH_OK;
  const struct eh_account *a = &r->account;
  if (a->bad_place_count)
    return eh_fail_at(error, EH_BAD_INPUT, a->bad_places[0].input, a->bad_places[0].line, 0,
                      "no record can be used; the first one has %s", a->bad_places[0].reason);
  return eh_fail_at(error, EH_BAD_INPUT, a->inputs[0].name, 0, 0, "has a header but no records");
}

enum eh_status eh_load_files(const struct eh_rules *rules, const char *const *names, size_t count,
                             const struct eh_load_options *options, struct eh_records **records,
                             struct eh_problems *problems, struct eh_error *error) {
  struct eh_records *r = new_records(rules, count, options);
  enum eh_status status = EH_OK;
  for (size_t i = 0; i < count && status == EH_OK; i++)
    status = load_one(r, i, names[i], problems, error);
  if (status == EH_OK) status = check_usable(r, error);
  for (size_t d = 0; d < r->dimension_count; d++) eh_dictionary_sort(r->dictionaries[d]);
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
  enum eh_status status = eh_source_open(&r->sources[0], name, false, error);
  if (status == EH_OK) {
    r->source_count = 1;
    struct loading l = {.records = r, .source = r->sources[0], .error = error};
    struct eh_start start;
    status = read_start(&l, &start);
    if (status == EH_OK)
      status = eh_header_read(r->arena, rules, &unhashed, &start, &r->layouts[0], problems, error);
    eh_buffer_free(&l.rest);
  }
  eh_records_free(r);
  return status;
}
