/* One unit's result in the findings file. */
#include "engine/audit/kinds/kinds.h"
#include "reports/data/json_balance.h"
#include "reports/data/json_dependence.h"
#include "reports/data/json_figures.h"
#include "reports/data/json_members.h"
#include "reports/data/json_robustness.h"

static EH_JSON_SETTER(set_within) {
  const struct eh_comparison *comparison = subject->comparison->comparison;
  json_t *within = eh_json_object();
  for (size_t i = 0; i < comparison->within_count; i++)
    eh_json_set_text(within, subject->rules->columns[comparison->within[i]].name,
                     subject->result->place.within[i]);
  eh_json_set(object, member->name, within);
}

/* Only where it is not testable. */
static EH_JSON_SETTER(set_untestable) {
  const char *because = subject->result->untestable_because;
  if (because) eh_json_set_text(object, member->name, because);
}

/* Of a measure of a category they are the records with the outcome that differs most. */
static EH_JSON_SETTER(set_events) {
  const struct eh_result *r = subject->result;
  bool lacks_outcomes = eh_kind_has(r->kind, EH_PART_CATEGORY) && !r->category.items;
  if (eh_kind_has(r->kind, EH_PART_SHARE) && !lacks_outcomes)
    eh_json_member_count(object, member, subject);
  else
    eh_json_set_null(object, member->name, r->share.rate.why_not);
}

static EH_JSON_SETTER(set_repeated) {
  const struct eh_unit *unit = &subject->comparison->cells->units[subject->result->unit_index];
  eh_json_set_count(object, member->name, unit->repeated);
}

static EH_JSON_SETTER(set_difference_method) {
  const struct eh_result *r = subject->result;
  eh_json_set_text(object, member->name,
                   r->balance.applies ? "weighted peers" : r->share.few ? "score" : "sato-type");
}

static EH_JSON_SETTER(set_cmh) {
  eh_json_set(object, member->name, eh_json_test(&subject->result->event.cmh.test, false));
}

static EH_JSON_SETTER(set_exact) {
  const double *number = eh_json_place(member, subject);
  eh_json_set_number(object, member->name, *number, subject->result->event.exact.why_not);
}

static EH_JSON_SETTER(set_decided_by) {
  const struct eh_unrecorded *unrecorded = &subject->result->event.unrecorded;
  if (unrecorded->decisions.why_not)
    eh_json_set_null(object, member->name, unrecorded->decisions.why_not);
  else
    eh_json_set_text(object, member->name, unrecorded->by_size ? "size" : "test");
}

static EH_JSON_SETTER(set_category) {
  json_t *category = eh_json_category(subject->comparison->measure, subject->result);
  if (category)
    eh_json_set(object, member->name, category);
  else
    eh_json_set_null(object, member->name,
                     eh_kind_of(subject->result->kind)->why_not[EH_PART_CATEGORY]);
}

static EH_JSON_SETTER(set_value) {
  json_t *value = eh_json_value(subject->comparison->measure, subject->result);
  if (value)
    eh_json_set(object, member->name, value);
  else
    eh_json_set_null(object, member->name,
                     eh_kind_of(subject->result->kind)->why_not[EH_PART_VALUE]);
}

static EH_JSON_SETTER(set_level) {
  if (subject->result->flagged)
    eh_json_set_text(object, member->name, eh_level_name(subject->result->level));
  else
    eh_json_set_null(object, member->name, "not flagged");
}

static EH_JSON_SETTER(set_who) {
  if (subject->result->flagged)
    eh_json_set_text(object, member->name, eh_who_name(subject->result->who.who));
  else
    eh_json_set_null(object, member->name, "not flagged");
}

static EH_JSON_SETTER(set_direction) {
  const struct eh_result *r = subject->result;
  if (r->p.why_not)
    eh_json_set_null(object, member->name, r->p.why_not);
  else
    eh_json_set_text(object, member->name, r->higher ? "higher" : "lower");
}

#define AT(part) EH_JSON_AT(struct eh_result, part)
#define COUNT(part) EH_JSON_COUNT(struct eh_result, part)
#define FLAG(part) EH_JSON_FLAG(struct eh_result, part)
#define FIGURE(part) EH_JSON_FIGURE(struct eh_result, part)
#define INTERVAL(part) EH_JSON_INTERVAL(struct eh_result, part)
#define TEST(part) EH_JSON_TEST(struct eh_result, part)
#define TEXT(part, why) EH_JSON_TEXT(struct eh_result, part, why)
#define TEXTS(part) EH_JSON_TEXTS(struct eh_result, part)

static const struct eh_json_member odds_ratio[] = {
    {"estimate", FIGURE(event.odds_ratio.estimate)},
    {"low", FIGURE(event.odds_ratio.low)},
    {"high", FIGURE(event.odds_ratio.high)},
    {"method", TEXT(event.odds_ratio_method, "no odds ratio")},
    {0},
};
static const struct eh_json_member exact[] = {
    {"p", .set = set_exact, AT(event.exact.p)},
    {"mid_p", .set = set_exact, AT(event.exact.mid_p)},
    {"log10_p", .set = set_exact, AT(event.exact.log10_p)},
    {"log10_mid_p", .set = set_exact, AT(event.exact.log10_mid_p)},
    {0},
};
static const struct eh_json_member outlier[] = {
    {"z", FIGURE(among.outlier_z)}, {"q", FIGURE(among.outlier_q)}, {0}};
static const struct eh_json_member sides[] = {
    {"higher", FIGURE(event.power_80.higher)}, {"lower", FIGURE(event.power_80.lower)}, {0}};
static const struct eh_json_member versus_typical[] = {
    {"estimate", FIGURE(among.versus_typical.excess.estimate)},
    {"low", FIGURE(among.versus_typical.excess.low)},
    {"high", FIGURE(among.versus_typical.excess.high)},
    {"p", FIGURE(among.versus_typical_p)},
    {"se", FIGURE(among.versus_typical.error)},
    {"block_units", COUNT(among.versus_typical.block_units)},
    {0},
};
static const struct eh_json_member rank[] = {{"expected", FIGURE(among.rank.estimate)},
                                             {"low", FIGURE(among.rank.low)},
                                             {"high", FIGURE(among.rank.high)},
                                             {0}};
static const struct eh_json_member unrecorded[] = {
    {"enough", FIGURE(event.unrecorded.decisions)},
    {"completeness", FIGURE(event.unrecorded.completeness)},
    {"spread", FIGURE(event.unrecorded.spread)},
    {"decided_by", .set = set_decided_by},
    {0},
};

const struct eh_json_member eh_json_result_members[] = {
    {"unit", TEXT(unit, "none")},
    {"within", .set = set_within},
    {"within_groups", COUNT(place.groups)},
    {"testable", FLAG(testable)},
    {"untestable_because", .set = set_untestable},
    {"records", COUNT(records)},
    {"all_events", .set = set_events, AT(share.all_events)},
    {"repeated", .set = set_repeated},
    {"comparable", COUNT(comparable)},
    {"events", .set = set_events, AT(share.events)},
    {"rate", FIGURE(share.rate)},
    {"expected", FIGURE(share.expected)},
    {"expected_rate", FIGURE(share.expected_rate)},
    {"difference", INTERVAL(share.difference)},
    {"difference_method", .set = set_difference_method},
    {"effective_peers", .set = eh_json_set_balance},
    {"largest_imbalance", .set = eh_json_set_imbalance},
    {"pair_imbalance", .set = eh_json_set_pair_imbalance},
    {"largest_weight", .set = eh_json_set_largest_weight},
    {"odds_ratio", EH_JSON_OBJECT(odds_ratio)},
    {"risk_difference", INTERVAL(event.risk_difference)},
    {"cmh", .set = set_cmh},
    {"exact", EH_JSON_OBJECT(exact)},
    {"p", FIGURE(p)},
    {"log10_p", FIGURE(log10_p)},
    {"p_from", TEXT(p_from, "no p")},
    {"q", FIGURE(q)},
    {"log10_q", FIGURE(log10_q)},
    {"decided_at", FIGURE(decided_at)},
    {"homogeneity", TEST(event.homogeneity.tarone)},
    {"outlier", EH_JSON_OBJECT(outlier)},
    {"shrunken_difference", FIGURE(among.shrunken_difference)},
    {"power_80", FIGURE(event.power_80.smallest)},
    {"power_80_sides", EH_JSON_OBJECT(sides)},
    {"versus_typical", EH_JSON_OBJECT(versus_typical)},
    {"effect", FIGURE(among.effect)},
    {"effect_variance", FIGURE(among.effect_variance)},
    {"effect_centre", FIGURE(among.effect_centre)},
    {"rank", EH_JSON_OBJECT(rank)},
    {"crude_difference", FIGURE(share.crude_difference)},
    {"gamma", FIGURE(event.gamma)},
    {"gamma_at_05", FIGURE(event.gamma_at_05)},
    {"e_value", FIGURE(event.e_value)},
    {"unrecorded", EH_JSON_OBJECT(unrecorded)},
    {"dependence", .set = eh_json_set_dependence},
    {"category", .set = set_category},
    {"value", .set = set_value},
    {"flagged", FLAG(flagged)},
    {"who", .set = set_who},
    {"hidden", FLAG(who.hidden)},
    {"without", TEXTS(who.without)},
    {"difference_without", FIGURE(who.difference_without)},
    {"p_without", FIGURE(who.p_without)},
    {"level", .set = set_level},
    {"direction", .set = set_direction},
    {"not_flagged_because", TEXTS(not_flagged_because)},
    {"caveats", TEXTS(caveats)},
    {"robustness", .set = eh_json_set_robustness},
    {"within_time", .set = eh_json_set_time},
    {"selection", .set = eh_json_set_selection},
    {"explained_by", .set = eh_json_set_explained},
    {"statement", TEXT(statement, "nothing to state")},
    {0},
};
