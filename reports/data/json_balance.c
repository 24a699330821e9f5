#include "reports/data/json_balance.h"

#include "reports/data/json_figures.h"

EH_JSON_SETTER(eh_json_set_adjusted_for) {
  const struct eh_cells *cells = subject->comparison->cells;
  if (!eh_cells_are_adjusted(cells)) return;
  json_t *names = eh_json_array();
  for (size_t k = 0; k < cells->column_count; k++)
    if (cells->columns[k].is_adjusted)
      eh_json_append(names, eh_json_text(subject->rules->columns[cells->columns[k].column].name));
  eh_json_set(object, member->name, names);
}

EH_JSON_SETTER(eh_json_set_pairs) {
  const struct eh_comparison_result *c = subject->comparison;
  if (!eh_cells_are_adjusted(c->cells)) return;
  json_t *pairs = eh_json_array();
  for (size_t i = 0; i < c->pair_count; i++) {
    json_t *pair = eh_json_object();
    eh_json_set_text(pair, "factor", subject->rules->columns[c->pairs[i].column].name);
    eh_json_set_text(pair, "other", subject->rules->columns[c->pairs[i].other].name);
    eh_json_set_number(pair, "p", c->pairs[i].p, NULL);
    eh_json_append(pairs, pair);
  }
  eh_json_set(object, member->name, pairs);
}

EH_JSON_SETTER(eh_json_set_balance) {
  const struct eh_balance_part *b = &subject->result->balance;
  if (b->applies) eh_json_set_figure(object, member->name, b->effective);
}

EH_JSON_SETTER(eh_json_set_largest_weight) {
  const struct eh_balance_part *b = &subject->result->balance;
  if (b->applies) eh_json_set_figure(object, member->name, b->largest_weight);
}

static const char *name_of(const struct eh_json_subject *subject, size_t column) {
  return subject->rules->columns[subject->comparison->cells->columns[column].column].name;
}

static void set_unmatched(json_t *object, const struct eh_json_member *member,
                          const struct eh_json_subject *subject, const struct eh_unmatched *u) {
  if (!subject->result->balance.applies) return;
  if (u->size.why_not || !u->level) {
    eh_json_set_null(object, member->name, u->size.why_not ? u->size.why_not : "none");
    return;
  }
  json_t *part = eh_json_object();
  eh_json_set_figure(part, "size", u->size);
  eh_json_set_text(part, "factor", name_of(subject, u->column));
  eh_json_set_text(part, "level", u->level);
  if (u->other_level) {
    eh_json_set_text(part, "other", name_of(subject, u->other));
    eh_json_set_text(part, "other_level", u->other_level);
  }
  eh_json_set_number(part, "own", u->own, NULL);
  eh_json_set_number(part, "peers", u->peers, NULL);
  eh_json_set(object, member->name, part);
}

EH_JSON_SETTER(eh_json_set_imbalance) {
  set_unmatched(object, member, subject, &subject->result->balance.worst);
}

EH_JSON_SETTER(eh_json_set_pair_imbalance) {
  set_unmatched(object, member, subject, &subject->result->balance.pair);
}
