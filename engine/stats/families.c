#include "engine/stats/families.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "engine/base/memory.h"
#include "engine/stats/multiplicity.h"

/* --- from q within each part to q over all --- */

/* Tests, and the part of the whole that each belongs to: part k has the members index[start[k]] to
   index[start[k + 1] - 1]. Parts without members do not count. */
struct parts {
  size_t count, members;
  const size_t *part; /* by member */
  size_t *start, *index;
};

static struct parts parts_new(struct eh_arena *scratch, const size_t *part, size_t members,
                              size_t count) {
  struct parts p = {count, members, part, eh_arena_alloc(scratch, count + 1, sizeof(size_t)),
                    eh_arena_alloc(scratch, members, sizeof(size_t))};
  for (size_t i = 0; i < members; i++) {
    assert(part[i] < count);
    p.start[part[i] + 1]++;
  }
  for (size_t k = 0; k < count; k++) p.start[k + 1] += p.start[k];
  size_t *next = eh_arena_alloc(scratch, count, sizeof *next);
  for (size_t k = 0; k < count; k++) next[k] = p.start[k];
  for (size_t i = 0; i < members; i++) p.index[next[part[i]]++] = i;
  return p;
}

static int by_value(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

/* The smallest rate r with r R(r)/G >= the test's q within its part, where R(r) counts the parts
   with q <= r: on the stretch where R = k, r runs from sorted[k - 1] to below sorted[k]. */
static double smallest_rate(const double *sorted, size_t parts, double within) {
  size_t low = 1, high = parts; /* the first k whose stretch reaches within G/k */
  double needed = within + log10((double)parts);
  while (low < high) {
    size_t k = low + (high - low) / 2;
    if (needed - log10((double)k) < sorted[k])
      high = k;
    else
      low = k + 1;
  }
  return fmax(sorted[low - 1], needed - log10((double)low));
}

/* Each part's smallest log10 q of its members, those of parts with members side by side: place[k]
   is where part k's stands. Returns how many there are. */
static size_t smallest_of_parts(const struct parts *parts, const double *within, double *smallest,
                                size_t *place) {
  size_t filled = 0;
  for (size_t k = 0; k < parts->count; k++) {
    if (parts->start[k] == parts->start[k + 1]) continue;
    place[k] = filled;
    smallest[filled] = 0.0;
    for (size_t j = parts->start[k]; j < parts->start[k + 1]; j++)
      smallest[filled] = fmin(smallest[filled], within[parts->index[j]]);
    filled++;
  }
  return filled;
}

/* within, log10 q of each member within its part, becomes that over all. */
static void join_parts(struct eh_arena *scratch, const struct parts *parts, double *within) {
  struct eh_arena_mark mark = eh_arena_mark(scratch);
  double *smallest = eh_arena_alloc(scratch, 4 * parts->count, sizeof *smallest);
  double *q = smallest + parts->count, *log10_q = q + parts->count,
         *sorted = log10_q + parts->count;
  size_t *place = eh_arena_alloc(scratch, parts->count, sizeof *place);
  size_t filled = smallest_of_parts(parts, within, smallest, place);
  eh_benjamini_hochberg(smallest, filled, q, log10_q);
  for (size_t k = 0; k < filled; k++) sorted[k] = log10_q[k];
  qsort(sorted, filled, sizeof *sorted, by_value);
  for (size_t i = 0; i < parts->members; i++) {
    double own = log10_q[place[parts->part[i]]];
    within[i] = fmin(0.0, fmax(own, smallest_rate(sorted, filled, within[i])));
  }
  eh_arena_reset(scratch, mark);
}

/* --- the level that decided --- */

static const double rounding = 4.3429448e-10; /* log10(1 + 1e-9) */

struct ranked {
  double log10_p;
  size_t index;
};

static int by_p(const void *left, const void *right) {
  const struct ranked *a = left, *b = right;
  if (a->log10_p != b->log10_p) return a->log10_p < b->log10_p ? -1 : 1;
  return (a->index > b->index) - (a->index < b->index);
}

/* How many of count tests Benjamini and Hochberg's procedure rejects, by test, were that test's own
   p 0; step: of the threshold, r/count. A rejected test's own p changes nothing. Of one that is
   not, the tests before it in order each take one place more. */
static void rejections(struct eh_arena *scratch, const double *log10_p, size_t count, double step,
                       size_t *rejected) {
  struct eh_arena_mark mark = eh_arena_mark(scratch);
  struct ranked *sorted = eh_arena_alloc(scratch, count, sizeof *sorted);
  for (size_t i = 0; i < count; i++) sorted[i] = (struct ranked){log10_p[i], i};
  qsort(sorted, count, sizeof *sorted, by_p);
  size_t last = 0, reached = 1;
  for (size_t i = 1; i <= count; i++)
    if (sorted[i - 1].log10_p <= log10(step * (double)i) + rounding) last = i;
  for (size_t i = 1; i <= count; i++) {
    if (i > 1 && sorted[i - 2].log10_p <= log10(step * (double)i) + rounding) reached = i;
    rejected[sorted[i - 1].index] = i <= last ? last : reached;
  }
  eh_arena_reset(scratch, mark);
}

static double penalty_of(const struct eh_family *family, size_t count) {
  double harmonic = 0.0;
  for (size_t i = count; family->any_dependence && i > 0; i--) harmonic += 1.0 / (double)i;
  return family->any_dependence ? harmonic : 1.0;
}

/* By test of one part that is nested no further. */
static void levels_within(struct eh_arena *scratch, const struct eh_family *family,
                          const double *log10_p, size_t count, double rate, double *levels) {
  struct eh_arena_mark mark = eh_arena_mark(scratch);
  size_t *rejected = eh_arena_alloc(scratch, count, sizeof *rejected);
  double step = rate / ((double)count * penalty_of(family, count));
  rejections(scratch, log10_p, count, step, rejected);
  for (size_t i = 0; i < count; i++) levels[i] = step * (double)rejected[i];
  eh_arena_reset(scratch, mark);
}

/* The values of part k's members; returns how many. */
static size_t members_of(const struct parts *parts, size_t k, const double *values, double *own) {
  size_t first = parts->start[k], count = parts->start[k + 1] - first;
  for (size_t i = 0; i < count; i++) own[i] = values[parts->index[first + i]];
  return count;
}

/* rates[k]: the rate that part k's members are held to, were one of its own p 0. within: log10 q of
   the members within their parts. */
static void rates_of_parts(struct eh_arena *scratch, const struct parts *parts,
                           const double *within, double rate, double *rates) {
  struct eh_arena_mark mark = eh_arena_mark(scratch);
  double *smallest = eh_arena_alloc(scratch, parts->count, sizeof *smallest);
  size_t *place = eh_arena_alloc(scratch, 2 * parts->count, sizeof *place);
  size_t *rejected = place + parts->count;
  size_t filled = smallest_of_parts(parts, within, smallest, place);
  rejections(scratch, smallest, filled, rate / (double)filled, rejected);
  for (size_t k = 0; k < parts->count; k++)
    if (parts->start[k] < parts->start[k + 1])
      rates[k] = rate * (double)rejected[place[k]] / (double)filled;
  eh_arena_reset(scratch, mark);
}

/* --- a family, and a report --- */

static void plain_q(const struct eh_family *family, const double *log10_p, size_t count, double *q,
                    double *log10_q) {
  if (family->any_dependence)
    eh_benjamini_yekutieli(log10_p, count, q, log10_q);
  else
    eh_benjamini_hochberg(log10_p, count, q, log10_q);
}

/* log10 q of each test within its group; a family that is not nested is one group. */
static void q_in_groups(struct eh_arena *scratch, const struct eh_family *family,
                        const struct parts *groups, const double *log10_p, double *within) {
  struct eh_arena_mark mark = eh_arena_mark(scratch);
  double *own = eh_arena_alloc(scratch, 3 * groups->members, sizeof *own);
  double *q = own + groups->members, *log10_q = q + groups->members;
  for (size_t k = 0; k < groups->count; k++) {
    size_t count = members_of(groups, k, log10_p, own);
    plain_q(family, own, count, q, log10_q);
    for (size_t i = 0; i < count; i++) within[groups->index[groups->start[k] + i]] = log10_q[i];
  }
  eh_arena_reset(scratch, mark);
}

static void levels_in_groups(struct eh_arena *scratch, const struct eh_family *family,
                             const struct parts *groups, const double *log10_p,
                             const double *within, double rate, double *levels) {
  struct eh_arena_mark mark = eh_arena_mark(scratch);
  double *own = eh_arena_alloc(scratch, 2 * groups->members, sizeof *own);
  double *found = own + groups->members;
  double *rates = eh_arena_alloc(scratch, groups->count, sizeof *rates);
  rates_of_parts(scratch, groups, within, rate, rates);
  for (size_t k = 0; k < groups->count; k++) {
    size_t count = members_of(groups, k, log10_p, own);
    if (count == 0) continue;
    levels_within(scratch, family, own, count, rates[k], found);
    for (size_t i = 0; i < count; i++) levels[groups->index[groups->start[k] + i]] = found[i];
  }
  eh_arena_reset(scratch, mark);
}

static struct parts groups_of(struct eh_arena *scratch, const struct eh_family *family) {
  if (family->group) return parts_new(scratch, family->group, family->count, family->groups);
  size_t *one = eh_arena_alloc(scratch, family->count, sizeof *one);
  return parts_new(scratch, one, family->count, 1);
}

void eh_discover(const double *log10_p, const struct eh_family *families, size_t count, double rate,
                 struct eh_discovery *discoveries) {
  struct eh_arena *scratch = eh_arena_new();
  size_t tests = 0;
  for (size_t f = 0; f < count; f++) tests += families[f].count;
  double *in_group = eh_arena_alloc(scratch, 3 * tests, sizeof *in_group);
  double *q = in_group + tests, *levels = q + tests;
  double *rates = eh_arena_alloc(scratch, count, sizeof *rates);
  size_t *family_of = eh_arena_alloc(scratch, tests, sizeof *family_of);
  struct parts *groups = eh_arena_alloc(scratch, count, sizeof *groups);
  for (size_t f = 0, first = 0; f < count; first += families[f++].count) {
    groups[f] = groups_of(scratch, &families[f]);
    q_in_groups(scratch, &families[f], &groups[f], log10_p + first, in_group + first);
    for (size_t i = first; i < first + families[f].count; i++) {
      q[i] = in_group[i];
      family_of[i] = f;
    }
    if (families[f].group) join_parts(scratch, &groups[f], q + first);
  }
  struct parts report = parts_new(scratch, family_of, tests, count);
  if (tests) rates_of_parts(scratch, &report, q, rate, rates);
  for (size_t f = 0, first = 0; f < count; first += families[f++].count)
    if (families[f].count)
      levels_in_groups(scratch, &families[f], &groups[f], log10_p + first, in_group + first,
                       rates[f], levels + first);
  if (tests) join_parts(scratch, &report, q);
  for (size_t i = 0; i < tests; i++)
    discoveries[i] = (struct eh_discovery){pow(10.0, q[i]), q[i], levels[i]};
  eh_arena_free(scratch);
}
