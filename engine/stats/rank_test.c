#include "engine/stats/rank_test.h"

#include <math.h>

#include "engine/stats/chi_square.h"
#include "engine/stats/rank_internal.h"

static const double COUNTED_FROM = 0.1; /* a p at most this is counted, where it can be */
static const double FEW = 5.0;

const char *eh_rank_method_name(enum eh_rank_method method) {
  static const char *const names[] = {
      [EH_RANK_END] = "end", [EH_RANK_EXACT] = "exact", [EH_RANK_SADDLEPOINT] = "saddlepoint"};
  return names[method];
}

static void add_stratum(struct eh_arena *scratch, const struct eh_rank_stratum *s,
                        struct eh_ranks *ranks) {
  struct eh_scored *classes = eh_arena_alloc(scratch, s->count, sizeof *classes);
  struct eh_scored_stratum *to = &ranks->strata[ranks->count];
  *to = (struct eh_scored_stratum){.classes = classes, .count = s->count};
  for (size_t j = 0; j < s->count; j++) {
    to->n += s->classes[j].records;
    to->n1 += s->classes[j].own;
  }
  if (s->count < 2 || to->n1 <= 0.0 || to->n1 >= to->n) return;
  double below = 0.0, squares = 0.0;
  for (size_t j = 0; j < s->count; j++) {
    double records = s->classes[j].records, doubled = 2.0 * below + records - to->n;
    double score = doubled / (2.0 * (to->n + 1.0));
    classes[j] = (struct eh_scored){records, s->classes[j].own, doubled, score};
    ranks->statistic += s->classes[j].own * score;
    squares += records * score * score;
    below += records;
  }
  ranks->variance += squares * (to->n1 / to->n) * ((to->n - to->n1) / (to->n - 1.0));
  ranks->count++;
}

static double log_choose(double n, double k) {
  int sign;
  return lgamma_r(n + 1.0, &sign) - lgamma_r(k + 1.0, &sign) - lgamma_r(n - k + 1.0, &sign);
}

/* The largest T that there can be, or the smallest: the unit has the top values of every stratum,
   or the bottom ones. Returns it, and the log of its chance. */
static double end_of(const struct eh_ranks *ranks, bool top, double *log_chance) {
  double end = 0.0;
  *log_chance = 0.0;
  for (size_t h = 0; h < ranks->count; h++) {
    const struct eh_scored_stratum *s = &ranks->strata[h];
    double wanted = s->n1;
    for (size_t i = 0; i < s->count && wanted > 0.0; i++) {
      const struct eh_scored *class = &s->classes[top ? s->count - 1 - i : i];
      double taken = fmin(wanted, class->records);
      end += taken * class->score;
      *log_chance += log_choose(class->records, taken);
      wanted -= taken;
    }
    *log_chance -= log_choose(s->n, s->n1);
  }
  return end;
}

static bool is_at_end(const struct eh_ranks *ranks, double *log_p) {
  double slack = 1e-9 * sqrt(ranks->variance);
  return ranks->statistic >= end_of(ranks, true, log_p) - slack ||
         ranks->statistic <= end_of(ranks, false, log_p) + slack;
}

/* Of the unit's records, those expected to have another value than most of their stratum. */
static double expected_outside(const struct eh_ranks *ranks) {
  double sum = 0.0;
  for (size_t h = 0; h < ranks->count; h++) {
    const struct eh_scored_stratum *s = &ranks->strata[h];
    double most = 0.0;
    for (size_t j = 0; j < s->count; j++) most = fmax(most, s->classes[j].records);
    sum += s->n1 * ((s->n - most) / s->n);
  }
  return sum;
}

static void set_p(struct eh_rank_test *test, double log_p) {
  test->log10_p = fmin(0.0, log_p / M_LN10);
  test->p = pow(10.0, test->log10_p);
}

static void choose(struct eh_arena *scratch, struct eh_ranks *ranks, struct eh_rank_test *test) {
  double log_p;
  if (is_at_end(ranks, &log_p)) {
    test->method = EH_RANK_END;
    set_p(test, log_p);
    return;
  }
  struct eh_rank_tilt tilt = {.r = ranks->statistic / sqrt(ranks->variance)};
  bool tilted = eh_rank_saddlepoint(ranks, &tilt);
  test->method = EH_RANK_SADDLEPOINT;
  test->saddlepoint_log10_p = eh_normal_test(tilt.r).log10_p;
  set_p(test, test->saddlepoint_log10_p * M_LN10);
  double log_tail;
  if (tilted && test->p <= COUNTED_FROM && eh_rank_exact(scratch, ranks, &tilt, &log_tail)) {
    test->method = EH_RANK_EXACT;
    set_p(test, M_LN2 + (log_tail > -M_LN2 ? log1p(-exp(log_tail)) : log_tail));
  }
  test->approximate = test->method == EH_RANK_SADDLEPOINT && expected_outside(ranks) < FEW;
}

struct eh_rank_test eh_rank_test(const struct eh_rank_stratum *strata, size_t count) {
  struct eh_rank_test test = {.p = 1.0};
  struct eh_arena *scratch = eh_arena_new();
  struct eh_ranks ranks = {.strata = eh_arena_alloc(scratch, count, sizeof *ranks.strata)};
  for (size_t h = 0; h < count; h++) add_stratum(scratch, &strata[h], &ranks);
  test.statistic = ranks.statistic;
  test.variance = ranks.variance;
  if (count == 0)
    test.why_not = "no stratum has peers";
  else if (ranks.count == 0)
    test.why_not = "within each stratum all values are equal";
  else
    choose(scratch, &ranks, &test);
  eh_arena_free(scratch);
  return test;
}
