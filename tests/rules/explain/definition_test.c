/* What makes two comparisons the same, and what makes them another. */
#include <string.h>

#include "rules/rules.h"
#include "tests/test.h"

static const char base[] =
    "evenhand: 1\n"
    "title: One\n"
    "columns: {case: id, date: decided, officer: Officer}\n"
    "records:\n"
    "  keep: date >= 2015-10-01 and component = 'ICE'\n"
    "policies:\n"
    "  - {name: A, from: 2011-06-17}\n"
    "derive:\n"
    "  age: {years_between: [birth_date, date]}\n"
    "  age_band: {bands: [18, 26], of: age}\n"
    "  unused: {bands: [1, 2], of: age}\n"
    "similarly_situated: [age_band]\n"
    "measures:\n"
    "  released: {event: outcome = 'released', among: stage = 'custody'}\n"
    "comparisons:\n"
    "  - {across: officer}\n";

/* The definition under the rules with one text in them replaced. */
static const char *definition(struct eh_arena *arena, const char *from, const char *to) {
  const char *at = strstr(base, from);
  ck_assert_ptr_nonnull(at);
  const char *text =
      eh_arena_printf(arena, "%.*s%s%s", (int)(at - base), base, to, at + strlen(from));
  const struct eh_rules *rules = NULL;
  struct eh_problems problems = {0};
  enum eh_status status = eh_rules_read(arena, "r.yaml", text, strlen(text), &rules, &problems);
  ck_assert_msg(status == EH_OK, "%s", problems.count ? problems.items[0].message : "");
  eh_problems_free(&problems);
  return eh_rules_definition(arena, rules, &rules->comparisons[0], &rules->measures[0]);
}

static const struct {
  const char *from, *to;
  bool same;
} changes[] = {
    {"title: One", "title: Two", true},
    {"date >= 2015-10-01", "date between 2016-10-01 and 2017-09-30", true},
    {"officer: Officer", "officer: Agent", true},
    {"unused: {bands: [1, 2]", "unused: {bands: [1, 3]", true},
    {"{name: A, from: 2011-06-17}", "{name: B, from: 2012-06-17}", true},
    {"component = 'ICE'", "component = 'CBP'", false},
    {"date >= 2015-10-01 and", "", true},
    {"bands: [18, 26]", "bands: [18, 30]", false},
    {"years_between: [birth_date", "years_between: [arrival_date", false},
    {"outcome = 'released'", "outcome != 'released'", false},
    {"stage = 'custody'", "stage != 'custody'", false},
    {"similarly_situated: [age_band]", "similarly_situated: []", false},
    {"across: officer", "across: officer, within: [office]", false},
    {"across: officer", "across: officer, dependent_within: none", false},
    {"records:\n", "records:\n  repeated: first\n", true},
    {"records:\n", "records:\n  repeated: last\n", false},
    {"records:\n", "records:\n  order_by: seq\n", false},
};

START_TEST(the_same_meaning_has_the_same_text) {
  struct eh_arena *arena = eh_arena_new();
  const char *first = definition(arena, "title: One", "title: One");
  bool same = strcmp(first, definition(arena, changes[_i].from, changes[_i].to)) == 0;
  ck_assert_msg(same == changes[_i].same, "%s -> %s", changes[_i].from, changes[_i].to);
  eh_arena_free(arena);
}
END_TEST

int main(void) {
  TCase *tcase = new_tests("definition");
  tcase_add_loop_test(tcase, the_same_meaning_has_the_same_text, 0,
                      sizeof changes / sizeof *changes);
  return run_case("definition", tcase);
}
