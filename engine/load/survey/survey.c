#include "engine/load/survey/survey.h"

#include <stdlib.h>
#include <string.h>

#include "engine/load/records/records.h"
#include "engine/load/survey/internal.h"
#include "engine/load/text/contained.h"

static void close_account(struct eh_survey_run *run, size_t input_count) {
  struct eh_account *account = &run->survey->account;
  account->excluded = eh_arena_alloc(run->arena, EH_CSV_PROBLEMS, sizeof *account->excluded);
  for (int i = 0; i < EH_CSV_PROBLEMS; i++) {
    account->unusable += run->bad[i];
    if (run->bad[i])
      account->excluded[account->exclusion_count++] =
          (struct eh_exclusion){eh_csv_problem_text((enum eh_csv_problem)i), run->bad[i]};
  }
  for (size_t i = 0; i < input_count; i++) account->read += account->inputs[i].records;
  account->audited = account->read - account->unusable;
  run->survey->input_rows[input_count] = run->survey->rows;
}

static enum eh_status check_usable(const struct eh_survey *s, struct eh_error *error) {
  if (s->rows > 0) return EH_OK;
  const struct eh_account *a = &s->account;
  if (a->bad_place_count)
    return eh_fail_at(error, EH_BAD_INPUT, a->bad_places[0].input, a->bad_places[0].line, 0,
                      "no record can be used; the first one has %s", a->bad_places[0].reason);
  return eh_fail_at(error, EH_BAD_INPUT, a->inputs[0].name, 0, 0, "has a header but no records");
}

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
  run->inputs = eh_arena_alloc(run->arena, count, sizeof *run->inputs);
  whole->survey.rules = rules;
  whole->survey.account.inputs =
      eh_arena_alloc(run->arena, count, sizeof *whole->survey.account.inputs);
  whole->survey.account.input_count = count;
  whole->survey.input_rows = eh_arena_alloc(run->arena, count + 1, sizeof(size_t));
  return whole;
}

static void free_work(struct eh_survey_run *run) {
  for (size_t i = 0; i < run->survey->account.input_count; i++)
    eh_buffer_free(&run->inputs[i].start);
  for (size_t p = 0; run->pieces && p < EH_SURVEY_BATCH; p++)
    eh_survey_piece_free(run, &run->pieces[p]);
  free(run->pieces);
  run->pieces = NULL;
  for (size_t t = 0; run->workers && t < run->options.threads; t++) {
    eh_evaluator_free(run->workers[t].evaluator);
    eh_translator_free(run->workers[t].translator);
  }
  run->workers = NULL;
  free(run->months);
  run->months = NULL;
  for (size_t c = 0; run->work && c < run->survey->column_count; c++) {
    free(run->work[c].sketch);
    free(run->work[c].table.slots);
    run->work[c].sketch = NULL;
    run->work[c].table.slots = NULL;
  }
}

static enum eh_status survey_inputs(struct eh_survey_opening *o, size_t count) {
  struct eh_survey_run *run = o->run;
  for (size_t i = 0; i < count; i++) EH_TRY(eh_survey_read_start(o, &run->inputs[i]));
  eh_survey_start_columns(run, count);
  for (size_t i = 0; i < count; i++) EH_TRY(eh_survey_read_input(run, i, o->error));
  eh_survey_finish_columns(run);
  close_account(run, count);
  EH_TRY(check_usable(run->survey, o->error));
  return eh_survey_pseudonymise(run, o->error);
}

enum eh_status eh_survey_files(const char *const *names, size_t count, const struct eh_rules *rules,
                               const struct eh_load_options *options, struct eh_survey **survey,
                               struct eh_problems *problems, struct eh_error *error) {
  struct whole *whole = start(rules, options, count);
  struct eh_survey_opening o = {&whole->run, problems, error};
  enum eh_status status = EH_OK;
  size_t opened = 0;
  for (; opened < count && status == EH_OK; opened++) {
    whole->run.inputs[opened].name = names[opened];
    const struct eh_rules_input *input = rules ? eh_rules_input_of(rules, names[opened]) : NULL;
    struct eh_wish wish =
        eh_wish_of(whole->run.arena, rules, input, options->sheet, options->skip_lines);
    status = eh_source_open(&whole->run.inputs[opened].source, names[opened], options->hash, &wish,
                            error);
  }
  if (status == EH_OK) status = survey_inputs(&o, count);
  for (size_t i = 0; i < opened; i++) {
    eh_source_free(whole->run.inputs[i].source);
    whole->run.inputs[i].source = NULL;
  }
  free_work(&whole->run);
  *survey = &whole->survey;
  if (status == EH_OK) return status;
  eh_survey_free(&whole->survey);
  *survey = NULL;
  return status;
}

struct eh_survey_run *eh_survey_begin(const struct eh_rules *rules, const char *name,
                                      const char **headers, size_t count) {
  struct eh_load_options options = {.threads = 1};
  struct eh_survey_run *run = &start(rules, &options, 1)->run;
  run->inputs[0].name = name;
  run->inputs[0].header = (struct eh_header){.names = headers, .count = count};
  eh_survey_start_columns(run, 1);
  return run;
}

void eh_survey_end(struct eh_survey_run *run) {
  eh_survey_finish_columns(run);
  free_work(run);
}

enum eh_status eh_survey_again(struct eh_records *records, const struct eh_rules *rules,
                               struct eh_survey **survey, struct eh_problems *problems,
                               struct eh_error *error) {
  struct eh_load_options options = records->options;
  options.progress = NULL;
  options.hash = false; /* done while the records were loaded */
  struct whole *whole = start(rules, &options, records->source_count);
  struct eh_survey_opening o = {&whole->run, problems, error};
  enum eh_status status = EH_OK;
  for (size_t i = 0; i < records->source_count && status == EH_OK; i++) {
    whole->run.inputs[i].name = records->account.inputs[i].name;
    whole->run.inputs[i].source = records->sources[i];
    status = eh_source_rewind(records->sources[i], error);
  }
  if (status == EH_OK) status = survey_inputs(&o, records->source_count);
  for (size_t i = 0; i < records->source_count && status == EH_OK; i++)
    whole->survey.account.inputs[i] = records->account.inputs[i];
  free_work(&whole->run);
  *survey = &whole->survey;
  if (status == EH_OK) return status;
  eh_survey_free(&whole->survey);
  *survey = NULL;
  return status;
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
    free(column->missing_by_month);
    free(column->inapplicable_by_month);
  }
  for (size_t i = 0; s->rules && s->expects && i < s->rules->expect_count; i++)
    free(s->expects[i].places);
  for (size_t u = 0; u < EH_SURVEY_UNITS; u++) free(s->unit_codes[u]);
  for (size_t d = 0; d < EH_SURVEY_DATES; d++) free(s->days[d]);
  free(s->repeats_case);
  free(s->lines);
  free(s->case_prints);
  free(s->person_prints);
  free(s->row_prints);
  free(s->outcomes);
  free(s->kept);
  free(s->account.bad_places);
  eh_arena_free(run->arena);
  free(whole);
}

struct eh_survey_place eh_survey_place(const struct eh_survey *survey, size_t row) {
  uint32_t input = 0;
  while (survey->input_rows[input + 1] <= row) input++;
  return (struct eh_survey_place){input, survey->lines[row]};
}
