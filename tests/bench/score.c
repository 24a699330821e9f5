#include "tests/bench/score.h"

#include <math.h>
#include <stdlib.h>

#include "engine/audit/findings/audit.h"
#include "engine/base/parallel.h"
#include "engine/stats/multiplicity.h"
#include "engine/stats/power.h"

static const double NOTHING = 1e-12; /* a true difference this small is rounding */

static const struct eh_comparison_result *audit_world(struct eh_arena *arena,
                                                      const struct eh_rules *rules,
                                                      const struct world *world) {
  static const struct eh_account no_account = {0};
  struct eh_audit_options options = {.threads = 1};
  return eh_audit_run(arena, rules, &no_account, &world->cells, 1, &options)->comparisons;
}

/* A unit as judged, and as it is. */
struct verdict {
  const struct eh_result *result;
  struct world_truth truth;
  bool found, wrong, planted;
};

static struct verdict judge(const struct world *world, const struct eh_result *result,
                            double rate) {
  struct verdict v = {.result = result, .truth = world_truth_of(world, result->unit_index)};
  double estimate = result->share.difference.estimate.value, truth = v.truth.difference;
  bool agrees =
      result->event.cmh.deviation != 0.0 && estimate != 0.0 && (estimate > 0) == result->higher;
  v.found = result->testable && result->q.value <= rate && agrees;
  v.wrong = fabs(truth) < NOTHING || (truth > 0) != result->higher;
  v.planted = world->planted[result->unit_index];
  return v;
}

static void count_finding(struct score_findings *findings, const struct verdict *v) {
  findings->units++;
  findings->false_ones += v->wrong;
  findings->not_planted += !v->planted;
}

/* At the end of a comparison, when findings holds its units alone. */
static void close_findings(struct score_findings *findings) {
  findings->comparisons = findings->units > 0;
  findings->proportions = findings->units > 0 ? findings->false_ones / findings->units : 0.0;
  findings->proportion_squares = findings->proportions * findings->proportions;
}

static void count_interval(struct score *score, const struct verdict *v) {
  const struct eh_interval *d = &v->result->share.difference;
  if (d->low.why_not || d->high.why_not) return;
  struct score_intervals *intervals = v->result->share.few ? &score->few : &score->sure;
  double truth = v->truth.difference;
  intervals->count++;
  intervals->missed += truth < d->low.value - NOTHING || truth > d->high.value + NOTHING;
}

static void close_intervals(struct score_intervals *intervals) {
  intervals->count_squares = intervals->count * intervals->count;
  intervals->missed_squares = intervals->missed * intervals->missed;
  intervals->products = intervals->count * intervals->missed;
}

/* Offices by their false proportion among the units found. */
static void score_groups(const struct verdict *verdicts, size_t count, size_t offices,
                         struct score *score) {
  double selected = 0.0, proportions = 0.0;
  for (size_t o = 0; o < offices; o++) {
    double found = 0.0, wrong = 0.0;
    for (size_t i = o; i < count; i += offices) {
      found += verdicts[i].found;
      wrong += verdicts[i].found && verdicts[i].wrong;
    }
    selected += found > 0;
    proportions += found > 0 ? wrong / found : 0.0;
  }
  score->groups_selected = selected;
  score->group_proportions = selected > 0 ? proportions / selected : 0.0;
}

static bool is_target(const struct verdict *v, const struct eh_flag *flag) {
  return v->result->testable && fabs(v->truth.difference) >= flag->smallest_difference;
}

/* The test of someone who knows the peers' true rates, over the same units with the same flags. */
static void score_oracle(struct eh_arena *arena, const struct world *world,
                         const struct verdict *verdicts, size_t count, const struct eh_flag *flag,
                         struct score *score) {
  double *log10_p = eh_arena_alloc(arena, count, sizeof *log10_p);
  double *q = eh_arena_alloc(arena, count, sizeof *q);
  size_t tests = 0;
  for (size_t i = 0; i < count; i++) {
    if (!verdicts[i].result->testable) continue;
    struct eh_arena_mark mark = eh_arena_mark(arena);
    size_t unit = verdicts[i].result->unit_index, strata = world->cells.units[unit].cell_count;
    struct eh_table *tables = eh_arena_alloc(arena, strata, sizeof *tables);
    world_oracle_tables(world, unit, tables);
    log10_p[tests++] = eh_exact_mid_p(eh_exact_new(arena, tables, strata)).log10_mid_p;
    eh_arena_reset(arena, mark);
  }
  eh_benjamini_hochberg(log10_p, tests, q, NULL);
  tests = 0;
  for (size_t i = 0; i < count; i++) {
    const struct verdict *v = &verdicts[i];
    if (!v->result->testable) continue;
    bool passes = q[tests++] <= flag->false_discovery_rate;
    if (!is_target(v, flag)) continue;
    double seen =
        ((double)v->result->share.events - v->truth.expected) / (double)v->truth.comparable;
    bool found = passes && (seen > 0) == (v->truth.difference > 0);
    score->oracle_found += found;
    score->oracle_flagged += found && fabs(seen) >= flag->smallest_difference - NOTHING;
  }
}

static void score_unit(const struct verdict *v, const struct eh_flag *flag, struct score *score) {
  bool flagged = v->result->flagged;
  score->units++;
  score->testable += v->result->testable;
  if (v->found) count_finding(&score->found, v);
  if (flagged) count_finding(&score->flagged, v);
  if (is_target(v, flag)) {
    score->targets++;
    score->targets_found += v->found && !v->wrong;
    score->targets_flagged += flagged && !v->wrong;
  }
  count_interval(score, v);
}

struct job {
  const struct eh_rules *rules;
  const struct world_plan *plan, *plans; /* one for all, or one each */
  const struct score_options *options;
  struct score *scores; /* by comparison */
  struct score_power *powers;
};

static const struct world_plan *plan_of(const struct job *job, size_t index) {
  return job->plans ? &job->plans[index] : job->plan;
}

static void score_comparison(void *context, size_t index, size_t worker) {
  (void)worker;
  const struct job *job = context;
  const struct world_plan *plan = plan_of(job, index);
  struct score *score = &job->scores[index];
  struct eh_arena *arena = eh_arena_new();
  struct eh_random random = eh_random_seeded(job->options->seed, index);
  struct world *world = world_new(arena, job->rules, plan, &random);
  world_decide(world, &random);
  const struct eh_comparison_result *c = audit_world(arena, job->rules, world);
  const struct eh_flag *flag = &c->measure->flag;
  struct verdict *verdicts = eh_arena_alloc(arena, c->result_count, sizeof *verdicts);
  score->comparisons = 1;
  for (size_t i = 0; i < c->result_count; i++) {
    verdicts[i] = judge(world, &c->results[i], flag->false_discovery_rate);
    score_unit(&verdicts[i], flag, score);
  }
  close_findings(&score->found);
  close_findings(&score->flagged);
  close_intervals(&score->sure);
  close_intervals(&score->few);
  score_groups(verdicts, c->result_count, plan->offices ? plan->offices : 1, score);
  if (job->options->oracle) score_oracle(arena, world, verdicts, c->result_count, flag, score);
  if (!c->event.spread.tau.tau.why_not) {
    score->taus = 1;
    score->tau = c->event.spread.tau.tau.value;
    score->tau_squares = c->event.spread.tau.tau.value * c->event.spread.tau.tau.value;
  }
  eh_arena_free(arena);
}

/* A score is made of doubles only, and a sum of scores is the sums of them. */
_Static_assert(sizeof(struct score) % sizeof(double) == 0, "struct score holds doubles only");

void score_add(struct score *sum, const struct score *score) {
  double *to = (double *)sum;
  const double *from = (const double *)score;
  for (size_t i = 0; i < sizeof *sum / sizeof *to; i++) to[i] += from[i];
}

static struct score run_job(struct job *job) {
  size_t count = job->options->comparisons;
  job->scores = eh_alloc_zeroed(count, sizeof *job->scores);
  eh_parallel(count, job->options->threads, score_comparison, job);
  struct score sum = {0};
  for (size_t i = 0; i < count; i++) score_add(&sum, &job->scores[i]);
  free(job->scores);
  return sum;
}

struct score score_plan(const struct eh_rules *rules, const struct world_plan *plan,
                        const struct score_options *options) {
  struct job job = {.rules = rules, .plan = plan, .options = options};
  return run_job(&job);
}

struct score score_shapes(const struct eh_rules *rules, const struct world_shapes *shapes,
                          const struct score_options *options) {
  struct world_plan *plans = eh_alloc(options->comparisons, sizeof *plans);
  struct eh_random random = eh_random_seeded(options->seed, options->comparisons);
  for (size_t i = 0; i < options->comparisons; i++) plans[i] = world_plan_between(shapes, &random);
  struct job job = {.rules = rules, .plans = plans, .options = options};
  struct score sum = run_job(&job);
  free(plans);
  return sum;
}

/* The mean of what occurs in count comparisons, from its sum and the sum of its squares. */
static struct score_mean mean_of(double sum, double squares, double count) {
  if (count < 1.0) return (struct score_mean){0.0, 0.0};
  double mean = sum / count, variance = fmax(squares / count - mean * mean, 0.0);
  return (struct score_mean){mean, sqrt(variance / count)};
}

struct score_mean score_any(const struct score *score, const struct score_findings *findings) {
  return mean_of(findings->comparisons, findings->comparisons, score->comparisons);
}

struct score_mean score_false_proportion(const struct score *score,
                                         const struct score_findings *findings) {
  return mean_of(findings->proportions, findings->proportion_squares, score->comparisons);
}

/* A ratio of sums over comparisons, with its linearised standard error. */
struct score_mean score_coverage(const struct score_intervals *intervals) {
  if (intervals->count < 1.0) return (struct score_mean){0.0, 0.0};
  double missed = intervals->missed / intervals->count;
  double squares = intervals->missed_squares - 2.0 * missed * intervals->products +
                   missed * missed * intervals->count_squares;
  return (struct score_mean){1.0 - missed, sqrt(fmax(squares, 0.0)) / intervals->count};
}

struct score_mean score_tau(const struct score *score) {
  return mean_of(score->tau, score->tau_squares, score->taus);
}

/* The testable unit with as many above as below it in caseload. */
static const struct eh_result *median_unit(const struct eh_comparison_result *c) {
  for (size_t i = 0; i < c->result_count; i++) {
    const struct eh_result *r = &c->results[i];
    size_t below = 0;
    for (size_t k = 0; k < c->result_count && r->testable; k++)
      below += c->results[k].testable && (c->results[k].comparable < r->comparable ||
                                          (c->results[k].comparable == r->comparable && k < i));
    if (r->testable && below == (c->testable - 1) / 2) return r;
  }
  return NULL;
}

static void score_power(void *context, size_t index, size_t worker) {
  (void)worker;
  const struct job *job = context;
  struct score_power *power = &job->powers[index];
  struct eh_arena *arena = eh_arena_new();
  struct eh_random random = eh_random_seeded(job->options->seed, index);
  struct world *world = world_new(arena, job->rules, plan_of(job, index), &random);
  world_decide(world, &random);
  const struct eh_comparison_result *first = audit_world(arena, job->rules, world);
  const struct eh_result *unit = median_unit(first);
  if (unit && !unit->event.power_80.smallest.why_not) {
    const struct eh_power_reach *reach = &unit->event.power_80;
    double x = reach->smallest.value;
    bool higher = !reach->higher.why_not && reach->higher.value == x;
    if (world_plant(world, unit->unit_index, higher ? x : -x)) {
      world_decide(world, &random);
      const struct eh_result *again =
          &audit_world(arena, job->rules, world)->results[unit->unit_index];
      *power = (struct score_power){1, x, again->flagged && again->higher == higher};
    }
  }
  eh_arena_free(arena);
}

struct score_power score_power_80(const struct eh_rules *rules, const struct world_plan *plan,
                                  const struct score_options *options) {
  struct job job = {.rules = rules, .plan = plan, .options = options};
  job.powers = eh_alloc_zeroed(options->comparisons, sizeof *job.powers);
  eh_parallel(options->comparisons, options->threads, score_power, &job);
  struct score_power sum = {0};
  for (size_t i = 0; i < options->comparisons; i++) {
    sum.reports += job.powers[i].reports;
    sum.sizes += job.powers[i].sizes;
    sum.flagged += job.powers[i].flagged;
  }
  free(job.powers);
  return sum;
}
