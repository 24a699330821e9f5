#include "engine/load/survey.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/parallel.h"
#include "engine/load/records.h"
#include "engine/load/survey_internal.h"

/* The first batch decides what the columns are, so its size does not depend on the threads. */
enum { PIECE = 1 << 20, FIRST_BATCH = 8, PIECES_PER_THREAD = 4, BAD_PLACES = 5 };

/* What stands for "not recorded" where no rules say it. */
static const char *const usual_missing[] = {"",
                                            "NULL",
                                            "Null",
                                            "null",
                                            "(null)",
                                            "NA",
                                            "N/A",
                                            "n/a",
                                            "#N/A",
                                            "NaN",
                                            "nan",
                                            "UNK",
                                            "Unk",
                                            "unk",
                                            "UNKNOWN",
                                            "Unknown",
                                            "unknown",
                                            "Not recorded",
                                            "not recorded",
                                            "MISSING",
                                            "Missing",
                                            "missing",
                                            "-",
                                            "--",
                                            ".",
                                            "Not Available",
                                            "?",
                                            "Not Specified"};
static const char no_column[] = "(column not in the file)";

struct opening {
  struct eh_survey_run *run;
  struct eh_problems *problems;
  struct eh_error *error;
};

static enum eh_status misfit(struct opening *o) {
  *o->error = o->problems->items[0];
  return EH_BAD_RULES;
}

static enum eh_status read_start(struct opening *o, struct eh_survey_input *input) {
  struct eh_survey_run *run = o->run;
  struct eh_buffer *text = &input->start;
  text->text = eh_alloc(PIECE + 1, 1);
  text->capacity = PIECE + 1;
  EH_TRY(eh_source_read(input->source, text->text, PIECE, &text->length, o->error));
  text->text[text->length] = '\0';
  const struct eh_rules *rules = run->survey->rules;
  struct eh_start start = {eh_source_name(input->source), text->text, text->length,
                           text->length < PIECE - 7, NULL};
  if (rules && eh_rules_match(rules, input->name, &start.input, o->problems) != EH_OK)
    return misfit(o);
  input->of_rules = start.input;
  if (start.input) input->fixed = eh_translate_fixed(run->arena, rules, start.input);
  if (text->length == 0)
    return eh_fail_at(o->error, EH_BAD_INPUT, start.name, 0, 0,
                      "is empty; it needs a header line and records");
  EH_TRY(eh_header_list(run->arena, rules, &run->options, &start, &input->header, o->error));
  if (!rules || eh_rules_fit_input(rules, start.input, input->header.names, input->header.count,
                                   start.name, o->problems) == EH_OK)
    return EH_OK;
  return misfit(o);
}

/* The columns of all inputs, then those that the rules derive. */
static void list_columns(struct eh_survey_run *run, size_t input_count) {
  struct eh_survey *s = run->survey;
  size_t most = s->rules ? 2 * s->rules->column_count : 0;
  for (size_t i = 0; i < input_count; i++) most += run->inputs[i].header.count;
  s->columns = eh_arena_alloc(run->arena, most, sizeof *s->columns);
  for (size_t i = 0; i < input_count; i++) eh_survey_list_fields(run, &run->inputs[i]);
  for (size_t c = 0; s->rules && c < s->rules->column_count; c++)
    if (s->rules->columns[c].kind != EH_GIVEN && s->rules->columns[c].is_evaluated)
      eh_survey_add_column(s, s->rules->columns[c].name, (int)c, true);
  for (size_t i = 0; i < input_count; i++) eh_survey_place_fields(run, &run->inputs[i]);
}

static void list_missing(struct eh_survey_run *run) {
  struct eh_survey *s = run->survey;
  size_t count = s->rules ? s->rules->missing_count : sizeof usual_missing / sizeof *usual_missing;
  const char *const *texts = s->rules ? s->rules->missing : usual_missing;
  const char **missing = eh_arena_alloc(run->arena, count + 1, sizeof *missing);
  missing[0] = no_column;
  for (size_t i = 0; i < count; i++) missing[i + 1] = texts[i];
  s->missing = missing;
  s->missing_count = count + 1;
}

static int survey_column_of(const struct eh_survey *s, int rules_column) {
  for (size_t c = 0; c < s->column_count && rules_column >= 0; c++)
    if (s->columns[c].rules_column == rules_column) return (int)c;
  return -1;
}

static void add_unit(struct eh_survey *s, int rules_column, bool is_individual) {
  struct eh_survey_roles *roles = &s->roles;
  enum eh_column_kind kind = s->rules->columns[rules_column].kind;
  int column = survey_column_of(s, rules_column);
  if (column < 0 || kind == EH_POLICY || (kind >= EH_MONTH && kind <= EH_FISCAL_YEAR)) return;
  for (size_t u = 0; u < roles->unit_count; u++)
    if (roles->units[u] == column) {
      roles->is_individual[u] |= is_individual;
      return;
    }
  if (roles->unit_count == EH_SURVEY_UNITS) return;
  roles->is_individual[roles->unit_count] = is_individual;
  roles->units[roles->unit_count++] = column;
}

static void add_date(struct eh_survey *s, int column) {
  struct eh_survey_roles *roles = &s->roles;
  if (column < 0 || roles->date_count == EH_SURVEY_DATES) return;
  for (size_t d = 0; d < roles->date_count; d++)
    if (roles->dates[d] == column) return;
  roles->dates[roles->date_count++] = column;
}

/* The roles that the rules give. */
static void take_roles(struct eh_survey *s) {
  const struct eh_rules *rules = s->rules;
  s->roles.case_column = survey_column_of(s, rules->case_column);
  s->roles.person_column =
      survey_column_of(s, rules->person_column >= 0 ? rules->person_column : rules->one_per);
  s->roles.date_column = survey_column_of(s, rules->date_column);
  for (size_t i = 0; i < rules->comparison_count; i++) {
    const struct eh_comparison *comparison = &rules->comparisons[i];
    for (size_t w = 0; w < comparison->within_count; w++) add_unit(s, comparison->within[w], false);
    add_unit(s, comparison->across, comparison->within_count > 0);
  }
  add_date(s, s->roles.date_column);
  for (size_t c = 0; c < rules->column_count; c++)
    if (rules->columns[c].kind == EH_GIVEN && rules->columns[c].read_as_date)
      add_date(s, survey_column_of(s, (int)c));
}

static void start_column(struct eh_survey_run *run, size_t c) {
  struct eh_survey *s = run->survey;
  struct eh_survey_column *column = &s->columns[c];
  struct eh_survey_work *work = &run->work[c];
  work->arena = eh_arena_new();
  for (size_t i = 0; i < s->missing_count; i++) {
    const char *text = s->missing[i];
    size_t length = strlen(text);
    eh_survey_table_add(&work->table, eh_survey_hash(text, length), text, length, i > 0);
  }
  column->values = work->table.items;
  column->value_count = work->table.count;
  if (column->rules_column < 0) return;
  const struct eh_column *rule = &s->rules->columns[column->rules_column];
  work->is_decided = column->is_derived || rule->read_as_date || rule->read_as_number;
  column->kind = column->is_derived     ? EH_SURVEY_TEXT
                 : rule->read_as_date   ? EH_SURVEY_DATE
                 : rule->read_as_number ? EH_SURVEY_NUMBER
                                        : EH_SURVEY_EMPTY;
  if (rule->read_as_date && s->rules->date_form_count) column->form = s->rules->date_forms[0];
}

static void start_columns(struct eh_survey_run *run, size_t input_count) {
  struct eh_survey *s = run->survey;
  list_missing(run);
  list_columns(run, input_count);
  s->roles = (struct eh_survey_roles){.case_column = -1, .person_column = -1, .date_column = -1};
  run->work = eh_arena_alloc(run->arena, s->column_count, sizeof *run->work);
  for (size_t c = 0; c < s->column_count; c++) start_column(run, c);
  s->month_records = eh_arena_alloc(run->arena, EH_SURVEY_MONTHS + 1, sizeof *s->month_records);
  if (!s->rules) return;
  take_roles(s);
  run->question_count = s->rules->measure_count + s->rules->total_count;
  s->measures = eh_arena_alloc(run->arena, s->rules->measure_count, sizeof *s->measures);
  s->expects = eh_arena_alloc(run->arena, s->rules->expect_count, sizeof *s->expects);
  run->evaluators = eh_arena_alloc(run->arena, run->options.threads, sizeof *run->evaluators);
  for (size_t t = 0; t < run->options.threads; t++) {
    struct eh_survey_evaluator *e = &run->evaluators[t];
    e->evaluator = eh_evaluator_new(s->rules, NULL, NULL);
    e->values = eh_arena_alloc(run->arena, s->rules->column_count, sizeof *e->values);
    e->fields = eh_arena_alloc(run->arena, s->rules->column_count, sizeof *e->fields);
  }
}

static void make_pieces(struct eh_survey_run *run) {
  struct eh_survey *s = run->survey;
  run->piece_capacity = PIECES_PER_THREAD * run->options.threads;
  if (run->piece_capacity < FIRST_BATCH) run->piece_capacity = FIRST_BATCH;
  run->pieces = eh_alloc_zeroed(run->piece_capacity, sizeof *run->pieces);
  for (size_t p = 0; p < run->piece_capacity; p++) {
    struct eh_survey_piece *piece = &run->pieces[p];
    piece->codes = eh_alloc_zeroed(s->column_count, sizeof *piece->codes);
    piece->joined = eh_alloc_zeroed(s->column_count, sizeof *piece->joined);
    piece->found = eh_alloc_zeroed(s->column_count, sizeof *piece->found);
    if (!s->rules) continue;
    piece->measures = eh_alloc_zeroed(s->rules->measure_count, sizeof *piece->measures);
    piece->expects = eh_alloc_zeroed(s->rules->expect_count, sizeof *piece->expects);
  }
}

/* --- reading an input --- */

struct reading {
  struct eh_survey_run *run;
  struct eh_survey_input *input;
  struct eh_buffer rest; /* read, but behind the last piece's last line */
  struct eh_buffer tail; /* the beginning of a record that does not end in its piece */
  bool at_end;
  uint64_t line;
  size_t bad_places;
  uint64_t windows_records;
  struct eh_error *error;
};

static size_t whole_lines(const char *text, size_t length) {
  const char *lf = memrchr(text, '\n', length);
  if (lf) return (size_t)(lf - text) + 1;
  const char *cr = length > 1 ? memrchr(text, '\r', length - 1) : NULL;
  return cr ? (size_t)(cr - text) + 1 : 0;
}

/* Text up to the end of a line, or of the input. */
static enum eh_status read_piece(struct reading *r, struct eh_survey_piece *piece) {
  struct eh_buffer text = r->rest;
  r->rest = (struct eh_buffer){0};
  size_t lines = 0;
  while (!r->at_end && lines == 0) {
    size_t wanted = text.length < PIECE - 4096 ? PIECE - text.length : PIECE, got = 0;
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
    lines = r->at_end ? text.length : whole_lines(text.text, text.length);
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
  eh_survey_piece_parse(run, &run->pieces[index],
                        run->evaluators ? &run->evaluators[worker] : NULL);
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

/* A record that began in an earlier piece is put in front of this one, which is parsed again: it
   was taken to begin with a record. */
static void settle_piece(struct reading *r, struct eh_survey_piece *piece) {
  struct eh_survey_run *run = r->run;
  if (r->tail.length) {
    eh_buffer_add(&r->tail, piece->text, piece->length);
    free(piece->text);
    piece->text = r->tail.text;
    piece->length = r->tail.length;
    r->tail = (struct eh_buffer){0};
    eh_survey_piece_parse(run, piece, run->evaluators);
  }
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
}

static enum eh_status read_batch(struct reading *r) {
  struct eh_survey_run *run = r->run;
  size_t wanted = run->batches ? run->piece_capacity : FIRST_BATCH, rows = 0;
  run->piece_count = 0;
  while (run->piece_count < wanted && !r->at_end)
    EH_TRY(read_piece(r, &run->pieces[run->piece_count++]));
  eh_parallel(run->piece_count, run->options.threads, parse_piece, run);
  for (size_t p = 0; p < run->piece_count; p++) {
    settle_piece(r, &run->pieces[p]);
    rows += run->pieces[p].rows;
  }
  if (rows) eh_survey_take_batch(run);
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
  input->header_line = r->input->header.line - 1;
  input->encoding = eh_source_encoding(r->input->source);
  if (r->windows_records)
    input->encoding = eh_arena_printf(run->arena, "%s, %llu records Windows-1252", input->encoding,
                                      (unsigned long long)r->windows_records);
  if (run->options.hash) eh_source_sha256(r->input->source, input->sha256);
}

static enum eh_status read_input(struct eh_survey_run *run, size_t index, struct eh_error *error) {
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
  eh_buffer_free(&r.rest);
  eh_buffer_free(&r.tail);
  if (status == EH_OK) describe_input(&r);
  return status;
}

/* --- the whole --- */

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
  for (size_t p = 0; run->pieces && p < run->piece_capacity; p++)
    eh_survey_piece_free(run, &run->pieces[p]);
  free(run->pieces);
  run->pieces = NULL;
  for (size_t t = 0; run->evaluators && t < run->options.threads; t++) {
    eh_evaluator_free(run->evaluators[t].evaluator);
    eh_translator_free(run->evaluators[t].translator);
  }
  run->evaluators = NULL;
  free(run->months);
  run->months = NULL;
  for (size_t c = 0; run->work && c < run->survey->column_count; c++) {
    free(run->work[c].sketch);
    free(run->work[c].table.slots);
    run->work[c].sketch = NULL;
    run->work[c].table.slots = NULL;
  }
}

static enum eh_status survey_inputs(struct opening *o, size_t count) {
  struct eh_survey_run *run = o->run;
  for (size_t i = 0; i < count; i++) EH_TRY(read_start(o, &run->inputs[i]));
  start_columns(run, count);
  make_pieces(run);
  for (size_t i = 0; i < count; i++) EH_TRY(read_input(run, i, o->error));
  eh_survey_finish_columns(run);
  close_account(run, count);
  return check_usable(run->survey, o->error);
}

enum eh_status eh_survey_files(const char *const *names, size_t count, const struct eh_rules *rules,
                               const struct eh_load_options *options, struct eh_survey **survey,
                               struct eh_problems *problems, struct eh_error *error) {
  struct whole *whole = start(rules, options, count);
  struct opening o = {&whole->run, problems, error};
  enum eh_status status = EH_OK;
  size_t opened = 0;
  for (; opened < count && status == EH_OK; opened++) {
    whole->run.inputs[opened].name = names[opened];
    status = eh_source_open(&whole->run.inputs[opened].source, names[opened], options->hash, error);
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

enum eh_status eh_survey_again(struct eh_records *records, const struct eh_rules *rules,
                               struct eh_survey **survey, struct eh_problems *problems,
                               struct eh_error *error) {
  struct eh_load_options options = records->options;
  options.progress = NULL;
  options.hash = false; /* done while the records were loaded */
  struct whole *whole = start(rules, &options, records->source_count);
  struct opening o = {&whole->run, problems, error};
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
