/* Statements about the records behind the counts: some of them one by one, and all of them by day.
 */
#include <string.h>

#include "engine/base/date.h"
#include "rules/sql/internal.h"

/* --- single records --- */

static void add_choice(struct eh_sql_steps *s, const struct eh_sql_choice *choice) {
  struct eh_sql *sql = s->sql;
  eh_buffer_printf(&s->text, "measure_%zu IN (%d, %d)", choice->measure + 1, EH_SQL_NO_EVENT,
                   EH_SQL_EVENT);
  for (size_t i = 0; i < choice->count; i++) {
    const char *label = choice->labels[i];
    if (label)
      eh_buffer_printf(&s->text, " AND %s = %s", sql->names[choice->columns[i]],
                       eh_sql_quote_text(sql, label, strlen(label)));
    else
      eh_buffer_printf(&s->text, " AND %s IS NULL", sql->names[choice->columns[i]]);
  }
}

/* Halved again and again, so that the expression is not deep: some servers limit that. */
static void add_choices(struct eh_sql_steps *s, const struct eh_sql_choice *choices, size_t count) {
  eh_buffer_puts(&s->text, "(");
  if (count == 1) {
    add_choice(s, choices);
  } else {
    add_choices(s, choices, count / 2);
    eh_buffer_puts(&s->text, "\n    OR ");
    add_choices(s, choices + count / 2, count - count / 2);
  }
  eh_buffer_puts(&s->text, ")");
}

enum eh_status eh_sql_chosen(struct eh_arena *arena, const struct eh_rules *rules,
                             const struct eh_sql_options *options,
                             const struct eh_sql_choice *choices, size_t count,
                             const char **statement, struct eh_error *error) {
  struct eh_sql sql = {.arena = arena, .rules = rules, .options = options};
  struct eh_sql_steps s = {0};
  eh_sql_begin(&s, &sql, error);
  eh_sql_write_records(&s, true);
  eh_buffer_printf(&s.text, "\nSELECT\n  %s AS case_id,\n  record_date",
                   eh_sql_raw_text(&sql, (size_t)rules->case_column));
  for (size_t c = 0; c < rules->column_count; c++)
    if (rules->columns[c].is_dimension) eh_buffer_printf(&s.text, ",\n  %s", sql.names[c]);
  for (size_t m = 0; m < rules->measure_count; m++)
    eh_buffer_printf(&s.text, ",\n  measure_%zu", m + 1);
  for (size_t c = 0; c < rules->column_count; c++)
    if (rules->columns[c].kind == EH_GIVEN)
      eh_buffer_printf(&s.text, ",\n  %s", eh_sql_raw_text(&sql, c));
  eh_buffer_printf(&s.text, "\nFROM evenhand_records\nWHERE fate = %d AND %s IS NOT NULL AND ",
                   EH_SQL_AUDITED, eh_sql_raw_text(&sql, (size_t)rules->case_column));
  add_choices(&s, choices, count);
  eh_buffer_puts(&s.text, "\n");
  return eh_sql_finish(&s, statement);
}

/* --- by day --- */

enum eh_status eh_sql_days(struct eh_arena *arena, const struct eh_rules *rules,
                           const struct eh_sql_options *options, int column, const char **statement,
                           struct eh_error *error) {
  struct eh_sql sql = {.arena = arena, .rules = rules, .options = options};
  struct eh_sql_steps s = {0};
  struct eh_buffer by = {0};
  eh_sql_begin(&s, &sql, error);
  eh_sql_write_records(&s, false);
  if (column >= 0) eh_buffer_printf(&by, "%s, ", sql.names[column]);
  eh_buffer_puts(&by, "record_date");
  for (size_t m = 0; m < rules->measure_count; m++) eh_buffer_printf(&by, ", measure_%zu", m + 1);
  eh_buffer_printf(&s.text, "\nSELECT\n  %s,\n  COUNT(*) AS records", by.text);
  for (size_t c = 0; c < rules->column_count; c++)
    if (rules->columns[c].is_dimension)
      eh_buffer_printf(&s.text, ",\n  SUM(CASE WHEN %s IS NULL THEN 1 ELSE 0 END) AS lacks_%s",
                       sql.names[c], sql.names[c]);
  eh_buffer_printf(&s.text, "\nFROM evenhand_records\nWHERE fate = %d\nGROUP BY %s%s\n",
                   EH_SQL_AUDITED, by.text, options->shard_key ? ", shard_key" : "");
  eh_buffer_free(&by);
  return eh_sql_finish(&s, statement);
}

int32_t eh_sql_day_of(const struct eh_sql_options *options, int64_t date) {
  if (options->shard_key) return (int32_t)date;
  return eh_date_from_civil((int)(date / 10000), (int)(date / 100 % 100), (int)(date % 100));
}
