#include "reports/package/compare.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct comparing {
  struct eh_arena *arena;
  struct eh_compared *compared;
  bool from_cells;
  bool is_dependent; /* within a comparison in which decisions go together */
};

/* Members of the file that do not follow from cells: they say what the records were, or what was
   found by asking them again. */
static const char *const of_records[] = {"inputs",
                                         "records",
                                         "reliability",
                                         "notes",
                                         "monitoring",
                                         "goals",
                                         "workload",
                                         "policy_changes",
                                         "values_malformed",
                                         "cases_repeated",
                                         "joins",
                                         "sources",
                                         "screened_columns",
                                         "cases_in_several_sources",
                                         "dependence",
                                         "explained_by",
                                         "within_time",
                                         "selection",
                                         "repeated",
                                         "excluded",
                                         "caveats",
                                         "statement",
                                         "robustness",
                                         "evenhand",
                                         "not_flagged_because",
                                         "on_file"};
/* And those that rest on which decisions go together. */
static const char *const of_dependence[] = {"p",
                                            "log10_p",
                                            "q",
                                            "log10_q",
                                            "low",
                                            "high",
                                            "se",
                                            "outlier",
                                            "shrunken_difference",
                                            "versus_typical",
                                            "rank",
                                            "effect",
                                            "effect_variance",
                                            "effect_centre",
                                            "spread",
                                            "power_80",
                                            "power_80_sides",
                                            "caseload_needed",
                                            "decided_at",
                                            "e_value",
                                            "gamma",
                                            "gamma_at_05",
                                            "level",
                                            "flagged",
                                            "who",
                                            "p_without",
                                            "difference_without",
                                            "without",
                                            "pair",
                                            "unrecorded",
                                            "findings",
                                            "facts",
                                            "levels",
                                            "clusterings",
                                            "testable",
                                            "hidden",
                                            "untestable_because",
                                            "not_testable_because",
                                            "tests",
                                            "overall",
                                            "usual"};

static bool is_in(const char *name, const char *const *names, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (strcmp(name, names[i]) == 0) return true;
  return false;
}

/* A reason why something is null goes with it. */
static bool is_passed_over(const struct comparing *c, const char *name) {
  if (!c->from_cells) return false;
  size_t length = strlen(name), reason = strlen("_reason");
  char *plain = eh_arena_string(c->arena, name);
  if (length > reason && strcmp(name + length - reason, "_reason") == 0)
    plain[length - reason] = '\0';
  return is_in(plain, of_records, sizeof of_records / sizeof *of_records) ||
         (c->is_dependent &&
          is_in(plain, of_dependence, sizeof of_dependence / sizeof *of_dependence));
}

static const char *shown(struct eh_arena *arena, const json_t *value) {
  if (!value) return "nothing";
  char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(17));
  const char *copy = eh_arena_printf(arena, "%.60s", text ? text : "?");
  free(text);
  return copy;
}

static void differ(struct comparing *c, const char *place, const json_t *packed,
                   const json_t *made) {
  struct eh_compared *to = c->compared;
  if (to->differences < EH_DIFFERENCES_SHOWN)
    to->places[to->differences] = eh_arena_printf(c->arena, "%s: %s in the package, %s here", place,
                                                  shown(c->arena, packed), shown(c->arena, made));
  to->differences++;
}

static void compare(struct comparing *c, const char *place, const json_t *packed,
                    const json_t *made);

static void compare_objects(struct comparing *c, const char *place, const json_t *packed,
                            const json_t *made) {
  const char *name;
  json_t *value;
  const char *dot = *place ? "." : "";
  json_object_foreach((json_t *)packed, name, value) {
    if (is_passed_over(c, name)) continue;
    compare(c, eh_arena_printf(c->arena, "%s%s%s", place, dot, name), value,
            json_object_get(made, name));
  }
  json_object_foreach((json_t *)made, name,
                      value) if (!is_passed_over(c, name) && !json_object_get(packed, name))
      differ(c, eh_arena_printf(c->arena, "%s%s%s", place, dot, name), NULL, value);
}

/* Of a comparison or a unit its name. */
static const char *name_of(struct eh_arena *arena, const json_t *item) {
  const char *unit = json_string_value(json_object_get(item, "unit"));
  const char *title = json_string_value(json_object_get(item, "title"));
  if (!unit && !title) return "";
  return eh_arena_printf(arena, " (%.80s)", unit ? unit : title);
}

static void compare_arrays(struct comparing *c, const char *place, const json_t *packed,
                           const json_t *made) {
  if (json_array_size(packed) != json_array_size(made)) {
    json_t *counts[] = {json_integer((json_int_t)json_array_size(packed)),
                        json_integer((json_int_t)json_array_size(made))};
    differ(c, eh_arena_printf(c->arena, "%s, how many", place), counts[0], counts[1]);
    json_decref(counts[0]);
    json_decref(counts[1]);
    return;
  }
  for (size_t i = 0; i < json_array_size(packed); i++) {
    const json_t *item = json_array_get(packed, i);
    bool was_dependent = c->is_dependent;
    if (json_is_array(json_object_get(item, "results")))
      c->is_dependent = json_array_size(json_object_get(item, "dependence")) > 0;
    compare(c, eh_arena_printf(c->arena, "%s[%zu]%s", place, i, name_of(c->arena, item)), item,
            json_array_get(made, i));
    c->is_dependent = was_dependent;
  }
}

static void compare(struct comparing *c, const char *place, const json_t *packed,
                    const json_t *made) {
  if (json_is_object(packed) && json_is_object(made)) {
    compare_objects(c, place, packed, made);
  } else if (json_is_array(packed) && json_is_array(made)) {
    compare_arrays(c, place, packed, made);
  } else {
    c->compared->figures++;
    if (!made || !json_equal(packed, made)) differ(c, place, packed, made);
  }
}

static bool any_dependent(const json_t *findings) {
  size_t i;
  json_t *item;
  json_array_foreach(
      json_object_get(findings, "comparisons"), i,
      item) if (json_array_size(json_object_get(item, "dependence")) > 0) return true;
  return false;
}

enum eh_status eh_findings_compare(struct eh_arena *arena, const char *packed, size_t packed_length,
                                   const char *made, size_t made_length, bool from_cells,
                                   struct eh_compared *compared, struct eh_error *error) {
  *compared = (struct eh_compared){0};
  json_t *a = json_loadb(packed, packed_length, JSON_REJECT_DUPLICATES, NULL),
         *b = json_loadb(made, made_length, 0, NULL);
  enum eh_status status = EH_OK;
  if (!a || !b) status = eh_fail(error, EH_BAD_INPUT, "findings.json in the package is no JSON");
  struct comparing c = {.arena = arena,
                        .compared = compared,
                        .from_cells = from_cells,
                        .is_dependent = a && any_dependent(a)};
  if (status == EH_OK) compare(&c, "", a, b);
  json_decref(a);
  json_decref(b);
  return status;
}
