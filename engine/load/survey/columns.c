/* Column by column: new values join the survey, rows are counted. */
#include <stdlib.h>
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/parallel.h"
#include "engine/load/survey/guess.h"
#include "engine/load/survey/internal.h"
#include "engine/load/text/encoding.h"

enum { MOST_RECORDS_EACH = 3 }; /* of the values of a closed column */

static void forms_of(const struct eh_survey_run *run, const struct eh_survey_column *column,
                     const char *const **forms, size_t *count) {
  const struct eh_rules *rules = run->survey->rules;
  bool by_rules = rules && column->rules_column >= 0 &&
                  rules->columns[column->rules_column].read_as_date && rules->date_form_count;
  bool is_found = !by_rules && column->form_count > 0;
  *forms = by_rules ? rules->date_forms : is_found ? column->forms : &column->form;
  *count = by_rules ? rules->date_form_count : is_found ? column->form_count : 1;
}

static bool is_wrong_years(const struct eh_survey_value *value) {
  size_t ending = sizeof EH_WRONG_YEARS - 1;
  return value->length > ending &&
         memcmp(value->text + value->length - ending, EH_WRONG_YEARS, ending) == 0;
}

void eh_survey_classify_value(const struct eh_survey_run *run, size_t column,
                              struct eh_survey_value *value) {
  const struct eh_survey_column *c = &run->survey->columns[column];
  const char *const *forms;
  size_t count;
  forms_of(run, c, &forms, &count);
  const struct eh_rules *rules = run->survey->rules;
  eh_survey_classify(value, c->kind, rules ? rules->numbers : NULL, forms, count,
                     run->options.as_of);
  value->is_unreadable =
      !eh_text_is_utf8(value->text, value->length) || (c->is_derived && is_wrong_years(value));
}

/* The piece's own values get codes of the survey, while there is room. */
static void join_values(struct eh_survey_run *run, struct eh_survey_piece *piece, size_t c) {
  struct eh_survey_work *work = &run->work[c];
  struct eh_survey_table *found = &piece->found[c];
  piece->joined[c] = eh_resize(piece->joined[c], found->count + 1, sizeof **piece->joined);
  for (size_t i = 0; i < found->count; i++) {
    struct eh_survey_value *v = &found->items[i];
    v->first = (struct eh_survey_place){(uint32_t)run->input,
                                        piece->first_line + piece->lines[v->first.line]};
    struct eh_text_key key = eh_text_key_of(v->text, v->length);
    uint32_t code = eh_survey_table_find(&work->table, &key, v->text, v->length);
    if (code == UINT32_MAX && work->table.count < EH_SURVEY_VALUES) {
      const char *text = eh_arena_copy(work->arena, v->text, v->length);
      code = eh_survey_table_add(&work->table, &key, text, v->length, true);
      work->table.items[code].first = v->first;
    }
    if (code != UINT32_MAX && work->is_provisional) work->table.items[code].records += v->records;
    piece->joined[c][i] = code;
  }
}

static void count_rest(struct eh_survey_rest *rest, const struct eh_survey_value *v) {
  if (v->is_number && (rest->numbers == 0 || v->number < rest->low)) rest->low = v->number;
  if (v->is_number && (rest->numbers == 0 || v->number > rest->high)) rest->high = v->number;
  if (v->is_date && (rest->dates == 0 || v->day < rest->first)) rest->first = v->day;
  if (v->is_date && (rest->dates == 0 || v->day > rest->last)) rest->last = v->day;
  rest->records += v->records;
  rest->numbers += v->is_number ? v->records : 0;
  rest->dates += v->is_date ? v->records : 0;
}

/* Only where the rules read it as a number, and do not say how numbers are written. */
static void note_shape(struct eh_survey_run *run, size_t c, const struct eh_survey_value *v) {
  const struct eh_survey *s = run->survey;
  int column = s->columns[c].rules_column;
  if (column < 0 || s->rules->numbers || !s->rules->columns[column].read_as_number) return;
  run->work[c].shapes |= eh_amount_shape(v->text, v->length);
}

static void sketch_value(struct eh_survey_work *work, const struct eh_survey_value *v) {
  if (!work->sketch) work->sketch = eh_alloc_zeroed(EH_SKETCH_SIZE, 1);
  eh_sketch_add(work->sketch, v->hash);
}

/* Values for which there was no room. */
static void take_others(struct eh_survey_run *run, struct eh_survey_piece *piece, size_t c) {
  struct eh_survey_column *column = &run->survey->columns[c];
  struct eh_survey_work *work = &run->work[c];
  for (size_t i = 0; i < piece->found[c].count; i++) {
    if (piece->joined[c][i] != EH_SURVEY_OTHER) continue;
    struct eh_survey_value *v = &piece->found[c].items[i];
    eh_survey_classify_value(run, c, v);
    work->has_unreadable |= v->is_unreadable;
    note_shape(run, c, v);
    count_rest(&column->rest, v);
    sketch_value(work, v);
  }
}

void eh_survey_settle_values(struct eh_survey_run *run, size_t c, size_t first) {
  struct eh_survey_column *column = &run->survey->columns[c];
  struct eh_survey_work *work = &run->work[c];
  size_t missing = run->survey->missing_count;
  if (!work->is_decided) {
    eh_survey_decide(work->table.items + missing, work->table.count - missing,
                     run->survey->rules ? run->survey->rules->numbers : NULL, column);
    work->is_decided = column->kind != EH_SURVEY_EMPTY;
  }
  for (size_t i = first; i < work->table.count; i++) {
    eh_survey_classify_value(run, c, &work->table.items[i]);
    work->has_unreadable |= work->table.items[i].is_unreadable;
    note_shape(run, c, &work->table.items[i]);
  }
  column->values = work->table.items;
  column->value_count = work->table.count;
}

static void join_column(void *context, size_t c, size_t worker) {
  (void)worker;
  struct eh_survey_run *run = context;
  struct eh_survey_work *work = &run->work[c];
  size_t before = work->table.count;
  work->is_provisional = !work->is_decided;
  for (size_t p = 0; p < run->piece_count; p++) join_values(run, &run->pieces[p], c);
  eh_survey_settle_values(run, c, before);
  for (size_t p = 0; p < run->piece_count; p++) take_others(run, &run->pieces[p], c);
}

bool eh_survey_is_malformed(const struct eh_survey_column *column,
                            const struct eh_survey_value *v) {
  return v->is_unreadable || (column->kind == EH_SURVEY_DATE && !v->is_date) ||
         (column->kind == EH_SURVEY_NUMBER && !v->is_number);
}

static void note_malformed(struct eh_survey_run *run, struct eh_survey_column *column,
                           const struct eh_survey_value *v, struct eh_survey_place place) {
  struct eh_survey_work *work = &run->work[column - run->survey->columns];
  column->malformed++;
  size_t n = column->malformed_place_count;
  if (n == EH_SURVEY_PLACES) return;
  if ((n & (n - 1)) == 0) {
    size_t capacity = n ? 2 * n : 1;
    column->malformed_places =
        eh_resize(column->malformed_places, capacity, sizeof *column->malformed_places);
    column->malformed_texts =
        eh_resize((void *)column->malformed_texts, capacity, sizeof *column->malformed_texts);
  }
  column->malformed_places[n] = place;
  column->malformed_texts[n] = v->is_unreadable ? eh_text_show(work->arena, v->text, v->length)
                                                : eh_arena_copy(work->arena, v->text, v->length);
  column->malformed_place_count++;
}

/* A row's value where the column plays a role. */
static void fill_roles(const struct eh_survey *s, struct eh_survey_piece *piece, size_t c, size_t r,
                       uint32_t code, const struct eh_survey_value *v) {
  bool missing = code < s->missing_count;
  const struct eh_survey_roles *roles = &s->roles;
  if ((int)c == roles->case_column) piece->case_prints[r] = missing ? 0 : v->hash;
  if ((int)c == roles->person_column) piece->person_prints[r] = missing ? 0 : v->hash;
  for (size_t d = 0; d < roles->date_count; d++)
    if (roles->dates[d] == (int)c)
      piece->days[d][r] = !missing && v->is_date ? v->day : EH_SURVEY_NO_DAY;
}

/* Its units are in its codes. */
static bool plays_role(const struct eh_survey *s, int column) {
  const struct eh_survey_roles *roles = &s->roles;
  bool plays = column == roles->case_column || column == roles->person_column;
  for (size_t d = 0; d < roles->date_count; d++) plays |= roles->dates[d] == column;
  return plays;
}

static void count_column(void *context, size_t c, size_t worker) {
  (void)worker;
  struct eh_survey_run *run = context;
  struct eh_survey *s = run->survey;
  struct eh_survey_column *column = &s->columns[c];
  struct eh_survey_work *work = &run->work[c];
  struct eh_survey_value *values = work->table.items;
  bool checked =
      column->kind == EH_SURVEY_DATE || column->kind == EH_SURVEY_NUMBER || work->has_unreadable;
  bool plays = plays_role(s, (int)c);
  for (size_t i = s->missing_count; work->is_provisional && i < column->value_count; i++)
    values[i].records = 0;
  for (size_t p = 0; p < run->piece_count; p++) {
    struct eh_survey_piece *piece = &run->pieces[p];
    uint32_t *codes = piece->codes[c];
    for (size_t r = 0; r < piece->rows; r++) {
      uint32_t code = codes[r];
      const struct eh_survey_value *v = NULL;
      bool is_loose = code == EH_SURVEY_OTHER && column->is_closed;
      if (code != EH_SURVEY_OTHER && (code & EH_SURVEY_FOUND)) {
        v = &piece->found[c].items[code & ~(uint32_t)EH_SURVEY_FOUND];
        codes[r] = code = piece->joined[c][code & ~(uint32_t)EH_SURVEY_FOUND];
      }
      if (code != EH_SURVEY_OTHER) {
        v = &values[code];
        values[code].records++;
      } else if (is_loose) {
        v = &piece->loose[c][r];
        note_shape(run, c, v);
        count_rest(&column->rest, v);
        sketch_value(work, v);
      }
      if ((checked || (is_loose && v->is_unreadable)) && code >= s->missing_count &&
          eh_survey_is_malformed(column, v))
        note_malformed(
            run, column, v,
            (struct eh_survey_place){(uint32_t)run->input, piece->first_line + piece->lines[r]});
      if (plays) fill_roles(s, piece, c, r, code, v);
    }
  }
}

void eh_survey_grow_counts(struct eh_survey_run *run, struct eh_survey_column *column) {
  const struct eh_survey *s = run->survey;
  for (size_t u = 0; u < s->roles.unit_count; u++) {
    size_t wanted = s->columns[s->roles.units[u]].value_count, old = column->by_capacity[u];
    if (wanted <= old) continue;
    size_t capacity = 2 * wanted;
    uint32_t **arrays[] = {&column->missing_by[u], &column->inapplicable_by[u]};
    for (int i = 0; i < 2; i++) {
      *arrays[i] = eh_resize(*arrays[i], capacity, sizeof **arrays[i]);
      memset(*arrays[i] + old, 0, (capacity - old) * sizeof **arrays[i]);
    }
    column->by_capacity[u] = capacity;
  }
  if (column->missing_by_month) return;
  column->missing_by_month = eh_alloc_zeroed(EH_SURVEY_MONTHS + 1, sizeof(uint32_t));
  column->inapplicable_by_month = eh_alloc_zeroed(EH_SURVEY_MONTHS + 1, sizeof(uint32_t));
}

/* Where the column is missing: at which units, in which months. */
static void cross_column(void *context, size_t c, size_t worker) {
  (void)worker;
  struct eh_survey_run *run = context;
  struct eh_survey *s = run->survey;
  struct eh_survey_column *column = &s->columns[c];
  eh_survey_grow_counts(run, column);
  eh_survey_cross_values(run, c);
  for (size_t p = 0; p < run->piece_count; p++) {
    const struct eh_survey_piece *piece = &run->pieces[p];
    const uint32_t *codes = piece->codes[c];
    const uint32_t *by = column->applies_by >= 0 ? piece->codes[column->applies_by] : NULL;
    for (size_t r = 0; r < piece->rows; r++) {
      if (codes[r] >= s->missing_count) continue;
      bool applies = !(by && by[r] < column->does_not_apply_count && column->does_not_apply[by[r]]);
      column->not_applicable += !applies;
      for (size_t u = 0; u < s->roles.unit_count; u++) {
        uint32_t unit = piece->codes[s->roles.units[u]][r];
        if (unit == EH_SURVEY_OTHER) continue;
        if (applies)
          column->missing_by[u][unit]++;
        else
          column->inapplicable_by[u][unit]++;
      }
      if (applies)
        column->missing_by_month[piece->months[r]]++;
      else
        column->inapplicable_by_month[piece->months[r]]++;
    }
  }
}

uint16_t eh_survey_month(int year, int month) {
  int number = (year - 1800) * 12 + month - 1;
  return (uint16_t)(number >= 0 && number < EH_SURVEY_MONTHS ? number : EH_SURVEY_MONTHS);
}

static void find_months(struct eh_survey_run *run, struct eh_survey_piece *piece) {
  struct eh_survey *s = run->survey;
  bool has_date = s->roles.date_count > 0 && s->roles.date_column >= 0;
  for (size_t r = 0; r < piece->rows; r++) {
    piece->months[r] = EH_SURVEY_MONTHS;
    if (!has_date || piece->days[0][r] == EH_SURVEY_NO_DAY) continue;
    struct eh_civil civil = eh_date_to_civil(piece->days[0][r]);
    piece->months[r] = eh_survey_month(civil.year, civil.month);
    s->month_records[piece->months[r]]++;
  }
}

/* Room for what the roles' columns will say; the first batch settles which these are. */
static void make_room(const struct eh_survey_run *run, struct eh_survey_piece *piece) {
  const struct eh_survey_roles *roles = &run->survey->roles;
  size_t rows = piece->rows;
  piece->months = eh_resize(piece->months, rows + 1, sizeof *piece->months);
  for (size_t d = 0; d < roles->date_count; d++)
    piece->days[d] = eh_resize(piece->days[d], rows + 1, sizeof *piece->days[d]);
  if (roles->case_column >= 0)
    piece->case_prints = eh_resize(piece->case_prints, rows + 1, sizeof *piece->case_prints);
  if (roles->person_column >= 0)
    piece->person_prints = eh_resize(piece->person_prints, rows + 1, sizeof *piece->person_prints);
}

static void add_test(struct eh_survey_test *to, const struct eh_survey_test *from,
                     const struct eh_survey_run *run, const struct eh_survey_piece *piece) {
  to->yes += from->yes;
  to->no += from->no;
  to->unknown += from->unknown;
  for (size_t i = 0; i < from->place_count && to->place_count < EH_SURVEY_PLACES; i++) {
    if (!to->places) to->places = eh_alloc(EH_SURVEY_PLACES, sizeof *to->places);
    to->places[to->place_count++] = (struct eh_survey_place){
        (uint32_t)run->input, piece->first_line + piece->lines[from->places[i].line]};
  }
}

static void add_answers(struct eh_survey_run *run) {
  struct eh_survey *s = run->survey;
  for (size_t p = 0; s->rules && p < run->piece_count; p++) {
    const struct eh_survey_piece *piece = &run->pieces[p];
    for (size_t m = 0; m < s->rules->measure_count; m++) {
      struct eh_survey_measure *to = &s->measures[m];
      const struct eh_survey_measure *from = &piece->measures[m];
      to->applies += from->applies;
      to->applies_unknown += from->applies_unknown;
      to->event_unknown += from->event_unknown;
      to->events += from->events;
      to->factor_missing += from->factor_missing;
    }
    for (size_t i = 0; i < s->rules->expect_count; i++)
      add_test(&s->expects[i], &piece->expects[i], run, piece);
  }
}

static void find_applies(void *context, size_t c, size_t worker) {
  (void)worker;
  eh_survey_find_applies(context, c);
  eh_survey_start_crossing(context, c);
}

/* A column is closed when there is no room for more values and they hardly ever come back: looking
   them up would tell nothing. Units are never closed, nor what explains another column's blanks. */
static void close_columns(struct eh_survey_run *run) {
  const struct eh_survey *s = run->survey;
  for (size_t c = 0; c < s->column_count; c++) {
    bool is_unit = false;
    for (size_t u = 0; u < s->roles.unit_count; u++) is_unit |= s->roles.units[u] == (int)c;
    s->columns[c].is_closed |= !is_unit && s->columns[c].value_count >= EH_SURVEY_VALUES &&
                               s->rows < MOST_RECORDS_EACH * EH_SURVEY_VALUES;
  }
}

static void number_rows(struct eh_survey_run *run) {
  for (size_t p = 0; p < run->piece_count; p++) {
    run->pieces[p].first_row = run->survey->rows;
    run->survey->rows += run->pieces[p].rows;
  }
}

void eh_survey_take_batch(struct eh_survey_run *run) {
  struct eh_survey *s = run->survey;
  size_t threads = run->options.threads;
  bool is_first = run->batches++ == 0;
  number_rows(run);
  eh_parallel(s->column_count, threads, join_column, run);
  if (is_first && !s->rules) eh_guess_roles(s, &s->roles);
  if (is_first) eh_survey_start_rows(run);
  for (size_t p = 0; p < run->piece_count; p++) make_room(run, &run->pieces[p]);
  add_answers(run);
  eh_parallel(s->column_count, threads, count_column, run);
  if (is_first) eh_parallel(s->column_count, threads, find_applies, run);
  for (size_t p = 0; p < run->piece_count; p++) find_months(run, &run->pieces[p]);
  eh_parallel(s->column_count, threads, cross_column, run);
  for (size_t p = 0; p < run->piece_count; p++) eh_survey_keep_rows(run, &run->pieces[p]);
  close_columns(run);
}

/* From here on texts are there to be shown. */
static void show_unreadable(struct eh_survey_work *work) {
  for (size_t i = 0; i < work->table.count; i++) {
    struct eh_survey_value *v = &work->table.items[i];
    if (!v->is_unreadable) continue;
    v->text = eh_text_show(work->arena, v->text, v->length);
    v->length = (uint32_t)strlen(v->text);
  }
}

void eh_survey_finish_columns(struct eh_survey_run *run) {
  struct eh_survey *s = run->survey;
  for (size_t c = 0; c < s->column_count; c++) {
    struct eh_survey_column *column = &s->columns[c];
    for (size_t i = 0; i < s->missing_count; i++) column->missing += column->values[i].records;
    column->distinct = column->passed_over ? (double)column->passed_over
                                           : (double)(column->value_count - s->missing_count);
    if (run->work[c].has_unreadable) show_unreadable(&run->work[c]);
    uint8_t *sketch = run->work[c].sketch;
    if (!sketch) continue;
    for (size_t i = s->missing_count; i < column->value_count; i++)
      eh_sketch_add(sketch, column->values[i].hash);
    column->distinct = eh_sketch_count(sketch);
  }
}
