/* Flags, levels, reasons and caveats, from cells written down here. */
#include "engine/audit/findings/audit.h"

#include <string.h>

#include "tests/load/records.h"

#define RULES                                    \
  "evenhand: 1\ntitle: t\ncolumns: {case: id}\n" \
  "similarly_situated: [kind]\n"                 \
  "measures:\n  yes:\n    event: result = 'Y'\n" \
  "comparisons:\n  - {across: unit}\n"

struct group {
  const char *unit, *kind;
  int records, events;
};

/* Records that make these cells, audited under the rules. */
static const struct eh_audit *audit_groups(struct loaded *l, const char *rules,
                                           const struct group *groups, size_t count) {
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "id,unit,kind,office,result\n");
  int id = 0;
  for (size_t i = 0; i < count; i++)
    for (int k = 0; k < groups[i].records; k++)
      eh_buffer_printf(&text, "%d,%s,%s,o%c,%s\n", id++, groups[i].unit, groups[i].kind,
                       groups[i].unit[0] ? groups[i].unit[0] : '-',
                       k < groups[i].events ? "Y" : "N");
  *l = load_bytes(rules, text.text, text.length, 1);
  ck_assert_msg(l->status == EH_OK, "%s", l->error.message);
  eh_buffer_free(&text);
  struct eh_audit_options options = {.threads = 2};
  return eh_audit_run(l->arena, l->rules, l->account, l->cells, l->cells_count, &options);
}

static const struct eh_result *unit_of(const struct eh_audit *audit, const char *unit) {
  for (size_t i = 0; i < audit->comparisons[0].result_count; i++)
    if (strcmp(audit->comparisons[0].results[i].unit, unit) == 0)
      return &audit->comparisons[0].results[i];
  ck_abort_msg("no unit %s", unit);
  return NULL;
}

static bool mentions(struct eh_texts texts, const char *words) {
  for (size_t i = 0; i < texts.count; i++)
    if (strstr(texts.items[i], words)) return true;
  return false;
}

START_TEST(levels_and_reasons) {
  static const struct group groups[] = {
      {"far", "x", 200, 160},  {"far", "y", 100, 60},   {"near", "x", 200, 84},
      {"near", "y", 100, 21},  {"same", "x", 400, 160}, {"same", "y", 300, 60},
      {"also", "x", 400, 160}, {"also", "y", 300, 60},  {"third", "x", 400, 160},
      {"third", "y", 300, 60}, {"few", "x", 10, 10},    {"", "x", 40, 0},
      {"alone", "z", 50, 25},
  };
  struct loaded l;
  const struct eh_audit *audit = audit_groups(&l, RULES, groups, sizeof groups / sizeof groups[0]);
  const struct eh_result *far = unit_of(audit, "far");
  ck_assert(far->flagged && far->level >= EH_STRONG && far->higher);
  ck_assert_ptr_nonnull(strstr(far->statement, "far differs from peers by +"));
  ck_assert_uint_eq(far->not_flagged_because.count, 0);
  const struct eh_result *same = unit_of(audit, "same");
  ck_assert(!same->flagged && same->testable);
  ck_assert(mentions(same->not_flagged_because, "smaller than 10"));
  const struct eh_result *few = unit_of(audit, "few");
  ck_assert(!few->testable && !few->flagged);
  ck_assert(
      mentions(few->not_flagged_because, "it has 10 comparable records; the rules ask for 30"));
  ck_assert_ptr_nonnull(few->q.why_not);
  const struct eh_result *nobody = unit_of(audit, EH_NOT_RECORDED);
  ck_assert(!nobody->recorded && !nobody->testable && !nobody->flagged);
  const struct eh_result *alone = unit_of(audit, "alone");
  ck_assert_uint_eq(alone->comparable, 0);
  ck_assert_uint_eq(alone->records, 50);
  ck_assert(!alone->testable);
  ck_assert_ptr_nonnull(strstr(alone->statement, "cannot be compared"));
  ck_assert_uint_eq(audit->tests, 5);
  ck_assert_uint_eq(audit->comparisons[0].levels.flagged, audit->findings);
  /* The not recorded unit's records count among the peers of the others. */
  const struct eh_cells *cells = audit->comparisons[0].cells;
  ck_assert_uint_eq(cells->records, 2800);
  unload(&l);
}
END_TEST

START_TEST(a_unit_that_cannot_pass_is_not_called_consistent) {
  /* Thirty records, but no stratum in which both outcomes occur and peers exist; and one whose
   * margins allow no small p. */
  static const struct group groups[] = {
      {"a", "x", 40, 0}, {"b", "x", 40, 0}, {"c", "x", 40, 1}, {"d", "x", 40, 0}};
  struct loaded l;
  const struct eh_audit *audit = audit_groups(&l, RULES, groups, 4);
  for (size_t i = 0; i < 4; i++) {
    const struct eh_result *r = &audit->comparisons[0].results[i];
    ck_assert(!r->testable);
    ck_assert(mentions(r->not_flagged_because, "not testable: whatever it decided"));
    ck_assert(!r->event.caseload_needed.why_not && r->event.caseload_needed.value > 40);
  }
  ck_assert_uint_eq(audit->tests, 0);
  unload(&l);
}
END_TEST

START_TEST(caveats_carry_their_figures) {
  static const struct group groups[] = {
      {"a", "x", 60, 55},   {"a", "y", 60, 5},    {"a", "solo", 200, 100}, {"a", "", 60, 40},
      {"b", "x", 300, 100}, {"b", "y", 300, 100}, {"b", "", 100, 20},      {"c", "x", 300, 100},
      {"c", "y", 300, 100}, {"c", "", 100, 20},
  };
  struct loaded l;
  const struct eh_audit *audit = audit_groups(&l, RULES, groups, sizeof groups / sizeof groups[0]);
  const struct eh_result *a = unit_of(audit, "a");
  ck_assert(mentions(a->caveats, "only 180 of its 380 records have peers"));
  ck_assert(mentions(a->caveats, "not the same for every kind of case (Tarone's p"));
  ck_assert(mentions(a->caveats, "kind x"));
  ck_assert(mentions(a->caveats, "15.8% of its records lack a factor"));
  unload(&l);
}
END_TEST

START_TEST(few_events_make_the_large_test_approximate) {
  static const struct group groups[] = {
      {"a", "x", 40, 4}, {"b", "x", 400, 20}, {"c", "x", 400, 19}};
  static const char *const words[] = {"the interval is the score interval",
                                      "and the CMH test, which decides, then finds too much"};
  static const char *const rules[] = {RULES, RULES "flag: {test: cmh}\n"};
  for (size_t i = 0; i < 2; i++) {
    struct loaded l;
    const struct eh_audit *audit = audit_groups(&l, rules[i], groups, 3);
    ck_assert(mentions(unit_of(audit, "a")->caveats, words[0]));
    ck_assert_int_eq(mentions(unit_of(audit, "a")->caveats, words[1]), i == 1);
    ck_assert(!mentions(unit_of(audit, "b")->caveats, words[0]));
    unload(&l);
  }
}
END_TEST

START_TEST(a_reversal_is_named) {
  /* Simpson: in each kind of case a's rate is higher, over all it is lower. */
  static const struct group groups[] = {{"a", "easy", 100, 95},
                                        {"a", "hard", 900, 360},
                                        {"b", "easy", 900, 720},
                                        {"b", "hard", 100, 20}};
  struct loaded l;
  const struct eh_audit *audit = audit_groups(&l, RULES, groups, 4);
  const struct eh_result *a = unit_of(audit, "a");
  ck_assert(a->share.difference.estimate.value > 0 && a->share.crude_difference.value < 0);
  ck_assert(mentions(a->caveats, "the opposite sign"));
  ck_assert(mentions(a->caveats, "the two are one finding"));
  unload(&l);
}
END_TEST

START_TEST(the_judges_of_newark) {
  /* Six judges; METHODS gives the generalised CMH test, 440.884511 on 5 df. */
  static const struct group groups[] = {{"1", "x", 149, 2},   {"2", "x", 165, 49},
                                        {"3", "x", 269, 172}, {"4", "x", 346, 277},
                                        {"5", "x", 167, 145}, {"6", "x", 137, 122}};
  static const double roots[] = {-16.334836, -9.249924, .663276, 8.071162, 7.054262, 6.870648};
  struct loaded l;
  const struct eh_audit *audit = audit_groups(&l, RULES, groups, 6);
  const struct eh_comparison_result *c = &audit->comparisons[0];
  ck_close(c->overall.statistic, 440.884511, 1e-8);
  ck_close(c->overall.df, 5, 0);
  for (size_t i = 0; i < 6; i++)
    ck_close(
        copysign(sqrt(c->results[i].event.cmh.test.statistic), c->results[i].event.cmh.deviation),
        roots[i], 1e-5);
  /* Judge 3 decides as the typical judge nearly does; all others together make no difference of it
   * either. */
  ck_assert(!c->results[2].flagged);
  unload(&l);
}
END_TEST

START_TEST(nested_families_need_a_group_first) {
  /* Two offices, a and b; in b nobody differs. Under `nested`, only office a's officers can be
   * flagged. */
  struct eh_buffer rules = {0};
  eh_buffer_puts(&rules,
                 "evenhand: 1\ntitle: t\ncolumns: {case: id}\nsimilarly_situated: [kind]\nflag: "
                 "{multiplicity: nested}\n"
                 "measures:\n  yes:\n    event: result = 'Y'\ncomparisons:\n  - {across: unit, "
                 "within: office}\n");
  static const struct group groups[] = {{"a1", "x", 100, 90}, {"a2", "x", 100, 40},
                                        {"a3", "x", 100, 40}, {"b1", "x", 100, 40},
                                        {"b2", "x", 100, 42}, {"b3", "x", 100, 44}};
  struct loaded l;
  const struct eh_audit *audit = audit_groups(&l, rules.text, groups, 6);
  ck_assert(unit_of(audit, "a1")->flagged);
  ck_assert_str_eq(unit_of(audit, "a1")->place.within[0], "oa");
  ck_assert(!unit_of(audit, "b3")->flagged);
  ck_assert(unit_of(audit, "b1")->q.value > 0.5);
  unload(&l);
  eh_buffer_free(&rules);
}
END_TEST

/* Beyond 2,000 units in a block the test takes the diagonal alone, which of one stratum is exact;
   two blocks of half as many are tested in full. */
START_TEST(too_many_units_for_one_test) {
  enum { UNITS = 2002 };
  static struct group groups[UNITS];
  static char names[UNITS][16];
  for (int blocks = 1; blocks <= 2; blocks++) {
    for (int u = 0; u < UNITS; u++) {
      snprintf(names[u], sizeof names[u], "u%d", u);
      groups[u] = (struct group){names[u], blocks == 2 && u % 2 ? "odd" : "even", 2, 1};
    }
    struct loaded l;
    const struct eh_audit *audit = audit_groups(&l, RULES, groups, UNITS);
    const struct eh_test *test = &audit->comparisons[0].overall;
    ck_assert(!test->why_not);
    ck_assert_int_eq(audit->comparisons[0].overall_diagonal, blocks == 1);
    ck_close(test->df, UNITS - blocks, 1e-9);
    unload(&l);
  }
}
END_TEST

/* Of three records and three, three and none with the event: the smallest p there is, 1/20. */
START_TEST(a_p_of_the_rate_itself_is_found) {
  static const struct group groups[] = {{"a", "x", 3, 3}, {"b", "x", 3, 0}};
  static const struct {
    const char *flag;
    bool found;
  } cases[] = {{"flag: {smallest_caseload: 3}\n", true},
               {"flag: {smallest_caseload: 3, false_discovery_rate: 4.99999%}\n", false}};
  for (size_t i = 0; i < 2; i++) {
    struct loaded l;
    char rules[512];
    snprintf(rules, sizeof rules, "%s%s", RULES, cases[i].flag);
    const struct eh_audit *audit = audit_groups(&l, rules, groups, 2);
    const struct eh_result *a = unit_of(audit, "a");
    ck_close(a->p.value, 0.05, 1e-12);
    ck_assert(a->testable == cases[i].found && a->flagged == cases[i].found);
    unload(&l);
  }
}
END_TEST

/* No "+10.0 points is smaller than 10", and no "q = 0.050 is above 0.05". */
START_TEST(reasons_show_what_they_say) {
  static const struct group groups[] = {{"a", "x", 10000, 4997}, {"b", "x", 10000, 4000}};
  struct loaded l;
  const struct eh_audit *audit = audit_groups(&l, RULES, groups, 2);
  ck_assert(mentions(unit_of(audit, "a")->not_flagged_because,
                     "the difference of +9.97 points is smaller than 10"));
  unload(&l);
  static const struct group few[] = {{"a", "x", 1000, 545}, {"b", "x", 1000, 501}};
  audit = audit_groups(&l, RULES "flag: {smallest_difference: 1 point}\n", few, 2);
  double q = unit_of(audit, "a")->q.value;
  unload(&l);
  char rules[512]; /* a rate just below this q */
  snprintf(rules, sizeof rules,
           "%sflag: {smallest_difference: 1 point, false_discovery_rate: %.7f}\n", RULES, q - 1e-6);
  audit = audit_groups(&l, rules, few, 2);
  const struct eh_result *a = unit_of(audit, "a");
  ck_assert(!a->flagged && a->not_flagged_because.count == 1);
  double said = 0, above = 0;
  ck_assert_int_eq(sscanf(a->not_flagged_because.items[0],
                          "q = %lf is above the false discovery rate of %lf", &said, &above),
                   2);
  ck_assert(said > above);
  unload(&l);
}
END_TEST

/* Of 2,400 records one has the event: a unit with 2,279 of them can have p = 121/2400. */
START_TEST(the_least_p_is_told_with_enough_digits) {
  static const struct group groups[] = {{"a", "x", 2279, 0}, {"b", "x", 121, 1}};
  struct loaded l;
  const struct eh_audit *audit = audit_groups(&l, RULES, groups, 2);
  ck_assert(mentions(unit_of(audit, "a")->not_flagged_because,
                     "its p-value could not be below 0.0504; the rules ask for 0.05"));
  unload(&l);
}
END_TEST

/* Repeated for each office, a unit has a finding in each: its sentence says in which. */
START_TEST(statements_say_of_which_group) {
  static const struct group groups[] = {
      {"a1", "x", 100, 90}, {"a2", "x", 100, 20}, {"b1", "x", 100, 40}, {"b2", "x", 100, 41}};
  static const char rules[] =
      "evenhand: 1\ntitle: t\ncolumns: {case: id}\nsimilarly_situated: [kind]\n"
      "measures:\n  yes:\n    event: result = 'Y'\n"
      "comparisons:\n  - {across: unit, each: office}\n";
  struct loaded l;
  const struct eh_audit *audit = audit_groups(&l, rules, groups, 4);
  ck_assert_ptr_nonnull(strstr(unit_of(audit, "a1")->statement, ") in yes for office oa: 90.0%"));
  ck_assert_ptr_null(strstr(unit_of(audit, "a1")->statement, "ob"));
  unload(&l);
}
END_TEST

/* The records of nobody in particular are no unit, and their result no finding. */
START_TEST(records_of_nobody_mirror_none) {
  static const struct group groups[] = {{"a", "x", 100, 80}, {"", "x", 100, 30}};
  struct loaded l;
  const struct eh_audit *audit = audit_groups(&l, RULES, groups, 2);
  const struct eh_result *a = unit_of(audit, "a");
  ck_assert(a->flagged && audit->findings == 1);
  ck_assert(!mentions(a->caveats, "the two are one finding"));
  ck_assert(mentions(a->caveats, "its only peers are the records that do not say whose they are"));
  unload(&l);
}
END_TEST

/* Whose peers are one unit alone, though there are others elsewhere. */
START_TEST(an_only_peer_is_named) {
  static const struct group groups[] = {
      {"a", "v", 100, 90}, {"b", "v", 100, 20},                      /* each other's */
      {"c", "w", 100, 90}, {"d", "w", 100, 20}, {"e", "w", 100, 20}, /* two each */
      {"f", "x", 100, 90}, {"g", "x", 100, 20}, {"g", "y", 100, 20}, {"h", "y", 100, 20}};
  struct loaded l;
  const struct eh_audit *audit = audit_groups(&l, RULES, groups, sizeof groups / sizeof groups[0]);
  static const struct {
    const char *unit, *peer;
    bool mirrors;
  } expected[] = {{"a", "b", true},   {"b", "a", true},  {"c", NULL, false},
                  {"d", NULL, false}, {"f", "g", false}, {"g", NULL, false}};
  for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
    const struct eh_result *r = unit_of(audit, expected[i].unit);
    char peer[40];
    snprintf(peer, sizeof peer, "its only peer is %s", expected[i].peer ? expected[i].peer : "");
    ck_assert_msg(r->flagged, "%s", r->unit);
    ck_assert_msg(mentions(r->caveats, peer) == (expected[i].peer != NULL), "%s", r->unit);
    ck_assert(mentions(r->caveats, "the two are one finding") == expected[i].mirrors);
  }
  unload(&l);
}
END_TEST

/* All events on both sides: that they do not differ at all is not known for that. */
START_TEST(all_alike_has_an_interval) {
  static const struct group groups[] = {{"a", "x", 40, 40}, {"b", "x", 40, 40}};
  struct loaded l;
  const struct eh_audit *audit = audit_groups(&l, RULES, groups, 2);
  ck_assert_str_eq(
      unit_of(audit, "a")->statement,
      "unit a differs from peers by 0.0 points (95% interval -8.9 to +8.9) in yes: 100.0% of "
      "its 40 comparable records, where peers had 100.0% for the same kinds of case.");
  unload(&l);
}
END_TEST

RUN_TESTS("audit", levels_and_reasons, a_p_of_the_rate_itself_is_found, reasons_show_what_they_say,
          the_least_p_is_told_with_enough_digits, statements_say_of_which_group,
          all_alike_has_an_interval, records_of_nobody_mirror_none, an_only_peer_is_named,
          a_unit_that_cannot_pass_is_not_called_consistent, caveats_carry_their_figures,
          few_events_make_the_large_test_approximate, a_reversal_is_named, the_judges_of_newark,
          nested_families_need_a_group_first, too_many_units_for_one_test)
