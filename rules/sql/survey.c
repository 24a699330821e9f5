/* Statements about the reliability of all columns: what stands in them, where it is missing, what
 * the rules say of every record, what repeats. */
#include <string.h>

#include "rules/language/question.h"
#include "rules/sql/internal.h"

/* Begin, with the steps up to the last derived column, or to a record's fate. */
static void begin(struct eh_sql_steps *s, struct eh_sql *sql, bool with_fates,
                  struct eh_error *error) {
  eh_sql_begin(s, sql, error);
  if (sql->options->survey->without_derived)
    eh_sql_write_given(s);
  else
    eh_sql_write_columns(s);
  if (with_fates) eh_sql_write_fates(s);
}

/* Several groupings are one statement; where they are of one step, it may be made once. */
static void begin_grouping(struct eh_sql_steps *s, size_t index, int number, const char *value) {
  eh_buffer_printf(&s->text, "%s\nSELECT\n  %d AS number,\n  %s AS value,\n  COUNT(*) AS records",
                   index ? "UNION ALL" : "", number, value);
}
static void end_grouping(struct eh_sql_steps *s, const char *by) {
  eh_buffer_printf(&s->text, "\nFROM %s\nGROUP BY %s\n", s->last, by);
}

/* Those of a column of the table need nothing else of it. */
static void add_values(struct eh_sql_steps *s, size_t index, int column) {
  struct eh_sql *sql = s->sql;
  const char *text = eh_sql_surveyed_text(sql, (size_t)column);
  if (sql->options->survey->columns[column].header) {
    begin_grouping(s, index, column, "text_as_it_stands");
    eh_buffer_printf(
        &s->text,
        "\nFROM (SELECT %s AS text_as_it_stands FROM %s) one\nGROUP BY text_as_it_stands\n",
        eh_sql_surveyed_source(sql, (size_t)column), eh_sql_source(sql));
  } else {
    begin_grouping(s, index, column, text);
    end_grouping(s, text);
  }
}

enum eh_status eh_sql_survey_values(struct eh_arena *arena, const struct eh_rules *rules,
                                    const struct eh_sql_options *options, const int *columns,
                                    size_t count, const char **statement, struct eh_error *error) {
  struct eh_sql sql = {.arena = arena, .rules = rules, .options = options};
  struct eh_sql_steps s = {0};
  begin(&s, &sql, false, error);
  for (size_t i = 0; i < count; i++) add_values(&s, i, columns[i]);
  return eh_sql_finish(&s, statement);
}

/* --- what is missing --- */

static const char *list_of(struct eh_sql *sql, const char *const *texts, size_t count) {
  struct eh_buffer out = {0};
  eh_buffer_puts(&out, "");
  for (size_t i = 0; i < count; i++)
    eh_buffer_printf(&out, "%s%s", i ? ", " : "",
                     eh_sql_quote_text(sql, texts[i], strlen(texts[i])));
  const char *list = eh_arena_copy(sql->arena, out.text, out.length);
  eh_buffer_free(&out);
  return list;
}

static const char *is_missing(struct eh_sql *sql, size_t column) {
  const char *text = eh_sql_surveyed_text(sql, column);
  if (!sql->options->survey->columns[column].header)
    return eh_arena_printf(sql->arena, "%s IS NULL", text);
  return eh_sql_is_missing(sql, text);
}

enum eh_status eh_sql_survey_distinct(struct eh_arena *arena, const struct eh_rules *rules,
                                      const struct eh_sql_options *options, const char **statement,
                                      struct eh_error *error) {
  struct eh_sql sql = {.arena = arena, .rules = rules, .options = options};
  struct eh_sql_steps s = {0};
  begin(&s, &sql, false, error);
  for (size_t k = 0; k < options->survey->count; k++)
    eh_buffer_printf(&s.text,
                     "%sCOUNT(DISTINCT %s) AS distinct_%zu,\n  SUM(CASE WHEN %s THEN 1 ELSE 0 END) "
                     "AS missing_%zu",
                     k ? ",\n  " : "\nSELECT\n  ", eh_sql_surveyed_text(&sql, k), k + 1,
                     is_missing(&sql, k), k + 1);
  eh_buffer_printf(&s.text, "\nFROM %s\n", s.last);
  return eh_sql_finish(&s, statement);
}

static void add_missing(struct eh_sql_steps *s, size_t column) {
  struct eh_sql *sql = s->sql;
  const struct eh_sql_survey *survey = sql->options->survey;
  const struct eh_sql_surveyed *c = &survey->columns[column];
  const char *missing = survey->without_derived && !c->header ? "1 = 0" : is_missing(sql, column);
  if (c->by < 0) {
    eh_buffer_printf(&s->text,
                     ",\n  SUM(CASE WHEN %s THEN 1 ELSE 0 END) AS missing_%zu,\n  0 AS beyond_%zu",
                     missing, column + 1, column + 1);
    return;
  }
  const char *by = eh_sql_surveyed_text(sql, (size_t)c->by);
  const char *beyond = eh_arena_printf(sql->arena, "%s IS NOT NULL AND %s IN (%s)", by, by,
                                       list_of(sql, c->texts, c->text_count));
  eh_buffer_printf(&s->text,
                   ",\n  SUM(CASE WHEN %s AND NOT (%s) THEN 1 ELSE 0 END) AS missing_%zu,\n"
                   "  SUM(CASE WHEN %s AND %s THEN 1 ELSE 0 END) AS beyond_%zu",
                   missing, beyond, column + 1, missing, beyond, column + 1);
}

enum eh_status eh_sql_survey_missing(struct eh_arena *arena, const struct eh_rules *rules,
                                     const struct eh_sql_options *options, const int *by,
                                     size_t count, const char **statement, struct eh_error *error) {
  struct eh_sql sql = {.arena = arena, .rules = rules, .options = options};
  struct eh_sql_steps s = {0};
  begin(&s, &sql, false, error);
  for (size_t i = 0; i < count; i++) {
    const char *value = by[i] >= 0
                            ? eh_sql_surveyed_text(&sql, (size_t)by[i])
                            : eh_sql_expand(arena, sql.dialect->divide,
                                            eh_sql_date_of(&sql, rules->date_column), "100", "");
    begin_grouping(&s, i, by[i],
                   by[i] >= 0 ? value : eh_sql_expand(arena, sql.dialect->as_text, value, "", ""));
    for (size_t k = 0; k < options->survey->count; k++) add_missing(&s, k);
    end_grouping(&s, value);
  }
  return eh_sql_finish(&s, statement);
}

/* --- what the rules ask --- */

static void add_sum(struct eh_sql_steps *s, const char *condition) {
  eh_buffer_printf(&s->text, "%s SUM(CASE WHEN %s THEN 1 ELSE 0 END)",
                   s->is_open ? ",\n " : "\nSELECT\n ", condition);
  s->is_open = true;
}

static const char *keeps(struct eh_sql *sql) {
  return sql->rules->keep ? eh_sql_known_true(sql, sql->rules->keep) : "1 = 1";
}
static const char *does_not_drop(struct eh_sql *sql) {
  if (!sql->rules->keep) return "1 = 1";
  return eh_arena_printf(sql->arena, "NOT (%s)", eh_sql_known_false(sql, sql->rules->keep));
}

static void add_measure(struct eh_sql_steps *s, size_t m) {
  struct eh_sql *sql = s->sql;
  const struct eh_measure *measure = &sql->rules->measures[m];
  const char *keep = keeps(sql);
  static const char *const outcomes[] = {"IN (2, 3, 4)", "= 1", "= 2", NULL};
  for (size_t i = 0; i < 4; i++)
    add_sum(s, eh_arena_printf(sql->arena, "(%s) AND outcome_%zu %s", keep, m + 1,
                               outcomes[i]               ? outcomes[i]
                               : eh_has_outcome(measure) ? "= 3"
                                                         : "= 4"));
  struct eh_buffer lacks = {0};
  eh_buffer_puts(&lacks, "1 = 0");
  for (size_t f = 0; f < measure->factor_count; f++)
    eh_buffer_printf(&lacks, " OR %s IS NULL", eh_sql_text_of(sql, measure->factors[f]));
  for (size_t f = 0; f < measure->adjust_count; f++)
    eh_buffer_printf(&lacks, " OR %s IS NULL", eh_sql_text_of(sql, measure->adjust[f]));
  add_sum(s, eh_arena_printf(sql->arena, "(%s) AND outcome_%zu IN (2, 3, 4) AND (%s)", keep, m + 1,
                             lacks.text));
  eh_buffer_free(&lacks);
}

static void add_expect(struct eh_sql_steps *s, const struct eh_expression *condition) {
  struct eh_sql *sql = s->sql;
  const char *drop = does_not_drop(sql), *yes = eh_sql_known_true(sql, condition),
             *no = eh_sql_known_false(sql, condition);
  add_sum(s, eh_arena_printf(sql->arena, "%s AND %s", drop, yes));
  add_sum(s, eh_arena_printf(sql->arena, "%s AND %s", drop, no));
  add_sum(s, eh_arena_printf(sql->arena, "%s AND NOT (%s) AND NOT (%s)", drop, yes, no));
}

static void add_order(struct eh_sql_steps *s, int first, int second) {
  struct eh_sql *sql = s->sql;
  const char *x = eh_sql_date_of(sql, first), *y = eh_sql_date_of(sql, second);
  add_sum(s, eh_arena_printf(sql->arena, "%s IS NOT NULL AND %s IS NOT NULL", x, y));
  add_sum(s,
          eh_arena_printf(sql->arena, "%s IS NOT NULL AND %s IS NOT NULL AND %s > %s", x, y, x, y));
}

/* A step with what each measure says of the record. */
static void write_outcomes(struct eh_sql_steps *s) {
  const struct eh_rules *rules = s->sql->rules;
  eh_sql_begin_step(s, "asked", true);
  for (size_t m = 0; m < rules->measure_count; m++)
    eh_sql_add_item(s, eh_sql_outcome_of(s->sql, &rules->measures[m]),
                    eh_arena_printf(s->sql->arena, "outcome_%zu", m + 1), "");
  eh_sql_end_step(s, "asked", s->last);
}

enum eh_status eh_sql_survey_questions(struct eh_arena *arena, const struct eh_rules *rules,
                                       const struct eh_sql_options *options, const char **statement,
                                       struct eh_error *error) {
  struct eh_sql sql = {.arena = arena, .rules = rules, .options = options};
  struct eh_sql_steps s = {0};
  const struct eh_sql_survey *survey = options->survey;
  begin(&s, &sql, false, error);
  write_outcomes(&s);
  s.is_open = false;
  for (size_t m = 0; m < rules->measure_count; m++) add_measure(&s, m);
  for (size_t i = 0; i < rules->expect_count; i++) add_expect(&s, rules->expects[i].condition);
  for (size_t x = 0; x < survey->date_count; x++)
    for (size_t y = 0; y < survey->date_count; y++)
      if (x != y) add_order(&s, survey->dates[x], survey->dates[y]);
  eh_buffer_printf(&s.text, "\nFROM %s\n", s.last);
  return eh_sql_finish(&s, statement);
}

/* --- records alike, and repeated --- */

enum eh_status eh_sql_survey_records(struct eh_arena *arena, const struct eh_rules *rules,
                                     const struct eh_sql_options *options, const char **statement,
                                     struct eh_error *error) {
  struct eh_sql sql = {.arena = arena, .rules = rules, .options = options};
  struct eh_sql_steps s = {0};
  const struct eh_sql_survey *survey = options->survey;
  struct eh_buffer by = {0};
  begin(&s, &sql, true, error);
  eh_sql_begin_step(&s, "asked", false);
  for (size_t u = 0; u < survey->unit_count; u++)
    eh_sql_add_item(&s, eh_sql_surveyed_text(&sql, (size_t)survey->units[u]),
                    eh_arena_printf(arena, "unit_%zu", u + 1), "");
  eh_sql_add_item(&s, rules->date_column >= 0 ? eh_sql_date_of(&sql, rules->date_column) : "0",
                  "record_date", "");
  eh_sql_add_item(&s, "CASE WHEN case_turn > 1 THEN 1 ELSE 0 END", "repeats", "");
  eh_sql_add_item(&s, "kept", "kept", "");
  for (size_t m = 0; m < rules->measure_count; m++)
    eh_sql_add_item(&s, eh_arena_printf(arena, "measure_%zu_outcome", m + 1),
                    eh_arena_printf(arena, "outcome_%zu", m + 1), "");
  for (size_t t = 0; t < rules->total_count; t++)
    eh_sql_add_item(&s,
                    eh_arena_printf(arena, "CASE WHEN %s THEN 1 WHEN %s THEN 0 END",
                                    eh_sql_known_true(&sql, rules->totals[t].where),
                                    eh_sql_known_false(&sql, rules->totals[t].where)),
                    eh_arena_printf(arena, "total_%zu", t + 1), "");
  eh_sql_end_step(&s, "asked", s.last);
  for (size_t u = 0; u < survey->unit_count; u++) eh_buffer_printf(&by, "unit_%zu, ", u + 1);
  eh_buffer_puts(&by, "record_date, repeats, kept");
  for (size_t m = 0; m < rules->measure_count; m++) eh_buffer_printf(&by, ", outcome_%zu", m + 1);
  for (size_t t = 0; t < rules->total_count; t++) eh_buffer_printf(&by, ", total_%zu", t + 1);
  eh_buffer_printf(&s.text,
                   "\nSELECT\n  %s,\n  COUNT(*) AS records\nFROM evenhand_asked\nGROUP BY %s\n",
                   by.text, by.text);
  eh_buffer_free(&by);
  return eh_sql_finish(&s, statement);
}

enum eh_status eh_sql_survey_repeats(struct eh_arena *arena, const struct eh_rules *rules,
                                     const struct eh_sql_options *options, const char **statement,
                                     struct eh_error *error) {
  struct eh_sql sql = {.arena = arena, .rules = rules, .options = options};
  struct eh_sql_steps s = {0};
  struct eh_buffer whole = {0};
  begin(&s, &sql, false, error);
  for (size_t k = 0; k < options->survey->count; k++)
    if (options->survey->columns[k].header)
      eh_buffer_printf(&whole, "%s%s", whole.length ? ", " : "", eh_sql_surveyed_text(&sql, k));
  const char *id = eh_sql_raw_text(&sql, (size_t)rules->case_column);
  eh_buffer_printf(&s.text,
                   "\nSELECT\n  SUM(records) AS records,\n  COUNT(*) AS different,\n"
                   "  SUM(CASE WHEN case_id IS NULL THEN records - 1 ELSE 0 END) +\n"
                   "    (SELECT COUNT(%s) - COUNT(DISTINCT %s) FROM %s) AS repeated\nFROM (\n"
                   "  SELECT MIN(%s) AS case_id, COUNT(*) AS records\n  FROM %s\n  GROUP BY %s\n"
                   ") whole\n",
                   id, id, s.last, id, s.last, whole.text);
  eh_buffer_free(&whole);
  return eh_sql_finish(&s, statement);
}

enum eh_status eh_sql_survey_persons(struct eh_arena *arena, const struct eh_rules *rules,
                                     const struct eh_sql_options *options, int person,
                                     const char **statement, struct eh_error *error) {
  struct eh_sql sql = {.arena = arena, .rules = rules, .options = options};
  struct eh_sql_steps s = {0};
  begin(&s, &sql, true, error);
  const char *text = eh_sql_raw_text(&sql, (size_t)person);
  eh_buffer_printf(
      &s.text,
      "\nSELECT\n  COUNT(*) AS persons,\n"
      "  SUM(CASE WHEN records > 1 THEN 1 ELSE 0 END) AS several,\n"
      "  SUM(records) AS records\nFROM (\n  SELECT %s AS person, COUNT(*) AS records\n"
      "  FROM %s\n  WHERE %s IS NOT NULL AND case_turn = 1\n  GROUP BY %s\n) persons\n",
      text, s.last, text, text);
  return eh_sql_finish(&s, statement);
}
