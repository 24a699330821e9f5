#include "engine/load/cells/tally.h"

#include "engine/base/date.h"
#include "engine/base/parallel.h"
#include "engine/load/records/records.h"

enum { QUARTERS = 4, MONTHS_OF_QUARTER = 3 };

/* One worker's counts, as flat arrays; the layout is that of struct eh_tally_unit. */
struct counts {
  uint64_t *records, *no_day, *missing, *unknown;
  struct eh_tally_events *quarters;
};

struct tallying {
  const struct eh_records *records;
  const struct eh_tally *tally;
  size_t dimension, measure_count;
  int32_t first_day;
  const uint32_t *quarter_of_day; /* by day less the first */
  struct counts *workers;
};

static int32_t quarter_of(int32_t day) {
  struct eh_civil date = eh_date_to_civil(day);
  return date.year * QUARTERS + (date.month - 1) / MONTHS_OF_QUARTER;
}

static int32_t first_day_of(int32_t quarter) {
  return eh_date_from_civil(quarter / QUARTERS, quarter % QUARTERS * MONTHS_OF_QUARTER + 1, 1);
}

static bool is_missing(const struct eh_records *r, const struct eh_chunk *chunk, size_t dimension,
                       size_t i) {
  const struct eh_dictionary *d = r->dictionaries[dimension];
  return eh_dictionary_has_missing(d) &&
         eh_dictionary_ranks(d)[eh_packed_get(&chunk->codes[dimension], i)] ==
             eh_dictionary_count(d) - 1;
}

static void count_measures(const struct tallying *t, const struct eh_chunk *chunk, size_t i,
                           size_t unit, const struct counts *to) {
  uint32_t day = t->records->rules->date_column >= 0 ? eh_packed_get(&chunk->days, i) : EH_NO_DAY;
  size_t quarters = t->tally->quarter_count, quarter = SIZE_MAX;
  if (day == EH_NO_DAY)
    to->no_day[unit]++;
  else if (quarters)
    quarter = t->quarter_of_day[(int32_t)day - EH_DAY_ZERO - t->first_day];
  for (size_t m = 0; m < t->measure_count; m++) {
    uint8_t outcome = chunk->outcomes[i * t->measure_count + m];
    if (outcome == EH_APPLIES_UNKNOWN || outcome == EH_EVENT_UNKNOWN)
      to->unknown[unit * t->measure_count + m]++;
    if (quarter == SIZE_MAX || (outcome != EH_EVENT && outcome != EH_NO_EVENT)) continue;
    struct eh_tally_events *events =
        &to->quarters[(unit * t->measure_count + m) * quarters + quarter];
    events->records++;
    events->events += outcome == EH_EVENT;
  }
}

static void count_chunk(void *context, size_t index, size_t worker) {
  const struct tallying *t = context;
  const struct eh_records *r = t->records;
  const struct eh_chunk *chunk = &r->chunks[index];
  const struct counts *to = &t->workers[worker];
  const uint32_t *ranks = eh_dictionary_ranks(r->dictionaries[t->dimension]);
  for (size_t i = 0; i < chunk->rows; i++) {
    if ((chunk->status[i] & EH_FATE_MASK) != EH_AUDITED) continue;
    size_t unit = ranks[eh_packed_get(&chunk->codes[t->dimension], i)];
    to->records[unit]++;
    for (size_t d = 0; d < r->dimension_count; d++)
      to->missing[unit * r->dimension_count + d] += is_missing(r, chunk, d, i);
    count_measures(t, chunk, i, unit, to);
  }
}

/* None where some date is so far off that they would be too many. */
void eh_tally_plan_quarters(struct eh_arena *arena, const struct eh_account *account,
                            struct eh_tally *tally) {
  if (!account->has_dates) return;
  int32_t first = quarter_of(account->first_day), last = quarter_of(account->last_day);
  tally->spans_too_long = last - first >= EH_MOST_QUARTERS;
  if (tally->spans_too_long) return;
  tally->quarter_count = (size_t)(last - first) + 1;
  int32_t *days = eh_arena_alloc(arena, tally->quarter_count, sizeof *days);
  for (size_t q = 0; q < tally->quarter_count; q++) days[q] = first_day_of(first + (int32_t)q);
  tally->quarter_days = days;
}

size_t eh_tally_quarter(const struct eh_tally *tally, int32_t day) {
  return (size_t)(quarter_of(day) - quarter_of(tally->quarter_days[0]));
}

static void place_days(struct eh_arena *arena, const struct eh_account *account,
                       struct tallying *t) {
  if (t->tally->quarter_count == 0) return;
  t->first_day = account->first_day;
  size_t span = (size_t)(account->last_day - account->first_day) + 1;
  uint32_t *quarter_of_day = eh_arena_alloc(arena, span, sizeof *quarter_of_day);
  for (size_t d = 0; d < span; d++)
    quarter_of_day[d] = (uint32_t)eh_tally_quarter(t->tally, t->first_day + (int32_t)d);
  t->quarter_of_day = quarter_of_day;
}

static void make_room(struct eh_arena *arena, const struct tallying *t, struct counts *counts) {
  size_t units = t->tally->count, measures = t->measure_count;
  counts->records = eh_arena_alloc(arena, units, sizeof *counts->records);
  counts->no_day = eh_arena_alloc(arena, units, sizeof *counts->no_day);
  counts->missing =
      eh_arena_alloc(arena, units * t->records->dimension_count, sizeof *counts->missing);
  counts->unknown = eh_arena_alloc(arena, units * measures, sizeof *counts->unknown);
  counts->quarters =
      eh_arena_alloc(arena, units * measures * t->tally->quarter_count, sizeof *counts->quarters);
}

static void add_up(uint64_t *to, const uint64_t *from, size_t count) {
  for (size_t i = 0; i < count; i++) to[i] += from[i];
}

static void add_counts(const struct tallying *t, struct counts *to, const struct counts *from) {
  size_t units = t->tally->count, cells = units * t->measure_count * t->tally->quarter_count;
  add_up(to->records, from->records, units);
  add_up(to->no_day, from->no_day, units);
  add_up(to->missing, from->missing, units * t->records->dimension_count);
  add_up(to->unknown, from->unknown, units * t->measure_count);
  for (size_t i = 0; i < cells; i++) {
    to->quarters[i].records += from->quarters[i].records;
    to->quarters[i].events += from->quarters[i].events;
  }
}

static void list_units(struct eh_arena *arena, const struct tallying *t, struct eh_tally *tally) {
  const struct counts *all = &t->workers[0];
  size_t dimensions = t->records->dimension_count, measures = t->measure_count;
  struct eh_tally_unit *units = eh_arena_alloc(arena, tally->count, sizeof *units);
  int *columns = eh_arena_alloc(arena, dimensions, sizeof *columns);
  for (size_t u = 0; u < tally->count; u++)
    units[u] = (struct eh_tally_unit){
        .records = all->records[u],
        .no_day = all->no_day[u],
        .missing = all->missing + u * dimensions,
        .unknown = all->unknown + u * measures,
        .quarters = all->quarters + u * measures * tally->quarter_count,
    };
  for (size_t d = 0; d < dimensions; d++) columns[d] = (int)t->records->dimensions[d];
  tally->units = units;
  tally->columns = columns;
  tally->column_count = dimensions;
}

const struct eh_tally *eh_records_tally(struct eh_arena *arena, const struct eh_records *records,
                                        int column) {
  struct eh_tally *tally = eh_arena_alloc(arena, 1, sizeof *tally);
  struct tallying t = {.records = records,
                       .tally = tally,
                       .dimension = eh_records_dimension(records, column),
                       .measure_count = records->rules->measure_count};
  const struct eh_dictionary *dictionary = records->dictionaries[t.dimension];
  tally->column = column;
  tally->labels = eh_dictionary_labels(dictionary);
  tally->count = eh_dictionary_count(dictionary);
  tally->has_missing = eh_dictionary_has_missing(dictionary);
  eh_tally_plan_quarters(arena, &records->account, tally);
  place_days(arena, &records->account, &t);
  size_t threads = records->options.threads;
  t.workers = eh_arena_alloc(arena, threads, sizeof *t.workers);
  for (size_t w = 0; w < threads; w++) make_room(arena, &t, &t.workers[w]);
  eh_parallel(records->chunk_count, threads, count_chunk, &t);
  for (size_t w = 1; w < threads; w++) add_counts(&t, &t.workers[0], &t.workers[w]);
  list_units(arena, &t, tally);
  return tally;
}
