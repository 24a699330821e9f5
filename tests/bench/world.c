#include "tests/bench/world.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double KIND_SPREAD = 0.8;   /* logits, between kinds of case */
static const double OFFICE_SPREAD = 0.4; /* and between offices: no difference within one */
static const double MIX_SPREAD = 0.7;    /* of the log weights of a unit's kinds of case */

static double logit(double p) { return log(p) - log1p(-p); }
static double expit(double x) { return 1.0 / (1.0 + exp(-x)); }

double world_effect(double base_rate, double change) {
  return logit(base_rate + change) - logit(base_rate);
}

const struct eh_rules *world_rules(struct eh_arena *arena, const char *flag, bool offices) {
  const char *text = eh_arena_printf(
      arena,
      "evenhand: 1\ntitle: simulated decisions\ncolumns: {case: id}\nsimilarly_situated: [kind]\n"
      "measures:\n  released:\n    event: outcome = 'released'\n"
      "comparisons:\n  - {across: officer%s}\nflag: %s\n",
      offices ? ", within: office" : "", flag);
  const struct eh_rules *rules = NULL;
  struct eh_problems problems = {0};
  enum eh_status status = eh_rules_read(arena, "rules", text, strlen(text), &rules, &problems);
  for (size_t i = 0; i < problems.count; i++)
    fprintf(stderr, "rules:%llu:%llu: %s\n", (unsigned long long)problems.items[i].line,
            (unsigned long long)problems.items[i].column, problems.items[i].message);
  eh_problems_free(&problems);
  return status == EH_OK ? rules : NULL;
}

static double between(struct eh_random *random, double low, double high) {
  return low * pow(high / low, eh_random_uniform(random));
}

struct world_plan world_plan_between(const struct world_shapes *shapes, struct eh_random *random) {
  const struct world_plan *from = &shapes->from, *to = &shapes->to;
  struct world_plan plan = *from;
  plan.units = (size_t)round(between(random, (double)from->units, (double)to->units));
  plan.strata = (size_t)round(between(random, (double)from->strata, (double)to->strata));
  plan.caseload = between(random, from->caseload, to->caseload);
  plan.base_rate = between(random, from->base_rate, to->base_rate);
  return plan;
}

/* What a world is drawn from. Strata are numbered office by office. */
struct draft {
  struct eh_arena *arena;
  const struct world_plan *plan;
  struct eh_random *random;
  size_t offices, strata;
  double *logits, *weights; /* by stratum */
  double *upto;             /* scratch: one office's strata */
  uint64_t *records;        /* scratch: by stratum, of one unit */
};

static void draw_strata(struct draft *d) {
  size_t kinds = d->plan->strata;
  d->logits = eh_arena_alloc(d->arena, d->strata, sizeof *d->logits);
  d->weights = eh_arena_alloc(d->arena, d->strata, sizeof *d->weights);
  d->upto = eh_arena_alloc(d->arena, kinds, sizeof *d->upto);
  d->records = eh_arena_alloc(d->arena, d->strata, sizeof *d->records);
  for (size_t k = 0; k < kinds; k++) {
    double kind = logit(d->plan->base_rate) + KIND_SPREAD * eh_random_normal(d->random);
    double weight = -log1p(-eh_random_uniform(d->random)); /* some kinds are common, some rare */
    for (size_t o = 0; o < d->offices; o++) {
      d->logits[o * kinds + k] = kind;
      d->weights[o * kinds + k] = weight;
    }
  }
  for (size_t o = 0; o < d->offices && d->offices > 1; o++) {
    double shift = OFFICE_SPREAD * eh_random_normal(d->random);
    for (size_t k = 0; k < kinds; k++) d->logits[o * kinds + k] += shift;
  }
}

/* A unit's records by stratum: its own mix of its office's kinds. */
static uint64_t draw_caseload(struct draft *d, size_t unit) {
  const struct world_plan *plan = d->plan;
  size_t first = unit % d->offices * plan->strata;
  double total = 0.0;
  for (size_t k = 0; k < plan->strata; k++) {
    total += d->weights[first + k] * exp(MIX_SPREAD * eh_random_normal(d->random));
    d->upto[k] = total;
  }
  memset(d->records, 0, d->strata * sizeof *d->records);
  double drawn = round(plan->caseload * exp(plan->skew * eh_random_normal(d->random)));
  uint64_t caseload = drawn < 1.0 ? 1 : (uint64_t)drawn;
  for (uint64_t i = 0; i < caseload; i++) {
    double at = total * eh_random_uniform(d->random);
    size_t low = 0, high = plan->strata - 1;
    while (low < high) {
      size_t middle = (low + high) / 2;
      if (d->upto[middle] <= at)
        low = middle + 1;
      else
        high = middle;
    }
    d->records[first + low]++;
  }
  return caseload;
}

static void add_cell(struct draft *d, struct world *world, size_t unit, size_t stratum,
                     double shift) {
  struct eh_cells *cells = &world->cells;
  double own = shift;
  if (d->plan->uneven > 0.0) own += d->plan->uneven * eh_random_normal(d->random);
  world->rate[cells->cell_count] = expit(d->logits[stratum] + own);
  cells->cells[cells->cell_count++] = (struct eh_cell){.unit = (uint32_t)unit,
                                                       .stratum = (uint32_t)stratum,
                                                       .records = (uint32_t)d->records[stratum]};
}

static void draw_unit(struct draft *d, struct world *world, size_t unit) {
  const struct world_plan *plan = d->plan;
  bool open = plan->affected == 0 || unit % d->offices < plan->affected;
  double shift = plan->spread * eh_random_normal(d->random);
  double lot = eh_random_uniform(d->random), way = eh_random_uniform(d->random);
  world->planted[unit] = open && lot < plan->planted;
  if (world->planted[unit]) shift += plan->both_ways && way < 0.5 ? -plan->effect : plan->effect;
  struct eh_cells *cells = &world->cells;
  size_t first = cells->cell_count;
  cells->records += draw_caseload(d, unit);
  for (size_t s = 0; s < d->strata; s++)
    if (d->records[s]) add_cell(d, world, unit, s, shift);
  cells->units[unit] = (struct eh_unit){.label = eh_arena_printf(d->arena, "u%06zu", unit),
                                        .recorded = true,
                                        .first_cell = first,
                                        .cell_count = cells->cell_count - first};
}

/* Strata without records do not exist in an audit: number the others anew. */
static void drop_empty_strata(struct draft *d, struct eh_cells *cells, uint32_t *place) {
  bool *used = eh_arena_alloc(d->arena, d->strata, sizeof *used);
  uint32_t *renumbered = eh_arena_alloc(d->arena, d->strata, sizeof *renumbered);
  for (size_t i = 0; i < cells->cell_count; i++) used[cells->cells[i].stratum] = true;
  for (size_t s = 0; s < d->strata; s++) {
    if (!used[s]) continue;
    renumbered[s] = (uint32_t)cells->stratum_count;
    place[cells->stratum_count++] = (uint32_t)s;
  }
  for (size_t i = 0; i < cells->cell_count; i++)
    cells->cells[i].stratum = renumbered[cells->cells[i].stratum];
}

static void name_strata(struct draft *d, const struct eh_rules *rules, struct eh_cells *cells,
                        const uint32_t *place) {
  const struct eh_comparison *comparison = &rules->comparisons[0];
  int columns[4];
  cells->column_count = eh_rules_strata(rules, comparison, &rules->measures[0], columns);
  cells->columns = eh_arena_alloc(d->arena, cells->column_count, sizeof *cells->columns);
  uint32_t *codes =
      eh_arena_alloc(d->arena, cells->stratum_count * cells->column_count, sizeof *codes);
  for (size_t k = 0; k < cells->column_count; k++) {
    bool office = comparison->within_count && columns[k] == comparison->within[0];
    size_t count = office ? d->offices : d->plan->strata;
    const char **labels = eh_arena_alloc(d->arena, count, sizeof *labels);
    for (size_t i = 0; i < count; i++)
      labels[i] = eh_arena_printf(d->arena, "%s %06zu", office ? "office" : "kind", i);
    cells->columns[k] = (struct eh_stratum_column){
        .column = columns[k], .labels = labels, .label_count = count, .is_factor = !office};
    for (size_t s = 0; s < cells->stratum_count; s++)
      codes[s * cells->column_count + k] =
          (uint32_t)(office ? place[s] / d->plan->strata : place[s] % d->plan->strata);
  }
  cells->codes = codes;
}

static void sum_strata(struct world *world) {
  const struct eh_cells *cells = &world->cells;
  memset(world->strata, 0, cells->stratum_count * sizeof *world->strata);
  for (size_t i = 0; i < cells->cell_count; i++) {
    struct world_stratum *stratum = &world->strata[cells->cells[i].stratum];
    stratum->records += cells->cells[i].records;
    stratum->expected += (double)cells->cells[i].records * world->rate[i];
  }
}

struct world *world_new(struct eh_arena *arena, const struct eh_rules *rules,
                        const struct world_plan *plan, struct eh_random *random) {
  struct draft d = {.arena = arena, .plan = plan, .random = random};
  d.offices = plan->offices ? plan->offices : 1;
  d.strata = d.offices * plan->strata;
  struct world *world = eh_arena_alloc(arena, 1, sizeof *world);
  world->cells.units = eh_arena_alloc(arena, plan->units, sizeof *world->cells.units);
  world->cells.unit_count = plan->units;
  size_t most = plan->units * plan->strata;
  world->cells.cells = eh_arena_alloc(arena, most, sizeof *world->cells.cells);
  world->rate = eh_arena_alloc(arena, most, sizeof *world->rate);
  world->planted = eh_arena_alloc(arena, plan->units, sizeof *world->planted);
  draw_strata(&d);
  for (size_t u = 0; u < plan->units; u++) draw_unit(&d, world, u);
  uint32_t *place = eh_arena_alloc(arena, d.strata, sizeof *place);
  drop_empty_strata(&d, &world->cells, place);
  name_strata(&d, rules, &world->cells, place);
  world->strata = eh_arena_alloc(arena, world->cells.stratum_count, sizeof *world->strata);
  sum_strata(world);
  return world;
}

void world_decide(struct world *world, struct eh_random *random) {
  struct eh_cells *cells = &world->cells;
  cells->events = 0;
  for (size_t i = 0; i < cells->cell_count; i++) {
    struct eh_cell *cell = &cells->cells[i];
    cell->events = 0;
    for (uint64_t k = 0; k < cell->records; k++)
      cell->events += eh_random_uniform(random) < world->rate[i];
    cells->events += cell->events;
  }
}

/* The true rate of a cell's peers; false: it has none. */
static bool peers_rate(const struct world *world, size_t i, double *rate) {
  const struct eh_cell *cell = &world->cells.cells[i];
  const struct world_stratum *stratum = &world->strata[cell->stratum];
  if (stratum->records == cell->records) return false;
  double own = (double)cell->records * world->rate[i];
  *rate = (stratum->expected - own) / (double)(stratum->records - cell->records);
  *rate = fmin(fmax(*rate, 0.0), 1.0); /* rounding */
  return true;
}

struct world_truth world_truth_of(const struct world *world, size_t unit) {
  const struct eh_unit *u = &world->cells.units[unit];
  struct world_truth truth = {0};
  for (size_t i = u->first_cell; i < u->first_cell + u->cell_count; i++) {
    double rate, records = (double)world->cells.cells[i].records;
    if (!peers_rate(world, i, &rate)) continue;
    truth.comparable += world->cells.cells[i].records;
    truth.events += records * world->rate[i];
    truth.expected += records * rate;
  }
  if (truth.comparable)
    truth.difference = (truth.events - truth.expected) / (double)truth.comparable;
  return truth;
}

void world_oracle_tables(const struct world *world, size_t unit, struct eh_table *tables) {
  static const double many = 1e9;
  const struct eh_unit *u = &world->cells.units[unit];
  for (size_t i = 0; i < u->cell_count; i++) {
    const struct eh_cell *cell = &world->cells.cells[u->first_cell + i];
    double rate;
    tables[i] = (struct eh_table){.a = cell->events, .n1 = cell->records};
    if (!peers_rate(world, u->first_cell + i, &rate)) continue;
    tables[i].c = (uint64_t)round(rate * many);
    tables[i].n2 = (uint64_t)many;
  }
}

/* The unit's true difference, were its odds those of its peers times exp(log_odds_ratio). */
static double difference_at(const struct world *world, size_t unit, double log_odds_ratio) {
  const struct eh_unit *u = &world->cells.units[unit];
  double sum = 0.0, total = 0.0;
  for (size_t i = u->first_cell; i < u->first_cell + u->cell_count; i++) {
    double rate, records = (double)world->cells.cells[i].records;
    if (!peers_rate(world, i, &rate)) continue;
    sum += records * (expit(logit(rate) + log_odds_ratio) - rate);
    total += records;
  }
  return sum / total;
}

bool world_plant(struct world *world, size_t unit, double x) {
  const struct eh_unit *u = &world->cells.units[unit];
  double low = -30.0, high = 30.0;
  if (!(difference_at(world, unit, low) < x && x < difference_at(world, unit, high))) return false;
  for (int i = 0; i < 60; i++) {
    double middle = (low + high) / 2.0;
    if (difference_at(world, unit, middle) < x)
      low = middle;
    else
      high = middle;
  }
  for (size_t i = u->first_cell; i < u->first_cell + u->cell_count; i++) {
    double rate;
    if (peers_rate(world, i, &rate)) world->rate[i] = expit(logit(rate) + low);
  }
  world->planted[unit] = true;
  sum_strata(world); /* its peers' rates, read above, do not hold its own */
  return true;
}
