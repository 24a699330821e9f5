/* Balancing weights: R's values (../shared/reference/model, skipped where that is absent), their
 * defining equations, and small caseloads. */
#include "engine/stats/balance.h"

#include <stdio.h>
#include <string.h>

#include "engine/base/random.h"
#include "engine/stats/balanced_test.h"
#include "engine/stats/caseload_model.h"
#include "engine/stats/chi_square.h"
#include "engine/stats/difference.h"
#include "tests/test.h"

enum { FACTORS = 3, PATTERNS = 18, UNITS = 6, MOST_CELLS = 80 };
#define REFERENCE "../shared/reference/model/"

/* Cells of some units over patterns of up to three factors. */
struct data {
  size_t factors, units, cells;
  uint32_t level_count[FACTORS];
  char unit[UNITS][8];
  size_t of[MOST_CELLS]; /* the unit */
  uint32_t level[MOST_CELLS][FACTORS];
  uint64_t n[MOST_CELLS], y[MOST_CELLS];
  double slopes[1 + FACTORS][FACTORS]; /* of the fit that gave R its p0: mu; by factor */
};

static double p0_of(const struct data *d, const uint32_t *levels) {
  double eta = d->slopes[0][0];
  for (size_t k = 0; k < d->factors; k++) eta += d->slopes[1 + k][levels[k]];
  return 1.0 / (1.0 + exp(-eta));
}

/* By gender; p0 is the rate of each. */
static struct data ucb(void) {
  static const uint64_t counts[6][4] = {{512, 313, 89, 19},   {353, 207, 17, 8},
                                        {120, 205, 202, 391}, {138, 279, 131, 244},
                                        {53, 138, 94, 299},   {22, 351, 24, 317}};
  struct data d = {.factors = 1, .units = 6, .level_count = {2}};
  double events[2] = {0}, records[2] = {0};
  for (size_t u = 0; u < 6; u++) {
    snprintf(d.unit[u], sizeof d.unit[u], "%c", (char)('A' + u));
    for (uint32_t g = 0; g < 2; g++, d.cells++) {
      d.of[d.cells] = u;
      d.level[d.cells][0] = g;
      d.y[d.cells] = counts[u][2 * g];
      d.n[d.cells] = counts[u][2 * g] + counts[u][2 * g + 1];
      events[g] += (double)d.y[d.cells];
      records[g] += (double)d.n[d.cells];
    }
  }
  for (size_t g = 0; g < 2; g++) d.slopes[1][g] = log(events[g] / (records[g] - events[g]));
  return d;
}

/* Three factors, four units, drawn by formula. */
static struct data grid(bool rare) {
  struct data d = {.factors = 3,
                   .units = 4,
                   .level_count = {3, 3, 2},
                   .slopes = {{-0.83140605028441916},
                              {0, 0.45925697634083662, 0.95519289802728979},
                              {0, -0.046979396672493956, -0.10897683928151512},
                              {0, 0.012719036981622316}}};
  static const double of_rare[4][3] = {{-2.6898436348212198},
                                       {0, 0.25679357698222804, 0.97977324150694678},
                                       {0, -0.0070419324141464549, -0.12136046189463287},
                                       {0, 0.042932927181254105}};
  if (rare) memcpy(d.slopes, of_rare, sizeof of_rare);
  for (uint32_t i = 0; i < 4; i++) {
    snprintf(d.unit[i], sizeof d.unit[i], "U%u", i);
    for (uint32_t k = 0; k < PATTERNS; k++, d.cells++) {
      uint32_t a = k / 6, b = k / 2 % 3, c = k % 2;
      uint64_t n = 3 + (7 * i + 5 * a + 3 * b + 2 * c) % 9 + (a == i % 3 ? 6u : 0) +
                   (b == (i + a) % 3 ? 4u : 0);
      uint64_t y = n * (1 + i + a + (b + c + i) % 2) / 9;
      if (rare) y = i == 0 ? (a == 2 && y > 0 ? 1 : 0) : y / 3;
      d.of[d.cells] = i;
      memcpy(d.level[d.cells], (uint32_t[]){a, b, c}, sizeof d.level[0]);
      d.n[d.cells] = n;
      d.y[d.cells] = y;
    }
  }
  return d;
}

/* One unit of the data against the others; exact 1: the first factor makes the strata. */
struct posed {
  struct eh_caseload caseload;
  struct eh_table tables[PATTERNS];
  uint32_t stratum[PATTERNS], levels[PATTERNS * FACTORS], level_count[FACTORS];
  double p0[PATTERNS];
};

static size_t pattern_of(const struct data *d, const uint32_t *levels) {
  size_t at = 0;
  for (size_t k = 0; k < d->factors; k++) at = at * d->level_count[k] + levels[k];
  return at;
}

static void pose(const struct data *d, size_t unit, size_t exact, struct posed *x) {
  *x = (struct posed){0};
  size_t width = d->factors - exact, count = 1;
  for (size_t k = 0; k < d->factors; k++) count *= d->level_count[k];
  for (size_t i = 0; i < d->cells; i++) {
    size_t p = pattern_of(d, d->level[i]);
    x->stratum[p] = exact ? d->level[i][0] : 0;
    for (size_t k = 0; k < width; k++) x->levels[p * width + k] = d->level[i][exact + k];
    x->p0[p] = p0_of(d, d->level[i]);
    uint64_t *n = d->of[i] == unit ? &x->tables[p].n1 : &x->tables[p].n2;
    uint64_t *y = d->of[i] == unit ? &x->tables[p].a : &x->tables[p].c;
    *n += d->n[i];
    *y += d->y[i];
  }
  for (size_t k = 0; k < width; k++) x->level_count[k] = d->level_count[exact + k];
  x->caseload = (struct eh_caseload){.count = count,
                                     .tables = x->tables,
                                     .stratum = x->stratum,
                                     .factors = width,
                                     .levels = x->levels,
                                     .level_count = x->level_count};
}

static size_t unit_named(const struct data *d, const char *name) {
  for (size_t u = 0; u < d->units; u++)
    if (strcmp(d->unit[u], name) == 0) return u;
  ck_abort_msg("no unit %s", name);
}

static FILE *open_reference(const char *name) {
  char path[200];
  snprintf(path, sizeof path, REFERENCE "%s", name);
  return fopen(path, "r");
}

/* What a line's text columns say: which data, how many factors are exact. */
static struct data data_named(const char *set, const char *design, size_t *exact) {
  bool is_grid = strncmp(set, "grid", 4) == 0, is_rare = strcmp(set, "rare") == 0;
  *exact = strstr(design, "exact") != NULL;
  return is_grid || is_rare ? grid(is_rare) : ucb();
}

static void check_balance(const char *line) {
  char design[40], unit[8];
  double w[12];
  int read =
      sscanf(line, "%39[^,],%7[^,],%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf", design, unit,
             &w[0], &w[1], &w[2], &w[3], &w[4], &w[5], &w[6], &w[7], &w[8], &w[9], &w[10], &w[11]);
  ck_assert_int_eq(read, 14);
  size_t exact;
  struct data d = data_named(design, design, &exact);
  struct posed x;
  pose(&d, unit_named(&d, unit), exact, &x);
  struct eh_arena *arena = eh_arena_new();
  struct eh_balance b = eh_balance_fit(arena, &x.caseload);
  ck_assert_ptr_null(b.why_not);
  ck_assert_uint_eq(b.comparable, (uint64_t)w[0]);
  ck_assert_uint_eq(b.events, (uint64_t)w[1]);
  ck_close(b.expected, w[2], 1e-9);
  ck_close(b.effective, w[3], 1e-9);
  ck_close(b.worst.size, w[4], w[4] == 0 ? 1e-12 : 1e-5); /* six digits are given */
  struct eh_balanced_test t = eh_balanced_test(&x.caseload, &b, x.p0, 0.95);
  ck_close(t.difference.estimate.value, w[5], 1e-9);
  ck_close(t.difference.low.value, w[6], 1e-9);
  ck_close(t.difference.high.value, w[7], 1e-9);
  ck_close(t.normal, w[8], 1e-9);
  ck_close(t.peers_variance, w[10], 1e-9);
  ck_close(t.unit_variance, w[11], 1e-9);
  eh_arena_free(arena);
}

START_TEST(values_of_r) {
  FILE *file = open_reference("ucb_balance.csv");
  if (!file) return;
  char line[600];
  int rows = 0;
  ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
  for (; fgets(line, sizeof line, file); rows++) check_balance(line);
  fclose(file);
  ck_assert_int_eq(rows, 20);
}
END_TEST

START_TEST(saddlepoints_of_r) {
  FILE *file = open_reference("saddle.csv");
  if (!file) return;
  char line[600], set[20], design[20], unit[8];
  double s, z, log10_p;
  int rows = 0;
  ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
  for (; fgets(line, sizeof line, file); rows++) {
    ck_assert_int_eq(
        sscanf(line, "%19[^,],%19[^,],%7[^,],%lf,%lf,%lf", set, design, unit, &s, &z, &log10_p), 6);
    size_t exact;
    struct data d = data_named(set, design, &exact);
    struct posed x;
    pose(&d, unit_named(&d, unit), exact, &x);
    struct eh_arena *arena = eh_arena_new();
    struct eh_balance b = eh_balance_fit(arena, &x.caseload);
    struct eh_balanced_test t = eh_balanced_test(&x.caseload, &b, x.p0, 0.95);
    ck_close(t.at, s, 1e-9);
    ck_close(t.z, z, 1e-9);
    ck_close(t.log10_p, log10_p, 1e-9);
    eh_arena_free(arena);
  }
  fclose(file);
  ck_assert_int_eq(rows, 24);
}
END_TEST

/* Without factors it is the difference of exact strata; with the same factor balanced, nearly. */
START_TEST(strata_alone) {
  struct data d = ucb();
  struct eh_arena *arena = eh_arena_new();
  for (size_t u = 0; u < d.units; u++) {
    struct posed exact, margin;
    pose(&d, u, 1, &exact);
    pose(&d, u, 0, &margin);
    struct eh_balance b = eh_balance_fit(arena, &exact.caseload);
    struct eh_difference today = eh_difference(exact.tables, exact.caseload.count, 0.95);
    ck_close(b.expected, today.expected, 1e-13);
    struct eh_balance m = eh_balance_fit(arena, &margin.caseload);
    ck_assert_double_eq_tol(m.expected / (double)m.comparable, b.expected / (double)b.comparable,
                            1e-4);
  }
  eh_arena_free(arena);
}
END_TEST

/* Patterns in another order, levels under other numbers. */
START_TEST(order_is_no_matter) {
  struct data d = grid(false);
  struct posed x, y;
  struct eh_arena *arena = eh_arena_new();
  pose(&d, 1, 0, &x);
  y = x;
  for (size_t p = 0; p < PATTERNS; p++) {
    size_t to = (p * 5 + 7) % PATTERNS;
    y.tables[to] = x.tables[p];
    y.p0[to] = x.p0[p];
    for (size_t k = 0; k < 3; k++)
      y.levels[3 * to + (2 - k)] = x.level_count[k] - 1 - x.levels[3 * p + k];
  }
  for (size_t k = 0; k < 3; k++) y.level_count[2 - k] = x.level_count[k];
  y.caseload.tables = y.tables;
  y.caseload.stratum = y.stratum;
  y.caseload.levels = y.levels;
  y.caseload.level_count = y.level_count;
  struct eh_balance a = eh_balance_fit(arena, &x.caseload), b = eh_balance_fit(arena, &y.caseload);
  ck_close(b.expected, a.expected, 1e-12);
  ck_close(b.effective, a.effective, 1e-12);
  ck_close(eh_balanced_test(&y.caseload, &b, y.p0, 0.95).log10_p,
           eh_balanced_test(&x.caseload, &a, x.p0, 0.95).log10_p, 1e-11);
  eh_arena_free(arena);
}
END_TEST

/* The same factor under two names says nothing more. */
START_TEST(a_factor_twice) {
  struct data d = grid(false), twice = d;
  struct eh_arena *arena = eh_arena_new();
  for (size_t i = 0; i < d.cells; i++) twice.level[i][2] = d.level[i][0];
  twice.level_count[2] = 3;
  for (size_t i = 0; i < d.cells; i++) d.level[i][2] = 0;
  d.level_count[2] = 1;
  struct posed once, both;
  pose(&d, 2, 0, &once);
  enum { MANY = 27 };
  static struct eh_table tables[MANY];
  static uint32_t stratum[MANY], levels[MANY * 3];
  pose(&d, 2, 0, &once);
  for (size_t p = 0; p < 9; p++) {
    tables[p] = once.tables[p];
    memcpy(levels + 3 * p,
           (uint32_t[]){once.levels[3 * p], once.levels[3 * p + 1], once.levels[3 * p]},
           3 * sizeof *levels);
  }
  both.caseload = once.caseload;
  both.caseload.tables = tables;
  both.caseload.stratum = stratum;
  both.caseload.levels = levels;
  both.caseload.level_count = twice.level_count;
  struct eh_balance a = eh_balance_fit(arena, &once.caseload),
                    b = eh_balance_fit(arena, &both.caseload);
  ck_assert_ptr_null(b.why_not);
  ck_assert_double_eq_tol(b.expected / (double)b.comparable, a.expected / (double)a.comparable,
                          1e-4);
  eh_arena_free(arena);
}
END_TEST

/* --- caseloads of one factor --- */

static struct eh_caseload of_levels(const struct eh_table *tables, size_t count,
                                    uint32_t *level_count) {
  static uint32_t strata[400], levels[400];
  for (size_t i = 0; i < count; i++) levels[i] = (uint32_t)i;
  *level_count = (uint32_t)count;
  return (struct eh_caseload){.count = count,
                              .tables = tables,
                              .stratum = strata,
                              .factors = 1,
                              .levels = levels,
                              .level_count = level_count};
}

static void all_finite(const struct eh_caseload *c, const struct eh_balance *b) {
  double p0[400];
  for (size_t i = 0; i < c->count; i++) p0[i] = 0.2 + 0.1 * (double)(i % 5);
  ck_assert_ptr_null(b->why_not);
  struct eh_balanced_test t = eh_balanced_test(c, b, p0, 0.95);
  ck_assert(isfinite(t.p) && isfinite(t.log10_p) && isfinite(t.z) && t.p >= 0 && t.p <= 1);
  ck_assert(t.log10_p <= 0);
  double low = t.difference.low.value, high = t.difference.high.value;
  ck_assert(low >= -1 && low <= t.difference.estimate.value);
  ck_assert(high <= 1 && high >= t.difference.estimate.value);
}

START_TEST(what_nobody_else_has_is_left_out) {
  struct eh_table tables[] = {{3, 10, 2, 10}, {1, 5, 0, 0}, {0, 0, 4, 9}, {2, 8, 5, 20}};
  uint32_t levels;
  struct eh_caseload c = of_levels(tables, 4, &levels);
  struct eh_arena *arena = eh_arena_new();
  struct eh_balance b = eh_balance_fit(arena, &c);
  ck_assert_uint_eq(b.comparable, 18);
  ck_assert_uint_eq(b.events, 5);
  ck_assert(b.kept[0] && !b.kept[1] && !b.kept[2] && b.kept[3]);
  ck_assert_double_eq(b.weight[2], 0);
  ck_assert_double_eq_tol(b.expected, 10 * .2 + 8 * .25, 1e-2);
  all_finite(&c, &b);
  struct eh_table nobody[] = {{3, 10, 0, 0}, {0, 0, 2, 10}};
  c = of_levels(nobody, 2, &levels);
  ck_assert_str_eq(eh_balance_fit(arena, &c).why_not, "no comparable records");
  eh_arena_free(arena);
}
END_TEST

START_TEST(edges) {
  static const struct eh_table cases[][2] = {
      {{0, 1, 0, 1}, {0, 1, 1, 1}},                           /* one of each */
      {{10, 10, 0, 40}, {10, 10, 0, 60}},                     /* all against none */
      {{0, 10, 40, 40}, {0, 10, 60, 60}},                     /* none against all */
      {{10, 10, 40, 40}, {10, 10, 60, 60}},                   /* all, and all */
      {{0, 10, 0, 40}, {0, 10, 0, 60}},                       /* none, and none */
      {{1, 1, 5, 9}, {0, 0, 3, 9}},                           /* one record */
      {{300000000, 1000000000, 400, 900}, {20, 900, 30, 70}}, /* very many */
      {{30, 900, 4, 50}, {20, 900, 3, 70}}};                  /* 90% of all */
  struct eh_arena *arena = eh_arena_new();
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    uint32_t levels;
    struct eh_caseload c = of_levels(cases[i], 2, &levels);
    struct eh_balance b = eh_balance_fit(arena, &c);
    all_finite(&c, &b);
  }
  static struct eh_table many[300];
  for (size_t i = 0; i < 300; i++) many[i] = (struct eh_table){i % 3, 3 + i % 7, i % 5, 6 + i % 11};
  uint32_t levels;
  struct eh_caseload c = of_levels(many, 300, &levels);
  struct eh_balance b = eh_balance_fit(arena, &c);
  all_finite(&c, &b);
  ck_assert_double_lt(b.worst.size, 1e-3);
  eh_arena_free(arena);
}
END_TEST

/* Weights of an exact end: the chance of all of these and none of those. */
START_TEST(the_end_of_what_can_be) {
  struct eh_table tables[] = {{4, 4, 0, 8}};
  uint32_t levels;
  struct eh_caseload c = of_levels(tables, 1, &levels);
  struct eh_arena *arena = eh_arena_new();
  struct eh_balance b = eh_balance_fit(arena, &c);
  double p0 = 0.3;
  struct eh_balanced_test t = eh_balanced_test(&c, &b, &p0, 0.95);
  ck_assert(t.at_the_end);
  ck_close(t.log10_p, log10(2 * pow(.3, 4) * pow(.7, 8)), 1e-9);
  tables[0] = (struct eh_table){0, 4, 8, 8};
  b = eh_balance_fit(arena, &c);
  ck_close(eh_balanced_test(&c, &b, &p0, 0.95).log10_p, log10(2 * pow(.7, 4) * pow(.3, 8)), 1e-9);
  eh_arena_free(arena);
}
END_TEST

/* Two levels that peers can only be given together cannot be matched apart. */
START_TEST(caseload_that_cannot_be_matched) {
  struct eh_table tables[] = {{5, 50, 0, 0}, {5, 10, 20, 100}, {3, 10, 30, 100}, {0, 0, 4, 10}};
  uint32_t stratum[4] = {0}, levels[] = {0, 0, 0, 1, 1, 0, 1, 1}, level_count[] = {2, 2};
  struct eh_caseload c = {.count = 4,
                          .tables = tables,
                          .stratum = stratum,
                          .factors = 2,
                          .levels = levels,
                          .level_count = level_count};
  struct eh_arena *arena = eh_arena_new();
  struct eh_balance b = eh_balance_fit(arena, &c);
  ck_assert_ptr_null(b.why_not);
  ck_assert_double_gt(b.worst.size, EH_BALANCE_WITHIN);
  ck_assert_double_eq_tol(fabs(b.worst.own - b.worst.peers), b.worst.size, 1e-12);
  ck_assert_double_gt(b.pair.size, 0.5); /* 50 of 70 have 0 and 0; none of the peers */
  eh_arena_free(arena);
}
END_TEST

/* --- pairs --- */

/* Levels that go together otherwise at the peers, and matter jointly: balanced as a pair they do.
 */
START_TEST(a_pair_is_balanced_too) {
  struct eh_table tables[] = {
      {18, 45, 60, 150}, {1, 5, 30, 150}, {1, 5, 30, 150}, {18, 45, 60, 150}};
  uint32_t stratum[4] = {0}, levels[12], level_count[] = {2, 2, 4}, pair[] = {0, 1};
  for (uint32_t p = 0; p < 4; p++) {
    levels[3 * p] = p / 2;
    levels[3 * p + 1] = p % 2;
    levels[3 * p + 2] = p;
  }
  struct eh_caseload c = {.count = 4,
                          .tables = tables,
                          .stratum = stratum,
                          .factors = 2,
                          .pairs = 1,
                          .pair = pair,
                          .levels = levels,
                          .level_count = level_count};
  struct eh_arena *arena = eh_arena_new();
  struct eh_balance b = eh_balance_fit(arena, &c);
  ck_assert_double_eq_tol(b.expected, 90 * .4 + 10 * .2, 0.05);
  ck_assert_double_eq(b.pair.size, 0);
  uint32_t apart[8];
  for (uint32_t p = 0; p < 4; p++) apart[2 * p] = p / 2, apart[2 * p + 1] = p % 2;
  c.pairs = 0;
  c.levels = apart;
  b = eh_balance_fit(arena, &c);
  ck_assert_double_eq_tol(b.expected, 100 * .3, 0.05);
  ck_assert_double_eq_tol(b.pair.size, .2, 1e-3);
  eh_arena_free(arena);
}
END_TEST

/* --- the model --- */

static struct eh_caseload_model fit(struct eh_arena *arena, const struct data *d,
                                    struct eh_model_data *data) {
  struct eh_model_cell *cells = eh_arena_alloc(arena, d->cells, sizeof *cells);
  uint32_t *levels = eh_arena_alloc(arena, PATTERNS * d->factors, sizeof *levels);
  for (size_t i = 0; i < d->cells; i++) {
    size_t p = pattern_of(d, d->level[i]);
    memcpy(levels + p * d->factors, d->level[i], d->factors * sizeof *levels);
    cells[i] = (struct eh_model_cell){(uint32_t)p, (uint32_t)d->of[i], d->n[i], d->y[i]};
  }
  *data = (struct eh_model_data){.cells = cells,
                                 .cell_count = d->cells,
                                 .unit_count = d->units,
                                 .pattern_count = PATTERNS,
                                 .factors = d->factors,
                                 .levels = levels,
                                 .level_count = d->level_count};
  return eh_caseload_model_fit(arena, data);
}

static double fitted(const struct eh_caseload_model *m, const struct eh_model_cell *c) {
  return 1.0 / (1.0 + exp(-m->offset[c->pattern] - m->unit[c->unit]));
}

/* At the maximum all residuals add up to 0; of a level, nearly: its slope is hardly held. */
START_TEST(the_model_fits) {
  struct data d = grid(false);
  struct eh_model_data data;
  struct eh_arena *arena = eh_arena_new();
  struct eh_caseload_model m = fit(arena, &d, &data);
  ck_assert(m.converged);
  double all = 0, level[3] = {0}, unit[4] = {0}, records[3] = {0};
  for (size_t i = 0; i < data.cell_count; i++) {
    const struct eh_model_cell *c = &data.cells[i];
    double residual = (double)c->events - (double)c->records * fitted(&m, c);
    all += residual;
    level[d.level[i][0]] += residual;
    records[d.level[i][0]] += (double)c->records;
    unit[c->unit] += residual;
  }
  ck_assert_double_eq_tol(all, 0, 1e-8);
  for (size_t k = 0; k < 3; k++) ck_assert_double_lt(fabs(level[k]), 0.001 * records[k]);
  for (size_t u = 0; u < 4; u++) ck_assert_double_lt(fabs(unit[u]), 0.2);
  struct data ones = d; /* a level of which all had the event does not run off */
  for (size_t i = 0; i < d.cells; i++)
    if (d.level[i][0] == 1) ones.y[i] = ones.n[i];
  m = fit(arena, &ones, &data);
  ck_assert(m.converged);
  for (size_t p = 0; p < PATTERNS; p++) ck_assert_double_lt(fabs(m.offset[p]), 20);
  eh_arena_free(arena);
}
END_TEST

START_TEST(pairs_are_found_by_residuals) {
  struct data d = grid(false);
  struct eh_model_data data;
  struct eh_arena *arena = eh_arena_new();
  struct eh_random random = eh_random_seeded(3, 0);
  for (size_t i = 0; i < d.cells; i++) {
    d.n[i] = 60;
    bool both = (d.level[i][0] == 1) == (d.level[i][2] == 1);
    d.y[i] = 0;
    for (int k = 0; k < 60; k++) d.y[i] += eh_random_uniform(&random) < (both ? .5 : .3);
  }
  struct eh_caseload_model m = fit(arena, &d, &data);
  struct eh_test joint = eh_caseload_pair(&data, &m, 0, 2),
                 other = eh_caseload_pair(&data, &m, 0, 1);
  ck_assert_double_eq(joint.df, 2);
  ck_assert_double_lt(joint.p, 1e-6);
  ck_assert_double_eq(other.df, 4);
  ck_assert_double_gt(other.p, 0.01);
  eh_arena_free(arena);
}
END_TEST

/* --- power --- */

START_TEST(power_is_met) {
  struct eh_table tables[] = {{60, 200, 300, 1000}, {40, 100, 200, 500}};
  uint32_t levels;
  struct eh_caseload c = of_levels(tables, 2, &levels);
  struct eh_arena *arena = eh_arena_new();
  struct eh_balance b = eh_balance_fit(arena, &c);
  double p0[] = {.3, .4};
  struct eh_power_plan plan = {.alpha = .01, .smallest_difference = .05};
  double peers = eh_balanced_test(&c, &b, p0, .95).peers_variance;
  struct eh_power_reach reach = eh_balanced_power(&c, &b, p0, peers, &plan, .8);
  enum { TRIES = 2000 };
  struct eh_random random = eh_random_seeded(11, 0);
  for (int side = 0; side < 2; side++) {
    double x = side ? -reach.lower.value : reach.higher.value;
    int found = 0;
    for (int i = 0; i < TRIES; i++) {
      for (int k = 0; k < 2; k++) {
        tables[k].a = tables[k].c = 0;
        for (uint64_t j = 0; j < tables[k].n1; j++)
          tables[k].a += eh_random_uniform(&random) < p0[k] + x;
        for (uint64_t j = 0; j < tables[k].n2; j++)
          tables[k].c += eh_random_uniform(&random) < p0[k];
      }
      struct eh_arena_mark mark = eh_arena_mark(arena);
      struct eh_balance again = eh_balance_fit(arena, &c);
      struct eh_balanced_test t = eh_balanced_test(&c, &again, p0, .95);
      found += t.p <= .01 && fabs(t.difference.estimate.value) >= .05;
      eh_arena_reset(arena, mark);
    }
    ck_assert_int_gt(found, (int)(TRIES * .75));
    ck_assert_int_lt(found, (int)(TRIES * .85));
  }
  plan.smallest_difference = .9;
  ck_assert_ptr_nonnull(eh_balanced_power(&c, &b, p0, peers, &plan, .8).smallest.why_not);
  eh_arena_free(arena);
}
END_TEST

RUN_TESTS("balance", values_of_r, saddlepoints_of_r, strata_alone, order_is_no_matter,
          a_factor_twice, what_nobody_else_has_is_left_out, edges, the_end_of_what_can_be,
          caseload_that_cannot_be_matched, a_pair_is_balanced_too, the_model_fits,
          pairs_are_found_by_residuals, power_is_met)
