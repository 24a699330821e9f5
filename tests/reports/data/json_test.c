#include <jansson.h>

#include "tests/reports/sample.h"

static enum eh_status write(const struct sample *s, FILE *stream, struct eh_error *error) {
  return eh_json_write(&s->audit, &sample_context, stream, error);
}

static json_t *parse(const char *text) {
  json_error_t error;
  json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
  ck_assert_msg(root != NULL, "%d:%d: %s", error.line, error.column, error.text);
  return root;
}

static json_t *result_of(json_t *root, size_t comparison, size_t result) {
  json_t *c = json_array_get(json_object_get(root, "comparisons"), comparison);
  json_t *r = json_array_get(json_object_get(c, "results"), result);
  ck_assert_ptr_nonnull(r);
  return r;
}

static double number(json_t *object, const char *name) {
  json_t *value = json_object_get(object, name);
  ck_assert_msg(json_is_number(value), "%s is no number", name);
  return json_number_value(value);
}

static const char *text_of(json_t *object, const char *name) {
  const char *text = json_string_value(json_object_get(object, name));
  ck_assert_msg(text != NULL, "%s is no text", name);
  return text;
}

static void ck_members(json_t *object, const char *const *names) {
  const char *name;
  json_t *value;
  size_t i = 0;
  json_object_foreach(object, name, value) {
    ck_assert_msg(names[i] != NULL && strcmp(name, names[i]) == 0, "member %zu is %s, not %s", i,
                  name, names[i]);
    i++;
  }
  ck_assert_ptr_null(names[i]);
}

START_TEST(head) {
  struct sample *s = sample_new();
  char *text = sample_written(write, s);
  json_t *root = parse(text);
  static const char *const members[] = {"evenhand",
                                        "format",
                                        "as_of",
                                        "seed",
                                        "rules",
                                        "inputs",
                                        "records",
                                        "cases_repeated",
                                        "values_malformed",
                                        "comparisons",
                                        "tests",
                                        "findings",
                                        "facts",
                                        "family",
                                        "families",
                                        "main_measure",
                                        "screened_columns",
                                        "notes",
                                        NULL};
  ck_members(root, members);
  ck_assert_str_eq(text_of(root, "evenhand"), "9.9.9");
  ck_assert_str_eq(text_of(root, "as_of"), "2026-01-31");
  ck_assert_str_eq(text_of(json_object_get(root, "rules"), "title"), "Releases & stays");
  json_t *input = json_array_get(json_object_get(root, "inputs"), 0);
  ck_assert_str_eq(text_of(input, "name"),
                   "r\xEF\xBF\xBD"
                   "cords.csv"); /* U+FFFD for what is not UTF-8 */
  json_t *records = json_object_get(root, "records");
  ck_assert_int_eq(json_integer_value(json_object_get(records, "read")), 120);
  ck_assert_int_eq(json_integer_value(json_object_get(records, "audited")), 114);
  json_t *excluded = json_array_get(json_object_get(records, "excluded"), 1);
  ck_assert_str_eq(text_of(excluded, "reason"), "another record of the same person");
  ck_assert_int_eq(json_integer_value(json_object_get(excluded, "records")), 1);
  ck_assert_int_eq(
      json_integer_value(json_object_get(json_object_get(root, "values_malformed"), "date")), 2);
  json_decref(root);
  free(text);
  sample_free(s);
}
END_TEST

START_TEST(finding) {
  struct sample *s = sample_new();
  char *text = sample_written(write, s);
  json_t *root = parse(text), *r = result_of(root, 0, 0);
  ck_assert_str_eq(text_of(r, "unit"), "=Chicago");
  ck_assert_int_eq(json_integer_value(json_object_get(r, "records")), 30);
  ck_assert_int_eq(json_integer_value(json_object_get(r, "events")), 19);
  ck_assert(number(json_object_get(r, "difference"), "estimate") ==
            s->results[0].share.difference.estimate.value); /* to the last bit */
  ck_close(number(json_object_get(r, "difference"), "estimate"), 0.4301587301587302, 1e-15);
  json_t *odds_ratio = json_object_get(r, "odds_ratio");
  ck_assert(json_is_null(json_object_get(odds_ratio, "high")));
  ck_assert_str_eq(text_of(odds_ratio, "high_reason"), "infinite");
  ck_assert_str_eq(text_of(odds_ratio, "method"), "exact");
  ck_assert(number(r, "p") == 0.0);
  ck_assert(number(r, "log10_q") == -400.0);
  ck_assert(json_is_integer(json_object_get(json_object_get(r, "homogeneity"), "df")));
  ck_assert(json_is_true(json_object_get(r, "flagged")));
  ck_assert_str_eq(text_of(r, "level"), "strong");
  ck_assert_str_eq(text_of(r, "direction"), "higher");
  ck_assert_str_eq(text_of(r, "category_reason"), "not a measure of a category");
  ck_assert_str_eq(text_of(r, "value_reason"), "not a measure of a value");
  ck_assert_int_eq(json_integer_value(json_object_get(r, "repeated")), 3);
  ck_assert_uint_eq(json_array_size(json_object_get(r, "caveats")), 1);
  json_decref(root);
  free(text);
  sample_free(s);
}
END_TEST

START_TEST(comparisons) {
  struct sample *s = sample_new();
  char *text = sample_written(write, s);
  json_t *root = parse(text), *list = json_object_get(root, "comparisons");
  ck_assert_uint_eq(json_array_size(list), 2);
  json_t *first = json_array_get(list, 0), *second = json_array_get(list, 1);
  static const char *const members[] = {"title",
                                        "measure",
                                        "kind",
                                        "outcome",
                                        "outcome_reason",
                                        "across",
                                        "within",
                                        "similarly_situated",
                                        "each",
                                        "each_reason",
                                        "definition_digest",
                                        "flag",
                                        "units",
                                        "testable",
                                        "flagged",
                                        "strata",
                                        "records",
                                        "comparable",
                                        "events",
                                        "excluded",
                                        "power_80",
                                        "power_80_sides",
                                        "overall",
                                        "heterogeneity",
                                        "spread",
                                        "dependence",
                                        "dependence_reason",
                                        "definitions",
                                        "results",
                                        NULL};
  ck_members(first, members);
  ck_assert_str_eq(text_of(first, "measure"), "released");
  ck_assert_str_eq(text_of(first, "kind"), "event");
  ck_assert_str_eq(
      json_string_value(json_array_get(json_object_get(first, "similarly_situated"), 0)),
      "priority");
  ck_assert_int_eq(json_integer_value(json_object_get(json_object_get(first, "overall"), "df")), 2);
  ck_assert_str_eq(text_of(json_object_get(second, "each"), "column"), "office");
  ck_assert_str_eq(text_of(json_object_get(second, "each"), "value"), "Boston, \"MA\"");
  ck_assert_str_eq(text_of(json_object_get(second, "overall"), "p_reason"), "too few records");
  ck_assert_uint_eq(json_array_size(json_object_get(first, "results")), 4);
  ck_assert_uint_eq(json_array_size(json_object_get(second, "results")), 2);
  json_decref(root);
  free(text);
  sample_free(s);
}
END_TEST

/* Every null has its reason beside it, and every reason its null. */
static size_t count_nulls(json_t *value) {
  const char *name;
  json_t *member;
  size_t index, nulls = 0;
  json_array_foreach(value, index, member) nulls += count_nulls(member);
  json_object_foreach(value, name, member) {
    char reason[128];
    snprintf(reason, sizeof reason, "%s_reason", name);
    ck_assert_msg(json_is_null(member) == json_is_string(json_object_get(value, reason)), "%s",
                  name);
    nulls += json_is_null(member) ? 1 : count_nulls(member);
  }
  return nulls;
}

START_TEST(nulls) {
  struct sample *s = sample_new();
  s->results[0].event.gamma = eh_figure(NAN); /* never written, whatever went wrong before */
  s->results[0].event.e_value = eh_figure(INFINITY);
  char *text = sample_written(write, s);
  json_t *root = parse(text);
  ck_assert_uint_gt(count_nulls(root), 100);
  ck_assert_str_eq(text_of(result_of(root, 0, 0), "gamma_reason"), "not a finite number");
  ck_assert_str_eq(text_of(result_of(root, 0, 1), "level_reason"), "not flagged");
  json_decref(root);
  free(text);
  sample_free(s);
}
END_TEST

/* Indented, member by member: what is streamed looks as if jansson had dumped it whole. */
/* Beyond what jansson's whole numbers hold. */
START_TEST(largest_seed) {
  struct sample *s = sample_new();
  struct eh_rules rules = *s->rules;
  rules.seed = UINT64_MAX;
  s->audit.rules = &rules;
  char *text = sample_written(write, s);
  ck_assert_ptr_nonnull(strstr(text, "\n  \"seed\": 18446744073709551615,\n  \"rules\": {"));
  free(text);
  sample_free(s);
}
END_TEST

START_TEST(indented) {
  struct sample *s = sample_new();
  char *text = sample_written(write, s);
  json_t *root = parse(text);
  char *whole = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
  ck_assert_uint_eq(strlen(text), strlen(whole) + 1);
  ck_assert_int_eq(strncmp(text, whole, strlen(whole)), 0);
  free(whole);
  json_decref(root);
  free(text);
  sample_free(s);
}
END_TEST

START_TEST(full_disk) {
  struct sample *s = sample_new();
  struct eh_error error = {0};
  FILE *stream = fopen("/dev/full", "w");
  if (stream) {
    ck_assert_int_eq(write(s, stream, &error), EH_MACHINE);
    ck_assert_ptr_nonnull(strstr(error.message, "cannot write the findings file"));
    fclose(stream);
  }
  sample_free(s);
}
END_TEST

RUN_TESTS("reports/json", head, finding, comparisons, nulls, largest_seed, indented, full_disk)
