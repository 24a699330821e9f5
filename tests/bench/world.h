/* Simulated worlds for the calibration: units whose true rates are known.
 *
 * A plan says how many units, how many kinds of case, how often the event, and by how much units
 * truly differ. A world is one draw of caseloads and true rates, in the form the audit takes
 * (struct eh_cells); world_decide draws the decisions, again and again if need be.
 */
#ifndef EVENHAND_TESTS_BENCH_WORLD_H
#define EVENHAND_TESTS_BENCH_WORLD_H

#include "engine/base/memory.h"
#include "engine/base/random.h"
#include "engine/load/cells.h"
#include "engine/stats/tables.h"

struct world_plan {
  size_t units;
  size_t offices;   /* units fall to offices by turns, and are compared within theirs; 0: none */
  size_t strata;    /* kinds of case, in each office */
  double caseload;  /* records of the median unit; the others follow a log-normal law */
  double skew;      /* whose standard deviation this is; 0: all alike */
  double base_rate; /* of the middle kind of case; kinds spread about it by KIND_SPREAD logits */
  double spread;    /* standard deviation of the units' logits */
  double uneven;    /* standard deviation of each unit's logits from kind to kind */
  double planted;   /* share of the units that are moved, */
  double effect;    /* by so many logits; */
  bool both_ways;   /* up or down by lot, not all of them up */
  size_t affected;  /* only units of the first so many offices are; 0: any */
};

/* The planted effect that moves a rate by a fraction, in logits. */
double world_effect(double base_rate, double change);

/* Plans of any shape: units, strata, caseload and base rate by log-uniform laws between the two
   ends, the rest as from has it. */
struct world_shapes {
  struct world_plan from, to;
};
struct world_plan world_plan_between(const struct world_shapes *shapes, struct eh_random *random);

struct world_stratum {
  uint64_t records;
  double expected; /* events, by the true rates */
};
struct world {
  struct eh_cells cells;
  double *rate;                 /* by cell: the true one */
  bool *planted;                /* by unit */
  struct world_stratum *strata; /* sums over the cells */
};

/* Rules read from text, as a user would write them, for worlds with or without offices; flag is
   what stands behind `flag:`, such as "{smallest_caseload: 1}". NULL, with the reason on standard
   error, where it cannot be read. */
const struct eh_rules *world_rules(struct eh_arena *arena, const char *flag, bool offices);

/* Caseloads and true rates; no decisions yet. */
struct world *world_new(struct eh_arena *arena, const struct eh_rules *rules,
                        const struct world_plan *plan, struct eh_random *random);
/* Decide every record by lot at its true rate. */
void world_decide(struct world *world, struct eh_random *random);

/* What is true of a unit, its caseload and all others' given: its events, and those that its peers'
   true rates make on its comparable records. A stratum's peers' true rate is the mean of theirs,
   weighted by their records there: what a/n1 - c/n2 estimates without bias. */
struct world_truth {
  uint64_t comparable;
  double events, expected;
  double difference; /* (events - expected)/comparable; 0 without comparable records */
};
struct world_truth world_truth_of(const struct world *world, size_t unit);

/* The unit's tables, but with peers so many that their true rates are known: for the test that an
   oracle would make. tables takes cell_count of the unit. */
void world_oracle_tables(const struct world *world, size_t unit, struct eh_table *tables);

/* Give the unit rates that lie one common odds ratio from its peers' true ones, so that its true
   difference is x. False where no odds ratio does, and nothing has changed. */
bool world_plant(struct world *world, size_t unit, double x);

#endif
