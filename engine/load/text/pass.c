#include "engine/load/text/pass.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/parallel.h"
#include "engine/load/text/contained.h"
#include "engine/load/text/encoding.h"
#include "engine/load/text/leniences.h"

enum {
  PIECES_PER_THREAD = 4,
  MEMORY_LOOKS = 16 /* pieces between two looks at the memory in use */
};

struct piece {
  struct eh_buffer buffer; /* kept for the pieces that follow in this place of the ring */
  struct eh_piece_text text;
  uint64_t stored; /* bytes of the input read when it was, for the progress line */
  bool is_parsed;
  void *harvest;
  struct eh_rows_gain gain;
};

struct run {
  struct eh_pass *pass;
  const struct eh_consumer *consumer;
  const struct eh_pass_input *input;
  pthread_mutex_t turn; /* to take a piece; comes before lock */
  pthread_mutex_t lock; /* of what follows */
  pthread_cond_t moved; /* a piece was retired, or reading failed */
  struct piece *ring;
  size_t ring_size;
  size_t taken, retired;  /* pieces */
  struct eh_buffer tail;  /* the beginning of a record that did not end in its piece */
  bool runs_on;           /* what follows is still of a line that was given up */
  uint64_t offset, lines; /* retired so far */
  uint64_t windows_records;
  struct eh_leniences leniences;
  size_t bad_places;
  enum eh_status status;
  struct eh_error *error; /* of the first failure */
};

/* A thread. */
struct worker {
  struct run *run;
  struct eh_rows *rows;
  void *own; /* the consumer's */
};

static void fail(struct run *r, enum eh_status status, const struct eh_error *error) {
  if (r->status == EH_OK) {
    r->status = status;
    *r->error = *error;
  }
  pthread_cond_broadcast(&r->moved);
}

static void parse(struct worker *w, struct piece *piece, const struct eh_piece_text *text) {
  const struct eh_consumer *consumer = w->run->consumer;
  const struct eh_batch *batch;
  consumer->begin(consumer->context, w->own, piece->harvest);
  eh_rows_begin(w->rows, text->text, text->length, text->is_last);
  while ((batch = eh_rows_next(w->rows)))
    consumer->take(consumer->context, w->own, piece->harvest, batch);
  consumer->finish(consumer->context, w->own, piece->harvest);
  piece->gain = *eh_rows_gain(w->rows);
}

static void note_places(struct run *r, const struct eh_bad_lines *bad) {
  struct eh_account *account = r->pass->account;
  for (size_t i = 0; i < bad->place_count && r->bad_places < EH_BAD_PLACES; i++, r->bad_places++) {
    account->bad_places =
        eh_resize(account->bad_places, account->bad_place_count + 1, sizeof *account->bad_places);
    account->bad_places[account->bad_place_count++] = (struct eh_bad_place){
        account->inputs[r->input->number].name, r->input->line + r->lines + bad->lines[i],
        eh_csv_problem_text(bad->problems[i])};
  }
}

static void count(struct run *r, const struct eh_rows_gain *gain) {
  struct eh_pass *pass = r->pass;
  uint64_t read = gain->records;
  for (int p = 0; p < EH_CSV_PROBLEMS; p++) {
    pass->bad[p] += gain->bad.counts[p];
    read += gain->bad.counts[p];
  }
  note_places(r, &gain->bad);
  pass->account->inputs[r->input->number].records += read;
  pass->records += gain->records;
  r->windows_records += gain->windows_records;
  eh_leniences_add(&r->leniences, &gain->leniences);
  r->offset += gain->used;
  r->lines += gain->lines;
}

static enum eh_status check_memory(const struct eh_pass *pass, struct eh_error *error) {
  uint64_t limit = pass->options->memory,
           used = eh_memory_used() + pass->records * pass->consumer->bytes_to_come;
  if (used <= limit) return EH_OK;
  return eh_fail(
      error, EH_MACHINE,
      "the first %.1f million records need %.0f MB of memory, and the limit is %.0f MB; %s",
      (double)pass->records / 1e6, (double)used / 1e6, (double)limit / 1e6, pass->consumer->remedy);
}

static void look_around(struct run *r, const struct piece *piece) {
  const struct eh_load_options *o = r->pass->options;
  struct eh_error error;
  if (o->progress)
    o->progress(o->progress_context,
                eh_pieces_are_apart(r->input->pieces) ? r->offset : piece->stored, 0,
                r->pass->records);
  if (!o->memory || r->retired % MEMORY_LOOKS) return;
  enum eh_status status = check_memory(r->pass, &error);
  if (status != EH_OK) fail(r, status, &error);
}

/* Leave out what still belongs to a line that was given up. */
static void pass_line(struct run *r, struct eh_piece_text *text) {
  size_t passed = eh_csv_pass_line(text->text, text->length, &r->runs_on);
  text->text += passed;
  text->length -= passed;
  r->offset += passed;
}

/* Put what an earlier piece left in front. */
static void join_tail(struct eh_buffer *joined, struct eh_piece_text *text) {
  static const char room[EH_ROOM_BEHIND] = "";
  if (joined->length == 0) return;
  eh_buffer_add(joined, text->text, text->length);
  text->length = joined->length;
  eh_buffer_add(joined, room, sizeof room);
  text->text = joined->text;
}

/* Let one parsed piece count, in order. */
static void retire(struct worker *w, struct piece *piece) {
  struct run *r = w->run;
  struct eh_buffer joined = r->tail;
  struct eh_piece_text text = piece->text;
  bool assumed_right = joined.length == 0 && !r->runs_on;
  r->tail = (struct eh_buffer){0};
  join_tail(&joined, &text);
  if (r->runs_on) pass_line(r, &text);
  if (!assumed_right) parse(w, piece, &text);
  const struct eh_rows_gain *gain = &piece->gain;
  if (gain->used < text.length)
    eh_buffer_add(&r->tail, text.text + gain->used, text.length - gain->used);
  r->runs_on |= gain->runs_on;
  struct eh_piece_place place = {r->input->number, r->offset, r->input->line + r->lines, gain};
  r->consumer->retire(r->consumer->context, w->own, piece->harvest, &place);
  count(r, gain);
  eh_buffer_free(&joined);
  piece->is_parsed = false;
  look_around(r, piece);
}

/* Wait for a place in the ring and take the next piece. The caller has the turn. */
static bool take_place(struct run *r, size_t *number) {
  pthread_mutex_lock(&r->lock);
  while (r->status == EH_OK && r->taken - r->retired == r->ring_size)
    pthread_cond_wait(&r->moved, &r->lock);
  *number = r->taken;
  bool taken = r->status == EH_OK && eh_pieces_has(r->input->pieces, *number);
  r->taken += taken;
  pthread_mutex_unlock(&r->lock);
  return taken;
}

static bool take_piece(struct run *r, struct piece **piece) {
  size_t number;
  struct eh_error error;
  enum eh_status status = EH_OK;
  struct eh_pieces *pieces = r->input->pieces;
  pthread_mutex_lock(&r->turn);
  bool taken = take_place(r, &number), are_apart = eh_pieces_are_apart(pieces);
  *piece = &r->ring[number % r->ring_size];
  if (are_apart) pthread_mutex_unlock(&r->turn);
  if (taken) status = eh_pieces_read(pieces, number, &(*piece)->buffer, &(*piece)->text, &error);
  if (!are_apart) {
    (*piece)->stored = eh_source_bytes(r->input->source);
    pthread_mutex_unlock(&r->turn);
  }
  if (status == EH_OK) return taken;
  pthread_mutex_lock(&r->lock);
  fail(r, status, &error);
  pthread_mutex_unlock(&r->lock);
  return false;
}

static void retire_parsed(struct worker *w) {
  struct run *r = w->run;
  while (r->status == EH_OK && r->retired < r->taken &&
         r->ring[r->retired % r->ring_size].is_parsed) {
    retire(w, &r->ring[r->retired % r->ring_size]);
    r->retired++;
  }
  pthread_cond_broadcast(&r->moved);
}

static void work(void *context, size_t index, size_t number) {
  (void)index, (void)number;
  struct run *r = context;
  const struct eh_consumer *consumer = r->consumer;
  struct worker w = {r, eh_rows_new(r->input->plan), consumer->start_worker(consumer->context)};
  struct piece *piece;
  while (take_piece(r, &piece)) {
    parse(&w, piece, &piece->text);
    pthread_mutex_lock(&r->lock);
    piece->is_parsed = true;
    retire_parsed(&w);
    pthread_mutex_unlock(&r->lock);
    if (consumer->settle) consumer->settle(consumer->context, w.own);
  }
  pthread_mutex_lock(&r->lock);
  consumer->end_worker(consumer->context, w.own);
  pthread_mutex_unlock(&r->lock);
  eh_rows_free(w.rows);
}

/* The work of the threads; the first task hashes the file, where that can be done apart. */
static void work_or_hash(void *context, size_t index, size_t number) {
  struct run *r = context;
  if (index > 0) {
    work(r, index, number);
    return;
  }
  struct eh_error error;
  enum eh_status status = eh_source_hash(r->input->source, &error);
  if (status == EH_OK) return;
  pthread_mutex_lock(&r->lock);
  fail(r, status, &error);
  pthread_mutex_unlock(&r->lock);
}

static void work_on_pieces(struct run *r) {
  const struct eh_load_options *options = r->pass->options;
  const struct eh_consumer *consumer = r->consumer;
  size_t threads = options->threads;
  r->ring_size = PIECES_PER_THREAD * threads;
  r->ring = eh_alloc_zeroed(r->ring_size, sizeof *r->ring);
  for (size_t i = 0; i < r->ring_size; i++)
    r->ring[i].harvest = consumer->new_harvest(consumer->context);
  if (options->hash && eh_pieces_are_apart(r->input->pieces))
    eh_parallel(threads + 1, threads == 1 ? 1 : threads + 1, work_or_hash, r);
  else
    eh_parallel(threads, threads, work, r);
  for (size_t i = 0; i < r->ring_size; i++) {
    consumer->free_harvest(consumer->context, r->ring[i].harvest);
    eh_buffer_free(&r->ring[i].buffer);
  }
  free(r->ring);
}

/* Of a table the lines are the rows of its sheet. */
static void place_bad_lines(const struct run *r) {
  const struct eh_account *account = r->pass->account;
  for (size_t i = account->bad_place_count - r->bad_places; i < account->bad_place_count; i++)
    account->bad_places[i].line = eh_source_row(r->input->source, account->bad_places[i].line);
}

static void describe_input(const struct run *r) {
  const struct eh_pass_input *from = r->input;
  struct eh_input *input = &r->pass->account->inputs[from->number];
  bool are_apart = eh_pieces_are_apart(from->pieces);
  input->bytes = are_apart ? eh_source_size(from->source) : eh_source_bytes(from->source);
  input->delimiter = from->plan->delimiter;
  input->header_line = eh_source_row(from->source, from->line - 1);
  input->encoding = eh_source_encoding(from->source);
  eh_contained_describe(r->pass->arena, from->source, input);
  eh_notes_add(r->pass->arena, input, from->notes, from->note_count);
  eh_leniences_describe(r->pass->arena, &r->leniences, input);
  if (r->windows_records)
    input->encoding =
        eh_text_describe(r->pass->arena, input->encoding, r->windows_records, from->plan->encoding);
  eh_source_sha256(from->source, input->sha256);
}

enum eh_status eh_pass_run(struct eh_pass *pass, const struct eh_pass_input *input,
                           struct eh_error *error) {
  struct run r = {.pass = pass,
                  .consumer = pass->consumer,
                  .input = input,
                  .offset = input->offset,
                  .error = error};
  pass->account->inputs[input->number].name =
      eh_arena_string(pass->arena, eh_source_name(input->source));
  pthread_mutex_init(&r.turn, NULL);
  pthread_mutex_init(&r.lock, NULL);
  pthread_cond_init(&r.moved, NULL);
  if (r.consumer->begin_input) r.consumer->begin_input(r.consumer->context, input->number);
  work_on_pieces(&r);
  if (r.status == EH_OK && r.consumer->end_input) r.consumer->end_input(r.consumer->context);
  pthread_cond_destroy(&r.moved);
  pthread_mutex_destroy(&r.lock);
  pthread_mutex_destroy(&r.turn);
  eh_buffer_free(&r.tail);
  if (r.status == EH_OK) r.status = eh_source_check_unchanged(input->source, error);
  if (r.status == EH_OK) describe_input(&r);
  if (r.status == EH_OK) place_bad_lines(&r);
  if (r.status != EH_OK) eh_source_place_error(input->source, error);
  eh_source_rest(input->source);
  return r.status;
}

void eh_pass_account(const struct eh_pass *pass, size_t more) {
  struct eh_account *a = pass->account;
  a->excluded = eh_arena_alloc(pass->arena, EH_CSV_PROBLEMS + more, sizeof *a->excluded);
  for (size_t i = 0; i < a->input_count; i++) a->read += a->inputs[i].records;
  for (int p = 0; p < EH_CSV_PROBLEMS; p++) {
    a->unusable += pass->bad[p];
    if (pass->bad[p])
      a->excluded[a->exclusion_count++] =
          (struct eh_exclusion){eh_csv_problem_text((enum eh_csv_problem)p), pass->bad[p]};
  }
}

static const char *name_of_delimiter(char delimiter) {
  switch (delimiter) {
    case ',': return "a comma";
    case ';': return "a semicolon";
    case '\t': return "a tab";
    case '|': return "a bar";
    default: return "what was asked for";
  }
}

/* The input of the first bad place. */
static const struct eh_input *first_bad_input(const struct eh_account *a) {
  size_t i = 0;
  while (i + 1 < a->input_count && strcmp(a->inputs[i].name, a->bad_places[0].input) != 0) i++;
  return &a->inputs[i];
}

enum eh_status eh_account_check_usable(const struct eh_account *a, size_t rows,
                                       struct eh_error *error) {
  if (rows > 0) return EH_OK;
  if (a->bad_place_count)
    return eh_fail_at(error, EH_BAD_INPUT, a->bad_places[0].input, a->bad_places[0].line, 0,
                      "no record can be used; the first one has %s; line %llu was taken for the "
                      "header and %s for the delimiter: where that is wrong, say --skip-lines N "
                      "(lines before the header) or --delimiter",
                      a->bad_places[0].reason, (unsigned long long)first_bad_input(a)->header_line,
                      name_of_delimiter(first_bad_input(a)->delimiter));
  return eh_fail_at(error, EH_BAD_INPUT, a->inputs[0].name, 0, 0, "has a header but no records");
}
