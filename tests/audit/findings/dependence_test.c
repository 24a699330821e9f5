/* Decisions that depend on each other, from records to what is said of units. */
#include <unistd.h>

#include "engine/audit/findings/audit.h"
#include "engine/base/random.h"
#include "tests/load/records.h"

static const char head[] =
    "evenhand: 1\ncolumns: {case: id, person: person, date: day}\n"
    "similarly_situated: [s]\nmeasures:\n  m: {event: y = '1'}\n"
    "flag: {smallest_caseload: 30, smallest_difference: 5 points}\n";

struct audited {
  struct loaded l;
  const struct eh_audit *audit;
};

static struct audited audit_text(const char *rules, const char *records, size_t threads) {
  struct audited a;
  a.l = load_bytes(rules, records, strlen(records), threads);
  ck_assert_msg(a.l.status == EH_OK, "%s", a.l.error.message);
  struct eh_audit_options options = {.threads = threads};
  a.audit = eh_audit_run(a.l.arena, a.l.rules, a.l.account, a.l.cells, a.l.cells_count, &options);
  return a;
}

/* Officers of days of so many decisions each; a day's decisions are all alike with this chance. */
static const char *days_of(struct eh_arena *arena, int officers, int days, int size, double alike,
                           uint64_t seed) {
  struct eh_random random = eh_random_seeded(seed, 0);
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "id,person,day,u,s,panel,y\n");
  for (int u = 0, id = 0; u < officers; u++)
    for (int d = 0; d < days; d++) {
      bool together = eh_random_uniform(&random) < alike, all = eh_random_uniform(&random) < 0.4;
      for (int i = 0; i < size; i++, id++)
        eh_buffer_printf(&text, "%d,%d,2015-%02d-%02d,u%d,%d,%d,%d\n", id, id, d % 12 + 1,
                         d / 12 + 1, u, i % 2, u * days + d,
                         together ? all : eh_random_uniform(&random) < 0.4);
    }
  const char *kept = eh_arena_copy(arena, text.text, text.length);
  eh_buffer_free(&text);
  return kept;
}

static bool mentions(struct eh_texts texts, const char *words) {
  for (size_t i = 0; i < texts.count; i++)
    if (strstr(texts.items[i], words)) return true;
  return false;
}

static const struct eh_clustered *clustering_of(const struct eh_audit *audit, const char *within) {
  const struct eh_cells *cells = audit->comparisons[0].cells;
  for (size_t i = 0; i < cells->clustering_count; i++)
    if (strcmp(cells->clusterings[i].within, within) == 0) return &cells->clusterings[i];
  return NULL;
}

static const char *rules_of(struct eh_arena *arena, const char *more) {
  return eh_arena_printf(arena, "%scomparisons:\n  - {across: u%s}\n", head, more);
}

START_TEST(days_that_hang_together_are_found_and_allowed_for) {
  struct eh_arena *arena = eh_arena_new();
  const char *records = days_of(arena, 12, 12, 8, 0.7, 5);
  struct audited screened = audit_text(rules_of(arena, ""), records, 1);
  struct audited none = audit_text(rules_of(arena, ", dependent_within: none"), records, 1);
  ck_assert_uint_eq(screened.audit->findings, 0);
  ck_assert_uint_gt(none.audit->findings, 2);
  const struct eh_clustered *days = clustering_of(screened.audit, "u and date");
  ck_assert_ptr_nonnull(days);
  ck_assert_double_gt(days->dependence.z, 5.0);
  ck_assert_uint_eq(days->dependence.clusters, 12 * 12);
  ck_assert_uint_eq(none.audit->comparisons[0].cells->clustering_count, 0);
  ck_assert(mentions(none.audit->notes, "dependent_within: none"));
  ck_assert(!mentions(screened.audit->notes, "dependent_within"));
  size_t told = 0;
  for (size_t u = 0; u < 12; u++) {
    const struct eh_result *with = &screened.audit->comparisons[0].results[u],
                           *without = &none.audit->comparisons[0].results[u];
    ck_assert_double_eq(with->dependence.p.value, without->p.value);
    ck_assert_double_eq(with->event.exact.mid_p, without->event.exact.mid_p);
    ck_assert_double_ge(with->p.value, without->p.value);
    ck_assert_double_le(with->share.difference.low.value, without->share.difference.low.value);
    ck_assert_double_le(with->event.odds_ratio.low.value, without->event.odds_ratio.low.value);
    ck_assert_double_eq(with->dependence.q.value, without->q.value);
    ck_assert(mentions(with->caveats, "depend on each other here"));
    ck_assert_double_eq(with->among.effect.value, without->among.effect.value);
    ck_assert_double_eq_tol(with->among.effect_variance.value,
                            without->among.effect_variance.value * with->dependence.test.delta,
                            1e-12);
    told +=
        mentions(with->not_flagged_because, "once the dependence of decisions of one u and date");
  }
  ck_assert_uint_gt(told, 0);
  unload(&screened.l);
  unload(&none.l);
  eh_arena_free(arena);
}
END_TEST

/* Nobody differs, but days do: what they make of a caseload is not taken for officers' differing.
 */
START_TEST(what_days_do_is_no_spread_of_officers) {
  struct eh_arena *arena = eh_arena_new();
  static const char *const ways[2] = {", dependent_within: none", ", dependent_within: [u, date]"};
  double tau[2] = {0}, shown[2] = {0};
  enum { WORLDS = 12 };
  for (uint64_t seed = 1; seed <= WORLDS; seed++)
    for (int w = 0; w < 2; w++) {
      struct audited a =
          audit_text(rules_of(arena, ways[w]), days_of(arena, 20, 12, 8, 0.7, seed), 2);
      const struct eh_spread_part *spread = &a.audit->comparisons[0].event.spread;
      tau[w] += spread->tau.tau.value / WORLDS;
      shown[w] += !spread->low.why_not;
      unload(&a.l);
    }
  ck_assert_msg(tau[0] > 0.3, "%g", tau[0]);
  ck_assert_msg(tau[1] < 0.4 * tau[0], "%g, %g", tau[0], tau[1]);
  ck_assert_double_gt(shown[0], WORLDS / 2);
  ck_assert_double_le(shown[1], 1);
  eh_arena_free(arena);
}
END_TEST

START_TEST(independent_days_change_nothing) {
  struct eh_arena *arena = eh_arena_new();
  const char *records = days_of(arena, 12, 12, 8, 0.0, 9);
  struct audited screened = audit_text(rules_of(arena, ""), records, 1);
  const struct eh_clustered *days = clustering_of(screened.audit, "u and date");
  ck_assert_ptr_nonnull(days);
  ck_assert_double_lt(days->dependence.z, EH_SCREEN_Z);
  for (size_t u = 0; u < 12; u++) {
    const struct eh_result *r = &screened.audit->comparisons[0].results[u];
    ck_assert_ptr_null(r->dependence.clustering);
    ck_assert_double_eq(r->p.value, r->event.exact.mid_p);
    ck_assert(!mentions(r->caveats, "depend on each other"));
  }
  unload(&screened.l);
  eh_arena_free(arena);
}
END_TEST

/* Ways to name the same days give the same figures, on any number of threads. */
START_TEST(named_clusters) {
  struct eh_arena *arena = eh_arena_new();
  const char *records = days_of(arena, 12, 12, 8, 0.7, 5);
  static const char *const ways[] = {"", ", dependent_within: [u, date]",
                                     ", dependent_within: [date, u]", ", dependent_within: panel"};
  double p[12] = {0};
  for (size_t w = 0; w < 4; w++) {
    struct audited a = audit_text(rules_of(arena, ways[w]), records, 1 + w % 2);
    for (size_t u = 0; u < 12; u++) {
      const struct eh_result *r = &a.audit->comparisons[0].results[u];
      if (w == 0) p[u] = r->p.value;
      if (w < 3) ck_assert_double_eq(r->p.value, p[u]);
      /* a panel is another kind than a day: both are allowed for */
      if (w == 3) ck_assert_uint_eq(r->dependence.kinds, 2);
      if (w == 3) ck_assert_double_ge(r->p.value, p[u]);
    }
    ck_assert(clustering_of(a.audit, w == 3 ? "panel" : "u and date")->named == (w > 0));
    unload(&a.l);
  }
  struct audited office = audit_text(rules_of(arena, ", dependent_within: [date]"), records, 2);
  ck_assert_ptr_nonnull(clustering_of(office.audit, "date"));
  ck_assert_ptr_nonnull(clustering_of(office.audit, "date of one u"));
  ck_close(clustering_of(office.audit, "date of one u")->dependence.theta.value,
           clustering_of(office.audit, "u and date")->dependence.theta.value, 1e-12);
  unload(&office.l);
  eh_arena_free(arena);
}
END_TEST

START_TEST(a_unit_of_one_day_is_not_tested) {
  struct eh_arena *arena = eh_arena_new();
  const char *records = days_of(arena, 12, 12, 8, 0.7, 5);
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, records);
  for (int i = 0; i < 40; i++)
    eh_buffer_printf(&text, "x%d,x%d,2015-03-03,one,%d,one,1\n", i, i, i % 2);
  struct audited a = audit_text(rules_of(arena, ", dependent_within: [u, date]"), text.text, 1);
  const struct eh_result *one = &a.audit->comparisons[0].results[0];
  ck_assert_str_eq(one->unit, "one");
  ck_assert(!one->testable);
  ck_assert_ptr_nonnull(
      strstr(one->untestable_because, "nearly all its decisions are of one u and"));
  eh_buffer_free(&text);
  unload(&a.l);
  eh_arena_free(arena);
}
END_TEST

/* Each person twice, before several officers. */
START_TEST(persons_are_screened) {
  struct eh_arena *arena = eh_arena_new();
  struct eh_random random = eh_random_seeded(3, 0);
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "id,person,day,u,s,panel,y\n");
  for (int person = 0; person < 700; person++) {
    int y = eh_random_uniform(&random) < 0.4;
    for (int k = 0; k < 2; k++)
      eh_buffer_printf(&text, "%d-%d,p%d,2015-%02d-%02d,u%d,%d,,%d\n", person, k, person,
                       (int)eh_random_below(&random, 12) + 1, (int)eh_random_below(&random, 28) + 1,
                       (int)eh_random_below(&random, 8), person % 2, y);
  }
  struct audited a = audit_text(rules_of(arena, ""), text.text, 2);
  const struct eh_clustered *persons = clustering_of(a.audit, "person");
  ck_assert_ptr_nonnull(persons);
  ck_assert_int_eq(persons->kind, EH_CLUSTERS_OF_PERSON);
  ck_assert_uint_eq(persons->dependence.with_pairs, 700);
  ck_assert_double_gt(persons->dependence.z, 10.0);
  eh_buffer_free(&text);
  unload(&a.l);
  eh_arena_free(arena);
}
END_TEST

#define CASES "../shared/cases/"

static size_t findings_of(const char *rules, const char *records) {
  struct eh_arena *arena = eh_arena_new();
  struct loaded l =
      load_files(read_whole(arena, rules), &records, 1, (struct eh_load_options){.threads = 2});
  ck_assert_msg(l.status == EH_OK, "%s", l.error.message);
  struct eh_audit_options options = {.threads = 2};
  size_t findings =
      eh_audit_run(l.arena, l.rules, l.account, l.cells, l.cells_count, &options)->findings;
  unload(&l);
  eh_arena_free(arena);
  return findings;
}

/* Six were found among 20 officers who do not differ; one of 40 units in mostly zero values. */
START_TEST(cases_without_a_difference) {
  if (access(CASES, R_OK) != 0) return;
  ck_assert_uint_eq(findings_of(CASES "44-decided-on-the-same-day/04_court_days.yaml",
                                CASES "44-decided-on-the-same-day/04_court_days.csv"),
                    0);
  ck_assert_uint_eq(findings_of(CASES "41-mostly-zero-values/01_value_mostly_zero_null.yaml",
                                CASES "41-mostly-zero-values/01_value_mostly_zero_null.csv"),
                    0);
}
END_TEST

RUN_TESTS("audit/dependence", days_that_hang_together_are_found_and_allowed_for,
          what_days_do_is_no_spread_of_officers, independent_days_change_nothing, named_clusters,
          a_unit_of_one_day_is_not_tested, persons_are_screened, cases_without_a_difference)
