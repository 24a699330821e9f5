/* The statements: what becomes of each record, what each measure says of it, and the counts. */
#include "rules/sql/sql.h"

#include <string.h>

#include "rules/language/question.h"
#include "rules/sql/internal.h"

/* --- measures --- */

const char *eh_sql_outcome_of(struct eh_sql *sql, const struct eh_measure *measure) {
  struct eh_buffer out = {0};
  eh_buffer_puts(&out, "CASE");
  if (measure->among)
    eh_buffer_printf(&out, " WHEN %s THEN %d WHEN NOT (%s) THEN %d",
                     eh_sql_known_false(sql, measure->among), EH_SQL_DOES_NOT_APPLY,
                     eh_sql_known_true(sql, measure->among), EH_SQL_APPLIES_UNKNOWN);
  if (!eh_has_outcome(measure))
    eh_buffer_printf(&out, " WHEN %s THEN %d WHEN %s THEN %d ELSE %d END",
                     eh_sql_known_true(sql, measure->event), EH_SQL_EVENT,
                     eh_sql_known_false(sql, measure->event), EH_SQL_NO_EVENT,
                     EH_SQL_EVENT_UNKNOWN);
  else /* which it was is a dimension */
    eh_buffer_printf(&out, " WHEN %s IS NULL THEN %d ELSE %d END",
                     eh_sql_text_of(sql, measure->outcome), EH_SQL_EVENT_UNKNOWN, EH_SQL_NO_EVENT);
  const char *text = eh_arena_copy(sql->arena, out.text, out.length);
  eh_buffer_free(&out);
  return text;
}

static const char *is_malformed(struct eh_sql *sql, size_t c) {
  const struct eh_column *column = &sql->rules->columns[c];
  if (column->kind == EH_YEARS_BETWEEN)
    return eh_arena_printf(sql->arena, "CASE WHEN %s > %s THEN 1 ELSE 0 END",
                           eh_sql_date_of(sql, column->of[0]), eh_sql_date_of(sql, column->of[1]));
  return eh_arena_printf(sql->arena, "CASE WHEN %s IS NOT NULL AND %s IS NULL THEN 1 ELSE 0 END",
                         eh_sql_raw_text(sql, c),
                         sql->rules->columns[c].read_as_date ? eh_sql_date_of(sql, (int)c)
                                                             : eh_sql_number_of(sql, (int)c));
}

/* A column of the step `records`. */
static void add_number(struct eh_sql_steps *s, const char *expression, const char *name,
                       const char *suffix) {
  eh_sql_add_item(s, expression, name, suffix);
  if (s->columns)
    eh_buffer_printf(s->columns, "%s%s%s integer", s->columns->length ? ", " : "", name, suffix);
}
static void add_text(struct eh_sql_steps *s, const char *expression, const char *name,
                     const char *suffix) {
  eh_sql_add_item(s, expression, name, suffix);
  if (s->columns)
    eh_buffer_printf(s->columns, "%s%s%s %s", s->columns->length ? ", " : "", name, suffix,
                     s->sql->dialect->lasting);
}

/* What is counted, and by what: the last step. */
static void write_records(struct eh_sql_steps *s, bool with_texts) {
  struct eh_sql *sql = s->sql;
  const struct eh_rules *rules = sql->rules;
  eh_sql_begin_step(s, "records", false);
  add_number(s, eh_sql_fate(sql), "fate", "");
  add_number(s, rules->date_column >= 0 ? eh_sql_date_of(sql, rules->date_column) : "0",
             "record_date", "");
  for (size_t c = 0; c < rules->column_count; c++) {
    if (!eh_sql_is_counted(&rules->columns[c])) continue;
    add_number(s, is_malformed(sql, c), "malformed_", sql->names[c]);
    const char *inexact = eh_arena_printf(sql->arena, "%s_inexact", sql->names[c]);
    add_number(
        s, eh_sql_is_read(&rules->columns[c]) && rules->columns[c].read_as_number ? inexact : "0",
        "inexact_", sql->names[c]);
  }
  for (size_t c = 0; c < rules->column_count; c++)
    if (rules->columns[c].is_dimension) add_text(s, eh_sql_text_of(sql, (int)c), sql->names[c], "");
  for (size_t m = 0; m < rules->measure_count; m++)
    add_number(s, eh_sql_settled_outcome(sql, m), eh_arena_printf(sql->arena, "measure_%zu", m + 1),
               "");
  if (rules->person_column >= 0)
    add_text(s, eh_sql_raw_text(sql, (size_t)rules->person_column), "person", "");
  for (size_t c = 0; c < rules->column_count && with_texts; c++)
    if (rules->columns[c].kind == EH_GIVEN)
      add_text(s, eh_sql_raw_text(sql, c), sql->names[c], "_text");
  if (sql->options->shard_key) eh_sql_add_item(s, "shard_key", "shard_key", "");
  eh_sql_end_step(s, "records", s->last);
}

/* --- statements --- */

/* By what the records are grouped, each as its own result column. */
static void add_groups(struct eh_sql_steps *s, const char *separator) {
  const struct eh_rules *rules = s->sql->rules;
  for (size_t c = 0; c < rules->column_count; c++)
    if (rules->columns[c].is_dimension)
      eh_buffer_printf(&s->text, "%s%s", separator, s->sql->names[c]);
  for (size_t m = 0; m < rules->measure_count; m++)
    eh_buffer_printf(&s->text, "%smeasure_%zu", separator, m + 1);
}

static void write_counts(struct eh_sql_steps *s) {
  const struct eh_rules *rules = s->sql->rules;
  static const char *const whole[] = {"MIN(record_date)", "MAX(record_date)"};
  static const char *const from_days[] = {
      "CAST(TO_CHAR(DATE '1970-01-01' + MIN(record_date), 'YYYYMMDD') AS integer)",
      "CAST(TO_CHAR(DATE '1970-01-01' + MAX(record_date), 'YYYYMMDD') AS integer)"};
  bool days = s->sql->options->shard_key && rules->date_column >= 0;
  const char *const *dates = days ? from_days : whole;
  eh_buffer_printf(
      &s->text, "\nSELECT\n  fate,\n  %s AS first_date,\n  %s AS last_date,\n  COUNT(*) AS records",
      dates[0], dates[1]);
  for (size_t c = 0; c < rules->column_count; c++) {
    if (!eh_sql_is_counted(&rules->columns[c])) continue;
    const char *name = s->sql->names[c];
    eh_buffer_printf(&s->text,
                     ",\n  SUM(malformed_%s) AS malformed_%s,\n  SUM(inexact_%s) AS inexact_%s",
                     name, name, name, name);
  }
  add_groups(s, ",\n  ");
  eh_buffer_puts(&s->text, "\nFROM evenhand_records\nGROUP BY fate");
  add_groups(s, ", ");
  if (s->sql->options->shard_key) eh_buffer_puts(&s->text, ", shard_key");
  eh_buffer_puts(&s->text, "\n");
}

/* Is the record counted by the measure in the comparison? As while grouping. */
static const char *is_counted(struct eh_sql *sql, const struct eh_comparison *comparison,
                              size_t m) {
  const struct eh_measure *measure = &sql->rules->measures[m];
  struct eh_buffer out = {0};
  eh_buffer_printf(&out, "measure_%zu IN (%d, %d)", m + 1, EH_SQL_NO_EVENT, EH_SQL_EVENT);
  size_t factors = measure->factor_count + (comparison->every ? 0 : measure->adjust_count);
  for (size_t i = 0; i < factors && measure->exclude_missing; i++) {
    int factor = i < measure->factor_count ? measure->factors[i]
                                           : measure->adjust[i - measure->factor_count];
    if (factor != comparison->across)
      eh_buffer_printf(&out, " AND %s IS NOT NULL", sql->names[factor]);
  }
  const char *text = eh_arena_copy(sql->arena, out.text, out.length);
  eh_buffer_free(&out);
  return text;
}

/* Does a unit's (or each value's) every record stand in one shard? */
static bool is_by_shard(const struct eh_sql *sql, const struct eh_comparison *comparison) {
  const char *key = sql->options->shard_key;
  int columns[] = {comparison->across, comparison->each};
  for (size_t i = 0; key && i < 2; i++) {
    if (columns[i] < 0) continue;
    const struct eh_column *column = &sql->rules->columns[columns[i]];
    if (column->kind == EH_GIVEN && strcmp(column->header, key) == 0) return true;
  }
  return false;
}

static void write_repeats(struct eh_sql_steps *s, const struct eh_comparison *comparison) {
  struct eh_sql *sql = s->sql;
  const char *unit = sql->names[comparison->across];
  const char *by = comparison->each < 0 || comparison->each == comparison->across
                       ? unit
                       : eh_arena_printf(sql->arena, "%s, %s", sql->names[comparison->each], unit);
  const char *each = comparison->each >= 0 ? sql->names[comparison->each] : "NULL";
  eh_buffer_printf(&s->text, "\nSELECT\n  %s AS each_value,\n  %s AS unit", each, unit);
  for (size_t i = 0; i < comparison->measure_count; i++)
    eh_buffer_printf(&s->text,
                     ",\n  SUM(CASE WHEN count_%zu > 1 THEN count_%zu ELSE 0 END) AS repeated_%zu",
                     i + 1, i + 1, i + 1);
  eh_buffer_printf(&s->text, "\nFROM (\n  SELECT %s", by);
  for (size_t i = 0; i < comparison->measure_count; i++)
    eh_buffer_printf(&s->text, ",\n    SUM(CASE WHEN %s THEN 1 ELSE 0 END) AS count_%zu",
                     is_counted(sql, comparison, comparison->measures[i]), i + 1);
  eh_buffer_printf(&s->text,
                   "\n  FROM evenhand_records\n  WHERE fate = %d AND person IS NOT NULL\n  GROUP "
                   "BY %s, person%s\n"
                   "  HAVING COUNT(*) > 1\n) persons\nGROUP BY %s\n",
                   EH_SQL_AUDITED, by, is_by_shard(sql, comparison) ? ", shard_key" : "", by);
}

void eh_sql_begin(struct eh_sql_steps *s, struct eh_sql *sql, struct eh_error *error) {
  sql->error = error;
  sql->dialect = sql->options->dialect;
  sql->names = eh_arena_alloc(sql->arena, sql->rules->column_count, sizeof *sql->names);
  for (size_t c = 0; c < sql->rules->column_count; c++)
    sql->names[c] = eh_sql_name_column(sql->arena, sql->rules->columns[c].name, c);
  s->sql = sql;
}

void eh_sql_write_records(struct eh_sql_steps *s, bool with_texts) {
  if (s->sql->options->is_prepared) return;
  eh_sql_write_columns(s);
  eh_sql_write_fates(s);
  write_records(s, with_texts);
}

enum eh_status eh_sql_finish(struct eh_sql_steps *s, const char **statement) {
  *statement = eh_arena_copy(s->sql->arena, s->text.text, s->text.length);
  eh_buffer_free(&s->text);
  return s->sql->status;
}

/* A temporary table hides one of the same name. */
static bool may_prepare(const struct eh_sql *sql) {
  const struct eh_sql_options *o = sql->options;
  return sql->dialect->temporary && !o->shard_key &&
         !strcasestr(o->query ? o->query : o->table, "evenhand_records");
}

enum eh_status eh_sql_prepare(struct eh_arena *arena, const struct eh_rules *rules,
                              const struct eh_sql_options *options,
                              struct eh_sql_preparation *preparation, struct eh_error *error) {
  struct eh_sql sql = {.arena = arena, .rules = rules, .options = options};
  struct eh_buffer columns = {0};
  struct eh_sql_steps s = {.columns = &columns};
  *preparation = (struct eh_sql_preparation){0};
  eh_sql_begin(&s, &sql, error);
  if (!may_prepare(&sql)) return EH_OK;
  eh_buffer_puts(&s.text, "INSERT INTO evenhand_records\n");
  eh_sql_write_records(&s, true);
  eh_buffer_puts(&s.text, "\nSELECT * FROM evenhand_records\n");
  preparation->create = eh_sql_expand(arena, sql.dialect->temporary, columns.text, "", "");
  eh_buffer_free(&columns);
  return eh_sql_finish(&s, &preparation->fill);
}

enum eh_status eh_sql_cells(struct eh_arena *arena, const struct eh_rules *rules,
                            const struct eh_sql_options *options, const char **statement,
                            struct eh_error *error) {
  struct eh_sql sql = {.arena = arena, .rules = rules, .options = options};
  struct eh_sql_steps s = {0};
  eh_sql_begin(&s, &sql, error);
  if (options->shard_key && rules->one_per >= 0)
    eh_sql_refuse(
        &sql, (struct eh_place){0},
        "one_per numbers the records of a person, which does not run on the shards of --shard-key");
  if (options->shard_key && strcmp(sql.dialect->name, "postgresql") != 0)
    eh_sql_refuse(&sql, (struct eh_place){0},
                  "--shard-key is for PostgreSQL; other clusters share out a GROUP BY themselves");
  eh_sql_write_records(&s, false);
  write_counts(&s);
  return eh_sql_finish(&s, statement);
}

enum eh_status eh_sql_repeats(struct eh_arena *arena, const struct eh_rules *rules,
                              const struct eh_sql_options *options, size_t comparison,
                              const char **statement, struct eh_error *error) {
  struct eh_sql sql = {.arena = arena, .rules = rules, .options = options};
  struct eh_sql_steps s = {0};
  eh_sql_begin(&s, &sql, error);
  eh_sql_write_records(&s, false);
  write_repeats(&s, &rules->comparisons[comparison]);
  return eh_sql_finish(&s, statement);
}

const char *const *eh_sql_result_columns(struct eh_arena *arena, const struct eh_rules *rules,
                                         size_t *count) {
  static const char *const fixed[EH_SQL_FIXED_COLUMNS] = {"fate", "first_date", "last_date",
                                                          "records"};
  const char **names = eh_arena_alloc(
      arena, EH_SQL_FIXED_COLUMNS + 3 * rules->column_count + rules->measure_count, sizeof *names);
  size_t n = 0;
  while (n < EH_SQL_FIXED_COLUMNS) {
    names[n] = fixed[n];
    n++;
  }
  for (size_t c = 0; c < rules->column_count; c++) {
    if (!eh_sql_is_counted(&rules->columns[c])) continue;
    const char *name = eh_sql_name_column(arena, rules->columns[c].name, c);
    names[n++] = eh_arena_printf(arena, "malformed_%s", name);
    names[n++] = eh_arena_printf(arena, "inexact_%s", name);
  }
  for (size_t c = 0; c < rules->column_count; c++)
    if (rules->columns[c].is_dimension)
      names[n++] = eh_sql_name_column(arena, rules->columns[c].name, c);
  for (size_t m = 0; m < rules->measure_count; m++)
    names[n++] = eh_arena_printf(arena, "measure_%zu", m + 1);
  *count = n;
  return names;
}

const char *eh_sql_repeated_cases(struct eh_arena *arena, const struct eh_rules *rules,
                                  const struct eh_sql_options *options) {
  struct eh_sql sql = {
      .arena = arena, .rules = rules, .options = options, .dialect = options->dialect};
  return eh_arena_printf(
      arena,
      "SELECT COUNT(*) FROM (\n  SELECT case_text FROM (SELECT %s AS case_text FROM %s) ids\n"
      "  WHERE case_text IS NOT NULL GROUP BY case_text HAVING COUNT(*) > 1\n) repeated\n",
      eh_sql_recorded_text(&sql, (size_t)rules->case_column), eh_sql_source(&sql));
}

const char *eh_sql_describe(struct eh_arena *arena, const struct eh_sql_options *options) {
  struct eh_sql sql = {.arena = arena, .options = options, .dialect = options->dialect};
  return eh_arena_printf(arena, "SELECT * FROM %s WHERE 1 = 0", eh_sql_source(&sql));
}
