#include "engine/audit/reliability/usual_volume.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/memory.h"

enum {
  SWEEPS = 30
}; /* the rates then stand still to five digits, in worlds of thousands of units */

/* The sum of the rates of those at work, day by day: what joins and leaves is added up. */
static void sum_rates(struct eh_usual_volume *fit) {
  double *change = eh_alloc_zeroed(fit->days + 1, sizeof *change), sum = 0;
  for (size_t u = 0; u < fit->unit_count; u++) {
    change[fit->units[u].first] += fit->units[u].rate;
    change[fit->units[u].end] -= fit->units[u].rate;
  }
  for (size_t t = 0; t < fit->days; t++) {
    sum += change[t];
    fit->rates[t] = fit->at_work[t] ? sum : 0;
  }
  free(change);
}

static double volume_of(const struct eh_usual_volume *fit, size_t day) {
  return fit->at_work[day] && fit->rates[day] > 0 ? fit->totals[day] / fit->rates[day] : 0;
}

static void sweep(struct eh_usual_volume *fit, double *before) {
  sum_rates(fit);
  before[0] = 0;
  for (size_t t = 0; t < fit->days; t++) before[t + 1] = before[t] + volume_of(fit, t);
  for (size_t u = 0; u < fit->unit_count; u++) {
    struct eh_unit_days *unit = &fit->units[u];
    double volume = before[unit->end] - before[unit->first];
    if (volume > 0) unit->rate = unit->records / volume;
  }
}

struct eh_usual_volume eh_usual_volume_fit(double *totals, size_t days, struct eh_unit_days *units,
                                           size_t unit_count) {
  struct eh_usual_volume fit = {.days = days,
                                .unit_count = unit_count,
                                .totals = totals,
                                .units = units,
                                .at_work = eh_alloc_zeroed(days + 1, sizeof(uint32_t)),
                                .rates = eh_alloc_zeroed(days + 1, sizeof(double))};
  double *before = eh_alloc(days + 1, sizeof *before);
  for (size_t u = 0; u < unit_count; u++) {
    struct eh_unit_days *unit = &units[u];
    unit->rate = unit->end > unit->first ? unit->records / (double)(unit->end - unit->first) : 0;
    for (size_t t = unit->first; t < unit->end; t++) fit.at_work[t]++;
  }
  for (int i = 0; i < SWEEPS; i++) sweep(&fit, before);
  sum_rates(&fit);
  free(before);
  return fit;
}

void eh_usual_volume_free(struct eh_usual_volume *fit) {
  free(fit->at_work);
  free(fit->rates);
}

double eh_usual_of_day(const struct eh_usual_volume *fit, size_t unit, size_t day, double own) {
  double rate = fit->units[unit].rate, others = fit->rates[day] - rate;
  if (fit->at_work[day] < 2 || others <= 0) return -1;
  return rate * (fit->totals[day] - own) / others;
}

double eh_usual_of_days(const struct eh_usual_volume *fit, size_t unit, size_t first, size_t end) {
  double volume = 0;
  for (size_t t = first; t < end; t++) volume += volume_of(fit, t);
  return fit->units[unit].rate * volume;
}
