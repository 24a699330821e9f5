/* Counts by day, out of a database: the charts over time, and what scorecards say of an office. */
#include <stdlib.h>
#include <string.h>

#include "engine/load/database/internal.h"

/* One row of the answer. */
struct day_row {
  const char *label; /* of the tally's column; NULL: not recorded, or no tally */
  bool has_day;
  int32_t day;
  uint64_t records;
  const char *const *outcomes; /* by measure */
  const char *const *lacking;  /* by dimension: records that lack it */
};

struct taking {
  struct eh_database *database;
  struct eh_series_plan series;
  struct eh_tally *tally; /* NULL: none asked for */
  struct eh_tally_unit *units;
  uint64_t *missing, *unknown;      /* units x dimensions, units x measures */
  struct eh_tally_events *quarters; /* units x measures x quarters */
  size_t dimension_count;
};

static uint64_t number(const char *field) { return field ? strtoull(field, NULL, 10) : 0; }

static struct day_row read_row(const struct taking *t, const char *const *fields) {
  struct day_row row = {0};
  if (t->tally) row.label = *fields++;
  row.has_day = eh_database_day(t->database, *fields++, &row.day);
  row.outcomes = fields;
  row.records = number(fields[t->database->rules->measure_count]);
  row.lacking = fields + t->database->rules->measure_count + 1;
  return row;
}

static enum eh_outcome outcome_of(const struct day_row *row, size_t measure) {
  return (enum eh_outcome)(row->outcomes[measure][0] - '0');
}

static void add_to_series(const struct taking *t, const struct day_row *row) {
  const struct eh_series *s = t->series.series;
  for (size_t m = 0; m < s->measure_count; m++) {
    enum eh_outcome outcome = outcome_of(row, m);
    if (outcome != EH_EVENT && outcome != EH_NO_EVENT) continue;
    struct eh_count *to = &t->series.undated[m];
    if (row->has_day && s->count)
      to = &t->series.counts[m * s->count + (size_t)(eh_period_of(s->period, row->day) - s->first)];
    to->records += row->records;
    to->events += outcome == EH_EVENT ? row->records : 0;
  }
}

/* --- the tally --- */

/* The label's place: the missing one is last. */
static size_t place_of(const struct eh_tally *tally, const char *label) {
  size_t low = 0, high = tally->count - tally->has_missing;
  if (!label) return tally->count - 1;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (strcmp(tally->labels[middle], label) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void plan_tally(struct eh_arena *arena, struct taking *t, int column) {
  const struct eh_rules *rules = t->database->rules;
  struct eh_tally *tally = eh_arena_alloc(arena, 1, sizeof *tally);
  t->tally = tally;
  tally->column = column;
  tally->labels = eh_counts_labels(t->database->counts, column, &tally->count, &tally->has_missing);
  tally->column_count = t->dimension_count;
  eh_counts_dimensions(t->database->counts, &tally->columns);
  eh_tally_plan_quarters(arena, t->database->account, tally);
  size_t units = tally->count, measures = rules->measure_count;
  size_t events = measures * tally->quarter_count;
  t->units = eh_arena_alloc(arena, units, sizeof *t->units);
  t->missing = eh_arena_alloc(arena, units * t->dimension_count, sizeof *t->missing);
  t->unknown = eh_arena_alloc(arena, units * measures, sizeof *t->unknown);
  t->quarters = eh_arena_alloc(arena, units * events, sizeof *t->quarters);
  for (size_t u = 0; u < units; u++)
    t->units[u] = (struct eh_tally_unit){.missing = t->missing + u * t->dimension_count,
                                         .unknown = t->unknown + u * measures,
                                         .quarters = t->quarters + u * events};
  tally->units = t->units;
}

static void add_to_tally(const struct taking *t, const struct day_row *row) {
  const struct eh_tally *tally = t->tally;
  size_t place = place_of(tally, row->label), measures = t->database->rules->measure_count;
  struct eh_tally_unit *unit = &t->units[place];
  unit->records += row->records;
  unit->no_day += row->has_day ? 0 : row->records;
  for (size_t d = 0; d < t->dimension_count; d++)
    t->missing[place * t->dimension_count + d] += number(row->lacking[d]);
  for (size_t m = 0; m < measures; m++) {
    enum eh_outcome outcome = outcome_of(row, m);
    if (outcome == EH_APPLIES_UNKNOWN || outcome == EH_EVENT_UNKNOWN)
      t->unknown[place * measures + m] += row->records;
    if (!row->has_day || !tally->quarter_count || (outcome != EH_EVENT && outcome != EH_NO_EVENT))
      continue;
    struct eh_tally_events *to = &t->quarters[(place * measures + m) * tally->quarter_count +
                                              eh_tally_quarter(tally, row->day)];
    to->records += row->records;
    to->events += outcome == EH_EVENT ? row->records : 0;
  }
}

enum eh_status eh_database_days(struct eh_arena *arena, struct eh_database *database, int column,
                                const struct eh_series **series, const struct eh_tally **tally,
                                struct eh_error *error) {
  struct taking t = {.database = database};
  const char *statement;
  const char *const *fields;
  const int *dimensions;
  t.dimension_count = eh_counts_dimensions(database->counts, &dimensions);
  t.series = eh_series_plan(arena, database->account, database->rules->measure_count);
  if (column >= 0) plan_tally(arena, &t, column);
  EH_TRY(eh_sql_days(database->arena, database->rules, &database->sql, column, &statement, error));
  EH_TRY(eh_database_ask(database, statement, error));
  for (;;) {
    EH_TRY(eh_odbc_row(database->connection, &fields, error));
    if (!fields) break;
    struct day_row row = read_row(&t, fields);
    add_to_series(&t, &row);
    if (t.tally) add_to_tally(&t, &row);
  }
  eh_odbc_done(database->connection);
  *series = t.series.series;
  *tally = t.tally;
  return EH_OK;
}
