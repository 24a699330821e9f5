/* Data reliability as JSON: a profile's own file, and the "reliability" of the findings file. */
#include "engine/base/date.h"
#include "reports/data/json_inputs.h"
#include "reports/data/json_stream.h"
#include "reports/profile.h"
#include "reports/words/safe.h"
#include "rules/language/question.h"

struct writer {
  struct eh_json_stream *json;
  struct eh_arena *arena;
  const struct eh_reliability *r;
};

static void set_safe(const struct writer *w, json_t *object, const char *name, const char *text) {
  if (text)
    eh_json_set_text(object, name, eh_safe_utf8(w->arena, text));
  else
    eh_json_set_null(object, name, "none");
}

static void set_day(json_t *object, const char *name, int32_t day) {
  char text[11];
  eh_date_format(day, text);
  eh_json_set_text(object, name, text);
}

static json_t *places(const struct writer *w, const struct eh_survey_place *items, size_t count) {
  json_t *array = eh_json_array();
  for (size_t i = 0; i < count; i++) {
    json_t *object = eh_json_object();
    set_safe(w, object, "input", w->r->survey->account.inputs[items[i].input].name);
    eh_json_set_count(object, "line", items[i].line);
    eh_json_append(array, object);
  }
  return array;
}

static json_t *counted(const struct writer *w, const struct eh_counted_text *items, size_t count) {
  json_t *array = eh_json_array();
  for (size_t i = 0; i < count; i++) {
    json_t *object = eh_json_object();
    set_safe(w, object, "value", items[i].text);
    eh_json_set_count(object, "records", items[i].records);
    eh_json_append(array, object);
  }
  return array;
}

static json_t *verdict_object(const struct writer *w, const struct eh_verdict *v) {
  json_t *object = eh_json_object(), *criteria = eh_json_object(), *reasons = eh_json_array();
  set_safe(w, object, "measure", v->measure);
  eh_json_set_text(object, "verdict", eh_grade_name(v->grade));
  for (size_t i = 0; i < v->reason_count; i++)
    eh_json_append(reasons, eh_json_text(eh_safe_utf8(w->arena, v->reasons[i])));
  eh_json_set(object, "reasons", reasons);
  for (int i = 0; i < EH_CRITERION_COUNT; i++) {
    json_t *c = eh_json_object();
    eh_json_set_figure(c, "share", v->shares[i]);
    eh_json_set_number(c, "caveat_above", w->r->criteria[i].caveat, NULL);
    eh_json_set_number(c, "not_sufficient_above", w->r->criteria[i].limit, NULL);
    if (v->shares[i].why_not)
      eh_json_set_null(c, "verdict", v->shares[i].why_not);
    else
      eh_json_set_text(c, "verdict", eh_grade_name(v->grades[i]));
    eh_json_set(criteria, eh_criterion_name((enum eh_criterion)i), c);
  }
  eh_json_set(object, "criteria", criteria);
  set_safe(w, object, "statement", v->text);
  return object;
}

static json_t *texts(const struct writer *w, const char *const *items, size_t count) {
  json_t *array = eh_json_array();
  for (size_t i = 0; i < count; i++)
    eh_json_append(array, eh_json_text(eh_safe_utf8(w->arena, items[i])));
  return array;
}

static json_t *doubt_units(const struct writer *w, const struct eh_doubt *d) {
  json_t *array = eh_json_array();
  for (size_t i = 0; i < d->unit_count; i++) {
    json_t *object = eh_json_object();
    set_safe(w, object, d->unit_column ? "unit" : "month", d->units[i].label);
    eh_json_set_count(object, "records", d->units[i].records);
    eh_json_set_count(object, "of", d->units[i].of);
    eh_json_append(array, object);
  }
  return array;
}

static json_t *doubt_object(const struct writer *w, const struct eh_doubt *d) {
  json_t *object = eh_json_object();
  eh_json_set_text(object, "kind", eh_doubt_name(d->kind));
  if (d->column) set_safe(w, object, "column", d->column);
  if (d->unit_column) set_safe(w, object, "across", d->unit_column);
  if (d->unit) set_safe(w, object, "unit", d->unit);
  if (d->measure) set_safe(w, object, "measure", d->measure);
  if (d->column_count) eh_json_set(object, "columns", texts(w, d->columns, d->column_count));
  if (d->unit_count) eh_json_set(object, "units", doubt_units(w, d));
  if (d->has_days) {
    set_day(object, "from", d->from);
    set_day(object, "to", d->to);
  }
  eh_json_set_count(object, "records", d->records);
  eh_json_set_count(object, "of", d->of);
  eh_json_set_figure(object, "share", d->share);
  eh_json_set_figure(object, "usual", d->usual);
  eh_json_set(object, "places", places(w, d->places, d->place_count));
  set_safe(w, object, "statement", d->text);
  return object;
}

static json_t *column_object(const struct writer *w, const struct eh_column_profile *p) {
  json_t *object = eh_json_object();
  set_safe(w, object, "column", p->name);
  eh_json_set(object, "derived", json_boolean(p->is_derived));
  set_safe(w, object, "role", p->role);
  eh_json_set_text(object, "type", p->kind);
  if (p->form) eh_json_set_text(object, "date_form", p->form);
  eh_json_set_count(object, "recorded", p->recorded);
  eh_json_set_count(object, "missing", p->missing);
  eh_json_set_count(object, "not_applicable", p->not_applicable);
  if (p->applies) set_safe(w, object, "applies", p->applies);
  eh_json_set_figure(object, "missing_share", p->missing_share);
  eh_json_set(object, "missing_by_code", counted(w, p->missing_codes, p->missing_code_count));
  eh_json_set_count(object, "malformed", p->malformed);
  eh_json_set_count(object, "distinct", p->distinct);
  eh_json_set(object, "distinct_is_estimate", json_boolean(p->distinct_is_estimate));
  eh_json_set(object, "most_frequent", counted(w, p->most_frequent, p->most_frequent_count));
  if (p->lowest[0]) {
    set_safe(w, object, "lowest", p->lowest);
    set_safe(w, object, "highest", p->highest);
    eh_json_set_count(object, "outliers", p->outliers);
  }
  return object;
}

static json_t *missing_by(const struct writer *w, const double *shares) {
  json_t *object = eh_json_object();
  for (size_t c = 0; c < w->r->column_count; c++)
    if (shares[c] > 0)
      eh_json_set_number(object, eh_safe_utf8(w->arena, w->r->columns[c].name), shares[c], NULL);
  return object;
}

/* Per unit: only the columns of which something is missing. */
static void put_units(struct writer *w) {
  eh_json_open(w->json, "units", '[');
  for (size_t u = 0; u < w->r->unit_table_count; u++) {
    const struct eh_unit_table *table = &w->r->units[u];
    for (size_t i = 0; i < table->unit_count; i++) {
      const struct eh_unit_profile *unit = &table->units[i];
      json_t *object = eh_json_object();
      set_safe(w, object, "across", table->column);
      set_safe(w, object, "unit", unit->label);
      eh_json_set_count(object, "records", unit->records);
      eh_json_set_number(object, "missing", unit->missing, NULL);
      eh_json_set(object, "missing_by_column", missing_by(w, unit->missing_by));
      eh_json_put(w->json, NULL, object);
    }
  }
  eh_json_close(w->json, ']');
}

static void put_months(struct writer *w) {
  eh_json_open(w->json, "months", '[');
  for (size_t i = 0; i < w->r->month_count; i++) {
    const struct eh_month_profile *month = &w->r->months[i];
    json_t *object = eh_json_object();
    eh_json_set_text(object, "month",
                     eh_arena_printf(w->arena, "%04d-%02d", month->year, month->month));
    eh_json_set_count(object, "records", month->records);
    eh_json_set_number(object, "missing", month->missing, NULL);
    eh_json_set(object, "missing_by_column", missing_by(w, month->missing_by));
    eh_json_put(w->json, NULL, object);
  }
  eh_json_close(w->json, ']');
}

static json_t *repeats_object(const struct writer *w) {
  const struct eh_repeats *r = &w->r->repeats;
  json_t *object = eh_json_object(), *items = eh_json_array();
  eh_json_set_count(object, "exact_copies", r->exact);
  eh_json_set_count(object, "repeated_cases", r->differing);
  for (size_t i = 0; i < r->item_count; i++) {
    json_t *item = eh_json_object();
    eh_json_set(item, "record", places(w, &r->items[i].place, 1));
    eh_json_set(item, "earlier", places(w, &r->items[i].earlier, 1));
    eh_json_set(item, "exact", json_boolean(r->items[i].is_exact));
    eh_json_append(items, item);
  }
  eh_json_set(object, "listed", items);
  if (!r->has_person) {
    eh_json_set_null(object, "persons", "no person column is known");
    return object;
  }
  eh_json_set_count(object, "persons", r->persons);
  eh_json_set_count(object, "persons_with_several", r->persons_repeated);
  eh_json_set_count(object, "records_after_the_first", r->records_repeated);
  if (w->r->survey->counted) {
    eh_json_set_null(object, "decided_alike", "not assessed in a database");
    return object;
  }
  eh_json_set_count(object, "within_a_day", r->within_day);
  eh_json_set_count(object, "within_a_month", r->within_month);
  eh_json_set_count(object, "within_a_year", r->within_year);
  eh_json_set_count(object, "later", r->later);
  eh_json_set_count(object, "undated", r->undated);
  json_t *alike = eh_json_array();
  for (size_t m = 0; w->r->rules && m < w->r->rules->measure_count; m++) {
    json_t *measure = eh_json_object();
    set_safe(w, measure, "measure", w->r->rules->measures[m].name);
    if (!eh_has_outcome(&w->r->rules->measures[m])) {
      eh_json_set_count(measure, "alike", r->measures[m].alike);
      eh_json_set_count(measure, "unlike", r->measures[m].unlike);
    } else {
      eh_json_set_null(measure, "alike", "the measure does not ask for an event");
      eh_json_set_null(measure, "unlike", "the measure does not ask for an event");
    }
    eh_json_append(alike, measure);
  }
  eh_json_set(object, "decided_alike", alike);
  return object;
}

static json_t *detectable_object(const struct writer *w) {
  const struct eh_detectable *d = w->r->detectable;
  json_t *object = eh_json_object();
  set_safe(w, object, "across", d->unit_column);
  eh_json_set_number(object, "usual_records", d->records, NULL);
  eh_json_set_number(object, "typical_records_per_month", d->typical_per_month, NULL);
  set_safe(w, object, "statement", d->text);
  return object;
}

static json_t *totals_array(const struct writer *w) {
  json_t *array = eh_json_array();
  for (size_t t = 0; t < w->r->total_count; t++) {
    const struct eh_total_result *total = &w->r->totals[t];
    json_t *object = eh_json_object();
    set_safe(w, object, "name", total->name);
    eh_json_set_number(object, "expected", total->expected, NULL);
    eh_json_set_count(object, "recorded", total->recorded);
    eh_json_set_count(object, "unknown", total->unknown);
    eh_json_set_number(object, "difference", total->difference, NULL);
    eh_json_set_figure(object, "difference_share", total->share);
    eh_json_append(array, object);
  }
  return array;
}

static json_t *unassessed(const struct writer *w) {
  json_t *array = eh_json_array();
  const struct eh_survey_counted *counted = w->r->survey->counted;
  for (size_t i = 0; i < counted->unassessed_count; i++)
    eh_json_append(array, eh_json_text(eh_safe_utf8(w->arena, counted->unassessed[i])));
  return array;
}

static void put_assessment(struct writer *w) {
  if (w->r->survey->counted) eh_json_put(w->json, "not_assessed", unassessed(w));
  eh_json_open(w->json, "verdicts", '[');
  for (size_t i = 0; i < w->r->verdict_count; i++)
    eh_json_put(w->json, NULL, verdict_object(w, &w->r->verdicts[i]));
  eh_json_close(w->json, ']');
  eh_json_open(w->json, "doubts", '[');
  for (size_t i = 0; i < w->r->doubt_count; i++)
    eh_json_put(w->json, NULL, doubt_object(w, &w->r->doubts[i]));
  eh_json_close(w->json, ']');
  if (w->r->detectable) eh_json_put(w->json, "half_recording_found", detectable_object(w));
  eh_json_put(w->json, "totals", totals_array(w));
  eh_json_put(w->json, "repeats", repeats_object(w));
  eh_json_open(w->json, "columns", '[');
  for (size_t i = 0; i < w->r->column_count; i++)
    eh_json_put(w->json, NULL, column_object(w, &w->r->columns[i]));
  eh_json_close(w->json, ']');
  put_units(w);
  put_months(w);
}

void eh_profile_json_put(struct eh_json_stream *json, const char *name,
                         const struct eh_reliability *reliability, struct eh_arena *arena) {
  struct writer w = {json, arena, reliability};
  eh_json_open(json, name, '{');
  put_assessment(&w);
  eh_json_close(json, '}');
}

enum eh_status eh_profile_json_write(const struct eh_reliability *reliability,
                                     const struct eh_report_context *context, FILE *stream,
                                     struct eh_error *error) {
  struct eh_json_stream json = {.stream = stream};
  struct writer w = {&json, eh_arena_new(), reliability};
  const struct eh_account *account = &reliability->survey->account;
  eh_json_open(&json, NULL, '{');
  json_t *head = eh_json_object(), *inputs = eh_json_array();
  eh_json_set_text(head, "evenhand", context->version);
  set_day(head, "as_of", context->as_of);
  for (size_t i = 0; i < account->input_count; i++) {
    const struct eh_input *input = &account->inputs[i];
    json_t *object = eh_json_object();
    set_safe(&w, object, "name", input->name);
    eh_json_set_count(object, "bytes", input->bytes);
    if (input->sha256[0])
      eh_json_set_text(object, "sha256", input->sha256);
    else
      eh_json_set_null(object, "sha256", "not computed");
    eh_json_set_count(object, "records", input->records);
    eh_json_set_contained(object, w.arena, input);
    eh_json_append(inputs, object);
  }
  eh_json_set(head, "inputs", inputs);
  eh_json_set_count(head, "records", reliability->survey->rows);
  eh_json_put_members(&json, head);
  put_assessment(&w);
  eh_json_close(&json, '}');
  eh_arena_free(w.arena);
  EH_TRY(eh_stream_check(stream, "the profile", error));
  if (json.failed) return eh_fail(error, EH_MACHINE, "cannot write the profile");
  return EH_OK;
}
