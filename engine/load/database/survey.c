/* The survey of all columns, counted by a database. */
#include <stdlib.h>
#include <string.h>

#include "engine/load/database/internal.h"
#include "engine/load/survey/internal.h"
#include "rules/language/question.h"

struct surveying {
  struct eh_database *database;
  struct eh_sql_options sql; /* the database's, with the survey */
  struct eh_sql_survey plan;
  struct eh_sql_surveyed *columns;
  struct eh_survey_run *run;
  struct eh_survey *survey;
  struct eh_arena *arena; /* of the survey */
  struct eh_error *error;
  size_t row_capacity;
};

static uint64_t number(const char *field) { return field ? strtoull(field, NULL, 10) : 0; }

/* The next row; NULL: no more, and the statement is done. */
static enum eh_status next_row(struct surveying *s, const char *const **fields) {
  EH_TRY(eh_link_row(s->database->connection, fields, s->error));
  if (!*fields) eh_link_done(s->database->connection);
  return EH_OK;
}

/* Ask what one row answers; its fields are valid until the statement is done. */
static enum eh_status ask_one(struct surveying *s, const char *statement,
                              const char *const **fields) {
  EH_TRY(eh_database_ask(s->database, statement, s->error));
  EH_TRY(eh_link_row(s->database->connection, fields, s->error));
  if (*fields) return EH_OK;
  return eh_fail_at(s->error, EH_MACHINE, eh_link_name(s->database->connection), 0, 0,
                    "the database's answer lacks its one row");
}

static void leave_out(struct surveying *s, const char *what) {
  struct eh_survey_counted *c = s->survey->counted;
  const char **more = eh_arena_alloc(s->arena, c->unassessed_count + 1, sizeof *more);
  if (c->unassessed_count) memcpy(more, c->unassessed, c->unassessed_count * sizeof *more);
  more[c->unassessed_count++] = what;
  c->unassessed = more;
}

static void plan_columns(struct surveying *s) {
  struct eh_survey *v = s->survey;
  s->columns = eh_arena_alloc(s->arena, v->column_count, sizeof *s->columns);
  for (size_t c = 0; c < v->column_count; c++)
    s->columns[c] =
        (struct eh_sql_surveyed){.header = v->columns[c].is_derived ? NULL : v->columns[c].name,
                                 .column = v->columns[c].rules_column,
                                 .by = -1};
  int *dates = eh_arena_alloc(s->arena, EH_SURVEY_DATES, sizeof *dates);
  for (size_t d = 0; d < v->roles.date_count; d++)
    dates[d] = v->columns[v->roles.dates[d]].rules_column;
  s->plan = (struct eh_sql_survey){.columns = s->columns,
                                   .count = v->column_count,
                                   .units = v->roles.units,
                                   .unit_count = v->roles.unit_count,
                                   .dates = dates,
                                   .date_count = v->roles.date_count};
  s->sql = s->database->sql;
  s->sql.survey = &s->plan;
}

/* --- values --- */

/* The code of a text; null is the empty text where that stands for "not recorded". */
static uint32_t code_of(const struct surveying *s, size_t c, const char *text) {
  const char *own = text ? text : s->columns[c].header ? "" : NULL;
  if (!own) return 0;
  size_t length = strlen(own);
  struct eh_text_key key = eh_text_key_of(own, length);
  uint32_t code = s->columns[c].header ? eh_survey_missing_code(s->run, own, length) : UINT32_MAX;
  if (code != UINT32_MAX) return text || !length ? code : 0;
  code = eh_survey_table_find(&s->run->work[c].table, &key, own, length);
  return !text && (code == UINT32_MAX || code >= s->survey->missing_count) ? 0 : code;
}

static void take_value(struct surveying *s, size_t c, const char *text, uint64_t records) {
  struct eh_survey_work *work = &s->run->work[c];
  uint32_t code = code_of(s, c, text);
  if (code == UINT32_MAX) {
    size_t length = strlen(text);
    const char *copy = eh_arena_copy(work->arena, text, length);
    struct eh_text_key key = eh_text_key_of(copy, length);
    code = eh_survey_table_add(&work->table, &key, copy, length, true);
  }
  work->table.items[code].records += records;
}

static enum eh_status take_values(struct surveying *s, const int *columns, size_t count) {
  const char *statement;
  const char *const *fields;
  if (count == 0) return EH_OK;
  EH_TRY(eh_sql_survey_values(s->database->arena, s->database->rules, &s->sql, columns, count,
                              &statement, s->error));
  EH_TRY(eh_database_ask(s->database, statement, s->error));
  for (;;) {
    EH_TRY(next_row(s, &fields));
    if (!fields) return EH_OK;
    take_value(s, number(fields[0]), fields[1], number(fields[2]));
  }
}

/* Of a column with very many values only how many there are. */
static void pass_over(struct surveying *s, size_t c, uint64_t distinct, uint64_t missing) {
  struct eh_survey_column *column = &s->survey->columns[c];
  struct eh_survey_work *work = &s->run->work[c];
  work->table.items[0].records = missing;
  column->rest.records = s->survey->rows - missing;
  column->passed_over = distinct;
  if (!work->is_decided) column->kind = EH_SURVEY_TEXT;
  work->is_decided = true;
  leave_out(s, eh_arena_printf(s->arena, "what stands in %s, which has %llu different values",
                               column->name, (unsigned long long)distinct));
}

static enum eh_status take_columns(struct surveying *s) {
  struct eh_survey *v = s->survey;
  const char *statement;
  const char *const *fields;
  uint64_t *counts = eh_arena_alloc(s->arena, 2 * v->column_count, sizeof *counts);
  EH_TRY(eh_sql_survey_distinct(s->database->arena, s->database->rules, &s->sql, &statement,
                                s->error));
  EH_TRY(ask_one(s, statement, &fields));
  for (size_t i = 0; i < 2 * v->column_count; i++) counts[i] = number(fields[i]);
  eh_link_done(s->database->connection);
  int *listed = eh_arena_alloc(s->arena, v->column_count, sizeof *listed);
  size_t listed_count = 0;
  for (size_t c = 0; c < v->column_count; c++)
    if (counts[2 * c] <= EH_SURVEY_VALUES)
      listed[listed_count++] = (int)c;
    else
      pass_over(s, c, counts[2 * c], counts[2 * c + 1]);
  EH_TRY(take_values(s, listed, listed_count));
  for (size_t c = 0; c < v->column_count; c++) {
    struct eh_survey_column *column = &v->columns[c];
    eh_survey_settle_values(s->run, c, 0);
    for (size_t i = v->missing_count; i < column->value_count; i++)
      if (eh_survey_is_malformed(column, &column->values[i]))
        column->malformed += column->values[i].records;
  }
  return EH_OK;
}

/* --- where a column does not apply --- */

/* Ask where values are missing, by some columns. */
static enum eh_status ask_missing(struct surveying *s, const int *by, size_t count) {
  const char *statement;
  EH_TRY(eh_sql_survey_missing(s->database->arena, s->database->rules, &s->sql, by, count,
                               &statement, s->error));
  return eh_database_ask(s->database, statement, s->error);
}

/* tallies: by column `by`, then column. */
static enum eh_status tally_missing(struct surveying *s, const int *by, size_t count,
                                    struct eh_applies_tally *tallies) {
  const struct eh_survey *v = s->survey;
  const char *const *fields;
  if (count == 0) return EH_OK;
  EH_TRY(ask_missing(s, by, count));
  for (;;) {
    EH_TRY(next_row(s, &fields));
    if (!fields) return EH_OK;
    size_t column = number(fields[0]);
    uint32_t code = code_of(s, column, fields[1]);
    if (code < v->missing_count || code - v->missing_count >= EH_APPLIES_VALUES) continue;
    for (size_t c = 0; c < v->column_count; c++) {
      struct eh_applies_tally *tally = &tallies[column * v->column_count + c];
      tally->records[code - v->missing_count] += number(fields[2]);
      tally->missing[code - v->missing_count] += number(fields[3 + 2 * c]);
    }
  }
}

static int compare_texts(const void *left, const void *right) {
  return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* The texts where a column does not apply, for the further questions. */
static void plan_applies(struct surveying *s, size_t c) {
  const struct eh_survey_column *column = &s->survey->columns[c];
  if (column->applies_by < 0) return;
  const char **texts = eh_arena_alloc(s->arena, column->does_not_apply_count, sizeof *texts);
  s->columns[c].by = column->applies_by;
  s->columns[c].texts = texts;
  for (size_t i = 0; i < column->does_not_apply_count; i++)
    if (column->does_not_apply[i])
      texts[s->columns[c].text_count++] = s->survey->columns[column->applies_by].values[i].text;
  /* The values stand in the order in which the server gave them. */
  qsort((void *)texts, s->columns[c].text_count, sizeof *texts, compare_texts);
}

static enum eh_status find_applies(struct surveying *s) {
  const struct eh_survey *v = s->survey;
  size_t columns = v->column_count, count = 0, given = 0;
  uint64_t *best = eh_arena_alloc(s->arena, columns, sizeof *best);
  int *by = eh_arena_alloc(s->arena, columns, sizeof *by);
  for (size_t b = 0; b < columns; b++) {
    bool may = false;
    for (size_t c = 0; c < columns; c++)
      may |= eh_survey_lacks_values(v, c) && eh_survey_may_explain(v, c, b);
    if (!may) continue;
    by[count++] = (int)b; /* the derived ones stand behind the others */
    given += !v->columns[b].is_derived;
  }
  if (count == 0) return EH_OK;
  struct eh_applies_tally *tallies = eh_alloc_zeroed(columns * columns, sizeof *tallies);
  s->plan.without_derived = true; /* they never lack a text of the records */
  enum eh_status status = tally_missing(s, by, given, tallies);
  s->plan.without_derived = false;
  if (status == EH_OK) status = tally_missing(s, by + given, count - given, tallies);
  for (size_t i = 0; i < count && status == EH_OK; i++)
    for (size_t c = 0; c < columns; c++)
      if (eh_survey_lacks_values(v, c) && eh_survey_may_explain(v, c, (size_t)by[i]))
        eh_survey_try_applies(s->run, c, (size_t)by[i], &tallies[(size_t)by[i] * columns + c],
                              &best[c]);
  free(tallies);
  for (size_t c = 0; c < columns; c++) plan_applies(s, c);
  return status;
}

/* --- where and when values are missing --- */

/* One row of the answer: counts has two numbers for each column. */
static void take_missing_at(struct surveying *s, size_t u, const char *label,
                            const char *const *counts) {
  struct eh_survey *v = s->survey;
  uint32_t code = code_of(s, (size_t)v->roles.units[u], label);
  for (size_t c = 0; c < v->column_count && code != UINT32_MAX; c++) {
    v->columns[c].missing_by[u][code] += (uint32_t)number(counts[2 * c]);
    v->columns[c].inapplicable_by[u][code] += (uint32_t)number(counts[2 * c + 1]);
  }
}

static void take_missing_in(struct surveying *s, int date, uint64_t records,
                            const char *const *counts) {
  struct eh_survey *v = s->survey;
  uint16_t month = date ? eh_survey_month(date / 100, date % 100) : EH_SURVEY_MONTHS;
  if (date) v->month_records[month] += records;
  for (size_t c = 0; c < v->column_count; c++) {
    v->columns[c].missing_by_month[month] += (uint32_t)number(counts[2 * c]);
    v->columns[c].inapplicable_by_month[month] += (uint32_t)number(counts[2 * c + 1]);
  }
}

static void add_by(int *by, size_t *count, int column) {
  for (size_t i = 0; i < *count; i++)
    if (by[i] == column) return;
  by[(*count)++] = column;
}

/* Units, months, and the columns that say where others do not apply. */
static size_t plan_missing(struct surveying *s, int *by) {
  struct eh_survey *v = s->survey;
  size_t count = 0;
  for (size_t c = 0; c < v->column_count; c++) {
    eh_survey_grow_counts(s->run, &v->columns[c]);
    if (v->columns[c].applies_by >= 0) add_by(by, &count, v->columns[c].applies_by);
  }
  for (size_t u = 0; u < v->roles.unit_count; u++) add_by(by, &count, v->roles.units[u]);
  if (v->roles.date_column >= 0) by[count++] = EH_SQL_BY_MONTH;
  return count;
}

static enum eh_status take_missing(struct surveying *s) {
  struct eh_survey *v = s->survey;
  const char *const *fields;
  int *by = eh_arena_alloc(s->arena, v->column_count + 1, sizeof *by);
  size_t count = plan_missing(s, by);
  if (count == 0) return EH_OK;
  EH_TRY(ask_missing(s, by, count));
  for (;;) {
    EH_TRY(next_row(s, &fields));
    if (!fields) return EH_OK;
    int column = (int)strtol(fields[0], NULL, 10);
    if (column == EH_SQL_BY_MONTH)
      take_missing_in(s, (int)number(fields[1]), number(fields[2]), fields + 3);
    for (size_t u = 0; u < v->roles.unit_count; u++)
      if (v->roles.units[u] == column) take_missing_at(s, u, fields[1], fields + 3);
    for (size_t c = 0; c < v->column_count && column >= 0; c++)
      if (v->columns[c].applies_by == column)
        v->columns[c].not_applicable += number(fields[4 + 2 * c]);
  }
}

/* --- what the rules ask --- */

static enum eh_status take_questions(struct surveying *s) {
  struct eh_survey *v = s->survey;
  const struct eh_rules *rules = s->database->rules;
  const char *statement;
  const char *const *f;
  EH_TRY(eh_sql_survey_questions(s->database->arena, rules, &s->sql, &statement, s->error));
  EH_TRY(ask_one(s, statement, &f));
  for (size_t m = 0; m < rules->measure_count; m++, f += 5)
    v->measures[m] = (struct eh_survey_measure){number(f[0]), number(f[1]), number(f[2]),
                                                number(f[3]), number(f[4])};
  for (size_t i = 0; i < rules->expect_count; i++, f += 3)
    v->expects[i] =
        (struct eh_survey_test){.yes = number(f[0]), .no = number(f[1]), .unknown = number(f[2])};
  for (size_t x = 0; x < v->roles.date_count; x++)
    for (size_t y = 0; y < v->roles.date_count; y++) {
      if (x == y) continue;
      v->counted->both[x][y] = number(f[0]);
      v->counted->wrong[x][y] = number(f[1]);
      f += 2;
    }
  eh_link_done(s->database->connection);
  return EH_OK;
}

/* Records alike. */
struct lot {
  uint32_t units[EH_SURVEY_UNITS];
  int32_t day;
  bool repeats;
  enum eh_truth kept;
  const char *const *outcomes, *const *totals;
  uint64_t records;
};

static struct lot read_lot(const struct surveying *s, const char *const *f) {
  const struct eh_survey *v = s->survey;
  const struct eh_rules *rules = s->database->rules;
  struct lot lot = {.day = EH_SURVEY_NO_DAY};
  for (size_t u = 0; u < v->roles.unit_count; u++)
    lot.units[u] = code_of(s, (size_t)v->roles.units[u], *f++);
  eh_database_day(s->database, *f++, &lot.day);
  lot.repeats = number(*f++) == 1;
  uint64_t fate = number(*f++);
  lot.kept = fate == EH_AUDITED ? EH_TRUE : fate == EH_NOT_KEPT ? EH_FALSE : EH_UNKNOWN;
  lot.outcomes = f;
  lot.totals = f + rules->measure_count;
  lot.records = number(lot.totals[rules->total_count]);
  return lot;
}

static uint8_t outcome_of(const struct eh_measure *measure, const char *field) {
  static const uint8_t outcomes[] = {EH_SURVEY_NOT_ASKED, EH_SURVEY_UNKNOWN, EH_SURVEY_UNKNOWN,
                                     EH_SURVEY_NO, EH_SURVEY_YES};
  uint64_t outcome = number(field);
  if (eh_has_outcome(measure) && outcome == EH_NO_EVENT) outcome = EH_EVENT;
  return outcomes[outcome <= EH_EVENT ? outcome : EH_DOES_NOT_APPLY];
}

static void fill_outcomes(const struct surveying *s, const struct lot *lot, uint8_t *to) {
  const struct eh_rules *rules = s->database->rules;
  memset(to, EH_SURVEY_NOT_ASKED, rules->measure_count + rules->total_count);
  if (lot->kept != EH_TRUE) return;
  for (size_t m = 0; m < rules->measure_count; m++)
    to[m] = outcome_of(&rules->measures[m], lot->outcomes[m]);
  for (size_t t = 0; t < rules->total_count; t++)
    to[rules->measure_count + t] = !lot->totals[t]          ? EH_SURVEY_UNKNOWN
                                   : number(lot->totals[t]) ? EH_SURVEY_YES
                                                            : EH_SURVEY_NO;
}

/* As so many rows of the survey. */
static void add_rows(struct surveying *s, const struct lot *lot, uint8_t *answers) {
  struct eh_survey *v = s->survey;
  struct eh_arena *arena = s->run->rows;
  size_t count = lot->records;
  fill_outcomes(s, lot, answers);
  for (size_t u = 0; u < v->roles.unit_count; u++)
    eh_packed_list_fill(&v->units[u], arena, lot->units[u] + 1, count);
  if (v->roles.date_column >= 0 && v->roles.date_count)
    eh_packed_list_fill(&v->days[0], arena, eh_survey_store_day(s->run, lot->day), count);
  eh_packed_list_fill(&v->kept, arena, lot->kept, count);
  for (size_t q = 0; q < s->run->question_count; q++)
    eh_packed_list_fill(&v->answers[q], arena, answers[q], count);
  if (v->rows + count > s->row_capacity) {
    s->row_capacity = 2 * (v->rows + count);
    v->repeats_case = eh_resize(v->repeats_case, s->row_capacity, sizeof *v->repeats_case);
  }
  memset(v->repeats_case + v->rows, lot->repeats, count);
  v->rows += count;
}

static enum eh_status take_rows(struct surveying *s) {
  const char *statement;
  const char *const *fields;
  EH_TRY(
      eh_sql_survey_records(s->database->arena, s->database->rules, &s->sql, &statement, s->error));
  EH_TRY(eh_database_ask(s->database, statement, s->error));
  uint8_t *answers = eh_arena_alloc(s->arena, s->run->question_count, sizeof *answers);
  s->survey->rows = 0;
  eh_survey_start_rows(s->run);
  for (;;) {
    EH_TRY(next_row(s, &fields));
    if (!fields) return EH_OK;
    struct lot lot = read_lot(s, fields);
    add_rows(s, &lot, answers);
  }
}

/* --- what repeats --- */

static enum eh_status take_repeats(struct surveying *s) {
  struct eh_survey_repeats *c = &s->survey->repeats;
  const struct eh_rules *rules = s->database->rules;
  int person = s->survey->roles.person_column;
  const char *statement;
  const char *const *f;
  EH_TRY(eh_sql_survey_repeats(s->database->arena, rules, &s->sql, &statement, s->error));
  EH_TRY(ask_one(s, statement, &f));
  c->exact = number(f[0]) - number(f[1]);
  c->differing = number(f[2]) - c->exact;
  eh_link_done(s->database->connection);
  if (person < 0) return EH_OK;
  EH_TRY(eh_sql_survey_persons(s->database->arena, rules, &s->sql,
                               s->survey->columns[person].rules_column, &statement, s->error));
  EH_TRY(ask_one(s, statement, &f));
  c->persons = number(f[0]);
  c->persons_repeated = number(f[1]);
  c->records_repeated = number(f[2]) - c->persons;
  eh_link_done(s->database->connection);
  leave_out(s, "how long after each other a person's records are, and whether they agree");
  return EH_OK;
}

/* --- the whole --- */

static void close_account(struct surveying *s) {
  struct eh_account *a = &s->survey->account;
  a->inputs[0] = s->database->account->inputs[0];
  a->read = a->audited = s->survey->rows;
  s->survey->input_rows[1] = s->survey->rows;
}

static enum eh_status survey_table(struct surveying *s) {
  s->survey->rows = s->database->account->read;
  EH_TRY(take_columns(s));
  EH_TRY(find_applies(s));
  EH_TRY(take_missing(s));
  EH_TRY(take_questions(s));
  EH_TRY(take_rows(s));
  return take_repeats(s);
}

enum eh_status eh_database_survey(struct eh_database *database, struct eh_survey **survey,
                                  struct eh_error *error) {
  struct surveying s = {.database = database, .error = error};
  s.run = eh_survey_begin(database->rules, database->headers, database->header_count);
  s.survey = s.run->survey;
  s.arena = s.run->arena;
  s.survey->counted = eh_arena_alloc(s.arena, 1, sizeof *s.survey->counted);
  leave_out(&s, "in which lines what was found stands, for a table has none");
  plan_columns(&s);
  enum eh_status status = survey_table(&s);
  eh_survey_end(s.run);
  if (status == EH_OK) close_account(&s);
  *survey = s.survey;
  if (status == EH_OK) return status;
  eh_survey_free(s.survey);
  *survey = NULL;
  return status;
}
