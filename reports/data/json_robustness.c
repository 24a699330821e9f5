#include "reports/data/json_robustness.h"

#include "engine/audit/definitions/definitions.h"
#include "reports/data/json_figures.h"

static const char *kind_of(const struct eh_definition *definition) {
  return definition->is_part ? "part" : "definition";
}

EH_JSON_SETTER(eh_json_set_definitions) {
  const struct eh_comparison_result *c = subject->comparison;
  if (c->no_definitions) {
    eh_json_set_null(object, member->name, c->no_definitions);
    return;
  }
  json_t *list = eh_json_array();
  for (size_t i = 0; i < c->definition_count; i++) {
    json_t *definition = eh_json_object();
    eh_json_set_text(definition, "name", c->definitions[i].name);
    eh_json_set_text(definition, "kind", kind_of(&c->definitions[i]));
    eh_json_append(list, definition);
  }
  eh_json_set(object, member->name, list);
}

static void set_counts(json_t *object, const size_t counts[EH_OUTCOMES]) {
  uint64_t testable = 0;
  for (size_t o = EH_OUTCOME_UNTESTABLE + 1; o < EH_OUTCOMES; o++) testable += counts[o];
  eh_json_set_count(object, "testable", testable);
  eh_json_set_count(object, "stands", counts[EH_OUTCOME_STANDS]);
  eh_json_set_count(object, "smaller", counts[EH_OUTCOME_SMALLER]);
  eh_json_set_count(object, "too_few", counts[EH_OUTCOME_TOO_FEW]);
  eh_json_set_count(object, "vanishes", counts[EH_OUTCOME_VANISHES]);
  eh_json_set_count(object, "reversed", counts[EH_OUTCOME_REVERSED]);
  eh_json_set_count(object, "untestable", counts[EH_OUTCOME_UNTESTABLE]);
}

static json_t *retest_object(const struct eh_definition *definition,
                             const struct eh_retest *retest) {
  json_t *object = eh_json_object();
  eh_json_set_text(object, "name", definition->name);
  eh_json_set_text(object, "kind", kind_of(definition));
  eh_json_set_text(object, "outcome", eh_outcome_name(retest->outcome));
  eh_json_set_count(object, "comparable", retest->comparable);
  eh_json_set_figure(object, "difference", retest->difference.estimate);
  eh_json_set_figure(object, "low", retest->difference.low);
  eh_json_set_figure(object, "high", retest->difference.high);
  eh_json_set_figure(object, "p", retest->p);
  return object;
}

EH_JSON_SETTER(eh_json_set_robustness) {
  const struct eh_comparison_result *c = subject->comparison;
  const struct eh_robustness_part *part = &subject->result->robustness;
  if (!part->retests) {
    const char *why_not = c->no_definitions ? c->no_definitions : "not tried";
    eh_json_set_null(object, member->name, subject->result->flagged ? why_not : "not flagged");
    return;
  }
  json_t *robustness = eh_json_object(), *parts = eh_json_object(), *each = eh_json_array();
  set_counts(robustness, part->definitions);
  eh_json_set_figure(robustness, "low", part->low);
  eh_json_set_figure(robustness, "high", part->high);
  eh_json_set_figure(robustness, "p_every", part->p_every);
  eh_json_set_figure(robustness, "q_every", part->q_every);
  set_counts(parts, part->parts);
  eh_json_set(robustness, "parts", parts);
  for (size_t i = 0; i < c->definition_count; i++)
    if (part->retests[i].outcome != EH_OUTCOME_NOT_TRIED)
      eh_json_append(each, retest_object(&c->definitions[i], &part->retests[i]));
  eh_json_set(robustness, "each", each);
  eh_json_set_text(robustness, "in_words", part->statement);
  eh_json_set(object, member->name, robustness);
}

EH_JSON_SETTER(eh_json_set_explained) {
  const struct eh_explanations *explained = &subject->result->explained;
  json_t *list = eh_json_array();
  for (size_t i = 0; i < explained->count; i++) {
    const struct eh_explained *e = &explained->items[i];
    json_t *item = eh_json_object();
    eh_json_set_text(item, "column", e->column);
    eh_json_set_number(item, "kept", e->kept, NULL);
    eh_json_set_number(item, "same", e->same, NULL);
    eh_json_set_number(item, "fine", e->fine, NULL);
    eh_json_set_number(item, "explained", e->explained, NULL);
    eh_json_set_number(item, "goes_with_q", e->p, NULL);
    eh_json_set(item, "explains", json_boolean(!e->refused));
    if (e->refused) eh_json_set_text(item, "refused_because", e->refused);
    eh_json_append(list, item);
  }
  eh_json_set(object, member->name, list);
}

EH_JSON_SETTER(eh_json_set_time) {
  static const char *const outcomes[] = {
      [EH_TIME_NOTHING] = "stands",
      [EH_TIME_EXPLAINS] = "goes with time",
      [EH_TIME_TOO_FEW] = "too few to tell",
      [EH_TIME_FEW_PEERS] = "few peers of its time",
  };
  const struct eh_time_part *time = &subject->result->time;
  if (!time->period) {
    eh_json_set_null(object, member->name,
                     subject->result->flagged ? "not looked at" : "not flagged");
    return;
  }
  json_t *part = eh_json_object();
  eh_json_set_text(part, "period", time->period);
  eh_json_set_number(part, "kept", time->kept, NULL);
  eh_json_set_figure(part, "difference", time->difference);
  eh_json_set_figure(part, "same", time->same);
  eh_json_set_figure(part, "p", time->p);
  eh_json_set_text(part, "outcome", outcomes[time->outcome]);
  eh_json_set(object, member->name, part);
}

EH_JSON_SETTER(eh_json_set_selection) {
  const struct eh_selection_part *s = &subject->result->selection;
  if (!s->is_looked_at) {
    eh_json_set_null(object, member->name,
                     subject->result->flagged ? "not looked at" : "not flagged");
    return;
  }
  json_t *part = eh_json_object(), *all = eh_json_object();
  eh_json_set_figure(part, "difference", s->difference);
  eh_json_set_figure(part, "rate", s->rate);
  eh_json_set_figure(part, "expected_rate", s->expected_rate);
  eh_json_set_figure(part, "q", s->q);
  eh_json_set_figure(all, "difference", s->all_difference);
  eh_json_set_figure(all, "p", s->all_p);
  eh_json_set(part, "all", all);
  eh_json_set(part, "caveat", json_boolean(s->caveat));
  eh_json_set(object, member->name, part);
}
