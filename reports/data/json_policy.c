/* What policies did, in the findings file. */
#include "engine/audit/progress/policy.h"
#include "engine/base/date.h"
#include "reports/data/json_figures.h"
#include "reports/data/json_policy.h"

static void set_change(json_t *object, const struct eh_change *change) {
  eh_json_set_count(object, "before_records", change->before_records);
  eh_json_set_count(object, "after_records", change->after_records);
  eh_json_set_count(object, "comparable", change->comparable);
  eh_json_set_figure(object, "before", change->before);
  eh_json_set_figure(object, "after", change->after);
  eh_json_set_figure(object, "crude", change->crude);
  eh_json_set(object, "decided_differently", eh_json_interval(&change->differently));
  eh_json_set_figure(object, "other_cases", change->other_cases);
  eh_json_set_figure(object, "without_counterpart", change->without_counterpart);
}

static json_t *spread_object(const struct eh_spread_change *spread) {
  json_t *object = eh_json_object();
  eh_json_set(object, "before", eh_json_interval(&spread->before));
  eh_json_set(object, "after", eh_json_interval(&spread->after));
  eh_json_set(object, "change", eh_json_interval(&spread->change));
  eh_json_set_figure(object, "r", spread->correlation);
  eh_json_set_count(object, "units", spread->units);
  return object;
}

static json_t *trend_object(const struct eh_trend *trend) {
  json_t *object = eh_json_object();
  eh_json_set_figure(object, "slope", trend->slope);
  eh_json_set_figure(object, "se", trend->slope_error);
  eh_json_set_number(object, "p", trend->test.p, trend->test.why_not);
  return object;
}

static json_t *unit_object(const struct eh_policy_unit *unit) {
  json_t *object = eh_json_object();
  eh_json_set_text(object, "unit", unit->unit);
  set_change(object, &unit->change);
  eh_json_set_figure(object, "p", unit->p);
  eh_json_set_figure(object, "q", unit->q);
  eh_json_set(object, "moved", json_boolean(unit->moved));
  return object;
}

json_t *eh_json_policy_change(const struct eh_rules *rules,
                              const struct eh_policy_change *change) {
  json_t *object = eh_json_object(), *units = eh_json_array();
  char day[11];
  eh_date_format(change->on, day);
  eh_json_set_text(object, "from", change->before);
  eh_json_set_text(object, "to", change->after);
  eh_json_set_text(object, "on", day);
  eh_json_set_text(object, "measure", change->measure->name);
  if (change->each >= 0)
    eh_json_set_text(object, "each", rules->columns[change->each].name);
  else
    eh_json_set_null(object, "each", "not repeated for each value of a column");
  set_change(object, &change->change);
  eh_json_set_count(object, "units_up", change->up);
  eh_json_set_count(object, "units_down", change->down);
  eh_json_set_count(object, "moved_units", change->moved);
  eh_json_set(object, "trend", trend_object(&change->trend));
  eh_json_set(object, "spread_change", spread_object(&change->spread));
  eh_json_set_text(object, "statement", change->statement);
  for (size_t i = 0; i < change->unit_count; i++)
    eh_json_append(units, unit_object(&change->units[i]));
  eh_json_set(object, "units", units);
  return object;
}
