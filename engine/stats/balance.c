#include "engine/stats/balance.h"

#include <math.h>
#include <string.h>

#include "engine/stats/balance_internal.h"

enum { MOST_INDICATORS = 2000 };
static const double RHO = 0.2;

/* --- who is comparable --- */

/* Sides of a stratum or level that have records left. */
enum { OWN = 1, PEERS = 2, BOTH = OWN | PEERS };

struct support {
  const struct eh_caseload *caseload;
  bool *kept;
  size_t strata;
  unsigned char *sides; /* by stratum or level */
};

static unsigned sides_of(const struct eh_table *t) {
  return (t->n1 ? (unsigned)OWN : 0) | (t->n2 ? (unsigned)PEERS : 0);
}

/* What a pattern has in one column: its stratum, or its level of a factor. */
static uint32_t value_of(const struct eh_caseload *c, size_t pattern, size_t column) {
  if (column == 0) return c->stratum[pattern];
  return c->levels[pattern * (c->factors + c->pairs) + column - 1];
}

/* Drop what only one side has in a column; true: something was. */
static bool narrow(struct support *s, size_t column) {
  const struct eh_caseload *c = s->caseload;
  size_t values = column == 0 ? s->strata : c->level_count[column - 1];
  bool any = false;
  memset(s->sides, 0, values);
  for (size_t p = 0; p < c->count; p++)
    if (s->kept[p]) s->sides[value_of(c, p, column)] |= (unsigned char)sides_of(&c->tables[p]);
  for (size_t p = 0; p < c->count; p++) {
    if (!s->kept[p] || s->sides[value_of(c, p, column)] == BOTH) continue;
    s->kept[p] = false;
    any = true;
  }
  return any;
}

static size_t count_strata(const struct eh_caseload *c) {
  uint32_t most = 0;
  for (size_t p = 0; p < c->count; p++)
    if (c->stratum[p] >= most) most = c->stratum[p] + 1;
  return most;
}

static bool *find_support(struct eh_arena *scratch, const struct eh_caseload *c) {
  struct support s = {.caseload = c, .strata = count_strata(c)};
  s.kept = eh_arena_alloc(scratch, c->count, sizeof *s.kept);
  for (size_t p = 0; p < c->count; p++) s.kept[p] = sides_of(&c->tables[p]) != 0;
  size_t most = s.strata;
  for (size_t f = 0; f < c->factors; f++)
    if (c->level_count[f] > most) most = c->level_count[f];
  s.sides = eh_arena_alloc(scratch, most, sizeof *s.sides);
  for (bool any = true; any;) {
    any = false;
    for (size_t column = 0; column <= c->factors; column++) any |= narrow(&s, column);
  }
  return s.kept;
}

/* --- indicators --- */

struct indicators {
  uint32_t *of;     /* by column's level: its indicator; EH_NO_LEVEL where it has none */
  size_t *first;    /* by column, and the end: where its levels begin in `of` */
  size_t *first_of; /* by column, and the end: its first indicator */
  size_t count;
};

/* A level of a factor that is left has one; of a pair, where peers have records of it. */
static struct indicators number_indicators(struct eh_arena *scratch, const struct eh_caseload *c,
                                           const bool *kept) {
  size_t width = c->factors + c->pairs, levels = 0;
  struct indicators ind = {.first = eh_arena_alloc(scratch, 2 * (width + 1), sizeof *ind.first)};
  ind.first_of = ind.first + width + 1;
  for (size_t k = 0; k < width; k++) {
    ind.first[k] = levels;
    levels += c->level_count[k];
  }
  ind.of = eh_arena_alloc(scratch, levels, sizeof *ind.of);
  for (size_t p = 0; p < c->count; p++)
    for (size_t k = 0; k < width && kept[p] && c->tables[p].n2; k++) {
      uint32_t level = c->levels[p * width + k];
      if (level != EH_NO_LEVEL) ind.of[ind.first[k] + level] = 1;
    }
  ind.first[width] = levels;
  for (size_t k = 0; k < width; k++) {
    ind.first_of[k] = ind.count;
    for (size_t i = ind.first[k]; i < ind.first[k + 1]; i++)
      ind.of[i] = ind.of[i] ? (uint32_t)ind.count++ : EH_NO_LEVEL;
  }
  ind.first_of[width] = ind.count;
  return ind;
}

static uint32_t indicator_of(const struct eh_caseload *c, const struct indicators *ind,
                             size_t pattern, size_t column) {
  uint32_t level = c->levels[pattern * (c->factors + c->pairs) + column];
  return level == EH_NO_LEVEL ? EH_NO_LEVEL : ind->of[ind->first[column] + level];
}

struct problem {
  struct eh_dual dual;
  struct indicators indicators;
  double *joint;   /* at the minimum: see eh_dual_joint */
  size_t *pattern; /* of the caseload, by pattern of the dual */
};

static void add_targets(const struct eh_caseload *c, const struct indicators *ind, size_t p,
                        double *target) {
  for (size_t k = 0; k < c->factors + c->pairs; k++) {
    uint32_t i = indicator_of(c, ind, p, k);
    if (i != EH_NO_LEVEL) target[i] += (double)c->tables[p].n1;
  }
}

static struct problem pose(struct eh_arena *scratch, const struct eh_caseload *c,
                           const bool *kept) {
  struct problem problem = {.pattern = eh_arena_alloc(scratch, c->count, sizeof *problem.pattern)};
  struct eh_dual *d = &problem.dual;
  struct indicators ind = problem.indicators = number_indicators(scratch, c, kept);
  *d =
      (struct eh_dual){.width = c->factors + c->pairs, .size = ind.count, .first_of = ind.first_of};
  double *records = eh_arena_alloc(scratch, c->count, sizeof *records);
  double *own = eh_arena_alloc(scratch, c->count, sizeof *own);
  double *target = eh_arena_alloc(scratch, d->size, sizeof *target);
  size_t *first = eh_arena_alloc(scratch, c->count + 1, sizeof *first);
  uint32_t *index = eh_arena_alloc(scratch, c->count * d->width, sizeof *index);
  double peers = 0.0;
  uint32_t stratum = 0;
  for (size_t p = 0; p < c->count; p++) {
    if (!kept[p]) continue;
    if (d->strata == 0 || c->stratum[p] != stratum) first[d->strata++] = d->count;
    stratum = c->stratum[p];
    own[d->strata - 1] += (double)c->tables[p].n1;
    d->all += (double)c->tables[p].n1;
    add_targets(c, &ind, p, target);
    if (!c->tables[p].n2) continue;
    for (size_t k = 0; k < d->width; k++)
      index[d->count * d->width + k] = indicator_of(c, &ind, p, k);
    problem.pattern[d->count] = p;
    records[d->count++] = (double)c->tables[p].n2;
    peers += (double)c->tables[p].n2;
  }
  first[d->strata] = d->count;
  d->records = records, d->own = own, d->target = target, d->first = first, d->index = index;
  d->ridge = peers > 0.0 ? RHO * d->all / peers : 0.0;
  d->mass = eh_arena_alloc(scratch, d->count, sizeof *d->mass);
  problem.joint = eh_arena_alloc(scratch, d->size * d->size, sizeof *problem.joint);
  eh_dual_halve(scratch, d);
  return problem;
}

/* --- how near it comes --- */

/* The unit's records with two indicators, by the higher, then the lower. */
static double *own_joint(struct eh_arena *scratch, const struct eh_caseload *c,
                         const struct problem *problem, const bool *kept) {
  size_t size = problem->dual.size;
  double *joint = eh_arena_alloc(scratch, size * size, sizeof *joint);
  for (size_t p = 0; p < c->count; p++) {
    if (!kept[p] || !c->tables[p].n1) continue;
    for (size_t k = 0; k < c->factors; k++)
      for (size_t j = 0; j <= k; j++)
        joint[indicator_of(c, &problem->indicators, p, k) * size +
              indicator_of(c, &problem->indicators, p, j)] += (double)c->tables[p].n1;
  }
  return joint;
}

static bool is_balanced(const struct eh_caseload *c, size_t factor, size_t other) {
  for (size_t i = 0; i < c->pairs; i++)
    if (c->pair[2 * i] == factor && c->pair[2 * i + 1] == other) return true;
  return false;
}

struct comparing {
  const struct problem *problem;
  const double *own;
  double all;
};

/* Two factors' joint levels, or the levels of one. */
static void compare(const struct comparing *x, size_t factor, size_t other,
                    struct eh_imbalance *worst) {
  const struct indicators *ind = &x->problem->indicators;
  for (size_t i = ind->first[factor]; i < ind->first[factor + 1]; i++)
    for (size_t j = ind->first[other]; j < ind->first[other + 1]; j++) {
      if (ind->of[i] == EH_NO_LEVEL || ind->of[j] == EH_NO_LEVEL) continue;
      if (factor == other && i != j) continue;
      size_t at = (size_t)ind->of[j] * x->problem->dual.size + ind->of[i];
      double size = fabs(x->problem->joint[at] - x->own[at]) / x->all;
      if (size > worst->size)
        *worst = (struct eh_imbalance){size,
                                       x->own[at] / x->all,
                                       x->problem->joint[at] / x->all,
                                       factor,
                                       other,
                                       (uint32_t)(i - ind->first[factor]),
                                       (uint32_t)(j - ind->first[other])};
    }
}

static void find_worst(struct eh_arena *scratch, const struct eh_caseload *c,
                       const struct problem *problem, struct eh_balance *b) {
  struct comparing x = {problem, own_joint(scratch, c, problem, b->kept), (double)b->comparable};
  for (size_t factor = 0; factor < c->factors; factor++) {
    compare(&x, factor, factor, &b->worst);
    for (size_t other = factor + 1; other < c->factors; other++)
      if (!is_balanced(c, factor, other)) compare(&x, factor, other, &b->pair);
  }
}

/* --- all of it --- */

static void sum_up(const struct eh_caseload *c, const struct problem *problem,
                   struct eh_balance *b) {
  const struct eh_dual *d = &problem->dual;
  double *weight = (double *)b->weight, sum = 0.0, squares = 0.0, largest = -1.0;
  for (size_t i = 0; i < d->count; i++) {
    size_t p = problem->pattern[i];
    weight[p] = d->mass[i] / d->records[i];
    b->expected += weight[p] * (double)c->tables[p].c;
    sum += d->mass[i];
    squares += d->mass[i] * weight[p];
    if (weight[p] > largest) {
      largest = weight[p];
      b->largest = p;
    }
  }
  b->effective = sum * sum / squares;
  b->largest_weight = largest / sum;
}

struct eh_balance eh_balance_fit(struct eh_arena *scratch, const struct eh_caseload *c) {
  const bool *kept = find_support(scratch, c);
  struct eh_balance b = {.kept = kept};
  b.weight = eh_arena_alloc(scratch, c->count, sizeof *b.weight);
  for (size_t p = 0; p < c->count; p++) {
    if (!kept[p]) continue;
    b.comparable += c->tables[p].n1;
    b.events += c->tables[p].a;
  }
  if (b.comparable == 0) b.why_not = "no comparable records";
  if (b.why_not) return b;
  struct problem problem = pose(scratch, c, kept);
  if (problem.dual.size > MOST_INDICATORS)
    b.why_not = "weights not looked for: more than 2,000 levels";
  else if (!eh_dual_solve(scratch, &problem.dual, &b.steps, problem.joint))
    b.why_not = "weights not found";
  if (b.why_not) return b;
  sum_up(c, &problem, &b);
  find_worst(scratch, c, &problem, &b);
  return b;
}

uint64_t eh_balance_comparable(struct eh_arena *scratch, const struct eh_caseload *c) {
  const bool *kept = find_support(scratch, c);
  uint64_t comparable = 0;
  for (size_t p = 0; p < c->count; p++)
    if (kept[p]) comparable += c->tables[p].n1;
  return comparable;
}
