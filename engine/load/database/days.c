/* Counts by day, out of a database: the charts over time, and what scorecards say of an office. */
#include <stdlib.h>
#include <string.h>

#include "engine/load/database/internal.h"

/* One row of the answer. */
struct day_row {
  const char *label; /* of the column; NULL: not recorded, or no column */
  bool has_day;
  int32_t day;
  uint64_t records;
  const char *const *outcomes; /* by measure */
  const char *const *lacking;  /* by dimension: records that lack it */
};

struct taking {
  struct eh_database *database;
  struct eh_time_plan all;
  struct eh_time_plan units; /* result NULL: none asked for */
};

static uint64_t number(const char *field) { return field ? strtoull(field, NULL, 10) : 0; }

static struct day_row read_row(const struct taking *t, const char *const *fields) {
  struct day_row row = {0};
  if (t->units.result) row.label = *fields++;
  row.has_day = eh_database_day(t->database, *fields++, &row.day);
  row.outcomes = fields;
  row.records = number(fields[t->database->rules->measure_count]);
  row.lacking = fields + t->database->rules->measure_count + 1;
  return row;
}

static enum eh_outcome outcome_of(const struct day_row *row, size_t measure) {
  return (enum eh_outcome)(row->outcomes[measure][0] - '0');
}

/* A row's records, to a unit. */
static void add_row(const struct day_row *row, const struct eh_time_plan *to, size_t unit) {
  const struct eh_over_time *t = to->result;
  size_t measures = t->measure_count;
  to->units[unit].records += row->records;
  to->units[unit].no_day += row->has_day ? 0 : row->records;
  for (size_t d = 0; d < t->column_count; d++)
    to->missing[unit * t->column_count + d] += number(row->lacking[d]);
  for (size_t m = 0; m < measures; m++) {
    enum eh_outcome outcome = outcome_of(row, m);
    if (outcome == EH_APPLIES_UNKNOWN || outcome == EH_EVENT_UNKNOWN)
      to->unknown[unit * measures + m] += row->records;
    if (outcome != EH_EVENT && outcome != EH_NO_EVENT) continue;
    if (row->has_day && t->spans_too_long) continue;
    struct eh_count *count = &to->undated[unit * measures + m];
    if (row->has_day && t->count)
      count = &to->counts[(unit * measures + m) * t->count +
                          (size_t)(eh_period_of(t->period, row->day) - t->first)];
    count->records += row->records;
    count->events += outcome == EH_EVENT ? row->records : 0;
  }
}

/* The label's place: the missing one is last. */
static size_t place_of(const struct eh_over_time *t, const char *label) {
  size_t low = 0, high = t->unit_count - t->has_missing;
  if (!label) return t->unit_count - 1;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (strcmp(t->labels[middle], label) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void plan(struct eh_arena *arena, struct taking *t, int column) {
  const struct eh_database *d = t->database;
  struct eh_over_time shape = {.period = EH_PERIOD_FITTING,
                               .measure_count = d->rules->measure_count,
                               .column = -1,
                               .unit_count = 1};
  t->all = eh_time_plan(arena, d->account, &shape);
  if (column < 0) return;
  shape.period = EH_PERIOD_QUARTER;
  shape.column = column;
  shape.labels = eh_counts_labels(d->counts, column, &shape.unit_count, &shape.has_missing);
  shape.column_count = eh_counts_dimensions(d->counts, &shape.columns);
  t->units = eh_time_plan(arena, d->account, &shape);
}

enum eh_status eh_database_over_time(struct eh_arena *arena, struct eh_database *database,
                                     int column, const struct eh_over_time **all,
                                     const struct eh_over_time **units, struct eh_error *error) {
  struct taking t = {.database = database};
  const char *statement;
  const char *const *fields;
  plan(arena, &t, column);
  EH_TRY(eh_sql_days(database->arena, database->rules, &database->sql, column, &statement, error));
  EH_TRY(eh_database_ask(database, statement, error));
  for (;;) {
    EH_TRY(eh_link_row(database->connection, &fields, error));
    if (!fields) break;
    struct day_row row = read_row(&t, fields);
    add_row(&row, &t.all, 0);
    if (t.units.result) add_row(&row, &t.units, place_of(t.units.result, row.label));
  }
  eh_link_done(database->connection);
  *all = t.all.result;
  *units = t.units.result;
  return EH_OK;
}
