#include "engine/load/counts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/number.h"
#include "engine/base/sort.h"
#include "engine/load/portions.h"
#include "engine/load/records.h"
#include "rules/sql.h"

_Static_assert((int)EH_SQL_FATES == (int)EH_FATES &&
                   (int)EH_SQL_REPEATED_CASE == (int)EH_REPEATED_CASE &&
                   (int)EH_SQL_SAME_PERSON == (int)EH_SAME_PERSON,
               "a statement and a file call fates by the same numbers");
_Static_assert((int)EH_SQL_EVENT == (int)EH_EVENT &&
                   (int)EH_SQL_APPLIES_UNKNOWN == (int)EH_APPLIES_UNKNOWN,
               "a statement and a file call outcomes by the same numbers");

/* Records of persons who repeat, of one unit. */
struct repeat {
  size_t comparison, measure;
  const char *each, *unit;
  uint64_t records;
};

struct tag {
  size_t comparison, measure;
};

struct eh_counts {
  const struct eh_rules *rules;
  const char *source;
  struct eh_arena *arena;
  size_t *read; /* the rules' columns with counts of malformed values */
  size_t read_count;
  int *dimensions; /* the rules' columns */
  size_t dimension_count;
  struct eh_dictionary **dictionaries;
  /* The audited rows. */
  size_t count, capacity;
  uint32_t *codes;   /* count x dimensions */
  uint8_t *outcomes; /* count x measures */
  uint64_t *records;
  struct tag *tags; /* of cells: what they belong to; NULL: rows, for every comparison */
  /* The account's sums. */
  uint64_t fates[EH_FATES], *malformed; /* by column of the rules */
  int64_t first_date, last_date;        /* year * 10000 + month * 100 + day; 0: none */
  struct eh_account account;
  struct repeat *repeats;
  size_t repeat_count, repeat_capacity;
};

struct eh_counts *eh_counts_new(const struct eh_rules *rules, const char *source) {
  struct eh_counts *t = eh_alloc_zeroed(1, sizeof *t);
  t->rules = rules;
  t->arena = eh_arena_new();
  t->source = eh_arena_string(t->arena, source);
  t->read = eh_arena_alloc(t->arena, rules->column_count, sizeof *t->read);
  t->dimensions = eh_arena_alloc(t->arena, rules->column_count, sizeof *t->dimensions);
  t->malformed = eh_arena_alloc(t->arena, rules->column_count, sizeof *t->malformed);
  t->dictionaries = eh_arena_alloc(t->arena, rules->column_count, sizeof *t->dictionaries);
  for (size_t c = 0; c < rules->column_count; c++) {
    const struct eh_column *column = &rules->columns[c];
    if (column->kind == EH_GIVEN && column->is_evaluated &&
        (column->read_as_number || column->read_as_date))
      t->read[t->read_count++] = c;
    if (!column->is_dimension) continue;
    t->dictionaries[t->dimension_count] = eh_dictionary_new();
    t->dimensions[t->dimension_count++] = (int)c;
  }
  return t;
}

void eh_counts_free(struct eh_counts *t) {
  if (!t) return;
  for (size_t d = 0; d < t->dimension_count; d++) eh_dictionary_free(t->dictionaries[d]);
  eh_arena_free(t->arena);
  free(t->codes);
  free(t->outcomes);
  free(t->records);
  free(t->tags);
  free(t->repeats);
  free(t);
}

struct eh_arena *eh_counts_arena(struct eh_counts *t) {
  return t->arena;
}
const char *eh_counts_keep(struct eh_counts *t, const char *text) {
  return eh_arena_string(t->arena, text);
}

static size_t dimension_of(const struct eh_counts *t, int column) {
  for (size_t d = 0; d < t->dimension_count; d++)
    if (t->dimensions[d] == column) return d;
  abort(); /* the rules' reader marks every dimension */
}

/* --- rows --- */

static size_t first_label(const struct eh_counts *t) {
  return EH_SQL_FIXED_COLUMNS + 2 * t->read_count;
}

size_t eh_counts_columns(const struct eh_counts *t) {
  return first_label(t) + t->dimension_count + t->rules->measure_count;
}

bool eh_counts_is_number(const struct eh_counts *t, size_t column) {
  return column < first_label(t) || column >= first_label(t) + t->dimension_count;
}

static bool parse_count(const char *text, uint64_t most, uint64_t *number) {
  char *end;
  if (!text || *text < '0' || *text > '9') return false;
  errno = 0;
  unsigned long long value = strtoull(text, &end, 10);
  *number = value;
  return !*end && !errno && value <= most;
}

/* Is what a measure of a category or value needs there, where it counts the row? */
static bool has_outcomes(const struct eh_counts *t, const char *const *fields) {
  const char *const *labels = fields + first_label(t), *const *outcomes =
                                                           labels + t->dimension_count;
  double number;
  for (size_t m = 0; m < t->rules->measure_count; m++) {
    const struct eh_measure *measure = &t->rules->measures[m];
    if (measure->kind == EH_MEASURE_EVENT || outcomes[m][0] - '0' < EH_NO_EVENT) continue;
    const char *label = labels[dimension_of(t, measure->outcome)];
    if (outcomes[m][0] - '0' == EH_EVENT || !label) return false;
    if (measure->kind == EH_MEASURE_VALUE && !eh_number_parse(label, strlen(label), &number))
      return false;
  }
  return true;
}

/* The numbers of a row, read and checked before anything is added. */
struct row {
  uint64_t fate, first_date, last_date, records;
  const char *const *fields;
};

static enum eh_status read_row(const struct eh_counts *t, const char *const *fields,
                               struct row *row, struct eh_error *error) {
  *row = (struct row){.fields = fields};
  bool sound = parse_count(fields[EH_SQL_FATE], EH_FATES - 1, &row->fate) &&
               parse_count(fields[EH_SQL_RECORDS], UINT64_MAX / 2, &row->records) &&
               row->records > 0;
  const uint64_t latest = 99991231;
  for (int i = EH_SQL_FIRST_DATE; i <= EH_SQL_LAST_DATE && sound;
       i++) /* no date: null, or empty in a file */
    if (fields[i] && *fields[i])
      sound = parse_count(fields[i], latest,
                          i == EH_SQL_FIRST_DATE ? &row->first_date : &row->last_date);
  uint64_t number;
  for (size_t i = 0; i < 2 * t->read_count && sound; i++)
    sound = parse_count(fields[EH_SQL_FIXED_COLUMNS + i], row->records, &number);
  for (size_t m = 0; m < t->rules->measure_count && sound; m++)
    sound = parse_count(fields[first_label(t) + t->dimension_count + m], EH_EVENT, &number);
  if (!sound || !has_outcomes(t, fields))
    return eh_fail_at(error, EH_BAD_INPUT, t->source, 0, 0,
                      "has a row of counts that does not fit these rules; run the statement of "
                      "`evenhand sql` anew");
  for (size_t i = 0; i < t->read_count; i++) {
    if (strcmp(fields[EH_SQL_FIXED_COLUMNS + 2 * i + 1], "0") == 0) continue;
    return eh_fail_at(error, EH_BAD_INPUT, t->source, 0, 0,
                      "`%.200s` has numbers of more digits, or with larger exponents, than this "
                      "database is sure to read "
                      "exactly; audit the records as a file",
                      t->rules->columns[t->read[i]].name);
  }
  return EH_OK;
}

static void widen(struct eh_counts *t) {
  if (t->count < t->capacity) return;
  t->capacity = t->capacity ? 2 * t->capacity : 1024;
  t->codes = eh_resize(t->codes, t->capacity * (t->dimension_count + 1), sizeof *t->codes);
  t->outcomes =
      eh_resize(t->outcomes, t->capacity * (t->rules->measure_count + 1), sizeof *t->outcomes);
  t->records = eh_resize(t->records, t->capacity, sizeof *t->records);
}

/* A new row with these labels; its number. */
static size_t append(struct eh_counts *t, const char *const *labels, uint64_t records) {
  widen(t);
  for (size_t d = 0; d < t->dimension_count; d++)
    t->codes[t->count * t->dimension_count + d] =
        eh_dictionary_code(t->dictionaries[d], labels[d], labels[d] ? strlen(labels[d]) : 0);
  t->records[t->count] = records;
  return t->count++;
}

static void add_audited(struct eh_counts *t, const struct row *row) {
  const char *const *labels = row->fields + first_label(t), *const *outcomes =
                                                                labels + t->dimension_count;
  size_t n = append(t, labels, row->records);
  for (size_t m = 0; m < t->rules->measure_count; m++)
    t->outcomes[n * t->rules->measure_count + m] = (uint8_t)(outcomes[m][0] - '0');
  if (!row->first_date) return;
  if (!t->first_date || (int64_t)row->first_date < t->first_date)
    t->first_date = (int64_t)row->first_date;
  if ((int64_t)row->last_date > t->last_date) t->last_date = (int64_t)row->last_date;
}

enum eh_status eh_counts_add(struct eh_counts *t, const char *const *fields,
                             struct eh_error *error) {
  struct row row;
  EH_TRY(read_row(t, fields, &row, error));
  t->fates[row.fate] += row.records;
  for (size_t i = 0; i < t->read_count; i++) {
    uint64_t malformed = 0;
    if (parse_count(fields[EH_SQL_FIXED_COLUMNS + 2 * i], row.records, &malformed))
      t->malformed[t->read[i]] += malformed;
  }
  if (row.fate == EH_AUDITED) add_audited(t, &row);
  return EH_OK;
}

static void add_tagged(struct eh_counts *t, const struct eh_counts_cell *cell, uint64_t records,
                       enum eh_outcome outcome) {
  if (records == 0) return;
  size_t n = append(t, cell->labels, records);
  t->tags = eh_resize(t->tags, t->capacity, sizeof *t->tags);
  t->tags[n] = (struct tag){cell->comparison, cell->measure};
  memset(t->outcomes + n * t->rules->measure_count, outcome, t->rules->measure_count);
}

void eh_counts_add_cell(struct eh_counts *t, const struct eh_counts_cell *cell) {
  add_tagged(t, cell, cell->events, EH_EVENT);
  add_tagged(t, cell, cell->records - cell->events, EH_NO_EVENT);
}

size_t eh_counts_dimensions(const struct eh_counts *t, const int **columns) {
  *columns = t->dimensions;
  return t->dimension_count;
}

void eh_counts_repeat(struct eh_counts *t, size_t comparison, size_t measure, const char *each,
                      const char *unit, uint64_t records) {
  if (records == 0) return;
  if (t->repeat_count == t->repeat_capacity) {
    t->repeat_capacity = t->repeat_capacity ? 2 * t->repeat_capacity : 64;
    t->repeats = eh_resize(t->repeats, t->repeat_capacity, sizeof *t->repeats);
  }
  t->repeats[t->repeat_count++] =
      (struct repeat){comparison, measure, each ? eh_arena_string(t->arena, each) : NULL,
                      unit ? eh_arena_string(t->arena, unit) : NULL, records};
}

/* --- the account --- */

static int32_t day_of(int64_t date) {
  return eh_date_from_civil((int)(date / 10000), (int)(date / 100 % 100), (int)(date % 100));
}

/* Cells do not say how many records were audited: at least as many as one measure counts in one
 * comparison. */
static uint64_t least_audited(const struct eh_counts *t) {
  uint64_t *sums =
               eh_alloc_zeroed(t->rules->comparison_count * t->rules->measure_count, sizeof *sums),
           most = 0;
  for (size_t i = 0; i < t->count; i++) {
    uint64_t *sum = &sums[t->tags[i].comparison * t->rules->measure_count + t->tags[i].measure];
    *sum += t->records[i];
    if (*sum > most) most = *sum;
  }
  free(sums);
  return most;
}

struct eh_account *eh_counts_account(struct eh_counts *t) {
  struct eh_account *a = &t->account;
  if (a->inputs) return a;
  if (t->tags) t->fates[EH_AUDITED] = least_audited(t);
  a->inputs = eh_arena_alloc(t->arena, 1, sizeof *a->inputs);
  a->input_count = 1;
  a->inputs[0].name = t->source;
  a->excluded = eh_arena_alloc(t->arena, EH_FATES, sizeof *a->excluded);
  a->malformed = eh_arena_alloc(t->arena, t->rules->column_count, sizeof *a->malformed);
  for (int f = 0; f < EH_FATES; f++) {
    a->read += t->fates[f];
    if (f != EH_AUDITED && t->fates[f])
      a->excluded[a->exclusion_count++] =
          (struct eh_exclusion){eh_fate_reason((enum eh_fate)f), t->fates[f]};
  }
  a->audited = t->fates[EH_AUDITED];
  a->inputs[0].records = a->read;
  for (size_t c = 0; c < t->rules->column_count; c++)
    if (t->malformed[c])
      a->malformed[a->malformed_count++] =
          (struct eh_malformed){t->rules->columns[c].name, t->malformed[c]};
  a->has_dates = t->rules->date_column >= 0 && t->first_date > 0;
  if (a->has_dates) {
    a->first_day = day_of(t->first_date);
    a->last_day = day_of(t->last_date);
  }
  return a;
}

/* --- cells --- */

/* The strata of one comparison and measure: every row's, numbered in the order of the labels. */
struct strata {
  int *columns; /* of the rules; each first where there is one */
  size_t column_count;
  uint32_t *of_row; /* by place among the grouping's rows */
  size_t count;
  size_t *sample; /* by stratum: a row of the counts that is in it */
};

/* One measure of one comparison, being grouped. */
struct grouping {
  struct eh_arena *arena;
  struct eh_counts *counts;
  size_t comparison, measure;
  size_t *rows; /* of the counts, that count here */
  size_t row_count;
  struct strata strata;
  uint64_t *keys; /* of cells, ascending: stratum, then unit's rank */
  size_t key_count;
  uint64_t (*sums)[EH_OUTCOMES]; /* by key */
};

const char *const *eh_counts_labels(const struct eh_counts *t, int column, size_t *count,
                                    bool *has_missing) {
  const struct eh_dictionary *dictionary = t->dictionaries[dimension_of(t, column)];
  *count = eh_dictionary_count(dictionary);
  *has_missing = eh_dictionary_has_missing(dictionary);
  return eh_dictionary_labels(dictionary);
}

static uint32_t rank_of(const struct eh_counts *t, size_t dimension, size_t row) {
  return eh_dictionary_ranks(
      t->dictionaries[dimension])[t->codes[row * t->dimension_count + dimension]];
}

static bool is_missing(const struct eh_counts *t, int column, size_t row) {
  size_t d = dimension_of(t, column);
  const struct eh_dictionary *dictionary = t->dictionaries[d];
  return eh_dictionary_has_missing(dictionary) &&
         rank_of(t, d, row) == eh_dictionary_count(dictionary) - 1;
}

static size_t unique(uint64_t *keys, size_t count) {
  size_t kept = 0;
  for (size_t i = 0; i < count; i++)
    if (i == 0 || keys[i] != keys[kept - 1]) keys[kept++] = keys[i];
  return kept;
}

static size_t place_in(const uint64_t *sorted, size_t count, uint64_t key) {
  size_t low = 0, high = count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (sorted[middle] < key)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* Replace each key by its place among the distinct ones; returns how many there are. distinct: room
 * for them. */
static size_t number_keys(const uint64_t *keys, size_t count, uint64_t *distinct,
                          uint32_t *places) {
  if (count) memcpy(distinct, keys, count * sizeof *keys);
  eh_sort_keys(distinct, count, 64, 1);
  size_t kept = unique(distinct, count);
  for (size_t i = 0; i < count; i++) places[i] = (uint32_t)place_in(distinct, kept, keys[i]);
  return kept;
}

/* Column after column, a row's number so far and its label's rank become its new number. */
static void number_strata(struct grouping *g) {
  const struct eh_counts *t = g->counts;
  struct strata *s = &g->strata;
  uint64_t *keys = eh_alloc(g->row_count, sizeof *keys),
           *distinct = eh_alloc(g->row_count, sizeof *distinct);
  s->of_row = eh_alloc_zeroed(g->row_count, sizeof *s->of_row);
  s->count = g->row_count > 0;
  for (size_t k = 0; k < s->column_count; k++) {
    size_t dimension = dimension_of(t, s->columns[k]);
    for (size_t i = 0; i < g->row_count; i++)
      keys[i] = (uint64_t)s->of_row[i] << 32 | rank_of(t, dimension, g->rows[i]);
    s->count = number_keys(keys, g->row_count, distinct, s->of_row);
  }
  s->sample = eh_alloc(s->count, sizeof *s->sample);
  for (size_t i = 0; i < g->row_count; i++) s->sample[s->of_row[i]] = g->rows[i];
  free(keys);
  free(distinct);
}

static void plan_strata(struct grouping *g) {
  const struct eh_rules *rules = g->counts->rules;
  const struct eh_comparison *comparison = &rules->comparisons[g->comparison];
  int *columns = eh_arena_alloc(g->arena, rules->column_count + 2, sizeof *columns);
  size_t count = eh_rules_strata(rules, comparison, &rules->measures[g->measure], columns);
  struct strata *s = &g->strata;
  s->columns = eh_arena_alloc(g->arena, count + 2, sizeof *s->columns);
  if (comparison->each >= 0) s->columns[s->column_count++] = comparison->each;
  for (size_t i = 0; i < count; i++)
    if (columns[i] != comparison->each) s->columns[s->column_count++] = columns[i];
  int outcome = rules->measures[g->measure].outcome;
  if (outcome >= 0) s->columns[s->column_count++] = outcome; /* folded into portions later */
  number_strata(g);
}

static bool is_factor(const struct eh_measure *measure, int column) {
  for (size_t i = 0; i < measure->factor_count; i++)
    if (measure->factors[i] == column) return true;
  return false;
}

static bool lacks_factor(const struct grouping *g, size_t row) {
  const struct eh_measure *measure = &g->counts->rules->measures[g->measure];
  for (size_t k = 0; k < g->strata.column_count && measure->exclude_missing; k++)
    if (is_factor(measure, g->strata.columns[k]) &&
        is_missing(g->counts, g->strata.columns[k], row))
      return true;
  return false;
}

static void count_cells(struct grouping *g) {
  const struct eh_counts *t = g->counts;
  size_t unit = dimension_of(t, t->rules->comparisons[g->comparison].across);
  uint64_t *keys = eh_alloc(g->row_count, sizeof *keys);
  uint32_t *places = eh_alloc(g->row_count, sizeof *places);
  for (size_t i = 0; i < g->row_count; i++)
    keys[i] = (uint64_t)g->strata.of_row[i] << 32 | rank_of(t, unit, g->rows[i]);
  g->keys = eh_alloc(g->row_count, sizeof *g->keys);
  g->key_count = number_keys(keys, g->row_count, g->keys, places);
  g->sums = eh_alloc_zeroed(g->key_count, sizeof *g->sums);
  for (size_t i = 0; i < g->row_count; i++) {
    size_t row = g->rows[i];
    uint8_t outcome = t->outcomes[row * t->rules->measure_count + g->measure];
    if ((outcome == EH_EVENT || outcome == EH_NO_EVENT) && lacks_factor(g, row))
      outcome = EH_FACTOR_MISSING;
    g->sums[places[i]][outcome] += t->records[row];
  }
  free(keys);
  free(places);
}

static uint64_t records_in(const struct grouping *g, size_t key) {
  return g->sums[key][EH_EVENT] + g->sums[key][EH_NO_EVENT];
}

/* A comparison's cells for the keys from first to end. */
struct building {
  const struct grouping *g;
  size_t first, end;
  struct eh_cells *cells;
};

static void name_strata(const struct building *b) {
  const struct grouping *g = b->g;
  const struct eh_counts *t = g->counts;
  struct eh_cells *cells = b->cells;
  cells->column_count = g->strata.column_count;
  cells->columns = eh_arena_alloc(g->arena, cells->column_count, sizeof *cells->columns);
  uint32_t *codes =
      eh_arena_alloc(g->arena, cells->stratum_count * cells->column_count, sizeof *codes);
  cells->codes = codes;
  for (size_t k = 0; k < cells->column_count; k++) {
    size_t d = dimension_of(t, g->strata.columns[k]);
    const struct eh_dictionary *dictionary = t->dictionaries[d];
    cells->columns[k] = (struct eh_stratum_column){
        g->strata.columns[k], eh_dictionary_labels(dictionary), eh_dictionary_count(dictionary),
        eh_dictionary_has_missing(dictionary),
        is_factor(&t->rules->measures[g->measure], g->strata.columns[k])};
    for (size_t i = b->first, s = 0, last = SIZE_MAX; i < b->end; i++) {
      size_t stratum = g->keys[i] >> 32;
      if (stratum == last || records_in(g, i) == 0) continue;
      last = stratum;
      codes[s++ * cells->column_count + k] = rank_of(t, d, g->strata.sample[stratum]);
    }
  }
}

/* Units that have records, bytewise by label: their first cells and how many they have. */
static uint32_t *number_units(const struct building *b, const struct eh_dictionary *dictionary) {
  const struct grouping *g = b->g;
  struct eh_cells *cells = b->cells;
  size_t label_count = eh_dictionary_count(dictionary), first = 0;
  uint32_t *numbers = eh_alloc(label_count, sizeof *numbers);
  size_t *sizes = eh_alloc_zeroed(label_count, sizeof *sizes);
  for (size_t i = b->first; i < b->end; i++) sizes[g->keys[i] & UINT32_MAX] += records_in(g, i) > 0;
  for (size_t u = 0; u < label_count; u++) cells->unit_count += sizes[u] > 0;
  cells->units = eh_arena_alloc(g->arena, cells->unit_count, sizeof *cells->units);
  for (size_t u = 0, n = 0; u < label_count; u++) {
    numbers[u] = (uint32_t)n;
    if (!sizes[u]) continue;
    bool recorded = !(eh_dictionary_has_missing(dictionary) && u == label_count - 1);
    cells->units[n++] =
        (struct eh_unit){eh_dictionary_labels(dictionary)[u], recorded, first, sizes[u], 0};
    first += sizes[u];
  }
  cells->cell_count = first;
  free(sizes);
  return numbers;
}

static void place_cells(const struct building *b) {
  const struct grouping *g = b->g;
  const struct eh_counts *t = g->counts;
  struct eh_cells *cells = b->cells;
  const struct eh_dictionary *dictionary =
      t->dictionaries[dimension_of(t, t->rules->comparisons[g->comparison].across)];
  uint32_t *numbers = number_units(b, dictionary);
  cells->cells = eh_arena_alloc(g->arena, cells->cell_count, sizeof *cells->cells);
  size_t *next = eh_alloc(cells->unit_count, sizeof *next);
  for (size_t u = 0; u < cells->unit_count; u++) next[u] = cells->units[u].first_cell;
  for (size_t i = b->first, last = SIZE_MAX; i < b->end; i++) {
    uint64_t records = records_in(g, i), events = g->sums[i][EH_EVENT];
    if (!records) continue;
    if (g->keys[i] >> 32 != last) cells->stratum_count++;
    last = g->keys[i] >> 32;
    uint32_t unit = numbers[g->keys[i] & UINT32_MAX];
    cells->cells[next[unit]++] =
        (struct eh_cell){unit, (uint32_t)cells->stratum_count - 1, records, events};
    cells->records += records;
    cells->events += events;
  }
  free(next);
  free(numbers);
}

static void name_exclusions(const struct building *b) {
  uint64_t sums[EH_OUTCOMES] = {0};
  for (size_t i = b->first; i < b->end; i++)
    for (int o = 0; o < EH_OUTCOMES; o++) sums[o] += b->g->sums[i][o];
  b->cells->excluded = eh_arena_alloc(b->g->arena, EH_OUTCOMES, sizeof *b->cells->excluded);
  for (int o = 0; o < EH_OUTCOMES; o++) {
    const char *reason =
        eh_outcome_reason((enum eh_outcome)o, b->g->counts->rules->measures[b->g->measure].kind);
    if (reason && sums[o])
      b->cells->excluded[b->cells->exclusion_count++] = (struct eh_exclusion){reason, sums[o]};
  }
}

static bool is_same(const char *label, const char *other) {
  return label == other || (label && other && strcmp(label, other) == 0);
}

static void note_repeats(const struct building *b) {
  const struct eh_counts *t = b->g->counts;
  for (size_t i = 0; i < t->repeat_count; i++) {
    const struct repeat *r = &t->repeats[i];
    if (r->comparison != b->g->comparison || r->measure != b->g->measure) continue;
    const char *each = b->cells->each && !r->each ? EH_NOT_RECORDED : r->each;
    if (!is_same(each, b->cells->each)) continue;
    for (size_t u = 0; u < b->cells->unit_count; u++) {
      struct eh_unit *unit = &b->cells->units[u];
      if (unit->recorded == (r->unit != NULL) && (!r->unit || strcmp(unit->label, r->unit) == 0))
        unit->repeated += r->records;
    }
  }
}

static void build(const struct building *b) {
  const struct grouping *g = b->g;
  const struct eh_counts *t = g->counts;
  *b->cells = (struct eh_cells){.comparison = g->comparison, .measure = g->measure};
  int each = t->rules->comparisons[g->comparison].each;
  if (each >= 0) {
    size_t d = dimension_of(t, each);
    b->cells->each = eh_dictionary_labels(
        t->dictionaries[d])[rank_of(t, d, g->strata.sample[g->keys[b->first] >> 32])];
  }
  place_cells(b);
  name_strata(b);
  name_exclusions(b);
  note_repeats(b);
  eh_portions_fold(g->arena, &t->rules->measures[g->measure], b->cells);
}

/* Is the key's value of each another one than that of the key before? */
static bool begins_each(const struct grouping *g, size_t key) {
  if (key == 0) return true;
  int each = g->counts->rules->comparisons[g->comparison].each;
  if (each < 0) return false;
  size_t d = dimension_of(g->counts, each);
  return rank_of(g->counts, d, g->strata.sample[g->keys[key] >> 32]) !=
         rank_of(g->counts, d, g->strata.sample[g->keys[key - 1] >> 32]);
}

static void choose_rows(struct grouping *g) {
  const struct eh_counts *t = g->counts;
  g->rows = eh_alloc(t->count, sizeof *g->rows);
  for (size_t i = 0; i < t->count; i++)
    if (!t->tags || (t->tags[i].comparison == g->comparison && t->tags[i].measure == g->measure))
      g->rows[g->row_count++] = i;
}

/* Add the cells of one measure in one comparison, for each value of each. */
static void group(struct grouping *g, struct eh_cells **all, size_t *count) {
  choose_rows(g);
  plan_strata(g);
  count_cells(g);
  for (size_t first = 0; first < g->key_count;) {
    size_t end = first + 1;
    while (end < g->key_count && !begins_each(g, end)) end++;
    *all = eh_resize(*all, *count + 1, sizeof **all);
    struct building b = {g, first, end, &(*all)[(*count)++]};
    build(&b);
    first = end;
  }
  free(g->rows);
  free(g->strata.of_row);
  free(g->strata.sample);
  free(g->keys);
  free(g->sums);
}

struct eh_cells *eh_counts_cells(struct eh_arena *arena, struct eh_counts *t, size_t *count) {
  struct eh_cells *all = NULL;
  *count = 0;
  for (size_t d = 0; d < t->dimension_count; d++) eh_dictionary_sort(t->dictionaries[d]);
  for (size_t c = 0; c < t->rules->comparison_count; c++)
    for (size_t i = 0; i < t->rules->comparisons[c].measure_count; i++) {
      struct grouping g = {.arena = arena,
                           .counts = t,
                           .comparison = c,
                           .measure = t->rules->comparisons[c].measures[i]};
      group(&g, &all, count);
    }
  struct eh_cells *result = eh_arena_alloc(arena, *count, sizeof *result);
  if (*count) memcpy(result, all, *count * sizeof *all);
  free(all);
  return result;
}
