/* A finding under another definition has the figures that an audit under that definition gives, on
 * random records, for every kind of measure. */
#include <string.h>

#include "engine/audit/findings/audit.h"
#include "engine/audit/kinds/kinds.h"
#include "engine/base/random.h"
#include "tests/load/records.h"

static const struct {
  const char *key, *flag;
} kinds[] = {
    {"{event: yes = '1'", "smallest_difference: 8 points"},
    {"{category: result", "smallest_difference: 8 points"},
    {"{value: days", "smallest_difference: 0.08"},
};
enum { KINDS = sizeof kinds / sizeof kinds[0], RECORDS = 500 };

/* What the rules of a definition say otherwise; NULL: as the finding's. */
struct asked {
  const char *definition;
  const char *factors, *bands, *missing, *within, *keep;
};
static const struct asked finding = {"",        "a, band, region", "10, 20, 30",
                                     "compare", "office",          "id is not missing"};
static const struct asked others[] = {
    {"without a", "band, region", NULL, NULL, NULL, NULL},
    {"without band", "a, region", NULL, NULL, NULL, NULL},
    {"band in wider bands", NULL, "20", NULL, NULL, NULL},
    {"where every factor is recorded", NULL, NULL, "exclude", NULL, NULL},
    {"across all of office", NULL, NULL, NULL, "", NULL},
    {"as the union says", "region", NULL, NULL, "", NULL},
    {"only a: x", NULL, NULL, NULL, NULL, "a = 'x'"},
};
enum { OTHERS = sizeof others / sizeof others[0] };

static const char * or (const char *text, const char *otherwise) { return text ? text : otherwise; }

static const char *rules_of(struct eh_arena *arena, size_t kind, const struct asked *a) {
  const char *within = or (a->within, finding.within);
  return eh_arena_printf(
      arena,
      "evenhand: 1\ncolumns: {case: id}\nmissing: [\"\"]\n"
      "derive: {band: {bands: [%s], of: years}}\n"
      "records: {keep: %s}\nsimilarly_situated: [%s]\non_missing: %s\n"
      "measures: {m: %s, flag: {smallest_caseload: 5, false_discovery_rate: 20%%, %s}}}\n"
      "comparisons: [{across: officer%s%s%s, dependent_within: none}]\n"
      "robustness: {definitions: [{name: as the union says, similarly_situated: [region], within: "
      "[]}]}\n",
      or (a->bands, finding.bands), or (a->keep, finding.keep), or (a->factors, finding.factors),
      or (a->missing, finding.missing), kinds[kind].key, kinds[kind].flag,
      *within ? ", within: [" : "", within, *within ? "]" : "");
}

static unsigned below(struct eh_random *random, unsigned limit) {
  return (unsigned)eh_random_below(random, limit);
}

/* Officers of two offices, some of whom decide otherwise. */
static char *make_records(uint64_t seed) {
  struct eh_random random = eh_random_seeded(seed, 1);
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "id,officer,office,a,years,region,yes,result,days\n");
  for (int i = 0; i < RECORDS; i++) {
    unsigned officer = below(&random, 10), region = below(&random, 12);
    unsigned years = below(&random, 40), a = below(&random, 4);
    double chance = 0.2 + 0.1 * (a == 1) + 0.005 * years + (officer < 3 ? 0.25 : 0);
    bool event = eh_random_uniform(&random) < chance;
    eh_buffer_printf(&text, "%d,o%u,%s,%s,%u,r%u,%d,%s,%u\n", i, officer,
                     officer % 2 ? "east" : "west", (const char *[]){"x", "y", "z", ""}[a], years,
                     region * region / 12, event,
                     event        ? "out"
                     : region % 2 ? "in"
                                  : "held",
                     event);
  }
  return text.text;
}

struct audited {
  struct loaded loaded;
  const struct eh_audit *audit;
};

static struct audited audit_of(struct eh_arena *arena, size_t kind, const struct asked *asked,
                               const char *records) {
  struct audited a = {load_bytes(rules_of(arena, kind, asked), records, strlen(records), 1), NULL};
  ck_assert_msg(a.loaded.status == EH_OK, "%s", a.loaded.error.message);
  struct eh_audit_options options = {.threads = 2};
  a.audit = eh_audit_run(a.loaded.arena, a.loaded.rules, a.loaded.account, a.loaded.cells,
                         a.loaded.cells_count, &options);
  return a;
}

static const struct eh_retest *retest_of(const struct eh_comparison_result *c,
                                         const struct eh_result *r, const char *definition) {
  for (size_t i = 0; i < c->definition_count; i++)
    if (strcmp(c->definitions[i].name, definition) == 0) return &r->robustness.retests[i];
  ck_abort_msg("not tried: %s", definition);
  return NULL;
}

static const struct eh_result *unit_of(const struct eh_audit *audit, const char *unit) {
  const struct eh_comparison_result *c = &audit->comparisons[0];
  for (size_t i = 0; i < c->result_count; i++)
    if (strcmp(c->results[i].unit, unit) == 0) return &c->results[i];
  return NULL;
}

static void same_figure(struct eh_figure got, struct eh_figure want) {
  ck_assert_int_eq(got.why_not != NULL, want.why_not != NULL);
  if (!want.why_not) ck_close(got.value, want.value, 1e-11);
}

static void compare(const struct eh_comparison_result *c, const struct eh_result *r,
                    const struct eh_audit *other, const char *definition) {
  const struct eh_retest *t = retest_of(c, r, definition);
  const struct eh_result *want = unit_of(other, r->unit);
  if (t->outcome == EH_OUTCOME_NOT_TRIED || !want) return;
  const struct eh_interval *difference = want->category.items
                                             ? &want->category.items[r->category.largest].difference
                                             : eh_result_headline(want);
  ck_assert_uint_eq(t->comparable, want->comparable);
  same_figure(t->p, want->p);
  same_figure(t->difference.estimate, difference->estimate);
  same_figure(t->difference.low, difference->low);
  same_figure(t->difference.high, difference->high);
}

static void try_kind(size_t kind) {
  struct eh_arena *arena = eh_arena_new();
  size_t findings = 0;
  char *records = make_records(7 + kind);
  struct audited a = audit_of(arena, kind, &finding, records);
  const struct eh_comparison_result *c = &a.audit->comparisons[0];
  for (size_t o = 0; o < OTHERS; o++) {
    struct audited b = audit_of(arena, kind, &others[o], records);
    for (size_t u = 0; u < c->result_count; u++)
      if (c->results[u].flagged) {
        compare(c, &c->results[u], b.audit, others[o].definition);
        findings++;
      }
    unload(&b.loaded);
  }
  ck_assert_uint_ge(findings, OTHERS);
  unload(&a.loaded);
  eh_arena_free(arena);
  free(records);
}

START_TEST(event_as_an_audit_under_that_definition) { try_kind(0); }
END_TEST
START_TEST(category_as_an_audit_under_that_definition) { try_kind(1); }
END_TEST
START_TEST(value_as_an_audit_under_that_definition) { try_kind(2); }
END_TEST

/* Without its largest peer: as if that one had no records. */
START_TEST(without_the_largest_peer) {
  static const char rules[] =
      "evenhand: 1\ncolumns: {case: id}\nmeasures: {m: {event: y = '1', flag: "
      "{smallest_caseload: 10, smallest_difference: 1 point}}}\ncomparisons: [{across: u, "
      "dependent_within: none}]\n";
  struct eh_buffer all = {0}, rest = {0};
  for (int i = 0; i < 400; i++) {
    const char *unit = i < 100 ? "a" : i < 300 ? "large" : "small";
    int event = i < 100 ? i % 10 < 8 : i < 300 ? i % 10 < 2 : i % 10 < 5;
    if (i == 0) eh_buffer_puts(&all, "id,u,y\n");
    if (i == 0) eh_buffer_puts(&rest, "id,u,y\n");
    eh_buffer_printf(&all, "%d,%s,%d\n", i, unit, event);
    if (strcmp(unit, "large") != 0) eh_buffer_printf(&rest, "%d,%s,%d\n", i, unit, event);
  }
  struct loaded l = load_bytes(rules, all.text, all.length, 1);
  struct loaded m = load_bytes(rules, rest.text, rest.length, 1);
  struct eh_audit_options options = {.threads = 1};
  const struct eh_audit *audit =
      eh_audit_run(l.arena, l.rules, l.account, l.cells, l.cells_count, &options);
  const struct eh_audit *other =
      eh_audit_run(m.arena, m.rules, m.account, m.cells, m.cells_count, &options);
  const struct eh_result *r = unit_of(audit, "a");
  ck_assert(r->flagged);
  compare(&audit->comparisons[0], r, other, "without its largest peer");
  ck_assert_int_eq(retest_of(&audit->comparisons[0], r, "without its largest peer")->outcome,
                   EH_OUTCOME_STANDS);
  unload(&l);
  unload(&m);
  eh_buffer_free(&all);
  eh_buffer_free(&rest);
}
END_TEST

/* A finding that one factor makes: within its kinds of case the unit decides as all others do, and
   only a part of its records stands out. */
START_TEST(what_does_not_stand_is_said) {
  static const char rules[] =
      "evenhand: 1\ncolumns: {case: id}\nsimilarly_situated: [kind]\nmeasures: {m: {event: y = "
      "'1', flag: {smallest_caseload: 20, smallest_difference: 5 points}}}\ncomparisons: [{across: "
      "u, dependent_within: none}]\n";
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "id,u,kind,y\n");
  /* in both kinds u is 20 points below its peers; taken together it is above them */
  static const struct {
    const char *unit, *kind;
    int records, events;
  } groups[] = {{"u", "easy", 180, 126}, {"u", "hard", 20, 2},  {"v", "easy", 40, 36},
                {"v", "hard", 400, 80},  {"w", "easy", 40, 36}, {"w", "hard", 400, 80}};
  for (size_t g = 0, id = 0; g < 6; g++)
    for (int i = 0; i < groups[g].records; i++)
      eh_buffer_printf(&text, "%zu,%s,%s,%d\n", id++, groups[g].unit, groups[g].kind,
                       i < groups[g].events);
  struct loaded l = load_bytes(rules, text.text, text.length, 1);
  struct eh_audit_options options = {.threads = 1};
  const struct eh_audit *audit =
      eh_audit_run(l.arena, l.rules, l.account, l.cells, l.cells_count, &options);
  const struct eh_result *r = unit_of(audit, "u");
  ck_assert(r->flagged && !r->higher);
  ck_assert_int_eq(retest_of(&audit->comparisons[0], r, "without kind")->outcome,
                   EH_OUTCOME_REVERSED);
  ck_assert_str_eq(r->robustness.statement,
                   "stands in 0 of 1 other definition, reversed in 1, between -19.0 and +37.6 "
                   "points; in 2 of 2 parts of the records");
  bool warned = false;
  for (size_t i = 0; i < r->caveats.count; i++)
    warned = warned || strstr(r->caveats.items[i], "without kind (reversed, +37.6 points)");
  ck_assert(warned);
  ck_assert_double_eq(r->robustness.q_every.value, 1.0);
  unload(&l);
  eh_buffer_free(&text);
}
END_TEST

RUN_TESTS("definitions", event_as_an_audit_under_that_definition,
          category_as_an_audit_under_that_definition, value_as_an_audit_under_that_definition,
          without_the_largest_peer, what_does_not_stand_is_said)
