/* The findings file. Names and order are promised to scripts: see "The findings file" in the
 * design. */
#include "engine/base/date.h"
#include "reports/data/json_figures.h"
#include "reports/data/json_inputs.h"
#include "reports/profile.h"
#include "reports/report.h"
#include "reports/words/safe.h"

struct writer {
  struct eh_json_stream json;
  struct eh_arena *arena;
  const struct eh_audit *audit;
};

static json_t *text_array(const char *const *items, size_t count) {
  json_t *array = eh_json_array();
  for (size_t i = 0; i < count; i++) eh_json_append(array, eh_json_text(items[i]));
  return array;
}

static json_t *column_names(const struct eh_rules *rules, const int *columns, size_t count) {
  json_t *array = eh_json_array();
  for (size_t i = 0; i < count; i++)
    eh_json_append(array, eh_json_text(rules->columns[columns[i]].name));
  return array;
}

static json_t *exclusions(const struct eh_exclusion *items, size_t count) {
  json_t *array = eh_json_array();
  for (size_t i = 0; i < count; i++) {
    json_t *object = eh_json_object();
    eh_json_set_text(object, "reason", items[i].reason);
    eh_json_set_count(object, "records", items[i].records);
    eh_json_append(array, object);
  }
  return array;
}

static void put_head(struct writer *w, const struct eh_report_context *context) {
  const struct eh_rules *rules = w->audit->rules;
  char as_of[11];
  eh_date_format(context->as_of, as_of);
  json_t *head = eh_json_object();
  eh_json_set_text(head, "evenhand", context->version);
  eh_json_set_text(head, "as_of", as_of);
  eh_json_put_members(&w->json, head);
  eh_json_put_count(&w->json, "seed", rules->seed);
  json_t *about = eh_json_object();
  eh_json_set_text(about, "file", eh_safe_utf8(w->arena, rules->file));
  eh_json_set_text(about, "title", rules->title);
  eh_json_set_text(about, "sha256", rules->sha256);
  eh_json_put(&w->json, "rules", about);
}

static void put_inputs(struct writer *w) {
  const struct eh_account *account = w->audit->account;
  eh_json_open(&w->json, "inputs", '[');
  for (size_t i = 0; i < account->input_count; i++) {
    const struct eh_input *input = &account->inputs[i];
    json_t *object = eh_json_object();
    eh_json_set_text(object, "name", eh_safe_utf8(w->arena, input->name));
    if (input->source) eh_json_set_text(object, "source", input->source);
    eh_json_set_count(object, "bytes", input->bytes);
    if (input->sha256[0]) {
      eh_json_set_text(object, "sha256", input->sha256);
    } else {
      eh_json_set_null(object, "sha256", "not computed");
    }
    eh_json_set_count(object, "records", input->records);
    eh_json_set_contained(object, w->arena, input);
    eh_json_put(&w->json, NULL, object);
  }
  eh_json_close(&w->json, ']');
}

static json_t *source_object(const struct eh_source_account *source) {
  enum { MOST_LISTED = 1000 }; /* values outside a recode; the counts are of all */
  json_t *object = eh_json_object(), *values = eh_json_array();
  uint64_t records = 0;
  eh_json_set_text(object, "name", source->name);
  eh_json_set_count(object, "files", source->files);
  eh_json_set_count(object, "records", source->records);
  eh_json_set(object, "columns_missing",
              text_array((const char *const *)source->absent, source->absent_count));
  eh_json_set(object, "columns_unused",
              text_array((const char *const *)source->unused, source->unused_count));
  for (size_t i = 0; i < source->unmapped_count; i++) {
    const struct eh_unmapped_value *value = &source->unmapped[i];
    records += value->records;
    if (i >= MOST_LISTED) continue;
    json_t *item = eh_json_object();
    eh_json_set_text(item, "column", value->column);
    eh_json_set_text(item, "value", value->value);
    eh_json_set_count(item, "records", value->records);
    eh_json_append(values, item);
  }
  eh_json_set_count(object, "values_not_mapped_count", source->unmapped_count);
  eh_json_set_count(object, "values_not_mapped_records", records);
  eh_json_set(object, "values_not_mapped", values);
  return object;
}

/* Only where the rules have inputs. */
static void put_sources(struct writer *w) {
  const struct eh_account *account = w->audit->account;
  if (account->source_count == 0) return;
  eh_json_open(&w->json, "sources", '[');
  for (size_t i = 0; i < account->source_count; i++)
    eh_json_put(&w->json, NULL, source_object(&account->sources[i]));
  eh_json_close(&w->json, ']');
  json_t *shared = eh_json_object();
  eh_json_set_count(shared, "cases_in_several_sources", account->shared_cases);
  eh_json_put_members(&w->json, shared);
}

static void put_records(struct writer *w) {
  const struct eh_account *account = w->audit->account;
  json_t *members = eh_json_object(), *records = eh_json_object(), *malformed = eh_json_object();
  eh_json_set_count(records, "read", account->read);
  eh_json_set_count(records, "audited", account->audited);
  eh_json_set(records, "excluded", exclusions(account->excluded, account->exclusion_count));
  if (account->has_dates) {
    char day[11];
    eh_date_format(account->first_day, day);
    eh_json_set_text(records, "first_date", day);
    eh_date_format(account->last_day, day);
    eh_json_set_text(records, "last_date", day);
  }
  for (size_t i = 0; i < account->malformed_count; i++) {
    eh_json_set_count(malformed, account->malformed[i].column, account->malformed[i].records);
  }
  eh_json_set(members, "records", records);
  eh_json_set(members, "values_malformed", malformed);
  eh_json_put_members(&w->json, members);
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

/* The easier side alone, and both. */
static void set_power(json_t *object, const struct eh_power_reach *power) {
  json_t *sides = eh_json_object();
  eh_json_set_figure(sides, "higher", power->higher);
  eh_json_set_figure(sides, "lower", power->lower);
  eh_json_set_figure(object, "power_80", power->smallest);
  eh_json_set(object, "power_80_sides", sides);
}

static void set_spread(json_t *object, const struct eh_comparison_result *c) {
  const struct eh_spread_part *s = &c->event.spread;
  json_t *spread = eh_json_object(), *overall = eh_json_test(&c->overall, true);
  eh_json_set_text(spread, "method", "winsorised, of effects in one fit");
  eh_json_set_figure(spread, "tau", s->tau.tau);
  eh_json_set_figure(spread, "low", s->tau.low);
  eh_json_set_figure(spread, "high", s->tau.high);
  eh_json_set_count(spread, "units", s->tau.units);
  eh_json_set(spread, "lowest", shown_unit(s->lowest, s->shown.lowest_rate, s->shown.why_not));
  eh_json_set(spread, "highest", shown_unit(s->highest, s->shown.highest_rate, s->shown.why_not));
  eh_json_set_figure(spread, "typical_low", s->low);
  eh_json_set_figure(spread, "typical_high", s->high);
  if (s->low.why_not)
    eh_json_set_null(spread, "shown", s->low.why_not);
  else
    eh_json_set(spread, "shown", json_true());
  eh_json_set_text(overall, "method", c->overall_diagonal ? "diagonal" : "generalised_cmh");
  eh_json_set(object, "overall", overall);
  eh_json_set(object, "heterogeneity", eh_json_test(&c->overall, true));
  eh_json_set(object, "spread", spread);
}

static void set_question(json_t *object, const struct eh_rules *rules,
                         const struct eh_measure *measure) {
  static const char *const kinds[] = {[EH_MEASURE_EVENT] = "event",
                                      [EH_MEASURE_CATEGORY] = "category",
                                      [EH_MEASURE_VALUE] = "value"};
  eh_json_set_text(object, "kind", kinds[measure->kind]);
  if (measure->kind == EH_MEASURE_EVENT)
    eh_json_set_null(object, "outcome", "the measure asks for an event");
  else
    eh_json_set_text(object, "outcome", rules->columns[measure->outcome].name);
}

static json_t *comparison_members(const struct writer *w, const struct eh_comparison_result *c) {
  const struct eh_rules *rules = w->audit->rules;
  const struct eh_comparison *comparison = c->comparison;
  json_t *object = eh_json_object();
  eh_json_set_text(object, "title", c->title);
  eh_json_set_text(object, "measure", c->measure->name);
  set_question(object, rules, c->measure);
  eh_json_set_text(object, "across", rules->columns[comparison->across].name);
  eh_json_set(object, "within", column_names(rules, comparison->within, comparison->within_count));
  eh_json_set(object, "similarly_situated",
              column_names(rules, c->measure->factors, c->measure->factor_count));
  if (comparison->each >= 0) {
    json_t *each = eh_json_object();
    eh_json_set_text(each, "column", rules->columns[comparison->each].name);
    eh_json_set_text(each, "value", c->cells->each);
    eh_json_set(object, "each", each);
  } else {
    eh_json_set_null(object, "each", "not repeated for each value of a column");
  }
  eh_json_set_count(object, "units", c->result_count);
  eh_json_set_count(object, "testable", c->testable);
  eh_json_set_count(object, "flagged", c->levels.flagged);
  eh_json_set_count(object, "strata", c->strata);
  eh_json_set_count(object, "records", c->records);
  eh_json_set_count(object, "comparable", c->comparable);
  if (c->measure->kind == EH_MEASURE_EVENT)
    eh_json_set_count(object, "events", c->event.events);
  else
    eh_json_set_null(object, "events", "the measure does not ask for an event");
  eh_json_set(object, "excluded", exclusions(c->cells->excluded, c->cells->exclusion_count));
  set_power(object, &c->event.power_80);
  set_spread(object, c);
  return object;
}

/* Of a measure of a category they are the records with the outcome that differs most. */
static void set_events(json_t *object, const char *name, const struct eh_result *r,
                       uint64_t events) {
  if (r->kind == EH_MEASURE_EVENT || r->category.items)
    eh_json_set_count(object, name, events);
  else
    eh_json_set_null(object, name, r->share.rate.why_not);
}

static void set_caseload(json_t *object, const struct eh_comparison_result *c,
                         const struct eh_result *r) {
  eh_json_set_count(object, "records", r->records);
  set_events(object, "all_events", r, r->share.all_events);
  eh_json_set_count(object, "repeated", c->cells->units[r->unit_index].repeated);
  eh_json_set_count(object, "comparable", r->comparable);
  set_events(object, "events", r, r->share.events);
  eh_json_set_figure(object, "rate", r->share.rate);
  eh_json_set_figure(object, "expected", r->share.expected);
  eh_json_set_figure(object, "expected_rate", r->share.expected_rate);
}

static void set_effects(json_t *object, const struct eh_result *r) {
  eh_json_set(object, "difference", eh_json_interval(&r->share.difference));
  eh_json_set_text(object, "difference_method", r->share.few ? "score" : "sato-type");
  json_t *odds_ratio = eh_json_interval(&r->event.odds_ratio);
  if (r->event.odds_ratio_method) {
    eh_json_set_text(odds_ratio, "method", r->event.odds_ratio_method);
  } else {
    eh_json_set_null(odds_ratio, "method", "no odds ratio");
  }
  eh_json_set(object, "odds_ratio", odds_ratio);
  eh_json_set(object, "risk_difference", eh_json_interval(&r->event.risk_difference));
}

static void set_tests(json_t *object, const struct eh_result *r) {
  eh_json_set(object, "cmh", eh_json_test(&r->event.cmh.test, false));
  json_t *exact = eh_json_object();
  eh_json_set_number(exact, "p", r->event.exact.p, r->event.exact.why_not);
  eh_json_set_number(exact, "mid_p", r->event.exact.mid_p, r->event.exact.why_not);
  eh_json_set_number(exact, "log10_p", r->event.exact.log10_p, r->event.exact.why_not);
  eh_json_set_number(exact, "log10_mid_p", r->event.exact.log10_mid_p, r->event.exact.why_not);
  eh_json_set(object, "exact", exact);
  eh_json_set_figure(object, "p", r->p);
  eh_json_set_figure(object, "log10_p", r->log10_p);
  if (r->p_from) {
    eh_json_set_text(object, "p_from", r->p_from);
  } else {
    eh_json_set_null(object, "p_from", "no p");
  }
  eh_json_set_figure(object, "q", r->q);
  eh_json_set_figure(object, "log10_q", r->log10_q);
  eh_json_set_figure(object, "decided_at", r->decided_at);
  eh_json_set(object, "homogeneity", eh_json_test(&r->event.homogeneity.tarone, true));
}

static void set_among_units(json_t *object, const struct eh_result *r) {
  json_t *outlier = eh_json_object();
  eh_json_set_figure(outlier, "z", r->among.outlier_z);
  eh_json_set_figure(outlier, "q", r->among.outlier_q);
  eh_json_set(object, "outlier", outlier);
  eh_json_set_figure(object, "shrunken_difference", r->among.shrunken_difference);
  set_power(object, &r->event.power_80);
  json_t *versus_typical = eh_json_interval(&r->among.versus_typical.excess);
  eh_json_set_figure(versus_typical, "p", r->among.versus_typical_p);
  eh_json_set_figure(versus_typical, "se", r->among.versus_typical.error);
  eh_json_set_count(versus_typical, "block_units", r->among.versus_typical.block_units);
  eh_json_set(object, "versus_typical", versus_typical);
  json_t *rank = eh_json_object();
  eh_json_set_figure(rank, "expected", r->among.rank.estimate);
  eh_json_set_figure(rank, "low", r->among.rank.low);
  eh_json_set_figure(rank, "high", r->among.rank.high);
  eh_json_set(object, "rank", rank);
  eh_json_set_figure(object, "crude_difference", r->share.crude_difference);
  eh_json_set_figure(object, "gamma", r->event.gamma);
  eh_json_set_figure(object, "gamma_at_05", r->event.gamma_at_05);
  eh_json_set_figure(object, "e_value", r->event.e_value);
  json_t *unrecorded = eh_json_object();
  eh_json_set_figure(unrecorded, "enough", r->event.unrecorded.decisions);
  eh_json_set_figure(unrecorded, "completeness", r->event.unrecorded.completeness);
  eh_json_set_figure(unrecorded, "spread", r->event.unrecorded.spread);
  if (r->event.unrecorded.decisions.why_not)
    eh_json_set_null(unrecorded, "decided_by", r->event.unrecorded.decisions.why_not);
  else
    eh_json_set_text(unrecorded, "decided_by", r->event.unrecorded.by_size ? "size" : "test");
  eh_json_set(object, "unrecorded", unrecorded);
}

static void set_verdict(json_t *object, const struct eh_result *r) {
  eh_json_set(object, "flagged", json_boolean(r->flagged));
  if (r->flagged) {
    eh_json_set_text(object, "level", eh_level_name(r->level));
  } else {
    eh_json_set_null(object, "level", "not flagged");
  }
  if (r->p.why_not) {
    eh_json_set_null(object, "direction", r->p.why_not);
  } else {
    eh_json_set_text(object, "direction", r->higher ? "higher" : "lower");
  }
  eh_json_set(object, "not_flagged_because",
              text_array(r->not_flagged_because.items, r->not_flagged_because.count));
  eh_json_set(object, "caveats", text_array(r->caveats.items, r->caveats.count));
  if (r->statement) {
    eh_json_set_text(object, "statement", r->statement);
  } else {
    eh_json_set_null(object, "statement", "nothing to state");
  }
}

static json_t *result_object(const struct writer *w, const struct eh_comparison_result *c,
                             const struct eh_result *r) {
  json_t *object = eh_json_object(), *within = eh_json_object();
  eh_json_set_text(object, "unit", r->unit);
  for (size_t i = 0; i < c->comparison->within_count; i++) {
    eh_json_set_text(within, w->audit->rules->columns[c->comparison->within[i]].name,
                     r->place.within[i]);
  }
  eh_json_set(object, "within", within);
  eh_json_set_count(object, "within_groups", r->place.groups);
  eh_json_set(object, "testable", json_boolean(r->testable));
  if (r->untestable_because) eh_json_set_text(object, "untestable_because", r->untestable_because);
  set_caseload(object, c, r);
  set_effects(object, r);
  set_tests(object, r);
  set_among_units(object, r);
  eh_json_set_outcomes(object, c->measure, r);
  set_verdict(object, r);
  return object;
}

static void put_comparison(struct writer *w, const struct eh_comparison_result *c) {
  eh_json_open(&w->json, NULL, '{');
  eh_json_put_members(&w->json, comparison_members(w, c));
  eh_json_open(&w->json, "results", '[');
  for (size_t i = 0; i < c->result_count; i++)
    eh_json_put(&w->json, NULL, result_object(w, c, &c->results[i]));
  eh_json_close(&w->json, ']');
  eh_json_close(&w->json, '}');
}

enum eh_status eh_json_write(const struct eh_audit *audit, const struct eh_report_context *context,
                             FILE *stream, struct eh_error *error) {
  struct writer w = {.json = {.stream = stream}, .arena = eh_arena_new(), .audit = audit};
  eh_json_open(&w.json, NULL, '{');
  put_head(&w, context);
  put_inputs(&w);
  put_sources(&w);
  put_records(&w);
  eh_json_open(&w.json, "comparisons", '[');
  for (size_t i = 0; i < audit->comparison_count; i++) put_comparison(&w, &audit->comparisons[i]);
  eh_json_close(&w.json, ']');
  json_t *tail = eh_json_object();
  eh_json_set_count(tail, "tests", audit->tests);
  eh_json_set_count(tail, "findings", audit->findings);
  eh_json_set(tail, "notes", text_array(audit->notes.items, audit->notes.count));
  eh_json_put_members(&w.json, tail);
  if (audit->reliability) eh_profile_json_put(&w.json, "reliability", audit->reliability, w.arena);
  eh_json_close(&w.json, '}');
  eh_arena_free(w.arena);
  EH_TRY(eh_stream_check(stream, "the findings file", error));
  if (w.json.failed) return eh_fail(error, EH_MACHINE, "cannot write the findings file");
  return EH_OK;
}
