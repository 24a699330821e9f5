/* The workload in words. */
#include <math.h>

#include "engine/audit/workload/workload.h"
#include "engine/base/words.h"
#include "rules/language/question.h"

/* Whole decisions; of a sum of values, to three digits at least. */
static const char *amount(struct eh_arena *arena, double value) {
  double size = fabs(value);
  if (size >= 100.0 || size == floor(size))
    return eh_words_count(arena, (uint64_t)llround(size < 1e18 ? size : 1e18));
  return eh_arena_printf(arena, "%.3g", size);
}

static const char *more_or_fewer(struct eh_arena *arena, double change) {
  return eh_arena_printf(arena, "%s %s", amount(arena, change), change < 0.0 ? "fewer" : "more");
}

/* "2,206 fewer (1,976 to 2,432)"; where the interval holds 0: "120 fewer (from 300 fewer to 60
   more)". */
static const char *change_words(struct eh_arena *arena, const struct eh_interval *c) {
  const char *head = more_or_fewer(arena, c->estimate.value);
  if (c->low.why_not || c->high.why_not) return head;
  double low = c->low.value, high = c->high.value;
  if (low < 0.0 && high > 0.0)
    return eh_arena_printf(arena, "%s (from %s to %s)", head, more_or_fewer(arena, low),
                           more_or_fewer(arena, high));
  return eh_arena_printf(arena, "%s (%s to %s)", head, amount(arena, low < 0.0 ? high : low),
                         amount(arena, low < 0.0 ? low : high));
}

static const char *cost_words(struct eh_arena *arena, const struct eh_workload *w,
                              const struct eh_interval *c) {
  double cost = w->unit_cost;
  struct eh_interval costs = {
      .estimate = eh_figure(cost * c->estimate.value), .low = c->low, .high = c->high};
  costs.low.value *= cost;
  costs.high.value *= cost;
  return eh_arena_printf(arena, "at %.6g %s each, %s %s", cost, w->cost_unit,
                         change_words(arena, &costs), w->cost_unit);
}

static const char *sides_words(struct eh_arena *arena, const struct eh_workload_result *r) {
  if (!r->above.units || !r->below.units) return "";
  return eh_arena_printf(
      arena, " Of these, %s at %s above and %s at %s below.", change_words(arena, &r->above.change),
      eh_words_of(arena, r->above.units, "unit", "units"), change_words(arena, &r->below.change),
      eh_words_of(arena, r->below.units, "unit", "units"));
}

static const char *unclear_words(struct eh_arena *arena, const struct eh_workload_result *r) {
  if (!r->unclear) return "";
  return eh_arena_printf(
      arena,
      " Among the others %s found too, of which nobody can say whether the difference is theirs.",
      r->unclear == 1 ? "is 1 unit that was"
                      : eh_arena_printf(arena, "are %zu units that were", r->unclear));
}

const char *eh_workload_say(struct eh_arena *arena, const struct eh_audit *audit,
                            const struct eh_workload_result *r) {
  const struct eh_workload *w = r->workload;
  const struct eh_measure *measure = &audit->rules->measures[w->measure];
  if (r->why_not) return eh_arena_printf(arena, "%s: nothing to reckon: %s.", w->name, r->why_not);
  const char *who =
      r->all.units == 1 ? "the unit" : eh_arena_printf(arena, "the %zu units", r->all.units);
  const char *if_so =
      w->as ? eh_arena_printf(arena, "%s other than %s decided like cases as it does", who, w->as)
            : eh_arena_printf(arena,
                              "%s found to differ decided like cases as the "
                              "others do",
                              who);
  const char *unit =
      eh_is_amount(measure) && *measure->unit ? eh_arena_printf(arena, " %s", measure->unit) : "";
  return eh_arena_printf(
      arena,
      "%s: if %s, there would be %s%s of \"%s\" over these records; %s. %s of their %s have a "
      "counterpart.%s%s",
      w->name, if_so, change_words(arena, &r->all.change), unit, measure->name,
      cost_words(arena, w, &r->all.change), eh_words_count(arena, r->all.comparable),
      eh_words_of(arena, r->all.records, "record", "records"), sides_words(arena, r),
      unclear_words(arena, r));
}
