#include "engine/load/cells/series.h"

#include "engine/base/date.h"
#include "engine/base/parallel.h"
#include "engine/load/records/records.h"

/* Day 0, 1970-01-01, was a Thursday: 3 days after a Monday. */
enum { MONDAY_BEFORE_DAY_ZERO = 3, DAYS_IN_WEEK = 7, MONTHS = 12, QUARTERS = 4 };
/* A chart over time wants some points, and not too many. */
enum { FEWEST_POINTS = 6, MOST_POINTS = 160 };

const char *eh_period_name(enum eh_period period) {
  static const char *const names[] = {"week", "month", "quarter", "year"};
  return names[period];
}

static int32_t floor_divide(int32_t a, int32_t b) { return a / b - (a % b < 0); }

int32_t eh_period_of(enum eh_period period, int32_t day) {
  struct eh_civil date = eh_date_to_civil(day);
  switch (period) {
    case EH_PERIOD_WEEK:
      return floor_divide(day + MONDAY_BEFORE_DAY_ZERO, DAYS_IN_WEEK);
    case EH_PERIOD_MONTH:
      return date.year * MONTHS + date.month - 1;
    case EH_PERIOD_QUARTER:
      return date.year * QUARTERS + (date.month - 1) / (MONTHS / QUARTERS);
    default:
      return date.year;
  }
}

int32_t eh_period_first_day(enum eh_period period, int32_t number) {
  switch (period) {
    case EH_PERIOD_WEEK:
      return number * DAYS_IN_WEEK - MONDAY_BEFORE_DAY_ZERO;
    case EH_PERIOD_MONTH:
      return eh_date_from_civil(number / MONTHS, number % MONTHS + 1, 1);
    case EH_PERIOD_QUARTER:
      return eh_date_from_civil(number / QUARTERS, number % QUARTERS * (MONTHS / QUARTERS) + 1, 1);
    default:
      return eh_date_from_civil(number, 1, 1);
  }
}

static int32_t points(enum eh_period period, const struct eh_account *account) {
  return eh_period_of(period, account->last_day) - eh_period_of(period, account->first_day) + 1;
}

/* Quarters where they give a picture. */
static enum eh_period choose_period(const struct eh_account *account) {
  enum eh_period period = EH_PERIOD_QUARTER;
  while (period > EH_PERIOD_WEEK && points(period, account) < FEWEST_POINTS) period--;
  if (points(period, account) > MOST_POINTS) period = EH_PERIOD_YEAR;
  return period;
}

/* One worker's counts; they are added up in the end. */
struct tally {
  struct eh_count *counts, *undated;
};

struct counting {
  const struct eh_records *records;
  const struct eh_series *series;
  const uint32_t *place_of_day; /* by day less the first day of the records */
  struct tally *tallies;        /* by worker */
};

static void count_chunk(void *context, size_t index, size_t worker) {
  const struct counting *c = context;
  const struct eh_series *series = c->series;
  const struct eh_chunk *chunk = &c->records->chunks[index];
  const struct tally *tally = &c->tallies[worker];
  int32_t first_day = c->records->account.first_day;
  for (size_t i = 0; i < chunk->rows; i++) {
    if ((chunk->status[i] & EH_FATE_MASK) != EH_AUDITED) continue;
    uint32_t stored = series->count ? eh_packed_get(&chunk->days, i) : EH_NO_DAY;
    struct eh_count *to = tally->undated;
    size_t step = 1;
    if (stored != EH_NO_DAY) {
      to = tally->counts + c->place_of_day[(int32_t)stored - EH_DAY_ZERO - first_day];
      step = series->count;
    }
    const uint8_t *outcomes = chunk->outcomes + i * series->measure_count;
    for (size_t m = 0; m < series->measure_count; m++) {
      if (outcomes[m] != EH_EVENT && outcomes[m] != EH_NO_EVENT) continue;
      to[m * step].records++;
      to[m * step].events += outcomes[m] == EH_EVENT;
    }
  }
}

static uint32_t *place_days(struct eh_arena *arena, const struct eh_series *series,
                            const struct eh_account *account) {
  size_t days = (size_t)(account->last_day - account->first_day) + 1;
  uint32_t *place = eh_arena_alloc(arena, days, sizeof *place);
  for (size_t i = 0; i < days; i++) {
    int32_t day = account->first_day + (int32_t)i;
    place[i] = (uint32_t)(eh_period_of(series->period, day) - series->first);
  }
  return place;
}

static void add_up(struct eh_count *to, const struct eh_count *from, size_t count) {
  for (size_t i = 0; i < count; i++) {
    to[i].records += from[i].records;
    to[i].events += from[i].events;
  }
}

struct eh_series_plan eh_series_plan(struct eh_arena *arena, const struct eh_account *account,
                                     size_t measures) {
  struct eh_series *series = eh_arena_alloc(arena, 1, sizeof *series);
  series->measure_count = measures;
  if (account->has_dates) {
    series->period = choose_period(account);
    series->first = eh_period_of(series->period, account->first_day);
    series->count = (size_t)points(series->period, account);
  }
  struct eh_series_plan plan = {
      series, eh_arena_alloc(arena, measures * series->count, sizeof *plan.counts),
      eh_arena_alloc(arena, measures, sizeof *plan.undated)};
  series->counts = plan.counts;
  series->undated = plan.undated;
  return plan;
}

struct eh_series *eh_records_series(struct eh_arena *arena, const struct eh_records *records) {
  const struct eh_account *account = &records->account;
  struct eh_series_plan plan = eh_series_plan(arena, account, records->rules->measure_count);
  const struct eh_series *series = plan.series;
  struct eh_arena *scratch = eh_arena_new();
  struct counting counting = {.records = records, .series = series};
  if (account->has_dates) counting.place_of_day = place_days(scratch, series, account);
  size_t cells = series->measure_count * series->count, threads = records->options.threads;
  counting.tallies = eh_arena_alloc(scratch, threads, sizeof *counting.tallies);
  counting.tallies[0] = (struct tally){plan.counts, plan.undated};
  for (size_t w = 1; w < threads; w++) {
    counting.tallies[w].counts = eh_arena_alloc(scratch, cells, sizeof(struct eh_count));
    counting.tallies[w].undated =
        eh_arena_alloc(scratch, series->measure_count, sizeof(struct eh_count));
  }
  eh_parallel(records->chunk_count, threads, count_chunk, &counting);
  for (size_t w = 1; w < threads; w++) {
    add_up(plan.counts, counting.tallies[w].counts, cells);
    add_up(plan.undated, counting.tallies[w].undated, series->measure_count);
  }
  eh_arena_free(scratch);
  return plan.series;
}
