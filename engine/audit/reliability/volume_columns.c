/* Counting the records over time, of all and of each unit of a column. */
#include <stdlib.h>

#include "engine/audit/reliability/volume.h"

enum { MOST_DAYS = 365 * 60 };

static int ascending(const void *a, const void *b) {
  int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
  return (x > y) - (x < y);
}

/* From the first to the last day, but for one record in a thousand at each end that lies over a
   year away from the rest. */
struct eh_volume_span eh_volume_find_span(const struct eh_survey *s) {
  struct eh_volume_span span = {0};
  int32_t *days = eh_alloc(s->rows + 1, sizeof *days);
  size_t n = 0;
  for (size_t i = 0; i < s->rows; i++)
    if (s->days[0][i] != EH_SURVEY_NO_DAY) days[n++] = s->days[0][i];
  if (n >= EH_VOLUME_RECORDS) {
    qsort(days, n, sizeof *days, ascending);
    size_t trim = n / 1000;
    int32_t low = days[0] < days[trim] - 365 ? days[trim] : days[0];
    int32_t high = days[n - 1] > days[n - 1 - trim] + 365 ? days[n - 1 - trim] : days[n - 1];
    span.first = low;
    span.days = (size_t)(high - low) + 1;
    if (span.days > MOST_DAYS) span.days = 0;
  }
  free(days);
  if (span.days == 0) return span;
  span.totals = eh_alloc_zeroed(span.days, sizeof *span.totals);
  for (size_t i = 0; i < s->rows; i++) {
    int64_t at = (int64_t)s->days[0][i] - span.first;
    if (s->days[0][i] != EH_SURVEY_NO_DAY && at >= 0 && (size_t)at < span.days) span.totals[at]++;
  }
  return span;
}

static struct eh_volume_rows sort_by_unit(const struct eh_survey *s, size_t u,
                                          const struct eh_volume_span *span, size_t units) {
  struct eh_volume_rows b = {eh_alloc_zeroed(units + 2, sizeof(size_t)),
                             eh_alloc(s->rows + 1, sizeof(uint32_t))};
  for (int pass = 0; pass < 2; pass++) {
    for (size_t i = 0; i < s->rows; i++) {
      int64_t at = (int64_t)s->days[0][i] - span->first;
      uint32_t unit = s->unit_codes[u][i];
      if (s->days[0][i] == EH_SURVEY_NO_DAY || at < 0 || (size_t)at >= span->days) continue;
      if (unit >= units) continue;
      if (pass == 0)
        b.starts[unit + 2]++;
      else
        b.rows[b.starts[unit + 1]++] = (uint32_t)i;
    }
    for (size_t k = 2; pass == 0 && k < units + 2; k++) b.starts[k] += b.starts[k - 1];
  }
  return b;
}

size_t eh_volume_day(const struct eh_survey *s, const struct eh_volume_span *span, uint32_t row) {
  return (size_t)(s->days[0][row] - span->first);
}

static struct eh_volume_unit span_of_unit(const struct eh_survey *s,
                                          const struct eh_volume_column *c, size_t code) {
  size_t first = c->by.starts[code], end = c->by.starts[code + 1];
  struct eh_volume_unit unit = {.records = end - first};
  for (size_t i = first; i < end; i++) {
    size_t day = eh_volume_day(s, c->span, c->by.rows[i]);
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
      size_t day = eh_volume_day(s, c->span, c->by.rows[i]);
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
    c.units[code] = span_of_unit(s, &c, code);
    c.places += c.units[code].records > 0;
  }
  fit_column(s, &c, units);
  return c;
}

void eh_volume_free(struct eh_volume_column *c) {
  free(c->by.starts);
  free(c->by.rows);
  free(c->units);
  free(c->fit.totals);
  free(c->fit.units);
  eh_usual_volume_free(&c->fit);
}

bool eh_volume_can_be_judged(const struct eh_volume_unit *unit) {
  return unit->records >= EH_VOLUME_RECORDS && unit->last - unit->first + 1 >= EH_VOLUME_DAYS;
}
