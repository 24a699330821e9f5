/* Counting the records over time, of all and of each unit of a column. */
#include <stdlib.h>
#include <string.h>

#include "engine/audit/reliability/volume.h"

enum { MOST_DAYS = 365 * 60 };

/* The first and the last recorded day; false: there is none. */
static bool find_ends(const struct eh_survey *s, int32_t *low, int32_t *high) {
  bool any = false;
  for (size_t i = 0; i < s->rows; i++) {
    int32_t day = eh_survey_day(s, 0, i);
    if (day == EH_SURVEY_NO_DAY) continue;
    *low = any && *low < day ? *low : day;
    *high = any && *high > day ? *high : day;
    any = true;
  }
  return any;
}

/* The day of the record that comes after so many, in their order. */
static int32_t day_after(const uint32_t *records, int32_t first, uint64_t count) {
  size_t i = 0;
  while (count >= records[i]) count -= records[i++];
  return first + (int32_t)i;
}

/* From the first to the last day, but for one record in a thousand at each end that lies over a
   year away from the rest. */
struct eh_volume_span eh_volume_find_span(const struct eh_survey *s) {
  struct eh_volume_span span = {0};
  int32_t low = 0, high = 0;
  uint64_t dated = 0;
  if (!find_ends(s, &low, &high)) return span;
  uint32_t *records = eh_alloc_zeroed((size_t)(high - low) + 1, sizeof *records);
  for (size_t i = 0; i < s->rows; i++) {
    int32_t day = eh_survey_day(s, 0, i);
    if (day == EH_SURVEY_NO_DAY) continue;
    records[day - low]++;
    dated++;
  }
  if (dated >= EH_VOLUME_RECORDS) {
    uint64_t trim = dated / 1000;
    int32_t early = day_after(records, low, trim), late = day_after(records, low, dated - 1 - trim);
    span.first = low < early - 365 ? early : low;
    span.days = (size_t)((high > late + 365 ? late : high) - span.first) + 1;
    if (span.days > MOST_DAYS) span.days = 0;
  }
  if (span.days) {
    span.totals = eh_alloc(span.days, sizeof *span.totals);
    memcpy(span.totals, records + (span.first - low), span.days * sizeof *span.totals);
  }
  free(records);
  return span;
}

static struct eh_volume_rows sort_by_unit(const struct eh_survey *s, size_t u,
                                          const struct eh_volume_span *span, size_t units) {
  struct eh_volume_rows b = {eh_alloc_zeroed(units + 2, sizeof(size_t)),
                             eh_alloc(s->rows + 1, sizeof(uint32_t)), NULL};
  if (!s->roles.is_individual[u]) b.rows = eh_alloc(s->rows + 1, sizeof(uint32_t));
  for (int pass = 0; pass < 2; pass++) {
    for (size_t i = 0; i < s->rows; i++) {
      int32_t day = eh_survey_day(s, 0, i);
      int64_t at = (int64_t)day - span->first;
      uint32_t unit = eh_survey_unit(s, u, i);
      if (day == EH_SURVEY_NO_DAY || at < 0 || (size_t)at >= span->days) continue;
      if (unit >= units) continue;
      if (pass == 0) {
        b.starts[unit + 2]++;
        continue;
      }
      size_t place = b.starts[unit + 1]++;
      b.days[place] = (uint32_t)at;
      if (b.rows) b.rows[place] = (uint32_t)i;
    }
    for (size_t k = 2; pass == 0 && k < units + 2; k++) b.starts[k] += b.starts[k - 1];
  }
  return b;
}

static struct eh_volume_unit span_of_unit(const struct eh_volume_column *c, size_t code) {
  size_t first = c->by.starts[code], end = c->by.starts[code + 1];
  struct eh_volume_unit unit = {.records = end - first};
  for (size_t i = first; i < end; i++) {
    size_t day = c->by.days[i];
    if (i == first || day < unit.first) unit.first = day;
    if (day > unit.last) unit.last = day;
  }
  return unit;
}

static void fit_column(const struct eh_survey *s, struct eh_volume_column *c, size_t units) {
  struct eh_unit_days *days = eh_alloc_zeroed(units + 1, sizeof *days);
  double *totals = eh_alloc_zeroed(c->span->days + 1, sizeof *totals);
  for (size_t code = s->missing_count; code < units; code++) {
    const struct eh_volume_unit *unit = &c->units[code];
    if (unit->last < unit->first + 2) continue;
    days[code] = (struct eh_unit_days){.first = unit->first + 1, .end = unit->last};
    for (size_t i = c->by.starts[code]; i < c->by.starts[code + 1]; i++) {
      size_t day = c->by.days[i];
      if (day == unit->first || day == unit->last) continue;
      days[code].records++;
      totals[day]++;
    }
  }
  c->fit = eh_usual_volume_fit(totals, c->span->days, days, units);
}

struct eh_volume_column eh_volume_measure(const struct eh_survey *s,
                                          const struct eh_volume_span *span, size_t u) {
  size_t units = s->columns[s->roles.units[u]].value_count;
  struct eh_volume_column c = {.span = span, .u = u, .by = sort_by_unit(s, u, span, units)};
  c.units = eh_alloc_zeroed(units + 1, sizeof *c.units);
  for (size_t code = s->missing_count; code < units; code++) {
    c.units[code] = span_of_unit(&c, code);
    c.places += c.units[code].records > 0;
  }
  fit_column(s, &c, units);
  return c;
}

void eh_volume_free(struct eh_volume_column *c) {
  free(c->by.starts);
  free(c->by.days);
  free(c->by.rows);
  free(c->units);
  free(c->fit.totals);
  free(c->fit.units);
  eh_usual_volume_free(&c->fit);
}

bool eh_volume_can_be_judged(const struct eh_volume_unit *unit) {
  return unit->records >= EH_VOLUME_RECORDS && unit->last - unit->first + 1 >= EH_VOLUME_DAYS;
}
