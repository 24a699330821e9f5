/* What a change of policy did: ICE's encounters of October against December 2016 by the reference,
 * as if a policy had begun in between. Skipped where the records are absent. */
#include "engine/audit/progress/policy.h"

#include "engine/load/cells/by_period.h"
#include "tests/load/records.h"
#include "tests/stats/shared_values.h"

#define ICE "../shared/data/ice/ice_decisions_2016-10_2016-12.csv.gz"
#define RULES                                                                              \
  "evenhand: 1\ntitle: t\n"                                                                \
  "columns: {case: Case ID, date: Event Date, office: Event Area of Responsibility, "      \
  "landmark: Landmark Class, citizenship: Citizenship, gender: Gender, what: Processing Disposition}\n" \
  "missing: ['(none)']\n"                                                                  \
  "records:\n  keep: date < 2016-11-01 or date >= 2016-12-01\n"                            \
  "policies:\n"                                                                            \
  "  - {name: October, from: 2016-10-01}\n"                                                \
  "  - {name: December, from: 2016-11-01, supersedes: October}\n"                          \
  "similarly_situated: [landmark, citizenship, gender]\n"                                  \
  "measures:\n  discretion:\n"                                                             \
  "    event: what in ('Prosecutorial Discretion', 'Released/Prosecutorial Discretion')\n" \
  "    flag: {smallest_caseload: 1}\n"                                                     \
  "comparisons:\n  - {across: policy}\n  - {across: policy, each: office}\n"               \
  "  - {across: office}\n"                                                                 \
  "goals:\n  - {name: g, measure: discretion, each: office, at_least: 1%, every: month}\n"

static void ck_change(const struct eh_change *c, const double *want) {
  ck_close(c->before.value, want[0], 1e-12);
  ck_close(c->after.value, want[1], 1e-12);
  ck_close(c->crude.value, want[2], 1e-9);
  ck_close((double)c->comparable, want[3], 0);
  ck_close((double)c->after_records, want[4], 0);
  ck_close(c->differently.estimate.value, want[5], 1e-9);
  ck_assert(fabs(c->other_cases.value - want[8]) < 1e-12);
  ck_assert(fabs(c->without_counterpart.value - want[9]) < 1e-12);
}

START_TEST(october_to_december) {
  static struct shared_row rows[SHARED_ROWS];
  const char *file = ICE;
  FILE *there = fopen(ICE, "r");
  if (!there || !shared_is_there()) return;
  fclose(there);
  struct loaded l = load_files(RULES, &file, 1, (struct eh_load_options){.threads = 2});
  ck_assert_msg(l.status == EH_OK, "%s", l.error.message);
  struct eh_cells *tables;
  size_t table_count;
  ck_assert_int_eq(eh_records_tables(l.arena, l.records, &tables, &table_count, &l.error), EH_OK);
  const struct eh_policy_changes *changes =
      eh_policy_changes_find(l.arena, l.rules, l.cells, l.cells_count, tables, table_count);
  ck_assert_uint_eq(changes->count, 2);
  const struct eh_policy_change *all = &changes->items[0], *each = &changes->items[1];
  size_t count = shared_read("policy_change_ice", 1, rows);
  ck_assert_str_eq(all->before, "October");
  ck_assert_str_eq(all->after, "December");
  ck_change(&all->change, rows[0].numbers);
  ck_close(all->change.differently.low.value, rows[0].numbers[6], 1e-9);
  ck_close(all->change.differently.high.value, rows[0].numbers[7], 1e-9);
  size_t met = 0;
  for (size_t i = 1; i < count; i++)
    for (size_t u = 0; u < each->unit_count; u++) {
      if (strcmp(each->units[u].unit, rows[i].first) != 0) continue;
      ck_change(&each->units[u].change, rows[i].numbers);
      met++;
    }
  ck_assert_uint_eq(met, 25);
  /* the spread between the offices, each against the others of its time */
  ck_assert_uint_eq(each->spread.units, 25);
  ck_close(each->spread.before.estimate.value, 1.20430400018619, 1e-9);
  ck_close(each->spread.after.estimate.value, 1.69879788771474, 1e-9);
  ck_close(each->spread.correlation.value, .581648820446395, 1e-9);
  ck_close(each->spread.change.low.value, .0193944337838642, 1e-8);
  ck_close(each->spread.change.high.value, 1.18103399705225, 1e-9);
  ck_assert_ptr_nonnull(all->spread.change.estimate.why_not);
  ck_assert_ptr_nonnull(strstr(all->statement, "fell by 1.8 points"));
  unload(&l);
}
END_TEST

static int by_situation(const void *x, const void *y) {
  const struct eh_trend_cell *a = x, *b = y;
  return (a->situation > b->situation) - (a->situation < b->situation);
}

/* All offices together, over three months. */
START_TEST(trend_of_three_months) {
  const char *file = ICE;
  FILE *there = fopen(ICE, "r");
  if (!there) return;
  fclose(there);
  struct eh_arena *arena = eh_arena_new();
  static const char whole[] = RULES;
  const char *rules = eh_arena_printf(arena, "%.*s%s", (int)(strstr(whole, "records:") - whole),
                                      whole, strstr(whole, "similarly_situated"));
  rules = eh_arena_printf(arena, "%.*s%s", (int)(strstr(rules, "  - {across: policy}") - rules),
                          rules, strstr(rules, "  - {across: office}"));
  struct loaded l = load_files(rules, &file, 1, (struct eh_load_options){.threads = 2});
  ck_assert_msg(l.status == EH_OK, "%s", l.error.message);
  struct eh_cells *tables;
  size_t count;
  ck_assert_int_eq(eh_records_tables(l.arena, l.records, &tables, &count, &l.error), EH_OK);
  struct eh_by_period_asked asked = {
      .every = EH_EVERY_MONTH, .across = l.rules->goals[0].across, .last_day = INT32_MAX};
  const struct eh_by_period *months = eh_by_period_of(l.arena, l.rules, tables, count, &asked);
  struct eh_trend_cell *cells = eh_arena_alloc(arena, months->item_count, sizeof *cells);
  for (size_t i = 0; i < months->item_count; i++)
    cells[i] = (struct eh_trend_cell){months->items[i].situation, months->items[i].period,
                                      months->items[i].records, months->items[i].events};
  qsort(cells, months->item_count, sizeof *cells, by_situation);
  struct eh_trend trend = eh_trend(cells, months->item_count);
  ck_close(trend.deviation, -201.692471442144, 1e-9);
  ck_close(trend.variance, 3642.75808824527, 1e-9);
  ck_close(trend.slope.value, -.0553680663267155, 1e-9);
  ck_close(trend.test.p, .000832507026601585, 1e-9);
  unload(&l);
  eh_arena_free(arena);
}
END_TEST

/* Three policies, one beside the other: each change is taken by itself. */
START_TEST(each_change_by_itself) {
  struct eh_buffer records = {0};
  eh_buffer_puts(&records, "id,day,kind,result\n");
  for (int i = 0; i < 900; i++)
    eh_buffer_printf(&records, "%d,20%02d-03-01,k%d,%c\n", i, 10 + i % 3, i % 2,
                     i / 3 % 10 < 2 + i % 3 * 2 ? 'Y' : 'N');
  static const char rules[] =
      "evenhand: 1\ntitle: t\ncolumns: {case: id, date: day}\n"
      "policies:\n  - {name: A, from: 2010-01-01}\n  - {name: B, from: 2011-01-01}\n"
      "  - {name: C, from: 2012-01-01, supersedes: [A, B]}\n"
      "similarly_situated: [kind]\nmeasures: {yes: {event: result = 'Y'}}\n"
      "comparisons:\n  - {across: policy}\n";
  struct loaded l = load_bytes(rules, records.text, records.length, 1);
  ck_assert_int_eq(l.status, EH_OK);
  const struct eh_policy_changes *changes =
      eh_policy_changes_find(l.arena, l.rules, l.cells, l.cells_count, NULL, 0);
  ck_assert_uint_eq(changes->count, 2); /* nothing was decided before A */
  ck_assert_str_eq(changes->items[0].before, "A");
  ck_assert_str_eq(changes->items[0].after, "A + B");
  ck_assert_str_eq(changes->items[1].after, "C");
  for (size_t i = 0; i < 2; i++) {
    ck_close(changes->items[i].change.crude.value, 0.2, 1e-12);
    ck_close(changes->items[i].change.differently.estimate.value, 0.2, 1e-12);
    ck_assert_ptr_nonnull(changes->items[i].trend.test.why_not);
  }
  eh_buffer_free(&records);
  unload(&l);
}
END_TEST

RUN_TESTS("policy", october_to_december, trend_of_three_months, each_change_by_itself)
