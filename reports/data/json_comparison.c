/* A comparison in the findings file, but for its results. */
#include <string.h>

#include "engine/base/digest.h"
#include "reports/data/json_balance.h"
#include "reports/data/json_dependence.h"
#include "reports/data/json_figures.h"
#include "reports/data/json_members.h"
#include "reports/data/json_robustness.h"
#include "rules/language/question.h"

static EH_JSON_SETTER(set_measure) {
  eh_json_set_text(object, member->name, subject->comparison->measure->name);
}

static EH_JSON_SETTER(set_kind) {
  eh_json_set_text(object, member->name, eh_question_of(subject->comparison->measure->kind)->key);
}

static EH_JSON_SETTER(set_outcome) {
  const struct eh_measure *measure = subject->comparison->measure;
  if (eh_has_outcome(measure))
    eh_json_set_text(object, member->name, subject->rules->columns[measure->outcome].name);
  else
    eh_json_set_null(object, member->name, "the measure asks for an event");
}

static EH_JSON_SETTER(set_across) {
  const struct eh_comparison *comparison = subject->comparison->comparison;
  eh_json_set_text(object, member->name, subject->rules->columns[comparison->across].name);
}

static json_t *column_names(const struct eh_rules *rules, const int *columns, size_t count) {
  json_t *array = eh_json_array();
  for (size_t i = 0; i < count; i++)
    eh_json_append(array, eh_json_text(rules->columns[columns[i]].name));
  return array;
}

static EH_JSON_SETTER(set_within) {
  const struct eh_comparison *comparison = subject->comparison->comparison;
  eh_json_set(object, member->name,
              column_names(subject->rules, comparison->within, comparison->within_count));
}

static EH_JSON_SETTER(set_factors) {
  const struct eh_measure *measure = subject->comparison->measure;
  eh_json_set(object, member->name,
              column_names(subject->rules, measure->factors, measure->factor_count));
}

static EH_JSON_SETTER(set_each) {
  const struct eh_comparison *comparison = subject->comparison->comparison;
  if (comparison->each < 0) {
    eh_json_set_null(object, member->name, "not repeated for each value of a column");
    return;
  }
  json_t *each = eh_json_object();
  eh_json_set_text(each, "column", subject->rules->columns[comparison->each].name);
  eh_json_set_text(each, "value", subject->comparison->cells->each);
  eh_json_set(object, member->name, each);
}

static EH_JSON_SETTER(set_digest) {
  const struct eh_comparison_result *c = subject->comparison;
  struct eh_arena *arena = eh_arena_new();
  const char *text = eh_rules_definition(arena, subject->rules, c->comparison, c->measure);
  char hex[65];
  eh_digest_of(text, strlen(text), hex);
  eh_json_set_text(object, member->name, hex);
  eh_arena_free(arena);
}

static EH_JSON_SETTER(set_flag) {
  const struct eh_flag *flag = &subject->comparison->measure->flag;
  json_t *settings = eh_json_object();
  eh_json_set_number(settings, "false_discovery_rate", flag->false_discovery_rate, NULL);
  eh_json_set_number(settings, "smallest_difference", flag->smallest_difference, NULL);
  eh_json_set_count(settings, "smallest_caseload", flag->smallest_caseload);
  eh_json_set_number(settings, "confidence", flag->confidence, NULL);
  eh_json_set(object, member->name, settings);
}

static EH_JSON_SETTER(set_events) {
  if (eh_has_outcome(subject->comparison->measure))
    eh_json_set_null(object, member->name, "the measure does not ask for an event");
  else
    eh_json_set_count(object, member->name, subject->comparison->event.events);
}

static EH_JSON_SETTER(set_excluded) {
  const struct eh_cells *cells = subject->comparison->cells;
  eh_json_set(object, member->name, eh_json_exclusions(cells->excluded, cells->exclusion_count));
}

static EH_JSON_SETTER(set_overall) {
  json_t *overall = eh_json_test(&subject->comparison->overall, true);
  eh_json_set_text(overall, "method",
                   subject->comparison->overall_diagonal ? "diagonal" : "generalised_cmh");
  eh_json_set(object, member->name, overall);
}

static EH_JSON_SETTER(set_spread_method) {
  (void)subject;
  eh_json_set_text(object, member->name, "winsorised, of effects in one fit");
}

/* A unit's rate with chance taken away. */
static json_t *shown_unit(const char *unit, double rate, const char *why_not) {
  json_t *object = eh_json_object();
  if (unit)
    eh_json_set_text(object, "unit", unit);
  else
    eh_json_set_null(object, "unit", why_not ? why_not : "no unit");
  eh_json_set_number(object, "rate", rate, unit ? NULL : why_not ? why_not : "no unit");
  return object;
}

static EH_JSON_SETTER(set_lowest) {
  const struct eh_spread_part *s = &subject->comparison->event.spread;
  eh_json_set(object, member->name, shown_unit(s->lowest, s->shown.lowest_rate, s->shown.why_not));
}

static EH_JSON_SETTER(set_highest) {
  const struct eh_spread_part *s = &subject->comparison->event.spread;
  eh_json_set(object, member->name,
              shown_unit(s->highest, s->shown.highest_rate, s->shown.why_not));
}

static EH_JSON_SETTER(set_shown) {
  const struct eh_spread_part *s = &subject->comparison->event.spread;
  if (s->low.why_not)
    eh_json_set_null(object, member->name, s->low.why_not);
  else
    eh_json_set(object, member->name, json_true());
}

#define COUNT(part) EH_JSON_COUNT(struct eh_comparison_result, part)
#define FIGURE(part) EH_JSON_FIGURE(struct eh_comparison_result, part)
#define TEST(part) EH_JSON_TEST(struct eh_comparison_result, part)
#define TEXT(part) EH_JSON_TEXT(struct eh_comparison_result, part, "none")

static const struct eh_json_member sides[] = {
    {"higher", FIGURE(event.power_80.higher)}, {"lower", FIGURE(event.power_80.lower)}, {0}};

static const struct eh_json_member spread[] = {
    {"method", .set = set_spread_method},
    {"tau", FIGURE(event.spread.tau.tau)},
    {"low", FIGURE(event.spread.tau.low)},
    {"high", FIGURE(event.spread.tau.high)},
    {"units", COUNT(event.spread.tau.units)},
    {"lowest", .set = set_lowest},
    {"highest", .set = set_highest},
    {"typical_low", FIGURE(event.spread.low)},
    {"typical_high", FIGURE(event.spread.high)},
    {"shown", .set = set_shown},
    {0},
};

const struct eh_json_member eh_json_comparison_members[] = {
    {"title", TEXT(title)},
    {"measure", .set = set_measure},
    {"kind", .set = set_kind},
    {"outcome", .set = set_outcome},
    {"across", .set = set_across},
    {"within", .set = set_within},
    {"similarly_situated", .set = set_factors},
    {"adjusted_for", .set = eh_json_set_adjusted_for},
    {"pairs_balanced", .set = eh_json_set_pairs},
    {"each", .set = set_each},
    {"definition_digest", .set = set_digest},
    {"flag", .set = set_flag},
    {"units", COUNT(result_count)},
    {"testable", COUNT(testable)},
    {"flagged", COUNT(levels.flagged)},
    {"strata", COUNT(strata)},
    {"records", COUNT(records)},
    {"comparable", COUNT(comparable)},
    {"events", .set = set_events},
    {"excluded", .set = set_excluded},
    {"power_80", FIGURE(event.power_80.smallest)},
    {"power_80_sides", EH_JSON_OBJECT(sides)},
    {"overall", .set = set_overall},
    {"heterogeneity", TEST(overall)},
    {"spread", EH_JSON_OBJECT(spread)},
    {"dependence", .set = eh_json_set_clusterings},
    {"definitions", .set = eh_json_set_definitions},
    {0},
};
