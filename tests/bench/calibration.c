/* Do the statistics keep their promises? Prints, as Markdown, how audits of simulated worlds
 * compare with the truth.
 *
 *     calibration [SEED [SECTION...]]
 *
 * The same seed gives the same tables, on any number of processors. tests/CALIBRATION.md holds the
 * tables of seed 1 and says what they show.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/number.h"
#include "engine/base/parallel.h"
#include "tests/bench/balanced.h"
#include "tests/bench/score.h"
#include "tests/bench/together.h"

struct bench {
  struct eh_arena *arena;
  size_t threads;
  uint64_t seed;
};

/* Small caseloads are tested too; everything else as the rules' defaults. */
#define ANY_CASELOAD "smallest_caseload: 1"

static const struct eh_rules *rules_of(const struct bench *bench, const char *flag, bool offices) {
  const struct eh_rules *rules = world_rules(bench->arena, flag, offices);
  if (!rules) exit(EXIT_FAILURE);
  return rules;
}

/* Every row has random numbers of its own: a stream of seeds from the bench's. */
static struct score_options options_of(const struct bench *bench, size_t comparisons,
                                       uint64_t row) {
  struct eh_random random = eh_random_seeded(bench->seed, row);
  return (struct score_options){.comparisons = comparisons,
                                .threads = bench->threads,
                                .seed = eh_random_bits(&random),
                                .oracle = false};
}

static void print_percent(double share) { printf(" %.1f%% |", 100.0 * share); }

static void print_share(double part, double whole) {
  if (whole > 0.0)
    print_percent(part / whole);
  else
    printf(" - |");
}

static void print_mean(struct score_mean mean, double count) {
  if (count > 0.0)
    printf(" %.1f%% (%.1f) |", 100.0 * mean.value, 100.0 * mean.error);
  else
    printf(" - |");
}

enum { NULL_COMPARISONS = 2000, OPTION_COMPARISONS = 1000, POWER_AUDITS = 500 };

/* Any size of difference counts, so that only the test decides. */
#define ANY_DIFFERENCE "{smallest_caseload: 1, smallest_difference: 0.001 points}"
enum { TOGETHER_AUDITS = 400, VALUES_AUDITS = 200, CATEGORIES_AUDITS = 400 };

static void bench_days(const struct bench *bench) {
  static const struct together_plan rows[] = {
      {"independent, 20 x 10 x 10", 20, 10, 10, false, 1, .3, 0, 0, false},
      {"days .5, 20 x 10 x 10", 20, 10, 10, false, 1, .3, .5, 0, false},
      {"days 1, 20 x 10 x 10", 20, 10, 10, false, 1, .3, 1, 0, false},
      {"batches of 20, days 1", 20, 10, 20, false, 1, .3, 1, 0, false},
      {"geometric sizes, 5 strata, days 1", 20, 12, 10, true, 5, .3, 1, 0, false},
      {"families of 4, sd 2", 20, 25, 4, false, 1, .3, 2, 0, false},
      {"persons twice, across units, sd 2", 20, 50, 2, false, 2, .3, 2, 0, true},
      {"5 units x 5 clusters x 20, days 1", 5, 5, 20, false, 1, .3, 1, 0, false},
      {"40 x 5 x 10, days 1", 40, 5, 10, false, 1, .3, 1, 0, false},
      {"5% events, days 1", 20, 10, 20, false, 1, .05, 1, 0, false},
      {"3 of 20 units days 1.5", 20, 10, 10, false, 1, .3, 1.5, 3, false},
      {"half of the units days 1.2", 20, 10, 10, false, 1, .3, 1.2, 10, false}};
  const struct eh_rules *rules = rules_of(bench, ANY_DIFFERENCE, false);
  printf(
      "## Decisions that hang together\n\n%d audits of each; nobody differs.\n\n"
      "| world | any finding: taken as independent | screened | named | coverage, named |\n"
      "| --- | ---: | ---: | ---: | ---: |\n",
      TOGETHER_AUDITS);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    printf("| %s |", rows[i].what);
    for (int use = TOGETHER_INDEPENDENT; use <= TOGETHER_NAMED; use++) {
      struct together_score score =
          together_audit(rules, &rows[i], (enum together_use)use, TOGETHER_AUDITS, bench->seed + i);
      print_share((double)score.any, (double)score.audits);
      if (use == TOGETHER_NAMED) print_share((double)score.covering, (double)score.intervals);
    }
    printf("\n");
  }
}

static void bench_together(const struct bench *bench) {
  static const struct values_plan values[] = {
      {"all positive, 30 to 100", 40, 30, 100, 1, 1},
      {"30% positive", 40, 30, 100, 1, .3},
      {"5% positive", 40, 30, 100, 1, .05},
      {"2% positive, 5 strata", 40, 30, 100, 5, .02},
      {"0.5% positive", 40, 30, 100, 1, .005},
      {"5 to 15 records, 20% positive, 3 strata", 40, 5, 15, 3, .2}};
  static const struct categories_plan categories[] = {
      {"85%, 5%, 5%, 5%", 20, 60, 130, 4, {.85, .05, .05, .05}},
      {"70%, 15%, 15%", 20, 30, 100, 3, {.7, .15, .15}},
      {"60%, 30%, 7%, 3%", 40, 30, 100, 4, {.6, .3, .07, .03}},
      {"95%, six of less than 1%", 20, 60, 130, 7, {.952, .008, .008, .008, .008, .008, .008}},
      {"12 of 40% to .4%",
       40,
       30,
       100,
       12,
       {.4, .2, .1, .08, .06, .05, .04, .03, .02, .01, .006, .004}}};
  bench_days(bench);
  printf(
      "\n## Values, rare categories\n\nNobody differs.\n\n| measure | audits | any finding |\n"
      "| --- | ---: | ---: |\n");
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
    printf("| a value: %s | %d |", values[i].what, VALUES_AUDITS);
    print_share((double)together_values(&values[i], VALUES_AUDITS, bench->seed + i), VALUES_AUDITS);
    printf("\n");
  }
  for (size_t i = 0; i < sizeof categories / sizeof categories[0]; i++) {
    printf("| a category: %s | %d |", categories[i].what, CATEGORIES_AUDITS);
    print_share((double)together_categories(&categories[i], CATEGORIES_AUDITS, bench->seed + i),
                CATEGORIES_AUDITS);
    printf("\n");
  }
}

/* Nobody differs: how many comparisons have any finding? */
static void bench_nobody(const struct bench *bench) {
  static const struct {
    const char *what, *flag;
    struct world_shapes shapes;
  } rows[] = {
      {"any shape",
       "{" ANY_CASELOAD "}",
       {{.units = 2, .strata = 5, .caseload = 10, .base_rate = .01, .skew = .8},
        {.units = 60, .strata = 500, .caseload = 1000, .base_rate = .5}}},
      {"small caseloads: 10 to 40 records",
       "{" ANY_CASELOAD "}",
       {{.units = 5, .strata = 5, .caseload = 10, .base_rate = .05, .skew = .8},
        {.units = 60, .strata = 50, .caseload = 40, .base_rate = .5}}},
      {"two units",
       "{" ANY_CASELOAD "}",
       {{.units = 2, .strata = 5, .caseload = 30, .base_rate = .05, .skew = .8},
        {.units = 2, .strata = 50, .caseload = 1000, .base_rate = .5}}},
      {"200 units",
       "{" ANY_CASELOAD "}",
       {{.units = 200, .strata = 5, .caseload = 30, .base_rate = .05, .skew = .8},
        {.units = 200, .strata = 100, .caseload = 100, .base_rate = .5}}},
      {"any shape, cmh",
       "{" ANY_CASELOAD ", test: cmh}",
       {{.units = 2, .strata = 5, .caseload = 10, .base_rate = .01, .skew = .8},
        {.units = 60, .strata = 500, .caseload = 1000, .base_rate = .5}}},
      {"1,000 to 5,000 records, cmh",
       "{" ANY_CASELOAD ", test: cmh}",
       {{.units = 5, .strata = 5, .caseload = 1000, .base_rate = .1, .skew = .8},
        {.units = 40, .strata = 50, .caseload = 5000, .base_rate = .5}}},
      {"any shape, any-dependence",
       "{" ANY_CASELOAD ", multiplicity: any-dependence}",
       {{.units = 2, .strata = 5, .caseload = 10, .base_rate = .01, .skew = .8},
        {.units = 60, .strata = 500, .caseload = 1000, .base_rate = .5}}},
      {"in 8 offices, nested",
       "{" ANY_CASELOAD ", multiplicity: nested}",
       {{.units = 20, .offices = 8, .strata = 2, .caseload = 20, .base_rate = .05, .skew = .8},
        {.units = 120, .strata = 20, .caseload = 200, .base_rate = .5}}},
  };
  printf("### Nobody differs\n\n");
  printf("| comparisons | units tested | with any unit found | with any flagged |\n");
  printf("| --- | ---: | ---: | ---: |\n");
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct score_options options = options_of(bench, NULL_COMPARISONS, 100 + i);
    const struct eh_rules *rules = rules_of(bench, rows[i].flag, rows[i].shapes.from.offices > 0);
    struct score s = score_shapes(rules, &rows[i].shapes, &options);
    printf("| %s | %.0f |", rows[i].what, s.testable);
    print_mean(score_any(&s, &s.found), s.comparisons);
    print_mean(score_any(&s, &s.flagged), s.comparisons);
    printf("\n");
    fflush(stdout);
  }
}

/* Every way of adjusting for many tests, where some are planted. */
static void bench_options(const struct bench *bench) {
  static const struct {
    const char *multiplicity;
    size_t offices, affected;
  } rows[] = {{"benjamini-hochberg", 0, 0}, {"any-dependence", 0, 0}, {"benjamini-hochberg", 10, 3},
              {"any-dependence", 10, 3},    {"nested", 10, 3},        {"nested", 10, 0}};
  printf("\n### Multiplicity\n\n");
  printf(
      "| multiplicity | offices | with planted | false share, found | in found offices | "
      "flagged, not planted | power | oracle |\n");
  printf("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct score_options options = options_of(bench, OPTION_COMPARISONS, 200);
    options.oracle = true;
    struct world_plan plan = {.units = 80,
                              .offices = rows[i].offices,
                              .strata = 20,
                              .caseload = 100,
                              .skew = .5,
                              .base_rate = .2,
                              .planted = .2,
                              .affected = rows[i].affected,
                              .effect = world_effect(.2, .2)};
    const char *flag =
        eh_arena_printf(bench->arena, "{" ANY_CASELOAD ", multiplicity: %s}", rows[i].multiplicity);
    struct score s = score_plan(rules_of(bench, flag, plan.offices > 0), &plan, &options);
    size_t affected = plan.affected ? plan.affected : plan.offices;
    printf("| %s | %zu | %zu |", rows[i].multiplicity, plan.offices, affected);
    print_mean(score_false_proportion(&s, &s.found), s.comparisons);
    print_percent(s.group_proportions / s.comparisons);
    print_share(s.flagged.not_planted, s.flagged.units);
    print_share(s.targets_flagged, s.targets);
    print_share(s.oracle_flagged, s.targets);
    printf("\n");
    fflush(stdout);
  }
}

/* Intervals where the unit is large beside its peers, or differs from kind to kind. */
static void bench_intervals(const struct bench *bench) {
  static const struct {
    const char *what;
    struct world_plan plan;
  } rows[] = {
      {"40 units, uneven 0.5", {.units = 40, .strata = 20, .caseload = 300, .uneven = .5}},
      {"40 units, uneven 1", {.units = 40, .strata = 20, .caseload = 300, .uneven = 1}},
      {"40 units, sparse, uneven 1", {.units = 40, .strata = 300, .caseload = 300, .uneven = 1}},
      {"2 units", {.units = 2, .strata = 20, .caseload = 300, .spread = .4}},
      {"2 units, sparse", {.units = 2, .strata = 300, .caseload = 300, .spread = .4}},
      {"2 units, uneven 1", {.units = 2, .strata = 20, .caseload = 300, .uneven = 1}},
      {"3 units, sparse, uneven 1", {.units = 3, .strata = 300, .caseload = 300, .uneven = 1}},
      {"6 units, skew 1.5", {.units = 6, .strata = 20, .caseload = 300, .skew = 1.5, .spread = .8}},
      {"6 units, skew 1.5, sparse, uneven 1",
       {.units = 6, .strata = 300, .caseload = 300, .skew = 1.5, .uneven = 1}},
  };
  static const double rates[] = {.05, .2, .5};
  printf("\n### Intervals in hard places\n\n");
  printf("| worlds | base rate | intervals | coverage | few: score interval | coverage |\n");
  printf("| --- | ---: | ---: | ---: | ---: | ---: |\n");
  const struct eh_rules *rules = rules_of(bench, "{" ANY_CASELOAD "}", false);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++) {
      struct world_plan plan = rows[i].plan;
      plan.base_rate = rates[r];
      struct score_options options = options_of(bench, 8000 / plan.units, 300 + 10 * i + r);
      struct score s = score_plan(rules, &plan, &options);
      printf("| %s | %.0f%% | %.0f |", rows[i].what, 100.0 * rates[r], s.sure.count);
      print_mean(score_coverage(&s.sure), s.sure.count);
      printf(" %.0f |", s.few.count);
      print_mean(score_coverage(&s.few), s.few.count);
      printf("\n");
      fflush(stdout);
    }
  }
}

static void bench_tau(const struct bench *bench) {
  static const double spreads[] = {0, .2, .4, .8}, rates[] = {.01, .05, .1, .2, .5};
  static const size_t strata[] = {5};
  printf("\n### Spread: 200 units of 100 records\n\n");
  printf(
      "| planted tau | base rate | strata | mean tau | bias | 5%% of units moved by 2 logits: "
      "mean | shift |\n| ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
  const struct eh_rules *rules = rules_of(bench, "{" ANY_CASELOAD "}", false);
  uint64_t row = 400;
  for (size_t s = 0; s < sizeof strata / sizeof strata[0]; s++)
    for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++)
      for (size_t t = 0; t < sizeof spreads / sizeof spreads[0]; t++) {
        struct world_plan plan = {.units = 200,
                                  .strata = strata[s],
                                  .caseload = 100,
                                  .base_rate = rates[r],
                                  .spread = spreads[t],
                                  .effect = 2.0};
        struct score_options options = options_of(bench, 30, row++);
        struct score usual = score_plan(rules, &plan, &options);
        plan.planted = .05;
        struct score moved = score_plan(rules, &plan, &options);
        double tau = score_tau(&usual).value, other = score_tau(&moved).value;
        printf("| %.1f | %.0f%% | %zu | %.3f (%.3f) |", spreads[t], 100.0 * rates[r], strata[s],
               tau, score_tau(&usual).error);
        if (spreads[t] > 0.0)
          printf(" %+.1f%% |", 100.0 * (tau / spreads[t] - 1.0));
        else
          printf(" - |");
        printf(" %.3f | %+.3f |\n", other, other - spreads[t]);
        fflush(stdout);
      }
}

static void bench_power(const struct bench *bench) {
  static const struct world_plan plans[] = {
      {.units = 20, .strata = 5, .caseload = 50, .skew = .5, .base_rate = .2},
      {.units = 40, .strata = 20, .caseload = 50, .skew = .5, .base_rate = .5},
      {.units = 40, .strata = 20, .caseload = 100, .skew = .5, .base_rate = .05},
      {.units = 40, .strata = 50, .caseload = 200, .skew = .5, .base_rate = .2},
      {.units = 40, .strata = 200, .caseload = 200, .skew = .5, .base_rate = .3},
      {.units = 200, .strata = 20, .caseload = 100, .skew = .5, .base_rate = .2},
      {.units = 3, .strata = 20, .caseload = 200, .skew = .5, .base_rate = .3},
      {.units = 40, .strata = 50, .caseload = 1000, .skew = .5, .base_rate = .2},
  };
  static const char *const cuts[] = {"10 points", "1 points"};
  printf("\n### Power: units whose true difference is the reported power_80\n\n");
  printf(
      "| units | records | strata | base rate | smallest difference | reports | mean power_80 | "
      "flagged |\n| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
  for (size_t k = 0; k < sizeof cuts / sizeof cuts[0]; k++) {
    const char *flag = eh_arena_printf(bench->arena, "{smallest_difference: %s}", cuts[k]);
    const struct eh_rules *rules = rules_of(bench, flag, false);
    for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++) {
      struct score_options options = options_of(bench, POWER_AUDITS, 600 + i);
      struct score_power p = score_power_80(rules, &plans[i], &options);
      printf("| %zu | %.0f | %zu | %.0f%% | %s | %.0f | %.1f points |", plans[i].units,
             plans[i].caseload, plans[i].strata, 100.0 * plans[i].base_rate, cuts[k], p.reports,
             p.reports > 0 ? 100.0 * p.sizes / p.reports : 0.0);
      print_share(p.flagged, p.reports);
      printf("\n");
      fflush(stdout);
    }
  }
}

/* The grid: one row for each caseload, number of strata, base rate and kind of difference. */
struct differ {
  double spread, planted;
};

static void print_grid_row(const struct world_plan *plan, const struct score *s) {
  printf("| %.1f | %.0f%% | %.0f | %zu | %.0f%% |", plan->spread, 100.0 * plan->planted,
         plan->caseload, plan->strata, 100.0 * plan->base_rate);
  print_share(s->testable, s->units);
  print_mean(score_false_proportion(s, &s->found), s->comparisons);
  print_mean(score_false_proportion(s, &s->flagged), s->comparisons);
  print_share(s->found.false_ones, s->found.units);
  print_share(s->flagged.not_planted, plan->planted > 0.0 ? s->flagged.units : 0.0);
  print_share(s->targets_found, s->targets);
  print_share(s->oracle_found, s->targets);
  print_share(s->targets_flagged, s->targets);
  print_share(s->oracle_flagged, s->targets);
  print_mean(score_coverage(&s->sure), s->sure.count);
  print_mean(score_coverage(&s->few), s->few.count);
  printf("\n");
  fflush(stdout);
}

/* All rows of one kind of difference together. */
struct grid_sum {
  struct score score;
  double rows, lowest, highest; /* coverage of the rows that have intervals enough, */
  double below, above;          /* those surely (two standard errors) out of the claim */
  struct score_mean most_false; /* the largest false proportion of any row */
};
enum { ENOUGH_INTERVALS = 500 };
static const double LEAST_COVERAGE = 0.935, MOST_COVERAGE = 0.96;

static void add_grid_row(struct grid_sum *sum, const struct score *s) {
  score_add(&sum->score, s);
  struct score_mean proportion = score_false_proportion(s, &s->found);
  if (proportion.value >= sum->most_false.value) sum->most_false = proportion;
  if (s->sure.count < ENOUGH_INTERVALS) return;
  struct score_mean coverage = score_coverage(&s->sure);
  sum->lowest = sum->rows > 0 ? fmin(sum->lowest, coverage.value) : coverage.value;
  sum->highest = fmax(sum->highest, coverage.value);
  sum->below += coverage.value + 2.0 * coverage.error < LEAST_COVERAGE;
  sum->above += coverage.value - 2.0 * coverage.error > MOST_COVERAGE;
  sum->rows++;
}

static void print_grid_sums(const struct differ *differs, const struct grid_sum *sums,
                            size_t count) {
  printf("\n### Grid, summed up\n\n");
  printf(
      "| spread | planted | comparisons | false proportion, found | largest of a row | flagged | "
      "false share of all found | flagged, not planted | coverage | lowest, highest of a row | "
      "rows | below 93.5%% | above 96%% |\n");
  printf("|%s\n",
         " ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | "
         "---: | ---: |");
  for (size_t d = 0; d < count; d++) {
    const struct score *s = &sums[d].score;
    printf("| %.1f | %.0f%% | %.0f |", differs[d].spread, 100.0 * differs[d].planted,
           s->comparisons);
    print_mean(score_false_proportion(s, &s->found), s->comparisons);
    print_mean(sums[d].most_false, 1.0);
    print_mean(score_false_proportion(s, &s->flagged), s->comparisons);
    print_share(s->found.false_ones, s->found.units);
    print_share(s->flagged.not_planted, differs[d].planted > 0.0 ? s->flagged.units : 0.0);
    print_mean(score_coverage(&s->sure), s->sure.count);
    printf(" %.1f%%, %.1f%% | %.0f | %.0f | %.0f |\n", 100.0 * sums[d].lowest,
           100.0 * sums[d].highest, sums[d].rows, sums[d].below, sums[d].above);
  }
}

static void bench_grid(const struct bench *bench) {
  static const struct differ differs[] = {{0, 0},  {0, .05}, {0, .2},  {.2, 0},
                                          {.4, 0}, {.8, 0},  {.4, .05}};
  static const double caseloads[] = {10, 40, 200, 1000, 5000}, rates[] = {.01, .1, .5};
  static const size_t strata[] = {5, 50, 500};
  printf("\n### Grid: 40 units\n\n");
  printf(
      "| spread | planted | records | strata | base rate | testable | false proportion, found | "
      "flagged | false share of all found | flagged, not planted | power, found | oracle | "
      "flagged | oracle | coverage | few: score |\n");
  printf("|%s\n",
         " ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | "
         "---: | ---: | ---: | ---: |");
  const struct eh_rules *rules = rules_of(bench, "{" ANY_CASELOAD "}", false);
  struct grid_sum sums[sizeof differs / sizeof differs[0]] = {0};
  uint64_t row = 1000;
  for (size_t d = 0; d < sizeof differs / sizeof differs[0]; d++)
    for (size_t c = 0; c < sizeof caseloads / sizeof caseloads[0]; c++)
      for (size_t k = 0; k < sizeof strata / sizeof strata[0]; k++)
        for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++) {
          struct world_plan plan = {.units = 40,
                                    .strata = strata[k],
                                    .caseload = caseloads[c],
                                    .skew = .5,
                                    .base_rate = rates[r],
                                    .spread = differs[d].spread,
                                    .planted = differs[d].planted,
                                    .effect = world_effect(rates[r], .2),
                                    .both_ways = rates[r] > .4};
          struct score_options options = options_of(bench, caseloads[c] > 1000 ? 20 : 50, row++);
          options.oracle = true;
          struct score score = score_plan(rules, &plan, &options);
          print_grid_row(&plan, &score);
          add_grid_row(&sums[d], &score);
        }
  print_grid_sums(differs, sums, sizeof differs / sizeof differs[0]);
}

static void bench_balanced(const struct bench *bench) {
  enum { WORLDS = 150 };
  static const struct balanced_plan plans[] = {
      {"10 factors", 40, 10, 60, 0.6, 0.8, 0.3, 0, 0},
      {"10 factors, a tenth moved by 1.2 logits", 40, 10, 60, 0.6, 0.8, 0.3, 1.2, 0},
      {"14 factors", 40, 14, 60, 0.6, 0.8, 0.3, 0, 0},
      {"15 cases, events of 10%", 40, 10, 15, 0.6, 0.8, 0.1, 0, 0},
      {"3 peers, 100 cases, events of 10%", 4, 10, 100, 0.6, 0.8, 0.1, 0, 0},
      {"caseloads far apart", 40, 10, 60, 1.2, 0.8, 0.3, 0, 0},
      {"two factors that matter jointly", 40, 6, 60, 0.6, 0, 0.3, 0, 1.5},
      {"the same, 250 cases", 40, 6, 250, 0.6, 0, 0.3, 0, 1.5}};
  printf(
      "\n### Weighted peers\n\n| world | units | tested | cannot be matched | covered | p < .005, "
      "not moved | with few effective peers | moved: p < .005 and 10 points | pairs |\n"
      "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
  for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++) {
    size_t worlds = plans[i].units < 10 ? 10 * WORLDS : WORLDS;
    struct eh_random random = eh_random_seeded(bench->seed, 9000 + i);
    struct balanced_score s =
        balanced_audit(&plans[i], worlds, eh_random_bits(&random), bench->threads);
    printf("| %s | %.0f |", plans[i].what, s.units);
    print_share(s.tested, s.units);
    print_share(s.unmatched, s.units);
    print_share(s.covered, s.tested);
    printf(" %.2f%% | ", 100.0 * s.found / s.same);
    if (s.few > 0.0)
      printf("%.2f%% of %.0f |", 100.0 * s.found_few / s.few, s.few);
    else
      printf("- |");
    print_share(s.flagged, s.planted);
    printf(" %.1f |\n", s.pairs / (double)worlds);
  }
}

static const struct {
  const char *name;
  void (*run)(const struct bench *);
} sections[] = {{"nobody", bench_nobody},        {"together", bench_together},
                {"multiplicity", bench_options}, {"intervals", bench_intervals},
                {"spread", bench_tau},           {"power", bench_power},
                {"balanced", bench_balanced},    {"grid", bench_grid}};

static bool is_asked(const char *name, int argc, char **argv) {
  if (argc <= 2) return true;
  for (int i = 2; i < argc; i++)
    if (strcmp(argv[i], name) == 0) return true;
  return false;
}

int main(int argc, char **argv) {
  double seed = 1;
  if (argc > 1 && !eh_number_parse(argv[1], strlen(argv[1]), &seed)) {
    fprintf(stderr, "usage: calibration [SEED [SECTION...]]\n");
    return EXIT_FAILURE;
  }
  struct bench bench = {eh_arena_new(), eh_processors(), (uint64_t)fabs(seed)};
  for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++)
    if (is_asked(sections[i].name, argc, argv)) sections[i].run(&bench);
  eh_arena_free(bench.arena);
  return EXIT_SUCCESS;
}
