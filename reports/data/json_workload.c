#include "reports/data/json_workload.h"

#include "reports/data/json_figures.h"

static struct eh_figure times(struct eh_figure figure, double cost) {
  if (!figure.why_not) figure.value *= cost;
  return figure;
}

static json_t *change_object(const struct eh_workload_change *change,
                             const struct eh_workload *workload) {
  json_t *object = eh_json_object();
  struct eh_interval cost = {times(change->change.estimate, workload->unit_cost),
                             times(change->change.low, workload->unit_cost),
                             times(change->change.high, workload->unit_cost)};
  if (change->unit) eh_json_set_text(object, "unit", change->unit);
  eh_json_set_count(object, "units", change->units);
  eh_json_set_count(object, "records", change->records);
  eh_json_set_count(object, "comparable", change->comparable);
  eh_json_set_figure(object, "had", change->had);
  eh_json_set_figure(object, "expected", change->expected);
  eh_json_set(object, "change", eh_json_interval(&change->change));
  eh_json_set(object, "cost", eh_json_interval(&cost));
  return object;
}

static json_t *quarters_array(const struct eh_workload_result *r) {
  json_t *array = eh_json_array();
  for (size_t i = 0; i < r->quarter_count; i++) {
    const struct eh_workload_quarter *q = &r->quarters[i];
    json_t *object = eh_json_object();
    eh_json_set_text(object, "quarter", q->label);
    eh_json_set_count(object, "records", q->records);
    eh_json_set_count(object, "events", q->events);
    eh_json_append(array, object);
  }
  return array;
}

json_t *eh_json_workload(const struct eh_rules *rules, const struct eh_workload_result *r) {
  const struct eh_workload *w = r->workload;
  json_t *object = eh_json_object(), *units = eh_json_array();
  eh_json_set_text(object, "name", w->name);
  eh_json_set_text(object, "measure", rules->measures[w->measure].name);
  eh_json_set_text(object, "across", rules->columns[rules->comparisons[w->comparison].across].name);
  eh_json_set_text(object, "as", w->as ? w->as : "unflagged");
  eh_json_set_number(object, "unit_cost", w->unit_cost, NULL);
  eh_json_set_text(object, "cost_unit", w->cost_unit);
  if (r->why_not) {
    eh_json_set_null(object, "all", r->why_not);
  } else {
    eh_json_set(object, "all", change_object(&r->all, w));
    eh_json_set(object, "above", change_object(&r->above, w));
    eh_json_set(object, "below", change_object(&r->below, w));
  }
  eh_json_set_figure(object, "change_shrunken", r->drawn_in);
  eh_json_set_count(object, "unclear", r->unclear);
  if (r->no_quarters)
    eh_json_set_null(object, "present", r->no_quarters);
  else
    eh_json_set(object, "present", quarters_array(r));
  for (size_t i = 0; i < r->unit_count && !r->why_not; i++)
    eh_json_append(units, change_object(&r->units[i], w));
  eh_json_set(object, "by_unit", units);
  eh_json_set_text(object, "statement", r->statement);
  return object;
}
