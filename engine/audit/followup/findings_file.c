#include "engine/audit/followup/findings_file.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/date.h"
#include "engine/base/digest.h"

enum { NEWEST_FORMAT = 2, STEP = 1 << 20 };

struct reading {
  struct eh_arena *arena;
  struct eh_past *past;
};

/* --- members that may be missing or of another kind: the file may come from anywhere --- */

static const char *text_of(const struct reading *r, json_t *object, const char *name) {
  const char *text = json_string_value(json_object_get(object, name));
  return text ? eh_arena_string(r->arena, text) : "";
}

static struct eh_figure figure_of(const struct reading *r, json_t *object, const char *name) {
  json_t *value = json_object_get(object, name);
  if (json_is_number(value)) return eh_figure(json_number_value(value));
  char reason[64];
  snprintf(reason, sizeof reason, "%s_reason", name);
  const char *why_not = text_of(r, object, reason);
  return eh_no_figure(*why_not ? why_not : "not in the findings file");
}

static uint64_t count_of(json_t *object, const char *name) {
  json_int_t value = json_integer_value(json_object_get(object, name));
  return value > 0 ? (uint64_t)value : 0;
}

static bool flag_of(json_t *object, const char *name) {
  return json_is_true(json_object_get(object, name));
}

static bool day_of(json_t *object, const char *name, int32_t *day) {
  const char *text = json_string_value(json_object_get(object, name));
  return text && eh_date_parse(text, strlen(text), "%Y-%m-%d", day);
}

static struct eh_interval interval_of(const struct reading *r, json_t *object) {
  return (struct eh_interval){figure_of(r, object, "estimate"), figure_of(r, object, "low"),
                              figure_of(r, object, "high")};
}

/* --- a result --- */

/* "field_office: Newark, shift: night" */
static const char *place_of(const struct reading *r, json_t *within) {
  const char *place = "", *name;
  json_t *value;
  json_object_foreach(within, name, value) {
    const char *label = json_string_value(value);
    if (label)
      place = eh_arena_printf(r->arena, "%s%s%s: %s", place, *place ? ", " : "", name, label);
  }
  return place;
}

static void take_outcomes(const struct reading *r, json_t *category, struct eh_past_result *to) {
  json_t *list = json_object_get(category, "outcomes"), *item;
  size_t i;
  to->outcome = text_of(r, category, "differs_most");
  struct eh_past_outcome *outcomes =
      eh_arena_alloc(r->arena, json_array_size(list), sizeof *outcomes);
  json_array_foreach(list, i, item) {
    outcomes[i].label = text_of(r, item, "outcome");
    outcomes[i].difference = interval_of(r, json_object_get(item, "difference"));
  }
  to->outcomes = outcomes;
  to->outcome_count = json_array_size(list);
}

static void take_result(const struct reading *r, json_t *from, const char *kind,
                        struct eh_past_result *to) {
  json_t *measured = from;
  to->unit = text_of(r, from, "unit");
  to->place = place_of(r, json_object_get(from, "within"));
  to->testable = flag_of(from, "testable");
  to->flagged = flag_of(from, "flagged");
  to->by_others = to->flagged && strcmp(text_of(r, from, "who"), "peers") == 0;
  to->higher = strcmp(text_of(r, from, "direction"), "higher") == 0;
  to->untestable_because = text_of(r, from, "untestable_because");
  to->records = count_of(from, "records");
  to->outcome = "";
  if (strcmp(kind, "value") == 0) measured = json_object_get(from, "value");
  to->difference = interval_of(r, json_object_get(measured, "difference"));
  if (strcmp(kind, "category") == 0) take_outcomes(r, json_object_get(from, "category"), to);
  to->effect = figure_of(r, from, "effect");
  to->variance = figure_of(r, from, "effect_variance");
  to->centre = figure_of(r, from, "effect_centre");
  to->decided_at = figure_of(r, from, "decided_at");
}

/* --- a comparison --- */

static const char *joined(const struct reading *r, json_t *list) {
  const char *text = "";
  json_t *item;
  size_t i;
  json_array_foreach(list, i, item) {
    const char *name = json_string_value(item);
    if (name) text = eh_arena_printf(r->arena, "%s%s%s", text, *text ? ", " : "", name);
  }
  return text;
}

static const char *each_of(const struct reading *r, json_t *each) {
  if (!json_is_object(each)) return "";
  return eh_arena_printf(r->arena, "%s: %s", text_of(r, each, "column"),
                         text_of(r, each, "value"));
}

static double setting(json_t *flag, const char *name) {
  double value = json_number_value(json_object_get(flag, name));
  return value > 0.0 ? value : 0.0;
}

static void take_comparison(const struct reading *r, json_t *from, struct eh_past_comparison *to) {
  json_t *flag = json_object_get(from, "flag"), *list = json_object_get(from, "results"), *item;
  size_t i;
  to->measure = text_of(r, from, "measure");
  to->across = text_of(r, from, "across");
  to->within = joined(r, json_object_get(from, "within"));
  to->each = each_of(r, json_object_get(from, "each"));
  to->kind = text_of(r, from, "kind");
  const char *digest = text_of(r, from, "definition_digest");
  to->digest = *digest ? digest : NULL;
  to->rate = setting(flag, "false_discovery_rate");
  to->smallest = setting(flag, "smallest_difference");
  to->confidence = setting(flag, "confidence");
  to->caseload = count_of(flag, "smallest_caseload");
  to->tau = figure_of(r, json_object_get(from, "spread"), "tau");
  to->testable = (size_t)count_of(from, "testable");
  struct eh_past_result *results =
      eh_arena_alloc(r->arena, json_array_size(list), sizeof *results);
  json_array_foreach(list, i, item) take_result(r, item, to->kind, &results[i]);
  to->results = results;
  to->result_count = json_array_size(list);
  to->unit = to->result_count
                 ? text_of(r, json_object_get(json_array_get(list, 0), "value"), "unit")
                 : "";
}

/* --- the file --- */

static void take_policies(const struct reading *r, json_t *list) {
  struct eh_past_policy *policies =
      eh_arena_alloc(r->arena, json_array_size(list), sizeof *policies);
  json_t *item;
  size_t i;
  json_array_foreach(list, i, item) {
    policies[r->past->policy_count].name = text_of(r, item, "name");
    if (day_of(item, "from", &policies[r->past->policy_count].from)) r->past->policy_count++;
  }
  r->past->policies = policies;
}

static enum eh_status refuse(const struct eh_past *past, struct eh_error *error, const char *why) {
  return eh_fail_at(error, EH_BAD_USAGE, past->file, 0, 0, "%s", why);
}

static enum eh_status take_file(struct reading *r, json_t *root, struct eh_error *error) {
  struct eh_past *past = r->past;
  json_t *list = json_object_get(root, "comparisons"), *records = json_object_get(root, "records"),
         *format = json_object_get(root, "format"), *item;
  size_t i;
  if (!json_is_string(json_object_get(root, "evenhand")) || !json_is_array(list) ||
      !day_of(root, "as_of", &past->as_of))
    return refuse(past, error,
                  "is no findings file; name two files that `evenhand audit --json` wrote");
  past->format = format ? (int)json_integer_value(format) : 1;
  if (past->format < 1 || past->format > NEWEST_FORMAT)
    return refuse(past, error,
                  "is a findings file of another version; write it anew with this one");
  past->title = text_of(r, json_object_get(root, "rules"), "title");
  past->has_dates =
      day_of(records, "first_date", &past->first) && day_of(records, "last_date", &past->last);
  take_policies(r, json_object_get(root, "policies"));
  struct eh_past_comparison *comparisons =
      eh_arena_alloc(r->arena, json_array_size(list), sizeof *comparisons);
  json_array_foreach(list, i, item) take_comparison(r, item, &comparisons[i]);
  past->comparisons = comparisons;
  past->comparison_count = json_array_size(list);
  return EH_OK;
}

static enum eh_status read_bytes(const char *file, struct eh_buffer *text, struct eh_error *error) {
  FILE *stream = fopen(file, "rb");
  if (!stream)
    return eh_fail_at(error, EH_BAD_USAGE, file, 0, 0, "cannot be read: %s", strerror(errno));
  char *step = eh_alloc(STEP, 1);
  for (size_t got; (got = fread(step, 1, STEP, stream)) > 0;) eh_buffer_add(text, step, got);
  bool failed = ferror(stream) != 0;
  free(step);
  fclose(stream);
  return failed ? eh_fail_at(error, EH_BAD_USAGE, file, 0, 0, "cannot be read") : EH_OK;
}

enum eh_status eh_past_read(struct eh_arena *arena, const char *file, struct eh_past *past,
                            struct eh_error *error) {
  struct reading r = {arena, past};
  struct eh_buffer text = {0};
  *past = (struct eh_past){.file = file};
  EH_TRY(read_bytes(file, &text, error));
  eh_digest_of(text.text ? text.text : "", text.length, past->sha256);
  json_error_t wrong;
  json_t *root = json_loadb(text.text ? text.text : "", text.length, JSON_REJECT_DUPLICATES, &wrong);
  eh_buffer_free(&text);
  if (!root)
    return eh_fail_at(error, EH_BAD_USAGE, file, wrong.line > 0 ? (uint64_t)wrong.line : 0,
                      wrong.column > 0 ? (uint64_t)wrong.column : 0,
                      "is no findings file: it is not JSON; name two files that `evenhand audit "
                      "--json` wrote");
  enum eh_status status = take_file(&r, root, error);
  json_decref(root);
  return status;
}
