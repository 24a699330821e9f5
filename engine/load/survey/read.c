/* Reading an input, batch by batch. */
#include <stdlib.h>
#include <string.h>

#include "engine/base/parallel.h"
#include "engine/load/text/contained.h"
#include "engine/load/text/pieces.h"
#include "engine/load/survey/internal.h"

enum { BAD_PLACES = 5 };

struct reading {
  struct eh_survey_run *run;
  struct eh_survey_input *input;
  struct eh_buffer rest; /* read, but behind the last piece's last line */
  struct eh_buffer tail; /* the beginning of a record that does not end in its piece */
  bool runs_on;          /* what follows is still of a line that was given up */
  bool at_end;
  uint64_t line;
  size_t bad_places;
  uint64_t windows_records;
  struct eh_error *error;
};

/* Text up to the end of a line, or of the input. */
static enum eh_status read_piece(struct reading *r, struct eh_survey_piece *piece) {
  struct eh_buffer text = r->rest;
  r->rest = (struct eh_buffer){0};
  size_t lines = 0;
  while (!r->at_end && lines == 0) {
    size_t wanted = text.length < EH_SURVEY_PIECE - 4096 ? EH_SURVEY_PIECE - text.length
                                                         : EH_SURVEY_PIECE,
           got = 0;
    text.text = eh_resize(text.text, text.length + wanted + 1, 1);
    text.capacity = text.length + wanted + 1;
    enum eh_status status =
        eh_source_read(r->input->source, text.text + text.length, wanted, &got, r->error);
    if (status != EH_OK) {
      eh_buffer_free(&text);
      return status;
    }
    text.length += got;
    r->at_end = got == 0;
    lines = r->at_end ? text.length : eh_pieces_cut(text.text, text.length);
  }
  if (!r->at_end) eh_buffer_add(&r->rest, text.text + lines, text.length - lines);
  free(piece->text);
  piece->text = text.text ? text.text : eh_alloc(1, 1);
  piece->length = lines;
  piece->is_last = r->at_end;
  return EH_OK;
}

static void parse_piece(void *context, size_t index, size_t worker) {
  struct eh_survey_run *run = context;
  eh_survey_piece_parse(run, &run->pieces[index], &run->workers[worker]);
}

static void note_places(struct reading *r, const struct eh_survey_piece *piece) {
  struct eh_account *account = &r->run->survey->account;
  for (size_t i = 0; i < piece->bad_place_count && r->bad_places < BAD_PLACES; i++) {
    account->bad_places =
        eh_resize(account->bad_places, account->bad_place_count + 1, sizeof *account->bad_places);
    account->bad_places[account->bad_place_count++] = (struct eh_bad_place){
        account->inputs[r->run->input].name, piece->first_line + piece->bad_lines[i],
        eh_csv_problem_text(piece->bad_problems[i])};
    r->bad_places++;
  }
}

/* Of a table the lines are the rows of its sheet. */
static void take_rows(const struct reading *r, struct eh_survey_piece *piece) {
  const struct eh_source *source = r->input->source;
  if (!eh_source_is_table(source)) return;
  for (size_t i = 0; i < piece->rows; i++)
    piece->lines[i] = (uint32_t)eh_source_row(source, piece->first_line + piece->lines[i]);
  piece->first_line = 0;
}

/* A record that began in an earlier piece is put in front of this one, which is parsed again: it
   was taken to begin with a record. */
static void settle_piece(struct reading *r, struct eh_survey_piece *piece) {
  struct eh_survey_run *run = r->run;
  bool assumed_right = r->tail.length == 0 && !r->runs_on;
  if (r->runs_on) {
    size_t passed = eh_csv_pass_line(piece->text, piece->length, &r->runs_on);
    piece->length -= passed;
    memmove(piece->text, piece->text + passed, piece->length);
  }
  if (r->tail.length) {
    eh_buffer_add(&r->tail, piece->text, piece->length);
    free(piece->text);
    piece->text = r->tail.text;
    piece->length = r->tail.length;
    r->tail = (struct eh_buffer){0};
  }
  if (!assumed_right) eh_survey_piece_parse(run, piece, run->workers);
  r->runs_on |= piece->runs_on;
  if (piece->used < piece->length)
    eh_buffer_add(&r->tail, piece->text + piece->used, piece->length - piece->used);
  piece->first_line = r->line;
  r->line += piece->line_count;
  r->windows_records += piece->windows_records;
  uint64_t read = piece->rows;
  for (int i = 0; i < EH_CSV_PROBLEMS; i++) {
    run->bad[i] += piece->bad[i];
    read += piece->bad[i];
  }
  run->survey->account.inputs[run->input].records += read;
  note_places(r, piece);
  take_rows(r, piece);
}

static enum eh_status check_memory(const struct eh_survey_run *run, struct eh_error *error) {
  uint64_t limit = run->options.memory, used = limit ? eh_memory_used() : 0;
  if (used <= limit) return EH_OK;
  return eh_fail(error, EH_MACHINE,
                 "to assess the reliability of the first %.1f million records takes %.0f MB of "
                 "memory, and the limit is %.0f MB; raise it, or add --no-reliability",
                 (double)run->survey->rows / 1e6, (double)used / 1e6, (double)limit / 1e6);
}

static enum eh_status read_batch(struct reading *r) {
  struct eh_survey_run *run = r->run;
  size_t wanted = run->batches ? EH_SURVEY_BATCH : EH_SURVEY_FIRST_BATCH, rows = 0;
  run->piece_count = 0;
  while (run->piece_count < wanted && !r->at_end)
    EH_TRY(read_piece(r, &run->pieces[run->piece_count++]));
  eh_parallel(run->piece_count, run->options.threads, parse_piece, run);
  for (size_t p = 0; p < run->piece_count; p++) {
    settle_piece(r, &run->pieces[p]);
    rows += run->pieces[p].rows;
  }
  if (rows) eh_survey_take_batch(run);
  EH_TRY(check_memory(run, r->error));
  if (run->options.progress)
    run->options.progress(run->options.progress_context, eh_source_bytes(r->input->source), 0,
                          run->survey->rows);
  return EH_OK;
}

static void describe_input(const struct reading *r) {
  struct eh_survey_run *run = r->run;
  struct eh_input *input = &run->survey->account.inputs[run->input];
  input->bytes = eh_source_bytes(r->input->source);
  input->delimiter = r->input->header.delimiter;
  input->header_line = eh_source_row(r->input->source, r->input->header.line - 1);
  input->encoding = eh_source_encoding(r->input->source);
  eh_contained_describe(run->arena, r->input->source, input);
  if (r->windows_records)
    input->encoding = eh_arena_printf(run->arena, "%s, %llu records Windows-1252", input->encoding,
                                      (unsigned long long)r->windows_records);
  if (run->options.hash) eh_source_sha256(r->input->source, input->sha256);
}

enum eh_status eh_survey_read_input(struct eh_survey_run *run, size_t index,
                                    struct eh_error *error) {
  struct reading r = {.run = run, .input = &run->inputs[index], .error = error};
  run->input = index;
  run->survey->input_rows[index] = run->survey->rows;
  run->survey->account.inputs[index].name = eh_arena_string(run->arena, r.input->name);
  r.line = r.input->header.line;
  size_t offset = r.input->header.offset;
  r.rest = r.input->start;
  r.input->start = (struct eh_buffer){0};
  memmove(r.rest.text, r.rest.text + offset, r.rest.length - offset);
  r.rest.length -= offset;
  enum eh_status status = EH_OK;
  while (status == EH_OK && !r.at_end) status = read_batch(&r);
  if (status == EH_OK) status = eh_source_check_unchanged(r.input->source, error);
  eh_buffer_free(&r.rest);
  eh_buffer_free(&r.tail);
  eh_source_rest(r.input->source);
  if (status == EH_OK) describe_input(&r);
  return status;
}
