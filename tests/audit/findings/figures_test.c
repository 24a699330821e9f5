/* Each figure of a result is what the statistics say of the unit's own tables. */
#include <string.h>

#include "engine/audit/findings/audit.h"
#include "engine/stats/multiplicity.h"
#include "engine/stats/power.h"
#include "tests/load/records.h"
#include "tests/test.h"

#define HEAD "evenhand: 1\ncolumns: {case: id}\nsimilarly_situated: [kind]\n"
#define ACROSS "comparisons:\n  - {across: unit}\n"

enum { UNITS = 7, KINDS = 3 };

/* Records and events by unit and kind. Unit e has no peers in kind z; g is too small. */
static const uint64_t records[UNITS][KINDS] = {{80, 60, 0},  {90, 40, 0}, {70, 70, 0}, {60, 90, 0},
                                               {85, 55, 40}, {75, 65, 0}, {6, 5, 0}};
static const uint64_t events[UNITS][KINDS] = {{20, 30, 0},  {21, 22, 0}, {15, 33, 0}, {17, 41, 0},
                                              {60, 48, 20}, {19, 31, 0}, {2, 2, 0}};

/* Event: Y; else N for odd records and M for even ones. days: 10 and 2 by the record. */
static const struct eh_audit *audit_units(struct loaded *l, const char *rules) {
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "id,unit,kind,result,days\n");
  size_t id = 0;
  for (int u = 0; u < UNITS; u++)
    for (int k = 0; k < KINDS; k++)
      for (uint64_t i = 0; i < records[u][k]; i++) {
        bool event = i < events[u][k];
        eh_buffer_printf(&text, "%zu,%c,%c,%s,%d\n", id++, 'a' + u, 'x' + k,
                         event   ? "Y"
                         : i % 2 ? "N"
                                 : "M",
                         (event ? 10 : 2) + u);
      }
  *l = load_bytes(rules, text.text, text.length, 1);
  ck_assert_msg(l->status == EH_OK, "%s", l->error.message);
  eh_buffer_free(&text);
  struct eh_audit_options options = {.threads = 2};
  return eh_audit_run(l->arena, l->rules, l->account, l->cells, l->cells_count, &options);
}

static size_t tables_of(int unit, struct eh_table *tables) {
  for (int k = 0; k < KINDS; k++) {
    tables[k] = (struct eh_table){events[unit][k], records[unit][k], 0, 0};
    for (int u = 0; u < UNITS; u++) {
      if (u == unit) continue;
      tables[k].c += events[u][k];
      tables[k].n2 += records[u][k];
    }
  }
  return KINDS;
}

static void same_figure(const char *what, struct eh_figure got, struct eh_figure want) {
  ck_assert_msg((got.why_not == NULL) == (want.why_not == NULL), "%s: %s", what,
                got.why_not ? got.why_not : "a value");
  if (!want.why_not)
    ck_assert_msg(fabs(got.value - want.value) <= 1e-12 * fabs(want.value),
                  "%s is %.17g, not %.17g", what, got.value, want.value);
}

static void same_interval(const char *what, struct eh_interval got, struct eh_interval want) {
  same_figure(what, got.estimate, want.estimate);
  same_figure(what, got.low, want.low);
  same_figure(what, got.high, want.high);
}

START_TEST(figures_of_an_event) {
  struct loaded l;
  const struct eh_audit *audit =
      audit_units(&l, HEAD "measures:\n  yes:\n    event: result = 'Y'\n" ACROSS);
  const struct eh_comparison_result *c = &audit->comparisons[0];
  struct eh_arena *arena = eh_arena_new();
  size_t rejections = 0, flagged = 0;
  ck_assert_uint_eq(c->testable, UNITS - 1);
  for (int u = 0; u < UNITS; u++)
    rejections += c->results[u].testable && c->results[u].q.value <= 0.05;
  for (int u = 0; u < UNITS; u++) {
    const struct eh_result *r = &c->results[u];
    struct eh_table tables[KINDS];
    size_t count = tables_of(u, tables);
    ck_assert_int_eq(r->unit[0], 'a' + u);
    ck_assert_uint_eq(r->records, records[u][0] + records[u][1] + records[u][2]);
    ck_assert_uint_eq(r->share.all_events, events[u][0] + events[u][1] + events[u][2]);
    ck_assert_uint_eq(r->comparable, records[u][0] + records[u][1]);
    ck_assert_uint_eq(r->share.events, events[u][0] + events[u][1]);
    struct eh_difference d = eh_difference(tables, count, 0.95);
    same_figure("rate", r->share.rate, eh_figure((double)r->share.events / (double)r->comparable));
    same_figure("expected", r->share.expected, eh_figure(d.expected));
    same_figure("expected rate", r->share.expected_rate,
                eh_figure(d.expected / (double)r->comparable));
    same_interval("difference", r->share.difference, d.interval);
    same_interval("risk difference", r->event.risk_difference,
                  eh_risk_difference(tables, count, 0.95).interval);
    same_interval("odds ratio", r->event.odds_ratio, eh_odds_ratio(tables, count, 0.95).interval);
    same_figure("E-value", r->event.e_value, eh_e_value_of_interval(&r->event.odds_ratio));
    struct eh_exact *exact = eh_exact_new(arena, tables, count);
    same_figure("p", r->p, eh_figure(eh_exact_p(exact).mid_p));
    same_figure("log10 p", r->log10_p, eh_figure(eh_exact_p(exact).log10_mid_p));
    same_figure("gamma at 5%", r->event.gamma_at_05, eh_gamma(exact, r->higher, 0.05));
    if (r->testable)
      same_figure("gamma", r->event.gamma,
                  eh_gamma_at_level(exact, r->higher, r->decided_at.value));
    ck_assert(r->higher == (eh_cmh(tables, count).deviation > 0.0));
    same_figure(
        "crude difference", r->share.crude_difference,
        eh_crude_difference(r->share.all_events, r->records, c->cells->events - r->share.all_events,
                            c->cells->records - r->records));
    double level =
        eh_power_alpha(0.05, rejections + !(r->testable && r->q.value <= 0.05), c->testable);
    if (r->testable) same_figure("level", r->decided_at, eh_figure(level));
    struct eh_power_plan plan = {level, 0.1, 30};
    struct eh_figure power = eh_power_80(eh_power_new(arena, tables, count, &plan)).smallest;
    same_figure("power", r->event.power_80.smallest,
                r->testable ? power : eh_no_figure("not testable"));
    same_figure("caseload needed", r->event.caseload_needed,
                r->testable ? eh_no_figure("testable") : eh_figure(30));
    struct eh_standard standard = {.smallest_difference = 0.1, .level = r->decided_at.value};
    struct eh_unrecorded unrecorded = eh_unrecorded(tables, count, &standard);
    if (!r->flagged) unrecorded = eh_no_unrecorded("not flagged");
    same_figure("unrecorded decisions", r->event.unrecorded.decisions, unrecorded.decisions);
    same_figure("completeness", r->event.unrecorded.completeness, unrecorded.completeness);
    same_figure("no mean", r->value.mean, eh_no_figure("an event"));
    same_figure("no mean difference", r->value.difference.low, eh_no_figure("an event"));
    same_figure("no shift", r->value.shift.estimate, eh_no_figure("an event"));
    flagged += r->flagged;
  }
  ck_assert(c->results[4].flagged && flagged >= 1);
  eh_arena_free(arena);
  unload(&l);
}
END_TEST

/* The q of each testable unit, and how many units have each level. */
START_TEST(families_and_levels) {
  static const char *const flags[] = {"", "flag: {multiplicity: any-dependence}\n"};
  for (int any = 0; any < 2; any++) {
    struct loaded l;
    struct eh_arena *arena = eh_arena_new();
    const struct eh_audit *audit =
        audit_units(&l, eh_arena_printf(arena, "%s%s",
                                        HEAD "measures:\n  yes:\n    event: result = 'Y'\n" ACROSS,
                                        flags[any]));
    const struct eh_comparison_result *c = &audit->comparisons[0];
    double log10_p[UNITS], q[UNITS], log10_q[UNITS];
    size_t levels[EH_EXCEPTIONAL + 1] = {0};
    for (size_t u = 0; u + 1 < UNITS; u++) log10_p[u] = c->results[u].log10_p.value;
    (any ? eh_benjamini_yekutieli : eh_benjamini_hochberg)(log10_p, UNITS - 1, q, log10_q);
    for (size_t u = 0; u + 1 < UNITS; u++) {
      const struct eh_result *r = &c->results[u];
      same_figure("q", r->q, eh_figure(q[u]));
      same_figure("log10 q", r->log10_q, eh_figure(log10_q[u]));
      same_figure("p against the typical unit", r->among.versus_typical_p,
                  eh_figure(pow(10.0, r->among.versus_typical.log10_p.value)));
      if (!r->among.outlier_z.why_not) {
        double tau = c->event.spread.tau.tau.value;
        ck_close((r->among.effect.value - r->among.effect_centre.value) /
                     sqrt(r->among.effect_variance.value + tau * tau),
                 r->among.outlier_z.value, 1e-12);
      }
      if (r->flagged) levels[r->level]++;
    }
    ck_assert_uint_eq(c->levels.notable, levels[EH_NOTABLE]);
    ck_assert_uint_eq(c->levels.strong, levels[EH_STRONG]);
    ck_assert_uint_eq(c->levels.exceptional, levels[EH_EXCEPTIONAL]);
    ck_assert_uint_ge(levels[EH_STRONG] + levels[EH_EXCEPTIONAL], 1);
    eh_arena_free(arena);
    unload(&l);
  }
}
END_TEST

/* With `test: cmh` a few strata are asked first whether a unit can be tested; here they tell
   nothing, and the last one does. */
START_TEST(the_last_stratum_makes_it_testable) {
  struct loaded l;
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "id,unit,kind,result\n");
  for (int i = 0; i < 400; i++)
    eh_buffer_printf(&text, "%d,%c,k%02d,N\n", i, 'a' + i / 4 % 2, i / 8);
  for (int i = 400; i < 600; i++)
    eh_buffer_printf(&text, "%d,%c,z,%c\n", i, 'a' + i % 2, i % 5 < 2 ? 'Y' : 'N');
  l = load_bytes(HEAD "measures:\n  yes:\n    event: result = 'Y'\n" ACROSS "flag: {test: cmh}\n",
                 text.text, text.length, 1);
  ck_assert_msg(l.status == EH_OK, "%s", l.error.message);
  eh_buffer_free(&text);
  struct eh_audit_options options = {.threads = 2};
  const struct eh_audit *audit =
      eh_audit_run(l.arena, l.rules, l.account, l.cells, l.cells_count, &options);
  ck_assert_uint_eq(audit->comparisons[0].testable, 2);
  ck_assert_str_eq(audit->comparisons[0].results[0].p_from, "cmh");
  unload(&l);
}
END_TEST

/* Of three results, the one that differs most is treated as the event. */
START_TEST(figures_of_a_category) {
  struct loaded l;
  const struct eh_audit *audit =
      audit_units(&l, HEAD "measures:\n  what: {category: result}\n" ACROSS);
  for (int u = 0; u < UNITS; u++) {
    const struct eh_result *r = &audit->comparisons[0].results[u];
    ck_assert_uint_eq(r->category.count, 3);
    double most = 0.0, rates = 0.0, differences = 0.0;
    for (size_t j = 0; j < 3; j++) {
      const struct eh_category_result *one = &r->category.items[j];
      same_figure("rate", one->rate, eh_figure((double)one->records / (double)r->comparable));
      same_figure("difference", one->difference.estimate,
                  eh_figure(one->rate.value - one->expected_rate.value));
      most = fmax(most, fabs(one->difference.estimate.value));
      rates += one->rate.value;
      differences += one->difference.estimate.value;
    }
    ck_close(rates, 1.0, 1e-12);
    ck_close(differences, 0.0, 1e-12);
    const struct eh_category_result *event = &r->category.items[r->category.largest];
    ck_close(fabs(event->difference.estimate.value), most, 1e-9);
    ck_assert_uint_eq(r->share.events, event->records);
    same_figure("rate", r->share.rate, event->rate);
    same_figure("expected rate", r->share.expected_rate, event->expected_rate);
    same_figure("expected", r->share.expected,
                eh_figure(event->expected_rate.value * (double)r->comparable));
    same_interval("difference", r->share.difference, event->difference);
    ck_assert(r->higher == (event->difference.estimate.value > 0.0));
    ck_assert_str_eq(r->p_from, "generalised cmh");
    same_figure("p", r->p, r->test.why_not ? eh_no_figure("none") : eh_figure(r->test.p));
  }
  unload(&l);
}
END_TEST

/* Ten days, or two, and one more for each unit. */
START_TEST(figures_of_a_value) {
  struct loaded l;
  const struct eh_audit *audit = audit_units(
      &l, HEAD "measures:\n  days: {value: days, flag: {smallest_difference: 1 day}}\n" ACROSS);
  double sum = 0.0, all = 0.0;
  for (int u = 0; u < UNITS; u++)
    for (int k = 0; k < KINDS; k++) {
      sum += (double)(records[u][k] * (uint64_t)(2 + u) + 8 * events[u][k]);
      all += (double)records[u][k];
    }
  for (int u = 0; u < UNITS; u++) {
    const struct eh_result *r = &audit->comparisons[0].results[u];
    double own = 0.0, comparable = 0.0;
    for (int k = 0; k < KINDS; k++) {
      double days = (double)(records[u][k] * (uint64_t)(2 + u) + 8 * events[u][k]);
      own += days;
      if (k < 2) comparable += days;
    }
    ck_close(r->value.mean.value, comparable / (double)r->comparable, 1e-12);
    ck_close(r->value.expected_mean.value, r->value.mean.value - r->value.difference.estimate.value,
             1e-12);
    ck_close(r->value.crude_difference.value,
             own / (double)r->records - (sum - own) / (all - (double)r->records), 1e-9);
    ck_assert_str_eq(r->p_from, "van elteren");
    ck_close(r->log10_p.value, r->test.log10_p, 0.25); /* counted, not by chi-square */
    ck_close(log10(r->p.value), r->log10_p.value, 1e-12);
    ck_assert_ptr_nonnull(r->value.p_method);
    ck_assert(!r->value.p_approximate);
  }
  unload(&l);
}
END_TEST

RUN_TESTS("figures", figures_of_an_event, families_and_levels, the_last_stratum_makes_it_testable,
          figures_of_a_category, figures_of_a_value)
