/* The survey as a consumer of records. */
#include <stdlib.h>
#include <string.h>

#include "engine/load/survey/internal.h"

static void begin_input(void *context, size_t input) {
  struct eh_survey_run *run = context;
  run->input = input;
  run->survey->input_rows[input] = run->survey->rows;
  run->survey->input_rows[input + 1] = SIZE_MAX; /* so far the last */
}

static void *start_worker(void *context) {
  struct eh_survey_run *run = context;
  struct eh_survey_worker *w = eh_alloc_zeroed(1, sizeof *w);
  if (run->survey->rules) w->evaluation = w->own = eh_evaluation_new(run->files, NULL, NULL);
  return w;
}

static void end_worker(void *context, void *worker) {
  (void)context;
  struct eh_survey_worker *w = worker;
  eh_evaluation_free(w->own);
  free(w);
}

static void *new_harvest(void *context) {
  struct eh_survey_piece *piece = eh_alloc_zeroed(1, sizeof *piece);
  eh_survey_piece_new(context, piece);
  return piece;
}

static void free_harvest(void *context, void *harvest) {
  eh_survey_piece_free(context, harvest);
  free(harvest);
}

/* From its beginning to its end a piece sees the same tables. */
static void begin(void *context, void *worker, void *harvest) {
  (void)worker;
  struct eh_survey_run *run = context;
  pthread_rwlock_rdlock(&run->tables);
  eh_survey_piece_clear(run, harvest);
}

static void take(void *context, void *worker, void *harvest, const struct eh_batch *batch) {
  struct eh_survey_worker *w = worker;
  if (w->own) eh_evaluate_batch(w->own, batch);
  eh_survey_piece_take(context, harvest, w, batch);
}

static void finish(void *context, void *worker, void *harvest) {
  (void)worker, (void)harvest;
  pthread_rwlock_unlock(&((struct eh_survey_run *)context)->tables);
}

static void take_batch(struct eh_survey_run *run) {
  if (run->piece_count == 0) return;
  pthread_rwlock_wrlock(&run->tables);
  eh_survey_take_batch(run);
  pthread_rwlock_unlock(&run->tables);
  for (size_t p = 0; p < run->piece_count; p++) eh_survey_piece_clear(run, &run->pieces[p]);
  run->spares = eh_resize(run->spares, run->spare_count + run->piece_count, sizeof *run->spares);
  memcpy(run->spares + run->spare_count, run->pieces, run->piece_count * sizeof *run->spares);
  run->spare_count += run->piece_count;
  run->piece_count = 0;
  run->batch_bytes = 0;
}

/* The piece joins the batch, and the harvest goes on with an empty one. */
static void retire(void *context, void *worker, void *harvest, const struct eh_piece_place *place) {
  (void)worker;
  struct eh_survey_run *run = context;
  struct eh_survey_piece *piece = harvest;
  piece->first_line = place->first_line;
  run->batch_bytes += place->gain->used;
  if (piece->rows > 0) {
    if (run->piece_count == run->piece_capacity) {
      run->piece_capacity = run->piece_capacity ? 2 * run->piece_capacity : 16;
      run->pieces = eh_resize(run->pieces, run->piece_capacity, sizeof *run->pieces);
    }
    run->pieces[run->piece_count++] = *piece;
    *piece = (struct eh_survey_piece){0};
    if (run->spare_count)
      *piece = run->spares[--run->spare_count];
    else
      eh_survey_piece_new(run, piece);
  }
  if (run->batch_bytes >= EH_SURVEY_BATCH) take_batch(run);
}

static void place(const struct eh_survey_run *run, struct eh_survey_place *places, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (places[i].line && places[i].input == run->input)
      places[i].line = eh_source_row(run->files->sources[run->input], places[i].line);
}

static void place_lines(struct eh_survey_run *run, const struct eh_source *source) {
  struct eh_survey *s = run->survey;
  size_t first = s->input_rows[run->input], count = s->rows - first;
  uint32_t *lines = eh_alloc(count, sizeof *lines);
  for (size_t i = 0; i < count; i++) lines[i] = (uint32_t)eh_survey_place(s, first + i).line;
  eh_packed_list_cut(&s->lines, first);
  for (size_t i = 0; i < count; i++)
    eh_packed_list_add(&s->lines, run->rows,
                       (uint32_t)eh_source_row(source, lines[i]) - (uint32_t)(first + i));
  free(lines);
}

/* Of a table the lines are the rows of its sheet. */
static void place_rows(struct eh_survey_run *run) {
  struct eh_survey *s = run->survey;
  const struct eh_source *source = run->files->sources[run->input];
  if (!eh_source_is_table(source)) return;
  place_lines(run, source);
  for (size_t c = 0; c < s->column_count; c++) {
    struct eh_survey_column *column = &s->columns[c];
    place(run, column->malformed_places, column->malformed_place_count);
    for (size_t i = 0; i < column->value_count; i++) place(run, &column->values[i].first, 1);
  }
  for (size_t i = 0; s->rules && i < s->rules->expect_count; i++)
    place(run, s->expects[i].places, s->expects[i].place_count);
}

static void end_input(void *context) {
  take_batch(context);
  place_rows(context);
}

struct eh_consumer eh_survey_consumer(struct eh_survey_run *run) {
  return (struct eh_consumer){
      .context = run,
      .begin_input = begin_input,
      .end_input = end_input,
      .start_worker = start_worker,
      .end_worker = end_worker,
      .new_harvest = new_harvest,
      .free_harvest = free_harvest,
      .begin = begin,
      .take = take,
      .finish = finish,
      .retire = retire,
      .remedy = "raise it, add --no-reliability, or take the records in parts",
  };
}
