#include "engine/load/cells/over_time.h"

#include "engine/base/parallel.h"
#include "engine/load/records/records.h"

/* A chart over time wants some points, and not too many. */
enum { FEWEST_POINTS = 6, MOST_POINTS = 160 };

static int32_t points(enum eh_period period, const struct eh_account *account) {
  return eh_period_of(period, account->last_day) - eh_period_of(period, account->first_day) + 1;
}

static enum eh_period fitting_period(const struct eh_account *account) {
  enum eh_period period = EH_PERIOD_QUARTER;
  while (period > EH_PERIOD_WEEK && points(period, account) < FEWEST_POINTS) period--;
  if (points(period, account) > MOST_POINTS) period = EH_PERIOD_YEAR;
  return period;
}

/* None for units where some date is so far off that they would be too many. */
static void plan_periods(const struct eh_account *account, struct eh_over_time *t) {
  if (!account->has_dates) return;
  if (t->period == EH_PERIOD_FITTING) t->period = fitting_period(account);
  t->first = eh_period_of(t->period, account->first_day);
  t->spans_too_long = t->column >= 0 && points(t->period, account) > EH_MOST_PERIODS;
  if (!t->spans_too_long) t->count = (size_t)points(t->period, account);
}

struct eh_time_plan eh_time_plan(struct eh_arena *arena, const struct eh_account *account,
                                 const struct eh_over_time *shape) {
  struct eh_over_time *t = eh_arena_alloc(arena, 1, sizeof *t);
  *t = *shape;
  plan_periods(account, t);
  if (t->period == EH_PERIOD_FITTING) t->period = EH_PERIOD_QUARTER;
  size_t units = t->unit_count, measures = t->measure_count, cells = measures * t->count;
  struct eh_time_plan plan = {t,
                              eh_arena_alloc(arena, units, sizeof *plan.units),
                              eh_arena_alloc(arena, units * t->column_count, sizeof(uint64_t)),
                              eh_arena_alloc(arena, units * measures, sizeof(uint64_t)),
                              eh_arena_alloc(arena, units * cells, sizeof *plan.counts),
                              eh_arena_alloc(arena, units * measures, sizeof *plan.undated)};
  for (size_t u = 0; u < units; u++)
    plan.units[u] = (struct eh_unit_over_time){.missing = plan.missing + u * t->column_count,
                                               .unknown = plan.unknown + u * measures,
                                               .counts = plan.counts + u * cells,
                                               .undated = plan.undated + u * measures};
  t->units = plan.units;
  return plan;
}

/* --- counting --- */

struct counting {
  const struct eh_records *records;
  const struct eh_over_time *shape;
  size_t dimension;             /* of its column; SIZE_MAX: none */
  const uint32_t *place_of_day; /* by day less the first day of the records */
  struct eh_time_plan *plans;   /* by worker; added up in the end */
};

static bool is_missing(const struct eh_records *r, const struct eh_chunk *chunk, size_t dimension,
                       size_t i) {
  const struct eh_dictionary *d = r->dictionaries[dimension];
  return eh_dictionary_has_missing(d) &&
         eh_dictionary_ranks(d)[eh_packed_get(&chunk->codes[dimension], i)] ==
             eh_dictionary_count(d) - 1;
}

static void count_measures(const struct counting *c, const struct eh_chunk *chunk, size_t i,
                           size_t unit, const struct eh_time_plan *to) {
  const struct eh_over_time *t = c->shape;
  uint32_t day = c->records->rules->date_column >= 0 ? eh_packed_get(&chunk->days, i) : EH_NO_DAY;
  size_t measures = t->measure_count, place = SIZE_MAX;
  to->units[unit].no_day += day == EH_NO_DAY;
  if (day != EH_NO_DAY && t->count)
    place = c->place_of_day[(int32_t)day - EH_DAY_ZERO - c->records->account.first_day];
  for (size_t m = 0; m < measures; m++) {
    uint8_t outcome = chunk->outcomes[i * measures + m];
    to->unknown[unit * measures + m] +=
        outcome == EH_APPLIES_UNKNOWN || outcome == EH_EVENT_UNKNOWN;
    if (outcome != EH_EVENT && outcome != EH_NO_EVENT) continue;
    struct eh_count *count = place == SIZE_MAX
                                 ? &to->undated[unit * measures + m]
                                 : &to->counts[(unit * measures + m) * t->count + place];
    if (place == SIZE_MAX && day != EH_NO_DAY) continue; /* they span too long */
    count->records++;
    count->events += outcome == EH_EVENT;
  }
}

static void count_chunk(void *context, size_t index, size_t worker) {
  const struct counting *c = context;
  const struct eh_records *r = c->records;
  const struct eh_chunk *chunk = &r->chunks[index];
  const struct eh_time_plan *to = &c->plans[worker];
  const uint32_t *ranks =
      c->dimension == SIZE_MAX ? NULL : eh_dictionary_ranks(r->dictionaries[c->dimension]);
  for (size_t i = 0; i < chunk->rows; i++) {
    if ((chunk->status[i] & EH_FATE_MASK) != EH_AUDITED) continue;
    size_t unit = ranks ? ranks[eh_packed_get(&chunk->codes[c->dimension], i)] : 0;
    to->units[unit].records++;
    for (size_t d = 0; d < c->shape->column_count; d++)
      to->missing[unit * c->shape->column_count + d] += is_missing(r, chunk, d, i);
    count_measures(c, chunk, i, unit, to);
  }
}

static const uint32_t *place_days(struct eh_arena *arena, const struct eh_over_time *t,
                                  const struct eh_account *account) {
  if (t->count == 0) return NULL;
  size_t days = (size_t)(account->last_day - account->first_day) + 1;
  uint32_t *place = eh_arena_alloc(arena, days, sizeof *place);
  for (size_t i = 0; i < days; i++)
    place[i] = (uint32_t)(eh_period_of(t->period, account->first_day + (int32_t)i) - t->first);
  return place;
}

static void add_up(uint64_t *to, const uint64_t *from, size_t count) {
  for (size_t i = 0; i < count; i++) to[i] += from[i];
}

static void add_counts(struct eh_count *to, const struct eh_count *from, size_t count) {
  for (size_t i = 0; i < count; i++) {
    to[i].records += from[i].records;
    to[i].events += from[i].events;
  }
}

static void add_plan(const struct eh_time_plan *to, const struct eh_time_plan *from) {
  const struct eh_over_time *t = to->result;
  size_t units = t->unit_count, measures = t->measure_count;
  for (size_t u = 0; u < units; u++) {
    to->units[u].records += from->units[u].records;
    to->units[u].no_day += from->units[u].no_day;
  }
  add_up(to->missing, from->missing, units * t->column_count);
  add_up(to->unknown, from->unknown, units * measures);
  add_counts(to->counts, from->counts, units * measures * t->count);
  add_counts(to->undated, from->undated, units * measures);
}

/* Missing values are counted by unit only. */
static struct eh_over_time shape_of(struct eh_arena *arena, const struct eh_records *r,
                                    const struct eh_time_request *request) {
  struct eh_over_time shape = {.period = request->period,
                               .measure_count = r->rules->measure_count,
                               .column = request->column,
                               .unit_count = 1};
  if (request->column < 0) return shape;
  const struct eh_dictionary *d = r->dictionaries[eh_records_dimension(r, request->column)];
  int *columns = eh_arena_alloc(arena, r->dimension_count, sizeof *columns);
  for (size_t k = 0; k < r->dimension_count; k++) columns[k] = (int)r->dimensions[k];
  shape.labels = eh_dictionary_labels(d);
  shape.unit_count = eh_dictionary_count(d);
  shape.has_missing = eh_dictionary_has_missing(d);
  shape.columns = columns;
  shape.column_count = r->dimension_count;
  return shape;
}

const struct eh_over_time *eh_records_over_time(struct eh_arena *arena,
                                                const struct eh_records *records,
                                                const struct eh_time_request *request) {
  const struct eh_account *account = &records->account;
  struct eh_over_time shape = shape_of(arena, records, request);
  struct eh_arena *scratch = eh_arena_new();
  size_t threads = records->options.threads;
  struct counting c = {.records = records, .dimension = SIZE_MAX};
  if (request->column >= 0) c.dimension = eh_records_dimension(records, request->column);
  c.plans = eh_arena_alloc(scratch, threads, sizeof *c.plans);
  for (size_t w = 0; w < threads; w++)
    c.plans[w] = eh_time_plan(w ? scratch : arena, account, &shape);
  c.shape = c.plans[0].result;
  c.place_of_day = place_days(scratch, c.shape, account);
  eh_parallel(records->chunk_count, threads, count_chunk, &c);
  for (size_t w = 1; w < threads; w++) add_plan(&c.plans[0], &c.plans[w]);
  eh_arena_free(scratch);
  return c.shape;
}
