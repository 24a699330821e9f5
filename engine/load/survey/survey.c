#include "engine/load/survey/survey.h"

#include <stdlib.h>
#include <string.h>

#include "engine/load/records/loading.h"
#include "engine/load/survey/internal.h"
#include "engine/load/text/contained.h"

/* The survey with what only its making needed, freed together. */
struct whole {
  struct eh_survey survey;
  struct eh_survey_run run;
};

static struct whole *start(const struct eh_rules *rules, const struct eh_load_options *options,
                           size_t count) {
  struct whole *whole = eh_alloc_zeroed(1, sizeof *whole);
  struct eh_survey_run *run = &whole->run;
  run->survey = &whole->survey;
  run->arena = eh_arena_new();
  run->options = *options;
  if (run->options.threads == 0) run->options.threads = 1;
  run->rows = eh_arena_new_bulk();
  pthread_rwlock_init(&run->tables, NULL);
  whole->survey.rules = rules;
  whole->survey.account.inputs =
      eh_arena_alloc(run->arena, count, sizeof *whole->survey.account.inputs);
  whole->survey.account.input_count = count;
  return whole;
}

static void free_pieces(struct eh_survey_run *run, struct eh_survey_piece *pieces, size_t count) {
  for (size_t p = 0; p < count; p++) eh_survey_piece_free(run, &pieces[p]);
  free(pieces);
}

static void free_work(struct eh_survey_run *run) {
  free_pieces(run, run->pieces, run->piece_count);
  free_pieces(run, run->spares, run->spare_count);
  run->pieces = run->spares = NULL;
  run->piece_count = run->spare_count = 0;
  eh_spill_free(run->cases);
  eh_spill_free(run->persons);
  run->cases = run->persons = NULL;
  for (size_t c = 0; run->work && c < run->survey->column_count; c++) {
    free(run->work[c].sketch);
    free(run->work[c].table.slots);
    run->work[c].sketch = NULL;
    run->work[c].table.slots = NULL;
  }
}

/* Give it, or, after a failure, nothing. */
static enum eh_status hand_over(struct whole *whole, enum eh_status status,
                                struct eh_survey **survey) {
  free_work(&whole->run);
  *survey = status == EH_OK ? &whole->survey : NULL;
  if (status != EH_OK) eh_survey_free(&whole->survey);
  return status;
}

/* The inputs' headers are read. */
static void start_reading(struct eh_survey_run *run, const struct eh_inputs *inputs) {
  run->files = inputs;
  run->layouts = inputs->layouts;
  eh_survey_start_columns(run, inputs->count);
}

/* As an audit of these records would. */
static enum eh_status check_numbers(const struct eh_survey_run *run, struct eh_error *error) {
  const struct eh_survey *s = run->survey;
  if (!s->rules) return EH_OK;
  unsigned *shapes = eh_arena_alloc(run->arena, s->rules->column_count, sizeof *shapes);
  for (size_t c = 0; c < s->column_count; c++)
    if (s->columns[c].rules_column >= 0) shapes[s->columns[c].rules_column] = run->work[c].shapes;
  return eh_rules_check_numbers(s->rules, shapes, error);
}

/* The records are. */
static enum eh_status finish_reading(struct eh_survey_run *run, struct eh_error *error) {
  struct eh_survey *s = run->survey;
  s->account.audited = s->account.read - s->account.unusable;
  s->input_rows[s->account.input_count] = s->rows;
  eh_survey_finish_columns(run);
  EH_TRY(check_numbers(run, error));
  EH_TRY(eh_survey_find_repeats(run, error));
  return eh_survey_pseudonymise(run, error);
}

static enum eh_status read_inputs(struct eh_survey_run *run, struct eh_inputs *inputs,
                                  struct eh_error *error) {
  struct eh_consumer consumer = eh_survey_consumer(run);
  struct eh_pass pass = {.options = &run->options,
                         .consumer = &consumer,
                         .arena = run->arena,
                         .account = &run->survey->account};
  start_reading(run, inputs);
  EH_TRY(eh_inputs_read(inputs, &pass, true, error));
  eh_pass_account(&pass, 0);
  EH_TRY(eh_account_check_usable(pass.account, run->survey->rows, error));
  return finish_reading(run, error);
}

enum eh_status eh_survey_files(const char *const *names, size_t count, const struct eh_rules *rules,
                               const struct eh_load_options *options, struct eh_survey **survey,
                               struct eh_problems *problems, struct eh_error *error) {
  struct whole *whole = start(rules, options, count);
  struct eh_inputs inputs = {
      .rules = rules, .options = &whole->run.options, .arena = whole->run.arena};
  enum eh_status status = eh_inputs_open(&inputs, names, count, problems, error);
  if (status == EH_OK) status = read_inputs(&whole->run, &inputs, error);
  eh_inputs_close(&inputs);
  return hand_over(whole, status, survey);
}

/* --- beside an audit, in the same pass --- */

struct both {
  struct eh_consumer audit, survey;
};
struct both_workers {
  void *audit;
  struct eh_survey_worker survey;
};
struct both_harvests {
  void *audit, *survey;
};

static void both_begin_input(void *context, size_t input) {
  struct both *b = context;
  b->survey.begin_input(b->survey.context, input);
}
static void both_end_input(void *context) {
  struct both *b = context;
  b->survey.end_input(b->survey.context);
}
static void *both_start_worker(void *context) {
  struct both *b = context;
  struct both_workers *w = eh_alloc_zeroed(1, sizeof *w);
  w->audit = b->audit.start_worker(b->audit.context);
  w->survey.evaluation = eh_loading_evaluation(w->audit);
  return w;
}
static void both_end_worker(void *context, void *worker) {
  struct both *b = context;
  b->audit.end_worker(b->audit.context, ((struct both_workers *)worker)->audit);
  free(worker);
}
static void *both_new_harvest(void *context) {
  struct both *b = context;
  struct both_harvests *h = eh_alloc(1, sizeof *h);
  h->audit = b->audit.new_harvest(b->audit.context);
  h->survey = b->survey.new_harvest(b->survey.context);
  return h;
}
static void both_free_harvest(void *context, void *harvest) {
  struct both *b = context;
  struct both_harvests *h = harvest;
  b->audit.free_harvest(b->audit.context, h->audit);
  b->survey.free_harvest(b->survey.context, h->survey);
  free(h);
}
static void both_begin(void *context, void *worker, void *harvest) {
  struct both *b = context;
  struct both_workers *w = worker;
  struct both_harvests *h = harvest;
  b->audit.begin(b->audit.context, w->audit, h->audit);
  b->survey.begin(b->survey.context, &w->survey, h->survey);
}
/* The audit evaluates the batch, and the survey takes it from there. */
static void both_take(void *context, void *worker, void *harvest, const struct eh_batch *batch) {
  struct both *b = context;
  struct both_workers *w = worker;
  struct both_harvests *h = harvest;
  b->audit.take(b->audit.context, w->audit, h->audit, batch);
  b->survey.take(b->survey.context, &w->survey, h->survey, batch);
}
static void both_finish(void *context, void *worker, void *harvest) {
  struct both *b = context;
  struct both_workers *w = worker;
  struct both_harvests *h = harvest;
  b->audit.finish(b->audit.context, w->audit, h->audit);
  b->survey.finish(b->survey.context, &w->survey, h->survey);
}
static void both_retire(void *context, void *worker, void *harvest,
                        const struct eh_piece_place *place) {
  struct both *b = context;
  struct both_workers *w = worker;
  struct both_harvests *h = harvest;
  b->audit.retire(b->audit.context, w->audit, h->audit, place);
  b->survey.retire(b->survey.context, &w->survey, h->survey, place);
}
static void both_settle(void *context, void *worker) {
  struct both *b = context;
  b->audit.settle(b->audit.context, ((struct both_workers *)worker)->audit);
}

/* What the audit's account says of the lines is what the survey's says. */
static void take_account(struct eh_survey_run *run, const struct eh_account *audit) {
  struct eh_account *a = &run->survey->account;
  *a = *audit;
  a->excluded = eh_arena_alloc(run->arena, audit->exclusion_count, sizeof *a->excluded);
  for (size_t i = 0; i < audit->exclusion_count; i++) a->excluded[i] = audit->excluded[i];
  a->bad_places = eh_alloc(audit->bad_place_count, sizeof *a->bad_places);
  for (size_t i = 0; i < audit->bad_place_count; i++) a->bad_places[i] = audit->bad_places[i];
}

static enum eh_status read_both(struct eh_loading *loading, struct eh_survey_run *run,
                                struct eh_error *error) {
  struct both both = {*eh_loading_consumer(loading), eh_survey_consumer(run)};
  struct eh_consumer consumer = {.context = &both,
                                 .begin_input = both_begin_input,
                                 .end_input = both_end_input,
                                 .start_worker = both_start_worker,
                                 .end_worker = both_end_worker,
                                 .new_harvest = both_new_harvest,
                                 .free_harvest = both_free_harvest,
                                 .begin = both_begin,
                                 .take = both_take,
                                 .finish = both_finish,
                                 .retire = both_retire,
                                 .settle = both_settle,
                                 .bytes_to_come = both.audit.bytes_to_come,
                                 .remedy = both.survey.remedy};
  start_reading(run, eh_loading_inputs(loading));
  EH_TRY(eh_loading_read(loading, &consumer, true, error));
  take_account(run, eh_loading_pass(loading)->account);
  return finish_reading(run, error);
}

enum eh_status eh_survey_beside(const struct eh_rules *rules, const char *const *names,
                                size_t count, const struct eh_load_options *options,
                                struct eh_records **records, struct eh_survey **survey,
                                struct eh_problems *problems, struct eh_error *error) {
  struct whole *whole = start(rules, options, count);
  struct eh_loading *loading;
  enum eh_status status = eh_loading_begin(&loading, rules, names, count, options, problems, error);
  if (status == EH_OK) status = read_both(loading, &whole->run, error);
  free_work(&whole->run);
  status = eh_loading_end(loading, status, records, error);
  return hand_over(whole, status, survey);
}

/* --- of counts from elsewhere --- */

struct eh_survey_run *eh_survey_begin(const struct eh_rules *rules, const char **headers,
                                      size_t count) {
  struct eh_load_options options = {.threads = 1};
  struct eh_survey_run *run = &start(rules, &options, 1)->run;
  struct eh_layout *layout = eh_arena_alloc(run->arena, 1, sizeof *layout);
  *layout = (struct eh_layout){.headers = headers, .field_count = count};
  run->layouts = layout;
  eh_survey_start_columns(run, 1);
  return run;
}

void eh_survey_end(struct eh_survey_run *run) {
  eh_survey_finish_columns(run);
  free_work(run);
}

void eh_survey_free(struct eh_survey *s) {
  if (!s) return;
  struct whole *whole = (struct whole *)s; /* its first member */
  struct eh_survey_run *run = &whole->run;
  free_work(run);
  for (size_t c = 0; run->work && c < s->column_count; c++) {
    struct eh_survey_column *column = &s->columns[c];
    free(run->work[c].table.items);
    eh_arena_free(run->work[c].arena);
    free(column->malformed_places);
    free((void *)column->malformed_texts);
    for (size_t u = 0; u < EH_SURVEY_UNITS; u++) {
      free(column->missing_by[u]);
      free(column->inapplicable_by[u]);
    }
    eh_survey_free_crossed(column);
    free(column->missing_by_month);
    free(column->inapplicable_by_month);
  }
  for (size_t i = 0; s->rules && s->expects && i < s->rules->expect_count; i++)
    free(s->expects[i].places);
  for (size_t u = 0; u < EH_SURVEY_UNITS; u++) eh_packed_list_free(&s->units[u]);
  for (size_t d = 0; d < EH_SURVEY_DATES; d++) eh_packed_list_free(&s->days[d]);
  for (size_t q = 0; s->answers && q < run->question_count; q++)
    eh_packed_list_free(&s->answers[q]);
  eh_packed_list_free(&s->kept);
  eh_packed_list_free(&s->lines);
  free(s->repeats_case);
  eh_arena_free(run->rows);
  free(s->account.bad_places);
  pthread_rwlock_destroy(&run->tables);
  eh_arena_free(run->arena);
  free(whole);
}
