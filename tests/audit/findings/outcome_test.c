/* Measures of a category and of a value, from records to findings. */
#include <string.h>

#include "engine/audit/findings/audit.h"
#include "tests/load/records.h"
#include "tests/stats/reference.h"

#define HEAD "evenhand: 1\ncolumns: {case: id}\nsimilarly_situated: [kind]\nmeasures:\n"
#define CATEGORY HEAD "  what: {category: result}\n"
#define VALUE HEAD "  how long: {value: days, flag: {smallest_difference: 5 days}}\n"
#define ACROSS "comparisons:\n  - {across: unit}\n"

static const struct eh_audit *audit_text(struct loaded *l, const char *rules, const char *text) {
  *l = load_bytes(rules, text, strlen(text), 1);
  ck_assert_msg(l->status == EH_OK, "%s", l->error.message);
  struct eh_audit_options options = {.threads = 2};
  return eh_audit_run(l->arena, l->rules, l->account, l->cells, l->cells_count, &options);
}

/* So many records, of one unit and kind, with one result and as many days. */
struct group {
  const char *unit, *kind;
  int records;
  const char *result;
  double days;
};

static const struct eh_audit *audit_groups(struct loaded *l, const char *rules,
                                           const struct group *groups, size_t count) {
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "id,unit,kind,result,days\n");
  for (size_t i = 0, id = 0; i < count; i++)
    for (int k = 0; k < groups[i].records; k++)
      eh_buffer_printf(&text, "%zu,%s,%s,%s,%g\n", id++, groups[i].unit, groups[i].kind,
                       groups[i].result, groups[i].days + k % 3 - 1);
  const struct eh_audit *audit = audit_text(l, rules, text.text);
  eh_buffer_free(&text);
  return audit;
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

START_TEST(categories_agree_with_r) {
  struct loaded l;
  struct eh_arena *arena = eh_arena_new();
  const struct eh_audit *audit =
      audit_text(&l, CATEGORY ACROSS, read_whole(arena, "tests/reference/outcomes_records.csv"));
  struct reference want = reference_read("outcomes_values");
  const struct eh_comparison_result *c = &audit->comparisons[0];
  ck_assert_uint_eq(c->result_count, 4);
  ck_close(c->overall.statistic, reference_at(&want, 0, "overall"), 1e-9);
  ck_close(c->overall.df, reference_at(&want, 0, "overall_df"), 0);
  for (size_t u = 0; u < 4; u++) {
    const struct eh_result *r = &c->results[u];
    ck_assert_uint_eq(r->category.pooled, 0);
    /* R's is by chi-square, this by exact scores: with hundreds of records nearly the same */
    ck_close(r->test.statistic, reference_at(&want, u, "statistic"), 0.05);
    ck_close(r->test.df, reference_at(&want, u, "df"), 0);
    ck_assert_uint_eq(r->category.count, 4);
    double largest = 0;
    for (size_t j = 0; j < 4; j++) {
      char name[3] = {'d', (char)('1' + j), '\0'};
      ck_close(r->category.items[j].difference.estimate.value, reference_at(&want, u, name), 1e-9);
      largest = fmax(largest, fabs(r->category.items[j].difference.estimate.value));
    }
    ck_close(fabs(r->share.difference.estimate.value), largest, 1e-15);
    ck_assert_double_eq(r->share.difference.low.value,
                        r->category.items[r->category.largest].difference.low.value);
  }
  free(want.values);
  unload(&l);
  eh_arena_free(arena);
}
END_TEST

START_TEST(values_agree_with_r) {
  struct loaded l;
  struct eh_arena *arena = eh_arena_new();
  const struct eh_audit *audit =
      audit_text(&l, VALUE ACROSS, read_whole(arena, "tests/reference/outcomes_records.csv"));
  struct reference want = reference_read("outcomes_values");
  for (size_t u = 0; u < 4; u++) {
    const struct eh_result *r = &audit->comparisons[0].results[u];
    ck_close(r->test.statistic, reference_at(&want, u, "elteren"), 1e-9);
    ck_close(r->value.mean.value, reference_at(&want, u, "mean"), 1e-12);
    ck_close(r->value.difference.estimate.value, reference_at(&want, u, "difference"), 1e-9);
    ck_close(r->value.expected_mean.value, r->value.mean.value - r->value.difference.estimate.value,
             1e-12);
    ck_assert(r->higher == (r->value.superiority.value > 0.5));
    ck_assert_ptr_nonnull(r->share.difference.estimate.why_not);
    ck_assert_ptr_nonnull(r->share.rate.why_not);
  }
  /* The third unit takes 6 days more. */
  const struct eh_result *third = unit_of(audit, "3");
  ck_assert(third->flagged && third->higher && third->level == EH_NOTABLE);
  ck_assert_ptr_nonnull(strstr(third->statement, "3 differs from peers by +5.8"));
  ck_assert_ptr_nonnull(strstr(third->statement, " days (95% interval "));
  ck_assert(mentions(unit_of(audit, "1")->not_flagged_because, "days is smaller than 5"));
  ck_assert_uint_eq(audit->findings, 1);
  free(want.values);
  unload(&l);
  eh_arena_free(arena);
}
END_TEST

/* A category of two outcomes is an event and its contrary. */
START_TEST(two_outcomes_are_an_event) {
  static const struct group groups[] = {{"a", "x", 60, "Y", 0}, {"a", "x", 40, "N", 0},
                                        {"a", "y", 20, "Y", 0}, {"a", "y", 35, "N", 0},
                                        {"b", "x", 90, "Y", 0}, {"b", "x", 150, "N", 0},
                                        {"b", "y", 30, "Y", 0}, {"b", "y", 90, "N", 0}};
  struct loaded l;
  const struct eh_audit *audit = audit_groups(
      &l,
      HEAD "  what: {category: result}\n  yes: {event: result = 'Y'}\n" ACROSS,
      groups, 8);
  for (size_t u = 0; u < 2; u++) {
    const struct eh_result *what = &audit->comparisons[0].results[u],
                           *yes = &audit->comparisons[1].results[u];
    ck_close(what->p.value, yes->event.exact.mid_p, 1e-10);
    ck_close(what->q.value, yes->q.value, 1e-10);
    ck_assert_int_eq(what->level, yes->level);
    ck_close(what->category.items[1].difference.low.value, yes->share.difference.low.value, 1e-14);
    ck_close(fabs(what->share.crude_difference.value), fabs(yes->share.crude_difference.value),
             1e-14);
    ck_assert_uint_eq(what->comparable, yes->comparable);
  }
  ck_close(audit->comparisons[0].overall.statistic, audit->comparisons[1].overall.statistic, 1e-12);
  unload(&l);
}
END_TEST

START_TEST(categories_are_flagged_by_the_one_that_differs_most) {
  static const struct group groups[] = {
      {"a", "x", 20, "go", 0},   {"a", "x", 20, "stay", 0},  {"a", "x", 60, "wait", 0},
      {"a", "x", 2, "odd", 0},   {"b", "x", 80, "go", 0},    {"b", "x", 80, "stay", 0},
      {"b", "x", 40, "wait", 0}, {"b", "x", 1, "rare", 0},   {"c", "x", 80, "go", 0},
      {"c", "x", 80, "stay", 0}, {"c", "x", 50, "wait", 0},  {"few", "x", 9, "go", 0},
      {"", "x", 40, "go", 0},    {"alone", "z", 40, "go", 0}};
  struct loaded l;
  const struct eh_audit *audit = audit_groups(&l, CATEGORY ACROSS, groups, 14);
  const struct eh_result *a = unit_of(audit, "a");
  ck_assert(a->flagged && a->level == EH_STRONG && a->higher);
  ck_assert_str_eq(a->category.items[a->category.largest].label, "wait");
  ck_assert_ptr_nonnull(strstr(a->statement, "a differs from peers most in 'wait': +"));
  ck_assert_uint_eq(a->category.pooled, 3); /* odd, rare and the next */
  ck_assert(mentions(a->caveats, "3 outcomes that hardly occur"));
  ck_assert_ptr_nonnull(a->event.gamma.why_not);
  ck_assert_ptr_nonnull(a->event.cmh.test.why_not);
  const struct eh_result *c = unit_of(audit, "c");
  ck_assert(c->testable && !c->flagged && c->not_flagged_because.count > 0);
  ck_assert(mentions(unit_of(audit, "few")->not_flagged_because, "9 comparable records"));
  ck_assert(!unit_of(audit, EH_NOT_RECORDED)->testable);
  const struct eh_result *alone = unit_of(audit, "alone");
  ck_assert(!alone->testable && alone->comparable == 0);
  ck_assert_ptr_nonnull(strstr(alone->statement, "cannot be compared"));
  ck_assert_uint_eq(audit->tests, 3);
  unload(&l);
}
END_TEST

START_TEST(values_carried_by_few_are_named) {
  static const struct group groups[] = {{"a", "x", 90, "", 12},  {"a", "x", 10, "", 2000},
                                        {"b", "x", 100, "", 10}, {"b", "y", 100, "", 10},
                                        {"c", "x", 100, "", 10}, {"c", "y", 100, "", 10}};
  struct loaded l;
  const struct eh_audit *audit = audit_groups(&l, VALUE ACROSS, groups, 6);
  const struct eh_result *a = unit_of(audit, "a");
  ck_assert(a->flagged && a->higher);
  ck_assert(mentions(a->caveats, "is not that of typical records, which is +2"));
  unload(&l);
}
END_TEST

START_TEST(ranks_and_means_must_agree) {
  /* Most of a's values are lower, and a few far higher. */
  static const struct group groups[] = {{"a", "x", 90, "", 2},
                                        {"a", "x", 10, "", 900},
                                        {"b", "x", 100, "", 20},
                                        {"c", "x", 100, "", 20}};
  struct loaded l;
  const struct eh_audit *audit = audit_groups(&l, VALUE ACROSS, groups, 4);
  const struct eh_result *a = unit_of(audit, "a");
  ck_assert(a->testable && !a->flagged && !a->higher && a->value.difference.estimate.value > 5);
  ck_assert(mentions(a->not_flagged_because, "by ranks, and the means disagree in sign"));
  unload(&l);
}
END_TEST

START_TEST(a_reversal_is_named) {
  static const struct group groups[] = {
      {"a", "easy", 100, "go", 20}, {"a", "easy", 20, "stay", 20}, {"a", "hard", 500, "stay", 60},
      {"a", "hard", 400, "go", 60}, {"b", "easy", 600, "go", 10},  {"b", "easy", 300, "stay", 10},
      {"b", "hard", 20, "go", 50},  {"b", "hard", 80, "stay", 50}};
  struct loaded l;
  const struct eh_audit *audit = audit_groups(&l, CATEGORY ACROSS, groups, 8);
  ck_assert(mentions(unit_of(audit, "a")->caveats, "had the opposite sign"));
  ck_assert(mentions(unit_of(audit, "a")->caveats, "the two are one finding"));
  unload(&l);
  static const struct group values[] = {{"a", "easy", 900, "", 20},
                                        {"a", "hard", 100, "", 60},
                                        {"b", "easy", 100, "", 10},
                                        {"b", "hard", 900, "", 50}};
  audit = audit_groups(&l, VALUE ACROSS, values, 4);
  const struct eh_result *a = unit_of(audit, "a");
  ck_assert(a->flagged && a->higher && a->value.crude_difference.value < 0);
  ck_assert(mentions(a->caveats, "had the opposite sign (-"));
  unload(&l);
}
END_TEST

/* One unit of six takes far longer, and stays more: against it all others look quick. */
START_TEST(one_extreme_unit_moves_all_peers) {
  struct group groups[12];
  static const char *const names[] = {"a", "b", "c", "d", "e", "f"};
  for (size_t u = 0; u < 6; u++) {
    groups[2 * u] = (struct group){names[u], "x", u == 0 ? 400 : 50, "stay", u == 0 ? 300 : 20};
    groups[2 * u + 1] = (struct group){names[u], "x", u == 0 ? 20 : 50, "go", u == 0 ? 300 : 20};
  }
  struct loaded l;
  const struct eh_audit *audit = audit_groups(&l, VALUE ACROSS, groups, 12);
  const struct eh_result *a = unit_of(audit, "a"), *f = unit_of(audit, "f");
  ck_assert(a->flagged && f->flagged && !f->higher);
  ck_assert(mentions(f->caveats, "against the typical unit rather than all its peers"));
  ck_assert(!mentions(a->caveats, "typical unit"));
  ck_close(f->among.typical_difference.value, 0.0, 1e-9);
  unload(&l);
  audit = audit_groups(&l, CATEGORY ACROSS, groups, 12);
  a = unit_of(audit, "a"), f = unit_of(audit, "f");
  ck_assert(a->flagged && f->flagged);
  ck_assert(mentions(f->caveats, "against the typical unit"));
  ck_assert(!mentions(a->caveats, "typical unit"));
  unload(&l);
}
END_TEST

/* Two units share the middle: the typical one lies between them, whatever the values' sign. */
START_TEST(the_middle_of_an_even_number_is_shared) {
  static const double days[] = {10, 20, 30, 50, 70, 90};
  for (int sign = 1; sign >= -1; sign -= 2) {
    struct group groups[6];
    static const char *const names[] = {"a", "b", "c", "d", "e", "f"};
    for (size_t u = 0; u < 6; u++)
      groups[u] = (struct group){names[u], "x", 30, "", sign * days[u]};
    struct loaded l;
    const struct eh_audit *audit = audit_groups(&l, VALUE ACROSS, groups, 6);
    /* differences from peers: 6/5 of that from the mean, 45; the median of the days is 40 */
    for (size_t u = 0; u < 6; u++)
      ck_close(unit_of(audit, names[u])->among.typical_difference.value,
               sign * (days[u] - 40) * 1.2, 1e-9);
    unload(&l);
  }
}
END_TEST

/* A finding whose mean difference has no interval is told as one. */
START_TEST(values_that_do_not_vary_are_compared) {
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "id,unit,kind,result,days\n");
  for (int i = 0; i < 80; i++)
    eh_buffer_printf(&text, "%d,%s,x,,%d\n", i, i % 2 ? "a" : "b", i % 2 ? 30 : 10);
  struct loaded l;
  const struct eh_audit *audit = audit_text(&l, VALUE ACROSS, text.text);
  const struct eh_result *a = unit_of(audit, "a");
  ck_assert(a->flagged && a->level == EH_NOTABLE && a->value.difference.low.why_not);
  ck_assert_str_eq(a->statement,
                   "unit a differs from peers by +20.0 days (no interval: its variance cannot be "
                   "estimated) in how long: a mean of 30.0 over its 40 comparable records, where "
                   "peers had 10.0 for the same kinds of case. a and b differ from each other: one "
                   "fact, not two.");
  unload(&l);
  eh_buffer_free(&text);
}
END_TEST

START_TEST(values_too_small_by_little_say_so) {
  static const struct group groups[] = {{"a", "x", 60, "", 14.996}, {"b", "x", 60, "", 10}};
  struct loaded l;
  const struct eh_audit *audit = audit_groups(&l, VALUE ACROSS "numbers: plain\n", groups, 2);
  ck_assert(mentions(unit_of(audit, "a")->not_flagged_because,
                     "the mean difference of +4.996 days is smaller than 5"));
  unload(&l);
}
END_TEST

START_TEST(too_many_outcomes_are_refused) {
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "id,unit,kind,result,days\n");
  for (int i = 0; i < 400; i++)
    eh_buffer_printf(&text, "%d,%s,x,r%d,%d\n", i, i % 2 ? "a" : "b", i % 101, i);
  struct loaded l;
  const struct eh_audit *audit = audit_text(&l, CATEGORY ACROSS, text.text);
  const struct eh_result *a = unit_of(audit, "a");
  ck_assert(!a->testable && a->comparable == 200 && !a->category.items);
  ck_assert(mentions(a->not_flagged_because, "more than 100 different outcomes"));
  ck_assert_ptr_nonnull(audit->comparisons[0].overall.why_not);
  unload(&l);
  eh_buffer_free(&text);
}
END_TEST

RUN_TESTS("outcomes", categories_agree_with_r, values_agree_with_r, two_outcomes_are_an_event,
          categories_are_flagged_by_the_one_that_differs_most, values_carried_by_few_are_named,
          ranks_and_means_must_agree, a_reversal_is_named, one_extreme_unit_moves_all_peers,
          the_middle_of_an_even_number_is_shared, values_that_do_not_vary_are_compared,
          values_too_small_by_little_say_so, too_many_outcomes_are_refused)
