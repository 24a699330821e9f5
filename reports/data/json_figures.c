#include "reports/data/json_figures.h"

#include "engine/audit/kinds/kinds.h"

json_t *eh_json_interval(const struct eh_interval *i) {
  json_t *object = eh_json_object();
  eh_json_set_figure(object, "estimate", i->estimate);
  eh_json_set_figure(object, "low", i->low);
  eh_json_set_figure(object, "high", i->high);
  return object;
}

json_t *eh_json_test(const struct eh_test *t, bool with_df) {
  json_t *object = eh_json_object();
  eh_json_set_number(object, "statistic", t->statistic, t->why_not);
  if (with_df && t->why_not) {
    eh_json_set_null(object, "df", t->why_not);
  } else if (with_df) {
    eh_json_set_count(object, "df", (uint64_t)t->df);
  }
  eh_json_set_number(object, "p", t->p, t->why_not);
  eh_json_set_number(object, "log10_p", t->log10_p, t->why_not);
  return object;
}

static json_t *category_outcomes(const struct eh_result *r) {
  json_t *array = eh_json_array();
  for (size_t i = 0; i < r->category.count; i++) {
    const struct eh_category_result *c = &r->category.items[i];
    json_t *object = eh_json_object();
    eh_json_set_text(object, "outcome", c->label);
    eh_json_set_count(object, "records", c->records);
    eh_json_set_figure(object, "rate", c->rate);
    eh_json_set_figure(object, "expected_rate", c->expected_rate);
    eh_json_set(object, "difference", eh_json_interval(&c->difference));
    eh_json_set_text(object, "difference_method", c->few ? "score" : "sato-type");
    eh_json_append(array, object);
  }
  return array;
}

json_t *eh_json_category(const struct eh_measure *measure, const struct eh_result *r) {
  if (!eh_kind_has(measure->kind, EH_PART_CATEGORY)) return NULL;
  json_t *object = eh_json_object();
  if (r->share.difference.estimate.why_not)
    eh_json_set_null(object, "differs_most", r->share.difference.estimate.why_not);
  else
    eh_json_set_text(object, "differs_most", r->category.items[r->category.largest].label);
  eh_json_set_figure(object, "versus_typical", r->among.typical_difference);
  eh_json_set(object, "test", eh_json_test(&r->test, true));
  eh_json_set_count(object, "taken_together", r->category.pooled);
  eh_json_set(object, "outcomes", category_outcomes(r));
  return object;
}

json_t *eh_json_value(const struct eh_measure *measure, const struct eh_result *r) {
  if (!eh_kind_has(measure->kind, EH_PART_VALUE)) return NULL;
  json_t *object = eh_json_object();
  if (*measure->unit)
    eh_json_set_text(object, "unit", measure->unit);
  else
    eh_json_set_null(object, "unit", "the rules name none");
  eh_json_set_figure(object, "mean", r->value.mean);
  eh_json_set_figure(object, "expected_mean", r->value.expected_mean);
  eh_json_set(object, "difference", eh_json_interval(&r->value.difference));
  eh_json_set(object, "difference_approximate", json_boolean(r->value.difference_approximate));
  eh_json_set_figure(object, "effective_values", r->value.effective);
  if (r->value.p_method)
    eh_json_set_text(object, "p_method", r->value.p_method);
  else
    eh_json_set_null(object, "p_method", "no p");
  eh_json_set(object, "p_approximate", json_boolean(r->value.p_approximate));
  eh_json_set(object, "shift", eh_json_interval(&r->value.shift));
  eh_json_set_figure(object, "superiority", r->value.superiority);
  eh_json_set_figure(object, "crude_difference", r->value.crude_difference);
  eh_json_set_figure(object, "versus_typical", r->among.typical_difference);
  eh_json_set(object, "test", eh_json_test(&r->test, true));
  return object;
}
