/* What must not change what an audit finds: the order of records, names and order of units, which
 * outcome is called the event, how a stratum's identical parts are cut, records that nobody shares.
 * On random worlds, with fixed seeds. */
#include <string.h>

#include "engine/audit/findings/audit.h"
#include "tests/bench/world.h"
#include "tests/load/records.h"

static const char flag[] = "{smallest_caseload: 1, smallest_difference: 5 points}";
static const struct eh_account no_account = {0};

static const struct world_plan plans[] = {
    {.units = 2, .strata = 8, .caseload = 60, .base_rate = .3, .spread = .5},
    {.units = 12, .strata = 5, .caseload = 40, .skew = .8, .base_rate = .2, .spread = .8},
    {.units = 15, .strata = 60, .caseload = 50, .skew = .8, .base_rate = .4, .spread = .5},
    {.units = 8, .strata = 20, .caseload = 60, .base_rate = .02, .spread = 1},
    {.units = 24,
     .offices = 4,
     .strata = 4,
     .caseload = 50,
     .skew = .5,
     .base_rate = .3,
     .spread = .8},
};
enum { PLANS = sizeof plans / sizeof plans[0], SEEDS = 4 };

struct audited {
  struct eh_arena *arena;
  const struct eh_rules *rules;
  struct world *world;
  const struct eh_comparison_result *comparison;
};

static const struct eh_comparison_result *audit_cells(struct eh_arena *arena,
                                                      const struct eh_rules *rules,
                                                      const struct eh_cells *cells,
                                                      size_t threads) {
  struct eh_audit_options options = {.threads = threads};
  return eh_audit_run(arena, rules, &no_account, cells, 1, &options)->comparisons;
}

static struct audited audited_world(size_t plan, uint64_t seed) {
  struct audited a = {.arena = eh_arena_new()};
  a.rules = world_rules(a.arena, flag, plans[plan].offices > 0);
  ck_assert_ptr_nonnull(a.rules);
  struct eh_random random = eh_random_seeded(seed, plan);
  a.world = world_new(a.arena, a.rules, &plans[plan], &random);
  world_decide(a.world, &random);
  a.comparison = audit_cells(a.arena, a.rules, &a.world->cells, 1);
  return a;
}

/* A copy whose units and cells may be changed. */
static struct eh_cells copy_cells(struct eh_arena *arena, const struct eh_cells *cells) {
  struct eh_cells copy = *cells;
  copy.units = eh_arena_alloc(arena, cells->unit_count, sizeof *copy.units);
  copy.cells = eh_arena_alloc(arena, cells->cell_count, sizeof *copy.cells);
  memcpy(copy.units, cells->units, cells->unit_count * sizeof *copy.units);
  memcpy(copy.cells, cells->cells, cells->cell_count * sizeof *copy.cells);
  return copy;
}

/* Sums in another order differ in their last digits; differences of nearly equal sums in more. */
static void same_value(double got, double want, const char *what) {
  ck_assert_msg(fabs(got - want) <= 1e-7 * fabs(want) + 1e-9, "%s is %.17g, not %.17g", what, got,
                want);
}
static void same_figure(struct eh_figure got, struct eh_figure want, const char *what) {
  ck_assert_msg((got.why_not == NULL) == (want.why_not == NULL), "%s: %s, not %s", what,
                got.why_not ? got.why_not : "a value", want.why_not ? want.why_not : "a value");
  if (!got.why_not) same_value(got.value, want.value, what);
}
static void same_interval(struct eh_interval got, struct eh_interval want, const char *what) {
  same_figure(got.estimate, want.estimate, what);
  same_figure(got.low, want.low, what);
  same_figure(got.high, want.high, what);
}

static struct eh_figure negative(struct eh_figure figure) {
  return figure.why_not ? figure : eh_figure(-figure.value);
}
static struct eh_interval mirrored(struct eh_interval i) {
  return (struct eh_interval){negative(i.estimate), negative(i.high), negative(i.low)};
}

/* What the unit's own records and its peers' say, apart from counts: the size of the difference. */
static void same_sizes(const struct eh_result *got, const struct eh_result *want) {
  same_interval(got->share.difference, want->share.difference, "difference");
  same_interval(got->event.risk_difference, want->event.risk_difference, "risk difference");
  same_figure(got->share.rate, want->share.rate, "rate");
  same_figure(got->share.expected_rate, want->share.expected_rate, "expected rate");
  ck_assert_int_eq(got->share.few, want->share.few);
}

static void same_tests(const struct eh_result *got, const struct eh_result *want) {
  ck_assert_int_eq(got->testable, want->testable);
  same_figure(got->p, want->p, "p");
  same_figure(got->log10_p, want->log10_p, "log10 p");
  same_figure(got->q, want->q, "q");
  same_value(got->event.exact.p, want->event.exact.p, "exact p");
  same_value(got->event.cmh.test.statistic, want->event.cmh.test.statistic, "CMH");
  same_value(got->event.homogeneity.tarone.statistic, want->event.homogeneity.tarone.statistic,
             "Tarone");
  same_value(got->event.smallest_log10_p, want->event.smallest_log10_p, "smallest p");
  same_figure(got->event.gamma, want->event.gamma, "gamma");
  same_figure(got->among.outlier_q, want->among.outlier_q, "outlier q");
  same_figure(got->event.power_80.smallest, want->event.power_80.smallest, "power_80");
  same_figure(got->event.caseload_needed, want->event.caseload_needed, "caseload needed");
  same_figure(got->among.versus_typical_p, want->among.versus_typical_p,
              "p against the typical unit");
  ck_assert_int_eq(got->flagged, want->flagged);
  ck_assert_int_eq(got->level, want->level);
  ck_assert_uint_eq(got->not_flagged_because.count, want->not_flagged_because.count);
  ck_assert_uint_eq(got->caveats.count, want->caveats.count);
}

static void same_counts(const struct eh_result *got, const struct eh_result *want) {
  ck_assert_uint_eq(got->records, want->records);
  ck_assert_uint_eq(got->share.all_events, want->share.all_events);
  ck_assert_uint_eq(got->comparable, want->comparable);
  ck_assert_uint_eq(got->share.events, want->share.events);
}

static void same_result(const struct eh_result *got, const struct eh_result *want) {
  same_counts(got, want);
  same_sizes(got, want);
  same_tests(got, want);
  same_interval(got->event.odds_ratio, want->event.odds_ratio, "odds ratio");
  same_figure(got->event.e_value, want->event.e_value, "E-value");
  same_figure(got->share.crude_difference, want->share.crude_difference, "crude difference");
  same_figure(got->among.outlier_z, want->among.outlier_z, "outlier z");
  same_figure(got->among.shrunken_difference, want->among.shrunken_difference,
              "shrunken difference");
  same_interval(got->among.versus_typical.excess, want->among.versus_typical.excess,
                "against the typical unit");
  ck_assert_int_eq(got->higher, want->higher);
}

static void same_whole(const struct eh_comparison_result *got,
                       const struct eh_comparison_result *want) {
  ck_assert_uint_eq(got->testable, want->testable);
  ck_assert_uint_eq(got->comparable, want->comparable);
  ck_assert_uint_eq(got->levels.flagged, want->levels.flagged);
  ck_assert_uint_eq(got->levels.exceptional, want->levels.exceptional);
  same_value(got->overall.statistic, want->overall.statistic, "overall");
  same_value(got->overall.df, want->overall.df, "df");
  same_figure(got->event.spread.tau.tau, want->event.spread.tau.tau, "tau");
  same_figure(got->event.power_80.smallest, want->event.power_80.smallest, "power_80");
}

static void shuffle(struct eh_random *random, size_t *order, size_t count) {
  for (size_t i = 0; i < count; i++) order[i] = i;
  for (size_t i = count; i > 1; i--) {
    size_t other = eh_random_below(random, i), kept = order[i - 1];
    order[i - 1] = order[other];
    order[other] = kept;
  }
}

/* Unit i of the new cells is unit order[i] of the old ones, under another name; likewise strata. */
static struct eh_cells permute(struct eh_arena *arena, const struct eh_cells *cells,
                               const size_t *units, const size_t *strata) {
  struct eh_cells new = copy_cells(arena, cells);
  size_t *place = eh_arena_alloc(arena, cells->stratum_count, sizeof *place), at = 0;
  uint32_t *codes =
      eh_arena_alloc(arena, cells->stratum_count * cells->column_count, sizeof *codes);
  for (size_t s = 0; s < cells->stratum_count; s++) {
    place[strata[s]] = s;
    memcpy(codes + s * cells->column_count, cells->codes + strata[s] * cells->column_count,
           cells->column_count * sizeof *codes);
  }
  new.codes = codes;
  for (size_t u = 0; u < cells->unit_count; u++) {
    const struct eh_unit *old = &cells->units[units[u]];
    new.units[u].first_cell = at;
    new.units[u].cell_count = old->cell_count;
    for (size_t s = 0; s < cells->stratum_count; s++)
      for (size_t i = old->first_cell; i < old->first_cell + old->cell_count; i++)
        if (place[cells->cells[i].stratum] == s) {
          new.cells[at] = cells->cells[i];
          new.cells[at].unit = (uint32_t)u;
          new.cells[at++].stratum = (uint32_t)s;
        }
  }
  return new;
}

START_TEST(names_and_order_change_nothing) {
  for (size_t i = 0; i < PLANS * SEEDS; i++) {
    struct audited a = audited_world(i % PLANS, i);
    const struct eh_cells *cells = &a.world->cells;
    struct eh_random random = eh_random_seeded(5, i);
    size_t *units = eh_arena_alloc(a.arena, cells->unit_count, sizeof *units);
    size_t *strata = eh_arena_alloc(a.arena, cells->stratum_count, sizeof *strata);
    shuffle(&random, units, cells->unit_count);
    shuffle(&random, strata, cells->stratum_count);
    struct eh_cells new = permute(a.arena, cells, units, strata);
    const struct eh_comparison_result *c = audit_cells(a.arena, a.rules, &new, 1);
    same_whole(c, a.comparison);
    for (size_t u = 0; u < cells->unit_count; u++)
      same_result(&c->results[u], &a.comparison->results[units[u]]);
    eh_arena_free(a.arena);
  }
}
END_TEST

START_TEST(another_outcome_mirrors) {
  for (size_t i = 0; i < PLANS * SEEDS; i++) {
    struct audited a = audited_world(i % PLANS, 100 + i);
    struct eh_cells new = copy_cells(a.arena, &a.world->cells);
    for (size_t k = 0; k < new.cell_count; k++)
      new.cells[k].events = new.cells[k].records - new.cells[k].events;
    new.events = new.records - new.events;
    const struct eh_comparison_result *c = audit_cells(a.arena, a.rules, &new, 1);
    same_whole(c, a.comparison);
    if (!c->event.spread.low.why_not) {
      same_value(c->event.spread.low.value, 1.0 - a.comparison->event.spread.high.value,
                 "typical low");
      same_value(c->event.spread.high.value, 1.0 - a.comparison->event.spread.low.value,
                 "typical high");
    }
    for (size_t u = 0; u < new.unit_count; u++) {
      const struct eh_result *got = &c->results[u], *want = &a.comparison->results[u];
      same_tests(got, want);
      same_interval(got->share.difference, mirrored(want->share.difference), "difference");
      same_interval(got->event.risk_difference, mirrored(want->event.risk_difference),
                    "risk difference");
      same_interval(got->among.versus_typical.excess, mirrored(want->among.versus_typical.excess),
                    "versus typical");
      same_figure(got->share.crude_difference, negative(want->share.crude_difference),
                  "crude difference");
      same_figure(got->among.outlier_z, negative(want->among.outlier_z), "outlier z");
      same_value(got->event.cmh.deviation, -want->event.cmh.deviation, "deviation");
      ck_assert_uint_eq(got->share.events, want->comparable - want->share.events);
      ck_assert_int_eq(got->share.few, want->share.few);
      if (!got->event.odds_ratio.estimate.why_not && want->event.odds_ratio.estimate.value > 0)
        same_value(got->event.odds_ratio.estimate.value,
                   1.0 / want->event.odds_ratio.estimate.value, "odds");
      if (!want->event.odds_ratio.high.why_not)
        same_value(got->event.odds_ratio.low.value, 1.0 / want->event.odds_ratio.high.value,
                   "odds, low");
    }
    eh_arena_free(a.arena);
  }
}
END_TEST

/* Every stratum twice, or every count doubled: the same shares, and the same weights of the strata.
 * Tests may tell the two apart (they take the margins of each stratum as given), sizes may not. */
static struct eh_cells twice(struct eh_arena *arena, const struct eh_cells *cells, bool cut) {
  struct eh_cells new = copy_cells(arena, cells);
  new.records *= 2;
  new.events *= 2;
  if (!cut) {
    for (size_t i = 0; i < cells->cell_count; i++) {
      new.cells[i].records *= 2;
      new.cells[i].events *= 2;
    }
    return new;
  }
  size_t codes_count = cells->stratum_count * cells->column_count;
  uint32_t *codes = eh_arena_alloc(arena, 2 * codes_count, sizeof *codes);
  memcpy(codes, cells->codes, codes_count * sizeof *codes);
  memcpy(codes + codes_count, cells->codes, codes_count * sizeof *codes);
  new.codes = codes;
  new.stratum_count *= 2;
  new.cell_count *= 2;
  new.cells = eh_arena_alloc(arena, new.cell_count, sizeof *new.cells);
  for (size_t u = 0; u < cells->unit_count; u++) {
    const struct eh_unit *old = &cells->units[u];
    struct eh_cell *to = new.cells + 2 * old->first_cell;
    for (size_t i = 0; i < 2 * old->cell_count; i++) {
      to[i] = cells->cells[old->first_cell + i % old->cell_count];
      if (i >= old->cell_count) to[i].stratum += (uint32_t)cells->stratum_count;
    }
    new.units[u].first_cell *= 2;
    new.units[u].cell_count *= 2;
  }
  return new;
}

START_TEST(identical_strata_merge) {
  for (size_t i = 0; i < PLANS * SEEDS; i++) {
    struct audited a = audited_world(i % PLANS, 200 + i);
    struct eh_cells cut = twice(a.arena, &a.world->cells, true);
    struct eh_cells merged = twice(a.arena, &a.world->cells, false);
    const struct eh_comparison_result *in_two = audit_cells(a.arena, a.rules, &cut, 1);
    const struct eh_comparison_result *in_one = audit_cells(a.arena, a.rules, &merged, 1);
    for (size_t u = 0; u < cut.unit_count; u++) {
      const struct eh_result *got = &in_two->results[u], *want = &in_one->results[u];
      same_counts(got, want);
      if (want->share.few) /* the score interval weighs each stratum's own n/(n - 1) */
        same_figure(got->share.difference.estimate, want->share.difference.estimate, "difference");
      else
        same_sizes(got, want);
      same_figure(got->share.crude_difference, want->share.crude_difference, "crude difference");
      same_value(got->event.cmh.deviation, want->event.cmh.deviation, "deviation");
      if (strcmp(got->event.odds_ratio_method ? got->event.odds_ratio_method : "",
                 "mantel-haenszel") == 0)
        same_interval(got->event.odds_ratio, want->event.odds_ratio, "odds ratio");
      /* Variances carry 1/(n - 1): cut in two, a stratum of n has 2/(n - 2), which is at least as
       * much, and at most half more for the smallest that can be cut. */
      double ratio =
          got->event.cmh.test.why_not ? 1.0 : got->event.cmh.variance / want->event.cmh.variance;
      ck_assert_msg(ratio >= 1.0 && ratio <= 1.5, "variance times %g", ratio);
    }
    eh_arena_free(a.arena);
  }
}
END_TEST

/* A unit gets records of a kind that nobody else has: none of its figures about comparable records
 * may move, nor any other unit's. */
START_TEST(records_without_peers_change_nothing) {
  for (size_t i = 0; i < PLANS * SEEDS; i++) {
    struct audited a = audited_world(i % PLANS, 300 + i);
    const struct eh_cells *cells = &a.world->cells;
    struct eh_cells new = copy_cells(a.arena, cells);
    size_t last = cells->unit_count - 1, columns = cells->column_count;
    uint32_t *codes = eh_arena_alloc(a.arena, (cells->stratum_count + 1) * columns, sizeof *codes);
    memcpy(codes, cells->codes, cells->stratum_count * columns * sizeof *codes);
    /* In its own office, if there are offices. */
    uint32_t own = cells->cells[cells->units[last].first_cell].stratum;
    memcpy(codes + cells->stratum_count * columns, codes + own * columns, columns * sizeof *codes);
    new.codes = codes;
    new.stratum_count++;
    new.cells = eh_arena_alloc(a.arena, cells->cell_count + 1, sizeof *new.cells);
    memcpy(new.cells, cells->cells, cells->cell_count * sizeof *new.cells);
    new.cells[new.cell_count++] = (struct eh_cell){.unit = (uint32_t)last,
                                                   .stratum = (uint32_t)cells->stratum_count,
                                                   .records = 3,
                                                   .events = 2};
    new.units[last].cell_count++;
    new.records += 3;
    new.events += 2;
    const struct eh_comparison_result *c = audit_cells(a.arena, a.rules, &new, 1);
    same_value(c->overall.statistic, a.comparison->overall.statistic, "overall");
    same_figure(c->event.spread.tau.tau, a.comparison->event.spread.tau.tau, "tau");
    for (size_t u = 0; u < cells->unit_count; u++) {
      const struct eh_result *got = &c->results[u], *want = &a.comparison->results[u];
      ck_assert_uint_eq(got->records, want->records + (u == last ? 3 : 0));
      ck_assert_uint_eq(got->comparable, want->comparable);
      ck_assert_uint_eq(got->share.events, want->share.events);
      same_sizes(got, want);
      same_figure(got->p, want->p, "p");
      same_figure(got->q, want->q, "q");
      same_figure(got->event.power_80.smallest, want->event.power_80.smallest, "power_80");
      same_interval(got->event.odds_ratio, want->event.odds_ratio, "odds ratio");
      ck_assert_int_eq(got->level, want->level);
    }
    eh_arena_free(a.arena);
  }
}
END_TEST

START_TEST(threads_change_nothing) {
  for (size_t i = 0; i < PLANS; i++) {
    struct audited a = audited_world(i, 400 + i);
    const struct eh_comparison_result *c = audit_cells(a.arena, a.rules, &a.world->cells, 3);
    same_whole(c, a.comparison);
    for (size_t u = 0; u < c->result_count; u++) {
      const struct eh_result *got = &c->results[u], *want = &a.comparison->results[u];
      same_result(got, want);
      ck_assert(got->p.value == want->p.value && got->q.value == want->q.value);
      ck_assert(got->among.rank.estimate.value == want->among.rank.estimate.value);
      ck_assert_str_eq(got->statement, want->statement);
    }
    eh_arena_free(a.arena);
  }
}
END_TEST

/* The records of a world, one line each, in the given order. */
static struct loaded load_in_order(const struct eh_cells *cells, const char *rules,
                                   struct eh_random *random) {
  char(*lines)[64] = eh_alloc(cells->records, sizeof *lines);
  size_t *order = eh_alloc(cells->records, sizeof *order), count = 0;
  for (size_t i = 0; i < cells->cell_count; i++)
    for (uint64_t k = 0; k < cells->cells[i].records; k++, count++)
      snprintf(lines[count], sizeof *lines, "%zu,%s,k%u,%s\n", count,
               cells->units[cells->cells[i].unit].label, cells->cells[i].stratum,
               k < cells->cells[i].events ? "released" : "detained");
  shuffle(random, order, count);
  struct eh_buffer text = {0};
  eh_buffer_puts(&text, "id,officer,kind,outcome\n");
  for (size_t i = 0; i < count; i++) eh_buffer_puts(&text, lines[order[i]]);
  struct loaded l = load_bytes(rules, text.text, text.length, 2);
  ck_assert_msg(l.status == EH_OK, "%s", l.error.message);
  eh_buffer_free(&text);
  free(order);
  free(lines);
  return l;
}

START_TEST(the_order_of_records_changes_nothing) {
  for (size_t i = 0; i < 4; i++) {
    struct audited a = audited_world(i, 500 + i);
    struct eh_random random = eh_random_seeded(6, i);
    struct loaded one = load_in_order(&a.world->cells, a.rules->text, &random);
    struct loaded other = load_in_order(&a.world->cells, a.rules->text, &random);
    const struct eh_comparison_result *c = audit_cells(one.arena, one.rules, one.cells, 1);
    const struct eh_comparison_result *d = audit_cells(other.arena, other.rules, other.cells, 1);
    ck_assert_uint_eq(c->result_count, a.comparison->result_count);
    same_whole(c, a.comparison);
    for (size_t u = 0; u < c->result_count; u++) {
      /* Kinds have other names than in the world, and so another order. */
      same_result(&c->results[u], &a.comparison->results[u]);
      ck_assert_str_eq(c->results[u].statement, d->results[u].statement);
      ck_assert(c->results[u].q.value == d->results[u].q.value);
      ck_assert(c->results[u].among.rank.estimate.value == d->results[u].among.rank.estimate.value);
    }
    unload(&one);
    unload(&other);
    eh_arena_free(a.arena);
  }
}
END_TEST

RUN_TESTS("properties", names_and_order_change_nothing, another_outcome_mirrors,
          identical_strata_merge, records_without_peers_change_nothing, threads_change_nothing,
          the_order_of_records_changes_nothing)
