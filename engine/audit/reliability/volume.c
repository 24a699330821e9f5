/* Under-recording: units that record fewer decisions than they use to, while the others go on;
 * times without any record. */
#include "engine/audit/reliability/volume.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/audit/reliability/internal.h"
#include "engine/audit/reliability/shortfall.h"

enum { FEWEST_DAYS_OF_ALL = 7, SHORTFALLS = 5 };
static const double MOST_OF_USUAL = 0.7, /* of the usual volume, for a doubt */
    MOST_OF_STAFF = 0.8, HALF = 0.5, DAYS_OF_MONTH = 30.44, NO_RECORDS = 0.05;

/* What one unit's counts are held against. */
struct series {
  uint32_t *observed;
  double *expected;
  size_t count;
  int32_t first;
  const char *column, *unit; /* NULL: all records */
  bool is_individual;
  const uint32_t *rows; /* of the unit */
  size_t row_count;
};

/* An officer's time at one office. */
struct stint {
  uint32_t records;
  int32_t first, last;
};

/* Did fewer officers work there then? What the officers who did record there in that time would
   have recorded at their own usual pace is close to what was recorded. */
static bool explained_by_staff(const struct eh_assessment *a, const struct eh_volume_span *span,
                               const struct series *series, const struct eh_shortfall *f,
                               double least) {
  const struct eh_survey *s = a->survey;
  size_t u = 0;
  while (u < s->roles.unit_count && !s->roles.is_individual[u]) u++;
  if (!series->rows || u == s->roles.unit_count) return false;
  size_t officers = s->columns[s->roles.units[u]].value_count;
  struct stint *stints = eh_alloc_zeroed(officers, sizeof *stints);
  for (size_t i = 0; i < series->row_count; i++) {
    uint32_t officer = eh_survey_unit(s, u, series->rows[i]);
    int32_t day = eh_survey_day(s, 0, series->rows[i]);
    if (officer < s->missing_count || officer >= officers) continue;
    struct stint *stint = &stints[officer];
    if (stint->records++ == 0) stint->first = stint->last = day;
    if (day < stint->first) stint->first = day;
    if (day > stint->last) stint->last = day;
  }
  double *before = eh_alloc_zeroed(span->days + 1, sizeof *before), expected = 0;
  for (size_t i = 0; i < span->days; i++) before[i + 1] = before[i] + span->totals[i];
  int32_t from = series->first + (int32_t)f->first, to = series->first + (int32_t)f->last;
  for (size_t o = 0; o < officers; o++) {
    const struct stint *t = &stints[o];
    int32_t low = t->first > from ? t->first : from, high = t->last < to ? t->last : to;
    if (t->records == 0 || low > high) continue;
    double all = before[t->last - span->first + 1] - before[t->first - span->first];
    double part = before[high - span->first + 1] - before[low - span->first];
    if (all > 0) expected += t->records * part / all;
  }
  free(before);
  free(stints);
  if (f->observed <= 0 || f->observed >= MOST_OF_STAFF * expected) return f->observed > 0;
  /* Half the evidence will do: the pace is taken from their records, too few ones among them. */
  double score = f->observed * log(f->observed / expected) + expected - f->observed;
  return score / f->dispersion < least / 2;
}

static void doubt_shortfall(struct eh_assessment *a, const struct series *series,
                            const struct eh_shortfall *f) {
  const char *column = series->column, *unit = series->unit;
  struct eh_arena *arena = a->arena;
  int32_t from = series->first + (int32_t)f->first, to = series->first + (int32_t)f->last;
  bool is_gap = f->observed <= NO_RECORDS * f->expected;
  double lost = f->expected - f->observed;
  const char *who = unit ? eh_arena_printf(arena, "%s %s", column, unit) : "The records as a whole",
             *usual = eh_words_count(arena, (uint64_t)llround(f->expected));
  const char *when = from == to
                         ? eh_arena_printf(arena, "on %s", eh_assess_day(arena, from))
                         : eh_arena_printf(arena, "from %s to %s", eh_assess_day(arena, from),
                                           eh_assess_day(arena, to));
  const char *text;
  if (f->observed < 1)
    text = eh_arena_printf(arena, "%s: no record %s, where about %s would be usual.", who, when,
                           usual);
  else
    text = eh_arena_printf(arena, "%s: %s %s %s, where about %s would be usual (%s).", who,
                           eh_words_count(arena, (uint64_t)llround(f->observed)),
                           f->observed < 1.5 ? "record" : "records", when, usual,
                           eh_assess_percent(arena, f->observed / f->expected));
  eh_assess_doubt(a, &(struct eh_doubt){.kind = is_gap ? EH_DOUBT_GAP : EH_DOUBT_UNDER_RECORDED,
                                        .unit_column = column,
                                        .unit = unit,
                                        .has_days = true,
                                        .from = from,
                                        .to = to,
                                        .records = (uint64_t)llround(lost),
                                        .of = (uint64_t)llround(f->expected),
                                        .text = text});
}

/* The score that chance alone reaches in a series with that probability, over so many series: it
   may begin at any record (or day), at any of four rates. */
static double least_score(double records, double days, double places) {
  return log(4 * places * fmax(fmin(records, days), 1) / EH_VOLUME_CHANCE);
}

/* Every shortfall of a series, the largest first; those found are taken as usual for the next. */
static double find_shortfalls(struct eh_assessment *a, const struct eh_volume_span *span,
                              struct series *series, double places) {
  double lost = 0, total = 0;
  for (size_t i = 0; i < series->count; i++) total += series->observed[i];
  double least = least_score(total, (double)series->count, places);
  for (int k = 0; k < SHORTFALLS; k++) {
    struct eh_shortfall f =
        eh_shortfall_find(series->observed, series->expected, series->count, least, MOST_OF_USUAL);
    /* Officers come and go: what they lack then counts as their usual restlessness. */
    if (f.found && series->is_individual) f.found = f.score * f.dispersion / f.restless >= least;
    if (!f.found) break;
    bool is_holiday = !series->unit && f.last - f.first < FEWEST_DAYS_OF_ALL;
    if (!is_holiday && !explained_by_staff(a, span, series, &f, least)) {
      doubt_shortfall(a, series, &f);
      lost += f.expected - f.observed;
    }
    double ratio = f.observed / f.expected;
    for (size_t i = f.first; i <= f.last; i++) series->expected[i] *= ratio;
  }
  return lost;
}

/* Every unit is looked at between its first and its last record, on the days when another was at
   work. */
static void assess_unit(struct eh_assessment *a, const struct eh_volume_column *c,
                        struct series *series, uint32_t code) {
  const struct eh_survey *s = a->survey;
  const struct eh_survey_column *column = &s->columns[s->roles.units[c->u]];
  const struct eh_unit_days *d = &c->fit.units[code];
  size_t first = c->by.starts[code], end = c->by.starts[code + 1];
  if (!eh_volume_can_be_judged(&c->units[code])) return;
  series->count = d->end - d->first;
  series->first = c->span->first + (int32_t)d->first;
  memset(series->observed, 0, series->count * sizeof *series->observed);
  for (size_t i = first; i < end; i++) {
    size_t day = c->by.days[i];
    if (day >= d->first && day < d->end) series->observed[day - d->first]++;
  }
  for (size_t i = 0; i < series->count; i++) {
    series->expected[i] = eh_usual_of_day(&c->fit, code, d->first + i, series->observed[i]);
    if (series->expected[i] >= 0) continue;
    series->observed[i] = 0;
    series->expected[i] = 0;
  }
  series->column = column->name;
  series->unit = column->values[code].text;
  series->is_individual = s->roles.is_individual[c->u];
  series->rows = c->by.rows ? c->by.rows + first : NULL;
  series->row_count = end - first;
  double lost = find_shortfalls(a, c->span, series, c->places);
  if (!series->is_individual) a->lost += lost;
}

/* All records together, against the mean of each day of the week. */
static void assess_all(struct eh_assessment *a, const struct eh_volume_span *span,
                       struct series *series) {
  double sums[7] = {0}, counts[7] = {0};
  if (span->days < 10 * 7) return;
  for (size_t i = 0; i < span->days; i++) {
    sums[i % 7] += span->totals[i];
    counts[i % 7]++;
  }
  for (size_t i = 0; i < span->days; i++) {
    series->observed[i] = span->totals[i];
    series->expected[i] = sums[i % 7] / counts[i % 7];
  }
  series->count = span->days;
  series->first = span->first;
  series->column = series->unit = NULL;
  series->rows = NULL;
  find_shortfalls(a, span, series, 1);
}

static int ascending_count(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

/* Records of the median unit; 0: there are fewer than two. */
static uint64_t typical_unit(const struct eh_assessment *a, const struct eh_survey_column *column,
                             size_t *units) {
  uint64_t *records = eh_alloc(column->value_count + 1, sizeof *records), typical = 0;
  *units = 0;
  for (size_t i = a->survey->missing_count; i < column->value_count; i++)
    if (column->values[i].records >= EH_VOLUME_RECORDS)
      records[(*units)++] = column->values[i].records;
  if (*units) qsort(records, *units, sizeof *records, ascending_count);
  if (*units > 1) typical = records[*units / 2];
  free(records);
  return typical;
}

/* What the search would have found at the typical office. */
static void state_detectable(struct eh_assessment *a, const struct eh_volume_span *span, size_t u) {
  const struct eh_survey_column *column = &a->survey->columns[a->survey->roles.units[u]];
  size_t units;
  double typical = (double)typical_unit(a, column, &units), days = (double)span->days;
  if (typical <= 0 || span->days < EH_VOLUME_DAYS) return;
  struct eh_detectable *d = eh_arena_alloc(a->arena, 1, sizeof *d);
  double least = least_score(typical, days, (double)units);
  d->unit_column = column->name;
  d->records = eh_shortfall_detectable(least, HALF);
  d->typical_per_month = typical * DAYS_OF_MONTH / days;
  double months = ceil(d->records / d->typical_per_month);
  const char *takes = months < 2 ? "a month" : eh_arena_printf(a->arena, "%.0f months", months);
  if (2 * months * DAYS_OF_MONTH > days) /* most days of an office must be usual */
    takes = "longer than these records can tell";
  d->text = eh_arena_printf(
      a->arena,
      "How far this reaches: a value of %s that records half of its decisions for a time is found, "
      "four times in five, where about %.0f records would be usual in that time. The typical one "
      "has %.*f a month, so that takes %s.",
      column->name, d->records, d->typical_per_month < 10 ? 1 : 0, d->typical_per_month, takes);
  a->result->detectable = d;
}

void eh_assess_volume(struct eh_assessment *a) {
  const struct eh_survey *s = a->survey;
  if (s->roles.date_column < 0 || s->roles.date_count == 0) return;
  struct eh_volume_span span = eh_volume_find_span(s);
  if (span.days == 0) return;
  struct series series = {.observed = eh_alloc(span.days, sizeof(uint32_t)),
                          .expected = eh_alloc(span.days, sizeof(double))};
  assess_all(a, &span, &series);
  for (size_t u = 0; u < s->roles.unit_count; u++) {
    struct eh_volume_column c = eh_volume_measure(s, &span, u);
    if (!s->roles.is_individual[u] && !a->result->detectable) state_detectable(a, &span, u);
    for (size_t code = s->missing_count; code < c.fit.unit_count && c.places > 1; code++)
      assess_unit(a, &c, &series, (uint32_t)code);
    eh_assess_turnover(a, &c, EH_DOUBT_BEGAN);
    eh_assess_turnover(a, &c, EH_DOUBT_ENDED);
    eh_volume_free(&c);
  }
  free(series.observed);
  free(series.expected);
  free(span.totals);
}
