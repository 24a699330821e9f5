/* Whose difference a finding is, and what is said and shown of those whose it is not. */
#include "engine/audit/behind/drilldown.h"
#include "engine/audit/findings/audit.h"
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

struct world {
  struct loaded l;
  char *name;
  const struct eh_audit *audit;
};

static struct world world_of(const struct group *groups, size_t count) {
  struct world w;
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "id,unit,kind,result\n");
  int id = 0;
  for (size_t i = 0; i < count; i++)
    for (int k = 0; k < groups[i].records; k++)
      eh_buffer_printf(&text, "%d,%s,%s,%s\n", id++, groups[i].unit, groups[i].kind,
                       k < groups[i].events ? "Y" : "N");
  w.name = file_of(text.text, text.length);
  w.l = load_files(RULES, (const char *const *)&w.name, 1,
                   (struct eh_load_options){.threads = 2, .can_find = true});
  ck_assert_msg(w.l.status == EH_OK, "%s", w.l.error.message);
  eh_buffer_free(&text);
  struct eh_audit_options options = {.threads = 2};
  w.audit = eh_audit_run(w.l.arena, w.l.rules, w.l.account, w.l.cells, w.l.cells_count, &options);
  return w;
}

static void end(struct world *w) {
  unlink(w->name);
  free(w->name);
  unload(&w->l);
}

static const struct eh_result *unit_of(const struct world *w, const char *unit) {
  for (size_t i = 0; i < w->audit->comparisons[0].result_count; i++)
    if (strcmp(w->audit->comparisons[0].results[i].unit, unit) == 0)
      return &w->audit->comparisons[0].results[i];
  ck_abort_msg("no unit %s", unit);
  return NULL;
}

static bool mentions(struct eh_texts texts, const char *words) {
  for (size_t i = 0; i < texts.count; i++)
    if (strstr(texts.items[i], words)) return true;
  return false;
}

/* Two pairs in kinds of their own: each is told of its other, not of the other pair. */
START_TEST(a_pair_is_one_fact) {
  static const struct group groups[] = {
      {"a", "v", 100, 90}, {"b", "v", 100, 20}, {"c", "w", 100, 15}, {"d", "w", 100, 80}};
  struct world w = world_of(groups, 4);
  static const char *const said[][2] = {
      {"a", " a and b differ from each other: one fact, not two."},
      {"b", " a and b differ from each other: one fact, not two."},
      {"c", " c and d differ from each other: one fact, not two."},
      {"d", " c and d differ from each other: one fact, not two."}};
  ck_assert_uint_eq(w.audit->facts, 2);
  for (size_t i = 0; i < 4; i++)
    ck_assert_msg(strstr(unit_of(&w, said[i][0])->statement, said[i][1]), "%s",
                  unit_of(&w, said[i][0])->statement);
  end(&w);
}
END_TEST

/* One far above and one far below: with the low one among its peers, an ordinary deviation of the
   same kind is not seen. */
START_TEST(who_is_hidden_is_told) {
  static const struct group groups[] = {{"far", "v", 400, 360}, {"some", "v", 300, 108},
                                        {"p", "v", 300, 60},    {"q", "v", 300, 60},
                                        {"r", "v", 300, 60},    {"s", "v", 300, 60}};
  struct world w = world_of(groups, sizeof groups / sizeof groups[0]);
  const struct eh_result *some = unit_of(&w, "some");
  ck_assert(unit_of(&w, "far")->who.who == EH_WHO_UNIT);
  ck_assert(!some->flagged && some->testable && some->who.hidden);
  ck_assert_msg(mentions(some->not_flagged_because,
                         "hidden by far, found among its peers: without that one it differs by "
                         "+16.0 points"),
                "%s", some->not_flagged_because.items[0]);
  ck_assert_uint_eq(some->who.without.count, 1);
  ck_assert_double_eq_tol(some->who.difference_without.value, .16, 1e-12);
  for (size_t i = 0; i < w.audit->comparisons[0].result_count; i++)
    ck_assert(&w.audit->comparisons[0].results[i] == some ||
              !w.audit->comparisons[0].results[i].who.hidden);
  end(&w);
}
END_TEST

/* No pairs and no files of those that differ only because another does. */
START_TEST(nobody_reads_files_of_those_who_only_have_peers) {
  static const struct group groups[] = {{"far", "v", 400, 360}, {"p", "v", 300, 60},
                                        {"q", "v", 300, 60},    {"r", "v", 300, 60},
                                        {"s", "v", 300, 60},    {"t", "v", 300, 60}};
  struct world w = world_of(groups, sizeof groups / sizeof groups[0]);
  const struct eh_drilldown *drilldown;
  struct eh_find_source source = eh_records_source(w.l.records);
  ck_assert_int_eq(eh_drilldown_make(w.l.arena, w.audit, &source, &drilldown, &w.l.error), EH_OK);
  ck_assert_uint_eq(w.audit->facts, 1);
  ck_assert_uint_eq(drilldown->count, 6);
  for (size_t i = 0; i < drilldown->count; i++) {
    const struct eh_drill *drill = &drilldown->items[i];
    bool differs = drill->result == unit_of(&w, "far");
    ck_assert(eh_result_differs(drill->result) == differs);
    ck_assert((drill->found.sample_count > 0) == differs);
    ck_assert((drill->found.pair_count > 0) == differs);
    ck_assert_uint_gt(drill->situations.count, 0);
  }
  end(&w);
}
END_TEST

RUN_TESTS("who", a_pair_is_one_fact, who_is_hidden_is_told,
          nobody_reads_files_of_those_who_only_have_peers)
