#include "reports/words/findings.h"

#include "tests/reports/sample.h"

/* By level, then decisions affected, whatever the group. */
START_TEST(order) {
  struct sample *s = sample_new();
  static const struct {
    enum eh_level level;
    double difference;
    uint64_t comparable;
  } units[6] = {{EH_NOTABLE, 0.5, 100},     {EH_EXCEPTIONAL, -0.2, 100},
                {EH_EXCEPTIONAL, 0.2, 200}, {EH_NOT_FLAGGED, 0.9, 100},
                {EH_STRONG, 0.1, 10},       {EH_EXCEPTIONAL, 0.3, 400}};
  for (size_t i = 0; i < 6; i++) {
    struct eh_result *r = &s->results[i];
    r->level = units[i].level;
    r->flagged = r->level != EH_NOT_FLAGGED;
    r->share.difference.estimate = eh_figure(units[i].difference);
    r->comparable = units[i].comparable;
  }
  const struct eh_findings *findings = eh_findings_collect(s->arena, &s->audit);
  static const size_t items[5] = {5, 2, 1, 4, 0};
  ck_assert_uint_eq(findings->count, 5);
  ck_assert_uint_eq(findings->group_count, 2);
  for (size_t i = 0; i < 5; i++) {
    ck_assert_ptr_eq(findings->items[i].result, &s->results[items[i]]);
    ck_assert_uint_eq(findings->items[i].number, i + 1);
  }
  ck_assert_double_eq_tol(eh_records_affected(&s->results[1]), 20.0, 1e-12);
  sample_free(s);
}
END_TEST

START_TEST(groups) {
  struct sample *s = sample_new();
  struct eh_comparison_result three[3] = {s->comparisons[0], s->comparisons[1], s->comparisons[1]};
  s->audit.comparisons = three;
  s->audit.comparison_count = 3;
  const struct eh_findings *findings = eh_findings_collect(s->arena, &s->audit);
  ck_assert_uint_eq(findings->group_count, 2);
  ck_assert_str_eq(findings->groups[0].title, "released, across office");
  ck_assert_str_eq(findings->groups[1].title, "released, across detained, for each office");
  ck_assert_uint_eq(findings->groups[1].count, 2);
  ck_assert_uint_eq(findings->groups[1].units, 4);
  ck_assert_uint_eq(findings->groups[0].flagged, 1);
  ck_assert_str_eq(eh_levels_in_words(s->arena, 1, 0, 1200), "1 exceptional, 1,200 notable");
  sample_free(s);
}
END_TEST

RUN_TESTS("reports/findings", order, groups)
