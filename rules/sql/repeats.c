/* Records of one case, and of one person: which of them stays.
 *
 * A table has no order of rows. Where date, `order_by` and (of persons) case number leave several
 * records to choose from, they must be alike in what the rules make of them: else the fate of those
 * beside the first is EH_SQL_UNORDERED, and the result is refused.
 */
#include <string.h>

#include "rules/sql/internal.h"

/* Keys of an ORDER BY; and with a window, that they are those of its first record. */
struct keys {
  struct eh_sql *sql;
  bool last_first;
  const char *window; /* NULL: only the keys are wanted */
  struct eh_buffer all, same;
};

static const char *taken(struct eh_sql *sql, struct eh_buffer *buffer) {
  const char *text = eh_arena_copy(sql->arena, buffer->text, buffer->length);
  eh_buffer_free(buffer);
  return text;
}

static void add_key(struct keys *k, const char *expression, bool turns) {
  eh_buffer_printf(&k->all, "%s%s%s", k->all.length ? ", " : "", expression,
                   turns && k->last_first ? " DESC" : "");
  if (k->window)
    eh_buffer_printf(&k->same, "%s%s = FIRST_VALUE(%s) %s", k->same.length ? "\n      AND " : "",
                     expression, expression, k->window);
}

static const char *text_or_least(struct eh_sql *sql, const char *text) {
  return eh_arena_printf(sql->arena, "COALESCE(%s, %s)", text,
                         sql->dialect->least ? sql->dialect->least : "CHR(1)");
}

static const char *is_null(struct eh_sql *sql, const char *expression) {
  return eh_arena_printf(sql->arena, "CASE WHEN %s IS NULL THEN 1 ELSE 0 END", expression);
}

/* Whole numbers by size, before other texts, which go bytewise; the missing last. */
static void add_order(struct keys *k, int column) {
  struct eh_sql *sql = k->sql;
  const char *text = eh_sql_raw_text(sql, (size_t)column), *digits = eh_sql_is_digits(sql, text);
  const char *length = eh_sql_expand(sql->arena, sql->dialect->length, text, "", "");
  add_key(k, is_null(sql, text), false);
  add_key(k, eh_arena_printf(sql->arena, "CASE WHEN %s THEN 0 ELSE 1 END", digits), true);
  add_key(k, eh_arena_printf(sql->arena, "CASE WHEN %s THEN %s ELSE 0 END", digits, length), true);
  add_key(k, text_or_least(sql, text), true);
}

static const char *rank_of_worst(struct eh_sql *sql) {
  const struct eh_case_repeats *repeats = &sql->rules->repeats;
  const char *text = eh_sql_raw_text(sql, (size_t)repeats->worst);
  struct eh_buffer out = {0};
  eh_buffer_puts(&out, "CASE");
  for (size_t i = 0; i < repeats->value_count; i++)
    eh_buffer_printf(&out, " WHEN %s = %s THEN %zu", text,
                     eh_sql_quote_text(sql, repeats->values[i], strlen(repeats->values[i])), i);
  eh_buffer_printf(&out, " ELSE %zu END", repeats->value_count);
  return taken(sql, &out);
}

/* The order by which one of them stays: worst, date, order_by, of persons case number. */
static const char *choice_of(struct eh_sql *sql, bool of_persons, bool last_first) {
  const struct eh_rules *rules = sql->rules;
  struct keys k = {.sql = sql, .last_first = last_first};
  if (!of_persons && rules->repeats.worst >= 0) add_key(&k, rank_of_worst(sql), false);
  if (rules->date_column >= 0) {
    const char *date = eh_sql_date_of(sql, rules->date_column);
    add_key(&k, is_null(sql, date), false);
    add_key(&k, date, true);
  }
  if (rules->repeats.order_by >= 0) add_order(&k, rules->repeats.order_by);
  if (of_persons)
    add_key(&k, text_or_least(sql, eh_sql_raw_text(sql, (size_t)rules->case_column)), true);
  return k.all.length ? taken(sql, &k.all) : "";
}

/* What the rules made of a record: whether it is kept, its person, the dimensions, the outcomes. */
static void add_made(struct keys *k) {
  struct eh_sql *sql = k->sql;
  const struct eh_rules *rules = sql->rules;
  int person = rules->one_per >= 0 ? rules->one_per : rules->person_column;
  add_key(k, "kept", false);
  if (person >= 0) add_key(k, text_or_least(sql, eh_sql_raw_text(sql, (size_t)person)), false);
  for (size_t c = 0; c < rules->column_count; c++) {
    if (!rules->columns[c].is_dimension && !rules->columns[c].is_cluster) continue;
    const char *text = eh_sql_text_of(sql, (int)c);
    add_key(k, is_null(sql, text), false);
    add_key(k, text_or_least(sql, text), false);
  }
  for (size_t m = 0; m < rules->measure_count && rules->repeats.choice != EH_REPEATS_ANY; m++)
    add_key(k, eh_arena_printf(sql->arena, "measure_%zu_outcome", m + 1), false);
}

static const char *made_of(struct eh_sql *sql) {
  struct keys k = {.sql = sql};
  add_made(&k);
  return taken(sql, &k.all);
}

/* 1 of records alike to the first of the window in date and in what the rules made of them. Without
   `order_by` the rank tells, for then nothing else is in the order. */
static const char *variant_of(struct eh_sql *sql, const char *window) {
  struct keys k = {.sql = sql, .window = window};
  if (sql->rules->repeats.order_by < 0)
    return eh_arena_printf(sql->arena, "DENSE_RANK() %s", window);
  if (sql->rules->date_column >= 0) {
    const char *date = eh_sql_date_of(sql, sql->rules->date_column);
    add_key(&k, is_null(sql, date), false);
    add_key(&k, eh_arena_printf(sql->arena, "COALESCE(%s, 0)", date), false);
  }
  add_made(&k);
  eh_buffer_free(&k.all);
  return eh_arena_printf(sql->arena, "CASE WHEN %s THEN 1 ELSE 2 END", taken(sql, &k.same));
}

/* Three columns about the records of one id: turn (from 1), variant (from 1; equal of records alike
   in all that counts), and choice (from 1; equal of those among which nothing chooses). */
static void add_turns(struct eh_sql_steps *s, const char *name, const char *id,
                      const char *partition, const char *choice) {
  struct eh_sql *sql = s->sql;
  const char *by = eh_arena_printf(sql->arena, "OVER (PARTITION BY %s%s ORDER BY ", partition, id);
  const char *all =
      eh_arena_printf(sql->arena, "%s%s%s%s)", by, choice, *choice ? ", " : "", made_of(sql));
  eh_sql_add_item(
      s,
      eh_arena_printf(sql->arena, "CASE WHEN %s IS NULL THEN 1 ELSE\n      ROW_NUMBER() %s END", id,
                      all),
      name, "_turn");
  eh_sql_add_item(s, variant_of(sql, all), name, "_variant");
  eh_sql_add_item(s, *choice ? eh_arena_printf(sql->arena, "DENSE_RANK() %s%s)", by, choice) : "1",
                  name, "_choice");
}

static const char *kept(struct eh_sql *sql) {
  const struct eh_expression *keep = sql->rules->keep;
  if (!keep) return "0";
  return eh_arena_printf(sql->arena, "CASE WHEN %s THEN %d WHEN %s THEN %d ELSE %d END",
                         eh_sql_known_true(sql, keep), EH_SQL_AUDITED,
                         eh_sql_known_false(sql, keep), EH_SQL_NOT_KEPT, EH_SQL_KEEP_UNKNOWN);
}

/* Where events are joined: by fate and the units of all comparisons, too. */
static const char *partition_of_cases(struct eh_sql *sql) {
  const struct eh_rules *rules = sql->rules;
  struct eh_buffer out = {0};
  if (rules->repeats.choice != EH_REPEATS_ANY) return "";
  eh_buffer_puts(&out, "kept, ");
  for (size_t c = 0; c < rules->comparison_count; c++)
    eh_buffer_printf(&out, "%s, ", eh_sql_text_of(sql, rules->comparisons[c].across));
  return taken(sql, &out);
}

/* An event of any of them; else what may be one; else what is none. */
static const char *joined_outcome(struct eh_sql *sql, size_t measure, const char *id) {
  return eh_arena_printf(
      sql->arena,
      "CASE WHEN %s IS NULL THEN measure_%zu_outcome ELSE\n"
      "      CASE MAX(CASE measure_%zu_outcome WHEN %d THEN 4 WHEN %d THEN 3 WHEN %d THEN 2 WHEN "
      "%d THEN 1 "
      "ELSE 0 END)\n        OVER (PARTITION BY %s%s)\n"
      "        WHEN 4 THEN %d WHEN 3 THEN %d WHEN 2 THEN %d WHEN 1 THEN %d ELSE %d END END",
      id, measure + 1, measure + 1, EH_SQL_EVENT, EH_SQL_EVENT_UNKNOWN, EH_SQL_APPLIES_UNKNOWN,
      EH_SQL_NO_EVENT, partition_of_cases(sql), id, EH_SQL_EVENT, EH_SQL_EVENT_UNKNOWN,
      EH_SQL_APPLIES_UNKNOWN, EH_SQL_NO_EVENT, EH_SQL_DOES_NOT_APPLY);
}

static void write_cases(struct eh_sql_steps *s) {
  struct eh_sql *sql = s->sql;
  const struct eh_rules *rules = sql->rules;
  const char *id = eh_sql_raw_text(sql, (size_t)rules->case_column);
  eh_sql_begin_step(s, "cases", true);
  add_turns(s, "case", id, partition_of_cases(sql),
            choice_of(sql, false, rules->repeats.choice == EH_REPEATS_LAST));
  for (size_t m = 0; m < rules->measure_count && rules->repeats.choice == EH_REPEATS_ANY; m++)
    eh_sql_add_item(s, joined_outcome(sql, m, id),
                    eh_arena_printf(sql->arena, "measure_%zu_any", m + 1), "");
  eh_sql_end_step(s, "cases", s->last);
}

/* Before records of the same person are told apart. */
static const char *fate_of_case(struct eh_sql *sql) {
  switch (sql->rules->repeats.choice) {
    case EH_REPEATS_TRUST:
      return "kept";
    case EH_REPEATS_REFUSE:
      return eh_arena_printf(sql->arena, "CASE WHEN case_turn > 1 THEN %d ELSE kept END",
                             EH_SQL_REPEATED_CASE);
    default:
      return eh_arena_printf(
          sql->arena,
          "CASE WHEN case_turn = 1%s THEN kept WHEN case_variant = 1 THEN %d WHEN case_choice = 1 "
          "THEN %d ELSE %d END",
          sql->rules->repeats.choice == EH_REPEATS_ANY ? " OR kept > 0" : "", EH_SQL_REPEATED_CASE,
          EH_SQL_UNORDERED, EH_SQL_DIFFERING_CASE);
  }
}

static void write_persons(struct eh_sql_steps *s) {
  struct eh_sql *sql = s->sql;
  eh_sql_begin_step(s, "persons", true);
  add_turns(s, "person", eh_sql_raw_text(sql, (size_t)sql->rules->one_per),
            eh_arena_printf(sql->arena, "%s, ", fate_of_case(sql)),
            choice_of(sql, true, sql->rules->choose_last));
  eh_sql_end_step(s, "persons", s->last);
}

/* Shards number no records: the caller has made sure that no id repeats. */
void eh_sql_write_fates(struct eh_sql_steps *s) {
  struct eh_sql *sql = s->sql;
  eh_sql_begin_step(s, "judged", true);
  eh_sql_add_item(s, kept(sql), "kept", "");
  for (size_t m = 0; m < sql->rules->measure_count; m++)
    eh_sql_add_item(s, eh_sql_outcome_of(sql, &sql->rules->measures[m]),
                    eh_arena_printf(sql->arena, "measure_%zu_outcome", m + 1), "");
  eh_sql_end_step(s, "judged", s->last);
  if (sql->options->shard_key) return;
  write_cases(s);
  if (sql->rules->one_per >= 0) write_persons(s);
}

const char *eh_sql_fate(struct eh_sql *sql) {
  if (sql->options->shard_key) return "kept";
  if (sql->rules->one_per < 0) return fate_of_case(sql);
  return eh_arena_printf(
      sql->arena,
      "CASE %s WHEN %d THEN CASE WHEN person_turn = 1 THEN %d WHEN person_choice = 1 AND "
      "person_variant > 1 THEN %d ELSE %d END ELSE %s END",
      fate_of_case(sql), EH_SQL_AUDITED, EH_SQL_AUDITED, EH_SQL_UNORDERED, EH_SQL_SAME_PERSON,
      fate_of_case(sql));
}

const char *eh_sql_settled_outcome(struct eh_sql *sql, size_t measure) {
  bool joined = sql->rules->repeats.choice == EH_REPEATS_ANY && !sql->options->shard_key;
  return eh_arena_printf(sql->arena, "measure_%zu_%s", measure + 1, joined ? "any" : "outcome");
}
