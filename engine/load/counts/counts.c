#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/number.h"
#include "engine/base/tidy.h"
#include "engine/load/counts/internal.h"
#include "rules/language/question.h"
#include "rules/sql/sql.h"

_Static_assert((int)EH_SQL_FATES == (int)EH_FATES &&
                   (int)EH_SQL_REPEATED_CASE == (int)EH_REPEATED_CASE &&
                   (int)EH_SQL_SAME_PERSON == (int)EH_SAME_PERSON &&
                   (int)EH_SQL_DIFFERING_CASE == (int)EH_DIFFERING_CASE &&
                   (int)EH_SQL_UNORDERED == (int)EH_UNORDERED,
               "a statement and a file call fates by the same numbers");
_Static_assert((int)EH_SQL_EVENT == (int)EH_EVENT &&
                   (int)EH_SQL_APPLIES_UNKNOWN == (int)EH_APPLIES_UNKNOWN,
               "a statement and a file call outcomes by the same numbers");

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
    if (eh_sql_is_counted(column)) t->read[t->read_count++] = c;
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
  free(t->lines);
  free(t->repeats);
  free(t);
}

size_t eh_counts_dimension(const struct eh_counts *t, int column) {
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
    if (!eh_has_outcome(measure) || outcomes[m][0] - '0' < EH_NO_EVENT) continue;
    const char *label = labels[eh_counts_dimension(t, measure->outcome)];
    if (outcomes[m][0] - '0' == EH_EVENT || !label) return false;
    if (eh_is_amount(measure) && !eh_number_parse(label, strlen(label), &number)) return false;
  }
  return true;
}

/* The numbers of a row, read and checked before anything is added. */
struct row {
  uint64_t fate, first_date, last_date, records;
  const char *const *fields;
};

/* 0: none. */
static bool is_date(uint64_t date) {
  return date == 0 ||
         eh_date_valid((int)(date / 10000), (int)(date / 100 % 100), (int)(date % 100));
}

static enum eh_status read_row(const struct eh_counts *t, const char *const *fields,
                               struct row *row, struct eh_error *error) {
  *row = (struct row){.fields = fields};
  bool sound = parse_count(fields[EH_SQL_FATE], EH_FATES - 1, &row->fate) &&
               parse_count(fields[EH_SQL_RECORDS], EH_MOST_COUNTED, &row->records) &&
               row->records > 0;
  const uint64_t latest = 99991231;
  for (int i = EH_SQL_FIRST_DATE; i <= EH_SQL_LAST_DATE && sound;
       i++) /* no date: null, or empty in a file */
    if (fields[i] && *fields[i])
      sound = parse_count(fields[i], latest,
                          i == EH_SQL_FIRST_DATE ? &row->first_date : &row->last_date);
  sound = sound && !row->first_date == !row->last_date && is_date(row->first_date) &&
          is_date(row->last_date) && row->first_date <= row->last_date;
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

/* Records of one case, of which the rules refuse several or nothing says which stays. */
static enum eh_status check_fate(const struct eh_counts *t, uint64_t fate, struct eh_error *error) {
  bool is_repeat = fate == EH_REPEATED_CASE || fate == EH_DIFFERING_CASE;
  if (is_repeat && t->rules->repeats.choice == EH_REPEATS_REFUSE)
    return eh_fail_at(error, EH_BAD_INPUT, t->source, 0, 0,
                      "a case number stands in several records, which `repeated: refuse` does not "
                      "allow; mend the records, or say in the rules which of them stays");
  if (fate != EH_UNORDERED) return EH_OK;
  return eh_fail_at(error, EH_BAD_INPUT, t->source, 0, 0,
                    "several records of one case (or of the person of `one_per`) could be the one "
                    "that stays, they differ, and a table has no order of rows: name the column "
                    "that tells which came first (`order_by: ` under `records`%s), or audit the "
                    "records as a file",
                    t->rules->repeats.order_by >= 0 ? "; the one named does not" : "");
}

/* A label that is a text of the records must be one that compares as a file's. */
static enum eh_status check_labels(const struct eh_counts *t, const char *const *labels,
                                   struct eh_error *error) {
  for (size_t d = 0; d < t->dimension_count; d++) {
    const struct eh_column *column = &t->rules->columns[t->dimensions[d]];
    const char *label = labels[d];
    if (column->kind != EH_GIVEN || !label || eh_tidy_is_done(label, strlen(label))) continue;
    return eh_fail_at(
        error, EH_BAD_INPUT, t->source, 0, 0,
        "'%.100s' of %.100s has white space, or marks beside their letters, that only "
        "files are read without; make the texts plain in the query, or audit the "
        "records as a file",
        label, column->name);
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
  EH_TRY(check_fate(t, row.fate, error));
  EH_TRY(check_labels(t, fields + first_label(t), error));
  if (row.records > EH_MOST_COUNTED - t->total)
    return eh_fail_at(
        error, EH_BAD_INPUT, t->source, 0, 0,
        "brings the records counted to over a million million (2^40); are these counts?");
  t->total += row.records;
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
  t->tags[n] = (struct eh_counts_tag){cell->comparison, cell->measure};
  t->lines = eh_resize(t->lines, t->capacity, sizeof *t->lines);
  t->lines[n] = cell->line;
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
      (struct eh_counts_repeat){comparison, measure, each ? eh_arena_string(t->arena, each) : NULL,
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
               eh_alloc_zeroed((t->rules->comparison_count + t->rules->table_count) *
                                   t->rules->measure_count,
                               sizeof *sums),
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
  a->audited = a->read = t->fates[EH_AUDITED];
  for (size_t i = 0; i < EH_FATES - 1; i++) {
    enum eh_fate fate = eh_fates_left_out[i];
    a->read += t->fates[fate];
    if (t->fates[fate])
      a->excluded[a->exclusion_count++] =
          (struct eh_exclusion){eh_fate_reason(fate), t->fates[fate]};
  }
  a->differing_cases = t->fates[EH_DIFFERING_CASE];
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

/* The pseudonym of a label that stands for a unit or a value of each. */
static enum eh_status replace_label(struct eh_counts *t, const struct eh_pseudonyms *pseudonyms,
                                    int column, const char **label, struct eh_error *error) {
  char pseudonym[EH_PSEUDONYM_SIZE];
  if (!*label || column < 0 || !t->rules->columns[column].is_individual) return EH_OK;
  EH_TRY(eh_pseudonym_make(pseudonyms, eh_rules_individual(t->rules, column), *label,
                           strlen(*label), pseudonym, error));
  *label = eh_arena_string(t->arena, pseudonym);
  return EH_OK;
}

enum eh_status eh_counts_pseudonymise(struct eh_counts *t, const struct eh_pseudonyms *pseudonyms,
                                      struct eh_error *error) {
  for (size_t d = 0; d < t->dimension_count; d++)
    if (t->rules->columns[t->dimensions[d]].is_individual)
      EH_TRY(eh_dictionary_pseudonymise(t->dictionaries[d], pseudonyms,
                                        eh_rules_individual(t->rules, t->dimensions[d]), error));
  for (size_t i = 0; i < t->repeat_count; i++) {
    struct eh_counts_repeat *r = &t->repeats[i];
    const struct eh_comparison *c = &t->rules->comparisons[r->comparison];
    EH_TRY(replace_label(t, pseudonyms, c->across, &r->unit, error));
    EH_TRY(replace_label(t, pseudonyms, c->each, &r->each, error));
  }
  return EH_OK;
}
