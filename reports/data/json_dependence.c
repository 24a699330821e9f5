#include "reports/data/json_dependence.h"

#include <math.h>

#include "reports/words/dependence.h"

static json_t *clustering_object(const struct eh_clustered *c) {
  json_t *object = eh_json_object();
  const struct eh_dependence *d = &c->dependence;
  eh_json_set_text(object, "within", c->within);
  eh_json_set_text(object, "source", c->named ? "named" : "screen");
  eh_json_set(object, "decides", json_boolean(eh_clustering_decides(c)));
  eh_json_set(object, "sampled", json_boolean(c->sampled));
  eh_json_set_count(object, "clusters", d->clusters);
  eh_json_set_count(object, "with_pairs", d->with_pairs);
  eh_json_set_figure(object, "theta", d->theta);
  eh_json_set_number(object, "sd", sqrt(d->theta.value), d->theta.why_not);
  eh_json_set_number(object, "standard_error", d->error, d->theta.why_not);
  eh_json_set_number(object, "z", d->z, d->theta.why_not);
  return object;
}

EH_JSON_SETTER(eh_json_set_clusterings) {
  const struct eh_comparison_result *c = subject->comparison;
  const char *why_not = eh_dependence_why_not(c);
  if (why_not) {
    eh_json_set_null(object, member->name, why_not);
    return;
  }
  json_t *list = json_array();
  for (size_t i = 0; i < c->cells->clustering_count; i++)
    json_array_append_new(list, clustering_object(&c->cells->clusterings[i]));
  eh_json_set(object, member->name, list);
}

static json_t *independent_object(const struct eh_dependence_part *d) {
  json_t *object = eh_json_object();
  eh_json_set_figure(object, "p", d->p);
  eh_json_set_figure(object, "log10_p", d->log10_p);
  eh_json_set_figure(object, "q", d->q);
  eh_json_set_figure(object, "low", d->low);
  eh_json_set_figure(object, "high", d->high);
  return object;
}

EH_JSON_SETTER(eh_json_set_dependence) {
  const struct eh_comparison_result *c = subject->comparison;
  const struct eh_result *r = subject->result;
  const struct eh_dependence_part *d = &r->dependence;
  const char *why_not = eh_dependence_why_not(c);
  if (why_not || !d->clustering) {
    eh_json_set_null(object, member->name, why_not ? why_not : "no dependence that counts for it");
    return;
  }
  json_t *part = eh_json_object();
  bool own = d->unit->theta > d->clustering->dependence.theta.value;
  eh_json_set_text(part, "within", d->clustering->within);
  eh_json_set_count(part, "kinds", d->kinds);
  eh_json_set_count(part, "clusters", d->unit->clusters);
  eh_json_set_number(part, "effective_clusters", d->unit->effective, NULL);
  eh_json_set_number(part, "design_effect", d->test.delta, NULL);
  eh_json_set_number(part, "design_effect_difference", d->difference.delta, NULL);
  eh_json_set_number(part, "df", d->test.df, isinf(d->test.df) ? "infinite" : NULL);
  eh_json_set_number(part, "theta", d->unit->theta, NULL);
  eh_json_set_text(part, "theta_from", own ? "unit" : "comparison");
  eh_json_set(part, "independent", independent_object(d));
  eh_json_set(object, member->name, part);
}
