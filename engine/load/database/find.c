/* The records behind findings, out of a database: those of the flagged units and of the strata in
 * which pairs are sought come over, and the choice among them is made here, as for files. */
#include <stdlib.h>
#include <string.h>

#include "engine/load/database/internal.h"
#include "engine/load/find/internal.h"

/* Requests that go into one question: a question takes a pass over the table, but tests each record
   for each of them. */
enum { TOGETHER = 64 };

struct asking {
  struct eh_database *database;
  const struct eh_find_request *requests;
  size_t first, end; /* those in the question at hand */
  const int *dimensions;
  size_t dimension_count;
  struct eh_hits hits;
  uint64_t *files;          /* by request */
  const char *const **rows; /* kept rows of the answers */
  size_t row_count, row_capacity;
  struct eh_arena *arena; /* of rows and questions */
  struct eh_error *error;
};

/* --- the question --- */

/* NULL: not recorded. */
static const char *label_of(const struct eh_cells *cells, size_t column, uint32_t stratum) {
  const struct eh_stratum_column *c = &cells->columns[column];
  uint32_t code = cells->codes[stratum * cells->column_count + column];
  return c->has_missing && code == c->label_count - 1 ? NULL : c->labels[code];
}

static void choose_stratum(struct asking *a, const struct eh_cells *cells, uint32_t stratum,
                           struct eh_sql_choice *choice) {
  int *columns = eh_arena_alloc(a->arena, cells->column_count, sizeof *columns);
  const char **labels = eh_arena_alloc(a->arena, cells->column_count, sizeof *labels);
  for (size_t k = 0; k < cells->column_count; k++) {
    columns[k] = cells->columns[k].column;
    labels[k] = label_of(cells, k, stratum);
  }
  *choice = (struct eh_sql_choice){cells->measure, columns, labels, cells->column_count};
}

/* The unit's records, of the comparison's value of each. */
static void choose_unit(struct asking *a, const struct eh_find_request *request,
                        struct eh_sql_choice *choice) {
  const struct eh_cells *cells = request->cells;
  const struct eh_comparison *comparison = &a->database->rules->comparisons[cells->comparison];
  int *columns = eh_arena_alloc(a->arena, 2, sizeof *columns);
  const char **labels = eh_arena_alloc(a->arena, 2, sizeof *labels);
  *choice = (struct eh_sql_choice){cells->measure, columns, labels, 1};
  columns[0] = comparison->across;
  labels[0] = cells->units[request->unit].label; /* a flagged unit is recorded */
  for (size_t k = 0; k < cells->column_count && comparison->each >= 0; k++) {
    if (cells->columns[k].column != comparison->each) continue;
    columns[choice->count] = comparison->each;
    labels[choice->count++] = label_of(cells, k, 0); /* all strata have the same */
  }
}

static enum eh_status ask(struct asking *a) {
  struct eh_sql_choice *choices;
  const char *statement;
  size_t count = 0, most = 0;
  for (size_t i = a->first; i < a->end; i++) most += 1 + a->requests[i].stratum_count;
  choices = eh_arena_alloc(a->arena, most, sizeof *choices);
  for (size_t i = a->first; i < a->end; i++) {
    const struct eh_find_request *request = &a->requests[i];
    choose_unit(a, request, &choices[count++]);
    for (size_t s = 0; s < request->stratum_count; s++)
      choose_stratum(a, request->cells, request->strata[s].stratum, &choices[count++]);
  }
  struct eh_database *d = a->database;
  EH_TRY(eh_sql_chosen(d->arena, d->rules, &d->sql, choices, count, &statement, a->error));
  return eh_database_ask(d, statement, a->error);
}

/* --- the answer --- */

/* Where things stand in a row. */
static const char *label_in(const struct asking *a, const char *const *row, int column) {
  size_t d = 0;
  while (a->dimensions[d] != column) d++;
  return row[EH_SQL_CHOSEN_FIXED + d];
}
static enum eh_outcome outcome_in(const struct asking *a, const char *const *row, size_t measure) {
  return (enum eh_outcome)(row[EH_SQL_CHOSEN_FIXED + a->dimension_count + measure][0] - '0');
}
static const char *const *texts_in(const struct asking *a, const char *const *row) {
  return row + EH_SQL_CHOSEN_FIXED + a->dimension_count + a->database->rules->measure_count;
}
static const char *text_in(const struct asking *a, const char *const *row, int column) {
  const char *const *text = texts_in(a, row);
  for (int c = 0; c < column; c++) text += a->database->rules->columns[c].kind == EH_GIVEN;
  return *text;
}

static bool is_same(const char *a, const char *b) {
  return a == b || (a && b && strcmp(a, b) == 0);
}

static bool is_in(const struct asking *a, const char *const *row, const struct eh_cells *cells,
                  uint32_t stratum) {
  for (size_t k = 0; k < cells->column_count; k++)
    if (!is_same(label_in(a, row, cells->columns[k].column), label_of(cells, k, stratum)))
      return false;
  return true;
}

/* Is the row one of the comparison's value of each? */
static bool is_in_each(const struct asking *a, const char *const *row,
                       const struct eh_cells *cells) {
  int each = a->database->rules->comparisons[cells->comparison].each;
  for (size_t k = 0; k < cells->column_count && each >= 0; k++)
    if (cells->columns[k].column == each)
      return is_same(label_in(a, row, each), label_of(cells, k, 0));
  return true;
}

static bool lacks_factor(const struct asking *a, const char *const *row,
                         const struct eh_cells *cells) {
  for (size_t k = 0;
       k < cells->column_count && a->database->rules->measures[cells->measure].exclude_missing; k++)
    if (cells->columns[k].is_factor && !label_in(a, row, cells->columns[k].column)) return true;
  return false;
}

static void add_hit(struct asking *a, const struct eh_hit *hit, bool *is_kept) {
  struct eh_hit own = *hit;
  own.row = a->row_count;
  eh_hits_add(&a->hits, &own);
  *is_kept = true;
}

/* As find.c takes a row. */
static void take_for_request(struct asking *a, size_t r, const char *const *row,
                             const struct eh_hit *hit, bool *is_kept) {
  const struct eh_find_request *request = &a->requests[r];
  const struct eh_cells *cells = request->cells;
  enum eh_outcome outcome = outcome_in(a, row, cells->measure);
  if (outcome != EH_EVENT && outcome != EH_NO_EVENT) return;
  const char *unit = label_in(a, row, a->database->rules->comparisons[cells->comparison].across);
  bool is_peer = !unit || strcmp(unit, cells->units[request->unit].label) != 0;
  struct eh_hit own = {.request = r, .draw = hit->draw};
  if (!is_peer && is_in_each(a, row, cells) && !lacks_factor(a, row, cells)) {
    a->files[r]++;
    own.place = EH_IN_SAMPLE;
    if (hit->draw <= eh_find_sample_limit(request)) add_hit(a, &own, is_kept);
  }
  if (outcome != (request->event != is_peer ? EH_EVENT : EH_NO_EVENT)) return;
  for (uint32_t s = 0; s < request->stratum_count; s++) {
    const struct eh_find_stratum *stratum = &request->strata[s];
    if (hit->draw > eh_find_half_limit(is_peer ? stratum->peer_records : stratum->unit_records) ||
        !is_in(a, row, cells, stratum->stratum))
      continue;
    own = (struct eh_hit){
        .request = r, .place = s, .is_peer = is_peer, .day = hit->day, .draw = hit->draw};
    add_hit(a, &own, is_kept);
  }
}

static enum eh_status keep_row(struct asking *a) {
  const char *const *fields;
  EH_TRY(eh_link_row_rest(a->database->connection, &fields, a->error));
  size_t count = eh_link_columns(a->database->connection);
  const char **copy = eh_arena_alloc(a->arena, count, sizeof *copy);
  for (size_t i = 0; i < count; i++)
    copy[i] = fields[i] ? eh_arena_string(a->arena, fields[i]) : NULL;
  if (a->row_count == a->row_capacity) {
    a->row_capacity = a->row_capacity ? 2 * a->row_capacity : 1024;
    a->rows = eh_resize((void *)a->rows, a->row_capacity, sizeof *a->rows);
  }
  a->rows[a->row_count++] = copy;
  return EH_OK;
}

/* The texts are read only of a row that may be shown. */
static enum eh_status take_row(struct asking *a, const char *const *fields) {
  const struct eh_rules *rules = a->database->rules;
  const char *id = fields[EH_SQL_CHOSEN_CASE];
  struct eh_hit hit = {.draw = eh_find_draw(rules->seed, eh_records_print(rules, rules->case_column,
                                                                          id, strlen(id)))};
  int32_t day;
  hit.day = eh_database_day(a->database, fields[EH_SQL_CHOSEN_DATE], &day)
                ? (uint32_t)(day + EH_DAY_ZERO)
                : EH_NO_DAY;
  bool is_kept = false;
  for (size_t r = a->first; r < a->end; r++) take_for_request(a, r, fields, &hit, &is_kept);
  return is_kept ? keep_row(a) : EH_OK;
}

static enum eh_status take_rows(struct asking *a) {
  const char *const *fields;
  size_t wanted = EH_SQL_CHOSEN_FIXED + a->dimension_count + a->database->rules->measure_count;
  for (;;) {
    EH_TRY(eh_link_row_begin(a->database->connection, wanted, &fields, a->error));
    if (!fields) break;
    EH_TRY(take_row(a, fields));
  }
  eh_link_done(a->database->connection);
  return EH_OK;
}

/* --- what is shown --- */

static const char *or_not_recorded(struct eh_arena *arena, const char *text) {
  return text ? eh_arena_string(arena, text) : EH_NOT_RECORDED;
}

static void describe(const struct asking *a, struct eh_arena *arena, const struct eh_shown *shown) {
  const struct eh_rules *rules = a->database->rules;
  const struct eh_cells *cells = shown->request->cells;
  const char *const *row = a->rows[shown->row];
  const char **values = eh_arena_alloc(arena, rules->column_count, sizeof *values);
  for (int c = 0; c < (int)rules->column_count; c++)
    if (rules->columns[c].kind == EH_GIVEN) values[c] = or_not_recorded(arena, text_in(a, row, c));
  const char *id = values[rules->case_column];
  for (size_t d = 0; d < a->dimension_count; d++)
    values[a->dimensions[d]] = or_not_recorded(arena, row[EH_SQL_CHOSEN_FIXED + d]);
  *shown->record = (struct eh_found_record){
      .case_id = id,
      .unit = values[rules->comparisons[cells->comparison].across],
      .event = outcome_in(a, row, cells->measure) == EH_EVENT,
      .values = values,
  };
  shown->record->has_day =
      eh_database_day(a->database, row[EH_SQL_CHOSEN_DATE], &shown->record->day);
}

static enum eh_status find(void *context, struct eh_arena *arena,
                           const struct eh_find_request *requests, size_t count,
                           struct eh_found *found, struct eh_error *error) {
  struct asking a = {.database = context,
                     .requests = requests,
                     .files = eh_alloc_zeroed(count, sizeof *a.files),
                     .arena = eh_arena_new(),
                     .error = error};
  struct eh_showing showing = {.arena = arena};
  enum eh_status status = EH_OK;
  a.dimension_count = eh_counts_dimensions(a.database->counts, &a.dimensions);
  for (; a.end < count && status == EH_OK; a.first = a.end) {
    a.end = count - a.first < TOGETHER ? count : a.first + TOGETHER;
    status = ask(&a);
    if (status == EH_OK) status = take_rows(&a);
  }
  if (status == EH_OK) {
    eh_hits_sort(&a.hits);
    for (size_t i = 0; i < count; i++) found[i] = (struct eh_found){.files = a.files[i]};
    eh_find_choose(&showing, requests, count, &a.hits, found);
    for (size_t i = 0; i < showing.count; i++) describe(&a, arena, &showing.items[i]);
  }
  free(showing.items);
  free(a.hits.items);
  free((void *)a.rows);
  free(a.files);
  eh_arena_free(a.arena);
  return status;
}

struct eh_find_source eh_database_source(struct eh_database *database) {
  return (struct eh_find_source){find, database};
}
